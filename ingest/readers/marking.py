"""Where on a printed page a quote stands, and the picture of the page with it marked."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

from ingest.normalize import fold
from ingest.readers.lines import Glyph

_YELLOW = (255, 235, 90)
# Characters: a shorter part of a quote is on the page by chance.
_SHORTEST_PART = 8
# Characters of page number or running head that may stand between the text and the edge of the page.
_FURNITURE = 40


def quoted_glyphs(glyphs: Sequence[Glyph], quote: str) -> list[Glyph]:
    """The characters of a page that spell the quote: as a whole, else cell by cell, else as far as it is on this page."""
    printed = [glyph for glyph in glyphs if not glyph.char.isspace()]
    haystack = "".join(_squeezed(glyph.char) or " " for glyph in printed)
    whole = _occurrence(haystack, _squeezed(quote))
    if whole is None:
        pieces = [_occurrence(haystack, _squeezed(piece)) for piece in quote.replace("\t", "\n").split("\n")]
        found = [piece for piece in pieces if piece is not None] or _overlapping_ends(haystack, _squeezed(quote))
    else:
        found = [whole]
    return [glyph for start, end in found for glyph in printed[start:end]]


def _squeezed(text: str) -> str:
    return "".join(fold(text).split())


def _occurrence(haystack: str, needle: str) -> tuple[int, int] | None:
    start = haystack.find(needle) if needle else -1
    return None if start < 0 else (start, start + len(needle))


def _overlapping_ends(haystack: str, needle: str) -> list[tuple[int, int]]:
    """The part of a quote that turns the page: its beginning at the end of the page, or its end at the beginning."""
    for size in range(len(needle) - 1, _SHORTEST_PART - 1, -1):
        start = haystack.rfind(needle[:size])
        if start >= 0 and start + size >= len(haystack) - _FURNITURE:
            return [(start, start + size)]
        start = haystack.find(needle[-size:])
        if 0 <= start <= _FURNITURE:
            return [(start, start + size)]
    return []


def highlighted(picture: Image.Image, boxes: Sequence[tuple[int, int, int, int]]) -> bytes:
    """PNG with the boxes in translucent yellow: multiplied, so the black of the type stays black."""
    ink = Image.new("RGB", picture.size, "white")
    brush = ImageDraw.Draw(ink)
    for left, top, right, bottom in boxes:
        brush.rectangle((min(left, right), min(top, bottom), max(left, right), max(top, bottom)), fill=_YELLOW)
    target = io.BytesIO()
    ImageChops.multiply(picture, ink).save(target, format="PNG")
    return target.getvalue()
