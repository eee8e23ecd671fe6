"""A text as the gate compares it: the same words however they are written, with the places where a statement may be cut.

5000万元, 5,000万元, 0.5亿元 and 五千万元 are one token; so are 二〇二四 and 2024. Punctuation is no token, but a break.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.document import Span
from ingest.normalize import fold
from ingest.numerals import Quantity, chinese_to_int, find_quantities

WITHIN, COMMA, ITEM, SENTENCE = range(4)  # how strong a break is: none, ，：（ , ；, 。 or a new line

_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d.])|\d+(?:\.\d+)*")
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]{1,24}")
_ONE = "[一二两三四五六七八九壹贰叁肆伍陆柒捌玖]"
_BELOW_10000 = rf"(?:{_ONE}[千仟])?零?(?:{_ONE}[百佰])?零?(?:{_ONE}?[十拾])?零?{_ONE}?"
# 十四五, 三五 and 二三十 are no numerals, though they look it.
_WELL_FORMED = re.compile(rf"(?:{_BELOW_10000}亿)?(?:{_BELOW_10000}万)?{_BELOW_10000}|[〇零一二三四五六七八九]{{4}}")
_BREAKS = (
    (SENTENCE, re.compile(r"[。!?\n]")),
    (ITEM, re.compile(";")),
    (COMMA, re.compile(r"[,:(|\t]")),
)
_RANGE = re.compile(r"[-~]+")
_IDLE = re.compile(r"(?<=按)照|(?<=对)于")  # 按照 and 按, 对于 and 对 are one
# The number of a paragraph, not a figure that counts something: a statement begins behind it.
_MARKER = re.compile(
    r"\s*(?:第[零〇一二三四五六七八九十百\d]+[条章节款项]|[一二三四五六七八九十]+、|\(?[一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、](?!\d)"
    r"|[①-⑳]|[一二三四五六七八九十]+是)[\s\u3000]*"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel tuples, one entry a token: its ``key`` (equal keys, equal meaning), where it stands in the text, and the break
    in front of it. ``figures``: kind of the quantity (money, percent …), empty for words and bare numbers.
    """

    text: str
    keys: tuple[str, ...]
    spans: tuple[Span, ...]
    breaks: tuple[int, ...]
    figures: tuple[str, ...]

    def words(self, start: int, end: int) -> str:
        """The text of tokens ``start`` to ``end``, folded, with its punctuation up to the next token."""
        if start >= end:
            return ""
        stop = self.spans[end].start if end < len(self.spans) else len(self.text)
        return fold(self.text[self.spans[start].start : stop])


@lru_cache(maxsize=256)  # one clause is asked about sentence by sentence
def tokenize(text: str) -> Tokens:
    """The tokens of ``text``; ``tokens.spans`` are in its coordinates."""
    plain = fold(text)
    found = list(_tokens(plain))
    breaks, last = [], 0
    for _, span, _ in found:
        breaks.append(_break(plain[last : span.start]) if last else SENTENCE)
        last = span.end
    starts = [span.start for _, span, _ in found]
    for match in _markers(plain):
        behind = bisect_left(starts, match.end())  # a clause of thousands of markers must not cost their square
        if bisect_left(starts, match.start()) < behind < len(found):
            breaks[behind] = max(breaks[behind], COMMA)
    keys, spans, figures = (tuple(part) for part in zip(*found, strict=True)) if found else ((), (), ())
    return Tokens(text, keys, spans, tuple(breaks), figures)


def marker_length(words: str) -> int:
    """Characters of the paragraph number at the start of ``words``."""
    match = _MARKER.match(words)
    return match.end() if match else 0


def _markers(plain: str) -> Iterator[re.Match[str]]:
    for start in [0, *(m.end() for m in re.finditer(r"[。;:\n,]", plain))]:
        match = _MARKER.match(plain, start)
        if match:
            yield match


def _tokens(plain: str) -> Iterator[tuple[str, Span, str]]:
    """(key, span, kind of figure) from left to right."""
    quantities = {q.span.start: q for q in find_quantities(plain) if not _ambiguous(q)}
    idle = {match.start() for match in _IDLE.finditer(plain)}
    at = 0
    while at < len(plain):
        quantity = quantities.get(at)
        number = None if quantity else _number(plain, at)
        if quantity:
            yield _key(quantity), quantity.span, quantity.kind
            at = quantity.span.end
        elif number:
            yield number[0], Span(at, number[1]), ""
            at = number[1]
        elif (span := _RANGE.match(plain, at)) and plain[span.end() : span.end() + 1].isalnum():
            yield "至", Span(at, span.end()), ""
            at = span.end()
        else:
            if at not in idle and _speaks(plain[at]):
                yield plain[at].lower(), Span(at, at + 1), ""
            at += 1


def _speaks(char: str) -> bool:
    """Whether a character is more than punctuation: also a sign, an accent that strikes out, a mark that turns the text."""
    kind = unicodedata.category(char)
    return (kind[0] in "LNSMC" and not char.isspace() and char != "|") or char in "/&*#@%"


def _ambiguous(quantity: Quantity) -> bool:
    """三五年 may be 35 or three to five years: then it is itself and nothing else."""
    run = _CHINESE.match(quantity.printed.rpartition("分之")[2])
    return bool(run) and not _WELL_FORMED.fullmatch(run.group())


def _key(quantity: Quantity) -> str:
    return (
        f"{quantity.kind}:{quantity.value:.12g}:{quantity.unit}:{'余' if re.search('[余多]', quantity.printed) else ''}"
    )


def _number(plain: str, at: int) -> tuple[str, int] | None:
    arabic = _ARABIC.match(plain, at)
    if arabic:
        printed = arabic.group().replace(",", "")
        return "n" + (printed.lstrip("0") or "0" if printed.isdecimal() else printed), arabic.end()
    chinese = _CHINESE.match(plain, at)
    if chinese and _WELL_FORMED.fullmatch(chinese.group()) and re.search(f"{_ONE}|[〇零十拾]", chinese.group()):
        return f"n{chinese_to_int(chinese.group())}", chinese.end()
    return None


def _break(between: str) -> int:
    return next((strength for strength, pattern in _BREAKS if pattern.search(between)), WITHIN)
