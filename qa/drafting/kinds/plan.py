"""实施方案: aims, tasks, support, who does what until when, safeguards."""

from __future__ import annotations

import re
from itertools import islice

from qa.drafting.desk import Desk
from qa.drafting.grids import levels_grid
from qa.drafting.kinds import parts
from qa.drafting.model import UNDECIDED, Draft

NAME = "方案"
_MOST_TASKS = 6  # clauses looked at; of some the heading is the same
# What is to be done, and by when how much is to be reached; no support and no procedure.
_TASK = (
    r"^(?!为|.*(?:给予|补助|补贴|奖励|申请|申报|认定|目标|全[省市]|我[省市]|省[^，。；]{2,12}[厅委局]))"
    r".*(?:推动|推进|支持|建设|围绕|引进|培育|提升|实施|建立|组建|落实|建好|发布)"
)
_NO_TASK = re.compile("目标|思想|原则|要求|考核")  # headings
_AIM = r"^(?!为|.*(?:给予|补助|补贴|奖励)).*(?:\d{4}年.*(?:达到|突破|超过|不少于)|每年.*(?:不少于|达到))"


def plan(desk: Desk) -> Draft:
    """实施方案."""
    request = desk.request
    parts.opening(desk, NAME)
    desk.heading("总体要求")
    aims(desk)
    desk.heading("重点任务")
    tasks(desk)
    desk.heading("支持政策")
    for item in desk.items:
        desk.clause(item, 2)
    desk.heading("责任分工")
    rows = [(item.worded.heading, item.departments, UNDECIDED) for item in desk.items]
    desk.grid("责任分工表", ("任务", "责任单位", "完成时限"), rows, [item.marks for item in desk.items])
    desk.heading("保障措施")
    safeguards(desk)
    desk.heading("各级现行规定（起草参考，定稿时删去）")
    levels_grid(desk, desk.groups)
    about = request.purpose.rstrip("。").removeprefix("为") or f"支持{request.industry or UNDECIDED}发展"
    return desk.draft(f"{request.region}{about}实施方案")


def aims(desk: Desk) -> None:
    """What files in force aim at, and that the draft's own aim is open."""
    request = desk.request
    purpose = request.purpose.rstrip("。")
    desk.say(f"工作要求。围绕{purpose or UNDECIDED}，坚持依法依规、公开公平、注重实效。", 2)
    about = request.industry or purpose
    found = next(desk.found(f"{about} 目标 每年 到 年 达到", _AIM, about), None) if about else None
    if found:
        desk.quote(found, 2, "目标衔接。现行文件提出：")
    desk.say(f"工作目标。{UNDECIDED}。", 2)


def tasks(desk: Desk) -> None:
    """What plans in force say is to be done, of the purpose as a whole; without any, what is to be done is open."""
    about = desk.request.purpose or desk.request.industry
    found = islice(desk.found(about, _TASK, about, whole=True), _MOST_TASKS) if about else ()
    for words in {
        words.heading: words for words in found if words.heading and not _NO_TASK.search(words.heading)
    }.values():
        desk.quote(words, 2, f"{words.heading}。")
    named = "、".join(topic for topic, _ in desk.groups)
    desk.say(f"落实支持政策。{f'围绕{named}，' if named else ''}明确具体举措和进度安排{UNDECIDED}。", 2)


def safeguards(desk: Desk) -> None:
    """Lead, money, control, and the law."""
    about = desk.request.purpose or desk.request.industry
    desk.say(f"加强组织领导。由{desk.request.issuer or UNDECIDED}牵头，各责任单位按照职责分工抓好落实。", 2)
    desk.rule(f"{about} 专项资金 预算", ["(?:纳入年度预算|专项资金|安排.*资金)"], "强化资金保障。",
              f"资金来源和规模{UNDECIDED}。", 2, about)  # fmt: skip
    desk.rule(f"{about} 考核 调度 通报", ["考核|调度|通报"], "强化调度考核。", f"调度和考核办法{UNDECIDED}。", 2, about)
    parts.fair_competition(desk, level=2, opening="坚持依法依规。")
    parts.opinions(desk)
