"""Matches and comparisons as tables to keep or to send: Excel and Word. Every text of a file is a text there, never a formula or link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Cm, Length, Pt

from ingest.document import NO_NUMBER, PolicyDocument, book_title
from ingest.errors import SettingsError
from qa import source
from qa.comparison import ASPECTS, Comparison
from qa.export import new_document, printable, set_up
from qa.matching import Match, Matches
from qa.measure_words import called, path_of, place_of
from qa.render.matches import OUTCOME_WORDS, VERDICT_WORDS, headline
from qa.render.measures import NOT_WRITTEN

Documents = Mapping[str, PolicyDocument] | source.Documents

_CELL = 32_000  # characters; Excel's own limit is 32,767
_WIDTH = 26  # characters of a column
_NAMES = Cm(2.6)  # in Word: the column of the aspects


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` of as many texts as ``heads``; ``remarks`` stand below."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...] = ()


def matches_table(matches: Matches, documents: Documents) -> Table:
    """One row a measure in force, in the order of the page; those that do not apply come last."""
    heads = (
        "结果", "支持措施", "数额", "测算", "支持标准（原文）", "各项条件", "叠加", "申报时间", "责任单位", "级别地区", "文件", "条款", "时效",
    )  # fmt: skip
    rows = tuple(_match_row(match, documents[match.record.card.id]) for match in matches.current)
    told = f"另有 {len(matches.retold)} 项是清单、解读等对所列条款的转述，未重复列出。"
    remarks = (
        *([told] if matches.retold else []),
        "各项数额分别测算，不相加；最终以主管部门审核为准。",
        f"时效以 {matches.as_of.isoformat()} 为准。已失效、已废止和尚未施行的文件未列入。",
    )
    return Table("政策匹配结果", heads, rows, remarks)


def _match_row(match: Match, document: PolicyDocument) -> tuple[str, ...]:
    measure, card, text = match.record.measure, match.record.card, document.text
    decided = "\n".join(
        f"{VERDICT_WORDS[d.verdict]}：{d.need.name}，{d.reason(text)}" for d in (*match.decisions, *match.general)
    )
    return (
        OUTCOME_WORDS[match.outcome],
        called(measure, text),
        headline(match),
        "\n".join(worked.sentence(text) for worked in match.amounts if worked),
        "\n".join(b.span.of(text).strip() for b in measure.benefits),
        decided,
        match.stacking(text),
        measure.window.span.of(text).strip() if measure.window else NOT_WRITTEN,
        "、".join(dict.fromkeys(d.name for d in measure.departments)) or NOT_WRITTEN,
        place_of(card),
        f"{book_title(card.title)}（{card.document_number or NO_NUMBER}）",
        path_of(document, measure.span),
        match.record.status.state,
    )


def comparison_table(comparison: Comparison, documents: Documents) -> Table:
    """A column a file, a row an aspect; below it what differs."""
    rows = comparison.rows
    heads = ("", *(f"{place_of(row.record.card)}\n{row.record.card.document_number or NO_NUMBER}" for row in rows))
    body = [
        (aspect, *(row.cells[aspect].text if aspect in row.cells else NOT_WRITTEN for row in rows))
        for aspect in ASPECTS
    ]
    body.append(("时效", *(row.record.status.state for row in rows)))
    body.append(("出处", *(
        f"{book_title(row.record.card.title)}{path_of(documents[row.record.card.id], row.record.measure.span)}" for row in rows
    )))  # fmt: skip
    found = tuple(f"{'、'.join(place_of(rows[r].record.card) for r in f.rows)}：{f.text}" for f in comparison.findings)
    return Table("同类支持措施比对", heads, tuple(body), (*found, "各级资金通常各自列支，本表不相加。"))


def excel(table: Table) -> bytes:
    """A workbook of one sheet of plain texts with a filter over the heads."""
    buffer = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(table.title)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E9EEF7", "border": 1})
        body = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for row, texts in enumerate((table.heads, *table.rows)):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, printable(text)[:_CELL], body if row else head)
        for number, remark in enumerate(table.remarks, len(table.rows) + 2):
            sheet.write_string(number, 0, printable(remark))
        sheet.set_column(0, len(table.heads) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
    return buffer.getvalue()


def word(table: Table) -> bytes:
    """A .docx with the table across the page; one of many columns is turned into a list of blocks, which can be read on paper."""
    document = new_document(table.title)
    set_up(document.styles, document.sections[0])
    document.add_heading(table.title, 0)
    if len(table.heads) > 6:
        for row in table.rows:
            document.add_heading(printable("：".join(filter(None, row[:2]))), 2)
            for head, text in zip(table.heads[2:], row[2:], strict=True):
                if text:
                    document.add_paragraph(printable(f"{head}：{text}"))
    else:
        page = document.sections[0]
        page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
        _add_grid(document, table, page.page_width - page.left_margin - page.right_margin)
    for remark in table.remarks:
        document.add_paragraph(printable(remark))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_grid(document: WordDocument, table: Table, room: int) -> None:
    """The first column, which names the aspects, is narrow; the head stands on every page."""
    grid = document.add_table(0, len(table.heads), style="Table Grid")
    grid.autofit = False
    others = Length((room - _NAMES) // (len(table.heads) - 1))
    for number, texts in enumerate((table.heads, *table.rows)):
        row = grid.add_row()
        if not number:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = others if column else _NAMES
            cell.text = printable(text)
            look = cell.paragraphs[0].paragraph_format
            look.space_before = look.space_after = Pt(2)
            for run in cell.paragraphs[0].runs:
                run.font.size, run.bold = Pt(10), not number or not column
    for column, place in enumerate(grid.columns):
        place.width = others if column else _NAMES


FORMATS = {".xlsx": excel, ".docx": word}


def exported_table(table: Table, suffix: str) -> bytes:
    """Content of a file with that suffix. Raises SettingsError for an unknown one."""
    make = FORMATS.get(suffix.lower())
    if make is None:
        raise SettingsError(f"不能导出为 {suffix or '无后缀的文件'}", f"可用 {'、'.join(FORMATS)}")
    return make(table)
