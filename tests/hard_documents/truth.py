"""What a hard document says: its printed parts in order, and the facts that a reader must get out of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal[
    "copy_number", "urgency", "mark", "number", "signer", "title", "subtitle", "addressees", "body", "table", "annexes", "signature",
    "date", "note", "annex", "attached", "copies", "printed",
]  # fmt: skip

# Levels of numbers: the depth of automatic numbering.
CHINESE, BRACKETED, DIGIT, DIGIT_BRACKETED, CIRCLED, CHAPTER, SECTION, ARTICLE = range(1, 9)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a table row; ``carried`` are columns whose cell is merged with the one above (its text is given again)."""

    cells: tuple[str, ...]
    carried: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table. ``lines``: how a title or a list is printed; ``path`` and ``marker``: of a clause.

    ``level``: which kind of number (0: none). ``names``: bodies that sign side by side.
    """

    role: Role
    text: str = ""
    marker: str = ""
    path: str | None = None
    level: int = 0
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    prefix: str = ""

    @property
    def printed(self) -> str:
        """The paragraph with its number, as typed by hand."""
        gap = "\u3000" if self.level in (CHAPTER, SECTION, ARTICLE) else ""
        return f"{self.marker}{gap}{self.text}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A file that the text names. ``number`` as canonical form, or as printed where it is masked."""

    title: str | None
    number: str | None
    relation: str | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A composed file. ``secret`` is a sentence that must never be read as content: hidden or deleted in print."""

    seed: int
    form: str
    blocks: tuple[Block, ...]
    title: str
    number: str | None
    issuers: tuple[str, ...]
    issued_on: date | None
    secret: str
    addressees: str | None = None
    printed_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    citations: tuple[Citation, ...] = ()

    def clauses(self) -> Iterator[Block]:
        """Body paragraphs, annex heads and the titles of attached policies: what must come back as clauses."""
        return (block for block in self.blocks if block.path is not None and block.role != "table")

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Label of the part and row, for all tables."""
        return ((block.prefix, row) for block in self.blocks if block.role == "table" for row in block.rows)
