"""How fast a large library is filled and searched, and what its filters cost: in time, and in what they miss.

::

    python -m tests.benchmarks.scale                        10,000 and 100,000 clauses
    python -m tests.benchmarks.scale --clauses 10000        as many as you say
    python -m tests.benchmarks.scale --data FOLDER          keep the libraries there; the next call searches them at once
    python -m tests.benchmarks.scale --data FOLDER --write  … and write the tables in README.md

The files are made by ``varied_text`` and taken in as any others (``made_library``). A clause is here what can be found: a chunk. Times are those
of ``understand`` and ``Library.search`` together with all legs, after a warm-up, for 20 hits.

Two recalls at 10 tell what a filter misses: of the dense leg, against the cosines of all vectors that pass; and of the
whole ranking, against the same ranking with those cosines and with every clause and file tried on the filter.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.progress import track

from index import lexical, ranking
from index.card import DocumentCard
from index.embed import embed_query
from index.library import Library
from index.query import Filters, Query, understand
from index.retriever import Retriever
from ingest.settings import Settings
from tests.benchmarks import readme, varied_text
from tests.benchmarks.made_library import clauses_of, disk, fill

AS_OF = date(2025, 6, 1)
AT_ONCE = 4  # threads that search at the same time
COMPARED = 100  # questions whose hits are compared with the exact ones
PER_SECOND = 300  # clauses made, read and indexed on two cores; for the announcement only
console = Console()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of single searches, and the 95th in 100 where several threads search."""

    p50: float
    p95: float
    p99: float
    at_once: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale")
    parser.add_argument("--clauses", nargs="+", type=int, default=[10_000, 100_000], metavar="条数")
    parser.add_argument("--data", type=Path, metavar="文件夹", help="建好的库留在这里，下次直接使用")
    parser.add_argument("--questions", type=int, default=200, metavar="个数")
    parser.add_argument("--write", action="store_true", help="结果写入 tests/benchmarks/README.md")
    options = parser.parse_args(arguments)
    minutes = sum(options.clauses) / PER_SECOND / 60
    sizes = "、".join(f"{clauses:,}" for clauses in options.clauses)
    print(f"建库 {sizes} 条，约需 {minutes:.0f} 分钟；--data 里建好的直接使用。随后搜索，每个库约 2 分钟。")
    tables = []
    for clauses in options.clauses:
        with _folder(options.data, clauses) as folder:
            tables.append("\n".join(measure(folder, clauses, options.questions)))
            print(tables[-1])
    if options.write:
        readme.put("scale", "\n\n".join(tables))
    return 0


def measure(folder: Path, clauses: int, questions: int) -> Iterator[str]:
    """Fills the library in ``folder`` up to so many clauses; tells what filling and searching it cost, in Markdown."""
    added, seconds = fill(folder, clauses)
    filled = f"taken in and indexed at {added / seconds:,.0f} clauses/s; " if added else ""
    with Library.open(Settings(data=folder)) as library:
        library.catch_up()
        asked = _questions(questions)
        opening = [_milliseconds(library, asked[0], filters) for filters in (Filters(), Filters(levels=("district",)))]
        began = time.perf_counter()
        library._follower.dense.index._reader.join()
        memory = time.perf_counter() - began
        yield f"{_contents(library)}; {filled}first search {opening[0]:.0f} ms, first with a filter {opening[1]:.0f} ms, vectors in"
        yield f"memory {memory:.1f} s later.\n"
        yield f"| filter | files | p50 ms | p95 ms | p99 ms | p95 ms, {AT_ONCE} threads | dense R@10 | ranking R@10 |"
        yield "|---|---|---|---|---|---|---|---|"
        exact = Exact(library)
        for name, filters in narrowings(library.documents()):
            queries = [understand(text, filters, AS_OF) for text in asked]
            share = len(exact.allowed(queries[0])) / len(library.documents())
            took = latency(library, asked, filters)
            times = " | ".join(f"{ms:.1f}" for ms in (took.p50, took.p95, took.p99, took.at_once))
            recalls = f"{exact.dense(queries[:COMPARED]):.3f} | {exact.ranking(queries[:COMPARED]):.3f}"
            yield f"| {name} | {share:.0%} | {times} | {recalls} |"


