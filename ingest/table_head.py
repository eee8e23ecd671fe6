"""The head of a table: how many of its rows name its columns, and which of their cells name which column.

A head may have several rows: 补贴标准 printed once over 第一年 and 第二年. A cell that spans columns stands in the first of
them, one that spans rows in the first of these, and the places that they cover are empty (some converters repeat the
words there). A table may have no head at all, or name what a row is about in the row itself: 支持对象 | 小微企业.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.normalize import fold

Place = tuple[int, int]  # row and column, from 0
Cells = Sequence[Sequence[str]]
# A longer cell is text, and no name of a column.
_LONGEST_NAME = 40
_MOST_ROWS = 5
# Rows below a head that tell whether it is one.
_LOOKED_AT = 30
# A column of which so large a share is figures is named by what stands above it.
_MOSTLY = 0.6
_SENTENCE = re.compile(r"[。；;！？]")
_TO_FILL = re.compile(r"(?<!\d)年\s*月\s*日|_{3,}")
_FIGURE = re.compile(
    r"[约近≥≤><±]{0,2}\d[\d,. ]{0,20}(?:[-~至]\d[\d,.]{0,20})?(?P<unit>[%‰]|[十百千万亿]{0,3}(?:美?元|人|家|个|亩|吨|户|分)?)"
    r"(?:[/每]\S{1,4})?"
)
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_NUMBERED = re.compile(r"\(?([1-9]\d?)\)?(?:=.{1,20})?|[甲乙丙丁]")
# What columns of a list are called, and 支持对象, 办理时限 … in the first cell of a row.
_NAMES_VALUES = re.compile(
    r".{0,10}(?:标准|金额|额度|数额|数量|比例|内容|说明|备注|要求|条件|时间|时限|期限|日期|单位|部门|方式|名称|范围|措施|依据|材料"
    r"|限值|上限|类型|类别|等级|对象|事项|任务|职责|分工|文号|条款|电话|地址|情况|理由|得分|分值|指标|人数|政策|渠道|流程|联系人)"
    r"(?:\(.{1,12}\))?"
)
_LABELS = re.compile("项目|事项|名称|要素|栏目|类别|条目")
_NUMBER_COLUMN = re.compile(r"序号|编号")


@dataclass(frozen=True, slots=True)
class TableHead:
    """``rows``: so many rows at the top name columns or are captions above these. ``names``: for each column the cells that
    name it, from the top. ``kind``: columns are named by the head, by the first cell of each row, or by nothing.
    """

    rows: int
    names: tuple[tuple[Place, ...], ...]
    kind: Literal["columns", "pairs", "none"]


def find_head(cells: Cells) -> TableHead:
    """The head of a table. ``cells``: the words of all its rows, which need not be of one length."""
    width = max(map(len, cells), default=0)
    table = [[*row, *[""] * (width - len(row))] for row in cells]
    first = next((number for number in range(len(table)) if _opens(table, number)), None)
    if first is None:
        return TableHead(0, ((),) * width, "none")
    levels = _levels(table, first)
    body = [row for row in table[first + len(levels) : first + len(levels) + _LOOKED_AT] if _filled(row) > 1]
    if not _is_head(table[first], body, several=len(levels) > 1):
        pairs = width == 2 and not any(_TO_FILL.search(cell) for row in table for cell in row)
        labelled = pairs and bool(_LABELS.fullmatch(table[first][0]) and _NAMES_VALUES.fullmatch(fold(table[first][1])))
        return TableHead(first + 1 if labelled else 0, ((),) * width, "pairs" if pairs else "none")
    rows = first + len(levels)
    return TableHead(rows + _is_numbering(table, rows), _names(table, first, levels), "columns")


def is_alike(cells: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two rows have a figure of the same kind in the same column, so that neither names what stands in the other."""
    return any(_are_alike(cell, other) for cell, other in zip(cells, others, strict=False))


def repeats(cells: Sequence[str], head: Sequence[str]) -> bool:
    """Whether a row begins a head again: its first cell is that of the head above."""
    return bool(head and head[0]) and cells[0] == head[0] and _filled(cells) > 1


def _opens(table: Cells, number: int) -> bool:
    """Whether the row is the first of a head or of values: it has several cells, or one over all columns but the first."""
    row = table[number]
    return _filled(row) > 1 or (_filled(row) == 1 and not row[0] and len(_levels(table, number)) > 1)


