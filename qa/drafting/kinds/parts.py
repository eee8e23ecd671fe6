"""Parts that several kinds have: procedure, no double payment, supervision, fair competition, what was told of the company."""

from __future__ import annotations

from dataclasses import replace

from qa.calculation.figures import shown
from qa.drafting.desk import Desk
from qa.drafting.model import NO_BASIS, UNDECIDED, Remark
from qa.drafting.project import JOBS, LAND, OUTPUT, TERM, differing, project_of
from qa.drafting.provisions import Provision
from qa.drafting.request import Request
from qa.drafting.wording import worded
from qa.matching import match
from qa.matching.profile import FIGURES, LABELS

REGULATION = "公平竞争审查条例"
_UNDERTAKEN = {
    "total_investment": "总投资不低于",
    "fixed_investment": "固定资产投资不低于",
    "equipment_investment": "设备投资不低于",
    "new_employees": "新增就业不少于",
}


def opening(desk: Desk, name: str) -> None:
    """为…，根据《…》等文件精神，结合我区实际，制定本政策。"""
    request = desk.request
    purpose = request.purpose.rstrip("。，；") or (f"支持{request.industry}发展" if request.industry else UNDECIDED)
    purpose = purpose if purpose.startswith("为") else f"为{purpose}"
    basis = desk.based_on()
    marks = desk.basis_marks() if basis else ()
    text = f"{purpose}，{basis or NO_BASIS}结合{desk.ours}实际，制定本{name}。"
    desk.say(text, origin="given" if basis and request.purpose else "open", marks=marks)


def procedure(desk: Desk) -> None:
    """申报与兑现."""
    desk.rule(
        "企业 通过平台 提出申请 申报", ["平台(?:提出|提交)?申请"], "",
        f"申报主体按照责任单位发布的通知提出申请。申报时间、材料和审核时限为{UNDECIDED}。", whole=True,
    )  # fmt: skip


def no_double(desk: Desk) -> None:
    """不重复享受."""
    desk.rule(
        "同一企业 同一项目 同一事项 就高不重复", ["^同一(?:企业|主体|事项).*(?:就高|从高|不重复)"], "",
        "同一主体、同一事项同时符合多项政策的，不重复享受，文件另有规定的从其规定。", whole=True,
    )  # fmt: skip


def supervision(desk: Desk) -> None:
    """监督管理."""
    desk.rule(
        "弄虚作假 骗取资金 追回", ["(?:弄虚作假|虚报冒领).*追回"], "",
        "申报主体对申报材料的真实性负责；对弄虚作假骗取资金的，依法追回资金。", whole=True,
    )  # fmt: skip


def final(desk: Desk, name: str) -> None:
    """附则: whatever nobody but the drafting body can decide is open."""
    explains = desk.request.issuer or UNDECIDED
    desk.say(f"本{name}由{explains}负责解释。", origin="given" if desk.request.issuer else "open")
    desk.say(f"本{name}自{UNDECIDED}起施行，有效期至{UNDECIDED}。")
    desk.say(f"本{name}施行后，原有规定与本{name}不一致的，其处理方式{UNDECIDED}。")


def fair_competition(desk: Desk, agreed: bool = False, level: int = 0, opening: str = "") -> None:
    """In the words of files held; the national regulation is not named where it is not held. ``agreed``: for one company."""
    general, single = "公平竞争审查制度.*(?:严禁|不得)", "公平竞争审查制度.*(?:协议|承受能力)|^支持事项不得"
    desk.rule(
        "严格执行公平竞争审查制度 不得 税收返还", [single, general] if agreed else [general, "公平竞争审查制度"], opening,
        f"严格执行公平竞争审查制度，未经公平竞争审查或者审查不通过的，不得出台{NO_BASIS}。", level,
    )  # fmt: skip
    limits = next(desk.found("支持事项不得包含 税收返还 土地出让金 公平竞争", "^支持事项不得包含"), None)
    if limits:
        desk.quote(limits)


def opinions(desk: Desk, level: int = 0) -> None:
    """审查意见, which others give; what the library lacks of the national rules is told."""
    held = desk.shelf.library.named(f"《{REGULATION}》")
    lacking = Remark("no_basis", f"《{REGULATION}》没有收录入库，送审前须另行核对并补充依据")
    desk.say(f"公平竞争审查意见：{UNDECIDED}。合法性审查意见：{UNDECIDED}。", level, remarks=() if held else (lacking,))


