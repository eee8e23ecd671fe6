"""Support measures for people: the list, the picture by level and benefit type, the calendar, and one measure field by field.

Every word of a file is shown verbatim with a link to where it stands (``#span-START-END-VERSION-DOCUMENT``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from ingest.document import LEVEL_NAMES, NO_LEVEL, NO_NUMBER, PolicyDocument, Span
from ingest.measures.model import BENEFIT_TYPES, FORM_NAMES, Measure, Window
from qa.measure_words import called, place_of
from qa.render.markup import badge, escape, shorten

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from index.card import DocumentCard
    from index.corrections import Correction
    from index.measures import MeasureRecord

    Shown = tuple[MeasureRecord, PolicyDocument]

MEASURES_SHOWN = 100
VERSION_SHOWN = 12  # characters of the sha256 that a link carries
_WORDS_SHOWN = 90
_EXPECTED = ("支持对象", "申报条件", "叠加规则", "申报时间", "责任单位")  # who reads a measure looks for these
NOT_WRITTEN = "文中没有写明"
UNSTATED = f'<span class="unstated">{NOT_WRITTEN}</span>'


def span_link(card: DocumentCard, span: Span, words: str = "出处") -> str:
    """A chip that opens the evidence card of ``span``, in the version of the file that ``card`` is of."""
    place = f"{span.start}-{span.end}-{card.sha256[:VERSION_SHOWN]}-{quote(card.id, safe='')}"
    return f'<a class="cite" href="#span-{place}">{escape(words)}</a>'


def measures_html(shown: Sequence[Shown], total: int, nothing: str) -> str:
    """The list; names link to ``#measure-ID``. ``total``: how many there are, of which the first are shown; ``nothing``: what is said
    where there are none.
    """
    if not shown:
        return f'<div class="empty">{nothing}</div>'
    more = f"，这里显示前 {len(shown)} 项，可在上方缩小范围" if len(shown) < total else ""
    heads = "".join(f"<th>{head}</th>" for head in ("支持措施", "级别", "支持标准（原文）", "时效"))
    rows = "".join(_row(record, document) for record, document in shown)
    return (
        f'<p class="count">共 {total} 项{more}</p>'
        f'<table class="files measures"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(record: MeasureRecord, document: PolicyDocument) -> str:
    measure, card = record.measure, record.card
    granted = "；".join(benefit.span.of(document.text).strip() for benefit in measure.benefits)
    kinds = "、".join(dict.fromkeys(f"{b.type}·{FORM_NAMES[b.form]}" for b in measure.benefits)) or "范围与程序"
    corrected = '<span class="badge warn">有人工更正</span>' if record.corrections else ""
    return (
        f'<tr><td class="title"><a class="file" href="#measure-{quote(measure.id, safe="")}">{escape(shorten(called(measure, document.text), 40))}</a>'
        f"<small>{escape(card.document_number or NO_NUMBER)} {escape(kinds)}</small>{corrected}</td><td>{escape(place_of(card))}</td>"
        f"<td>{escape(shorten(granted, _WORDS_SHOWN)) if granted else UNSTATED}</td>"
        f'<td title="{escape(record.status.reason)}">{badge(record.status.state)}</td></tr>'
    )


def picture_html(records: Sequence[MeasureRecord]) -> str:
    """How many measures each level has of each benefit type; a measure with two types counts in both."""
    counts: Counter[tuple[str, str]] = Counter()
    for record in records:
        counts.update({(record.card.level or "", benefit.type) for benefit in record.measure.benefits})
    levels = [level for level in (*LEVEL_NAMES, "") if any(own == level for own, _ in counts)]
    types = [kind for kind in BENEFIT_TYPES if any(theirs == kind for _, theirs in counts)]
    if not types:
        return ""
    most = max(counts.values())
    heads = "".join(f'<th scope="col">{kind}</th>' for kind in types)
    rows = "".join(
        f'<tr><th scope="row">{LEVEL_NAMES.get(level, NO_LEVEL)}</th>'
        f"{''.join(_square(counts[level, kind], most) for kind in types)}</tr>"
        for level in levels
    )
    return (
        '<figure class="picture"><figcaption>各级支持措施数量，按支持类型</figcaption>'
        f'<table class="heat"><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></figure>'
    )


def _square(count: int, most: int) -> str:
    return f'<td style="--heat:{round(count / most, 2)}">{count}</td>' if count else "<td></td>"


def calendar_html(
    records: Sequence[MeasureRecord], document_of: Callable[[MeasureRecord], PolicyDocument], today: date
) -> str:
    """申报时间 as printed, the next first, those that are over apart; and the days on which files end. What the file does not say is
    not in it.
    """
    dated = [(record.measure.window, record) for record in records if record.measure.window]
    over = [record for window, record in dated if _closes(window, today) < today]
    to_come = sorted((pair for pair in dated if _closes(pair[0], today) >= today), key=lambda p: _closes(p[0], today))
    cards = {record.card.id: record.card for record in records}
    ends = sorted((card.expires_on, card.id) for card in cards.values() if card.expires_on and card.expires_on >= today)
    parts = []
    if to_come:
        items = "".join(_window(record, document_of(record)) for _, record in to_come[:MEASURES_SHOWN])
        parts.append(f"<section><h4>申报时间（原文）</h4><ul>{items}</ul></section>")
    if over:
        items = "".join(_window(record, document_of(record)) for record in over[:MEASURES_SHOWN])
        parts.append(f"<details><summary>已过的申报时间（{len(over)}）</summary><ul>{items}</ul></details>")
    if ends:
        items = "".join(
            f"<li><b>{day.isoformat()}</b> 到期：{escape(cards[id_].title)}"
            f"<small>{escape(cards[id_].document_number or NO_NUMBER)}</small></li>"
            for day, id_ in ends
        )
        parts.append(f"<section><h4>文件到期</h4><ul>{items}</ul></section>")
    return (
        f'<div class="calendar">{"".join(parts)}</div>'
        if parts
        else '<div class="empty">文件里没有写明申报时间和到期日。</div>'
    )


def _closes(window: Window, today: date) -> date:
    """The last day of a window, of one of each year the next; the last of all days where the words do not tell."""
    yearly = window.year == "每年" and len(window.end) == len("MM-DD")
    for day in (f"{today.year}-{window.end}", f"{today.year + 1}-{window.end}") if yearly else (window.end,):
        with suppress(ValueError):  # 02-29, and days that there are not
            if (found := date.fromisoformat(day)) >= today or not yearly:
                return found
    return date.max


def _window(record: MeasureRecord, document: PolicyDocument) -> str:
    window = record.measure.window
    assert window is not None
    return (
        f"<li>{escape(window.span.of(document.text).strip())}{span_link(record.card, window.span)}"
        f"<small>{escape(record.card.title)} {escape(record.card.document_number or NO_NUMBER)}</small></li>"
    )


def measure_html(record: MeasureRecord, document: PolicyDocument) -> str:
    """One measure, field by field in the words of the clause; what was not understood is shown as text."""
    measure, card = record.measure, record.card
    rows = "".join(
        f"<dt>{name}</dt><dd>{'<br>'.join(_part(card, document, span) for span in spans) or UNSTATED}</dd>"
        for name, spans in _fields(measure)
        if spans or name in _EXPECTED
    )
    unread = "".join(f"<li>{escape(span.of(document.text).strip())}</li>" for span in measure.unread)
    left = f'<p class="path">没有解析的文字（以原文为准）</p><ul>{unread}</ul>' if unread else ""
    return (
        f'<article class="evidence measure" tabindex="-1" aria-label="支持措施"><header><span class="number">'
        f"{escape(card.document_number or NO_NUMBER)}</span>{badge(record.status.state)}</header>"
        f"<h3>{escape(called(measure, document.text))}</h3><dl>{rows}</dl>{left}{_corrected(record, record.corrections, '人工更正')}"
        f"{_corrected(record, record.to_check, '旧版本的更正，未套用，请核对')}"
        f'<p class="tools">{span_link(card, measure.span, "条款原文")}'
        f'<a class="compare" href="#compare-{quote(measure.id, safe="")}" role="button">与其他级别比对</a></p></article>'
    )


def _fields(measure: Measure) -> Iterator[tuple[str, list[Span]]]:
    who = measure.beneficiary
    groups = (who.types, who.industry, who.size, who.qualification, who.project_kind, who.person)
    yield "支持对象", _distinct(words.span for group in groups for words in group)
    yield "不含", _distinct(words.span for words in who.exclude)
    yield "申报条件", _distinct(condition.span for condition in measure.conditions)
    for benefit in measure.benefits:
        yield f"{benefit.type}（{FORM_NAMES[benefit.form]}）", [benefit.span]
    yield "总上限", _distinct(cap.span for cap in measure.caps)
    for name, words in (
        ("叠加规则", measure.stacking), ("兑现方式", measure.channel), ("申报平台", measure.platform),
        ("申报时间", measure.window), ("追回", measure.clawback), ("资金分担", measure.funding_split),
        ("名额", measure.quota), ("自由裁量", measure.discretion),
    ):  # fmt: skip
        yield name, [words.span] if words else []
    yield "责任单位", _distinct(department.span for department in measure.departments)


def _distinct(spans: Iterator[Span]) -> list[Span]:
    """In order, without those that lie in another."""
    found = sorted({span for span in spans if span.end > span.start}, key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    for span in found:
        if not kept or not kept[-1].contains(span):
            kept.append(span)
    return kept


def _part(card: DocumentCard, document: PolicyDocument, span: Span) -> str:
    return f"{escape(span.of(document.text).strip())}{span_link(card, span)}"


def _corrected(record: MeasureRecord, corrections: Sequence[Correction], heading: str) -> str:
    from qa.measure_fields import told  # with it the index

    if not corrections:
        return ""
    items = "".join(
        f"<li>{escape(told(c, record.measure))}<small>{escape(c.name)} {c.at.date().isoformat()} {escape(c.reason)}</small></li>"
        for c in corrections
    )
    return f'<p class="path">{heading}</p><ul class="corrections">{items}</ul>'
