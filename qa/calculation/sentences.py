"""A calculation as sentences of an answer: behind the quoted rule, with the words of the clause that it rests on as proof."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import Clause, PolicyDocument, Span
from qa.answer import Proof, Sentence
from qa.calculation import Calculation, calculate, limit, sound
from qa.calculation.figures import money
from qa.evidence import Evidence
from qa.passage import body_span
from qa.question import Question

COMPUTED = ("计算",)  # the checks of a proof whose sentence was calculated from the quote and the asker's figures
MOST = 2  # clauses calculated by, each for itself: of a district and its city
_SHARE_LIMIT = re.compile(r"(?:总额|合计|资金|单个项目)[^。；]{0,12}(?:不超过|不高于)[^。；]{2,24}[%％]")


def calculation_sentences(
    question: Question, chosen: Sequence[Evidence], points: Sequence[Sentence]
) -> tuple[Sentence, ...]:
    """What the clauses in force come to for the asker's figures; ``points``: what the answer quotes already.

    Empty where nothing is to be calculated. Never adds up several clauses.
    """
    made = [
        (item, part, calculation)
        for item in chosen
        if not item.dead and item.row is None
        for part in item.parts
        if (calculation := calculate(question.text, _body(item.document, part).of(item.document.text)))
    ]
    results = [each for each in made if each[2].result is not None][:MOST]
    found: list[Sentence] = []
    for item, part, calculation in results or made[:1]:
        found += _sentences(question, item, part, calculation, points)
    return tuple(found)


def is_calculated(sentence: Sentence) -> bool:
    """Whether code worked the sentence out (and no model may reword it)."""
    return bool(sentence.proofs) and all(proof.checks == COMPUTED for proof in sentence.proofs)


def _sentences(
    question: Question, item: Evidence, part: Clause, calculation: Calculation, points: Sequence[Sentence]
) -> Iterator[Sentence]:
    body = _body(item.document, part)
    words = body.of(item.document.text)
    if not sound(calculation, question.text, words):
        return
    rule = Span(body.start + calculation.span.start, body.start + calculation.span.end)
    quoted = next((p for s in points for p in s.proofs if p.clause_id == part.id and p.span.contains(rule)), None)
    proof = replace(quoted, checks=COMPUTED) if quoted else _proof(item.document, part, body)
    yield Sentence(calculation.text(words), (proof,))
    if calculation.result is None:
        return
    for clause in item.document.clauses:
        if clause.id == part.id or not _SHARE_LIMIT.search(clause.text):
            continue
        span = _body(item.document, clause)
        ceiling = limit(question.text, span.of(item.document.text))
        if ceiling and ceiling.result is not None and sound(ceiling, question.text, span.of(item.document.text)):
            over = calculation.result > ceiling.result
            verdict = f"超过的部分不计，以{money(ceiling.result)}为限" if over else "上述测算未超过"
            yield Sentence(f"{ceiling.formula}，{verdict}。", (_proof(item.document, clause, span),))


def _body(document: PolicyDocument, clause: Clause) -> Span:
    return body_span(clause, document.text)


def _proof(document: PolicyDocument, clause: Clause, span: Span) -> Proof:
    return Proof(0, document.id, clause.id, document.sha256, span, span.of(document.text), COMPUTED)
