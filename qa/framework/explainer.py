"""一图读懂: what one page says of a file. On what it rests, whom it supports, with what and how much, on what condition, from when
until when, and which department to ask: every line in the file's own words, with where it stands. What it does not state is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from index.card import DocumentCard
from index.library import Library
from index.lineage import Link
from index.query import Filters
from ingest.document import RELATION_NAMES, PolicyDocument, Span
from ingest.measures.model import Condition, Measure
from ingest.normalize import fold
from ingest.validity import Status
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import Shelf
from qa.framework.goals import goals, sentences_of_targets
from qa.framework.phrases import LONGEST_PART, nouns_of, part_of
from qa.framework.relations import RESTS_ON
from qa.framework.responsibilities import responsibilities
from qa.framework.sections import by_parent, heading_of, headings, headline, is_refused, items, opening, opens, tasks
from qa.injection import instructs
from qa.source import cite

FEW = 3  # measures; a file with fewer is told by its headings too
WHOLE = 110  # characters of a sentence that is quoted whole; of a longer one the words that grant something

_INTERPRETS = re.compile(r"由[^。；，,;\s由]{2,40}负责解释")


@dataclass(frozen=True, slots=True)
class Quoted:
    """``text``: words of the file as they stand in ``citation``."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Basis:
    """A file that this one rests on, as it names it."""

    relation: str
    title: str | None
    number: str | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Grant:
    """A measure: its name and the sentences that say what it gives."""

    name: str
    benefits: tuple[Quoted, ...]
    citation: Citation

    @property
    def heading(self) -> str:
        """The name, where the first sentence does not begin with it."""
        return "" if self.benefits[0].text.startswith(self.name) else self.name


@dataclass(frozen=True, slots=True)
class Explainer:
    """Each group in the order of the text, without repetition. ``contents``: what is to be done, or the headings, of a file with few
    measures; ``aims``: the words of its targets.

    ``starts``, ``ends``: the sentences that say from when and until when it is in force; ``windows``: 申报时间.
    ``interpreter``: 由谁负责解释.
    """

    card: DocumentCard
    status: Status
    title: str | None
    as_of: date
    bases: tuple[Basis, ...]
    who: tuple[Quoted, ...]
    grants: tuple[Grant, ...]
    contents: tuple[Quoted, ...]
    conditions: tuple[Quoted, ...]
    starts: Quoted | None
    ends: Quoted | None
    windows: tuple[Quoted, ...]
    departments: tuple[Quoted, ...]
    interpreter: Quoted | None
    aims: tuple[Quoted, ...] = ()


def explainer(library: Library, document_id: str, as_of: date) -> Explainer:
    """Raises PolicyError when the document is unknown."""
    shelf = Shelf(library, as_of)
    reader = _Reader(shelf, document_id)
    records = library.measures(Filters(document_ids=(document_id,)), as_of)
    held = (record.measure for record in records if record.card.sha256 == reader.document.sha256)
    measures = [measure for measure in held if not is_refused(reader.document, measure)]
    grants = tuple(reader.grants(measures))
    who = reader.quotes(span for measure in measures if measure.benefits for span in reader.who(measure))
    terms = reader.document.terms
    return Explainer(
        card=shelf.card(document_id),
        status=shelf.status(document_id),
        title=reader.document.metadata.title,
        as_of=as_of,
        bases=tuple(reader.bases(library.references(document_id))),
        who=who,
        grants=grants,
        contents=reader.contents() if len(grants) < FEW else (),
        conditions=reader.conditions(measures, {*(grant.name for grant in grants), *(quoted.text for quoted in who)}),
        starts=reader.sentence(terms.effective_span),
        ends=reader.sentence(terms.expires_span),
        windows=reader.windows(measures),
        departments=reader.departments(measures),
        interpreter=reader.interpreter(),
        aims=reader.quotes(span for span, _ in sentences_of_targets(goals(shelf, document_id))),
    )


