"""Rates and sums that a list states item by item, under a lead that says of what: “以上年度实际营业收入为计提依据，按照以下标准提取：”.

A list is read from one text: the lines of its lead, each ending in a colon, and its items, one a line. Read only where every
item is understood: bands (超过1000万元至1亿元的部分，按照2%) that join without a gap, a sum for each bound, or a rate for each
class. Rates by bands are of the parts only where the list says so (的部分, 分段, 超额累退); of the whole they are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile

from ingest.document import Span
from ingest.normalize import fold
from qa.calculation.figures import Figure, figures, metric_at, metric_in
from qa.calculation.rule import LONGEST, OPEN, Band, Cap, Form, Rule, Unit, ceilings, is_ceiling, pieces, unit_of

_LEAD = re.compile(r"(?:[^\n]*:[^\S\n]*\n)+")
_STOPS = r"[;。\n]"
_BASE = re.compile(
    r"(?:(?:以|按照?|根据|依据)其?|对(?=[^,。;:]{2,20}(?:达到|突破|超过)(?:以下|下列)))(?P<base>[^,。;:]{2,30}?)"
    r"(?:为[^,。;:]{0,4}(?:依据|基数|基准)|,|(?:按照?|的|(?:首次)?(?:达到|突破|超过))?(?:以下|下列|如下))"
)
_INTRODUCES = re.compile(
    r"(?:分别)?(?:按照?)?(?:(?:以下|下列)[^,]{0,6}(?:标准|比例|支持|补助|奖励|规定)|(?:标准|比例)?如下)"
)
_BY_PARTS = re.compile("分段|累计|超额累[进退]")
_PAYS = re.compile("奖励|补[贴助]|资助|奖补|给予|配套|[提计收征支]取|计提|[交缴]纳|征收|支付|赔偿|收费")
# From the bound of a band to its rate or sum: 的部分，按照 / （含）的，每件交纳 / 或者不涉及财产数额的，每件交纳.
_BETWEEN = re.compile(
    r"(?:\([^)]{0,12}\))?(?:以[上下内])?(?:\([^)]{0,12}\))?(?:或者?[^,。;\d]{2,14}|(?P<part>的?部分)|的)?,?[^,。;\d、]{0,14}"
)
_TO = re.compile(r"(?:\([^)]{0,6}\))?(?:以上)?(?:\([^)]{0,6}\))?[至到~-]")
_BOUND_WORDS = re.compile(r"(?:首次|不?超过|达到?|突破|不足|不?[低高大小少]于|在|[未不]?满)*\Z")
_CLASS = re.compile(
    r"(?P<label>[^。;\d%:]{2,90}?)(?:的)?,?(?:为|按照?|执行|给予|补[贴助]|奖励|提取|[交缴]纳|收取){1,3}"
)


@dataclass(frozen=True, slots=True)
class _Item:
    """A band with the words before its bound: ``metric`` that they name, ``head`` of what or whom. ``by_part``: 的部分."""

    band: Band
    metric: str | None
    head: Span
    by_part: bool
    caps: tuple[Cap, ...]


@lru_cache(maxsize=256)  # the lists of a file are read again for each sentence that is proven by one of them
def read_list(text: str) -> Rule | None:
    """The rule of a list with its lead. Its span is the whole text."""
    flat = fold(text)
    lead = _LEAD.match(flat)
    if lead is None or len(text) > LONGEST or OPEN.search(flat):
        return None
    found = figures(text)
    body, base = Span(lead.end(), len(flat)), _base(flat, lead.end())
    rule = _classes(flat, found, body, base)
    rule = rule or read_bands(flat, found, body, base, by_parts=bool(_BY_PARTS.search(lead.group())))
    if rule is None:
        return None
    conditions = (*_conditions(flat, lead.end()), *rule.conditions)
    return Rule(rule.form, Span(0, len(flat)), rule.metric, base, rule.bands, rule.caps, conditions=conditions)


def read_bands(
    flat: str, found: Sequence[Figure], body: Span, base: Span | None = None, by_parts: bool = False
) -> Rule | None:
    """Items parted by ； or line ends: bands that join, or a sum for each bound. Behind them may stand ceilings of the whole."""
    units = [unit_of(flat, piece, found) for piece in pieces(flat, body, _STOPS) if piece.of(flat).strip()]
    items = [item for item in takewhile(bool, map(_item, units)) if item]
    form = _form(items, by_parts)
    if form is None or not _PAYS.search(body.of(flat)):
        return None
    first = items[0]
    metric = first.metric
    if base and (metric is None or base.of(flat).endswith(metric)):  # the items name it in short
        metric = metric_in(base.of(flat))
    heads = {item.head.of(flat) for item in items[1:]} - {"", first.head.of(flat)}
    if metric is None or heads or any(item.metric not in (None, first.metric) for item in items):
        return None  # the items are of different things
    caps = [cap for item in items for cap in item.caps]
    for unit in units[len(items) :]:
        own = ceilings(unit)
        if own is None or any(f.kind in ("money", "percent", "points") and not is_ceiling(unit, f) for f in unit.found):
            return None
        caps += own
    conditions = (first.head,) if first.head.end - first.head.start >= 2 else ()
    return Rule(form, body, metric, None, tuple(item.band for item in items), tuple(caps), conditions=conditions)


def _item(unit: Unit) -> _Item | None:
    """超过1000万元至1亿元的部分，按照2%提取: one or two bounds, then a rate or a sum, and nothing but ceilings behind it."""
    bounds = list(takewhile(lambda f: f.kind == "money" and f.comparator, unit.found))
    if len(bounds) == 1 and len(unit.found) > 1 and _TO.match(unit.flat, bounds[0].span.end):
        bounds.append(unit.found[1])
    amount = unit.found[len(bounds)] if 1 <= len(bounds) <= 2 and len(unit.found) > len(bounds) else None
    if (
        amount is None
        or amount.comparator
        or any(f.approximate or f.unit not in ("", "CNY") for f in (*bounds, amount))
    ):
        return None
    between = _BETWEEN.fullmatch(unit.flat, bounds[-1].span.end, amount.span.start)
    behind = unit_of(unit.flat, Span(amount.span.end, unit.span.end), unit.found)
    caps = ceilings(behind)
    if between is None or amount.kind not in ("money", "percent") or caps is None or len(caps) < len(behind.found):
        return None
    below = len(bounds) == 1 and bounds[0].comparator in ("le", "lt")
    lower = None if below else bounds[0]
    upper = bounds[-1] if below or len(bounds) == 2 else None
    metric, head = _head(unit, bounds[0])
    return _Item(Band(amount, lower, upper), metric, head, bool(between["part"]), caps)


def _head(unit: Unit, bound: Figure) -> tuple[str | None, Span]:
    """What the bound is of (营业收入), and the words before that (对规上工业企业)."""
    part = Span(unit.part(bound.span.start).start, bound.span.start)
    named = metric_at(_BOUND_WORDS.sub("", part.of(unit.flat)))
    end = part.start + named[1] if named else part.start + _BOUND_WORDS.search(part.of(unit.flat)).start()
    words = unit.flat[unit.span.start : end]
    start = unit.span.start + len(words) - len(words.lstrip(" 对于"))
    return (named[0] if named else None), Span(start, max(start, unit.span.start + len(words.rstrip(" ,的"))))


def _form(items: Sequence[_Item], by_parts: bool) -> Form | None:
    """``None`` where neither is sure: rates of the whole or of its parts, bounds with a gap between them."""
    bands = [item.band for item in items]
    if len(bands) < 2:
        return None
    rates = [band.amount.kind == "percent" for band in bands]
    joined = all(a.upper and b.lower and a.upper.value == b.lower.value for a, b in pairwise(bands))
    # A sum for the first band (不超过1万元的，每件交纳50元) goes with rates for what lies above it.
    if joined and all(rates[1:]) and (rates[0] or bands[0].lower is None):
        return "progressive" if by_parts or all(item.by_part for item in items[1:]) else None
    lowers = {band.lower.value for band in bands if band.lower}
    by_part = any(item.by_part for item in items)
    return "tiers" if not any(rates) and len(lowers) == len(bands) and not by_part else None


def _classes(flat: str, found: Sequence[Figure], body: Span, base: Span | None) -> Rule | None:
    """（一）普通货运业务按照1%提取；（二）客运业务按照1.5%提取: a rate for each class, of what the lead names."""
    metric = metric_in(base.of(flat)) if base else None
    bands: list[Band] = []
    for piece in pieces(flat, body, _STOPS):
        unit = unit_of(flat, piece, found)
        if not piece.of(flat).strip():
            continue
        alone = len(unit.found) == 1 and unit.found[0].kind == "percent" and unit.found[0].comparator is None
        label = _CLASS.fullmatch(flat, piece.start, unit.found[0].span.start) if alone else None
        if label is None:
            return None
        bands.append(Band(unit.found[0], label=Span(*label.span("label"))))
    return Rule("rate", body, metric, base, tuple(bands)) if metric and len(bands) > 1 else None


def _base(flat: str, end: int) -> Span | None:
    """The words of the lead for what the list counts by; of several those that stand nearest to the items."""
    spans = [Span(*match.span("base")) for match in _BASE.finditer(flat, 0, end)]
    return next((span for span in reversed(spans) if metric_in(span.of(flat))), None)


def _conditions(flat: str, end: int) -> Iterator[Span]:
    """For whom and of what the list holds, in the words of its lead, without those that only introduce the items."""
    for line in pieces(flat, Span(0, end), "\n"):
        line = Span(line.start + len(line.of(flat)) - len(line.of(flat).lstrip(" 对于")), line.end)
        stop = line.start + len(line.of(flat).rstrip(" :"))
        last = max(flat.rfind(mark, line.start, stop) for mark in ",。")
        opening = _INTRODUCES.search(flat, max(last, line.start), stop)
        if opening:
            stop = last if last > line.start else opening.start()
        if stop - line.start >= 2:
            yield Span(line.start, stop)
