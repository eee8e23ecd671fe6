"""Calls to a vector store that hang or fail."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.vectors_calls import Calls
from index.vectors_chroma import meaning
from ingest.errors import StoreUnreachable


def chroma_calls() -> Calls:
    return Calls("本机向量索引", lambda error: meaning(error, server=False))


def test_a_call_that_is_under_way_when_the_index_is_closed_is_no_programming_mistake():
    calls, begun, closed = chroma_calls(), threading.Event(), threading.Event()

    def search() -> None:
        begun.set()
        closed.wait()
        raise AttributeError("_system")  # what Chroma's client raises when it was closed

    with ThreadPoolExecutor(1) as beside:
        searching = beside.submit(calls.run, search, 5)
        begun.wait()
        calls.end(closed.set, 5)
        with pytest.raises(StoreUnreachable, match="已关闭"):
            searching.result()


def test_a_call_that_hangs_is_left_behind_and_none_is_begun_until_it_returns():
    calls, released = chroma_calls(), threading.Event()
    with pytest.raises(StoreUnreachable, match="没有应答"):
        calls.run(released.wait, 0.05)
    with pytest.raises(StoreUnreachable, match="仍未返回"):
        calls.run(lambda: pytest.fail("begun"), 5)
    released.set()
    hanging = [thread for thread in threading.enumerate() if thread.name == "patience"]
    for thread in hanging:
        thread.join()
    assert calls.run(lambda: 42, 5) == 42


def test_a_programming_mistake_is_not_taken_for_a_failure_of_chroma():
    with pytest.raises(TypeError):
        chroma_calls().run(lambda: len(5), 5)
