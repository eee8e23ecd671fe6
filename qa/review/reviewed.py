"""The document under review: its sentences, its measures, and the library it is compared with."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from functools import cached_property

from index.card import Entry
from index.library import Library
from index.lineage import Lineage, Link
from ingest.document import Clause, PolicyDocument, Span
from ingest.measures import find_measures
from ingest.measures.fair_competition import sentences
from ingest.measures.model import Measure
from ingest.normalize import fold
from qa.answer import Citation
from qa.evidence import Shelf
from qa.proof.tokens import tokenize
from qa.source import cite

LONGEST_CLAUSE = 6_000  # characters


class Reviewed:
    """``entry`` and ``lineage``: as if the library held the document, which it need not. ``flat``: its folded text."""

    entry: Entry
    lineage: Lineage

    def __init__(self, library: Library, document: PolicyDocument, as_of: date) -> None:
        self.library, self.document, self.as_of = library, document, as_of
        self.shelf = Shelf(library, as_of)
        self.entry, self.lineage = library.lineage_with(document)
        self.flat = fold(document.text)
        self._sentences = tuple(sentences(self.flat))
        self._keys: dict[str, dict[str, frozenset[str]]] = {}
        self._starts = [span.start for span in self._sentences]

    def sentence(self, span: Span) -> Span:
        """The sentence that ``span`` begins in."""
        at = bisect_right(self._starts, span.start) - 1
        if at < 0:
            return span
        found = self._sentences[at]
        return found if found.end > span.start else span

    def sentences_in(self, clause: Clause) -> tuple[Span, ...]:
        """Those that begin in the clause."""
        first, last = (bisect_right(self._starts, at - 1) for at in (clause.span.start, clause.span.end))
        return self._sentences[first:last]

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """支持措施 of the document; what is granted in an overlong clause is not read."""
        overlong = {clause.id for clause in self.overlong}
        clauses = tuple(clause for clause in self.document.clauses if clause.id not in overlong)
        return find_measures(replace(self.document, clauses=clauses) if overlong else self.document)

    @cached_property
    def overlong(self) -> tuple[Clause, ...]:
        """Clauses that no drafter writes; to read thousands of grants in one takes the square of its length."""
        above = {clause.parent for clause in self.document.clauses}
        return tuple(c for c in self.document.clauses if len(c.text) > LONGEST_CLAUSE and c.id not in above)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Files that the document names, each with the held document that it means, if any."""
        return self.lineage.links(self.document, self.document.id)

    def keys(self, document_id: str) -> dict[str, frozenset[str]]:
        """What each clause of a held document says, by clause id: its words and figures as the proof gate compares them."""
        if document_id not in self._keys:
            clauses = self.shelf.document(document_id).clauses
            self._keys[document_id] = {clause.id: frozenset(tokenize(clause.text).keys) for clause in clauses}
        return self._keys[document_id]

    def cite(self, document_id: str, span: Span) -> Citation:
        """The source of a finding, with the validity of its file."""
        shelf = self.shelf
        return cite(shelf.card(document_id), shelf.status(document_id), shelf.document(document_id), span)

    def cite_clause(self, document_id: str, clause: Clause) -> Citation:
        """The words of a clause as a source, without the line end."""
        end = clause.span.start + len(clause.text.rstrip())
        return self.cite(document_id, Span(clause.span.start, max(end, clause.span.start + 1)))
