"""Ruled tables: the lines drawn on a page → a grid of cells. Tables without vertical rules are left as text lines."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Points. Rules closer than this are one rule drawn twice, ends closer than this touch.
_TOUCH = 3.0
# Points: what is thinner is a rule, what is shorter is an ornament.
_RULE_WIDTH, _RULE_LENGTH = 2.5, 6.0
# More strokes than this are a drawing, more long rules a chart.
_MAX_DRAWN = 5000
_MAX_RULES = 400
_MAX_CELLS = 5000


class Rule(NamedTuple):
    """A straight line: a thin box, horizontal or vertical."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def horizontal(self) -> bool:
        return self.right - self.left >= self.top - self.bottom


def straight(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Rule]:
    """The rule that a stroke from point to point draws; nothing where it is slanted or short."""
    (x, y), (other_x, other_y) = start, end
    width, height = abs(other_x - x), abs(other_y - y)
    if min(width, height) < _RULE_WIDTH and max(width, height) > _RULE_LENGTH:
        yield Rule(min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y))


def is_thin(left: float, bottom: float, right: float, top: float) -> bool:
    """A box so narrow that it looks like a line."""
    return min(right - left, top - bottom) < _RULE_WIDTH


class _Segment(NamedTuple):
    """A rule on its axis: ``at`` is the y of a horizontal (x of a vertical) rule, which runs from ``start`` to ``end``."""

    at: float
    start: float
    end: float


class Table:
    """A grid; rows are counted from the top, columns from the left. Cells without a rule between them are one cell."""

    def __init__(self, horizontals: Sequence[_Segment], verticals: Sequence[_Segment]) -> None:
        self._xs = _positions([rule.at for rule in verticals], [end for rule in horizontals for end in rule[1:]])
        self._ys = _positions([rule.at for rule in horizontals], [end for rule in verticals for end in rule[1:]])
        self.rows, self._columns = len(self._ys) - 1, len(self._xs) - 1
        self._owner = [[(row, column) for column in range(self._columns)] for row in range(self.rows)]
        if self.is_table:
            self._merge(horizontals, verticals)

    @property
    def is_table(self) -> bool:
        return self.rows >= 1 and self._columns >= 2 and self.rows * self._columns <= _MAX_CELLS

    @property
    def top(self) -> float:
        return self._ys[-1]

    def contains(self, x: float, y: float) -> bool:
        return self._xs[0] <= x <= self._xs[-1] and self._ys[0] <= y <= self._ys[-1]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Row and column where the cell that holds this point begins."""
        column = min(max(bisect.bisect(self._xs, x) - 1, 0), self._columns - 1)
        from_bottom = min(max(bisect.bisect(self._ys, y) - 1, 0), self.rows - 1)
        return self._owner[self.rows - 1 - from_bottom][column]

    def columns_starting(self, row: int) -> list[int]:
        """Columns that print something in this row: cells that begin here, and (empty) those that come from above."""
        return [column for column in range(self._columns) if self._owner[row][column][1] == column]

    def row_box(self, row: int) -> tuple[float, float, float, float]:
        return self._xs[0], self._ys[self.rows - 1 - row], self._xs[-1], self._ys[self.rows - row]

    def _merge(self, horizontals: Sequence[_Segment], verticals: Sequence[_Segment]) -> None:
        for row in range(self.rows):
            _, bottom, _, top = self.row_box(row)
            for column in range(self._columns):
                left, right = self._xs[column], self._xs[column + 1]
                if column and not _separated(verticals, left, (bottom + top) / 2):
                    self._owner[row][column] = self._owner[row][column - 1]
                elif row and not _separated(horizontals, top, (left + right) / 2):
                    self._owner[row][column] = self._owner[row - 1][column]


def find_tables(rules: Sequence[Rule]) -> list[Table]:
    """Groups of touching rules that make at least two columns."""
    if len(rules) > _MAX_DRAWN:
        return []
    horizontals = _joined(
        [_Segment((rule.bottom + rule.top) / 2, rule.left, rule.right) for rule in rules if rule.horizontal]
    )
    verticals = _joined(
        [_Segment((rule.left + rule.right) / 2, rule.bottom, rule.top) for rule in rules if not rule.horizontal]
    )
    if len(verticals) < 1 or len(horizontals) < 2 or len(horizontals) + len(verticals) > _MAX_RULES:
        return []
    tables = [Table(*group) for group in _touching(horizontals, verticals)]
    return [table for table in tables if table.is_table]


def _joined(segments: list[_Segment]) -> list[_Segment]:
    """Cell borders drawn one by one become the long rules they are."""
    joined: list[_Segment] = []
    open_rules: list[_Segment] = []
    for segment in sorted(segments):
        open_rules = [rule for rule in open_rules if segment.at - rule.at <= _TOUCH]
        for index, rule in enumerate(open_rules):
            if segment.start <= rule.end + _TOUCH and rule.start <= segment.end + _TOUCH:
                merged = _Segment(rule.at, min(rule.start, segment.start), max(rule.end, segment.end))
                joined[joined.index(rule)] = open_rules[index] = merged
                break
        else:
            joined.append(segment)
            open_rules.append(segment)
    return joined


def _touching(horizontals: list[_Segment], verticals: list[_Segment]) -> list[tuple[list[_Segment], list[_Segment]]]:
    """Connected groups: rules that cross or meet belong to one table."""
    groups: list[tuple[list[_Segment], list[_Segment]]] = []
    for vertical in verticals:
        crossing = [rule for rule in horizontals if _cross(rule, vertical)]
        met = [group for group in groups if any(rule in group[0] for rule in crossing)]
        across = crossing + [rule for group in met for rule in group[0] if rule not in crossing]
        groups = [group for group in groups if group not in met]
        groups.append((across, [vertical, *(rule for group in met for rule in group[1])]))
    return [group for group in groups if len(group[0]) >= 2]


def _cross(horizontal: _Segment, vertical: _Segment) -> bool:
    return (
        horizontal.start - _TOUCH <= vertical.at <= horizontal.end + _TOUCH
        and vertical.start - _TOUCH <= horizontal.at <= vertical.end + _TOUCH
    )


def _positions(rules: list[float], ends: list[float]) -> list[float]:
    """Where cells may begin and end: at each rule, and at the outer ends of tables that are open at the sides."""
    edges = sorted([*rules, min(ends), max(ends)])
    kept = edges[:1]
    for edge in edges[1:]:
        if edge - kept[-1] > _TOUCH:
            kept.append(edge)
    return kept


def _separated(rules: Sequence[_Segment], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= _TOUCH and rule.start <= across <= rule.end for rule in rules)
