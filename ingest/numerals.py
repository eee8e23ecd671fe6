"""Numbers of policy texts: Chinese numerals, and quantities with unit and comparator (最高不超过500万元, 3%—15%, 两年内).

以上, 以下, 以内 include the number and 超过, 不足 do not (民法典第1259条 by custom), unless the text says 含 or 不含.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from ingest.document import Span

QuantityKind = Literal["money", "percent", "points", "fold", "duration", "area", "count"]
Comparator = Literal["ge", "gt", "le", "lt"]

_DIGITS = dict(
    zip("零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖", (0, 0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)), strict=True)
)
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE_UNITS = {"万": 10**4, "亿": 10**8}
_LONGEST_NUMERAL = 24
_UNITS_ALONE = re.compile("[百千万亿]+")


def chinese_to_int(text: str) -> int:
    """Value of a numeral: ``一亿五千万``, ``壹佰万``, ``二〇二一``, ``三万五`` (35000), ``12``.

    Raises ValueError where ``text`` is no whole number or is longer than any that is printed.
    """
    if not 0 < len(text) <= _LONGEST_NUMERAL:
        raise ValueError(f"not a numeral: {text[:_LONGEST_NUMERAL]!r}")
    if text.isdecimal():
        return int(text)
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    last_unit = 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SMALL_UNITS:
            last_unit = _SMALL_UNITS[char]
            section, digit = section + (digit or 1) * last_unit, 0
        elif char in _LARGE_UNITS:
            last_unit = _LARGE_UNITS[char]
            if char == "万":
                total += (section + digit or 1) * last_unit
            else:
                total = (total + section + digit or 1) * last_unit
            section = digit = 0
        else:
            raise ValueError(f"not a numeral: {text!r}")
    if digit and last_unit >= 100 and text[-2] not in "零〇○":  # 三万五, 五百二: the last unit is left unsaid
        digit = digit * last_unit // 10
    return total + section + digit


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. ``printed == text[span]``.

    ``value`` and ``unit`` by kind: money in whole currency units (``CNY``, ``USD`` …), percent and points (百分点: ``pp``) and
    fold (成, 折) as fractions of 1, duration, area (``㎡``, ``亩`` …) and count in their own unit. ``approximate``: 约, 余, 左右.
    """

    kind: QuantityKind
    value: float
    unit: str
    span: Span
    printed: str
    comparator: Comparator | None = None
    approximate: bool = False


class _Number(NamedTuple):
    """A bare number: ``value`` × ``scale`` (万, 亿; 1 where none is printed)."""

    start: int
    end: int
    value: Decimal
    scale: int = 1
    approximate: bool = False


class _Unit(NamedTuple):
    kind: QuantityKind
    factor: Decimal
    label: str


