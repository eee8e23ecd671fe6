"""Rows and cells of a table on its grid: merged cells once, cells that span columns in the column where they begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.readers.word.parts import COMPATIBILITY, W, chosen, is_on, value_of

# Word itself has at most 63 columns.
_MAX_SPAN = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """``is_covered``: the lower or right part of a merged cell; what stands in it is not shown."""

    element: etree._Element
    column: int
    is_covered: bool
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Row:
    """``columns``: the columns of the grid in which a cell of the table begins."""

    element: etree._Element
    cells: tuple[Cell, ...]
    columns: tuple[int, ...]
    is_deleted: bool
    is_hidden: bool


def rows_of(table: etree._Element) -> list[Row]:
    """Rows in order, those that are deleted or hidden with them."""
    read = [(row, list(_on_grid(row))) for row in _under(table, "tr")]
    covered = _covered(cells for _, cells in read)
    columns = tuple(sorted({column for _, cells in read for column, _ in cells}))
    return [
        Row(
            row,
            tuple(Cell(cell, column, cell in covered, _has(cell, "tcPr/w:cellDel")) for column, cell in cells),
            columns,
            is_deleted=_has(row, "trPr/w:del"),
            is_hidden=is_on(row.find(f"{W}trPr/{W}hidden")),
        )
        for row, cells in read
    ]


def _on_grid(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    column = _count(row.find(f"{W}trPr/{W}gridBefore"), 0)
    for cell in _under(row, "tc"):
        yield column, cell
        column += max(1, _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1))


def _covered(rows: Iterator[list[tuple[int, etree._Element]]]) -> set[etree._Element]:
    """Cells that go on with the cell above (w:vMerge) or, in old files, with the one to the left (w:hMerge)."""
    found: set[etree._Element] = set()
    above: set[int] = set()
    for cells in rows:
        merged: set[int] = set()
        for place, (column, cell) in enumerate(cells):
            vertical, horizontal = cell.find(f"{W}tcPr/{W}vMerge"), cell.find(f"{W}tcPr/{W}hMerge")
            goes_on = vertical is not None and value_of(vertical) != "restart"
            if vertical is not None and (not goes_on or column in above):
                merged.add(column)
            if (goes_on and column in above) or (
                place and horizontal is not None and value_of(horizontal) != "restart"
            ):
                found.add(cell)
        above = merged
    return found


def _under(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of a table, or cells of a row, also inside content controls and revisions."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag == W + "sdt":
            content = child.find(W + "sdtContent")
            yield from () if content is None else _under(content, name)
        elif child.tag == COMPATIBILITY + "AlternateContent":
            branch = chosen(child)
            yield from () if branch is None else _under(branch, name)
        elif child.tag in (W + "ins", W + "moveTo", W + "customXml", W + "smartTag"):
            yield from _under(child, name)


def _has(element: etree._Element, path: str) -> bool:
    return element.find(f"w:{path}", {"w": W[1:-1]}) is not None


def _count(element: etree._Element | None, default: int) -> int:
    value = value_of(element) or ""
    return min(int(value), _MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 9 else default
