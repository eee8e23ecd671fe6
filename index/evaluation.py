"""``python -m index evaluate DIR``: how well the whole search finds what people judged to be the answer.

DIR holds ``corpus.jsonl`` (a document a line: id, title, text), ``queries.jsonl`` (id, text) — either may end in ``.gz`` —
and ``qrels.tsv`` (query id, document id, grade). Every document goes through the register and both indexes of a library
in a temporary folder; a run is the documents of the hits, in the order of their best hit.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import fmean, quantiles

from index.library import Library
from index.query import understand
from index.ranking import ABLATIONS, WEIGHTS, Weights
from ingest.errors import PolicyError, SettingsError
from ingest.parse import document_from_text
from ingest.settings import Settings

LIMIT = 300  # hits a query, so that a run has about 100 documents; timed is the search that people make
BATCH = 2000  # documents added at a time

METRICS = ("ndcg@10", "recall@10", "recall@100", "mrr@10", "p@1")


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A collection and its questions. ``qrels``: query id → document id → grade (positive ones only)."""

    corpus: tuple[tuple[str, str, str], ...]
    queries: tuple[tuple[str, str], ...]
    qrels: Mapping[str, Mapping[str, int]]


def ndcg(grades: Sequence[int], judged: Sequence[int], k: int) -> float:
    """Discounted gain of the first ``k`` grades of a run, as a share of the best order of all the ``judged`` grades."""
    best = _gain(sorted(judged, reverse=True)[:k])
    return _gain(grades[:k]) / best if best else 0.0


def recall(grades: Sequence[int], relevant: int, k: int) -> float:
    """Share of the ``relevant`` documents among the first ``k``."""
    return sum(grade > 0 for grade in grades[:k]) / relevant if relevant else 0.0


def reciprocal_rank(grades: Sequence[int], k: int) -> float:
    """1 / rank of the first relevant document; 0 where none is among the first ``k``."""
    return next((1.0 / rank for rank, grade in enumerate(grades[:k], 1) if grade > 0), 0.0)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def score(run: Sequence[str], judged: Mapping[str, int]) -> dict[str, float]:
    """The metrics of one query: ``run`` are document ids, best first, each once."""
    grades = [judged.get(document_id, 0) for document_id in run]
    values = (
        ndcg(grades, list(judged.values()), 10),
        recall(grades, len(judged), 10),
        recall(grades, len(judged), 100),
        reciprocal_rank(grades, 10),
        recall(grades, 1, 1),
    )
    return dict(zip(METRICS, values, strict=True))


def load(folder: Path, limit: int | None = None) -> JudgedSet:
    """Reads a judged set, of its queries the first ``limit`` that have a relevant document.

    Raises SettingsError where a file is missing or a line is not what it should be.
    """
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for query_id, document_id, grade in _qrels(folder / "qrels.tsv"):
        if grade > 0:
            qrels[query_id][document_id] = grade
    corpus = tuple((row["id"], row.get("title") or "", row["text"]) for row in _rows(folder, "corpus", ("id", "text")))
    queries = ((row["id"], row["text"]) for row in _rows(folder, "queries", ("id", "text")) if row["id"] in qrels)
    judged = JudgedSet(corpus, tuple(islice(queries, limit)), qrels)
    if not judged.corpus or not judged.queries:
        raise SettingsError(f"标注集为空：{folder}", "corpus、queries、qrels 三个文件都要有内容，且编号要能对上")
    return judged


def _rows(folder: Path, name: str, required: Sequence[str]) -> Iterator[dict[str, str]]:
    path = next((p for p in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz") if p.is_file()), None)
    if path is None:
        raise SettingsError(f"找不到 {folder / name}.jsonl（或 .jsonl.gz）", "请检查标注集所在的文件夹")
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line) if line.strip() else None
                if row is None:
                    continue
                if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in required):
                    raise SettingsError(f"{path} 第{number}行缺少字段 {'、'.join(required)}", "每行应是一个 JSON 对象")
                yield row
    except (OSError, EOFError, ValueError) as error:
        raise SettingsError(f"{path} 无法读取：{error}", "应为 UTF-8 编码，每行一个 JSON 对象") from error


def _qrels(path: Path) -> Iterator[tuple[str, str, int]]:
    if not path.is_file():
        raise SettingsError(f"找不到 {path}", "请检查标注集所在的文件夹")
    try:
        for line in path.read_text("utf-8").splitlines():
            query_id, document_id, grade, *_ = [*line.split("\t"), "", ""]
            if grade.strip().isdecimal():  # the first line may be a heading
                yield query_id, document_id, int(grade)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} 无法读取：{error}", "应为制表符分隔的三列：问题编号、文件编号、分级") from error


