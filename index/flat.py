"""Vectors in memory, all of them compared: exact search among all documents, or those that a filter lets through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

SCALE = 32767  # a component of a vector of length 1 as a 16-bit integer: half the memory, a cosine is off by 1e-5
TINY = 1e-12  # in place of the length of a vector without any
KEPT_BYTES = (
    64_000_000  # of vectors that were brought together for the filters used last: two of 100,000 vectors of 160
)
ROWS = 4096  # compared at once: as floats they stay in the processor's cache
GONE = -2.0  # less than any cosine

Documents = dict[
    int, tuple[Sequence[str], NDArray[np.int16]]
]  # by mark: ids of the chunks, their vectors as ``packed``


class FlatIndex:
    """Vectors by document. Reading is safe beside one thread that writes.

    most: numbers in all vectors up to which they are kept as floats too, so that all can be compared with.
    """

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._documents: Documents = {}
        self._selections: dict[AbstractSet[int], _Selection] = {}
        self._all = _All()
        self._wide = False

    @classmethod
    def of(
        cls, ids: Sequence[str], documents: Sequence[int], rows: Sequence[NDArray[np.int16]], most: int = 0
    ) -> FlatIndex:
        """The index of chunks with these ids, the documents that they are of, and their vectors as ``packed``."""
        index = cls(most)
        if ids:
            of = np.asarray(documents)
            order = np.argsort(of, kind="stable")
            starts = np.flatnonzero(np.diff(of[order], prepend=-1))
            parts = zip(np.split(order, starts[1:]), np.split(np.concatenate(rows)[order], starts[1:]), strict=True)
            index._take_in({int(of[at[0]]): ([ids[i] for i in at], matrix) for at, matrix in parts})
        return index

    @property
    def whole(self) -> bool:
        """Whether all vectors can be compared with."""
        return not self._wide

    def replace(self, outdated: Iterable[int], added: Iterable[tuple[int, Sequence[str], NDArray[np.float32]]]) -> None:
        """Forgets the documents ``outdated``, then takes in ``added``: a document's chunk ids and their vectors."""
        for document in outdated:
            self._documents.pop(document, None)
            self._all.forget(document)
        self._take_in({document: (ids, packed(rows)) for document, ids, rows in added if len(ids)})
        if self._all.crowded:
            self._all = _All()
            self._all.add(self._documents)
        self._selections = {}  # a new one: what is selected meanwhile, of the old documents, is filed in the old one

    def count(self, documents: AbstractSet[int]) -> int:
        """Number of vectors of the documents."""
        if (selection := self._selections.get(documents)) is not None:
            return len(selection.ids)
        return sum(len(self._documents[document][0]) for document in documents if document in self._documents)

    def search(
        self, vector: Sequence[float], limit: int, documents: AbstractSet[int] | None = None
    ) -> list[tuple[str, float]]:
        """Ids of the nearest chunks, of all (where they are ``whole``) or of the documents, and their cosine, best first."""
        among = self._all.blocks if documents is None else (self._selection(documents),)
        query = np.asarray(vector, np.float32)
        query = query / (SCALE * max(float(np.linalg.norm(query)), TINY))
        cosines = np.concatenate([part.cosines(query) for part in among] or [np.empty(0, np.float32)])
        if not len(cosines):
            return []
        limit = min(limit, len(cosines))
        best = np.argpartition(cosines, -limit)[-limit:]
        best = best[np.argsort(-cosines[best], kind="stable")]
        starts = list(accumulate((len(part.ids) for part in among), initial=0))
        places = np.searchsorted(starts, best, side="right") - 1
        rows = zip(places.tolist(), best.tolist(), cosines[best].tolist(), strict=True)
        return [(among[place].ids[i - starts[place]], cosine) for place, i, cosine in rows if cosine > GONE]

    def _take_in(self, documents: Documents) -> None:
        self._documents.update(documents)
        if not self._wide:
            self._all.add(documents)
            self._wide = self._all.numbers > self._most
            if self._wide:
                self._all = _All()

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
    """Chunk ids and their vectors, of length ``SCALE``, to be searched together; ``gone``: which of them are not there any more."""

    ids: Sequence[str]
    rows: NDArray[np.float32]
    gone: NDArray[np.bool_] | None = None

    def cosines(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """One a row, ``GONE`` where it is not there any more."""
        if not self.ids:
            return np.empty(0, np.float32)
        # Not ``@``: BLAS splits even this among threads, and where other work runs beside they wait for each other for
        # longer (measured: 48 ms) than one thread takes for all of it (0.5 ms for 10,000 vectors).
        cosines = np.einsum("ij,j->i", self.rows, query)
        if self.gone is not None:
            cosines[self.gone] = GONE
        return cosines


class _All:
    """All vectors as floats. Who reads has ``blocks`` as they were."""

    def __init__(self) -> None:
        self.blocks: tuple[_Selection, ...] = ()
        self.numbers = 0
        self._gone = 0
        self._places: dict[int, tuple[int, slice]] = {}

    @property
    def crowded(self) -> bool:
        """Whether more is gone than is there."""
        return self._gone > self.numbers

    def add(self, documents: Documents) -> None:
        """To the last block until it is full, then to a new one."""
        filled = len(self.blocks[-1].ids) if self.blocks else ROWS
        part: Documents = {}
        for document, (ids, rows) in documents.items():
            if filled >= ROWS:
                self._join(part)
                self.blocks = (*self.blocks, _Selection((), np.empty((0, rows.shape[1]), np.float32)))
                part, filled = {}, 0
            part[document] = ids, rows
            filled += len(ids)
        self._join(part)

    def _join(self, documents: Documents) -> None:
        if not documents:
            return
        *blocks, last = self.blocks
        ids = list(last.ids)
        for document, (more, rows) in documents.items():
            self._places[document] = len(blocks), slice(len(ids), len(ids) + len(more))
            ids += more
            self.numbers += rows.size
        joined = np.concatenate([last.rows, *(rows for _, rows in documents.values())], dtype=np.float32)
        gone = None if last.gone is None else np.concatenate([last.gone, np.zeros(len(ids) - len(last.ids), bool)])
        self.blocks = (*blocks, _Selection(ids, joined, gone))

    def forget(self, document: int) -> None:
        if (place := self._places.pop(document, None)) is None:
            return
        at, rows = place
        block = self.blocks[at]
        gone = np.zeros(len(block.ids), bool) if block.gone is None else block.gone.copy()
        gone[rows] = True
        self.blocks = (*self.blocks[:at], _Selection(block.ids, block.rows, gone), *self.blocks[at + 1 :])
        size = block.rows[rows].size
        self.numbers, self._gone = self.numbers - size, self._gone + size


def packed(vectors: NDArray[np.float32]) -> NDArray[np.int16]:
    """The vectors as they are kept: of length 1, in integers."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.rint(vectors * (SCALE / np.maximum(length, TINY))).astype(np.int16)
