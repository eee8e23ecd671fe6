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
KEPT_BYTES = 64_000_000  # of vectors that were brought together for the filters used last: two of 50,000 vectors of 160
ROWS = 16_384  # in a block; the memory of those that are not there yet is not taken
AT_ONCE = 1 << 17  # numbers that are made floats at once: they stay in the processor's cache
# Numbers; OpenBLAS splits a larger product among threads, and where other work runs beside they wait for each other for
# longer (measured: 48 ms) than one takes for all of it (0.4 ms for 10,000 vectors of 160).
ALONE = 9216
ALIKE = 8  # rows that OpenBLAS takes together: in groups of as many a row gives the same wherever it stands
GONE = -2.0  # less than any cosine

Rows = NDArray[np.float32] | NDArray[np.int16]  # a vector each, of length ``SCALE``


class FlatIndex:
    """Vectors by document. Reading is safe beside one thread that writes.

    most: numbers in all vectors up to which they are kept as floats, so that all can be compared with: as 16-bit integers they
    take half of the memory, and twice the time where other threads compute as well.
    """

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._kind: type[np.float32 | np.int16] = np.float32 if most else np.int16
        self._numbers = self._gone = 0
        self._blocks: tuple[_Block, ...] = ()
        self._places: dict[int, _Place] = {}  # by mark of the document
        self._selections: dict[AbstractSet[int], tuple[_Rows, ...]] = {}

    @classmethod
    def of(
        cls, ids: Sequence[str], documents: Sequence[int], rows: Sequence[NDArray[np.int16]], most: int = 0
    ) -> FlatIndex:
        """The index of chunks with these ids, the documents that they are of, and their vectors as ``packed``."""
        index = cls(most)
        if ids:
            of, joined = np.asarray(documents), np.concatenate(rows)
            index._kind = np.float32 if joined.size <= most else np.int16
            order = np.argsort(of, kind="stable")
            for at in np.split(order, np.flatnonzero(np.diff(of[order])) + 1):
                index._take_in(int(of[at[0]]), [ids[i] for i in at], joined[at])
        return index

    @property
    def whole(self) -> bool:
        """Whether all vectors can be compared with."""
        return self._numbers <= self._most

    def replace(self, outdated: Iterable[int], added: Iterable[tuple[int, Sequence[str], NDArray[np.float32]]]) -> None:
        """Forgets the documents ``outdated``, then takes in ``added``: a document's chunk ids and their vectors."""
        for document in outdated:
            self._forget(document)
        for document, ids, rows in added:
            if len(ids):
                self._take_in(document, ids, packed(rows))
        if self._gone > self._numbers or (self._kind is np.float32 and not self.whole):
            self._tighten()
        self._selections = {}  # a new one: what is selected meanwhile, of the old documents, is filed in the old one

    def count(self, documents: AbstractSet[int]) -> int:
        """Number of vectors of the documents."""
        selection = self._selections.get(documents)
        if selection and selection[0].gone is None:
            return len(selection[0].rows)
        return sum(len(place.rows) for document in documents if (place := self._places.get(document)))

    def search(
        self, vector: Sequence[float], limit: int, documents: AbstractSet[int] | None = None
    ) -> list[tuple[str, float]]:
        """Ids of the nearest chunks, of all or of the documents, and their cosine, best first."""
        among = [block.filled for block in self._blocks] if documents is None else self._selection(documents)
        query = np.asarray(vector, np.float32)
        query = query / (SCALE * max(float(np.linalg.norm(query)), TINY))
        cosines = np.concatenate([part.cosines(query) for part in among] or [np.empty(0, np.float32)])
        if not len(cosines):
            return []
        limit = min(limit, len(cosines))
        best = np.argpartition(cosines, -limit)[-limit:]
        best = best[np.argsort(-cosines[best], kind="stable")]
        starts = list(accumulate((len(part.rows) for part in among), initial=0))
        places = np.searchsorted(starts, best, side="right") - 1
        found = zip(places.tolist(), best.tolist(), cosines[best].tolist(), strict=True)
        return [(among[place].ids[i - starts[place]], cosine) for place, i, cosine in found if cosine > GONE]

    def _take_in(self, document: int, ids: Sequence[str], rows: Rows) -> None:
        if not self._blocks or not self._blocks[-1].room(len(ids)):
            self._blocks = (*self._blocks, _Block(max(ROWS, len(ids)), rows.shape[1], self._kind))
        self._places[document] = self._blocks[-1].append(ids, rows)
        self._numbers += rows.size

    def _forget(self, document: int) -> None:
        if (place := self._places.pop(document, None)) is not None:
            place.block.forget(place.start, len(place.rows))
            self._numbers -= place.rows.size
            self._gone += place.rows.size

    def _tighten(self) -> None:
        """Without the room of what is gone, and in integers where they are too many. Who reads has the blocks as they were."""
        held = FlatIndex(self._most if self.whole else 0)
        for document, place in self._places.items():
            held._take_in(document, place.ids, place.rows)
        self._kind, self._blocks, self._places, self._gone = held._kind, held._blocks, held._places, 0

    def _selection(self, documents: AbstractSet[int]) -> tuple[_Rows, ...]:
        """The vectors of the documents, brought together: that takes longer than to compare them. Where they are too many for
        that, all vectors, the others as if they were gone.
        """
        selections = self._selections
        selection = selections.get(documents)
        if selection is None:
            found = [place for document in documents if (place := self._places.get(document))]
            if sum(place.rows.nbytes for place in found) > KEPT_BYTES:
                selection = _only(found, self._blocks)
            else:
                ids = list(chain.from_iterable(place.ids for place in found))
                rows = np.concatenate([place.rows for place in found] or [np.empty((0, 1), np.float32)])
                selection = (_Rows(ids, rows),)
            if sum(part.own_bytes for kept in (*selections.values(), selection) for part in kept) > KEPT_BYTES:
                selections.clear()
            selections[documents] = selection
        return selection


