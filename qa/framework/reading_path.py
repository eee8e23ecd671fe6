"""A reading path for a newcomer: the newest plan, the files that it rests on, the policies of its place, the guides that name those, and
what they put an end to. From the references between the files alone; each step with the sentence that links it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.card import DocumentCard
from index.lineage import Link
from ingest.document import Level, Relation, Span
from ingest.validity import Status
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import DEAD, Shelf, explains
from qa.framework.relations import ENDS, RESTS_ON
from qa.framework.sections import cited

StepKind = Literal["plan", "above", "policies", "guides", "past"]
A_STEP = 4  # files of one step
_ABOVE = 8
_MANY = 50

_PLAN = re.compile("方案|规划|计划|纲要|要点")
_POLICY = re.compile("若干(?:政策|措施|意见|规定)|(?:政策|扶持|支持|奖励|补贴|补助)[^》〉]{0,8}办法|政策措施")
_CHANGES = re.compile("关于(?:修改|废止)")
_GUIDE = re.compile("指南|细则|规程|流程|清单|兑现")
# The lowest level first: its plan names the others.
_FROM_BELOW: tuple[Level, ...] = ("zone", "district", "city", "province", "state")


@dataclass(frozen=True, slots=True)
class PathFile:
    """A file to read. ``document_id`` and ``status`` are ``None`` where it is not held; ``number`` as printed. ``relation``: how it is
    linked; ``links``: the sentences that say so; ``named``: the words by which another file names it.
    """

    document_id: str | None
    title: str | None
    number: str | None
    level: Level | None
    status: Status | None
    resolution: str = ""
    relation: Relation | None = None
    links: tuple[Citation, ...] = ()
    named: Citation | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Files of one kind, in the order in which they are to be read."""

    kind: StepKind
    files: tuple[PathFile, ...]


def reading_path(shelf: Shelf, among: Collection[str] | None = None) -> tuple[Step, ...]:
    """Empty where no plan in force names a file on which it rests. ``among``: the plan is one of these files."""
    cards = [card for card in shelf.library.documents() if among is None or card.id in among]
    plan = _newest_plan(shelf, cards)
    if plan is None:
        return ()
    above = _resting(shelf, plan.id)
    policies = _policies(shelf, plan)
    steps = (
        Step("plan", (_held(shelf, plan.id, above),)),
        Step("above", tuple(_named(shelf, link) for link in above)),
        Step("policies", tuple(_held(shelf, card.id, _resting(shelf, card.id)[:1]) for card in policies)),
        Step("guides", tuple(_guides(shelf, policies))[:A_STEP]),
        Step("past", tuple(_past(shelf, policies))[:A_STEP]),
    )
    return tuple(step for step in steps if step.files)


def _newest_plan(shelf: Shelf, cards: Sequence[DocumentCard]) -> DocumentCard | None:
    """Of the lowest level that has one; it must name a file on which it rests."""
    plans = [c for c in cards if _PLAN.search(c.kind or c.title[-16:]) and c.level in _FROM_BELOW and not explains(c)]
    plans.sort(key=_age)
    plans.sort(key=lambda card: _FROM_BELOW.index(card.level or "state"))
    return next((c for c in plans if shelf.status(c.id).state not in DEAD and _resting(shelf, c.id)), None)


def _age(card: DocumentCard) -> int:
    """Newest first."""
    return -(card.issued_on.toordinal() if card.issued_on else 366 * (card.year or 0))


def _resting(shelf: Shelf, document_id: str) -> list[Link]:
    links = [link for link in shelf.library.references(document_id) if link.relation in RESTS_ON]
    return list({(link.title, link.number): link for link in links}.values())[:_ABOVE]


def _policies(shelf: Shelf, plan: DocumentCard) -> list[DocumentCard]:
    """Policies of the plan's level and place of which nothing says that they have ended."""
    here = [
        c
        for c in shelf.library.documents()
        if c.level == plan.level and (plan.region is None or c.region in (plan.region, None))
    ]
    found = sorted(
        (c for c in here if _POLICY.search(c.title) and not _CHANGES.search(c.title) and not explains(c)), key=_age
    )
    return [card for card in found if shelf.status(card.id).state not in DEAD][:A_STEP]


def _guides(shelf: Shelf, policies: Sequence[DocumentCard]) -> Iterator[PathFile]:
    done: set[str] = set()
    for card in policies:
        for link in shelf.library.cited_by(card.id, _MANY):
            guide = shelf.card(link.source_id)
            wanted = _GUIDE.search(guide.title) and not explains(guide) and shelf.status(guide.id).state not in DEAD
            if wanted and guide.id not in done:
                done.add(guide.id)
                yield _held(shelf, guide.id, [link])


def _past(shelf: Shelf, policies: Sequence[DocumentCard]) -> Iterator[PathFile]:
    done: set[Citation] = set()
    for card in policies:
        for link in shelf.library.references(card.id):
            if link.relation in ENDS:
                file = _named(shelf, link)
                if not done.issuperset(file.links):
                    done.update(file.links)
                    yield file


def _held(shelf: Shelf, document_id: str, links: Sequence[Link]) -> PathFile:
    """A file of the library, with the sentences of its own that link it to others."""
    card = shelf.card(document_id)
    title = shelf.document(document_id).metadata.title
    relation = links[0].relation if links else None
    said = tuple(_sentences(shelf, links))
    return PathFile(document_id, title, card.document_number, card.level, shelf.status(document_id), "", relation, said)


def _named(shelf: Shelf, link: Link) -> PathFile:
    """A file in the words of the one that names it; held or not."""
    reference = link.references[0]
    clause = shelf.clause_at(link.source_id, reference.span.start)
    span = Span(reference.span.start, min(reference.span.end, clause.span.end))
    target = link.resolution.document_id
    return PathFile(
        target,
        link.title,
        link.number,
        shelf.card(target).level if target else link.level,
        shelf.status(target) if target else None,
        link.resolution.label,
        link.relation,
        tuple(_sentences(shelf, [link])),
        cited(shelf, link.source_id, span),
    )


def _sentences(shelf: Shelf, links: Sequence[Link]) -> Iterator[Citation]:
    """The sentences in which a file names others, each once; a cell of a table names a file and says nothing of it."""
    done: set[tuple[str, Span]] = set()
    for link in links:
        document, at = shelf.document(link.source_id), link.references[0].span.start
        clause = shelf.clause_at(document.id, at)
        span = sentence_at(at, clause, document.text)
        if clause.kind != "table_row" and span.start < span.end and (document.id, span) not in done:
            done.add((document.id, span))
            yield cited(shelf, document.id, span)
