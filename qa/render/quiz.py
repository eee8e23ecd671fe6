"""A quiz for people and programs. In the page each option opens: whether it is right, and the clause in which it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.render.markup import escape
from qa.render.sources import source_dict, source_html, source_link, source_text

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.framework.quiz import Item, Quiz

NOTHING = "这些文件里没有可以出题的句子（每题的答案须在文件里只有一处，并能打开原文）。"
CAREFUL = "题干是文件原文；其余选项取自其他条款的数字或用语，只用于出题。"
GAP = "____"
_LETTERS = "ABCDEFGH"


def quiz_html(quiz: Quiz) -> str:
    """The items in order, each with an anchor ``item-N``."""
    if not quiz.items:
        return f'<div class="empty">{NOTHING}</div>'
    items = "".join(_item_html(number, item) for number, item in enumerate(quiz.items, 1))
    head = f"共 {len(quiz.items)} 题，取自 {quiz.files} 份文件（时效以 {quiz.as_of.isoformat()} 为准）"
    return f'<div class="quiz"><p class="count">{head}</p><ol>{items}</ol><p class="notice">{CAREFUL}</p></div>'


def _item_html(number: int, item: Item) -> str:
    options = "".join(_option_html(number, at, item) for at in range(len(item.options)))
    right = item.options[item.answer]
    return (
        f'<li class="item" id="item-{number}"><p>{escape(item.ask)}</p>'
        f'<blockquote>{escape(_spaced(item.before))}<b class="gap" aria-label="空缺">{GAP}</b>{escape(_spaced(item.after))}</blockquote>'
        f'<ul class="options">{options}</ul><details class="answer"><summary>看答案</summary>'
        f"<p>{_LETTERS[item.answer]}. <b>{escape(right.text)}</b></p>{_solved(item)}</details></li>"
    )


def _option_html(number: int, at: int, item: Item) -> str:
    """Chosen by a click or by Enter; of the options of one item one is open."""
    option = item.options[at]
    told = (
        f'<p class="right">答对了。</p>{_solved(item)}'
        if at == item.answer
        else f'<p class="wrong">不对，再想想。这是别处的：{source_link(option.citation)}</p>'
    )
    return f'<li><details name="item-{number}"><summary>{_LETTERS[at]}. {escape(option.text)}</summary>{told}</details></li>'


def _solved(item: Item) -> str:
    """The sentence with its gap filled, and where it stands."""
    right = item.options[item.answer]
    return (
        f"<blockquote>{escape(_spaced(item.before))}<mark>{escape(right.text)}</mark>{escape(_spaced(item.after))}</blockquote>"
        f"{source_html(right.citation)}"
    )


def _spaced(words: str) -> str:
    """A row of a table with its cells apart."""
    return words.replace("\t", " ｜ ")


def quiz_text(quiz: Quiz) -> str:
    """What a person reads on a terminal: the questions, and the answers at the end."""
    if not quiz.items:
        return NOTHING
    lines: list[str] = []
    for number, item in enumerate(quiz.items, 1):
        lines += [f"{number}. {item.ask}", f"   {_spaced(item.before)}{GAP}{_spaced(item.after)}"]
        lines += [f"   {_LETTERS[at]}. {option.text}" for at, option in enumerate(item.options)]
        lines.append("")
    lines += [CAREFUL, "答案："]
    for number, item in enumerate(quiz.items, 1):
        right = item.options[item.answer]
        lines.append(f"{number}. {_LETTERS[item.answer]} {right.text} —— {source_text(right.citation)}")
    return "\n".join(lines)


def quiz_dict(quiz: Quiz) -> dict[str, Any]:
    """JSON-ready values."""
    return {
        "seed": quiz.seed,
        "as_of": quiz.as_of.isoformat(),
        "files": quiz.files,
        "notice": CAREFUL,
        "items": [
            {
                "kind": item.kind,
                "ask": item.ask,
                "stem": f"{item.before}{GAP}{item.after}",
                "options": [{"text": o.text, "source": source_dict(o.citation)} for o in item.options],
                "answer": item.answer,
            }
            for item in quiz.items
        ],
    }
