"""Milvus, a server or cluster, or Milvus Lite in a folder. The only home of pymilvus and milvus_lite; an optional extra.

The collection is llama-index's (``MilvusVectorStore`` makes its schema and index); reading and writing go through its client,
because the store itself writes the JSON of a whole node with each vector and cannot count, delete by integer or page.
Vectors are kept at length 1, so that the inner product is the cosine. The last change applied is a row of the collection.
"""

from __future__ import annotations

import logging
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, TypeVar
from urllib.parse import urlsplit

import grpc
import numpy as np
from llama_index.vector_stores.milvus import MilvusVectorStore
from milvus_lite.adapter.grpc.server import start_server_in_thread
from milvus_lite.db import MilvusLite
from milvus_lite.exceptions import DataDirLockedError, MilvusLiteError
from numpy.typing import NDArray
from pymilvus import DataType, MilvusClient, MilvusException

from index import vectors_store
from index.vectors_calls import Calls, Failure
from index.vectors_store import SEARCH_SECONDS, WRITE_SECONDS, Page, collection_name, local, mismatch, prefix
from ingest.errors import IndexOutdated, SettingsError, StoreUnreachable

T = TypeVar("T")

PORT = 19530
KNOCK_SECONDS, CONNECT_SECONDS = 3.0, 10.0
GRAPH = {"index_type": "HNSW", "M": 16, "efConstruction": 200}
EF = 1000  # as in Chroma; Milvus wants it no smaller than the number of hits
MARKER, MARKER_MARK = "applied", -1  # the row that is no chunk; marks of documents are not negative
NOT_FOUND, NOT_LOADED, NO_INDEX = 100, 101, 700  # codes of errors
LITE_UNFLUSHED = 2000  # Milvus Lite compares what it has not flushed row by row: 25 ms a thousand rows and search
TINY = 1e-12  # in place of the length of a vector without any

logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it prints a traceback of every error that it raises
logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)


