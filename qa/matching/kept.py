"""The offers of a library, made once for a state of it and a day: making them takes longer than matching a hundred profiles."""

from __future__ import annotations

from datetime import date
from weakref import WeakKeyDictionary

from index.library import Library
from index.measures import MeasureRecord
from index.query import NO_FILTERS, Filters
from qa.matching.offers import Offers

_kept: WeakKeyDictionary[Library, tuple[tuple[MeasureRecord, ...], Offers]] = WeakKeyDictionary()


def offers_of(library: Library, as_of: date, filters: Filters = NO_FILTERS) -> Offers:
    """The library's measures on that day, ready to be matched. Records are the same objects while nothing has changed."""
    records = library.measures(filters, as_of)
    if filters != NO_FILTERS:
        return Offers(records)
    known = _kept.get(library)
    if known is not None and len(known[0]) == len(records) and all(map(_same, known[0], records)):
        return known[1]
    offers = Offers(records)
    _kept[library] = records, offers
    return offers


def _same(one: MeasureRecord, other: MeasureRecord) -> bool:
    return one is other
