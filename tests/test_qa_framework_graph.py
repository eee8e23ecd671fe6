"""The lineage as a graph: which files and relations it has, what it shows of a large library, and that it forgets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from index.library import Library
from index.query import Filters
from ingest.errors import NotHeld
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.framework.explainer import explainer
from qa.framework.graph import STUB, Edge, Graph, Node, graph, neighbourhood, short_title, shown

AS_OF = date(2026, 6, 1)


@pytest.fixture(scope="module")
def samples(sample_data) -> Iterator[Library]:
    with Library.open(Settings(data=sample_data)) as library:
        yield library


@pytest.fixture(scope="module")
def drawn(samples: Library) -> Graph:
    return shown(samples, graph(samples, AS_OF))


def plan_of(view: Graph) -> Node:
    return next(node for node in view.nodes if node.title and "提质扩量工作方案" in node.title)


def test_the_district_plan_has_its_four_edges_with_their_relations(drawn: Graph):
    plan = plan_of(drawn)
    names = {node.id: node.short for node in drawn.nodes}
    assert sorted((e.relation, names[e.target]) for e in drawn.edges if e.source == plan.id) == [
        ("coordinates", "进一步推进“双招双引”提质增效的实施意见"),
        ("implements", "加强招商引资招才引智推动主导产业高质量发展工作方案"),
        ("implements", "加强招商引资招才引智推动十大新兴产业高质量发展工作方案"),
        ("implements", "大力发展十大新兴产业打造具有重要影响力新兴产业聚集地的意见"),
    ]


def test_every_link_of_every_document_is_an_edge_once_with_the_sentence_that_states_it(samples: Library, drawn: Graph):
    links = {
        (card.id, link.relation, link.resolution.document_id or link.title)
        for card in samples.documents()
        for link in samples.references(card.id)
    }
    keys = [(edge.source, edge.relation, edge.target) for edge in drawn.edges]
    assert len(keys) == len(set(keys)) == len(links)
    for edge in drawn.edges:
        assert edge.citations
        for citation in edge.citations:
            assert citation.document_id == edge.source
            assert citation.quote == citation.span.of(samples.document(edge.source).text)


def test_files_that_are_only_named_are_stubs_with_what_their_name_tells(drawn: Graph):
    stubs = {node.short: node for node in drawn.nodes if not node.held}
    law, old = stubs["优化营商环境条例"], stubs["清河区鼓励企业迁入若干规定"]
    assert (law.number, law.level, law.year, law.note) == (None, None, None, "库内未收录")
    assert (old.number, old.level, old.year) == ("清政办〔2019〕30号", "district", 2019)


def test_the_sentence_that_enacts_a_change_comes_before_the_title_that_announces_it(drawn: Graph):
    change = next(edge for edge in drawn.edges if edge.relation == "amends")
    assert "决定对" in change.citations[0].quote


def test_filters_leave_out_files_and_the_edges_to_them(samples: Library):
    city = graph(samples, AS_OF, Filters(levels=("city",)))
    assert {node.level for node in city.nodes if node.held} == {"city"}
    kept = {node.id for node in city.nodes}
    assert all({edge.source, edge.target} <= kept for edge in city.edges)
    with pytest.raises(NotHeld):
        shown(samples, city, plan_of(graph(samples, AS_OF)).id)


def chain(length: int) -> Graph:
    nodes = tuple(Node(str(n), f"第{n}号", None, None, None, None, "有效") for n in range(length))
    return Graph(nodes, tuple(Edge(str(n), str(n + 1), "based_on") for n in range(length - 1)), AS_OF)


@pytest.mark.parametrize(("steps", "reached"), [(1, "456"), (2, "34567"), (3, "2345678")])
def test_a_neighbourhood_reaches_as_many_steps_in_both_directions(steps: int, reached: str):
    near = neighbourhood(chain(10), "5", steps)
    assert "".join(node.id for node in near.nodes) == reached
    assert len(near.edges) == 2 * steps
    assert near.around == "5"


def test_a_neighbourhood_that_is_too_large_keeps_the_nearest_and_tells_how_many_it_leaves_out():
    near = neighbourhood(chain(10), "5", 3, limit=5)
    assert {node.id for node in near.nodes} == set("34567")
    assert near.left_out == 2


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("清河区人民政府关于印发《清河区企业上台阶奖励办法》的通知", "清河区企业上台阶奖励办法"),
        ("中共XX市委办公室印发《关于推动主导产业发展工作方案》的通知", "推动主导产业发展工作方案"),  # 关于 within
        ("清河区人民政府关于修改《清河区若干政策》部分条款的通知", "修改《清河区若干政策》部分条款"),  # not its title
        ("公平竞争审查条例", "公平竞争审查条例"),
        ("关于", "关于"),  # nothing is left of it otherwise
        ("关于印发《没有合上的通知", "关于印发《没有合上的通知"[2:-3]),
    ],
)
def test_a_short_title_is_what_the_file_is_about(title: str, short: str):
    assert short_title(title) == short


def test_a_removed_file_leaves_a_stub_in_the_graph_and_nothing_of_its_own(library: Library):
    above = "示政〔2023〕1号\n示范市人民政府关于支持甲产业的若干意见\n各区：\n一、支持甲产业。\n示范市人民政府\n2023年5月1日\n"
    below = (
        "示政办〔2024〕2号\n示范市人民政府办公室关于支持甲产业的实施细则\n各区：\n"
        "一、根据《关于支持甲产业的若干意见》（示政〔2023〕1号），制定本细则。\n示范市人民政府办公室\n2024年5月1日\n"
    )
    for name, text in (("a.txt", above), ("b.txt", below)):
        library.add_document(document_from_text(text, path=name), text.encode(), "text/plain")
    before = graph(library, AS_OF)
    assert [edge.target for edge in before.edges] == ["示政〔2023〕1号"]
    library.remove("示政〔2023〕1号")
    after = shown(library, graph(library, AS_OF))
    (edge,) = after.edges
    assert edge.target == f"{STUB}示政〔2023〕1号"
    stub = after.node(edge.target)
    assert stub and not stub.held
    assert (stub.level, stub.year, stub.title) == (None, 2023, "关于支持甲产业的若干意见")


def test_every_line_of_an_explainer_stands_in_its_file(samples: Library):
    for card in samples.documents():
        told = explainer(samples, card.id, AS_OF)
        quotes = [*told.who, *told.contents, *told.conditions, *told.windows, *told.departments]
        quotes += [quoted for grant in told.grants for quoted in grant.benefits]
        quotes += filter(None, (told.starts, told.ends, told.interpreter))
        for quoted in quotes:
            assert quoted.text == quoted.citation.span.of(samples.document(card.id).text)


def test_an_explainer_tells_basis_sums_and_term_of_the_manufacturing_policy(samples: Library):
    told = explainer(samples, "清政〔2024〕9号", AS_OF)
    assert [(basis.relation, basis.number) for basis in told.bases] == [("依据", "云政〔2024〕6号")]
    invested = next(grant for grant in told.grants if grant.name == "支持新引进项目设备投资")
    assert "8%给予补助，单个项目最高1000万元" in invested.benefits[0].text
    assert invested.citation.path == "第四条"
    assert told.ends and "2028年12月31日" in told.ends.text


def test_what_a_file_does_not_state_stays_empty(samples: Library):
    told = explainer(samples, plan_of(graph(samples, AS_OF)).id, AS_OF)
    assert (told.starts, told.ends, told.windows, told.conditions) == (None, None, (), ())
    assert [quoted.text for quoted in told.contents][:2] == [
        "（一）健全统筹有力的工作体系",
        "（二）找准产业招引的主攻方向",
    ]
    assert len(told.aims) == 3 and "36个" in told.aims[0].text
