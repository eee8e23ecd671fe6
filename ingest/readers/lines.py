"""Characters with positions → printed lines and table rows, in reading order."""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.cells import table_rows
from ingest.readers.columns import find_columns
from ingest.readers.printed import Line, PrintedPage, reading_order
from ingest.readers.runs import Glyph, Run, runs, whole_lines
from ingest.readers.tables import Rule, Table, find_open_tables, find_tables

__all__ = ["Glyph", "printed_page"]

# Characters that are looked at to tell 竖排, and the share of them that stand below the one before.
_SAMPLE, _SHARE = 200, 0.7
# Footnotes: size of their type against the text, and what they begin with where no rule stands above them.
_NOTE_SIZE = 0.93
# Shares of the page: height of the margin with the page number, length of the rule above footnotes.
_FOOT, _RULE = 0.12, (0.1, 0.45)
_NOTE_MARK = re.compile(r"[①-⑳*＊†]|[\[［〔(（]\d{1,2}[\]］〕)）]|\d{1,2}(?=[^\d年月日%.])|注\s*\d*\s*[:：]")


def printed_page(
    number: int, glyphs: Sequence[Glyph], rules: Sequence[Rule], box: tuple[float, float, float, float]
) -> PrintedPage:
    """Lines of a page. ``box``: left, bottom, right, top of its visible part. A page written sideways is turned first."""
    turn = _Turn(_direction(glyphs), box)
    upright = glyphs if turn.is_none else [turn.glyph(glyph) for glyph in glyphs]
    turned = [turn.rule(rule) for rule in rules]
    rows: list[tuple[Table, list[Line]]] = []
    free = _take_out(find_tables(turned), upright, rows)
    found = runs(free)
    unruled = find_open_tables(turned, [run.box for run in found], [table for table, _ in rows])
    if unruled:
        found = runs(_take_out(unruled, free, rows))
    lines = _with_notes(_in_order(found, turn.width), turned, turn)
    for table, printed in sorted(rows, key=lambda item: -item[0].top):
        _insert(lines, table, printed)
    return PrintedPage(number, turn.width, turn.height, tuple(lines))


class _Turn:
    """Coordinates of a page turned so that its text runs from left to right, its corner at the origin."""

    def __init__(self, quarters: int, box: tuple[float, float, float, float]) -> None:
        self._quarters = quarters
        self._left, self._bottom, self._right, self._top = box
        sideways = quarters % 2 == 1
        across, up = box[2] - box[0], box[3] - box[1]
        self.width, self.height = (up, across) if sideways else (across, up)

        self.is_none = quarters == 0 and self._left == self._bottom == 0

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        if self._quarters == 1:
            return bottom - self._bottom, self._right - right, top - self._bottom, self._right - left
        if self._quarters == 2:
            return self._right - right, self._top - top, self._right - left, self._top - bottom
        if self._quarters == 3:
            return self._top - top, left - self._left, self._top - bottom, right - self._left
        return left - self._left, bottom - self._bottom, right - self._left, top - self._bottom

    def glyph(self, glyph: Glyph) -> Glyph:
        left, bottom, right, top = self.box(glyph.left, glyph.bottom, glyph.right, glyph.top)
        return glyph._replace(left=left, bottom=bottom, right=right, top=top)

    def rule(self, rule: Rule) -> Rule:
        return Rule(*self.box(rule.left, rule.bottom, rule.right, rule.top))


def _direction(glyphs: Sequence[Glyph]) -> int:
    """Direction of most characters: 0 to the right, 1 upwards, 2 upside down, 3 downwards."""
    if not glyphs:
        return 0
    angle = Counter([glyph.angle for glyph in glyphs]).most_common(1)[0][0]
    quarters = round(angle / (math.pi / 2)) % 4
    # 竖排: the characters stand upright, one below the other, lines from right to left. That is a page turned downwards.
    return 3 if quarters == 0 and _is_vertical(glyphs[:_SAMPLE]) else quarters


