"""One measure from one piece of text: who, on what condition, how much, from whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.document import Span
from ingest.measures.alternatives import combine
from ingest.measures.beneficiary import read_beneficiary
from ingest.measures.benefits import Read, read_benefits
from ingest.measures.conditions import read_conditions
from ingest.measures.conditions_numbers import figures, periods
from ingest.measures.model import Beneficiary, Benefit, Condition, Department, Measure, Stacking, Words
from ingest.measures.terms_departments import read_departments
from ingest.measures.terms_rules import (
    read_channel,
    read_clawback,
    read_discretion,
    read_funding_split,
    read_platform,
    read_quota,
    read_risks,
    read_stacking,
)
from ingest.measures.terms_window import read_window
from ingest.normalize import fold

_NAME_END = re.compile(r"[。，；：,;:\n]")
LONGEST = 20_000  # characters of one clause; what a longer one says behind them is not read
_LONGEST_NAME = 30
_TITLE = re.compile(r"级.*(?:企业|园区?|基地|中心|平台|工厂|机构|小镇|街区)\Z")
_HEADING = re.compile(r"(?P<heading>(?![对凡])[^,。;:\d]{2,24}。)\s*(?=\S)")


def read_measure(text: str, folded: str = "", *, terms_only: bool = False) -> Measure:
    """The measure that ``text`` (one clause) grants; spans count its characters. ``folded``: the text folded, where that is
    known. ``terms_only``: words without a figure that are known to grant nothing.

    >>> [words.text for words in read_measure("对瞪羚企业，一次性奖励20万元。").beneficiary.qualification]
    ['瞪羚企业']
    """
    opened = _open(text, folded)
    return _measure(opened, Read((), (), ()) if terms_only else read_benefits(opened.body, opened.whole))


def read_support(text: str, folded: str = "") -> Measure | None:
    """As ``read_measure``; ``None`` where no words grant anything."""
    opened = _open(text, folded)
    read = read_benefits(opened.body, opened.whole)
    return _measure(opened, read) if read.benefits else None


@dataclass(frozen=True, slots=True)
class _Opened:
    """``body``: the folded text without the words that name departments and the heading, in the same places."""

    text: str
    body: str
    whole: Span
    departments: tuple[Department, ...]


def _open(text: str, folded: str) -> _Opened:
    flat = folded[:LONGEST] or fold(text[:LONGEST])
    whole = Span(0, len(flat))
    departments, note = read_departments(flat, whole)
    named = tuple(replace(d, name=d.span.of(text)) for d in departments)
    return _Opened(text, _blank(_blank(flat, note), _heading(flat)), whole, named)


def _measure(opened: _Opened, read: Read) -> Measure:
    text, body, whole = opened.text, opened.body, opened.whole
    who = read_beneficiary(body, whole)
    said = read_conditions(body, whole)
    free = _not_granted(said, read.benefits, read.used)
    who = _without_titles(_without_tiers(who, read.benefits), read.benefits)
    stacking, clawback = read_stacking(body, whole), read_clawback(body, whole)
    free = tuple(c for c in free if not _in_name(c, who) and not _of_clawback(c, clawback, read.benefits))
    free, benefits = _of_first_branch(free, _granted(read.benefits, stacking, clawback))
    floors = tuple(_floors(benefits, said))
    conditions, logic = combine(body, (*floors, *(c for c in free if not any(_same(c, floor) for floor in floors))))
    measure = Measure(
        id="",
        clause_id="",
        name=opening(text),
        span=whole,
        beneficiary=who,
        conditions=conditions,
        logic=logic,
        benefits=benefits,
        caps=read.caps,
        stacking=stacking,
        channel=read_channel(body, whole),
        platform=read_platform(body, whole),
        departments=opened.departments,
        window=read_window(body, whole),
        clawback=clawback,
        funding_split=read_funding_split(body, whole),
        quota=_of_all(read_quota(body, whole), benefits),
        discretion=read_discretion(body, whole) or _open_range(body, benefits),
        risk_flags=read_risks(body),
    )
    unread = _unread(body, measure, read.used)
    measure = _as_printed(measure, body, text)
    return replace(measure, unread=unread) if unread else measure


def _as_printed(measure: Measure, flat: str, text: str) -> Measure:
    """With the brackets and quotes of the text where words were taken from its folded copy."""

    who = measure.beneficiary
    if not (who.exclude or measure.stacking or measure.platform or measure.quota or measure.funding_split):
        return measure

    def printed(words: str) -> str:
        start = flat.find(words)
        return text[start : start + len(words)] if start >= 0 else words

    def each(found: Words | None) -> Words | None:
        return replace(found, text=printed(found.text)) if found else None

    return replace(
        measure,
        beneficiary=replace(who, exclude=tuple(replace(words, text=printed(words.text)) for words in who.exclude)),
        stacking=measure.stacking and replace(measure.stacking, scope=printed(measure.stacking.scope)),
        platform=each(measure.platform),
        quota=each(measure.quota),
        funding_split=each(measure.funding_split),
    )


def _heading(flat: str) -> Span | None:
    """The first sentence where it only names the clause: 支持企业上规模。"""
    match = _HEADING.match(flat)
    return Span(*match.span("heading")) if match else None


def _blank(flat: str, span: Span | None) -> str:
    return flat if span is None else flat[: span.start] + " " * (span.end - span.start) + flat[span.end :]


def opening(text: str) -> str:
    """Its first words, by which a measure is called."""
    words = text.strip()
    end = _NAME_END.search(words)
    return words[: min(end.start() if end else len(words), _LONGEST_NAME)]


def _unread(body: str, measure: Measure, used: Sequence[Span]) -> tuple[Span, ...]:
    """Parts of a sentence with a figure that nothing was made of."""
    known = [
        *used,
        *(span for part in (*measure.conditions, *measure.caps, *measure.departments) for span in (part.span,)),
    ]
    terms = (
        measure.stacking,
        measure.channel,
        measure.platform,
        measure.window,
        measure.clawback,
        measure.funding_split,
        measure.quota,
    )
    known.extend(term.span for term in terms if term is not None)
    known.extend(words.span for words in measure.beneficiary.person)  # 离校两年内未就业高校毕业生
    known.extend(condition.span for benefit in measure.benefits for condition in _own_conditions(benefit))
    known.extend(periods(body))
    read = bytearray(len(body))
    for span in known:
        read[span.start : span.end] = b"\1" * (span.end - span.start)
    found: dict[Span, None] = {}
    for figure in figures(body):
        if not any(read[figure.span.start : figure.span.end]):
            start = max(body.rfind(mark, 0, figure.span.start) for mark in ",。;:\n") + 1
            ends = [end for mark in ",。;\n" if (end := body.find(mark, figure.span.end)) >= 0]
            found[Span(start, min(ends, default=len(body)))] = None
    return tuple(found)


def _granted(benefits: tuple[Benefit, ...], *terms: Stacking | Words | None) -> tuple[Benefit, ...]:
    """Without a 予以支持 that is only part of a term: 按照从高不重复的原则予以支持."""
    spans = [term.span for term in terms if term]
    return tuple(b for b in benefits if b.form != "unspecified" or not any(span.contains(b.span) for span in spans))


def _in_name(condition: Condition, who: Beneficiary) -> bool:
    """毕业2年内高校毕业生 says it in the name."""
    return condition.amount is not None and any(words.span.contains(condition.amount.span) for words in who.person)


def _without_tiers(who: Beneficiary, benefits: Sequence[Benefit]) -> Beneficiary:
    """领军人才 of 其中领军人才最高80万元 is one of the 高层次人才 that are named."""
    names = {c.words for benefit in benefits for tier in benefit.tiers for c in tier.when if c.metric == "人才类别"}
    others = tuple(words for words in who.person if words.text not in names)
    return replace(who, person=others) if others else who


def _without_titles(who: Beneficiary, benefits: Sequence[Benefit]) -> Beneficiary:
    """供应链 of 获评国家级绿色供应链管理企业 is in the name of a title."""
    named = [c.span for benefit in benefits for tier in benefit.tiers for c in tier.when if _TITLE.search(c.words)]
    return replace(who, industry=tuple(w for w in who.industry if not any(span.contains(w.span) for span in named)))


def _of_all(quota: Words | None, benefits: Sequence[Benefit]) -> Words | None:
    """每年不超过5家 of 每新开设1家给予3万元 is the most of one who applies, and no quota."""
    counted = [b.quantity_cap.span for b in benefits if b.quantity_cap and b.per]
    return None if quota and any(quota.span.contains(span) for span in counted) else quota


def _of_clawback(condition: Condition, clawback: Words | None, benefits: Sequence[Benefit]) -> bool:
    """服务期未满5年离职的，退还…: when it has to be given back, and not when it is granted."""
    if clawback is None or condition.op not in ("lt", "le") or not benefits:
        return False
    behind = condition.span.start >= max(benefit.span.end for benefit in benefits)
    return behind and clawback.span.contains(condition.span)


def _not_granted(
    conditions: Sequence[Condition], benefits: Sequence[Benefit], used: Sequence[Span]
) -> tuple[Condition, ...]:
    """The conditions of the measure: not those of one benefit alone, and no figure that is part of a benefit."""
    own = [c.span for benefit in benefits for c in _own_conditions(benefit)]
    stages = [stage.name for benefit in benefits for stage in benefit.stages]

    def is_free(condition: Condition) -> bool:
        if condition.words and any(name in condition.words or condition.words in name for name in stages):
            return False
        span = condition.amount.span if condition.amount else condition.span
        inside = () if condition.amount else (other for other in used if other != span and other.contains(span))
        around = set(inside)  # 牵头制定 of 每牵头制定1项: the price tells what is done for it
        return not any(_overlap(span, other) for other in (*own, *used) if other not in around)

    return tuple(condition for condition in conditions if is_free(condition))


def _open_range(flat: str, benefits: Sequence[Benefit]) -> Words | None:
    """20%至40%: which share of them it is, is left to the authority."""
    for benefit in benefits:
        if benefit.form == "rate_range" and benefit.rate_min and benefit.rate_max:
            span = Span(benefit.rate_min.span.start, benefit.rate_max.span.end)
            return Words(span.of(flat), span)
    return None


def _of_first_branch(
    conditions: tuple[Condition, ...], benefits: tuple[Benefit, ...]
) -> tuple[tuple[Condition, ...], tuple[Benefit, ...]]:
    """5亿元以上的，奖励10万元；10亿元以上的，奖励20万元: the first threshold is one of the first benefit, as the others are."""
    if len(benefits) < 2 or benefits[0].when:
        return conditions, benefits
    branching = {c.metric for b in benefits[1:] if not b.additional for c in b.when}
    branching |= {b.base.text for b in benefits[1:] if b.step and b.step.start and b.base}
    starts = {b.step.start.span for b in benefits[1:] if b.step and b.step.start}  # hold for both
    moved = tuple(
        c
        for c in conditions
        if c.metric in branching and not (c.amount and (benefits[0].tiers or c.amount.span in starts))
    )
    if not moved:
        return conditions, benefits
    return tuple(c for c in conditions if c not in moved), (replace(benefits[0], when=moved), *benefits[1:])


def _same(one: Condition, other: Condition) -> bool:
    """贸易额 and 年贸易额 of 50亿元以上: said in front of a scale, and again where it begins."""
    if one.amount is None or other.amount is None:
        return False
    alike = one.metric.removeprefix("年") == other.metric.removeprefix("年")
    return (
        alike and one.op == other.op and (one.amount.value, one.amount.unit) == (other.amount.value, other.amount.unit)
    )


def _own_conditions(benefit: Benefit) -> Iterator[Condition]:
    yield from benefit.when
    for tier in benefit.tiers:
        yield from tier.when


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _floors(benefits: Sequence[Benefit], said: Sequence[Condition]) -> Iterator[Condition]:
    """What has to be reached before a scale begins: 1亿元以上至5亿元的部分1%, 达到10亿元的…每增加1亿元; not where it is a further
    benefit (3人以下的每人2000元，4人以上的每增加1人).
    """
    for benefit in benefits[:1]:
        floor = None
        if benefit.form == "progressive" and benefit.tiers:
            floor = benefit.tiers[0].lower
        elif benefit.form == "step" and benefit.step:
            floor = benefit.step.start
        if floor is not None and floor.value > 0 and benefit.base is not None:
            words = next((c for c in said if c.amount and c.amount.span == floor.span), None)
            first, period = (words.first, words.period) if words else (False, "")
            op = words.op if words and words.op in ("ge", "gt") else "ge"
            yield Condition(benefit.base.text, op, Span(floor.span.start, floor.span.end), floor, "", period, first)
