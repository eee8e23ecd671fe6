"""Text → lines with their item numbers. Blank lines belong to the line before, leading ones to the first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.clauses.forms import annex
from ingest.clauses.markers import Marker, find_marker
from ingest.normalize import fold

# Markdown that some sites and converters leave: "## 第一章", "- （一）", "> ", "**一、".
_MARKDOWN = re.compile(r"(?:#{1,6} +|[-*•>] +)?(?:\*\*|__)?(?=\S)")


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
    return _rows_of_one_cell(lines, [raw.strip(" ") for _, raw in places])


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


def _rows_of_one_cell(lines: list[Line], printed: list[str]) -> list[Line]:
    """A line that ends or begins with a tab is the only filled cell of a table row if it touches a row of several cells.

    The label of an annex is none, though some pages put it into the table. ``printed``: the lines with their tabs.
    """
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        beside: int | None = None  # tabs of the row that the line touches
        for index in order:
            line, tabs = lines[index], printed[index].count("\t")
            if beside is not None and not line.is_row and annex(line.text) is None:
                if printed[index].endswith("\t"):
                    lines[index] = replace(line, marker=None, is_row=True)
                elif tabs == beside and _is_last_cell(line, printed[index]):
                    lines[index] = replace(line, is_row=True, text=printed[index])
            beside = tabs if lines[index].is_row else None
    return lines


def _is_last_cell(line: Line, printed: str) -> bool:
    """Empty cells in front of it; not a paragraph that is indented by a tab."""
    return (
        printed.startswith("\t") and line.marker is None and not line.text.endswith(("。", "；", "：", ".", ";", ":"))
    )
