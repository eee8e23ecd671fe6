"""Wenhao's search beside what a user would otherwise build for the same files, on judged sets, in one run on one machine.

::

    python -m tests.benchmarks.peers DIR [DIR…] [--limit N] [--json FILE]

DIR is a judged set (see ``index.evaluation.judged``). The peers, each with the defaults of its library, chunks by
llama-index's ``SentenceSplitter`` of title and text, a document as good as its best chunk:

BM25Retriever
    llama-index over bm25s. Its ``tokenizer`` argument does nothing but warn (read in 0.8.0): text is split at what is no
    letter, so that a Chinese clause is one word (nDCG@10 .00 on 3,087 articles where jieba's words give .31). So jieba cuts
    chunks and questions before they are handed over (``lcut``; ``lcut_for_search`` gives .35 there, and .91 for .92 on 37
    long files). The default pattern then keeps words of two and more characters, which is better than to keep all.
QueryFusionRetriever
    llama-index, reciprocal rank fusion of that BM25Retriever and Chroma. One query and therefore no model.
Chroma
    vectors only.

All vectors are of the embedding that Wenhao itself uses (``POLICY_EMBEDDING``). Chroma's own default would have to be downloaded.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, quantiles

import chromadb
import jieba
from chromadb.config import Settings as ChromaSettings
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.vector_stores.utils import node_to_metadata_dict

from index.embed import embedding, model_key
from index.evaluation import LIMIT, METRICS, JudgedSet, fill, load, score
from index.evaluation.compare import Difference, difference
from index.library import Library
from index.query import Query, understand
from ingest.errors import PolicyError
from ingest.settings import Settings

try:
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.chroma import ChromaVectorStore
except ImportError:
    print("没有安装用于对比的组件", "请运行 pip install -c constraints.txt -e '.[bench]'", sep="\n", file=sys.stderr)
    sys.exit(2)

OURS, BM25, FUSION, CHROMA = "Wenhao", "BM25Retriever", "QueryFusionRetriever", "Chroma"
TIMED = Query("").limit  # hits of a search that is timed: as many as people get
WRITTEN = 2000  # chunks a write to Chroma; it takes 5,461 at the most
PACKAGES = (
    "llama-index-core",
    "llama-index-retrievers-bm25",
    "bm25s",
    "llama-index-vector-stores-chroma",
    "chromadb",
    "jieba",
)

# question, number of hits → ids of the documents, best hit first, each once
Search = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class System:
    """A filled index; ``seconds`` is what it took to fill it, from the texts on."""

    search: Search
    seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """``scores``: metric → one value a question; ``milliseconds`` of a search, a question each; seconds to build."""

    scores: Mapping[str, Sequence[float]]
    milliseconds: Sequence[float]
    seconds: float

    def figures(self) -> dict[str, float]:
        """Means of the metrics, percentiles of the time, seconds to build."""
        times = quantiles([*self.milliseconds, *self.milliseconds], n=20, method="inclusive")  # doubled: two at least
        means = {name: fmean(values) for name, values in self.scores.items()}
        return {**means, "p50_ms": times[9], "p95_ms": times[18], "build_s": self.seconds}


@cache
def dictionary() -> jieba.Tokenizer:
    """jieba as it comes; the tokenizer that all share may know Wenhao's words."""
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


class JiebaBM25(BM25Retriever):
    """BM25Retriever whose chunks and questions are cut by jieba (its own dictionary) first. Hits are the chunks as they were."""

    def __init__(self, nodes: Sequence[TextNode]) -> None:
        cut = [TextNode(id_=node.node_id, text=" ".join(dictionary().lcut(node.text))) for node in nodes]
        super().__init__(nodes=cut, similarity_top_k=len(cut))
        self.corpus = [node_to_metadata_dict(node) for node in nodes]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        self.similarity_top_k = min(self.similarity_top_k, len(self.corpus))  # bm25s raises where there are fewer
        return super()._retrieve(QueryBundle(" ".join(dictionary().lcut(query_bundle.query_str))))


