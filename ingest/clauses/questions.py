"""Questions and answers (常见问题, 问答): ``问：…？`` and ``答：…`` below it are one clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clauses.lines import Line

_QUESTION = re.compile(r"(?:提?问(?:题)? ?(?:\d{1,3}|[一二三四五六七八九十]{1,3})?|Q ?\d{0,3}) ?[:.、] *")
_ANSWER = re.compile(r"(?:解?答复? ?\d{0,3}|回答|A ?\d{0,3}) ?[:.、]")
_QUESTION_LIMIT = 200


def question_in(line: Line) -> tuple[int, int] | None:
    """Start and end of the question in the line's folded text, without its label; ``None`` where it asks nothing."""
    if line.is_row or len(line.text) > _QUESTION_LIMIT:
        return None
    start = len(line.text) - len(line.content)
    label = _QUESTION.match(line.content)
    if not label and not line.text.endswith("?"):
        return None
    return start + (label.end() if label else 0), len(line.text)


def answer_end(lines: Sequence[Line], index: int, stop: int) -> int | None:
    """Index after the answer to the question at ``index``: its paragraphs, up to a number, a table or the next question.

    ``None`` where the line is no question, or nothing says that what follows is the answer.
    """
    question = question_in(lines[index])
    if question is None or index + 1 >= stop or not _is_paragraph(lines[index + 1]):
        return None
    if not _ANSWER.match(lines[index + 1].text) and not _is_labelled(lines[index]):
        return None
    end = index + 2
    while end < stop and _is_paragraph(lines[end]) and not _asks(lines, end, stop):
        end += 1
    return end


def _is_paragraph(line: Line) -> bool:
    return not line.marker and not line.is_row


def _is_labelled(line: Line) -> bool:
    return _QUESTION.match(line.content) is not None


def _asks(lines: Sequence[Line], index: int, stop: int) -> bool:
    if question_in(lines[index]) is None:
        return False
    return _is_labelled(lines[index]) or (index + 1 < stop and _ANSWER.match(lines[index + 1].text) is not None)
