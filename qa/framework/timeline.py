"""时间线 of one file and of the library: when made, issued, published, in force, open for applications, ended, changed, repealed; and
the state of a file in time. Each day is read from a file and cited; what no file says is 未标明.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from index.catalogue import Act
from index.query import Filters
from ingest.document import PolicyDocument, Span, book_title
from ingest.measures.model import Window
from ingest.validity import Status
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import Shelf
from qa.framework.sections import cited, opens

Kind = Literal["成文", "印发", "发布", "施行", "申报窗口", "到期", "修改", "废止", "部分废止", "延续", "替代"]
_ACTS: dict[str, Kind] = {
    "amends": "修改",
    "repeals": "废止",
    "partially_repeals": "部分废止",
    "extends": "延续",
    "supersedes": "替代",
}
_OWN: tuple[tuple[Kind, str], ...] = (("成文", "issued_on"), ("印发", "printed_on"), ("发布", "published_on"))
_DAY = timedelta(days=1)
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Event:
    """``on`` is ``None`` where the day is not stated (未标明) or comes back each year; ``until``: end of a window. ``note``: how the day
    follows, which file acts, or why it is not believed. ``citation``: the words that say it, once they were looked up.
    """

    kind: Kind
    on: date | None
    document_id: str
    title: str
    note: str = ""
    until: date | None = None
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """``start`` is ``None`` for what was before the first known day."""

    start: date | None
    status: Status


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in the order of time, those without a day last; ``unknown``: what the file does not state."""

    document_id: str
    events: tuple[Event, ...]
    periods: tuple[Period, ...]
    unknown: tuple[str, ...]


def timeline(shelf: Shelf, document_id: str) -> Timeline:
    """Of one file. Raises PolicyError when it is unknown."""
    document = shelf.document(document_id)
    events = [*_own_days(shelf, document), *_terms(shelf, document), *_windows(shelf, document)]
    events += [_acted(shelf, document_id, act) for act in shelf.library.catalogue().acts_on(document_id)]
    told = {event.kind for event in events}
    unknown = tuple(f"{kind}日期" for kind in ("成文", "印发", "发布", "施行", "到期") if kind not in told)
    return Timeline(document_id, tuple(sorted(events, key=_order)), tuple(_periods(shelf, document)), unknown)


def library_timeline(
    shelf: Shelf, first: date | None = None, last: date | None = None, limit: int = SHOWN
) -> tuple[Event, ...]:
    """Of all files, newest first: 成文, 施行, 到期, 申报窗口 and what files do to each other, from ``first`` to ``last``; the newest ``limit``
    with their sources. Days of printing and publishing are told of single files only.
    """
    catalogue = shelf.library.catalogue()
    titles = {id_: card.title for id_, card in catalogue.cards.items()}
    found: list[Event] = []
    acts: dict[Event, Act] = {}
    for id_, card in catalogue.cards.items():
        days: tuple[tuple[Kind, date | None], ...] = (
            ("成文", card.issued_on),
            ("施行", card.effective_on),
            ("到期", card.expires_on),
        )
        found += [Event(kind, day, id_, card.title) for kind, day in days if day]
        for act in catalogue.acts_on(id_):
            event = Event(
                _ACTS[act.relation], act.on, id_, card.title, act.doubt or f"由{book_title(titles[act.source_id])}"
            )
            acts[event] = act
    found += acts
    found += {
        Event("申报窗口", day, record.card.id, record.card.title, until=_day(window.end))
        for record in shelf.library.measures(as_of=shelf.as_of)
        if (window := record.measure.window) and (day := _day(window.start) or _day(window.end))
    }
    dated = [event for event in found if event.on and (first or date.min) <= event.on <= (last or date.max)]
    newest = sorted(dated, key=lambda event: (event.on or date.min, event.title, event.kind), reverse=True)[:limit]
    return tuple(_sourced(shelf, event, acts.get(event)) for event in newest)


def _order(event: Event) -> tuple[bool, date]:
    return event.on is None, event.on or date.max


def _own_days(shelf: Shelf, document: PolicyDocument) -> Iterator[Event]:
    for kind, field in _OWN:
        day = getattr(document.metadata, field)
        if day:
            where, how = next(
                ((span, how) for name, span, how in document.metadata.sources if name == field), (None, "")
            )
            yield Event(kind, day, document.id, document.title, how, citation=_cited(shelf, document, where))


