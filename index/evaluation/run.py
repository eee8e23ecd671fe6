"""A run: every document goes through the register and both indexes of a library in a temporary folder, every question is
searched, and what it found is the documents of the hits, in the order of their best hit.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, quantiles

from index.evaluation.judged import JudgedSet
from index.evaluation.metrics import METRICS, score
from index.library import Library
from index.query import understand
from index.ranking import WEIGHTS, Weights
from ingest.errors import PolicyError
from ingest.parse import document_from_text
from ingest.settings import Settings

LIMIT = 300  # hits a query, so that a run has about 100 documents; timed is the search that people make
BATCH = 2000  # documents added at a time
TOP = 10  # documents of a run that are kept
SPEED = ("p50_ms", "p95_ms", "clauses_per_s")


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question found: its metrics, the first ids, and the ranks (from 1) of the documents judged relevant, best
    first; ``None`` where one is not in the run.
    """

    scores: Mapping[str, float]
    top: tuple[str, ...]
    ranks: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Run:
    """``outcomes`` by query id, in the order of the set; ``milliseconds`` of a search each; clauses added in a second.

    ``notices``: what the library did without, such as a model that did not answer; the figures are then not those of the whole.
    """

    outcomes: Mapping[str, Outcome]
    milliseconds: tuple[float, ...]
    clauses_per_second: float
    notices: tuple[str, ...] = ()

    def values(self, metric: str) -> list[float]:
        """The metric of each question."""
        return [outcome.scores[metric] for outcome in self.outcomes.values()]


def figures(run: Run) -> dict[str, float]:
    """Means of the metrics over the queries, percentiles of the time that a search takes, clauses added a second."""
    times = run.milliseconds
    percentiles = quantiles([*times, *times], n=20, method="inclusive")  # doubled: two values are needed at least
    means = {name: fmean(run.values(name)) for name in METRICS}
    return {**means, **dict(zip(SPEED, (percentiles[9], percentiles[18], run.clauses_per_second), strict=True))}


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


def outcome(found: Sequence[str], judged: Mapping[str, int]) -> Outcome:
    """What is kept of a question that found these documents, best first."""
    rank_of = {document_id: rank for rank, document_id in enumerate(found, 1)}
    ranks = {document_id: rank_of.get(document_id) for document_id in judged}
    by_rank = dict(sorted(ranks.items(), key=lambda row: (row[1] is None, row[1] or 0)))
    return Outcome(score(found, judged), tuple(found[:TOP]), by_rank)


def measure(judged: JudgedSet, filled: Filled, weights: Weights) -> Run:
    """Every question of the set, timed first and then searched deeper."""
    outcomes, times = {}, []
    for query_id, text in judged.queries:
        times.append(filled.milliseconds(text, weights))
        outcomes[query_id] = outcome(filled.run(text, weights), judged.qrels[query_id])
    return Run(outcomes, tuple(times), filled.clauses_per_second, filled.library.notices())


def evaluate(judged: JudgedSet, variants: Mapping[str, Weights]) -> dict[str, Run]:
    """A run for each of the ``variants``, all on one library, with the models that the settings name. Raises PolicyError."""
    with tempfile.TemporaryDirectory(prefix="wenhao-") as place:
        settings = replace(Settings.from_environment(), data=Path(place), vectors="")
        with Library.open(settings) as library:
            filled = fill(library, judged.corpus)
            filled.run(judged.queries[0][1])  # loads the dictionary
            return {name: measure(judged, filled, weights) for name, weights in variants.items()}
