"""The citations of a draft while it is made: numbered from 1, each span once."""

from __future__ import annotations

from ingest.document import Span
from qa.answer import Citation, Proof
from qa.evidence import Shelf
from qa.source import cite


class Sources:
    """Marks for spans of files, and the proofs that name them."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._marks: dict[tuple[str, Span], int] = {}
        self._citations: list[Citation] = []

    def mark(self, document_id: str, span: Span) -> int:
        """Number of the citation of ``span``, which lies in one clause."""
        key = document_id, span
        if key not in self._marks:
            shelf, number = self.shelf, len(self._citations) + 1
            found = cite(shelf.card(document_id), shelf.status(document_id), shelf.document(document_id), span, number)
            self._marks[key] = number
            self._citations.append(found)
        return self._marks[key]

    def proof(self, document_id: str, quoted: Span, span: Span, checks: tuple[str, ...]) -> Proof:
        """That the words at ``span`` say it, under the mark of the citation ``quoted`` that holds them."""
        document = self.shelf.document(document_id)
        number = self.mark(document_id, quoted)
        clause = self._citations[number - 1].clause_id
        return Proof(number, document_id, clause, document.sha256, span, span.of(document.text), checks)

    def citation(self, mark: int) -> Citation:
        return self._citations[mark - 1]

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._citations)
