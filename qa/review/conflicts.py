"""与上级文件不一致: a measure of the draft beside the same support in files of higher level in force, with both texts.

Sums of several levels are often different pots, so a difference is a mark to look at; what a higher file says that lower ones may
not exceed is a red one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from index.measures import MeasureRecord
from ingest.document import LEVEL_NAMES, Clause, Level, Span, book_title
from ingest.measures.model import Amount, Benefit, Condition, Measure
from ingest.validity import Status
from qa.comparison import Supports
from qa.review.model import Finding, Severity
from qa.review.reviewed import Reviewed

_LEVELS: tuple[Level, ...] = ("state", "province", "city", "district", "zone")
_IN_FORCE = ("有效", "已修改", "部分失效", "未标明")
_CEILING = re.compile(
    r"(?:各地|各市|各县|各区|县\(?区?\)?|市县|下级|市、县)[^。;\n]{0,30}(?:不得(?:超过|高于|突破)|不超过|最高)"
)
_FIELDS = (("value", "标准"), ("rate", "比例"), ("max", "最高额"), ("points", "贴息百分点"))
_OPENS = re.compile("对(?!接|标)|凡|按照?|给予|根据")
LIKE = 0.45  # how alike two measures are to be before they are put beside one another
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class _Difference:
    """``over``: the draft grants more, or on easier terms."""

    what: str
    over: bool
    sum: bool


def conflict_findings(reviewed: Reviewed) -> Iterator[Finding]:
    """The most alike measure of each higher file beside each measure of the draft."""
    yield from (_not_read(reviewed, clause) for clause in reviewed.overlong)
    higher = _higher(reviewed)
    if not higher:
        return
    supports, status = Supports(higher), Status("未标明", "稿件")
    for measure in reviewed.measures:
        if not measure.benefits:
            continue
        own = MeasureRecord(_comparable(measure), reviewed.entry.card, status)
        for record, alike in supports.same(own):
            differences = _differences(measure, record.measure) if alike >= LIKE else []
            if differences:
                yield _finding(reviewed, measure, record, differences)


def _comparable(measure: Measure) -> Measure:
    """Without a name that is the opening of its sentence: 对引荐…的引荐人 has no word of 招商引荐奖励, and its terms say what it is."""
    return replace(measure, name="") if _OPENS.match(measure.name) else measure


def _not_read(reviewed: Reviewed, clause: Clause) -> Finding:
    return Finding(
        kind="conflict",
        severity="提示",
        name="段落过长，未与上级文件比对",
        reason=f"本段有{len(clause.text)}字，没有逐项核对其中的支持标准",
        suggestion="分条分款后再审查",
        span=reviewed.sentence(clause.span),
    )


def _higher(reviewed: Reviewed) -> list[MeasureRecord]:
    """Measures of files above the draft's level, in force, of its own place or of one above."""
    card = reviewed.entry.card
    rank = _LEVELS.index(card.level) if card.level else _LEVELS.index("district")
    region = card.region or ""
    return [
        record
        for record in reviewed.library.measures(as_of=reviewed.as_of)
        if record.card.level
        and _LEVELS.index(record.card.level) < min(rank, _LEVELS.index("district"))
        and record.card.id != card.id
        and record.status.state in _IN_FORCE
        and record.measure.benefits
        and _above(record.card.region, region)
    ]


def _above(higher: str | None, region: str) -> bool:
    """A place that contains the other; nothing contradicts where one is unknown, or is named without the places above it."""
    places = re.findall(r"[^省市区县州盟旗]+[省市州盟]", higher or "")
    known = re.findall(r"[^省市区县州盟旗]+[省市州盟]", region)
    by_kind = {place[-1]: place for place in known}
    return all(by_kind.get(place[-1], place) == place for place in places)


def _differences(own: Measure, other: Measure) -> list[_Difference]:
    return [*_sums(own, other), *_conditions(own, other)]


def _sums(own: Measure, other: Measure) -> Iterator[_Difference]:
    """Figures of the same sort where each side has one of it."""
    for field, name in _FIELDS:
        mine, theirs = _figure(own, field), _figure(other, field)
        if mine and theirs and mine[0].unit == theirs[0].unit and mine[0].value != theirs[0].value:
            over = mine[0].value > theirs[0].value
            yield _Difference(f"{name}{'高于' if over else '低于'}上级文件", over, True)
    scales = [_scale(measure) for measure in (own, other)]
    if len(scales[0]) > 1 and len(scales[0]) == len(scales[1]) and scales[0] != scales[1]:
        yield _Difference("分档标准与上级文件不同", any(a > b for a, b in zip(*scales, strict=True)), True)


def _figure(measure: Measure, field: str) -> tuple[Amount, Benefit] | None:
    """The one figure of the measure in this field; ``None`` where there are none or several."""
    found = [(amount, benefit) for benefit in measure.benefits if (amount := getattr(benefit, field))]
    return found[0] if len(found) == 1 and not found[0][1].tiers else None


def _scale(measure: Measure) -> list[Decimal]:
    amounts = (tier.value or tier.rate or tier.max for benefit in measure.benefits for tier in benefit.tiers)
    return [amount.value for amount in amounts if amount]


def _conditions(own: Measure, other: Measure) -> Iterator[_Difference]:
    """Thresholds of the same metric."""
    theirs = {condition.metric: condition for condition in _thresholds(other)}
    for condition in _thresholds(own):
        against = theirs.get(condition.metric)
        if against is None or condition.amount is None or against.amount is None:
            continue
        if condition.amount.unit == against.amount.unit and condition.amount.value != against.amount.value:
            wider = condition.amount.value < against.amount.value
            yield _Difference(f"条件“{condition.metric}”{'宽于' if wider else '严于'}上级文件", wider, False)


def _thresholds(measure: Measure) -> Iterator[Condition]:
    yield from (c for c in measure.conditions if c.op in ("ge", "gt") and c.amount)


def _finding(reviewed: Reviewed, measure: Measure, record: MeasureRecord, differences: list[_Difference]) -> Finding:
    document = reviewed.shelf.document(record.card.id)
    theirs, mine = record.measure.span.of(document.text), measure.span.of(reviewed.document.text)
    more = any(difference.over and difference.sum for difference in differences)
    ceiling = more and bool(_CEILING.search(theirs))
    severity: Severity = "红" if ceiling else "黄" if more else "提示"
    level = LEVEL_NAMES.get(record.card.level or "", "上级")
    assumed = "" if reviewed.entry.card.level else "（稿件级别未标明，按区县级比较）"
    what = "；".join(dict.fromkeys(difference.what for difference in differences))
    return Finding(
        kind="conflict",
        severity=severity,
        name="可能超过上级文件设的上限" if ceiling else "高于上级文件标准" if more else "与上级文件不同",
        reason=f"{what}{assumed}。稿中：“{_short(mine)}”；{level}文件{book_title(document.title)}：“{_short(theirs)}”",
        suggestion="核对上级文件是否允许本级另定标准；确属另一笔资金的，写明资金来源和能否叠加",
        span=reviewed.sentence(measure.benefits[0].span if measure.benefits else measure.span),
        sources=(reviewed.cite(record.card.id, _trimmed(record.measure.span, document.text)),),
    )


def _trimmed(span: Span, text: str) -> Span:
    words = span.of(text)
    return Span(span.start + len(words) - len(words.lstrip()), span.start + len(words.rstrip()))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
