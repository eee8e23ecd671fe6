"""What ``python -m index lineage`` prints: the files that a document names, and those that name it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from ingest.document import LEVEL_NAMES, NO_NUMBER, RELATION_NAMES, PolicyDocument, Reference, book_title

if TYPE_CHECKING:  # the library imports lineage
    from index.library import Library
    from index.lineage import Link


def described(library: Library, document_id: str, as_of: date, as_json: bool) -> Iterator[str]:
    """Lines for people, or one of JSON. Raises PolicyError when the document is unknown."""
    if as_json:
        yield json.dumps(lineage_dict(library, document_id, as_of), ensure_ascii=False)
        return
    references, cited_by = library.references(document_id), library.cited_by(document_id)
    yield _heading(library, document_id, as_of)
    yield f"引用的文件（{len(references)}）："
    for link in references:
        yield f"  {_relation(link)} {_cited(link)} → {_targets(library, link, as_of)}"
        yield from _places(library, link)
    yield f"引用它的文件（{len(cited_by)}）："
    for link in cited_by:
        yield f"  {_heading(library, link.source_id, as_of)} {_relation(link)}本文件（{link.resolution.label}）"
        yield from _places(library, link)


def lineage_dict(library: Library, document_id: str, as_of: date) -> dict[str, Any]:
    """The file with its ``references`` and the files it is ``cited_by``, as JSON-ready values; links to absent files too.

    Raises PolicyError when the document is unknown.
    """
    references, cited_by = library.references(document_id), library.cited_by(document_id)
    return {
        **_file(library, document_id, as_of),
        "references": [_outgoing(library, link, as_of) for link in references],
        "cited_by": [_incoming(library, link, as_of) for link in cited_by],
    }


def _heading(library: Library, document_id: str, as_of: date) -> str:
    card = library.card(document_id)
    state = library.validity(document_id, as_of).state
    return f"{book_title(card.title)}（{card.document_number or NO_NUMBER}）〔{state}〕 {document_id}"


def _relation(link: Link) -> str:
    return RELATION_NAMES[link.relation] if link.relation else "提及"


def _cited(link: Link) -> str:
    title = book_title(link.title) if link.title else ""
    return f"{title}（{link.number}）" if title and link.number else title or link.number or ""


def _targets(library: Library, link: Link, as_of: date) -> str:
    found = link.resolution
    if not found.document_ids:
        return f"{found.label}（{LEVEL_NAMES[link.level]}）" if link.level else found.label
    targets = "；".join(_heading(library, document_id, as_of) for document_id in found.document_ids)
    return f"{found.label}：{targets}{f'（{found.remark}）' if found.remark else ''}"


def _places(library: Library, link: Link) -> Iterator[str]:
    document = library.document(link.source_id)
    first = link.references[0]
    more = f"等 {len(link.references)} 处" if len(link.references) > 1 else ""
    yield f"      {_path(document, first) or '文首或文末'}{more}：{' '.join(first.quote.split())}{'、'.join(first.articles)}"


def _path(document: PolicyDocument, reference: Reference) -> str:
    return next((clause.path for clause in document.clauses if clause.id == reference.clause_id), "")


def _file(library: Library, document_id: str, as_of: date) -> dict[str, Any]:
    card, status = library.card(document_id), library.validity(document_id, as_of)
    return {
        "id": document_id,
        "title": card.title,
        "document_number": card.document_number,
        "validity": status.state,
        "validity_reason": status.reason,
    }


def _outgoing(library: Library, link: Link, as_of: date) -> dict[str, Any]:
    found = link.resolution
    return {
        "relation": link.relation,
        "title": link.title,
        "number": link.number,
        "level": link.level,
        "resolution": found.label,
        "remark": found.remark,
        "documents": [_file(library, document_id, as_of) for document_id in found.document_ids],
        "places": _plain_places(library, link),
    }


def _incoming(library: Library, link: Link, as_of: date) -> dict[str, Any]:
    return {
        **_file(library, link.source_id, as_of),
        "relation": link.relation,
        "resolution": link.resolution.label,
        "places": _plain_places(library, link),
    }


def _plain_places(library: Library, link: Link) -> list[dict[str, Any]]:
    document = library.document(link.source_id)
    return [
        {"path": _path(document, reference), "quote": reference.quote, "articles": list(reference.articles)}
        for reference in link.references
    ]
