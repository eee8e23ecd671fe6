"""The search indexes follow the register.

Each index (a *leg* of the search) remembers the last change of the register it has applied. The process that owns the
folders brings the legs up to date after each commit, at the start, and twice a second while it runs, so that what
another process adds becomes searchable. A leg that is missing, damaged or of an older format is thrown away and built
again from the register; the other leg goes on meanwhile.

Processes on a PostgreSQL register have a data folder each, and each follows for itself. What they share, vectors on a server,
is written by one of them, the keeper, and read by the others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from index.folders import OwnerLock
from index.formats import FolderNote, ServerNote
from index.legs import Batch, DenseLeg, Leg, LexicalLeg
from index.register import Register
from index.right_of_way import quiet, yield_processor
from index.vectors import prepare
from index.vectors_store import local
from ingest.errors import IndexOutdated, PolicyError, RegisterBusy, RegisterError
from ingest.settings import Settings

L = TypeVar("L", bound=Leg)
Progress = Callable[[str, int, int], None]

POLL_SECONDS = 0.5
SELDOM_SECONDS = (
    5.0  # the words, while many files come in and nobody searches: what each commit makes is merged again and again
)
RETRY_SECONDS = 30.0  # a leg whose model or server does not answer is left alone for so long
CLOSE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class LegStatus:
    """The last change a leg applied (``None``: it is not open), documents still to come, and its problem in Chinese."""

    name: str
    applied: int | None
    behind: int
    problem: str = ""
    hint: str = ""


class _Tracked(Generic[L]):
    """A leg, its lock (one writer at a time), and what went wrong with it last."""

    def __init__(self, leg: L) -> None:
        self.leg = leg
        self.lock = threading.RLock()
        self.problem: PolicyError | None = None
        self.retry_at = 0.0


AnyLeg = _Tracked[LexicalLeg] | _Tracked[DenseLeg]


class Follower:
    """Keeps both legs at the register's last change as long as this process owns the folders; else reads the words, and
    vectors on a server.
    """

    def __init__(self, register: Register, settings: Settings) -> None:
        self._register = register
        self._lock = OwnerLock(settings.data / "owner.lock")
        self._keeper = register.keeper() or self._lock
        self._note = FolderNote(settings.data, register.identity)
        self._stopping = threading.Event()
        self._lexical = _Tracked(LexicalLeg(register, settings))
        self._dense = _Tracked(DenseLeg(register, settings, self._stopping))
        self._legs: tuple[AnyLeg, ...] = (self._lexical, self._dense)
        place = self._dense.leg.place
        self._shared_note = None if local(place) else ServerNote(register, str(place))
        self._term = 0  # of the keeper, in which the vectors on the server were looked through
        self._taking = threading.Lock()
        self._filling: set[int] = set()  # threads that add files
        self._threads = [  # one each: words must not wait until the vectors of an earlier file are made
            threading.Thread(target=self._run, args=(tracked,), name=f"follower of {tracked.leg.name}", daemon=True)
            for tracked in self._legs
        ]

    @property
    def owner(self) -> bool:
        """Whether this process writes the indexes."""
        return self._lock.held

    def keeps(self) -> bool:
        """Whether this process does what is done once for all that share the register; takes that over where it is free."""
        try:
            return self._lock.held and self._keeper.acquire()
        except RegisterError:
            return False

    @property
    def lexical(self) -> LexicalLeg:
        return self._lexical.leg

    @property
    def dense(self) -> DenseLeg:
        return self._dense.leg

    def start(self) -> None:
        """Takes the folders if they are free and opens the legs. The words are current then; vectors may follow later."""
        if self._own():
            prepare(self._dense.leg.place)
        self._advance(self._lexical)
        self._advance(self._dense, at_most=1)
        for thread in self._threads:
            thread.start()

    @contextmanager
    def filling(self) -> Iterator[None]:
        """While this thread adds files one after the other; ``catch_up`` is called then."""
        self._filling.add(threading.get_ident())
        try:
            yield
        finally:
            self._filling.discard(threading.get_ident())

    def catch_up(self) -> None:
        """Returns when both legs are at the register's last change or have a problem. Another owner is left to do it."""
        if self._own():
            with ThreadPoolExecutor(1, "catching up", initializer=yield_processor) as behind:
                list(behind.map(self._advance, self._legs))

    def rebuild(self, on_progress: Progress | None = None) -> None:
        """Throws both legs away and builds them again. Raises PolicyError when that fails."""
        if not self._own():
            raise RegisterBusy("索引正由另一个程序使用，无法重建", "请先关闭问答页面或另一个正在运行的命令")
        for tracked in self._legs:
            with tracked.lock:
                if not self._writes(tracked):
                    raise RegisterBusy(
                        "服务器上的向量索引正由另一个程序维护，本次只重建了文字索引",
                        "请先停下其他使用同一登记库的程序，再运行 python -m index rebuild",
                    )
                tracked.leg.discard()
                self._apply_new(tracked, on_progress=on_progress)
                tracked.problem = None

    def status(self) -> tuple[LegStatus, ...]:
        """How far each leg is."""
        return tuple(self._status(tracked) for tracked in self._legs)

    def notices(self) -> Iterator[str]:
        """What the search has to do without, a line each."""
        follows = self.owner or self._shared_note is not None
        if not follows:
            yield "另一个程序正在使用索引，本次只按文字检索"
        for status in self.status() if follows else ():
            if status.problem:
                yield f"{status.name}：{status.problem}{f'。{status.hint}' if status.hint else ''}"
            elif status.behind:
                yield f"{status.name}正在更新，还有 {status.behind} 个文件"

    def close(self) -> None:
        """Stops following and closes the legs in order: a folder that is not closed is suspect to its next owner."""
        self._stopping.set()
        latest = time.monotonic() + CLOSE_SECONDS
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, latest - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):  # a call to Chroma hangs
            self._abandon()
            return
        try:
            for tracked in self._legs:
                tracked.leg.close()
        except PolicyError:
            self._abandon()
        else:
            self._keeper.release()
            self._lock.release()

    def _abandon(self) -> None:
        self._keeper.abandon()
        self._lock.abandon()

    def _run(self, tracked: AnyLeg) -> None:
        yield_processor()
        due = 0.0
        while not self._stopping.wait(POLL_SECONDS):
            if tracked is self._lexical and self._filling and quiet() and time.monotonic() < due:
                continue
            try:
                self._own()
            except PolicyError as error:  # the data folder has become unusable
                self._lexical.problem = error
                continue
            self._advance(tracked)
            due = time.monotonic() + SELDOM_SECONDS

    def _own(self) -> bool:
        """Whether this process owns the folders; takes them over when they are free."""
        with self._taking:
            if not self._lock.held and self._lock.acquire():
                self._lexical.leg.close()  # it was open for reading
                self._discard_older_formats()
            return self._lock.held

    def _discard_older_formats(self) -> None:
        if self._note.current():
            return
        tracked: AnyLeg = self._lexical
        try:
            for tracked in self._legs if self._shared_note is None else self._legs[:1]:
                tracked.leg.discard()
            tracked = self._lexical
            self._note.write()
        except PolicyError as error:  # tried again by the next owner
            tracked.problem = error

    def _writes(self, tracked: AnyLeg) -> bool:
        """Whether this process writes the leg. Raises PolicyError where that cannot be found out."""
        if not self._lock.held:
            return False
        return tracked is not self._dense or self._shared_note is None or self._keep(self._shared_note)

    def _keep(self, note: ServerNote) -> bool:
        """Whether this process writes the vectors on the server; takes that over where it is free."""
        if not self._keeper.acquire():
            return False
        term, leg = self._keeper.term, self._dense.leg
        if term != self._term:
            if not note.current():
                leg.discard()
                note.write()
            leg.close()  # it was open for reading, or another process has written meanwhile
            self._term = term
        return True

    def _advance(self, tracked: AnyLeg, at_most: int | None = None) -> None:
        """Brings a leg up to date, by at most so many batches; a leg that cannot be used is built again once. One that another
        process writes is looked at as that has left it.
        """
        with tracked.lock:
            if time.monotonic() < tracked.retry_at:
                return
            writes = False
            try:
                writes = self._writes(tracked)
                if writes:
                    try:
                        self._apply_new(tracked, at_most)
                    except IndexOutdated:
                        tracked.leg.discard()
                        self._apply_new(tracked, at_most)
                else:
                    self._look(tracked)
                tracked.problem = None
            except PolicyError as error:
                tracked.problem = error
                if writes or not isinstance(error, IndexOutdated):  # its writer is about to build it again
                    wait = (
                        0.0 if isinstance(error, RegisterError) else RETRY_SECONDS
                    )  # a model or a server that is down
                    tracked.retry_at = time.monotonic() + wait

    def _look(self, tracked: AnyLeg) -> None:
        """Opens what another process writes, as it is now; again whenever it is behind, because it may have been rebuilt."""
        if tracked is self._lexical:
            words = self._lexical.leg
            if words.folder.is_dir() and words.applied != self._register.last_change():
                words.read()
        elif self._shared_note is not None and self._shared_note.current():
            vectors = self._dense.leg
            try:
                vectors.ready()
                if vectors.index is not None:
                    vectors.index.refresh()
            except IndexOutdated:
                vectors.close()
                raise

    def _apply_new(
        self,
        tracked: AnyLeg,
        at_most: int | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        leg = tracked.leg
        leg.ready()
        applied, last = leg.applied or 0, self._register.last_change()
        if applied > last:
            raise IndexOutdated(
                f"{leg.name}比登记库新（登记库是由备份恢复的），需要重建", "请运行 python -m index rebuild"
            )
        if applied == last:
            return
        done, total = 0, len(self._register.changes(applied)) if on_progress else 0
        for batch in _read_ahead(islice(leg.pending(), at_most)):
            if self._stopping.is_set():
                return
            if tracked is self._dense and self._shared_note and not self._keeper.confirm(self._term):
                raise RegisterBusy("与登记库的连接中断过，向量索引暂停更新", "稍后自动继续")
            leg.apply(batch)
            done += len(batch.added) + len(batch.removed)
            if on_progress:
                on_progress(leg.name, done, total)

    def _status(self, tracked: AnyLeg) -> LegStatus:
        applied, problem = tracked.leg.applied, tracked.problem or tracked.leg.problem
        behind = len(self._register.changes(applied or 0))
        return LegStatus(tracked.leg.name, applied, behind, str(problem or ""), problem.hint if problem else "")


def _read_ahead(pending: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches; the next is read and embedded while the last is being written (by code outside of Python)."""
    with ThreadPoolExecutor(1, "read-ahead") as reader:
        coming = reader.submit(next, pending, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, pending, None)
            yield batch
