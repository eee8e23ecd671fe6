"""From one machine to several: everything in an SQLite register goes into a new one on PostgreSQL.

The register stays the same one: its identity, and the ids of its changes, so that the indexes of the data folder go on from where
they are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from index.register_engine import open_engine, writing
from index.register_failures import described, failures_of
from index.register_schema import changes, corrections, documents, facts, measures, originals, tables, versions
from ingest.errors import RegisterError

ROWS = 1000  # at a time
ROWS_OF = {originals.name: 1, versions.name: 1}  # whole files


def move(source: Engine, path: Path, address: str, on_table: Callable[[str, int], None]) -> None:
    """Copies all rows in one transaction; ``on_table(name, rows)``. The file stays as it is. Raises RegisterError, SettingsError,
    also where there is something at ``address`` already.
    """
    target = open_engine(address)
    try:
        with failures_of(path), source.begin() as reading, failures_of(address), writing(target) as to:
            if any(to.execute(sa.select(table).limit(1)).first() for table in (documents, changes)):
                raise RegisterError(f"登记库 {described(address)} 不是空的，没有移动", "请另建一个空的数据库")
            to.execute(facts.delete().where(facts.c.name == "identity"))
            for table in tables.sorted_tables:
                on_table(table.name, _copy(table, reading, to))
            for table in (changes, measures, corrections):
                _go_on_counting(table, reading, to)
    finally:
        target.dispose()


def _copy(table: sa.Table, reading: Connection, to: Connection) -> int:
    count, size = 0, ROWS_OF.get(table.name, ROWS)
    for part in reading.execution_options(yield_per=size).execute(sa.select(table)).mappings().partitions(size):
        to.execute(table.insert(), [dict(row) for row in part])
        count += len(part)
    return count


def _go_on_counting(table: sa.Table, reading: Connection, to: Connection) -> None:
    """Ids are never used twice, not even those of rows that are gone."""
    last = reading.execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}).scalar()
    if last:
        to.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), last)))