_PLAIN = {0xFF10 + i: chr(0x30 + i) for i in range(10)} | {
    ord(a): b for a, b in zip("％．，（）～－–—―：\u3000\u00a0", "%.,()~----:  ", strict=True)
}
_UNFOLDED = re.compile(f"[{''.join(map(chr, _PLAIN))}]")
_ARABIC = r"(?<![\d.])(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,8})?(?!\d)"
_NUMERALS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_CHINESE = rf"[{_NUMERALS}]{{1,{_LONGEST_NUMERAL}}}"
_SCALE = r"万亿|[千百十]?亿|[千百十]?万|千|百"
_NUMBER = re.compile(
    rf"(?=[\d{_NUMERALS}])(?:(?P<arabic>{_ARABIC})\s?(?P<more>[余多])?(?P<scale>{_SCALE})?(?:(?P<low>(?<=[亿万])\d{{1,5}})(?P<low_scale>[千百]?万|千))?"
    rf"|(?P<chinese>{_CHINESE}))"
)
_PER = re.compile(rf"(?P<per>[百千万])分之(?P<value>{_ARABIC}|{_CHINESE}(?:点[零〇一二三四五六七八九]{{1,4}})?)")
_PER_FACTORS = {"百": Decimal("0.01"), "千": Decimal("0.001"), "万": Decimal("0.0001")}
# Digits and numerals that count nothing: dates, ordinals, headings, set phrases.
_NOT_QUANTITIES = re.compile(
    r"(?=[\d\s一二三四五六七八九十每第(同统单唯任某另之进万千])(?:(?:19|20)\d{2}\s?年(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?日)?|\d{1,2}\s?月(?:份|\s?\d{1,2}\s?日)|每月\s?\d{1,2}\s?日"
    r"|[二一][〇○零九][〇○零一二三四五六七八九]{2}年|[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
    r"|第\s?(?:\d{1,4}|[一二三四五六七八九十百]{1,5})(?:[、和至-](?:\d{1,4}|[一二三四五六七八九十百]{1,5})){0,9}"
    r"|^\s{0,8}[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|[同统单唯任某另之进]一|十[四五]五|十大|万众|千方百计|三首|单位:[百千万]?[万亿]?"
    r"|一(?:次性|[事企户项地链业]一|站式|般|致|定|体化|律|批|系列|流|带一路|号文件|网通办|件事|度|旦|条龙))",
    re.MULTILINE,
)
_WHOLE_MULTIPLES = frozenset(("百万", "千万", "亿", "十亿", "百亿", "千亿", "万亿"))  # 亿元以上: at least 1亿
_UNIT = re.compile(
    r"""\s?(?P<more>[余多])?(?:
    (?P<money>元人民币|人民币|美元|美金|港元|港币|欧元|日元|块钱|元(?![化旦宵素月]|结构))
  | (?P<percent>%(?![0-9A-Fa-f]{2}%)(?![A-F][0-9A-F])|‰)                 # not the %E4%BD of an address
  | (?P<points>个百分点|个基点|BP|bp)
  | (?P<fold>[成折](?![立员果交功本长都]))
  | (?P<duration>个?工作日|个月|周年|周(?!岁)|年(?![度级龄])|天(?![津然])|日(?![常益报])|个季度|个?小时)
  | (?P<area>平方米|㎡|亩|公顷|平方公里)
  | (?P<count>人次|人(?!民)|名(?!单)|家(?!庭)|户(?!籍)|个(?!人)|项(?!目)
        |台套|台|套|件(?!事)|条|辆|批|次(?!日)|倍|度|吨|兆瓦时|千瓦时|千瓦|兆瓦|公里|位|所|座|间)
    )""",
    re.VERBOSE,
)
_CURRENCIES = {"美元": "USD", "美金": "USD", "港元": "HKD", "港币": "HKD", "欧元": "EUR", "日元": "JPY"}
_LABELS = {
    "%": "",
    "‰": "",
    **dict.fromkeys(("个百分点", "个基点", "BP", "bp"), "pp"),
    "周年": "年",
    "工作日": "个工作日",
    "平方米": "㎡",
}
_FACTORS = {
    "%": Decimal("0.01"),
    "‰": Decimal("0.001"),
    "个百分点": Decimal("0.01"),
    "个基点": Decimal("0.0001"),
    "BP": Decimal("0.0001"),
    "bp": Decimal("0.0001"),
    "成": Decimal("0.1"),
    "折": Decimal("0.1"),
}
_ONE = Decimal(1)
_YUAN = _Unit("money", _ONE, "CNY")
_SEPARATOR = re.compile(r"\s?[至到~、,和及或/-]\s?")  # 20、10、5万元: the unit is said once, at the end
# 奖励5万, but not 5万册
_BARE_MONEY = re.compile(r"(?![\u4e00-\u9fffA-Za-z])|[以至到和或及奖补资]|左右|上下|不等|封顶|的[奖补资]")
_BEFORE = re.compile(
    r"(?=[低少小不未至达满最上封超高大多突])(?:(?P<lt>低于|少于|小于|不足|不满|未达到|未满)|(?P<ge>不[得应能宜]?(?:低于|少于|小于)|至少|达到|达|满|最低)"
    r"|(?P<le>不[得应能宜]?(?:超过?|高于|大于)|至多|最[高多](?:不超过)?|上限为?|封顶)|(?P<gt>超过|高于|大于|多于|突破|超))"
    r"\s?(?:人民币|给予|为|按|:)?\s?\Z"
)
_FURTHER_BEFORE = re.compile(
    r"(?=[不最])(?:(?P<le>不[得应能宜]?(?:超过|高于)|最高)|(?P<ge>不[得应能宜]?(?:低于|少于)))[\u4e00-\u9fff]{0,6}\Z"
)
_NOTE = r"\s?(?:\([^)]{0,6}\))?\s?"
_AFTER = re.compile(rf"{_NOTE}(?:(?P<ge>及?以上|起)|(?P<le>及?以下|以内|之内|封顶))")
_EXCLUDED = re.compile(r"\s?(?:以[上下])?\s?\(不含[^)]{0,12}\)")
_INCLUDED = re.compile(r"\s?(?:及?以[上下])?\s?\((?:均含|含|包括)[^)]{0,14}\)")
_STRICT: dict[Comparator | None, Comparator | None] = {"ge": "gt", "le": "lt"}
_INCLUSIVE: dict[Comparator | None, Comparator | None] = {"gt": "ge", "lt": "le"}
_ABOUT = re.compile(r"(?:(?<![节合签违预契])约|(?<![最附就邻])近)\Z")


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """All quantities in ``text`` in order, with disjoint spans. Dates, ordinals and file numbers are not among them.

    >>> [(q.kind, q.value, q.comparator) for q in find_quantities("按投资额的10%补助，最高500万元")]
    [('percent', 0.1, None), ('money', 5000000.0, 'le')]
    """
    plain = _plain(text)
    return tuple(_quantity(text, plain, number, unit) for number, unit in _found(plain))


def find_values(text: str) -> list[tuple[float, str]]:
    """Value and unit of each of the ``find_quantities``; what compares them is not read, which takes most of the time."""
    return [(_value(number, unit), unit.label) for number, unit in _found(_plain(text))]


def _plain(text: str) -> str:
    return text.translate(_PLAIN) if _UNFOLDED.search(text) else text


