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
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection as ChromaCollection
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import AuthorizationError, ChromaAuthError, ChromaError, QuotaError, RateLimitError
from numpy.typing import NDArray

from index.folders import discard_folder
from ingest.errors import EmbedderMismatch, IndexOutdated, StoreUnreachable

T = TypeVar("T")

BATCH = 500  # larger writes make queries that run beside them wait for seconds
EF_SEARCH = 1000  # recall@10 of hashed vectors at 100k: .58 with 100, .90 with 1,000
NARROW = 200  # documents: a filter on so few is resolved in about 20 ms, and over-fetching would miss them
OVERFETCH = 10
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
        self._calls = _Calls(place)

    @classmethod
    def open(cls, place: Path | str, register: str, model: str, dimension: int) -> VectorIndex:
        """Opens or creates the collection for the vectors that ``model`` makes of the texts of ``register``.

        place: a folder, or the address of a server (``http://host:port``). Raises EmbedderMismatch where the register's
        vectors were made by another model.
        """
        calls = _Calls(place)
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
        self._forget([*(document_id for document_id, _, _ in added), *removed])
        self._add(added)
        metadata = {**self._collection.metadata, "applied": change}
        self._calls.run(lambda: self._collection.modify(metadata=metadata), WRITE_SECONDS)

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
        if not allowed:
            return []
        marks = {_mark(document_id) for document_id in allowed}
        if len(marks) <= NARROW:
            return self._query(vector, limit, {"document": {"$in": list(marks)}})
        # A broad filter inside Chroma costs more than the search itself: ask for more and choose here.
        return [hit for hit, mark in self._query_marked(vector, limit * OVERFETCH) if mark in marks][:limit]

    def close(self) -> None:
        self._calls.run(self._client.close, OPEN_SECONDS)

    def _probe(self) -> None:
        """Raises IndexOutdated unless the oldest vectors are there and are found.

        A damaged collection often counts right, and fails or has lost all but the newest vectors at the first query.
        """
        oldest = self._calls.run(lambda: self._collection.get(limit=PROBED, include=["embeddings"]), OPEN_SECONDS)
        if not oldest["ids"]:
            return
        found = self._calls.run(
            lambda: self._collection.query(query_embeddings=oldest["embeddings"], n_results=1, include=["distances"]),
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


class _Calls:
    """Runs calls to Chroma in threads of their own, because a call may hang for minutes, and maps their failures."""

    def __init__(self, place: Path | str) -> None:
        self._place = place
        self._overdue = 0
        self._lock = threading.Lock()

    def run(self, call: Callable[[], T], seconds: float) -> T:
        """The result of ``call``. While an earlier call is overdue, none is begun."""
        with self._lock:
            if self._overdue:
                raise self._unreachable("上一次操作仍未返回")
        result: Future[T] = Future()
        threading.Thread(target=_fulfil, args=(result, call), daemon=True, name="chroma").start()
        try:
            error = result.exception(seconds)
        except TimeoutError:
            self._wait_no_longer(result)
            raise self._unreachable(f"{seconds:g} 秒内没有应答") from None
        mapped = self._mapped(error) if error is not None else None
        if mapped is not None:
            raise mapped from error
        return result.result()

    def _wait_no_longer(self, result: Future[Any]) -> None:
        with self._lock:
            self._overdue += 1
        result.add_done_callback(self._returned)

    def _returned(self, _result: Future[Any]) -> None:
        with self._lock:
            self._overdue -= 1

    def _unreachable(self, reason: str) -> StoreUnreachable:
        where = "本机向量索引" if isinstance(self._place, Path) else f"向量服务 {self._place}"
        return StoreUnreachable(f"{where}暂不可用：{reason}", "文字检索不受影响；请检查磁盘或向量服务")

    def _mapped(self, error: BaseException) -> IndexOutdated | StoreUnreachable | None:
        """What a failure of Chroma means to us; ``None`` for one that is not Chroma's."""
        if isinstance(error, (AuthorizationError, ChromaAuthError, QuotaError, RateLimitError)):
            return self._unreachable(str(error))
        # A panic of Chroma's Rust core is a BaseException that cannot be imported; an error page of a server that is
        # not Chroma is raised as a bare Exception.
        panic, bare = type(error).__name__ == "PanicException", type(error) is Exception
        if isinstance(self._place, str) and (bare or isinstance(error, (httpx.HTTPError, ValueError, OSError))):
            return self._unreachable(str(error))
        if (
            panic
            or bare
            or isinstance(error, (ChromaError, ValueError, KeyError, RuntimeError, OSError, sqlite3.Error))
        ):
            return IndexOutdated(f"向量索引无法使用，需要重建：{str(error)[:200]}", "请运行 python -m index rebuild")
        return None


def _fulfil(result: Future[T], call: Callable[[], T]) -> None:
    with _HandOver(result):
        result.set_result(call())


class _HandOver:
    """Passes on whatever ends the block, a panic of Chroma's Rust core included, to the thread that awaits the result."""

    def __init__(self, result: Future[Any]) -> None:
        self._result = result

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if error is not None:
            self._result.set_exception(error)
        return True


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
    calls = _Calls(place)
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


def _mark(document_id: str) -> int:
    """A document's id as the integer under which its chunks are filed (Chroma's integers have 64 bits and a sign)."""
    return int.from_bytes(hashlib.sha256(document_id.encode()).digest()[:8], "little") >> 2


def _parts(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


if __name__ == "__main__":
    VectorIndex.open(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])).close()