def _is_vertical(glyphs: Sequence[Glyph]) -> bool:
    below = sum(
        abs(glyph.left - before.left) < 0.5 * (before.right - before.left)
        and 0.5 < (before.top - glyph.top) / max(before.top - before.bottom, 1.0) < 2
        for before, glyph in itertools.pairwise(glyphs)
    )
    return len(glyphs) > _SAMPLE / 10 and below > _SHARE * len(glyphs)


def _take_out(
    tables: Sequence[Table], glyphs: Sequence[Glyph], rows: list[tuple[Table, list[Line]]]
) -> Sequence[Glyph]:
    """Move the characters that stand in tables into ``rows``; what is left stands outside, or in a drawing."""
    if not tables:
        return glyphs
    inside: list[list[Glyph]] = [[] for _ in tables]
    places = [(*table.box, held) for table, held in zip(tables, inside, strict=True)]
    free: list[Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
        for left, bottom, right, top, held in places:
            if left <= x <= right and bottom <= y <= top:
                held.append(glyph)
                break
        else:
            free.append(glyph)
    drawn = False
    for table, held in zip(tables, inside, strict=True):
        printed = table_rows(table, held)
        if printed is None:
            drawn = True
            free.extend(held)
        else:
            rows.append((table, printed))
    return sorted(free, key=lambda glyph: glyph.index) if drawn else free


def _in_order(found: Sequence[Run], width: float) -> list[Line]:
    """Lines from top to bottom; where a part of the page is set in columns, one column after the other."""
    bands = find_columns([run.box for run in found], width)
    if not bands:
        return reading_order(whole_lines(found))
    parts: dict[int, list[Run]] = {}
    last = 0
    for run in found:
        places = ((index, band.column(run.box)) for index, band in enumerate(bands))
        part = next((2 * index + column for index, column in places if column), 0)
        parts.setdefault(part, []).append(run if part == last else run._replace(goes_on=False))
        last = part
    rest = reading_order(whole_lines(parts.get(0, ())))
    lines: list[Line] = []
    for index, band in enumerate(bands):
        lines += [line for line in rest if line.bottom >= band.top - 1]
        rest = [line for line in rest if line.bottom < band.top - 1]
        for part in (2 * index + 1, 2 * index + 2):
            lines += reading_order(whole_lines(parts.get(part, ()), part))
    return lines + rest


def _insert(lines: list[Line], table: Table, rows: list[Line]) -> None:
    above = [index for index, line in enumerate(lines) if line.bottom >= table.top - 1]
    after = above[-1] + 1 if above else 0
    lines[after:after] = rows


def _with_notes(lines: list[Line], rules: Sequence[Rule], turn: _Turn) -> list[Line]:
    """Footnotes marked: smaller type at the foot of the page, below a short rule or beginning with the mark of a note."""
    if not lines:
        return lines
    limit = _NOTE_SIZE * statistics.median(line.size for line in lines)
    lowest = sorted(range(len(lines)), key=lambda index: lines[index].bottom)
    notes: list[int] = []
    for index in lowest:
        line = lines[index]
        if line.size < limit and line.top < turn.height / 2:
            notes.append(index)
        elif notes or line.top > _FOOT * turn.height:
            break
    # What stands in the margin alone is a page number.
    notes = [index for index in notes if not lines[index].text.strip("-—– ·").isdigit()]
    if not notes:
        return lines
    first = lines[notes[-1]]
    ruled = any(
        rule.horizontal and first.top - 1 <= rule.bottom <= first.top + 2 * first.size
        and _RULE[0] * turn.width < rule.right - rule.left < _RULE[1] * turn.width
        for rule in rules
    )  # fmt: skip
    if not ruled and not _NOTE_MARK.match(first.text):
        return lines
    return [replace(line, note=True) if index in notes else line for index, line in enumerate(lines)]
