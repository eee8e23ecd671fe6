"""Printed lines → paragraphs: page numbers and running heads removed, broken lines joined, also across pages.

Positions are in points, from the lower left corner of the page.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.normalize import tidy


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. ``size``: em of its type in points. ``row``: it is a whole table row, cells joined by tabs."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    row: bool = False


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """Lines in reading order; size of the page in points."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


_PAGE_NUMBER = re.compile(
    r"[\s—\-–－―·•.]*(?:\d{1,4}|[IVXivx]{1,6}|[Ⅰ-Ⅻ]{1,2})[\s—\-–－―·•.]*|第?\s*\d{1,4}\s*页?\s*[,，/／共]{1,2}\s*共?\s*\d{1,4}\s*页?|第\s*\d{1,4}\s*页"
)
# A printed number that opens a paragraph, with or without indent.
_MARKER = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[条章节编款]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
    r"|[（(]\d{1,2}[）)]|[①-⑳]|附件\s*\d*\s*[：:]?|附表|表\s*\d|抄送[：:]|\d{1,2}(?:\.\d{1,2}){1,4}(?![\d%])\s*[^\d\s.%]"
)
_SENTENCE_END = tuple("。！？；：!?;:”》）)")
_LINE_START = re.compile(
    r"[（《〈“‘〔【]*(?:(?:[A-Za-z0-9.,%+\-/]{1,20}[，。、；：！？）》〉”’〕】％%]*){1,6}|.[，。、；：！？）》〉”’〕】％%]*)(?:[“‘].)?"
)
# Em by which a line may fall short because a long word did not fit.
_RAGGED = 4.0
# A line of a table of contents: 前言 ........ 1
_LEADER_LENGTH = 200
_LEADER = re.compile(r"[.…·]{4,}\s*[\dIVX]{0,6}$")
# Page furniture stands in these parts of the page height.
_HEAD_ZONE, _FOOT_ZONE = 0.88, 0.12

# A share of the page width that the lines of a real text reach.
_NARROW = 0.6


def paragraphs(pages: Sequence[PrintedPage]) -> tuple[str, list[int]]:
    """The text, one paragraph (or table row) a line, and where in it each page starts."""
    kept = _without_furniture(pages)
    width = max((page.width for page in pages), default=0.0)
    measure = _Measure.of([line for page in kept for line in page.lines if not line.row], width)
    parts: list[str] = []
    starts: list[int] = []
    offset, previous = 0, None
    for page in kept:
        # A page starts at its first character: in the middle of a paragraph that runs over from the page before.
        start = None
        for line in page.lines:
            text = tidy(line.text)
            if not text.strip():
                continue
            joint = "" if previous is None else _joint(previous, line, text, measure)
            parts += [joint, text]
            start = offset + len(joint) if start is None else start
            offset += len(joint) + len(text)
            previous = _Placed(line, page.number, text)
        starts.append(offset if start is None else start)
    return "".join(parts) + ("\n" if parts else ""), starts