def _found(plain: str) -> list[tuple[_Number, _Unit]]:
    """The quantities in order."""
    fractions = tuple(_fractions(plain))
    taken = bytearray(len(plain))
    for start, end in [match.span() for match in _NOT_QUANTITIES.finditer(plain)] + [
        (n.start, n.end) for n, _ in fractions
    ]:
        taken[start:end] = b"\1" * (end - start)
    measured = [*fractions, *_measured(plain, tuple(_numbers(plain, taken)))]
    return sorted(measured, key=lambda pair: pair[0].start)


def _fractions(plain: str) -> Iterator[tuple[_Number, _Unit]]:
    """百分之十五, 千分之三, 百分之零点五."""
    for match in _PER.finditer(plain):
        whole, _, decimals = match["value"].partition("点")
        if whole[0].isdecimal():
            value = Decimal(whole.replace(",", ""))
        else:
            value = Decimal(f"{chinese_to_int(whole)}.{''.join(str(_DIGITS[char]) for char in decimals)}")
        yield _Number(*match.span(), value), _Unit("percent", _PER_FACTORS[match["per"]], "")


def _numbers(plain: str, taken: bytearray) -> Iterator[_Number]:
    for match in _NUMBER.finditer(plain):
        if any(taken[match.start() : match.end()]):
            continue
        number = _arabic(match) if match["arabic"] else _chinese(match)
        if number is not None:
            yield number


def _arabic(match: re.Match[str]) -> _Number:
    value = Decimal(match["arabic"].replace(",", ""))
    scale = chinese_to_int(match["scale"]) if match["scale"] else 1
    if match["low"]:  # 2亿5000万
        value += Decimal(int(match["low"]) * chinese_to_int(match["low_scale"])) / scale
    return _Number(*match.span(), value, scale, match["more"] is not None)


def _chinese(match: re.Match[str]) -> _Number | None:
    numeral = match["chinese"]
    if _UNITS_ALONE.fullmatch(numeral) and numeral not in _WHOLE_MULTIPLES:
        return None
    value = chinese_to_int(numeral)
    scale = _LARGE_UNITS.get(numeral[-1], 1)
    return _Number(*match.span(), Decimal(value) / scale, scale)


def _measured(plain: str, numbers: tuple[_Number, ...]) -> Iterator[tuple[_Number, _Unit]]:
    """Give each number its unit, from right to left, because a list says it once at the end. Without one it is dropped."""
    following: tuple[_Number, _Unit] | None = None
    for number in reversed(numbers):
        found = _own_unit(plain, number) or _shared_unit(plain, number, following) or _bare_money(plain, number)
        if found:
            yield found
        following = found


def _own_unit(plain: str, number: _Number) -> tuple[_Number, _Unit] | None:
    match = _UNIT.match(plain, number.end)
    if match is None or match.lastgroup is None:
        return None
    kind = match.lastgroup
    printed = match[kind]
    factor = _FACTORS.get(printed, _ONE)
    label = _CURRENCIES.get(printed, "CNY") if kind == "money" else _LABELS.get(printed, printed)
    approximate = number.approximate or match["more"] is not None
    whole = _Number(number.start, match.end(), number.value, number.scale, approximate)
    return whole, _Unit(kind, factor, label)  # type: ignore[arg-type]


def _shared_unit(plain: str, number: _Number, following: tuple[_Number, _Unit] | None) -> tuple[_Number, _Unit] | None:
    if following is None or not _SEPARATOR.fullmatch(plain, number.end, following[0].start):
        return None
    return (number if number.scale > 1 else number._replace(scale=following[0].scale)), following[1]


def _bare_money(plain: str, number: _Number) -> tuple[_Number, _Unit] | None:
    said_with_digits = plain[number.start].isdecimal() or plain[number.start] in _DIGITS
    return (
        (number, _YUAN) if number.scale >= 10**4 and said_with_digits and _BARE_MONEY.match(plain, number.end) else None
    )


def _quantity(text: str, plain: str, number: _Number, unit: _Unit) -> Quantity:
    span = Span(number.start, number.end)
    before = plain[max(0, span.start - 12) : span.start]
    about = before.endswith(("约", "近")) and _ABOUT.search(before)
    approximate = number.approximate or bool(about) or plain.startswith(("左右", "上下"), span.end)
    return Quantity(
        unit.kind,
        _value(number, unit),
        unit.label,
        span,
        span.of(text),
        _comparator(plain, before, span.end),
        approximate,
    )


def _value(number: _Number, unit: _Unit) -> float:
    return float(number.value * number.scale * unit.factor)


def _comparator(plain: str, before: str, end: int) -> Comparator | None:
    """The word in front decides, then the word behind; （含） and （不含） correct either."""
    match = _BEFORE.search(before) or _FURTHER_BEFORE.search(before) or _AFTER.match(plain, end)
    comparator: Comparator | None = match.lastgroup if match else None  # type: ignore[assignment]
    if _EXCLUDED.match(plain, end):
        return _STRICT.get(comparator, comparator)
    return _INCLUSIVE.get(comparator, comparator) if _INCLUDED.match(plain, end) else comparator
