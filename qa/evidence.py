"""Hits → evidence: the whole clause with its lead sentence, its file's validity, and how well it speaks of the question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

import numpy as np

from index.card import DocumentCard
from index.chunk import Hit
from index.intent import answers, defines
from index.library import Library
from index.nearness import nearness
from ingest.document import Clause, PolicyDocument
from ingest.normalize import fold
from ingest.rows import Row, table_rows
from ingest.validity import Status
from qa.injection import instructs
from qa.question import Kind, Question, Topic, articles
from qa.refusal import holds_elsewhere, places_not_held

ENOUGH = 0.5  # share of the question's topics that a clause must speak of, where it is not near it in meaning
DEAD = frozenset({"已失效", "已废止"})
HEADING_SHARE = 0.85  # a topic named only in the headings above still is what the clause is about
TITLE_SHARE = 0.6  # … only in the file's title: weaker, every clause of the file has it
FOCUS_SHARE = 0.75  # in “那首台套呢？” the new subject counts, and the question before only says what is asked of it
RETRIEVAL_SHARE = 0.4  # of a spread of the search's scores: its ranking is right more often than the topics alone
NEAR = 0.42  # nearness in meaning from which on a clause may answer, though it has other words than the question
NEARNESS = 0.3  # weight of nearness beside the topics, which a question in other words does not share with its answer
AROUND = 0.42  # nearness of the three nearest clauses, from which on the collection speaks of the matter …
AROUND_TOPICS = 0.2  # … together with so much of the topics' share
LOOKED_AT = 8  # hits whose nearness is taken, which costs half a millisecond each; the others are not the answer
BOTH = 0.75  # … and both together, where neither is enough
DEAD_PENALTY = 0.85  # a clause of a repealed or expired file stands behind one in force that says nearly as much
YEAR_BONUS = 0.3  # the clause prints a year that the question names: 到2025年 …
FIGURE_BONUS = 0.1  # … or an amount; weaker, since it may be the asker's own
# 市里 prefers the city's files and does not exclude the others; 我区 is often said of nothing in particular.
LEVEL_BONUS = {"state": 0.4, "province": 0.4, "city": 0.4, "district": 0.15}
EXPLANATION_PENALTY = 0.85  # 解读 and 问答 explain a policy and never override it
HEADING_BONUS = 0.2  # a clause headed by the question's topic is about it, not only touching it
CUES: dict[Kind, float] = {
    "amount": 0.15,
    "who": 0.1,
    "often": 0.2,
    "when": 0.1,
}  # the clause has what the question asks for
CHARGE_BONUS = 0.2  # a clause that says who is in charge answers who does it before one that only names a body
DEFINITION_BONUS = 0.4
NAMED_CLAUSE = 0.9  # relevance of a clause that the question names by file and article
NAMED_FILE = 0.5  # … of any clause of a file that it names: which of them is meant, its topics tell
FRONT_PENALTY = 0.75  # carrier notices and signatures repeat the title's words and say nothing

_EXPLAINS = re.compile("解读|问答|图解|一图读懂")
_CHARGED = re.compile(r"负责(?!人)|牵头|责任(?:单位|部门)|主管(?:部门|全?国|本)")
# 2020年那个政策 asks about the past, 2024年起施行的政策 and 到2025年要达到什么目标 do not.
_PAST = re.compile(
    r"(?<![到至])(?:19|20)\d\d年(?!起|度|以来|以后|之后|底|末|前|要|将|[一二三四\d]+月)|以前|原来|过去|旧|变化|沿革|之前|当时"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A clause that may answer. ``lead``: the clause above where it introduces this one (it ends in a colon); ``parts``: the
    clause itself, or what it introduces. ``row``: it as a row of a table. ``relevance``: 0–1, share of the question's topics
    that it speaks of; ``about``: its folded words, with those of the headings above and of the file's title; ``named``: the
    question names its file, and its article where it names one; ``near``: how near it is to the question in meaning.
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
    about: str = ""
    named: bool = False
    near: float = 0.0
    around: float = 0.0

    @property
    def may_answer(self) -> bool:
        """Whether it speaks of most of what the question asks, or means nearly the same in other words."""
        return self.relevance >= ENOUGH or self.near >= NEAR or self.relevance + self.near >= BOTH

    @property
    def may_help(self) -> bool:
        """Whether it may answer, or is one of several that come near to the question: then the collection speaks of the matter."""
        return self.may_answer or self.around + AROUND_TOPICS * self.relevance >= AROUND

    def speaks_of(self, topic: Topic) -> bool:
        """Whether the clause, the headings above it or the title of its file have the topic, at least in part."""
        return topic.match(self.about) >= 0.5

    @property
    def dead(self) -> bool:
        return self.status.state in DEAD

    @property
    def has_amount(self) -> bool:
        if self.row is not None and self.row.has_sum(self.document.text):
            return True
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

    def opener(self, document_id: str, clause: Clause) -> Clause | None:
        """The paragraph before the items （一）（二）… of which the clause is one, where it introduces them and has no marker of
        its own to stand above them.
        """
        before = self._siblings(document_id, clause)[0]
        unmarked = next((other for other in reversed(before) if not other.marker), None)
        return unmarked if clause.marker and unmarked and introduces(unmarked) else None

    def opened(self, document_id: str, clause: Clause) -> list[Clause]:
        """The items after a paragraph that introduces them without standing above them."""
        if clause.marker or not introduces(clause):
            return []
        after = self._siblings(document_id, clause)[1]
        return list(takewhile(lambda other: other.marker and other.kind == "body", after))

    def _siblings(self, document_id: str, clause: Clause) -> tuple[list[Clause], list[Clause]]:
        all_of_them = self.children(document_id, clause.parent)
        at = next(i for i, other in enumerate(all_of_them) if other.id == clause.id)
        return all_of_them[:at], all_of_them[at + 1 :]

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
    near: float
    named: bool


def gather(shelf: Shelf, question: Question, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """Evidence from best to worst, one a clause."""
    firsts = {hit.chunk.clause_id: hit for hit in reversed(hits)}.values()
    hits = [hit for hit in hits if hit in firsts and not instructs(_clause_of(shelf, hit).text)]
    away = places_not_held(question.text, shelf.library, "".join(hit.chunk.text for hit in hits))
    if away:
        hits = [hit for hit in hits if holds_elsewhere(shelf.card(hit.chunk.document_id))]
    scores = np.array([hit.score for hit in hits])
    mean, spread = (float(scores.mean()), float(scores.std()) or 1.0) if hits else (0.0, 1.0)
    near = nearness(question.text, [f"{hit.chunk.context} {hit.chunk.text}" for hit in hits[:LOOKED_AT]])
    around = float(np.mean(sorted(near)[-3:])) if near else 0.0
    least = min(near, default=0.0)
    near += [0.0] * (len(hits) - len(near))
    pool = [
        _candidate(shelf, question, hit, (hit.score - mean) / spread, cosine)
        for hit, cosine in zip(hits, near, strict=True)
    ]
    weights = _rarity(_without(question.topics, away), pool)
    focus = _rarity(_without(question.focus, away), pool)
    found = [_weigh(shelf, question, candidate, weights, focus) for candidate in pool]
    found = [replace(e, around=around if e.near else 0.0, score=e.score + NEARNESS * (e.near or least)) for e in found]
    if away:  # of the places themselves a caution speaks
        found = [replace(e, about="\n".join((e.about, *away))) for e in found if e.may_help]
    return tuple(sorted(found, key=lambda e: (not e.named, -e.score)))


def _without(topics: Sequence[Topic], places: Sequence[str]) -> list[Topic]:
    return [topic for topic in topics if not any(topic.word in place for place in places)]


def _clause_of(shelf: Shelf, hit: Hit) -> Clause:
    return shelf.clause(hit.chunk.document_id, hit.chunk.clause_id)


def _candidate(shelf: Shelf, question: Question, hit: Hit, retrieval: float, near: float) -> _Candidate:
    document = shelf.document(hit.chunk.document_id)
    clause = _clause_of(shelf, hit)
    above = shelf.ancestors(document.id, clause)
    lead = above[0] if above and introduces(above[0]) else shelf.opener(document.id, clause)
    if lead and question.kind == "list":  # one item of the list that is asked for is not the answer
        clause, lead = lead, None
    parts = (clause,)
    if introduces(clause) or clause.kind == "heading":
        parts = (clause, *(_below(shelf, document.id, clause) or shelf.opened(document.id, clause)))
    body = fold("".join(part.text for part in parts)).lower()
    named = any(leg == "exact" for leg, _ in hit.legs)
    if question.articles:
        named = named and not set(question.articles).isdisjoint(articles(clause.path))
    row = shelf.row(document.id, clause)
    head = " ".join(cell.span.of(document.text) for cell in row.head) if row else ""  # a cell says little without it
    headings = fold("".join(f"{c.heading}{c.text if c is lead else ''} " for c in (clause, *above)) + head).lower()
    return _Candidate(
        document, clause, lead, parts, body, headings, fold(document.title).lower(), retrieval, near, named
    )


def introduces(clause: Clause) -> bool:
    """Whether the clause only opens a list (“给予下列支持：”)."""
    return clause.text.rstrip().endswith(("：", ":"))


def _below(shelf: Shelf, document_id: str, clause: Clause) -> list[Clause]:
    children = shelf.children(document_id, clause.id)
    return [below for child in children for below in (child, *_below(shelf, document_id, child))]


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
        relevance = max(relevance, NAMED_CLAUSE if question.articles else NAMED_FILE)
    score = relevance + RETRIEVAL_SHARE * candidate.retrieval + _kind_bonus(question, candidate.body)
    score += HEADING_BONUS * share(weights, candidate.clause.heading)
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
    about = f"{candidate.body}\n{candidate.headings}\n{candidate.title}"
    return Evidence(
        candidate.document,
        card,
        candidate.clause,
        candidate.lead,
        candidate.parts,
        status,
        relevance,
        score,
        row,
        about,
        candidate.named,
        candidate.near,
    )


def spoken_of(word: str, evidence: Sequence[Evidence]) -> bool:
    """Whether one of the clauses found first speaks of ``word`` in other words (老板 where it is the 用人单位 that pays)."""
    return max(nearness(word, [item.clause.text for item in evidence[:LOOKED_AT]]), default=0.0) >= NEAR


def explains(card: DocumentCard) -> bool:
    """Whether the file only explains another (解读, 问答)."""
    return bool(_EXPLAINS.search(f"{card.kind or ''}{card.title}"))


def asks_history(question: Question) -> bool:
    """Whether repealed and expired files are what the question is about."""
    return bool(_PAST.search(question.text))


def _kind_bonus(question: Question, body: str) -> float:
    named = [YEAR_BONUS if figure.endswith("年") else FIGURE_BONUS for figure in question.figures if figure in body]
    return max(named, default=0.0) + _kind_cue(question, body)


def _kind_cue(question: Question, body: str) -> float:
    if question.kind == "definition":
        return DEFINITION_BONUS if question.term and defines(question.term, body) else 0.0
    cue = CUES[question.kind] if question.kind in CUES and answers(question.kind, body) else 0.0
    return cue + CHARGE_BONUS if question.kind == "who" and _CHARGED.search(body) else cue
