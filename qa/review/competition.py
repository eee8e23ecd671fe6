"""公平竞争: sentences of the draft that a rule touches, with basis and safer wording. For a person to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.document import Clause, Span
from ingest.measures.fair_competition import Rules, prohibits
from ingest.measures.find_file import File
from qa.review.model import Finding
from qa.review.reviewed import Reviewed

_NOT_READ = ("front", "back")  # the title, addressees and signature


def competition_findings(reviewed: Reviewed, rules: Rules) -> Iterator[Finding]:
    """One finding for each rule and sentence; a sentence that a table repeats is told of once."""
    text = reviewed.document.text
    told: set[tuple[str, str]] = set()
    file = File(reviewed.document)
    for clause in reviewed.document.clauses:
        if clause.kind in _NOT_READ or listed_as_prohibited(file, clause):
            continue
        start = clause.span.start
        for rule, sentence, words in rules.touched(reviewed.flat[start : clause.span.end]):
            cell = _cell(text, Span(start + sentence.start, start + sentence.end), start + words.start)
            key = rule.id, cell.removeprefix(clause.marker)
            if key in told:
                continue
            told.add(key)
            said = Span(start + words.start, start + words.end).of(text)
            yield Finding(
                kind="fair_competition",
                severity=rule.severity,
                name=rule.name,
                reason=f"句中“{said.strip()}”涉及此项，请人工判断",
                suggestion=rule.suggestion,
                span=Span(start + sentence.start, start + sentence.end),
                rule=rule.id,
                basis=rule.printed_basis,
            )


def _cell(text: str, sentence: Span, at: int) -> str:
    """The words of the sentence, of a table row those of the cell that holds the position, without white space."""
    left = text.rfind("\t", sentence.start, at) + 1 or sentence.start
    right = text.find("\t", at, sentence.end)
    return re.sub(r"\s", "", text[left : sentence.end if right < 0 else right])


def listed_as_prohibited(file: File, clause: Clause) -> bool:
    """It stands below words such as 不得有下列行为：."""
    return any(prohibits(lead.of(file.flat)) for lead in file.leads(file.by_id[clause.id]))
