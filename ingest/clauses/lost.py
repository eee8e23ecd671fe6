"""The first heading of a file whose 一、 was lost, though 二、 follows: restored where only one line can be it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clauses.forms import (
    closes,
    is_addressee,
    is_authority,
    is_back,
    is_field,
    is_head_mark,
    is_note,
    is_title,
)
from ingest.clauses.lines import Line
from ingest.clauses.markers import Style

_HEADING_LIMIT = 30
_PUNCTUATION = re.compile("[。;:!?,()]")
# The title above it is complete: it ends with a kind of file, or the number, a note or a date stands below it.
_WHOLE_TITLE = re.compile(
    r"(?:方案|意见|计划|规划|纲要|办法|措施|政策|通知|要点|细则|规定|决定)(?:\([^()]{1,20}\))?$|〕.*号\)?$|\)$"
)


def lost_first_heading(lines: Sequence[Line], start: int, stop: int) -> int | None:
    """Index of the line in ``start:stop`` that must be 一、: the only unnumbered heading above 二、, with text below it.

    ``None`` where nothing is lost, or where it cannot be told which line it was.
    """
    second = start
    while second < stop and not ((marker := lines[second].marker) and marker.style <= Style.CHINESE):
        second += 1
    if second == stop or not _is_second(lines[second]):
        return None
    candidates = [index for index in range(start, second) if _may_be_heading(lines[index])]
    return candidates[0] if len(candidates) == 1 and candidates[0] + 1 < second else None


def before_lost_heading(lines: Sequence[Line], front: int) -> int:
    """The front ends before its last line where that is the lost heading and not a part of the title."""
    last = front - 1
    if last < 1 or not _may_be_heading(lines[last]) or not _WHOLE_TITLE.search(lines[last - 1].text):
        return front
    return last if lost_first_heading(lines, last, len(lines)) == last else front


def _is_second(line: Line) -> bool:
    marker = line.marker
    is_heading = len(line.content) <= _HEADING_LIMIT and not _PUNCTUATION.search(line.content)
    return marker is not None and marker.style is Style.CHINESE and marker.number == 2 and is_heading


def _may_be_heading(line: Line) -> bool:
    text = line.text
    if line.marker or line.is_row or not is_title(text, _HEADING_LIMIT) or _PUNCTUATION.search(text):
        return False
    return not any(
        form(text) for form in (closes, is_addressee, is_authority, is_back, is_field, is_head_mark, is_note)
    )
