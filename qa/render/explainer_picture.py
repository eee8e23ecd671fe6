"""一图读懂: one portrait page about a file (SVG), and the fragment of a page with it and its sources.

What is quoted is verbatim; where it is cut, … says so, never in the middle of a figure. What the file does not state is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.document import LEVEL_NAMES, book_title
from qa.render import svg
from qa.render.markup import NO_NUMBER, STATE_COLOURS
from qa.render.sources import open_link

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.answer import Citation
    from qa.framework.explainer import Basis, Explainer, Grant, Quoted

WIDTH, EDGE, PAD = 800, 36, 22
ROOM = WIDTH - 2 * EDGE - 2 * PAD  # for text in a section
UNSTATED = "未标明（没有读到，以原文为准）"
BASES, CHIPS, GRANTS, LINES = 6, 14, 12, 4  # shown of each group; how many more there are is said

_TITLE, _HEAD, _TEXT, _SMALL = 30, 19, 15, 12.5
_LEADING = 24
_GAP = 18  # between sections
_GRANT_LINES = 6
_FIGURE = re.compile(r"\d[\d.,]*\s?(?:[万亿]?(?:元|美元)|[%‰]|个百分点|倍)|(?<!\d)\d{1,2}(?:年|个月)(?!\d)")
_COLOURS = {"good": "#dff3e5", "bad": "#fde4e2", "warn": "#fdf0d3", "soon": "#e2ecfd", "unknown": "#e9ecf1"}
_INKS = {"good": "#0f5a2d", "bad": "#93170f", "warn": "#734a00", "soon": "#1b4489", "unknown": "#414b5a"}

CSS = (
    f".ex text{{font-family:{svg.FONTS}}}.ex-paper{{fill:#eef2f8}}.ex-head{{fill:#14306b}}.ex-red{{fill:#b5121b}}"
    f".ex-tag{{font-size:15px;fill:#ffe9a8;font-weight:600}}.ex-title{{font-size:{_TITLE}px;font-weight:700;fill:#fff}}"
    ".ex-meta{font-size:15px;fill:#dfe8fa}.ex-card{fill:#fff;stroke:#d5dbe5}.ex-bar{fill:#1f4e9c}"
    f".ex-h{{font-size:{_HEAD}px;font-weight:700;fill:#14306b}}.ex-no{{font-size:15px;font-weight:700;fill:#fff}}"
    f".ex-t{{font-size:{_TEXT}px;fill:#1a1f29}}.ex-b{{font-size:{_TEXT}px;font-weight:700;fill:#1a1f29}}"
    f".ex-q{{font-size:{_TEXT}px;fill:#1a1f29}}.ex-q tspan{{font-weight:700;fill:#b5121b}}"
    f".ex-s{{font-size:{_SMALL}px;fill:#55606f}}.ex-u{{font-size:{_TEXT}px;fill:#55606f}}"
    ".ex-box{fill:#f5f7fb;stroke:#d5dbe5}.ex-chip{fill:#eaf1fd;stroke:#bccdea}.ex a{outline:none!important}"
    ".ex a:focus-visible text,.ex a:hover text{text-decoration:underline}"
)


@dataclass(slots=True)
class _Page:
    """What is drawn so far, and how far down."""

    linked: bool
    y: float = 0
    number: int = 0

    def link(self, citation: Citation, inside: str, spoken: str) -> str:
        if not self.linked:
            return inside
        return f'<a href="{open_link(citation)}" aria-label="{svg.markup(spoken)}">{inside}</a>'

    def section(self, heading: str, draw: Callable[[float], tuple[str, float]]) -> str:
        """A card with a number and a heading; ``draw`` fills it from a given height on, and tells where it ends."""
        self.number += 1
        top = self.y
        inside, end = draw(top + 78)
        bottom = end + PAD - 6
        self.y = bottom + _GAP
        return (
            f'<rect class="ex-card" x="{EDGE}" y="{top:g}" width="{WIDTH - 2 * EDGE}" height="{bottom - top:g}" rx="10"/>'
            f'<circle class="ex-bar" cx="{EDGE + PAD + 13}" cy="{top + 31:g}" r="14"/>'
            + svg.text(EDGE + PAD + 13, top + 36, str(self.number), "ex-no", "middle")
            + svg.text(EDGE + PAD + 38, top + 38, heading, "ex-h")
            + inside
        )


def explainer_svg(told: Explainer, linked: bool = True) -> str:
    """The picture. ``linked``: each quote links to where it stands, for a page; else a file of its own."""
    page = _Page(linked)
    body = _head(page, told) + _caution(page, told)
    body += page.section("依据什么", lambda y: _bases(page, told.bases, y))
    if told.aims:
        body += page.section("要达到什么", lambda y: _contents(page, told.aims, y))
    if told.contents:
        body += page.section("讲什么", lambda y: _contents(page, told.contents, y))
    if told.grants or told.who or told.conditions:
        body += page.section("支持谁", lambda y: _chips(page, told.who, y))
        body += page.section("支持什么、支持多少", lambda y: _grants(page, told.grants, y))
        body += page.section("什么条件", lambda y: _chips(page, told.conditions, y))
    else:
        body += page.section("支持谁、支持什么", _unstated)
    body += page.section("什么时候", lambda y: _times(page, told, y))
    asked = (*told.departments, *((told.interpreter,) if told.interpreter else ()))
    body += page.section("找哪个部门", lambda y: _chips(page, asked, y))
    body += _foot(page, told)
    name = svg.markup(f"一图读懂：{told.title or told.card.file}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ex" viewBox="0 0 {WIDTH} {page.y:g}" width="{WIDTH}" height="{page.y:g}" '
        f'role="group" aria-label="{name}"><style>{CSS}</style><rect class="ex-paper" width="{WIDTH}" height="{page.y:g}"/>{body}</svg>'
    )


def _head(page: _Page, told: Explainer) -> str:
    title = svg.wrap(told.title or f"{told.card.file}（标题未标明）", _TITLE, WIDTH - 2 * EDGE, 5)
    issuers = svg.wrap("、".join(told.card.issuers) or "发文机关未标明", 15, WIDTH - 2 * EDGE, 2)
    first = 92
    after = first + (len(title) - 1) * 42
    card = told.card
    place = " ".join(filter(None, (LEVEL_NAMES.get(card.level or "", "级别未标明"), card.region)))
    day = (
        f"{card.issued_on.year}年{card.issued_on.month}月{card.issued_on.day}日" if card.issued_on else "成文日期未标明"
    )
    facts = svg.fit(" · ".join((card.document_number or NO_NUMBER, place, day)), 15, WIDTH - 2 * EDGE - 130)
    state = "时效未标明" if told.status.state == "未标明" else told.status.state
    colour = STATE_COLOURS.get(told.status.state, "unknown")
    breadth = svg.width(state, 15) + 22
    bottom = after + 34 + 24 * len(issuers) + 14
    page.y = bottom + 24
    return (
        f'<rect class="ex-head" width="{WIDTH}" height="{bottom}"/><rect class="ex-red" y="{bottom}" width="{WIDTH}" height="6"/>'
        + svg.text(EDGE, 46, "一图读懂", "ex-tag")
        + svg.texts(EDGE, first, title, 42, "ex-title")
        + svg.text(EDGE, after + 34, facts, "ex-meta")
        + svg.texts(EDGE, after + 58, issuers, 24, "ex-meta")
        + f'<rect x="{WIDTH - EDGE - breadth:g}" y="26" width="{breadth:g}" height="28" rx="14" fill="{_COLOURS[colour]}"/>'
        + f'<text x="{WIDTH - EDGE - breadth / 2:g}" y="45" font-size="15" text-anchor="middle" fill="{_INKS[colour]}">{state}</text>'
    )


def _caution(page: _Page, told: Explainer) -> str:
    """Why the file does not hold as it is printed, before anything of it is told."""
    if told.status.state in ("有效", "未标明"):
        return ""
    lines = svg.wrap(f"{told.status.state}：{told.status.reason}", _TEXT, ROOM, 4)
    top, height = page.y, 20 + _LEADING * len(lines)
    page.y += height + _GAP
    colour = STATE_COLOURS[told.status.state]
    return (
        f'<rect x="{EDGE}" y="{top:g}" width="{WIDTH - 2 * EDGE}" height="{height}" rx="10" fill="{_COLOURS[colour]}"/>'
        + svg.texts(EDGE + PAD, top + 28, lines, _LEADING, "ex-b")
    )


def _unstated(y: float) -> tuple[str, float]:
    return svg.text(EDGE + PAD, y, UNSTATED, "ex-u"), y + 2


def _more(y: float, left: int, unit: str) -> tuple[str, float]:
    return (svg.text(EDGE + PAD, y + 2, f"另有 {left} {unit}，见原文", "ex-s"), y + 22) if left > 0 else ("", y)


def _bases(page: _Page, bases: Sequence[Basis], y: float) -> tuple[str, float]:
    if not bases:
        return _unstated(y)
    parts = []
    for basis in bases[:BASES]:
        named = f"{book_title(basis.title) if basis.title else ''}{f'（{basis.number}）' if basis.number else ''}"
        breadth = svg.width(basis.relation, _SMALL) + 14
        lines = svg.wrap(named, _TEXT, ROOM - breadth - 10, 3)
        inside = (
            f'<rect class="ex-chip" x="{EDGE + PAD}" y="{y - 13:g}" width="{breadth:g}" height="20" rx="4"/>'
            + svg.text(EDGE + PAD + breadth / 2, y + 2, basis.relation, "ex-s", "middle")
            + svg.texts(EDGE + PAD + breadth + 10, y + 2, lines, _LEADING, "ex-t")
        )
        parts.append(page.link(basis.citation, inside, f"{basis.relation}{named}"))
        y += _LEADING * len(lines) + 6
    more, y = _more(y, len(bases) - BASES, "份")
    return "".join(parts) + more, y - 16


def _chips(page: _Page, quotes: Sequence[Quoted], y: float) -> tuple[str, float]:
    """Short quotes side by side; a longer one has lines of its own."""
    if not quotes:
        return _unstated(y)
    parts, x = [], 0.0
    for quoted in quotes[:CHIPS]:
        lines = svg.wrap(_cells(quoted.text), _TEXT, ROOM - 24, 3)
        breadth = max(svg.width(line, _TEXT) for line in lines) + 24
        if x and x + breadth > ROOM:
            x, y = 0.0, y + 40
        height = 8 + _LEADING * len(lines)
        inside = (
            f'<rect class="ex-chip" x="{EDGE + PAD + x:g}" y="{y - 18:g}" width="{breadth:g}" height="{height}" rx="6"/>'
            + _lines(EDGE + PAD + x + 12, y + 3, lines)
        )
        parts.append(page.link(quoted.citation, inside, f"{quoted.text}，{quoted.citation.path}"))
        x += breadth + 10
        if len(lines) > 1:
            x, y = 0.0, y + height + 8
    if x:
        y += 40
    more, y = _more(y, len(quotes) - CHIPS, "处")
    return "".join(parts) + more, y - 24


def _contents(page: _Page, quotes: Sequence[Quoted], y: float) -> tuple[str, float]:
    parts = []
    for quoted in quotes[:CHIPS]:
        lines = svg.wrap(_cells(quoted.text), _TEXT, ROOM - 120, LINES)
        inside = svg.text(EDGE + PAD, y, svg.fit(quoted.citation.path, _SMALL, 100), "ex-s") + _lines(
            EDGE + PAD + 110, y, lines
        )
        parts.append(page.link(quoted.citation, inside, f"{quoted.citation.path}{quoted.text}"))
        y += _LEADING * len(lines) + 6
    more, y = _more(y, len(quotes) - CHIPS, "条")
    return "".join(parts) + more, y - 18


def _grants(page: _Page, grants: Sequence[Grant], y: float) -> tuple[str, float]:
    """Two beside each other, as high as the higher one."""
    if not grants:
        return _unstated(y)
    parts = []
    breadth = (ROOM - 16) / 2
    shown = grants[:GRANTS]
    y -= 18
    for at in range(0, len(shown), 2):
        pair = [
            _grant(page, grant, EDGE + PAD + n * (breadth + 16), y, breadth)
            for n, grant in enumerate(shown[at : at + 2])
        ]
        height = max(height for _, height in pair)
        for n, (inside, _) in enumerate(pair):
            x = EDGE + PAD + n * (breadth + 16)
            parts.append(
                f'<rect class="ex-box" x="{x:g}" y="{y:g}" width="{breadth:g}" height="{height:g}" rx="8"/>{inside}'
            )
        y += height + 14
    more, y = _more(y + 8, len(grants) - GRANTS, "项")
    return "".join(parts) + more, y - 18


def _grant(page: _Page, grant: Grant, x: float, y: float, breadth: float) -> tuple[str, float]:
    room = breadth - 28
    inside, height = "", 26.0
    for line in svg.wrap(grant.heading, _TEXT, room, 2) if grant.heading else ():
        inside += svg.text(x + 14, y + height, line, "ex-b")
        height += _LEADING
    left = _GRANT_LINES
    for quoted in grant.benefits:
        lines = svg.wrap(_cells(quoted.text), _TEXT, room, left) if left else []
        inside += _lines(x + 14, y + height + 2, lines)
        height += _LEADING * len(lines) + (4 if lines else 0)
        left -= len(lines)
    path = svg.fit(grant.citation.path or "出处见链接", _SMALL, room)
    inside += svg.text(x + 14, y + height + 2, path, "ex-s")
    return page.link(grant.citation, inside, f"{grant.name}，{grant.citation.path}"), height + 16


def _times(page: _Page, told: Explainer, y: float) -> tuple[str, float]:
    begins, ends = told.starts, told.ends
    same = begins and ends and begins.citation.span == ends.citation.span
    rows: list[tuple[str, Quoted | None]] = [("施行和有效期", begins)] if same else [("施行", begins), ("有效期", ends)]
    rows += [("申报时间", window) for window in told.windows[:LINES]] or [("申报时间", None)]
    parts = []
    for name, quoted in rows:
        words = _cells(quoted.text) if quoted else UNSTATED
        lines = svg.wrap(words, _TEXT, ROOM - 120, 4)
        drawn = (
            _lines(EDGE + PAD + 110, y, lines) if quoted else svg.texts(EDGE + PAD + 110, y, lines, _LEADING, "ex-u")
        )
        inside = svg.text(EDGE + PAD, y, name, "ex-b" if len(name) < 6 else "ex-s") + drawn
        parts.append(page.link(quoted.citation, inside, f"{name}：{words}") if quoted else inside)
        y += _LEADING * len(lines) + 8
    more, y = _more(y, len(told.windows) - LINES, "处")
    return "".join(parts) + more, y - 20


def _lines(x: float, y: float, lines: Iterable[str]) -> str:
    """Quoted lines, with their figures brought out."""
    return "".join(
        f'<text x="{x:g}" y="{y + n * _LEADING:g}" class="ex-q">{_emphasised(line)}</text>'
        for n, line in enumerate(lines)
    )


def _cells(text: str) -> str:
    """Cells of a table row with a stroke between them."""
    return text.replace("\t", " ｜ ")


def _emphasised(line: str) -> str:
    parts, at = [], 0
    for figure in _FIGURE.finditer(line):
        parts.append(f"{svg.markup(line[at : figure.start()])}<tspan>{svg.markup(figure[0])}</tspan>")
        at = figure.end()
    return "".join(parts) + svg.markup(line[at:])


def _foot(page: _Page, told: Explainer) -> str:
    number = told.card.document_number
    words = (
        f"文字摘自{book_title(told.title) if told.title else told.card.file}{f'（{number}）' if number else ''}，“…”处有删节，以原文件为准。"
        f"时效以 {told.as_of.isoformat()} 为准：{told.status.reason}"
    )
    lines = svg.wrap(words, _SMALL, WIDTH - 2 * EDGE, 5)
    top = page.y + 8
    page.y = top + 20 * len(lines) + 14
    return svg.texts(EDGE, top, lines, 20, "ex-s")


def explainer_html(told: Explainer) -> str:
    """The picture with its tools, worked by ``ui_assets/graph.js``."""
    tools = (
        '<div class="tools" role="toolbar" aria-label="图的工具"><button type="button" class="zoom-in" aria-label="放大">＋</button>'
        '<button type="button" class="zoom-out" aria-label="缩小">－</button><button type="button" class="save-svg">存为 SVG</button>'
        '<button type="button" class="save-png">存为 PNG</button><small>点击文字可打开原文条款</small></div>'
    )
    return f'<figure class="explained">{tools}<div class="stage" tabindex="-1">{explainer_svg(told)}</div></figure>'
