"""The two legs of the search, lexical (tantivy) and dense (Chroma or Milvus), as things that can be kept up to date."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index import lexical
from index.chunk import Chunk, chunk
from index.embed import OFFLINE, dimension, embed, embedding, model_key, unanswered
from index.folders import discard_folder
from index.lexical import LexicalIndex
from index.register import Register
from index.right_of_way import give_way, rest
from index.static import features
from index.vectors import VectorIndex, discard
from index.vectors_store import REST
from ingest.document import PolicyDocument
from ingest.errors import IndexOutdated, PolicyError
from ingest.settings import Settings

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

LEXICAL_CHUNKS = 5000
DENSE_CHUNKS = 500  # see vectors_store.BATCH
MODEL_CHUNKS = 50  # a real model may need half a minute for them, and what is begun is lost when the process ends
OFFLINE_TEXTS = 8  # between two looks at whether somebody searches
MODEL_TEXTS = 10  # between two looks at whether the library is closing


@dataclass(frozen=True, slots=True)
class Batch:
    """Some changes in a row, up to the one with id ``change``: documents to (re)place, with their chunks, and to forget.

    ``vectors``: for the dense leg, an array a document with a row a chunk.
    """

    added: tuple[tuple[PolicyDocument, tuple[Chunk, ...]], ...]
    removed: tuple[str, ...]
    change: int
    vectors: tuple[NDArray[np.float32], ...] = ()


def batches(register: Register, after: int, chunks: int) -> Iterator[Batch]:
    """What happened after the change ``after``, in batches of about so many chunks."""
    added: list[tuple[PolicyDocument, tuple[Chunk, ...]]] = []
    removed: list[str] = []
    size, change_id = 0, after
    for change in register.changes(after):
        change_id = change.id
        document = register.current(change.document_id) if change.kind == "put" else None
        if document is None:
            removed.append(change.document_id)
        else:
            added.append((document, chunk(document)))
            size += len(added[-1][1])
        if size >= chunks:
            yield Batch(tuple(added), tuple(removed), change_id)
            added, removed, size = [], [], 0
    if added or removed:
        yield Batch(tuple(added), tuple(removed), change_id)


class Leg(Protocol):
    """An index that follows the register. Methods raise PolicyError; IndexOutdated means: discard and build again."""

    name: str

    @property
    def applied(self) -> int | None:
        """The last change applied; ``None`` while the leg is not open."""

    @property
    def problem(self) -> PolicyError | None:
        """Why the last search could not use this leg."""

    def ready(self) -> None:
        """Opens the leg if it is not open."""

    def pending(self) -> Iterator[Batch]:
        """What the leg has to apply, oldest first."""

    def apply(self, batch: Batch) -> None: ...

    def discard(self) -> None:
        """Closes the leg and deletes all it stored."""

    def close(self) -> None: ...


class LexicalLeg:
    """Words, in ``data/lexical``."""

    name = "文字索引"

    def __init__(self, register: Register, settings: Settings) -> None:
        self.folder = settings.data / "lexical"
        self.index: LexicalIndex | None = None
        self._register = register

    @property
    def applied(self) -> int | None:
        return self.index.applied if self.index else None

    @property
    def problem(self) -> PolicyError | None:
        return None

    def ready(self) -> None:
        if self.index is None and self.folder.exists() and not self.folder.is_dir():
            raise IndexOutdated("文字索引的文件夹被同名文件占用，需要重建", "请运行 python -m index rebuild")
        if self.index is None:
            self.index = LexicalIndex.open(self.folder, write=True)

    def read(self) -> None:
        """Opens the folder for reading, as it is now."""
        self.close()
        self.index = LexicalIndex.open(self.folder, write=False)

    def pending(self) -> Iterator[Batch]:
        return batches(self._register, self.applied or 0, LEXICAL_CHUNKS)

    def apply(self, batch: Batch) -> None:
        if self.index is not None:
            self.index.apply(batch.added, batch.removed, batch.change)
            if batch.removed:
                lexical.forget()

    def discard(self) -> None:
        self.close()
        discard_folder(self.folder)

    def close(self) -> None:
        index, self.index = self.index, None
        if index is not None:
            index.close()


class DenseLeg:
    """Vectors, in ``data/chroma`` or on the server that the settings name. Vectors once made are kept in the register."""

    name = "向量索引"

    def __init__(self, register: Register, settings: Settings, stopping: threading.Event) -> None:
        self.place: Path | str = settings.vectors or settings.data / "chroma"
        self.model: BaseEmbedding | None = None
        self.index: VectorIndex | None = None
        self._register = register
        self._settings = settings
        self._stopping = stopping
        self._key = ""
        offline = settings.embedding == OFFLINE
        self._chunks, self._texts = (DENSE_CHUNKS, OFFLINE_TEXTS) if offline else (MODEL_CHUNKS, MODEL_TEXTS)

    @property
    def applied(self) -> int | None:
        return self.index.applied if self.index else None

    @property
    def problem(self) -> PolicyError | None:
        if self.index is None or self.model is None:
            return None
        return self.index.problem or unanswered(self.model)

    def ready(self) -> None:
        if self.index is not None and (self.index.ended or self.index.outgrown):
            self.close()
        if self.index is None:
            self.index = self._open()
        elif isinstance(self.index.problem, IndexOutdated):
            raise self.index.problem

    def _open(self) -> VectorIndex:
        settings = self._settings
        self.model = self.model or embedding(settings.embedding, settings.embedding_url, settings.embedding_key)
        name, length = model_key(self.model), dimension(self.model)
        self._key = f"{name} {length}"  # a server may come to hold another model under the same name
        return VectorIndex.open(self.place, self._register.identity, name, length)

    def pending(self) -> Iterator[Batch]:
        for batch in batches(self._register, self.applied or 0, self._chunks):
            vectors = self._vectors(batch) if batch.added else ()
            if vectors is None:
                return
            yield replace(batch, vectors=vectors)

    def apply(self, batch: Batch) -> None:
        if self.index is not None:
            rows = zip(batch.added, batch.vectors, strict=True)
            added = [(document.id, *_with_whole(document.id, chunks, vectors)) for (document, chunks), vectors in rows]
            self.index.apply(added, batch.removed, batch.change)
            if batch.removed:
                features.forget()

    def discard(self) -> None:
        self.close()
        discard(self.place, self._register.identity)

    def close(self) -> None:
        index, self.index = self.index, None
        if index is not None:
            index.close()

    def _vectors(self, batch: Batch) -> tuple[NDArray[np.float32], ...] | None:
        """One array a document. Each text is embedded once in the life of the library. ``None``: the library is closing."""
        texts = [{_hash(text): text for text in map(_text, chunks)} for _, chunks in batch.added]
        text_of = {h: text for part in texts for h, text in part.items()}
        vectors = self._register.cached_vectors(self._key, list(text_of))
        missing = [h for h in text_of if h not in vectors]
        for start in range(0, len(missing), self._texts):
            if self._stopping.is_set() or self.model is None:
                return None
            part = missing[start : start + self._texts]
            give_way()
            began = time.monotonic()
            made = embed(self.model, [text_of[h] for h in part]).astype("<f4")
            vectors.update(zip(part, map(bytes, made), strict=True))
            rest(time.monotonic() - began, REST)
        ids = [document.id for document, _ in batch.added]
        self._register.cache_vectors(
            self._key, {id_: {h: vectors[h] for h in part} for id_, part in zip(ids, texts, strict=True)}
        )
        return tuple(_matrix([vectors[_hash(_text(c))] for c in chunks]) for _, chunks in batch.added)


def _with_whole(
    document_id: str, chunks: Sequence[Chunk], vectors: NDArray[np.float32]
) -> tuple[list[str], NDArray[np.float32]]:
    """Ids and vectors of the chunks, and under the document's own id their mean: what the file as a whole is about."""
    ids = [part.id for part in chunks]
    if not ids:
        return ids, vectors
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return [*ids, document_id], np.vstack([vectors, unit.mean(axis=0)])


def _text(part: Chunk) -> str:
    """What is embedded: a clause says little without what stands above it."""
    return f"{part.context}\n{part.text}"


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _matrix(rows: Sequence[bytes]) -> NDArray[np.float32]:
    return np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1) if rows else np.empty((0, 0), np.float32)
