"""A review for people and programs: HTML, plain text, JSON. Each finding with its sentence, reason, basis and safer wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ingest.document import Span
from qa.render.markup import badge, escape, marked
from qa.render.sources import source_link

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.answer import Citation
    from qa.review.model import Finding, Review

KIND_NAMES = {
    "fair_competition": "公平竞争",
    "basis": "依据",
    "number": "文号",
    "claim": "引用",
    "missing": "要素",
    "conflict": "与上级文件",
    "figures": "数字",
}
NO_VERDICT = "以上为审查提示，供人工判断，不是合法性结论；未列出的问题不等于没有。"
NOTHING = "没有发现需要提示的问题。"
_SEVERITIES = ("红", "黄", "提示")
_CLASSES = {"红": "bad", "黄": "warn", "提示": "unknown"}
_SHOWN = 300  # findings on the page; a browser is slow with thousands
_AROUND = 60  # characters on either side of a sentence


def review_text(review: Review) -> str:
    """What a person reads on a terminal."""
    lines = [f"审查：{review.document.title}（依据时效以 {review.as_of.isoformat()} 为准）", _counted(review), ""]
    for number, finding in enumerate(review.findings, 1):
        lines += [*_plain(review, number, finding), ""]
    return "\n".join([*lines, NO_VERDICT])


def _plain(review: Review, number: int, finding: Finding) -> Iterator[str]:
    rule = f"〔{finding.rule}〕" if finding.rule else ""
    yield f"{number}. ［{finding.severity}］{KIND_NAMES[finding.kind]}：{finding.name}{rule}"
    if finding.span:
        place = place_of(review, finding.span)
        yield f"   原句：{' '.join(finding.span.of(review.document.text).split())}{f'（{place}）' if place else ''}"
    yield f"   原因：{finding.reason}"
    if finding.basis:
        yield f"   依据：{finding.basis}"
    yield from (f"   对照：{source.label}（{source.validity}）" for source in finding.sources)
    yield f"   建议：{finding.suggestion}"


def _counted(review: Review) -> str:
    counts = Counter(finding.severity for finding in review.findings)
    if not counts:
        return NOTHING
    return f"共 {len(review.findings)} 项：" + "，".join(
        f"{name} {counts[name]}" for name in _SEVERITIES if counts[name]
    )


def place_of(review: Review, span: Span) -> str:
    """Path of the clause that the span stands in; empty where it has none."""
    return next((clause.path for clause in review.document.clauses if clause.span.contains(span)), "")


def review_dict(review: Review) -> dict[str, Any]:
    """JSON-ready values."""
    return {
        "title": review.document.title,
        "as_of": review.as_of.isoformat(),
        "notice": NO_VERDICT,
        "findings": [_finding_dict(review, number, finding) for number, finding in enumerate(review.findings, 1)],
    }


def _finding_dict(review: Review, number: int, finding: Finding) -> dict[str, Any]:
    span = finding.span
    return {
        "id": number,
        "kind": finding.kind,
        "severity": finding.severity,
        "name": finding.name,
        "rule": finding.rule,
        "sentence": span.of(review.document.text) if span else "",
        "path": place_of(review, span) if span else "",
        "span": [span.start, span.end] if span else None,
        "reason": finding.reason,
        "basis": finding.basis,
        "suggestion": finding.suggestion,
        "sources": [_source_dict(source) for source in finding.sources],
    }


def _source_dict(source: Citation) -> dict[str, Any]:
    return {
        "document_id": source.document_id,
        "clause_id": source.clause_id,
        "label": source.label,
        "quote": source.quote,
        "validity": source.validity,
    }


def review_html(review: Review, blocks: Mapping[int, str] = MappingProxyType({})) -> str:
    """A list of findings, each with an anchor ``finding-N`` and its sentence marked among its neighbours. ``blocks``: of a draft, the
    block of each finding, to which it links (``#block-ID``).
    """
    if not review.findings:
        return f'<div class="review"><div class="empty">{NOTHING}</div><p class="notice">{NO_VERDICT}</p></div>'
    cards = "".join(
        _card(review, number, finding, blocks.get(number, ""))
        for number, finding in enumerate(review.findings[:_SHOWN], 1)
    )
    more = f'<p class="notice">只列出前 {_SHOWN} 项。</p>' if len(review.findings) > _SHOWN else ""
    return (
        f'<div class="review"><p>{escape(review.document.title)} · {_counted(review)}'
        f"（依据时效以 {review.as_of.isoformat()} 为准）</p><ol>{cards}</ol>{more}"
        f'<p class="notice">{NO_VERDICT}</p></div>'
    )


def _card(review: Review, number: int, finding: Finding, block: str) -> str:
    parts = [
        f'<span class="badge {_CLASSES[finding.severity]}">{finding.severity}</span> '
        f"<b>{KIND_NAMES[finding.kind]}：{escape(finding.name)}</b>",
        f"<blockquote>{_sentence(review, finding.span)}</blockquote>" if finding.span else "",
        f"<p>原因：{escape(finding.reason)}</p>",
        f"<p>依据：{escape(finding.basis)}</p>" if finding.basis else "",
        *(f"<p>对照：{source_link(s)} {badge(s.validity)}<br>{escape(s.quote)}</p>" for s in finding.sources),
        f"<p>建议：{escape(finding.suggestion)}</p>",
        f'<p><a class="place" href="#block-{quote(block, safe="")}">到这一段修改</a></p>' if block else "",
    ]
    return f'<li id="finding-{number}">{"".join(parts)}</li>'


def _sentence(review: Review, span: Span) -> str:
    """The sentence marked, with what stands beside it in its clause."""
    text = review.document.text
    clause = next((clause for clause in review.document.clauses if clause.span.contains(span)), None)
    around = clause.span if clause else span
    region = Span(max(around.start, span.start - _AROUND), min(around.end, span.end + _AROUND))
    return marked(text, region, span)
