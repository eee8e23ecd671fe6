"""A quiz for newcomers: sentences of files with a figure, a day or a term left out, and where the answer stands.

Nothing is invented: the sentence is verbatim and proven by its clause, the answer is what the clause prints, and each wrong
option is a figure or term of the same sort from another real clause, which opens too. An item whose answer is not the only
one in its file is not asked. The same seed gives the same quiz.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from index.definitions import terms_of
from index.library import Library
from index.measures import MeasureRecord
from index.query import NO_FILTERS, Filters, passing
from index.term_names import key_of_name
from ingest.document import Clause, PolicyDocument, Span
from ingest.errors import PolicyError
from ingest.normalize import fold
from ingest.numerals import find_quantities
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import DEAD, Shelf
from qa.framework.changes import articles_changed
from qa.framework.goals import goals
from qa.injection import instructs
from qa.passage import body_span
from qa.proof import prove
from qa.proof.words import HEADLESS
from qa.source import cite

ItemKind = Literal["measure", "target", "definition", "date"]
ITEM_NAMES: dict[ItemKind, str] = {"measure": "支持标准", "target": "目标", "definition": "名词", "date": "日期"}
ASKS: dict[ItemKind, str] = {
    "measure": "空缺处是多少？",
    "target": "空缺处是多少？",
    "definition": "空缺处是哪个词？",
    "date": "空缺处是哪一天？",
}
BLANK = "____"
OPTIONS = 4
FILES_READ = 12  # for one quiz
MOST_READ = 48  # where the first have little that can be asked
ENOUGH = 3  # places for each question: not every place has wrong options
FAR = 20.0  # times
LONGEST = 160  # characters of a sentence; a longer one is no question
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_BARE = re.compile(r"(?:到|至)?20\d\d年(?:底|末)?[^，,]{0,8}(?:达到|突破|超过|不低于)")
_FIGURE = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Option:
    """``citation``: the sentence in which it stands: that of the answer, or another in which it is right."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Item:
    """``before`` ____ ``after`` is the cited sentence; ``options[answer]`` is what stands in the gap."""

    kind: ItemKind
    ask: str
    before: str
    after: str
    options: tuple[Option, ...]
    answer: int

    @property
    def stem(self) -> str:
        return f"{self.before}{BLANK}{self.after}"

    @property
    def citation(self) -> Citation:
        return self.options[self.answer].citation


@dataclass(frozen=True, slots=True)
class Quiz:
    """``files``: how many files the questions may come from."""

    items: tuple[Item, ...]
    as_of: date
    seed: int
    files: int


@dataclass(frozen=True, slots=True)
class _Gap:
    """What may be left out: ``sort`` and ``value`` tell what it can be exchanged for, and what is equal to it."""

    kind: ItemKind
    document: PolicyDocument
    clause: Clause
    sentence: Span
    gap: Span
    sort: str
    value: object
    says: str = ""

    @property
    def text(self) -> str:
        return self.gap.of(self.document.text)

    @property
    def before(self) -> str:
        return self.document.text[self.sentence.start : self.gap.start]

    @property
    def after(self) -> str:
        return self.document.text[self.gap.end : self.sentence.end]


def quiz(
    library: Library, filters: Filters = NO_FILTERS, as_of: date | None = None, count: int = 10, seed: int = 0
) -> Quiz:
    """Up to ``count`` items from files of the selection that are not repealed or expired on the day."""
    shelf = Shelf(library, as_of or date.today())
    random = Random(seed)
    ids = _files(shelf, filters)
    random.shuffle(ids)
    found: dict[str, tuple[_Gap, ...]] = {}
    for id_ in ids[:MOST_READ]:
        if len(found) >= FILES_READ and sum(map(len, found.values())) >= ENOUGH * count:
            break
        found[id_] = _gaps(shelf, id_)
    others = [id_ for id_ in _files(shelf, NO_FILTERS) if id_ not in found][: max(0, FILES_READ - len(found))]
    pool = [gap for gaps in (*found.values(), *(_gaps(shelf, id_) for id_ in others)) for gap in gaps]
    items: list[Item] = []
    for gap in _mixed([gap for gaps in found.values() for gap in gaps], random):
        if len(items) >= count:
            break
        item = _item(shelf, gap, pool, random)
        if item:
            items.append(item)
    return Quiz(tuple(items), shelf.as_of, seed, len(found))


def _files(shelf: Shelf, filters: Filters) -> list[str]:
    cards = {card.id: card for card in shelf.library.documents()}
    allowed = passing(filters, cards, lambda id_, _: shelf.status(id_).state, shelf.as_of)
    ids = sorted(id_ for id_ in cards if allowed is None or id_ in allowed)
    return [id_ for id_ in ids if shelf.status(id_).state not in DEAD]


