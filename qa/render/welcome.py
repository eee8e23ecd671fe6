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
_DOORS = {"企业": "查可享受的支持", "工作人员": "找依据、核文号", "新同事": "看政策框架"}


def welcome_html(openers: Sequence[Opener]) -> str:
    """What the page is, and the doors that have a question."""
    sections = []
    for door, about in _DOORS.items():
        questions = [opener.question for opener in openers if opener.door == door]
        links = "".join(f'<a class="ask" href="#ask">{escape(question)}</a>' for question in questions)
        sections += [f"<section><b>{door}</b><span>{about}</span>{links}</section>"] if questions else []
    doors = f'<div class="doors">{"".join(sections)}</div>' if sections else ""
    return f'<div class="welcome">{_WELCOME}{doors}</div>'
