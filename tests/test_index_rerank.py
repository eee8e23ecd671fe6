"""A reranker reorders what was found: whatever it does wrong, the hits are all there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import rerank
from index.chunk import Chunk, Hit
from index.library import Library
from index.query import Query
from index.rerank import DEPTH, SERVER_PART, Reranker, reranker
from ingest.document import Span
from ingest.errors import ModelUnreachable, SettingsError
from ingest.settings import Settings
from tests.embedding_server import model_host, shared

QUESTION = "房租补贴多少"


def hits(*texts: str, exact: int = 0) -> tuple[Hit, ...]:
    """Hits with falling scores; the first ``exact`` of them are named by the question."""
    found = []
    for rank, text in enumerate(texts, 1):
        chunk = Chunk(f"文件#{rank}", "文件", f"文件#{rank}", text, "若干措施", Span(0, len(text)), None)
        legs = (("exact", rank),) if rank <= exact else (("lexical", rank),)
        found.append(Hit(chunk, 100.0 / rank, rank, legs))
    return tuple(found)


def texts(found: tuple[Hit, ...]) -> list[str]:
    return [hit.chunk.text for hit in found]


def by_length(question: str, parts: list[str], seconds: float) -> list[float]:
    return [float(len(part)) for part in parts]


@pytest.fixture
def host():
    with model_host() as started:
        yield started


def test_the_best_are_reordered_and_the_rest_keeps_its_order():
    found = hits(*("字" * n for n in range(1, DEPTH + 6)))
    ranked = Reranker(by_length, 8)(Query(QUESTION), found)
    assert [len(text) for text in texts(ranked)] == [*range(DEPTH, 0, -1), *range(DEPTH + 1, DEPTH + 6)]
    assert [hit.rank for hit in ranked] == list(range(1, DEPTH + 6))
    assert ranked[0].legs == (("lexical", DEPTH), ("rerank", 1))
    assert ranked[DEPTH].legs == (("lexical", DEPTH + 1),)


def test_what_the_question_names_stays_first_on_half_of_the_places():
    found = hits("点名一", "点名二", "点名三很长", "短", "最长的一条条款", exact=3)
    ranked = Reranker(by_length, 8)(Query(QUESTION, limit=4), found)
    assert texts(ranked) == ["点名一", "点名二", "最长的一条条款", "点名三很长", "短"]


def test_equals_keep_their_order():
    found = hits("甲乙", "丙丁", "戊己")
    assert texts(Reranker(by_length, 8)(Query(QUESTION), found)) == texts(found)


def test_the_model_reads_where_a_clause_stands():
    seen: list[str] = []

    def note(question: str, parts: list[str], seconds: float) -> list[float]:
        seen.extend([question, *parts])
        return by_length(question, parts, seconds)

    Reranker(note, 8)(Query(QUESTION), hits("给予补贴。"))
    assert seen == [QUESTION, "若干措施\n给予补贴。"]


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(finite, max_size=70), st.integers(0, 9), st.integers(1, 40))
def test_no_hit_is_lost_and_scores_fall(numbers, exact, limit):
    found, coming = hits(*("字" for _ in numbers), exact=exact), iter(numbers)
    random = Reranker(lambda _, parts, __: [next(coming) for _ in parts], 8)
    ranked = random(Query(QUESTION, limit=limit), found)
    assert sorted(hit.chunk.id for hit in ranked) == sorted(hit.chunk.id for hit in found)
    assert sorted(hit.score for hit in ranked) == sorted(hit.score for hit in found)
    behind = [hit.score for hit in ranked[len([h for h in ranked if h.legs[0][0] == "exact"]) :]]
    assert behind == sorted(behind, reverse=True)
    assert random.problem is None


# what the model says of three texts instead of three numbers
NONSENSE = [[], [1.0, 2.0], [1.0, float("nan"), 2.0], [1.0, float("inf"), 2.0]]


@pytest.mark.parametrize("scores", NONSENSE, ids=str)
def test_numbers_that_say_nothing_change_nothing(scores):
    ranking, found = Reranker(lambda *_: scores, 8), hits("甲", "乙乙", "丙丙丙")
    assert ranking(Query(QUESTION), found) == found
    assert "未重排" in str(ranking.problem) and ranking.problem.hint


def test_what_was_read_in_time_is_reordered():
    def tires(question: str, parts: list[str], seconds: float) -> list[float]:
        if "字字字" in parts[0]:
            raise ModelUnreachable("没有应答")
        return by_length(question, parts, seconds)

    ranking = Reranker(tires, 2)
    assert texts(ranking(Query(QUESTION), hits("字", "字字", "字字字", "字字字字"))) == [
        "字字",
        "字",
        "字字字",
        "字字字字",
    ]
    assert "只重排了前 2 条" in str(ranking.problem)
    assert texts(ranking(Query(QUESTION), hits("字", "字字"))) == ["字字", "字"]
    assert ranking.problem is None


def test_there_is_none_by_default():
    assert reranker(Settings()) is None


@pytest.mark.parametrize("protocol", ["jina", "tei"])
def test_both_protocols_are_spoken(host, protocol):
    host.protocol = protocol
    ranking = reranker(Settings(reranker=host.address, reranker_model="bge-reranker-v2-m3", reranker_key="abc"))
    contents = [f"给予第{n}类企业{'房租补贴'[: n % 5]}" for n in range(SERVER_PART + 5)]
    expected = sorted(contents, key=lambda text: -shared(QUESTION, f"若干措施\n{text}"))
    for _ in range(2):
        assert texts(ranking(Query(QUESTION), hits(*contents))) == expected
        assert ranking.problem is None
    assert {path for path, _ in host.requests} == {"/rerank"}
    assert {headers["Authorization"] for headers in host.headers} == {"Bearer abc"}
    sent = [len(body.get("documents") or body["texts"]) for _, body in host.requests]
    if protocol == "jina":
        assert sent == [SERVER_PART, 5] * 2
        assert {body["model"] for _, body in host.requests} == {"bge-reranker-v2-m3"}
    else:  # tried in the other protocol once
        assert sent == [SERVER_PART, SERVER_PART, 5, SERVER_PART, 5]


# setting, where the server is asked
ADDRESSES = [
    ("", "/rerank"),
    ("/", "/rerank"),
    ("/v1", "/v1/rerank"),
    ("/v1/rerank", "/v1/rerank"),
    # of DashScope
    ("/compatible-api/v1/reranks", "/compatible-api/v1/reranks"),
]


@pytest.mark.parametrize(("setting", "path"), ADDRESSES)
def test_an_address_may_be_short(host, setting, path):
    reranker(Settings(reranker=host.address + setting))(Query(QUESTION), hits("甲", "乙"))
    assert host.requests[0][0] == path
    assert "model" not in host.requests[0][1]


# what the server does, what the remark names
FAULTS = [
    (401, "HTTP 401"),
    (404, "HTTP 404"),
    (422, "HTTP 422"),
    (503, "HTTP 503"),
    ("<html>登录</html>", "无法识别"),
    ("{}", "无法识别"),
    ("[]", "无法识别"),
    ('{"results": [{"index": 0, "relevance_score": 0.5}]}', "无法识别"),
    ('{"results": [{"index": 0, "relevance_score": 0.5}, {"index": 7, "relevance_score": 0.9}]}', "无法识别"),
    ('{"results": [{"index": 0, "relevance_score": null}, {"index": 1, "relevance_score": 0.9}]}', "无法识别"),
    ('[{"index": 0, "score": 0.1}, {"index": 1, "score": NaN}]', "无法使用"),
]


@pytest.mark.parametrize(("fault", "named"), FAULTS, ids=[str(fault)[:50] for fault, _ in FAULTS])
def test_a_server_that_fails_changes_nothing_and_one_line_says_so(host, fault, named):
    ranking, found = reranker(Settings(reranker=host.address)), hits("甲", "乙")
    host.fault = fault
    assert ranking(Query(QUESTION), found) == found
    assert named in str(ranking.problem) and "未重排" in str(ranking.problem)
    assert len(str(ranking.problem).splitlines()) == 1 and ranking.problem.hint


def test_a_server_that_hangs_is_not_waited_for(host, monkeypatch):
    monkeypatch.setattr(rerank, "SECONDS", 0.1)
    ranking, found = reranker(Settings(reranker=host.address)), hits("甲", "乙")
    host.fault = "hang"
    for _ in range(2):
        assert ranking(Query(QUESTION), found) == found
        assert "太慢" in str(ranking.problem)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://a..b"])
def test_a_server_that_is_not_there_leaves_the_order(address):
    ranking, found = reranker(Settings(reranker=address)), hits("甲", "乙")
    assert ranking(Query(QUESTION), found) == found
    assert f"{address}/rerank 没有应答" in str(ranking.problem)


# POLICY_RERANKER, POLICY_RERANKER_KEY
UNUSABLE = [("http://", ""), ("http://127.0.0.1:端口", ""), ("http://127.0.0.1", "密钥")]


@pytest.mark.parametrize(("address", "key"), UNUSABLE)
def test_an_unusable_setting_is_explained_when_the_library_opens(settings, address, key):
    with pytest.raises(SettingsError, match="POLICY_RERANKER") as caught:
        Library.open(replace(settings, reranker=address, reranker_key=key))
    assert caught.value.hint


def test_a_library_with_a_reranker_shows_the_best_of_more_than_it_shows(settings, host, policy):
    sentences = [f"给予第{n}类企业房租{'贷款用电研发引才'[n - 1]}补贴。" for n in range(1, 9)]
    files = [policy(n, sentence) for n, sentence in enumerate(sentences, 1)]
    with Library.open(replace(settings, reranker=host.address)) as library:
        library.add_documents(files)
        query = Query("研发房租补贴", limit=3)
        found = library.search(query)
        asked = [text for _, body in host.requests for text in body["documents"]]
        assert len(found) == 3 and 3 < len(asked) <= DEPTH
        assert [dict(hit.legs)["rerank"] for hit in found] == [1, 2, 3]
        best = sorted((shared(query.text, text) for text in asked), reverse=True)[:3]
        assert [shared(query.text, f"{hit.chunk.context}\n{hit.chunk.text}") for hit in found] == best
        assert library.notices() == ()
        host.fault = 503
        assert len(library.search(query)) == 3
        (notice,) = library.notices()
        assert "503" in notice and "未重排" in notice


def test_a_file_that_is_named_comes_first_whatever_the_reranker_says(settings, policy):
    with model_host() as host, Library.open(replace(settings, reranker=host.address)) as library:
        library.add_documents([policy(1, "给予用电优惠。"), policy(2, "给予房租补贴，按房租多少补贴。")])
        found = library.search(Query("示政办〔2023〕1号 房租补贴多少", numbers=("示政办〔2023〕1号",), limit=4))
        assert [hit.chunk.document_id for hit in found][:2] == ["示政办〔2023〕1号"] * 2
        assert any(hit.chunk.document_id == "示政办〔2023〕2号" for hit in found)