def _gaps(shelf: Shelf, document_id: str) -> tuple[_Gap, ...]:
    """Everything of a file that can be asked, where it is the only thing that fits."""
    document = shelf.document(document_id)
    found: dict[Span, _Gap] = {}
    for kind, spans in (
        ("measure", _measured(shelf.library.measures(Filters(document_ids=(document_id,)), shelf.as_of))),
        ("target", _aimed(shelf, document)),
        ("date", _days(document)),
    ):
        for span in spans:
            gap = _gap(shelf, document, kind, span)
            if gap:
                found.setdefault(gap.gap, gap)
    for gap in _defined(shelf, document):
        found.setdefault(gap.gap, gap)
    changed = _changed_articles(shelf, document_id)
    skeletons = Counter(_FIGURE.sub("#", fold(sentence)) for sentence in _sentences(document))
    asked = (gap for gap in found.values() if gap.clause.kind != "table_row" or _column(shelf, gap))
    standing = (gap for gap in asked if changed is not None and not _names(gap.clause, changed))
    return tuple(gap for gap in standing if _is_only(gap, skeletons))


def _changed_articles(shelf: Shelf, document_id: str) -> tuple[str, ...] | None:
    """Articles that other files amend or end; ``None`` where these do not say which: then nothing of the file can be asked."""
    found: list[str] = []
    for other_id, claim in shelf.library.claims_on(document_id):
        if claim.relation in ("amends", "partially_repeals"):
            articles = claim.articles or articles_changed(shelf.document(other_id))
            if not articles:
                return None
            found += articles
    return tuple(fold(article).replace(" ", "") for article in found)


def _names(clause: Clause, articles: Sequence[str]) -> bool:
    """Whether the clause is one of the articles, or stands in one; of a paragraph that is named, the whole article."""
    path = fold(clause.path).replace(" ", "")
    return any(path.startswith(article[: article.find("条") + 1] or article) for article in articles)


def _gap(shelf: Shelf, document: PolicyDocument, kind: ItemKind, span: Span) -> _Gap | None:
    words = span.of(document.text)
    quantities = find_quantities(words)
    if _DAY.fullmatch(fold(words)):
        sort, value = "日", fold(words)
    elif len(quantities) == 1 and quantities[0].span == Span(0, len(words)):
        sort, value = f"{quantities[0].kind} {quantities[0].unit}", float(quantities[0].value)
    else:
        return None
    clause = shelf.clause_at(document.id, span.start)
    return _Gap(kind, document, clause, sentence_at(span.start, clause, document.text), span, sort, value)


def _measured(records: Sequence[MeasureRecord]) -> Iterator[Span]:
    """The sums and shares that measures grant; not those that a person has corrected."""
    for record in records:
        for benefit in record.measure.benefits if not record.corrections else ():
            for amount in (benefit.value, benefit.max, benefit.rate):
                if amount:
                    yield amount.span


def _aimed(shelf: Shelf, document: PolicyDocument) -> Iterator[Span]:
    for target in goals(shelf, document.id):
        quote = target.citation.quote
        if quote.count(target.value) == 1:
            start = target.citation.span.start + quote.index(target.value)
            yield Span(start, start + len(target.value))


def _days(document: PolicyDocument) -> Iterator[Span]:
    for span in filter(None, (document.terms.effective_span, document.terms.expires_span)):
        for match in _DAY.finditer(fold(span.of(document.text))):
            yield Span(span.start + match.start(), span.start + match.end())


def _defined(shelf: Shelf, document: PolicyDocument) -> Iterator[_Gap]:
    """Terms whose sentence names them once."""
    terms = [term for term in terms_of(document) if not term.is_alias and not term.items]
    sentences = Counter(term.span for term in terms)
    for term in terms:
        sentence = term.span.of(document.text)
        apart = term.span.contains(term.name_span) and not term.name_span.contains(term.meaning)
        if apart and sentences[term.span] == 1 and sentence.count(term.name) == 1 and term.kind != "分述":
            clause = shelf.clause_at(document.id, term.span.start)
            said = fold(term.meaning.of(document.text))
            yield _Gap("definition", document, clause, term.span, term.name_span, "词", key_of_name(term.name), said)


def _sentences(document: PolicyDocument) -> Iterator[str]:
    for clause in document.clauses:
        yield from re.split(r"(?<=[。！？；\n])", body_span(clause, document.text).of(document.text))


