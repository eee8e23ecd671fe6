"""“对博士、硕士、本科毕业生，分别按每人每月1500元、1000元、600元给予补贴”: what of it is said of one of them.

Policy files state tiers in two parallel lists joined by 分别. Who asks about one of them wants its half of each list. It is
found by leaving out the other items, so that what is left is still nothing but words of the clause in their order. Where the
lists do not pair beyond doubt, nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Span
from ingest.normalize import fold

_JOINT = r"(?:、|，|,|和|与|及|以及|或)"
_BOUND = r"(?:最高|最低|最多|不超过|不低于|不少于|不高于|每人每月|每人每年|每人|每月|每年|按)*"
_NUMBER = r"\d[\d,.]*"
_UNIT = (
    r"(?:个?百分点|[%％‰]|[万亿千百]*(?:元|平方米|平方公里|亩|年|个月|天|(?:个工作)?日|人|家|个|名|倍|分|项|台|套|吨)?)"
)
_AMOUNT = rf"{_NUMBER}\s*{_UNIT}(?:/[^\W\d]+)*"
_AMOUNTS = re.compile(rf"{_BOUND}{_AMOUNT}(?:{_JOINT}{_BOUND}{_AMOUNT})+")
_ONE_AMOUNT = re.compile(rf"(?P<bound>{_BOUND})(?P<amount>{_AMOUNT})")
_RESPECTIVELY = re.compile("分别|依次")
_OPENS = re.compile(r".*(?:[，,]|的|由|对|给|为|按|取得|获得|引进|认定|评为|入选|达到|突破|属于|考取)")
_AND = re.compile("以及|和|与|及|或")
_END = re.compile("[。；;！？\n]")
SAID = 0.6  # share of what tells an item from the others that the question must say
UNSAID = 0.25  # … and that it may say of an item which it does not mean


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two parallel lists in a text. ``items`` and ``amounts``: spans of equal number, of which the n-th belong together;
    ``sentence``: the sentence around them; ``word``: 分别 itself.
    """

    sentence: Span
    word: Span
    items: tuple[Span, ...]
    amounts: tuple[Span, ...]

    def only(self, kept: int, text: str) -> str:
        """The sentence without 分别 and without all items and amounts but the ``kept``."""
        cuts = [self.word, *_others(self.items, kept), *_others(self.amounts, kept)]
        parts, at = [], self.sentence.start
        for cut in sorted(cuts, key=lambda span: span.start):
            parts.append(text[at : cut.start])
            at = max(at, cut.end)
        return "".join([*parts, text[at : self.sentence.end]])


def pairings(text: str) -> Iterator[Pairing]:
    """The parallel lists of ``text`` that pair beyond doubt."""
    flat = fold(text)
    start = 0
    for end in [*(match.end() for match in _END.finditer(flat)), len(flat)]:
        words = list(_RESPECTIVELY.finditer(flat, start, end))
        if len(words) == 1:
            found = _pairing(flat, Span(start, end), Span(*words[0].span()))
            if found:
                yield found
        start = end


def meant(pairing: Pairing, text: str, question: str, words: Collection[str]) -> tuple[int, ...]:
    """Numbers (from 0) of the items that the question speaks of; none where it speaks of all of them or of none.

    ``words``: the words of the question that name something.
    """
    asked = re.sub(r"(?<=\d)个(?=[万亿])", "", fold(question).lower())  # 1个亿
    items = [re.sub(r"[\W_]", "", fold(span.of(text))).lower() for span in pairing.items]
    found = {i for i, item in enumerate(items) if _begins(item, asked)}
    found -= {i for i in found for j in found if i != j and items[i] in items[j]}
    found |= {i for word in words if len(word) > 1 for i in _only_in(fold(word).lower(), items)}
    if not found and not items[0][:1].isdigit():
        shares = [_told(item, items, asked) for item in items]
        best = max(shares)
        if best >= SAID and sum(share > UNSAID for share in shares) == 1:
            found = {shares.index(best)}
    return tuple(sorted(found)) if len(found) < len(items) else ()


