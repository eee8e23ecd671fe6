"""The metrics of one question. Grades are those of a run, best rank first; 0 is not relevant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

NAMES = {"ndcg@10": "nDCG@10", "recall@10": "R@10", "recall@100": "R@100", "mrr@10": "MRR@10", "p@1": "P@1"}
METRICS = tuple(NAMES)
MAIN = METRICS[0]  # what the constants are judged by, and the paired tests of an ablation


def ndcg(grades: Sequence[int], judged: Sequence[int], k: int) -> float:
    """Discounted gain of the first ``k`` grades of a run, as a share of the best order of all the ``judged`` grades.

    The gain is the grade itself, the discount log2(rank + 1) (Järvelin and Kekäläinen 2002; trec_eval's ``ndcg_cut``).
    """
    best = _gain(sorted(judged, reverse=True)[:k])
    return _gain(grades[:k]) / best if best else 0.0


def recall(grades: Sequence[int], relevant: int, k: int) -> float:
    """Share of the ``relevant`` documents among the first ``k``."""
    return sum(grade > 0 for grade in grades[:k]) / relevant if relevant else 0.0


def reciprocal_rank(grades: Sequence[int], k: int) -> float:
    """1 / rank of the first relevant document; 0 where none is among the first ``k``."""
    return next((1.0 / rank for rank, grade in enumerate(grades[:k], 1) if grade > 0), 0.0)


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


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))
