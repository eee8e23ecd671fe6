"""Text → the rows of the table that stand for its words and pairs of characters."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from index import analyzer
from index.analyzer import LONGEST_TERM, dictionary_words, pairs, runs

ROWS = 1 << 17  # a power of two; two features that share a row are told apart by the others of a text
WORDS = 1 << 16  # of which the row is remembered: some ten megabytes


def features(text: str) -> NDArray[np.int32]:
    """Row numbers of the words and character pairs of ``text``, with repetitions; empty where there are none."""
    return np.concatenate([np.empty(0, np.int32), *map(_of_line, text.split("\n"))])


def weighted(texts: Sequence[NDArray[np.int32]]) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
    """(rows, weights, starts) of texts one after the other: each row once a text, damped by 1 + ln(count).

    A text without features is row 0, so that it has a direction too.
    """
    given = [rows if len(rows) else np.zeros(1, np.int32) for rows in texts]
    owners = np.repeat(np.arange(len(given), dtype=np.int64), [len(rows) for rows in given])
    cells, counts = np.unique(owners * ROWS + np.concatenate(given), return_counts=True)
    starts = np.searchsorted(cells, np.arange(len(given), dtype=np.int64) * ROWS)
    return (cells % ROWS).astype(np.int32), (1 + np.log(counts)).astype(np.float32), starts


@lru_cache(maxsize=4096)
def _of_line(line: str) -> NDArray[np.int32]:
    """The chunks of a document share the line that says where they stand."""
    of_words = np.fromiter(map(_row_of_word.__getitem__, dictionary_words(line)), np.int32)
    return np.concatenate([of_words, _of_runs(runs(line))])


def forget() -> None:
    """Lets go of the lines of which the words or the rows are remembered."""
    _of_line.cache_clear()
    analyzer.forget()


def _row(token: str) -> int:
    return zlib.crc32(token.encode("utf-8", "replace")) % ROWS


class _RowOfWord(dict[str, int]):
    """Remembers the rows of words of the dictionary, not of what a text spells in letters and digits."""

    def __missing__(self, word: str) -> int:
        row = _row(f"w:{word}")
        if not word.isascii() and len(self) < WORDS:
            self[word] = row
        return row


_row_of_word = _RowOfWord()


def _of_runs(found: Sequence[str]) -> NDArray[np.int32]:
    """Rows of the ``bigrams`` of a line that has these runs, all at once."""
    line = "\n".join((*found, ""))
    codes = np.frombuffer(line.encode("utf-16-le"), dtype="<u2")
    if len(codes) > len(line):  # a character that takes two of them
        return np.array([_row(f"b:{pair}") for run in found for pair in pairs(run)], dtype=np.int32)
    firsts, seconds = _checksums()
    rows = firsts.take(codes[:-1]) ^ seconds.take(codes[1:])
    inside = codes != ord("\n")
    counted = inside[:-1] & inside[1:]
    start = 0
    for run in found:
        if len(run) == 1 or run.isascii():
            counted[start : start + len(run)] = False
            counted[start] = True
            rows[start] = _row(f"b:{run[:LONGEST_TERM]}")
        start += len(run) + 1
    return rows[counted]


@cache
def _checksums() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The row of a pair of Chinese characters is the first's in the one table XOR the second's in the other, because CRC-32 is
    linear and UTF-8 writes each of them in three bytes.
    """
    firsts, seconds = np.zeros((2, 1 << 16), np.int32)
    of_any = _row("b:一一")
    for code in range(0x3000, 0xFB00):
        character = chr(code)
        firsts[code] = _row(f"b:{character}一")
        seconds[code] = _row(f"b:一{character}") ^ of_any
    return firsts, seconds
