"""一事一议请示: why, the project, the proposed support with its basis, what it costs, opinions, what is asked for."""

from __future__ import annotations

from qa.drafting.desk import Desk
from qa.drafting.entitled import entitled, entitled_grid, unmet_grid
from qa.drafting.grids import levels_grid, standards_grid
from qa.drafting.kinds import parts
from qa.drafting.kinds.individual import funds
from qa.drafting.model import NO_BASIS, UNDECIDED, Draft

_SUPERIORS = {"district": "人民政府", "zone": "管理委员会", "city": "人民政府", "province": "人民政府"}


def case_request(desk: Desk) -> Draft:
    """一事一议请示."""
    request = desk.request
    project = parts.project_name(request)
    about = project or request.purpose.rstrip("。") or UNDECIDED
    subject = parts.company_name(request)
    desk.heading("请示事由")
    why = request.purpose.rstrip("。").removeprefix("为") or f"推动{about}落地"
    basis = desk.based_on()
    text = f"为{why}，{basis or NO_BASIS}现就{subject}{project or '项目'}“一事一议”支持事项请示如下。"
    desk.say(text, origin="given" if basis else "open", marks=desk.basis_marks())
    desk.heading("项目情况")
    parts.project_facts(desk)
    desk.heading("拟支持内容及依据")
    for item in desk.items:
        desk.clause(item, 2, agreed=True)
    if not desk.items:
        desk.say(f"拟支持内容{UNDECIDED}{NO_BASIS}。", 2)
    parts.special_rule(desk)
    standards_grid(desk)
    levels_grid(desk, desk.groups)
    desk.heading("财政测算")
    found = entitled(desk)
    if found.listed:
        entitled_grid(desk, found, "普惠条款测算表")
        desk.say("以上为普惠条款，各项分别测算，不相加，不计入本次拟支持内容。")
    unmet_grid(desk, found)
    desk.say(f"拟支持事项的支出总额和分年安排：{UNDECIDED}。")
    funds(desk)
    desk.heading("审查意见")
    desk.rule(
        "一事一议 论证 审查 决策", ["(?:专家|论证).*(?:审查|评估|研究)|审查意见"], "", f"论证和审查程序{UNDECIDED}。"
    )
    parts.fair_competition(desk, agreed=True)
    parts.opinions(desk)
    desk.heading("建议")
    desk.say("建议原则同意上述支持事项，由有关单位按程序办理。")
    desk.say("妥否，请批示。")
    where = f"{desk.place}{_SUPERIORS.get(request.level, '')}" if request.region else UNDECIDED
    title = f"关于{subject}{project or '项目'}“一事一议”支持事项的请示"
    return desk.draft(title, "征求意见稿", request.addressee or where)
