"""Measures by type of support; which one is meant by a number or a topic; the same support of other files beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from index.library import Library
from index.measures import MeasureRecord
from index.query import Filters, understand
from ingest.errors import NotHeld, SettingsError
from ingest.measures.model import BENEFIT_TYPES
from qa.comparison import Comparison, compare, same_support
from qa.matching.doubles import amended, repeats, same
from qa.passage import topic_share
from qa.question import analyse

ENDED = ("已废止", "已失效")
SPOKEN_OF = 0.5  # of the topic's words, that the clause or what it stands under has
CANDIDATES = 30  # clauses looked through for one that is a measure


def measure_meant(library: Library, wanted: str, as_of: date) -> MeasureRecord:
    """The measure with the number ``wanted``, else that of the clause that speaks of the topic best and is in force; of a row of a
    list, the clause that it repeats. Raises NotHeld.
    """
    if "#" in wanted:
        return library.measure(wanted, as_of)
    by_clause: dict[str, list[MeasureRecord]] = defaultdict(list)
    for record in library.measures(as_of=as_of):
        if record.measure.benefits and record.status.state not in ENDED:
            by_clause[record.measure.clause_id].append(record)
    topics = analyse(wanted).topics
    hits = library.search(understand(wanted, Filters(), as_of, CANDIDATES))
    found = [
        record
        for hit in hits
        if topic_share(topics, f"{hit.chunk.context}{hit.chunk.text}") >= SPOKEN_OF
        for record in by_clause.get(hit.chunk.clause_id, ())
    ]
    if not found:
        raise NotHeld(f"库内没有找到与“{wanted[:60]}”有关的现行支持措施", "请换一种说法，或写措施编号（见措施列表）")

    first = found[0]
    if not second_hand(library, first):
        return first
    return next((r for r in found if same(first, r) and not second_hand(library, r)), first)


def second_hand(library: Library, record: MeasureRecord) -> bool:
    """Whether another clause says the same and is what counts."""
    document = library.document(record.card.id)
    return repeats(record, document.text) or amended(library, record, document)


def listed(library: Library, filters: Filters, types: Sequence[str], as_of: date) -> list[MeasureRecord]:
    """Measures that grant one of ``types`` of support (none: any), newest file first. Raises SettingsError."""
    unknown = [kind for kind in types if kind not in BENEFIT_TYPES]
    if unknown:
        raise SettingsError(f"没有这种支持类型：{'、'.join(unknown)[:60]}", f"可用 {'、'.join(BENEFIT_TYPES)}")
    records = library.measures(filters, as_of)
    return [r for r in records if not types or any(b.type in types for b in r.measure.benefits)]


def comparison_of(library: Library, record: MeasureRecord, as_of: date) -> Comparison:
    """The measure beside the same support of other files in force on the day, each in the clause that counts."""
    others = [other for other in library.measures(as_of=as_of) if other.status.state not in ENDED]
    found = [other for other, _ in same_support(record, others) if not second_hand(library, other)]
    return compare([(row, library.document(row.card.id)) for row in (record, *found)])
