"""Several files read at once, each in a child process of its own, and handed on in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from queue import SimpleQueue
from threading import Lock, Timer
from typing import TypeVar

from ingest.sandbox import Sandbox

Item = TypeVar("Item")
Result = TypeVar("Result")

WORKERS = 2  # a child that recognises scans takes 1 GB
READY = 2  # files more, so that no child waits while what another one has read is taken in
KEPT_SECONDS = 60.0  # after the last file: to start a child takes longer than most files


class Readers:
    """Children that read files, two at once, kept for a minute after the last file. Safe for many threads, each with its own."""

    def __init__(self) -> None:
        self._kept: list[Sandbox] = []
        self._lock = Lock()
        self._ending: Timer | None = None
        self._closed = False

    def in_order(self, items: Iterable[Item], read: Callable[[Sandbox, Item], Result]) -> Iterator[Result]:
        """``read(sandbox, item)`` of each item, in the order of the items; at most four items are held at a time.

        ``read`` runs in threads, in the caller's context. What it raises is raised here, and ends the other children.
        """
        sandboxes = self._taken()
        free: SimpleQueue[Sandbox] = SimpleQueue()
        for sandbox in sandboxes:
            free.put(sandbox)

        def work(item: Item) -> Result:
            sandbox = free.get()
            try:
                return read(sandbox, item)
            finally:
                free.put(sandbox)

        pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="reader")
        waiting: deque[Future[Result]] = deque()
        complete = False
        try:
            for item in items:
                waiting.append(pool.submit(copy_context().run, work, item))
                if len(waiting) == WORKERS + READY:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
            complete = True
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if complete:
                self._keep(sandboxes)
            else:
                for sandbox in sandboxes:
                    sandbox.abandon()
            pool.shutdown()

    def close(self) -> None:
        """Ends the children, of a call that is under way when it is done."""
        with self._lock:
            self._closed = True
        self._end_kept()

    def _taken(self) -> list[Sandbox]:
        with self._lock:
            taken, self._kept = self._kept, []
        return taken or [Sandbox() for _ in range(WORKERS)]

    def _keep(self, sandboxes: list[Sandbox]) -> None:
        """For the next call, unless those of another one are kept already."""
        with self._lock:
            keeps = not (self._closed or self._kept)
            if keeps:
                self._kept = sandboxes
                if self._ending:
                    self._ending.cancel()
                self._ending = Timer(KEPT_SECONDS, self._end_kept)
                self._ending.daemon = True
                self._ending.start()
        if not keeps:
            for sandbox in sandboxes:
                sandbox.close()

    def _end_kept(self) -> None:
        with self._lock:
            ended, self._kept = self._kept, []
            if self._ending:
                self._ending.cancel()
        for sandbox in ended:
            sandbox.close()
