"""Text in pictures: how wide it is, as far as can be told without fonts, where it is broken, and its markup.

Widths are upper estimates for the sans-serif fonts of Windows, macOS and Linux, so that what fits here fits on the screen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from qa.render.markup import escape

FONTS = "system-ui,'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif"

_NARROW = frozenset(" !'(),.:;[]`ijl|")
_WIDE = frozenset("mwMW@%&")
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NO_START = frozenset("，。；：、！？）〕》〉」』】”’％%…)]},.;:!?")  # never the first of a line
_NO_END = frozenset("（〔《〈「『【“‘([{")  # never the last
# Is not broken: half a figure is another figure.
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,+\-/]{0,30}(?:[%‰]|[万亿]?(?:元|美元|平方米|人)|[万亿年月日号])?")


def width(text: str, size: float) -> float:
    """Pixels, rather too many than too few."""
    return size * sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WFA":  # ambiguous ones are wide in Chinese fonts
        return 1.0 if ord(character) < 0x1F000 else 1.4
    if character in _NARROW:
        return 0.42
    if character in _WIDE:
        return 0.98
    return 0.74 if character.isupper() else 0.66


def fit(text: str, size: float, room: float) -> str:
    """As much of the text as there is room for; a cut is shown as …"""
    if width(text, size) <= room:
        return text
    kept = _whole_words(text, _prefix(text, size, room - size)) if room > size else ""
    return f"{kept.rstrip()}…"


def _prefix(text: str, size: float, room: float) -> str:
    used = 0.0
    for at, character in enumerate(text):
        used += size * _em(character)
        if used > room:
            return text[:at]
    return text


def wrap(text: str, size: float, room: float, lines: int) -> list[str]:
    """The text in at most so many lines, without spaces at their ends; a cut is shown as …"""
    rest = " ".join(text.split())
    found: list[str] = []
    while rest and len(found) < lines - 1:
        line = _line(rest, size, room)
        if not line:
            break
        found.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    if rest:
        found.append(fit(rest, size, room))
    return found


def _line(rest: str, size: float, room: float) -> str:
    line = _prefix(rest, size, room)
    if len(line) == len(rest):
        return line
    at = len(_whole_words(rest, line)) or len(line)
    while at > 1 and (rest[at] in _NO_START or rest[at - 1] in _NO_END):
        at -= 1
    return rest[:at] if at > 1 else line


def _whole_words(rest: str, line: str) -> str:
    """The beginning of ``rest`` without the part of a word or figure at its end."""
    at = len(line)
    word = next((m for m in _WORD.finditer(rest[: at + 40]) if m.start() < at < m.end()), None)
    return line[: word.start()] if word else line


def markup(text: str) -> str:
    """Document text as inert text of HTML and XML."""
    return escape(_NOT_IN_XML.sub("", text))


def text(x: float, y: float, content: str, name: str, anchor: str = "") -> str:
    """One line of text of the class ``name``; ``anchor``: ``middle`` or ``end``."""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:g}" y="{y:g}" class="{name}"{where}>{markup(content)}</text>'


def texts(x: float, y: float, lines: Sequence[str], leading: float, name: str) -> str:
    """Lines below each other, the baseline of the first at ``y``."""
    return "".join(text(x, y + n * leading, line, name) for n, line in enumerate(lines))
