"""Chroma, on a server or, in a process of its own, in a folder. The only home of chromadb.

A kill while Chroma writes can leave a folder unusable, which is often not noticed before the first query (measured).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.models.Collection import Collection
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import AuthorizationError, ChromaAuthError, ChromaError, QuotaError, RateLimitError
from numpy.typing import NDArray

from index import vectors_store
from index.folders import discard_folder
from index.vectors_calls import Calls, Failure
from index.vectors_store import (
    PAGE_SECONDS,
    SEARCH_SECONDS,
    WRITE_SECONDS,
    Page,
    Place,
    collection_name,
    in_pages,
    mismatch,
    parts,
    prefix,
)
from ingest.errors import IndexOutdated, StoreUnreachable

# Chroma writes all vectors over each time that it has taken in so many. A hundredth of what there is makes that cost a vector the
# same in a library of any size; what is not written yet it takes in again at the next opening, 0.5 ms a vector.
LEAST_UNWRITTEN, MOST_UNWRITTEN, UNWRITTEN = 1000, 10_000, 0.01
EF_SEARCH = 1000  # recall@10 at 100,000 (statutes, news): .96 with 100, .99 with 200, 1.0 with 1,000, for 2 ms more


class ChromaStore:
    """A Chroma collection. Chroma keeps ids, vectors and one integer a chunk; texts stay in the register."""

    def __init__(self, client: ClientAPI, collection: Collection, calls: Calls) -> None:
        self._client = client
        self._collection = collection
        self._calls = calls
        self._written_after = 0  # vectors, in a folder

    @classmethod
    def open(cls, place: Place, register: str, model: str, dimension: int) -> ChromaStore:
        """Opens or creates the collection. Raises EmbedderMismatch, StoreUnreachable, IndexOutdated."""
        calls, seconds = _calls(place), vectors_store.OPEN_SECONDS
        client = calls.run(lambda: _client(place), seconds)
        with ExitStack() as on_failure:
            on_failure.callback(calls.run, client.close, seconds)
            store = cls(client, calls.run(lambda: _collection(client, register, model, dimension), seconds), calls)
            if isinstance(place, Path):
                store._write_after(_unwritten(place, dimension))
            on_failure.pop_all()
        return store

    @staticmethod
    def discard(place: Place, register: str) -> None:
        """Deletes what Chroma holds for ``register``, of every model. Raises StoreUnreachable, RegisterError."""
        if isinstance(place, Path):
            discard_folder(place)
            return
        calls, seconds = _calls(place), vectors_store.OPEN_SECONDS
        client = calls.run(lambda: _client(place), seconds)
        for name in calls.run(lambda: _names(client, register), seconds):
            calls.run(lambda name=name: client.delete_collection(name), WRITE_SECONDS)
        calls.run(client.close, seconds)

    @property
    def room(self) -> int:
        """Vectors, taken in since it was opened, after which the folder should be opened anew: as many as it was opened for."""
        return round(self._written_after / UNWRITTEN)

    def applied(self) -> int:
        return int((self._collection.metadata or {})["applied"])

    def look(self) -> int:
        def call() -> Collection:
            return self._client.get_collection(self._collection.name, embedding_function=None)

        self._collection = self._calls.run(call, SEARCH_SECONDS)
        return self.applied()

    def set_applied(self, change: int) -> None:
        metadata = {**self._collection.metadata, "applied": change}
        self._calls.run(lambda: self._collection.modify(metadata=metadata), WRITE_SECONDS)

    def count(self) -> int:
        return self._calls.run(self._collection.count, PAGE_SECONDS)

    def add(self, ids: Sequence[str], marks: Sequence[int], vectors: NDArray[np.float32]) -> None:
        metadatas = [{"document": mark} for mark in marks]
        self._calls.run(
            lambda: self._collection.add(ids=list(ids), embeddings=vectors, metadatas=metadatas), WRITE_SECONDS
        )

    def forget(self, marks: Sequence[int]) -> None:
        where = {"document": {"$in": list(marks)}}
        known = self._calls.run(lambda: self._collection.get(where=where, include=[]), WRITE_SECONDS)
        for ids in parts(known["ids"]):
            self._calls.run(lambda ids=ids: self._collection.delete(ids=ids), WRITE_SECONDS)

    def nearest(self, vector: Sequence[float], limit: int, marks: Sequence[int] | None) -> list[tuple[str, float]]:
        where = None if marks is None else {"document": {"$in": list(marks)}}
        found = self._query(vector, limit, where, ["distances"])
        return [(id_, 1.0 - d) for id_, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def nearest_marked(self, vector: Sequence[float], limit: int) -> list[tuple[tuple[str, float], int]]:
        found = self._query(vector, limit, None, ["distances", "metadatas"])
        rows = zip(found["ids"][0], found["distances"][0], found["metadatas"][0], strict=True)
        return [((id_, 1.0 - distance), int(metadata["document"])) for id_, distance, metadata in rows]

    def some(self, limit: int) -> NDArray[np.float32]:
        oldest = self._calls.run(
            lambda: self._collection.get(limit=limit, include=["embeddings"]), vectors_store.OPEN_SECONDS
        )
        return np.asarray(oldest["embeddings"], np.float32)

    def pages(self) -> Iterator[Page]:
        return in_pages(self.count(), self.page)

    def page(self, offset: int, size: int) -> Page:
        def call() -> dict[str, Any]:
            return self._collection.get(limit=size, offset=offset, include=["embeddings", "metadatas"])

        page = self._calls.run(call, PAGE_SECONDS)
        marks = [int(metadata["document"]) for metadata in page["metadatas"]]
        return page["ids"], marks, np.asarray(page["embeddings"], np.float32)

    def close(self) -> None:
        self._calls.end(self._client.close, vectors_store.OPEN_SECONDS)

    def _write_after(self, vectors: int) -> None:
        """To be called before anything else: from its first use on, Chroma keeps to what it has read."""
        self._written_after = vectors
        if self._collection.configuration_json["hnsw"]["sync_threshold"] != vectors:
            configuration: Any = {"hnsw": {"sync_threshold": vectors}}
            self._calls.run(lambda: self._collection.modify(configuration=configuration), WRITE_SECONDS)

    def _query(
        self, vector: Sequence[float], limit: int, where: dict[str, Any] | None, include: list[Any]
    ) -> dict[str, Any]:
        return self._calls.run(
            lambda: self._collection.query(query_embeddings=[vector], n_results=limit, where=where, include=include),
            SEARCH_SECONDS,
        )


def _calls(place: Place) -> Calls:
    alone = isinstance(place, Path)
    where = "本机向量索引" if alone else f"向量服务 {place}"
    return Calls(where, lambda error: meaning(error, server=not alone), alone)


def meaning(error: BaseException, server: bool) -> Failure | None:
    """What a failure of Chroma means to us; ``None`` for one that is not Chroma's."""
    if isinstance(error, (AuthorizationError, ChromaAuthError, QuotaError, RateLimitError)):
        return StoreUnreachable
    # A panic of Chroma's Rust core is a BaseException that cannot be imported; an error page of a server that is
    # not Chroma is raised as a bare Exception.
    panic, bare = type(error).__name__ == "PanicException", type(error) is Exception
    if server and (bare or isinstance(error, (httpx.HTTPError, ValueError, OSError))):
        return StoreUnreachable
    broken = (ChromaError, ValueError, KeyError, RuntimeError, OSError, sqlite3.Error)
    return IndexOutdated if panic or bare or isinstance(error, broken) else None


def _client(place: Place) -> ClientAPI:
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


def _collection(client: ClientAPI, register: str, model: str, dimension: int) -> Collection:
    wanted = collection_name(register, model, dimension)
    names = _names(client, register)
    if wanted in names:
        return client.get_collection(wanted, embedding_function=None)
    if names:
        other = client.get_collection(names[0], embedding_function=None).metadata or {}
        raise mismatch(other.get("model"), model)
    return client.create_collection(
        wanted,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
        metadata={"model": model, "dimension": dimension, "applied": 0},
    )


def _unwritten(folder: Path, dimension: int) -> int:
    vectors = sum(file.stat().st_size for file in folder.glob("*/data_level0.bin")) // (4 * dimension)
    return min(MOST_UNWRITTEN, max(LEAST_UNWRITTEN, round(UNWRITTEN * vectors)))


def _names(client: ClientAPI, register: str) -> list[str]:
    return sorted(c.name for c in client.list_collections() if c.name.startswith(prefix(register)))
