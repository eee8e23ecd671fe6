"""A library of made files (``varied_text``), filled as a user fills it, for the benchmarks at scale."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from index.library import Library
from ingest.settings import Settings
from tests.benchmarks import varied_text

PER_FILE = 48  # clauses, about
PART = 1000  # files in the folder that is taken in at once
STORES = {"register.sqlite": "register", "lexical": "tantivy", "chroma": "Chroma"}


def fill(folder: Path, clauses: int) -> tuple[int, float]:
    """Takes in made files until the library has so many clauses; goes on where an earlier call was stopped.

    Returns the clauses added and the seconds that adding took, without those in which the text was made. A clause is what can
    be found: a chunk.
    """
    with Library.open(Settings(data=folder)) as library:
        library.catch_up()
        done = start = clauses_of(library)
        serial, seconds = len(library.documents()), 0.0
        while done < clauses:
            files = min(PART, (clauses - done) // PER_FILE + 1)
            with tempfile.TemporaryDirectory() as place:
                write(range(serial, serial + files), Path(place))
                began = time.perf_counter()
                library.add([place])
                seconds += time.perf_counter() - began
            serial, done = serial + files, clauses_of(library)
            print(f"{done:,}/{clauses:,} 条，{(done - start) / seconds:,.0f} 条/秒", file=sys.stderr, flush=True)
    return done - start, seconds


def write(serials: Iterable[int], place: Path, seed: int = 0) -> None:
    """The made files with these serial numbers, as text files."""
    for serial in serials:
        (place / f"{serial:06}.txt").write_text(varied_text.text(seed, serial), "utf-8")


def clauses_of(library: Library) -> int:
    """Clauses that can be found."""
    index = library._follower.lexical.index
    return index._clauses.count() if index else 0


def disk(folder: Path) -> dict[str, float]:
    """Megabytes of each store of the library in ``folder``."""
    return {label: _megabytes(folder / name) for name, label in STORES.items()}


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
