"""Rows of a table: the cells of a row, those that it takes over from the rows above, and what the head calls them.

A cell that is merged over several rows is printed once, in the first of them; the readers leave its place in the others
empty, because no text of a file is repeated. How a head is found: ``ingest.table_head``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import Literal

from ingest.document import Clause, PolicyDocument, Span
from ingest.normalize import fold
from ingest.table_head import TableHead, find_head, is_alike, repeats

# A table goes on below so many short paragraphs: the title of a group that spans it, the mark of a page; none of them
# the title of another table.
_MOST_BETWEEN, _LONGEST_BETWEEN = 2, 40
_TITLE = re.compile(r"^(?:附件|附表|表) ?[\d一二三四五六七八九十]|(?<!续)(?:表|清单)\)?$")
_LOOKED_AT = 40  # rows that tell what the head is
# Paragraphs above a table among which its unit is looked for: 附表, title, 单位：万元.
_ABOVE, _LONGEST_ABOVE = 3, 80
_NO_TITLE = re.compile(r"^\(?(?:续|注|备注|说明|(?:金额|计量)?单位 ?:|[-\d ]+$|第? ?\d+ ?页)")
_UNIT = re.compile(
    r"(?<![\u4e00-\u9fff])(?:金额|计量|货币)?单位 ?: ?"
    r"(?P<unit>(?:[十百千万亿]{0,3}(?:人民币|美|欧)?(?:元|人次|人|户|家|个|吨|公顷|亩|平方米|平方公里|公里|米|项|件|辆|台|套)|[%‰])"
    r"(?:[/、, ][^\s()、,/]{1,6}){0,4})"
)
_BARE_FIGURE = re.compile(r"[约近≥≤><±]{0,2}\d[\d,.]{0,20}(?:[-~至]\d[\d,.]{0,20})?")
_DASH = re.compile("[-—–－/]{1,3}")
_COUNTS = re.compile(r"序号|编号|年份?|年度")


@dataclass(frozen=True, slots=True)
class Cell:
    """``span`` in the text of the document, without white space at either end; ``clause``: the row in which it is printed."""

    clause: Clause
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """``head``: the words of the table's head, row by row, with the unit of its figures; ``names``: for each cell the cells
    that name it, from the top (补贴标准, 第一年); ``group``: the title of the rows among which it stands. ``is_head``: the
    row is part of the head, or a caption above it.
    """

    head: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    names: tuple[tuple[Cell, ...], ...]
    unit: Cell | None = None
    group: Cell | None = None
    is_head: bool = False

    def taken_over(self, clause: Clause) -> tuple[Cell, ...]:
        """Cells that hold for the row ``clause`` and are printed in a row above it."""
        return tuple(cell for cell in self.cells if cell.clause is not clause)

    def pairs(self, text: str) -> tuple[tuple[str, str], ...]:
        """Name and value of each filled cell, in the words of the table: ``("补贴标准·第一年", "5")``. The name is empty where
        the table has none. First the title of the group, last the unit where a figure has none: ``("单位", "万元")``.
        """
        named = tuple(("·".join(_name(cell, text) for cell in names), value) for names, value in self._filled(text))
        return (*self._title(text), *named, *self._measure(text, named))

    def said(self, text: str) -> tuple[str, ...]:
        """The row as people read it, each name once: ``人才类别：博士研究生``, ``补贴标准（第一年：5，第二年：3）``, ``单位：万元``."""
        counted = [(names, value) for names, value in self._filled(text) if not _is_number(names, text)]
        named = tuple(_joined(counted, text))
        measured = self._measure(text, self.pairs(text))
        return (*(title for _, title in self._title(text)), *named, *(f"{name}：{unit}" for name, unit in measured))

    def _filled(self, text: str) -> list[tuple[tuple[Cell, ...], str]]:
        naming = set(chain.from_iterable(self.names))
        alone = sum(not _is_empty(cell) for cell in self.cells) == 1
        return [
            (() if alone else names, cell.span.of(text))
            for names, cell in zip(self.names, self.cells, strict=True)
            if not _is_empty(cell) and cell not in naming
        ]

    def _title(self, text: str) -> tuple[tuple[str, str], ...]:
        return (("", self.group.span.of(text)),) if self.group else ()

    def _measure(self, text: str, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        if self.unit is None or not any(_is_measured(name, value) for name, value in pairs):
            return ()
        name, _, unit = re.sub(r"\s", "", self.unit.span.of(text)).replace(":", "：").partition("：")
        return ((name, unit),)

    @property
    def head_rows(self) -> tuple[Clause, ...]:
        """The clauses in which the head and the unit are printed, in order."""
        return tuple({cell.clause.id: cell.clause for cell in self.head}.values())

    def above(self, clause: Clause) -> tuple[Cell, ...]:
        """What of the table the row ``clause`` rests on: the rows of its head, its unit, the title of its group, merged cells."""
        rows = (Cell(head, _tight(head)) for head in self.head_rows)
        return (*rows, *([self.group] if self.group else []), *self.taken_over(clause))

    def has_sum(self, text: str) -> bool:
        """Whether it states an amount of money, though 元 may stand only in the head or above the table."""
        unit = self.unit.span.of(text) if self.unit else ""
        return any(
            _BARE_FIGURE.fullmatch(fold(value)) and ("元" in name or ("元" in unit and _is_measured(name, value)))
            for name, value in self.pairs(text)
        )


@dataclass(frozen=True, slots=True)
class _Printed:
    """A row as it is printed: its cells, and their words."""

    clause: Clause
    cells: tuple[Cell, ...]
    words: tuple[str, ...]


@dataclass(slots=True)
class _Table:
    """What the rows above say of the next. ``opening``: the words of the first row of the head; ``last``: for each column
    its last filled cell, which may be merged with those below; ``row``: the words of the last row of several cells;
    ``group``: the title of the rows below, a row itself or a paragraph; ``marked``: where no value is, the table prints a dash.
    """

    kind: Literal["columns", "pairs", "none"] = "none"
    head: tuple[Cell, ...] = ()
    names: tuple[tuple[Cell, ...], ...] = ()
    unit: Cell | None = None
    opening: tuple[str, ...] = ()
    last: dict[int, Cell] = field(default_factory=dict)
    row: tuple[str, ...] = ()
    group: Cell | None = None
    marked: bool = False

    def names_of(self, cells: Sequence[Cell]) -> tuple[tuple[Cell, ...], ...]:
        if self.kind == "pairs":
            said = len(cells) == 2 and not any(map(_is_empty, cells))
            return ((), (cells[0],)) if said else ((),) * len(cells)
        names = [self.names[column] if column < len(self.names) else () for column in range(len(cells))]
        if self.marked:  # an empty place is of the cell to its left, which then holds for several columns
            reaching = [
                _is_empty(cells[column + 1]) and len(names[column]) > 1 and names[column][:-1] == names[column + 1][:-1]
                for column in range(len(cells) - 1)
            ]
            names = [name[:-1] if reaches else name for name, reaches in zip(names, [*reaching, False], strict=True)]
        return tuple(names)


def table_rows(document: PolicyDocument) -> dict[str, Row]:
    """Every row of every table of the document, by the id of its clause."""
    found: dict[str, Row] = {}
    table, above = _Table(), list[Clause]()
    for is_table, run in groupby(document.clauses, key=lambda clause: clause.kind == "table_row"):
        clauses = list(run)
        if is_table:
            table = _read(document, [_printed(document, clause) for clause in clauses], table, above, found)
        above = clauses
    return found


def _read(
    document: PolicyDocument, rows: Sequence[_Printed], table: _Table, above: Sequence[Clause], found: dict[str, Row]
) -> _Table:
    """Reads neighbouring rows into ``found``: one table, or several of which each begins with its head."""
    start = 0
    while start < len(rows):
        opens = start > 0 or not _goes_on(table, rows, above)
        body = start
        if opens:
            head = find_head([row.words for row in rows[start : start + _LOOKED_AT]])
            body += head.rows
            found.update(
                (row.clause.id, Row((), row.cells, ((),) * len(row.cells), is_head=True)) for row in rows[start:body]
            )
            table = _opened(document, rows[start:], head, above if start == 0 else (), table)
        else:
            table.last.clear()
            table.group = _title_above(above)
        end = next((n for n in range(body, len(rows)) if repeats(rows[n].words, table.opening)), len(rows))
        found.update((row.clause.id, _row(row, table)) for row in rows[body:end])
        start = end
    return table


def _opened(
    document: PolicyDocument, rows: Sequence[_Printed], head: TableHead, above: Sequence[Clause], before: _Table
) -> _Table:
    names = tuple(tuple(rows[row].cells[column] for row, column in path) for path in head.names)
    first = min((row for path in head.names for row, _ in path), default=0)
    opening = rows[first].words if head.kind == "columns" else ()
    again = bool(opening) and opening == before.opening
    unit = _unit(document, [*above[-_ABOVE:], *(row.clause for row in rows[:first])]) or (
        before.unit if again else None
    )
    naming = sorted(set(chain.from_iterable(names)), key=lambda cell: cell.span.start)
    # Where a head is only printed again, cells above it may go on below.
    last = before.last if again else {}
    marked = any(_DASH.fullmatch(word) for row in rows[head.rows :] for word in row.words)
    return _Table(head.kind, (*([unit] if unit else []), *naming), names, unit, opening, last, marked=marked)


def _unit(document: PolicyDocument, above: Sequence[Clause]) -> Cell | None:
    """单位：万元, in a line of its own or at the end of the title of the table."""
    for clause in reversed(above):
        match = _UNIT.search(fold(clause.text)) if len(clause.text) <= _LONGEST_ABOVE else None
        if match:
            return Cell(clause, Span(clause.span.start + match.start(), clause.span.start + match.end()))
    return None


def _goes_on(table: _Table, rows: Sequence[_Printed], between: Sequence[Clause]) -> bool:
    """Whether rows below a short paragraph (the title of a group, the mark of a page) are of the table above it."""
    if table.kind != "columns" or len(between) > _MOST_BETWEEN or repeats(rows[0].words, table.opening):
        return False
    texts = [fold(clause.text).strip() for clause in between]
    if any(len(text) > _LONGEST_BETWEEN or text.endswith("。") or _TITLE.search(text) for text in texts):
        return False
    if max(len(row.words) for row in rows) != len(table.names):
        return False
    return (
        not table.row
        or is_alike(rows[0].words, table.row)
        or find_head([r.words for r in rows[:_LOOKED_AT]]).kind != "columns"
    )


def _title_above(between: Sequence[Clause]) -> Cell | None:
    """The title of the rows below, where the paragraphs above them have one."""
    for clause in reversed(between):
        if _NO_TITLE.search(fold(clause.text).strip()) is None:
            return Cell(clause, _tight(clause))
    return None


def _row(row: _Printed, table: _Table) -> Row:
    completed = list(row.cells)
    floor = 0
    for column in range(_leading_empty(row.cells)):
        cell = table.last.get(column)
        # What stands to the right of a merged cell belongs to it: nothing from above its first row.
        if cell and cell.clause.span.start >= floor:
            completed[column], floor = cell, cell.clause.span.start
    filled = [column for column, word in enumerate(row.words) if word]
    if filled == [0]:
        table.last.clear()  # no cell reaches over the title of a group
        table.group = row.cells[0]
    elif len(filled) > 1:
        table.last.update((column, row.cells[column]) for column in filled)
        table.row = row.words
    group = table.group
    if group and group.clause.kind == "table_row" and group.clause.id != row.clause.parent:
        group = None  # it is a note, or this row itself
    return Row(table.head, tuple(completed), table.names_of(completed), table.unit, group)


def _tight(clause: Clause) -> Span:
    words = clause.text
    return Span(clause.span.start + len(words) - len(words.lstrip()), clause.span.start + len(words.rstrip()))


def _leading_empty(cells: Sequence[Cell]) -> int:
    return next((column for column, cell in enumerate(cells) if not _is_empty(cell)), 0)


def _is_empty(cell: Cell) -> bool:
    return cell.span.start == cell.span.end


def _name(cell: Cell, text: str) -> str:
    """The name of a column without the spaces where it goes on in another line of its cell."""
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff(（])", "", cell.span.of(text))


def _joined(named: Sequence[tuple[tuple[Cell, ...], str]], text: str) -> Iterator[str]:
    """Neighbouring cells below one name together: 补贴标准（第一年：5，第二年：3）."""
    for name, run in groupby(named, key=lambda cell: cell[0][:1]):
        cells = list(run)
        if not name:
            yield from (value for _, value in cells)
        elif len(cells) == 1:
            yield f"{'·'.join(_name(cell, text) for cell in cells[0][0])}：{cells[0][1]}"
        else:
            inner = "，".join(_joined([(names[1:], value) for names, value in cells], text))
            yield f"{_name(name[0], text)}（{inner}）"


def _is_number(names: Sequence[Cell], text: str) -> bool:
    return len(names) == 1 and names[0].span.of(text) == "序号"


def _is_measured(name: str, value: str) -> bool:
    """A figure without a unit, in a column whose name has none."""
    name = fold(name)
    return _BARE_FIGURE.fullmatch(fold(value)) is not None and not (name.endswith(")") or _COUNTS.fullmatch(name))


def _printed(document: PolicyDocument, clause: Clause) -> _Printed:
    cells = tuple(Cell(clause, span) for span in _cell_spans(clause.span.of(document.text), clause.span.start))
    return _Printed(clause, cells, tuple(" ".join(cell.span.of(document.text).split()) for cell in cells))


def _cell_spans(text: str, start: int) -> Iterator[Span]:
    for part in text.rstrip("\r\n").split("\t"):
        left = start + len(part) - len(part.lstrip())
        yield Span(left, max(left, start + len(part.rstrip())))
        start += len(part) + 1
