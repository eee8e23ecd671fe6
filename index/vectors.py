"""The dense index: vectors in a store (Chroma or Milvus), derived from the register.

A store holds vectors, chunk ids and one integer a chunk (the hash of its document's id); texts and everything else stay in
the register. It remembers the last change it applied, and a kill while it is written to can leave it unusable (measured
with Chroma), so it is probed when it is opened and thrown away at the first doubt.
"""

from __future__ import annotations

import hashlib
import importlib
import shutil
import threading
import time
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index import vectors_hosted
from index.flat import FlatIndex, packed
from index.right_of_way import give_way, quiet, rest, serving, yield_processor
from index.vectors_calls import outdated
from index.vectors_hosted import HostedStore
from index.vectors_store import BATCH, BESIDE_SEARCHES, MILVUS, PAGE_SECONDS, REST, Place, Store, local, parts
from ingest.errors import IndexOutdated, SettingsError, StoreUnreachable

if TYPE_CHECKING:
    from index.vectors_chroma import ChromaStore
    from index.vectors_milvus import MilvusStore

OVERFETCH = 4  # finds enough where about a third of the documents pass
CHEAP = 32_000_000  # numbers (200,000 vectors of 160): comparing takes 8 ms, asking Chroma for more than is needed 9
WHOLE = 24_000_000  # numbers (150,000 vectors of 160: 96 MB): up to here all are compared in no more time than Chroma takes,
# exactly, and without waiting for a write
MOST_BYTES = 600_000_000  # vectors in memory; a larger collection is filtered by the store, which is slow and complete
PROBED = 5  # vectors looked for at opening; approximate search may miss one that is there, but not all
SAME = 0.01  # cosine distance of a vector to itself, with room for rounding
FREE_BYTES = 200_000_000  # Chroma hangs on a full disk instead of failing


