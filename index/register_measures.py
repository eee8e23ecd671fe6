"""支持措施 of the documents in the register, and what people corrected in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from index.corrections import Correction
from index.register_codec import decode, encode
from index.register_schema import changes, corrections, documents, measures, versions
from ingest.document import PolicyDocument, Span
from ingest.measures.model import MEASURES_VERSION, Measure

_OF_CURRENT = sa.and_(measures.c.sha256 == documents.c.sha256, measures.c.version == MEASURES_VERSION)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a reader has read: ids of the newest change of a document, row of measures, and correction."""

    change: int = 0
    row: int = 0
    correction: int = 0


NOTHING_READ = Mark()


@dataclass(frozen=True, slots=True)
class MeasureRows:
    """What is new to a reader, as it stands at ``mark``: (document id, sha256 of its current version, its measures as JSON),
    and all corrections by document, oldest first. Measures that were read by other rules are not among them.
    """

    mark: Mark
    found: tuple[tuple[str, str, str], ...]
    corrections: dict[str, tuple[Correction, ...]]


def write(connection: Connection, document: PolicyDocument, found: tuple[Measure, ...] | None) -> None:
    """Makes ``found``, read from this version of it, the measures of the document; ``None``: they cannot be read."""
    connection.execute(measures.delete().where(measures.c.document_id == document.id))
    row = {"document_id": document.id, "sha256": document.sha256, "version": MEASURES_VERSION}
    text = None if found is None else encode(found)
    connection.execute(measures.insert().values(**row, found=text))


def with_ids(found: tuple[Measure, ...], old: PolicyDocument, new: PolicyDocument) -> tuple[Measure, ...]:
    """The measures of ``old`` as those of ``new``, which is the same under another id."""
    if old.id == new.id:
        return found
    ids = {a.id: b.id for a, b in zip(old.clauses, new.clauses, strict=True)}
    renamed = ((measure, ids[measure.clause_id]) for measure in found)
    return tuple(replace(m, id=id_ + m.id.removeprefix(m.clause_id), clause_id=id_) for m, id_ in renamed)


def unread(connection: Connection) -> tuple[str, ...]:
    """Ids of the documents whose measures were never read, or by other rules than today's."""
    query = sa.select(documents.c.id).outerjoin(measures, _OF_CURRENT).where(measures.c.id.is_(None))
    return tuple(connection.execute(query.order_by(documents.c.id)).scalars())


def unreadable(connection: Connection) -> tuple[str, ...]:
    """Ids of the documents whose measures cannot be read."""
    query = sa.select(documents.c.id).join(measures, _OF_CURRENT).where(measures.c.found.is_(None))
    return tuple(connection.execute(query.order_by(documents.c.id)).scalars())


def mark(connection: Connection) -> Mark:
    """The newest of each."""
    newest = (sa.select(sa.func.max(table.c.id)).scalar_subquery() for table in (changes, measures, corrections))
    return Mark(*(found or 0 for found in connection.execute(sa.select(*newest)).one()))


def read(connection: Connection, after: Mark) -> MeasureRows:
    """What was written since ``after``. To be called in one transaction, so that its parts belong together."""
    now = mark(connection)
    query = (
        sa.select(documents.c.id, documents.c.sha256, measures.c.found)
        .join(measures, _OF_CURRENT)
        .where(measures.c.id > after.row, measures.c.found.is_not(None))
    )
    return MeasureRows(now, tuple((r[0], r[1], r[2]) for r in connection.execute(query)), _corrections(connection))


def correct(connection: Connection, correction: Correction, after: int) -> bool:
    """Keeps a correction of the current version of its document; ``False`` where that is another by now, or where someone
    has corrected the version since the correction ``after``.
    """
    current = connection.execute(sa.select(documents.c.id).where(documents.c.sha256 == correction.sha256)).first()
    query = sa.select(sa.func.max(corrections.c.id)).where(corrections.c.sha256 == correction.sha256)
    if current is None or (connection.execute(query).scalar_one() or 0) > after:
        return False
    row = {name: getattr(correction, name) for name in ("sha256", "measure_id", "path", "old", "new", "name", "reason")}
    at = correction.at.astimezone(UTC).isoformat(timespec="seconds")
    connection.execute(corrections.insert().values(**row, places=encode(correction.places), at=at))
    return True


def _corrections(connection: Connection) -> dict[str, tuple[Correction, ...]]:
    found: dict[str, tuple[Correction, ...]] = {}
    query = (
        sa.select(corrections, versions.c.document_id)
        .join(versions, versions.c.sha256 == corrections.c.sha256)
        .order_by(corrections.c.id)
    )
    for row in connection.execute(query):
        values = {**row._mapping, "at": datetime.fromisoformat(row.at), "places": decode(tuple[Span, ...], row.places)}
        correction = Correction(**{name: value for name, value in values.items() if name != "document_id"})
        found[row.document_id] = (*found.get(row.document_id, ()), correction)
    return found
