"""How the register is opened and written, in an SQLite file or on a PostgreSQL server.

Both take one writer at a time: what a writer reads (is this file known?) stays true until it commits, and the change log's
ids are committed in their order, so that nobody who follows the log passes over a change that was committed late.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from index.register_failures import described, failures_of
from index.register_schema import VERSION, facts, tables
from ingest.errors import RegisterError, SettingsError

BUSY_MS = 10_000
CONNECT_SECONDS = 5
IDLE_MS = 60_000  # a writer that stands still in the middle, because its machine is gone, is thrown out
WRITERS = 0x57656E48  # our advisory locks; "WenH"

# A client or server whose machine is gone is noticed within a minute, not after the system's two hours.
_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
_SERVER_KEEPALIVES = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"


def open_engine(place: Path | str) -> Engine:
    """The engine of the register in the file or at the address ``place``; created where absent, and given the tables that an
    earlier version lacks.

    Raises RegisterError, RegisterBusy, SettingsError.
    """
    engine = _sqlite(place) if isinstance(place, Path) else _postgresql(place)
    try:
        with failures_of(place):
            _prepare(engine, place)
    except RegisterError:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction; committed at the end, rolled back by any exception."""
    options: dict[str, object] = {"writes": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED"  # sees what was committed while it waited for the lock
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def leave_no_trace(engine: Engine) -> None:
    """To be called after a removal: SQLite's write-ahead log still holds the removed bytes until it is written back and cut.

    PostgreSQL keeps them in its files, out of reach of any query, until VACUUM and its own write-ahead log have gone over them.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare(engine: Engine, place: Path | str) -> None:
    with engine.begin() as connection:
        found = _version(connection, place)
    if found < VERSION:
        with writing(engine) as connection:
            found = _version(connection, place)  # another process may have been first
            if found < VERSION:
                tables.create_all(connection)
                if found == 0:
                    connection.execute(facts.insert().values(name="identity", value=uuid.uuid4().hex))
                _note_version(connection)
    if found > VERSION:
        raise RegisterError(
            f"登记库 {described(place)} 的格式版本是 {found}，本程序使用的是 {VERSION}",
            "请升级程序，或换一个数据文件夹（POLICY_DATA）重新收录文件",
        )


def _version(connection: Connection, place: Path | str) -> int:
    """0: there is no register yet."""
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise RegisterError(
            f"登记库 {described(place)} 的字符编码是 {encoding}，不能保存全部汉字",
            "请另建数据库：createdb -E UTF8 -T template0 库名",
        )
    inspector = sa.inspect(connection)
    if not inspector.has_table(facts.name):
        if others := sorted(set(inspector.get_table_names()) & tables.tables.keys()):
            raise RegisterError(
                f"登记库 {described(place)} 中已有别的程序的表（{'、'.join(others)}）", "请为本程序单独建一个数据库"
            )
        return 0
    return int(connection.execute(sa.select(facts.c.value).where(facts.c.name == "version")).scalar_one())


def _note_version(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        return
    connection.execute(facts.delete().where(facts.c.name == "version"))
    connection.execute(facts.insert().values(name="version", value=str(VERSION)))


def _sqlite(path: Path) -> Engine:
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", _on_connect)
    sa.event.listen(engine, "begin", _on_begin)
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
    mode = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def _postgresql(address: str) -> Engine:
    try:
        url = sa.make_url(address)
        if not url.database or "@" in (url.host or ""):
            raise SettingsError(
                "POLICY_REGISTER 的地址无法识别",
                "例如 postgresql+psycopg://用户:口令@主机:5432/库名；口令中的 @ / : % 等字符要写成 %40 %2F %3A %25",
            )
        given = url.query.get("options", "")
        engine = sa.create_engine(
            url,
            isolation_level="REPEATABLE READ",  # what is read in one transaction belongs together, as in SQLite
            pool_pre_ping=True,  # the server may have been started anew
            pool_timeout=BUSY_MS / 1000,
            hide_parameters=True,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "wenhao",
                "client_encoding": "utf8",
                "options": f"{given if isinstance(given, str) else ' '.join(given)} {_SERVER_KEEPALIVES}".strip(),
                **_KEEPALIVES,
            },
        )
    except (sa.exc.ArgumentError, ValueError):
        raise SettingsError(
            "POLICY_REGISTER 的地址无法识别", "例如 postgresql+psycopg://用户:口令@主机:5432/库名"
        ) from None
    except ImportError as error:
        raise SettingsError(
            "没有安装 PostgreSQL 的驱动 psycopg", "请运行 .venv/bin/pip install -c constraints.txt -e '.[postgres]'"
        ) from error
    sa.event.listen(engine, "begin", _on_postgresql_begin)
    return engine


def _on_postgresql_begin(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {BUSY_MS}; SET LOCAL idle_in_transaction_session_timeout = {IDLE_MS}; "
            f"SELECT pg_advisory_xact_lock({WRITERS}, 0)"
        )
