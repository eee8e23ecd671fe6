"""A calculation as sentences of an answer: behind the quoted rule, with the words of the clauses that it rests on as proof."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ingest.document import Clause, PolicyDocument, Span
from ingest.normalize import fold
from qa.answer import Proof, Sentence
from qa.calculation import Calculation, calculate, limit, sound, to_be_worked_out
from qa.calculation.figures import money
from qa.calculation.lists import read_list
from qa.evidence import Evidence, introduces
from qa.passage import body_span
from qa.question import Question

COMPUTED = ("计算",)  # the checks of a proof whose sentence was calculated from the quote and the asker's figures
MOST = 2  # clauses calculated by, each for itself: of a district and its city
_SHARE_LIMIT = re.compile(r"(?:总额|合计|资金|单个项目)[^。；]{0,12}(?:不超过|不高于)[^。；]{2,24}[%％]")
LONGEST_NAME = 30  # characters of a lead that name whom it is for
_PAYS = re.compile("[%％‰元]|百分之")


@dataclass(frozen=True, slots=True)
class _Source:
    """What is calculated by: one clause; or the leads of a list and its items, read as one text with a line for each."""

    document: PolicyDocument
    clauses: tuple[Clause, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.body(clause).of(self.document.text) for clause in self.clauses)

    def body(self, clause: Clause) -> Span:
        return body_span(clause, self.document.text)

    @property
    def id(self) -> str:
        """Id of the last clause: each stands in one list."""
        return self.clauses[-1].id

    @property
    def lead(self) -> Clause:
        """Of a list the clause right above the items."""
        return next(clause for clause in reversed(self.clauses) if introduces(clause))

    def said_in(self, question: str) -> int:
        """How many characters of the lead's beginning the question says; one alone says nothing."""
        flat, words = fold(question), fold(self.body(self.lead).of(self.document.text)).lstrip("对于 ")
        return max((size for size in range(2, min(len(words), LONGEST_NAME) + 1) if words[:size] in flat), default=0)

    def cited(self, calculation: Calculation) -> Iterator[tuple[Clause, Span]]:
        """Each clause that the calculation rests on, with the span of the document that it takes of it: the rule of a clause,
        and of a list its leads and the items with a figure in the formula.
        """
        terms = [term.span for term in calculation.terms if term.source == "clause"]
        taken = [calculation.span] if len(self.clauses) == 1 else [*terms, *calculation.conditions]
        start = 0
        for clause in self.clauses:
            body = self.body(clause)
            end = start + body.end - body.start
            inside = [span for span in taken if start <= span.start < end]
            if inside:
                ends = (min(span.start for span in inside), max(min(span.end, end) for span in inside))
                yield clause, Span(*(body.start + at - start for at in ends))
            elif len(self.clauses) > 1 and introduces(clause):
                yield clause, body
            start = end + 1


class _Outline:
    """A document with its clauses by their ids and by what they stand below."""

    def __init__(self, document: PolicyDocument) -> None:
        self.document = document
        self._by_id = {clause.id: clause for clause in document.clauses}
        self._below: dict[str | None, list[Clause]] = {}
        for clause in document.clauses:
            self._below.setdefault(clause.parent, []).append(clause)

    def source(self, clause: Clause) -> _Source:
        """The list in which the clause stands, where that is a list of rates or sums; else the clause alone."""
        listed = self._list_around(clause)
        return listed if listed and read_list(listed.text) else _Source(self.document, (clause,))

    def is_meant(self, question: str, source: _Source, made: Calculation) -> bool:
        """Whether the question says whom a list is for, where the file has others that count by the same: it names a class of
        its own (普通货运), or says more of the beginning of its lead (烟花爆竹生产企业……) than of theirs.
        """
        rule = read_list(source.text) if len(source.clauses) > 1 else None
        if rule is None or (rule.form == "rate" and made.result is not None):
            return True
        lists = (self._list_around(clause) for clause in self.document.clauses if introduces(clause))
        others = (other for other in lists if other and other.lead != source.lead and _PAYS.search(other.text))
        rivals = [other for other in others if (read := read_list(other.text)) and read.metric == rule.metric]
        return all(other.said_in(question) < source.said_in(question) for other in rivals)

    def _list_around(self, clause: Clause) -> _Source | None:
        """The list that the clause introduces or is an item of: the leads above one another, and the items."""
        lead = next((c for c in (clause, self._by_id.get(clause.parent or "")) if c and introduces(c)), None)
        level = self._below[clause.parent]
        if (
            lead is None and clause.marker
        ):  # a paragraph before the items may introduce them, without standing above them
            before = level[: level.index(clause)]
            opener = next((other for other in reversed(before) if not other.marker), None)
            lead = opener if opener and introduces(opener) else None
        if lead is None:
            return None
        level = self._below[lead.parent]
        below = self._below.get(lead.id) or ([] if lead.marker else level[level.index(lead) + 1 :])
        items = list(takewhile(lambda other: other.marker and other.kind == "body", below)) or below[:1]
        leads = [lead]
        while (above := self._by_id.get(leads[0].parent or "")) and introduces(above):
            leads.insert(0, above)
        return _Source(self.document, (*leads, *items)) if items and not any(map(introduces, items)) else None


