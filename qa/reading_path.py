"""“我刚来，先看哪些文件”: newest plan → the upper files that it names → the policies in force → guides and rules to them. From the
references of the files alone; each step with the sentence that links it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.card import DocumentCard
from index.chunk import Hit
from index.lineage import Link
from ingest.document import LEVEL_NAMES, PolicyDocument, book_title
from ingest.normalize import fold
from qa.answer import Sentence
from qa.compose import Composed, framed, named, quoted, sentence_at
from qa.evidence import DEAD, Shelf, explains
from qa.passage import topic_share
from qa.question import Question

RESTS_ON = frozenset({"implements", "based_on", "coordinates", "forwards"})
ENDS = frozenset({"repeals", "supersedes"})
A_STEP = 4  # files of one step
ABOUT = 0.5  # share of the question's topics in a title
NO_ORDER = "库内文件之间没有查到落实、依据的关系，排不出先后。"
_NEWCOMER = r"刚来|新来|刚到|刚入职|新入职|新员工|新同事|新人|刚调|刚接手|入门|刚开始"
_READS = r"[看读学]|了解|熟悉|入手"
_ASKS = re.compile(
    rf"(?:{_NEWCOMER})[^。；]{{0,24}}(?:{_READS})[^。；]{{0,12}}(?:文件|政策|顺序|哪)|(?:{_NEWCOMER})[^。；]{{0,16}}(?:哪[些几份个]|什么)(?:文件|政策)"
    rf"|(?:什么|怎样的?)顺序(?:{_READS})|先(?:{_READS})(?:哪|什么)[^。；]{{0,4}}(?:文件|政策)|从哪[份个]?(?:文件|政策)?(?:{_READS})(?:起|手)"
)
_PLAN = re.compile("方案|规划|计划|纲要|要点")
_POLICY = re.compile("若干(?:政策|措施|意见|规定)|(?:政策|扶持|支持|奖励|补贴|补助)[^》〉]{0,8}办法|政策措施")
_GUIDE = re.compile("指南|细则|规程|流程|清单|兑现")
# The lowest level first: its plan names the others.
_FROM_BELOW = ("zone", "district", "city", "province", "state")
_ABOUT_THE_ASKER = frozenset("员工|新人|同事|顺序|文件|政策|工作|入职|入门".split("|"))


def reading_path(shelf: Shelf, question: Question, hits: Sequence[Hit]) -> Composed | None:
    """``None`` where something else is asked. A subject narrows it to files that are about it by their title or by a clause."""
    if not _ASKS.search(fold(question.text)):
        return None
    topics = [t for t in question.topics if t.weight >= 1.0 and t.word not in _ABOUT_THE_ASKER]
    found = {hit.chunk.document_id for hit in hits}
    cards = [
        c for c in shelf.library.documents() if not topics or c.id in found or topic_share(topics, c.title) >= ABOUT
    ]
    plan = _newest_plan(shelf, cards)
    if plan is None:
        return Composed((), NO_ORDER)
    document, above = shelf.document(plan.id), _resting(shelf, plan.id)
    first = _step("一、最新的方案", [(named(document), _linking(shelf, document, above))])
    second = _step("二、它落实的上级文件", [(_name(shelf, link), ()) for link in above])
    return Composed((*first, *second, *_policies(shelf, plan)))


def _newest_plan(shelf: Shelf, cards: Sequence[DocumentCard]) -> DocumentCard | None:
    """Of the lowest level that has one; it must name a file on which it rests."""
    plans = [c for c in cards if _PLAN.search(c.kind or c.title[-16:]) and c.level in _FROM_BELOW and not explains(c)]
    plans.sort(key=lambda c: c.issued_on.toordinal() if c.issued_on else 366 * (c.year or 0), reverse=True)
    plans.sort(key=lambda c: _FROM_BELOW.index(c.level or "state"))
    return next((c for c in plans if _resting(shelf, c.id) and shelf.status(c.id).state not in DEAD), None)


def _resting(shelf: Shelf, document_id: str) -> list[Link]:
    links = [link for link in shelf.library.references(document_id) if link.relation in RESTS_ON]
    return list({(link.title, link.number): link for link in links}.values())[: 2 * A_STEP]


def _policies(shelf: Shelf, plan: DocumentCard) -> Iterator[Sentence]:
    """The policies in force of the plan's level and place, with what they rest on; then what carries them out, and what they ended."""
    level = [c for c in shelf.library.documents() if c.level == plan.level and not explains(c)]
    here = [c for c in level if plan.region is None or c.region in (plan.region, None)]
    here.sort(key=lambda c: c.issued_on.toordinal() if c.issued_on else 366 * (c.year or 0), reverse=True)
    policies = [c for c in here if _POLICY.search(c.title) and not re.search("关于(?:修改|废止)", c.title)]
    current = [c for c in policies if shelf.status(c.id).state not in DEAD][:A_STEP]
    documents = [shelf.document(card.id) for card in current]
    yield from _step(
        "三、现行的政策措施", [(named(d), _linking(shelf, d, _resting(shelf, d.id)[:1])) for d in documents]
    )
    guides: dict[str, tuple[str, tuple[Sentence, ...]]] = {}
    for card in current:
        for link in shelf.library.cited_by(card.id, 50):
            other = shelf.card(link.source_id)
            wanted = _GUIDE.search(other.title) and not explains(other) and shelf.status(other.id).state not in DEAD
            if wanted and other.id not in guides:
                source = shelf.document(other.id)
                guides[other.id] = (named(source), _linking(shelf, source, [link]))
    yield from _step("四、指南和细则", list(guides.values())[:A_STEP])
    ended = [(d, [k for k in shelf.library.references(d.id) if k.relation in ENDS]) for d in documents]
    past = [sentence for d, links in ended for sentence in _linking(shelf, d, links)][:A_STEP]
    yield from (replace(sentence, group="五、只供了解沿革") for sentence in past)


def _step(heading: str, files: Sequence[tuple[str, Sequence[Sentence]]]) -> Iterator[Sentence]:
    for name, reasons in files:
        yield replace(framed(f"{name}。"), group=heading)
        yield from (replace(sentence, group=heading) for sentence in reasons)


def _linking(shelf: Shelf, document: PolicyDocument, links: Sequence[Link]) -> tuple[Sentence, ...]:
    """The sentences of the document in which it names the files, each once."""
    found: dict[tuple[str, int], Sentence] = {}
    for at in (reference.span.start for link in links for reference in link.references[:1]):
        clause = shelf.clause_at(document.id, at)
        if clause.kind == "table_row":  # names the file in a cell, and says nothing of it
            continue
        span = sentence_at(at, clause, document.text)
        found.setdefault((clause.id, span.start), quoted(document, (clause, span)))
    return tuple(found.values())


def _name(shelf: Shelf, link: Link) -> str:
    held = link.resolution.document_id
    if held is None:
        return f"{book_title(link.title or '')}（{link.number or '文号未标明'}，{link.resolution.label}）"
    card, level = shelf.card(held), shelf.card(held).level
    return f"{named(shelf.document(held))}（{card.document_number or '文号未标明'}，{LEVEL_NAMES[level] if level else '级别未标明'}）"
