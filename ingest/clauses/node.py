"""A clause in the making."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.clauses.markers import Marker, Style
from ingest.document import ClauseKind


@dataclass(slots=True)
class Node:
    """Lines ``first_line:stop_line``. ``parent`` is an index in the list of nodes. ``title_like``: its line may be a
    heading; ``items``: numbered children; ``rich``: one of these has a run-in heading or further paragraphs; ``rank``:
    see ``Marker.rank``, 0 for what nothing can stand below.
    """

    first_line: int
    stop_line: int
    kind: ClauseKind
    path: str = ""
    marker: Marker | None = None
    heading: tuple[int, int] | None = None
    parent: int | None = None
    restored: bool = False
    title_like: bool = False
    run_in: bool = False
    children: int = 0
    paragraphs: int = 0
    items: int = 0
    rich: bool = False
    tables: int = 0
    rank: int = 0
    article_paragraphs: int = 0
    style: Style | None = None

    @property
    def is_plain(self) -> bool:
        """A paragraph that has neither number nor place among the 款 of an article."""
        return self.marker is None and self.kind == "body" and self.rank == 0
