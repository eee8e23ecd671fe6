"""Two runs of the same questions: who wins how often, and whether chance would do as much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from index.evaluation.metrics import METRICS
from index.evaluation.run import Outcome

SAMPLES, AT_ONCE = 10_000, 1_000  # the least p value is 1 / (SAMPLES + 1)
SEED = 2007  # the same runs always give the same p
EQUAL = 1e-9  # scores closer than this differ by rounding only


@dataclass(frozen=True, slots=True)
class Difference:
    """Means of a metric ``before`` and ``after``; questions that it won, lost, left as they were; p of the paired test."""

    before: float
    after: float
    wins: int
    losses: int
    ties: int
    p: float

    @property
    def change(self) -> float:
        return self.after - self.before


def difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """The scores of the same questions, in the same order, in two runs."""
    changes = [b - a for a, b in zip(before, after, strict=True)]
    wins, losses = sum(c > EQUAL for c in changes), sum(c < -EQUAL for c in changes)
    return Difference(
        fmean(before), fmean(after), wins, losses, len(changes) - wins - losses, randomisation_test(changes)
    )


def differences(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> dict[str, Difference]:
    """By metric. Raises KeyError where a question of ``after`` is not in ``before``."""
    return {
        metric: difference(
            [before[query_id].scores[metric] for query_id in after], [o.scores[metric] for o in after.values()]
        )
        for metric in METRICS
    }


def randomisation_test(changes: Sequence[float]) -> float:
    """Two-sided p value of Fisher's paired randomisation test on the mean of ``changes`` (after - before, a question each).

    If both systems were the same, each change could as well have the other sign; p is the share of ``SAMPLES`` random choices
    of the signs whose mean is as far from 0 as the real one, which counts as one of them (so p is never 0). Smucker, Allan
    and Carterette (CIKM 2007) recommend it for retrieval, over the sign and Wilcoxon tests, which miss real differences.
    """
    moved = np.array([change for change in changes if abs(change) > EQUAL])  # a zero is the same with either sign
    if not moved.size:
        return 1.0
    observed = abs(moved.sum()) - EQUAL
    chance = np.random.default_rng(SEED)
    extreme = 0
    for _ in range(SAMPLES // AT_ONCE):
        signs = chance.integers(0, 2, (AT_ONCE, moved.size)) * 2.0 - 1.0
        extreme += int((np.abs(signs @ moved) >= observed).sum())
    return (extreme + 1) / (SAMPLES + 1)
