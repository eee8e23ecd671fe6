"""How a library is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.follow import LegStatus


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """Where the library is and how complete its indexes are. ``owner``: whether this process keeps the indexes in the
    folder; ``register``: the register's file, or its server and database."""

    folder: Path
    documents: int
    clauses: int
    last_change: int
    owner: bool
    register: str
    embedding: str
    vectors: str
    legs: tuple[LegStatus, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(f"{leg.name}：{leg.problem}" for leg in self.legs if leg.problem)