@dataclass(frozen=True, slots=True)
class Filled:
    """A library filled with a corpus. ``corpus_ids``: document id of the library → ids in the corpus (equal texts are one)."""

    library: Library
    corpus_ids: Mapping[str, Sequence[str]]
    clauses_per_second: float

    def run(self, question: str, weights: Weights = WEIGHTS) -> list[str]:
        """Ids of the corpus, best first."""
        hits = self.library.search(understand(question, limit=LIMIT), weights)
        found = dict.fromkeys(hit.chunk.document_id for hit in hits)
        return [corpus_id for document_id in found for corpus_id in self.corpus_ids[document_id]]

    def milliseconds(self, question: str, weights: Weights = WEIGHTS) -> float:
        """How long a search with the usual number of hits takes."""
        started = time.perf_counter()
        self.library.search(understand(question), weights)
        return (time.perf_counter() - started) * 1000


def fill(library: Library, corpus: Sequence[tuple[str, str, str]]) -> Filled:
    """Adds every line of a corpus as a document. Raises PolicyError when one is not taken in."""
    started = time.perf_counter()
    corpus_ids: dict[str, list[str]] = defaultdict(list)
    for start in range(0, len(corpus), BATCH):
        part = corpus[start : start + BATCH]
        documents = (
            (document_from_text(text, title=title or None, path=id_, document_id=id_), text.encode(), "text/plain")
            for id_, title, text in part
        )
        for (corpus_id, _, _), report in zip(part, library.add_documents(documents), strict=True):
            if report.document_id is None:
                raise PolicyError(f"{corpus_id} 没有收录：{report.message}", report.hint)
            corpus_ids[report.document_id].append(corpus_id)
    seconds = time.perf_counter() - started
    return Filled(library, corpus_ids, library.status().clauses / seconds)


def measure(judged: JudgedSet, filled: Filled, weights: Weights) -> dict[str, float]:
    """Means of the metrics over the queries, percentiles of the time that a search takes, clauses added a second."""
    scores = [score(filled.run(text, weights), judged.qrels[query_id]) for query_id, text in judged.queries]
    times = [filled.milliseconds(text, weights) for _, text in judged.queries]
    percentiles = quantiles([*times, *times], n=20, method="inclusive")  # doubled: two values are needed at least
    means = {name: fmean(row[name] for row in scores) for name in METRICS}
    return {**means, "p50_ms": percentiles[9], "p95_ms": percentiles[18], "clauses_per_s": filled.clauses_per_second}


def evaluate(folder: Path, limit: int | None, ablation: bool) -> dict[str, dict[str, float]]:
    """Figures by the name of what was left out (``""``: nothing). Raises PolicyError."""
    judged = load(folder, limit)
    with tempfile.TemporaryDirectory(prefix="wenhao-") as place:
        settings = replace(Settings.from_environment(), data=Path(place), vectors="")
        with Library.open(settings) as library:
            filled = fill(library, judged.corpus)
            variants = {"": WEIGHTS, **(ABLATIONS if ablation else {})}
            filled.run(judged.queries[0][1])  # loads the dictionary
            return {name: measure(judged, filled, weights) for name, weights in variants.items()}


def main(argv: Sequence[str]) -> int:
    """Prints the figures. Exit code 2 with two lines on stderr where the set cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m index evaluate", description="用标注集评测检索效果")
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="含 corpus.jsonl、queries.jsonl（可为 .gz）和 qrels.tsv"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--limit", type=int, metavar="N", help="只用前 N 个问题")
    parser.add_argument("--ablation", action="store_true", help="逐一去掉各部分，看各自的作用")
    arguments = parser.parse_args(argv)
    try:
        figures = evaluate(arguments.folder, arguments.limit, arguments.ablation)
    except PolicyError as error:
        print(error, error.hint, sep="\n", file=sys.stderr)
        return 2
    if arguments.json:
        full = {name: round(value, 4) for name, value in figures.pop("").items()}
        rounded = {name: {k: round(v, 4) for k, v in row.items()} for name, row in figures.items()}
        print(json.dumps({**full, "ablation": rounded} if rounded else full, ensure_ascii=False))
    else:
        print(table(figures))
    return 0


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """A line for each variant."""
    columns = list(figures[""])
    lines = [f"{'':12}" + "".join(f"{name:>14}" for name in columns)]
    for name, row in figures.items():
        cells = (f"{row[c]:>14.4f}" if c in METRICS else f"{row[c]:>14.1f}" for c in columns)
        label = f"去掉{name}" if name else "全部"
        lines.append(label + " " * (12 - 2 * len(label)) + "".join(cells))
    return "\n".join(lines)
