"""A title of several lines: lines of like length that do not end within a word (回行时词意完整、排列对称)."""

from __future__ import annotations

from math import ceil

from index.analyzer import dictionary_words
from qa.word_text import width_of

_LONGEST = 200  # characters; what is longer is no title
_SLACK = 0.4  # characters: room for what the program adds between Chinese and Latin


def title_width(title: str, room: float) -> float:
    """Width in characters to which the lines of a title are drawn in; 0 where they are not: one line of ``room`` holds it."""
    whole = width_of(title)
    if whole <= room or len(title) > _LONGEST:
        return 0.0
    least, most = ceil(whole / ceil(whole / room)), int(room)
    within = _inside_words(title)
    return _SLACK + min(range(least, most + 1), key=lambda width: (_cut(title, width, within), width))


def _inside_words(title: str) -> set[int]:
    """Places at which a line must not end."""
    within: set[int] = set()
    for word in set(dictionary_words(title)):
        start = title.find(word)
        while start >= 0:
            within.update(range(start + 1, start + len(word)))
            start = title.find(word, start + 1)
    return within


def _cut(title: str, width: int, within: set[int]) -> int:
    """Words that lines of this width cut."""
    cut, used = 0, 0.0
    for place, character in enumerate(title):
        if used + width_of(character) > width:
            cut, used = cut + (place in within), 0.0
        used += width_of(character)
    return cut
