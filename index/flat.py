"""Vectors in memory, all of them compared: exact search among the documents that a filter lets through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

SCALE = 32767  # a component of a vector of length 1 as a 16-bit integer: half the memory, a cosine is off by 1e-5
TINY = 1e-12  # in place of the length of a vector without any
DOCUMENTS = 100  # brought together at once: some thousand vectors, which the processor's cache holds


class FlatIndex:
    """Vectors by document. Reading is safe beside one thread that writes."""

    def __init__(self) -> None:
        self._documents: dict[int, tuple[Sequence[str], NDArray[np.int16]]] = {}

    @classmethod
    def of(cls, ids: Sequence[str], documents: Sequence[int], rows: Sequence[NDArray[np.int16]]) -> FlatIndex:
        """The index of chunks with these ids, the documents that they are of, and their vectors as ``packed``."""
        index = cls()
        if ids:
            of = np.asarray(documents)
            order = np.argsort(of, kind="stable")
            starts = np.flatnonzero(np.diff(of[order], prepend=-1))
            parts = zip(np.split(order, starts[1:]), np.split(np.concatenate(rows)[order], starts[1:]), strict=True)
            index._documents = {int(of[at[0]]): ([ids[i] for i in at], matrix) for at, matrix in parts}
        return index

    def replace(self, outdated: Iterable[int], added: Iterable[tuple[int, Sequence[str], NDArray[np.float32]]]) -> None:
        """Forgets the documents ``outdated``, then takes in ``added``: a document's chunk ids and their vectors."""
        for document in outdated:
            self._documents.pop(document, None)
        self._documents.update((document, (ids, packed(rows))) for document, ids, rows in added if len(ids))

    def count(self, documents: Collection[int]) -> int:
        """Number of vectors of the documents."""
        return sum(len(self._documents[document][0]) for document in documents if document in self._documents)

    def search(self, vector: Sequence[float], limit: int, documents: Collection[int]) -> list[tuple[str, float]]:
        """Ids of the nearest chunks of the documents and their cosine, best first."""
        found = [entry for document in documents if (entry := self._documents.get(document))]
        if not found:
            return []
        query = np.asarray(vector, np.float32)
        query = query / (SCALE * max(float(np.linalg.norm(query)), TINY))
        # Not ``@``: BLAS splits even this among threads, and where other work runs beside they wait for each other for
        # longer (measured: 48 ms) than one thread takes for all of it (0.5 ms for 10,000 vectors).
        blocks = _blocks(matrix for _, matrix in found)
        cosines = np.concatenate([np.einsum("ij,j->i", block, query) for block in blocks])
        limit = min(limit, len(cosines))
        best = np.argpartition(-cosines, limit - 1)[:limit]
        best = best[np.argsort(-cosines[best], kind="stable")]
        ends = np.cumsum([len(ids) for ids, _ in found])
        place = np.searchsorted(ends, best, side="right")
        return [(found[at][0][i - ends[at]], float(cosines[i])) for i, at in zip(best, place, strict=True)]


def packed(vectors: NDArray[np.float32]) -> NDArray[np.int16]:
    """The vectors as they are kept: of length 1, in integers."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.rint(vectors * (SCALE / np.maximum(length, TINY))).astype(np.int16)


def _blocks(matrices: Iterator[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
    while part := list(islice(matrices, DOCUMENTS)):
        yield np.concatenate(part)
