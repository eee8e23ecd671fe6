"""若干政策措施: basis, the clauses by chapter, application, no double payment, supervision, final provisions."""

from __future__ import annotations

from qa.drafting.desk import Desk
from qa.drafting.grids import reference
from qa.drafting.kinds import parts
from qa.drafting.model import NO_BASIS, UNDECIDED, Draft

NAME = "政策"


def measures(desk: Desk) -> Draft:
    """若干政策措施."""
    request = desk.request
    parts.opening(desk, NAME)
    clauses(desk)
    desk.heading("申报与兑现")
    parts.procedure(desk)
    desk.heading("不重复享受")
    parts.no_double(desk)
    desk.heading("监督管理")
    parts.supervision(desk)
    desk.heading("公平竞争审查")
    parts.fair_competition(desk)
    parts.opinions(desk)
    desk.heading("附则")
    parts.final(desk, NAME)
    reference(desk)
    about = request.purpose.rstrip("。").removeprefix("为") or f"支持{request.industry or UNDECIDED}发展"
    return desk.draft(f"{desk.place}{about}若干政策措施")


def clauses(desk: Desk) -> None:
    """Chapters where several points have several clauses, else one."""
    broad = [topic for topic, items in desk.groups if len(items) > 1]
    if not desk.groups:
        desk.heading("支持措施")
        desk.say(f"支持事项{UNDECIDED}{NO_BASIS}。")
    elif len(broad) > 1:
        for topic, items in desk.groups:
            desk.heading(topic)
            for item in items:
                desk.clause(item, 2)
    else:
        desk.heading("支持措施")
        for item in desk.items:
            desk.clause(item, 2)
