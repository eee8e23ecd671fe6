"""Wenhao, and what llama-index's documentation builds of Chroma: the same calls, so that both meet the same adds, kills and readers.

The peer is ``IngestionPipeline`` with the defaults of llama-index 0.14: ``SimpleDirectoryReader`` (file names as ids, as its
document store demands), ``SentenceSplitter``, ``SimpleDocumentStore`` with upserts, ``ChromaVectorStore`` in an embedded Chroma,
and ``VectorStoreIndex`` to search. It is told to persist after each add: before, it has promised nothing. Vectors are those of
Wenhao's offline embedding in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import chromadb
from chromadb.config import Settings as ChromaSettings
from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.vector_stores.chroma import ChromaVectorStore

from index.embed import embedding
from index.library import Library
from index.query import Query, understand
from ingest.settings import Settings

HITS = Query("").limit
Told = Callable[[str], None]


class System(Protocol):
    """A knowledge base in a folder. Files go by their names."""

    def add(self, folder: Path, told: Told) -> None:
        """Takes in the files of ``folder``; ``told(name)`` when a file is in for good. They can be found when this returns."""

    def remove(self, name: str) -> None: ...

    def search(self, question: str) -> tuple[list[str], bool]:
        """Names of the files of the best hits, best first; and whether vectors had a part in it."""

    def held(self) -> Counter[str]:
        """How often each file is held; twice: its pieces are there twice."""

    def pieces(self) -> int:
        """What a search can return."""

    def close(self) -> None: ...


class Wenhao:
    """The library as the page opens it."""

    def __init__(self, folder: Path) -> None:
        self._library = Library.open(Settings(data=folder))
        self._library.catch_up()
        self._library.preload()

    def add(self, folder: Path, told: Told) -> None:
        self._library.add([folder], lambda report, _done, _total: told(Path(report.path).name))

    def remove(self, name: str) -> None:
        self._library.remove(next(card.id for card in self._library.documents() if card.file == name))

    def search(self, question: str) -> tuple[list[str], bool]:
        hits = self._library.search(understand(question))
        cards = self._library.catalogue().cards
        named = [cards[hit.chunk.document_id].file for hit in hits if hit.chunk.document_id in cards]
        return list(dict.fromkeys(named)), any(leg == "dense" for hit in hits for leg, _ in hit.legs)

    def held(self) -> Counter[str]:
        return Counter(card.file for card in self._library.documents())

    def pieces(self) -> int:
        index = self._library._follower.lexical.index
        return index._clauses.count() if index else 0

    def close(self) -> None:
        self._library.close()


class PlainLlamaIndex:
    """``IngestionPipeline`` and ``ChromaVectorStore``."""

    def __init__(self, folder: Path) -> None:
        self._kept = folder / "pipeline"
        self._client = chromadb.PersistentClient(folder / "chroma", ChromaSettings(anonymized_telemetry=False))
        self._collection = self._client.get_or_create_collection("files", embedding_function=None)
        store, model = ChromaVectorStore(chroma_collection=self._collection), embedding("offline", "", "")
        self._pipeline = IngestionPipeline(
            transformations=[SentenceSplitter(), model], vector_store=store, docstore=SimpleDocumentStore()
        )
        if self._kept.is_dir():
            self._pipeline.load(str(self._kept))
        index = VectorStoreIndex.from_vector_store(store, embed_model=model)
        self._retriever = index.as_retriever(similarity_top_k=HITS)

    def add(self, folder: Path, told: Told) -> None:
        documents = SimpleDirectoryReader(str(folder), filename_as_id=True).load_data()
        for document in documents:
            document.id_ = document.metadata["file_name"]  # a file keeps its id wherever it lies
        self._pipeline.run(documents=documents)
        self._pipeline.persist(str(self._kept))
        for document in documents:
            told(document.metadata["file_name"])

    def remove(self, name: str) -> None:
        assert self._pipeline.vector_store and self._pipeline.docstore
        self._pipeline.vector_store.delete(name)
        self._pipeline.docstore.delete_document(name)
        self._pipeline.persist(str(self._kept))

    def search(self, question: str) -> tuple[list[str], bool]:
        return list(dict.fromkeys(hit.node.metadata["file_name"] for hit in self._retriever.retrieve(question))), True

    def held(self) -> Counter[str]:
        pieces: Counter[tuple[str, str]] = Counter()
        for start in range(0, self._collection.count(), 5000):
            page = self._collection.get(limit=5000, offset=start, include=["metadatas", "documents"])
            rows = zip(page["metadatas"] or (), page["documents"] or (), strict=True)
            pieces.update((str(about["file_name"]), text) for about, text in rows)
        held: Counter[str] = Counter()
        for (name, _), times in pieces.items():
            held[name] = max(held[name], times)
        return held

    def pieces(self) -> int:
        return self._collection.count()

    def close(self) -> None:
        self._client.close()


SYSTEMS: dict[str, Callable[[Path], System]] = {"Wenhao": Wenhao, "llama-index + Chroma": PlainLlamaIndex}
