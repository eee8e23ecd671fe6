"""XLSX: one sheet with a title over all columns, a note, the table, and the last line."""

from __future__ import annotations

import io
import math
import zipfile
from xml.sax.saxutils import escape

from tests.corpus_makers.letter import frozen_zip
from tests.corpus_makers.source import Line, Source, blocks

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TITLE, NOTE, HEADER, TEXT, CENTRED = 1, 2, 3, 4, 5  # cell styles
FIXED_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for name, kind in (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"))
    )
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="政策清单" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="4">'
    + "".join(
        f'<font><sz val="{size}"/><name val="{name}"/></font>'
        for size, name in ((11, "宋体"), (18, "方正小标宋简体"), (11, "黑体"), (11, "仿宋_GB2312"))
    )
    + '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/></border><border>'
    + "".join(f'<{side} style="thin"/>' for side in ("left", "right", "top", "bottom"))
    + '</border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6"><xf/>'
    + "".join(
        f'<xf fontId="{font}" borderId="{border}" applyFont="1" applyBorder="1" applyAlignment="1">'
        f'<alignment horizontal="{align}" vertical="center" wrapText="1"/></xf>'
        for font, border, align in ((1, 0, "center"), (3, 0, "left"), (2, 1, "center"), (3, 1, "left"), (3, 1, "center"))
    )
    + "</cellXfs></styleSheet>",
}  # fmt: skip


def as_sheet(source: Source) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (FIXED_PARTS | {"xl/worksheets/sheet1.xml": _sheet(source)}).items():
            archive.writestr(name, HEAD + content)
    return frozen_zip(buffer.getvalue())


def _sheet(source: Source) -> str:
    widths = [int(width) for width in source.fields["widths"].split()]
    rows: list[str] = []
    wide: list[int] = []  # rows with one text over all columns
    for kind, lines in blocks(source.lines):
        if kind == "table":
            rows += [_table_row(line, len(rows) + n, widths, line is lines[0]) for n, line in enumerate(lines, 1)]
        else:
            wide.append(len(rows) + 1)
            style, height = (TITLE, 36) if kind == "title" else (NOTE, 20)
            rows.append(_row(len(rows) + 1, height, _cell(f"A{len(rows) + 1}", lines[0].text, style)))
    last = chr(64 + len(widths))
    columns = "".join(f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>' for i, w in enumerate(widths, 1))
    merged = "".join(f'<mergeCell ref="A{row}:{last}{row}"/>' for row in wide)
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="3" topLeftCell="A4" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>'
        f'{"".join(rows)}</sheetData><mergeCells count="{len(wide)}">{merged}</mergeCells></worksheet>'
    )


def _table_row(line: Line, number: int, widths: list[int], is_head: bool) -> str:
    cells = []
    for place, text in enumerate(line.cells):
        style = HEADER if is_head else TEXT if len(text) > 6 else CENTRED
        cells.append(_cell(f"{chr(65 + place)}{number}", text, style))
    printed = max(math.ceil(len(text) * 2.1 / width) for text, width in zip(line.cells, widths, strict=True))
    return _row(number, 8 + 15 * printed, "".join(cells))


def _row(number: int, height: int, cells: str) -> str:
    return f'<row r="{number}" ht="{height}" customHeight="1">{cells}</row>'


def _cell(place: str, text: str, style: int) -> str:
    """Serial numbers are numbers, as in a sheet filled by hand."""
    if text.isdigit():
        return f'<c r="{place}" s="{style}"><v>{text}</v></c>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
