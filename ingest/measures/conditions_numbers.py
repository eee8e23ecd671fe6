"""The figures of a text, exact, and the spans of time in which something was measured (上年度, 近2年)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from ingest.document import Span
from ingest.measures.model import Amount
from ingest.measures.signs import Sought, starting
from ingest.numerals import Comparator, find_quantities

_FURTHER_UNITS = Sought(
    r"(?<![\d.,])(\d{1,9}(?:\.\d{1,4})?)\s?(万)?(?P<unit>周?岁|标准?箱|TEU|场|P(?:FLOPS)?(?![A-Za-z])|架次|班|学时|课时|分(?![之类期档别钟])|床|张|头|亩次|集|部|立方米|公斤|千克|层(?![级次面])|米(?![²³]))"
)
_FURTHER_BEFORE = re.compile(
    r"(?:(?P<lt>低于|不足|不满|未满)|(?P<ge>不[得应能宜]?(?:低于|少于)|至少|达到|达|满|年满)|(?P<le>不[得应能宜]?(?:超过|高于|大于)|至多|最[高多])|(?P<gt>超过|高于|大于|多于|突破))\s?\Z"
)
_FURTHER_AFTER = re.compile(r"(?:\([^)]{0,6}\))?(?:(?P<ge>及?以上)|(?P<le>及?以下|以内|之内))(?P<excluded>\(不含)?")
_AGES = Sought(r"(?<![\d.])(?P<from>\d{1,3})\s?(?:周?岁)?\s?[至到~-]\s?(?P<to>\d{1,3})\s?周?岁")
_PLAIN = Sought(r"容积率(?:不[得应]?低于|提高[至到]|达到?|大于|超过|在|为){0,2}(?P<number>\d{1,2}\.\d{1,2})(?![\d%‰.])")
_SUFFIX = re.compile(r"\s?(?:\([^)]{0,14}\))?\s?(?:及?以[上下内]|之内|之间)?\s?(?:\([^)]{0,14}\))?")
_PER_UNIT = re.compile(r"标准煤|/(?:亩|平方米|㎡|人|年)|每亩")
_REMARK = re.compile(r"\s?(?:及?以[上下])?\s?\(不含(?!本数|本级|\d)[^)\d]{2,12}\)")
PERIOD = (
    r"(?<![较比与])(?:(?:纳统|入库|入统|升规|入规|上规|上限|认定|投产|落户)次年(?!起)|次年(?!起)|上一?(?:会计|自然|财务)?年度?(?!度)|[近前](?:[一二两三四五]|\d)个?(?:会计)?年度?"
    r"|最近(?:[一二两三四五]|\d)个?(?:会计)?年度?|连续(?:[两二三四五]|\d)年)"
)
_PERIOD = starting(PERIOD)
COUNTED_NAMES = {  # 床位数 of 床位50张: what a number of them is called
    "人": "人数",
    "名": "人数",
    "位": "人数",
    "人次": "人次",
    "立方米": "",
    "米": "",
    "层": "",
    "班": "班次",
    "列": "列数",
    "吨": "量",
    "千瓦时": "量",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity of the text, exact. ``kind``: money, percent, points, fold, duration, area, count, age."""

    kind: str
    value: Decimal
    unit: str
    span: Span
    comparator: Comparator | None

    def __hash__(self) -> int:
        return self.span.start


@lru_cache(maxsize=64)
def figures(flat: str) -> tuple[Figure, ...]:
    """Every quantity of a folded text, in order."""
    found = [
        Figure(q.kind, exact(q.value), unit_of(q.unit) if q.kind != "points" else "", q.span, q.comparator)
        for q in find_quantities(flat)
    ]
    found = [_compared_behind(flat, _without_remark(flat, figure)) for figure in found]
    taken = bytearray(len(flat) + 1)
    for figure in found:
        taken[figure.span.start : figure.span.end] = b"\1" * (figure.span.end - figure.span.start)
    for match in _AGES.finditer(flat):
        if not any(taken[match.start() : match.end()]):
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            for name, comparator in (("from", "ge"), ("to", "le")):
                found.append(Figure("age", Decimal(match[name]), "岁", Span(*match.span(name)), comparator))
    for match in _FURTHER_UNITS.finditer(flat):
        if not any(taken[match.start() : match.end()]):
            found.append(_further(flat, match))
    for match in _PLAIN.finditer(flat):
        if not any(taken[match.start("number") : match.end("number")]):
            found.append(_plain(flat, match))
    return tuple(sorted(found, key=lambda figure: figure.span.start))


