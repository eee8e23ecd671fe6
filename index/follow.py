"""The search indexes follow the register.

Each index (a *leg* of the search) remembers the last change of the register it has applied. The process that owns the
folders brings the legs up to date after each commit, at the start, and about every second while it runs, so that what
another process adds becomes searchable. A leg that is missing, damaged or of an older format is thrown away and built
again from the register; the other leg goes on meanwhile.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from index.folders import OwnerLock
from index.legs import Batch, DenseLeg, Leg, LexicalLeg
from index.register import Register
from ingest.errors import IndexOutdated, PolicyError, RegisterBusy, RegisterError, SettingsError
from ingest.settings import Settings

L = TypeVar("L", bound=Leg)
Progress = Callable[[str, int, int], None]

FORMAT = 3  # to be raised whenever chunk(), the analyzer or what a leg stores changes
POLL_SECONDS = 1.0
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
    """Keeps both legs at the register's last change as long as this process owns the folders; else reads the words only."""

    def __init__(self, register: Register, settings: Settings) -> None:
        self._register = register
        self._marker = settings.data / "indexes.json"
        self._lock = OwnerLock(settings.data / "owner.lock")
        self._stopping = threading.Event()
        self._lexical = _Tracked(LexicalLeg(register, settings))
        self._dense = _Tracked(DenseLeg(register, settings, self._stopping))
        self._legs: tuple[AnyLeg, ...] = (self._lexical, self._dense)
        self._taking = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    @property
    def owner(self) -> bool:
        """Whether this process writes the indexes."""
        return self._lock.held

    @property
    def lexical(self) -> LexicalLeg:
        return self._lexical.leg

    @property
    def dense(self) -> DenseLeg:
        return self._dense.leg

    def start(self) -> None:
        """Takes the folders if they are free and opens the legs. The words are current then; vectors may follow later."""
        if self._own():
            self._advance(self._lexical)
            self._advance(self._dense, at_most=1)
        else:
            self._read_only()
        self._thread.start()

    def catch_up(self) -> None:
        """Returns when both legs are at the register's last change or have a problem. Another owner is left to do it."""
        if self._own():
            for tracked in self._legs:
                self._advance(tracked)

    def rebuild(self, on_progress: Progress | None = None) -> None:
        """Throws both legs away and builds them again. Raises PolicyError when that fails."""
        if not self._own():
            raise RegisterBusy("索引正由另一个程序使用，无法重建", "请先关闭问答页面或另一个正在运行的命令")
        for tracked in self._legs:
            with tracked.lock:
                tracked.leg.discard()
                self._apply_new(tracked, on_progress=on_progress)
                tracked.problem = None

    def status(self) -> tuple[LegStatus, ...]:
        """How far each leg is."""
        return tuple(self._status(tracked) for tracked in self._legs)

    def notices(self) -> Iterator[str]:
        """What the search has to do without, a line each."""
        if not self.owner:
            yield "另一个程序正在使用索引，本次只按文字检索"
        for status in self.status() if self.owner else ():
            if status.problem:
                yield f"{status.name}：{status.problem}{f'。{status.hint}' if status.hint else ''}"
            elif status.behind:
                yield f"{status.name}正在更新，还有 {status.behind} 个文件"

    def close(self) -> None:
        """Stops following and closes the legs in order: a folder that is not closed is suspect to its next owner."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)
        if self._thread.is_alive():  # a call to Chroma hangs
            self._lock.abandon()
            return
        try:
            for tracked in self._legs:
                tracked.leg.close()
        except PolicyError:
            self._lock.abandon()
        else:
            self._lock.release()

    def _run(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            try:
                owner = self._own()
            except PolicyError as error:  # the data folder has become unusable
                self._lexical.problem = error
                continue
            if owner:
                for tracked in self._legs:
                    self._advance(tracked)
            else:
                self._read_only()

    def _own(self) -> bool:
        """Whether this process owns the folders; takes them over when they are free."""
        with self._taking:
            if not self._lock.held and self._lock.acquire():
                self._lexical.leg.close()  # it was open for reading
                self._discard_older_formats()
            return self._lock.held

    def _discard_older_formats(self) -> None:
        ours = {"register": self._register.identity, "format": FORMAT}
        try:
            if json.loads(self._marker.read_text("utf-8")) == ours:
                return
        except (OSError, ValueError):
            pass  # no marker, or garbage: who knows what the folders hold
        for tracked in self._legs:
            try:
                tracked.leg.discard()
            except PolicyError as error:  # a vector server that is down: tried again by the next owner
                tracked.problem = error
                return
        try:
            fresh = self._marker.with_suffix(".new")
            fresh.write_text(json.dumps(ours), "utf-8")
            fresh.replace(self._marker)
        except OSError as error:
            self._lexical.problem = SettingsError(f"数据文件夹无法写入：{error.strerror}", "请检查磁盘空间和文件夹权限")

    def _read_only(self) -> None:
        """Opens the words as the owner left them; again whenever they are behind, because the owner may have rebuilt them."""
        tracked = self._lexical
        try:
            if tracked.leg.folder.is_dir() and tracked.leg.applied != self._register.last_change():
                tracked.leg.read()
            tracked.problem = None
        except PolicyError as error:
            tracked.problem = error

    def _advance(self, tracked: AnyLeg, at_most: int | None = None) -> None:
        """Brings a leg up to date, by at most so many batches; a leg that cannot be used is built again once."""
        with tracked.lock:
            if time.monotonic() < tracked.retry_at:
                return
            try:
                try:
                    self._apply_new(tracked, at_most)
                except IndexOutdated:
                    tracked.leg.discard()
                    self._apply_new(tracked, at_most)
                tracked.problem = None
            except PolicyError as error:
                tracked.problem = error
                if not isinstance(error, RegisterError):  # a model or a server that is down
                    tracked.retry_at = time.monotonic() + RETRY_SECONDS

    def _apply_new(
        self,
        tracked: AnyLeg,
        at_most: int | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        leg = tracked.leg
        leg.ready(suspect=self._lock.left_open)
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
