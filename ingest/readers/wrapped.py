"""Text that was wrapped at a fixed width (e-mail, fax, text taken from PDF): its lines are joined as printed lines are.

A text counts as wrapped only where the evidence is plain: many lines end at the same column, hardly any goes beyond it, and
most of them end within a sentence. A file with a paragraph a line has no such column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ingest.readers.paragraphs import Line, Paragraphs, PrintedPage, paragraphs

_FEWEST_LINES = 8
# Em: half the number of columns of a terminal or an e-mail.
_NARROWEST, _WIDEST = 18.0, 64.0
_EDGE = 1.5
_FULL_SHARE, _BEYOND_SHARE, _MID_SENTENCE_SHARE, _COLUMNS_SHARE = 0.4, 0.03, 0.6, 0.1
_SENTENCE_END = ("。", "！", "？", "；", "：", ";", ":", ".")
_COLUMNS = re.compile(r"\S {2,}\S|\t")


def unwrapped(text: str) -> str:
    """The text, its lines joined where they were wrapped."""
    joined = joined_pages([text])
    return joined.text if joined else text


def joined_pages(pages: Sequence[str]) -> Paragraphs | None:
    """Paragraphs of pages of wrapped lines; ``None`` where the lines are not wrapped."""
    edge = _edge([line.rstrip() for page in pages for line in page.split("\n") if line.strip()])
    if edge is None:
        return None
    height = max(page.count("\n") + 1 for page in pages)
    return paragraphs([_printed(number, page, edge, height) for number, page in enumerate(pages, 1)])


def _edge(lines: Sequence[str]) -> float | None:
    """Where full lines end, in em."""
    if len(lines) < _FEWEST_LINES:
        return None
    widths = sorted(map(_width, lines))
    edge = widths[-1 - int(_BEYOND_SHARE * len(widths))]
    full = [line for line in lines if _width(line) >= edge - _EDGE]
    within = sum(not line.endswith(_SENTENCE_END) for line in full)
    columns = sum(_COLUMNS.search(line.strip()) is not None for line in lines)
    wrapped = (
        _NARROWEST <= edge <= _WIDEST
        and widths[-1] <= edge + 2
        and len(full) >= _FULL_SHARE * len(lines)
        and within >= _MID_SENTENCE_SHARE * len(full)
        and columns <= _COLUMNS_SHARE * len(lines)
    )
    return edge if wrapped else None


def _printed(number: int, page: str, edge: float, height: int) -> PrintedPage:
    """Lines of type of one em, an em apart, blank lines included. Full lines end at the edge: punctuation may hang over it,
    and a character of two columns may not find room before it.
    """
    lines = []
    for index, raw in enumerate(page.split("\n")):
        if raw.strip():
            left, right, bottom = (
                _width(raw[: len(raw) - len(raw.lstrip())]),
                _width(raw.rstrip()),
                float(height - index),
            )
            lines.append(Line(raw.strip(), left, bottom, right if right < edge - _EDGE else edge, bottom + 1, 1.0))
    return PrintedPage(number, edge, float(height), tuple(lines))


def _width(text: str) -> float:
    """Em; a Latin letter takes half of one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)
