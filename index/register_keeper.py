"""Which of several processes keeps what they share: the vectors on a server, and the reading of measures.

Processes on a PostgreSQL register have a data folder each, so that no lock on a file can tell. The lock is held by a session
with the server and is free as soon as that ends, however it ends.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from threading import RLock

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from index.register_engine import WRITERS
from index.register_failures import failures_of
from index.register_schema import facts

# After a keeper that has not given the lock back: it may be alive, without its session, and in the middle of a write.
SETTLE_SECONDS = 2.0
NAME = "keeper"


class KeeperLock:
    """The lock; a mark in the register names its holder, and stays where the holder has not given the lock back."""

    def __init__(self, engine: Engine, place: str, identity: str) -> None:
        self._engine = engine
        self._place = place
        self._key = int(identity[:7], 16)
        self._session: Connection | None = None
        self._settled = 0.0
        self.term = 0  # how often the lock was taken
        self._lock = RLock()

    @property
    def held(self) -> bool:
        return self._session is not None and time.monotonic() >= self._settled

    def acquire(self) -> bool:
        """Takes the lock unless another process has it; does not wait. Raises RegisterError where the server does not answer."""
        with self._lock:
            self._ask()
            if self._session is None:
                self._take()
            return self.held

    def confirm(self, term: int) -> bool:
        """Whether the lock is held since ``term``; asks the server."""
        with self._lock:
            self._ask()
            return self.held and term == self.term

    def release(self) -> None:
        """Gives the lock back and notes that everything was closed in order."""
        with self._lock:
            if self._session is not None:
                with suppress(sa.exc.DBAPIError):
                    self._session.execute(facts.delete().where(facts.c.name == NAME))
            self.abandon()

    def abandon(self) -> None:
        """Gives the lock back, but leaves our mark: the next keeper waits a moment."""
        with self._lock:
            session, self._session = self._session, None
            if session is not None:
                with suppress(sa.exc.DBAPIError):
                    session.close()  # detached: the session with the server ends too

    def _ask(self) -> None:
        """Lets go of a session that has ended."""
        if self._session is not None:
            try:
                self._session.exec_driver_sql("SELECT 1")
            except sa.exc.DBAPIError:
                self.abandon()

    def _take(self) -> None:
        with failures_of(self._place):
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                if not session.execute(sa.select(sa.func.pg_try_advisory_lock(WRITERS, self._key))).scalar_one():
                    session.close()
                    return
                session.detach()  # from the pool: the session ends when it is closed
                mark = facts.c.name == NAME
                left = session.execute(facts.delete().where(mark)).rowcount
                session.execute(facts.insert().values(name=NAME, value=f"{socket.gethostname()}:{os.getpid()}"))
            except sa.exc.DBAPIError:
                session.invalidate()
                session.close()
                raise
        self._session, self._settled = session, time.monotonic() + (SETTLE_SECONDS if left else 0)
        self.term += 1