class MilvusStore:
    """A Milvus collection: ids, vectors and the mark of each chunk's document; texts stay in the register."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._calls = Calls(_where(place), self._meaning)
        self._stop = ExitStack()
        self._uri, self._database = _address(place)
        self._lite = False
        self._suspect = False  # the last call failed: the server is knocked at before the next
        self._name = ""
        self._applied = 0
        self._unflushed = 0

    @classmethod
    def open(cls, place: str, register: str, model: str, dimension: int) -> MilvusStore:
        """Opens or creates the collection. Raises EmbedderMismatch, StoreUnreachable, IndexOutdated, SettingsError."""
        store = cls(place)
        with ExitStack() as on_failure:
            on_failure.callback(store.close)
            store._calls.run(lambda: store._open(register, model, dimension), vectors_store.OPEN_SECONDS)
            on_failure.pop_all()
        return store

    @classmethod
    def discard(cls, place: str, register: str) -> None:
        """Deletes what Milvus holds for ``register``, of every model. Raises StoreUnreachable, SettingsError."""
        store = cls(place)
        store._calls.run(lambda: store._discard(register), WRITE_SECONDS)
        store.close()

    def applied(self) -> int:
        return self._applied

    def look(self) -> int:
        marker = self._run(lambda: self._marker(self._name, SEARCH_SECONDS), SEARCH_SECONDS)
        self._applied = int(marker["change"]) if marker else 0
        return self._applied

    def set_applied(self, change: int) -> None:
        def call() -> None:
            self._client.upsert(self._name, [{**self._about, "change": change}], timeout=WRITE_SECONDS)
            if self._lite and self._unflushed >= LITE_UNFLUSHED:  # a cluster does so itself, and refuses frequent ones
                self._client.flush(self._name, timeout=WRITE_SECONDS)
                self._unflushed = 0

        self._run(call, WRITE_SECONDS)
        self._applied = change

    def count(self) -> int:
        def call() -> int:
            found = self._client.query(
                self._name, output_fields=["count(*)"], timeout=SEARCH_SECONDS, consistency_level="Strong"
            )
            return int(found[0]["count(*)"]) - 1  # the marker

        return self._run(call, SEARCH_SECONDS)

    def add(self, ids: Sequence[str], marks: Sequence[int], vectors: NDArray[np.float32]) -> None:
        rows = [_row(*row) for row in zip(ids, marks, _unit(vectors), strict=True)]
        self._run(lambda: self._client.upsert(self._name, rows, timeout=WRITE_SECONDS), WRITE_SECONDS)
        self._unflushed += len(rows)

    def forget(self, marks: Sequence[int]) -> None:
        where = _in(marks)
        self._run(lambda: self._client.delete(self._name, filter=where, timeout=WRITE_SECONDS), WRITE_SECONDS)

    def nearest(self, vector: Sequence[float], limit: int, marks: Sequence[int] | None) -> list[tuple[str, float]]:
        return [hit for hit, _ in self._search(vector, limit, "" if marks is None else _in(marks))]

    def nearest_marked(self, vector: Sequence[float], limit: int) -> list[tuple[tuple[str, float], int]]:
        return self._search(vector, limit, "")

    def some(self, limit: int) -> NDArray[np.float32]:
        def call() -> list[list[float]]:
            found = self._client.query(
                self._name, limit=limit + 1, output_fields=["embedding"], timeout=vectors_store.OPEN_SECONDS
            )
            return [row["embedding"] for row in found if row["id"] != MARKER]

        return np.asarray(self._run(call, vectors_store.OPEN_SECONDS), np.float32)

    def pages(self) -> Iterator[Page]:
        """By key and not by offset, which Milvus allows up to 16,384 only."""
        seconds = vectors_store.PAGE_SECONDS
        fields = ["id", "document", "embedding"]

        def begin() -> Any:  # noqa: ANN401 – pymilvus exports no name for its iterators
            return self._client.query_iterator(
                self._name,
                batch_size=vectors_store.PAGE,
                output_fields=fields,
                consistency_level="Strong",
                timeout=seconds,
            )

        pages = self._run(begin, seconds)
        while page := self._run(pages.next, seconds):
            if rows := [row for row in page if row["id"] != MARKER]:
                vectors = np.asarray([row["embedding"] for row in rows], np.float32)
                yield [row["id"] for row in rows], [int(row["document"]) for row in rows], vectors
        self._run(pages.close, seconds)

    def close(self) -> None:
        self._calls.end(self._stop.close, vectors_store.OPEN_SECONDS)

    def _search(self, vector: Sequence[float], limit: int, where: str) -> list[tuple[tuple[str, float], int]]:
        """A search may see what is up to five seconds old (Bounded): waiting for the newest costs a cluster 0.2 s."""
        query = _unit(np.asarray([vector], np.float32))[0].tolist()

        def call() -> list[tuple[tuple[str, float], int]]:
            found = self._client.search(
                self._name,
                data=[query],
                filter=where,
                limit=limit + 1,  # the marker may be among them
                output_fields=["document"],
                search_params={"params": {"ef": max(EF, limit + 1)}},
                consistency_level="Bounded",
                timeout=SEARCH_SECONDS,
            )
            hits = [((str(hit["id"]), float(hit["distance"])), int(hit["entity"]["document"])) for hit in found[0]]
            return [hit for hit in hits if hit[1] != MARKER_MARK][:limit]

        return self._run(call, SEARCH_SECONDS)

    def _run(self, call: Callable[[], T], seconds: float) -> T:
        def reached() -> T:
            if self._suspect:
                self._knock()
                self._suspect = False
            try:
                return call()
            except MilvusException as error:
                if error.code != NOT_LOADED:
                    self._suspect = True
                    raise
            except grpc.RpcError as error:
                self._suspect = True
                raise ConnectionError(error.details() if isinstance(error, grpc.Call) else str(error)) from error
            self._client.load_collection(self._name, timeout=seconds)  # the server has been started again
            return call()

        return self._calls.run(reached, seconds)

    def _connect(self) -> MilvusClient:
        folder = local(self._place)
        if folder:
            if folder.is_file():
                raise SettingsError(
                    f"{folder} 是一个文件，不是 Milvus Lite 3 的文件夹", "请在 POLICY_VECTORS 中换一个不存在的路径"
                )
            try:
                server, database, port = start_server_in_thread(str(folder))
            except DataDirLockedError:
                raise self._calls.unreachable("另一个程序正在使用；几个程序共用时请运行 milvus-lite server") from None
            self._stop.callback(database.close)
            self._stop.callback(lambda: server.stop(grace=2).wait())
            self._uri = f"http://127.0.0.1:{port}"
        self._knock()
        client = MilvusClient(uri=self._uri, db_name=self._database, timeout=CONNECT_SECONDS)
        self._stop.callback(client.close)
        self._lite = client.get_server_version().startswith("milvus_lite")
        return client

    def _knock(self) -> None:
        """Raises OSError where nobody listens: pymilvus would try again until its time is over."""
        address = urlsplit(self._uri)
        socket.create_connection((address.hostname or "", address.port or PORT), KNOCK_SECONDS).close()

    def _open(self, register: str, model: str, dimension: int) -> None:
        client = self._connect()
        self._name = _collection(collection_name(register, model, dimension))
        names = _names(client, register)
        if names and self._name not in names:
            self._client = client
            raise mismatch((self._marker(names[0], vectors_store.OPEN_SECONDS) or {}).get("model"), model)
        try:
            self._client = self._made(dimension)
        except MilvusException:
            if self._name not in _names(client, register):
                raise
            self._client = self._made(dimension)  # another process has made it meanwhile
        self._stop.callback(self._client.close)
        self._about = {**_row(MARKER, MARKER_MARK, np.zeros(dimension, np.float32)), "model": model}
        marker = self._marker(self._name, vectors_store.OPEN_SECONDS)
        if marker is None:
            self._client.upsert(self._name, [{**self._about, "change": 0}], timeout=WRITE_SECONDS)
        self._applied = int(marker["change"]) if marker else 0

    def _made(self, dimension: int) -> MilvusClient:
        """The client of the collection, which is made where there is none."""
        store = MilvusVectorStore(
            uri=self._uri,
            db_name=self._database,
            timeout=CONNECT_SECONDS,
            collection_name=self._name,
            dim=dimension,
            similarity_metric="IP",
            scalar_field_names=["document"],
            scalar_field_types=[DataType.INT64],
            index_config=GRAPH,
            consistency_level="Strong",
            use_async_client=False,
        )
        return store.client

    def _marker(self, name: str, seconds: float) -> dict[str, Any] | None:
        self._client.load_collection(name, timeout=seconds)
        found = self._client.query(
            name,
            filter=f"document == {MARKER_MARK}",
            output_fields=["change", "model"],
            consistency_level="Strong",
            timeout=seconds,
        )
        return found[0] if found else None

    def _discard(self, register: str) -> None:
        folder = local(self._place)
        if folder and folder.is_dir():
            # Only what is ours, damaged or not: Milvus Lite does not list what is half written.
            self._stop.callback(MilvusLite(str(folder)).close)  # holds the lock
            for ours in (folder / "collections").glob(f"{_collection(prefix(register))}*"):
                shutil.rmtree(ours)
        elif not folder:
            client = self._connect()
            for name in _names(client, register):
                client.drop_collection(name, timeout=WRITE_SECONDS)

    def _meaning(self, error: BaseException) -> Failure | None:
        """What a failure means to us; ``None`` for one that is not Milvus's."""
        if isinstance(error, (DataDirLockedError, ConnectionError, socket.gaierror, TimeoutError)):
            return StoreUnreachable
        if isinstance(error, MilvusException):
            code = error.code
            # A cluster may fail for many reasons that pass. Milvus Lite gives code 1 to what it cannot read.
            gone = code in (NOT_FOUND, NO_INDEX) or (self._lite and code == 1)
            return IndexOutdated if gone else StoreUnreachable
        return IndexOutdated if isinstance(error, (MilvusLiteError, OSError, ValueError)) else None


def _address(place: str) -> tuple[str, str]:
    """Where the server is, and the name of a database on it, which may be empty."""
    address = urlsplit(place)
    return f"http://{address.hostname}:{address.port or PORT}", address.path.strip("/") if address.netloc else ""


def _where(place: str) -> str:
    folder = local(place)
    return f"Milvus Lite（{folder}）" if folder else f"向量服务 {place}"


def _row(id_: str, mark: int, vector: NDArray[np.float32]) -> dict[str, Any]:
    """``doc_id`` and ``text`` are fields that llama-index's schema demands."""
    return {"id": id_, "document": mark, "embedding": vector, "doc_id": "", "text": ""}


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), TINY)


def _in(marks: Sequence[int]) -> str:
    return f"document in [{','.join(map(str, marks))}]"


def _collection(name: str) -> str:
    """Milvus takes no hyphens."""
    return name.replace("-", "_")


def _names(client: MilvusClient, register: str) -> list[str]:
    return sorted(name for name in client.list_collections() if name.startswith(_collection(prefix(register))))
