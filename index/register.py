"""The register: the one truth about which files the library holds.

A file is in the library from the moment its transaction commits here, with its original bytes and everything that was
understood of it. The search indexes are derived from it by following its change log and can be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from index import register_feedback, register_measures
from index.card import DocumentCard, Entry, Identity, entry_of, file_name, with_id
from index.corrections import Correction
from index.register_codec import decode, decode_document, encode, encode_document
from index.register_engine import leave_no_trace, open_engine, writing
from index.register_failures import failures_of
from index.register_feedback import Feedback
from index.register_identity import Outcome, Receipt, known, recognise
from index.register_keeper import KeeperLock
from index.register_measures import NOTHING_READ, Mark, MeasureRows
from index.register_move import move
from index.register_schema import (
    changes,
    documents,
    embeddings,
    facts,
    originals,
    versions,
)
from ingest.document import PolicyDocument
from ingest.errors import NotHeld, PolicyError, RegisterError
from ingest.measures.model import Measure

__all__ = [
    "Change",
    "DocumentCard",
    "Entry",
    "Original",
    "Outcome",
    "Receipt",
    "Register",
    "Version",
    "unknown_document",
]


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of a file as they were given, and the name people know it by."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document; ``ordinal`` counts from 1."""

    sha256: str
    ordinal: int
    name: str
    media_type: str
    added_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The document was put (added, or given another version) or removed. Ids grow and are never used twice."""

    id: int
    document_id: str
    kind: Literal["put", "removed"]


_LAST_CHANGE = sa.select(sa.func.max(changes.c.id))  # made once: every search asks


class Register:
    """Files, their versions and original bytes, cached embeddings and the change log, in one SQLite file (WAL) or a PostgreSQL database.

    Safe for many threads and processes. Every method raises RegisterBusy when another process writes for longer than
    the busy timeout, and RegisterError when the database cannot be reached, read or written.
    """

    def __init__(self, place: Path | str, engine: Engine) -> None:
        self.place = place
        self._engine = engine
        with failures_of(place), engine.begin() as connection:
            self.identity: str = connection.execute(
                sa.select(facts.c.value).where(facts.c.name == "identity")
            ).scalar_one()

    @classmethod
    def open(cls, place: Path | str) -> Register:
        """Opens the register in the file, or at the PostgreSQL address, ``place``; creates it where absent.

        Raises RegisterError for an unknown format version, SettingsError for an address that cannot be used.
        """
        return cls(place, open_engine(place))

    def keeper(self) -> KeeperLock | None:
        """The lock of the process that keeps what all processes share; ``None`` where these share a data folder."""
        return None if isinstance(self.place, Path) else KeeperLock(self._engine, self.place, self.identity)

    def fact(self, name: str) -> str | None:
        """What was noted under the name."""
        with failures_of(self.place), self._engine.begin() as connection:
            return connection.execute(sa.select(facts.c.value).where(facts.c.name == name)).scalar_one_or_none()

    def note_fact(self, name: str, value: str) -> None:
        """Notes it in place of what was noted before."""
        with failures_of(self.place), writing(self._engine) as connection:
            connection.execute(facts.delete().where(facts.c.name == name))
            connection.execute(facts.insert().values(name=name, value=value))

    def close(self) -> None:
        self._engine.dispose()

    def move(self, address: str, on_table: Callable[[str, int], None]) -> None:
        """Copies this SQLite register into an empty PostgreSQL database, where it goes on. Raises RegisterError, SettingsError."""
        if not isinstance(self.place, Path):
            raise RegisterError("登记库已在 PostgreSQL 中", "在 PostgreSQL 之间移动请用 pg_dump 和 pg_restore")
        move(self._engine, self.place, address, on_table)

    def receipt_for(self, sha256: str) -> Receipt | None:
        """The receipt of a file whose bytes are known already; ``None`` for new bytes."""
        with failures_of(self.place), self._engine.begin() as connection:
            return known(connection, sha256)

    def add(
        self,
        document: PolicyDocument,
        content: bytes,
        media_type: str,
        measures: tuple[Measure, ...] | None = None,
    ) -> Receipt:
        """Takes in a file that was read, with its measures, or ``None`` where these are still to be read. When this returns, the
        file is in the library for good.

        The document's id is kept unless the file is a version of a known document (then it takes that one's id) or its
        number belongs to a file with another title (then ``sha256[:12]``).
        """
        document = replace(document, path=_printable(document.path))
        with failures_of(self.place), writing(self._engine) as connection:
            if receipt := known(connection, document.sha256):
                return receipt
            identity = Identity.of(document)
            receipt = recognise(connection, document, identity)
            renamed = with_id(document, receipt.document_id)
            _write(connection, renamed, identity, content, media_type)
            if measures is not None:
                register_measures.write(connection, renamed, register_measures.with_ids(measures, document, renamed))
            _log(connection, receipt.document_id, "put")
        return receipt

    def remove(self, document_id: str) -> None:
        """Removes every version of the document with all that belongs to it, verdicts and corrections too. Raises PolicyError when it is unknown."""
        with failures_of(self.place):
            with writing(self._engine) as connection:
                if not connection.execute(documents.delete().where(documents.c.id == document_id)).rowcount:
                    raise unknown_document(document_id)
                register_feedback.forget(connection, document_id)
                _log(connection, document_id, "removed")
            leave_no_trace(self._engine)

    def last_change(self) -> int:
        """Id of the newest change; 0 for a new register."""
        with failures_of(self.place), self._engine.begin() as connection:
            return connection.execute(_LAST_CHANGE).scalar_one() or 0

    def changes(self, after: int = 0) -> tuple[Change, ...]:
        """The last change of every document changed since ``after``, oldest first; from 0, all there is to index."""
        query = (
            sa.select(changes.c.id, changes.c.document_id, changes.c.kind)
            .where(changes.c.id > after)
            .order_by(changes.c.id)
        )
        with failures_of(self.place), self._engine.begin() as connection:
            return tuple(Change(*row) for row in connection.execute(query))

    def entries(self, document_ids: Iterable[str] | None = None) -> dict[str, Entry]:
        """Entries by document id; of all documents, or of those of ``document_ids`` that exist."""
        found: dict[str, Entry] = {}
        query = sa.select(documents.c.id, documents.c.entry)
        with failures_of(self.place), self._engine.begin() as connection:
            if document_ids is None:
                return {row.id: decode(Entry, row.entry) for row in connection.execute(query)}
            for part in _parts(list(document_ids)):
                rows = connection.execute(query.where(documents.c.id.in_(part)))
                found.update((row.id, decode(Entry, row.entry)) for row in rows)
        return found

    def document(self, document_id: str, sha256: str | None = None) -> PolicyDocument:
        """The current version, or the one with ``sha256``. Raises PolicyError when there is none."""
        return decode_document(self._version(versions.c.parsed, document_id, sha256).parsed)

    def current(self, document_id: str) -> PolicyDocument | None:
        """The current version; ``None`` where the document was removed meanwhile."""
        query = (
            sa.select(versions.c.parsed)
            .join(documents, documents.c.sha256 == versions.c.sha256)
            .where(documents.c.id == document_id)
        )
        with failures_of(self.place), self._engine.begin() as connection:
            row = connection.execute(query).first()
        return decode_document(row.parsed) if row else None

    def original(self, document_id: str, sha256: str | None = None) -> Original:
        """The bytes as given of the current version, or of the one with ``sha256``. Raises PolicyError when there is none."""
        row = self._version(versions.c.sha256, document_id, sha256)
        query = (
            sa.select(versions.c.name, versions.c.media_type, originals.c.content)
            .join(originals, originals.c.sha256 == versions.c.sha256)
            .where(versions.c.sha256 == row.sha256)
        )
        with failures_of(self.place), self._engine.begin() as connection:
            return Original(*connection.execute(query).one())

    def versions(self, document_id: str) -> tuple[Version, ...]:
        """All versions of a document, oldest first. Raises PolicyError when it is unknown."""
        query = (
            sa.select(versions, documents.c.sha256.label("current"))
            .join(documents, documents.c.id == versions.c.document_id)
            .where(versions.c.document_id == document_id)
            .order_by(versions.c.ordinal)
        )
        with failures_of(self.place), self._engine.begin() as connection:
            rows = connection.execute(query).all()
        if not rows:
            raise unknown_document(document_id)
        return tuple(
            Version(
                r.sha256, r.ordinal, r.name, r.media_type, datetime.fromisoformat(r.added_at), r.sha256 == r.current
            )
            for r in rows
        )

    def measures_mark(self) -> Mark:
        """What is newest of all that measures are shown from."""
        with failures_of(self.place), self._engine.begin() as connection:
            return register_measures.mark(connection)

    def measures(self, after: Mark = NOTHING_READ) -> MeasureRows:
        """Measures of current versions that were written since ``after``, and all corrections."""
        with failures_of(self.place), self._engine.begin() as connection:
            return register_measures.read(connection, after)

    def unread_measures(self) -> tuple[str, ...]:
        """Ids of the documents whose measures were not read yet, or by other rules than today's."""
        with failures_of(self.place), self._engine.begin() as connection:
            return register_measures.unread(connection)

    def unreadable_measures(self) -> tuple[str, ...]:
        """Ids of the documents whose measures cannot be read."""
        with failures_of(self.place), self._engine.begin() as connection:
            return register_measures.unreadable(connection)

    def put_measures(self, document: PolicyDocument, measures: tuple[Measure, ...] | None) -> None:
        """Keeps the measures that were read from a document (``None``: they cannot be), unless it was removed or has another version
        meanwhile.
        """
        with failures_of(self.place), writing(self._engine) as connection:
            current = sa.select(documents.c.id).where(documents.c.sha256 == document.sha256)
            if connection.execute(current).first():
                register_measures.write(connection, document, measures)

    def correct(self, correction: Correction, after: int) -> None:
        """Keeps a correction for good. Raises PolicyError where its version is not the current one any more, or where someone has
        corrected it since the correction ``after``.
        """
        with failures_of(self.place), writing(self._engine) as connection:
            if not register_measures.correct(connection, correction, after):
                raise PolicyError("文件刚有新版本，或刚被他人更正，本次更正没有保存", "请刷新页面，核对后再更正")

    def cached_vectors(self, model: str, text_hashes: Sequence[bytes]) -> dict[bytes, bytes]:
        """Vectors (float32, little endian) that ``model`` made before, by hash of the text."""
        found: dict[bytes, bytes] = {}
        query = sa.select(embeddings.c.text_hash, embeddings.c.vector).where(embeddings.c.model == model)
        with failures_of(self.place), self._engine.begin() as connection:
            for part in _parts(text_hashes):
                rows = connection.execute(query.where(embeddings.c.text_hash.in_(part)))
                found.update((row.text_hash, row.vector) for row in rows)
        return found

    def cache_vectors(self, model: str, vectors: Mapping[str, Mapping[bytes, bytes]]) -> None:
        """Makes ``vectors`` (document id → hash of the text → vector) all that is cached of these documents.

        A document removed meanwhile is passed over.
        """
        with failures_of(self.place), writing(self._engine) as connection:
            for document_id, rows in vectors.items():
                # The model in an expression: by its column SQLite would look through all vectors of the model.
                ours = sa.and_(embeddings.c.document_id == document_id, embeddings.c.model.concat("") == model)
                connection.execute(embeddings.delete().where(ours))
                exists = connection.execute(sa.select(documents.c.id).where(documents.c.id == document_id)).first()
                if exists and rows:
                    key = {"document_id": document_id, "model": model}
                    connection.execute(
                        embeddings.insert(), [{**key, "text_hash": h, "vector": v} for h, v in rows.items()]
                    )

    def note(self, feedback: Feedback) -> None:
        """Keeps a reader's verdict for good, in place of an earlier one with its id."""
        with failures_of(self.place), writing(self._engine) as connection:
            register_feedback.write(connection, feedback)

    def feedback(self) -> tuple[Feedback, ...]:
        """Verdicts of readers, oldest first; removing a file does not remove them."""
        with failures_of(self.place), self._engine.begin() as connection:
            return register_feedback.read(connection)

    def remove_feedback(self, feedback_id: str) -> None:
        """Raises NotHeld where there is none of that id."""
        with failures_of(self.place), writing(self._engine) as connection:
            if not register_feedback.delete(connection, feedback_id):
                raise NotHeld(f"没有编号为“{feedback_id}”的反馈", "wenhao feedback list 列出全部反馈")

    def _version(self, column: sa.Column[str], document_id: str, sha256: str | None) -> sa.Row[tuple[str]]:
        wanted = documents.c.sha256 if sha256 is None else sha256
        query = (
            sa.select(column)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(versions.c.document_id == document_id, versions.c.sha256 == wanted)
        )
        with failures_of(self.place), self._engine.begin() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise unknown_document(document_id)
        return row


