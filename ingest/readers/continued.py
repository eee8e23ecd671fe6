"""Tables that run over a page end: the heading printed again is left out, a row cut in two is put together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.printed import Line, PrintedPage, parted_words, unbreakable

# Rows of a table's heading; points by which the edges of a table on two pages may differ.
_HEADING, _SAME = 3, 6.0
_FINISHED = tuple("。；！？;!?")
_BEGINS = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[①-⑳]|第[一二三四五六七八九十\d]+[条项]")


def joined_tables(pages: Sequence[PrintedPage]) -> tuple[list[PrintedPage], int]:
    """The pages, and how many rows of repeated headings were left out."""
    joined: list[list[Line]] = []
    table: list[Line] = []
    repeated = 0
    for page in pages:
        lines = list(page.lines)
        above = next((earlier for earlier in reversed(joined) if earlier), [])
        last = next((index for index in range(len(above) - 1, -1, -1) if not above[index].note), None)
        if last is not None and lines and _is_same_table(above[last], lines[0]):
            again = _heading_rows(table, lines)
            repeated += again
            del lines[:again]
            own = list(itertools.takewhile(lambda line: line.row, lines))
            if own and (_goes_on(above[last], own[0]) or _lacks_a_cell(own[0], [*table, *own[1:]])):
                above[last] = _whole(above[last], own[0])
                del lines[0]
        elif lines:
            table = []
        for line in lines:
            table = [*table, line] if line.row else table if line.note else []
        joined.append(lines)
    return [replace(page, lines=tuple(lines)) for page, lines in zip(pages, joined, strict=True)], repeated


def _is_same_table(row: Line, other: Line) -> bool:
    return row.row and other.row and abs(row.left - other.left) < _SAME and abs(row.right - other.right) < _SAME


def _heading_rows(table: Sequence[Line], lines: Sequence[Line]) -> int:
    """How many of the first lines repeat the first rows of the table, word for word."""
    pairs = zip(table[:_HEADING], lines, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[1].row and pair[0].text == pair[1].text, pairs))


def _goes_on(row: Line, rest: Line) -> bool:
    """Every cell of ``rest`` goes on with a sentence that has not ended, after a line that was full."""
    cells, more = row.text.split("\t"), rest.text.split("\t")
    return len(cells) == len(more) == len(row.rooms) and all(
        cell and not cell.endswith(_FINISHED) and not _BEGINS.match(addition) and room <= unbreakable(addition)
        for cell, room, addition in zip(cells, row.rooms, more, strict=True)
        if addition
    )


def _lacks_a_cell(row: Line, others: Sequence[Line]) -> bool:
    """The row lacks a cell that no other row of the table lacks: it is the lower part of one that the page end cut.

    (A cell merged over several rows is missing in other rows too.)
    """
    cells = [other.text.split("\t") for other in others if other.row]
    return len(cells) > 1 and any(
        not cell and room == 0 and all(column < len(other) and other[column] for other in cells)
        for column, (cell, room) in enumerate(zip(row.text.split("\t"), row.rooms, strict=True))
    )


def _whole(row: Line, rest: Line) -> Line:
    pairs = itertools.zip_longest(row.text.split("\t"), rest.text.split("\t"), fillvalue="")
    text = "\t".join(above + (" " if parted_words(above, below) else "") + below for above, below in pairs)
    return replace(row, text=text, bottom=rest.bottom, rooms=rest.rooms)
