"""Matches and comparisons as tables to keep or to send: Excel and Word. Every text of a file is a text there, never a formula or link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from docx import Document
from docx.enum.section import WD_ORIENT

from ingest.document import LEVEL_NAMES, PolicyDocument, Span, book_title
from ingest.errors import SettingsError
from qa import source
from qa.comparison import ASPECTS, Comparison
from qa.export import printable, set_up
from qa.matching import Match, Matches
from qa.render.comparison import place_of
from qa.render.matches import OUTCOME_WORDS, headline

Documents = Mapping[str, PolicyDocument] | source.Documents

UNSTATED = "文中没有写明"
VERDICTS = {"met": "符合", "not_met": "不符合", "unknown": "待确认"}
_CELL = 32_000  # characters; Excel's own limit is 32,767
_WIDTH = 26  # characters of a column


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
    remarks = (
        "各项数额分别测算，不相加；最终以主管部门审核为准。",
        f"时效以 {matches.as_of.isoformat()} 为准。已失效、已废止和尚未施行的文件未列入。",
    )
    return Table("政策匹配结果", heads, rows, remarks)


def _match_row(match: Match, document: PolicyDocument) -> tuple[str, ...]:
    measure, card, text = match.record.measure, match.record.card, document.text
    decided = "\n".join(
        f"{VERDICTS[d.verdict]}：{d.need.name}，{d.reason(text)}" for d in (*match.decisions, *match.general)
    )
    return (
        OUTCOME_WORDS[match.outcome],
        measure.name,
        headline(match),
        "\n".join(worked.sentence(text) for worked in match.amounts if worked),
        "\n".join(b.span.of(text).strip() for b in measure.benefits),
        decided,
        match.stacking(text),
        measure.window.span.of(text).strip() if measure.window else UNSTATED,
        "、".join(dict.fromkeys(d.name for d in measure.departments)) or UNSTATED,
        " ".join(filter(None, (LEVEL_NAMES.get(card.level or ""), card.region))) or "级别未标明",
        f"{book_title(card.title)}（{card.document_number or '文号未标明'}）",
        path_of(document, measure.span),
        match.record.status.state,
    )


def comparison_table(comparison: Comparison, documents: Documents) -> Table:
    """A column a file, a row an aspect; below it what differs."""
    rows = comparison.rows
    heads = ("", *(f"{place_of(row)}\n{row.record.card.document_number or '文号未标明'}" for row in rows))
    body = [
        (aspect, *(row.cells[aspect].text if aspect in row.cells else UNSTATED for row in rows)) for aspect in ASPECTS
    ]
    body.append(("时效", *(row.record.status.state for row in rows)))
    body.append(("出处", *(
        f"{book_title(row.record.card.title)}{path_of(documents[row.record.card.id], row.record.measure.span)}" for row in rows
    )))  # fmt: skip
    found = tuple(f"{'、'.join(place_of(rows[r]) for r in f.rows)}：{f.text}" for f in comparison.findings)
    return Table("同类支持措施比对", heads, tuple(body), (*found, "各级资金通常各自列支，本表不相加。"))


def path_of(document: PolicyDocument, span: Span) -> str:
    """Locator of the clause in which the span begins."""
    return next((c.path for c in document.clauses if c.span.start <= span.start < c.span.end), "")


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
    document = Document()
    set_up(document.styles, document.sections[0])
    document.core_properties.author, document.core_properties.title = "文号", table.title
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
        grid = document.add_table(0, len(table.heads), style="Table Grid")
        for texts in (table.heads, *table.rows):
            for cell, text in zip(grid.add_row().cells, texts, strict=True):
                cell.text = printable(text)
    for remark in table.remarks:
        document.add_paragraph(printable(remark))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


FORMATS = {".xlsx": excel, ".docx": word}


def exported_table(table: Table, suffix: str) -> bytes:
    """Content of a file with that suffix. Raises SettingsError for an unknown one."""
    make = FORMATS.get(suffix.lower())
    if make is None:
        raise SettingsError(f"不能导出为 {suffix or '无后缀的文件'}", f"可用 {'、'.join(FORMATS)}")
    return make(table)
