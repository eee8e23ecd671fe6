"""Tables of a draft: as wide as the text, columns as wide as what stands in them, the head again on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from math import ceil
from types import MappingProxyType
from typing import NamedTuple

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Length, Pt
from docx.table import Table, _Cell

from qa.word_page import HEITI, TEXT_WIDTH, Look
from qa.word_text import add_marked, rows_of_text, width_of

_SMALL_FOUR, _FIVE, _SMALL_FIVE = Pt(12), Pt(10.5), Pt(9)  # 小四 五号 小五
_PADDING = Pt(12)  # left and right of a cell together, with its border
_SLACK, _MARK = 0.6, 0.9  # characters: what programs differ in measuring; a raised mark
# Of widths, found by eye: a column with a text of 100 characters gets 4 times the room of one with 10.
_LONG, _SHARE = 120.0, 0.6
_WHOLE = 18  # lines: a taller row may go on on the next page
_TALL = 6  # lines
_MANY = 8  # columns: they need the smallest size
_GAP = Pt(10)

_KEPT_WHOLE, _NUMBER = ("文号", "发文字号"), 11.0  # 清政办〔2024〕21号 on one line
_NAMES_SOURCE = ("依据", "引用条款")  # heads of columns

Rows = Sequence[Sequence[str]]
Marks = tuple[int, ...]


class Column(NamedTuple):
    """``width`` in characters; ``is_short``: each of its texts stands on one line."""

    width: float
    is_short: bool


def add_table(document: WordDocument, heads: Sequence[str], rows: Rows, row_marks: Sequence[Marks] = ()) -> None:
    """The table and a little room below it, which also keeps it apart from a table that follows at once. ``row_marks`` stand
    in the cell of a row that names its source, else in the first.
    """
    place = marked_column(heads)
    size, columns = _fitted([heads, *rows], place, _MARK * min(3, max(map(len, row_marks), default=0)))
    table = document.add_table(0, len(heads), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for shown, column in zip(table.columns, columns, strict=True):
        shown.width = Length(round(column.width * size) + _PADDING)
    _add_row(table, heads, columns, size, is_head=True)
    for texts, marks in zip_longest(rows, row_marks[: len(rows)], fillvalue=()):
        _add_row(table, texts, columns, size, {place: marks})
    document.add_paragraph().paragraph_format.line_spacing = _GAP


def marked_column(heads: Sequence[str]) -> int:
    """Where the marks of a row stand: beside 【待定】 they would say that a file has it so."""
    return next((heads.index(name) for name in _NAMES_SOURCE if name in heads), 0)


def _fitted(rows: Rows, place: int, room_for_marks: float) -> tuple[Length, list[Column]]:
    """The size at which no row gets tall, else the smallest, and the columns in it."""
    sizes = (_SMALL_FIVE,) if len(rows[0]) >= _MANY else (_SMALL_FOUR, _FIVE)
    for size in sizes:
        columns = _columns(rows, (TEXT_WIDTH - len(rows[0]) * _PADDING) / size, place, room_for_marks)
        if max(_lines(texts, columns) for texts in rows) <= _TALL:
            break
    return size, columns


def _columns(rows: Rows, room: float, place: int, room_for_marks: float) -> list[Column]:
    """Together ``room`` wide: short columns as wide as their longest text, the rest shared by the others by what they hold,
    but so that a long text leaves the others readable.
    """
    natural = [max(map(_longest, column)) + _SLACK for column in zip(*rows, strict=True)]
    natural[place] += room_for_marks
    weights = [min(_LONG, width) ** _SHARE for width in natural]
    found = [0.0] * len(natural)
    waiting, left = set(range(len(natural))), room
    while waiting:
        shares = {i: left * weights[i] / sum(weights[j] for j in waiting) for i in waiting}
        least = left / len(waiting) / 2
        whole = {i for i in waiting if rows[0][i] in _KEPT_WHOLE and natural[i] <= _NUMBER}
        fitting = whole | {i for i in waiting if natural[i] <= max(shares[i], least)}
        for i in fitting or waiting:
            found[i] = natural[i] if fitting else shares[i]
            left -= found[i]
        waiting -= fitting or waiting
    scale = room / sum(found)
    return [Column(width * scale, longest - _SLACK <= width) for width, longest in zip(found, natural, strict=True)]


def _longest(text: str) -> float:
    return max((width_of(line) for line in text.split("\n")), default=0.0)


def _lines(texts: Sequence[str], columns: Sequence[Column]) -> int:
    """Lines of the tallest cell of a row."""
    return max(
        sum(max(1, ceil(width_of(line) / max(1, column.width))) for line in text.split("\n"))
        for text, column in zip(texts, columns, strict=True)
    )


def _add_row(
    table: Table,
    texts: Sequence[str],
    columns: Sequence[Column],
    size: Length,
    marks: Mapping[int, Marks] = MappingProxyType({}),
    is_head: bool = False,
) -> None:
    """``marks`` by the place of their cell."""
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    if _lines(texts, columns) <= _WHOLE:
        properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    cells = row.cells
    for place, (cell, text, column) in enumerate(zip(cells, texts, columns, strict=True)):
        cell.width = Length(round(column.width * size) + _PADDING)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _fill(cell, text, marks.get(place, ()), HEITI if is_head else "")
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = is_head or None  # the head stays with the first row
            if is_head or column.is_short:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            for run in paragraph.runs:
                run.font.size = size


def _fill(cell: _Cell, text: str, marks: Marks, font: str) -> None:
    lines = rows_of_text(text) or [""]
    for number, line in enumerate(lines, 1):
        paragraph = cell.paragraphs[0] if number == 1 else cell.add_paragraph()
        paragraph._p.style = Look.CELL
        add_marked(paragraph, line, marks if number == len(lines) else (), font)
