"""Searches go first: what else this process computes lets them pass.

Python runs one thread at a time, and a search hands over to libraries and back some twenty times; each time it would wait for
whatever indexes files beside it, five milliseconds at least (half a millisecond once ``preload`` has said so), and for as long
as Chroma takes for a write, which it does not let anything pass (0.5 ms a vector; measured with chromadb 1.5.9).
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST_WAIT = 0.1  # seconds for which work stands aside at once
WORK = 0.005  # seconds of work until it stands aside again, so that it goes on however many search
MOST_REST = 1.0
NICE = 10
TURN = 0.0005  # seconds for which a thread keeps Python's lock while others wait for it; else 0.005
QUIET = 2.0  # seconds without a search after which nobody is expected

_turn = threading.Condition()
_searching = 0
_last = float("-inf")
_serving = False
_own = threading.local()


@contextmanager
def searching() -> Iterator[None]:
    """A search, or whatever else a person waits for."""
    global _searching, _last  # of the process, as Python's lock is
    with _turn:
        _searching += 1
    try:
        yield
    finally:
        with _turn:
            _searching -= 1
            _last = time.monotonic()
            if not _searching:
                _turn.notify_all()


def give_way() -> None:
    """To be called every few milliseconds by what computes beside searches: waits a little while there are any."""
    if not _searching or time.monotonic() < getattr(_own, "again", 0.0):
        return
    with _turn:
        _turn.wait_for(lambda: not _searching, MOST_WAIT)
    _own.again = time.monotonic() + WORK


def rest(worked: float, times: float = 1.0) -> None:
    """To be called by what works on and on, after ``worked`` seconds of it: while people search it rests so many times as long."""
    if not quiet():
        time.sleep(min(times * worked, MOST_REST))


def yield_processor() -> None:
    """Lets other threads and processes go before this thread, and those that it starts, where the system can (Linux)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def serve() -> None:
    """To be called by a process in which people search, when it has loaded what it keeps: threads take turns more often, and
    what is in memory now is left out of Python's search for garbage, which else stops everything for half a second each time
    that files have been added.
    """
    global _serving
    _serving = True
    sys.setswitchinterval(TURN)
    gc.freeze()


def serving() -> bool:
    """Whether ``serve`` has been called: there will be many searches."""
    return _serving


def quiet() -> bool:
    """Nobody searches, nor has a moment ago."""
    return not _searching and time.monotonic() > _last + QUIET
