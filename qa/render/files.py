"""Files of the library: head of the page, list, details, and what became of uploads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ingest.account import account
from ingest.document import LEVEL_NAMES, Clause, PolicyDocument
from qa.render.markup import NO_NUMBER, STATE_COLOURS, badge, escape, original_link, shorten

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from index.card import DocumentCard
    from ingest.corpus import FileReport
    from ingest.validity import Status

    Files = Sequence[tuple[DocumentCard, Status]]

_OUTCOMES = {
    "added": "已入库",
    "unchanged": "已在库中",
    "new_version": "新版本",
    "conflict": "文号冲突",
    "failed": "未入库",
}

# A page of thousands of rows is slow in the browser; the box above the list narrows it.
_FILES_SHOWN = 200
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
_FIELDS = {
    "title": "标题", "document_number": "文号", "issued_on": "成文日期", "effective_on": "施行日期", "expires_on": "有效期",
}  # fmt: skip
_OUTLINE_SHOWN = 600
_HEADING_SHOWN = 60


def summary_html(files: Files, today: date) -> str:
    """The head of the page: how many files there are, and how many of each 时效."""
    counts = Counter(status.state for _, status in files)
    words = [f"收录文件 {len(files)} 份"]
    words += [f"{state} {counts[state]}" for state in (*STATE_COLOURS, "未标明") if counts[state]]
    return f"<h1>文号<small>政策文件知识库</small></h1><p>{' · '.join(words)}（以 {today.isoformat()} 为准）</p>"


def _number_html(card: DocumentCard) -> str:
    masked = "<small>文号不完整</small>" if card.masked else ""
    return f"{escape(card.document_number or NO_NUMBER)}{masked}"


def files_html(files: Files, wanted: str = "") -> str:
    """The list of files whose number, title or issuer has every word of ``wanted``; titles link to ``#file-ID``."""
    words = wanted.split()
    files = [(card, status) for card, status in files if all(word in _searched(card) for word in words)]
    if not files:
        return f'<div class="empty">{"没有符合条件的文件。" if words else "还没有文件，请在上方添加。"}</div>'
    shown = files[:_FILES_SHOWN]
    more = f"，这里显示前 {len(shown)} 份，可在上方输入文字缩小范围" if len(shown) < len(files) else ""
    heads = "".join(f"<th>{h}</th>" for h in ("文号", "标题", "级别", "时效", "日期", "条款"))
    rows = "".join(_file_row(card, status) for card, status in shown)
    return (
        f'<p class="count">共 {len(files)} 份{more}</p>'
        f'<table class="files"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _searched(card: DocumentCard) -> str:
    return " ".join(filter(None, (card.document_number, card.title, *card.issuers)))


def _file_row(card: DocumentCard, status: Status) -> str:
    place = " ".join(word for word in (LEVEL_NAMES.get(card.level or "", ""), card.region) if word)
    days = (("成文", card.issued_on), ("施行", card.effective_on), ("有效期至", card.expires_on))
    dates = "".join(f"<div><span>{label}</span> {day.isoformat()}</div>" for label, day in days if day)
    return (
        f'<tr><td class="number{"" if card.document_number else " unknown"}">{_number_html(card)}</td>'
        f'<td class="title"><a class="file" href="#file-{quote(card.id, safe="")}">{escape(card.title)}</a></td>'
        f'<td>{escape(place)}</td><td title="{escape(status.reason)}">{badge(status.state)}</td>'
        f'<td class="days">{dates}</td><td data-label="条款">{card.clauses}</td></tr>'
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def file_html(card: DocumentCard, status: Status, document: PolicyDocument) -> str:
    """What is known of one file, what was read of it, and the outline of its clauses."""
    read = account(document)
    facts = (
        ("发文机关", "、".join(card.issuers)), ("文种", card.kind), ("级别", LEVEL_NAMES.get(card.level or "")),
        ("地区", card.region), ("成文日期", _day(card.issued_on)), ("施行日期", _day(card.effective_on)),
        ("有效期至", _day(card.expires_on)), ("待核对", _recognised(document)), ("时效说明", status.reason), ("文件名", _file_name(card.file)),
        ("版本", f"共 {card.versions} 个，显示最新" if card.versions > 1 else ""), ("读取情况", read.summary),
        ("未读出", "；".join(read.pages_unread)), ("提示", "；".join((*read.page_remarks, *document.warnings))),
    )  # fmt: skip
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return (
        f'<article class="evidence" tabindex="-1" aria-label="文件详情"><header><span class="number">'
        f"{_number_html(card)}</span>{badge(status.state)}</header><h3>{escape(card.title)}</h3><dl>{rows}</dl>"
        f'<p class="tools">{original_link(card.id)}'
        f'<a class="remove" href="#remove-{quote(card.id, safe="")}" role="button">删除此文件</a></p>'
        f'<p class="path">条款目录</p>{_outline_html(document)}</article>'
    )


def _recognised(document: PolicyDocument) -> str:
    """Facts about the file that stand on recognised pages."""
    terms = document.terms
    spans = [(field, span) for field, span, _ in document.metadata.sources]
    spans += [("effective_on", terms.effective_span), ("expires_on", terms.expires_span)]
    found = {
        name: None for field, span in spans if span and document.read_by_ocr(span) and (name := _FIELDS.get(field))
    }
    return f"{'、'.join(found)}由扫描识别，请对照原件" if found else ""


def _outline_html(document: PolicyDocument) -> str:
    clauses = [c for c in document.clauses if c.kind in ("heading", "body", "annex") and c.text.strip()]
    rows = "".join(
        f'<li style="--depth:{clause.depth}"><span class="path">{escape(clause.marker)}</span>'
        f"{escape(shorten(_without_marker(clause), _HEADING_SHOWN))}</li>"
        for clause in clauses[:_OUTLINE_SHOWN]
    )
    more = f"<li>另有 {len(clauses) - _OUTLINE_SHOWN} 条，见原文件</li>" if len(clauses) > _OUTLINE_SHOWN else ""
    return f'<ul class="outline">{rows}{more}</ul>'


def _without_marker(clause: Clause) -> str:
    text = clause.heading or clause.text.strip()
    return text.removeprefix(clause.marker).strip().partition("\n")[0]


def report_html(reports: Sequence[FileReport]) -> str:
    """What became of each uploaded file."""
    heads = "".join(f"<th>{h}</th>" for h in ("文件", "结果", "文号与标题", "说明"))
    return (
        f'<table class="report"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(_report_row(report) for report in reports)}</tbody></table>"
    )


def _report_row(report: FileReport) -> str:
    found = "　".join(word for word in (report.document_number, report.title) if word)
    count = f"<br><small>{report.clauses} 条款</small>" if report.clauses else ""
    name = _uploaded_name(report.path)
    lines = [report.message.replace(report.path, name), report.hint, *report.remarks]
    return (
        f"<tr><td>{escape(name)}</td>"
        f'<td class="{report.outcome}">{_OUTCOMES.get(report.outcome, report.outcome)}</td>'
        f"<td>{escape(found)}{count}</td><td>{'<br>'.join(escape(line) for line in lines if line)}</td></tr>"
    )


def _uploaded_name(path: str) -> str:
    """The file's own name; for a file in an archive ``包.zip/文件.pdf``. Where uploads are kept is nobody's business."""
    parts = path.replace("\\", "/").split("/")
    archive = next((n for n, part in enumerate(parts[:-1]) if part.lower().endswith(_ARCHIVES)), len(parts) - 1)
    return "/".join(parts[archive:])


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def card_dict(card: DocumentCard, status: Status) -> dict[str, Any]:
    """A file of the list as JSON-ready values: dates ISO, ``validity`` and its reason as of today."""
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(card).items()}
    return {**values, "validity": status.state, "validity_reason": status.reason}
