"""Between a citation and the file it quotes: made from a span, back to the version that was quoted, and to its page as a picture."""

from __future__ import annotations

from bisect import bisect_right

from index.card import DocumentCard
from index.library import Library
from ingest.document import PolicyDocument, Span
from ingest.errors import PolicyError
from ingest.sandbox import Sandbox
from ingest.validity import Status
from qa.answer import Answer, Citation


class Documents:
    """The current versions of a library's documents by id, read when they are asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getitem__(self, document_id: str) -> PolicyDocument:
        return self._library.document(document_id)


def cite(card: DocumentCard, status: Status, document: PolicyDocument, span: Span, mark: int = 1) -> Citation:
    """The citation of ``span``, resolved from the clause that it stands in. Raises ValueError where no clause holds it whole."""
    at = bisect_right(document.clauses, span.start, key=lambda clause: clause.span.start) - 1
    clause = document.clauses[at] if at >= 0 else None
    if clause is None or not clause.span.contains(span) or span.start == span.end:
        raise ValueError(f"no clause of {document.id} holds {span}")
    return Citation(
        mark=mark,
        document_id=document.id,
        clause_id=clause.id,
        file=card.file,
        title=document.metadata.title,
        document_number=card.document_number,
        path=clause.path,
        page=document.page_at(span.start),
        quote=span.of(document.text),
        span=span,
        level=card.level,
        region=card.region,
        validity=status.state,
        validity_reason=status.reason,
        by_ocr=document.read_by_ocr(span),
    )


def quoted_version(answer: Answer, citation: Citation) -> str | None:
    """sha256 of the version that was quoted; ``None`` (the current one) for a clause that proves nothing."""
    return next((p.sha256 for s in answer.sentences for p in s.proofs if p.mark == citation.mark), None)


def quoted_document(library: Library, answer: Answer, citation: Citation) -> PolicyDocument | None:
    """The quoted version; ``None`` where it was removed since."""
    try:
        return library.document(citation.document_id, quoted_version(answer, citation))
    except PolicyError:
        return None


def page_image(library: Library, sandbox: Sandbox, answer: Answer, citation: Citation) -> bytes | None:
    """The cited page with the quote marked (PNG); ``None`` where the file has no pages, is gone or cannot be drawn."""
    return image_of(library, sandbox, citation, quoted_version(answer, citation))


def image_of(library: Library, sandbox: Sandbox, citation: Citation, sha256: str | None = None) -> bytes | None:
    """As ``page_image``, for the version with ``sha256`` (``None``: the current one)."""
    try:
        stored = library.original(citation.document_id, sha256)
        if stored.media_type != "application/pdf" or citation.page is None:
            return None
        return sandbox.page_image(stored.content, citation.page, citation.quote)
    except PolicyError:
        return None
