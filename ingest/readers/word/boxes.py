"""Text boxes, in the order in which they are read."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from ingest.readers.word.parts import MARKUP, W, is_fallback

_BOX = W + "txbxContent"
_PLACE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_OFFSET = "{http://schemas.openxmlformats.org/drawingml/2006/main}off"
_SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}wsp"
_MARGIN = re.compile(r"margin-(left|top)\s*:\s*(-?[\d.]{1,10})(pt|mm|cm|in)?", re.IGNORECASE)
_EMU = {"pt": 12_700, "mm": 36_000, "cm": 360_000, "in": 914_400, "": 12_700}
# Boxes that begin within 5 mm of the same height stand in one row.
_ROW = 180_000


class _Box(NamedTuple):
    """``base``: what ``top`` and ``left`` are measured from, in EMU; empty where the box has no place of its own."""

    content: etree._Element
    base: str
    top: float
    left: float


def boxes_around(paragraph: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
    """Text boxes that are anchored in the paragraph: those read before its text, those read after it.

    A box that hangs below the first line of its paragraph is read after it. Where all boxes are measured from the same
    point they are read from the top down and from left to right, else in the order of the file.
    """
    outer = next(paragraph.iterancestors(_BOX), None)
    found = [
        _placed(box)
        for box in paragraph.iter(_BOX)
        if next(box.iterancestors(_BOX), None) is outer and not is_fallback(box)
    ]
    if len({box.base for box in found}) == 1 and found[0].base:
        found.sort(key=lambda box: (box.top // _ROW, box.left))
    below = [box.content for box in found if box.base.endswith(("paragraph", "line")) and box.top > _ROW]
    return [box.content for box in found if box.content not in below], below


def _placed(box: etree._Element) -> _Box:
    anchor = next(box.iterancestors(_PLACE + "anchor"), None)
    if anchor is not None:
        vertical, horizontal = anchor.find(_PLACE + "positionV"), anchor.find(_PLACE + "positionH")
        base = "" if vertical is None else f"{vertical.get('relativeFrom')}"
        top, left = _offset(vertical), _offset(horizontal)
        inner_top, inner_left = _place_in_group(box)
        if top is not None:
            return _Box(box, base, top + inner_top, (left or 0.0) + inner_left)
    shape = next(box.iterancestors(MARKUP + "shape", MARKUP + "rect"), None)
    style = "" if shape is None else shape.get("style", "")
    sides = {name.lower(): _length(value) * _EMU[unit.lower()] for name, value, unit in _MARGIN.findall(style)}
    if "top" in sides and "mso-position-vertical-relative" not in style:
        return _Box(box, "text paragraph", sides["top"], sides.get("left", 0.0))
    return _Box(box, "", 0.0, 0.0)


def _offset(position: etree._Element | None) -> float | None:
    found = None if position is None else position.find(_PLACE + "posOffset")
    try:
        return None if found is None else float(found.text or "")
    except ValueError:
        return None


def _place_in_group(box: etree._Element) -> tuple[float, float]:
    """Top and left of the shape inside a group of shapes; the group's own scale is left out of account."""
    shape = next(box.iterancestors(_SHAPE), None)
    offset = None if shape is None else next(shape.iter(_OFFSET), None)
    if offset is None:
        return 0.0, 0.0
    return _length(offset.get("y", "")), _length(offset.get("x", ""))


def _length(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0
