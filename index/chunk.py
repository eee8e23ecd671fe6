"""Chunks (what is searched) and hits (what is found)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from ingest.document import Clause, PolicyDocument, Span, page_at
from ingest.rows import Row, table_rows

LONGEST_TEXT = 500  # characters; 95 of 100 条 are shorter, and a longer text is about several things
LONGEST_LEAD = 120  # characters of the clause above that are repeated beside each of its items
LONGEST_CONTEXT = 400

# Sentence end, with what closes it. What follows must not belong to it: the unit in charge in brackets, the cap of an
# award (给予一次性奖励…。最高…).
_BREAK = re.compile(r"(?:[。！？!?；;][”’」）)]*|\n)\s*(?!\s|[（(〔]|最高|最多|每家|单个|累计|其中|责任单位|牵头)")
_WEAK_BREAK = re.compile(r"[，,、：:\t]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A searchable piece of one document: a 条, a lowest numbered item, or a part of one that is over 500 characters.

    ``text`` is ``document.text[span]`` without space at either end; ``context`` is title › headings › lead sentence, indexed
    beside the text but never quoted. ``id`` is ``clause_id`` or ``clause_id~n`` for the n-th part.
    """

    id: str
    document_id: str
    clause_id: str
    text: str
    context: str
    span: Span
    page: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found. ``legs`` tells which leg found it at which rank (from 1): ``(("lexical", 1), ("dense", 7))``."""

    chunk: Chunk
    score: float
    rank: int
    legs: tuple[tuple[str, int], ...] = ()


def chunk(document: PolicyDocument) -> tuple[Chunk, ...]:
    """The chunks of ``document``, in its order: every character of body text and tables but space is in exactly one.

    A run of front matter, and of back matter, is one chunk under the id of its first clause. A heading with something
    below it is no chunk of its own: it is in the context of what is below.
    """
    by_id = {clause.id: clause for clause in document.clauses}
    parents = {clause.parent for clause in document.clauses}
    rows = table_rows(document)
    found: list[Chunk] = []
    for margin, run in groupby(document.clauses, key=lambda c: c.kind if c.kind in ("front", "back") else ""):
        clauses = list(run)
        if margin:
            found.extend(
                _parts(document, clauses[0], Span(clauses[0].span.start, clauses[-1].span.end), document.title)
            )
            continue
        for clause in clauses:
            if clause.kind in ("heading", "annex") and clause.id in parents:
                continue
            found.extend(_parts(document, clause, clause.span, _context(document, clause, by_id, rows.get(clause.id))))
    return tuple(found)


def _context(document: PolicyDocument, clause: Clause, by_id: Mapping[str, Clause], row: Row | None) -> str:
    """Title › headings and lead sentences above › title of the group › head of the table › cells that hold for several rows."""
    above: list[str] = []
    parent = by_id.get(clause.parent or "")
    while parent is not None:
        above.append(_lead(parent))
        parent = by_id.get(parent.parent or "")
    if row is not None:
        group = (row.group,) if row.group else ()
        above_it = (row.taken_over(clause), row.head, group)
        printed = [" ".join(c.span.of(document.text) for c in cells) for cells in above_it]
        above[:0] = map(_short, printed)
    parts = [part for part in (document.title, *reversed(above)) if part]
    return " › ".join(dict.fromkeys(parts))[:LONGEST_CONTEXT]


def _lead(clause: Clause) -> str:
    """What a clause says for all that stands below it: ``第五条 符合下列条件之一的，给予奖励：``."""
    text = " ".join(clause.text.split())
    if len(text) <= LONGEST_LEAD:
        return text
    head = f"{clause.marker} {clause.heading}".strip()
    last = re.split(r"(?<=[。；！？])", text.rstrip())[-1] if text.endswith(("：", ":")) else text
    return f"{head} {_short(last)}".strip()


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST_LEAD]


def _parts(document: PolicyDocument, clause: Clause, span: Span, context: str) -> Iterator[Chunk]:
    """The chunks of one clause; the second and later ones carry its heading, because they do not begin with it."""
    pieces = [tight for piece in _split(document.text, span) if (tight := _tight(document.text, piece)) is not None]
    head = f"{clause.marker} {clause.heading}".strip()
    for number, piece in enumerate(pieces, 1):
        repeated = f" › {_short(head)}" if head and number > 1 else ""
        yield Chunk(
            id=f"{clause.id}~{number}" if len(pieces) > 1 else clause.id,
            document_id=document.id,
            clause_id=clause.id,
            text=piece.of(document.text),
            context=context + repeated,
            span=piece,
            page=page_at(document.pages, piece.start) or clause.page,
        )


def _split(text: str, span: Span) -> Iterator[Span]:
    """Cuts ``span`` into the fewest parts of at most ``LONGEST_TEXT`` characters, about equally long, between sentences."""
    start = span.start
    while span.end - start > LONGEST_TEXT:
        parts = -(-(span.end - start) // LONGEST_TEXT)
        wanted = start + (span.end - start) // parts
        cut = _cut(text, start, wanted, min(start + LONGEST_TEXT, span.end))
        yield Span(start, cut)
        start = cut
    yield Span(start, span.end)


def _cut(text: str, start: int, wanted: int, limit: int) -> int:
    """The break nearest to ``wanted`` in the second half of what is allowed; sentence ends first, then commas."""
    for pattern in (_BREAK, _WEAK_BREAK):
        ends = [match.end() for match in pattern.finditer(text, start + LONGEST_TEXT // 4, limit)]
        if ends:
            return min(ends, key=lambda end: (abs(end - wanted), end))
    return limit


def _tight(text: str, span: Span) -> Span | None:
    """``span`` without space at either end; ``None`` where nothing is left."""
    inner = span.of(text)
    left = len(inner) - len(inner.lstrip())
    return Span(span.start + left, span.start + len(inner.rstrip())) if inner.strip() else None
