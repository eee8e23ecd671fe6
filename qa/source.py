"""From a citation back to the file it quotes: the version that was quoted, and the page of a PDF as a picture."""

from __future__ import annotations

from index.library import Library
from ingest.document import PolicyDocument
from ingest.errors import PolicyError
from ingest.sandbox import Sandbox
from qa.answer import Answer, Citation


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
    try:
        stored = library.original(citation.document_id, quoted_version(answer, citation))
        if stored.media_type != "application/pdf" or citation.page is None:
            return None
        return sandbox.page_image(stored.content, citation.page, citation.quote)
    except PolicyError:
        return None
