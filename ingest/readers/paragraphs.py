"""Printed lines → paragraphs: page furniture removed, broken lines joined, also across columns and pages."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.normalize import tidy
from ingest.readers.continued import joined_tables
from ingest.readers.furniture import without_furniture
from ingest.readers.printed import Line, PrintedPage, parted_words, unbreakable

__all__ = ["Line", "Paragraphs", "PrintedPage", "paragraphs"]

# A printed number that opens a paragraph, with or without indent.
_MARKER = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[条章节编款]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
    r"|[（(]\d{1,2}[）)]|[①-⑳]|附件\s*\d*\s*[：:]?|附表|表\s*\d|抄送[：:]|\d{1,2}(?:\.\d{1,2}){1,4}(?![\d%])\s*[^\d\s.%]"
    r"|[A-Z](?:\.\d{1,2}){1,5}(?![\d%])|\d{1,2}(?:\.\d{1,2}){1,4}$|\d{1,2} [\u4e00-\u9fff]{2}|[a-z][）)]|——|注\s*\d*[：:]"
)
_NUMBER_ALONE = re.compile(r"(?:[A-Z]\.)?\d{1,2}(?:\.\d{1,2}){1,4}")
# Numbers that lists within a paragraph have as well: 材料：（一）申请表；（二）执照。
_LISTED = re.compile(r"[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|[①-⑳]|[a-z][）)]|\d{1,2} ")
_NUMERALS = "〇 一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五".split()
_COUNTED = re.compile(rf"([（(]?)({'|'.join(_NUMERALS[:0:-1])}|\d{{1,2}})([）)、.．])")
_SENTENCE_END = tuple("。！？；：!?;:”》）)")
# Em by which a line may fall short because a long word did not fit.
_RAGGED, _RAGGED_FLUSH = 4.0, 3.2
# A line of a table of contents: 前言 ........ ii
_LEADER_LENGTH = 200
_LEADER = re.compile(r"[.…·]{4,}\s*[\dIVXivx]{0,6}$")
# Em: a line that begins so far to the right of the next one is a signature, a date or a centred line, not one that goes on.
_FAR_RIGHT = 6.0
# Em: type that differs by no more is the same type.
_SAME_TYPE = 0.18
# The em of a few characters is known less well, where the file gives boxes as tight as the shapes.
_FEW, _SAME_SHORT = 4, 0.3
# Margins are mirrored where odd and even pages, of so many lines each, begin so many em apart.
_SIDE_LINES, _SHIFT = 20, 0.5
# What an item begins with below whose text the lines may hang, and by how many em at most.
_ITEM = re.compile(r"[（(]?[a-z\d一二三四五六七八九十]{1,3}[）)、.．]|[①-⑳●•·■◆]|——|[A-Z]{2,4}(?:/T)? ")
_HANGING = 8.0
# What a footnote begins with.
_NOTE = re.compile(r"[①-⑳*＊†]|[\[［〔(（]?\d{1,2}[\]］〕)） ]|注")
# A share of the page width that the lines of a real text reach.
_NARROW = 0.6
# Em by which the ends of full lines differ at most; how many there must be, as a share of all lines of a text, of a page.
_JUSTIFIED, _FULL_LINES, _TEXT_SHARE, _PAGE_SHARE = 0.2, 4, 0.05, 0.15


class Paragraphs(NamedTuple):
    """One paragraph (or table row) a line; where in the text each page starts; what was left out, in Chinese."""

    text: str
    starts: list[int]
    left_out: list[str]


def paragraphs(pages: Sequence[PrintedPage]) -> Paragraphs:
    """Join the lines of all pages. A page starts at its first character: in the middle of a paragraph that runs over from
    the page before. Footnotes come after the paragraph that they interrupt.
    """
    kept, left_out = without_furniture(pages)
    kept, repeated = joined_tables(kept)
    if repeated:
        left_out.append(f"续表重复的表头 {repeated} 行未重复收入")
    measures, text = _Measures(kept), _Text()
    for index, page in enumerate(kept):
        notes: list[Line] = []
        text.turn_page()
        for line in page.lines:
            if line.note:
                notes.append(line)
            else:
                text.add(line, measures.of(line, index))
        text.hold(notes, measures.whole)
    return Paragraphs(*text.finish(), left_out)


@dataclass(frozen=True, slots=True)
class _Measure:
    """The type area: left and right edge of full lines, em of the body type, usual distance between lines, whether
    paragraphs begin with an indent, and whether those with a number (``flush``) begin at the margin all the same.
    """

    left: float
    right: float
    size: float
    leading: float
    indented: bool
    flush: bool

    @classmethod
    def of(cls, lines: Sequence[Line], width: float) -> _Measure:
        if not lines:
            return cls(0.0, 0.0, 1.0, 1.0, False, True)
        size = statistics.median(line.size for line in lines)
        # A title in large type may be wider than the text.
        body = [line for line in lines if abs(line.size - size) <= _SAME_TYPE * size] or lines
        lefts, rights = sorted(line.left for line in body), sorted(line.right for line in body)
        steps = [
            upper.bottom - lower.bottom
            for upper, lower in itertools.pairwise(lines)
            if size * 0.9 < upper.bottom - lower.bottom < size * 4
        ]
        left, right = lefts[len(lefts) // 20], _justified(rights, size, _TEXT_SHARE) or rights[-1 - len(rights) // 50]
        if right < _NARROW * width:
            # Nothing but short lines: the margins are taken to be equal.
            right = width - left
        indented = sum(_is_first_line(line, left, size) for line in lines) * 10 > len(lines)
        return cls(
            left=left,
            right=right,
            size=size,
            leading=statistics.median(steps) if steps else size * 1.5,
            indented=indented,
            flush=not indented or _has_flush_numbers(lines, left, right, size),
        )


class _Measures:
    """The measure of the whole file (of its odd and its even pages, where they have their margins mirrored), of pages
    whose margins differ from it, and of columns.
    """

    def __init__(self, pages: Sequence[PrintedPage]) -> None:
        width = Counter(round(page.width) for page in pages).most_common(1)[0][0] if pages else 0
        usual = [
            [line for line in page.lines if _is_text(line)] if round(page.width) == width else [] for page in pages
        ]
        self.whole = _Measure.of(list(itertools.chain(*usual)), width)
        sides = [
            [line for page, lines in zip(pages, usual, strict=False) for line in lines if page.number % 2 == side]
            for side in (0, 1)
        ]
        self._sides = [_Measure.of(lines, width) for lines in sides]
        shift = abs(self._sides[0].left - self._sides[1].left)
        if min(map(len, sides)) < _SIDE_LINES or shift < _SHIFT * self.whole.size:
            self._sides = [self.whole, self.whole]
        self._own: dict[tuple[int, int], _Measure] = {}
        for index, page in enumerate(pages):
            parts: dict[int, list[Line]] = {}
            for line in page.lines:
                if _is_text(line) or line.part:
                    parts.setdefault(line.part, []).append(line)
            for part, lines in parts.items():
                if part or _is_different(lines, self._sides[page.number % 2]):
                    self._own[index, part] = _Measure.of(lines, 0.0)
        self._numbers = [page.number for page in pages]

    def of(self, line: Line, page: int) -> _Measure:
        """``page``: its place in the file."""
        return self._own.get((page, line.part)) or self._sides[self._numbers[page] % 2]


def _is_different(lines: Sequence[Line], usual: _Measure) -> bool:
    """Enough lines of the page end at the same place, and elsewhere than in the rest of the file."""
    narrowest = usual.left + _NARROW * (usual.right - usual.left)
    long = [line.right for line in lines if line.right - line.left > (usual.right - usual.left) / 2]
    edge = _justified(sorted(long), usual.size, _PAGE_SHARE)
    return edge is not None and edge > narrowest and abs(edge - usual.right) > usual.size


def _is_text(line: Line) -> bool:
    return not line.row and not line.note and not line.part


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line in the text; ``opening``: the one that begins its paragraph, with its text."""

    line: Line
    text: str
    measure: _Measure
    opening: Line
    opening_text: str


