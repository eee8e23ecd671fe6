"""Automatic paragraph numbers of Word: numbering.xml and styles.xml → the printed label (一、 （二） 3. 第四条 ①)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_MAX_STYLE_DEPTH = 20


def value_of(element: etree._Element | None) -> str | None:
    """``w:val`` of an element that may be missing."""
    return None if element is None else element.get(W + "val")


def is_on(element: etree._Element | None) -> bool:
    """A switch such as ``w:vanish``: present, and not set to off."""
    return element is not None and element.get(W + "val") not in ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class _Level:
    """``pattern`` is w:lvlText: ``（%2）`` prints the counter of level 2. ``restart``: level whose step restarts this one."""

    start: int
    format: str
    pattern: str
    decimal_only: bool
    restart: int | None

    @classmethod
    def of(cls, element: etree._Element) -> _Level:
        restart = value_of(element.find(W + "lvlRestart"))
        return cls(
            start=_number(value_of(element.find(W + "start")), 1),
            format=value_of(element.find(W + "numFmt")) or "decimal",
            pattern=value_of(element.find(W + "lvlText")) or "",
            decimal_only=is_on(element.find(W + "isLgl")),
            restart=_number(restart, 0) if restart is not None else None,
        )


@dataclass(slots=True)
class _List:
    """One w:num: its abstract list, whose counters all its w:num share, and what it overrides."""

    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document. ``label`` must be called once for each paragraph, in reading order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._styles = {} if styles is None else {style.get(W + "styleId"): style for style in styles.iter(W + "style")}
        self._lists = {} if numbering is None else _lists(numbering, self._styles)
        self._counters: dict[str, dict[int, int]] = {}

    def label(self, paragraph: etree._Element) -> str:
        """The number that Word prints before this paragraph; empty where there is none, or a bullet."""
        number, depth = self._reference(paragraph)
        numbered = self._lists.get(number)
        level = numbered.levels.get(depth) if numbered else None
        if numbered is None or level is None:
            return ""
        self._step(numbered, depth, level)
        if level.format in ("bullet", "none"):
            return ""
        return self._print(numbered, level)

    def _reference(self, paragraph: etree._Element) -> tuple[str | None, int]:
        """numId and level: the paragraph's own, else those of its style and the styles that is based on."""
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return self._style_reference(None, None)
        number, depth = _reference(properties.find(W + "numPr"))
        if number is not None:
            return number, depth or 0
        return self._style_reference(value_of(properties.find(W + "pStyle")), depth)

    def _style_reference(self, style_id: str | None, depth: int | None) -> tuple[str | None, int]:
        for _ in range(_MAX_STYLE_DEPTH):
            style = self._styles.get(style_id)
            if style is None:
                break
            number, style_depth = _reference(style.find(f"{W}pPr/{W}numPr"))
            depth = style_depth if depth is None else depth
            if number is not None:
                return number, depth if depth is not None else self._linked_level(number, style_id)
            style_id = value_of(style.find(W + "basedOn"))
        return None, 0

    def _linked_level(self, number: str, style_id: str | None) -> int:
        numbered = self._lists.get(number)
        return numbered.styles.get(style_id, 0) if isinstance(numbered, _LinkedList) else 0

    def _step(self, numbered: _List, depth: int, level: _Level) -> None:
        counters = self._counters.setdefault(numbered.abstract, {})
        for restarted, start in tuple(numbered.restarts.items()):
            if restarted == depth:
                counters[depth] = start - 1
                del numbered.restarts[restarted]
        counters[depth] = counters.get(depth, level.start - 1) + 1
        for deeper in [other for other in counters if other > depth]:
            below = numbered.levels.get(deeper)
            # w:lvlRestart 0: never restarts; n: restarts only after level n (from 1) or above it.
            if below is None or below.restart is None or depth < below.restart:
                del counters[deeper]

    def _print(self, numbered: _List, level: _Level) -> str:
        counters = self._counters[numbered.abstract]
        label = level.pattern
        for index in range(_LEVELS):
            if f"%{index + 1}" in label:
                shown = numbered.levels.get(index)
                count = counters.setdefault(index, shown.start if shown else 1)
                style = "decimal" if level.decimal_only or shown is None else shown.format
                label = label.replace(f"%{index + 1}", format_number(count, style))
        return label


