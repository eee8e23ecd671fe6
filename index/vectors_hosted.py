"""Chroma in a folder, in a process of its own.

In ours its writes would let nothing else run (15 ms at least, 0.5 ms a vector; measured with chromadb 1.5.9), a panic or a
kill of it would be ours, and what it never filled it would write with what our memory held: texts of files, removed ones too.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import count as numbers
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from index import vectors_store
from index.folders import OwnerLock, discard_folder, lock_of
from index.vectors_calls import outdated
from index.vectors_store import PAGE_SECONDS, SEARCH_SECONDS, WRITE_SECONDS, Page, in_pages
from ingest import child
from ingest.errors import PolicyError, RegisterBusy, RegisterError, StoreUnreachable

PATIENT = ("count", "page")
END_SECONDS = 2.0
START_SECONDS = 60.0  # of a second; the machine may be busy


class HostedStore:
    """What ``index.vectors_chroma`` keeps in a folder. Methods raise StoreUnreachable also where the process has ended."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._applied = 0
        self._room = 0
        self._closed = False

    @classmethod
    def open(cls, folder: Path, register: str, model: str, dimension: int) -> HostedStore:
        """Opens or creates the collection. Raises EmbedderMismatch, StoreUnreachable, IndexOutdated, SettingsError."""
        seconds = vectors_store.OPEN_SECONDS
        store = cls(_process())
        suspect = opening = False
        try:
            suspect = store._ask("take", folder, seconds, seconds=2 * seconds)
            opening = True
            store._applied, store._room = store._ask("open", folder, register, model, dimension, seconds=2 * seconds)
        except PolicyError as error:
            torn = opening and isinstance(error, StoreUnreachable) and (suspect or store.ended)
            store.close()
            if torn:
                raise outdated("打开时异常中止") from error
            raise
        return store

    @staticmethod
    def discard(folder: Path, register: str) -> None:
        """Deletes the folder. Raises RegisterBusy, RegisterError, SettingsError."""
        lock = OwnerLock(lock_of(folder))
        if not lock.wait(vectors_store.OPEN_SECONDS):
            raise RegisterBusy("向量索引的文件夹正由另一个程序使用", "请先关闭那个程序，或稍等它结束")
        try:
            discard_folder(folder)
        except RegisterError:
            lock.abandon()  # what is left of it stays suspect
            raise
        lock.release()

    @property
    def ended(self) -> bool:
        """Whether the process has ended without being told to."""
        return self._process.ended

    @property
    def outgrown(self) -> bool:
        """Whether it has taken in so much that it should be opened anew: Chroma keeps to what it was told at opening."""
        return self._room < 0

    def applied(self) -> int:
        return self._applied

    def look(self) -> int:
        return self._applied

    def set_applied(self, change: int) -> None:
        self._ask("set_applied", change, seconds=WRITE_SECONDS)
        self._applied = change

    def count(self) -> int:
        return self._ask("count", seconds=PAGE_SECONDS)

    def add(self, ids: Sequence[str], marks: Sequence[int], vectors: NDArray[np.float32]) -> None:
        self._ask("add", ids, marks, vectors, seconds=WRITE_SECONDS)
        self._room -= len(ids)

    def forget(self, marks: Sequence[int]) -> None:
        self._ask("forget", marks, seconds=WRITE_SECONDS)

    def nearest(self, vector: Sequence[float], limit: int, marks: Sequence[int] | None) -> list[tuple[str, float]]:
        return self._ask("nearest", vector, limit, marks, seconds=SEARCH_SECONDS)

    def nearest_marked(self, vector: Sequence[float], limit: int) -> list[tuple[tuple[str, float], int]]:
        return self._ask("nearest_marked", vector, limit, seconds=SEARCH_SECONDS)

    def some(self, limit: int) -> NDArray[np.float32]:
        return self._ask("some", limit, seconds=vectors_store.OPEN_SECONDS)

    def pages(self) -> Iterator[Page]:
        return in_pages(self.count(), partial(self._ask, "page", seconds=PAGE_SECONDS))

    def close(self) -> None:
        """Keeps the process for the next folder, unless it does not close this one: then it is killed."""
        if self._closed:
            return
        self._closed = True
        try:
            self._process.ask("close", (), vectors_store.OPEN_SECONDS)
            _idle.append(self._process)
        except (TimeoutError, EOFError, PolicyError):
            self._process.kill()

    def _ask(self, what: str, *arguments: object, seconds: float) -> Any:  # noqa: ANN401 - what the store gives
        if self._closed:
            raise _unreachable("已关闭")
        try:
            return self._process.ask(what, arguments, seconds)
        except TimeoutError as error:
            raise _unreachable(str(error) or "它的进程还没有启动") from None
        except EOFError:
            raise _unreachable("它的进程意外结束") from None