class VectorIndex:
    """The vectors of one register, made by one model, in one collection of a store.

    Methods raise StoreUnreachable when the store does not answer in time, and IndexOutdated when what it holds cannot be
    used any more and must be rebuilt. Reading is safe from many threads, also while one thread writes.
    """

    def __init__(self, store: Store, place: Place) -> None:
        self.place = place
        self.problem: IndexOutdated | StoreUnreachable | None = None
        self._store = store
        self._flat: FlatIndex | None = None
        self._reader: threading.Thread | None = None
        self._too_large = False
        self._writes = 0  # begun and ended
        self._lock = threading.Lock()

    @classmethod
    def open(cls, place: Place, register: str, model: str, dimension: int) -> VectorIndex:
        """Opens or creates the collection for the vectors that ``model`` makes of the texts of ``register``.

        place: a folder (Chroma), or the address of a server: ``http://host:port`` (Chroma), ``milvus://host:port``,
        ``milvus:///folder.db`` (Milvus Lite). Raises EmbedderMismatch where the register's vectors were made by another model.
        """
        index = cls(_kind(place).open(place, register, model, dimension), place)
        try:
            index._probe()
        except StoreUnreachable as error:
            index.close()
            if index.ended:
                raise outdated("查询时异常中止") from error
            raise
        except IndexOutdated:
            index.close()
            raise
        return index

    @property
    def ended(self) -> bool:
        """Whether the process of the store has ended by itself; then it is to be opened again."""
        return isinstance(self._store, HostedStore) and self._store.ended

    @property
    def outgrown(self) -> bool:
        """Whether it has become so much larger since it was opened that it should be opened again."""
        return isinstance(self._store, HostedStore) and self._store.outgrown

    @property
    def applied(self) -> int:
        """Id of the last change of the register that is in this index."""
        return self._store.applied()

    def refresh(self) -> None:
        """Takes note of what another process has written to the store."""
        if self._store.applied() != self._store.look():
            self._writes += 1
            self._flat = None

    def count(self) -> int:
        """Number of chunks in the index."""
        return self._store.count()

    def apply(
        self, added: Iterable[tuple[str, Sequence[str], NDArray[np.float32]]], removed: Iterable[str], change: int
    ) -> None:
        """Makes ``added`` (document id, chunk ids, one vector each) all there is of these documents, forgets ``removed``.

        ``change`` is the last change that this brings in. After a crash in between, applying it again is harmless.
        """
        added = tuple(added)
        folder = local(self.place)
        if folder and shutil.disk_usage(folder).free < FREE_BYTES:
            raise StoreUnreachable("磁盘空间不足，向量索引暂停更新", "请清理磁盘；文字检索不受影响")
        old = [_mark(document_id) for document_id in (*(document_id for document_id, _, _ in added), *removed)]
        complete = False
        self._writes += 1
        try:
            for marks in parts(old):
                self._store.forget(marks)
            self._add(added)
            self._store.set_applied(change)
            if self._flat is not None:
                self._flat.replace(old, ((_mark(id_), ids, rows) for id_, ids, rows in added))
            complete = True
        finally:
            self._writes += 1
            if not complete:  # who knows how much of it the store took
                self._flat = None

    def search(
        self, vector: Sequence[float], limit: int, allowed: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids of the nearest chunks and their cosine, best first; only of the documents ``allowed``, where given.

        Raises StoreUnreachable and nothing else; ``problem`` then tells why, until a search succeeds.
        """
        try:
            found = self._search(vector, limit, allowed)
        except StoreUnreachable as error:
            self.problem = error
            raise
        except IndexOutdated as error:
            self.problem = error
            raise StoreUnreachable(str(error), error.hint) from error
        self.problem = None
        return found

    def _search(self, vector: Sequence[float], limit: int, allowed: Collection[str] | None) -> list[tuple[str, float]]:
        flat = self._flat
        if allowed is None:
            if flat is not None and flat.whole:
                return flat.search(vector, limit)
            if flat is None and serving():
                self._read_flat()
            return self._store.nearest(vector, limit, None)
        marks = frozenset(map(_mark, allowed))
        if not marks:
            return []
        if flat is None:
            self._read_flat()
        elif flat.count(marks) * len(vector) <= CHEAP:
            return flat.search(vector, limit, marks)
        # What passes among the nearest of all is the nearest of what passes, if it is enough.
        nearest = self._store.nearest_marked(vector, limit * OVERFETCH)
        found = [hit for hit, mark in nearest if mark in marks][:limit]
        if len(found) == limit:
            return found
        if flat is not None:
            return flat.search(vector, limit, marks)
        return self._store.nearest(vector, limit, sorted(marks))

    def close(self) -> None:
        self._writes += 1  # the reader stops
        if self._reader is not None:
            self._reader.join(PAGE_SECONDS)
        self._store.close()

    def _probe(self) -> None:
        """Raises IndexOutdated unless the oldest vectors are there and are found.

        A damaged collection often counts right, and fails or has lost all but the newest vectors at the first query.
        """
        vectors = [vector for vector in self._store.some(PROBED) if np.any(vector)]  # without words: near nothing
        found = (self._store.nearest(vector.tolist(), 1, None) for vector in vectors)
        if vectors and not any(hits and hits[0][1] > 1 - SAME for hits in found):
            raise outdated("内容不完整")

    def _read_flat(self) -> None:
        """Begins to read all vectors into memory, unless that is under way or they are too many.

        Not in a daemon thread: a program that ends during a call to Chroma crashes.
        """
        with self._lock:
            if self._reader is None or not (self._reader.is_alive() or self._too_large):
                self._reader = threading.Thread(target=self._read_pages, name="vectors")
                self._reader.start()

    def _read_pages(self) -> None:
        """Gives up where the store fails or is written to meanwhile; the next filtered search begins again."""
        yield_processor()
        ids: list[str] = []
        marks: list[int] = []
        rows: list[NDArray[np.int16]] = []
        writes = self._writes
        with suppress(StoreUnreachable, IndexOutdated):
            count = self.count()
            for page_ids, page_marks, vectors in self._store.pages():
                if self._writes != writes or not page_ids or not threading.main_thread().is_alive():
                    return
                ids += page_ids
                marks += page_marks
                rows.append(packed(vectors))
                self._too_large = count * rows[0].shape[1] * rows[0].itemsize > MOST_BYTES
                if self._too_large:
                    return
            self._flat = FlatIndex.of(ids, marks, rows, WHOLE)
            if self._writes != writes:
                self._flat = None

    def _add(self, added: Sequence[tuple[str, Sequence[str], NDArray[np.float32]]]) -> None:
        ids = [chunk_id for _, chunk_ids, _ in added for chunk_id in chunk_ids]
        marks = [_mark(document_id) for document_id, chunk_ids, _ in added for _ in chunk_ids]
        if not ids:
            return
        vectors = np.concatenate([rows for _, chunk_ids, rows in added if len(chunk_ids)])
        start = 0
        while start < len(ids):
            give_way()
            began = time.monotonic()
            part = slice(start, start + (BATCH if quiet() else BESIDE_SEARCHES))
            self._store.add(ids[part], marks[part], vectors[part])
            start = part.stop
            rest(time.monotonic() - began, REST)


def prepare(place: Place) -> None:
    """To be called as soon as it is known that the place will be opened."""
    if isinstance(place, Path):
        vectors_hosted.prepare()


def discard(place: Place, register: str) -> None:
    """Deletes what the store holds for ``register``, of every model. Raises StoreUnreachable, RegisterError."""
    _kind(place).discard(place, register)


def _kind(place: Place) -> type[HostedStore] | type[ChromaStore] | type[MilvusStore]:
    if isinstance(place, Path):
        return HostedStore
    if not place.startswith(MILVUS):
        return importlib.import_module("index.vectors_chroma").ChromaStore  # takes a second
    try:
        return importlib.import_module("index.vectors_milvus").MilvusStore
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("index"):
            raise
        raise SettingsError(
            f"POLICY_VECTORS={place} 需要 Milvus 组件，尚未安装（缺少 {error.name}）",
            "请运行 pip install 'wenhao[milvus]'；文字检索不受影响",
        ) from error


@lru_cache(maxsize=1 << 16)
def _mark(document_id: str) -> int:
    """A document's id as the integer under which its chunks are filed (the stores' integers have 64 bits and a sign)."""
    return int.from_bytes(hashlib.sha256(document_id.encode()).digest()[:8], "little") >> 2
