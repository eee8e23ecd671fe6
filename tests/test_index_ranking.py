"""Ranking: what the files named in a question get, how the legs are joined, and that the order is always the same."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import ranking
from index.card import DocumentCard
from index.chunk import Hit, chunk
from index.lexical import Found, LexicalIndex
from index.nodes import from_node
from index.query import Filters, Query, understand
from index.ranking import WEIGHTS, Candidate, Weights
from index.retriever import PolicyRetriever, Retriever
from index.static.embedding import StaticEmbedding
from index.vectors import VectorIndex
from ingest.parse import document_from_text

# id → (title, number, level, region, year, text)
FILES = {
    "新政": ("示例区促进制造业若干政策", "示政办〔2024〕5号", "district", "示例区", 2024,
            "第一条　首次认定高新技术企业奖励20万元。\n第二条　重点项目按设备投资额的10%补助。\n第三条　本政策自印发之日起施行。"),
    "旧政": ("示例区支持工业若干政策", "示政办〔2020〕15号", "district", "示例区", 2020,
            "第一条　首次认定高新技术企业奖励10万元。\n第二条　厂房租金补贴三年。"),
    "市策": ("示例市关于制造业的意见", "示市政〔2023〕9号", "city", "示例市", 2023,
            "一、支持高新技术企业发展，各区可以给予奖励。\n二、按照示政办〔2020〕15号做好衔接。"),
    "方案": ("招商工作方案", None, "district", None, None,
            "为落实《意见》（某发〔202x〕12号），制定本方案。\n一、每年引进亿元以上项目20个。\n二、办好推介会。"),
}  # fmt: skip


def card(id_: str) -> DocumentCard:
    title, number, level, region, year, _ = FILES[id_]
    return DocumentCard(
        id=id_, sha256=id_, file=f"{id_}.txt", title=title, document_number=number, masked=False, issuers=(), level=level,
        region=region, year=year, kind=None, issued_on=None, effective_on=None, expires_on=None, clauses=1, pages=0, versions=1,
        added_at=None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lexical(tmp_path_factory):
    index = LexicalIndex.open(tmp_path_factory.mktemp("ranking") / "lexical", write=True)
    documents = []
    for id_, (title, number, *_, text) in FILES.items():
        head = f"{title}\n{number}\n" if number else ""
        documents.append(document_from_text(f"{head}{text}\n", title=title, path=f"{id_}.txt", document_id=id_))
    index.apply([(document, chunk(document)) for document in documents], (), 1)
    yield index
    index.close()


@pytest.fixture
def search(lexical: LexicalIndex) -> Callable[..., tuple[Hit, ...]]:
    states = {"旧政": "已废止"}
    retriever = Retriever(
        lexical, None, None, lambda: {id_: card(id_) for id_ in FILES}, lambda id_, _day: states.get(id_, "有效")
    )
    return lambda text, filters=Filters(), limit=20: retriever.search(
        understand(text, filters, date(2024, 6, 1), limit)
    )


def documents(hits: tuple[Hit, ...]) -> list[str]:
    return list(dict.fromkeys(hit.chunk.document_id for hit in hits))


NAMED = [
    ("示政办[2020] 15 号的奖励是多少", "旧政", "a number in another spelling"),
    ("示政办〔2024〕5号", "新政", "a bare number"),
    ("《支持工业若干政策》的奖励", "旧政", "a part of the title"),
    ("某发[202X]12号要求做什么", "方案", "a masked number that only a cited file has"),
]


@pytest.mark.parametrize(("text", "first", "reason"), NAMED, ids=[n[2] for n in NAMED])
def test_the_file_that_is_named_comes_first(search, text: str, first: str, reason: str):
    assert documents(search(text))[0] == first


def test_the_article_that_is_named_comes_first_within_its_file(search):
    hits = search("《示例区促进制造业若干政策》第2条对高新技术企业怎么说")
    assert hits[0].chunk.id == "新政#第二条"
    assert hits[0].legs[0] == ("exact", 1)


def test_a_named_file_leaves_room_for_others(search):
    hits = search("示政办〔2024〕5号对高新技术企业奖励多少", limit=4)
    assert [hit.chunk.document_id for hit in hits[:2]] == ["新政", "新政"]
    assert {hit.chunk.document_id for hit in hits[2:]} - {"新政"}


def test_files_that_name_the_number_are_found_as_well(search):
    assert "市策" in documents(search("示政办〔2020〕15号"))


FILTERS = [
    (Filters(levels=("city",)), {"市策"}),
    (Filters(regions=("示例区",)), {"新政", "旧政"}),
    (Filters(years=(2023, 2024)), {"新政", "市策"}),
    (Filters(validity=("有效",)), {"新政", "市策"}),
    (Filters(levels=("district",), years=(2020,)), {"旧政"}),
    (Filters(document_ids=("新政",)), {"新政"}),
    (Filters(document_ids=("没有",)), set()),
    (Filters(regions=("别处",)), set()),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
def test_filters_narrow_and_lose_nothing_that_passes(search, filters: Filters, expected: set[str]):
    assert set(documents(search("高新技术企业奖励", filters))) == expected


def test_filters_hold_for_named_files_too(search):
    assert documents(search("示政办〔2020〕15号奖励高新技术企业", Filters(document_ids=("新政",)))) == ["新政"]


@pytest.mark.parametrize("text", ["", "？？", "zzzz", "　"])
def test_what_has_no_words_of_the_library_finds_nothing(search, text: str):
    assert search(text) == ()


def test_limit_ranks_and_scores_agree(search):
    hits = search("高新技术企业奖励", limit=3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits == search("高新技术企业奖励", limit=8)[:3]
    assert search("高新技术企业奖励", limit=0) == ()


def test_llama_index_retrieves_the_same_chunks_in_the_same_order(lexical: LexicalIndex, search):
    retriever = PolicyRetriever(Retriever(lexical, None, None, dict), limit=5)
    nodes = retriever.retrieve("高新技术企业奖励")
    assert [from_node(n.node) for n in nodes] == [hit.chunk for hit in search("高新技术企业奖励", limit=5)]


def test_search_goes_on_without_a_dense_leg_that_does_not_answer(lexical: LexicalIndex, search, mortal_chroma_server):
    address, server = mortal_chroma_server
    model = StaticEmbedding()
    vectors = VectorIndex.open(address, "ab" * 8, "m", 160)
    server.kill()
    server.wait()
    found = Retriever(lexical, vectors, model, dict).search(understand("高新技术企业奖励"))
    assert vectors.problem is not None
    assert found == search("高新技术企业奖励")


def test_a_term_said_twice_counts_less_than_twice():
    once, twice = ({(f, t): w for f, t, w in ranking.terms(Query(text))} for text in ("补贴", "补贴，补贴"))
    assert twice["words", "补贴"] == pytest.approx(once["words", "补贴"] * (1 + math.log(2)))


def test_expansions_never_outweigh_the_words_of_the_question():
    found = {(f, t): w for f, t, w in ranking.terms(understand("招人"))}
    own = {key: weight for key, weight in found.items() if set(key[1]) <= set("招人")}
    others = {key: weight for key, weight in found.items() if key not in own}
    assert own and others
    assert all(weight < WEIGHTS.bigrams for (field, _), weight in others.items() if field == "bigrams")


FOUND = st.builds(Found, st.integers(1, 60), st.integers(1, 9), st.floats(0.1, 90), st.booleans())
CLAUSES = st.lists(FOUND, max_size=30, unique_by=lambda found: found.key)


@given(CLAUSES, st.dictionaries(st.integers(1, 9), st.floats(0.1, 90)), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_what_was_found(clauses, scores, random):
    shuffled = random.sample(clauses, len(clauses))
    assert ranking.combine(clauses, scores) == ranking.combine(shuffled, scores)


@given(CLAUSES, st.dictionaries(st.integers(1, 9), st.floats(0.1, 90)))
def test_of_two_clauses_of_one_file_the_better_one_comes_first(clauses, scores):
    body = [found for found in clauses if not found.margin]
    order = [candidate.key for candidate in ranking.combine(body, scores)]
    for better in body:
        for worse in body:
            if better.document == worse.document and better.score > worse.score + 1e-6:
                assert order.index(better.key) < order.index(worse.key)


def test_front_matter_ranks_below_an_equal_clause():
    clauses = [Found(1, 1, 10.0, True), Found(2, 1, 10.0, False)]
    assert [c.key for c in ranking.combine(clauses, {1: 5.0})] == [2, 1]


def candidates(*scores: float) -> list[Candidate]:
    return [Candidate(key, key, score, (("lexical", key),)) for key, score in enumerate(scores, 1)]


def chunks_of(documents: str, *scores: float) -> list[Candidate]:
    """Chunks 1, 2, … of the documents 101, 102, … that the digits name."""
    rows = enumerate(zip(documents, scores, strict=True), 1)
    return [Candidate(key, 100 + int(digit), score, (("lexical", key),)) for key, (digit, score) in rows]


def test_dense_leg_lifts_what_it_found_and_leaves_the_rest():
    fused = ranking.fuse(chunks_of("123", 10, 9.9, 2), {2: 0.9, 3: 0.5}, replace(WEIGHTS, dense=0.1))
    assert [(c.key, c.legs) for c in fused] == [
        (2, (("lexical", 2), ("dense", 1))),
        (1, (("lexical", 1),)),
        (3, (("lexical", 3), ("dense", 2))),
    ]


def test_a_document_near_as_a_whole_lifts_all_its_clauses():
    fused = ranking.fuse(chunks_of("1221", 5, 4.9, 4.8, 4.7), {102: 0.9, 101: 0.2}, replace(WEIGHTS, dense=1.0))
    assert [c.key for c in fused] == [2, 3, 1, 4]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.dictionaries(st.integers(1, 20), st.floats(-1, 1)))
def test_a_dense_leg_without_weight_or_hits_changes_no_order(scores, dense):
    lexical = candidates(*sorted(scores, reverse=True))
    assert ranking.fuse(lexical, {}) == lexical
    assert ranking.fuse(lexical, dense, replace(WEIGHTS, dense=0.0)) == lexical


@given(st.floats(0.01, 100), st.floats(-1, 1))
def test_neither_the_scale_of_the_words_nor_that_of_a_model_matters(scale, shift):
    """BM25 grows with the length of the question, and cosines of some models are all between .7 and .9."""
    words, near = (9.0, 7.0, 6.5, 3.0), {1: 0.2, 2: 0.4, 3: 0.8, 4: 0.7}
    plain = ranking.fuse(chunks_of("1234", *words), near)
    other = {key: shift + cosine / 10 for key, cosine in near.items()}
    scaled = ranking.fuse(chunks_of("1234", *(scale * score for score in words)), other)
    assert [c.key for c in scaled] == [c.key for c in plain]


def test_what_has_the_sort_of_thing_that_is_asked_for_comes_before_its_equal():
    assert [c.key for c in ranking.favour(chunks_of("123", 5, 5, 1), {2})] == [2, 1, 3]


def test_one_file_does_not_fill_the_list():
    """Eleven clauses of a long file that says the words again and again, and one clause of another file, hardly worse."""
    ranked = chunks_of("1" * 11 + "2", *(10 - i / 10 for i in range(11)), 8.8)
    kept = ranking.give_way(ranked, 12)
    assert kept[0].key == 1
    assert [c.key for c in kept].index(12) < 9
    own = [c.key for c in kept if c.document == 101]
    assert own == sorted(own)


@given(st.lists(st.tuples(st.sampled_from("1234"), st.integers(0, 9)), min_size=1, max_size=30), st.integers(1, 30))
def test_the_best_are_the_same_however_many_are_asked_for(rows, limit):
    """Also where scores are equal, and where the worst of few would come before the best of many."""
    rows = sorted(rows, key=lambda row: -row[1])
    ranked = chunks_of("".join(document for document, _ in rows), *(float(score) for _, score in rows))
    assert ranking.give_way(ranked, limit)[:limit] == ranking.give_way(ranked, len(rows))[:limit]


@given(st.integers(0, 12), st.integers(0, 30), st.integers(1, 25))
def test_named_chunks_come_first_and_nothing_comes_twice(named: int, others: int, limit: int):
    ranked = candidates(*range(others, 0, -1))
    exact = candidates(*range(named, 0, -1))
    joined = ranking.put_first(exact, ranked, limit)
    keys = [c.key for c in joined]
    assert len(keys) == len(set(keys)) == min(limit, max(named, others))
    if named:
        assert joined[0].legs[0] == ("exact", 1)


def test_the_ablation_leaves_out_one_part_each():
    for name, weights in ranking.ABLATIONS.items():
        assert weights != WEIGHTS, name
    assert Weights() == WEIGHTS
