"""概览 of one file: what it is, on what it rests, what it aims at, what is to be done, what it grants, what secures it, and who
does it; each line in the file's own words. What the file does not have is said to be absent (文中没有), never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.query import Filters
from ingest.document import LEVEL_NAMES, Clause, PolicyDocument, Span
from ingest.normalize import fold
from ingest.validity import Status
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import Shelf
from qa.framework.goals import UNSTATED, goals, sentences_of_targets
from qa.framework.relations import ENDS, RESTS_ON
from qa.framework.responsibilities import responsibilities
from qa.framework.sections import (
    by_parent,
    cited,
    headed,
    headings,
    headline,
    is_refused,
    items,
    opening,
    sentences_of,
    tasks,
)
from qa.injection import instructs

ABSENT = "文中没有"
_SAYS_WHAT = ("任务", "措施", "废止和修改")
SHOWN = 60  # lines of one part; what is left out is counted

_BASIS = re.compile("根据|依据|按照|依照|遵照|贯彻|落实")
_MADE = re.compile("制定|制订|提出|现(?:就|将|印发|制定)|通知如下|公告如下|意见如下|批复如下|方案如下|措施如下|决定")
_ORDERS = re.compile(
    "^[^,。;]{0,20}要[^,。;]{0,6}(?:按照|依照|根据|贯彻|落实)"
)  # 各地要按照《方案》要求: an order to others
_ACTS = (*ENDS, "amends", "extends")
_DATES = (("成文日期", "issued_on"), ("印发日期", "printed_on"), ("发布日期", "published_on"))


@dataclass(frozen=True, slots=True)
class Fact:
    """What the file says of itself; ``value`` is 未标明 where it does not. ``citation``: where it was read in its text."""

    name: str
    value: str
    citation: Citation | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Words of the file, and in Chinese what more is to be said of them (责任单位, 目标的期限)."""

    citation: Citation
    note: str = ""

    @property
    def text(self) -> str:
        return " ".join(self.citation.quote.split())


@dataclass(frozen=True, slots=True)
class Part:
    """``lines`` is empty where the file has no such part: 文中没有. ``left_out``: further lines."""

    name: str
    lines: tuple[Line, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """``facts`` and ``parts`` in a fixed order, all of them. A file that ends or changes others has the part 废止和修改 too, one that
    sets no tasks and grants nothing its 章节.
    """

    document_id: str
    title: str
    status: Status
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]


def overview(shelf: Shelf, document_id: str) -> Overview:
    """Raises PolicyError when the file is unknown."""
    document = shelf.document(document_id)
    parts = (
        ("依据", _basis(shelf, document)),
        ("目标", _goals(shelf, document)),
        ("任务", _tasks(shelf, document)),
        ("措施", _measures(shelf, document)),
        ("保障", _safeguards(shelf, document)),
        ("责任单位", _departments(shelf, document)),
    )
    acts = list(_acts(shelf, document))
    parts += (("废止和修改", iter(acts)),) if acts else ()
    found = [(name, list(lines)) for name, lines in parts]
    chapters = [Line(cited(shelf, document_id, span)) for span in headings(document)]
    if chapters and not any(lines for name, lines in found if name in _SAYS_WHAT):
        found.append(("章节", chapters))
    return Overview(
        document_id,
        document.title,
        shelf.status(document_id),
        tuple(_facts(shelf, document)),
        tuple(_part(name, lines) for name, lines in found),
    )


def _part(name: str, lines: Sequence[Line]) -> Part:
    """Without sentences that speak to a program instead of a reader."""
    found = [line for line in lines if not instructs(line.citation.quote)]
    numbered = (replace(line, citation=replace(line.citation, mark=mark)) for mark, line in enumerate(found[:SHOWN], 1))
    return Part(name, tuple(numbered), max(0, len(found) - SHOWN))


def _facts(shelf: Shelf, document: PolicyDocument) -> Iterator[Fact]:
    card, status, metadata, terms = (
        shelf.card(document.id),
        shelf.status(document.id),
        document.metadata,
        document.terms,
    )
    number = metadata.document_number
    yield _fact(shelf, document, "文种", metadata.kind, "kind")
    printed = number.printed if number else None
    note = "文号中隐去的部分照原文引用，不作补全" if number and number.masked else ""
    yield replace(_fact(shelf, document, "文号", printed, "document_number"), note=note)
    yield _fact(shelf, document, "发文机关", "、".join(metadata.issuers), "issuers")
    yield _fact(shelf, document, "级别", LEVEL_NAMES.get(card.level or ""), "level")
    yield _fact(shelf, document, "地区", metadata.region, "region")
    yield Fact("时效", status.state, note=status.reason)
    for name, field in _DATES:
        day = getattr(metadata, field)
        yield _fact(shelf, document, name, day.isoformat() if day else None, field)
    begins, ends = terms.effective_on, terms.expires_on
    yield Fact(
        "施行日期",
        begins.isoformat() if begins else UNSTATED,
        _where(shelf, document, terms.effective_span),
        terms.effective_basis,
    )
    until = ends.isoformat() if ends else "长期有效" if terms.open_ended else UNSTATED
    yield Fact("有效期至", until, _where(shelf, document, terms.expires_span), terms.expires_basis)