def _filled(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def _levels(table: Cells, first: int) -> list[list[int]]:
    """For each row of the head, and each column, the column in which the cell of this row that names it stands."""
    names = list(table[first])
    level = _owners(names, [0] * len(names))
    levels = [level]
    for number in range(first + 1, min(first + _MOST_ROWS, len(table))):
        if not _goes_below(table[number], names, level) or not _leaves_values(table, number, names, level):
            break
        above, level = level, _owners(table[number], level)
        names = [table[number][level[column]] or names[above[column]] for column in range(len(names))]
        levels.append(level)
    return levels


def _owners(row: Sequence[str], above: Sequence[int]) -> list[int]:
    """An empty cell belongs to the filled one to its left, where both stand below the same cell."""
    owners: list[int] = []
    for column, cell in enumerate(row):
        left = owners[-1] if owners and above[column] == above[column - 1] else None
        goes_on = left is not None and (not cell or cell == row[left]) and bool(row[left])
        owners.append(left if goes_on and left is not None else column)
    return owners


def _goes_below(row: Sequence[str], names: Sequence[str], level: Sequence[int]) -> bool:
    """Whether the row parts what the head above has joined, and begins with what it has not, which is empty here."""
    joined = [level.count(owner) > 1 for owner in level]
    parted = [cell for column, cell in enumerate(row) if cell and joined[column]]
    first = next((column for column, name in enumerate(names) if name and not joined[column]), None)
    if first is not None and row[first] not in ("", names[first]):
        return False
    shared = [owner for owner, cell in zip(level, row, strict=True) if cell]
    if len(set(shared)) == len(shared):
        return False  # labels of a form, one below the other
    figures = sum(_FIGURE.fullmatch(fold(cell)) is not None and not _YEAR.fullmatch(fold(cell)) for cell in parted)
    long = any(len(cell) > _LONGEST_NAME or _SENTENCE.search(cell) for cell in row)
    return len(set(parted)) > 1 and not long and 2 * figures < len(parted)


def _leaves_values(table: Cells, number: int, names: Sequence[str], level: Sequence[int]) -> bool:
    """Whether the rows below fill columns that this row leaves empty; where there are none, whether they have the figures."""
    row, body = table[number], table[number + 1 : number + 1 + _LOOKED_AT]
    whole = [c for c, name in enumerate(names) if name and row[c] in ("", name) and level.count(level[c]) == 1]
    if not body:
        return True
    if whole:
        return any(other[column] not in ("", names[column]) for other in body for column in whole)
    return len(set(row)) < len(row) or any(_FIGURE.fullmatch(fold(cell)) for other in body for cell in other)


def _names(table: Cells, first: int, levels: Sequence[Sequence[int]]) -> tuple[tuple[Place, ...], ...]:
    return tuple(tuple(_path(table, first, levels, column)) for column in range(len(table[first])))


def _path(table: Cells, first: int, levels: Sequence[Sequence[int]], column: int) -> Iterator[Place]:
    if len(levels) == 1 and levels[0][column] != column:
        return  # an empty cell of a head in one row may as well be no name
    above = ""
    for number, level in enumerate(levels, first):
        cell = table[number][level[column]]
        if cell and cell != above:
            yield number, level[column]
            above = cell


def _is_head(row: Sequence[str], body: Cells, several: bool) -> bool:
    if several:
        return not body or not _is_form(body) or _has_figures(body)
    if any(len(cell) > _LONGEST_NAME or _SENTENCE.search(cell) for cell in row):
        return False
    if any(is_alike(row, other) for other in body[:2]) or _is_form([row, *body]):
        return False
    if len(row) > 2:
        return bool(body) or not any(_FIGURE.fullmatch(fold(cell)) for cell in row)
    if _NUMBER_COLUMN.fullmatch(row[0]):
        return True
    labels = sum(_NAMES_VALUES.fullmatch(fold(other[0])) is not None for other in body)
    if 2 * labels > len(body):
        return False
    figures = sum(_FIGURE.fullmatch(fold(other[1])) is not None for other in body)
    return _NAMES_VALUES.fullmatch(fold(row[1])) is not None or figures > _MOSTLY * len(body)


def _is_form(table: Cells) -> bool:
    """Labels with room beside them: it says nothing yet."""
    if any(_TO_FILL.search(cell) for row in table for cell in row):
        return True
    own = [row[next(column for column, cell in enumerate(row) if cell) :] for row in table]
    return 2 * sum(map(_filled, own)) <= sum(map(len, own))


def _has_figures(body: Cells) -> bool:
    """Whether most rows state figures: then the empty places beside them are of cells merged over several columns."""
    stated = sum(any(_FIGURE.fullmatch(fold(cell)) for cell in row[1:] if cell) for row in body)
    return 2 * stated > len(body)


def _are_alike(cell: str, other: str) -> bool:
    first, second = fold(cell), fold(other)
    figures = _FIGURE.fullmatch(first), _FIGURE.fullmatch(second)
    if figures[0] and figures[1]:
        units = [figure["unit"].lstrip("十百千万亿") for figure in figures if figure]
        return units[0] == units[1] and not (_YEAR.fullmatch(first) and not _YEAR.fullmatch(second))
    return bool(re.search(r"\d", first)) and _shape(first) == _shape(second)


def _shape(text: str) -> str:
    return re.sub(r"\d[\d.,]*", "9", text)


def _is_numbering(table: Cells, number: int) -> bool:
    """(1)(2)(3) or 甲 1 2 below the names of the columns: no values."""
    if number >= len(table) or _filled(table[number]) < max(3, len(table[number])):
        return False
    found = [_NUMBERED.fullmatch(fold(cell)) for cell in table[number]]
    counted = [int(match[1]) for match in found if match and match[1]]
    return all(found) and counted == list(range(1, len(counted) + 1)) and len(counted) > 1
