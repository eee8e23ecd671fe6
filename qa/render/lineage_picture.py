"""The lineage (沿革图) as a picture (SVG), and as the fragment of a page with tools, legend and a table that says the same in words.

A file links to ``#file-ID``, a relation to the sentence that states it (``#open-ID-START-END``). The picture carries its own
style and names no font that must be fetched, so that it is the same when it is saved. As a file (``linked=False``) it has no links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

from ingest.document import LEVEL_NAMES, book_title
from qa.render import svg
from qa.render.lineage_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    HEADER,
    LABEL_HEIGHT,
    LEFT,
    MARGIN,
    UNKNOWN_LEVEL,
    UNKNOWN_YEAR,
    Band,
    Box,
    Label,
    Layout,
    Style,
    layout,
    relation_name,
)
from qa.render.markup import NO_NUMBER, STATE_COLOURS, badge, escape, shorten
from qa.render.sources import open_link

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.answer import Citation
    from qa.framework.graph import Edge, Graph, Node

NOT_HELD = "库内未收录"
NOTHING = '<div class="empty">没有可以画出的文件。</div>'
STYLE_NAMES: dict[Style, str] = {
    "rests": "贯彻、依据、结合、印发、细化",
    "changes": "修改、延续、部分废止",
    "ends": "废止、替代",
    "names": "参照、解读、提及",
}
LEGEND_HEIGHT, LEGEND_ROW = 66, 22
_LEGEND_WIDTH = 760
_TITLE_SIZE, _SMALL = 13, 11
_PAD = 10
_SENTENCE = 90  # characters of a tooltip or a table cell
_BEND = 4
_COLOURS = {
    "good": ("#dff3e5", "#0f5a2d"), "bad": ("#fde4e2", "#93170f"), "warn": ("#fdf0d3", "#734a00"),
    "soon": ("#e2ecfd", "#1b4489"), "unknown": ("#e9ecf1", "#414b5a"),
}  # fmt: skip

# Contrast of every text on its ground is at least 4.5 to 1. The dashes tell the relations apart without colour.
CSS = (
    f".lg text{{font-family:{svg.FONTS}}}"
    ".lg-paper{fill:#fff}.lg-band{fill:#f5f7fb}.lg-rule{stroke:#d5dbe5}"
    ".lg-year,.lg-level{font-size:13px;font-weight:600;fill:#414b5a}"
    ".lg-n rect{fill:#fff;stroke:#7c8aa0}.lg-n.c rect.b{stroke:#1f4e9c;stroke-width:2.5}"
    ".lg-n.stub rect.b{fill:#fafbfd;stroke-dasharray:5 4}"
    f".lg-t{{font-size:{_TITLE_SIZE}px;fill:#1a1f29}}.stub .lg-t{{fill:#55606f}}"
    f".lg-s{{font-size:{_SMALL}px;fill:#55606f}}"
    f".lg-l text{{font-size:{_SMALL}px;text-anchor:middle}}.lg-l rect{{stroke-width:1}}"
    ".lg-l path{fill:none;stroke-width:1.6}"
    ".lg .rests rect{fill:#eaf1fd;stroke:#1f4e9c}.lg .rests text{fill:#163b78}.lg .rests path{stroke:#1f4e9c}"
    ".lg .changes rect{fill:#fdf0d3;stroke:#8a5a00}.lg .changes text{fill:#734a00}.lg .changes path{stroke:#8a5a00;stroke-dasharray:9 3 2 3}"
    ".lg .ends rect{fill:#fde4e2;stroke:#93170f}.lg .ends text{fill:#93170f}.lg .ends path{stroke:#b5121b;stroke-dasharray:6 4}"
    ".lg .names rect{fill:#f1f3f7;stroke:#55606f}.lg .names text{fill:#414b5a}.lg .names path{stroke:#6b7788;stroke-dasharray:1.5 3}"
    ".lg-l path.h{stroke-dasharray:none}.lg .rests .h{fill:#1f4e9c}.lg .changes .h{fill:#8a5a00}.lg .ends .h{fill:#b5121b}.lg .names .h{fill:#6b7788}"
    + "".join(f".{name}.st{{fill:{ground}}}.{name}.sw{{fill:{ink}}}" for name, (ground, ink) in _COLOURS.items())
    + f".lg-n rect.st{{stroke:none}}.sw{{font-size:{_SMALL}px}}"
    ".lg a.lg-n,.lg a.lg-l{cursor:pointer;text-decoration:none;outline:none!important}"
    "a.lg-n:focus-visible rect.b,a.lg-n:hover rect.b{stroke:#1f4e9c;stroke-width:3}"
    "a.lg-l:focus-visible rect,a.lg-l:hover rect{stroke-width:3}a.lg-l:focus-visible path,a.lg-l:hover path{stroke-width:3}"
    ".lg.dim .lg-l:not(.on){opacity:.12}.lg.dim .lg-n:not(.on){opacity:.45}"
)  # fmt: skip


def lineage_svg(graph: Graph, linked: bool = True) -> str:
    """The picture; empty where there is no file. ``linked``: for a page, else as a file of its own."""
    if not graph.nodes:
        return ""
    plan = layout(graph)
    across = max(plan.width, _LEGEND_WIDTH)
    height = plan.height + LEGEND_HEIGHT
    described = (
        f"政策沿革图：{len(graph.nodes)} 份文件，{len(graph.edges)} 处关系，时效以 {graph.as_of.isoformat()} 为准"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="lg" viewBox="0 0 {across} {height}" width="{across}" height="{height}" '
        f'role="group" aria-label="{described}"><style>{CSS}</style><rect class="lg-paper" width="{across}" height="{height}"/>'
        f"{_ground(plan, across)}{''.join(_files(graph, plan, linked))}{_headings(plan, across)}"
        f"{_legend(plan.height, described)}</svg>"
    )


def _ground(plan: Layout, across: int) -> str:
    bands = "".join(
        f'<rect class="lg-band" x="0" y="{band.start}" width="{across}" height="{band.end - band.start}"/>'
        for band in plan.levels[::2]
    )
    rules = "".join(
        f'<path class="lg-rule" d="M{band.start} {HEADER}V{plan.height - MARGIN // 2}"/>' for band in plan.years
    )
    return f'<g aria-hidden="true">{bands}{rules}</g>'


def _headings(plan: Layout, across: int) -> str:
    """Names of the years and levels; the page keeps them in sight while the picture is moved under them."""
    years = "".join(svg.text((y.start + y.end) / 2, 25, y.name, "lg-year", "middle") for y in plan.years)
    levels = "".join(
        f'<g data-end="{band.end}">{svg.text(8, _middle(band) + 4, band.name, "lg-level")}</g>' for band in plan.levels
    )
    bottom = plan.height - MARGIN // 2
    return (
        f'<g class="lg-levels" aria-hidden="true"><rect class="lg-paper" y="{HEADER}" width="{LEFT - 6}" height="{bottom - HEADER}"/>'
        f'{levels}</g><g class="lg-years" aria-hidden="true"><rect class="lg-paper" width="{across}" height="{HEADER - 4}"/>'
        f'<path class="lg-rule" d="M0 {HEADER - 4}H{across}"/>{years}</g>'
    )


def _middle(band: Band) -> int:
    return min((band.start + band.end) // 2, band.start + 150)


def _files(graph: Graph, plan: Layout, linked: bool) -> Iterator[str]:
    """In the order in which they are read: each file, then what it says of others. Labels of lower lines first."""
    numbers = {box.node.id: at for at, box in enumerate(plan.boxes)}
    names = {box.node.id: box.node for box in plan.boxes}
    opens = _first_mention(graph)
    for box in plan.boxes:
        yield _box(graph, box, numbers, opens, linked)
        for label in sorted(plan.labels.get(box.node.id, ()), key=lambda label: -label.y):
            yield _label(label, names, numbers, linked)


def _first_mention(graph: Graph) -> dict[str, str]:
    found: dict[str, str] = {}
    for edge in graph.edges:
        if edge.citations:
            found.setdefault(edge.target, open_link(edge.citations[0]))
    return found


def _box(graph: Graph, box: Box, numbers: Mapping[str, int], opens: Mapping[str, str], linked: bool) -> str:
    node, at = box.node, numbers[box.node.id]
    link = f"#file-{quote(node.id, safe='')}" if node.held else opens.get(node.id, "")
    name = "lg-n" + ("" if node.held else " stub") + (" c" if node.id == graph.around else "") + f" n{at}"
    lines = svg.wrap(_label_text(node), _TITLE_SIZE, BOX_WIDTH - 2 * _PAD, 2)
    inside = (
        f'<rect class="b" x="{box.x}" y="{box.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f"{svg.texts(box.x + _PAD, box.y + 19, lines, 17, 'lg-t')}{_foot(node, box)}"
    )
    return _linked(name, link if linked else "", described(node), inside)


def _label_text(node: Node) -> str:
    """The subject, with the place where it does not say it."""
    place = (node.region or "")[-12:]
    return f"{place} {node.short}" if place and place not in node.short else node.short


def _foot(node: Node, box: Box) -> str:
    word = node.state if node.held else "未收录"
    breadth = svg.width(word, _SMALL) + 8
    right, y = box.x + BOX_WIDTH - 6, box.y + BOX_HEIGHT - 8
    colour = STATE_COLOURS.get(node.state, "unknown")
    number = svg.fit(node.number or NO_NUMBER, _SMALL, BOX_WIDTH - _PAD - 10 - breadth)
    return (
        svg.text(box.x + _PAD, y, number, "lg-s")
        + f'<rect class="{colour} st" x="{right - breadth:g}" y="{y - 12}" width="{breadth:g}" height="16" rx="8"/>'
        + svg.text(right - breadth / 2, y, word, f"{colour} sw", "middle")
    )


def described(node: Node) -> str:
    """A file in words, for a tooltip and for those who hear the picture."""
    place = " ".join(filter(None, (LEVEL_NAMES.get(node.level or "", UNKNOWN_LEVEL), node.region)))
    year = f"{node.year}年" if node.year else UNKNOWN_YEAR
    state = f"时效：{node.state}" if node.held else node.note or NOT_HELD
    title = book_title(node.title) if node.title else "标题未标明"
    return f"{title}（{node.number or NO_NUMBER}），{place}，{year}，{state}"


def _label(label: Label, names: Mapping[str, Node], numbers: Mapping[str, int], linked: bool) -> str:
    edge, word = label.edge, relation_name(label.edge.relation)
    link = open_link(edge.citations[0]) if linked and edge.citations else ""
    said = f"：{shorten(_one_line(edge.citations[0].quote), _SENTENCE)}" if edge.citations else ""
    spoken = f"{names[edge.source].short} {word} {names[edge.target].short}{said}"
    name = f"lg-l {label.style} s{numbers[edge.source]} t{numbers[edge.target]}"
    (x, y), *_, (before, _), (end, enters) = label.line
    tip = -6 if end > before else 6
    inside = (
        f'<path d="{_rounded(label.line)}"/><path class="h" d="M{end} {enters}l{tip} -3.5v7z"/>'
        f'<rect x="{label.x}" y="{label.y}" width="{label.width}" height="{LABEL_HEIGHT}" rx="3"/>'
        f'<text x="{x}" y="{y + 12}">{word}</text>'
    )
    return _linked(name, link, spoken, inside)


def _linked(name: str, link: str, spoken: str, inside: str) -> str:
    spoken = svg.markup(spoken)
    if not link:
        return f'<g class="{name}" role="img" aria-label="{spoken}"><title>{spoken}</title>{inside}</g>'
    return f'<a class="{name}" href="{link}" aria-label="{spoken}"><title>{spoken}</title>{inside}</a>'


def _rounded(corners: tuple[tuple[int, int], ...]) -> str:
    """A line through the corners, which are bent where both arms are long enough."""
    (x, y), *rest = corners
    path = f"M{x} {y}"
    for (ax, ay), (bx, by) in pairwise(rest):
        bend = min(_BEND, (abs(ax - x) + abs(ay - y)) // 2, (abs(bx - ax) + abs(by - ay)) // 2)
        path += f"L{ax - bend * _sign(ax - x)} {ay - bend * _sign(ay - y)}Q{ax} {ay} {ax + bend * _sign(bx - ax)} {ay + bend * _sign(by - ay)}"
        x, y = ax, ay
    return f"{path}L{rest[-1][0]} {rest[-1][1]}"


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _legend(top: int, described: str) -> str:
    """What lines and boxes mean; under it what is drawn and of which day."""
    parts, x = [], 12.0
    for style, words in STYLE_NAMES.items():
        parts.append(
            f'<g class="lg-l {style}"><path d="M{x:g} {top + 12}h30"/><path class="h" d="M{x + 36:g} {top + 12}l-6 -3.5v7z"/></g>'
            + svg.text(x + 42, top + 16, words, "lg-s")
        )
        x += 56 + svg.width(words, _SMALL)
    y = top + LEGEND_ROW
    stub = (
        f'<g class="lg-n stub"><rect class="b" x="12" y="{y + 3}" width="30" height="16" rx="4"/></g>'
        + svg.text(54, y + 16, "虚线框：只见于其他文件的引用，库内未收录；箭头从引用的文件指向被引用的文件", "lg-s")
    )  # fmt: skip
    return f'<g aria-hidden="true">{"".join(parts)}{stub}{svg.text(12, y + 38, described, "lg-s")}</g>'


def _one_line(text: str) -> str:
    return " ".join(text.split())


def lineage_html(graph: Graph) -> str:
    """The picture with its tools, which ``ui_assets/graph.js`` works, and the table of its relations."""
    if not graph.nodes:
        return NOTHING
    more = f"另有 {graph.left_out} 份相关文件没有画出，可减少步数或换一份文件查看。" if graph.left_out else ""
    alone = "" if graph.edges else "这些文件没有引用其他文件，也没有被其他文件引用。"
    note = f'<p class="count" role="status">{more or alone}</p>' if more or alone else ""
    tools = (
        '<div class="tools" role="toolbar" aria-label="图的工具"><button type="button" class="zoom-in" aria-label="放大">＋</button>'
        '<button type="button" class="zoom-out" aria-label="缩小">－</button><button type="button" class="zoom-all">全部</button>'
        '<button type="button" class="zoom-one">原大</button><button type="button" class="save-svg">存为 SVG</button>'
        '<button type="button" class="save-png">存为 PNG</button><small>拖动可移动，按住 Ctrl 滚动可缩放，方向键在文件间移动</small></div>'
    )
    return (
        f'<figure class="lineage">{tools}{note}<div class="stage" tabindex="-1">{lineage_svg(graph)}</div>'
        f"{relations_html(graph)}</figure>"
    )


def relations_html(graph: Graph) -> str:
    """Every relation in words with the sentences that state it, for those who do not see the picture."""
    names = {node.id: node for node in graph.nodes}
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("文件", "关系", "所指文件", "原句"))
    rows = "".join(_row(edge, names) for edge in graph.edges)
    return (
        f'<details class="relations"><summary>关系表（{len(graph.edges)} 处，可代替图阅读）</summary><table class="files">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _row(edge: Edge, names: Mapping[str, Node]) -> str:
    said = "".join(_sentence(citation) for citation in edge.citations)
    return (
        f"<tr><td>{_named(names[edge.source])}</td><td>{relation_name(edge.relation)}</td>"
        f"<td>{_named(names[edge.target])}</td><td>{said}</td></tr>"
    )


def _named(node: Node) -> str:
    title = svg.markup(book_title(node.title) if node.title else "标题未标明")
    if node.held:
        title = f'<a class="file" href="#file-{quote(node.id, safe="")}">{title}</a>{badge(node.state)}'
    return f"{title}<small>{svg.markup(node.number or NO_NUMBER)}{'' if node.held else f' {escape(node.note)}'}</small>"


def _sentence(citation: Citation) -> str:
    words = svg.markup(shorten(_one_line(citation.quote), _SENTENCE))
    path = svg.markup(citation.path or "出处")
    return f'<div>{words}<a class="cite" href="{open_link(citation)}">{path}</a></div>'
