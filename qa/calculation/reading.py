"""A clause read for the rules that an amount follows from, form by form. No model.

Read only where every sum and percentage of the rule's sentence is understood; a rule that leaves something to a decision
(研究确定, 一事一议), gives a range, or only a ceiling, is no rule to calculate by, and nothing is returned for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from ingest.document import Span
from ingest.normalize import fold
from ingest.numerals import chinese_to_int
from qa.calculation.figures import Figure, figures, metric_in, metric_of
from qa.calculation.lists import read_bands
from qa.calculation.rule import (
    OPEN,
    PAYOUT,
    Band,
    Cap,
    Rule,
    Unit,
    ceilings,
    finished,
    is_ceiling,
    pieces,
    unit_class,
    unit_of,
)

_BY_FORMULA = re.compile("计算公式|系数|等因素")
_GRANTS = re.compile("奖励|补贴|补助|资助|奖补|给予|配套")
_GRANT_BEFORE = re.compile(r"(?:奖励|给予|补助|补贴|资助|奖补|支持|予以|发放|奖|补|标准|按)[^,。;、\d]{0,8}\Z")
_GRANT_AFTER = re.compile(
    r"(?:的|一次性|安家|生活|资金|科研|给予|标准|资格|认定|的标准){0,3}(?:奖励|补助|补贴|资助|奖补|支持|配套|给予|贴息|予以)"
)
_BASE_BEFORE = re.compile(
    r"(?:按照?|依照?|以|给予|补助|补贴|奖励|资助|予以)(?:(?:奖励)?金额按照?)?(?:其)?([^,。;:]{2,30}?)(?:总额)?的?\Z"
)
_EACH = re.compile(
    r"每(?:新增?)?(?:招收|招用|引进|培养|认定|获得|主导)*[^,。;每\d]{0,2}?1?(人|名|平方米|㎡|千瓦时|度|吨|项|件|台|个|家|户|辆|亩|次|月|年)"
)
_LIMIT = re.compile(r"(?:最长|最多|连续|不超过|不高于|以内)[^,。;\d]{0,8}\Z")
_YEAR_ONE = re.compile(r"第([一二三四五六七八九十])年(?:按|给予|免)?")
_YEARS = re.compile(r"(前|后)([一二两三四五六七八九十])年(?:租金|给予|按)*(?:(全额)|(减半)|(?=\d))?")


def read_rules(clause: str) -> tuple[Rule, ...]:
    """The rules of ``clause`` that an amount can be calculated by; empty where it leaves the amount open."""
    flat, found = fold(clause), figures(clause)
    if _BY_FORMULA.search(flat):
        return ()
    rules: list[Rule] = []
    loose: list[Cap] = []
    for sentence in pieces(flat, Span(0, len(flat)), r"[。\n]"):
        whole = unit_of(flat, sentence, found)
        if OPEN.search(sentence.of(flat)):
            continue
        banded = _progressive(whole) or read_bands(flat, found, sentence)
        if banded or "的部分" in sentence.of(flat):
            rules += [banded] if banded else []
            continue
        for piece in pieces(flat, sentence, r"[;]"):
            unit = unit_of(flat, piece, found)
            rule = _step(unit) or _schedule(unit) or _per_unit(unit) or _rate(unit) or _tiers(unit)
            if rule:
                rules.append(rule)
            elif not any(f.kind in ("money", "percent") and not is_ceiling(unit, f) for f in unit.found):
                loose += ceilings(unit) or ()
    return tuple(replace(rule, caps=(*rule.caps, *loose)) for rule in rules)


def read_limits(clause: str) -> tuple[tuple[Cap, str, Span], ...]:
    """Ceilings that are a share of something (单个项目补助总额不超过设备投资额的20%): (ceiling, what it counts by, words)."""
    flat, found = fold(clause), figures(clause)
    limits = []
    for piece in pieces(flat, Span(0, len(flat)), r"[。;,\n]"):
        unit = unit_of(flat, piece, found)
        bound = (
            re.search(r"(?:不超过|不高于|最高(?:不超过)?)([^,。;\d]{2,20}?)的?\Z", unit.before(unit.found[0]))
            if unit.found
            else None
        )
        if len(unit.found) == 1 and unit.found[0].kind == "percent" and bound and (metric := metric_in(bound[1])):
            limits.append((Cap(unit.found[0], piece), metric, piece))
    return tuple(limits)


def _rate(unit: Unit) -> Rule | None:
    """按设备投资额的10%给予补助; of several rates each has its name (国家级、省级…分别按15%、10%)."""
    rates = [
        f
        for f in unit.found
        if f.kind == "percent"
        and f.comparator is None
        and not f.approximate
        and not PAYOUT.search(unit.part(f.span.start).of(unit.flat).split("%")[0])
    ]
    ratio = re.compile(r"(?<!\d)1[::∶]1(?!\d|:)").search(unit.flat, unit.span.start, unit.span.end)
    if not rates and ratio:
        rates = [Figure("percent", Decimal(1), "", Span(*ratio.span()), ratio.group())]
    if not rates or (len(rates) > 1 and re.search(r"[-~至到]", unit.flat[rates[0].span.end : rates[1].span.start])):
        return None
    first = rates[0]
    before = _BASE_BEFORE.search(unit.before(first))
    granted = _GRANT_AFTER.match(unit.after(rates[-1]).lstrip("的比例")) or re.search(
        "给予|补贴|补助|奖励|配套", unit.before(first)[-34:]
    )
    base = Span(unit.span.start + before.start(1), unit.span.start + before.end(1)) if before else None
    if base is None and ratio:
        named = re.search(r"(?:国家|省级?|上级|国拨)[^,。;]{0,8}?(?:资金|补助|奖励|支持|资助)", unit.before(first))
        base = Span(unit.span.start + named.start(), unit.span.start + named.end()) if named else None
    metric = metric_in(base.of(unit.flat)) if base else None
    if not (base and metric and granted):
        return None
    bands = _named(unit, rates) if len(rates) > 1 else (Band(first),)
    rule = Rule("rate", unit.span, metric, base, bands)
    return finished(rule, unit, Span(base.start, rates[-1].span.end), rates) if bands else None


def _grants(unit: Unit) -> list[Figure]:
    """Sums that the unit grants: neither bound nor ceiling."""
    return [
        f
        for f in unit.found
        if f.kind == "money"
        and f.comparator is None
        and not f.approximate
        and not is_ceiling(unit, f)
        and (_GRANT_AFTER.match(unit.after(f)) or _GRANT_BEFORE.search(unit.before(f)) or "分别" in unit.before(f))
    ]


def _tiers(unit: Unit) -> Rule | None:
    """营业收入首次突破1亿元、5亿元的，分别给予50万元、100万元: a sum for each bound; one bound and one sum as well."""
    grants = [
        g for g in _grants(unit) if not re.search("每", unit.part(g.span.start).of(unit.flat)[:-1].split(g.printed)[0])
    ]
    if not grants or (re.search("(?:再|另)(?:给予|奖励|补助)", unit.before(grants[-1])) and len(grants) > 1):
        return None
    bounds = [
        f
        for f in unit.found
        if f.span.end <= grants[0].span.start and f not in grants and f.kind in ("money", "percent", "count")
    ]
    first = next((i for i, f in enumerate(unit.found) if bounds and f is bounds[0]), None)
    metric = metric_of(unit.flat, unit.found, first) if first is not None else None
    if not metric or any(b.kind != bounds[0].kind or b.approximate for b in bounds):
        return None
    comparator = bounds[0].comparator or bounds[-1].comparator
    if (
        len(bounds) == len(grants)
        and comparator in ("ge", "gt")
        and (len(grants) == 1 or "分别" in unit.before(grants[0]))
    ):
        bands = tuple(Band(g, replace(b, comparator=comparator)) for b, g in zip(bounds, grants, strict=True))
    elif len(grants) == 1 and len(bounds) == 2 and _joined(unit, bounds):
        bands = (
            Band(
                grants[0],
                replace(bounds[0], comparator=bounds[0].comparator or "ge"),
                replace(bounds[1], comparator=bounds[1].comparator or "le"),
            ),
        )
    else:
        return None
    core = Span(bounds[0].span.start, grants[-1].span.end)
    return finished(Rule("tiers", unit.span, metric, None, bands), unit, core, (*bounds, *grants))


def _joined(unit: Unit, bounds: Sequence[Figure]) -> bool:
    between = unit.flat[bounds[0].span.end : bounds[1].span.start]
    return bool(re.fullmatch(r"(?:\(含\)|以上)?[-~至到、]?(?:不足|低于|不超过)?", between))


def _named(unit: Unit, amounts: Sequence[Figure]) -> tuple[Band, ...]:
    """博士、硕士、本科毕业生，分别按…1500元、1000元、600元: names and amounts in the same order; empty where their counts differ."""
    at = unit.before(amounts[0]).rfind("分别")
    if at < 0 or any(
        not re.fullmatch(r"[、,和及/]", unit.flat[a.span.end : b.span.start]) for a, b in pairwise(amounts)
    ):
        return ()
    names = re.sub(r",?(?:每[^,]{1,6})?\Z", "", unit.flat[unit.span.start : unit.span.start + at])
    start = unit.span.start + (names.rfind(",") + 1)
    parts = list(pieces(unit.flat, Span(start, unit.span.start + len(names)), "[、和及]"))
    if len(parts) != len(amounts):
        return ()
    head = re.search(r".*(?:的|对|为)(?=.{2})", parts[0].of(unit.flat))
    parts[0] = Span(parts[0].start + (head.end() if head else 0), parts[0].end)
    shared = parts[0].of(unit.flat)[-1] == parts[1].of(unit.flat)[-1]  # 主导制定国际标准、国家标准: the names end alike
    if shared:
        parts[0] = Span(max(parts[0].start, parts[0].end - (parts[1].end - parts[1].start)), parts[0].end)
    last = parts[-1]
    parts[-1] = Span(last.start, last.start + len(last.of(unit.flat).removesuffix("的")))
    return tuple(Band(amount, label=label) for amount, label in zip(amounts, parts, strict=True))


def _per_unit(unit: Unit) -> Rule | None:
    """每人每月1500元, 每平方米300元, 每新增1人500元; with names: 每项分别奖励50万元、30万元、10万元."""
    grants = _grants(unit) or [
        f for f in unit.found if f.kind == "money" and f.comparator is None and not is_ceiling(unit, f)
    ]
    if not grants or grants[0].approximate or not _GRANTS.search(unit.span.of(unit.flat)):
        return None
    part = unit.part(grants[0].span.start)
    head = unit.flat[part.start : grants[0].span.start]
    if part.start > unit.span.start and re.fullmatch(r"(?:一次性)?(?:给予|奖励|补贴|补助)(?:一次性)?", head):
        part = Span(unit.part(part.start - 2).start, part.end)  # 每招收1名博士后，给予20万元
        head = unit.flat[part.start : grants[0].span.start]
    if re.search("每再?(?:增加|增长|多|超)", head):  # on top of a tier, not for each
        return None
    each = list(_EACH.finditer(head))
    if not each or (len(grants) > 1 and not (bands := _named(unit, grants))):
        return None
    if len(grants) == 1:
        bands = (Band(grants[0]),)
    ones = [
        f
        for f in unit.found
        if f.kind == "count" and f.value == 1 and part.start <= f.span.start < grants[0].span.start
    ]
    units = tuple(unit_class(m[1]) for m in each)
    limits = tuple(
        f
        for f in unit.found
        if f.kind in ("count", "duration", "area")
        and (unit_class(f.unit) in units or (f.unit == "年" and "个月" in units))
        and f.span.start > grants[-1].span.end
        and _LIMIT.search(unit.before(f))
    )
    metric = metric_in(head) if not {"人", "㎡"} & set(units) else None
    by = re.search(r"按照?([^,按]*)\Z", head[: each[0].start()])
    core = Span(part.start + (by.start(1) if by else each[0].start()), grants[-1].span.end)
    rule = Rule(
        "per_unit", unit.span, metric, Span(core.start, grants[0].span.start), bands, units=units, limits=limits
    )
    return finished(rule, unit, core, (*grants, *ones))


def _progressive(unit: Unit) -> Rule | None:
    """1亿元至5亿元的部分奖励1%，5亿元以上的部分奖励2%: marginal bands, which must join without a gap."""
    bands: list[Band] = []
    start = unit.span.start
    used: list[Figure] = []
    for match in re.compile("的?部分").finditer(unit.flat, unit.span.start, unit.span.end):
        bounds = [f for f in unit.found if f.kind == "money" and start <= f.span.start < match.start()]
        rate = next((f for f in unit.found if f.kind == "percent" and 0 <= f.span.start - match.end() <= 12), None)
        if rate is None or rate.comparator or not 1 <= len(bounds) <= 2:
            return None
        if len(bounds) == 1:
            below = bounds[0].comparator in ("le", "lt")
            bands.append(Band(rate, None if below else bounds[0], bounds[0] if below else None))
        else:
            bands.append(Band(rate, bounds[0], bounds[1]))
        used += [*bounds, rate]
        start = rate.span.end
    joined = all(a.upper and b.lower and a.upper.value == b.lower.value for a, b in pairwise(bands))
    first = next((i for i, f in enumerate(unit.found) if used and f is used[0]), None)
    metric = metric_of(unit.flat, unit.found, first) if first is not None else None
    # One band alone is an item of a list whose others stand in other clauses; 提取 and 征收 grant nothing.
    if len(bands) < 2 or not joined or not metric or not _GRANTS.search(unit.span.of(unit.flat)):
        return None
    return finished(
        Rule("progressive", unit.span, metric, None, tuple(bands)),
        unit,
        Span(used[0].span.start, used[-1].span.end),
        used,
    )


def _step(unit: Unit) -> Rule | None:
    """产值达到10亿元的奖励50万元，每增加1亿元再奖励5万元."""
    match = re.compile(r"每(?:增加|增长|新增|多)").search(unit.flat, unit.span.start, unit.span.end)
    later = [
        f for f in unit.found if match and f.span.start >= match.end() and f.kind == "money" and not is_ceiling(unit, f)
    ]
    earlier = [f for f in unit.found if match and f.span.end <= match.start() and f.kind == "money"]
    if len(later) != 2 or len(earlier) != 2 or earlier[0].comparator not in ("ge", "gt"):
        return None
    metric = metric_of(unit.flat, unit.found, unit.found.index(earlier[0]))
    used = (*earlier, *later)
    rule = Rule("step", unit.span, metric, None, (Band(earlier[1], earlier[0]),), step=(later[0], later[1]))
    return finished(rule, unit, Span(earlier[0].span.start, later[1].span.end), used) if metric else None


def _schedule(unit: Unit) -> Rule | None:
    """第一年按100%、第二年按70%; 前三年全额补贴，后两年减半: a share for each year, from the first on."""
    bands: list[Band] = []
    for match in re.compile(f"{_YEAR_ONE.pattern}|{_YEARS.pattern}").finditer(
        unit.flat, unit.span.start, unit.span.end
    ):
        rate = next((f for f in unit.found if f.kind == "percent" and 0 <= f.span.start - match.end() <= 2), None)
        word = re.compile("全额|减半").search(unit.flat, match.start(), min(match.end() + 6, unit.span.end))
        if rate is None and word:
            rate = Figure(
                "percent", Decimal(1) if word[0] == "全额" else Decimal("0.5"), "", Span(*word.span()), word[0]
            )
        if rate is None:
            return None
        years = 1 if match[1] else chinese_to_int(match[3])
        if match[1] and chinese_to_int(match[1]) != len(bands) + 1:
            return None
        bands += [Band(rate, label=Span(*match.span()))] * years
    metric = metric_in(unit.before(bands[0].amount)) if bands else None
    if len(bands) < 2 or metric not in ("租金", "保费", "利息"):
        return None
    first, last = bands[0], bands[-1]
    core = Span(first.label.start if first.label else first.amount.span.start, last.amount.span.end)
    return finished(Rule("schedule", unit.span, metric, None, tuple(bands)), unit, core, [b.amount for b in bands])
