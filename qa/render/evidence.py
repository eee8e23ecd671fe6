"""The card beside the conversation: the cited clause in full, with the quote marked."""

from __future__ import annotations

import base64

from ingest.account import TO_CHECK
from ingest.document import LEVEL_NAMES, Clause, PolicyDocument, Span
from qa.answer import Citation
from qa.render.markup import NO_NUMBER, badge, escape, marked, original_link, shorten

# A card shows the whole clause with its items, but not a whole chapter; more is read in the file itself.
_CLAUSE_SHOWN = 2000
_LEAD_SHOWN = 160


def evidence_html(citation: Citation, document: PolicyDocument | None, image: bytes | None = None) -> str:
    """The card of one citation; ``image``: its page of a PDF (PNG).

    ``document`` is the version that was quoted; ``None`` where it is no longer kept: then only the quote is shown.
    """
    issuers = "、".join(document.metadata.issuers) if document else ""
    facts = " · ".join(filter(None, (issuers, LEVEL_NAMES.get(citation.level or ""), citation.region)))
    place = " · ".join(filter(None, (citation.path, citation.page and f"第{citation.page}页")))
    return (
        f'<article class="evidence" tabindex="-1" aria-label="依据原文">'
        f'<header><span class="number">{escape(citation.document_number or NO_NUMBER)}</span>{badge(citation.validity)}</header>'
        f"<h3>{escape(citation.title or f'{citation.file}（标题未标明）')}</h3>{_line('facts', facts)}{_line('reason', citation.validity_reason)}"
        f"{_line('path', place)}{_clause_html(citation, document)}"
        f'<p class="tools"><a class="copy" href="#copy" role="button">复制（含文号）</a>{original_link(citation.document_id)}'
        f'<a class="back" href="#back">返回回答</a></p>'
        f'<span class="copy-text">{escape(f"“{citation.quote.strip()}”——{citation.label}")}</span>'
        f"{_image_html(image, citation.page)}</article>"
    )


def _line(name: str, text: str) -> str:
    return f'<p class="{name}">{escape(text)}</p>' if text else ""


def _clause_html(citation: Citation, document: PolicyDocument | None) -> str:
    clause = next((c for c in document.clauses if c.id == citation.clause_id), None) if document else None
    if document is None or clause is None:
        return (
            f"<blockquote><mark>{escape(citation.quote)}</mark></blockquote>"
            f'<p class="notice">该文件的这一版本已不在库中，这里只显示回答时引用的原文。</p>'
        )
    lead = next((c.text.strip() for c in document.clauses if c.id == clause.parent), "")
    region, whole = _shown(document, clause, citation.span)
    rest = "" if whole else '<p class="notice">本条较长，其余部分见原文件。</p>'
    quote = f"<blockquote>{marked(document.text, region, citation.span)}</blockquote>"
    check = (
        f'<p class="notice">{TO_CHECK}：这一页是扫描件，文字由程序识别，金额、日期请对照原件。</p>'
        if citation.by_ocr
        else ""
    )
    return f"{_line('lead', shorten(lead, _LEAD_SHOWN))}{quote}{check}{rest}"


def _shown(document: PolicyDocument, clause: Clause, quote: Span) -> tuple[Span, bool]:
    """The clause with its items, and whether that is all: a very long one ends early, but never before the quote does."""
    below = clauses_below(document, clause)
    limit = max(clause.span.start + _CLAUSE_SHOWN, quote.end)
    shown = [c.span.end for c in below if c.span.end <= limit or c.span.start < quote.end]
    end = max([clause.span.end, *shown])
    return Span(clause.span.start, end), len(shown) == len(below)


def clauses_below(document: PolicyDocument, clause: Clause) -> list[Clause]:
    """Every clause of the tree under ``clause``, in order."""
    inside, below = {clause.id}, []
    for other in document.clauses:
        if other.parent in inside:
            inside.add(other.id)
            below.append(other)
    return below


def _image_html(image: bytes | None, page: int | None) -> str:
    if image is None:
        return ""
    encoded = base64.b64encode(image).decode("ascii")
    return (
        f"<figure><figcaption>原文第{page}页</figcaption>"
        f'<img src="data:image/png;base64,{encoded}" alt="原文第{page}页，引用处已标黄"></figure>'
    )
