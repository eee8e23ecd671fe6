"""The documents of the library in memory: cards, and which of them repeal, amend or extend which others on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from index.card import UNTITLED, Claim, DocumentCard, Entry
from ingest.document import book_title
from ingest.validity import Edge, Status, status


class Catalogue:
    """A snapshot of the register's entries after the change ``change``. Not to be altered."""

    def __init__(self, entries: Mapping[str, Entry], change: int) -> None:
        self.change = change
        self.entries = entries
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

    def state(self, document_id: str, as_of: date) -> str:
        """Validity of one document on the day, as one of the states in Chinese."""
        return self.statuses(as_of)[document_id].state

    def claims_on(self, document_id: str) -> tuple[tuple[str, Claim], ...]:
        """What other documents do to this one: (id of the other document, its claim)."""
        return tuple(self._claims.get(document_id, ()))

    def _status(self, document_id: str, entry: Entry, as_of: date) -> Status:
        edges = {(id_, claim.relation): _edge(claim, self.entries[id_]) for id_, claim in self.claims_on(document_id)}
        return status(entry.terms, as_of, tuple(edges.values()), entry.site_validity)

    @cached_property
    def _claims(self) -> dict[str, list[tuple[str, Claim]]]:
        claims: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
        for source_id, source in self.entries.items():
            for claim in source.claims:
                for target_id in self._targets(claim, source_id):
                    claims[target_id].append((source_id, claim))
        return dict(claims)

    def _targets(self, claim: Claim, source_id: str) -> list[str]:
        """Other documents that a claim names: by number, or by a title that only one other document has."""
        named = [target for number in claim.numbers for target in self._by_number.get(number, ())]
        if not claim.numbers:
            named = self._by_title.get(claim.title_key, [])
        others = [target for target in dict.fromkeys(named) if target != source_id]
        if not claim.numbers and len(others) > 1:
            return []
        return [target for target in others if not self._is_later(target, source_id)]

    def _is_later(self, target_id: str, source_id: str) -> bool:
        """No file can end one that was issued after it: its words then mean an earlier file of that name."""
        target, source = (self.entries[id_].card.issued_on for id_ in (target_id, source_id))
        return target is not None and source is not None and target > source

    @cached_property
    def _by_number(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for document_id, entry in self.entries.items():
            for number in entry.numbers:
                found[number].append(document_id)
        return dict(found)

    @cached_property
    def _by_title(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for document_id, entry in self.entries.items():
            if entry.title_key != UNTITLED:
                found[entry.title_key].append(document_id)
        return dict(found)


def _edge(claim: Claim, source: Entry) -> Edge:
    card = source.card
    number = f"（{card.document_number}）" if card.document_number else ""
    return Edge(
        relation=claim.relation,
        effective_on=card.effective_on or card.issued_on,
        scope="part" if claim.relation == "partially_repeals" else "whole",
        note=f"{book_title(card.title)}{number}",
    )