def company_name(request: Request) -> str:
    """The company, or that its name is open."""
    return request.company_name or "【企业名称待定】"


def project_name(request: Request) -> str:
    """The project without its figures; empty where none was told."""
    return project_of(request.project).name


def project_facts(desk: Desk) -> None:
    """项目概况: what the drafter says of it; whatever is usual and not said is open."""
    request, project = desk.request, project_of(desk.request.project)
    desk.say(f"项目名称：{project.name or UNDECIDED}。", origin="given" if project.name else "open")
    desk.say(f"投资主体：{company_name(request)}。", origin="given" if request.company_name else "open")
    desk.say(f"所属产业：{request.industry or UNDECIDED}。", origin="given" if request.industry else "open")
    usual = (LABELS[name] for name in ("total_investment", "fixed_investment", "equipment_investment"))
    told = dict.fromkeys(usual, UNDECIDED) | project.told | dict(_told(request))
    others = dict(differing(request))
    for label, value in told.items():
        remark = (
            Remark("contradicts", f"“项目”一栏写明{label}{others[label]}，与企业情况中的{value}不一致，须核对")
            if label in others
            else None
        )
        desk.say(
            f"{label}：{value}。", origin="open" if value == UNDECIDED else "given", remarks=(remark,) if remark else ()
        )
    if project.others:
        desk.say(f"其他情况：{'；'.join(project.others)}。", origin="given")
    missing = [label for label in (LAND, TERM, OUTPUT, JOBS) if label not in told]
    if missing:
        desk.say(f"{'、'.join(missing)}{'等指标' if len(missing) > 1 else ''}：{UNDECIDED}。")


def _told(request: Request) -> list[tuple[str, str]]:
    company = request.company
    if company is None:
        return []
    found = [
        (LABELS[n], shown(f.value, f.unit)) for n in FIGURES if n != "tax" and (f := getattr(company, n)) is not None
    ]
    found += [(words, shown(figure.value, figure.unit)) for words, figure in company.figures]
    for name in ("project_kinds", "qualifications", "sizes", "statements"):
        held = "、".join(trait.name for trait in getattr(company, name) if trait.held)
        found += [(LABELS[name], held)] if held else []
    return found + [(LABELS[n], value) for n in ("scale", "project_stage") if (value := getattr(company, n))]


def undertakings(request: Request) -> list[str]:
    """What the company undertakes, with the figures that the drafter gave; neither growth nor taxes are part of it."""
    given = {name: getattr(request.company, name) for name in _UNDERTAKEN} if request.company else {}
    wanted = [name for name in _UNDERTAKEN if given.get(name)] or ["fixed_investment"]
    wanted += [] if "new_employees" in wanted else ["new_employees"]
    told = {name: shown(figure.value, figure.unit) for name in wanted if (figure := given.get(name))}
    jobs = project_of(request.project).told.get(JOBS)
    if jobs and "new_employees" not in told:
        told["new_employees"] = jobs
    return [f"{_UNDERTAKEN[name]}{told.get(name, UNDECIDED)}" for name in wanted]


def special_rule(desk: Desk) -> None:
    """The clause on 一事一议 where there is one in force, with a remark where the project as told does not meet it."""
    for provision in desk.finder.provisions("一事一议 重大项目"):
        words = worded(provision, desk.sources, "一事一议", True)
        if "一事一议" in provision.words and words.proofs:
            source = desk.sources.citation(words.marks[0])
            desk.quote(words, 2, f"“一事一议”条件核对。{source.source}{source.path}规定：")
            _hold(desk, provision, words.marks)
            return
    desk.say(f"“一事一议”条件核对。没有查到现行规定{NO_BASIS}。", 2)


def _hold(desk: Desk, provision: Provision, marks: tuple[int, ...]) -> None:
    company = desk.request.company
    if company is None:
        return
    found = match(company, [provision.record], desk.as_of)
    text = provision.document.text
    for each in found.current:
        for decision in each.decisions:
            if decision.verdict == "not_met" or (decision.verdict == "unknown" and decision.need.sort == "figure"):
                kind = "contradicts" if decision.verdict == "not_met" else "no_basis"
                remark = Remark(kind, f"项目是否符合“一事一议”条件：{decision.reason(text)}", marks)
                block = desk.blocks[-1]
                desk.blocks[-1] = replace(block, remarks=(*block.remarks, remark))
