"""Where the files and relations of a lineage stand in the picture: rows by level, columns by year.

Files are boxes in a grid of slots. A relation leaves its file through a label above it, runs along a channel above the row of
slots, then in a gutter beside the file that it names, and enters that file from the side. So no line passes behind a box, and
those to the same file share a lane. Everything follows from the graph: the same graph gives the same picture.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from ingest.document import LEVEL_NAMES, RELATION_NAMES, Relation
from qa.render.svg import width

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.framework.graph import Edge, Graph, Node

BOX_WIDTH, BOX_HEIGHT = 200, 60
LABEL_HEIGHT, LABEL_GAP, LABEL_SIZE = 16, 4, 11
LANE = 5  # from line to line
LEFT, HEADER, MARGIN = 82, 40, 16
DEEP = 6  # files of a level and a year below each other, before they are put side by side
SWEEPS = 6

LEVELS: tuple[str, ...] = (*LEVEL_NAMES, "")  # "": 级别未标明
UNKNOWN_LEVEL, UNKNOWN_YEAR, MENTION = "级别未标明", "年份未标明", "提及"

Style = str
STYLES: dict[Style, tuple[Relation | None, ...]] = {
    "rests": ("implements", "based_on", "coordinates", "forwards", "issues", "details"),
    "changes": ("amends", "extends", "partially_repeals"),
    "ends": ("repeals", "supersedes"),
    "names": ("references", "interprets", None),
}
STYLE_OF: dict[Relation | None, Style] = {relation: style for style, of in STYLES.items() for relation in of}


@dataclass(frozen=True, slots=True)
class Box:
    """A file and its left upper corner."""

    node: Node
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Label:
    """The word of a relation above the file that names another, and the line from there: corners of right angles."""

    edge: Edge
    x: int
    y: int
    width: int
    line: tuple[tuple[int, int], ...]

    @property
    def style(self) -> Style:
        return STYLE_OF[self.edge.relation]


@dataclass(frozen=True, slots=True)
class Band:
    """A level or a year: its name and where it begins and ends."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """``boxes`` from the highest level down, in a level from the oldest year on."""

    width: int
    height: int
    levels: tuple[Band, ...]
    years: tuple[Band, ...]
    boxes: tuple[Box, ...]
    labels: Mapping[str, tuple[Label, ...]]


@dataclass(frozen=True, slots=True)
class _Slot:
    """Row of slots and column of slots, both counted over the whole picture."""

    row: int
    column: int


_Cell = tuple[str, int | None]
# What shares a lane: the file that is named, and how its line is drawn.
_Lane = tuple[str, Style]


def relation_name(relation: Relation | None) -> str:
    """The word on the label."""
    return RELATION_NAMES[relation] if relation else MENTION


def drawn(graph: Graph) -> tuple[Edge, ...]:
    """The relations of the picture: a mere mention says nothing where another relation of the two files is drawn."""
    related = {(edge.source, edge.target) for edge in graph.edges if edge.relation}
    return tuple(edge for edge in graph.edges if edge.relation or (edge.source, edge.target) not in related)


def layout(graph: Graph) -> Layout:
    """Places files, labels and lines."""
    edges = drawn(graph)
    grid = _Grid(graph.nodes, edges)
    slots = grid.slots
    outgoing: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        outgoing[edge.source].append(edge)
    for own in outgoing.values():
        own.sort(key=lambda edge: (slots[edge.target].column, slots[edge.target].row, edge.target, str(edge.relation)))
    return _Drawing(grid, outgoing).layout()


class _Grid:
    """Which file has which slot."""

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
        cells: dict[_Cell, list[str]] = defaultdict(list)
        for node in sorted(nodes, key=lambda node: (not node.held, node.number or "", node.id)):
            cells[node.level or "", node.year].append(node.id)
        self.nodes = {node.id: node for node in nodes}
        self.levels = [level for level in LEVELS if any(cell[0] == level for cell in cells)]
        known = sorted({year for _, year in cells if year is not None})
        self.years: list[int | None] = [*known, *([None] if any(year is None for _, year in cells) else [])]
        self.abreast = {
            year: max(math.ceil(len(ids) / DEEP) for (_, other), ids in cells.items() if other == year)
            for year in self.years
        }
        self.rows = {
            level: max(
                math.ceil(len(ids) / self.abreast[year]) for (other, year), ids in cells.items() if other == level
            )
            for level in self.levels
        }
        self.first_column = dict(
            zip(self.years, accumulate((self.abreast[y] for y in self.years), initial=0), strict=False)
        )
        self.first_row = dict(
            zip(self.levels, accumulate((self.rows[v] for v in self.levels), initial=0), strict=False)
        )
        self.slots = self._uncrossed(cells, edges)

    def _uncrossed(self, cells: Mapping[_Cell, list[str]], edges: Sequence[Edge]) -> dict[str, _Slot]:
        """Slots in which the lines cross least, of some rounds of putting each file near the mean of its neighbours."""
        near: dict[str, list[str]] = defaultdict(list)
        for edge in edges:
            near[edge.source].append(edge.target)
            near[edge.target].append(edge.source)
        best = slots = self._placed(cells)
        fewest = crossings(slots, edges)
        for _ in range(SWEEPS):
            order = {
                cell: sorted(
                    ids, key=lambda id_, now=slots: (_mean(now, id_, near[id_]), now[id_].row, now[id_].column)
                )
                for cell, ids in cells.items()
            }
            slots = self._placed(order)
            count = crossings(slots, edges)
            if count < fewest:
                best, fewest = slots, count
        return best

    def _placed(self, cells: Mapping[_Cell, Sequence[str]]) -> dict[str, _Slot]:
        return {
            id_: _Slot(
                self.first_row[level] + at // self.abreast[year], self.first_column[year] + at % self.abreast[year]
            )
            for (level, year), ids in cells.items()
            for at, id_ in enumerate(ids)
        }


def _mean(slots: Mapping[str, _Slot], id_: str, near: Sequence[str]) -> float:
    rows = [slots[other].row for other in near] or [slots[id_].row]
    return sum(rows) / len(rows)


def crossings(slots: Mapping[str, _Slot], edges: Iterable[Edge]) -> int:
    """How often the lines cross: runs above the rows with runs beside the columns, those to the same file counted once."""
    across: dict[tuple[int, _Lane], list[float]] = defaultdict(list)
    along: dict[tuple[float, _Lane], list[float]] = defaultdict(list)
    for edge in edges:
        source, target = slots[edge.source], slots[edge.target]
        lane, side = (edge.target, STYLE_OF[edge.relation]), _side(source, target)
        gutter = target.column + 0.5 * side
        across[source.row, lane] += [source.column, gutter]
        along[gutter, lane] += [source.row - 0.5, target.row]
    upright = sorted((gutter, min(rows), max(rows), lane) for (gutter, lane), rows in along.items())
    gutters = [gutter for gutter, *_ in upright]
    count = 0
    for (row, lane), columns in across.items():
        between = upright[bisect_right(gutters, min(columns)) : bisect_left(gutters, max(columns))]
        count += sum(top < row - 0.5 < end and other != lane for _, top, end, other in between)
    return count


def _side(source: _Slot, target: _Slot) -> int:
    """On which side of the file that is named the line runs: that of the file that names it."""
    return -1 if source.column < target.column else 1


class _Lanes:
    """Lanes of the channels and gutters: what overlaps lies side by side, the shorter nearer to the files."""

    def __init__(self) -> None:
        self._runs: dict[tuple[object, _Lane], list[float]] = defaultdict(list)
        self.number: dict[tuple[object, _Lane], int] = {}
        self.count: dict[object, int] = defaultdict(int)

    def add(self, place: object, lane: _Lane, *ends: float) -> None:
        self._runs[place, lane] += ends

    def assign(self) -> None:
        taken: dict[tuple[object, int], list[tuple[float, float]]] = defaultdict(list)
        runs = [
            (max(ends) - min(ends), place, lane, min(ends), max(ends)) for (place, lane), ends in self._runs.items()
        ]
        for _, place, lane, start, end in sorted(runs, key=lambda run: (run[0], str(run[1]), run[2], run[3])):
            number = 0
            while any(start <= b and a <= end for a, b in taken[place, number]):
                number += 1
            taken[place, number].append((start, end))
            self.number[place, lane] = number
            self.count[place] = max(self.count[place], number + 1)


class _Drawing:
    """Turns slots into pixels, once it is known how many lines run between them."""

    def __init__(self, grid: _Grid, outgoing: Mapping[str, Sequence[Edge]]) -> None:
        self.grid = grid
        self.outgoing = outgoing
        self.labels = {id_: _label_rows(edges) for id_, edges in outgoing.items()}
        self.channels, self.gutters = _Lanes(), _Lanes()
        self.entries: dict[tuple[str, int], list[Style]] = defaultdict(list)
        for edge in (edge for edges in outgoing.values() for edge in edges):
            source, target = grid.slots[edge.source], grid.slots[edge.target]
            side, lane = _side(source, target), (edge.target, STYLE_OF[edge.relation])
            self.channels.add(source.row, lane, source.column, target.column + 0.5 * side)
            self.gutters.add((target.column, side), lane, source.row - 0.5, target.row)
            if lane[1] not in self.entries[edge.target, side]:
                self.entries[edge.target, side].append(lane[1])
        self.channels.assign()
        self.gutters.assign()
        self.deep: dict[int, int] = defaultdict(int)  # lines of labels above a row of slots
        for id_, labels in self.labels.items():
            row = grid.slots[id_].row
            self.deep[row] = max(self.deep[row], 1 + max(line for _, line, _ in labels))
        self.x, self.right = self._columns()
        self.y, self.bottom = self._rows()

    def _columns(self) -> tuple[list[int], int]:
        """Left sides of the boxes of each column of slots, and where the last gutter ends."""
        xs, x = [], LEFT
        firsts = set(self.grid.first_column.values())
        for column in range(sum(self.grid.abreast.values())):
            x += (12 if column in firsts else 4) + self._gutter(column, -1)
            xs.append(x)
            x += BOX_WIDTH + self._gutter(column, 1)
        return xs, x + MARGIN

    def _gutter(self, column: int, side: int) -> int:
        return LANE * self.gutters.count[column, side] + 10

    def _rows(self) -> tuple[list[int], int]:
        """Upper sides of the boxes of each row of slots, and where the last one ends."""
        ys, y = [], HEADER
        firsts = set(self.grid.first_row.values())
        for row in range(sum(self.grid.rows.values())):
            y += (14 if row in firsts else 6) + LANE * (self.channels.count[row] + 1)
            y += self.deep[row] * (LABEL_HEIGHT + 2) + 2
            ys.append(y)
            y += BOX_HEIGHT
        return ys, y + MARGIN

    def layout(self) -> Layout:
        slots = self.grid.slots
        boxes = [
            Box(node, self.x[slots[node.id].column], self.y[slots[node.id].row]) for node in self.grid.nodes.values()
        ]
        rank = {level: at for at, level in enumerate(LEVELS)}
        boxes.sort(key=lambda box: (rank[box.node.level or ""], slots[box.node.id].column, slots[box.node.id].row))
        corners = {box.node.id: (box.x, box.y) for box in boxes}
        return Layout(
            width=self.right,
            height=self.bottom,
            levels=tuple(self._level_bands()),
            years=tuple(self._year_bands()),
            boxes=tuple(boxes),
            labels={id_: tuple(self._labels(id_, corners)) for id_ in self.outgoing},
        )

    def _level_bands(self) -> Iterable[Band]:
        tops = [HEADER, *(self.y[self.grid.first_row[level] - 1] + BOX_HEIGHT + 7 for level in self.grid.levels[1:])]
        for level, top, end in zip(self.grid.levels, tops, [*tops[1:], self.bottom], strict=True):
            yield Band(LEVEL_NAMES.get(level, UNKNOWN_LEVEL), top, end)

    def _year_bands(self) -> Iterable[Band]:
        first = self.grid.first_column
        lefts = [self.x[first[year]] - self._gutter(first[year], -1) - 6 for year in self.grid.years]
        for year, left, end in zip(self.grid.years, lefts, [*lefts[1:], self.right], strict=True):
            yield Band(UNKNOWN_YEAR if year is None else f"{year}年", left, end)

    def _labels(self, id_: str, corners: Mapping[str, tuple[int, int]]) -> Iterable[Label]:
        left, top = corners[id_]
        rows = 1 + max(line for _, line, _ in self.labels[id_])
        for edge, (x, line, breadth) in zip(self.outgoing[id_], self.labels[id_], strict=True):
            y = top - (rows - line) * (LABEL_HEIGHT + 2)
            yield Label(edge, left + x, y, breadth, self._line(edge, left + x + breadth // 2, y, corners))

    def _line(self, edge: Edge, x: int, y: int, corners: Mapping[str, tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        source, target = self.grid.slots[edge.source], self.grid.slots[edge.target]
        side, lane = _side(source, target), (edge.target, STYLE_OF[edge.relation])
        across = self._channel_floor(source.row) - LANE * self.channels.number[source.row, lane]
        left, top = corners[edge.target]
        away = 10 + LANE * self.gutters.number[(target.column, side), lane]
        gutter = left - away if side < 0 else left + BOX_WIDTH + away
        enters = top + 14 + 11 * self.entries[edge.target, side].index(lane[1])
        edge_x = left if side < 0 else left + BOX_WIDTH
        return (x, y), (x, across), (gutter, across), (gutter, enters), (edge_x, enters)

    def _channel_floor(self, row: int) -> int:
        return self.y[row] - self.deep[row] * (LABEL_HEIGHT + 2) - 2 - LANE


def _label_rows(edges: Sequence[Edge]) -> list[tuple[int, int, int]]:
    """For each label its distance from the box's left side, its line (from 0, the uppermost), its width."""
    found, x, line = [], 0, 0
    for edge in edges:
        breadth = math.ceil(width(relation_name(edge.relation), LABEL_SIZE)) + 10
        if x and x + breadth > BOX_WIDTH:
            x, line = 0, line + 1
        found.append((x, line, breadth))
        x += breadth + LABEL_GAP
    return found
