"""Several files read at once, each in a child process of its own, and handed on in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from queue import SimpleQueue
from typing import TypeVar

from ingest.sandbox import Sandbox

Item = TypeVar("Item")
Result = TypeVar("Result")

WORKERS = 2  # a child that recognises scans takes 1 GB


def in_order(
    items: Iterable[Item], read: Callable[[Sandbox, Item], Result], workers: int = WORKERS
) -> Iterator[Result]:
    """``read(sandbox, item)`` of each item, in the order of the items; at most ``workers`` items are held at a time.

    ``read`` runs in threads, in the caller's context. What it raises is raised here, and ends the other children.
    """
    sandboxes = [Sandbox() for _ in range(workers)]
    free: SimpleQueue[Sandbox] = SimpleQueue()
    for sandbox in sandboxes:
        free.put(sandbox)

    def work(item: Item) -> Result:
        sandbox = free.get()
        try:
            return read(sandbox, item)
        finally:
            free.put(sandbox)

    pool = ThreadPoolExecutor(workers, thread_name_prefix="reader")
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(copy_context().run, work, item))
            if len(waiting) == workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for sandbox in sandboxes:
            sandbox.abandon()
        pool.shutdown()
