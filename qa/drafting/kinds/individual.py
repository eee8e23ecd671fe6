"""个性化扶持政策（一企一策）建议稿: ten parts; what the company has by right stands apart from what is proposed."""

from __future__ import annotations

import re

from qa.calculation.figures import figures
from qa.compose import sentence_at
from qa.drafting.desk import Desk
from qa.drafting.entitled import entitled, entitled_grid, unmet_grid
from qa.drafting.grids import levels_grid, standards_grid
from qa.drafting.kinds import parts
from qa.drafting.model import NO_BASIS, UNDECIDED, Draft
from qa.drafting.wording import adopted


def individual(desk: Desk) -> Draft:
    """一企一策建议稿."""
    request = desk.request
    desk.heading("项目概况")
    parts.project_facts(desk)
    desk.heading("政策依据")
    desk.basis_table()
    desk.heading("适用的普惠条款")
    general(desk)
    desk.heading("拟支持事项")
    proposed(desk)
    desk.heading("承诺与考核")
    promises(desk)
    desk.heading("兑现程序")
    parts.procedure(desk)
    desk.rule(
        "分期兑现 实际投资 建设进度 挂钩", ["分期兑现|建设进度挂钩"], "", f"支持资金的兑现条件、期数和比例{UNDECIDED}。"
    )
    desk.heading("违约与退出")
    breach(desk)
    desk.heading("资金来源与财政承受")
    funds(desk)
    desk.heading("公平竞争审查与合法性审查意见")
    parts.fair_competition(desk, agreed=True)
    parts.opinions(desk)
    desk.heading("期限与解释")
    desk.say(f"本建议稿的支持期限为{UNDECIDED}，由{request.issuer or UNDECIDED}负责解释。")
    desk.say("法律、法规、规章和上级政策调整的，从其规定。")
    return desk.draft(
        f"{desk.place}支持{parts.project_name(request) or parts.company_name(request)}个性化扶持政策", "建议稿"
    )


def general(desk: Desk) -> None:
    """What the company has by right, apart from what is proposed."""
    found = entitled(desk)
    if found.listed:
        entitled_grid(desk, found)
        desk.say("以上各项分别测算，不相加；普惠条款由企业按规定申报，以主管部门审核为准。")
    else:
        why = "没有提供企业情况，无法比对普惠条款" if desk.request.company is None else "没有比对出适用的普惠条款"
        desk.say(f"{why}，{UNDECIDED}。")
    unmet_grid(desk, found)


def proposed(desk: Desk) -> None:
    """What is proposed for each point, with its table, and whether 一事一议 is open to the project."""
    for item in desk.items:
        desk.clause(item, 2, agreed=True)
    if not desk.items:
        desk.say(f"拟支持事项{UNDECIDED}{NO_BASIS}。", 2)
    parts.special_rule(desk)
    standards_grid(desk)
    levels_grid(desk, desk.groups)


def promises(desk: Desk) -> None:
    """What the company undertakes; figures only those that the drafter gave."""
    words = f"企业承诺{'，'.join(parts.undertakings(desk.request))}。"
    desk.say(words, origin="given" if figures(words) else "open")
    desk.say(f"考核时点、考核指标和核验部门：{UNDECIDED}。")


def breach(desk: Desk) -> None:
    """Only what was promised and not invested; nobody is kept from leaving."""
    desk.rule("投资主体 未按照投资协议履约 停止兑现 追回", ["(?:未按|违反|未履).*(?:停止兑现|追回)"], "",
              "未按约定完成投资承诺的，停止兑现尚未兑现的支持资金，并按照未完成的投资比例追回相应资金。")  # fmt: skip
    desk.say("退出约束限于未完成的投资承诺，不以限制企业依法迁出作为条件。")


def funds(desk: Desk) -> None:
    """Who pays, where a clause on which the items rest says so."""
    found = next(
        (p for item in desk.items for p in (item.basis, *item.others) if p and p.record.measure.funding_split), None
    )
    if found and found.record.measure.funding_split:
        span = sentence_at(found.record.measure.funding_split.span.start, found.clause, found.document.text)
        words = adopted(found.document.id, span, re.compile(""), desk.sources)
        if words:
            source = desk.sources.citation(words.marks[0])
            desk.quote(words, opening=f"{source.source}{source.path}规定：")
    desk.say(f"资金来源和分担比例：{UNDECIDED}。")
    desk.say(f"财政承受能力评估意见：{UNDECIDED}。")
