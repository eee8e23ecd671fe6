"""Tables of the register, how its SQLite file is opened, and what its failures mean to a user."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from ingest.errors import RegisterBusy, RegisterError

VERSION = 3  # 2: `feedback`; 3: `measures`, `corrections`, spans as lists
BUSY_MS = 10_000

tables = sa.MetaData()

facts = sa.Table(
    "facts",
    tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

# One row a document; `entry` (see register.Entry) describes the version that is current. The keys decide whether an
# incoming file is a new document or a version of this one.
documents = sa.Table(
    "documents",
    tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False, index=True),
    sa.Column("number_key", sa.Text, index=True),
    sa.Column("title_key", sa.Text, nullable=False),
    sa.Column("content_key", sa.Text, nullable=False, index=True),
    sa.Column("entry", sa.Text, nullable=False),
)


def _document_id(**options: bool) -> sa.Column[str]:
    return sa.Column(
        "document_id", sa.Text, sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, **options
    )


# `parsed` is the whole PolicyDocument as JSON: clauses, pages, references and terms are parts of it.
versions = sa.Table(
    "versions",
    tables,
    sa.Column("sha256", sa.Text, primary_key=True),
    _document_id(index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("added_at", sa.Text, nullable=False),
    sa.Column("parsed", sa.Text, nullable=False),
)

# Apart from `versions`, so that reading a version never walks over the pages of a large scan.
originals = sa.Table(
    "originals",
    tables,
    sa.Column("sha256", sa.Text, sa.ForeignKey("versions.sha256", ondelete="CASCADE"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# A text that stands in two documents is kept once for each: removing a document removes its vectors and no other's.
embeddings = sa.Table(
    "embeddings",
    tables,
    _document_id(),
    sa.Column("model", sa.Text, nullable=False),
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
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("document_id", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sqlite_autoincrement=True,  # ids are never used twice, not even after the last row is deleted
)

# What readers thought of an answer. `answer` is the whole answer as JSON, with the sha256 of every version it quotes. A
# verdict goes with the first of these files that is removed; it quotes several, so that no foreign key can do it.
feedback = sa.Table(
    "feedback",
    tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
)

# 支持措施 of every document's current version, as JSON, by which version of the rules they were read. A row that is written
# again gets a new id, so that readers see what is new to them. Where reading failed `found` is null.
measures = sa.Table(
    "measures",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    _document_id(unique=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("found", sa.Text),
    sqlite_autoincrement=True,
)
sa.Index("measures_by_version", measures.c.sha256, measures.c.version)

# What people changed in the measures of a version. Rows are only ever added; they go with their version. `places` are the
# words that the measure, and each part on the way to what was changed, was read from: its number may become another.
corrections = sa.Table(
    "corrections",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.Text, sa.ForeignKey("versions.sha256", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("measure_id", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("places", sa.Text, nullable=False),
    sa.Column("old", sa.Text, nullable=False),
    sa.Column("new", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)


def open_engine(path: Path) -> Engine:
    """The engine of the register at ``path``; created where absent, and given the tables that an earlier version lacks.

    Raises RegisterError, RegisterBusy.
    """
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
    with failures_of(path), writing(engine) as connection:
        found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if found < VERSION:
            tables.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        if found == 0:
            connection.execute(facts.insert().values(name="identity", value=uuid.uuid4().hex))
        elif found > VERSION:
            raise RegisterError(
                f"登记库 {path} 的格式版本是 {found}，本程序使用的是 {VERSION}",
                "请升级程序，或换一个数据文件夹（POLICY_DATA）重新收录文件",
            )
    return engine


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _on_begin
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged file survives a power cut
        "foreign_keys = ON",
        "secure_delete = ON",  # a removed file's bytes are overwritten
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    # A writer takes the lock at once: what it reads (is this file known?) then stays true until it commits.
    mode = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction; committed at the end, rolled back by any exception."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


_FAILURES: tuple[tuple[str, type[RegisterError], str, str], ...] = (
    ("SQLITE_BUSY", RegisterBusy, "登记库 {path} 正被另一个程序占用", "请稍后重试，或关闭另一个正在写入的程序"),
    ("SQLITE_LOCKED", RegisterBusy, "登记库 {path} 正被另一个程序占用", "请稍后重试，或关闭另一个正在写入的程序"),
    ("SQLITE_FULL", RegisterError, "磁盘已满，登记库 {path} 无法写入", "请清理磁盘后重试；此前已收录的文件不受影响"),
    ("SQLITE_IOERR", RegisterError, "登记库 {path} 读写失败", "请检查磁盘空间和磁盘状况后重试"),
    ("SQLITE_READONLY", RegisterError, "登记库 {path} 是只读的", "请检查文件夹权限"),
    ("SQLITE_PERM", RegisterError, "登记库 {path} 没有读写权限", "请检查文件夹权限"),
    ("SQLITE_CANTOPEN", RegisterError, "登记库 {path} 无法打开", "请检查文件夹是否存在、是否可写"),
    ("SQLITE_NOTADB", RegisterError, "登记库 {path} 不是有效的数据库文件", "请用备份恢复该文件；或将它移走后重新收录"),
    ("SQLITE_CORRUPT", RegisterError, "登记库 {path} 已损坏", "请用备份恢复该文件；或将它移走后重新收录"),
)


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Turns the failures of SQLite, not programming mistakes, into RegisterError and RegisterBusy."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        name = getattr(original, "sqlite_errorname", "")
        for prefix, kind, message, hint in _FAILURES:
            if name.startswith(prefix):
                raise kind(message.format(path=path), hint) from error
        raise
    except sa.exc.TimeoutError as error:
        raise RegisterBusy(f"登记库 {path} 的连接已用尽", "请稍后重试") from error
