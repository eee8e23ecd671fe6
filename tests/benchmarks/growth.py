"""How cost grows with a library: 10,000, 100,000 and 1,000,000 clauses, one library that is filled further each time.

::

    python -m tests.benchmarks.growth                        10,000 and 100,000 clauses
    python -m tests.benchmarks.growth --clauses 1000000      as many as you say, in rising order
    python -m tests.benchmarks.growth --data FOLDER          keep the library there; the next call goes on from it
    python -m tests.benchmarks.growth --data FOLDER --write  … and write the table in README.md and the picture beside it

The made files of ``varied_text`` lie in a folder and are taken in as a user takes them in (``Library.add``): read and parsed
in child processes, measures found, register written, both indexes brought up to date. The clock stands while text is made.
A clause is what can be found: a chunk. Filling and searching are processes of their own. Peak memory is that of all
processes of the library at one moment (PSS, looked at once a second). Cold start: from the end of the imports to the
first hit of a search with both legs; the files may be in the memory of the system. Linux.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.library import Library
from index.query import Filters, understand
from ingest.settings import Settings
from tests.benchmarks import made_library, readme, scale
from tests.benchmarks.made_library import STORES, clauses_of
from tests.forked import family

LOOK_SECONDS = 1.0
PICTURE = Path(__file__).with_name("growth.svg")
NARROWED = ("不筛选", "级别：区县", "选定 1% 的文件")  # of scale.narrowings: all, half, a hundredth of the files


@dataclass(frozen=True, slots=True)
class Point:
    """What a library of so many ``clauses`` costs. ``rate``: clauses/s from the last size to this one, 0 where it was filled.

    Megabytes on disk by store, and of memory at the most while filling (0 where it was filled) and while searching; seconds
    of the cold start; milliseconds, median and 95th percentile, by filter.
    """

    clauses: int
    files: int
    rate: float
    disk: dict[str, float]
    filling_memory: float
    searching_memory: float
    cold: float
    times: dict[str, tuple[float, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth")
    parser.add_argument("--clauses", nargs="+", type=int, default=[10_000, 100_000], metavar="条数")
    parser.add_argument("--data", type=Path, metavar="文件夹", help="库留在这里，下次接着用")
    parser.add_argument("--write", action="store_true", help="结果写入 tests/benchmarks/README.md，图写入 growth.svg")
    parser.add_argument("--part", choices=tuple(_PARTS), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.part:
        print(json.dumps(_PARTS[options.part](options.data, options.clauses[0])))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary)
        points = []
        for clauses in sorted(options.clauses):
            points.append(measure(folder, clauses))
            print(points[-1], flush=True)
    print("\n".join(table(points)))
    if options.write:
        readme.put("growth", "\n".join(table(points)))
        draw(points, PICTURE)
    return 0


def measure(folder: Path, clauses: int) -> Point:
    """Fills the library in ``folder`` up to so many clauses, and searches it."""
    (added, seconds), filling_memory = _apart("fill", folder, clauses)
    found, searching_memory = _apart("search", folder, clauses)
    return Point(
        clauses=found["clauses"],
        files=found["files"],
        rate=added / seconds if added else 0.0,
        disk=made_library.disk(folder),
        filling_memory=filling_memory if added else 0.0,
        searching_memory=searching_memory,
        cold=found["cold"],
        times={name: (p50, p95) for name, (p50, p95) in found["times"].items()},
    )


def search(folder: Path) -> dict[str, object]:
    """The cold start, and how long searches take with and without filters."""
    asked = scale._questions(200)
    began = time.perf_counter()
    with Library.open(Settings(data=folder)) as library:
        library.search(understand(asked[0], Filters(), scale.AS_OF))
        cold = time.perf_counter() - began
        library.catch_up()
        narrowings = dict(scale.narrowings(library.documents()))
        # The first search with a filter begins to read the vectors into memory.
        library.search(understand(asked[0], narrowings[NARROWED[1]], scale.AS_OF))
        library._follower.dense.index._reader.join()
        times = {}
        for name in NARROWED:
            took = scale.latency(library, asked, narrowings[name])
            times[name] = (took.p50, took.p95)
        return {"clauses": clauses_of(library), "files": len(library.documents()), "cold": cold, "times": times}


_PARTS: dict[str, Callable[[Path, int], object]] = {
    "fill": made_library.fill,
    "search": lambda folder, _: search(folder),
}


def table(points: Sequence[Point]) -> Iterator[str]:
    """In Markdown, a size a row."""
    yield (
        "| clauses | files | clauses/s added | disk MB ("
        + ", ".join(STORES.values())
        + ") | peak MB adding | searching "
        "| cold start s | " + " | ".join(f"{name} p50 / p95 ms" for name in NARROWED) + " |"
    )
    yield "|---" * (7 + len(NARROWED)) + "|"
    for point in points:
        disk = f"{sum(point.disk.values()):,.0f} ({', '.join(f'{size:,.0f}' for size in point.disk.values())})"
        rate, peak = (f"{value:,.0f}" if value else "–" for value in (point.rate, point.filling_memory))
        times = " | ".join("{:.1f} / {:.1f}".format(*point.times[name]) for name in NARROWED)
        yield (
            f"| {point.clauses:,} | {point.files:,} | {rate} | {disk} | {peak} | {point.searching_memory:,.0f} "
            f"| {point.cold:.2f} | {times} |"
        )


def draw(points: Sequence[Point], place: Path) -> None:
    """Rate, disk and memory, cold start, and times of search against size, as SVG."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot

    sizes = [point.clauses for point in points]
    figure, axes = pyplot.subplots(1, 4, figsize=(15, 3.6), layout="constrained")
    lines: tuple[tuple[str, dict[str, Callable[[Point], float]]], ...] = (
        ("clauses/s added", {"with both indexes": lambda p: p.rate}),
        ("MB", {"disk": lambda p: sum(p.disk.values()), "memory, searching": lambda p: p.searching_memory}),
        ("cold start, s", {"to the first hit": lambda p: p.cold}),
        (
            "search p95, ms",
            {
                f"files passing: {share}": (lambda p, name=name: p.times[name][1])
                for name, share in zip(NARROWED, ("all", "half", "1 %"), strict=True)
            },
        ),
    )
    for axis, (unit, curves) in zip(axes, lines, strict=True):
        for label, value in curves.items():
            axis.plot(sizes, [value(point) or None for point in points], marker="o", label=label)
        values = [value(point) for value in curves.values() for point in points if value(point)]
        if values and max(values) > 10 * min(values):
            axis.set_yscale("log")
        else:
            axis.set_ylim(bottom=0)
        axis.set(xscale="log", xlabel="clauses", title=unit)
        axis.grid(alpha=0.3, which="both")
        axis.legend(fontsize=8)
    figure.savefig(place, metadata={"Date": None})


def _apart(part: str, folder: Path, clauses: int) -> tuple[Any, float]:
    """What ``part`` returns in a process of its own, and the most memory of it and its children, in MB."""
    command = [sys.executable, "-m", "tests.benchmarks.growth", "--part", part, "--data", str(folder)]
    with subprocess.Popen([*command, "--clauses", str(clauses)], stdout=subprocess.PIPE, text=True) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(map(_memory, family(process.pid))))
            time.sleep(LOOK_SECONDS)
        assert process.stdout
        said = process.stdout.read()
    if process.returncode:
        raise SystemExit(process.returncode)
    return json.loads(said), peak


def _memory(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
