"""Item numbers at the start of a line: 第一章, 第五条, 一、（一）1.（1）①, 3.2.

All patterns match the folded text (``ingest.normalize.fold``), where brackets, digits and colons are ASCII.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from ingest.numerals import chinese_to_int


class Style(IntEnum):
    """Kinds of numbers, the outer ones first. The gaps hold the levels that are not printed as a number of their own."""

    PART = 10  # 第一编, 第一部分
    CHAPTER = 20
    SECTION = 30
    ARTICLE = 40
    DECIMAL = 50  # 1.2.3; rank 51 for 1, 52 for 1.2 …
    CHINESE = 60  # 一、
    STEP = 65  # 第一步, 步骤1
    CHINESE_BRACKETED = 70  # （一）
    DIGIT = 80  # 1.
    DIGIT_BRACKETED = 90  # （1）
    CIRCLED = 100  # ①
    LETTER = 110  # a.


@dataclass(frozen=True, slots=True)
class Marker:
    """``label``: the number as citations print it (``（三）``); ``length``: characters it takes at the start of the line.

    ``rank`` orders the levels: a marker is below the nearest open marker of a smaller rank.
    """

    style: Style
    number: int
    label: str
    length: int
    rank: int


_NUMERAL = "[一二三四五六七八九十百千零〇]"
_HEADINGS = {"编": Style.PART, "部分": Style.PART, "章": Style.CHAPTER, "节": Style.SECTION}
_HEADING = re.compile(rf"第 ?({_NUMERAL}{{1,6}}|\d{{1,3}}) ?(编|部分|章|节)[ 、:]*(?![的中所规])")
_HEADING_LIMIT = 60
# “第五条规定的”, “第五条、第六条”, “第五条第二款” at the start of a line refer to an article, they do not begin one.
_ARTICLE = re.compile(
    rf"第 ?({_NUMERAL}{{1,7}}|\d{{1,4}}) ?条(之{_NUMERAL})?(?: +|:|(?![、,，和及或与第款项规所中的]|[至到] ?第|\([一二三四五六七八九十]))"
)
_UNIT = "亿|万|元(?![素器数])|米|吨|公[里斤顷分]|个(?![人体别案性])|倍|年(?![度报检均产内])|月(?![度报均])|日(?![常志期均用])|度|亩|分(?:钟|贝|[以之,。;、]|$)"
_DECIMAL = re.compile(
    rf"(\d{{1,2}}(?:\.\d{{1,2}}){{1,4}})(?![\d.%]) *(?!{_UNIT})"
    r"(?=[\u4e00-\u9fff《“\"(]|(?!(?:[MGk]?(?:Pa|W|Hz|V|N|J))(?![A-Za-z]))[A-Z]{2,}[^。]{0,40}[\u4e00-\u9fff])"
)
# A.1, C.2.1: clauses of 附录A, 附录C of a standard.
_ANNEX_DECIMAL = re.compile(r"([A-H]\.\d{1,2}(?:\.\d{1,2}){0,4})(?![\d.%]) *(?=\S)")
# 一、二级医院 is a range of words, not an item.
_CHINESE = re.compile(rf"({_NUMERAL}{{1,3}})[、.] *(?!{_NUMERAL}{{1,2}}[、级类])(?=\S)")
# （三）项所列 refers to an item, （三）项目… is one.
_REFERS = "(?!项(?!目)|[款、])"
_CHINESE_BRACKETED = re.compile(rf"\( ?({_NUMERAL}{{1,3}}) ?\)[、.]? *{_REFERS}(?=\S)")
# 1.5亿元 is no item, 2.2024年底前… is item 2.
_DIGIT = re.compile(r"(\d{1,3})[.、](?:(?!\d)|(?=(?:19|20)\d\d年)) *(?=\S)")
_DIGIT_BRACKETED = re.compile(rf"(?:\( ?(\d{{1,2}}) ?\)|(\d{{1,2}})\))[、.]? *{_REFERS}(?=\S)")
_STEP = re.compile(rf"(第 ?(?:{_NUMERAL}{{1,3}}|\d{{1,2}}) ?步|步骤 ?(?:{_NUMERAL}{{1,3}}|\d{{1,2}}))(?:[:、. ] *|$)")
_LETTER = re.compile(r"([A-Pa-p])(?:[.、)] *(?=[\u4e00-\u9fff《\"(])|\) *(?=[A-Z]))")
_SINGLE = {
    **{chr(0x2460 + i): (Style.CIRCLED, i + 1) for i in range(20)},
    **{chr(0x3220 + i): (Style.CHINESE_BRACKETED, i + 1) for i in range(10)},
    **{chr(0x2474 + i): (Style.DIGIT_BRACKETED, i + 1) for i in range(20)},
    **{chr(0x2488 + i): (Style.DIGIT, i + 1) for i in range(20)},
}
_DIGITS_CHINESE = "零一二三四五六七八九十"

_INLINE_STYLES = {
    Style.CHINESE, Style.CHINESE_BRACKETED, Style.DIGIT, Style.DIGIT_BRACKETED, Style.CIRCLED, Style.LETTER,
}  # fmt: skip
_INLINE_REACH = 2000


def find_marker(line: str) -> Marker | None:
    """Number at the start of a folded line without leading space; ``None`` for a paragraph.

    A line that goes on with the next number of the same kind (``1.申报表；2.营业执照；``) is one paragraph with an inline
    list, not item 1.
    """
    marker = printed_marker(line)
    if marker and marker.style in _INLINE_STYLES and _continues_inline(line, marker):
        return None
    return marker


def numbered(style: Style, number: int, length: int, *, printed: str = "") -> Marker:
    """Marker of a list style; ``printed`` is the Chinese numeral where the style has one."""
    return Marker(style, number, _label(style, number, printed or _in_chinese(number)), length, int(style))


def decimal(label: str, length: int) -> Marker:
    """Marker ``3.2.1``; its rank grows with the number of its parts."""
    parts = label.split(".")
    return Marker(Style.DECIMAL, int(parts[-1]), label, length, Style.DECIMAL + len(parts))


def printed_marker(line: str) -> Marker | None:
    """The number with which a line begins, whatever follows."""
    first = line[:1]
    if first == "第":
        return _article(line) or _heading(line) or _step(line)
    if first == "步":
        return _step(line)
    if first in _SINGLE:
        style, number = _SINGLE[first]
        return numbered(style, number, 1)
    if first.isdigit():
        return _decimal(line) or _list_item(line)
    if first.isascii() and first.isalpha():
        return _annex_decimal(line) or _letter(line)
    return _list_item(line)


def _heading(line: str) -> Marker | None:
    match = _HEADING.match(line)
    if not match or len(line) > _HEADING_LIMIT or "。" in line:
        return None
    style = _HEADINGS[match[2]]
    return Marker(style, _integer(match[1]), f"第{match[1]}{match[2]}", match.end(), int(style))


def _article(line: str) -> Marker | None:
    match = _ARTICLE.match(line)
    if not match:
        return None
    label = f"第{match[1]}条{match[2] or ''}"
    return Marker(Style.ARTICLE, _integer(match[1]), label, match.end(), int(Style.ARTICLE))


def _decimal(line: str) -> Marker | None:
    match = _DECIMAL.match(line)
    return decimal(match[1], match.end()) if match else None


def _annex_decimal(line: str) -> Marker | None:
    match = _ANNEX_DECIMAL.match(line)
    return decimal(match[1], match.end()) if match else None


def _step(line: str) -> Marker | None:
    match = _STEP.match(line)
    if not match:
        return None
    label = match[1].replace(" ", "")
    return Marker(Style.STEP, _integer(label.strip("第步骤")), label, match.end(), int(Style.STEP))


def _letter(line: str) -> Marker | None:
    match = _LETTER.match(line)
    if not match:
        return None
    return Marker(Style.LETTER, ord(match[1].lower()) - 96, f"{match[1]}.", match.end(), int(Style.LETTER))


def _list_item(line: str) -> Marker | None:
    for style, pattern in (
        (Style.CHINESE, _CHINESE),
        (Style.CHINESE_BRACKETED, _CHINESE_BRACKETED),
        (Style.DIGIT, _DIGIT),
        (Style.DIGIT_BRACKETED, _DIGIT_BRACKETED),
    ):
        if match := pattern.match(line):
            printed = next(group for group in match.groups() if group)
            return numbered(style, _integer(printed), match.end(), printed=printed)
    return None


def _continues_inline(line: str, marker: Marker) -> bool:
    if marker.style is Style.LETTER:
        following = re.escape(chr(ord(marker.label[0]) + 1))
        return re.search(f"[;,。:] ?{following}[.、)]", line[marker.length : _INLINE_REACH]) is not None
    following = _label(marker.style, marker.number + 1, _in_chinese(marker.number + 1))
    body = {"、": "[、.]", ".": r"[.、](?!\d)", "（": r"\(", "）": r"\)(?![项款目、])"}
    pattern = "[;,。:] ?" + "".join(body.get(c, re.escape(c)) for c in following)
    return re.search(pattern, line[marker.length : _INLINE_REACH]) is not None


def _label(style: Style, number: int, printed: str) -> str:
    if style is Style.CHINESE:
        return f"{printed}、"
    if style is Style.CHINESE_BRACKETED:
        return f"（{printed}）"
    if style is Style.DIGIT:
        return f"{number}."
    if style is Style.DIGIT_BRACKETED:
        return f"（{number}）"
    return chr(0x2460 + number - 1) if number <= 20 else f"（{number}）"


def _integer(printed: str) -> int:
    return int(printed) if printed.isdigit() else chinese_to_int(printed)


def _in_chinese(number: int) -> str:
    """1–99 in Chinese numerals; larger numbers do not occur as the number of an item and stay digits."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    head = {0: "", 1: "十"}.get(tens, f"{_DIGITS_CHINESE[tens]}十")
    return head + (_DIGITS_CHINESE[ones] if ones else "")
