"""Patterns that people write in a table of rules: matched in folded text, and refused where matching them could take long.

A pattern is written with the punctuation of the files, ``[^。；]{0,20}``, ``“``; text is matched folded, where ； is ``;`` and “ is ``"``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ingest.measures.signs import tokens
from ingest.normalize import fold

SENTENCE = 500  # characters of text that are matched at once, at most: what an unbounded repetition can count to
MOST_STEPS = 200_000  # ways in which a pattern can go on from one place
LONGEST = 4000  # characters of a pattern


def folded(pattern: str) -> str:
    """The pattern for folded text: each character that folding changes is written as what it becomes, taken literally."""
    parts: list[str] = []
    for char in pattern:
        plain = fold(char)
        if plain == char:
            parts.append(char)
        else:
            if parts and parts[-1] == "\\":
                parts.pop()
            parts.append(re.escape(plain))
    return "".join(parts)


def problem_of(pattern: str) -> str:
    """Why the pattern may not be used, in Chinese; empty where it may."""
    if len(pattern) > LONGEST:
        return f"表达式超过 {LONGEST} 个字符"
    try:
        re.compile(folded(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        return f"表达式有语法错误（{error}）"
    if re.search(r"\\[1-9]|\(\?P=|\(\?\(", pattern):
        return "表达式不能引用前面的分组"
    try:
        steps = _steps(tokens(folded(pattern)))[0]
    except _Nested:
        return "重复之中又有重复或分支（如 (a+)+、(a|b)*），匹配可能极慢"
    return "" if steps <= MOST_STEPS else "重复的范围太宽，匹配可能很慢；请用 {0,20} 一类的上限，并减少重复的个数"


class _Nested(Exception):
    """A repetition within a repetition."""


def _steps(parts: list[re.Match[str]]) -> tuple[int, bool]:
    """Up to the bracket that closes: in how many ways it can match from one place, and whether one of a single length only.

    Of branches that begin with other characters only one goes on.
    """
    ways: Counter[str] = Counter()
    branches, aside = [_Branch()], 1
    while parts:
        part = parts.pop()
        if part["close"]:
            break
        branch = branches[-1]
        branch.first = branch.first or part[0]
        if part["either"]:
            branches.append(_Branch())
        elif part["open"]:
            inside, branch.plain = _steps(parts)
            if part["look"]:  # it is gone through beside the rest
                aside = max(aside, branch.ways * inside)
            else:
                branch.ways *= inside
        elif part["many"]:
            fewest, most = _counts(part["many"])
            if most > 1 and not branch.plain:
                raise _Nested
            branch.ways *= most - fewest + 1
            branch.simple = branch.simple and fewest == most
        else:
            branch.plain = True
    for branch in branches:
        ways[branch.first] += branch.ways
    return max(aside, *ways.values()), len(branches) == 1 and branches[0].simple and branches[0].ways == 1


@dataclass(slots=True)
class _Branch:
    """``plain``: what was read last matches in one way; ``simple``: so does all of it."""

    first: str = ""
    ways: int = 1
    plain: bool = True
    simple: bool = True


def _counts(many: str) -> tuple[int, int]:
    mark = many[0]
    if mark in "?*+":
        return (1 if mark == "+" else 0), (1 if mark == "?" else SENTENCE)
    fewest, comma, most = many.strip("?")[1:-1].partition(",")
    least = int(fewest or 0)
    return least, max(least, (int(most) if most else SENTENCE) if comma else least)
