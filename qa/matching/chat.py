"""“我们是做汽车零部件的，去年营收1.2亿，设备投了3000万，能拿什么？”: what was understood, and the measures that fit, as an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from index.library import Library
from index.query import Filters
from ingest.document import PolicyDocument, Span
from qa.answer import Proof, Sentence
from qa.compose import Draft, framed, quoted
from qa.matching.match import Match, Matches, match
from qa.matching.next_question import next_question
from qa.matching.outcome import OUTCOMES
from qa.matching.understand import Reading, understand

_ASKS = re.compile(
    r"(?:能|可以?|符合|够|适合)(?:不能)?(?:拿到?|享受|申请|申报|领|得到?|获得|匹配|补|报)?.{0,4}(?:什么|哪些|啥|哪几).{0,8}"
    r"|有(?:什么|哪些|啥|没有).{0,6}(?:政策|补贴|补助|奖励|支持|优惠|扶持)"
)
_OF_SELF = re.compile(r"我们|我(?:是|公司|司|厂|企业|今年|在)|本(?:公司|企业|人|厂)|咱们?")
_DERIVED = ("匹配",)  # the sentence follows from the measure of that span and the asker's own words
SHOWN = 5  # measures of an answer; the rest is counted
ENOUGH = 2  # things understood besides what sort of applicant it is
_WORDS = {"applies": "符合", "nearly": "接近", "undecided": "待确认"}


def match_answer(library: Library, text: str, filters: Filters, as_of: date) -> Draft | None:
    """The measures for what ``text`` says of the asker; ``None`` where it does not ask that, or says too little of him."""
    if not (_ASKS.search(text) and _OF_SELF.search(text)):
        return None
    regions = sorted({card.region for card in library.documents() if card.region})
    reading = understand(text, regions)
    if sum(each.field not in ("kind", "region") for each in reading.understood) < ENOUGH - bool(reading.profile.region):
        return None
    found = match(reading.profile, library.measures(filters, as_of), as_of)
    fitting = [m for m in found.current if m.outcome in _WORDS and m.record.measure.benefits]
    chosen = sorted(fitting, key=_nearness)[:SHOWN]
    if not chosen:
        return None
    sentences = [framed(_summary(reading, found))]
    for each in chosen:
        sentences += _sentences(each, library.document(each.record.card.id))
    following = next_question(found.current)
    if following:
        sentences.append(framed(f"要确认更多，请补充：{following.text.partition('（')[0]}"))
    sentences.append(framed("每项的全部条件和出处，可在“政策匹配”中逐项核对；各项数额不相加，以主管部门审核为准。"))
    unused = [f"没有采用“{each.words}”：{each.why}" for each in reading.unused]
    return Draft(tuple(sentences), notices=tuple(unused))


def _nearness(found: Match) -> tuple[int, int, int]:
    """The outcome, then how much of what the asker said meets the measure, then how little is open; the sum comes after."""
    met = sum(d.verdict == "met" and d.need.sort not in ("place", "type") for d in found.decisions)
    return OUTCOMES.index(found.outcome), -met, found.waiting


def _summary(reading: Reading, found: Matches) -> str:
    said = "；".join(f"{each.label}：{each.value}" for each in reading.understood)
    counts = "、".join(f"{word}{len(found.of(outcome))}项" for outcome, word in _WORDS.items())  # type: ignore[arg-type]
    return f"按您说的情况（{said}）比对库内现行支持措施：{counts}。最相关的是："


def _sentences(found: Match, document: PolicyDocument) -> Iterator[Sentence]:
    """Outcome and name, the standard in the words of the clause, the sum, and what is not met or open."""
    measure = found.record.measure
    yield framed(f"{_WORDS[found.outcome]}：{measure.name}")
    for benefit, worked in zip(measure.benefits, found.amounts, strict=True):
        if worked is None:
            continue
        clause = next((c for c in document.clauses if c.span.contains(benefit.span)), None)
        if clause is None:
            continue
        words = quoted(document, (clause, benefit.span))
        yield words
        if worked.value is not None and worked.steps:
            yield _derived(worked.sentence(document.text), words.proofs)
    for decision in found.decisions:
        own = decision.tier is None  # those of other tiers say nothing of the asker's own
        if own and decision.verdict == "not_met" and decision.span and (proofs := _proofs(document, decision.span)):
            yield _derived(f"{decision.reason(document.text)}。", proofs)
    open_ = [d.need.name for d in (*found.decisions, *found.general) if d.verdict == "unknown"]
    if open_:
        yield framed(f"待确认：{'、'.join(dict.fromkeys(open_))}。")


def _derived(text: str, proofs: Sequence[Proof]) -> Sentence:
    return Sentence(text, tuple(replace(proof, checks=_DERIVED) for proof in proofs))


def _proofs(document: PolicyDocument, span: Span) -> tuple[Proof, ...]:
    clause = next((c for c in document.clauses if c.span.contains(span)), None)
    return quoted(document, (clause, span)).proofs if clause and span.end > span.start else ()
