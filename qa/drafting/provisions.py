"""What the files of state, province, city and district provide on a topic: the measures in force, and apart the ended ones."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from index.card import DocumentCard
from index.measures import MeasureRecord
from index.query import Filters, understand
from ingest.document import LEVEL_NAMES, Clause, PolicyDocument, Span
from ingest.rows import Row
from qa.comparison import Supports
from qa.drafting.request import Request
from qa.drafting.topics import SPEAKS, core, is_about, is_near
from qa.evidence import DEAD, Shelf, explains
from qa.injection import instructs
from qa.matching import Profile, match
from qa.matching.doubles import amended, repeats
from qa.matching.places import line_of, reaches
from qa.passage import topic_share, trimmed
from qa.proof import sentences
from qa.question import analyse

NAMED = 0.3  # weight of the topic in the measure's own name: 支持技术改造 is about it, another clause only mentions it
FITS = 0.5  # of the purpose's words: where some measures have so many, the others are of other purposes
PART = 0.4  # … and of the best share, what another may have
CLOSE = 0.35  # a measure whose mark is further behind the best one is off the topic
CANDIDATES = 40  # clauses looked through for each level
FILES_OF_LEVEL = 3  # plans of one level
MOST_FILES = 5  # files of which all measures are looked at where no points were named
COMING = "尚未施行"
LEVELS = tuple(LEVEL_NAMES)

_NEW_WORDING = re.compile(r"\s*将[^：:“]{1,24}(?:修改为|改为)[：:]?“(?P<new>[^\n]+)”[；;。]?\s*")
_LOWER = r"(?:各地|各市|各县|各区|市、县|县（市、区）|县（区）|市县|区县)"
_DELEGATES = re.compile(
    r"(?:标准|办法|细则|额度|比例|条件)[^。；;\n]{0,12}(?:(?<!不)另行|由[^。；;\n]{1,24}|各[^。；;\n]{1,12})(?:制定|确定|明确|规定)(?!的)"
    rf"|{_LOWER}[^。；;\n]{{0,30}}(?:(?<!按照)结合实际|因地制宜|制定(?!的)|细化|统筹落实)|{_LOWER}可以?[^。；;\n]{{0,40}}(?:给予|予以)"
)
_TELLS = re.compile("常见问题|问题解答|问答|解答|请查收|一图读懂|[您？！]")
_DENIES = re.compile("不予|不属于|不享受|不得享受|不适用")
_OPENS_LOWER = re.compile(_LOWER)


@dataclass(frozen=True, slots=True)
class Provision:
    """A measure of a clause with the words that grant it: ``spans`` of the document, the lead sentence of its list first. ``row``:
    the clause as a row of a table, whose head names its words.
    """

    record: MeasureRecord
    document: PolicyDocument
    clause: Clause
    spans: tuple[Span, ...]
    mark: float = 0.0
    row: Row | None = None

    @property
    def words(self) -> str:
        if self.row:
            return f"{'；'.join(self.row.said(self.document.text))}。"
        return "".join(span.of(self.document.text).strip() for span in self.spans)

    @property
    def key(self) -> tuple[str, Span]:
        return self.record.card.id, self.spans[-1]

    @property
    def rank(self) -> int:
        level = self.record.card.level
        return LEVELS.index(level) if level else len(LEVELS)


class Finder:
    """Measures that a body of the request's level and place may build on: of its own place and above it, in force on the day."""

    def __init__(self, shelf: Shelf, request: Request) -> None:
        self.shelf, self.request = shelf, request
        self._own = LEVELS.index(request.level)
        self._searched: dict[tuple[str, str], tuple[Provision, ...]] = {}
        known = {topic.word for topic in analyse(request.industry).topics}
        self._purpose = tuple(t for t in analyse(request.purpose).topics if t.word not in known and t.weight >= 1.0)

    @cached_property
    def records(self) -> tuple[MeasureRecord, ...]:
        """All measures that grant something, of the place and above it, whatever their validity."""
        found = self.shelf.library.measures(as_of=self.shelf.as_of)
        return tuple(record for record in found if record.measure.benefits and self.reaches(record))

    def reaches(self, record: MeasureRecord) -> bool:
        card, line = record.card, line_of(self.request.region)
        lower = card.level is not None and LEVELS.index(card.level) > self._own
        return not lower and (not self.request.region or reaches(card.level, card.region, line) is not False)

    @cached_property
    def live(self) -> tuple[MeasureRecord, ...]:
        """Of files that are in force, of the industry."""
        return tuple(
            record
            for record in self.records
            if record.status.state not in DEAD
            and record.status.state != COMING
            and record.measure.id not in self._other_industry
        )

    @cached_property
    def _supports(self) -> Supports:
        return Supports(self.live)

    @cached_property
    def _dead(self) -> Supports:
        return Supports([r for r in self.records if r.status.state in DEAD or r.status.state == COMING])

    @cached_property
    def _other_industry(self) -> frozenset[str]:
        if not self.request.industry:
            return frozenset()
        found = match(Profile(industries=(self.request.industry,)), self.records, self.shelf.as_of)
        every = (*found.current, *found.ended, *found.coming)
        return frozenset(
            m.record.measure.id
            for m in every
            if any(d.need.sort == "industry" and d.verdict == "not_met" for d in m.decisions)
        )

    @cached_property
    def _by_clause(self) -> dict[str, list[MeasureRecord]]:
        found = defaultdict(list)
        for record in self.live:
            found[record.measure.clause_id].append(record)
        return found

    def provisions(self, topic: str) -> tuple[Provision, ...]:
        """What is provided on the topic at every level, the nearest level first, within one the best first."""
        found = [each for level in LEVELS[: self._own + 1] for each in self._at(level, topic)]
        return tuple(sorted(found, key=lambda each: -each.rank))

    def near(self, topic: str) -> tuple[Provision, ...]:
        """What has part of the topic and is not about it, the nearest level first: worth a look where nothing else is found."""
        topics = core(topic)
        found = [
            e
            for level in LEVELS[: self._own + 1]
            for e in self._candidates(level, topic)
            if is_near(topics, self._own_words(e))
        ]
        return tuple(sorted(found, key=lambda each: -each.rank))

    def _fitting(self, found: list[Provision]) -> list[Provision]:
        """Those of one level that serve the purpose, where any does; those that serve a part of it stay."""
        shares = [topic_share(self._purpose, f"{e.document.title}{self._own_words(e)}") for e in found]
        best = max(shares, default=0.0)
        return [e for e, s in zip(found, shares, strict=True) if s >= PART * best] if best >= FITS else found

    @staticmethod
    def _close(found: list[Provision]) -> list[Provision]:
        best = max((each.mark for each in found), default=0.0)
        order = list(dict.fromkeys(each.document.id for each in found))
        near = [each for each in found if each.mark >= best - CLOSE]
        return sorted(near, key=lambda e: (-round(e.mark, 1), order.index(e.document.id), e.clause.span.start))

    def _at(self, level: str, topic: str) -> list[Provision]:
        topics, found = core(topic), []
        for each in self._candidates(level, topic):
            own = self._own_words(each)
            around = f"{each.document.title}{own}"
            if is_about(topics, own, around):
                named = topic_share(topics, f"{each.clause.heading}{each.record.measure.name}")
                found.append(replace(each, mark=topic_share(topics, around) + NAMED * named))
        return self._close(self._fitting(found))

    def _candidates(self, level: str, topic: str) -> tuple[Provision, ...]:
        """Measures in the clauses that a search for the topic finds."""
        if (level, topic) not in self._searched:
            asked = understand(topic, Filters(levels=(level,)), self.shelf.as_of, limit=CANDIDATES)
            found = dict.fromkeys(hit.chunk.clause_id for hit in self.shelf.library.search(asked))
            made = (self.provision(self._by_clause[id_], rows=True) for id_ in found if id_ in self._by_clause)
            self._searched[level, topic] = tuple(each for each in made if each)
        return self._searched[level, topic]

    def _own_words(self, provision: Provision) -> str:
        """The clause with the headings that it stands under, without the title of the file."""
        above = self.shelf.ancestors(provision.document.id, provision.clause)
        headings = [c.heading for c in above if c.marker and c.kind != "annex"]
        words = provision.words if provision.row else provision.clause.text
        return f"{''.join(headings)}{provision.clause.heading}{words}"

    def everything(self) -> tuple[Provision, ...]:
        """What the nearest level with any measure of the industry grants, in the order of its files, as far as a search finds it."""
        about = f"{self.request.industry} {self.request.purpose}".strip()
        industry = analyse(self.request.industry).topics
        for level in reversed(LEVELS[: self._own + 1]):
            made = [*self._candidates(level, about), *self._of_files(level, about)]
            found = sorted({e.key: e for e in made}.values(), key=lambda e: (e.document.id, e.clause.span.start))
            own = [e for e in found if topic_share(industry, f"{e.document.title}{self._own_words(e)}") >= FITS]
            if found:
                return tuple(self._fitting(own or found))
        return ()

    def _of_files(self, level: str, about: str) -> Iterator[Provision]:
        """All measures of the files in which a search finds most."""
        files = Counter(each.document.id for each in self._candidates(level, about))
        wanted = {document_id for document_id, _ in files.most_common(MOST_FILES)}
        for records in self._by_clause.values():
            if records[0].card.id in wanted and (made := self.provision(records)):
                yield made

    def provision(self, records: Sequence[MeasureRecord], rows: bool = False) -> Provision | None:
        """The measures of one clause as one; ``None`` where another clause counts in its place, or it speaks to the program.
        ``rows``: also of a row of a table.
        """
        first, document = records[0], self.shelf.document(records[0].card.id)
        clause = self.shelf.clause(document.id, first.measure.clause_id)
        row = self.shelf.row(document.id, clause) if rows else None
        if (clause.kind == "table_row" and row is None) or instructs(clause.text):
            return None
        if is_no_basis(first.card) or repeats(first, document.text) or amended(self.shelf.library, first, document):
            return None
        span = Span(min(r.measure.span.start for r in records), max(r.measure.span.end for r in records))
        span = trimmed(_new_wording(span, document.text), document.text)
        if any(_DENIES.search(lead.of(document.text)) for lead in first.measure.lead):
            return None
        leads = [s for s in first.measure.lead if s.of(document.text).rstrip().endswith(("：", ":"))]
        if row:
            return (
                None
                if row.is_head
                else Provision(first, document, clause, (trimmed(clause.span, document.text),), 0.0, row)
            )
        return Provision(first, document, clause, (*(trimmed(s, document.text) for s in leads), span))

    def alike(self, provision: Provision, topic: str) -> tuple[Provision, ...]:
        """The same support in other files in force, as far as it has something of the topic, the highest level first."""
        found = [self.provision([record]) for record, _ in self._supports.same(provision.record)]
        others = [each for each in found if each and each.record.card.id != provision.record.card.id]
        topics = core(topic)
        return tuple(sorted((e for e in others if is_near(topics, self._own_words(e))), key=lambda each: each.rank))

    def ended(self, provision: Provision) -> tuple[Provision, ...]:
        """The same support in files that have ended, or are not in force yet: to be known of, never a basis."""
        found = [self.provision([record]) for record, _ in self._dead.same(provision.record)]
        return tuple(each for each in found if each)

    def ended_on(self, topic: str) -> tuple[Provision, ...]:
        """As ``ended``, of a topic on which nothing is in force."""
        topics, dead = core(topic), {r.measure.clause_id: r for r in self.records if r.status.state in DEAD}
        asked = understand(topic, Filters(validity=tuple(DEAD)), self.shelf.as_of, limit=CANDIDATES)
        hits = dict.fromkeys(hit.chunk.clause_id for hit in self.shelf.library.search(asked))
        found = [self.provision([dead[clause_id]]) for clause_id in hits if clause_id in dead]
        return tuple(e for e in found if e and is_about(topics, own := self._own_words(e), f"{e.document.title}{own}"))

    def sentences(
        self, query: str, pattern: re.Pattern[str], levels: Iterable[str] = (), first: Iterable[str] = ()
    ) -> Iterator[tuple[str, Span]]:
        """Sentences of files in force that the pattern finds, as (document, span): those of the files ``first``, then what a
        search finds, nearest level first.
        """
        for document_id in first:
            for clause in self.shelf.document(document_id).clauses:
                yield from self._matching(document_id, clause.id, pattern)
        for level in levels or reversed(LEVELS[: self._own + 1]):
            asked = understand(query, Filters(levels=(level,)), self.shelf.as_of, limit=CANDIDATES)
            for hit in self.shelf.library.search(asked):
                yield from self._matching(hit.chunk.document_id, hit.chunk.clause_id, pattern)

    def files(self, about: str) -> Iterator[tuple[str, str]]:
        """(level, document) of those in force in which a search finds most, a few of each level, the highest first."""
        for level in LEVELS[: self._own + 1] if about else ():
            asked = understand(about, Filters(levels=(level,)), self.shelf.as_of, limit=CANDIDATES)
            found = Counter(hit.chunk.document_id for hit in self.shelf.library.search(asked))
            usable = (document_id for document_id, _ in found.most_common() if self._may_rest_on(document_id))
            yield from ((level, document_id) for document_id in islice(usable, FILES_OF_LEVEL))

    def _may_rest_on(self, document_id: str) -> bool:
        """In force, of the place or above it, and no explanation of another file."""
        card, state = self.shelf.card(document_id), self.shelf.status(document_id).state
        elsewhere = (
            bool(self.request.region) and reaches(card.level, card.region, line_of(self.request.region)) is False
        )
        return not (state in DEAD or state == COMING or is_no_basis(card) or elsewhere)

    def _matching(self, document_id: str, clause_id: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, Span]]:
        if not self._may_rest_on(document_id):
            return
        clause = self.shelf.clause(document_id, clause_id)
        if clause.kind != "body" or instructs(clause.text):
            return
        start, text = clause.span.start, clause.text
        for found in sentences(text):
            if pattern.search(found.of(text).removeprefix(clause.marker).lstrip()):
                span = trimmed(Span(start + found.start, start + found.end), self.shelf.document(document_id).text)
                yield document_id, span

    def delegations(self, topic: str, provisions: Iterable[Provision]) -> tuple[tuple[str, Span], ...]:
        """Sentences of these clauses, as far as they are of higher files, that leave something of it to lower levels."""
        topics, found = analyse(topic).topics, []
        for each in provisions:
            for span in _delegating(each.document, each.clause) if each.rank < self._own else ():
                words = span.of(each.document.text)
                if topic_share(topics, words) >= FITS or _OPENS_LOWER.match(words):
                    found.append((each.document.id, span))
        return tuple(dict.fromkeys(found))

    def delegations_on(self, topic: str) -> tuple[tuple[str, Span], ...]:
        """As ``delegations``, of any clause of a higher file that speaks of the topic."""
        topics, found = core(topic), []
        for document_id, span in self.sentences(topic, _DELEGATES, LEVELS[: self._own]):
            words = span.of(self.shelf.document(document_id).text)
            if topic_share(topics, words) >= SPEAKS:
                found.append((document_id, span))
        return tuple(dict.fromkeys(found))


def is_no_basis(card: DocumentCard) -> bool:
    """It tells people of other files: an explanation, questions and answers, an article."""
    return explains(card) or bool(_TELLS.search(card.title))


def delegates(sentence: str) -> bool:
    """Whether it leaves something to lower levels."""
    return bool(_DELEGATES.search(sentence))


def _delegating(document: PolicyDocument, clause: Clause) -> Iterator[Span]:
    for found in sentences(clause.text):
        if delegates(found.of(clause.text)):
            yield trimmed(Span(clause.span.start + found.start, clause.span.start + found.end), document.text)


def _new_wording(span: Span, text: str) -> Span:
    """Of 将第五条修改为：“…” what stands between the quotation marks."""
    match = _NEW_WORDING.fullmatch(span.of(text))
    return Span(span.start + match.start("new"), span.start + match.end("new")) if match else span
