"""A knowledge base as the benchmarks of load and of kills see it; Wenhao as one. Its peer is ``plain_llama_index``."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from index.library import Library
from index.query import Query, understand
from ingest.settings import Settings

HITS = Query("").limit
Told = Callable[[str], None]


class System(Protocol):
    """A knowledge base in a folder. Files go by their names."""

    def prepare(self) -> None:
        """Returns when all that was added is in every index; to be called before anything is timed."""

    def add(self, folder: Path, told: Told) -> None:
        """Takes in the files of ``folder``; ``told(name)`` when a file is in for good. They can be found when this returns."""

    def remove(self, name: str) -> None: ...

    def search(self, question: str) -> tuple[list[str], bool]:
        """Names of the files of the best hits, best first; and whether vectors had a part in it."""

    def held(self) -> Counter[str]:
        """How often each file is held; twice: its pieces are there twice."""

    def pieces(self) -> int:
        """What a search can return."""

    def close(self) -> None: ...


class Wenhao:
    """The library as the page opens it."""

    def __init__(self, folder: Path) -> None:
        self._library = Library.open(Settings(data=folder))

    def prepare(self) -> None:
        self._library.catch_up()
        self._library.preload()

    def add(self, folder: Path, told: Told) -> None:
        self._library.add([folder], lambda report, _done, _total: told(Path(report.path).name))

    def remove(self, name: str) -> None:
        self._library.remove(next(card.id for card in self._library.documents() if card.file == name))

    def search(self, question: str) -> tuple[list[str], bool]:
        hits = self._library.search(understand(question))
        cards = self._library.catalogue().cards
        named = [cards[hit.chunk.document_id].file for hit in hits if hit.chunk.document_id in cards]
        return list(dict.fromkeys(named)), any(leg == "dense" for hit in hits for leg, _ in hit.legs)

    def held(self) -> Counter[str]:
        return Counter(card.file for card in self._library.documents())

    def pieces(self) -> int:
        index = self._library._follower.lexical.index
        return index._clauses.count() if index else 0

    def close(self) -> None:
        self._library.close()


def await_graph(folder: Path, seconds: float) -> None:
    """Returns when a file in which the library's Chroma keeps its graph begins to change, or the time is over."""
    latest, before = time.monotonic() + seconds, _graph(folder)
    while time.monotonic() < latest and _graph(folder) == before:
        time.sleep(0.0005)


def _graph(folder: Path) -> list[tuple[int, int]]:
    with suppress(OSError):
        return [(s.st_mtime_ns, s.st_size) for s in (p.stat() for p in folder.glob("chroma/*/data_level0.bin"))]
    return []
