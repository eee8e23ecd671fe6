"""A draft as a Word file to GB/T 9704-2012: numbered headings, tables, the sources as an annex; no red head, no seal.

The sources stand in an annex (依据条款原文表) to which bracketed marks in the text refer, not in footnotes: a quoted clause is too
long for the foot of a page, and every program, our own reader too, takes a table for what it is. What the drafter should
look at (``Remark``, ``notices``) is for the page and stays out of the file, which is sent on; 【待定】 and 【待补依据】 are
highlighted in it. The only field is the number of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO

from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph as WordParagraph

from ingest.account import TO_CHECK
from ingest.readers.counters import chinese
from qa.answer import Citation
from qa.drafting.basis import marks_in_text, place_in_table, short_name
from qa.drafting.model import Draft, Grid, Paragraph
from qa.word_page import FANGSONG, LINE, SIZE_2, TEXT_WIDTH, Look, bind, blank_draft
from qa.word_tables import add_table
from qa.word_text import add_marked, add_paragraph, add_text, rows_of_text
from qa.word_title import title_width

ANNEX, BASES = "附件", "依据条款原文表"
_HEADS = ("序号", "出处", "原文")
_TITLE_LIMIT, _HEADING_LIMIT = 40, 60
_NOT_HEADING = ("。", "；", "：", "，", "、")
# Of a paragraph of one sentence: what may follow it, 责任单位 in brackets.
_REST = re.compile(r"\s*(?:（[^（）]*）)?\s*")
_BODY_LEVEL = 9  # w:outlineLvl of what is no heading


def word(draft: Draft) -> bytes:
    """The .docx. Everything of ``draft`` is text in it, whatever it looks like."""
    document = blank_draft(draft.title)
    _add_head(document, draft)
    levels = [b.level for b in draft.blocks if isinstance(b, Paragraph) and b.level and rows_of_text(b.text)]
    typed = iter(typed_numbers(levels))
    for block in draft.blocks:
        if isinstance(block, Grid):
            for line in rows_of_text(block.caption):
                add_text(add_paragraph(document, Look.CAPTION), line)
            add_table(document, block.heads, block.rows, block.row_marks)
        elif lines := rows_of_text(block.text):
            _add_paragraph(document, block, lines, next(typed) if block.level else "")
    named = {mark for block in draft.blocks for mark in marks_in_text(block)}
    if cited := [citation for citation in draft.citations if citation.mark in named]:
        _add_bases(document, cited, draft.as_of)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add_head(document: WordDocument, draft: Draft) -> None:
    """Title, below it 征求意见稿 or the like in brackets, addressee."""
    status = "".join(rows_of_text(draft.status))
    _add_title(document, "".join(rows_of_text(draft.title)), f"（{status}）" if status else "")
    if addressee := "".join(rows_of_text(draft.addressee)).rstrip("：:"):
        add_text(document.add_paragraph(), f"{addressee}：")


def _add_title(document: WordDocument, title: str, status: str = "") -> None:
    """Its lines of like length, without line ends in it: the margins are drawn in."""
    paragraph = add_paragraph(document, Look.TITLE)
    add_text(paragraph, title)
    look = paragraph.paragraph_format
    look.space_before = LINE
    if width := title_width(title, TEXT_WIDTH / SIZE_2):
        look.left_indent = look.right_indent = round((TEXT_WIDTH - width * SIZE_2) / 2)
    if status:
        paragraph = add_paragraph(document, Look.STATUS)
        add_text(paragraph, status)
    paragraph.paragraph_format.space_after = LINE


def _add_paragraph(document: WordDocument, paragraph: Paragraph, lines: list[str], typed: str) -> None:
    """A line break in a text begins a paragraph, which is body text under a heading."""
    for number, line in enumerate(lines, 1):
        marks = paragraph.marks if number == len(lines) else ()
        if number == 1 and paragraph.level:
            _add_heading(add_paragraph(document, f"{Look.HEADING}{paragraph.level}"), line, marks, typed)
        else:
            add_marked(add_paragraph(document, Look.BODY), line, marks)


def _add_heading(added: WordParagraph, text: str, marks: tuple[int, ...], typed: str) -> None:
    """The title in the font of the level, what runs on behind it in that of the text. A numbered sentence is no heading."""
    if typed:
        bind(added, 0, 0)
        # 1. and 5亿元 must not become 1.5亿元.
        add_text(added, f"{typed} " if typed.endswith(".") and text[0].isdigit() else typed)
    end = heading_end(text)
    add_text(added, text[:end])
    if end < len(text) or marks:
        add_marked(added, text[end:], marks, FANGSONG)
    if not end:
        added._p.get_or_add_pPr().get_or_add_outlineLvl().val = _BODY_LEVEL
    if end == len(text):
        added.paragraph_format.keep_with_next = True


def heading_end(text: str) -> int:
    """Where the heading with which a numbered paragraph begins ends: 0 where it has none, its length where it is nothing else."""
    stop = text.find("。")
    if stop < 0:
        return 0 if text.endswith(_NOT_HEADING) or len(text) > _HEADING_LIMIT else len(text)
    return stop + 1 if stop <= _TITLE_LIMIT and not _REST.fullmatch(text, stop + 1) else 0


def typed_numbers(levels: Sequence[int]) -> list[str]:
    """For each heading: its number where it has to be typed, empty where Word counts to it by itself.

    Word takes a level that was passed over as begun: a 一、 below a （一） that stands first would become 二、. Its neighbours of the
    same level are then typed too.
    """
    wanted: dict[int, int] = {}
    counted: dict[int, int] = {}
    never = -len(levels)
    found = []
    for level in levels:
        wanted = {above: count for above, count in wanted.items() if above <= level}
        wanted[level] = wanted.get(level, 0) + 1
        if counted.get(level, 0) + 1 == wanted[level]:
            counted = {above: counted.get(above, 1) for above in range(1, level)} | {level: wanted[level]}
            found.append("")
        else:
            counted[level] = never
            found.append(_number(level, wanted[level]))
    return found


def _number(level: int, count: int) -> str:
    return (f"{chinese(count)}、", f"（{chinese(count)}）", f"{count}.", f"（{count}）")[level - 1]


def _add_bases(document: WordDocument, cited: Sequence[Citation], day: date) -> None:
    """附件说明 below the text, and on a page of its own the quoted clauses."""
    mention = add_paragraph(document, Look.BODY)
    add_text(mention, f"{ANNEX}：{BASES}")
    mention.paragraph_format.space_before = LINE
    label = add_paragraph(document, Look.ANNEX)
    label.paragraph_format.page_break_before = True
    add_text(label, ANNEX)
    _add_title(document, BASES)
    add_table(document, _HEADS, [_basis(citation) for citation in cited])
    for reason in _reasons(cited):
        add_text(add_paragraph(document, Look.BODY), reason)
    add_text(add_paragraph(document, Look.BODY), f"时效以{day.year}年{day.month}月{day.day}日为准。")


def _basis(citation: Citation) -> tuple[str, ...]:
    page = f"第{citation.page}页，" if citation.page else ""
    doubt = f"（{TO_CHECK}）" if citation.by_ocr else ""
    place = f"{short_name(citation)}{place_in_table(citation)}（{page}{citation.validity}）"
    return f"[{citation.mark}]", place, f"{citation.quote.strip()}{doubt}"


def _reasons(citations: Sequence[Citation]) -> Iterator[str]:
    """Why a file is not simply in force, once for each file."""
    told = {c.document_id: c for c in citations if c.validity != "有效" and c.validity_reason}
    for citation in told.values():
        reason = "".join(rows_of_text(citation.validity_reason)).rstrip("。")
        acted = citation.validity == "已废止" and reason.startswith("《") and reason.endswith("号）")
        yield f"{citation.source}{citation.validity}：{f'由{reason}废止' if acted else reason}。"
