"""Fields (域): what a field shows is text, its instruction is not, and a generated table of contents repeats the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ingest.readers.counters import format_number
from ingest.readers.word.parts import W, is_on, value_of
from ingest.readers.word.symbols import symbol

# EQ \o\ac(○,12) draws a circle around a number: 带圈字符.
_CIRCLE = re.compile(r"\s*eq\s*\\o\s*(?:\\a[clr])?\s*\(\s*[○◯〇⚪]\s*[,;，；]\s*(.{1,10}?)\s*\)\s*", re.IGNORECASE)
_SYMBOL = re.compile(
    r'\s*symbol\s+(0x[0-9a-f]{1,6}|\d{1,6})(?:.*?\\f\s*"?([^"\\]{1,40}?)"?\s*(?:\\|$))?', re.IGNORECASE
)
_MAX_INSTRUCTION = 400


@dataclass(slots=True)
class _Field:
    begin: etree._Element
    instruction: str = ""
    has_result: bool = False
    is_contents: bool = False


class Fields:
    """The fields that are open at a place in the text of ``story``."""

    def __init__(self, story: etree._Element) -> None:
        self._ended = _ended(story)
        self._open: list[_Field] = []

    @property
    def shows(self) -> bool:
        """Text at this place is what the field prints."""
        return all(entry.has_result and not entry.is_contents for entry in self._open)

    @property
    def in_contents(self) -> bool:
        return any(entry.is_contents for entry in self._open)

    def instruct(self, text: str | None) -> None:
        if self._open and not self._open[-1].has_result:
            self._open[-1].instruction = (self._open[-1].instruction + (text or ""))[:_MAX_INSTRUCTION]

    def step(self, mark: etree._Element) -> str:
        """Take a w:fldChar into account. At its end, the text of a field that stores none."""
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            self._open.append(_Field(mark))
        elif self._open and kind == "separate":
            entry = self._open[-1]
            entry.has_result = True
            entry.is_contents = is_contents(entry.instruction) and entry.begin in self._ended
        elif self._open and kind == "end":
            entry = self._open.pop()
            form = entry.begin.find(W + "ffData")
            if self.shows and (form is not None or not entry.has_result):
                return _form_value(form) if form is not None else _drawn(entry.instruction)
        return ""

    def end_paragraph(self) -> None:
        """An instruction without an end must not swallow the paragraphs below."""
        while self._open and not self._open[-1].has_result:
            self._open.pop()


def is_contents(instruction: str | None) -> bool:
    """TOC: the generated 目录."""
    return (instruction or "").upper().split(maxsplit=1)[:1] == ["TOC"]


def _ended(story: etree._Element) -> frozenset[etree._Element]:
    """The w:fldChar that begin a field which has an end: a table of contents without one would swallow the whole text."""
    begun: list[etree._Element] = []
    ended = []
    for mark in story.iter(W + "fldChar"):
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            begun.append(mark)
        elif kind == "end" and begun:
            ended.append(begun.pop())
    return frozenset(ended)


def _form_value(form: etree._Element) -> str:
    """State of an old form field: a box, or the chosen entry of a list. A text field stores its text."""
    box, entries = form.find(W + "checkBox"), form.find(W + "ddList")
    if box is not None:
        state = box.find(W + "checked")
        return "☑" if is_on(state if state is not None else box.find(W + "default")) else "☐"
    if entries is not None:
        listed = [value_of(entry) or "" for entry in entries.findall(W + "listEntry")]
        chosen = value_of(entries.find(W + "result")) or value_of(entries.find(W + "default")) or "0"
        return listed[int(chosen)] if chosen.isascii() and chosen.isdigit() and int(chosen) < len(listed) else ""
    return ""


def _drawn(instruction: str) -> str:
    circled, sign = _CIRCLE.fullmatch(instruction), _SYMBOL.match(instruction)
    if circled:
        number = circled[1]
        return format_number(int(number), "decimalEnclosedCircle") if number.isascii() and number.isdigit() else number
    return (symbol(sign[2] or "", int(sign[1], 0)) or "") if sign else ""
