"""Twenty readers while one writer adds and removes files: how long searches take, and how late they know of a file.

::

    python -m tests.benchmarks.mixed                             5 minutes at 100,000 clauses
    python -m tests.benchmarks.mixed --data FOLDER               the library of ``growth --data``, of which a copy is used
    python -m tests.benchmarks.mixed --minutes 1 --clauses 10000

A reader thinks for one to three seconds, then asks. The writer adds folders of made files one after the other without a pause
and removes a file of each third one. All are threads of one process, as in the page. First everybody reads for half a
minute without a writer, for comparison. One in ten acknowledged files is looked for by one of its lines until a search
finds it: the seconds from the acknowledgement on are how old an answer can be. A removed file may not be found by any
search that begins after the removal.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.benchmarks import scale, varied_text
from tests.benchmarks.made_library import fill, write
from tests.benchmarks.systems import System, Wenhao

READERS = 20
THINKING = (1.0, 3.0)  # seconds
FOLDER = 20  # files added at once
REMOVING = 3  # folders from one removal to the next
WATCHED = 10  # one acknowledged file in so many is looked for
ASKED_CHARACTERS = 60
PATIENCE = 30.0  # seconds after which a file counts as not found
ADDED_SEED, FIRST = 1, 500_000  # serial numbers that no library of made files comes to
IDLE_SECONDS = 30.0


@dataclass(slots=True)
class Load:
    """What was measured. Times in ms (``searches``) and s (``found_after``); ``missing``: files not found in time."""

    idle: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)
    with_vectors: int = 0
    added: int = 0
    removed: int = 0
    seconds: float = 0.0
    found_after: list[float] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Mixed:
    """One run against one system."""

    def __init__(self, system: System, files: Path) -> None:
        self.load = Load()
        self._system = system
        self._files = files
        self._asked = scale._questions(200)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._gone: dict[str, float] = {}
        self._waiting: dict[str, float] = {}

    def run(self, seconds: float) -> Load:
        """Reads alone for half a minute, then reads while a writer writes for so many seconds."""
        self._during(IDLE_SECONDS, self._readers())
        self.load.idle, self.load.searches, self.load.with_vectors = self.load.searches, [], 0
        self.load.seconds = self._during(seconds, [*self._readers(), self._write, self._watch])
        return self.load

    def _during(self, seconds: float, work: Sequence[Callable[[], None]]) -> float:
        """Does all the work side by side until the time is over; the seconds until the last of it has ended."""
        self._stop.clear()
        threads = [threading.Thread(target=self._guarded, args=(each,)) for each in work]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self._stop.set()
        for thread in threads:
            thread.join()
        return time.perf_counter() - began

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # what ends a reader is a result of the benchmark
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self.load.errors.append(f"{type(error).__name__}: {error}"[:200])

    def _readers(self) -> list[Callable[[], None]]:
        return [lambda number=number: self._read(Random(number)) for number in range(READERS)]

    def _read(self, chance: Random) -> None:
        while not self._stop.wait(chance.uniform(*THINKING)):
            question, began = chance.choice(self._asked), time.perf_counter()
            try:
                names, vectors = self._system.search(question)
            except Exception as error:  # a search that fails is counted, and the reader asks on
                self._failed(error)
                continue
            with self._lock:
                self.load.searches.append(1000 * (time.perf_counter() - began))
                self.load.with_vectors += vectors
                self._look_for_removed(names, began)

    def _look_for_removed(self, names: Sequence[str], began: float) -> None:
        self.load.stale += [name for name in names if self._gone.get(name, began) < began]

    def _write(self) -> None:
        number = 0
        while not self._stop.is_set():
            place = self._files / str(number)
            place.mkdir()
            first = FIRST + number * FOLDER
            write(range(first, first + FOLDER), place, ADDED_SEED)
            self._system.add(place, self._told)
            number += 1
            if number % REMOVING == 0:
                name = f"{first:06}.txt"
                self._system.remove(name)
                self._gone[name] = time.perf_counter()
                self.load.removed += 1

    def _told(self, name: str) -> None:
        with self._lock:
            self.load.added += 1
            if self.load.added % WATCHED == 5:  # never one that is removed
                self._waiting[name] = time.perf_counter()

    def _watch(self) -> None:
        while not self._stop.wait(0.5) or self._waiting:
            with self._lock:
                waiting = dict(self._waiting)
            for name, since in waiting.items():
                names, _ = self._system.search(_line(name))
                after = time.perf_counter() - since
                if name in names:
                    self.load.found_after.append(after)
                elif after > PATIENCE:
                    self.load.missing.append(name)
                else:
                    continue
                with self._lock:
                    del self._waiting[name]


def _line(name: str) -> str:
    lines = varied_text.text(ADDED_SEED, int(name[:6])).splitlines()
    return max(lines[3:], key=len)[10 : 10 + ASKED_CHARACTERS]


def table(loads: dict[str, Load]) -> Iterator[str]:
    """In Markdown, a system a row."""
    yield (
        "| | searches | alone p50 / p95 ms | while adding p50 / p95 / p99 / max ms | with vectors | files added (a second) "
        "| found after s, p50 / p95 / max | not found | removed, and shown again | errors |"
    )
    yield "|---" * 10 + "|"
    for name, load in loads.items():
        alone, adding, found = (sorted(times) or [0.0] for times in (load.idle, load.searches, load.found_after))
        share = load.with_vectors / max(1, len(load.searches))
        yield (
            f"| {name} | {len(load.searches):,} | {_at(alone, 50):.0f} / {_at(alone, 95):.0f} "
            f"| {_at(adding, 50):.0f} / {_at(adding, 95):.0f} / {_at(adding, 99):.0f} / {adding[-1]:.0f} | {share:.1%} "
            f"| {load.added:,} ({load.added / load.seconds:.1f}) | {_at(found, 50):.1f} / {_at(found, 95):.1f} / {found[-1]:.1f} "
            f"| {len(load.missing)} of {len(load.missing) + len(load.found_after)} | {load.removed}, {len(load.stale)} | {len(load.errors)} |"
        )


def _at(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def measure(opened: Callable[[Path], System], filled: Path, minutes: float) -> Load:
    """One run on a copy of the filled folder."""
    with tempfile.TemporaryDirectory(dir=filled.parent) as place:
        copy, files = Path(place, "data"), Path(place, "files")
        shutil.copytree(filled, copy)
        files.mkdir()
        system = opened(copy)
        try:
            system.prepare()
            system.search("预热")
            return Mixed(system, files).run(60 * minutes)
        finally:
            system.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mixed")
    parser.add_argument("--clauses", type=int, default=100_000, metavar="条数")
    parser.add_argument("--data", type=Path, metavar="文件夹", help="已建好的库；在副本上测")
    parser.add_argument("--minutes", type=float, default=5.0, metavar="分钟")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary, "filled")
        fill(folder, options.clauses)
        load = measure(Wenhao, folder, options.minutes)
    print("\n".join(table({"Wenhao": load})))
    for problem in (*load.errors[:10], *load.missing[:10], *load.stale[:10]):
        print(problem)
    return int(bool(load.errors or load.missing or load.stale))


if __name__ == "__main__":
    sys.exit(main())