def _begins(item: str, asked: str) -> bool:
    """Whether ``asked`` has the item, or the greater part of it from its beginning (高级技师 of 高级技师证书)."""
    if item[:1].isdigit():
        return re.search(rf"(?<![\d.]){re.escape(item.removesuffix('元'))}", asked) is not None
    return item[: max(3, len(item) // 2 + 1)] in asked


def _only_in(word: str, items: Sequence[str]) -> list[int]:
    having = [i for i, item in enumerate(items) if word in item]
    return having if len(having) == 1 else []


def _told(item: str, items: Sequence[str], asked: str) -> float:
    """Share of the characters that no other item has which the question says."""
    own = set(item) - {char for other in items if other != item for char in other}
    return len(own & set(asked)) / len(own) if own else 0.0


def _pairing(text: str, sentence: Span, word: Span) -> Pairing | None:
    amounts = _AMOUNTS.search(text, word.end, sentence.end)
    # A second list behind the first may be of the same items.
    if not amounts or _AMOUNTS.search(text, amounts.end(), sentence.end):
        return None
    spans = _amount_spans(amounts)
    items = _items(text, sentence.start, word.start, len(spans))
    return Pairing(sentence, word, items, spans) if items else None


def _amount_spans(match: re.Match[str]) -> tuple[Span, ...]:
    """最高 before the first amount alone is said of all of them; before each it belongs to each."""
    found = list(_ONE_AMOUNT.finditer(match.string, match.start(), match.end()))
    each = any(m["bound"] for m in found[1:])
    return tuple(Span(m.start() if each else m.start("amount"), m.end()) for m in found)


def _items(text: str, start: int, end: int, count: int) -> tuple[Span, ...] | None:
    """The ``count`` items of the list before ``end``."""
    cuts = [match.span() for match in re.finditer("、", text[:end]) if match.start() >= start]
    if len(cuts) == count - 2 or (not cuts and count == 2):
        last = _AND.search(text, cuts[-1][1] if cuts else start, end)
        cuts += [last.span()] if last else []
    if len(cuts) >= count > 1:  # those before belong to another list, if a comma parts them
        comma = max(text.rfind(mark, start, cuts[1 - count][0]) for mark in "，,：:")
        start, cuts = comma + 1, cuts[1 - count :] if comma > cuts[-count][0] else cuts
    if len(cuts) != count - 1:
        return None
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    parts = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    number = re.compile(rf"{_NUMBER}\s*{_UNIT}")
    if number.match(text, parts[-1].start):
        first = list(number.finditer(text, parts[0].start, parts[0].end))[-1:]
        last_number = number.match(text, parts[-1].start)
        if not first or first[0].end() != parts[0].end or last_number is None:
            return None
        return (Span(*first[0].span()), *parts[1:-1], Span(*last_number.span()))
    opening = _OPENS.match(text, parts[0].start, parts[0].end)
    head = opening.end() if opening else parts[0].start
    tail = _tail(text, [Span(head, parts[0].end), *parts[1:]])
    if head >= parts[0].end or tail <= parts[-1].start:
        return None
    return (Span(head, parts[0].end), *parts[1:-1], Span(parts[-1].start, tail))


def _tail(text: str, parts: Sequence[Span]) -> int:
    """Where the last item ends: what follows is said of all. A类、B类、C类人才 end alike; else it ends before 的 or a comma."""
    last = parts[-1]
    endings = {text[part.end - 1] for part in parts[:-1]}
    if len(endings) == 1:
        longest = max(part.end - part.start for part in parts[:-1])
        at = text.find(endings.pop(), last.start, last.start + longest + 1)
        if at >= 0:
            return at + 1
    stop = re.search("的|[，,]", text[last.start : last.end])
    return last.start + stop.start() if stop else last.end


def _others(spans: Sequence[Span], kept: int) -> Iterator[Span]:
    """What of the list from the first to the last of ``spans`` is not the one that is kept."""
    if kept > 0:
        yield Span(spans[0].start, spans[kept].start)
    if kept < len(spans) - 1:
        yield Span(spans[kept].end, spans[-1].end)
