"""What a model wrote, line by line: its marks are resolved to clauses, and the gate decides what of it is shown.

A statement must be proven whole by one of the clauses that it cites. A line that cites several is taken apart at its full
stops and semicolons, and every statement is shown with its own clause, as if it had stood on a line of its own: a figure
can so never move to the subject of another clause. All statements of a line pass, or the line is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Clause, Span
from ingest.normalize import fold, tidy
from qa.answer import Proof, Sentence
from qa.compose import EXTRACT, shown
from qa.evidence import Evidence, introduces
from qa.passage import body_span, lead_span, trimmed
from qa.proof import prove, sentences

WHOLE_STATEMENT = 200  # characters; a longer one is not put in the place of the part that the model chose
KEPT = 0.5  # share of an opening (对……企业，) that must be in the sentence for it to count as said
LONGEST_LINE = 600  # characters; what a model writes on and on is no sentence
_MARKS = re.compile(r"(?:[\[［【]\d{1,3}[\]］】][、，,]?)+")
_MARK = re.compile(r"\d{1,3}")
_LIST_SIGN = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.、)）])(?!\d)\s*")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万亿]+(?:元|倍|个月|年)")
# Latin letters, and whatever is neither Chinese nor a figure nor punctuation of prose: code, markup, signs, other scripts.
_FOREIGN = re.compile(r"[a-z]+|\]\(|[^\u3007\u4e00-\u9fff0-9\s,。;:、!?()《》〈〉\[\]\"'….·%‰+/~-]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sentences that a line is shown as, or the complaint about it; neither for a line that claims nothing."""

    sentences: tuple[Sentence, ...] = ()
    complaint: str = ""


def judge(line: str, evidence: Sequence[Evidence]) -> Verdict:
    """``evidence``: what the model was given, marks from 1. A line without marks claims nothing and is not shown."""
    if len(line) > LONGEST_LINE:
        return Verdict(complaint=f"“{line[:20]}……”（太长）")
    parts = list(_parts(line))
    if not parts or not any(marks for _, marks in parts):
        return Verdict()
    unknown = sorted({mark for _, marks in parts for mark in marks if not 1 <= mark <= len(evidence)})
    if unknown:
        return Verdict(complaint=f"没有编号为{unknown[0]}的条款")
    text = "".join(part for part, _ in parts)
    cited = list(dict.fromkeys(mark for _, marks in parts for mark in marks))
    complaints: list[str] = []
    whole = _proven(text, [evidence[mark - 1] for mark in cited], complaints)
    if whole:
        return Verdict((whole,))
    statements = list(_statements(parts))
    found = [_proven(words, [evidence[mark - 1] for mark in marks], []) for words, marks in statements]
    if len(found) > 1 and all(found):
        return Verdict(tuple(sentence for sentence in found if sentence))
    return Verdict(complaint=f"“{text}”（{'，'.join(dict.fromkeys(complaints))}）")


