"""XLSX 政策清单: merged cells, numbers with formats, dates, and the hidden sentence in a hidden row, column and sheet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from html import escape
from random import Random

from tests.hard_documents import bodies, words
from tests.hard_documents.truth import Block, Citation, Policy, Row
from tests.hard_documents.words import PLACES

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_FORMATS = ("General", 'yyyy"年"m"月"d"日"', "0.0%", "#,##0")
_DAY, _PERCENT, _GROUPED = 1, 2, 3
_EPOCH = date(1899, 12, 30)

Cell = str | tuple[float, int]


def listing(seed: int) -> tuple[Policy, bytes]:
    """A list of policies as truth, and as a workbook."""
    rng = Random(seed)
    place = rng.choice(PLACES)
    head = ("序号", "政策名称及文号", "支持内容", "支持比例", "最高额度（元）", "责任单位", "有效期至")
    rows, cells, merged, citations = [Row(head)], [head], [], []
    while len(rows) < 12:
        title, number = bodies.cited_file(rng, place)
        citations.append(Citation(title, number, None))
        named = f"《{title}》（{number}）"
        first = len(rows)
        for index in range(rng.choice((1, 2, 3))):
            shown, typed = _row(rng, len(rows), named)
            rows.append(Row(shown, frozenset({1}) if index else frozenset()))
            cells.append(tuple("" if index and column == 1 else cell for column, cell in enumerate(typed)))
        if len(rows) - first > 1:
            merged.append(f"B{first + 2}:B{len(rows) + 1}")
    title = f"{place.name}{rng.randrange(2022, 2026)}年惠企政策清单"
    secret = f"补贴上限{9000 + seed % 1000}万元"
    blocks = (Block("title", title, lines=(title,)), Block("table", rows=tuple(rows)))
    policy = Policy(seed, "listing", blocks, title, None, (), None, secret, citations=tuple(citations))
    return policy, _workbook(title, cells, merged, secret)


def _row(rng: Random, number: int, named: str) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """The row as it is shown, and as it is stored."""
    share, limit = rng.randrange(10, 400) / 1000, rng.randrange(1, 900) * 10000
    until = words.day(rng, rng.randrange(2025, 2029))
    content, office = rng.choice(words.TARGETS), rng.choice(words.DEPARTMENTS)[0]
    shown = (str(number), named, content, f"{share * 100:.1f}%", f"{limit:,}", office, words.arabic(until))
    serial = float((until - _EPOCH).days)
    return shown, (
        (float(number), 0),
        named,
        content,
        (share, _PERCENT),
        (float(limit), _GROUPED),
        office,
        (serial, _DAY),
    )


def _workbook(title: str, rows: Sequence[Sequence[Cell]], merged: Sequence[str], secret: str) -> bytes:
    lines = [_line(1, (title,)), *(_line(number, row) for number, row in enumerate(rows, 2))]
    lines.append(_line(len(rows) + 2, (secret, secret), hidden=True))
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in ("A1:G1", *merged))
    lines[1] = lines[1].replace("</row>", f'<c r="I2" t="inlineStr"><is><t>{secret}</t></is></c></row>')
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><cols><col min="9" max="9" hidden="1"/></cols><sheetData>{"".join(lines)}</sheetData>'
        f"<mergeCells>{areas}</mergeCells></worksheet>"
    )
    concealed = f'<worksheet xmlns="{_MAIN}"><sheetData>{_line(1, (secret, secret))}</sheetData></worksheet>'
    formats = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{escape(code)}"/>' for n, code in enumerate(_FORMATS))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(_FORMATS)))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">{_relation("a", "officeDocument", "xl/workbook.xml")}</Relationships>',
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="清单" sheetId="1" r:id="r1"/>'
            '<sheet name="底稿" sheetId="2" r:id="r2" state="hidden"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}">{_relation("r1", "worksheet", "worksheets/s1.xml")}'
            f"{_relation('r2', 'worksheet', 'worksheets/s2.xml')}</Relationships>"
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
        "xl/worksheets/s1.xml": sheet,
        "xl/worksheets/s2.xml": concealed,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _relation(identity: str, kind: str, part: str) -> str:
    return f'<Relationship Id="{identity}" Type="{_OFFICE}/{kind}" Target="{part}"/>'


def _line(number: int, cells: Sequence[Cell], hidden: bool = False) -> str:
    written = "".join(_cell(f"{chr(65 + column)}{number}", cell) for column, cell in enumerate(cells) if cell != "")
    return f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if hidden else ""}>{written}</row>'


def _cell(place: str, cell: Cell) -> str:
    if isinstance(cell, tuple):
        return f'<c r="{place}" s="{cell[1]}"><v>{cell[0]}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell, quote=False)}</t></is></c>'
