"""Tables: the lines drawn on a page → a grid of cells. Tables without vertical rules (三线表) get their columns from the
gaps in the text; tables without any rules are left as text lines.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Points. Rules closer than this are one rule drawn twice; an end closer than this to a rule meets it.
_TOUCH, _MEET = 3.0, 5.0
# Points: what is thinner is a rule, what is shorter is an ornament.
_RULE_WIDTH, _RULE_LENGTH = 2.5, 6.0
# More strokes than this are a drawing, more long rules a chart.
_MAX_DRAWN = 5000
_MAX_RULES = 400
_MAX_CELLS = 5000
# Tables without vertical rules: the share of the lines that have several cells, and heights of type between two cells.
_TABULAR, _GAP = 0.6, 0.6
_Box = tuple[float, float, float, float]


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
    """A grid; rows are counted from the top, columns from the left. Cells without a rule between them are one cell.

    ``is_open``: its columns were found by the gaps in the text.
    """

    def __init__(self, horizontals: Sequence[_Segment], verticals: Sequence[_Segment], is_open: bool = False) -> None:
        self.is_open = is_open
        self._xs = _positions([rule.at for rule in verticals], [end for rule in horizontals for end in rule[1:]])
        self._ys = _positions([rule.at for rule in horizontals], [end for rule in verticals for end in rule[1:]])
        self.rows, self.columns = len(self._ys) - 1, len(self._xs) - 1
        self._owner = [[(row, column) for column in range(self.columns)] for row in range(self.rows)]
        if self.is_table:
            self._merge(horizontals, verticals)

    @property
    def is_table(self) -> bool:
        return self.rows >= 1 and self.columns >= 2 and self.rows * self.columns <= _MAX_CELLS

    @property
    def top(self) -> float:
        return self._ys[-1]

    @property
    def right(self) -> float:
        return self._xs[-1]

    def left(self, column: int) -> float:
        """Where a column begins."""
        return self._xs[column]

    @property
    def box(self) -> _Box:
        """Left, bottom, right, top."""
        return self._xs[0], self._ys[0], self._xs[-1], self._ys[-1]

    def contains(self, x: float, y: float) -> bool:
        left, bottom, right, top = self.box
        return left <= x <= right and bottom <= y <= top

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Row and column where the cell that holds this point begins."""
        column = min(max(bisect.bisect(self._xs, x) - 1, 0), self.columns - 1)
        from_bottom = min(max(bisect.bisect(self._ys, y) - 1, 0), self.rows - 1)
        return self._owner[self.rows - 1 - from_bottom][column]

    def columns_starting(self, row: int) -> list[int]:
        """Columns that print something in this row: cells that begin here, and (empty) those that come from above."""
        return [column for column in range(self.columns) if self._owner[row][column][1] == column]

    def places(self) -> list[int]:
        """For each column its place in the printed row: columns of which no row prints two are one, drawn unevenly."""
        rows = [set(self.columns_starting(row)) for row in range(self.rows)]
        places: list[int] = []
        joined: set[int] = set()
        for column in range(self.columns):
            if not joined or any(column in row and not joined.isdisjoint(row) for row in rows):
                joined = set()
                places.append(places[-1] + 1 if places else 0)
            else:
                places.append(places[-1])
            joined.add(column)
        return places

    def row_box(self, row: int) -> tuple[float, float, float, float]:
        return self._xs[0], self._ys[self.rows - 1 - row], self._xs[-1], self._ys[self.rows - row]

    def _merge(self, horizontals: Sequence[_Segment], verticals: Sequence[_Segment]) -> None:
        upright = [_at(verticals, left) for left in self._xs]
        for row in range(self.rows):
            _, bottom, _, top = self.row_box(row)
            level = _at(horizontals, top)
            for column in range(self.columns):
                left, right = self._xs[column], self._xs[column + 1]
                if column and not _separated(upright[column], (bottom + top) / 2):
                    self._owner[row][column] = self._owner[row][column - 1]
                elif row and not _separated(level, (left + right) / 2):
                    self._owner[row][column] = self._owner[row - 1][column]


def find_tables(rules: Sequence[Rule]) -> list[Table]:
    """Groups of touching rules that make at least two columns."""
    horizontals, verticals = _segments(rules)
    if len(verticals) < 1 or len(horizontals) < 2 or len(horizontals) + len(verticals) > _MAX_RULES:
        return []
    tables = [Table(*group) for group in _touching(horizontals, verticals)]
    return [table for table in tables if table.is_table]


def find_open_tables(rules: Sequence[Rule], texts: Sequence[_Box], ruled: Sequence[Table]) -> list[Table]:
    """Tables between horizontal rules of the same length, without vertical ones. ``texts``: boxes of the runs of
    characters outside the ruled tables. Only where at least three lines of text leave the same gaps.
    """
    if len(rules) < 3:
        return []
    horizontals, _ = _segments(rules)
    free = [
        rule for rule in horizontals if not any(table.contains((rule.start + rule.end) / 2, rule.at) for table in ruled)
    ]
    tables = []
    for group in _alike(free):
        fields: list[tuple[_Segment, _Segment, list[_Box]]] = []
        for upper, lower in zip(group[::-1], group[-2::-1], strict=False):
            inside = [box for box in texts if lower.at < (box[1] + box[3]) / 2 < upper.at]
            if _is_tabular(inside):
                fields.append((upper, lower, inside))
                continue
            tables.extend(_open_table(fields))
            fields = []
        tables.extend(_open_table(fields))
    return tables


