"""The same support in province, city and district side by side: each cell a verbatim part of its clause, or said to be unstated.

Measures are the same support where they grant the same kind of benefit to the same kind of beneficiary for the same object;
how much two have in common is counted in standard terms and words, the rarer the more. No model.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.measures import MeasureRecord
from ingest.document import LEVEL_NAMES, PolicyDocument, Span
from ingest.measures.model import Amount, Benefit, Condition, Measure

Aspect = Literal["支持对象", "申报条件", "支持标准", "上限", "叠加规则", "兑现方式", "申报时间", "责任单位"]
ASPECTS: tuple[Aspect, ...] = (
    "支持对象", "申报条件", "支持标准", "上限", "叠加规则", "兑现方式", "申报时间", "责任单位",
)  # fmt: skip
ALIKE = 0.34  # least share of common terms
PAIR = 0.5  # weight of a pair of characters of the name against a standard term
LEVELS = tuple(LEVEL_NAMES)

_LEFT_OPEN = re.compile(
    r"(?:具体|相关|有关)?(?:标准|办法|细则|额度|比例|分档|条件|名单|程序)[^。；;\n]{0,16}"
    r"(?:另行|由[^。；;\n]{1,24})(?:制定|确定|明确|规定|公布)|(?:各地|各市|各县|各区|市、县|县（市、区）)[^。；;\n]{0,24}"
    r"(?:制定|确定|明确|结合实际)"
)
_LOWER_LIMIT = re.compile(r"(?:各地|各市|各县|各区|市、县|县（市、区）|市县)[^。；;\n]{0,30}(?:不得超过|不超过|最高)")


@dataclass(frozen=True, slots=True)
class Cell:
    """What the clause says of one aspect: verbatim parts, ``document.text[span]`` each."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of the table. ``cells`` has no entry for what its clause does not say."""

    record: MeasureRecord
    cells: dict[Aspect, Cell]


@dataclass(frozen=True, slots=True)
class Finding:
    """``difference``: two rows state other figures; ``conflict``: they may contradict one another; ``open``: a row leaves it to
    someone else, in the words of ``span``. ``rows`` are positions in the table.
    """

    kind: Literal["difference", "conflict", "open"]
    text: str
    rows: tuple[int, ...]
    aspect: Aspect | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rows``: the highest level first, one measure each."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def compare(rows: Sequence[tuple[MeasureRecord, PolicyDocument]]) -> Comparison:
    """The table of these measures with what differs; each comes with the version of its file that it was read from."""
    ordered = sorted(rows, key=lambda row: (_rank(row[0]), row[0].card.region or "", row[0].measure.id))
    table = tuple(Row(record, dict(_cells(record.measure, document.text))) for record, document in ordered)
    return Comparison(table, (*_differences(table, ordered), *_conflicts(ordered), *_left_open(ordered)))


def _rank(record: MeasureRecord) -> int:
    level = record.card.level
    return LEVELS.index(level) if level else len(LEVELS)


def same_support(
    of: MeasureRecord, records: Sequence[MeasureRecord], each: int = 1
) -> tuple[tuple[MeasureRecord, float], ...]:
    """Measures of ``records`` that are the same support as ``of``, most alike first, at most ``each`` a file, and how alike (0–1)."""
    return Supports(records).same(of, each)


class Supports:
    """Measures that many others are compared with; their terms are read once."""

    def __init__(self, records: Sequence[MeasureRecord]) -> None:
        self._records = records
        self._terms = [_terms(record.measure) for record in records]
        self._weight = _rarity(self._terms)

    def same(self, of: MeasureRecord, each: int = 1) -> tuple[tuple[MeasureRecord, float], ...]:
        """As ``same_support``."""
        own = _terms(of.measure)
        found = []
        for record, theirs in zip(self._records, self._terms, strict=True):
            if own & theirs and record.measure.id != of.measure.id and _same_kind(of.measure, record.measure):
                alike = _overlap(own, theirs, self._weight)
                if alike >= ALIKE:
                    found.append((record, alike))
        found.sort(key=lambda item: (-item[1], item[0].measure.id))
        taken: Counter[str] = Counter({of.card.id: each})
        chosen = []
        for record, alike in found:
            if taken[record.card.id] < each:
                taken[record.card.id] += 1
                chosen.append((record, alike))
        return tuple(chosen)


