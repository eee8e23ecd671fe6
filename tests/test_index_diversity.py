"""Levels and places that a question sets side by side: which they are, and that hits of each come first in turn."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.card import DocumentCard
from index.chunk import Chunk, Hit
from index.diversity import may_compare, spread
from index.query import REGIONS, compared, understand
from ingest.document import Span

S, P, C, D = "state", "province", "city", "district"
COMPARED = [
    ("省、市、区对高企分别怎么奖励", (P, C, D), "levels in a list"),
    ("省市区三级都有什么人才政策", (P, C, D), "… without commas"),
    ("省市两级怎么配套", (P, C), "two of them"),
    ("国家、省、市、区四级", (S, P, C, D), "all four"),
    ("国家和省里对首台套的奖励", (S, P), "国家 and 省里"),
    ("省里有，市里呢", (P, C), "in two clauses"),
    ("国家有规定，我省怎么执行", (S, P), "国家 and 我省"),
    ("市的政策和区的政策一样吗", (C, D), "市的 and 区的"),
    ("市政策跟区政策哪个高", (C, D), "市政策 and 区政策"),
    ("市里和区里能不能叠加", (C, D), "whether both can be had"),
    ("市、区财政各承担多少", (C, D), "who bears what"),
    ("各级对小微企业怎么支持", (S, P, C, D), "各级"),
    ("三级对比", (S, P, C, D), "三级"),
    ("各地的招商政策有什么不同", (REGIONS,), "places that are not named"),
    ("哪个市给得多", (REGIONS,), "which city"),
    ("省里怎么规定", (), "one level"),
    ("区县怎么补贴", (), "one level in two words"),
    ("各级人民政府应当加强领导", (), "a phrase of every file"),
    ("各地区各部门要认真落实", (), "another"),
    ("各市、县人民政府", (), "to whom a file is addressed"),
    ("省委、省政府的部署", (), "two bodies of one level"),
    ("省市场监管局", (), "市场 is no 市"),
    ("市发改委、区财政局", (), "offices"),
    ("城市、县城建设", (), "城市 is no level"),
    ("小区和社区", (), "nor is 小区"),
    ("合肥市、芜湖市、蚌埠市", (), "names of places are found among those of the library"),
    ("三级公立医院绩效考核", (), "a grade of hospitals"),
    ("", (), "nothing"),
]


@pytest.mark.parametrize(("text", "sides", "reason"), COMPARED, ids=[row[2] for row in COMPARED])
def test_what_a_question_sets_side_by_side(text: str, sides: tuple[str, ...], reason: str):
    assert compared(text) == sides, reason


# document → (level, region)
PLACES = {
    "国": (S, "全国"),
    "皖": (P, "安徽省"),
    "肥": (C, "安徽省合肥市"),
    "蜀": (D, "安徽省合肥市蜀山区"),
    "芜": (C, "安徽省芜湖市"),
    "高": ("zone", "安徽省合肥市"),
    "无": (None, None),
}


def card(id_: str) -> DocumentCard:
    level, region = PLACES[id_]
    return DocumentCard(
        id=id_, sha256=id_, file=f"{id_}.txt", title=id_, document_number=None, masked=False, issuers=(), level=level, region=region,
        year=None, kind=None, issued_on=None, effective_on=None, expires_on=None, clauses=1, pages=0, versions=1,
        added_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


CARDS = {id_: card(id_) for id_ in PLACES}


def hits(documents: str, exact: int = 0) -> list[Hit]:
    """A hit of each document named, best first; the first ``exact`` of them are of a file that the question names."""
    return [
        Hit(Chunk(f"{id_}#{n}", id_, f"{id_}#{n}", "", "", Span(0, 1), 0), 9.0 - n / 10, n + 1,
            (("exact", n + 1), ("lexical", n + 1)) if n < exact else (("lexical", n + 1),))
        for n, id_ in enumerate(documents)
    ]  # fmt: skip


def order(text: str, documents: str, limit: int = 20, exact: int = 0) -> str:
    found = spread(understand(text), hits(documents, exact), CARDS, limit)
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    return "".join(hit.chunk.document_id for hit in found)


SPREAD = [
    ("省、市、区分别怎么奖励", "肥肥肥皖蜀", "肥皖蜀肥肥", "the best of each level in turn"),
    ("省、市、区分别怎么奖励", "肥肥肥肥肥皖", "肥皖肥肥肥肥", "the rest of a level comes at the end"),
    ("省里有，市里呢", "蜀肥皖肥", "肥皖肥蜀", "a level that is not compared waits"),
    ("市里和区里能不能叠加", "肥肥高", "肥高肥", "a zone counts as a district"),
    ("省、市、区分别怎么奖励", "肥肥芜", "肥肥芜", "all of one level: nothing to spread"),
    ("合肥和芜湖的人才补贴", "肥肥肥芜", "肥芜肥肥", "two places of the library"),
    ("合肥市、芜湖市比较", "肥蜀肥芜", "肥芜蜀肥", "a district belongs to its city"),
    ("合肥蜀山区的补贴", "肥蜀肥", "肥蜀肥", "a place within a place is one place"),
    ("合肥的补贴", "肥芜肥", "肥芜肥", "one place"),
    ("各地的补贴有什么不同", "肥肥肥芜皖", "肥芜皖肥肥", "all places"),
    ("人才补贴", "肥肥肥芜", "肥肥肥芜", "nothing is compared"),
    ("省、市、区分别怎么奖励", "无肥肥皖", "肥皖肥无", "a file of which no level is known is of no side"),
]


@pytest.mark.parametrize(("text", "before", "after", "reason"), SPREAD, ids=[row[3] for row in SPREAD])
def test_sides_take_turns(text: str, before: str, after: str, reason: str):
    assert order(text, before) == after, reason


def test_what_the_question_names_stays_first():
    assert order("省里和市里怎么奖励", "肥肥肥皖", exact=2) == "肥肥肥皖"
    assert order("省里和市里怎么奖励", "蜀肥肥皖", exact=1) == "蜀肥皖肥"


def test_a_side_from_below_the_limit_comes_in():
    assert order("省里和市里怎么奖励", "肥肥肥肥皖", limit=2) == "肥皖"


@given(st.text(alphabet="".join(PLACES), max_size=12), st.integers(0, 14), st.sampled_from([row[0] for row in SPREAD]))
def test_nothing_is_lost_or_shown_twice(documents: str, limit: int, text: str):
    found = order(text, documents, limit)
    assert len(found) == min(limit, len(documents))
    if limit >= len(documents):
        assert sorted(found) == sorted(documents)
    assert order(text, documents, limit) == found
    assert may_compare(understand(text)) or found == documents[:limit]
