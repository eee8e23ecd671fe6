"""A policy set on paper by GB/T 9704-2012, line by line: what PDF, OFD and pictures are drawn from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.hard_documents.truth import CHAPTER, Block, Policy, Row

WIDTH, HEIGHT = 595.3, 841.9
LEFT, RIGHT, TOP, BOTTOM = 79.4, 521.6, 737.0, 99.0
SIZE, LEADING = 16.0, 28.0
CELL, CELL_LEADING, PADDING = 12.0, 17.0, 4.0

Colour = Literal["black", "red", "white", "grey"]
Measure = Callable[[str, float], float]

_TOKEN = re.compile(r"[A-Za-z0-9.,%+/\-]+|.")
_NOT_FIRST = "，。、；：！？）》〉”〕％…—"
_NOT_LAST = "（《〈“〔"


@dataclass(frozen=True, slots=True)
class Ink:
    """Text on its base line, in points from the lower left corner; ``spread``: room added behind each character."""

    text: str
    x: float
    y: float
    size: float = SIZE
    colour: Colour = "black"
    spread: float = 0.0


@dataclass(slots=True)
class Sheet:
    """One page. ``rules``: x, y of both ends, black or red. ``sealed``: centre of a seal."""

    inks: list[Ink] = field(default_factory=list)
    rules: list[tuple[float, float, float, float, Colour]] = field(default_factory=list)
    sealed: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """What differs from one office's program to the next."""

    justified: bool
    splits_rows: bool
    repeats_header: bool
    new_page: bool
    running_head: bool
    outer_page_numbers: bool
    head_drawn_last: bool

    @classmethod
    def of(cls, rng: Random) -> Habits:
        return cls(*(rng.random() < share for share in (0.5, 0.5, 0.7, 0.7, 0.3, 0.5, 0.3)))


def lay_out(policy: Policy, measure: Measure, habits: Habits) -> list[Sheet]:
    """Pages of the policy; ``measure``: width of a text in a size."""
    press = _Press(policy, measure, habits)
    for block in policy.blocks:
        press.write(block)
    press.finish()
    return press.sheets


class _Press:
    def __init__(self, policy: Policy, measure: Measure, habits: Habits) -> None:
        self.policy, self.measure, self.habits = policy, measure, habits
        self.sheets = [Sheet()]
        self.y = TOP
        self.number_y: float | None = None

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def turn(self) -> None:
        self.sheets.append(Sheet())
        self.y = TOP

    def write(self, block: Block) -> None:
        if block.role == "table":
            self._table(block.rows)
        elif block.role == "body" and block.level != CHAPTER:
            self._paragraph(block.printed, 2 * SIZE)
        elif block.role in ("mark", "title", "attached", "annex", "signature", "printed", "annexes"):
            getattr(self, f"_{block.role}")(block)
        else:
            self._single(block)

    def finish(self) -> None:
        for number, sheet in enumerate(self.sheets, 1):
            x = (WIDTH - 50) / 2
            if self.habits.outer_page_numbers:
                x = RIGHT - 64 if number % 2 else LEFT + 16
            sheet.inks.append(Ink(f"— {number} —", x, 62, 14))
            if self.habits.running_head:
                sheet.inks.insert(0, Ink(f"澜江省人民政府公报　{self.policy.seed % 12 + 1}", LEFT, TOP + 46, 10.5))
        first = self.sheets[0]
        if self.habits.head_drawn_last:
            heads = [ink for ink in first.inks if ink.colour == "red"]
            first.inks = [ink for ink in first.inks if ink.colour != "red"] + heads

    def _put(self, text: str, x: float, size: float = SIZE, colour: Colour = "black", spread: float = 0.0) -> None:
        self.sheet.inks.append(Ink(text, x, self.y, size, colour, spread))

    def _room(self, needed: float = LEADING) -> None:
        if self.y - needed < BOTTOM - LEADING:
            self.turn()

    def _centred(self, line: str, size: float, colour: Colour = "black") -> None:
        self._room()
        self._put(line, (WIDTH - self.measure(line, size)) / 2, size, colour)
        self.y -= size * 1.6

    def _right(self, text: str, indent: float) -> None:
        self._put(text, RIGHT - indent - self.measure(text, SIZE), SIZE)

    def _paragraph(self, text: str, indent: float) -> None:
        lines = list(broken(text, RIGHT - LEFT, indent, SIZE, self.measure))
        for number, line in enumerate(lines):
            self._room()
            x = LEFT + (0 if number else indent)
            spread = 0.0
            if self.habits.justified and number + 1 < len(lines) and len(line) > 1:
                spread = (RIGHT - x - self.measure(line, SIZE)) / (len(line) - 1)
            self._put(line, x, spread=spread)
            self.y -= LEADING

    def _mark(self, block: Block) -> None:
        self.y -= 20
        for line in block.lines:
            size = min(36.0, (RIGHT - LEFT) / len(line))
            self._centred(line, size, "red")
        self.y -= 10

    def _title(self, block: Block) -> None:
        self.y -= 14
        for line in block.lines:
            self._centred(line, 22)
        self.y -= 14

    def _attached(self, block: Block) -> None:
        if self.habits.new_page:
            self.turn()
        else:
            self.y -= LEADING
        self._title(block)

    def _annex(self, block: Block) -> None:
        if self.habits.new_page or self.y < 300:
            self.turn()
        else:
            self.y -= LEADING
        self._put(block.lines[0], LEFT)
        self.y -= 2 * LEADING
        self._centred(block.lines[1], 22)
        self.y -= 10

    def _annexes(self, block: Block) -> None:
        self.y -= LEADING
        for number, line in enumerate(block.lines):
            self._paragraph(line, SIZE * (5 if number else 2))

    def _signature(self, block: Block) -> None:
        names = block.lines or (block.text,)
        if self.y < BOTTOM + 5 * LEADING:
            self.turn()
        self.y -= LEADING
        for index in range(0, len(names), 2):
            pair = names[index : index + 2]
            if len(names) == 1:
                self._right(pair[0], 4 * SIZE)
            for name, x in zip(pair, (LEFT + 16, (LEFT + RIGHT) / 2 + 16), strict=False):
                if len(names) > 1:
                    size = min(SIZE, (RIGHT - LEFT) / 2 / (len(name) + 1))
                    self._put(name, x, size)
            self.y -= LEADING

    def _printed(self, block: Block) -> None:
        self._rule()
        self._put(block.lines[0], LEFT + 14, 14)
        self._put(block.lines[1], RIGHT - 14 - self.measure(block.lines[1], 14), 14)
        self.y -= LEADING
        self._rule()

    def _rule(self, colour: Colour = "black") -> None:
        self.sheet.rules.append((LEFT, self.y + 20, RIGHT, self.y + 20, colour))

    def _single(self, block: Block) -> None:
        self._room()
        if block.role == "number":
            self._number(block)
            return
        if block.role == "signer":
            self.sheet.inks.append(
                Ink(block.text, RIGHT - 16 - self.measure(block.text, SIZE), self.number_y or self.y)
            )
            return
        if block.role == "date":
            self.sheet.sealed = (RIGHT - 120, self.y + 14)
            self._right(block.text, 4 * SIZE)
        elif block.level == CHAPTER:
            self._centred(block.printed, SIZE)
            return
        elif block.role == "copies":
            self.y -= LEADING
            self._rule()
            self._paragraph(block.text, 14)
            return
        else:
            self._paragraph(block.printed, {"note": 2 * SIZE}.get(block.role, 0))
            return
        self.y -= LEADING

    def _number(self, block: Block) -> None:
        self.number_y = self.y
        signed = any(other.role == "signer" for other in self.policy.blocks)
        if signed:
            self._put(block.text, LEFT + SIZE)
        elif self.policy.form == "letter":
            self._right(block.text, 0)
        else:
            self._put(block.text, (WIDTH - self.measure(block.text, SIZE)) / 2)
        self.y -= LEADING
        if self.policy.form != "guide":
            self._rule("red")
        self.y -= 10

    def _table(self, rows: Sequence[Row]) -> None:
        Grid(self, rows).draw()
        self.y -= LEADING - 6


