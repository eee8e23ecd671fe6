"""The pictures: well formed, complete, nothing on top of anything else or outside, inert whatever a file is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from index.library import Library
from ingest.document import RELATION_NAMES, Span
from ingest.settings import Settings
from qa.answer import Citation
from qa.framework.explainer import Explainer, explainer
from qa.framework.graph import STUB, Edge, Graph, Node, graph, shown
from qa.render import svg
from qa.render.explainer_picture import explainer_html, explainer_svg
from qa.render.lineage_layout import BOX_HEIGHT, BOX_WIDTH, LABEL_HEIGHT, Layout, crossings, drawn, layout
from qa.render.lineage_layout import _Grid as Grid
from qa.render.lineage_picture import lineage_html, lineage_svg

AS_OF = date(2026, 6, 1)
NS = {"s": "http://www.w3.org/2000/svg"}
HOSTILE = (
    '</text></svg><script>alert(1)</script><img src=x onerror="a()">${alert(1)}{{x}} javascript:a()\x00\ufffe\ud800'
)
# Font sizes of the classes, and whether they are bold, which widens Latin letters and figures a little.
SIZES = {
    "lg-t": 13, "lg-s": 11, "lg-year": 13, "lg-level": 13, "sw": 11, "ex-title": 30, "ex-h": 19, "ex-t": 15, "ex-b": 15, "ex-q": 15,
    "ex-u": 15, "ex-s": 12.5, "ex-meta": 15, "ex-tag": 15, "ex-no": 15,
}  # fmt: skip

numbers = st.integers(0, 13)
levels = st.sampled_from(["state", "province", "city", "district", "zone", None])
years = st.sampled_from([2019, 2021, 2024, None])
titles = st.sampled_from(["关于支持甲产业的若干措施", "乙" * 200, HOSTILE, "A" * 90, None])


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 14))
    nodes = tuple(
        Node(f"{STUB if n % 3 == 2 else ''}{n}", draw(titles), draw(st.sampled_from([None, "示政〔2024〕9号", "丙" * 60])),
             draw(levels), draw(st.sampled_from([None, "示范市", "丁" * 30])), draw(years), "有效" if n % 3 < 2 else "", "库内未收录")
        for n in range(count)
    )  # fmt: skip
    held = [node.id for node in nodes if node.held]
    ends = st.tuples(
        st.sampled_from(held), st.sampled_from([n.id for n in nodes]), st.sampled_from([*RELATION_NAMES, None])
    )
    found = {(a, b, relation) for a, b, relation in draw(st.lists(ends, max_size=30)) if a != b}
    edges = tuple(Edge(*key, citations=(cited(key[0]),)) for key in sorted(found, key=str))
    return Graph(nodes, edges, AS_OF, around=held[0])


def cited(document_id: str) -> Citation:
    return Citation(
        1, document_id, "c", "a.txt", HOSTILE, None, "第一条", None, HOSTILE[:-2], Span(3, 9), None, None, "有效"
    )


def parsed(picture: str) -> etree._Element:
    return etree.fromstring(picture.encode(), etree.XMLParser(resolve_entities=False))


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_nothing_lies_on_anything_else_and_no_line_runs_through_a_box(found: Graph):
    plan = layout(found)
    boxes = {box.node.id: (box.x, box.y, box.x + BOX_WIDTH, box.y + BOX_HEIGHT) for box in plan.boxes}
    labels = [label for own in plan.labels.values() for label in own]
    areas = [*boxes.values(), *((b.x, b.y, b.x + b.width, b.y + LABEL_HEIGHT) for b in labels)]
    for at, one in enumerate(areas):
        assert one[0] >= 0 and one[2] <= plan.width and one[1] >= 0 and one[3] <= plan.height
        assert not any(overlap(one, other) for other in areas[at + 1 :])
    for label in labels:
        for start, end in zip(label.line, label.line[1:], strict=False):
            run = (*map(min, start, end), *map(max, start, end))
            assert not any(overlap(run, box) for box in boxes.values()), (label.edge, start, end)


def overlap(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@settings(max_examples=25, deadline=None)
@given(graphs())
def test_the_picture_is_well_formed_inert_complete_and_the_same_each_time(found: Graph):
    picture = lineage_svg(found)
    root = parsed(picture)
    assert {etree.QName(e).localname for e in root.iter()} <= set("svg style rect g path text a title".split())
    assert all(not name.startswith("on") for element in root.iter() for name in element.attrib)
    links = [link.get("href") for link in root.iterfind(".//s:a", NS)]
    assert all(re.match(r"#(file|open)-", link) for link in links)
    assert sum("lg-l" in (a.get("class") or "") for a in root.iterfind(".//s:a", NS)) == len(drawn(found))
    assert sum("lg-n" in (e.get("class") or "").split() for e in root.iter() if e.get("aria-label")) == len(found.nodes)
    assert picture == lineage_svg(replace(found))
    assert not outside(root)


def outside(root: etree._Element) -> list[str]:
    """Texts that leave the picture, by the widths that it was made with."""
    width, height = (float(root.get(side) or 0) for side in ("width", "height"))
    found = []
    for text in root.iterfind(".//s:text", NS):
        size = next((SIZES[name] for name in (text.get("class") or "").split() if name in SIZES), 11)
        words = "".join(text.itertext())
        breadth = svg.width(words, size)
        left = float(text.get("x") or 0) - {"middle": breadth / 2, "end": breadth}.get(text.get("text-anchor") or "", 0)
        if text.get("text-anchor") is None and (text.get("class") is None and text.get("font-size") is None):
            left -= breadth / 2  # the words of relations
        if left < 0 or left + breadth > width or not 8 < float(text.get("y") or 0) < height - 2:
            found.append(words)
    return found


@settings(max_examples=25, deadline=None)
@given(graphs())
def test_ordering_never_adds_crossings(found: Graph):
    edges = drawn(found)
    grid = Grid(found.nodes, edges)
    cells: dict[tuple[str, int | None], list[str]] = {}
    for node in sorted(found.nodes, key=lambda node: (not node.held, node.number or "", node.id)):
        cells.setdefault((node.level or "", node.year), []).append(node.id)
    assert crossings(grid.slots, edges) <= crossings(grid._placed(cells), edges)


def test_levels_stand_in_their_order_and_what_is_unknown_stands_apart():
    nodes = [
        Node(str(n), "甲", None, level, None, year, "有效")
        for n, (level, year) in enumerate(
            [(None, 2024), ("zone", 2024), ("state", None), ("district", 2019), ("province", 2021), ("city", 2024)]
        )
    ]
    plan: Layout = layout(Graph(tuple(nodes), (), AS_OF))
    assert [band.name for band in plan.levels] == ["国家", "省级", "市级", "区县级", "开发区", "级别未标明"]
    assert [band.name for band in plan.years] == ["2019年", "2021年", "2024年", "年份未标明"]


def test_a_mere_mention_is_not_drawn_beside_another_relation_but_stands_in_the_table():
    nodes = tuple(Node(id_, id_, None, "city", None, 2024, "有效") for id_ in "ab")
    both = Graph(nodes, (Edge("a", "b", "based_on", (cited("a"),)), Edge("a", "b", None, (cited("a"),))), AS_OF)
    page = lineage_html(both)
    assert page.count('class="lg-l rests') == 2  # the legend has one
    assert page.count("<td>提及</td>") == page.count("<td>依据</td>") == 1


def test_a_saved_picture_has_no_links_and_an_empty_graph_no_picture():
    node = Node("a", "甲", None, None, None, None, "有效")
    assert "href" not in lineage_svg(Graph((node,), (), AS_OF), linked=False)
    assert "没有引用其他文件" in lineage_html(Graph((node,), (), AS_OF))
    assert lineage_svg(Graph((), (), AS_OF)) == ""
    assert "没有可以画出的文件" in lineage_html(Graph((), (), AS_OF))


@pytest.mark.parametrize(
    ("text", "room", "lines", "expected"),
    [
        ("按照设备投资额的8%给予补助", 160, 3, ["按照设备投资额的", "8%给予补助"]),
        ("最高不超过12345678万元", 150, 2, ["最高不超过", "12345678万元"]),  # a figure stays whole
        ("一次性给予奖励1000万元", 170, 1, ["一次性给予奖励…"]),  # half a figure is another figure
        ("甲乙丙丁，戊", 80, 2, ["甲乙丙", "丁，戊"]),  # no comma begins a line
        ("", 100, 2, []),
        ("甲", 5, 1, ["…"]),  # no room for one character
    ],
)
def test_text_is_broken_as_it_is_read(text: str, room: float, lines: int, expected: list[str]):
    assert svg.wrap(text, 20, room, lines) == expected


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.floats(60, 600), st.integers(1, 4))
def test_no_line_is_wider_than_its_room_and_what_is_lost_is_marked(text: str, room: float, lines: int):
    found = svg.wrap(text, 15, room, lines)
    assert len(found) <= lines
    assert all(svg.width(line, 15) <= room for line in found)
    if found and not found[-1].endswith("…"):
        assert "".join("".join(found).split()) == "".join(text.split())


@pytest.fixture(scope="module")
def samples(sample_data) -> Iterator[Library]:
    with Library.open(Settings(data=sample_data)) as library:
        yield library


@pytest.fixture(scope="module")
def told(samples: Library) -> list[Explainer]:
    return [explainer(samples, card.id, AS_OF) for card in samples.documents()]


def test_the_samples_are_drawn_with_every_relation_and_stay_inside(samples: Library):
    view = shown(samples, graph(samples, AS_OF))
    root = parsed(lineage_svg(view))
    assert not outside(root)
    spoken = [a.get("aria-label") for a in root.iterfind(".//s:a", NS)]
    assert any("清河区促进制造业高质量发展若干政策 废止 清河区支持制造业发展若干政策" in words for words in spoken)
    assert lineage_html(view).count("<tr>") == len(view.edges) + 1


def test_every_quoted_line_of_an_explainer_stands_in_a_cited_span(told: list[Explainer]):
    for page in told:
        quotes = [*page.who, *page.aims, *page.contents, *page.conditions, *page.windows, *page.departments]
        quotes += [quoted for grant in page.grants for quoted in grant.benefits]
        quotes += filter(None, (page.starts, page.ends, page.interpreter))
        words = "\n".join(squeezed(quoted.citation.quote) for quoted in quotes)
        root = parsed(explainer_svg(page))
        assert not outside(root)
        for line in root.iterfind(".//s:text[@class='ex-q']", NS):
            assert squeezed("".join(line.itertext())).rstrip("…") in words
        figures = [tspan.text for tspan in root.iterfind(".//s:text[@class='ex-q']/s:tspan", NS)]
        assert all(squeezed(figure or "") in words for figure in figures)


def squeezed(text: str) -> str:
    return "".join(text.replace("｜", "").split())


def test_an_explainer_says_first_that_a_file_does_not_hold_as_printed(told: list[Explainer]):
    changed = next(page for page in told if page.card.id == "清政〔2024〕9号")
    picture = explainer_svg(changed)
    assert picture.index("已修改：") < picture.index("依据什么")
    assert "修改第五条、第十七条" in picture


def test_an_explainer_of_a_hostile_file_is_inert_and_says_what_is_unstated(told: list[Explainer]):
    empty = replace(
        told[0], title=HOSTILE * 4, card=replace(told[0].card, issuers=(HOSTILE,), document_number=None), bases=(), who=(),
        grants=(), contents=(), conditions=(), starts=None, ends=None, windows=(), departments=(), interpreter=None,
    )  # fmt: skip
    root = parsed(explainer_svg(empty))
    assert {etree.QName(e).localname for e in root.iter()} <= set("svg style rect circle g text tspan a".split())
    assert not outside(root)
    assert explainer_html(empty).count("未标明（没有读到") == 6
