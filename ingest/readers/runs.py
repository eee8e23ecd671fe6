"""Characters with positions → runs on one base line → printed lines."""

from __future__ import annotations

import math
import operator
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingest.readers.printed import Line

# Em: a distance that separates two Chinese characters, a Chinese and a Latin one (1　适用范围), two Latin ones.
_WORD_SPACE = (0.8, 0.45, 0.17)
# Em: the distance between two Chinese characters where the file, too, has a space between them.
_TYPED_SPACE = 0.35
_LATIN = "\u0250"
# Heights of type: a gap that may part two columns.
_WIDE_GAP = 1.2
# Em: a gap between a label and its value, a body and the date, never one between the words of a sentence.
_GAP = 3.0
# Heights of type by which the boxes of neighbours may overlap.
_OVERLAP = 0.15


class Glyph(NamedTuple):
    """A printed character: box in points from the lower left of the page, direction of writing in radians, drawing order;
    whether the file has a space before it.
    """

    char: str
    left: float
    bottom: float
    right: float
    top: float
    angle: float
    index: int
    spaced: bool = False


class Run(NamedTuple):
    """Characters one after another; ``goes_on``: on the base line of the run before, after a wide gap."""

    glyphs: list[Glyph]
    goes_on: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        first, last = self.glyphs[0], self.glyphs[-1]
        return first.left, first.bottom, last.right, first.top


def runs(glyphs: Iterable[Glyph]) -> list[Run]:
    """Characters on one base line, drawn one after another to the right, without a wide gap between them."""
    found: list[Run] = []
    glyphs_of_run: list[Glyph] = []
    middle, height, right = 0.0, 0.0, -math.inf
    last_bottom, last_top = math.inf, math.inf
    for glyph in glyphs:
        _, left, bottom, glyph_right, top, _, _, _ = glyph
        if bottom == last_bottom and top == last_top and right <= left < right + height:
            glyphs_of_run.append(glyph)
            right = glyph_right
            continue
        if glyph.char.isspace():
            continue
        glyph_middle, glyph_height = (bottom + top) / 2, top - bottom
        tall = max(height, glyph_height)
        level = bool(found) and abs(glyph_middle - middle) < 0.5 * tall
        on_line = level and left >= right - tall
        if level and not on_line and _fills_gap(found, glyph, tall):
            continue
        if on_line and left < right + _WIDE_GAP * tall:
            glyphs_of_run.append(glyph)
        else:
            glyphs_of_run = [glyph]
            found.append(Run(glyphs_of_run, on_line))
        right = max(right, glyph_right) if on_line else glyph_right
        # A raised note mark must not pull the line up.
        if not on_line or glyph_height >= 0.8 * height:
            middle, height, last_bottom, last_top = glyph_middle, glyph_height, bottom, top
    return found


def _fills_gap(found: Sequence[Run], glyph: Glyph, tall: float) -> bool:
    """Put a character that was drawn late into the gap that the line has for it: where a font lacks a character (“, 〇),
    programs set the line without it and draw it from another font afterwards.
    """
    slack, following = _OVERLAP * tall, None
    for run in reversed(found):
        glyphs = run.glyphs
        at = bisect_left(glyphs, glyph.left, key=lambda other: other.left)
        following = glyphs[at] if at < len(glyphs) else following
        if at or not run.goes_on:
            free = not at or glyphs[at - 1].right <= glyph.left + slack
            near = at or (following and following.left < glyph.right + _WIDE_GAP * tall)
            if free and near and following and glyph.right <= following.left + slack:
                glyphs.insert(at, glyph)
                return True
            return False
    return False


def whole_lines(found: Iterable[Run], part: int = 0) -> list[Line]:
    """Runs on one base line are one line, however wide the gaps."""
    glyphs: list[list[Glyph]] = []
    for run in found:
        if run.goes_on and glyphs:
            glyphs[-1].extend(run.glyphs)
        else:
            glyphs.append(list(run.glyphs))
    return [_line(run, part) for run in glyphs]


def _line(run: Sequence[Glyph], part: int) -> Line:
    chars, lefts, bottoms, rights, tops, _, _, spaced = zip(*run, strict=True)
    wide = [right - left for char, left, right in zip(chars, lefts, rights, strict=True) if char >= "\u2e80"]
    size = _median(wide) if wide else 0.8 * _median([top - bottom for bottom, top in zip(bottoms, tops, strict=True)])
    size = size or 1.0
    return Line(
        text=_with_spaces(chars, lefts, rights, spaced, size),
        left=min(lefts),
        bottom=_median(bottoms),
        right=max(rights),
        top=_median(tops),
        size=size,
        part=part,
        gapped=max(map(operator.sub, lefts[1:], rights), default=0.0) > _GAP * size,
    )


def _median(values: Sequence[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return (ordered[half] + ordered[~half]) / 2


def _with_spaces(
    chars: Sequence[str], lefts: Sequence[float], rights: Sequence[float], spaced: Sequence[bool], size: float
) -> str:
    """Spaces by the distance on paper: PDF programs put space characters as they like. Between Chinese characters, which
    a justified line spreads, a small distance counts only where the file has a space, too.
    """
    parts = [chars[0]]
    narrow = _WORD_SPACE[2] * size
    for place, (right, left) in enumerate(zip(rights, lefts[1:], strict=False), 1):
        gap = left - right
        if gap > narrow:
            latin = (chars[place - 1] < _LATIN) + (chars[place] < _LATIN)
            needed = _TYPED_SPACE if latin == 0 and spaced[place] else _WORD_SPACE[latin]
            if gap > needed * size:
                parts.append(" ")
        parts.append(chars[place])
    return "".join(parts)