def narrowings(cards: Sequence[DocumentCard]) -> Iterator[tuple[str, Filters]]:
    """Filters that pass all, half, a tenth and a hundredth of the files, by what users narrow by."""
    rng = Random(1)
    yield "不筛选", Filters()
    yield "时效：有效", Filters(validity=("有效",))
    yield "级别：区县", Filters(levels=("district",))
    yield "年份：一年", Filters(years=(2021,))
    yield "地区：一市", Filters(regions=(next(card.region for card in cards if card.level == "city"),))
    yield (
        "选定 1% 的文件",
        Filters(document_ids=tuple(rng.sample([card.id for card in cards], max(1, len(cards) // 100)))),
    )


def latency(library: Library, asked: Sequence[str], filters: Filters) -> Latency:
    """Times of the questions, one after the other and then several at once."""
    for text in asked[:20]:
        _milliseconds(library, text, filters)
    one = [_milliseconds(library, text, filters) for text in _shown(asked, "搜索")]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        many = list(threads.map(lambda text: _milliseconds(library, text, filters), asked))
    return Latency(statistics.median(one), _percentile(one, 95), _percentile(one, 99), _percentile(many, 95))


def _milliseconds(library: Library, text: str, filters: Filters) -> float:
    began = time.perf_counter()
    library.search(understand(text, filters, AS_OF))
    return 1000 * (time.perf_counter() - began)


class Exact:
    """The same searches, done by comparing with everything that passes."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._dense = library._follower.dense
        pages = list(self._dense.index._store.pages())
        self._ids = [id_ for ids, _, _ in pages for id_ in ids]
        vectors = np.concatenate([rows for _, _, rows in pages])
        self._vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self._documents = np.asarray([id_.partition("#")[0] for id_ in self._ids])

    def search(
        self, vector: Sequence[float], limit: int, allowed: Iterable[str] | None = None
    ) -> list[tuple[str, float]]:
        """As ``VectorIndex.search``."""
        cosines = self._vectors @ np.asarray(vector, np.float32) / np.linalg.norm(vector)
        if allowed is not None:
            cosines[~np.isin(self._documents, list(allowed))] = -1.0
        best = np.argsort(-cosines)[:limit]
        return [(self._ids[i], float(cosines[i])) for i in best if cosines[i] > -1.0]

    def allowed(self, query: Query) -> frozenset[str]:
        """Ids of the documents that pass the query's filters."""
        passing = self._retriever()._allowed(query)
        return frozenset(card.id for card in self._library.documents()) if passing is None else passing

    def dense(self, queries: Sequence[Query]) -> float:
        """Mean share of the ten nearest passing vectors that the dense leg finds among its ten."""
        allowed = None if queries[0].filters == Filters() else self.allowed(queries[0])
        shares = []
        for query in _shown(queries, "向量召回"):
            vector = embed_query(self._dense.model, query.text)
            found = self._dense.index.search(vector, ranking.DENSE_DEPTH, allowed)[:10]
            shares.append(_share((id_ for id_, _ in found), (id_ for id_, _ in self.search(vector, 10, allowed))))
        return statistics.mean(shares)

    def ranking(self, queries: Sequence[Query]) -> float:
        """Mean share of the ten best clauses of the exact ranking that the product has among its ten."""
        shares = []
        for query in _shown(queries, "排序召回"):
            found = [hit.chunk.id for hit in self._library.search(query)][:10]
            with _every_one_tried():
                best = [hit.chunk.id for hit in self._retriever().search(query)][:10]
            shares.append(_share(found, best))
        return statistics.mean(shares)

    def _retriever(self) -> Retriever:
        catalogue = self._library._now()
        return Retriever(
            self._library._follower.lexical.index, self, self._dense.model, lambda: catalogue.cards, catalogue.state
        )


@contextmanager
def _every_one_tried() -> Iterator[None]:
    """The lexical leg does not choose among the best of all, but leaves out what does not pass."""
    kept, lexical.WIDE = lexical.WIDE, 9.0
    try:
        yield
    finally:
        lexical.WIDE = kept


@contextmanager
def _folder(kept: Path | None, clauses: int) -> Iterator[Path]:
    if kept is not None:
        yield kept / str(clauses)
        return
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary) / str(clauses)


def _questions(wanted: int) -> list[str]:
    rng = Random(2)
    return [varied_text.question(rng, varied_text.document(0, rng.randrange(200))) for _ in range(wanted)]


def _contents(library: Library) -> str:
    sizes = ", ".join(f"{label} {size:.0f} MB" for label, size in disk(library.settings.data).items())
    for problem in library.notices():
        print(problem, file=sys.stderr)
    return f"{clauses_of(library):,} clauses in {len(library.documents()):,} files: {sizes}"


def _share(found: Iterable[str], best: Iterable[str]) -> float:
    best = set(best)
    return len(best & set(found)) / len(best) if best else 1.0


def _percentile(times: Sequence[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def _shown(items: Sequence[T], what: str) -> Iterable[T]:
    return track(items, what, console=console, transient=True, disable=not console.is_terminal)


if __name__ == "__main__":
    sys.exit(main())
