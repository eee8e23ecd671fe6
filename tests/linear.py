"""Reading time that grows with the length of a text and no faster, whatever else the machine is doing."""

import time
from collections.abc import Callable

TIMES = 8  # longer, and squared is 64 times the work
SLACK = 3  # a cache that is too small for the longer text, a collection of garbage
NOISE = 0.005  # seconds below which a ratio says nothing


def assert_linear(read: Callable[[str], object], text: str) -> None:
    """Reading ``text`` eight times over costs this thread at most three times eight as much."""
    once = max(
        _seconds(read, text) for _ in range(2)
    )  # the second may be answered from a cache, which the longer is not
    assert _seconds(read, text * TIMES) < SLACK * TIMES * max(once, NOISE)


def _seconds(read: Callable[[str], object], text: str) -> float:
    start = time.thread_time()
    read(text)
    return time.thread_time() - start
