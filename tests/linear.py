"""Reading time that grows with the length of a text and no faster, whatever else the machine is doing."""

import time
from collections.abc import Callable

TIMES = 8  # longer, and squared is 64 times the work
SLACK = 3  # a cache that is too small for the longer text, a collection of garbage
NOISE = 0.005  # seconds below which a ratio says nothing
TRIES = 3  # what is quadratic fails them all


def assert_linear(read: Callable[[str], object], text: str) -> None:
    """Reading ``text`` eight times over costs this thread at most three times eight as much."""
    assert any(_linear(read, text + "。" * tried) for tried in range(TRIES))  # another text each time: none is cached


def _linear(read: Callable[[str], object], text: str) -> bool:
    once = max(_seconds(read, text), _seconds(read, text))  # the second may come from a cache
    return _seconds(read, text * TIMES) < SLACK * TIMES * max(once, NOISE)


def _seconds(read: Callable[[str], object], text: str) -> float:
    start = time.thread_time()
    read(text)
    return time.thread_time() - start
