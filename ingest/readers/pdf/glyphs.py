"""The characters of a PDF page as PDFium gives them, sorted by whether a person sees them."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cache
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as api

from ingest.readers.lines import Glyph
from ingest.readers.pdf.grounds import WHITE, Grounds, fill_colour, is_transparent

# Points; nobody can read smaller print, it is there for machines.
_TINY = 4.0
# PDFium inserts line ends of its own making, and marks what it could not decode.
_NOT_PRINTED = frozenset("\0\n\r\ufffe\uffff")
_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_BOX_SIZE = ctypes.sizeof(api.FS_RECTF)


class Style(Enum):
    """How a piece of text is drawn."""

    VISIBLE = "可见"
    INVISIBLE = "不可见"
    WHITE = "白色"
    OBLIQUE = "水印"


def page_glyphs(text_page: pdfium.PdfTextPage) -> list[Glyph]:
    """All characters of a page except white space, in the order of drawing."""
    return [glyph for glyph, _ in _drawn(text_page)]


def seen_glyphs(
    text_page: pdfium.PdfTextPage, box: tuple[float, float, float, float], grounds: Grounds
) -> dict[Style, list[Glyph]]:
    """The characters by how they look on the visible part (``box``) of the page; what is beside it is not visible."""
    left, bottom, right, top = box
    found: dict[Style, list[Glyph]] = {style: [] for style in Style}
    visible = found[Style.VISIBLE]
    for glyph, style in _drawn(text_page):
        _, glyph_left, glyph_bottom, glyph_right, glyph_top, _, _ = glyph
        x, y = (glyph_left + glyph_right) / 2, (glyph_bottom + glyph_top) / 2
        if not (left <= x <= right and bottom <= y <= top):
            style = Style.INVISIBLE
        elif style is Style.WHITE:
            style = Style.VISIBLE if grounds.painted_at(x, y) else style
        elif glyph_top - glyph_bottom < _TINY and glyph_right - glyph_left < _TINY:
            style = Style.INVISIBLE
        (visible if style is Style.VISIBLE else found[style]).append(glyph)
    return found


class _Calls(NamedTuple):
    loose_box: Callable[[object, int, int], int]
    text_object: Callable[[object, int], int | None]


@cache
def _calls() -> _Calls:
    """Two functions of PDFium without the checks of their arguments. Each runs once a character: a third of the time
    that reading a page takes went into those checks.
    """
    box = ctypes.PYFUNCTYPE(_INT, _POINTER, _INT, _POINTER)
    owner = ctypes.PYFUNCTYPE(_POINTER, _POINTER, _INT)
    return _Calls(
        box(ctypes.cast(api.FPDFText_GetLooseCharBox, _POINTER).value),
        owner(ctypes.cast(api.FPDFText_GetTextObject, _POINTER).value),
    )


def _drawn(text_page: pdfium.PdfTextPage) -> Iterator[tuple[Glyph, Style]]:
    """Characters with a place on the page, in the order of drawing, with the style of the text object they belong to."""
    count = text_page.count_chars()
    chars = _characters(text_page, count)
    boxes = (api.FS_RECTF * count)()
    calls, handle, start = _calls(), ctypes.cast(text_page.raw, _POINTER), ctypes.addressof(boxes)
    for index in range(count):
        calls.loose_box(handle, index, start + index * _BOX_SIZE)
    objects = [calls.text_object(handle, index) for index in range(count)]
    # In the order of FS_RECTF: left, top, right, bottom.
    sides = memoryview(boxes).cast("B").cast("f").tolist()
    places = zip(chars, sides[0::4], sides[3::4], sides[2::4], sides[1::4], strict=True)
    address, angle, style = None, 0.0, Style.VISIBLE
    make = tuple.__new__
    for index, (char, left, bottom, right, top), current in zip(itertools.count(), places, objects):
        if char.isspace() or char in _NOT_PRINTED:
            continue
        if current != address:
            address, angle = current, _angle(text_page, index)
            style = _object_style(text_page, index, angle)
        yield make(Glyph, (char, left, bottom, right, top, angle, index)), style
