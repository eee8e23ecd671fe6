"""How found clauses are ranked: small pure functions, and one set of constants for every collection.

The constants were chosen on three judged collections (statutes with lay questions; legal questions on 55,000 articles; a
district's long notices with short topic queries) by the worst of them, not by the mean. There is no preference for long
or for short texts: a ranker that learned one gained ten points where it learned it, and ruined the other collections.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappush, heappushpop
from typing import NamedTuple

import numpy as np

from index import analyzer
from index.lexical import Field, Found
from index.query import Query, subject

DEPTH = 200  # documents and clauses that the words find; with fewer, long files crowd out short ones
DENSE_DEPTH = 200  # vectors; with fewer, files whose words differ from the question's stay out
REREAD = 50  # of the best, whose text is looked at again
SPREAD_OF = 100  # candidates whose scores tell the spread: below, scores fall off evenly in every collection


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the evidence counts. One set for all collections; 0 leaves a part out (for the ablation)."""

    # Pairs of characters find official terms, single characters find paraphrases, words mostly repeat the pairs.
    bigrams: float = 1.0
    unigrams: float = 1.5
    words: float = 0.5
    # The document as a whole tells which file, the clause tells where in it: less than half is enough for articles on their
    # own and loses a third of what is found where the same articles are the clauses of a law.
    document: float = 1.0
    clause: float = 0.7
    # Official words for the user's own (小巨人 → 专精特新“小巨人”企业), times the weight that each has in the query.
    thesaurus: float = 1.0
    # Nearness in meaning, on the scale of the lexical score: both are measured in spreads of their best candidates. Twice as
    # much gains more where the table has learned from questions on the same texts, and lowers what it has never seen.
    dense: float = 0.6
    # How much of it is the file's as a whole: short topic questions mean a file, a question about one point a clause.
    dense_document: float = 0.5
    # What a clause gains that has a sum, a body, a date, a meaning or a basis where the question asks for one. Of the
    # features tried in re-ranking (nearness of the terms, longest run in common, coverage by the clause or by one sentence,
    # words in headings and title) it is the only one that lowered no judged set.
    intent: float = 0.5
    # What the second, third … clause of one file loses, in spreads: it may say the best again, and the files below it never
    # come into view. Neutral on the judged sets between .1 and .8.
    crowding: float = 0.6
    # Files that the query names, by number or title, and clauses that it quotes.
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
    "向量": replace(WEIGHTS, dense=0.0),
    "全文向量": replace(WEIGHTS, dense_document=0.0),
    "所问": replace(WEIGHTS, intent=0.0),
    "让位": replace(WEIGHTS, crowding=0.0),
    "点名": replace(WEIGHTS, exact=0.0),
}

_ANALYZERS = {"bigrams": analyzer.bigrams, "unigrams": analyzer.unigrams, "words": analyzer.words}


Legs = tuple[tuple[str, int], ...]


class Candidate(NamedTuple):  # a search makes thousands
    """A chunk that may be shown (keys as in ``index.lexical``), its score, and its rank (from 1) in each leg that found it."""

    key: int
    document: int
    score: float
    legs: Legs = ()


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
    of_document, of_clause, margin = weights.document, weights.clause, weights.margin
    rows = (
        (
            of_document * documents.get(document, floor) + of_clause * score * (margin if is_margin else 1.0),
            key,
            document,
        )
        for key, document, score, is_margin in clauses
    )
    scored = sorted((-score, key, document) for score, key, document in rows)
    return [
        Candidate(key, document, -loss, (("lexical", rank),)) for rank, (loss, key, document) in enumerate(scored, 1)
    ]


def fuse(lexical: Sequence[Candidate], dense: Mapping[int, float], weights: Weights = WEIGHTS) -> list[Candidate]:
    """``lexical`` with the cosines of the ``dense`` leg, by key of a chunk or of a document as a whole, best first.

    Scores of different legs, and cosines of different models, mean nothing beside each other: each is counted in spreads of
    its best candidates. What is not among the nearest is taken to be as near as the last of them.
    """
    if not lexical or not dense or not weights.dense:
        return list(lexical)
    floor = min(dense.values())
    share = weights.dense_document
    near = [dense.get(c.key, floor) + share * dense.get(c.document, floor) for c in lexical]
    unit = weights.dense * _spread([c.score for c in lexical]) / (_spread(near) or 1.0)
    ranks: dict[int, Legs] = {key: (("dense", rank),) for rank, key in enumerate(dense, 1)}
    return _best_first(
        (-(score + unit * value), key, document, legs + ranks.get(key, ()))
        for (key, document, score, legs), value in zip(lexical, near, strict=True)
    )


def favour(ranked: Sequence[Candidate], having: Collection[int], weights: Weights = WEIGHTS) -> list[Candidate]:
    """``ranked``, where the clauses ``having`` (keys) what the question asks for gain ``weights.intent`` spreads."""
    gain = weights.intent * _spread([candidate.score for candidate in ranked])
    return _best_first(
        (-(score + gain if key in having else score), key, document, legs) for key, document, score, legs in ranked
    )


def give_way(ranked: Sequence[Candidate], limit: int, weights: Weights = WEIGHTS) -> list[Candidate]:
    """``ranked``, where the n-th clause of a document loses ``weights.crowding`` spreads times log2(n): at least the ``limit`` best."""
    unit = weights.crowding * _spread([candidate.score for candidate in ranked])
    counted: dict[int, int] = {}
    best: list[float] = []  # a heap
    rows = []
    for key, document, score, legs in ranked:
        if len(best) == limit and best[0] > score:  # nothing gains
            break
        counted[document] = number = counted.get(document, 0) + 1
        left = score - unit * math.log2(number)
        rows.append((-left, key, document, legs))
        (heappush if len(best) < limit else heappushpop)(best, left)
    return _best_first(rows)


def _spread(scores: Sequence[float]) -> float:
    """Standard deviation of the best; as ``np.std``, whose own overhead is ten times as much."""
    if not scores:
        return 0.0
    best = np.array(sorted(scores, reverse=True)[:SPREAD_OF])
    return float(np.sqrt(np.square(best - best.mean()).mean()))


def _best_first(rows: Iterable[tuple[float, int, int, Legs]]) -> list[Candidate]:
    """Of (score, the other way round; key; document; legs)."""
    return [Candidate(key, document, -loss, legs) for loss, key, document, legs in sorted(rows)]


def put_first(exact: Sequence[Candidate], ranked: Sequence[Candidate], limit: int) -> list[Candidate]:
    """``ranked`` with ``exact`` (what the query names or quotes) before it, on at most half of the places: the rest may matter too."""
    first = [candidate._replace(legs=(("exact", rank), *candidate.legs)) for rank, candidate in enumerate(exact, 1)]
    if len(ranked) > len(exact):
        first = first[: max(1, limit // 2)]
    taken = {candidate.key for candidate in first}
    return [*first, *(candidate for candidate in ranked if candidate.key not in taken)][:limit]
