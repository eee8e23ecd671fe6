"""A library matched with a profile: what it offers is made ready once for a state of it and a day, which takes longer than matching a
hundred profiles.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index.library import Library
from index.query import NO_FILTERS, Filters
from qa.matching.doubles import echoes, origins_of, repeats
from qa.matching.match import Matches, match
from qa.matching.offers import Offers
from qa.matching.profile import Profile

LOOKED_AT = (
    400  # of the best, whose words are looked through for those that only tell of another; the page shows no more
)


def offers_of(library: Library, as_of: date, filters: Filters = NO_FILTERS) -> Offers:
    """The library's measures on that day, ready to be matched."""
    return library.derived(Offers, as_of) if filters == NO_FILTERS else Offers(library.measures(filters, as_of))


def matched(library: Library, profile: Profile, as_of: date, filters: Filters = NO_FILTERS) -> Matches:
    """Every measure decided; those that only tell of a clause that is among them are set apart."""
    found = match(profile, offers_of(library, as_of, filters), as_of)
    best = [m for m in found.current if m.outcome != "does_not_apply"][:LOOKED_AT]
    texts = {m.record.card.id: library.document(m.record.card.id, m.record.card.sha256).text for m in best}
    telling = [m for m in best if repeats(m.record, texts[m.record.card.id])]
    if not telling:
        return found
    told = set(map(id, telling))
    originals = [m.record for m in best if id(m) not in told]
    origins = origins_of(m.record for m in found.current if id(m) not in told)
    retold = tuple(m for m in telling if echoes(m.record, texts[m.record.card.id], origins, originals))
    apart = set(map(id, retold))
    return replace(found, current=tuple(m for m in found.current if id(m) not in apart), retold=retold)
