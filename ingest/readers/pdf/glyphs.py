"""The characters of a PDF page as PDFium gives them, sorted by whether a person sees them."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from itertools import repeat
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as api

from ingest.readers.pdf.grounds import INT, POINTER, WHITE, Grounds, is_transparent, unchecked
from ingest.readers.runs import Glyph

# Points; nobody can read smaller print, it is there for machines.
_TINY = 4.0
# Radians off the horizontal and the vertical: text printed across the page.
_SLANT = 0.1
# PDFium inserts line ends of its own making, and marks what it could not decode.
# Characters that mean something in one font only: bullets, pieces of formulas.
_PRIVATE, _PRIVATE_END = "\ue000", "\uf8ff"
_NOT_PRINTED = frozenset("\0\n\r\ufffe\uffff")


class Style(Enum):
    """How a piece of text is drawn."""

    VISIBLE = "可见"
    INVISIBLE = "不可见"
    WHITE = "白色"
    OBLIQUE = "水印"
    UNMAPPED = "无对应文字"


def page_glyphs(text_page: pdfium.PdfTextPage) -> list[Glyph]:
    """All characters of a page except white space, in the order of drawing."""
    return _drawn(text_page)[0]


def seen_glyphs(
    text_page: pdfium.PdfTextPage, box: tuple[float, float, float, float], grounds: Grounds
) -> dict[Style, list[Glyph]]:
    """The characters by how they look on the visible part (``box``) of the page; what is beside it is not visible."""
    left, bottom, right, top = box
    found: dict[Style, list[Glyph]] = {style: [] for style in Style}
    visible, plain = found[Style.VISIBLE], Style.VISIBLE
    for glyph, style in zip(*_drawn(text_page), strict=True):
        char, glyph_left, glyph_bottom, glyph_right, glyph_top, _, _, _ = glyph
        x, y = (glyph_left + glyph_right) / 2, (glyph_bottom + glyph_top) / 2
        if not (left <= x <= right and bottom <= y <= top):
            style = Style.INVISIBLE
        elif style is Style.WHITE:
            style = plain if grounds.painted_at(x, y) else style
        elif glyph_top - glyph_bottom < _TINY and glyph_right - glyph_left < _TINY:
            style = Style.INVISIBLE
        elif _PRIVATE <= char <= _PRIVATE_END and style is plain:
            style = Style.UNMAPPED
        if style is plain:
            visible.append(glyph)
        else:
            found[style].append(glyph)
    return found


def _drawn(text_page: pdfium.PdfTextPage) -> tuple[list[Glyph], list[Style]]:
    """Characters with a place on the page, in the order of drawing, and the style of the text object of each."""
    calls, handle, count = _calls(), ctypes.cast(text_page.raw, POINTER), text_page.count_chars()
    boxes = (api.FS_RECTF * count)()
    start, size = ctypes.addressof(boxes), ctypes.sizeof(api.FS_RECTF)
    indexes = range(count)
    chars = map(chr, map(calls.unicode, repeat(handle), indexes))
    placed = list(map(calls.loose_box, repeat(handle), indexes, range(start, start + size * count, size)))
    owners = map(calls.text_object, repeat(handle), indexes)
    # FS_RECTF is left, top, right, bottom.
    sides = memoryview(boxes).cast("B").cast("f").tolist()
    rows = zip(indexes, chars, placed, owners, sides[0::4], sides[3::4], sides[2::4], sides[1::4], strict=True)
    style_at, new, last = _styles(text_page), tuple.__new__, -1
    angle, style, spaced = 0.0, Style.VISIBLE, False
    glyphs: list[Glyph] = []
    styles: list[Style] = []
    for index, char, has_place, owner, left, bottom, right, top in rows:
        if not has_place or char.isspace() or char in _NOT_PRINTED:
            # PDFium makes spaces of its own where it sees a gap.
            spaced = char == " " and not api.FPDFText_IsGenerated(text_page, index)
            continue
        if owner != last:
            last = owner
            angle, style = style_at(index, owner)
        glyphs.append(new(Glyph, (char, left, bottom, right, top, angle, index, spaced)))
        styles.append(style)
        spaced = False
    return glyphs, styles


def _styles(text_page: pdfium.PdfTextPage) -> Callable[[int, int | None], tuple[float, Style]]:
    """A function: index of a character, its text object → direction of writing and style. Programs that draw each
    character as an object of its own make this, too, run once a character.
    """
    _, _, _, turn, mode, fill = _calls()
    handle, colour = ctypes.cast(text_page.raw, POINTER), (ctypes.c_uint * 4)()
    red, green, blue, alpha = (ctypes.addressof(colour) + 4 * place for place in range(4))
    known: dict[tuple[int, float, bytes], Style] = {}

    def style_at(index: int, text_object: int | None) -> tuple[float, Style]:
        angle = _angle(text_page, index) if turn(handle, index) else 0.0
        if text_object is None:
            return angle, Style.VISIBLE
        if not fill(handle, index, red, green, blue, alpha):
            colour[:] = (0, 0, 0, 255)
        key = mode(text_object), angle, bytes(colour)
        style = known.get(key)
        if style is None:
            style = known[key] = _style(key[0], angle, colour[:])
        return angle, style

    return style_at


class _Calls(NamedTuple):
    unicode: Callable[[object, int], int]
    loose_box: Callable[[object, int, int], int]
    text_object: Callable[[object, int], int | None]
    turn: Callable[[object, int], float]
    mode: Callable[[int], int]
    colour: Callable[[object, int, int, int, int, int], int]


@cache
def _calls() -> _Calls:
    return _Calls(
        unicode=unchecked(api.FPDFText_GetUnicode, ctypes.c_uint, POINTER, INT),
        loose_box=unchecked(api.FPDFText_GetLooseCharBox, INT, POINTER, INT, POINTER),
        text_object=unchecked(api.FPDFText_GetTextObject, POINTER, POINTER, INT),
        turn=unchecked(api.FPDFText_GetCharAngle, ctypes.c_float, POINTER, INT),
        mode=unchecked(api.FPDFTextObj_GetTextRenderMode, INT, POINTER),
        colour=unchecked(api.FPDFText_GetFillColor, INT, POINTER, INT, *[POINTER] * 4),
    )


def _angle(text_page: pdfium.PdfTextPage, index: int) -> float:
    """Direction of writing. PDFium's own angle would count slanted type as turned."""
    matrix = api.FS_MATRIX()
    return math.atan2(matrix.b, matrix.a) if api.FPDFText_GetMatrix(text_page.raw, index, matrix) else 0.0


def _style(mode: int, angle: float, colour: Sequence[int]) -> Style:
    if mode in (api.FPDF_TEXTRENDERMODE_INVISIBLE, api.FPDF_TEXTRENDERMODE_CLIP):
        return Style.INVISIBLE
    quarter = abs(angle) % (math.pi / 2)
    if min(quarter, math.pi / 2 - quarter) > _SLANT:
        return Style.OBLIQUE
    if mode in (api.FPDF_TEXTRENDERMODE_FILL, api.FPDF_TEXTRENDERMODE_FILL_CLIP):
        *ink, alpha = colour
        if is_transparent(alpha):
            return Style.INVISIBLE
        if min(ink) >= WHITE:
            return Style.WHITE
    return Style.VISIBLE