@contextmanager
def systems(judged: JudgedSet, place: Path) -> Iterator[dict[str, System]]:
    """All systems by name, each filled with the corpus. Raises PolicyError."""
    settings = replace(Settings.from_environment(), data=place / "wenhao", vectors="")
    model = embedding_of(settings)
    splitter = warm(model)
    with Library.open(settings) as library, chroma_at(place / "fusion") as fused, chroma_at(place / "plain") as plain:
        started = time.perf_counter()
        ours = wenhao(library, judged)
        filled = time.perf_counter()
        nodes = chunks(judged, splitter)
        split = time.perf_counter()
        bm25 = JiebaBM25(nodes)
        indexed = time.perf_counter()
        fusion = fusion_of(bm25, nodes, fused, model)
        merged = time.perf_counter()
        vectors = plain_chroma(nodes, plain, model)
        done = time.perf_counter()
        yield {
            OURS: System(ours, filled - started),
            BM25: System(documents_of(bm25), indexed - filled),
            FUSION: System(fusion, merged - filled),
            CHROMA: System(vectors, split - filled + done - merged),
        }


def embedding_of(settings: Settings) -> BaseEmbedding:
    """The one that Wenhao uses. Raises SettingsError."""
    return embedding(settings.embedding, settings.embedding_url, settings.embedding_key)


def warm(model: BaseEmbedding) -> SentenceSplitter:
    """What cuts the documents of the peers. What they load once is loaded here, before any clock runs."""
    dictionary()
    splitter = SentenceSplitter()
    splitter.split_text("预热。")
    model.get_text_embedding("预热")
    return splitter


@contextmanager
def chroma_at(folder: Path) -> Iterator[chromadb.Collection]:
    """An empty collection with the defaults of Chroma, in a folder."""
    client = chromadb.PersistentClient(folder, ChromaSettings(anonymized_telemetry=False))
    try:
        yield client.create_collection("articles", embedding_function=None)
    finally:
        client.close()


def wenhao(library: Library, judged: JudgedSet) -> Search:
    """The whole library: register, both indexes, the ranking."""
    corpus_ids = fill(library, judged.corpus).corpus_ids

    def search(question: str, limit: int) -> list[str]:
        found = dict.fromkeys(hit.chunk.document_id for hit in library.search(understand(question, limit=limit)))
        return [corpus_id for document_id in found for corpus_id in corpus_ids[document_id]]

    return search


def chunks(judged: JudgedSet, splitter: SentenceSplitter) -> list[TextNode]:
    """The documents as llama-index cuts them unless it is told otherwise."""
    documents = [Document(id_=id_, text=f"{title}\n{text}".strip()) for id_, title, text in judged.corpus]
    return [node for node in splitter.get_nodes_from_documents(documents) if isinstance(node, TextNode)]


def documents_of(retriever: BM25Retriever | QueryFusionRetriever, *parts: BaseRetriever) -> Search:
    """The search of a llama-index retriever, and of those that it fuses, with any number of hits."""

    def search(question: str, limit: int) -> list[str]:
        for each in (retriever, *parts):
            each.similarity_top_k = limit
        return list(dict.fromkeys(str(hit.node.ref_doc_id) for hit in retriever.retrieve(question)))

    return search


def fusion_of(
    bm25: JiebaBM25, nodes: Sequence[TextNode], collection: chromadb.Collection, model: BaseEmbedding
) -> Search:
    """Reciprocal rank fusion of BM25 and Chroma, one after the other (``use_async`` is slower: neither waits)."""
    storage = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    index = VectorStoreIndex(nodes, storage_context=storage, embed_model=model)
    vectors = index.as_retriever()
    fused = QueryFusionRetriever(
        [bm25, vectors], llm=MockLLM(), mode=FUSION_MODES.RECIPROCAL_RANK, num_queries=1, use_async=False
    )
    return documents_of(fused, bm25, vectors)


def plain_chroma(nodes: Sequence[TextNode], collection: chromadb.Collection, model: BaseEmbedding) -> Search:
    """Chroma without llama-index."""
    documents = {node.node_id: str(node.ref_doc_id) for node in nodes}
    for start in range(0, len(nodes), WRITTEN):
        part = nodes[start : start + WRITTEN]
        texts = [node.text for node in part]
        collection.add(
            ids=[node.node_id for node in part], documents=texts, embeddings=model.get_text_embedding_batch(texts)
        )

    def search(question: str, limit: int) -> list[str]:
        found = collection.query(query_embeddings=[model.get_query_embedding(question)], n_results=limit)
        return list(dict.fromkeys(documents[id_] for id_ in found["ids"][0]))

    return search


