"""Recognised lines on a picture → printed pages: where each character stands, which rules make tables, two pages on one
sheet. Pixels with y downwards become points from the lower left corner.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.readers.lines import printed_page
from ingest.readers.ocr_picture import Box, Matrix
from ingest.readers.printed import PrintedPage
from ingest.readers.runs import Glyph
from ingest.readers.tables import Rule

# Shape (lines, 4, 2): upper left, upper right, lower right, lower left corner of each, x and y in pixels.
Boxes = NDArray[np.float64]

# Neighbouring characters further apart than this (in the usual distance) are set wide.
_SET_WIDE = 1.5
_MEASURED = 4
# Types whose sizes differ by less than this are one type: the position of a character is known to a fifth of an em.
_SAME_SIZE, _SAME_HEIGHT = 0.1, 0.25
_SHORT_BOX = 0.4
_WIDE = "\u2e80"
# Em by which the place of a character may be wrong. Closing marks are ink in the left half of their cell.
_SLIP, _MARK_SLIP = 0.25, 0.6
_CLOSING = "，。、；：！？）》〉”’】〕"
# Shares of the width of a sheet that holds two pages: where the fold may be, how wide it is at least, a line of text.
_FOLD, _FOLD_WIDTH, _FULL_LINE = (0.4, 0.6), 0.03, 0.3
_LANDSCAPE = 1.2
# Share of the height of a page between its edge and the page number.
_MARGIN = 0.08


@dataclass(frozen=True, slots=True)
class TextLine:
    """A recognised line. ``score``, ``weakest``: certainty of the line and of its least certain letter, digit or hanzi,
    0 to 1. ``places``: the middle of each character that is not a space, as a share of the line's length.

    ``box``: its four corners. ``vertical``: written downwards.
    """

    text: str
    score: float
    weakest: float
    places: tuple[float, ...]
    box: NDArray[np.float64]
    vertical: bool = False

    @property
    def left(self) -> float:
        return float(self.box[:, 0].min())

    @property
    def right(self) -> float:
        return float(self.box[:, 0].max())

    @property
    def middle(self) -> float:
        return float(self.box[:, 1].mean())

    @property
    def height(self) -> float:
        return float(np.linalg.norm(self.box[3] - self.box[0]) + np.linalg.norm(self.box[2] - self.box[1])) / 2

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.box[1] - self.box[0]))


def writes_sideways(boxes: Boxes) -> bool:
    """More of the lines' length runs down the page than across."""
    across = np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1)
    down = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
    # A single character or two say nothing.
    tall, flat = down > 2 * across, across > 2 * down
    return bool(down[tall].sum() > across[flat].sum())


def turned_boxes(boxes: Boxes, matrix: Matrix, quarters: int) -> Boxes:
    """The boxes on the turned picture, their corners again counted from the upper left."""
    moved = boxes @ matrix[:, :2].T + matrix[:, 2]
    return np.roll(moved, -quarters, axis=1)


def skew(boxes: Boxes) -> float:
    """Radians by which the lines fall to the right: the direction of the longer half of what is written."""
    directions = boxes[:, 1] - boxes[:, 0]
    lengths = np.linalg.norm(directions, axis=1)
    heights = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
    long = lengths > 4 * heights
    if not long.any():
        return 0.0
    angles = np.arctan2(directions[long, 1], directions[long, 0])
    order = np.argsort(angles, kind="stable")
    weights = np.cumsum(lengths[long][order])
    return float(angles[order][np.searchsorted(weights, weights[-1] / 2)])


def printed_pages(
    number: int, lines: Sequence[TextLine], rules: Sequence[Box], size: tuple[int, int], per_pixel: float
) -> tuple[PrintedPage, ...]:
    """One page, or two where the sheet holds two side by side. ``size``: width, height; ``per_pixel``: points."""
    width, height = size
    fold = _fold(lines, rules, width, height)
    edges = (0.0, float(width)) if fold is None else (0.0, fold, float(width))
    sizes = _type_sizes(lines)
    pages = []
    for left, right in itertools.pairwise(edges):
        glyphs: list[Glyph] = []
        for line, em in _in_order([pair for pair in zip(lines, sizes, strict=True) if left <= pair[0].left < right]):
            for char, box, spaced in _characters(line, em):
                glyphs.append(Glyph(char, *_in_points(box, left, height, per_pixel), 0.0, len(glyphs), spaced))
        found = [
            Rule(*_in_points(box, left, height, per_pixel)) for box in rules if left <= (box[0] + box[2]) / 2 < right
        ]
        low, high = _written(glyphs, height * per_pixel)
        pages.append(printed_page(number, glyphs, found, (0.0, low, (right - left) * per_pixel, high)))
    return tuple(pages)


