"""Automatic paragraph numbers of Word: numbering.xml and styles.xml → the printed label (一、 （二） 3. 第四条 ①)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.counters import format_number
from ingest.readers.word.parts import W, is_on, value_of
from ingest.readers.word.styles import Styles

_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """``pattern`` is w:lvlText: ``（%2）`` prints the counter of level 2. ``restart``: level whose step restarts this one.
    ``suffix``: what separates the number from the text (w:suff). ``hidden``: counted, but not printed.
    """

    start: int
    format: str
    pattern: str
    decimal_only: bool
    restart: int | None
    suffix: str
    hidden: bool

    @classmethod
    def of(cls, element: etree._Element) -> _Level:
        restart = value_of(element.find(W + "lvlRestart"))
        return cls(
            start=_number(value_of(element.find(W + "start")), 1),
            format=value_of(element.find(W + "numFmt")) or "decimal",
            pattern=value_of(element.find(W + "lvlText")) or "",
            decimal_only=is_on(element.find(W + "isLgl")),
            restart=_number(restart, 0) if restart is not None else None,
            suffix=value_of(element.find(W + "suff")) or "tab",
            hidden=is_on(element.find(f"{W}rPr/{W}vanish")),
        )


@dataclass(slots=True)
class _List:
    """One w:num: its abstract list, whose counters all its w:num share, and what it overrides. ``styles``: w:pStyle of a
    level → the level, for paragraphs numbered through their heading style.
    """

    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)
    styles: dict[str | None, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document. ``label`` must be called once for each paragraph, in reading order."""

    def __init__(self, numbering: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists = {} if numbering is None else _lists(numbering, styles)
        self._counters: dict[str, dict[int, int]] = {}

    def label(self, paragraph: etree._Element) -> str:
        """The number that Word prints before this paragraph, with the space that it needs before the text; empty where
        there is none, or a bullet.
        """
        number, depth = self._reference(paragraph)
        numbered = self._lists.get(number)
        level = numbered.levels.get(depth) if numbered else None
        if numbered is None or level is None:
            return ""
        self._step(numbered, depth, level)
        if level.format == "bullet" or level.hidden:
            return ""
        label = self._print(numbered, level)
        return label + _space_after(label, level.suffix)

    def _reference(self, paragraph: etree._Element) -> tuple[str | None, int]:
        """numId and level: the paragraph's own, else those of its style and the styles that is based on."""
        number, depth = _reference(paragraph.find(f"{W}pPr/{W}numPr"))
        if number is not None:
            return number, depth or 0
        for style_id, style in self._styles.chain(self._styles.paragraph_style(paragraph)):
            number, style_depth = _reference(style.find(f"{W}pPr/{W}numPr"))
            depth = style_depth if depth is None else depth
            if number is not None:
                return number, depth if depth is not None else self._linked_level(number, style_id)
        return None, 0

    def _linked_level(self, number: str, style_id: str) -> int:
        numbered = self._lists.get(number)
        return numbered.styles.get(style_id, 0) if numbered else 0

    def _step(self, numbered: _List, depth: int, level: _Level) -> None:
        counters = self._counters.setdefault(numbered.abstract, {})
        # A level that was passed over counts as begun: （一） without a 一、 above it is followed by 二、.
        for above in range(depth):
            shown = numbered.levels.get(above)
            counters.setdefault(above, shown.start if shown else 1)
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
                count = counters.get(index, shown.start if shown else 1)
                style = "decimal" if level.decimal_only or shown is None else shown.format
                label = label.replace(f"%{index + 1}", format_number(count, style))
        return label


def _lists(numbering: etree._Element, styles: Styles) -> dict[str | None, _List]:
    abstracts = {element.get(W + "abstractNumId"): element for element in numbering.iter(W + "abstractNum")}
    numbers = {element.get(W + "numId"): element for element in numbering.iter(W + "num")}
    lists: dict[str | None, _List] = {}
    for number, element in numbers.items():
        abstract = _abstract(element, abstracts, numbers, styles)
        levels = {} if abstract is None else {_depth(level): level for level in abstract.findall(W + "lvl")}
        linked = {value_of(level.find(W + "pStyle")): depth for depth, level in levels.items()}
        identity = "" if abstract is None else abstract.get(W + "abstractNumId", "")
        numbered = _List(identity, {depth: _Level.of(level) for depth, level in levels.items()}, styles=linked)
        for override in element.findall(W + "lvlOverride"):
            depth = _depth(override)
            level, start = override.find(W + "lvl"), override.find(W + "startOverride")
            if level is not None:
                numbered.levels[depth] = _Level.of(level)
            if start is not None:
                numbered.restarts[depth] = _number(value_of(start), 1)
        lists[number] = numbered
    return lists


def _abstract(
    number: etree._Element,
    abstracts: dict[str | None, etree._Element],
    numbers: dict[str | None, etree._Element],
    styles: Styles,
) -> etree._Element | None:
    """The abstract list of a w:num; one that only names a list style (w:numStyleLink) is the list of that style."""
    abstract = abstracts.get(value_of(number.find(W + "abstractNumId")))
    link = None if abstract is None else value_of(abstract.find(W + "numStyleLink"))
    if abstract is None or link is None or abstract.find(W + "lvl") is not None:
        return abstract
    for _, style in styles.chain(link):
        target = numbers.get(value_of(style.find(f"{W}pPr/{W}numPr/{W}numId")))
        if target is not None:
            return abstracts.get(value_of(target.find(W + "abstractNumId")))
    return abstract


def _depth(level: etree._Element) -> int:
    return _number(level.get(W + "ilvl"), 0)


def _space_after(label: str, suffix: str) -> str:
    """第一条 stands apart from its text; 1 and 1. need a space where the text may begin with a figure."""
    if label.endswith(("条", "章", "节", "编")):
        return "\u3000"
    return " " if suffix != "nothing" and label[-1:].isascii() and label[-1:].isalnum() else ""


def _reference(properties: etree._Element | None) -> tuple[str | None, int | None]:
    if properties is None:
        return None, None
    depth = value_of(properties.find(W + "ilvl"))
    return value_of(properties.find(W + "numId")), _number(depth, 0) if depth is not None else None


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else default
