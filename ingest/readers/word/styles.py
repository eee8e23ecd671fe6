"""Styles: what a paragraph or a run inherits, and whether anybody can see it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ingest.readers.word.parts import MARKUP, W, is_on, value_of

_MAX_DEPTH = 20
# w:sz counts half points; text below 4 points is not meant to be read.
_TINY = 8
_SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


class Styles:
    """The styles of a document by id; a style inherits from the one that it is based on."""

    def __init__(self, styles: etree._Element | None) -> None:
        listed = [] if styles is None else styles.findall(W + "style")
        self._by_id = {style.get(W + "styleId"): style for style in listed}
        is_default = (style for style in listed if style.get(W + "default") in ("1", "true", "on"))
        self._default = {style.get(W + "type"): style.get(W + "styleId") for style in is_default}
        self._found: dict[tuple[str | None, str], etree._Element | None] = {}

    def chain(self, style_id: str | None) -> Iterator[tuple[str, etree._Element]]:
        """The style and those that it is based on, with their ids."""
        for _ in range(_MAX_DEPTH):
            style = self._by_id.get(style_id)
            if style is None or style_id is None:
                return
            yield style_id, style
            style_id = value_of(style.find(W + "basedOn"))

    def paragraph_style(self, paragraph: etree._Element) -> str | None:
        """Id of the style of a paragraph; where it names none, of the default one."""
        return value_of(paragraph.find(f"{W}pPr/{W}pStyle")) or self._default.get("paragraph")

    def run_property(self, run: etree._Element, name: str) -> etree._Element | None:
        """``w:vanish``, ``w:color`` … of a run: its own, of its style, of the style of its paragraph."""
        properties = run.find(W + "rPr")
        own = None if properties is None else properties.find(W + name)
        if own is not None:
            return own
        style = None if properties is None else value_of(properties.find(W + "rStyle"))
        found = self._inherited(style, name) if style else None
        if found is None:
            paragraph = next(run.iterancestors(W + "p"), None)
            found = None if paragraph is None else self._inherited(self.paragraph_style(paragraph), name)
        return found

    def is_hidden(self, run: etree._Element) -> bool:
        """Marked as hidden, too small to be read, or white on white."""
        if is_on(self.run_property(run, "vanish")):
            return True
        size = value_of(self.run_property(run, "sz"))
        if size and size.isascii() and size.isdigit() and int(size) < _TINY:
            return True
        return (value_of(self.run_property(run, "color")) or "").upper() == "FFFFFF" and not _is_on_colour(run)

    def hides_mark(self, paragraph: etree._Element) -> bool:
        """A paragraph whose end mark is hidden runs on into the next one."""
        return is_on(paragraph.find(f"{W}pPr/{W}rPr/{W}vanish"))

    def _inherited(self, style_id: str | None, name: str) -> etree._Element | None:
        key = style_id, name
        if key not in self._found:
            properties = (style.find(f"{W}rPr/{W}{name}") for _, style in self.chain(style_id))
            self._found[key] = next((found for found in properties if found is not None), None)
        return self._found[key]


def _is_on_colour(run: etree._Element) -> bool:
    """White text is readable on a dark ground: shading of the run, paragraph or cell, a filled shape, any table style."""
    for element in (run, *run.iterancestors()):
        if element.tag == W + "tbl":
            return element.find(f"{W}tblPr/{W}tblStyle") is not None
        if element.tag == _SHAPE + "wsp":
            filled = element.find(f"{_SHAPE}spPr/{_DRAWING}solidFill"), element.find(f"{_SHAPE}style/{_DRAWING}fillRef")
            return any(fill is not None for fill in filled)
        if element.tag == MARKUP + "shape" or element.tag == MARKUP + "rect":
            return element.get("fillcolor", "white").lower() not in ("white", "#fff", "#ffffff")
        shading = element.find(f"*/{W}shd")
        if shading is not None and element.tag in (W + "r", W + "p", W + "tc"):
            return (shading.get(W + "fill") or "auto").upper() not in ("AUTO", "FFFFFF")
    return False