@dataclass(frozen=True, slots=True)
class _Placed:
    line: Line
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class _Measure:
    """The type area: left and right edge of full lines, em of the body type, usual distance between lines, and whether
    paragraphs begin with an indent.
    """

    left: float
    right: float
    size: float
    leading: float
    indented: bool

    @classmethod
    def of(cls, lines: Sequence[Line], width: float) -> _Measure:
        if not lines:
            return cls(0.0, 0.0, 1.0, 1.0, False)
        size = statistics.median(line.size for line in lines)
        lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
        steps = [
            upper.bottom - lower.bottom
            for upper, lower in itertools.pairwise(lines)
            if size * 0.9 < upper.bottom - lower.bottom < size * 4
        ]
        left, right = lefts[len(lefts) // 20], rights[-1 - len(rights) // 50]
        if right < _NARROW * width:
            # Nothing but short lines: the margins are taken to be equal.
            right = width - left
        return cls(
            left=left,
            right=right,
            size=size,
            leading=statistics.median(steps) if steps else size * 1.5,
            indented=sum(_is_first_line(line, left, size) for line in lines) * 10 > len(lines),
        )


def _joint(previous: _Placed, line: Line, text: str, measure: _Measure) -> str:
    """What stands between two lines: a line end, nothing, or the space between two Latin words."""
    if _starts_paragraph(previous, line, text, measure):
        return "\n"
    latin = previous.text[-1:].isascii() and previous.text[-1:].isalnum() and text[0].isascii() and text[0].isalnum()
    return " " if latin else ""


def _starts_paragraph(previous: _Placed, line: Line, text: str, measure: _Measure) -> bool:
    before, size = previous.line, measure.size
    if (
        line.row
        or before.row
        or _LEADER.search(previous.text[-_LEADER_LENGTH:])
        or abs(line.size - before.size) > 0.18 * size
    ):
        return True
    indent = line.left - measure.left
    needed = _unbreakable(text)
    if measure.indented and indent < 0.5 * size and not previous.text.endswith(_SENTENCE_END):
        # Not indented, in a text whose paragraphs are: a line that goes on, unless the one before it is plainly short.
        needed = max(needed, _RAGGED)
    if before.right + needed * size < measure.right - 0.2 * size:
        return True
    if indent > 1.2 * size and not (
        abs(line.left - before.left) < 0.3 * size and not _is_first_line(before, measure.left, size)
    ):
        return True
    if before.bottom - line.bottom > 1.7 * measure.leading and before.bottom > line.bottom:
        return True
    if _MARKER.match(text) and (indent > 0.8 * size or previous.text.endswith(_SENTENCE_END)):
        return True
    # Without first-line indents, a sentence that ends before the edge is all there is to go by.
    return (
        not measure.indented
        and previous.text.endswith(("。", "！", "？"))
        and before.right < measure.right - 0.6 * size
    )


def _unbreakable(text: str) -> float:
    """Width in em of what a line must begin with: one character and the marks that may not begin a line, or a Latin word.

    If that had found room at the end of the line before, that line ended its paragraph.
    """
    opening = _LINE_START.match(text)
    return sum(0.5 if char < "\u2e80" else 1.0 for char in opening[0]) if opening else 1.0


def _is_first_line(line: Line, left: float, size: float) -> bool:
    """Indented by about two characters. A block indented as a whole keeps its left edge in every line."""
    return 1.2 * size < line.left - left < 3.2 * size


def _without_furniture(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    repeated = _running_heads(pages)
    kept: list[PrintedPage] = []
    for page in pages:
        lines = tuple(
            line
            for line in page.lines
            if not (
                _in_margin(line, page)
                and (
                    _PAGE_NUMBER.fullmatch(line.text.strip())
                    or (_head_key(line) in repeated and page.number != pages[0].number)
                )
            )
        )
        kept.append(replace(page, lines=lines))
    return kept


def _running_heads(pages: Sequence[PrintedPage]) -> frozenset[str]:
    """Lines at the top or bottom that come back on a third of the pages (odd and even pages may differ), at least three.

    The first page keeps its copy: it may be the title.
    """
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_head_key(line) for line in page.lines if _in_margin(line, page)})
    needed = max(3, len(pages) / 3)
    return frozenset(key for key, count in seen.items() if count >= needed)


def _head_key(line: Line) -> str:
    """Place and wording without digits: 第 3 页 and 第 4 页 are the same head."""
    wording = re.sub(r"[0-9\s]+", "", line.text)
    return f"{round(line.bottom / 4)}:{wording}"


def _in_margin(line: Line, page: PrintedPage) -> bool:
    middle = (line.bottom + line.top) / 2 / page.height if page.height else 0.5
    return not line.row and (middle > _HEAD_ZONE or middle < _FOOT_ZONE)


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines from top to bottom, unless they stand side by side: those (columns) keep the order in which they were drawn.

    A program may draw the red head or a text box after the body; drawn order alone would put it at the end.
    """
    groups: list[list[Line]] = []
    for block in _falling_runs(lines):
        touching = [group for group in groups if _overlap(group, block)]
        merged = [line for group in touching for line in group] + block
        groups = [group for group in groups if not any(group is other for other in touching)] + [merged]
    groups.sort(key=lambda group: -max(line.top for line in group))
    return [line for group in groups for line in group]


def _falling_runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in lines:
        if run and line.bottom > run[-1].bottom + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _overlap(group: list[Line], block: list[Line]) -> bool:
    def middles(lines: list[Line]) -> tuple[float, float]:
        found = [(line.bottom + line.top) / 2 for line in lines]
        return min(found), max(found)

    (low, high), (other_low, other_high) = middles(group), middles(block)
    return low <= other_high + 1 and other_low <= high + 1