def calculation_sentences(
    question: Question, chosen: Sequence[Evidence], points: Sequence[Sentence]
) -> tuple[Sentence, ...]:
    """What the clauses in force come to for the asker's figures; ``points``: what the answer quotes already.

    Empty where nothing is to be calculated. Never adds up several clauses.
    """
    if not to_be_worked_out(question.text):
        return ()
    made: dict[str, tuple[_Source, Calculation]] = {}  # the items of one list are calculated by once
    for item in chosen:
        if not item.dead and item.row is None:
            made |= _of_item(question.text, _Outline(item.document), item.parts)
    results = [pair for pair in made.values() if pair[1].result is not None][:MOST]
    quoted = [proof for sentence in points for proof in sentence.proofs]
    return tuple(
        sentence
        for source, calculation in results or [*made.values()][:1]
        for sentence in _sentences(question.text, source, calculation, quoted)
    )


def _of_item(question: str, outline: _Outline, parts: Sequence[Clause]) -> dict[str, tuple[_Source, Calculation]]:
    sources = {source.id: source for source in map(outline.source, parts)}
    found = {id_: (source, made) for id_, source in sources.items() if (made := calculate(question, source.text))}
    results = {id_: pair for id_, pair in found.items() if pair[1].result is not None}
    if len(results) > 1:  # which of them applies is not ours to say
        return {}
    return {id_: pair for id_, pair in (results or found).items() if outline.is_meant(question, *pair)}


def is_calculated(sentence: Sentence) -> bool:
    """Whether code worked the sentence out (and no model may reword it)."""
    return any(proof.checks == COMPUTED for proof in sentence.proofs)


def follows(sentence: Sentence, question: str, document: PolicyDocument) -> bool:
    """Whether a calculated sentence comes out again, word for word, from the question and one of the clauses that it cites."""
    cited = {proof.clause_id for proof in sentence.proofs}
    if any(proof.document_id != document.id or proof.checks != COMPUTED for proof in sentence.proofs):
        return False
    outline = _Outline(document)
    sources = {s.id: s for s in (outline.source(clause) for clause in document.clauses if clause.id in cited)}
    return any(
        again.text == sentence.text and {proof.clause_id for proof in again.proofs} == cited
        for source in sources.values()
        if (calculation := calculate(question, source.text))
        for again in _sentences(question, source, calculation, ())
    )


def _sentences(question: str, source: _Source, calculation: Calculation, quoted: Sequence[Proof]) -> Iterator[Sentence]:
    if not sound(calculation, question, source.text):
        return
    proofs = tuple(_proof(source, clause, span, quoted) for clause, span in source.cited(calculation))
    yield Sentence(calculation.text(source.text), proofs)
    if calculation.result is None:
        return
    document, inside = source.document, {clause.id for clause in source.clauses}
    for clause in document.clauses:
        if clause.id in inside or not _SHARE_LIMIT.search(clause.text):
            continue
        other = _Source(document, (clause,))
        ceiling = limit(question, other.text)
        if ceiling and ceiling.result is not None and sound(ceiling, question, other.text):
            over = calculation.result > ceiling.result
            verdict = f"超过的部分不计，以{money(ceiling.result)}为限" if over else "上述测算未超过"
            yield Sentence(f"{ceiling.formula}，{verdict}。", (_proof(other, clause, other.body(clause), ()), *proofs))


def _proof(source: _Source, clause: Clause, taken: Span, quoted: Sequence[Proof]) -> Proof:
    """The words of the clause, as the answer quotes them already where those hold what is taken."""
    document = source.document
    same = (p.span for p in quoted if p.clause_id == clause.id and p.span.contains(taken))
    span = next(same, source.body(clause))
    return Proof(0, document.id, clause.id, document.sha256, span, span.of(document.text), COMPUTED)
