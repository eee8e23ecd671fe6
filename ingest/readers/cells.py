"""Characters in the grid of a table → one line a row, cells joined by tabs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from ingest.normalize import tidy
from ingest.readers.printed import Line, parted_words, reading_order, unbreakable
from ingest.readers.runs import Glyph, runs, whole_lines
from ingest.readers.tables import Table

# Em that stay free at the sides of a cell.
_PADDING = 1.0
# A row without rules inside is taken for several only where it has so many lines, and so many of them fill two cells.
_LEVELS, _FILLED = 3, 0.6
# A grid with fewer of its cells filled is a drawing.
_DRAWING_CELLS, _DRAWING_SHARE = 20, 0.1
_UNFINISHED = tuple("，、（(")

_Cell = list[Line]


def table_rows(table: Table, glyphs: Iterable[Glyph]) -> list[Line] | None:
    """Rows from the top; ``None`` where the grid is a drawing. A merged cell is printed once, where it begins, and the
    places of the columns and rows that it covers stay empty.
    """
    held: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        place = table.cell((glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2)
        held.setdefault(place, []).append(glyph)
    if table.rows * table.columns >= _DRAWING_CELLS and len(held) < _DRAWING_SHARE * table.rows * table.columns:
        return None
    rows: list[Line] = []
    places = table.places()
    for row in range(table.rows):
        columns = table.columns_starting(row)
        edges = [*(table.left(column) for column in columns), table.right]
        # A row of one cell stays without empty ones: it is a title, or text.
        cells: list[_Cell] = [[] for _ in range(places[-1] + 1 if len(columns) > 1 else 1)]
        widths = [math.inf] * len(cells)
        for column, (left, right) in zip(columns, itertools.pairwise(edges), strict=True):
            cells[places[column]] = reading_order(whole_lines(runs(held.get((row, column), ()))))
            widths[places[column]] = right - left
        if any(cells):
            rows.extend(_row(part, widths, table.row_box(row)) for part in _parted(cells, widths, table.is_open))
    return rows


def _row(cells: Sequence[_Cell], widths: Sequence[float], box: tuple[float, float, float, float]) -> Line:
    left, bottom, right, top = box
    rooms = tuple(
        _room(cell[-1], width) if cell else math.inf if math.isinf(width) else 0.0
        for cell, width in zip(cells, widths, strict=True)
    )
    return Line("\t".join(_text(cell) for cell in cells), left, bottom, right, top, 1.0, row=True, rooms=rooms)


def _text(cell: _Cell) -> str:
    text = ""
    for line in cell:
        text += (" " if parted_words(text, line.text) else "") + line.text
    return tidy(text).replace("\t", " ")


def _parted(cells: list[_Cell], widths: Sequence[float], is_open: bool) -> list[list[_Cell]]:
    """The rows that stand in one field of the grid, because the table has no rules between them.

    They begin where every cell breaks its line although what follows had found room.
    """
    needed = 2 if is_open else _LEVELS
    if max(map(len, cells)) < needed or sum(map(bool, cells)) < 2:
        return [cells]
    levels = _levels(cells)
    if not levels[0][0]:
        return [cells]
    starts = [0]
    for index, level in enumerate(levels):
        if index and level[0] and all(_is_deliberate(*place) for place in _breaks(levels, index, widths)):
            starts.append(index)
    filled = [[column for column, here in enumerate(levels[start]) if here] for start in starts]
    if len(starts) < needed or sum(len(columns) > 1 for columns in filled) < _FILLED * len(starts):
        return [cells]
    whole = [column for column, cell in enumerate(cells) if cell]
    if not is_open and filled.count(whole) < 2:
        return [cells]  # a heading, each cell broken as it looked best
    if any(len(level[0][0].text) < 2 and not level[0][0].text.isascii() for level in levels if level[0]):
        return [cells]  # a label set from top to bottom
    bounds = [*starts, len(levels)]
    return [
        [[line for level in levels[start:end] for line in level[column]] for column in range(len(cells))]
        for start, end in itertools.pairwise(bounds)
    ]


def _levels(cells: Sequence[_Cell]) -> list[list[_Cell]]:
    """Lines at one height, from the top; for each the lines of each cell (none or one)."""
    placed = [((line.bottom + line.top) / 2, column, line) for column, cell in enumerate(cells) for line in cell]
    placed.sort(key=lambda place: (-place[0], place[1]))
    levels: list[list[_Cell]] = []
    height = 0.0
    for middle, column, line in placed:
        if not levels or height - middle > 0.5 * line.size or levels[-1][column]:
            levels.append([[] for _ in cells])
            height = middle
        levels[-1][column].append(line)
    return levels


def _breaks(levels: Sequence[list[_Cell]], index: int, widths: Sequence[float]) -> Iterable[tuple[Line, Line, float]]:
    """For each cell with a line at this level: the line above it in the cell, this line, the width of the cell."""
    for column, here in enumerate(levels[index]):
        above = [line for level in levels[:index] for line in level[column]]
        if here and above:
            yield above[-1], here[0], widths[column]


def _is_deliberate(before: Line, line: Line, width: float) -> bool:
    return not before.text.endswith(_UNFINISHED) and _room(before, width) > unbreakable(line.text)


def _room(line: Line, width: float) -> float:
    """Em that are left in a cell beside a line."""
    return (width - (line.right - line.left)) / line.size - _PADDING