def _only(places: Iterable[_Place], blocks: Sequence[_Block]) -> tuple[_Rows, ...]:
    filled = {block: block.filled for block in blocks}
    gone = {block: np.ones(len(rows.rows), bool) for block, rows in filled.items()}
    for place in places:
        if place.block in gone:  # not one that came meanwhile
            gone[place.block][place.start : place.start + len(place.rows)] = False
    return tuple(_Rows(rows.ids, rows.rows, gone[block]) for block, rows in filled.items())


@dataclass(frozen=True, slots=True)
class _Rows:
    """Vectors to be searched together; ``ids``: of their chunks; ``gone``: which of them are not there any more."""

    ids: Sequence[str]
    rows: Rows
    gone: NDArray[np.bool_] | None = None

    @property
    def own_bytes(self) -> int:
        """Of memory that a block does not have anyway."""
        return self.rows.nbytes if self.gone is None else self.gone.nbytes

    def cosines(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """One a row, ``GONE`` where it is not there any more."""
        found = _products(self.rows, query)
        if self.gone is not None:
            found[self.gone] = GONE
        return found


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the vectors of a document are: ``rows`` of the block, from the one numbered ``start``."""

    block: _Block
    start: int
    ids: Sequence[str]
    rows: Rows


class _Block:
    """Room for vectors. ``filled``: those that are there; who reads has it as it was."""

    def __init__(self, room: int, dimension: int, kind: type[np.float32 | np.int16]) -> None:
        self._ids: list[str] = []
        self._rows: Rows = np.empty((room, dimension), kind)
        self.filled = _Rows(self._ids, self._rows[:0])

    def room(self, count: int) -> bool:
        return len(self._ids) + count <= len(self._rows)

    def append(self, ids: Sequence[str], rows: Rows) -> _Place:
        start, end = len(self._ids), len(self._ids) + len(ids)
        self._ids += ids
        self._rows[start:end] = rows
        gone = self.filled.gone
        gone = None if gone is None else np.concatenate([gone, np.zeros(len(ids), bool)])
        self.filled = _Rows(self._ids, self._rows[:end], gone)
        return _Place(self, start, tuple(ids), self._rows[start:end])

    def forget(self, start: int, count: int) -> None:
        filled = self.filled
        gone = np.zeros(len(filled.rows), bool) if filled.gone is None else filled.gone.copy()
        gone[start : start + count] = True
        self.filled = _Rows(filled.ids, filled.rows, gone)


def packed(vectors: NDArray[np.float32]) -> NDArray[np.int16]:
    """The vectors as they are kept: of length 1, in integers."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.rint(vectors * (SCALE / np.maximum(length, TINY))).astype(np.int16)


def _products(rows: Rows, query: NDArray[np.float32]) -> NDArray[np.float32]:
    """The product of each row with the query. A stack of small matrices in one call takes half the time of ``einsum``."""
    dimension = len(query)
    group = ALONE // dimension // ALIKE * ALIKE or max(ALONE // dimension, 1)
    most = max(AT_ONCE // dimension // group, 1) * group
    found = np.empty(-(-len(rows) // group) * group, np.float32)
    full = len(rows) // group * group if rows.dtype == np.float32 else 0
    found[:full] = (rows[:full].reshape(-1, group, dimension) @ query).ravel()
    floats = np.empty((most, dimension), np.float32) if full < len(rows) else rows
    for start in range(full, len(rows), most):
        part = rows[start : start + most]
        groups = -(-len(part) // group)
        floats[: len(part)] = part
        floats[len(part) : groups * group] = 0
        found[start : start + groups * group] = (floats.reshape(-1, group, dimension)[:groups] @ query).ravel()
    return found[: len(rows)]