def unknown_document(document_id: str) -> PolicyError:
    """The error for an id that no document, or no such version of it, has."""
    return NotHeld(f"库内没有编号为“{document_id}”的文件", "请核对编号；wenhao list 列出已收录的文件")


def _write(
    connection: Connection, document: PolicyDocument, identity: Identity, content: bytes, media_type: str
) -> None:
    """Makes ``document`` the current version of its id."""
    count = sa.select(sa.func.count()).select_from(versions).where(versions.c.document_id == document.id)
    ordinal = connection.execute(count).scalar_one() + 1
    now = datetime.now(UTC).replace(microsecond=0)
    row = {
        "sha256": document.sha256,
        "path": document.path,
        "number_key": identity.number,
        "title_key": identity.title,
        "content_key": identity.content,
        "entry": encode(entry_of(document, identity, ordinal, now)),
    }
    if ordinal == 1:
        connection.execute(documents.insert().values(id=document.id, **row))
    else:
        connection.execute(documents.update().where(documents.c.id == document.id).values(**row))
    connection.execute(
        versions.insert().values(
            sha256=document.sha256,
            document_id=document.id,
            ordinal=ordinal,
            name=file_name(document.path),
            media_type=media_type,
            added_at=now.isoformat(),
            parsed=encode_document(document),
        )
    )
    connection.execute(originals.insert().values(sha256=document.sha256, content=content))


def _log(connection: Connection, document_id: str, kind: Literal["put", "removed"]) -> None:
    connection.execute(changes.delete().where(changes.c.document_id == document_id))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute(changes.insert().values(document_id=document_id, kind=kind, at=now))


def _printable(path: str) -> str:
    """A file name need not be valid UTF-8; what is not becomes a question mark."""
    return path.encode("utf-8", "replace").decode()


def _parts(items: Sequence[str] | Sequence[bytes], size: int = 500) -> Iterable[Sequence[str] | Sequence[bytes]]:
    return (items[start : start + size] for start in range(0, len(items), size))