def _compared_behind(flat: str, figure: Figure) -> Figure:
    """5000吨标准煤以上, 400万元/亩以上: the comparator stands behind the rest of the unit."""
    rest = _PER_UNIT.match(flat, figure.span.end) if figure.comparator is None else None
    after = _FURTHER_AFTER.match(flat, rest.end()) if rest else None
    if after is None:
        return figure
    least: Comparator = "gt" if after["excluded"] else "ge"
    most: Comparator = "lt" if after["excluded"] else "le"
    return replace(figure, comparator=least if after["ge"] else most)


def _without_remark(flat: str, figure: Figure) -> Figure:
    """（不含土地款） says what is counted, and not that the number itself is too little."""
    if _REMARK.match(flat, figure.span.end):
        wider: dict[Comparator | None, Comparator] = {"gt": "ge", "lt": "le"}
        return replace(figure, comparator=wider.get(figure.comparator, figure.comparator))
    return figure


def unit_of(currency: str) -> str:
    """元 of CNY: the unit of an ``Amount``; all others are called as they are."""
    return "元" if currency == "CNY" else currency


def exact(value: float) -> Decimal:
    """The decimal that was printed: ``Decimal("0.1")`` of 0.1, without ``.0``."""
    number = Decimal(repr(value))
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def _further(flat: str, match: re.Match[str]) -> Figure:
    before = _FURTHER_BEFORE.search(flat[max(0, match.start() - 5) : match.start()])
    after = _FURTHER_AFTER.match(flat, match.end())
    said = before or after
    comparator: Comparator | None = said.lastgroup if said else None  # type: ignore[assignment]
    if after is not None and (before is None or (after["excluded"] and before.lastgroup in ("ge", "le"))):
        comparator = "ge" if after["ge"] else "le"
        if after["excluded"]:
            comparator = "gt" if after["ge"] else "lt"
    value = Decimal(match[1]) * (10000 if match[2] else 1)
    unit = match["unit"].removeprefix("周")
    return Figure("age" if unit == "岁" else "count", value, unit, Span(match.start(), match.end("unit")), comparator)


def _plain(flat: str, match: re.Match[str]) -> Figure:
    """2.0 of 容积率不低于2.0: a number that needs no unit."""
    span = Span(*match.span("number"))
    before = _FURTHER_BEFORE.search(flat[max(0, span.start - 5) : span.start])
    after = _FURTHER_AFTER.match(flat, span.end)
    said = before or after
    comparator: Comparator | None = said.lastgroup if said else None  # type: ignore[assignment]
    return Figure("count", Decimal(match["number"]), "", span, comparator)


def periods(flat: str) -> list[Span]:
    """近2年, 上年度: spans of time that a figure was measured in, no figures themselves."""
    return [Span(*match.span()) for match in _PERIOD.finditer(flat)]


def period_in(flat: str, start: int, end: int) -> str:
    """上年度, 近2年: said before what is measured, in the same clause of the sentence or the one before."""
    match = _PERIOD.search(flat, start, end)
    return match[0] if match else ""


def end_of(flat: str, figure: Figure) -> int:
    """Where the words of the figure end: behind 以上, （含）, 每亩."""
    end = figure.span.end
    per = _PER_UNIT.match(flat, end)
    if per:
        end = per.end()
    suffix = _SUFFIX.match(flat, end)
    return suffix.end() if suffix else end


def amount_of(flat: str, figure: Figure, metric: str) -> Amount:
    """The figure as what a condition asks for, in 元/亩 where it is said of each."""
    unit = figure.unit
    if figure.kind == "money" and (metric.startswith("亩均") or flat.startswith(("/亩", "每亩"), figure.span.end)):
        unit = f"{unit}/亩"
    if unit == "吨" and flat.startswith("标准煤", figure.span.end):
        return Amount(figure.value, "吨标准煤", Span(figure.span.start, figure.span.end + 3))
    return Amount(figure.value, unit, figure.span)