def _same_kind(one: Measure, other: Measure) -> bool:
    """Same benefit type for the same sort of applicant; a side that does not say fits any."""
    types, others = {b.type for b in one.benefits}, {b.type for b in other.benefits}
    who, whom = ({w.text for w in m.beneficiary.types} for m in (one, other))
    return bool(types & others) and (not who or not whom or bool(who & whom))


def _terms(measure: Measure) -> frozenset[str]:
    """Standard terms of whom and what it is for, and the pairs of characters of its name."""
    who = measure.beneficiary
    groups = (who.industry, who.size, who.qualification, who.project_kind, who.person)
    terms = {words.text for group in groups for words in group}
    for benefit in measure.benefits:
        terms |= {benefit.subtype, benefit.base.text if benefit.base else ""}
        terms |= {c.words or c.metric for tier in benefit.tiers for c in tier.when}
        terms |= {c.words or c.metric for c in benefit.when}
    terms |= {c.words or c.metric for c in measure.conditions}
    name = re.sub(r"[^\w]|支持|奖励|给予|补助|补贴|企业|项目|政策|实施|加大|鼓励|对于?", " ", measure.name)
    pairs = {word[i : i + 2] for word in name.split() for i in range(len(word) - 1)}
    return frozenset(terms - {""}) | pairs


def _rarity(terms: Sequence[frozenset[str]]) -> dict[str, float]:
    """Inverse document frequency of each term over the measures, 1 for one that stands in a single measure."""
    counts = Counter(term for each in terms for term in each)
    total = len(terms) + 1
    return {term: math.log(total / count) / math.log(total) for term, count in counts.items()}


def _overlap(one: frozenset[str], other: frozenset[str], weight: dict[str, float]) -> float:
    def heft(terms: frozenset[str]) -> float:
        return sum(weight.get(term, 1.0) * (PAIR if len(term) == 2 else 1.0) for term in terms)

    whole = heft(one | other)
    return 2 * heft(one & other) / (whole + heft(one & other)) if whole else 0.0


def _cells(measure: Measure, text: str) -> Iterator[tuple[Aspect, Cell]]:
    who = measure.beneficiary
    groups = (who.types, who.industry, who.size, who.qualification, who.project_kind, who.person, who.exclude)
    spans: dict[Aspect, list[Span]] = {
        "支持对象": [words.span for group in groups for words in group],
        "申报条件": [condition.span for condition in _conditions(measure)],
        "支持标准": [benefit.span for benefit in measure.benefits],
        "上限": [_part(text, limit.span) for limit in _limits(measure)],
        "叠加规则": [measure.stacking.span] if measure.stacking else [],
        "兑现方式": [measure.channel.span] if measure.channel else [],
        "申报时间": [measure.window.span] if measure.window else [],
        "责任单位": [department.span for department in measure.departments],
    }
    for aspect, found in spans.items():
        merged = tuple(_merged([span for span in found if span.end > span.start], text))  # 企业 may be unsaid
        if merged:
            yield aspect, Cell("；".join(span.of(text).strip() for span in merged), merged)


def _conditions(measure: Measure) -> Iterator[Condition]:
    yield from measure.conditions
    for benefit in measure.benefits:
        yield from benefit.when


def _limits(measure: Measure) -> Iterator[Amount]:
    for benefit in measure.benefits:
        if benefit.max:
            yield benefit.max
        yield from (tier.max for tier in benefit.tiers if tier.max)
    yield from (cap.limit for cap in measure.caps)


def _part(text: str, figure: Span) -> Span:
    """The words between two stops around a figure: 单个项目最高1000万元."""
    start = max(text.rfind(mark, 0, figure.start) for mark in "，,。；;、（(\n\t") + 1
    ends = [at for mark in "，,。；;、）)\n\t" if (at := text.find(mark, figure.end)) >= 0]
    return Span(start, min(ends, default=len(text)))


