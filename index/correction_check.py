"""What a person writes into a measure is held to the law that binds the rules: every figure stands in the words of its clause.

A figure is looked for at the place that is given for it, and read there by code. What cannot be found is refused.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from index.corrections import Correction, conforms, kind_at, misshapen, overlap, places_on, put, spans_of, value_at
from index.register_codec import encode
from ingest.document import PolicyDocument, Span
from ingest.errors import PolicyError
from ingest.measures.conditions_numbers import unit_of
from ingest.measures.model import Amount, Benefit, Duration, Measure, Window, YearShare
from ingest.normalize import fold, tidy
from ingest.numerals import Quantity, chinese_to_int, find_quantities

LONGEST_NAME, LONGEST_REASON, LONGEST_WORDS = 40, 500, 1000  # characters
_SCALES = (("亿", 10**8), ("万", 10**4), ("千", 10**3), ("百", 10**2))
# 金额（万元）: the head of a column says it for its cells.
_SCALED_UNIT = r"[(:/位]\s?%s(?:元|美元|平方米|㎡|亩|千瓦时)"
_ARABIC = re.compile(r"\d[\d,]{0,20}(?:\.\d{1,8})?")
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万亿]{1,16}")
_RATIO = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s?[:∶比]\s?(\d{1,4}(?:\.\d{1,4})?)")
_WORDS = (
    (re.compile("全额|全部|(?<!避)免(?!申)"), 1.0),
    (re.compile("减半|一半|半价|半额"), 0.5),
    (re.compile("翻番|翻倍|双倍|加倍"), 2.0),
    (re.compile("半年"), 6.0),
)
_MONTH_END = re.compile("[底末]|最后一[天日]")


@dataclass(frozen=True, slots=True)
class Wording:
    """Where the figures of a measure may stand: its clause and the sentences above it that it was read with."""

    text: str
    places: tuple[Span, ...]

    def holds(self, span: Span) -> bool:
        return any(place.contains(span) for place in self.places)

    def passages(self) -> Iterator[tuple[int, str]]:
        for place in self.places:
            yield place.start, fold(place.of(self.text))

    def numbers(self) -> set[float]:
        """All numbers that are printed, whatever they count."""
        return {number for _, passage in self.passages() for number in _bare(passage)}


def wording(measure: Measure, document: PolicyDocument) -> Wording:
    """Raises PolicyError where the document has no such clause."""
    clause = next((clause for clause in document.clauses if clause.id == measure.clause_id), None)
    if clause is None:
        raise PolicyError("文件里没有这一条款", "请在页面上重新打开该措施后再更正")
    if not clause.span.contains(measure.span):
        raise PolicyError("措施所指的文字不在所属条款内", "请在该条款原文中选取")
    whole = Span(0, len(document.text))
    return Wording(document.text, (clause.span, *(span for span in measure.lead if whole.contains(span))))


def signed(name: str, reason: str) -> tuple[str, str]:
    """Who corrects, and why, as they are kept. Raises PolicyError where either is missing or too long."""
    name, reason = " ".join(tidy(name).split()), tidy(reason).strip()
    if not name or len(name) > LONGEST_NAME:
        raise PolicyError("请写明更正人姓名", f"不超过 {LONGEST_NAME} 个字")
    if not reason or len(reason) > LONGEST_REASON:
        raise PolicyError("请写明更正理由", f"不超过 {LONGEST_REASON} 个字")
    return name, reason


def check(new: object, words: Wording, around: Iterable[object] = ()) -> None:
    """Raises PolicyError where ``new`` holds a figure that does not stand in the words, or a span outside of the file.

    ``around``: the parts that it becomes a part of: a number means something only with what it is a number of.
    """
    if any(not 0 <= span.start <= span.end <= len(words.text) for span in spans_of(new)):
        raise PolicyError("所指的文字不在文件内", "请在条款原文中选取")
    for part in (*_parts(new), *around):
        match part:
            case Amount():
                _check_figure(_printed(part.value), float(part.value), part.span, part.unit, words)
            case Duration():
                _check_figure(f"{_printed(part.count)}{part.unit}", float(part.count), part.span, part.unit, words)
            case Window():
                _check_window(part, words)
            case YearShare():
                _check_years(part, words)
            case Benefit(payout_equal=int(count)) if count not in words.numbers():
                raise _absent(str(count))
            case str():
                _check_string(part, words)


def _parts(value: object) -> Iterator[object]:
    """The value and all that it is made of; ids, units and days are not words."""
    yield value
    if is_dataclass(value):
        for field in fields(value):
            if field.name not in _NO_WORDS.get(type(value), ()):
                yield from _parts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _parts(part)


_NO_WORDS: dict[Any, tuple[str, ...]] = {
    Measure: ("id", "clause_id"),
    Window: ("start", "end", "year"),
    Amount: ("unit",),
    Duration: ("unit",),
}


def _check_figure(printed: str, value: float, span: Span, unit: str, words: Wording) -> None:
    if not words.holds(span):
        raise PolicyError(f"数值 {printed} 所指的文字不在该条款内", "请在该条款（或其上级条款的引导句）原文中选取")
    if value not in _readings(span, unit, words):
        raise PolicyError(
            f"条款原文“{span.of(words.text)[:40]}”中读不到数值 {printed}，更正没有保存",
            "数值须与条款原文一致；请选中写有该数值的原文",
        )


def _readings(span: Span, unit: str, words: Wording) -> set[float]:
    """What the words of the span can be read as, as a figure of the unit."""
    found: set[float] = set()
    measured = False
    for start, passage in words.passages():
        if not Span(start, start + len(passage)).contains(span):
            continue
        inside = Span(span.start - start, span.end - start)
        for quantity in find_quantities(passage):
            if overlap(quantity.span, inside):
                measured = True
                found.update([quantity.value] if _same_unit(quantity, unit) else [])
    flat = fold(span.of(words.text))
    if not measured:
        plain = _bare(flat)
        said = "".join(passage for _, passage in words.passages())
        scales = [scale for character, scale in _SCALES if re.search(_SCALED_UNIT % character, said)]
        found = plain | {value * scale for value in plain for scale in scales}
    found.update(value for pattern, value in _WORDS if pattern.search(flat))
    for first, second in _RATIO.findall(flat):
        found.update(float(Decimal(a) / Decimal(b)) for a, b in ((first, second), (second, first)) if Decimal(b))
    return found


def _same_unit(quantity: Quantity, unit: str) -> bool:
    if quantity.kind == "money":
        return unit == unit_of(quantity.unit)
    if quantity.kind in ("percent", "points", "fold"):
        return unit == ""
    return unit not in ("元", "USD", "HKD", "EUR", "JPY")


def _bare(flat: str) -> set[float]:
    """Numbers as they are printed, whatever they count."""
    found = {float(number.replace(",", "")) for number in _ARABIC.findall(flat)}
    return found | {float(chinese_to_int(numeral)) for numeral in _CHINESE.findall(flat)}


def _check_window(window: Window, words: Wording) -> None:
    flat = fold(window.span.of(words.text))
    said = _bare(flat)
    for day in filter(None, (window.start, window.end)):
        match = re.fullmatch(r"(?:(20\d\d)-)?(\d\d)-(\d\d)", day)
        if match is None or not 1 <= int(match[2]) <= 12:
            raise PolicyError(f"申报时间“{day[:20]}”的写法不对", "请写成 月-日 或 年-月-日，例如 03-01、2026-03-01")
        year, month, date = int(match[1] or 0), int(match[2]), int(match[3])
        ends = date == monthrange(year or 2024, month)[1] and bool(_MONTH_END.search(flat))
        begins = date == 1 and date not in said
        if (year and year not in said) or month not in said or not (date in said or ends or begins):
            raise PolicyError(f"条款原文“{flat[:40]}”中读不到申报时间 {day}，更正没有保存", "请选中写有该日期的原文")


def _check_years(share: YearShare, words: Wording) -> None:
    """前三年全额，后两年减半: what begins at 4 begins after the 3 that is printed."""
    said = words.numbers()
    if share.first != 1 and not {share.first, share.first - 1} & said:
        raise _absent(str(share.first))
    if share.last not in said and share.last - share.first + 1 not in said:
        raise _absent(str(share.last))


def _check_string(text: str, words: Wording) -> None:
    """A figure may not come in by way of a name either."""
    if len(text) > LONGEST_WORDS or tidy(text) != text:
        raise PolicyError("文字过长，或含有不可见的字符", f"每项不超过 {LONGEST_WORDS} 个字")
    flat = fold(text)
    said = words.numbers()
    for number in _ARABIC.findall(flat):
        if float(number.replace(",", "")) not in said:
            raise _absent(number)
    quantities = {q.value for _, passage in words.passages() for q in find_quantities(passage)}
    for quantity in find_quantities(flat):
        if quantity.value not in quantities:
            raise _absent(quantity.printed)


def _absent(figure: str) -> PolicyError:
    return PolicyError(f"条款原文中没有“{figure[:40]}”，更正没有保存", "数值须与条款原文一致")


def _printed(value: Decimal) -> str:
    return f"{value.normalize():f}"


def correction_of(
    measure: Measure | None, document: PolicyDocument, path: str, new: object, name: str, reason: str
) -> Correction:
    """What a person writes at ``path`` of a measure of this version, checked. Raises PolicyError where it cannot be kept.

    ``measure`` as it is shown; ``None``: one that the rules have not found, given whole, with the id ``clause id/pN``.
    """
    if not conforms(new, kind_at(path)):
        raise misshapen(path)
    name, reason = signed(name, reason)
    old = value_at(measure, path)
    if old == new:
        raise PolicyError("新内容与原内容相同，没有可更正的", "请修改后再保存")
    whole = new if isinstance(new, Measure) else measure
    if whole is None:
        raise PolicyError("没有可更正的措施", "请在页面上重新打开该措施后再更正")
    if isinstance(new, Measure):
        _check_identity(new, measure)
    check(new, wording(whole, document), () if measure is None else _around(measure, path, new))
    return Correction(
        sha256=document.sha256,
        measure_id=whole.id,
        path=path,
        places=places_on(measure or whole, path),
        old=encode(old),
        new=encode(new),
        name=name,
        reason=reason,
        at=datetime.now(UTC).replace(microsecond=0),
    )


def _around(measure: Measure, path: str, new: object) -> Iterator[object]:
    """The parts on the path as they will be."""
    corrected = put(measure, path, new)
    steps = path.split(".")
    return (value_at(corrected, ".".join(steps[:depth])) for depth in range(len(steps)))


def _check_identity(new: Measure, measure: Measure | None) -> None:
    if measure is not None and (new.id, new.clause_id) != (measure.id, measure.clause_id):
        raise PolicyError("更正不能改变措施的编号和所属条款", "请在该条款下另行补充")
    if measure is None and not re.fullmatch(r"/p[1-9]\d{0,3}", new.id.removeprefix(new.clause_id)):
        raise PolicyError(f"补充的措施编号“{new.id[:60]}”不合规则", "编号为所属条款的编号加 /p1、/p2 等")
