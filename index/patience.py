"""Calls to models and stores that may hang: an answer waits for them so long and no longer."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

T = TypeVar("T")

_overdue: Counter[int] = Counter()  # calls not yet returned, by id() of whom they are to
_lock = threading.Lock()


def within(seconds: float, who: object, call: Callable[[], T]) -> T:
    """The result of ``call`` to ``who``. Raises TimeoutError where it takes longer, and what the call raises."""
    return ended(seconds, who, call).result()


def ended(seconds: float, who: object, call: Callable[[], T]) -> Future[T]:
    """``call`` to ``who``, made in a thread of its own, after it has returned or failed. Raises TimeoutError where it takes longer.

    While an earlier call is overdue none is begun, so that what hangs costs one wait and not one a question.
    """
    with _lock:
        if _overdue[id(who)]:
            raise TimeoutError("上一次请求仍未返回")
    result: Future[T] = Future()
    threading.Thread(target=_fulfil, args=(result, call), daemon=True, name="patience").start()
    if not wait([result], max(0.0, seconds)).done:
        _count(who, 1)
        result.add_done_callback(lambda _: _count(who, -1))  # holds ``who``, whose id is therefore not given away
        raise TimeoutError(f"{seconds:g} 秒内没有应答")
    return result


def here(call: Callable[[], T]) -> Future[T]:
    """``call`` made in this thread, after it has returned or failed, however long that takes."""
    result: Future[T] = Future()
    _fulfil(result, call)
    return result


def _count(who: object, change: int) -> None:
    with _lock:
        _overdue[id(who)] += change
        if not _overdue[id(who)]:
            del _overdue[id(who)]


def _fulfil(result: Future[T], call: Callable[[], T]) -> None:
    with _HandOver(result):
        result.set_result(call())


class _HandOver:
    """Passes on whatever ends the block, a panic of Rust code included, to the thread that awaits the result."""

    def __init__(self, result: Future[Any]) -> None:
        self._result = result

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if error is not None:
            self._result.set_exception(error)
        return True