def _merged(spans: Sequence[Span], text: str) -> Iterator[Span]:
    """In order, those that overlap or stand side by side as one."""
    current: Span | None = None
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if current and span.start <= current.end + 1 and not re.search("[；;。\n]", text[current.end : span.start]):
            current = Span(current.start, max(current.end, span.end))
        else:
            if current:
                yield current
            current = span
    if current:
        yield current


def _headline(measure: Measure) -> tuple[str, Amount, Benefit] | None:
    """The one figure that a measure is known by, and what sort of figure it is; ``None`` where there are several."""
    if len(measure.benefits) != 1:
        return None
    benefit = measure.benefits[0]
    for sort, amount in (("标准", benefit.value), ("比例", benefit.rate), ("最高额", benefit.max)):
        if amount and not benefit.tiers:
            return f"{benefit.form}{sort}{benefit.per.unit if benefit.per else ''}", amount, benefit
    return None


def _scale(measure: Measure) -> tuple[Decimal, ...]:
    """The sums or shares of the tiers, in order; empty where there are none."""
    amounts = (tier.value or tier.rate or tier.max for benefit in measure.benefits for tier in benefit.tiers)
    return tuple(amount.value for amount in amounts if amount)


def _differences(table: Sequence[Row], rows: Sequence[tuple[MeasureRecord, PolicyDocument]]) -> Iterator[Finding]:
    """Rows whose one figure is of the same sort but not the same."""
    by_sort: dict[str, list[tuple[int, Amount]]] = {}
    for position, row in enumerate(table):
        headline = _headline(row.record.measure)
        if headline:
            by_sort.setdefault(headline[0], []).append((position, headline[1]))
    for group in by_sort.values():
        if len({amount.value for _, amount in group}) > 1:
            printed = "、".join(amount.span.of(rows[position][1].text) for position, amount in group)
            at = tuple(position for position, _ in group)
            yield Finding("difference", f"支持标准不同，依次为{printed}", at, "支持标准")
    scales = {position: scale for position, row in enumerate(table) if (scale := _scale(row.record.measure))}
    if len(set(scales.values())) > 1:
        yield Finding("difference", "分档标准不同", tuple(scales), "支持标准")
    for aspect in ("申报条件", "上限", "叠加规则"):
        said = tuple(position for position, row in enumerate(table) if aspect in row.cells)
        unsaid = tuple(position for position in range(len(table)) if position not in said)
        if said and unsaid:
            yield Finding("difference", f"{aspect}没有写明，其他级别写明了", unsaid, aspect)


def _conflicts(rows: Sequence[tuple[MeasureRecord, PolicyDocument]]) -> Iterator[Finding]:
    """Two files of one place that grant other sums for the same, and a sum over the limit that a higher level sets for lower ones."""
    for at, (one, document) in enumerate(rows):
        mine = _headline(one.measure)
        for later, (other, _) in enumerate(rows[at + 1 :], at + 1):
            theirs = _headline(other.measure)
            if not mine or not theirs or mine[0] != theirs[0] or mine[1].value == theirs[1].value:
                continue
            if one.card.level == other.card.level and one.card.region == other.card.region:
                text = "同一地区的两份文件标准不同，请核对以哪一份为准"
                yield Finding("conflict", text, (at, later), "支持标准")
            elif _rank(one) < _rank(other) and _over(one, document, theirs[1]):
                yield Finding("conflict", "可能超过上级为下级设的上限，请核对", (at, later), "上限")


def _over(higher: MeasureRecord, document: PolicyDocument, amount: Amount) -> bool:
    """Whether the higher file limits what lower ones may pay, and ``amount`` is more."""
    words = higher.measure.span.of(document.text)
    limits = [limit for limit in _limits(higher.measure) if limit.unit == amount.unit]
    return bool(_LOWER_LIMIT.search(words)) and any(amount.value > limit.value for limit in limits)


def _left_open(rows: Sequence[tuple[MeasureRecord, PolicyDocument]]) -> Iterator[Finding]:
    for position, (record, document) in enumerate(rows):
        span = record.measure.span
        match = _LEFT_OPEN.search(document.text, span.start, span.end)
        if match:
            words = _part(document.text, Span(*match.span()))
            yield Finding("open", words.of(document.text).strip(), (position,), span=words)
