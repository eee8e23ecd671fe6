"""Measures that the register does not hold yet, or of other rules than today's, are read again beside all else.

So a register of an earlier program fills up while it is used. Only the process that owns the indexes does it, in a child that is
bounded in memory and time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from index.follow import CLOSE_SECONDS, Progress
from index.register import Register
from ingest.errors import PolicyError, ReadError
from ingest.sandbox import Sandbox

NAME = "支持措施"
LOOK_SECONDS = 5.0  # from one look at whether any wait to the next: it goes through all documents


class MeasureReading:
    """A thread that reads the measures of the documents that wait for it, one after the other."""

    def __init__(self, register: Register, owner: Callable[[], bool]) -> None:
        self._register = register
        self._owner = owner
        self._done_at: int | None = None  # change of the register after which nothing waited
        self._unreadable = 0
        self._sandbox = Sandbox()
        self._problem: PolicyError | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="measures", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stops; a document that is being read will be read again another time."""
        self._stopping.set()
        self._sandbox.abandon()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def catch_up(self, on_progress: Progress | None = None) -> None:
        """Returns when nothing waits any more or there is a problem; ``on_progress(name, done, total)``."""
        if not self._owner():
            return
        with self._lock:
            try:
                waiting = self._waiting()
                for done, document_id in enumerate(waiting, 1):
                    self._read(document_id)
                    if self._stopping.is_set():
                        return
                    if on_progress:
                        on_progress(NAME, done, len(waiting))
                if waiting:
                    self._sandbox.close()
                self._problem = None
            except PolicyError as error:
                self._problem = error

    def notice(self) -> str:
        """What of the measures is missing, in one line; empty where nothing is. Raises RegisterError."""
        if self._problem:
            return f"{NAME}：{self._problem}。{self._problem.hint}"
        behind = len(self._waiting())
        if behind:
            return f"{NAME}正在按新规则重新读取，还有 {behind} 个文件"
        return f"有 {self._unreadable} 个文件的{NAME}没有读出（出错或超时）" if self._unreadable else ""

    def _read(self, document_id: str) -> None:
        document = self._register.current(document_id)
        if document is None:  # removed a moment ago
            return
        try:
            measures = self._sandbox.measures(document)
        except ReadError:
            if self._stopping.is_set():
                return
            measures = None
        self._register.put_measures(document, measures)

    def _waiting(self) -> tuple[str, ...]:
        last = self._register.last_change()
        if last == self._done_at:
            return ()
        waiting = self._register.unread_measures()
        if not waiting:
            self._unreadable = len(self._register.unreadable_measures())
            self._done_at = last
        return waiting

    def _run(self) -> None:
        self.catch_up()
        while not self._stopping.wait(LOOK_SECONDS):
            self.catch_up()
