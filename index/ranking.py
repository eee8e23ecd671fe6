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
from statistics import pstdev

from index import analyzer
from index.lexical import Field, Found
from index.query import Query, subject

DEPTH = 200  # documents and clauses that the words find; with fewer, long files crowd out short ones
DENSE_DEPTH = 50  # what stands lower gains nothing that counts
HALF_AT = 10  # a dense rank 10 places lower gains half
SPREAD_OF = 100  # candidates whose scores tell the spread: below, scores fall off evenly in every collection


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the evidence counts. One set for all collections; 0 leaves a part out (for the ablation)."""

    # Pairs of characters find official terms, single characters find paraphrases, words mostly repeat the pairs.
    bigrams: float = 1.0
    unigrams: float = 1.5
    words: float = 0.5
    # The document as a whole tells which file, the clause tells where in it.
    document: float = 1.0
    clause: float = 0.25
    # Official words for the user's own (小巨人 → 专精特新“小巨人”企业), times the weight that each has in the query.
    thesaurus: float = 1.0
    # What the best chunk of the dense leg gains, in spreads of the lexical score. The offline embedding knows nothing that
    # the words do not say and prefers short clauses: from 0.1 on it lowers the judged sets. A model knows paraphrases; its weight is a
    # guess in the usual range of hybrid search, no model having been at hand to measure.
    hashed: float = 0.05
    model: float = 1.0
    # Files that the query names, by number or title.
    exact: float = 1.0
    # 主送机关, signatures and notes repeat the title and answer only questions about the file itself.
    margin: float = 0.5


WEIGHTS = Weights()
ABLATIONS: dict[str, Weights] = {
    "字对": replace(WEIGHTS, bigrams=0.0),
    "单字": replace(WEIGHTS, unigrams=0.0),
    "词": replace(WEIGHTS, words=0.0),
    "全文": replace(WEIGHTS, document=0.0),
    "条款": replace(WEIGHTS, clause=0.0),
    "同义词": replace(WEIGHTS, thesaurus=0.0),
    "向量": replace(WEIGHTS, hashed=0.0, model=0.0),
    "点名": replace(WEIGHTS, exact=0.0),
}

_ANALYZERS = {"bigrams": analyzer.bigrams, "unigrams": analyzer.unigrams, "words": analyzer.words}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may be shown (keys as in ``index.lexical``), its score, and its rank (from 1) in each leg that found it."""

    key: int
    document: int
    score: float
    legs: tuple[tuple[str, int], ...] = ()


def terms(query: Query, weights: Weights = WEIGHTS) -> list[tuple[Field, str, float]]:
    """Weighted terms of a query; a repeated one counts 1 + ln(n), because people repeat themselves when they tell a story."""
    found: Counter[tuple[Field, str]] = Counter()
    fields: dict[Field, float] = {"bigrams": weights.bigrams, "unigrams": weights.unigrams, "words": weights.words}
    text = subject(query.text)
    for field, weight in fields.items():
        for term, count in Counter(_ANALYZERS[field](text)).items():
            found[field, term] = weight * (1.0 + math.log(count))
        for phrase, share in query.expansions:
            for term in _ANALYZERS[field](phrase):
                found[field, term] = max(found[field, term], weight * share * weights.thesaurus)
    return [(field, term, weight) for (field, term), weight in found.items() if weight]


def combine(clauses: Iterable[Found], documents: Mapping[int, float], weights: Weights = WEIGHTS) -> list[Candidate]:
    """Clauses scored by their document and by themselves, best first.

    A document that is not among the best of its leg is taken to be as good as the last of them.
    """
    floor = min(documents.values(), default=0.0)
    scored = [
        (
            weights.document * documents.get(found.document, floor)
            + weights.clause * found.score * (weights.margin if found.margin else 1.0),
            found,
        )
        for found in clauses
    ]
    scored.sort(key=lambda row: (-row[0], row[1].key))
    return [Candidate(f.key, f.document, score, (("lexical", rank),)) for rank, (score, f) in enumerate(scored, 1)]


def fuse(lexical: Sequence[Candidate], dense: Sequence[int], weight: float) -> list[Candidate]:
    """``lexical`` with what the dense leg (keys, best first) adds: ``weight`` spreads for its first, half for its eleventh.

    By rank, because the cosines of one model mean nothing beside those of another.
    """
    if not lexical or not dense:
        return list(lexical)
    unit = weight * pstdev(candidate.score for candidate in lexical[:SPREAD_OF])
    ranks = {key: rank for rank, key in enumerate(dense, 1)}
    fused = []
    for candidate in lexical:
        rank = ranks.get(candidate.key)
        if rank is not None:
            gain = unit * HALF_AT / (HALF_AT + rank - 1)
            candidate = replace(candidate, score=candidate.score + gain, legs=(*candidate.legs, ("dense", rank)))
        fused.append(candidate)
    return sorted(fused, key=_order)


def put_first(exact: Sequence[Candidate], ranked: Sequence[Candidate], limit: int) -> list[Candidate]:
    """``ranked`` with ``exact`` (what the query names) before it, on at most half of the places: the rest may matter too."""
    first = [replace(candidate, legs=(("exact", rank), *candidate.legs)) for rank, candidate in enumerate(exact, 1)]
    if len(ranked) > len(exact):
        first = first[: max(1, limit // 2)]
    taken = {candidate.key for candidate in first}
    return [*first, *(candidate for candidate in ranked if candidate.key not in taken)][:limit]


def _order(candidate: Candidate) -> tuple[float, int]:
    return -candidate.score, candidate.key
