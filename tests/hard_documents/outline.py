"""Numbers the clauses of one part of a file and tells the path under which each is cited (the rules of the product's README)."""

from __future__ import annotations

from tests.hard_documents.truth import (
    ARTICLE,
    BRACKETED,
    CHAPTER,
    CHINESE,
    CIRCLED,
    DIGIT,
    DIGIT_BRACKETED,
    SECTION,
    Block,
    Row,
)
from tests.hard_documents.words import numeral

_MARKERS = {
    CHINESE: lambda n: f"{numeral(n)}、",
    BRACKETED: lambda n: f"（{numeral(n)}）",
    DIGIT: lambda n: f"{n}.",
    DIGIT_BRACKETED: lambda n: f"（{n}）",
    CIRCLED: lambda n: chr(0x2460 + n - 1),
    CHAPTER: lambda n: f"第{numeral(n)}章",
    SECTION: lambda n: f"第{numeral(n)}节",
    ARTICLE: lambda n: f"第{numeral(n)}条",
}
_ORDER = (CHAPTER, SECTION, ARTICLE, CHINESE, BRACKETED, DIGIT, DIGIT_BRACKETED, CIRCLED)


class Outline:
    """``prefix``: the label of the annex (``附件1``). ``running``: 1. 2. 3. count through the whole part."""

    def __init__(self, prefix: str = "", running: bool = False) -> None:
        self.blocks: list[Block] = []
        self._prefix = prefix
        self.running = running
        self._counts = dict.fromkeys(_ORDER, 0)
        self._open: list[tuple[int, str]] = []
        self._article, self._paragraphs = "", 0

    def item(self, level: int, text: str) -> None:
        """A numbered paragraph; deeper counts begin again, articles count through chapters."""
        self._counts[level] += 1
        for below in _ORDER[_ORDER.index(level) + 1 :]:
            if not (below == ARTICLE or (below == DIGIT and self.running)):
                self._counts[below] = 0
        while self._open and _ORDER.index(self._open[-1][0]) >= _ORDER.index(level):
            self._open.pop()
        marker = _MARKERS[level](self._counts[level])
        path = self._path(level, marker)
        self._open.append((level, path))
        if level == ARTICLE:
            self._article, self._paragraphs = path, 1
        self.blocks.append(Block("body", text, marker, path, level, prefix=self._prefix))

    def _path(self, level: int, marker: str) -> str:
        above = self._open[-1][1] if self._open else f"{self._prefix} " if self._prefix else ""
        if level == ARTICLE:
            return f"{self._prefix} {marker}".strip()
        is_below_article = any(open_level == ARTICLE for open_level, _ in self._open)
        if is_below_article and level == BRACKETED:
            return f"{above}第{marker}项"
        if above.endswith("项") and level == DIGIT:
            return f"{above}第{self._counts[level]}目"
        return above + marker

    def paragraph(self, text: str) -> None:
        """Without a number: part of what stands above; below an article it is the next 款."""
        below_article = any(level == ARTICLE for level, _ in self._open)
        path = self._open[-1][1] if self._open else self._prefix
        if below_article:
            self._paragraphs += 1
            path = f"{self._article}第{numeral(self._paragraphs)}款"
            self._open = [entry for entry in self._open if _ORDER.index(entry[0]) < _ORDER.index(ARTICLE)]
            self._open.append((ARTICLE, path))
            self._counts.update(dict.fromkeys((BRACKETED, DIGIT), 0))
        self.blocks.append(Block("body", text, path=path, prefix=self._prefix))

    def closing(self, text: str) -> None:
        """The last paragraph speaks of the whole part."""
        self._open.clear()
        self.blocks.append(Block("body", text, path=self._prefix, prefix=self._prefix))

    def table(self, rows: tuple[Row, ...]) -> None:
        self.blocks.append(Block("table", rows=rows, path="", prefix=self._prefix))
