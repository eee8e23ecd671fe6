"""Vectors in memory, all of them compared: exact search among the documents that a filter lets through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

SCALE = 32767  # a component of a vector of length 1 as a 16-bit integer: half the memory, a cosine is off by 1e-5
TINY = 1e-12  # in place of the length of a vector without any
KEPT_BYTES = (
    64_000_000  # of vectors that were brought together for the filters used last: two of 100,000 vectors of 160
)
ROWS = 4096  # compared at once: as floats they stay in the processor's cache


class FlatIndex:
    """Vectors by document. Reading is safe beside one thread that writes."""

    def __init__(self) -> None:
        self._documents: dict[int, tuple[Sequence[str], NDArray[np.int16]]] = {}
        self._selections: dict[AbstractSet[int], _Selection] = {}

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
        self._selections = {}  # a new one: what is selected meanwhile, of the old documents, is filed in the old one

    def count(self, documents: AbstractSet[int]) -> int:
        """Number of vectors of the documents."""
        if (selection := self._selections.get(documents)) is not None:
            return len(selection.ids)
        return sum(len(self._documents[document][0]) for document in documents if document in self._documents)

    def search(self, vector: Sequence[float], limit: int, documents: AbstractSet[int]) -> list[tuple[str, float]]:
        """Ids of the nearest chunks of the documents and their cosine, best first."""
        return self._selection(documents).search(vector, limit)

    def _selection(self, documents: AbstractSet[int]) -> _Selection:
        """The vectors of the documents, brought together and made floats: that takes longer than to compare them."""
        selections = self._selections
        selection = selections.get(documents)
        if selection is None:
            found = [entry for document in documents if (entry := self._documents.get(document))]
            ids = list(chain.from_iterable(ids for ids, _ in found))
            rows = np.concatenate([rows for _, rows in found] or [np.empty((0, 0))], dtype=np.float32)
            selection = _Selection(ids, rows)
            if sum(kept.rows.nbytes for kept in [*selections.values(), selection]) > KEPT_BYTES:
                selections.clear()
            if rows.nbytes <= KEPT_BYTES:
                selections[documents] = selection
        return selection


@dataclass(frozen=True, slots=True)
class _Selection:
    """Chunk ids and their vectors, of length ``SCALE``, to be searched together."""

    ids: Sequence[str]
    rows: NDArray[np.float32]

    def search(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """Ids of the nearest chunks and their cosine, best first."""
        if not self.ids:
            return []
        query = np.asarray(vector, np.float32)
        query = query / (SCALE * max(float(np.linalg.norm(query)), TINY))
        # Not ``@``: BLAS splits even this among threads, and where other work runs beside they wait for each other for
        # longer (measured: 48 ms) than one thread takes for all of it (0.5 ms for 10,000 vectors).
        cosines = np.einsum("ij,j->i", self.rows, query)
        limit = min(limit, len(cosines))
        best = np.argpartition(-cosines, limit - 1)[:limit]
        best = best[np.argsort(-cosines[best], kind="stable")]
        return [(self.ids[i], cosine) for i, cosine in zip(best.tolist(), cosines[best].tolist(), strict=True)]


def packed(vectors: NDArray[np.float32]) -> NDArray[np.int16]:
    """The vectors as they are kept: of length 1, in integers."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.rint(vectors * (SCALE / np.maximum(length, TINY))).astype(np.int16)
