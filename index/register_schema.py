"""Tables of the register, the same in an SQLite file and on a PostgreSQL server."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

VERSION = 3  # 2: `feedback`; 3: `measures`, `corrections`, spans as lists

tables = sa.MetaData()


class _EscapedText(sa.TypeDecorator[str]):
    """Text for PostgreSQL, which takes every character but NUL. Different texts stay different, and NUL comes back."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else value.replace("\1", "\1\1").replace("\0", "\1\2")

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> str | None:  # noqa: ANN401 - as inherited
        return _ESCAPED.sub(lambda found: "\1" if found[1] == "\1" else "\0", value) if value else value


_ESCAPED = re.compile("\1([\1\2])")
# Compared by bytes in both databases, so that they put the same row first.
_TEXT = sa.Text().with_variant(_EscapedText(collation="C"), "postgresql")
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows by itself in this type only

facts = sa.Table(
    "facts",
    tables,
    sa.Column("name", _TEXT, primary_key=True),
    sa.Column("value", _TEXT, nullable=False),
)

# One row a document; `entry` (see register.Entry) describes the version that is current. The keys decide whether an
# incoming file is a new document or a version of this one.
documents = sa.Table(
    "documents",
    tables,
    sa.Column("id", _TEXT, primary_key=True),
    sa.Column("sha256", _TEXT, nullable=False),
    sa.Column("path", _TEXT, nullable=False),
    sa.Column("number_key", _TEXT, index=True),
    sa.Column("title_key", _TEXT, nullable=False),
    sa.Column("content_key", _TEXT, nullable=False, index=True),
    sa.Column("entry", _TEXT, nullable=False),
)
# PostgreSQL keeps no more than 2,700 bytes of a text in an ordered index; a path in an archive may be longer.
sa.Index("ix_documents_path", documents.c.path, postgresql_using="hash")


def _document_id(**options: bool) -> sa.Column[str]:
    return sa.Column("document_id", _TEXT, sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, **options)


# `parsed` is the whole PolicyDocument as JSON: clauses, pages, references and terms are parts of it.
versions = sa.Table(
    "versions",
    tables,
    sa.Column("sha256", _TEXT, primary_key=True),
    _document_id(index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("name", _TEXT, nullable=False),
    sa.Column("media_type", _TEXT, nullable=False),
    sa.Column("added_at", _TEXT, nullable=False),
    sa.Column("parsed", _TEXT, nullable=False),
)

# Apart from `versions`, so that reading a version never walks over the pages of a large scan.
originals = sa.Table(
    "originals",
    tables,
    sa.Column("sha256", _TEXT, sa.ForeignKey("versions.sha256", ondelete="CASCADE"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# A text that stands in two documents is kept once for each: removing a document removes its vectors and no other's.
embeddings = sa.Table(
    "embeddings",
    tables,
    _document_id(),
    sa.Column("model", _TEXT, nullable=False),
    sa.Column("text_hash", sa.LargeBinary, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("model", "text_hash", "document_id"),
)
sa.Index("embeddings_of_document", embeddings.c.document_id)

# The last change of every document, in commit order. A removed document leaves its id here, so that every index
# hears of it, and nothing else.
changes = sa.Table(
    "changes",
    tables,
    sa.Column("id", _SERIAL, primary_key=True),
    sa.Column("document_id", _TEXT, nullable=False, index=True),
    sa.Column("kind", _TEXT, nullable=False),
    sa.Column("at", _TEXT, nullable=False),
    sqlite_autoincrement=True,  # ids are never used twice, not even after the last row is deleted
)

# What readers thought of an answer. `answer` is the whole answer as JSON, with the sha256 of every version it quotes. A
# verdict goes with the first of these files that is removed; it quotes several, so that no foreign key can do it.
feedback = sa.Table(
    "feedback",
    tables,
    sa.Column("id", _TEXT, primary_key=True),
    sa.Column("at", _TEXT, nullable=False),
    sa.Column("verdict", _TEXT, nullable=False),
    sa.Column("remark", _TEXT, nullable=False),
    sa.Column("answer", _TEXT, nullable=False),
)

# 支持措施 of every document's current version, as JSON, by which version of the rules they were read. A row that is written
# again gets a new id, so that readers see what is new to them. Where reading failed `found` is null.
measures = sa.Table(
    "measures",
    tables,
    sa.Column("id", _SERIAL, primary_key=True),
    _document_id(unique=True),
    sa.Column("sha256", _TEXT, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("found", _TEXT),
    sqlite_autoincrement=True,
)
sa.Index("measures_by_version", measures.c.sha256, measures.c.version)

# What people changed in the measures of a version. Rows are only ever added; they go with their version. `places` are the
# words that the measure, and each part on the way to what was changed, was read from: its number may become another.
corrections = sa.Table(
    "corrections",
    tables,
    sa.Column("id", _SERIAL, primary_key=True),
    sa.Column("sha256", _TEXT, sa.ForeignKey("versions.sha256", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("measure_id", _TEXT, nullable=False),
    sa.Column("path", _TEXT, nullable=False),
    sa.Column("places", _TEXT, nullable=False),
    sa.Column("old", _TEXT, nullable=False),
    sa.Column("new", _TEXT, nullable=False),
    sa.Column("name", _TEXT, nullable=False),
    sa.Column("reason", _TEXT, nullable=False),
    sa.Column("at", _TEXT, nullable=False),
    sqlite_autoincrement=True,
)
