"""XLSX, read from its XML: lists of policies (政策清单) and schedules of standards, one row a line.

What is read is what the sheet shows: values with their number formats, without hidden sheets, rows and columns.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, NoText
from ingest.normalize import tidy
from ingest.readers.archive import BROKEN, Package, local_name
from ingest.readers.cellformat import format_code, shown

_MAX_COLUMN, _MAX_ROW = 16_384, 1_048_576
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_HINT = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"


def read_sheet(source: SourceFile) -> SourceText:
    """One row a line, cells joined by tabs; a merged cell is read once, where it begins; empty rows and columns left out.
    Where several sheets have text, each begins with its name.

    Raises CorruptFile, NoText where no cell that is shown has text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            package = Package(archive)
            workbook = _Workbook(package)
            if not workbook.sheets:
                raise CorruptFile(f"不是有效的 Excel 文件，没有工作表：{source.path}", _HINT)
            read = [(name, _SheetReading(workbook).lines(root)) for name, root in workbook.shown()]
    except BROKEN as error:
        raise CorruptFile(f"Excel 文件已损坏，无法打开：{source.path}", _HINT) from error
    filled = [(name, lines) for name, lines in read if lines]
    if not filled:
        raise NoText(f"Excel 文件里没有文字：{source.path}", "如果内容是图片或在隐藏的工作表里，请先整理后再上传")
    text = "".join(
        f"{line}\n" for name, lines in filled for line in ([tidy(name)] if len(filled) > 1 else []) + lines if line
    )
    return SourceText(text, warnings=workbook.left_out.warnings())


@dataclass(slots=True)
class _LeftOut:
    """What a reader of the sheets does not see, counted."""

    sheets: list[str] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    unsaved: int = 0

    def warnings(self) -> tuple[str, ...]:
        found = []
        if self.sheets:
            found.append(f"有 {len(self.sheets)} 个隐藏的工作表（{'、'.join(self.sheets)[:60]}），未收入")
        if self.rows:
            found.append(f"有 {self.rows} 个隐藏的行（或被筛选掉的行），未收入")
        if self.columns:
            found.append(f"有 {self.columns} 个隐藏列中的单元格，未收入")
        if self.unsaved:
            found.append(f"有 {self.unsaved} 个公式没有保存计算结果，未收入")
        return tuple(found)


class _Sheet(NamedTuple):
    name: str
    part: str
    hidden: bool


