"""Calls to Chroma, which may hang for minutes and fail in many ways."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
from chromadb.errors import AuthorizationError, ChromaAuthError, ChromaError, QuotaError, RateLimitError

from index.patience import ended
from ingest.errors import IndexOutdated, StoreUnreachable

T = TypeVar("T")


class Calls:
    """Runs calls to Chroma in threads of their own, because a call may hang for minutes, and maps their failures."""

    def __init__(self, place: Path | str) -> None:
        self._place = place
        self._ended = False

    def run(self, call: Callable[[], T], seconds: float) -> T:
        """The result of ``call``. While an earlier call is overdue, none is begun."""
        if self._ended:
            raise self._unreachable("已关闭")
        return self._run(call, seconds)

    def end(self, call: Callable[[], T], seconds: float) -> None:
        """Makes the last call: every other fails from now on, also one that is under way."""
        self._ended = True
        self._run(call, seconds)

    def _run(self, call: Callable[[], T], seconds: float) -> T:
        try:
            result = ended(seconds, self, call)
        except TimeoutError as error:
            raise self._unreachable(str(error)) from None
        error = result.exception()
        mapped = self._mapped(error) if error is not None else None
        if mapped is not None:
            raise mapped from error
        return result.result()

    def _unreachable(self, reason: str) -> StoreUnreachable:
        where = "本机向量索引" if isinstance(self._place, Path) else f"向量服务 {self._place}"
        return StoreUnreachable(f"{where}暂不可用：{reason}", "文字检索不受影响；请检查磁盘或向量服务")

    def _mapped(self, error: BaseException) -> IndexOutdated | StoreUnreachable | None:
        """What a failure of Chroma means to us; ``None`` for one that is not Chroma's."""
        if isinstance(error, (AuthorizationError, ChromaAuthError, QuotaError, RateLimitError)):
            return self._unreachable(str(error))
        if self._ended and isinstance(error, Exception):
            return self._unreachable("已关闭")
        # A panic of Chroma's Rust core is a BaseException that cannot be imported; an error page of a server that is
        # not Chroma is raised as a bare Exception.
        panic, bare = type(error).__name__ == "PanicException", type(error) is Exception
        if isinstance(self._place, str) and (bare or isinstance(error, (httpx.HTTPError, ValueError, OSError))):
            return self._unreachable(str(error))
        if (
            panic
            or bare
            or isinstance(error, (ChromaError, ValueError, KeyError, RuntimeError, OSError, sqlite3.Error))
        ):
            return IndexOutdated(f"向量索引无法使用，需要重建：{str(error)[:200]}", "请运行 python -m index rebuild")
        return None
