"""The table of contents (目录, 目次): front matter, though its lines begin like headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clauses.forms import is_contents_entry
from ingest.clauses.lines import Line

_LINES = 400
# Lines between the head of a file and its contents; lines of entries that run over; entries that make a table.
_ABOVE, _BETWEEN, _FEWEST = 12, 2, 3


def after_contents(lines: Sequence[Line], index: int) -> int:
    """Index after the table of contents at ``index``, or ``index``: dotted entries, or headings of which the first comes again."""
    return max(_after_dotted(lines, index), _after_headings(lines, index))


def _after_dotted(lines: Sequence[Line], index: int) -> int:
    first = next((i for i in range(index, min(index + _ABOVE, len(lines))) if is_contents_entry(lines[i].text)), None)
    if first is None:
        return index
    last, at, entries = first, first + 1, 1
    while at < len(lines) and at - last <= _BETWEEN:
        if is_contents_entry(lines[at].text):
            last, entries = at, entries + 1
        at += 1
    return last + 1 if entries >= _FEWEST else index


def _after_headings(lines: Sequence[Line], index: int) -> int:
    start = index + 1 if index < len(lines) and lines[index].text.replace(" ", "") in ("目录", "目次") else index
    if start >= len(lines) or not lines[start].marker:
        return index
    entry = _entry(lines[start])
    for again in range(start + 1, min(len(lines), start + _LINES)):
        line = lines[again]
        if line.is_row or len(line.text) > 80 or "。" in line.text:
            return index
        if line.marker and _entry(line) == entry:
            return again
    return index


def _entry(line: Line) -> str:
    return re.sub(r"[\s.…·]+\d*$", "", line.text).replace(" ", "")