class _Reader:
    """Cites spans of one document."""

    def __init__(self, shelf: Shelf, document_id: str) -> None:
        self.shelf = shelf
        self.document: PolicyDocument = shelf.document(document_id)

    def quoted(self, span: Span) -> Quoted | None:
        """The words without white space around them; ``None`` where no single clause holds them."""
        words = span.of(self.document.text)
        start = span.start + len(words) - len(words.lstrip())
        span = Span(start, start + len(words.strip()))
        clause = next((c for c in self.document.clauses if c.span.contains(span)), None)
        return Quoted(words.strip(), self._cite(span)) if clause and words.strip() else None

    def _cite(self, span: Span) -> Citation:
        id_ = self.document.id
        return cite(self.shelf.card(id_), self.shelf.status(id_), self.document, span)

    def quotes(self, spans: Iterable[Span]) -> tuple[Quoted, ...]:
        """Each wording once, at its first place."""
        found: dict[str, Quoted] = {}
        for span in sorted(set(spans), key=lambda span: (span.start, -span.end)):
            quoted = self.quoted(span)
            if quoted:
                found.setdefault(quoted.text, quoted)
        return _outer(tuple(found.values()))

    def sentence(self, span: Span | None) -> Quoted | None:
        """The sentence in which the words stand."""
        if span is None:
            return None
        clause = self.shelf.clause_at(self.document.id, span.start)
        return self.quoted(sentence_at(span.start, clause, self.document.text)) or self.quoted(span)

    def interpreter(self) -> Quoted | None:
        found = _INTERPRETS.search(self.document.text)
        return self.quoted(Span(*found.span())) if found else None

    def bases(self, links: Iterable[Link]) -> Iterator[Basis]:
        """Those that the opening names: what a later clause refers to is no basis of the whole."""
        first = {clause.id for clause in opening(self.document)}
        for link in links:
            named = next((r for r in link.references if r.clause_id in first), None)
            if link.relation in RESTS_ON and named:
                said = self.sentence(named.span)
                if said:
                    yield Basis(RELATION_NAMES[link.relation or ""], link.title, link.number, said.citation)

    def grants(self, measures: Iterable[Measure]) -> Iterator[Grant]:
        for measure in measures:
            benefits = self.quotes(self._said(benefit.span) for benefit in measure.benefits)
            if benefits:
                yield Grant(self._name_of(measure), benefits, benefits[0].citation)

    def _name_of(self, measure: Measure) -> str:
        """Of a row of a table with the cells between its name and what is granted: 数字内容 在电视频道首播的原创动画片."""
        clause = self.shelf.clause(self.document.id, measure.clause_id)
        row = self.shelf.row(self.document.id, clause)
        cells = [" ".join(cell.span.of(self.document.text).split()) for cell in row.cells] if row else []
        if row is None or measure.name not in cells:
            return measure.name
        first = min(benefit.span.start for benefit in measure.benefits)
        granted = next((at for at, cell in enumerate(row.cells) if cell.span.end > first), 0)
        named = cells[cells.index(measure.name) : granted]
        named = [cell for cell in named if not cell.startswith("《")]  # 政策依据
        return " ".join(filter(None, named)) if len(named) == len(set(named)) else measure.name

    def _said(self, span: Span) -> Span:
        """The sentence, without the clause's heading; of a long one the part from stop to stop, with the one before it."""
        clause = self.shelf.clause_at(self.document.id, span.start)
        sentence = sentence_at(span.start, clause, self.document.text)
        if clause.kind == "table_row" or not sentence.contains(span):
            return span
        heading = heading_of(clause)
        if heading and sentence.start <= heading.start and heading.end < span.start:
            sentence = Span(heading.end + 1, sentence.end)
        if sentence.end - sentence.start <= WHOLE:
            return sentence
        part = part_of(self.document.text, sentence, span)
        before = part_of(self.document.text, sentence, Span(part.start - 1, part.start - 1))
        return (
            Span(before.start, part.end) if part.end - before.start <= WHOLE and part.start > sentence.start else part
        )

    def _sentence_of(self, span: Span) -> Span:
        clause = self.shelf.clause_at(self.document.id, span.start)
        sentence = sentence_at(span.start, clause, self.document.text)
        return sentence if sentence.contains(span) else clause.span

    def who(self, measure: Measure) -> Iterator[Span]:
        """Whom the measure is for, each in a whole noun phrase."""
        spans = [span for span in _who(measure) if span.start < span.end]
        if spans:
            yield from nouns_of(self.document.text, self._sentence_of(spans[0]), spans)

    def conditions(self, measures: Iterable[Measure], told: Iterable[str]) -> tuple[Quoted, ...]:
        """Each condition with the words from stop to stop around it; not where these are ``told`` as a name or a beneficiary."""
        spans = [span for measure in measures for span in self._conditions_of(measure)]
        names = [fold(name) for name in told]
        return tuple(q for q in self.quotes(spans) if not any(fold(q.text) in name for name in names))

    def _conditions_of(self, measure: Measure) -> Iterator[Span]:
        granted = [benefit.span for benefit in measure.benefits]
        for condition in _conditions(measure):
            span = condition.span
            whole = part_of(self.document.text, self._sentence_of(span), span)
            grants = any(whole.start < other.end and other.start < whole.end for other in granted)
            if whole.end - whole.start <= LONGEST_PART and not grants:
                yield whole
            elif grants and whole.start == span.start:  # 竣工投产后按照…给予补助
                yield span

    def windows(self, measures: Iterable[Measure]) -> tuple[Quoted, ...]:
        """The sentences that say when to apply; of a table the cell."""
        spans: list[Span] = []
        for window in (measure.window for measure in measures if measure.window):
            if opens(self.shelf, self.document, window):
                clause = self.shelf.clause_at(self.document.id, window.span.start)
                spans.append(window.span if clause.kind == "table_row" else self._sentence_of(window.span))
        return self.quotes(spans)

    def departments(self, measures: Iterable[Measure]) -> tuple[Quoted, ...]:
        """Those that have something to do by the file, and those that its measures name."""
        named = {d.name: Quoted(d.name, d.named) for d in responsibilities(self.shelf, self.document.id).departments}
        for quoted in self.quotes(d.span for measure in measures for d in measure.departments):
            named.setdefault(quoted.text, quoted)
        return tuple(named.values())

    def contents(self) -> tuple[Quoted, ...]:
        """What is to be done; of a file that does not say it the headings of the highest level that has more than one."""
        tree = by_parent(self.document)
        spans = [
            headline(self.document, clause)
            for section in tasks(self.document)
            for clause in items(tree, section) or (section,)
        ]
        wanted = [span for span in spans if not instructs(span.of(self.document.text))]
        return self.quotes(wanted) or self.quotes(headings(self.document))


def _who(measure: Measure) -> Iterator[Span]:
    who = measure.beneficiary
    for group in (who.types, who.industry, who.size, who.qualification, who.project_kind, who.person):
        yield from (words.span for words in group)


def _conditions(measure: Measure) -> Iterator[Condition]:
    yield from measure.conditions
    for benefit in measure.benefits:
        yield from benefit.when


def _outer(quotes: tuple[Quoted, ...]) -> tuple[Quoted, ...]:
    """Without those that stand in another."""
    spans = [quoted.citation.span for quoted in quotes]
    return tuple(
        q for q, span in zip(quotes, spans, strict=True) if not any(o != span and o.contains(span) for o in spans)
    )
