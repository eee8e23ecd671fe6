"""What llama-index's documentation builds of Chroma, with the calls of ``systems``.

The peer is ``IngestionPipeline`` with the defaults of llama-index 0.14: ``SimpleDirectoryReader`` (file names as ids, as its
document store demands), ``SentenceSplitter``, ``SimpleDocumentStore`` with upserts, ``ChromaVectorStore`` in an embedded Chroma,
and ``VectorStoreIndex`` to search. It is told to persist after each add: before, it has promised nothing. Vectors are those of
Wenhao's offline embedding in both.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import chromadb
from chromadb.config import Settings as ChromaSettings
from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.vector_stores.chroma import ChromaVectorStore

from index.embed import embedding
from tests.benchmarks.systems import HITS, Told


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

    def prepare(self) -> None:
        pass  # it has no index that could be behind

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
