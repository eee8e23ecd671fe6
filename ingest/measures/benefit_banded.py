"""A scale of sums by size: 1000万元至5000万元的奖励20万元，5000万元以上的奖励50万元. What is measured is said once, in front."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import Span
from ingest.measures.benefit_parts import Part, Role, amount, roles
from ingest.measures.benefit_sheet import Sheet
from ingest.measures.benefit_words import base_before, standard_base, type_of
from ingest.measures.conditions import read_conditions
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Amount, Benefit, Condition, Operator, Tier, Words

_NO_NAME = re.compile(r"\s*+(?:其中|对|在|为|达到?+|超过|突破|不足|低于|年|投资|产值|营收|额)*+")
_BY = re.compile(r"(?:按照?|根据|依据)(?P<base>[^,;。按]{2,16}?)(?:大小|规模|情况)?(?:分档|分段|分级|分类|分别)")
_OPEN_END = re.compile(r"\s?\(不含[^)]{0,8}\)|以下\(不含")


@dataclass(frozen=True, slots=True)
class _Band:
    bounds: tuple[Figure, ...]
    granted: Figure
    parts: tuple[Part, ...]


def banded(sheet: Sheet, found: Sequence[Part], number: int) -> bool:
    """Reads the scale that begins at ``found[number]``; its other parts are then done with. True too where it is one whose
    measure is not said: its figures stay unread.
    """
    if len(found[number].figures) < (1 if found[number].text.endswith("的") else 2):
        return False
    draft = sheet.capped(found[number])
    rated = draft is not None and draft.benefit.form == "rate" and not draft.benefit.tiers
    bands = _bands(found, number, "cap" if rated else "grant") or (_bands(found, number, "grant") if rated else [])
    if len(bands) < 2 or _goes_on(sheet, bands[0]):
        return False
    metric = _metric(sheet, bands[0])
    done = {part.span for band in bands for part in band.parts}
    if metric is None:
        sheet.done |= done
        return True
    if rated and roles(bands[0].parts[-1])[bands[0].granted] == "cap":
        sheet.bound(
            tuple(_ceiling(sheet.flat, metric, band) for band in bands),
            [f for b in bands for f in (*b.bounds, b.granted)],
        )
        sheet.done |= done
        return True
    tiers = tuple(_tier(sheet.flat, metric, band) for band in bands)
    first, last = bands[0].parts[0], bands[-1].granted
    words = sheet.flat[bands[0].granted.span.start - 12 : bands[0].parts[-1].span.end]
    kind = type_of(words, sheet.flat[sheet.within.start : first.span.end][-120:])
    share = bands[0].granted.kind == "percent"
    base = (_paid_on(sheet.flat, bands[0]) or Words(metric.text, metric.span)) if share else None
    span = Span(bands[0].bounds[0].span.start, last.span.end)
    used = [f.span for band in bands for f in (*band.bounds, band.granted)]
    sheet.open(Benefit(kind, "tiered", span, base=base, tiers=tiers), span.start, used)
    sheet.done |= done
    return True


def _bands(found: Sequence[Part], number: int, kind: Role) -> list[_Band]:
    """Bounds and what is granted for them, in one part or in two that follow each other."""
    bands: list[_Band] = []
    at = number
    while at < len(found) and len(bands) < 12 and found[at].sentence == found[number].sentence:
        part = found[at]
        role = roles(part)
        bounds = tuple(f for f, r in role.items() if r == "bound")
        grants = [f for f, r in role.items() if r == kind]
        if not bounds and grants:
            bounds = tuple(f for f in part.of("count", "area") if f.comparator and f.span.end <= grants[0].span.start)
        parts = [part]
        if bounds and not grants and part.text.endswith("的") and at + 1 < len(found):
            following = roles(found[at + 1])
            grants = list(following) if len(following) == 1 and kind in following.values() else []
            parts.append(found[at + 1])
        if (
            not 1 <= len(bounds) <= 2
            or len(grants) != 1
            or len({b.kind for b in bounds}) > 1
            or grants[0].span.start < bounds[-1].span.end
        ):
            break
        if bands and (
            not _NO_NAME.fullmatch(part.flat, part.span.start, bounds[0].span.start)
            or bounds[0].kind != bands[0].bounds[0].kind
        ):
            break
        if re.search("再|另|每", part.before(grants[0].span.start)):
            break
        bands.append(_Band(bounds, grants[0], tuple(parts)))
        at += len(parts)
    if bands and any(band.granted.kind != bands[0].granted.kind for band in bands):
        return []
    return bands


def _metric(sheet: Sheet, band: _Band) -> Words | None:
    """What the bounds measure: in front of the first, or 按设备投资额分档."""
    flat, first = sheet.flat, band.bounds[0]
    start = band.parts[0].sentence.start
    for match in reversed(list(_BY.finditer(flat, max(start, first.span.start - 60), first.span.start))):
        return standard_base(flat, Span(*match.span("base")))
    for condition in read_conditions(flat, Span(band.parts[0].span.start, band.parts[0].span.end)):
        if (
            condition.amount
            and condition.amount.span in (first.span, band.bounds[-1].span)
            and condition.span.start < first.span.start
        ):
            return Words(condition.metric, Span(condition.span.start, first.span.start))
    return None


def _goes_on(sheet: Sheet, band: _Band) -> bool:
    """超过1亿元的，奖励团队20万元；超过5亿元的，…: the first of the row is read already, and the others are as it is."""
    draft, start = sheet.current(), band.parts[0].span.start
    if draft is None or draft.benefit.form != "fixed" or draft.sentence != band.parts[0].sentence.start:
        return False
    here = {c.metric for c in read_conditions(sheet.flat, Span(start, band.granted.span.start)) if c.amount}
    return any(c.amount and c.metric in here for c in read_conditions(sheet.flat, draft.lead))


def _paid_on(flat: str, band: _Band) -> Words | None:
    """固定资产投资 of 总投资1亿元以下的项目按固定资产投资的3%奖励: what the share is of, where that is another sum than the bound."""
    start = band.bounds[-1].span.end
    by = re.compile(r"按照?[^,;\d]{2,24}的\Z").search(flat[start : band.granted.span.start])
    return base_before(flat, start + by.start(), band.granted.span.start) if by else None


def _ceiling(flat: str, metric: Words, band: _Band) -> Tier:
    tier = _tier(flat, metric, band)
    return Tier(tier.when, max=tier.value)


def _tier(flat: str, metric: Words, band: _Band) -> Tier:
    when = tuple(
        _condition(flat, metric, figure, number, len(band.bounds)) for number, figure in enumerate(band.bounds)
    )
    granted: Amount = amount(band.granted)
    return Tier(when, rate=granted) if band.granted.kind == "percent" else Tier(when, granted)


def _condition(flat: str, metric: Words, figure: Figure, number: int, count: int) -> Condition:
    op: Operator = figure.comparator or "ge"
    if count == 2:
        lower: Operator = "gt" if figure.comparator == "gt" else "ge"
        upper: Operator = "lt" if figure.comparator == "lt" or _OPEN_END.match(flat, figure.span.end) else "le"
        op = upper if number else lower
    return Condition(metric.text, op, figure.span, amount(figure))
