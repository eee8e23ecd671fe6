"""Printed lines and pages: what the readers of PDF, OFD and pictures make, before it becomes paragraphs.

Positions are in points, from the lower left corner of the page.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LINE_START = re.compile(
    r"[（《〈“‘〔【]*(?:(?:[A-Za-z0-9.,%‰+\-/]{1,20}[，。、；：！？）》〉”’〕】％%]*){1,6}|.(?:[，。、；：！？）》〉”’〕】％%]+[A-Za-z0-9.,%‰+\-/]{0,20})?)(?:[“‘].)?"
)

# As wide as a Chinese character, or nearly so.
_WIDE = frozenset("%‰“”‘’—…")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. ``size``: em of its type in points. ``part``: 0, or the number of a column on its page.
    ``note``: a footnote. ``gapped``: it has a gap that no justified line has. ``row``: it is a whole table row, cells
    joined by tabs; ``rooms``: em left in each cell, 0 where it is empty, infinite where the cell to its left covers it.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    row: bool = False
    part: int = 0
    note: bool = False
    gapped: bool = False
    rooms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """Lines in reading order; size of the page in points."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


def unbreakable(text: str) -> float:
    """Width in em of what a line must begin with: one character and the marks that may not begin a line (LibreOffice does
    not part these from a number behind them either: 、47), or a Latin word.

    If that had found room at the end of the line before, that line ended its paragraph.
    """
    opening = _LINE_START.match(text)
    return sum(0.55 if char < "\u2e80" and char not in _WIDE else 1.0 for char in opening[0]) if opening else 1.0


def parted_words(before: str, after: str) -> bool:
    """A line or page ends between two Latin words, which need a space when they are joined."""
    return before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii() and after[:1].isalnum()


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
    return [line for group in groups for line in _unfolded(group)]


def _unfolded(group: list[Line]) -> list[Line]:
    """Runs that only fill each other's gaps (the red head drawn last, below a running head) are one column."""
    falling = sorted(group, key=lambda line: -line.bottom - line.top)
    beside = any(lower.top > upper.bottom + 1 for upper, lower in itertools.pairwise(falling))
    return group if beside else falling


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
