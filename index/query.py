"""A question as the index understands it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user narrowed the search to; empty tuples and ``None`` do not narrow. ``years``: of 成文日期 or the file number.

    ``validity``: accepted states in Chinese (see ``ingest.validity``). ``document_ids``: search only in these files.
    """

    levels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    validity: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """``numbers``: canonical file numbers named in the text; ``titles``: titles quoted in 《》; ``articles``: 第X条 named.

    ``expansions``: official words for the user's words, with their weight. ``as_of``: the day for which validity counts.
    """

    text: str
    filters: Filters = Filters()
    numbers: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    expansions: tuple[tuple[str, float], ...] = ()
    as_of: date | None = None
    limit: int = 20
