"""Which patterns can match at all, told by single characters: a list of 150 terms is not tried one by one on every clause.

A pattern is read for the characters of which each of its matches has one (小微企业 has a 微), and for those with which a match can
begin. What is unknown (a class, a repetition of nothing) tells nothing: such a pattern is always tried.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

T = TypeVar("T")
Characters = frozenset[str]

_COMMON = frozenset("企业项目产人区市级工以上、的机构新或和及费")  # tell least
_LEVELS = 3  # sets of characters that are looked for, of those that a pattern needs
_TOKEN = re.compile(
    r"(?P<open>\((?:\?(?:P<\w+>|:|(?P<look><?[=!])))?)|(?P<close>\))|(?P<either>\|)|(?P<escaped>\\.)|\[(?P<none>\^?)(?P<class>(?:\\.|[^\]])+)\]"
    r"|(?P<many>(?:[?*+]|\{\d*,?\d*\})\??)|(?P<other>.)",
    re.DOTALL,
)


class Signs(Generic[T]):
    """A list of things, each with a pattern, and which of them may be found in a text, in the order of the list."""

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        needed = [(needs(pattern)[:_LEVELS], row) for pattern, row in rows]
        self._rows = [row for _, row in needed]
        self._always = 0  # rows as bits, once for each of the sets that they need
        self._by_character: dict[str, int] = {}
        for number, (sets, _) in enumerate(needed):
            for level in range(_LEVELS):
                bit = 1 << level * len(needed) + number
                if level >= len(sets):
                    self._always |= bit
                for character in sets[level] if level < len(sets) else ():
                    self._by_character[character] = self._by_character.get(character, 0) | bit
        self._telling = re.compile(
            f"[{''.join(map(re.escape, sorted(self._by_character)))}]" if self._by_character else "(?!)"
        )

    def possible(self, text: str) -> list[T]:
        met = self._always
        for character in set(self._telling.findall(text)):
            met |= self._by_character[character]
        left = (1 << len(self._rows)) - 1
        for _ in range(_LEVELS):
            left &= met
            met >>= len(self._rows)
        found: list[T] = []
        while left:
            first = left & -left
            left ^= first
            found.append(self._rows[first.bit_length() - 1])
        return found


class Sought:
    """A pattern that is tried only where a sign of it stands, which most texts lack: ``sign``, words of which each match has
    one, or else the characters that tell most. The pattern has to have some.
    """

    __slots__ = ("_finditer", "_search", "_told", "pattern")

    def __init__(self, pattern: str, sign: str = "") -> None:
        compiled = starting(pattern)
        self.pattern = pattern
        self._told = re.compile(sign or f"[{''.join(map(re.escape, sorted(needs(pattern)[0])))}]").search
        self._search = compiled.search
        self._finditer = compiled.finditer

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        return self._search(text, start, end) if self._told(text, start, end) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        return self._finditer(text, start, end) if self._told(text, start, end) else iter(())


def needs(pattern: str) -> tuple[Characters, ...]:
    """Every match has one character of each set, the most telling set first; none: nothing is known.

    >>> [sorted(each) for each in needs("小(?:型)?微?企业|微企")]
    [['小', '微']]
    """
    return tuple(sorted(_read(tokens(pattern)).needed, key=_weight))


def starting(pattern: str) -> re.Pattern[str]:
    """The pattern, tried only where a match can begin."""
    starts = _read(tokens(pattern)).starts
    if not starts:
        return re.compile(pattern)
    return re.compile(f"(?=[{''.join(map(re.escape, sorted(starts)))}])(?:{pattern})")


@dataclass(frozen=True, slots=True)
class _Part:
    """``empty``: it can match nothing."""

    needed: tuple[Characters, ...]
    starts: Characters | None
    empty: bool


_NOTHING = _Part((), frozenset(), True)
_ANYTHING = _Part((), None, False)


def tokens(pattern: str) -> list[re.Match[str]]:
    """Its parts, the last first: brackets, branches, repetitions, classes and single characters."""
    return list(reversed([*_TOKEN.finditer(pattern)]))


def _read(tokens: list[re.Match[str]]) -> _Part:
    """Up to the bracket that closes."""
    branches: list[list[_Part]] = [[]]
    while tokens:
        token = tokens.pop()
        if token["close"]:
            break
        if token["either"]:
            branches.append([])
        elif token["many"]:
            if token["many"][0] in "?*" or token["many"].startswith(("{0", "{,")):
                branches[-1][-1] = _Part((), branches[-1][-1].starts, True)
        elif token["open"]:
            inside = _read(tokens)
            branches[-1].append(_NOTHING if token["look"] else inside)
        else:
            branches[-1].append(_single(token))
    return reduce(_either, [reduce(_then, branch, _NOTHING) for branch in branches])


def _single(token: re.Match[str]) -> _Part:
    if token["class"]:
        known = not token["none"] and not re.search(r"[\\-]", token["class"])
        return _characters(token["class"]) if known else _ANYTHING
    character = token["escaped"][1] if token["escaped"] else token["other"]
    if token["escaped"] and character in "ZAbB":
        return _NOTHING
    if token["other"] and character in "^$":
        return _NOTHING
    if (token["escaped"] and character.isalnum()) or (token["other"] and character == "."):
        return _Part((), None, token["escaped"] is not None and character.isdecimal())  # a group again may be empty
    return _characters(character)


def _characters(characters: str) -> _Part:
    return _Part((frozenset(characters),), frozenset(characters), False)


def _then(first: _Part, second: _Part) -> _Part:
    starts = first.starts
    if first.empty:
        starts = None if first.starts is None or second.starts is None else first.starts | second.starts
    return _Part((*first.needed, *second.needed), starts, first.empty and second.empty)


def _either(one: _Part, other: _Part) -> _Part:
    both = one.needed and other.needed
    needed = (min(one.needed, key=_weight) | min(other.needed, key=_weight),) if both else ()
    starts = one.starts | other.starts if one.starts is not None and other.starts is not None else None
    empty = one.empty or other.empty
    return _Part(needed, starts, empty)


def _weight(characters: Characters) -> int:
    return sum(6 if character in _COMMON else 1 for character in characters)
