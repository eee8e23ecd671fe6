"""Characters with positions → printed lines and table rows, in reading order."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingest.normalize import tidy
from ingest.readers.paragraphs import Line, PrintedPage, reading_order
from ingest.readers.tables import Rule, Table, find_tables

# Em: a distance that separates two Chinese characters, a Chinese and a Latin one (1　适用范围), two Latin ones.
_WORD_SPACE = (0.8, 0.45, 0.17)
_LATIN = "\u0250"


class Glyph(NamedTuple):
    """A printed character: box in points from the lower left of the page, direction of writing in radians, drawing order."""

    char: str
    left: float
    bottom: float
    right: float
    top: float
    angle: float
    index: int


def printed_page(
    number: int, glyphs: Sequence[Glyph], rules: Sequence[Rule], box: tuple[float, float, float, float]
) -> PrintedPage:
    """Lines of a page. ``box``: left, bottom, right, top of its visible part. A page written sideways is turned first."""
    turn = _Turn(_quarter_turns(glyphs), box)
    upright = glyphs if turn.is_none else [turn.glyph(glyph) for glyph in glyphs]
    tables = find_tables([turn.rule(rule) for rule in rules])
    inside: dict[int, list[Glyph]] = {}
    free: list[Glyph] = []
    if not tables:
        return PrintedPage(number, turn.width, turn.height, tuple(reading_order(_grouped(upright))))
    for glyph in upright:
        x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
        held = next((index for index, table in enumerate(tables) if table.contains(x, y)), None)
        (free if held is None else inside.setdefault(held, [])).append(glyph)
    lines = reading_order(_grouped(free))
    for index, held_glyphs in sorted(inside.items(), key=lambda item: -tables[item[0]].top):
        _insert(lines, tables[index], _rows(tables[index], held_glyphs))
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
        return Glyph(glyph.char, *self.box(glyph.left, glyph.bottom, glyph.right, glyph.top), glyph.angle, glyph.index)

    def rule(self, rule: Rule) -> Rule:
        return Rule(*self.box(rule.left, rule.bottom, rule.right, rule.top))


def _quarter_turns(glyphs: Sequence[Glyph]) -> int:
    """Direction of most characters: 0 to the right, 1 upwards, 2 upside down, 3 downwards."""
    turns = Counter(glyph.angle for glyph in glyphs)
    return round(turns.most_common(1)[0][0] / (math.pi / 2)) % 4 if turns else 0


def _grouped(glyphs: Iterable[Glyph]) -> list[Line]:
    """Characters on one base line, drawn one after another to the right, are a line."""
    runs: list[list[Glyph]] = []
    middle, height, right = 0.0, 0.0, 0.0
    for glyph in glyphs:
        if glyph.char.isspace():
            continue
        glyph_middle, glyph_height = (glyph.bottom + glyph.top) / 2, glyph.top - glyph.bottom
        tall = max(height, glyph_height)
        if runs and abs(glyph_middle - middle) < 0.5 * tall and glyph.left >= right - tall:
            runs[-1].append(glyph)
            # A raised note mark must not pull the line up.
            if glyph_height >= 0.8 * height:
                middle, height = glyph_middle, glyph_height
            right = max(right, glyph.right)
        else:
            runs.append([glyph])
            middle, height, right = glyph_middle, glyph_height, glyph.right
    return [_line(run) for run in runs]


def _line(run: Sequence[Glyph]) -> Line:
    wide = [glyph.right - glyph.left for glyph in run if glyph.char >= "\u2e80"]
    size = statistics.median(wide) if wide else 0.8 * statistics.median(glyph.top - glyph.bottom for glyph in run)
    return Line(
        text=_spaced(run, size),
        left=min(glyph.left for glyph in run),
        bottom=statistics.median(glyph.bottom for glyph in run),
        right=max(glyph.right for glyph in run),
        top=statistics.median(glyph.top for glyph in run),
        size=size or 1.0,
    )


def _spaced(run: Sequence[Glyph], size: float) -> str:
    """Spaces by the distance on paper, not by the space characters of the file: PDF programs set both as they like."""
    parts = [run[0].char]
    for before, glyph in itertools.pairwise(run):
        gap = glyph.left - before.right
        latin = (before.char < _LATIN) + (glyph.char < _LATIN)
        if gap > _WORD_SPACE[latin] * size:
            parts.append(" ")
        parts.append(glyph.char)
    return "".join(parts)


def _rows(table: Table, glyphs: Iterable[Glyph]) -> list[Line]:
    """One line a table row; a cell merged over several rows or columns is printed once, where it begins."""
    cells: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        place = table.cell((glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2)
        cells.setdefault(place, []).append(glyph)
    rows = []
    for row in range(table.rows):
        texts = [_cell_text(cells.get((row, column), ())) for column in table.columns_starting(row)]
        if any(texts):
            left, bottom, right, top = table.row_box(row)
            rows.append(Line("\t".join(texts), left, bottom, right, top, 1.0, row=True))
    return rows


def _cell_text(glyphs: Iterable[Glyph]) -> str:
    text = ""
    for line in reading_order(_grouped(glyphs)):
        latin = text[-1:].isascii() and text[-1:].isalnum() and line.text[0].isascii() and line.text[0].isalnum()
        text += (" " if latin else "") + line.text
    return tidy(text).replace("\t", " ")


def _insert(lines: list[Line], table: Table, rows: list[Line]) -> None:
    above = [index for index, line in enumerate(lines) if line.bottom >= table.top - 1]
    after = above[-1] + 1 if above else 0
    lines[after:after] = rows