class Process:
    """The process and who waits for what of it. Safe for many threads."""

    def __init__(self) -> None:
        self.ended = False
        self._child: subprocess.Popen[bytes] = child.start("index.vectors_process")
        self._numbers = numbers(1)
        self._ready: Future[object] = Future()  # its imports do not count against the first request
        self._waiting: dict[int, Future[object]] = {0: self._ready}
        self._overdue: set[int] = set()
        self._turn = threading.Condition()
        self._outbox: SimpleQueue[bytes] = SimpleQueue()  # a process that hangs does not read: nobody waits for that
        for run in (self._send, self._receive):
            threading.Thread(target=run, name="vectors", daemon=True).start()

    def ask(self, what: str, arguments: Sequence[object], seconds: float) -> object:
        """The result. While an earlier request is overdue, none is begun: what hangs costs one wait and not one a question.
        Only those that nobody waits for wait for that.

        Raises TimeoutError where it takes longer, EOFError where the process ends or has ended, and PolicyError.
        """
        self._ready.result(START_SECONDS)
        reply: Future[object] = Future()
        with self._turn:
            if what in PATIENT:
                self._turn.wait_for(lambda: self.ended or not self._overdue, seconds)
            if self.ended:
                raise EOFError
            if self._overdue:
                raise TimeoutError("上一次请求仍未返回")
            number = next(self._numbers)
            self._waiting[number] = reply
        self._outbox.put(pickle.dumps((number, what, arguments)))
        try:
            result = reply.result(seconds)
        except TimeoutError:
            with self._turn:
                if number in self._waiting:
                    self._overdue.add(number)
            raise TimeoutError(f"{seconds:g} 秒内没有应答") from None
        if isinstance(result, PolicyError):
            raise result
        return result

    def kill(self) -> None:
        """For good. Who waits gets EOFError."""
        self._child.kill()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(END_SECONDS)
        with self._turn:  # ``_receive`` may hear of it a moment later
            self.ended = True
            self._turn.notify_all()

    def _send(self) -> None:
        with suppress(OSError, ValueError):  # it has ended: ``_receive`` tells
            while True:
                child.write(cast(BinaryIO, self._child.stdin), self._outbox.get())

    def _receive(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                number, result = pickle.loads(child.read(cast(BinaryIO, self._child.stdout)))
                with self._turn:
                    self._overdue.discard(number)
                    reply = self._waiting.pop(number)
                    self._turn.notify_all()
                reply.set_result(result)
        with self._turn:
            self.ended = True
            waiting, self._waiting = self._waiting, {}
            self._turn.notify_all()
        for reply in waiting.values():
            reply.set_exception(EOFError())
        self._child.wait()


# To start a process takes a second; it knows nothing of the folder that it closed.
_idle: list[Process] = []


def prepare() -> None:
    """Starts the process in which the next folder will be opened, beside what else there is to do."""
    if not _idle:
        _idle.append(Process())


def _process() -> Process:
    while _idle:
        if not (process := _idle.pop()).ended:
            return process
    return Process()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)


def _unreachable(reason: str) -> StoreUnreachable:
    return StoreUnreachable(f"本机向量索引暂不可用：{reason}", "文字检索不受影响；请检查磁盘")