def _terms(shelf: Shelf, document: PolicyDocument) -> Iterator[Event]:
    terms = document.terms
    if terms.effective_on:
        where = _cited(shelf, document, terms.effective_span)
        yield Event("施行", terms.effective_on, document.id, document.title, terms.effective_basis, citation=where)
    if terms.expires_on:
        where = _cited(shelf, document, terms.expires_span)
        yield Event("到期", terms.expires_on, document.id, document.title, terms.expires_basis, citation=where)


def _windows(shelf: Shelf, document: PolicyDocument) -> Iterator[Event]:
    done: set[Span] = set()
    for record in shelf.library.measures(Filters(document_ids=(document.id,)), shelf.as_of):
        window = record.measure.window
        if not window or window.span in done or record.card.sha256 != document.sha256:
            continue
        if opens(shelf, document, window):
            done.add(window.span)
            yield _window(shelf, document, window)


def _window(shelf: Shelf, document: PolicyDocument, window: Window) -> Event:
    """A window without a year comes back each year, or in one that only the reader can tell: no day is made up."""
    begins, ends = _day(window.start), _day(window.end)
    citation = _cited(shelf, document, window.span, whole=True)
    note = "" if begins or ends else f"{window.year or '年份'}{'' if window.year else '未标明'}"
    return Event("申报窗口", begins or ends, document.id, document.title, note, ends, citation)


def _day(words: str) -> date | None:
    """``YYYY-MM-DD``; ``None`` for a day without a year, and for 29 February of a year that has none."""
    try:
        return date.fromisoformat(words) if len(words) == 10 else None
    except ValueError:
        return None


def _acted(shelf: Shelf, document_id: str, act: Act) -> Event:
    source = shelf.card(act.source_id)
    note = act.doubt or f"由{book_title(source.title)}（{source.document_number or '文号未标明'}）"
    title = shelf.card(document_id).title
    return Event(_ACTS[act.relation], act.on, document_id, title, note, citation=_acting(shelf, document_id, act))


def _acting(shelf: Shelf, document_id: str, act: Act) -> Citation | None:
    """The sentence of the other file that does it; its title, which says so too, only where there is no other."""
    found: list[tuple[bool, Span]] = []
    document = shelf.document(act.source_id)
    for link in shelf.library.references(act.source_id):
        if link.relation == act.relation and link.resolution.document_id == document_id:
            for reference in link.references:
                clause = shelf.clause_at(document.id, reference.span.start)
                found.append((clause.kind == "front", sentence_at(reference.span.start, clause, document.text)))
    return cited(shelf, document.id, min(found, key=lambda pair: pair[0])[1]) if found else None


def _cited(shelf: Shelf, document: PolicyDocument, span: Span | None, *, whole: bool = False) -> Citation | None:
    """``whole``: the sentence in which the span stands."""
    clause = next((c for c in document.clauses if span and c.span.contains(span)), None)
    if span is None or clause is None or span.start == span.end:
        return None
    sentence = sentence_at(span.start, clause, document.text) if whole else span
    return cited(shelf, document.id, sentence if sentence.contains(span) else span)


def _sourced(shelf: Shelf, event: Event, act: Act | None) -> Event:
    if act is not None:
        return replace(event, citation=_acting(shelf, event.document_id, act))
    document = shelf.document(event.document_id)
    same: Iterable[Event] = ()
    if event.kind == "申报窗口":
        same = (found for found in _windows(shelf, document) if (found.on, found.until) == (event.on, event.until))
    elif event.kind in ("施行", "到期"):
        same = (found for found in _terms(shelf, document) if found.kind == event.kind)
    else:
        same = (found for found in _own_days(shelf, document) if found.kind == event.kind)
    told = next(iter(same), None)
    return replace(event, citation=told.citation, note=told.note) if told else event


def _periods(shelf: Shelf, document: PolicyDocument) -> Iterator[Period]:
    """From which day on the file is in which state; days that change nothing are left out."""
    catalogue, terms = shelf.library.catalogue(), document.terms
    days = {terms.effective_on, terms.expires_on + _DAY if terms.expires_on else None}
    days |= {act.on for act in catalogue.acts_on(document.id)}
    days |= {claim.effect.until + _DAY for _, claim in catalogue.claims_on(document.id) if claim.effect.until}
    known = sorted(day for day in days if day)
    before = known[0] - _DAY if known else shelf.as_of
    last = catalogue.status_on(document.id, before)
    yield Period(None, last)
    for day in known:
        status = catalogue.status_on(document.id, day)
        if status != last:
            yield Period(day, status)
        last = status
