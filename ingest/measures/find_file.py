"""A file while its measures are looked for: its text folded once, what stands above each clause, and its items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import Clause, PolicyDocument, Span
from ingest.measures.find_clauses import lead_of
from ingest.normalize import fold

_SPACE = " \t\n\u3000　、."


class File:
    """``flat``: the folded text. ``clauses``: numbered items below a paragraph that ends with a colon are its items."""

    def __init__(self, document: PolicyDocument) -> None:
        self.document = document
        self.text = document.text
        self.flat = fold(document.text)
        self._leads: dict[str, Span | None] = {}
        self.clauses = tuple(self._outlined())
        self.by_id = {clause.id: clause for clause in self.clauses}
        self.items: dict[str, list[Clause]] = {}
        for clause in self.clauses:
            self.items.setdefault(clause.parent or "", []).append(clause)

    def _outlined(self) -> Iterator[Clause]:
        heads: dict[str | None, str | None] = {}
        for clause in self.document.clauses:
            if clause.kind == "body" and not clause.marker:
                heads[clause.parent] = clause.id if lead_of(self.flat, clause.span) else None
                yield clause
            elif clause.kind == "body" and (head := heads.get(clause.parent)):
                yield replace(clause, parent=head)
            else:
                yield clause

    def body(self, clause: Clause) -> Span:
        """Its words without the marker in front."""
        start, end = clause.span.start, clause.span.end
        if clause.marker and not clause.restored and self.text.startswith(clause.marker, start):
            start += len(clause.marker)
        while start < end and self.text[start] in _SPACE:
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return Span(start, end)

    def lead(self, clause: Clause) -> Span | None:
        """Its last sentence where that holds for the items below."""
        if clause.id not in self._leads:
            self._leads[clause.id] = lead_of(self.flat, self.body(clause))
        return self._leads[clause.id]

    def leads(self, clause: Clause) -> tuple[Span, ...]:
        """From the top: the sentences of the clauses above that hold for their items."""
        above = [lead for parent in self.above(clause) if (lead := self.lead(parent)) is not None]
        return tuple(reversed(above))

    def above(self, clause: Clause) -> Iterator[Clause]:
        """Its parent, the parent of that, and so on."""
        parent = self.by_id.get(clause.parent or "")
        while parent is not None:
            yield parent
            parent = self.by_id.get(parent.parent or "")

    def flat_of(self, spans: Sequence[Span]) -> str:
        return "".join(self.flat[span.start : span.end] for span in spans)
