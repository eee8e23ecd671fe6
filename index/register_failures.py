"""What the failures of SQLite and PostgreSQL mean to a user. No message holds a user's name or password."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from ingest.errors import RegisterBusy, RegisterError

Failure = tuple[str, type[RegisterError], str, str]

_BUSY = (RegisterBusy, "登记库 {place} 正被另一个程序占用", "请稍后重试，或关闭另一个正在写入的程序")
_FULL = (RegisterError, "磁盘已满，登记库 {place} 无法写入", "请清理磁盘后重试；此前已收录的文件不受影响")
_AWAY = (
    RegisterError,
    "登记库 {place} 连接不上",
    "请检查 PostgreSQL 是否在运行、地址和端口（POLICY_REGISTER）是否正确；恢复后自动重连，此前已收录的文件不受影响",
)
_REFUSED = (
    RegisterError,
    "登记库 {place} 拒绝了用户名或口令",
    "请核对 POLICY_REGISTER 中的用户名和口令，以及服务器的 pg_hba.conf",
)
_ABSENT = (
    RegisterError,
    "登记库 {place} 不存在：服务器上没有这个数据库",
    "请先建库：createdb -E UTF8 -T template0 库名",
)
_CROWDED = (RegisterBusy, "登记库 {place} 的连接数已满", "请稍后重试，或调大服务器的 max_connections")

# By the beginning of SQLite's error name.
_SQLITE: tuple[Failure, ...] = (
    ("SQLITE_BUSY", *_BUSY),
    ("SQLITE_LOCKED", *_BUSY),
    ("SQLITE_FULL", *_FULL),
    ("SQLITE_IOERR", RegisterError, "登记库 {place} 读写失败", "请检查磁盘空间和磁盘状况后重试"),
    ("SQLITE_READONLY", RegisterError, "登记库 {place} 是只读的", "请检查文件夹权限"),
    ("SQLITE_PERM", RegisterError, "登记库 {place} 没有读写权限", "请检查文件夹权限"),
    ("SQLITE_CANTOPEN", RegisterError, "登记库 {place} 无法打开", "请检查文件夹是否存在、是否可写"),
    ("SQLITE_NOTADB", RegisterError, "登记库 {place} 不是有效的数据库文件", "请用备份恢复该文件；或将它移走后重新收录"),
    ("SQLITE_CORRUPT", RegisterError, "登记库 {place} 已损坏", "请用备份恢复该文件；或将它移走后重新收录"),
)

# By the beginning of PostgreSQL's SQLSTATE.
_POSTGRESQL: tuple[Failure, ...] = (
    ("08", *_AWAY),
    ("57P0", *_AWAY),  # the server is being stopped or started
    ("28", *_REFUSED),
    ("3D000", *_ABSENT),
    ("53300", *_CROWDED),
    ("53100", *_FULL),
    ("53", RegisterError, "登记库 {place} 所在服务器资源不足", "请检查服务器的内存和配置后重试"),
    ("55P03", *_BUSY),
    ("40", *_BUSY),
    ("57014", *_BUSY),
    ("25P03", *_BUSY),
    (
        "25006",
        RegisterError,
        "登记库 {place} 是只读的",
        "请检查连接的是否为主库（备库不能写入），以及 default_transaction_read_only",
    ),
    (
        "42501",
        RegisterError,
        "登记库 {place} 的用户没有建表或读写权限",
        "请把该数据库的所有者设为这个用户，或授予它 public 模式的权限",
    ),
    ("58", RegisterError, "登记库 {place} 读写失败", "请检查服务器的磁盘空间和磁盘状况后重试"),
    ("XX00", RegisterError, "登记库 {place} 已损坏", "请用备份恢复数据库"),
)

# A connection that was never made has no SQLSTATE; the words are the server's, in English or Chinese.
_UNCONNECTED: tuple[tuple[re.Pattern[str], tuple[type[RegisterError], str, str]], ...] = (
    (
        re.compile(r"authentication failed|认证失败|no pg_hba\.conf entry|no password supplied|role .* does not"),
        _REFUSED,
    ),
    (re.compile(r'database ".*" does not exist|数据库 ".*" 不存在'), _ABSENT),
    (re.compile(r"too many (?:clients|connections)|connection slots"), _CROWDED),
)


def described(place: Path | str) -> str:
    """The register as messages name it: its file, or server and database."""
    if isinstance(place, Path):
        return str(place)
    url = sa.make_url(place)
    host = url.host or url.query.get("host") or ""
    return f"PostgreSQL {host}{f':{url.port}' if url.port else ''}/{url.database or ''}"


@contextmanager
def failures_of(place: Path | str) -> Iterator[None]:
    """Turns the failures of the database, not programming mistakes, into RegisterError and RegisterBusy."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        found = _meaning(error)
        if found is None:
            raise
        kind, message, hint = found
        raise kind(message.format(place=described(place)), hint) from error
    except sa.exc.TimeoutError as error:
        raise RegisterBusy(f"登记库 {described(place)} 的连接已用尽", "请稍后重试") from error


def _meaning(error: sa.exc.DBAPIError | sqlite3.Error) -> tuple[type[RegisterError], str, str] | None:
    original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    name, table = getattr(original, "sqlite_errorname", None), _SQLITE
    if name is None and not isinstance(original, sqlite3.Error):
        name, table = getattr(original, "sqlstate", None), _POSTGRESQL
        if name is None and isinstance(error, sa.exc.OperationalError):
            words = str(original)
            return next((meaning for pattern, meaning in _UNCONNECTED if pattern.search(words)), _AWAY)
    return next((tuple_[1:] for tuple_ in table if (name or "").startswith(tuple_[0])), None)
