"""The rule of a clause that an amount follows from: its parts, its ceilings, the bounds and conditions that come with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.document import Span
from qa.calculation.figures import Figure, metric_of

Form = Literal["rate", "tiers", "per_unit", "progressive", "step", "schedule"]

LONGEST = 2000  # characters of a clause, or of a list with its lead; no rule is longer
# What leaves the sum to a decision or to what the clause does not say.
OPEN = re.compile(
    r"研究确定|一事一议|一企一策|另行(?:确定|制定|研究|明确)|分档|酌情|视情|择优|竞争性|评审确定|由.{0,14}(?:确定|核定|明确)(?![认])|区间内|市场价"
    r"|具体(?:标准|比例|金额|额度|分档).{0,10}(?:确定|明确|制定)|实施细则.{0,4}(?:明确|规定)|税|留成|地方(?:经济)?贡献|利率|个百分点"
)
PAYOUT = re.compile(r"分.{1,4}[年期次].{0,8}|发放|拨付|兑付|兑现|拨付")
_CAP = re.compile(r"(?:最高|最多|不超过|不高于|封顶|上限|至多)[^,。;\d]{0,8}\Z")
_FLOOR = re.compile(r"(?:最低|最少|不低于|不少于|至少)[^,。;\d]{0,8}\Z")
_PER_OTHER = re.compile(r"每(?:人|名|平方米|㎡|台|件|项|吨|亩|千瓦时|度)|单价")
_ACTION = re.compile(r"\(?责任单位|\(?牵头单位|(?:分别)?(?:按照?|再?给予|一次性(?:给予|奖励)|再?奖励|予以)(?!标准)")
_UNITS = re.compile(r"\(?(?:责任|牵头)单位")
_SINGLE = re.compile(r"单[台个套项次]|每")
_CLASSES = {
    "人": "人", "名": "人", "平方米": "㎡", "㎡": "㎡", "千瓦时": "千瓦时", "度": "千瓦时", "月": "个月", "个月": "个月",
    "年": "年", "位": "人",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Band:
    """``amount`` (a sum or a rate) from ``lower`` to ``upper``, or for those whom ``label`` names."""

    amount: Figure
    lower: Figure | None = None
    upper: Figure | None = None
    label: Span | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """A ceiling with its words (单个项目最高1000万元); ``label`` where there is one for each class (A类)."""

    figure: Figure
    words: Span
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bound that the asker's own figure of ``metric`` can be held against."""

    metric: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Rule:
    """Spans count in the clause's text. ``metric``: what it counts by, printed at ``base``; ``units``: 人, 个月 … of a price for
    each; ``limits``: most of a unit that is paid for; ``conditions``: the clause's words that no figure answers.
    """

    form: Form
    span: Span
    metric: str | None
    base: Span | None
    bands: tuple[Band, ...]
    caps: tuple[Cap, ...] = ()
    units: tuple[str, ...] = ()
    limits: tuple[Figure, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    conditions: tuple[Span, ...] = ()
    floors: tuple[Figure, ...] = ()  # 最低奖励3000元
    step: tuple[Figure, Figure] | None = None  # (每增加1亿元, 再奖励5万元)


@dataclass(frozen=True, slots=True)
class Unit:
    """Words between two stops with their figures, in the coordinates of the clause."""

    flat: str
    span: Span
    found: tuple[Figure, ...]

    def before(self, figure: Figure) -> str:
        return self.flat[self.span.start : figure.span.start]

    def after(self, figure: Figure) -> str:
        return self.flat[figure.span.end : self.span.end]

    def part(self, at: int) -> Span:
        """The words between commas around ``at``."""
        start = self.flat.rfind(",", self.span.start, at) + 1 or self.span.start
        end = self.flat.find(",", at, self.span.end)
        return Span(start, end if end >= 0 else self.span.end)


def unit_class(unit: str) -> str:
    """人 of 名, ㎡ of 平方米: units that count the same."""
    return _CLASSES.get(unit, unit)


def pieces(flat: str, within: Span, stops: str) -> Iterator[Span]:
    """Spans between the ``stops`` (a pattern)."""
    start = within.start
    for match in re.compile(stops).finditer(flat, within.start, within.end):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, within.end)