def _parts(line: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Pieces of the line with the marks that follow each; the last may have none."""
    text = _LIST_SIGN.sub("", tidy(line).replace("**", ""))
    start = 0
    for match in _MARKS.finditer(text):
        yield text[start : match.start()].strip(), tuple(int(mark) for mark in _MARK.findall(match.group()))
        start = match.end()
    rest = text[start:].strip()
    if rest.strip("。；;，,.！!"):
        yield rest, ()


def _statements(parts: Sequence[tuple[str, tuple[int, ...]]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Statements with the marks within and behind each: ``甲[1]；乙[2]。`` are two, ``甲[1]，乙[2]。`` is one with two marks."""
    words, marks = "", ()
    for text, behind in parts:
        spans = list(sentences(text))
        for n, span in enumerate(spans):
            if words and re.match("[。；;]", text[span.start :].lstrip()):
                yield words, marks
                words, marks = "", ()
            words += span.of(text)
            last = n == len(spans) - 1
            marks += behind
            if not last or re.search("[。；;！!？?]$", words):
                yield words.lstrip("。；;"), marks
                words, marks = "", ()
    if words.strip("。；;，, "):
        yield words.lstrip("。；;"), marks


def _proven(text: str, cited: Sequence[Evidence], complaints: list[str]) -> Sentence | None:
    if not cited:
        complaints.append("没有标出依据的编号")
    repaired: Sentence | None = None
    for item in cited:
        row = _row(text, item)
        if row:
            return row
        for part in item.parts:
            verdict = prove(text, part.text)
            repaired = repaired or _repaired(item, part, verdict.repair)
            foreign = _foreign(text, part.text) if verdict.passed else ""
            if verdict.passed and not foreign:
                return _whole(text, item, part, verdict.span, verdict.checks)
            complaints += [f"原文中没有“{foreign}”"] if foreign else verdict.failures
    return repaired


def _repaired(item: Evidence, part: Clause, span: Span | None) -> Sentence | None:
    """The clause's own statement in the place of a piece of it that leaves out a condition, a cap or an exception."""
    if span is None or span.end - span.start > WHOLE_STATEMENT:
        return None
    whole = _proof(item, part, Span(part.span.start + span.start, part.span.start + span.end), EXTRACT)
    return Sentence(shown(whole.quote), (whole,))


def _foreign(text: str, passage: str) -> str:
    """The first sign of the text that prose does not need and the passage does not have."""
    flat = fold(passage).lower()
    return next((run for run in _FOREIGN.findall(fold(text).lower()) if run not in flat), "")


def _row(text: str, item: Evidence) -> Sentence | None:
    """A row of a table is quoted as 名称：值；名称：值, pair by pair as the table has them."""
    if item.row is None:
        return None
    document = item.document
    parts = item.row.said(document.text)
    pairs = {_plain(part) for part in parts}
    pairs |= {_plain(f"{name}:{value}" if name else value) for name, value in item.row.pairs(document.text)}
    said = [_plain(pair) for pair in re.split("[；;]", text.rstrip("。；; "))]
    if not said or not set(said) <= pairs:
        return None
    unit = _plain(item.row.unit.span.of(document.text)) if item.row.unit else ""
    if unit in pairs and unit not in said:  # a figure is not shown without it
        text = f"{text.rstrip('。；; ')}；{parts[-1]}。"
    own = (item.clause, body_span(item.clause, document.text))
    above = ((cell.clause, cell.span) for cell in item.row.above(item.clause))
    return Sentence(text, tuple(_proof(item, clause, span, EXTRACT) for clause, span in (own, *above)))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", fold(text))


def _whole(text: str, item: Evidence, part: Clause, span: Span, checks: tuple[str, ...]) -> Sentence:
    """The sentence with what its figure depends on: for whom (the opening of its statement), and the lead of its list."""
    start = part.span.start
    proof = _proof(item, part, Span(start + span.start, start + span.end), checks)
    if not _FIGURE.search(fold(text)):
        return Sentence(text, (proof,))
    statement = _statement(item, part, proof.span)
    words = statement.of(item.document.text) if statement else ""
    if statement and len(words) <= WHOLE_STATEMENT and _drops_opening(text, words):
        text, proof = shown(words), _proof(item, part, statement, EXTRACT)
    lead = item.lead if part is item.clause else item.clause if introduces(item.clause) else None
    above = lead_span(lead, item.document.text)
    if lead is None or above is None or _says(text, above.of(item.document.text)):
        return Sentence(text, (proof,))
    return Sentence(shown(above.of(item.document.text)) + text, (_proof(item, lead, above, EXTRACT), proof))


def _statement(item: Evidence, part: Clause, span: Span) -> Span | None:
    """The statement of the clause in which the span stands; ``None`` where it stands in several."""
    body = body_span(part, item.document.text)
    for found in sentences(body.of(item.document.text)):
        whole = trimmed(Span(body.start + found.start, body.start + found.end), item.document.text)
        if whole.start <= max(span.start, body.start) and span.end <= whole.end:
            return whole
    return None


def _drops_opening(text: str, statement: str) -> bool:
    opening, comma, _ = fold(statement).partition(",")
    return bool(comma) and not _says(text, opening)


def _says(text: str, words: str) -> bool:
    """Whether most of the words, by pairs of characters, stand in the text."""
    have, wanted = (re.sub(r"[\W_]", "", fold(side)).lower() for side in (text, words))
    pairs = [wanted[n : n + 2] for n in range(len(wanted) - 1)]
    return sum(pair in have for pair in pairs) >= KEPT * len(pairs)


def _proof(item: Evidence, clause: Clause, span: Span, checks: tuple[str, ...]) -> Proof:
    document = item.document
    return Proof(0, document.id, clause.id, document.sha256, span, span.of(document.text), checks)