def _is_only(gap: _Gap, skeletons: Counter[str]) -> bool:
    """Whether the sentence is short, speaks for itself, is proven by its clause, and no other of the file is like it."""
    sentence = gap.sentence.of(gap.document.text)
    if len(sentence) > LONGEST or not gap.sentence.contains(gap.gap) or len(gap.before + gap.after) < 8:
        return False
    if sentence.count(gap.text) > 1 or gap.clause.kind in ("front", "back") or instructs(gap.clause.text):
        return False
    first = gap.document.text[gap.clause.span.start : gap.sentence.start].strip()
    if first and len(first) > len(gap.clause.marker) and (_BARE.match(sentence) or HEADLESS.search(fold(sentence))):
        return False  # of whom it speaks was said before
    alike = sum(
        skeletons[_FIGURE.sub("#", fold(part))] > 1
        for part in re.split(r"(?<=[。！？；\n])", sentence)
        if gap.text in part
    )
    return not alike and prove(sentence, gap.clause.text).passed


def _mixed(gaps: Sequence[_Gap], random: Random) -> Iterator[_Gap]:
    """One of each kind in turn, of each sentence one."""
    waiting: dict[ItemKind, list[_Gap]] = defaultdict(list)
    for gap in sorted(gaps, key=lambda gap: (gap.document.id, gap.gap.start)):
        waiting[gap.kind].append(gap)
    for group in waiting.values():
        random.shuffle(group)
    asked: set[tuple[str, Span]] = set()
    while any(waiting.values()):
        for kind in ITEM_NAMES:
            while waiting[kind]:
                gap = waiting[kind].pop()
                if (gap.document.id, gap.sentence) not in asked:
                    asked.add((gap.document.id, gap.sentence))
                    yield gap
                    break


def _item(shelf: Shelf, gap: _Gap, pool: Sequence[_Gap], random: Random) -> Item | None:
    wrong = _wrong(gap, pool, random)
    if len(wrong) < OPTIONS - 1:
        return None
    try:
        options = [Option(other.text, _cited(shelf, other)) for other in (gap, *wrong)]
    except PolicyError:  # a file was removed meanwhile
        return None
    right = options[0]
    random.shuffle(options)
    citation = right.citation
    heading = _column(shelf, gap) or gap.clause.heading
    heading = heading if gap.text not in heading and heading not in gap.before else ""
    path = citation.path.rstrip("、")
    place = f"{citation.source}{path}{f'“{heading}”' if heading else ''}"
    ask = f"{place}：{ASKS[gap.kind]}"
    return Item(gap.kind, ask, gap.before, gap.after, tuple(options), options.index(right))


def _column(shelf: Shelf, gap: _Gap) -> str:
    """What the head of the table calls the cell in which the gap is."""
    row = shelf.row(gap.document.id, gap.clause)
    for cell, names in zip(row.cells, row.names, strict=True) if row else ():
        if cell.span.contains(gap.gap):
            return "，".join(" ".join(name.span.of(gap.document.text).split()) for name in names)
    return ""


def _wrong(gap: _Gap, pool: Sequence[_Gap], random: Random) -> list[_Gap]:
    """Other real figures or terms of the sort, those of the same file first; none that the sentence says, or would be right."""
    sentence = gap.sentence.of(gap.document.text)
    offered = [other for other in pool if other.sort == gap.sort and other.value != gap.value]
    random.shuffle(offered)
    offered.sort(
        key=lambda other: (
            _is_far(gap.value, other.value),
            other.document.id != gap.document.id,
            -_likeness(other, sentence) if gap.kind == "definition" else 0,
        )
    )
    found: dict[object, _Gap] = {}
    for other in offered:
        if len(found) == OPTIONS - 1:
            break
        if (
            other.value in found
            or other.text in sentence
            or gap.text in other.text
            or (gap.says and gap.says == other.says)
        ):
            continue
        if not prove(f"{gap.before}{other.text}{gap.after}", gap.clause.text).passed:
            found[other.value] = other
    return list(found.values())


def _likeness(other: _Gap, sentence: str) -> float:
    """How much of a term's name could stand in the sentence by its characters: 冶金 tempts nobody where 住房保障 is asked for."""
    return sum(char in sentence for char in other.text) / len(other.text)


def _is_far(one: object, other: object) -> bool:
    """Whether two figures differ so much that nobody takes one for the other."""
    if not isinstance(one, float) or not isinstance(other, float):
        return False
    small, large = sorted((abs(one), abs(other)))
    return large > FAR * small


def _cited(shelf: Shelf, gap: _Gap) -> Citation:
    id_ = gap.document.id
    return cite(shelf.card(id_), shelf.status(id_), gap.document, gap.sentence)
