"""A citation as a link that opens its clause (``#open-DOCUMENT-START-END-CHECK``), as a line of text, and as JSON-ready values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zlib import crc32

from ingest.document import LEVEL_NAMES
from qa.render.markup import badge, escape

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.answer import Citation


def open_link(citation: Citation) -> str:
    """Address of the cited words, with what tells whether they still stand there."""
    span = citation.span
    return f"#open-{quote(citation.document_id, safe='')}-{span.start}-{span.end}-{check_of(citation.quote)}"


def check_of(words: str) -> str:
    """Eight hexadecimal digits; other words have others."""
    return f"{crc32(words.encode()):08x}"


def source_link(citation: Citation, words: str = "") -> str:
    """A chip that opens the clause; ``words``: other than the label of the citation."""
    return f'<a class="cite" href="{open_link(citation)}">{escape(words or citation.label)}</a>'


def source_html(citation: Citation) -> str:
    """Level and place, the link, and the validity of the file."""
    place = " ".join(filter(None, (LEVEL_NAMES.get(citation.level or ""), citation.region)))
    return f"<small>{escape(place or '级别未标明')} {source_link(citation)} {badge(citation.validity)}</small>"


def source_text(citation: Citation) -> str:
    """The label with the validity of the file."""
    return f"{citation.label}［{'时效未标明' if citation.validity == '未标明' else citation.validity}］"


def source_dict(citation: Citation) -> dict[str, Any]:
    """``clause_path``, not ``path``: Gradio's client takes any object with a ``path`` for a file to download."""
    return {
        "document_id": citation.document_id,
        "clause_id": citation.clause_id,
        "clause_path": citation.path,
        "span": {"start": citation.span.start, "end": citation.span.end},
        "quote": citation.quote,
        "label": citation.label,
        "level": citation.level,
        "region": citation.region,
        "validity": citation.validity,
        "validity_reason": citation.validity_reason,
        "page": citation.page,
        "by_ocr": citation.by_ocr,
    }
