"""Text of a draft as runs: what is open is highlighted, marks of the sources are raised, nothing in it is active."""

from __future__ import annotations

import re
import unicodedata

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from qa.drafting.model import NO_BASIS, UNDECIDED
from qa.export import printable

_OPEN = re.compile(f"({re.escape(UNDECIDED)}|{re.escape(NO_BASIS)})")
# Before the last 。 of a paragraph, which may have its 责任单位 behind it: 给予30万元奖励[1]。（责任单位：区财政局）
_PLACE = re.compile(r"[。；！？](?:（[^（）]{0,80}）)?$|[：，、]$")


def rows_of_text(text: str) -> list[str]:
    """The lines of a text that has line breaks, without tabs, which would be cells to who reads the file."""
    return [line for raw in printable(text).split("\n") if (line := raw.replace("\t", " ").strip())]


def add_paragraph(document: WordDocument, style_id: str) -> Paragraph:
    """By the id of the style: python-docx takes several milliseconds to look up a name."""
    paragraph = document.add_paragraph()
    paragraph._p.style = style_id
    return paragraph


def add_text(paragraph: Paragraph, text: str, font: str = "") -> None:
    """``font``: a Chinese font other than that of the style."""
    for part in _OPEN.split(text):
        if part:
            run = _run(paragraph, part, font)
            if _OPEN.fullmatch(part):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def add_marked(paragraph: Paragraph, text: str, marks: tuple[int, ...], font: str = "") -> None:
    """The text with the marks of its sources before the full stop: behind it they would begin a new sentence."""
    place = _PLACE.search(text) if marks else None
    end = place.start() if place else len(text)
    add_text(paragraph, text[:end], font)
    if marks:
        _run(paragraph, "".join(f"[{mark}]" for mark in marks), "").font.superscript = True
    add_text(paragraph, text[end:], font)


def width_of(text: str) -> float:
    """In Chinese characters; what is Latin takes half of one."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.55 for character in text)


def _run(paragraph: Paragraph, text: str, font: str) -> Run:
    """With the hint that “”—… belong to the Chinese text."""
    run = paragraph.add_run(text)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:hint"), "eastAsia")
    if font:
        fonts.set(qn("w:eastAsia"), font)
    return run
