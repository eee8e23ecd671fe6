"""The process in which Chroma works: ``python -m index.vectors_process``, started and asked by ``index.vectors_hosted``.

It serves one folder at a time, whose lock it holds, and ends when its parent does, however that ends: a write that is under
way is completed and the folder closed in order. It answers many questions at once and writes one after the other.
Messages are pickles: (number, what to do, arguments), and (number, result or PolicyError); number 0 says that it is there.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from index import settled
from index.folders import OwnerLock, lock_of
from index.memory import tune
from index.right_of_way import TURN, yield_processor
from index.settled import Settled
from index.vectors_calls import outdated
from index.vectors_chroma import ChromaStore
from ingest import child
from ingest.errors import PolicyError, StoreUnreachable

READING = ("count", "nearest", "nearest_marked", "some", "page")
WRITING = ("add", "forget", "set_applied")
READERS = 16


class Host:
    """One folder and the store in it."""

    def __init__(self) -> None:
        self._lock: OwnerLock | None = None
        self._store: ChromaStore | None = None
        self._closed = threading.Event()

    def take(self, folder: Path, seconds: float) -> bool:
        """Takes the folder's lock, for which it waits: the process of a program that was killed may still be closing it.

        Whether the last process that had it did not close it. Raises StoreUnreachable, SettingsError, IndexOutdated.
        """
        lock = OwnerLock(lock_of(folder))
        if not lock.wait(seconds):
            raise StoreUnreachable("本机向量索引正由另一个程序使用", "文字检索不受影响；请先关闭那个程序")
        self._lock, suspect = lock, lock.left_open and folder.exists()
        files = Settled(folder)
        if suspect and files.torn():
            self._lock = None
            lock.abandon()  # not released: until the folder is discarded it stays suspect
            raise outdated("上次异常退出时没有写完")
        if not suspect:
            files.trust()
        self._closed = threading.Event()
        threading.Thread(target=_settle, args=(files, self._closed), name="settling", daemon=True).start()
        return suspect

    def open(self, folder: Path, register: str, model: str, dimension: int) -> tuple[int, int]:
        """The last change applied, and how many vectors there is room for until the folder should be opened anew.

        Raises EmbedderMismatch, StoreUnreachable, IndexOutdated.
        """
        self._store = ChromaStore.open(folder, register, model, dimension)
        return self._store.applied(), self._store.room

    def close(self) -> None:
        """Closes the store and lets the folder go."""
        self._closed.set()
        store, self._store = self._store, None
        lock, self._lock = self._lock, None
        if store is not None:
            store.close()
        if lock is not None:
            lock.release()

    def answer(self, what: str, arguments: Sequence[object]) -> object:
        """The result, or the PolicyError that it raised."""
        try:
            return getattr(self._store if what in (*READING, *WRITING) else self, what)(*arguments)
        except PolicyError as error:
            return error


def _settle(files: Settled, closed: threading.Event) -> None:
    while not closed.wait(settled.POLL_SECONDS):
        files.look()


def main() -> None:
    """One reply to each request until the parent closes the pipe. Anything unforeseen ends the process, with a traceback."""
    tune()
    requests, replies = child.pipes()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # meant for the parent, which then closes the pipe
    sys.setswitchinterval(TURN)
    host, replying = Host(), threading.Lock()

    def work(number: int, what: str, arguments: Sequence[object]) -> None:
        result = pickle.dumps((number, host.answer(what, arguments)))
        with replying:
            _reply(replies, result)

    _reply(replies, pickle.dumps((0, None)))
    readers = ThreadPoolExecutor(READERS, "reader")
    writer = ThreadPoolExecutor(1, "writer", initializer=yield_processor)
    while True:
        try:
            number, what, arguments = pickle.loads(child.read(requests))
        except EOFError:
            break
        pool = readers if what in READING else writer
        pool.submit(work, number, what, arguments).add_done_callback(_end_at_failure)
    writer.shutdown(cancel_futures=True)
    readers.shutdown(cancel_futures=True)
    host.close()


def _reply(replies: BinaryIO, message: bytes) -> None:
    with suppress(OSError):  # the parent is gone; the end of the requests tells
        child.write(replies, message)


def _end_at_failure(done: Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        traceback.print_exception(error)
        os._exit(1)


if __name__ == "__main__":
    main()