def _segments(rules: Sequence[Rule]) -> tuple[list[_Segment], list[_Segment]]:
    """Horizontal and vertical rules; none where so much is drawn that it is a picture."""
    if len(rules) > _MAX_DRAWN:
        return [], []
    across = [_Segment((rule.bottom + rule.top) / 2, rule.left, rule.right) for rule in rules if rule.horizontal]
    upright = [_Segment((rule.left + rule.right) / 2, rule.bottom, rule.top) for rule in rules if not rule.horizontal]
    return _joined(across), _joined(upright)


def _alike(rules: Sequence[_Segment]) -> list[list[_Segment]]:
    """Three rules or more that begin and end at the same x, from below."""
    groups: list[list[_Segment]] = []
    for rule in sorted(rules):
        group = next(
            (
                some
                for some in groups
                if max(abs(some[0].start - rule.start), abs(some[0].end - rule.end)) <= 2 * _TOUCH
            ),
            None,
        )
        if group:
            group.append(rule)
        else:
            groups.append([rule])
    return [group for group in groups if 3 <= len(group) <= _MAX_RULES]


def _levels(texts: Sequence[_Box]) -> list[list[_Box]]:
    """Runs on one base line."""
    levels: list[list[_Box]] = []
    for box in sorted(texts, key=lambda box: -(box[1] + box[3])):
        middle = (box[1] + box[3]) / 2
        if levels and levels[-1][0][1] < middle:
            levels[-1].append(box)
        else:
            levels.append([box])
    return levels


def _is_tabular(texts: Sequence[_Box]) -> bool:
    levels = _levels(texts)
    return bool(levels) and sum(len(level) > 1 for level in levels) >= _TABULAR * len(levels)


def _open_table(fields: Sequence[tuple[_Segment, _Segment, list[_Box]]]) -> list[Table]:
    """The table made of neighbouring fields: heading and body, each between two rules."""
    if len(fields) < 2 or sum(len(_levels(texts)) for _, _, texts in fields) < 3:
        return []
    body = [box for _, _, texts in fields[1:] for box in texts]
    gaps = _gaps(body)
    if not gaps:
        return []
    (top, _, head), (_, bottom, _) = fields[0], fields[-1]
    horizontals = [upper for upper, _, _ in fields] + [bottom]
    # A heading over several columns: its lines are rows, and it has no rule where it runs over a gap.
    heads = _levels(head)
    crossing = [[x for x in gaps if any(box[0] < x < box[2] for box in level)] for level in heads]
    bounds = [top.at, *((upper[0][1] + lower[0][3]) / 2 for upper, lower in itertools.pairwise(heads))]
    if not any(crossing):
        bounds, crossing = bounds[:1], [[]]
    horizontals += [_Segment(at, top.start, top.end) for at in bounds[1:]]
    lowest = fields[0][1].at
    verticals = [_Segment(x, bottom.at, top.at) for x in (top.start, top.end)]
    verticals += [_Segment(x, bottom.at, lowest) for x in gaps]
    for upper, lower, crossed in zip(bounds, [*bounds[1:], lowest], crossing, strict=True):
        verticals += [_Segment(x, lower, upper) for x in gaps if x not in crossed]
    table = Table(horizontals, verticals, is_open=True)
    return [table] if table.is_table else []


def _gaps(texts: Sequence[_Box]) -> list[float]:
    """The middle of each gap that every line leaves."""
    narrow = _GAP * sorted(box[3] - box[1] for box in texts)[len(texts) // 2]
    gaps, reach = [], None
    for left, _, right, _ in sorted(texts):
        if reach is not None and left - reach >= narrow:
            gaps.append((reach + left) / 2)
        reach = right if reach is None else max(reach, right)
    return gaps


def _joined(segments: list[_Segment]) -> list[_Segment]:
    """Cell borders drawn one by one become the long rules they are."""
    joined: list[_Segment] = []
    open_rules: list[_Segment] = []
    for segment in sorted(segments):
        open_rules = [rule for rule in open_rules if segment.at - rule.at <= _TOUCH]
        for index, rule in enumerate(open_rules):
            if segment.start <= rule.end + _MEET and rule.start <= segment.end + _MEET:
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
        horizontal.start - _MEET <= vertical.at <= horizontal.end + _MEET
        and vertical.start - _MEET <= horizontal.at <= vertical.end + _MEET
    )


def _positions(rules: list[float], ends: list[float]) -> list[float]:
    """Where cells may begin and end: at each rule, and at the outer ends of tables that are open at the sides."""
    edges = sorted(rules)
    edges = [end for end in (min(ends),) if end < edges[0] - _MEET] + edges
    edges += [end for end in (max(ends),) if end > edges[-1] + _MEET]
    kept = edges[:1]
    for edge in edges[1:]:
        if edge - kept[-1] > _TOUCH:
            kept.append(edge)
    return kept


def _at(rules: Sequence[_Segment], at: float) -> list[_Segment]:
    return [rule for rule in rules if abs(rule.at - at) <= _TOUCH]


def _separated(rules: Sequence[_Segment], across: float) -> bool:
    return any(start <= across <= end for _, start, end in rules)
