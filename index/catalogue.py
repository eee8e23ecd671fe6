"""The documents of the library in memory: cards, lineage, and which of them are in force on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from index.card import UNTITLED, VALIDITY_RELATIONS, Claim, DocumentCard, Entry
from index.lineage import Lineage
from index.query import Narrowed
from ingest.document import RELATION_NAMES, Level, Relation, book_title
from ingest.validity import Edge, Status, months_later, status

_RANK: dict[Level, int] = {"state": 0, "province": 1, "city": 2, "district": 3, "zone": 3}


@dataclass(frozen=True, slots=True)
class Act:
    """What another document does to one, from ``on`` (``None``: no day is known). ``doubt``: why it is not believed, in Chinese."""

    source_id: str
    relation: Relation
    on: date | None
    doubt: str = ""


class Catalogue:
    """A snapshot of the register's entries after the change ``change``. Not to be altered."""

    def __init__(self, entries: Mapping[str, Entry], change: int) -> None:
        self.change = change
        self.entries = entries
        self.lineage = Lineage(entries)
        self.narrowed: Narrowed = {}
        self._states: dict[date, dict[str, Status]] = {}

    @cached_property
    def cards(self) -> dict[str, DocumentCard]:
        """Cards by document id, newest issue first; files without a date come last."""
        cards = (entry.card for entry in self.entries.values())
        by_date = sorted(cards, key=lambda card: (card.issued_on or date.min, card.added_at, card.id), reverse=True)
        return {card.id: card for card in by_date}

    def statuses(self, as_of: date) -> Mapping[str, Status]:
        """Validity of every document on the day."""
        found = self._states.get(as_of)
        if found is None:
            found = {id_: self._status(id_, entry, as_of) for id_, entry in self.entries.items()}
            self._states = {as_of: found}  # questions are asked of today, over and over
        return found

    def status_on(self, document_id: str, day: date) -> Status:
        """Validity of one document on a day that nobody else asks about."""
        return self._status(document_id, self.entries[document_id], day)

    def acts_on(self, document_id: str) -> tuple[Act, ...]:
        """What other documents do to this one, as far as it was not undone before it took effect."""
        return tuple(act for act, _ in self._acts(document_id, self.entries[document_id]))

    def state(self, document_id: str, as_of: date) -> str:
        """Validity of one document on the day, as one of the states in Chinese."""
        return self.statuses(as_of)[document_id].state

    def claims_on(self, document_id: str) -> tuple[tuple[str, Claim], ...]:
        """What other documents do to this one that can change its validity: (id of the other document, its claim)."""
        return tuple(self._claims.get(document_id, ()))

    @cached_property
    def _claims(self) -> dict[str, list[tuple[str, Claim]]]:
        """As ``lineage.named_by``, of the claims that change validity only: they are few, and needed at every question."""
        claims: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
        for source_id, source in self.entries.items():
            for claim in source.claims:
                if claim.relation in VALIDITY_RELATIONS:
                    target = self.lineage.resolve(claim, source_id).document_id
                    if target:
                        claims[target].append((source_id, claim))
        return dict(claims)

    def _status(self, document_id: str, entry: Entry, as_of: date) -> Status:
        edges: list[Edge] = []
        notes: list[str] = []
        for act, edge in self._acts(document_id, entry):
            if act.doubt:
                notes.append(act.doubt)
            else:
                edges.append(edge)
        found = status(entry.terms, as_of, tuple(edges), entry.site_validity)
        if found.state not in ("已废止", "已失效"):
            notes += self._newer_editions(document_id, entry, as_of)
        return replace(found, reason="；".join((found.reason, *notes))) if notes else found

    def _acts(self, document_id: str, entry: Entry) -> Iterator[tuple[Act, Edge]]:
        grouped: dict[tuple[str, Relation | None], list[Claim]] = defaultdict(list)
        for source_id, claim in self.claims_on(document_id):
            grouped[source_id, claim.relation].append(claim)
        for (source_id, relation), claims in grouped.items():
            source = self.entries[source_id]
            does, doubt = f"{_named(source)}称{RELATION_NAMES[relation or 'references']}", ""
            if _is_below(source.card.level, entry.card.level):
                doubt = f"{does}本文件，但级别低于本文件，未予采信，请核实"
            elif not any(claim.numbers or not claim.unusable for claim in claims):
                doubt = f"{does}同名文件，但所写文号不完整（{claims[0].unusable[0]}），请核实是否指本文件"
            if doubt or not self._revoked(source_id, claims):
                edge = _edge(claims, source, entry)
                yield Act(source_id, edge.relation, edge.effective_on, doubt), edge

    def _revoked(self, source_id: str, claims: Sequence[Claim]) -> bool:
        """The act was itself repealed before it took effect. Repealed later, it stays done: nothing revives by that."""
        source = self.entries[source_id]
        begins = _begins(claims, source)
        ends = [
            _begins([claim], self.entries[other])
            for other, claim in self.claims_on(source_id)
            if claim.relation == "repeals"
        ]
        return begins is not None and any(end is not None and end <= begins for end in ends)

    def _newer_editions(self, document_id: str, entry: Entry, as_of: date) -> Iterator[str]:
        """A newer file of the same title may have replaced this one without saying so: a remark, not a state."""
        card = entry.card
        for other_id in self._editions.get(entry.title_key.partition("|")[0], ()):
            other = self.entries[other_id].card
            newer = card.issued_on and other.issued_on and card.issued_on < other.issued_on <= as_of
            if other_id != document_id and newer and (other.level, other.region) == (card.level, card.region):
                yield f"库内另有更新的同名文件{_named(self.entries[other_id])}，请核实本文件是否已被取代"

    @cached_property
    def _editions(self) -> dict[str, list[str]]:
        """Documents by the title without its version marks."""
        found: dict[str, list[str]] = defaultdict(list)
        for document_id, entry in self.entries.items():
            if entry.title_key != UNTITLED:
                found[entry.title_key.partition("|")[0]].append(document_id)
        return dict(found)


def _is_below(source: Level | None, target: Level | None) -> bool:
    """No office can end or change what a higher one issued."""
    return source is not None and target is not None and _RANK[source] > _RANK[target]


def _begins(claims: Sequence[Claim], source: Entry) -> date | None:
    day = next((claim.effect.on for claim in claims if claim.effect.on), None)
    return day or source.card.effective_on or source.card.issued_on


def _edge(claims: Sequence[Claim], source: Entry, target: Entry) -> Edge:
    """The claims of one document in one relation, as one edge."""
    months = next((claim.effect.months for claim in claims if claim.effect.months), None)
    until = next((claim.effect.until for claim in claims if claim.effect.until), None)
    if until is None and months and target.terms.expires_on:
        until = months_later(target.terms.expires_on, months)
    return Edge(
        relation=claims[0].relation or "references",
        effective_on=_begins(claims, source),
        scope="part" if claims[0].relation == "partially_repeals" else "whole",
        note=_named(source),
        until=until,
        articles=tuple(dict.fromkeys(article for claim in claims for article in claim.articles)),
        lapsed=any(claim.effect.lapsed for claim in claims),
    )


def _named(entry: Entry) -> str:
    number = f"（{entry.card.document_number}）" if entry.card.document_number else ""
    return f"{book_title(entry.card.title)}{number}"