class _Workbook:
    """Sheets in their order, shared strings and formats. Elements are found by local name: strict files use other
    namespaces than transitional ones.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        main = package.relations().by_kind.get("officeDocument", "xl/workbook.xml")
        root = package.xml(main)
        folder = posixpath.dirname(main)
        self._parts = package.relations(main).by_id
        properties = next(_named(root, "workbookPr"), None)
        self.epoch_1904 = properties is not None and _is_true(properties.get("date1904"))
        self.sheets = [self._sheet(entry) for entry in _named(root, "sheet")]
        self.left_out = _LeftOut()
        self.strings = [_text(item) for item in _named(self._beside(folder, "sharedStrings.xml"), "si")]
        self.formats = _formats(self._beside(folder, "styles.xml"))

    def shown(self) -> Iterator[tuple[str, etree._Element]]:
        for sheet in self.sheets:
            if sheet.hidden:
                self.left_out.sheets.append(sheet.name)
                continue
            root = self._package.xml(sheet.part)
            if root is not None:
                yield sheet.name, root

    def _sheet(self, entry: etree._Element) -> _Sheet:
        identity = next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")
        hidden = entry.get("state", "visible") != "visible"
        return _Sheet(entry.get("name", ""), self._parts.get(identity, ""), hidden)

    def _beside(self, folder: str, name: str) -> etree._Element | None:
        return self._package.xml(posixpath.join(folder, name))


class _SheetReading:
    """Reads the cells of one sheet and counts what is hidden."""

    def __init__(self, workbook: _Workbook) -> None:
        self._workbook = workbook
        self._left_out = workbook.left_out

    def lines(self, root: etree._Element) -> list[str]:
        hidden = [_span(column) for column in _named(root, "col") if _is_true(column.get("hidden"))]
        rows = list(self._rows(root, hidden))
        merged = sorted(filter(None, (_range(entry.get("ref", "")) for entry in _named(root, "mergeCell"))))
        _drop_covered(rows, merged)
        used = sorted({column for _, cells in rows for column in cells})
        return [line for _, cells in rows for line in _row_lines(cells, used)]

    def _rows(self, root: etree._Element, hidden: list[tuple[int, int]]) -> Iterator[tuple[int, dict[int, str]]]:
        """Row number and its texts by column; both count from 1."""
        number = 0
        for row in _named(root, "row"):
            number = _integer(row.get("r"), number + 1)
            cells = dict(self._cells(row))
            if _is_true(row.get("hidden")):
                self._left_out.rows += bool(cells)
                continue
            kept = {
                column: text for column, text in cells.items() if not any(low <= column <= high for low, high in hidden)
            }
            self._left_out.columns += len(cells) - len(kept)
            if kept:
                yield number, kept

    def _cells(self, row: etree._Element) -> Iterator[tuple[int, str]]:
        column = 0
        for cell in row:
            if local_name(cell) != "c":
                continue
            place = _place(cell.get("r", ""))
            column = place[1] if place else column + 1
            text = "\n".join(filter(None, (tidy(line).replace("\t", " ") for line in self._value(cell).split("\n"))))
            if text.strip() and column <= _MAX_COLUMN:
                yield column, text

    def _value(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(_text(child) for child in cell if local_name(child) == "is")
        children = {local_name(child): child.text or "" for child in cell}
        value = children.get("v", "")
        if kind == "n" and value:
            return self._number(value, _integer(cell.get("s"), 0))
        if kind == "s":
            index = _integer(value, -1)
            return self._workbook.strings[index] if 0 <= index < len(self._workbook.strings) else ""
        if kind == "b":
            return "是" if value == "1" else "否"
        if "f" in children and not value:
            self._left_out.unsaved += 1
        # An error (#N/A) says nothing about the policy.
        return "" if kind == "e" else value

    def _number(self, value: str, style: int) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        formats = self._workbook.formats
        return shown(number, formats[style] if 0 <= style < len(formats) else "General", self._workbook.epoch_1904)


def _row_lines(cells: dict[int, str], used: list[int]) -> list[str]:
    """A row with one text (a title over all columns, a note) is no table row."""
    if len(cells) == 1:
        return next(iter(cells.values())).split("\n")
    last = max(cells, default=0)
    return ["\t".join(cells.get(column, "").replace("\n", " ") for column in used if column <= last)] if cells else []


def _drop_covered(rows: list[tuple[int, dict[int, str]]], merged: list[tuple[int, int, int, int]]) -> None:
    """Only the first cell of a merged area is shown; some programs leave values in the others."""
    waiting, active = iter(merged), list[tuple[int, int, int, int]]()
    following = next(waiting, None)
    for number, cells in rows:
        while following and following[0] <= number:
            active.append(following)
            following = next(waiting, None)
        active = [area for area in active if area[2] >= number]
        for top, left, _, right in active:
            for column in [column for column in cells if left <= column <= right and (number, column) != (top, left)]:
                del cells[column]


def _text(item: etree._Element) -> str:
    """Runs of a string, without the pronunciation (rPh) that stands beside it."""
    runs = (run for run in item.iter() if local_name(run) == "t")
    return "".join(run.text or "" for run in runs if local_name(run.getparent()) != "rPh")


def _formats(styles: etree._Element | None) -> list[str]:
    """Number format of each cell style."""
    custom = {_integer(entry.get("numFmtId"), -1): entry.get("formatCode", "") for entry in _named(styles, "numFmt")}
    table = next(_named(styles, "cellXfs"), None)
    return [format_code(_integer(entry.get("numFmtId"), 0), custom) for entry in _named(table, "xf")]


def _named(root: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local_name(element) == name) if root is not None else iter(())


def _place(reference: str) -> tuple[int, int] | None:
    """``C7`` → row 7, column 3."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return min(int(found[2]), _MAX_ROW), column


def _range(reference: str) -> tuple[int, int, int, int] | None:
    """``A1:C2`` → first row, first column, last row, last column."""
    first, _, last = reference.partition(":")
    start, end = _place(first), _place(last or first)
    return (*start, *end) if start and end else None


def _span(column: etree._Element) -> tuple[int, int]:
    return _integer(column.get("min"), 0), _integer(column.get("max"), 0)


def _integer(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else default


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
