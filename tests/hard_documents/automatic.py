"""Automatic numbers of Word: multi-level lists in numbering.xml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from tests.hard_documents.truth import (
    ARTICLE,
    BRACKETED,
    CHAPTER,
    CHINESE,
    CIRCLED,
    DIGIT,
    DIGIT_BRACKETED,
    Block,
)

# Depth in the list → kind of number, format, pattern.
_MEASURES = (
    (CHINESE, "chineseCounting", "%1、"),
    (BRACKETED, "chineseCountingThousand", "（%2）"),
    (DIGIT, "decimal", "%3."),
    (DIGIT_BRACKETED, "decimal", "（%4）"),
    (CIRCLED, "decimalEnclosedCircleChinese", "%5"),
)
_REGULATION = (
    (CHAPTER, "chineseCountingThousand", "第%1章"),
    (ARTICLE, "chineseCounting", "第%2条"),
    (BRACKETED, "chineseCounting", "（%3）"),
    (DIGIT, "decimal", "%4."),
)
_FIRST = ("一、", "（一）", "1.", "（1）", "①", "第一章", "第一条")
_Levels = tuple[tuple[int, str, str], ...]


class Numbers:
    """Lists of a document. ``mode``: automatic (a multi-level list a part), separate (a list of its own for every run of
    numbers, as WPS makes them; LibreOffice cannot let articles count through chapters) or mixed (only 1. 2. 3., restarted).
    """

    def __init__(self, word: Document, mode: str, blocks: Sequence[Block]) -> None:
        self._numbering = word.part.numbering_part.element
        self._mode = mode
        numbered = [block for block in blocks if block.level]
        self._running = any(
            above.level == CHINESE and below.level == DIGIT and below.marker != "1."
            for above, below in pairwise(numbered)
        )
        self._separate: dict[int, int] = {}
        self._lists: dict[_Levels, int] = {}
        self._shared: int | None = None
        self._item_list: int | None = None
        self._article_paragraph = ""

    def begin_part(self) -> None:
        """The next part counts from the beginning."""
        self._lists.clear()
        self._item_list = None

    def number(self, paragraph: Paragraph, block: Block) -> bool:
        """Give the paragraph its number; False where that has to be typed."""
        if not block.level:
            return False
        if self._mode == "mixed":
            return self._mixed_number(paragraph, block)
        if self._mode == "separate":
            return self._separate_number(paragraph, block)
        levels = _REGULATION if block.level in (CHAPTER, ARTICLE) or _REGULATION in self._lists else _MEASURES
        depth = [level for level, *_ in levels].index(block.level)
        if levels not in self._lists:
            self._lists[levels] = self._numbering.add_num(self._define(levels, self._running)).numId
        # The 款 of an article may have items of its own: 第五条第二款第（一）项 begins again.
        if levels is _REGULATION and block.level == BRACKETED and block.marker == "（一）":
            self._restart(levels, depth)
        _refer(paragraph, self._lists[levels], depth)
        return True

    def _mixed_number(self, paragraph: Paragraph, block: Block) -> bool:
        if block.level != DIGIT:
            return False
        if self._shared is None:
            self._shared = self._define(((DIGIT, "decimal", "%1."),), False)
        if block.marker == "1." or self._item_list is None:
            self._item_list = self._override(self._shared, 0)
        _refer(paragraph, self._item_list, 0)
        return True

    def _separate_number(self, paragraph: Paragraph, block: Block) -> bool:
        _, form, pattern = next(entry for entry in (*_MEASURES, *_REGULATION) if entry[0] == block.level)
        if block.marker in _FIRST:
            levels = ((block.level, form, re.sub("%[1-9]", "%1", pattern)),)
            self._separate[block.level] = self._numbering.add_num(self._define(levels, False)).numId
        _refer(paragraph, self._separate[block.level], 0)
        return True

    def _restart(self, levels: _Levels, depth: int) -> None:
        abstract = next(num.abstractNumId.val for num in self._numbering.num_lst if num.numId == self._lists[levels])
        self._lists[levels] = self._override(abstract, depth)

    def _override(self, abstract: int, depth: int) -> int:
        number = self._numbering.add_num(abstract)
        number.add_lvlOverride(ilvl=depth).add_startOverride(1)
        return number.numId

    def _define(self, levels: _Levels, running: bool) -> int:
        existing = self._numbering.findall(f"{{{self._numbering.nsmap['w']}}}abstractNum")
        identity = 1 + max(int(item.get(f"{{{item.nsmap['w']}}}abstractNumId")) for item in existing)
        xml = "".join(_level(depth, *level, running) for depth, level in enumerate(levels))
        existing[-1].addnext(
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identity}"><w:multiLevelType w:val="multilevel"/>{xml}</w:abstractNum>'
            )
        )
        return identity


def _level(depth: int, level: int, form: str, pattern: str, running: bool) -> str:
    keeps_counting = level == ARTICLE or (level == DIGIT and running)
    restart = '<w:lvlRestart w:val="0"/>' if keeps_counting else ""
    behind = "space" if level in (CHAPTER, ARTICLE) else "nothing"
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{restart}<w:suff w:val="{behind}"/>'
        f'<w:lvlText w:val="{pattern}"/><w:lvlJc w:val="left"/></w:lvl>'
    )


def _refer(paragraph: Paragraph, number: int, depth: int) -> None:
    reference = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    reference.get_or_add_ilvl().val = depth
    reference.get_or_add_numId().val = number
