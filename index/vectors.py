"""Chroma: the dense index, in a folder or on a server. The only home of chromadb.

Chroma holds vectors, chunk ids and one integer a chunk (the hash of its document's id); texts and everything else stay
in the register. It is a derived index: it remembers the last change it applied, and a kill while it writes can leave it
unusable (measured), so it is probed when it is opened and thrown away at the first doubt.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection as ChromaCollection
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray

from index.flat import FlatIndex, packed
from index.folders import discard_folder
from index.vectors_calls import Calls
from ingest.errors import EmbedderMismatch, IndexOutdated, StoreUnreachable

BATCH = 500  # larger writes make queries that run beside them wait for seconds
EF_SEARCH = 1000  # recall@10 at 100,000 (statutes, news): .96 with 100, .99 with 200, 1.0 with 1,000, for 2 ms more
OVERFETCH = 4  # finds enough where about a third of the documents pass
CHEAP = 16_000_000  # numbers (100,000 vectors of 160): comparing takes 8 ms, asking Chroma for more than is needed 9
MOST_BYTES = 600_000_000  # vectors in memory; a larger collection is filtered by Chroma, which is slow and complete
PAGE, PAGE_SECONDS = 2000, 10.0
PROBED = 5  # vectors looked for at opening; approximate search may miss one that is there, but not all
SAME = 0.01  # cosine distance of a vector to itself, with room for rounding
SEARCH_SECONDS = 1.5  # an answer never waits longer for the dense leg
WRITE_SECONDS = 120.0
OPEN_SECONDS = 30.0
FREE_BYTES = 200_000_000  # Chroma hangs on a full disk instead of failing


class VectorIndex:
    """The vectors of one register, made by one model, in one Chroma collection.

    Methods raise StoreUnreachable when Chroma does not answer in time, and IndexOutdated when what it holds cannot be used
    any more and must be rebuilt. Reading is safe from many threads, also while one thread writes.
    """

    def __init__(self, client: ClientAPI, collection: ChromaCollection, place: Path | str) -> None:
        self.place = place
        self.problem: IndexOutdated | StoreUnreachable | None = None
        self._client = client
        self._collection = collection
        self._calls = Calls(place)
        self._flat: FlatIndex | None = None
        self._reader: threading.Thread | None = None
        self._too_large = False
        self._writes = 0  # begun and ended
        self._lock = threading.Lock()

    @classmethod
    def open(cls, place: Path | str, register: str, model: str, dimension: int) -> VectorIndex:
        """Opens or creates the collection for the vectors that ``model`` makes of the texts of ``register``.

        place: a folder, or the address of a server (``http://host:port``). Raises EmbedderMismatch where the register's
        vectors were made by another model.
        """
        calls = Calls(place)
        client = calls.run(lambda: _client(place), OPEN_SECONDS)
        try:
            collection = calls.run(lambda: _collection(client, register, model, dimension), OPEN_SECONDS)
            index = cls(client, collection, place)
            index._probe()
        except (EmbedderMismatch, StoreUnreachable, IndexOutdated):
            calls.run(client.close, OPEN_SECONDS)
            raise
        return index

    @property
    def applied(self) -> int:
        """Id of the last change of the register that is in this index."""
        return int((self._collection.metadata or {})["applied"])

    def count(self) -> int:
        """Number of chunks in the index."""
        return self._calls.run(self._collection.count, SEARCH_SECONDS)

    def apply(
        self, added: Iterable[tuple[str, Sequence[str], NDArray[np.float32]]], removed: Iterable[str], change: int
    ) -> None:
        """Makes ``added`` (document id, chunk ids, one vector each) all there is of these documents, forgets ``removed``.

        ``change`` is the last change that this brings in. After a crash in between, applying it again is harmless.
        """
        added = tuple(added)
        if isinstance(self.place, Path) and shutil.disk_usage(self.place).free < FREE_BYTES:
            raise StoreUnreachable("磁盘空间不足，向量索引暂停更新", "请清理磁盘；文字检索不受影响")
        outdated = [*(document_id for document_id, _, _ in added), *removed]
        complete = False
        self._writes += 1
        try:
            self._forget(outdated)
            self._add(added)
            metadata = {**self._collection.metadata, "applied": change}
            self._calls.run(lambda: self._collection.modify(metadata=metadata), WRITE_SECONDS)
            if self._flat is not None:
                self._flat.replace(map(_mark, outdated), ((_mark(id_), ids, rows) for id_, ids, rows in added))
            complete = True
        finally:
            self._writes += 1
            if not complete:  # who knows how much of it Chroma took
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
        if allowed is None:
            return self._query(vector, limit, None)
        marks = frozenset(map(_mark, allowed))
        if not marks:
            return []
        flat = self._flat
        if flat is None:
            self._read_flat()
        elif flat.count(marks) * len(vector) <= CHEAP:
            return flat.search(vector, limit, marks)
        # What passes among the nearest of all is the nearest of what passes, if it is enough.
        found = [hit for hit, mark in self._query_marked(vector, limit * OVERFETCH) if mark in marks][:limit]
        if len(found) == limit:
            return found
        if flat is not None:
            return flat.search(vector, limit, marks)
        return self._query(vector, limit, {"document": {"$in": list(marks)}})

    def close(self) -> None:
        self._writes += 1  # the reader stops
        if self._reader is not None:
            self._reader.join(PAGE_SECONDS)
        self._calls.end(self._client.close, OPEN_SECONDS)

    def _probe(self) -> None:
        """Raises IndexOutdated unless the oldest vectors are there and are found.

        A damaged collection often counts right, and fails or has lost all but the newest vectors at the first query.
        """
        oldest = self._calls.run(lambda: self._collection.get(limit=PROBED, include=["embeddings"]), OPEN_SECONDS)
        vectors = [vector for vector in oldest["embeddings"] if np.any(vector)]  # a text without words is near nothing
        if not vectors:
            return
        found = self._calls.run(
            lambda: self._collection.query(query_embeddings=vectors, n_results=1, include=["distances"]),
            OPEN_SECONDS,
        )
        if not any(distances and distances[0] < SAME for distances in found["distances"]):
            raise IndexOutdated("向量索引不完整，需要重建", "请运行 python -m index rebuild")

    def _query(self, vector: Sequence[float], limit: int, where: dict[str, Any] | None) -> list[tuple[str, float]]:
        def call() -> list[tuple[str, float]]:
            found = self._collection.query(
                query_embeddings=[vector], n_results=limit, where=where, include=["distances"]
            )
            return [(id_, 1.0 - d) for id_, d in zip(found["ids"][0], found["distances"][0], strict=True)]

        return self._calls.run(call, SEARCH_SECONDS)

    def _query_marked(self, vector: Sequence[float], limit: int) -> list[tuple[tuple[str, float], int]]:
        def call() -> list[tuple[tuple[str, float], int]]:
            found = self._collection.query(
                query_embeddings=[vector], n_results=limit, include=["distances", "metadatas"]
            )
            rows = zip(found["ids"][0], found["distances"][0], found["metadatas"][0], strict=True)
            return [((id_, 1.0 - distance), int(metadata["document"])) for id_, distance, metadata in rows]

        return self._calls.run(call, SEARCH_SECONDS)

    def _read_flat(self) -> None:
        """Begins to read all vectors into memory, unless that is under way or they are too many.

        Not in a daemon thread: a program that ends during a call to Chroma crashes.
        """
        with self._lock:
            if self._reader is None or not (self._reader.is_alive() or self._too_large):
                self._reader = threading.Thread(target=self._read_pages, name="vectors")
                self._reader.start()

    def _read_pages(self) -> None:
        """Gives up where Chroma fails or is written to meanwhile; the next filtered search begins again."""
        ids: list[str] = []
        marks: list[int] = []
        rows: list[NDArray[np.int16]] = []
        writes = self._writes
        with suppress(StoreUnreachable, IndexOutdated):
            for offset in range(0, count := self.count(), PAGE):
                page = self._page(offset)
                if self._writes != writes or not page["ids"] or not threading.main_thread().is_alive():
                    return
                ids += page["ids"]
                marks += (int(metadata["document"]) for metadata in page["metadatas"])
                rows.append(packed(np.asarray(page["embeddings"], np.float32)))
                self._too_large = count * rows[0].shape[1] * rows[0].itemsize > MOST_BYTES
                if self._too_large:
                    return
            self._flat = FlatIndex.of(ids, marks, rows)
            if self._writes != writes:
                self._flat = None

    def _page(self, offset: int) -> dict[str, Any]:
        def call() -> dict[str, Any]:
            return self._collection.get(limit=PAGE, offset=offset, include=["embeddings", "metadatas"])

        return self._calls.run(call, PAGE_SECONDS)

    def _forget(self, document_ids: Sequence[str]) -> None:
        for part in _parts(document_ids):
            where = {"document": {"$in": [_mark(document_id) for document_id in part]}}
            known = self._calls.run(lambda where=where: self._collection.get(where=where, include=[]), WRITE_SECONDS)
            for ids in _parts(known["ids"]):
                self._calls.run(lambda ids=ids: self._collection.delete(ids=ids), WRITE_SECONDS)

    def _add(self, added: Sequence[tuple[str, Sequence[str], NDArray[np.float32]]]) -> None:
        ids = [chunk_id for _, chunk_ids, _ in added for chunk_id in chunk_ids]
        marks = [{"document": _mark(document_id)} for document_id, chunk_ids, _ in added for _ in chunk_ids]
        if not ids:
            return
        vectors = np.concatenate([rows for _, chunk_ids, rows in added if len(chunk_ids)])
        for start in range(0, len(ids), BATCH):
            part = slice(start, start + BATCH)
            self._calls.run(
                lambda part=part: self._collection.add(ids=ids[part], embeddings=vectors[part], metadatas=marks[part]),
                WRITE_SECONDS,
            )


def survives_opening(place: Path, register: str, model: str, dimension: int) -> bool:
    """Whether a folder that was not closed can be opened and queried; tried in a child, which it may kill."""
    command = [sys.executable, "-m", "index.vectors", str(place), register, model, str(dimension)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        child = subprocess.run(command, env=environment, timeout=OPEN_SECONDS * 2, capture_output=True, check=False)
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0


def discard(place: Path | str, register: str) -> None:
    """Deletes what Chroma holds for ``register``, of every model. Raises StoreUnreachable, RegisterError."""
    if isinstance(place, Path):
        discard_folder(place)
        return
    calls = Calls(place)
    client = calls.run(lambda: _client(place), OPEN_SECONDS)
    for name in calls.run(lambda: _names(client, register), OPEN_SECONDS):
        calls.run(lambda name=name: client.delete_collection(name), WRITE_SECONDS)
    calls.run(client.close, OPEN_SECONDS)


def _client(place: Path | str) -> ClientAPI:
    settings = ChromaSettings(anonymized_telemetry=False)
    if isinstance(place, Path):
        with ExitStack() as on_failure:
            # Chroma keeps what failed to open, and would hand it out again for the folder made anew.
            on_failure.callback(SharedSystemClient._identifier_to_system.pop, str(place), None)
            client = chromadb.PersistentClient(str(place), settings=settings)
            on_failure.pop_all()
            return client
    address = urlsplit(place)
    ssl = address.scheme == "https"
    return chromadb.HttpClient(
        address.hostname or "", address.port or (443 if ssl else 8000), ssl=ssl, settings=settings
    )


def _collection(client: ClientAPI, register: str, model: str, dimension: int) -> ChromaCollection:
    wanted = _name(register, model, dimension)
    names = _names(client, register)
    if wanted in names:
        return client.get_collection(wanted, embedding_function=None)
    if names:
        other = client.get_collection(names[0], embedding_function=None).metadata or {}
        raise EmbedderMismatch(
            f"向量索引是用另一个模型（{other.get('model')}）建立的，现在设置的是 {model}",
            "请改回原来的 POLICY_EMBEDDING，或运行 python -m index rebuild 重建向量索引",
        )
    return client.create_collection(
        wanted,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
        metadata={"model": model, "dimension": dimension, "applied": 0},
    )


def _names(client: ClientAPI, register: str) -> list[str]:
    prefix = f"wenhao-{register[:12]}-"
    return sorted(c.name for c in client.list_collections() if c.name.startswith(prefix))


def _name(register: str, model: str, dimension: int) -> str:
    """Chroma takes ASCII names only: the digest tells apart models whose names differ in other characters."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", model)[-40:].strip("-")
    digest = hashlib.sha256(model.encode()).hexdigest()[:8]
    return f"wenhao-{register[:12]}-{readable}-{digest}-{dimension}"


@lru_cache(maxsize=1 << 16)
def _mark(document_id: str) -> int:
    """A document's id as the integer under which its chunks are filed (Chroma's integers have 64 bits and a sign)."""
    return int.from_bytes(hashlib.sha256(document_id.encode()).digest()[:8], "little") >> 2


def _parts(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


if __name__ == "__main__":
    VectorIndex.open(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])).close()
