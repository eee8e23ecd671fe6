"""What a question quotes: of many clauses in nearly the same words, the one that has it word for word is meant.

Measures are copied from file to file with other figures and places, so that by its words alone a line is often not among the
first twenty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.analyzer import bigrams, runs
from index.chunk import Chunk

SHORTEST = 16  # characters in a row; shorter phrases are common to many files
LOOKED_AT = 50  # clauses that have all its pairs of characters

_BETWEEN = re.compile(r"[。；;！!？?\n“”\"「」『』]")  # a user adds his own words to what he quotes


def quotation(text: str) -> str:
    """The longest of its sentences; empty where it is too short to tell a clause."""
    longest = max(_BETWEEN.split(text), key=len)
    return longest if len(_bare(longest)) >= SHORTEST else ""


def pairs(quoted: str) -> list[str]:
    """What a clause must have that may hold it."""
    return list(dict.fromkeys(bigrams(quoted)))


def holding(quoted: str, chunks: Iterable[Chunk]) -> list[Chunk]:
    """Those that have it word for word, whatever marks and space stand in it."""
    bare = _bare(quoted)
    return [chunk for chunk in chunks if bare in _bare(chunk.text)]


def _bare(text: str) -> str:
    return "".join(runs(text))
