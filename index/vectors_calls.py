"""Calls to a vector store, which may hang for minutes and fail in many ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from index.patience import ended, here
from ingest.errors import IndexOutdated, StoreUnreachable

T = TypeVar("T")
Failure = type[IndexOutdated] | type[StoreUnreachable]


def outdated(reason: str) -> IndexOutdated:
    """The index must be built again, because of ``reason``."""
    return IndexOutdated(f"向量索引无法使用，需要重建：{reason[:200]}", "请运行 python -m index rebuild")


class Calls:
    """Runs calls to a store in threads of their own, because a call may hang for minutes, and maps their failures.

    where: the store, in Chinese. meaning: what a failure of the store's library means to us; ``None`` for an error that is
    not the library's. alone: nobody waits here but the process that asks this one, which has a patience of its own; calls
    are made in the thread that asks.
    """

    def __init__(self, where: str, meaning: Callable[[BaseException], Failure | None], alone: bool = False) -> None:
        self._where = where
        self._meaning = meaning
        self._alone = alone
        self._ended = False

    def run(self, call: Callable[[], T], seconds: float) -> T:
        """The result of ``call``. While an earlier call is overdue, none is begun."""
        if self._ended:
            raise self.unreachable("已关闭")
        return self._run(call, seconds)

    def end(self, call: Callable[[], T], seconds: float) -> None:
        """Makes the last call: every other fails from now on, also one that is under way."""
        self._ended = True
        self._run(call, seconds)

    def unreachable(self, reason: str) -> StoreUnreachable:
        """The store cannot be used now, because of ``reason``."""
        return StoreUnreachable(f"{self._where}暂不可用：{reason}", "文字检索不受影响；请检查磁盘或向量服务")

    def _run(self, call: Callable[[], T], seconds: float) -> T:
        try:
            result = here(call) if self._alone else ended(seconds, self, call)
        except TimeoutError as error:
            raise self.unreachable(str(error)) from None
        error = result.exception()
        mapped = self._mapped(error) if error is not None else None
        if mapped is not None:
            raise mapped from error
        return result.result()

    def _mapped(self, error: BaseException) -> IndexOutdated | StoreUnreachable | None:
        meaning = self._meaning(error)
        if meaning is StoreUnreachable or (self._ended and isinstance(error, Exception)):
            return self.unreachable("已关闭" if self._ended else str(error)[:300])
        return outdated(str(error)) if meaning is IndexOutdated else None
