"""What the dense index asks of the store that keeps its vectors, and what is the same in every store."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EmbedderMismatch

T = TypeVar("T")
Place = Path | str  # a folder, or an address
Page = tuple[Sequence[str], Sequence[int], NDArray[np.float32]]  # chunk ids, marks of their documents, vectors

BATCH = 500  # larger writes make queries that run beside them wait for seconds
BESIDE_SEARCHES = 50  # while people search: Chroma lets nothing else of the process run for 35 ms, of 500 for 290
PAGE, MOST_PAGE, PAGES, PAGE_SECONDS = 2000, 20_000, 50, 30.0
REST = 3.0  # times as long as it worked rests, while people search, what makes and writes vectors: words find a new file before
SEARCH_SECONDS = 1.5  # an answer never waits longer for the dense leg
WRITE_SECONDS = 120.0
OPEN_SECONDS = 30.0
MILVUS = "milvus://"


class Store(Protocol):
    """One collection of one store: chunk ids, their vectors, and the mark (an integer) of each chunk's document.

    Methods raise StoreUnreachable when the store does not answer in time, and IndexOutdated when what it holds cannot be
    used any more.
    """

    def applied(self) -> int:
        """Id of the last change of the register that is in the store, as this process knows it."""

    def look(self) -> int:
        """The same, asked of the store: another process may have written to it."""

    def set_applied(self, change: int) -> None:
        """Called after everything that ``change`` brings in is written."""

    def count(self) -> int: ...

    def add(self, ids: Sequence[str], marks: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Takes in at most ``BATCH`` chunks."""

    def forget(self, marks: Sequence[int]) -> None:
        """Deletes all chunks of at most ``BATCH`` documents."""

    def nearest(self, vector: Sequence[float], limit: int, marks: Sequence[int] | None) -> list[tuple[str, float]]:
        """Ids of the nearest chunks and their cosine, best first; only of these documents, where given."""

    def nearest_marked(self, vector: Sequence[float], limit: int) -> list[tuple[tuple[str, float], int]]:
        """The same among all, each with the mark of its document."""

    def some(self, limit: int) -> NDArray[np.float32]:
        """A few vectors, old ones where the store can tell."""

    def pages(self) -> Iterator[Page]:
        """All there is."""

    def close(self) -> None: ...


def local(place: Place) -> Path | None:
    """The folder of a store that runs inside this program; ``None`` for a server."""
    if isinstance(place, Path):
        return place
    return Path(place.removeprefix(MILVUS)) if place.startswith(f"{MILVUS}/") else None


def prefix(register: str) -> str:
    """How the names of all collections of a register begin."""
    return f"wenhao-{register[:12]}-"


def collection_name(register: str, model: str, dimension: int) -> str:
    """Stores take ASCII names only: the digest tells apart models whose names differ in other characters."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", model)[-40:].strip("-")
    digest = hashlib.sha256(model.encode()).hexdigest()[:8]
    return f"{prefix(register)}{readable}-{digest}-{dimension}"


def mismatch(other: object, model: str) -> EmbedderMismatch:
    """The vectors were made by the model ``other``."""
    return EmbedderMismatch(
        f"向量索引是用另一个模型（{other}）建立的，现在设置的是 {model}",
        "请改回原来的 POLICY_EMBEDDING，或运行 python -m index rebuild 重建向量索引",
    )


def in_pages(vectors: int, page: Callable[[int, int], Page]) -> Iterator[Page]:
    """``page(offset, size)`` of a store that goes through all before a page each time: few, but each soon done, since searches wait."""
    size = max(PAGE, min(MOST_PAGE, vectors // PAGES))
    return (page(offset, size) for offset in range(0, vectors, size))


def parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """``items`` in batches."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
