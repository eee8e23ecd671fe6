"""An element of a web page → lines: one a paragraph, one a table row with its cells joined by tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.normalize import tidy
from ingest.readers.counters import format_number

SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "select", "option", "button", "textarea", "input", "iframe", "object",
        "embed", "frameset", "noframes", "svg", "nav", "footer", "head",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "ol",
        "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ucapcontent", "ul",
    }
)  # fmt: skip
_HIDDEN_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$|!)"
    r"|font-size\s*:\s*0(?:\.0*)?(?:px|pt|em|rem|%)?\s*(?:;|$|!))",
    re.I,
)
_WHITE_STYLE = re.compile(r"(?:^|;)\s*color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255\b)", re.I)
# Small elements that only decorate; a site that marks its whole page aria-hidden behind a dialogue still shows it.
_DECORATION = frozenset({"i", "em", "span", "b", "a", "small", "sup"})
_NO_NUMBER = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.I)
# The author typed the number although the list has its own.
_NUMBERED = re.compile(
    r"\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[.．、)）]|[①-⑳]|第[\d一二三四五六七八九十百]{1,5}[章节条步])"
)
_MAX_SPAN = 100


def render(root: etree._Element, without: etree._Element | None = None) -> Iterator[str]:
    """Lines of an element, those of ``without`` left out. Not recursive.

    A row of a table of several columns with one filled cell ends with a tab, so that it can be told from a paragraph.
    """
    page = _Lines(layout=_layout_tables(root))
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if element is without or is_skipped(element):
                walker.skip_subtree()
                page.skipped = element
                continue
            page.open(element)
        elif page.skipped is element:
            page.skipped = None
        else:
            page.close(element)
        if event == "end" and element is not root:
            page.write(element.tail)
    page.flush()
    yield from page.lines


def is_skipped(element: etree._Element) -> bool:
    """No content: code, controls, or hidden from who looks at the page."""
    return not isinstance(element.tag, str) or element.tag in SKIPPED or is_concealed(element)


def is_concealed(element: etree._Element) -> bool:
    """Hidden by the attributes of the element itself."""
    # A script reveals the <body> of some sites; without scripts the page would be empty.
    if element.tag in ("html", "body"):
        return False
    style = element.get("style", "")
    if "hidden" in element.attrib or (style and _HIDDEN_STYLE.search(style)):
        return True
    if element.get("aria-hidden") == "true" and element.tag in _DECORATION:
        return True
    return bool(style) and _WHITE_STYLE.search(style) is not None and not _on_colour(element)


def _on_colour(element: etree._Element) -> bool:
    """White type may stand on a coloured ground: the head of a table, a banner, an element with a style of its own."""
    at: etree._Element | None = element
    while at is not None:
        if at.tag in ("table", "th", "td", "header") or "bgcolor" in at.attrib or "background" in at.get("style", ""):
            return True
        at = at.getparent()
    return False


@dataclass(slots=True)
class _Table:
    """A table in progress: ``carried`` maps a column to the rows that a cell above still covers; ``columns``: the most
    cells that a row had so far.
    """

    cells: list[str] = field(default_factory=list)
    carried: dict[int, int] = field(default_factory=dict)
    columns: int = 0


@dataclass(slots=True)
class _Lines:
    layout: frozenset[etree._Element]
    lines: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    lists: list[_Counter] = field(default_factory=list)
    skipped: etree._Element | None = None

    def open(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "table" and element not in self.layout:
            self.flush()
            self.tables.append(_Table(columns=_columns(element)))
        elif tag in ("td", "th") and self._is_cell(element):
            self._take_text()
        elif tag == "dd" and self.text[-1:] == ["\t"]:
            pass  # <dt>文号</dt><dd>云政〔2024〕6号</dd> is a row of two cells
        elif tag == "br" or tag in _BLOCKS or tag in ("td", "th"):
            self.flush()
        if tag in ("ol", "ul"):
            self.lists.append(_Counter.of(element))
        elif tag == "li" and self.lists and (number := self.lists[-1].number(element)):
            self.write(number)
        self.write(element.text)

    def close(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "table" and element not in self.layout:
            self.flush()
            self._end_row()
            self.tables.pop()
        elif tag in ("td", "th") and self._is_cell(element):
            self._end_cell(element)
        elif tag == "tr" and self.tables:
            self._end_row()
        elif tag == "dt":
            self.text.append("\t")
        elif tag in _BLOCKS or tag in ("td", "th"):
            self.flush()
        if tag in ("ol", "ul") and self.lists:
            self.lists.pop()

    def write(self, text: str | None) -> None:
        if text:
            self.text.append(re.sub(r"[ \t\r\n\f]+", " ", text))

    def flush(self) -> None:
        """End of a paragraph. Inside a table cell it is only a space: a row stays one line."""
        if self.tables:
            self.text.append(" ")
            return
        line = self._take_text()
        if line:
            self.lines.append(line)

    def _take_text(self) -> str:
        line = re.sub(r" {2,}", " ", "".join(self.text)).strip(" ")
        self.text.clear()
        return line

    def _is_cell(self, element: etree._Element) -> bool:
        return bool(self.tables) and element.getparent() is not None

    def _end_cell(self, element: etree._Element) -> None:
        table = self.tables[-1]
        self._fill_carried(table)
        rows_down = _span(element.get("rowspan"))
        for _ in range(_span(element.get("colspan"))):
            if rows_down > 1:
                table.carried[len(table.cells)] = rows_down
            table.cells.append("")
        table.cells[-_span(element.get("colspan"))] = tidy(self._take_text()).replace("\t", " ")

    def _fill_carried(self, table: _Table) -> None:
        while table.carried.get(len(table.cells), 0) > 0 and len(table.cells) < _MAX_SPAN:
            table.cells.append("")

    def _end_row(self) -> None:
        table = self.tables[-1]
        self._fill_carried(table)
        line = "\t".join(table.cells).rstrip("\t")
        if line.strip():
            self.lines.append(line if "\t" in line or table.columns < 2 else f"{line}\t")
        table.cells = []
        table.carried = {column: left - 1 for column, left in table.carried.items() if left > 1}


@dataclass(slots=True)
class _Counter:
    """The numbers that a browser prints before the items of a list, in a ``style`` of ``format_number``."""

    style: str
    following: int = 1
    step: int = 1

    @classmethod
    def of(cls, element: etree._Element) -> _Counter:
        if element.tag != "ol":
            return cls("none")
        reverse = "reversed" in element.attrib
        first = _integer(element.get("start"))
        if first is None:
            first = sum(child.tag == "li" for child in element) if reverse else 1
        return cls(_style(element), first, -1 if reverse else 1)

    def number(self, item: etree._Element) -> str:
        """What stands before the item, and count on."""
        if self.style == "none":
            return ""
        value = _integer(item.get("value"))
        current = self.following if value is None else value
        self.following = current + self.step
        opening = "".join(item.itertext())[:20]
        if _NO_NUMBER.search(item.get("style", "")) or _NUMBERED.match(opening) or not opening.strip():
            return ""
        number = format_number(current, self.style)
        return f"{number}、" if self.style == "chineseCounting" else f"{number}. "


# The list styles of HTML and CSS → those of Word.
_STYLES = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter", "upper-alpha": "upperLetter", "upper-latin": "upperLetter", "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman", "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting", "none": "none",
}  # fmt: skip


def _style(element: etree._Element) -> str:
    match = re.search(r"list-style(?:-type)?\s*:\s*([a-z-]+)", element.get("style", ""), re.I)
    return _STYLES.get(match[1].lower() if match else element.get("type", "1"), "decimal")


def _integer(value: str | None) -> int | None:
    match = re.fullmatch(r"\s*([+-]?\d{1,6})\s*", value or "")
    return int(match[1]) if match else None


def _columns(table: etree._Element) -> int:
    """The most cells of a row."""
    return max((sum(cell.tag in ("td", "th") for cell in row) for row in table.iter("tr")), default=0)


def _layout_tables(root: etree._Element) -> frozenset[etree._Element]:
    """Tables that only place things on the page: they hold another table, or no row has two cells."""
    return frozenset(
        table
        for table in root.iter("table")
        if table.find(".//table") is not None or all(len(row) < 2 for row in table.iter("tr"))
    )


def _span(value: str | None) -> int:
    return min(int(value), _MAX_SPAN) if value and value.isascii() and value.isdigit() and int(value[:4]) > 0 else 1
