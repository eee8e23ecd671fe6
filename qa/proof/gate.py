"""May this sentence be shown on the strength of this passage? Code decides, no model.

A sentence passes when its words, numbers read by value, stand in the passage in one unbroken run that begins and ends
where the passage itself breaks, and when nothing that the run leaves out would turn it: who it is for, a cap, an
exception, a denial in front. One liberty: the cap and the benefit of a statement that has one of each may change places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from ingest.document import Span
from qa.proof.context import begins, ends, left_out, swapped, whole_statement, without_asides
from qa.proof.diagnosis import NOWHERE, failures_of, nearest
from qa.proof.tokens import ITEM, Tokens, tokenize
from qa.proof.words import FRAME, GUARDS, same_letters, sentences

EXACT, EQUAL = ("原文",), ("数字", "限定", "否定", "对象", "用词")
_HEADING = 24  # characters; a short sentence without a figure in front of a statement is its heading
_FEWEST = 2  # characters that say something
_MOST_RUNS = 50  # places looked at in a passage that repeats itself


@dataclass(frozen=True, slots=True)
class Verdict:
    """``span``: the proving words, in the coordinates of the passage; ``checks`` passed, or ``failures`` in Chinese.

    ``repair``: where the words stand but leave out what they depend on, the span that says it whole.
    """

    passed: bool
    span: Span
    checks: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    repair: Span | None = None


def prove(sentence: str, passage: str) -> Verdict:
    """Looks for the words of ``passage`` that say what ``sentence`` says."""
    bare = FRAME.sub("", sentence)
    whole = _prove(bare, passage)
    parts = [span.of(bare) for span in sentences(bare)]
    if whole.passed or len(parts) < 2:
        return _named(whole, sentence, passage)
    # Joined, parts of statements say what neither says: only the first may lack its opening, only the last its end.
    verdicts = [_prove(part, passage, opening=n > 0, closing=n < len(parts) - 1) for n, part in enumerate(parts)]
    failed = next((verdict for verdict in verdicts if not verdict.passed), None)
    if failed:
        return failed
    if any(_torn(*pair, passage) for pair in pairwise(verdicts)):
        return Verdict(False, whole.span, failures=("几句话的先后与原文不一致",))
    hull = Span(min(v.span.start for v in verdicts), max(v.span.end for v in verdicts))
    return Verdict(True, hull, EQUAL)


def locate(quote: str, text: str) -> Span | None:
    """Span of ``quote`` in ``text`` where it may be cut out of it; ``None`` where it does not stand there or may not."""
    verdict = _prove(quote, text)
    return verdict.span if verdict.passed and same_letters(quote, verdict.span.of(text)) else None


def _named(verdict: Verdict, sentence: str, passage: str) -> Verdict:
    exact = verdict.passed and same_letters(sentence, verdict.span.of(passage))
    return Verdict(True, verdict.span, EXACT) if exact else verdict


def _torn(before: Verdict, after: Verdict, passage: str) -> bool:
    """A heading or an introduction must be followed by what follows it in the passage."""
    said = before.span.of(passage)
    leads = len(said) <= _HEADING and not any(tokenize(said).figures)
    return leads and not 0 <= after.span.start - before.span.end <= 4


def _prove(sentence: str, passage: str, opening: bool = False, closing: bool = False) -> Verdict:
    """``opening``, ``closing``: the run must begin (end) with a statement of the passage, not within one."""
    said, source = tokenize(sentence), tokenize(passage)
    if sum(len(key) for key in said.keys) < _FEWEST:
        return Verdict(False, Span(0, 0), failures=(NOWHERE,))
    refused: Verdict | None = None
    for have in dict.fromkeys((source, without_asides(source))):
        for start, end in islice(_runs(said, have), _MOST_RUNS):
            span = Span(have.spans[start].start, have.spans[end - 1].end)
            missing = left_out(said, have, start, end)
            if (opening and not begins(have, start)) or (closing and not ends(have, end)):
                missing = missing or "把几句话的部分拼在了一起"
            if not missing:
                return Verdict(True, span, EQUAL)
            refused = refused or Verdict(False, span, failures=(missing,), repair=whole_statement(have, start, end))
    moved = None if refused else swapped(said, without_asides(source))
    if moved:
        return Verdict(True, moved, EQUAL)
    return refused or Verdict(False, nearest(sentence, passage), failures=failures_of(sentence, passage))


def _runs(said: Tokens, have: Tokens) -> Iterator[tuple[int, int]]:
    """Where the tokens of ``said`` stand in ``have`` between two breaks, and nothing is joined that ``have`` keeps apart."""
    keys, size = said.keys, len(said.keys)
    for start in range(len(have.keys) - size + 1):
        end = start + size
        if have.keys[start] != keys[0] or have.keys[start:end] != keys or not have.breaks[start]:
            continue
        if end < len(have.keys) and not have.breaks[end]:
            continue
        pairs = list(zip(said.breaks[1:], have.breaks[start + 1 : end], range(1, size), strict=True))
        joined = any(printed >= ITEM and not own for own, printed, _ in pairs)
        if not joined and not any(own and not printed and _inseparable(said, i) for own, printed, i in pairs):
            yield start, end


def _inseparable(said: Tokens, at: int) -> bool:
    """A comma that only the sentence has may not stand behind a word that turns what follows (不，予支持)."""
    before = said.words(max(0, at - 4), at).rstrip(" ,:(")
    return any(m.end() == len(before) for guard in (*GUARDS.values(),) for m in guard.finditer(before))