def measure(judged: JudgedSet) -> dict[str, Measured]:
    """Every question put to every system in turn, so that a busy moment of the machine is one for all. Raises PolicyError."""
    with tempfile.TemporaryDirectory(prefix="wenhao-peers-") as place, systems(judged, Path(place)) as built:
        times: dict[str, list[float]] = {name: [] for name in built}
        scores: dict[str, dict[str, list[float]]] = {name: {metric: [] for metric in METRICS} for name in built}
        for system in built.values():
            system.search(judged.queries[0][1], TIMED)  # loads dictionaries and indexes
        for query_id, question in judged.queries:
            for name, system in built.items():
                started = time.perf_counter()
                system.search(question, TIMED)
                times[name].append((time.perf_counter() - started) * 1000)
                for metric, value in score(system.search(question, LIMIT), judged.qrels[query_id]).items():
                    scores[name][metric].append(value)
    return {name: Measured(scores[name], times[name], system.seconds) for name, system in built.items()}


def comparisons(measured: Mapping[str, Measured]) -> dict[str, Difference]:
    """nDCG@10 of Wenhao (after) against each peer (before), by question."""
    ours = measured[OURS].scores[METRICS[0]]
    return {name: difference(peer.scores[METRICS[0]], ours) for name, peer in measured.items() if name != OURS}


def table(measured: Mapping[str, Measured], compared: Mapping[str, Difference]) -> str:
    """The figures of each system, those of the peers as multiples of Wenhao's, and who wins how many questions."""
    rows = {name: each.figures() for name, each in measured.items()}
    columns = list(rows[OURS])
    lines = [f"{'':22}" + "".join(f"{column:>12}" for column in columns)]
    for name, row in rows.items():
        cells = (f"{row[c]:>12.4f}" if c in METRICS else f"{row[c]:>12.1f}" for c in columns)
        lines.append(f"{name:22}" + "".join(cells))
    lines.append("是 Wenhao 的几倍：")
    for name in compared:
        ratios = (f"{rows[name][c] / rows[OURS][c]:>12.2f}" if rows[OURS][c] else f"{'–':>12}" for c in columns)
        lines.append(f"{name:22}" + "".join(ratios))
    lines.append(f"{METRICS[0]} 逐题比较（Wenhao 胜、负、平，配对随机化检验的 p）：")
    for name, result in compared.items():
        counts = f"{result.wins:>12}{result.losses:>12}{result.ties:>12}"
        lines.append(f"{name:22}{counts}{result.p:>12.4f}")
    return "\n".join(lines)


def saved(judged: JudgedSet, measured: Mapping[str, Measured], compared: Mapping[str, Difference]) -> dict[str, object]:
    """What the JSON file says of one set."""
    systems = {name: {k: round(v, 4) for k, v in each.figures().items()} for name, each in measured.items()}
    paired = {name: {k: round(v, 4) for k, v in asdict(result).items()} for name, result in compared.items()}
    return {"documents": len(judged.corpus), "queries": len(judged.queries), "systems": systems, "paired": paired}


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module. Exit code 2 with two lines on stderr where a set cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.peers", description="与常见做法同场比较检索效果和速度"
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="标注集文件夹")
    parser.add_argument("--limit", type=int, metavar="N", help="每个标注集只用前 N 个问题")
    parser.add_argument("--json", type=Path, metavar="FILE", help="结果另存为 JSON")
    options = parser.parse_args(arguments)
    results = {}
    try:
        sets = [load(folder, options.limit) for folder in options.folders]
        model = model_key(embedding_of(Settings.from_environment()))
        print(
            "、".join(f"{name} {version(name)}" for name in PACKAGES), f"；向量：{model}；{os.cpu_count()} 核", sep=""
        )
        for judged in sets:
            measured = measure(judged)
            compared = comparisons(measured)
            print(f"\n{judged.name}：{len(judged.corpus)} 篇，{len(judged.queries)} 题")
            print(table(measured, compared), flush=True)
            results[judged.name] = saved(judged, measured, compared)
    except PolicyError as error:
        print(error, error.hint, sep="\n", file=sys.stderr)
        return 2
    if options.json:
        about = {"packages": {name: version(name) for name in PACKAGES}, "embedding": model, "cores": os.cpu_count()}
        text = json.dumps({**about, "sets": results}, ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
