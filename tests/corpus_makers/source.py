"""The sources of the sample files: the row of the manifest, then one paragraph a line, its kind told by its first sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "tests" / "corpus_sources"
CORPUS = ROOT / "corpus"
COLUMNS = (
    "file", "title", "document_number", "level", "region", "format", "encoding",
    "issued_on", "effective_on", "expires_on", "status_note", "sample",
)  # fmt: skip
SIGNS = {
    "##": "attached", "#": "title", "@": "number", ">>": "signature", ">": "addressees", "^": "annex",
    "|": "row", "---": "imprint", "*1": "auto1", "*3": "auto3", "!": "mark", "~": "note",
}  # fmt: skip
SIGN = re.compile(r"(##|#|@|>>|>|\^|\||---|\*1|\*3|!|~)\s+(.*)")
HEADING = re.compile(
    r"(第[一二三四五六七八九十]+条|[一二三四五六七八九十]+、[^。]{1,40}$|（[一二三四五六七八九十]+）[^。；]{1,40}(?:。|$))"
)
CHAPTER = re.compile(r"第[一二三四五六七八九十]+[章节]")
FROZEN = datetime(2026, 1, 1, tzinfo=UTC)  # so that a remade file differs only where its text does


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    text: str

    @property
    def cells(self) -> list[str]:
        return [cell.strip() for cell in self.text.strip("|").split("|")]


@dataclass(frozen=True, slots=True)
class Source:
    fields: dict[str, str]
    lines: tuple[Line, ...]

    @property
    def suffix(self) -> str:
        return self.fields["file"].rsplit(".", 1)[1]

    @property
    def maker(self) -> str:
        return self.fields.get("maker", self.suffix)

    @property
    def signatories(self) -> list[str]:
        return [line.text for line in self.lines if line.kind == "signature" and not line.text[0].isdigit()]

    @property
    def encoding(self) -> str:
        """Of text formats; the others have none."""
        return self.fields.get("encoding", "utf-8" if self.suffix in ("txt", "html") else "")


def read_source(path: Path) -> Source:
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Source(fields, tuple(read_line(line) for line in body.splitlines()))


def read_line(line: str) -> Line:
    sign = SIGN.fullmatch(line)
    return Line(SIGNS[sign[1]], sign[2]) if sign else Line("body", line)


def blocks(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Neighbouring table rows together, every other line alone."""
    for is_row, group in groupby(lines, key=lambda line: line.kind == "row"):
        members = list(group)
        yield from [("table", members)] if is_row else [(line.kind, [line]) for line in members]