class Grid:
    """A ruled table that may run over pages."""

    def __init__(self, press: _Press, rows: Sequence[Row]) -> None:
        self.press, self.rows = press, rows
        longest = [max(min(len(row.cells[c]), 22) for row in rows) + 2 for c in range(len(rows[0].cells))]
        total = RIGHT - LEFT
        self.xs = [LEFT + total * sum(longest[:c]) / sum(longest) for c in range(len(longest) + 1)]

    def draw(self) -> None:
        """Each row; one that does not fit is moved or split, with the header again on top."""
        press = self.press
        press.y += LEADING - 10
        start = press.y
        for number, row in enumerate(self.rows):
            cells = [[] if column in row.carried else self._lines(row, column) for column in range(len(row.cells))]
            height = self._height(cells)
            room = press.y - BOTTOM
            if height > room:
                fits = int((room - 2 * PADDING) // CELL_LEADING)
                if press.habits.splits_rows and fits >= 1 and height > self._height([["", ""]]):
                    self._row([lines[:fits] for lines in cells], row.carried)
                    cells = [lines[fits:] for lines in cells]
                self._close(start)
                press.turn()
                press.y += 20
                start = press.y
                if press.habits.repeats_header and number:
                    self._row([self._lines(self.rows[0], c) for c in range(len(row.cells))], frozenset())
                    self._row(cells, frozenset())
                else:
                    self._row(cells, frozenset())
                continue
            self._row(cells, row.carried)
        self._close(start)

    def _lines(self, row: Row, column: int) -> list[str]:
        room = self.xs[column + 1] - self.xs[column] - 2 * PADDING
        return list(broken(row.cells[column], room, 0, CELL, self.press.measure))

    def _height(self, cells: Sequence[Sequence[str]]) -> float:
        return max(1, *(len(lines) for lines in cells)) * CELL_LEADING + 2 * PADDING

    def _row(self, cells: Sequence[Sequence[str]], carried: frozenset[int]) -> None:
        press, sheet = self.press, self.press.sheet
        height = self._height(cells)
        for column, lines in enumerate(cells):
            left, right = self.xs[column], self.xs[column + 1]
            if column not in carried:
                sheet.rules.append((left, press.y, right, press.y, "black"))
            top = press.y - PADDING - CELL
            for index, line in enumerate(lines):
                sheet.inks.append(Ink(line, left + PADDING, top - index * CELL_LEADING, CELL))
        press.y -= height

    def _close(self, start: float) -> None:
        press = self.press
        press.sheet.rules.append((LEFT, press.y, RIGHT, press.y, "black"))
        press.sheet.rules += [(x, start, x, press.y, "black") for x in self.xs]


def broken(text: str, width: float, indent: float, size: float, measure: Measure) -> Iterator[str]:
    """Lines of a paragraph. Words of letters and digits stay whole, closing marks do not begin a line."""
    room, line = width - indent, list[str]()
    for token in _TOKEN.findall(text):
        if not line or measure("".join(line) + token, size) <= room + 0.01:
            line.append(token)
            continue
        rest = [token]
        while len(line) > 1 and (rest[0][0] in _NOT_FIRST or line[-1] in _NOT_LAST):
            rest.insert(0, line.pop())
        yield "".join(line)
        line, room = rest, width
    yield "".join(line)
