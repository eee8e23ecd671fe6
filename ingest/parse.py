"""Source text → ``PolicyDocument``: clauses, metadata, references and terms of validity put together."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.clauses import parse_clauses, with_document_id
from ingest.document import Clause, Metadata, PolicyDocument, Reference, SourceFile, SourceText, Terms
from ingest.metadata import cover_date, find_metadata, site_dates
from ingest.references import find_references, title_key
from ingest.validity import find_terms

_EXPLANATION = re.compile("(?:解读|问答|图解|图说|起草说明)[^的]{0,8}$|^(?:一图读懂|图解|解读)")
_NAMED = 4  # a shorter key (办法) is in many titles
_SHORT_ID = 12
_LISTED = 6


def parse(source: SourceFile, text: SourceText) -> PolicyDocument:
    """The document that a file is. The same bytes give the same document, ids included.

    Its id is its own number where that is complete and printed in the text, else the first 12 digits of the file's
    SHA-256: a number that only the file name tells may be that of another file (an explanation is often named so).
    Raises Classified where the file carries a 密级 mark.
    """
    return _assemble(source, text)


def document_from_text(
    text: str, *, title: str | None = None, path: str = "", document_id: str | None = None
) -> PolicyDocument:
    """A document from plain text; ``title`` and ``document_id`` where the caller knows them better than the text."""
    content = text.encode("utf-8", "surrogatepass")
    source = SourceFile(path, hashlib.sha256(content).hexdigest(), "text/plain", content)
    return _assemble(source, SourceText(text), title, document_id)


def _assemble(
    source: SourceFile, text: SourceText, title: str | None = None, document_id: str | None = None
) -> PolicyDocument:
    clauses = parse_clauses(text.text, text.pages, "")
    metadata = find_metadata(source, text, clauses, title)
    own_id = document_id or _identity(metadata) or source.sha256[:_SHORT_ID]
    clauses = with_document_id(clauses, own_id)
    return PolicyDocument(
        id=own_id,
        path=source.path,
        sha256=source.sha256,
        text=text.text,
        metadata=metadata,
        clauses=clauses,
        references=_located(_of_others(find_references(text.text), metadata), clauses),
        terms=_terms(text, clauses, metadata),
        pages=text.pages,
        warnings=(*text.warnings, *metadata.warnings, *_warnings(metadata, clauses)),
    )


def _identity(metadata: Metadata) -> str | None:
    number = metadata.document_number
    return number.key if number and "from_filename" not in number.flags else None


def _of_others(references: Sequence[Reference], metadata: Metadata) -> Iterator[Reference]:
    """References without those to the file itself; an explanation interprets the files that its title names."""
    own = {metadata.document_number.key, *metadata.aliases} - {None} if _identity(metadata) else set()
    title = metadata.title or ""
    key = title_key(title)[0] if _EXPLANATION.search(title) else ""
    for reference in references:
        if reference.numbers and all(number.key in own for number in reference.numbers):
            continue
        yield replace(reference, relation="interprets") if _is_explained(reference, title, key) else reference


def _is_explained(reference: Reference, title: str, key: str) -> bool:
    if not key or not reference.title:
        return False
    cited = title_key(reference.title)[0]
    short = reference.alias is not None and f"《{reference.alias}》" in title
    return short or (len(cited) >= _NAMED and cited != key and cited in key)


def _located(references: Iterable[Reference], clauses: Sequence[Clause]) -> tuple[Reference, ...]:
    starts = [clause.span.start for clause in clauses]
    return tuple(replace(r, clause_id=clauses[bisect_right(starts, r.span.start) - 1].id) for r in references)


def _terms(text: SourceText, clauses: Sequence[Clause], metadata: Metadata) -> Terms:
    """Terms of the text above the annexes, else of the whole; dates of the site's table where the text has none."""
    if on_cover := cover_date(text):
        return Terms(on_cover.value, on_cover.how, on_cover.span, flags=("no_expiry_found",))
    issued_on = metadata.printed_on or metadata.issued_on
    annexes = next((c.span.start for c in clauses if c.kind == "annex"), len(text.text))
    terms = Terms()
    for end in dict.fromkeys((annexes, len(text.text))):
        terms = find_terms(text.text[:end], metadata.title or "", issued_on, metadata.published_on)
        if terms.effective_basis or terms.expires_basis or terms.open_ended:
            break
    effective, expiry = site_dates(text, clauses) if text.fields else (None, None)
    if effective and not terms.effective_on:
        terms = replace(
            terms, effective_on=effective.value, effective_basis=effective.how, effective_span=effective.span
        )
    if expiry and not terms.expires_on:
        terms = replace(terms, expires_on=expiry.value, expires_basis=expiry.how, expires_span=expiry.span)
    return terms


def _warnings(metadata: Metadata, clauses: Sequence[Clause]) -> Iterator[str]:
    """What a reader should check, in Chinese."""
    number = metadata.document_number
    if not metadata.title:
        yield "未找到标题，以文件名显示"
    if not number:
        yield "未标明文号"
    elif number.kind == "damaged":
        yield f"文号疑似残缺，请核对原件：{number.printed}"
    elif number.masked:
        yield f"文号含占位符，不作为标识：{number.printed}"
    if number and "from_filename" in number.flags:
        yield f"正文中未见文号，取自文件名：{number.printed}"
    if number and metadata.aliases:
        yield f"文件印有多个文号，以第一个为准：{'、'.join((number.canonical, *metadata.aliases))}"
    restored = [clause.path for clause in clauses if clause.restored]
    if restored:
        more = "等" if len(restored) > _LISTED else ""
        yield f"{len(restored)}处条目缺少编号，已按上下文补全：{'；'.join(restored[:_LISTED])}{more}"
