"""What an empty conversation shows: the questions to begin with, each behind the door of those whom it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.render.markup import escape

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.openers import Opener

_WELCOME = (
    "<h2>问政策，答案附文号</h2><p>每句话都来自库内文件的条款，点文号可核对原文。文件没有说明的，会直接告诉您。</p>"
)
# Whom a door is for: the tab behind it, what it is called, and what is there.
_DOORS = {
    "企业": ("matching", "查可享政策", "填几项情况，逐条比对能享受什么"),
    "工作人员": ("drafting", "起草扶持政策", "逐段注明依据，可改可审可导出"),
    "新同事": ("framework", "看政策框架", "关系图、概览、名词和阅读顺序"),
}


def welcome_html(openers: Sequence[Opener]) -> str:
    """What the page is, and the three doors, each with the questions behind it."""
    sections = []
    for door, (tab, name, about) in _DOORS.items():
        questions = [opener.question for opener in openers if opener.door == door]
        links = "".join(f'<a class="ask" href="#ask">{escape(question)}</a>' for question in questions)
        sections.append(
            f'<section><a class="door" href="#door-{tab}">{door}：{name}</a><span>{about}</span>{links}</section>'
        )
    return f'<div class="welcome">{_WELCOME}<div class="doors">{"".join(sections)}</div></div>'
