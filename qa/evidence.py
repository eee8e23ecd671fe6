"""Hits → evidence: the whole clause with its lead sentence, its file's validity, and how well it speaks of the question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from index.card import DocumentCard
from index.chunk import Hit
from index.intent import answers, defines
from index.library import Library
from ingest.document import Clause, PolicyDocument
from ingest.normalize import fold
from ingest.rows import Row, table_rows
from ingest.validity import Status
from qa.question import Kind, Question, Topic

DEAD = frozenset({"已失效", "已废止"})
HEADING_SHARE = 0.85  # a topic named only in the headings above still is what the clause is about
TITLE_SHARE = 0.6  # … only in the file's title: weaker, every clause of the file has it
FOCUS_SHARE = 0.75  # in “那首台套呢？” the new subject counts, and the question before only says what is asked of it
RETRIEVAL_SHARE = 0.5  # the ranking of the search breaks ties between clauses with equal topics
DEAD_PENALTY = 0.85  # a clause of a repealed or expired file stands behind one in force that says nearly as much
YEAR_BONUS = 0.3  # the clause prints a year that the question names: 到2025年 …
FIGURE_BONUS = 0.1  # … or an amount; weaker, since it may be the asker's own
# 市里 prefers the city's files and does not exclude the others; 我区 is often said of nothing in particular.
LEVEL_BONUS = {"state": 0.4, "province": 0.4, "city": 0.4, "district": 0.15}
EXPLANATION_PENALTY = 0.85  # 解读 and 问答 explain a policy and never override it
HEADING_BONUS = 0.2  # a clause headed by the question's topic is about it, not only touching it
NAMED_BONUS = 1.0
CUES: dict[Kind, float] = {"amount": 0.15, "who": 0.1, "when": 0.1}  # the clause has what the question asks for
DEFINITION_BONUS = 0.4
NAMED_CLAUSE = 0.9  # relevance of a clause that the question names by number and article
FRONT_PENALTY = 0.75  # carrier notices and signatures repeat the title's words and say nothing

_EXPLAINS = re.compile("解读|问答|图解|一图读懂")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A clause that may answer. ``lead``: the clause above where it introduces this one (it ends in a colon); ``parts``: the
    clause itself, or what it introduces. ``row``: it as a row of a table. ``relevance``: 0–1, share of the question's topics that it speaks of.
    """

    document: PolicyDocument
    card: DocumentCard
    clause: Clause
    lead: Clause | None
    parts: tuple[Clause, ...]
    status: Status
    relevance: float
    score: float
    row: Row | None = None

    @property
    def dead(self) -> bool:
        return self.status.state in DEAD

    @property
    def has_amount(self) -> bool:
        return any(answers("amount", part.text) for part in (self.clause, *self.parts))


class Shelf:
    """Documents, cards and clause trees of one question, each fetched once."""

    def __init__(self, library: Library, as_of: date) -> None:
        self.library = library
        self.as_of = as_of
        self._documents: dict[str, PolicyDocument] = {}
        self._statuses: dict[str, Status] = {}
        self._cards: dict[str, DocumentCard] = {}
        self._clauses: dict[str, dict[str, Clause]] = {}
        self._children: dict[str, dict[str | None, list[Clause]]] = {}
        self._rows: dict[str, dict[str, Row]] = {}

    def document(self, document_id: str) -> PolicyDocument:
        if document_id not in self._documents:
            document = self.library.document(document_id)
            self._documents[document_id] = document
            self._clauses[document_id] = {clause.id: clause for clause in document.clauses}
            children: dict[str | None, list[Clause]] = {}
            for clause in document.clauses:
                children.setdefault(clause.parent, []).append(clause)
            self._children[document_id] = children
        return self._documents[document_id]

    def clause(self, document_id: str, clause_id: str) -> Clause:
        self.document(document_id)
        return self._clauses[document_id][clause_id]

    def row(self, document_id: str, clause: Clause) -> Row | None:
        """The clause as a row of its table."""
        if clause.kind != "table_row":
            return None
        if document_id not in self._rows:
            self._rows[document_id] = table_rows(self.document(document_id))
        return self._rows[document_id][clause.id]

    def children(self, document_id: str, clause_id: str | None) -> list[Clause]:
        self.document(document_id)
        return self._children[document_id].get(clause_id, [])

    def ancestors(self, document_id: str, clause: Clause) -> list[Clause]:
        """From the clause's parent upwards."""
        above = []
        while clause.parent is not None:
            clause = self.clause(document_id, clause.parent)
            above.append(clause)
        return above

    def clause_at(self, document_id: str, offset: int) -> Clause:
        """The clause in which the character at ``offset`` stands."""
        return next(c for c in self.document(document_id).clauses if c.span.start <= offset < c.span.end)

    def status(self, document_id: str) -> Status:
        if document_id not in self._statuses:
            self._statuses[document_id] = self.library.validity(document_id, self.as_of)
        return self._statuses[document_id]

    def card(self, document_id: str) -> DocumentCard:
        if document_id not in self._cards:
            self._cards[document_id] = self.library.card(document_id)
        return self._cards[document_id]


@dataclass(frozen=True, slots=True)
class _Candidate:
    document: PolicyDocument
    clause: Clause
    lead: Clause | None
    parts: tuple[Clause, ...]
    body: str
    headings: str
    title: str
    retrieval: float
    named: bool


