"""实施方案: aims, tasks, support, who does what until when, safeguards."""

from __future__ import annotations

from qa.drafting.aims import Plan, aims_grid, general_grid, own_tasks, plans, tasks_grid
from qa.drafting.desk import Desk
from qa.drafting.grids import reference
from qa.drafting.kinds import parts
from qa.drafting.model import UNDECIDED, Draft
from qa.drafting.wording import Worded

NAME = "方案"


def plan(desk: Desk) -> Draft:
    """实施方案."""
    request = desk.request
    found = plans(desk)
    parts.opening(desk, NAME)
    desk.heading("总体要求")
    aims(desk, found)
    desk.heading("重点任务")
    named = tasks(desk, found)
    desk.heading("支持政策")
    for item in desk.items:
        desk.clause(item, 2)
    desk.heading("责任分工")
    rows = [(words.heading, "、".join(words.departments) or UNDECIDED, UNDECIDED) for words in named]
    rows += [(item.worded.heading, item.departments, UNDECIDED) for item in desk.items]
    marks = [*(words.marks for words in named), *(item.marks for item in desk.items)]
    desk.grid("责任分工表", ("任务", "责任单位", "完成时限"), rows, marks)
    desk.heading("保障措施")
    safeguards(desk)
    reference(desk)
    about = request.purpose.rstrip("。").removeprefix("为") or f"支持{request.industry or UNDECIDED}发展"
    return desk.draft(f"{desk.place}{about}实施方案")


def aims(desk: Desk, found: tuple[Plan, ...]) -> None:
    """What files in force aim at, and that the draft's own aim is open."""
    purpose = desk.request.purpose.rstrip("。")
    desk.say(f"工作要求。围绕{purpose or UNDECIDED}，坚持依法依规、公开公平、注重实效。", 2)
    general_grid(desk, found)
    desk.say(f"工作目标。对照现行目标分解，本级目标为{UNDECIDED}。", 2)
    aims_grid(desk, found)


def tasks(desk: Desk, found: tuple[Plan, ...]) -> list[Worded]:
    """What plans of the own level say is to be done, and what higher ones say, to be broken down. Gives the former."""
    own = list(own_tasks(desk, found))
    for words in own:
        desk.quote(words, 2, f"{words.heading}。")
    named = "、".join(topic for topic, _ in desk.groups)
    desk.say(f"落实支持政策。{f'围绕{named}，' if named else ''}明确具体举措和进度安排{UNDECIDED}。", 2)
    tasks_grid(desk, found)
    return own


def safeguards(desk: Desk) -> None:
    """Lead, money, control, and the law."""
    about = desk.request.purpose or desk.request.industry
    desk.say(f"加强组织领导。由{desk.request.issuer or UNDECIDED}牵头，各责任单位按照职责分工抓好落实。", 2)
    desk.rule(f"{about} 专项资金 预算", ["(?:纳入年度预算|专项资金|安排.*资金)"], "强化资金保障。",
              f"资金来源和规模{UNDECIDED}。", 2, about)  # fmt: skip
    desk.rule(f"{about} 考核 调度 通报", ["考核|调度|通报"], "强化调度考核。", f"调度和考核办法{UNDECIDED}。", 2, about)
    parts.fair_competition(desk, level=2, opening="坚持依法依规。")
    parts.opinions(desk)
