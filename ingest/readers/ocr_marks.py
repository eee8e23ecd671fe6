"""Punctuation of recognised text: （ and ( look alike, the recogniser writes either; on paper they differ in width."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence

_FULL = dict(zip("():;!?,", "（）：；！？，", strict=True))
_HANZI = re.compile(r"[\u3400-\u9fff〇]")
# 3. 2. 4: with three parts it is the number of a clause, whatever the spaces.
_SECTION = re.compile(r"\s*\d{1,2}(?:\. ?\d{1,2}){2,4}(?!\d)")
_WIDE = "\u2e80"
# Em between the neighbours of a mark: 1 for a full-width one, 0.5 for a narrow one. A mark that belongs to a Chinese
# character is narrow below the first, another is full width from the second.
_NARROW, _FULL_WIDTH = 0.55, 0.75
_MEASURED = 4


def full_width_marks(text: str, places: Sequence[float]) -> str:
    """（）：；！？， where a half-width one was recognised beside a Chinese character, 〈〉 inside 《》; 3. 2. 4 → 3.2.4.

    Chinese text is set with full-width marks (GB/T 15834); where the distances on the line (``places``: the middle of
    each character that is not a space, on any scale) show a narrow one, it stays. Nothing but the width changes, and
    brackets of one pair become alike.
    """
    text = _closed_up(text)
    printed = list("".join(text.split()))
    if not any(char in _FULL or char in "<>" for char in printed) or len(printed) != len(places):
        return text
    em = _em(printed, places)
    for index, char in enumerate(printed):
        if char in _FULL and _is_full(printed, places, index, em):
            printed[index] = _FULL[char]
    for first, last in _pairs(printed):
        if "（" in (printed[first], printed[last]) or "）" in (printed[first], printed[last]):
            printed[first], printed[last] = "（", "）"
    _inner_title_marks(printed)
    rest = iter(printed)
    return "".join(char if char.isspace() else next(rest) for char in text)


def _closed_up(text: str) -> str:
    number = _SECTION.match(text)
    return "".join(number[0].split()) + text[number.end() :] if number else text


def _em(printed: Sequence[str], places: Sequence[float]) -> float:
    steps = [
        after - before
        for (char, before), (other, after) in itertools.pairwise(zip(printed, places, strict=True))
        if _HANZI.match(char) and _HANZI.match(other)
    ]
    return statistics.median(steps) if len(steps) >= _MEASURED else 0.0


def _is_full(printed: Sequence[str], places: Sequence[float], index: int, em: float) -> bool:
    """By the room between its neighbours where that can be measured, else by the character that it belongs to."""
    owner = printed[index + 1 : index + 2] if printed[index] == "(" else printed[max(index - 1, 0) : index]
    chinese = bool(owner and _HANZI.match(owner[0]))
    if not (em and 0 < index < len(printed) - 1):
        return chinese
    beside = printed[index - 1], printed[index + 1]
    taken = sum(0.5 if char >= _WIDE else 0.25 for char in beside)
    room = (places[index + 1] - places[index - 1]) / em - taken
    if chinese:
        return room >= _NARROW or min(beside) < _WIDE
    return room >= _FULL_WIDTH and printed[index] in "()" and max(beside) >= _WIDE


def _pairs(printed: Sequence[str]) -> list[tuple[int, int]]:
    opened: list[int] = []
    found = []
    for index, char in enumerate(printed):
        if char in "(（":
            opened.append(index)
        elif char in ")）" and opened:
            found.append((opened.pop(), index))
    return found


def _inner_title_marks(printed: list[str]) -> None:
    """《…印发<关于…的意见>的通知》: titles inside a title stand in 〈〉; a line may hold only half of it."""
    depth = 0
    for index, char in enumerate(printed):
        depth += (char == "《") - (char == "》")
        after = "".join(printed[index + 1 : index + 3])
        before = printed[index - 1] if index else ""
        if char == "<" and _HANZI.match(after) and (depth > 0 or after == "关于"):
            printed[index] = "〈"
        elif char == ">" and _HANZI.match(before) and ("》" in printed[index:] or after.startswith("的")):
            printed[index] = "〉"
