"""How fast the measures of a large library are kept, read and corrected.

::

    python -m tests.benchmarks.measures_scale                   20,000 measures
    python -m tests.benchmarks.measures_scale --measures 5000   as many as you say
    python -m tests.benchmarks.measures_scale --data FOLDER     keep the register there; the next call reads it at once

The files are made by ``varied_text``; their measures are found by the rules and kept as those of any other file. No search index
is built: another owner of the folder is pretended, so that nothing else computes while the times are taken.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import track

from index.folders import OwnerLock
from index.library import Library
from index.query import Filters
from index.register import Register
from ingest.document import PolicyDocument
from ingest.measures import find_measures
from ingest.settings import Settings
from tests.benchmarks import varied_text

AS_OF = date(2025, 6, 1)
TIMES = 20
console = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.measures_scale")
    parser.add_argument("--measures", type=int, default=20_000, metavar="条数")
    parser.add_argument("--data", type=Path, metavar="文件夹", help="登记库留在这里，下次直接使用")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        lock = OwnerLock(folder / "owner.lock")
        if not lock.acquire():
            print("该文件夹正由另一个程序使用", file=sys.stderr)
            return 2
        print(fill(folder, options.measures))
        for line in measure(Settings(data=folder)):
            print(line)
        lock.release()
    return 0


def fill(folder: Path, wanted: int) -> str:
    """Takes in made files until there are so many measures; goes on where an earlier call was stopped."""
    register = Register.open(folder / "register.sqlite")
    with Library.open(Settings(data=folder)) as library:
        done = len(library.measures(as_of=AS_OF))
    took = {"find": 0.0, "keep": 0.0}
    characters = 0
    if done < wanted:
        print(f"生成约 {wanted - done:,} 条措施，约需 {(wanted - done) / 100 / 60:.0f} 分钟", file=sys.stderr)
    made: Iterator[PolicyDocument] = islice(varied_text.documents(), len(register.entries()), None)
    for document in track(made, "措施", console=console, transient=True, disable=not console.is_terminal):
        if done >= wanted:
            break
        began = time.perf_counter()
        measures = find_measures(document)
        found = time.perf_counter()
        register.add(document, document.text.encode(), "text/plain", measures)
        took["keep"] += time.perf_counter() - found
        took["find"] += found - began
        characters += len(document.text)
        done += len(measures)
    files, size = len(register.entries()), (folder / "register.sqlite").stat().st_size / 1e6
    register.close()
    pace = f"; found in {took['find'] / characters * 1e6:.1f} s a million characters" if characters else ""
    return f"{done:,} measures in {files:,} files: register {size:.0f} MB{pace}\n"


def measure(settings: Settings) -> Iterator[str]:
    """What is asked for in a session of the page, in Markdown."""
    yield "| | ms | CPU ms |"
    yield "|---|---|---|"
    with Library.open(settings) as library:
        region = next(card.region for card in library.documents() if card.region)
        yield _line("first: those of one place", _once(lambda: library.measures(Filters(regions=(region,)), AS_OF)))
        yield _line("first: all", _once(lambda: library.measures(as_of=AS_OF)))
        records = library.measures(as_of=AS_OF)
        yield _line("all", _median(lambda: library.measures(as_of=AS_OF)))
        yield _line("those of one level", _median(lambda: library.measures(Filters(levels=("district",)), AS_OF)))
        yield _line("those in force", _median(lambda: library.measures(Filters(validity=("有效",)), AS_OF)))
        one = records[len(records) // 2]
        yield _line("one by its id", _median(lambda: library.measure(one.measure.id, AS_OF)))
        days = iter(AS_OF + timedelta(days) for days in range(1, 99))
        yield _line("all, on another day", _median(lambda: library.measures(as_of=next(days))))
        yield _line("a correction", _once(lambda: library.correct(one.measure.id, "logic", "or", "甲", "乙")))
        yield _line("all, after a correction", _once(lambda: library.measures(as_of=AS_OF)))
        if one.measure.logic != "or":
            library.correct(one.measure.id, "logic", one.measure.logic, "甲", "复原")


def _line(what: str, seconds: tuple[float, float]) -> str:
    return f"| {what} | {seconds[0] * 1000:.1f} | {seconds[1] * 1000:.1f} |"


def _once(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of computing in this process: on a machine that has other work they differ."""
    began, computed = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - began, time.process_time() - computed


def _median(call: Callable[[], object]) -> tuple[float, float]:
    times = [_once(call) for _ in range(TIMES)]
    return statistics.median(clock for clock, _ in times), statistics.median(computed for _, computed in times)


if __name__ == "__main__":
    sys.exit(main())
