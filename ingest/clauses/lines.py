"""Text → lines with their item numbers. Blank lines belong to the line before, leading ones to the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.clauses.markers import Marker, Style, decimal, find_marker
from ingest.normalize import fold

# Markdown that some sites and converters leave: "## 第一章", "- （一）", "> ", "**一、".
_MARKDOWN = re.compile(r"(?:#{1,6} +|[-*•>] +)?(?:\*\*|__)?(?=\S)")
_SHORT = 200
# 1 总则, 2. 组织体系: level 1 of decimal numbering, recognised by the 1.1 that follows.
_CHAPTER_OF_DECIMALS = re.compile(r"(\d{1,2})(?:[.、] *| +)(?=\S)")
_CHAPTER_LIMIT = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or table row. ``start:end`` includes its line end and the blank lines after it; ``first:last`` is the
    paragraph itself, without space and Markdown; ``text`` is that part folded.
    """

    start: int
    end: int
    first: int
    last: int
    text: str
    marker: Marker | None
    is_row: bool

    @property
    def content(self) -> str:
        """Folded text after the number."""
        return self.text[self.marker.length :] if self.marker else self.text


def read_lines(text: str) -> list[Line]:
    """Lines that together cover every character of ``text``; empty only where ``text`` is."""
    places: list[tuple[int, str]] = []
    position = 0
    for raw in fold(text).split("\n"):
        if raw.strip():
            places.append((position, raw))
        position += len(raw) + 1
    if not places:
        return [Line(0, len(text), 0, 0, "", None, False)] if text else []
    starts = [0, *(position for position, _ in places[1:]), len(text)]
    lines = [_line(raw, place, starts[i], starts[i + 1]) for i, (place, raw) in enumerate(places)]
    return _number_decimal_chapters(lines)


def _line(raw: str, position: int, start: int, end: int) -> Line:
    stripped = raw.strip()
    first = position + len(raw) - len(raw.lstrip())
    last = first + len(stripped)
    if "\t" in stripped:
        return Line(start, end, first, last, stripped, None, True)
    prefix = _MARKDOWN.match(stripped)
    if prefix and prefix.end():
        first += prefix.end()
        stripped = stripped[prefix.end() :]
    return Line(start, end, first, last, stripped, find_marker(stripped), False)


def _number_decimal_chapters(lines: list[Line]) -> list[Line]:
    """Give ``1 总则`` its number where ``1.1 …`` is the next number, and ``2 范围`` where it comes next in order."""
    first_parts = _next_first_parts(lines)
    last = 0
    for index, line in enumerate(lines):
        match = _CHAPTER_OF_DECIMALS.match(line.text) if not line.is_row and len(line.text) <= _CHAPTER_LIMIT else None
        if not match or line.text[-1] in "。;:,":
            continue
        number = int(match[1])
        if first_parts[index] == number or (last and number == last + 1 and " " in match[0] and "." not in match[0]):
            lines[index] = replace(line, marker=decimal(str(number), match.end()))
            last = number
    return lines


def _next_first_parts(lines: Sequence[Line]) -> list[int | None]:
    """For each line: n where the next number below it is ``n.1``."""
    result: list[int | None] = [None] * len(lines)
    following: int | None = None
    for index in range(len(lines) - 1, -1, -1):
        result[index] = following
        marker = lines[index].marker
        if marker:
            is_first = marker.style is Style.DECIMAL and marker.label.count(".") == 1 and marker.number == 1
            following = int(marker.label.split(".")[0]) if is_first else None
    return result