def gather(shelf: Shelf, question: Question, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Evidence from best to worst, one a clause."""
    best_score = max((hit.score for hit in hits), default=0.0) or 1.0
    seen: set[str] = set()
    pool: list[_Candidate] = []
    for hit in hits:
        if hit.chunk.clause_id in seen:
            continue
        seen.add(hit.chunk.clause_id)
        pool.append(_candidate(shelf, question, hit, max(0.0, hit.score) / best_score))
    weights = _rarity(question.topics, pool)
    focus = _rarity(question.focus, pool)
    found = [_weigh(shelf, question, candidate, weights, focus) for candidate in pool]
    return tuple(sorted(found, key=lambda e: -e.score))


def _candidate(shelf: Shelf, question: Question, hit: Hit, retrieval: float) -> _Candidate:
    document = shelf.document(hit.chunk.document_id)
    clause = shelf.clause(document.id, hit.chunk.clause_id)
    above = shelf.ancestors(document.id, clause)
    lead = above[0] if above and introduces(above[0]) else None
    parts = (clause,)
    if introduces(clause) or clause.kind == "heading":
        parts = (clause, *_below(shelf, document.id, clause))
    body = fold("".join(part.text for part in parts)).lower()
    named = any(leg == "exact" for leg, _ in hit.legs)
    if question.articles:
        named = named and any(article in clause.path for article in question.articles)
    row = shelf.row(document.id, clause)
    head = " ".join(cell.span.of(document.text) for cell in row.head) if row else ""  # a cell says little without it
    headings = fold("".join(f"{c.heading}{c.text if c is lead else ''} " for c in (clause, *above)) + head).lower()
    return _Candidate(document, clause, lead, parts, body, headings, fold(document.title).lower(), retrieval, named)


def introduces(clause: Clause) -> bool:
    """Whether the clause only opens a list (“给予下列支持：”)."""
    return clause.text.rstrip().endswith(("：", ":"))


def _below(shelf: Shelf, document_id: str, clause: Clause) -> Iterable[Clause]:
    for child in shelf.children(document_id, clause.id):
        yield child
        yield from _below(shelf, document_id, child)


def _match(topic: Topic, candidate: _Candidate) -> float:
    return max(
        topic.match(candidate.body),
        HEADING_SHARE * topic.match(candidate.headings),
        TITLE_SHARE * topic.match(candidate.title),
    )


def _rarity(topics: Sequence[Topic], pool: Sequence[_Candidate]) -> list[tuple[Topic, float]]:
    """Weight of each topic: a word that every candidate has tells them apart less than one that few have."""
    size = len(pool)
    weighted = []
    for topic in topics:
        holders = sum(_match(topic, candidate) >= 0.5 for candidate in pool)
        rarity = math.log((size + 1) / (holders + 0.5)) / math.log(size + 1) if size > 1 else 1.0
        weighted.append((topic, topic.weight * max(0.25, min(1.0, rarity))))
    return weighted


def _share(weighted: Sequence[tuple[Topic, float]], candidate: _Candidate) -> float:
    total = sum(weight for _, weight in weighted)
    return sum(weight * _match(topic, candidate) for topic, weight in weighted) / total if total else 0.0


def share(weighted: Sequence[tuple[Topic, float]], text: str) -> float:
    """0–1: how much of the weighted topics ``text`` speaks of."""
    total = sum(weight for _, weight in weighted)
    flat = fold(text).lower()
    return sum(weight * topic.match(flat) for topic, weight in weighted) / total if total else 0.0


def _weigh(
    shelf: Shelf,
    question: Question,
    candidate: _Candidate,
    weights: Sequence[tuple[Topic, float]],
    focus: Sequence[tuple[Topic, float]],
) -> Evidence:
    relevance = _share(weights, candidate)
    if focus:
        relevance = (1 - FOCUS_SHARE) * relevance + FOCUS_SHARE * _share(focus, candidate)
    if candidate.named:
        relevance = max(relevance, NAMED_CLAUSE)
    score = relevance + RETRIEVAL_SHARE * candidate.retrieval + _kind_bonus(question, candidate.body)
    score += HEADING_BONUS * share(weights, candidate.clause.heading) + NAMED_BONUS * candidate.named
    status = shelf.status(candidate.document.id)
    if status.state in DEAD and not asks_history(question):
        score *= DEAD_PENALTY
    if candidate.clause.kind in ("front", "back"):
        score *= FRONT_PENALTY
    card = shelf.card(candidate.document.id)
    if explains(card):
        score *= EXPLANATION_PENALTY
    if card.level in question.levels:
        score += LEVEL_BONUS[card.level]
    row = shelf.row(candidate.document.id, candidate.clause)
    return Evidence(
        candidate.document, card, candidate.clause, candidate.lead, candidate.parts, status, relevance, score, row
    )


def explains(card: DocumentCard) -> bool:
    """Whether the file only explains another (解读, 问答)."""
    return bool(_EXPLAINS.search(f"{card.kind or ''}{card.title}"))


def asks_history(question: Question) -> bool:
    """Whether repealed and expired files are what the question is about."""
    return bool(re.search(r"(?:19|20)\d\d年|以前|原来|过去|旧|变化|沿革|之前", question.text))


def _kind_bonus(question: Question, body: str) -> float:
    named = [YEAR_BONUS if figure.endswith("年") else FIGURE_BONUS for figure in question.figures if figure in body]
    return max(named, default=0.0) + _kind_cue(question, body)


def _kind_cue(question: Question, body: str) -> float:
    if question.kind == "definition":
        return DEFINITION_BONUS if question.term and defines(question.term, body) else 0.0
    return CUES[question.kind] if question.kind in CUES and answers(question.kind, body) else 0.0
