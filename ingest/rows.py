"""Rows of a table: its head, and the cells of a row with those that it takes over from the rows above.

A cell that is merged over several rows is printed once, in the first of them; the readers leave its place in the others
empty, because no text of a file is repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.document import Clause, PolicyDocument, Span


@dataclass(frozen=True, slots=True)
class Cell:
    """``span`` in the text of the document, without white space at either end; ``clause``: the row in which it is printed."""

    clause: Clause
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """``head``: the cells of the table's first row of several cells; empty for that row itself and for a caption."""

    head: tuple[Cell, ...]
    cells: tuple[Cell, ...]

    def taken_over(self, clause: Clause) -> tuple[Cell, ...]:
        """Cells that hold for the row ``clause`` and are printed in a row above it."""
        return tuple(cell for cell in self.cells if cell.clause is not clause)


def table_rows(document: PolicyDocument) -> dict[str, Row]:
    """Every row of every table of the document, by the id of its clause."""
    found: dict[str, Row] = {}
    for is_table, run in groupby(document.clauses, key=lambda clause: clause.kind == "table_row"):
        if is_table:
            found.update(_table(document, list(run)))
    return found


def _table(document: PolicyDocument, rows: Sequence[Clause]) -> Iterator[tuple[str, Row]]:
    head: tuple[Cell, ...] = ()
    # The last filled cell of a column, of rows with so many cells, and the number of its row.
    last: dict[tuple[int, int], tuple[int, Cell]] = {}
    for number, clause in enumerate(rows):
        cells = _cells(document, clause)
        completed = list(cells)
        floor = 0
        for column in range(_leading_empty(cells)):
            above, cell = last.get((len(cells), column), (-1, cells[column]))
            # What stands to the right of a merged cell belongs to it: nothing from above its first row.
            if above >= floor:
                completed[column], floor = cell, above
        yield clause.id, Row(head, tuple(completed))
        filled = [(column, cell) for column, cell in enumerate(cells) if not _is_empty(cell)]
        if head and len(filled) > 1:  # a row with one filled cell is the title of a group
            last.update({(len(cells), column): (number, cell) for column, cell in filled})
        elif not head and len(cells) > 1 and len(filled) > 1:
            head = cells


def _leading_empty(cells: Sequence[Cell]) -> int:
    return next((column for column, cell in enumerate(cells) if not _is_empty(cell)), 0)


def _is_empty(cell: Cell) -> bool:
    return cell.span.start == cell.span.end


def _cells(document: PolicyDocument, clause: Clause) -> tuple[Cell, ...]:
    return tuple(Cell(clause, span) for span in _cell_spans(clause.span.of(document.text), clause.span.start))


def _cell_spans(text: str, start: int) -> Iterator[Span]:
    for part in text.rstrip("\r\n").split("\t"):
        left = start + len(part) - len(part.lstrip())
        yield Span(left, max(left, start + len(part.rstrip())))
        start += len(part) + 1
