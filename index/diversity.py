"""Hits of several levels and places in turn, where a question sets them side by side (省、市、区分别…, 合肥和芜湖)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from index.card import DocumentCard
from index.chunk import Hit
from index.query import REGIONS, Query

WIDE = 60  # hits looked through for another side
ROUNDS = (
    3  # clauses of each side that come in turn: enough for an answer, and a side with nothing to say takes few places
)

_MAY_JOIN = re.compile("[和与跟比同及、]")
_COMPONENT = re.compile(r".{2,}?(?:自治区|自治州|[省市区县盟旗])")


def may_compare(query: Query) -> bool:
    """Whether ``spread`` may change anything, so that more than ``query.limit`` hits are worth having."""
    return bool(query.compares) or _MAY_JOIN.search(query.text) is not None


def spread(query: Query, hits: Sequence[Hit], cards: Mapping[str, DocumentCard], limit: int) -> tuple[Hit, ...]:
    """The ``limit`` best of ``hits`` (best first), ranked anew: what the question names first, then the best of each side in
    turn, then the others in their order. As they were where the question compares nothing, or all hits are of one side.

    Sides are the levels that the question compares, or places: those that it names, if it names two, else all (各地).
    """
    sides = [_side(query, cards.get(hit.chunk.document_id)) for hit in hits]
    if not query.compares and may_compare(query):
        sides = _places_named(query.text, [cards.get(hit.chunk.document_id) for hit in hits])
    first = [hit for hit in hits if any(leg == "exact" for leg, _ in hit.legs)]
    groups: dict[str, list[Hit]] = {}
    for hit, side in zip(hits, sides, strict=True):
        if side and hit not in first:
            groups.setdefault(side, []).append(hit)
    if len(groups) < 2:
        return tuple(hits[:limit])
    turns = zip_longest(*(group[:ROUNDS] for group in groups.values()))
    taken = [*first, *(hit for hit in chain.from_iterable(turns) if hit is not None)]
    chosen = {hit.chunk.id for hit in taken}
    ranked = [*taken, *(hit for hit in hits if hit.chunk.id not in chosen)][:limit]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ranked, 1))


def _side(query: Query, card: DocumentCard | None) -> str | None:
    if card is None:
        return None
    if REGIONS in query.compares:
        return card.region
    level = "district" if card.level == "zone" else card.level
    return level if level in query.compares else None


def _places_named(text: str, cards: Sequence[DocumentCard | None]) -> list[str | None]:
    """For each card the narrowest place of its region that ``text`` names; 广州 is not named by 广州天河区."""
    named: dict[str, str | None] = {}
    for region in {card.region for card in cards if card is not None and card.region}:
        parts = _COMPONENT.findall(region)
        named[region] = next((part for part in reversed(parts) if _bare(part) in text), None)
    places = {place for place in named.values() if place}
    within = {
        outer for outer in places for inner in places if re.search(f"{_bare(outer)}[省市区县]?{_bare(inner)}", text)
    }
    sides = {region: place if place not in within else None for region, place in named.items()}
    return [sides.get(card.region or "") if card is not None else None for card in cards]


def _bare(place: str) -> str:
    """合肥市 → 合肥; 肥东县 → 肥东."""
    return re.sub("(?<=..)(?:自治区|自治州|[省市区县盟旗])$", "", place)
