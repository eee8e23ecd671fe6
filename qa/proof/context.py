"""What a run of words leaves out of its statement, and whether that would turn it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from ingest.document import Span
from ingest.normalize import fold
from qa.proof.tokens import COMMA, ITEM, Tokens, marker_length
from qa.proof.words import (
    ASIDE,
    BENEFIT,
    CAP,
    CONDITION,
    DENIES,
    EXCEPTION,
    HEADLESS,
    HOLDS_BACK,
    MODAL,
    TURNS_BACK,
)

_AMOUNTS = ("money", "percent", "points", "fold", "duration")
_QUALIFIES = re.compile(r"(?:均|仅)?(?:不?含|除|不?包括|限)")
_NEAR = 16  # characters behind a colon within which the first number of its list stands


def left_out(said: Tokens, have: Tokens, start: int, end: int) -> str:
    """What tokens ``start`` to ``end`` of ``have`` leave out that would turn them, in Chinese; empty where nothing does."""
    first, last = _item(have, start, end)
    left, right = have.words(first, start), have.words(end, last)
    return (
        _in_front(said, have, start, end, left[marker_length(left) :])
        or _behind(said, have, end, last, right)
        or _above(have, first, left)
    )


def whole_statement(have: Tokens, start: int, end: int) -> Span:
    """Span of the statements in which tokens ``start`` to ``end`` stand, without the number in front."""
    first, last = _item(have, start, end)
    if last < len(have.keys) and TURNS_BACK.match(have.words(last, len(have.keys))):
        last = _item(have, last, last + 1)[1]
    begin, stop = have.spans[first].start, have.spans[last].start if last < len(have.keys) else len(have.text)
    begin += marker_length(fold(have.text[begin:stop]))
    return Span(begin, begin + len(have.text[begin:stop].rstrip()))


def begins(have: Tokens, start: int) -> bool:
    """Whether a statement begins at token ``start``, its number aside."""
    first, _ = _item(have, start, start + 1)
    before = have.words(first, start)
    return marker_length(before) >= len(before.rstrip())


def ends(have: Tokens, end: int) -> bool:
    """Whether a statement ends in front of token ``end``."""
    return end == len(have.keys) or have.breaks[end] >= ITEM


@lru_cache(maxsize=256)
def without_asides(tokens: Tokens) -> Tokens:
    """The tokens without what brackets add that may be left out: department, short name, file number."""
    asides = [match.span() for match in ASIDE.finditer(fold(tokens.text))]
    if not asides:
        return tokens
    kept, breaks, pending = [], [], 0
    for i, span in enumerate(tokens.spans):
        pending = max(pending, tokens.breaks[i])
        if not any(begin <= span.start < end for begin, end in asides):
            kept.append(i)
            breaks.append(max(tokens.breaks[i], COMMA) if pending > tokens.breaks[i] else tokens.breaks[i])
            pending = 0
    keys, spans, figures = (tuple(part[i] for i in kept) for part in (tokens.keys, tokens.spans, tokens.figures))
    return Tokens(tokens.text, keys, spans, tuple(breaks), figures)


def swapped(said: Tokens, have: Tokens) -> Span | None:
    """The statement of ``have`` whose cap and benefit, one of each, ``said`` gives in another order, or the cap alone."""
    wanted = [said.keys[a:b] for a, b in _segments(said, 0, len(said.keys))]
    for first, last in _items(have):
        segments = [(a, b) for a, b in _segments(have, first, last)]
        words = [have.words(a, b).rstrip("。;,:( \n") for a, b in segments]
        words[0] = words[0][marker_length(words[0]) :]
        heads = len(segments) - 2
        if heads < 1 or not CONDITION.search(words[0]) or any(map(CAP.search, words[:heads])):
            continue
        tails = list(zip(words, segments, strict=True))[heads:]
        caps = [bool(CAP.search(text)) for text, _ in tails]
        if sum(caps) != 1 or not all(_amounts(have, *segment) and BENEFIT.search(text) for text, segment in tails):
            continue
        keys = [have.keys[a:b] for a, b in segments]
        cap = keys[heads:][0 if caps[0] else 1]
        benefit = keys[heads:][1 if caps[0] else 0]
        begin, stop = segments[0][0], segments[-1][1]
        whole = [keys[:heads] + rest for rest in ([cap, benefit], [cap])]
        bare = [] if _elsewhere(said, have, begin, stop) else [[cap, benefit]]
        if wanted in whole + bare:
            return Span(have.spans[begin].start, have.spans[stop - 1].end)
    return None


def _in_front(said: Tokens, have: Tokens, start: int, end: int, left: str) -> str:
    before = [segment.strip() for segment in re.split("[,:(]", left) if segment.strip()]
    for segment in before:
        if not segment.endswith("的") and any(guard.search(segment) for guard in (DENIES, HOLDS_BACK, MODAL)):
            return f"漏了前面的“{segment}”"
    words = said.words(0, len(said.keys))
    opening = re.split("[,:;。]", words)[0]
    headless = HEADLESS.match(words)
    amounts = _amounts(said, 0, len(said.keys))
    conditions = [segment for segment in before if CONDITION.search(segment)]
    if conditions and not headless and (amounts or CONDITION.search(opening)):
        return f"漏了条件“{conditions[0]}”"
    if before and headless and (DENIES.search(opening) or _denied_elsewhere(have, start, end)):
        return f"漏了对象“{before[-1]}”"
    if amounts and headless and start and _elsewhere(said, have, start, end):
        return "没有说明对象，而条款中有几种情形"
    return ""


def _denied_elsewhere(have: Tokens, start: int, end: int) -> bool:
    """Is what the run promises denied to others in the same breath (甲，予以支持；乙，不予支持)?"""
    first, last = _item(have, start, end)
    _, last = _item(have, last, last + 1) if last < len(have.keys) else (first, last)
    return bool(re.search(r"不予|不得|不享受", have.words(end, last)))


def _behind(said: Tokens, have: Tokens, end: int, last: int, right: str) -> str:
    size = len(have.keys)
    bracket = end < size and "(" in fold(have.text[have.spans[end - 1].end : have.spans[end].start])
    if bracket and _QUALIFIES.match(right):
        return f"漏了括号里的“{right.split(')')[0]}”"
    following = have.words(last, size) if last < size else ""
    if TURNS_BACK.match(following):
        return "漏了后面的例外"
    if EXCEPTION.search(right):
        return f"漏了后面的“{right.strip()}”"
    asked = re.match(r"[^。!\n]*\?", fold(have.text[have.spans[end - 1].end :]))
    if asked and "?" not in fold(said.text):
        return "原文是问句"
    if not _amounts(said, 0, len(said.keys)):
        return ""
    if CAP.search(right):
        return f"漏了上限“{right.strip('。; ')}”"
    return f"漏了条件“{right.strip('。; ')}”" if right.rstrip("。;)\n ").endswith("的") else ""


def _above(have: Tokens, first: int, left: str) -> str:
    """The lead of the list, where it denies or holds back (下列情形不予支持：)."""
    text = fold(have.text[: have.spans[first].start])
    listed = bool(marker_length(left)) and not left.lstrip().startswith("第")
    for colon in (match.start() for match in reversed(list(re.finditer(":", text)))):
        if colon < text.rfind("。") and not (listed and marker_length(text[colon + 1 : colon + _NEAR])):
            continue
        lead = re.split(r"[。\n]", text[:colon])[-1].strip()
        denies = DENIES.search(lead) or HOLDS_BACK.search(lead)
        return f"漏了前面的“{lead}”" if denies else ""
    return ""


def _elsewhere(said: Tokens, have: Tokens, start: int, end: int) -> bool:
    """Does another statement of the passage promise another amount of the same kind?"""
    kinds = {said.figures[i] for i in _amounts(said, 0, len(said.keys))}
    for first, last in _segments(have, 0, len(have.keys)):
        if start <= first < end:
            continue
        amounts = [i for i in _amounts(have, first, last) if have.figures[i] in kinds]
        text = have.words(first, last).rstrip(",。; ")
        if amounts and BENEFIT.search(text) and not (text.endswith("的") and text.startswith("对")):
            return True
    return False


def _amounts(tokens: Tokens, start: int, end: int) -> list[int]:
    return [i for i in range(start, end) if tokens.figures[i] in _AMOUNTS]


def _item(have: Tokens, start: int, end: int) -> tuple[int, int]:
    first = max((i for i in range(start + 1) if have.breaks[i] >= ITEM), default=0)
    last = next((i for i in range(end, len(have.keys)) if have.breaks[i] >= ITEM), len(have.keys))
    return first, last


def _items(have: Tokens) -> Iterator[tuple[int, int]]:
    yield from _cut(have, 0, len(have.keys), ITEM)


def _segments(have: Tokens, start: int, end: int) -> Iterator[tuple[int, int]]:
    yield from _cut(have, start, end, COMMA)


def _cut(have: Tokens, start: int, end: int, strength: int) -> Iterator[tuple[int, int]]:
    edges = [start, *(i for i in range(start + 1, end) if have.breaks[i] >= strength), end]
    yield from ((a, b) for a, b in pairwise(edges) if a < b)