def unit_of(flat: str, span: Span, found: Sequence[Figure]) -> Unit:
    """The words of ``span`` with the figures in them."""
    return Unit(flat, span, tuple(f for f in found if span.contains(f.span)))


def is_ceiling(unit: Unit, figure: Figure) -> bool:
    """Whether the sum only bounds another (最高500万元)."""
    return figure.kind == "money" and bool(_CAP.search(unit.before(figure)))


def is_floor(unit: Unit, figure: Figure) -> bool:
    """Whether the sum is the least that is paid (最低奖励3000元)."""
    return figure.kind == "money" and bool(_FLOOR.search(unit.before(figure)))


def ceilings(unit: Unit) -> tuple[Cap, ...] | None:
    """Ceilings of the unit in money, ``None`` where one of them is not of the whole sum (每平方米不超过30元)."""
    caps = []
    for figure in unit.found:
        if not is_ceiling(unit, figure):
            continue
        start = max(unit.before(figure).rfind(mark) for mark in ",、(") + 1 + unit.span.start
        words = Span(start, figure.span.end)
        if _PER_OTHER.search(words.of(unit.flat)):
            return None
        caps.append(Cap(figure, words))
    if len(caps) > 1 and all(unit.flat[c.words.start - 1] == "、" for c in caps[1:]):
        return tuple(replace(c, label=re.split(r"的?(?:最高|不超过)", c.words.of(unit.flat))[0]) for c in caps)
    return tuple(caps)


def finished(rule: Rule, unit: Unit, core: Span, used: Sequence[Figure]) -> Rule | None:
    """Adds ceilings, bounds and conditions; ``None`` where a sum or percentage of the rule's own words is left unexplained."""
    caps = ceilings(unit)
    if caps is None:
        return None
    floors = tuple(f for f in unit.found if f.span.start >= core.end and is_floor(unit, f))
    explained = {f.span for f in (*used, *(c.figure for c in caps), *rule.limits, *floors)}
    thresholds = []
    for index, figure in enumerate(unit.found):
        if figure.span in explained:
            continue
        metric = metric_of(unit.flat, unit.found, index)
        if figure.comparator and metric and figure.span.start < core.start and _is_bound(unit, figure, metric):
            thresholds.append(Threshold(metric, figure))
        elif figure.kind in ("money", "percent", "points", "fold") and not _harmless(unit, figure, core):
            return None
    whole = replace(rule, caps=caps, floors=floors, thresholds=tuple(thresholds))
    return replace(whole, conditions=tuple(_conditions(whole, unit, core, caps)))


def _is_bound(unit: Unit, figure: Figure, metric: str) -> bool:
    """Whether the asker's figure can be held against it: not the price of a single machine, nor a length of time."""
    before = unit.flat[unit.part(figure.span.start).start : figure.span.start]
    share = metric.endswith(("增速", "占比"))
    return figure.kind in (("percent",) if share else ("money", "count")) and not _SINGLE.search(before)


def _harmless(unit: Unit, figure: Figure, core: Span) -> bool:
    """A bound without a name of its own (亿元以上项目), which is quoted as a condition; how the sum is paid out by and by."""
    if figure.span.start < core.start:
        return figure.comparator is not None
    return figure.kind == "percent" and bool(PAYOUT.search(unit.part(figure.span.start).of(unit.flat)))


def _conditions(rule: Rule, unit: Unit, core: Span, caps: Sequence[Cap]) -> Iterator[Span]:
    """The parts of the rule's sentence that say for whom, when and how long, each in its own words."""
    counted = [*(c.words for c in caps), *(f.span for f in (*rule.limits, *rule.floors))]
    for part in pieces(unit.flat, unit.span, ","):
        start, end = part.start, part.end
        if part.start <= core.start < part.end:
            if rule.form in ("progressive", "step"):
                continue
            end = core.start if rule.form in ("rate", "per_unit", "schedule") else end
        elif (core.start < part.end and part.start < core.end) or any(part.contains(words) for words in counted):
            continue
        words = unit.flat[start:end]
        opening = re.match(r"\s*(?:对于?|企业(?=参加)|\(?其中|\(?(?:责任单位|牵头单位).*)?", words)
        start += opening.end() if opening else 0
        stop = _ACTION if part.start <= core.start else _UNITS
        end = start + len(stop.split(unit.flat[start:end])[0].rstrip("( "))
        if end - start >= 2:
            yield Span(start, end)