@dataclass(slots=True)
class _LinkedList(_List):
    """``styles``: w:pStyle of a level → the level, for paragraphs numbered through their heading style."""

    styles: dict[str, int] = field(default_factory=dict)


def _lists(numbering: etree._Element, styles: dict[str, etree._Element]) -> dict[str, _List]:
    abstracts = {element.get(W + "abstractNumId"): element for element in numbering.iter(W + "abstractNum")}
    lists: dict[str, _List] = {}
    for element in numbering.iter(W + "num"):
        abstract = value_of(element.find(W + "abstractNumId")) or ""
        definition = _definition(abstracts.get(abstract), abstracts, numbering, styles)
        levels = {_number(level.get(W + "ilvl"), 0): level for level in definition}
        linked = {value_of(level.find(W + "pStyle")): depth for depth, level in levels.items()}
        numbered = _LinkedList(abstract, {depth: _Level.of(level) for depth, level in levels.items()}, styles=linked)
        for override in element.findall(W + "lvlOverride"):
            depth = _number(override.get(W + "ilvl"), 0)
            level, start = override.find(W + "lvl"), override.find(W + "startOverride")
            if level is not None:
                numbered.levels[depth] = _Level.of(level)
            if start is not None:
                numbered.restarts[depth] = _number(value_of(start), 1)
        lists[element.get(W + "numId")] = numbered
    return lists


def _definition(
    abstract: etree._Element | None,
    abstracts: dict[str, etree._Element],
    numbering: etree._Element,
    styles: dict[str, etree._Element],
) -> list[etree._Element]:
    """Levels of an abstract list; one that only names a list style (w:numStyleLink) borrows the levels of that style."""
    if abstract is None:
        return []
    levels = abstract.findall(W + "lvl")
    link = value_of(abstract.find(W + "numStyleLink"))
    if levels or link is None or link not in styles:
        return levels
    number = value_of(styles[link].find(f"{W}pPr/{W}numPr/{W}numId"))
    for element in numbering.iter(W + "num"):
        if element.get(W + "numId") == number:
            target = abstracts.get(value_of(element.find(W + "abstractNumId")) or "")
            return [] if target is None else target.findall(W + "lvl")
    return []


def _reference(properties: etree._Element | None) -> tuple[str | None, int | None]:
    if properties is None:
        return None, None
    depth = value_of(properties.find(W + "ilvl"))
    return value_of(properties.find(W + "numId")), _number(depth, 0) if depth is not None else None


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else default


_DIGITS = "零一二三四五六七八九"
_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def format_number(count: int, style: str) -> str:
    """A counter in one of Word's number formats (w:numFmt); unknown formats print Arabic digits."""
    printer = _PRINTERS.get(style)
    return printer(count) if printer and 0 < count < 10_000 else str(count)


def chinese(count: int) -> str:
    """12 → 十二, 105 → 一百零五, 1..9999."""
    printed, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = count // unit % 10
        if digit:
            printed += ("零" if zero and printed else "") + _DIGITS[digit] + name
        zero = not digit
    return printed.removeprefix("一") if 10 <= count < 20 else printed


def _roman(count: int) -> str:
    printed = ""
    for value, letters in _ROMAN:
        printed += letters * (count // value)
        count %= value
    return printed


def _letters(count: int) -> str:
    """Word prints Z, then AA, BB, CC."""
    return chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _circled(count: int) -> str:
    return chr(0x2460 + count - 1) if count <= 20 else f"({count})"


def _by_digit(count: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(count))


_PRINTERS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
        ),
        chinese,
    ),
    "ideographDigital": _by_digit,
    "chineseLegalSimplified": lambda count: chinese(count).translate(_FORMAL),
    "ideographTraditional": lambda count: _STEMS[(count - 1) % 10],
    "ideographZodiac": lambda count: _BRANCHES[(count - 1) % 12],
    "decimalZero": lambda count: f"{count:02d}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda count: f"({count})",
    "decimalEnclosedFullstop": lambda count: f"{count}.",
    "decimalFullWidth": lambda count: "".join(chr(0xFF10 + int(digit)) for digit in str(count)),
    "decimalFullWidth2": lambda count: "".join(chr(0xFF10 + int(digit)) for digit in str(count)),
    "upperLetter": _letters,
    "lowerLetter": lambda count: _letters(count).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda count: _roman(count).lower(),
}
