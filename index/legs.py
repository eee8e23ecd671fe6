"""The two legs of the search, lexical (tantivy) and dense (Chroma), as things that can be kept up to date."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray

from index.chunk import Chunk, chunk
from index.embed import embed, embedding, model_key
from index.lexical import LexicalIndex
from index.register import Register
from index.vectors import VectorIndex, discard, survives_opening
from ingest.document import PolicyDocument
from ingest.errors import IndexOutdated, PolicyError
from ingest.settings import Settings


@dataclass(frozen=True, slots=True)
class Batch:
    """Some changes in a row, up to the one with id ``change``: documents to (re)place, with their chunks, and to forget."""

    added: tuple[tuple[PolicyDocument, tuple[Chunk, ...]], ...]
    removed: tuple[str, ...]
    change: int


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
    batch_chunks: int

    @property
    def applied(self) -> int | None:
        """The last change applied; ``None`` while the leg is not open."""

    @property
    def problem(self) -> PolicyError | None:
        """Why the last search could not use this leg."""

    def ready(self, suspect: bool) -> None:
        """Opens the leg if it is not open. ``suspect``: the folder was not closed by its last owner."""

    def apply(self, batch: Batch) -> None: ...

    def discard(self) -> None:
        """Closes the leg and deletes all it stored."""

    def close(self) -> None: ...


class LexicalLeg:
    """Words, in ``folder``."""

    name = "文字索引"
    batch_chunks = 5000

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index: LexicalIndex | None = None

    @property
    def applied(self) -> int | None:
        return self.index.applied if self.index else None

    @property
    def problem(self) -> PolicyError | None:
        return None

    def ready(self, suspect: bool) -> None:
        if self.index is None and self.folder.exists() and not self.folder.is_dir():
            raise IndexOutdated("文字索引的文件夹被同名文件占用，需要重建", "请运行 python -m index rebuild")
        if self.index is None:
            self.index = LexicalIndex.open(self.folder, write=True)

    def read(self) -> None:
        """Opens the folder for reading, as it is now."""
        self.close()
        self.index = LexicalIndex.open(self.folder, write=False)

    def apply(self, batch: Batch) -> None:
        if self.index is not None:
            self.index.apply(batch.added, batch.removed, batch.change)

    def discard(self) -> None:
        self.close()
        aside = self.folder.with_name(f"{self.folder.name}.old")
        shutil.rmtree(aside, ignore_errors=True)
        if self.folder.is_dir():
            self.folder.rename(aside)
        else:
            self.folder.unlink(missing_ok=True)
        shutil.rmtree(aside, ignore_errors=True)

    def close(self) -> None:
        index, self.index = self.index, None
        if index is not None:
            index.close()


class DenseLeg:
    """Vectors, in ``data/chroma`` or on the server that the settings name. Vectors once made are kept in the register."""

    name = "向量索引"
    batch_chunks = 500

    def __init__(self, register: Register, settings: Settings) -> None:
        self.place: Path | str = settings.vectors or settings.data / "chroma"
        self.model: BaseEmbedding | None = None
        self.index: VectorIndex | None = None
        self._register = register
        self._model_name = settings.embedding

    @property
    def applied(self) -> int | None:
        return self.index.applied if self.index else None

    @property
    def problem(self) -> PolicyError | None:
        return self.index.problem if self.index else None

    def ready(self, suspect: bool) -> None:
        if self.index is None:
            self.index = self._open(suspect)
        elif isinstance(self.index.problem, IndexOutdated):
            raise self.index.problem

    def _open(self, suspect: bool) -> VectorIndex:
        self.model = self.model or embedding(self._model_name)
        dimension = embed(self.model, ["维度"]).shape[1]
        collection = (self._register.identity, model_key(self.model), dimension)
        if (
            suspect
            and isinstance(self.place, Path)
            and self.place.exists()
            and not survives_opening(self.place, *collection)
        ):
            raise IndexOutdated("向量索引在上次异常退出时损坏，需要重建", "请运行 python -m index rebuild")
        return VectorIndex.open(self.place, *collection)

    def apply(self, batch: Batch) -> None:
        if self.index is None or self.model is None:
            return
        texts = [[f"{c.context}\n{c.text}" for c in chunks] for _, chunks in batch.added]
        vectors = self._vectors(self.model, [document.id for document, _ in batch.added], texts)
        rows = [
            (document.id, [c.id for c in chunks], vectors_of_document)
            for (document, chunks), vectors_of_document in zip(batch.added, vectors, strict=True)
        ]
        self.index.apply(rows, batch.removed, batch.change)

    def discard(self) -> None:
        self.close()
        discard(self.place, self._register.identity)

    def close(self) -> None:
        index, self.index = self.index, None
        if index is not None:
            index.close()

    def _vectors(
        self, model: BaseEmbedding, document_ids: Sequence[str], texts: Sequence[Sequence[str]]
    ) -> list[NDArray[np.float32]]:
        """One array a document; each text is embedded once in the life of the library."""
        key = model_key(model)
        hashes = [[hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in part] for part in texts]
        text_of = {h: text for part, row in zip(texts, hashes, strict=True) for text, h in zip(part, row, strict=True)}
        known = self._register.cached_vectors(key, list(text_of))
        missing = [h for h in text_of if h not in known]
        if missing:
            made = embed(model, [text_of[h] for h in missing])
            known.update(zip(missing, (row.tobytes() for row in made), strict=True))
        self._register.cache_vectors(
            key, {d: {h: known[h] for h in row} for d, row in zip(document_ids, hashes, strict=True)}
        )
        return [
            np.stack([np.frombuffer(known[h], dtype="<f4") for h in row]) if row else np.empty((0, 0), np.float32)
            for row in hashes
        ]