def _fact(shelf: Shelf, document: PolicyDocument, name: str, value: str | None, field: str) -> Fact:
    span = next((span for known, span, _ in document.metadata.sources if known == field and span), None)
    return Fact(name, value or UNSTATED, _where(shelf, document, span) if value else None)


def _where(shelf: Shelf, document: PolicyDocument, span: Span | None) -> Citation | None:
    if span is None or not any(clause.span.contains(span) for clause in document.clauses) or span.start == span.end:
        return None
    return cited(shelf, document.id, span)


def _basis(shelf: Shelf, document: PolicyDocument) -> Iterator[Line]:
    """The sentences of the opening in which it names what it rests on, or says why it was made."""
    named = [r.span.start for r in document.references if r.relation in RESTS_ON]
    for clause in opening(document):
        for span in sentences_of(document, clause, _BASIS):
            says = fold(span.of(document.text))
            rests = any(span.start <= at < span.end for at in named) and not _ORDERS.search(says)
            if rests or (_MADE.search(says) and clause.kind == "body"):
                yield Line(cited(shelf, document.id, span))


def _goals(shelf: Shelf, document: PolicyDocument) -> Iterator[Line]:
    """Targets with a figure; else the first sentence of what is headed 目标."""
    found = goals(shelf, document.id)
    for whole, group in sentences_of_targets(found):
        periods = dict.fromkeys(target.period for target in group if target.period != UNSTATED)
        yield Line(cited(shelf, document.id, whole), f"期限：{'、'.join(periods)}" if periods else "")
    if found:
        return
    tree = by_parent(document)
    for clause in headed(document, "goals"):
        below = items(tree, clause) or tree.get(clause.id, ())
        yield from (Line(cited(shelf, document.id, headline(document, each))) for each in below or (clause,))


def _tasks(shelf: Shelf, document: PolicyDocument) -> Iterator[Line]:
    tree = by_parent(document)
    for section in tasks(document):
        below = items(tree, section)
        for clause in below or (section,):
            deeper = len(items(tree, clause)) if below else 0
            yield Line(cited(shelf, document.id, headline(document, clause)), f"下列 {deeper} 项" if deeper else "")


def _measures(shelf: Shelf, document: PolicyDocument) -> Iterator[Line]:
    records = shelf.library.measures(Filters(document_ids=(document.id,)), shelf.as_of)
    by_id = {clause.id: clause for clause in document.clauses}
    for record in records:
        clause = by_id.get(record.measure.clause_id)
        span = record.measure.span
        says = record.measure.benefits or record.measure.caps or record.measure.stacking
        if clause is None or record.card.sha256 != document.sha256 or not says or is_refused(document, record.measure):
            continue
        whole = span if clause.span.contains(span) else clause.span
        yield Line(cited(shelf, document.id, whole), "有人工更正，以更正后为准" if record.corrections else "")


def _safeguards(shelf: Shelf, document: PolicyDocument) -> Iterator[Line]:
    tree = by_parent(document)
    for section in headed(document, "safeguards"):
        below: Sequence[Clause] = items(tree, section)
        for clause in below or (section,):
            yield Line(cited(shelf, document.id, headline(document, clause)))


def _acts(shelf: Shelf, document: PolicyDocument) -> Iterator[Line]:
    """The sentences in which the file ends, changes or prolongs others; its title, which says so too, is no sentence."""
    by_id = {clause.id: clause for clause in document.clauses}
    said: dict[Span, None] = {}
    for reference in document.references:
        clause = by_id[reference.clause_id]
        if reference.relation in _ACTS and clause.kind != "front":
            span = sentence_at(reference.span.start, clause, document.text)
            said.setdefault(span if span.contains(Span(reference.span.start, reference.span.start)) else clause.span)
            if clause.text.rstrip().endswith("："):  # 作如下修改：
                said.update((headline(document, item), None) for item in shelf.opened(document.id, clause))
    yield from (Line(cited(shelf, document.id, span)) for span in said)


def _departments(shelf: Shelf, document: PolicyDocument) -> Iterator[Line]:
    for department in responsibilities(shelf, document.id).departments:
        roles = Counter(duty.printed for duty in department.duties)
        yield Line(department.named, "、".join(f"{role} {count} 项" for role, count in roles.items()))
