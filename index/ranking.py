"""How found clauses are ranked: small pure functions, and one set of constants for every collection.

The constants were chosen on three judged collections (statutes with lay questions; legal questions on 55,000 articles; a
district's long notices with short topic queries) by the worst of them, not by the mean. There is no preference for long
or for short texts: a ranker that learned one gained ten points where it learned it, and ruined the other collections.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

from index import analyzer
from index.lexical import FIELDS, Field, Found
from index.query import Query, subject

# Pairs of characters find official terms, single characters find paraphrases, words mostly repeat the pairs.
FIELD_WEIGHTS: dict[Field, float] = {"bigrams": 1.0, "unigrams": 1.0, "words": 0.5}
# The document says which file, the clause says where in it.
CLAUSE_WEIGHT = 0.5
# 主送机关, signatures and notes repeat the title and answer only questions about the file itself.
MARGIN_FACTOR = 0.5
# In spreads of the lexical score. The offline embedding knows nothing that the words do not say.
DENSE_WEIGHT = 0.1
DEPTH = 200  # candidates of each leg; with fewer, long files crowd out short ones

_ANALYZERS = {"bigrams": analyzer.bigrams, "unigrams": analyzer.unigrams, "words": analyzer.words}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may be shown (keys as in ``index.lexical``), its score, and its rank (from 1) in each leg that found it."""

    key: int
    document: int
    score: float
    legs: tuple[tuple[str, int], ...] = ()


def terms(query: Query) -> list[tuple[Field, str, float]]:
    """Weighted terms of a query; a repeated one counts 1 + ln(n), because people repeat themselves when they tell a story."""
    weights: Counter[tuple[Field, str]] = Counter()
    text = subject(query.text)
    for field in FIELDS:
        for term, count in Counter(_ANALYZERS[field](text)).items():
            weights[field, term] = FIELD_WEIGHTS[field] * (1.0 + math.log(count))
    for phrase, weight in query.expansions:
        for field in FIELDS:
            for term in _ANALYZERS[field](phrase):
                added = FIELD_WEIGHTS[field] * weight
                weights[field, term] = max(weights[field, term], added)
    return [(field, term, weight) for (field, term), weight in weights.items()]


def combine(clauses: Iterable[Found], documents: Mapping[int, float]) -> list[Candidate]:
    """Clauses scored by their document and by themselves, best first.

    A document that is not among the best of its leg is taken to be as good as the last of them.
    """
    floor = min(documents.values(), default=0.0)
    scored = [
        Candidate(
            found.key,
            found.document,
            documents.get(found.document, floor)
            + CLAUSE_WEIGHT * found.score * (MARGIN_FACTOR if found.margin else 1.0),
        )
        for found in clauses
    ]
    return _ranked(scored, "lexical")


def fuse(lexical: Sequence[Candidate], dense: Mapping[int, float]) -> list[Candidate]:
    """Adds the dense leg (key → cosine, best first) to the lexical one.

    Each leg is measured in its own spread; what the dense leg did not find is as far as the last that it found.
    """
    if not lexical or len(dense) < 2:
        return list(lexical)
    cosines = list(dense.values())
    spread = pstdev(candidate.score for candidate in lexical[:100])
    scale, centre, floor = pstdev(cosines) or 1.0, fmean(cosines), min(cosines)
    ranks = {key: rank for rank, key in enumerate(dense, 1)}
    fused = [
        replace(
            candidate,
            score=candidate.score + DENSE_WEIGHT * spread * (dense.get(candidate.key, floor) - centre) / scale,
            legs=(*candidate.legs, *([("dense", ranks[candidate.key])] if candidate.key in ranks else [])),
        )
        for candidate in lexical
    ]
    return sorted(fused, key=_order)


def put_first(exact: Sequence[Candidate], ranked: Sequence[Candidate], limit: int) -> list[Candidate]:
    """``ranked`` with ``exact`` (what the query names) before it, on at most half of the places: the rest may matter too."""
    first = [replace(candidate, legs=(("exact", rank), *candidate.legs)) for rank, candidate in enumerate(exact, 1)]
    if len(ranked) > len(exact):
        first = first[: max(1, limit // 2)]
    taken = {candidate.key for candidate in first}
    return [*first, *(candidate for candidate in ranked if candidate.key not in taken)][:limit]


def _ranked(candidates: Iterable[Candidate], leg: str) -> list[Candidate]:
    ordered = sorted(candidates, key=_order)
    return [replace(candidate, legs=((leg, rank),)) for rank, candidate in enumerate(ordered, 1)]


def _order(candidate: Candidate) -> tuple[float, int]:
    return -candidate.score, candidate.key
