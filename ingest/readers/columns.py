"""Pages, or parts of pages, set in two columns: where a gutter runs down between two blocks of running text."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

_Box = tuple[float, float, float, float]

# Lines that each column must have, and how wide they are on the average: in em, and as a share of the column.
_LINES, _EM, _FULL = 5, 8.0, 0.65
# The gutter lies in this part of the width; in em, how far the left edges of a column may scatter, how wide it is.
_FROM, _TO = 0.3, 0.7
_SCATTER, _GUTTER = 0.5, 0.7


class Band(NamedTuple):
    """A part of a page in two columns, from ``bottom`` to ``top``; ``gutter``: an x between the columns."""

    bottom: float
    top: float
    gutter: float

    def column(self, box: _Box) -> int:
        """0: not in this band, 1 left, 2 right."""
        if not self.bottom <= (box[1] + box[3]) / 2 <= self.top:
            return 0
        return 1 if box[2] <= self.gutter else 2


def find_columns(boxes: Sequence[_Box], width: float) -> list[Band]:
    """Bands from the top of the page. ``boxes``: left, bottom, right, top of runs of characters, tables excluded.

    Both sides must be running text: lists of short words side by side, or labels and their values, are no columns.
    """
    starts = sorted(box[0] for box in boxes if _FROM * width < box[0] < _TO * width)
    if len(starts) < _LINES:
        return []
    em = statistics.median(box[3] - box[1] for box in boxes)
    found: list[Band] = []
    for edge in _edges(starts, _SCATTER * em):
        bands = [band for rows in _uncrossed(boxes, edge - 0.1 * em) if (band := _band(rows, edge - 0.1 * em, em))]
        found = max(found, bands, key=lambda some: sum(band.top - band.bottom for band in some))
    return found


def _edges(starts: Sequence[float], scatter: float) -> list[float]:
    """Where several lines begin one below the other."""
    return [
        start
        for index, start in enumerate(starts[: 1 - _LINES or None])
        if starts[index + _LINES - 1] - start <= scatter and (index == 0 or start > starts[index - 1])
    ]


def _uncrossed(boxes: Sequence[_Box], gutter: float) -> list[list[_Box]]:
    """Runs from the top, parted where one crosses the gutter."""
    rows: list[list[_Box]] = [[]]
    for box in sorted(boxes, key=lambda box: -(box[1] + box[3])):
        if box[0] < gutter < box[2]:
            rows.append([])
        else:
            rows[-1].append(box)
    return [row for row in rows if len(row) >= 2 * _LINES]


def _band(boxes: Sequence[_Box], gutter: float, em: float) -> Band | None:
    left = [box for box in boxes if box[2] <= gutter]
    right = [box for box in boxes if box[2] > gutter]
    if not _is_running_text(left, em) or not _is_running_text(right, em):
        return None
    if min(box[0] for box in right) - max(box[2] for box in left) < _GUTTER * em:
        return None
    # Only as far as both columns reach: a head above one of them is not in a column.
    return Band(min(box[1] for box in boxes), max(box[3] for box in boxes), gutter)


def _is_running_text(boxes: Sequence[_Box], em: float) -> bool:
    if len(boxes) < _LINES:
        return False
    widths = [box[2] - box[0] for box in boxes]
    column = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    return statistics.median(widths) >= _EM * em and sum(widths) >= _FULL * column * len(widths)