class _Text:
    """The text as it grows, line by line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._starts: list[int | None] = []
        self._previous: _Placed | None = None
        self._notes: list[tuple[Line, _Measure]] = []

    def turn_page(self) -> None:
        self._starts.append(None)

    def hold(self, notes: Sequence[Line], measure: _Measure) -> None:
        """Footnotes of the page that ends: to come after the paragraph that may run over."""
        self._notes += [(note, measure) for note in notes]

    def add(self, line: Line, measure: _Measure) -> None:
        text = tidy(line.text)
        if not text.strip():
            return
        if self._previous and _is_numbered(self._previous, line, text):
            self._append(line, text, measure, " ")
            return
        begins = self._previous is None or _starts_paragraph(self._previous, line, text, measure)
        if begins and self._notes:
            self._add_notes()
        parted = self._previous and parted_words(self._previous.text, text)
        self._append(line, text, measure, "\n" if begins else " " if parted else "")

    def finish(self) -> tuple[str, list[int]]:
        self._add_notes()
        starts: list[int] = []
        for start in reversed(self._starts):
            # A page without text starts where the next one does.
            starts.append(start if start is not None else starts[-1] if starts else self._length)
        return "".join(self._parts) + ("\n" if self._parts else ""), starts[::-1]

    def _add_notes(self) -> None:
        held, self._notes = self._notes, []
        for index, (note, measure) in enumerate(held):
            text = tidy(note.text)
            if text.strip():
                self._append(note, text, measure, "\n" if index == 0 or _NOTE.match(text) else "")

    def _append(self, line: Line, text: str, measure: _Measure, joint: str) -> None:
        """``joint``: what parts the line from the one before; a line end begins a paragraph."""
        previous = self._previous
        if previous is None or joint == "\n":
            opening, opening_text = line, text
        else:
            opening, opening_text = previous.opening, previous.opening_text
        joint = joint if previous else ""
        self._parts += (joint, text)
        # A footnote belongs to the page before the one on which its paragraph ends.
        if self._starts[-1] is None and not line.note:
            self._starts[-1] = self._length + len(joint)
        self._length += len(joint) + len(text)
        self._previous = _Placed(line, text, measure, opening, opening_text)


def _is_numbered(previous: _Placed, line: Line, text: str) -> bool:
    """The term below its number: standards (GB/T 1.1) print 3.1 on a line of its own."""
    return (
        previous.line is previous.opening
        and _NUMBER_ALONE.fullmatch(previous.text) is not None
        and not (line.row or line.note or _MARKER.match(text))
        and line.bottom < previous.line.bottom
    )


def _starts_paragraph(previous: _Placed, line: Line, text: str, measure: _Measure) -> bool:
    before, size = previous.line, measure.size
    if (
        line.row
        or before.row
        or before.note
        or line.gapped
        or _LEADER.search(previous.text[-_LEADER_LENGTH:])
        or abs(line.size - before.size) > (_SAME_TYPE if _is_measured(text) else _SAME_SHORT) * size
    ):
        return True
    # Columns and pages with margins of their own are compared by the distance from their edges.
    indent, indent_before = line.left - measure.left, before.left - previous.measure.left
    if indent_before - indent > _FAR_RIGHT * size or line.left > measure.left + _NARROW * (
        measure.right - measure.left
    ):
        return True
    needed = unbreakable(text)
    if indent < 0.5 * size and not previous.text.endswith(_SENTENCE_END):
        # Not indented, in a text whose paragraphs are: a line that goes on, unless the one before it is plainly short.
        needed = max(needed, _RAGGED if measure.indented else 0.0 if _MARKER.match(text) else _RAGGED_FLUSH)
    if before.right + needed * size < previous.measure.right - 0.2 * size:
        return True
    if indent > 1.2 * size and not _keeps_indent(previous, indent, text, size):
        return True
    if before.part == line.part and before.bottom - line.bottom > 1.7 * measure.leading and before.bottom > line.bottom:
        return True
    if _MARKER.match(text) and (indent > 0.8 * size or previous.text.endswith(_SENTENCE_END)):
        begins = measure.flush and not _counts_on(previous.text, text)
        return indent > 0.8 * size or begins or not _LISTED.match(text)
    # Without first-line indents, a sentence that ends before the edge is all there is to go by.
    return (
        not measure.indented
        and previous.text.endswith(("。", "！", "？"))
        and before.right < previous.measure.right - 0.6 * size
    )


def _is_measured(text: str) -> bool:
    """The line has enough Chinese characters to tell its em."""
    return sum(char >= "\u2e80" for char in text) > _FEW


def _counts_on(before: str, text: str) -> bool:
    """The line before has the number before this one inside: a list in its paragraph (…：（一）申请表；| （二）执照。)."""
    found = _COUNTED.match(text)
    if not found:
        return False
    last = int(found[2]) - 1 if found[2].isdigit() else _NUMERALS[_NUMERALS.index(found[2]) - 1]
    return re.search(f"[：:；;，,。]{re.escape(f'{found[1]}{last}{found[3]}')}", before) is not None


def _keeps_indent(previous: _Placed, indent: float, text: str, size: float) -> bool:
    """An indented line that goes on: in a block indented as a whole, or hanging below the number of its item."""
    measure = previous.measure
    before, opening = previous.line.left - measure.left, previous.opening.left - measure.left
    if abs(indent - before) < 0.3 * size and not _is_first_line(previous.line, measure.left, size):
        return True
    hangs = 0.5 * size < indent - opening < _HANGING * size
    if previous.line is not previous.opening and abs(indent - before) > 0.3 * size:
        return False
    return hangs and bool(_ITEM.match(previous.opening_text)) and not _MARKER.match(text)


def _justified(rights: Sequence[float], size: float, share: float) -> float | None:
    """Where this share of the lines end, and no more than one in ten beyond. ``rights``: from the least."""
    needed = max(_FULL_LINES, int(share * len(rights)))
    for index in range(len(rights) - 1, max(len(rights) - len(rights) // 10, needed) - 2, -1):
        if rights[index] - rights[index + 1 - needed] < _JUSTIFIED * size:
            return rights[index]
    return None


def _is_first_line(line: Line, left: float, size: float) -> bool:
    """Indented by about two characters. A block indented as a whole keeps its left edge in every line."""
    return 1.2 * size < line.left - left < 3.2 * size


def _has_flush_numbers(lines: Sequence[Line], left: float, right: float, size: float) -> bool:
    """At least a quarter of the list numbers that surely begin a paragraph (below a short line) stand at the margin."""
    below_short = [
        line.left - left < 0.5 * size
        for before, line in itertools.pairwise(lines)
        if before.right < right - 3 * size and _LISTED.match(line.text)
    ]
    return sum(below_short) * 4 > len(below_short)
