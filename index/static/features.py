"""Text → the rows of the table that stand for its words and pairs of characters."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analyzer import bigrams, dictionary_words

ROWS = 1 << 17  # a power of two; two features that share a row are told apart by the others of a text


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
    tokens = [*(f"w:{word}" for word in dictionary_words(line)), *(f"b:{pair}" for pair in bigrams(line))]
    return np.array([zlib.crc32(token.encode("utf-8", "replace")) % ROWS for token in tokens], dtype=np.int32)


def forget() -> None:
    """Lets go of the lines of which the rows are remembered."""
    _of_line.cache_clear()