def _written(glyphs: Sequence[Glyph], height: float) -> tuple[float, float]:
    """Lower and upper end of the page itself: a scan may lie on a larger sheet, and page numbers are known by their place."""
    if not glyphs:
        return 0.0, height
    margin = _MARGIN * height
    return (
        max(0.0, min(glyph.bottom for glyph in glyphs) - margin),
        min(height, max(glyph.top for glyph in glyphs) + margin),
    )


def _in_points(box: Box, left: float, height: float, per_pixel: float) -> Box:
    return (
        (box[0] - left) * per_pixel,
        (height - box[3]) * per_pixel,
        (box[2] - left) * per_pixel,
        (height - box[1]) * per_pixel,
    )


def _fold(lines: Sequence[TextLine], rules: Sequence[Box], width: int, height: int) -> float | None:
    """The fold of a double page: an empty strip in the middle of a wide sheet between two columns of full lines."""
    if width < _LANDSCAPE * height:
        return None
    taken = sorted([(line.left, line.right) for line in lines] + [(box[0], box[2]) for box in rules])
    reach, best = 0.0, (0.0, 0.0)
    for left, right in taken:
        if left - reach > best[1] - best[0] and _FOLD[0] * width < (left + reach) / 2 < _FOLD[1] * width:
            best = reach, left
        reach = max(reach, right)
    fold = sum(best) / 2
    if best[1] - best[0] < _FOLD_WIDTH * width:
        return None
    full = [line.right - line.left > _FULL_LINE * width for line in lines]
    return fold if sum(full) >= 3 and any(line.left < fold for line in lines) else None


def _type_sizes(lines: Sequence[TextLine]) -> list[float]:
    """Em of each line in pixels: the usual distance of its Chinese characters, the height of the box for short lines.

    One printed type measures a little differently from line to line; what is close to the body type is the body type.
    """
    measured = [_em(line) for line in lines]
    known = [(em, line) for em, line in zip(measured, lines, strict=True) if em is not None]
    if not known:
        return [_type_height(line) / 1.3 for line in lines]
    body = statistics.median(em for em, line in known for _ in range(len(line.places)))
    usual = statistics.median(_type_height(line) for em, line in known if abs(em - body) <= _SAME_SIZE * body)
    sizes = []
    for em, line in zip(measured, lines, strict=True):
        height = _type_height(line)
        if em is None:
            em = body if abs(height - usual) < _SAME_HEIGHT * usual else height * body / usual
        sizes.append(body if abs(em - body) <= _SAME_SIZE * body else em)
    return sizes


def _type_height(line: TextLine) -> float:
    """Height of the box as a long line of this type would have it: the detector puts more room around short ones."""
    if line.vertical:
        return line.right - line.left
    return line.height / (1 + _SHORT_BOX * line.height / max(line.length, 1.0))


def _em(line: TextLine) -> float | None:
    printed = list(zip("".join(line.text.split()), line.places, strict=False))
    steps = [
        (place - before) * line.length
        for (after, before), (char, place) in itertools.pairwise(printed)
        if min(char, after) >= _WIDE
    ]
    if line.vertical or len(steps) < _MEASURED:
        return None
    usual = statistics.median(steps)
    return statistics.fmean(step for step in steps if step <= _SET_WIDE * usual)


def _in_order(pairs: list[tuple[TextLine, float]]) -> Iterator[tuple[TextLine, float]]:
    """From top to bottom; what stands on one level, from left to right."""
    rows: list[list[tuple[TextLine, float]]] = []
    for line, em in sorted(pairs, key=lambda pair: pair[0].middle):
        if rows and line.middle - rows[-1][0][0].middle < 0.5 * min(em, rows[-1][0][1]):
            rows[-1].append((line, em))
        else:
            rows.append([(line, em)])
    for row in rows:
        yield from sorted(row, key=lambda pair: pair[0].left)


def _characters(line: TextLine, em: float) -> Iterator[tuple[str, Box, bool]]:
    """Each character in a box of its type size, and whether a space was recognised before it."""
    start, end = (line.box[0] + line.box[3]) / 2, (line.box[1] + line.box[2]) / 2
    spaced = _with_space_before(line.text)
    reach, after_latin = -math.inf, False
    for place, (char, space) in zip(line.places, spaced, strict=False):
        half, latin = (em / 2, False) if char >= _WIDE else (em / 4, True)
        x, y = line.box.mean(axis=0) if line.vertical else start + (end - start) * place
        left = float(x) - half
        if latin and after_latin:
            left = reach + (em / 3 if space else 0.0)
        elif abs(left - reach) < em * (_MARK_SLIP if char in _CLOSING else _SLIP):
            left = reach
        yield char, (left, float(y) - em / 2, left + 2 * half, float(y) + em / 2), space
        reach, after_latin = left + 2 * half, latin


def _with_space_before(text: str) -> Iterator[tuple[str, bool]]:
    space = False
    for char in text:
        if not char.isspace():
            yield char, space
        space = char.isspace()
