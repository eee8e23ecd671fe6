"""The HTTP API, as a program uses it: the same answer as everywhere, bounded, and every mistake told in Chinese."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date

import pytest
from fastapi.testclient import TestClient

from index.library import Library
from ingest.errors import ModelUnreachable, PolicyError, RegisterBusy
from ingest.settings import Settings
from qa import api
from qa.assistant import Assistant
from qa.endpoints import MAX_TURNS, Endpoints
from qa.render import answer_dict

QUESTION = "首次认定的高新技术企业奖励多少？"
SENTENCES = ("对首次认定的高新技术企业，一次性奖励30万元。", "对引进的博士，给予安家补助20万元。")


def filled(library: Library, policy: Callable[..., tuple]) -> Endpoints:
    library.add_document(*policy(7, *SENTENCES, title="示例区支持创新若干措施"))
    repeal = "《示例区支持创新若干措施》（示政办〔2023〕7号）同时废止。"
    library.add_document(*policy(8, "支持夜间经济街区。", repeal, title="示例区支持夜间经济若干措施"))
    return Endpoints(library, Assistant(library))


def client_of(endpoints: Endpoints) -> TestClient:
    return TestClient(api.application(endpoints, {}, nullcontext()))


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory, policy: Callable[..., tuple]) -> Iterator[Endpoints]:
    """For tests that only ask."""
    with Library.open(Settings(data=tmp_path_factory.mktemp("api"))) as library:
        yield filled(library, policy)


@pytest.fixture(scope="module")
def client(endpoints: Endpoints) -> Iterator[TestClient]:
    with client_of(endpoints) as opened:
        yield opened


@pytest.fixture
def own(library: Library, policy: Callable[..., tuple]) -> Iterator[tuple[TestClient, Endpoints]]:
    """For tests that change something."""
    endpoints = filled(library, policy)
    with client_of(endpoints) as opened:
        yield opened, endpoints


def timeless(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name != "seconds"}


def test_ask_gives_the_answer_of_every_other_face(client: TestClient, endpoints: Endpoints):
    given = {"question": QUESTION, "as_of": "2023-06-01", "filters": {"years": [2023]}}
    answer = client.post("/api/ask", json=given).json()
    same = answer_dict(endpoints.assistant.ask(QUESTION, as_of=date(2023, 6, 1)))
    assert timeless(answer) == timeless(json.loads(json.dumps(same)))
    assert "30万元" in answer["text"] and answer["citations"][0]["document_number"] == "示政办〔2023〕7号"
    assert client.post("/api/ask", json=given | {"filters": {"years": [1999]}}).json()["abstained"] is True


def test_a_follow_up_is_asked_with_its_history(client: TestClient):
    history = [{"question": "首次认定的高新技术企业奖励多少？", "answer": "30万元"}]
    answer = client.post("/api/ask", json={"question": "那博士呢？", "history": history}).json()
    assert "博士" in answer["standalone"] and "高新技术企业" in answer["standalone"]


def test_an_answer_can_be_read_as_it_grows(client: TestClient):
    both = "首次认定的高新技术企业奖励多少？引进博士补助多少？"
    response = client.post("/api/ask", json={"question": both, "stream": True})
    assert response.headers["content-type"] == "application/x-ndjson"
    rows = [json.loads(line) for line in response.text.splitlines()]
    assert [row["complete"] for row in rows] == [False] * (len(rows) - 1) + [True] and len(rows) >= 2
    whole = client.post("/api/ask", json={"question": both}).json()
    assert timeless(rows[-1]["answer"]) == timeless(whole)


def test_an_error_in_the_middle_of_an_answer_ends_the_stream_in_chinese(endpoints: Endpoints):
    def broken() -> Iterator:
        yield endpoints.assistant.ask(QUESTION)
        raise ModelUnreachable("模型没有回答", "请稍后重试")

    first, last = map(json.loads, api.lines(broken()))
    assert first["answer"]["question"] == QUESTION
    assert last == {"complete": True, "error": "模型没有回答", "hint": "请稍后重试"}


def test_search_clause_files_and_lineage(client: TestClient):
    hits = client.post("/api/search", json={"question": "博士安家补助", "limit": 1}).json()
    assert len(hits) == 1 and "20万元" in hits[0]["chunk"]["text"]
    assert hits[0]["document_number"] == "示政办〔2023〕7号" and hits[0]["validity"] == "已废止"

    for file in ("示政办〔2023〕7号", "示政办[2023]7号", "示例区支持创新若干措施"):
        found = client.get("/api/clause", params={"file": file, "clause": "一、（二）"}).json()
        assert SENTENCES[1] in found["clause"]["text"] and found["document_id"] == "示政办〔2023〕7号"
    assert client.get("/api/clause", params={"file": file, "clause": found["clause"]["id"]}).json() == found
    whole = client.get("/api/clause", params={"file": file, "clause": "一、"}).json()
    assert [c["clause_path"] for c in whole["below"]] == ["一、（一）", "一、（二）"]

    files = client.get("/api/files").json()
    assert [(f["document_number"], f["validity"]) for f in files][1:] == [("示政办〔2023〕7号", "已废止")] or len(
        files
    ) == 2
    assert client.get("/api/files", params={"offset": 1, "limit": 1}).json() == files[1:]

    lineage = client.get("/api/lineage", params={"file": "示政办〔2023〕7号"}).json()
    assert lineage["cited_by"][0]["document_number"] == "示政办〔2023〕8号"
    assert lineage["cited_by"][0]["relation"] == "repeals"


def test_match_decides_every_measure_in_force_with_its_clause(own: tuple[TestClient, Endpoints], policy):
    client, endpoints = own
    endpoints.library.add_document(
        *policy(9, "对首次认定的高新技术企业，给予一次性奖励20万元。", title="示例市支持创新措施")
    )
    profile = {"主体类型": "企业", "资质": {"高新技术企业": "首次"}}
    found = client.post("/api/match", json={"profile": profile}).json()
    (award,) = [m for m in found["matches"] if m["document_id"] == "示政办〔2023〕9号"]
    assert award["benefits"][0]["amount"]["value"] == "200000"
    assert {"name", "verdict", "reason", "asks", "span"} <= set(award["decisions"][0])
    assert sum(found["counts"].values()) == len(found["matches"])
    repealed = {m["document_id"] for m in found["ended"]}
    assert "示政办〔2023〕7号" in repealed and "示政办〔2023〕9号" not in repealed, "8号 repeals 7号"
    one = client.post("/api/match", json={"profile": profile, "limit": 1}).json()
    assert one["matches"] == found["matches"][:1] and one["counts"] == found["counts"]


def test_measures_one_measure_and_what_was_corrected_in_it(own: tuple[TestClient, Endpoints]):
    client, endpoints = own
    listed = client.get("/api/measures", params={"types": ["资金奖补"]}).json()
    assert listed["total"] == len(listed["measures"]) >= 1
    assert client.get("/api/measures", params={"offset": 1000}).json()["measures"] == []
    brief = next(m for m in listed["measures"] if "高新技术企业" in m["benefits"][0]["quote"] + m["name"])
    measure = client.get("/api/measure", params={"id": brief["id"]}).json()
    value = measure["fields"]["benefits"][0]["value"]
    text = endpoints.library.document("示政办〔2023〕7号").text
    assert (value["value"], value["unit"], value["quote"]) == ("300000", "元", "30万元")
    assert text[value["span"]["start"] : value["span"]["end"]] == "30万元"
    assert measure["corrections"] == []
    endpoints.library.correct(brief["id"], "benefits.0.value", None, "甲", "以通知为准")
    corrected = client.get("/api/measure", params={"id": brief["id"]}).json()
    assert corrected["corrected"] and corrected["corrections"][0]["name"] == "甲"
    assert "value" not in corrected["fields"]["benefits"][0]


def test_a_measure_beside_the_same_support_of_another_file(own: tuple[TestClient, Endpoints], policy):
    client, endpoints = own
    for serial, award in (
        (11, "对首次认定的高新技术企业，给予一次性奖励20万元。"),
        (12, "对首次认定的高新技术企业，给予一次性奖励15万元。"),
    ):
        endpoints.library.add_document(*policy(serial, award, title=f"示例市第{serial}号支持创新若干措施"))
    endpoints.library.catch_up()
    found = client.get("/api/compare", params={"of": "高新技术企业奖励"}).json()
    assert {row["cells"]["支持标准"]["text"] for row in found["rows"]} == {
        "给予一次性奖励20万元",
        "给予一次性奖励15万元",
    }
    assert any(f["kind"] in ("difference", "conflict") and f["aspect"] == "支持标准" for f in found["findings"])
    assert client.get("/api/compare", params={"of": found["measure_id"]}).json() == found
    for row in found["rows"]:
        text = endpoints.library.document(row["document_id"]).text
        for cell in row["cells"].values():
            assert all(text[s["start"] : s["end"]].strip() in cell["text"] for s in cell["spans"])


MISTAKES = [
    ("/api/match", {"profile": {"营业收入": "约1亿"}}, 422, "营业收入：看不懂"),
    ("/api/match", {"profile": {"营收额": "1亿"}}, 422, "没有“营收额”这一项"),
    ("/api/match", {"profile": "企业"}, 422, "profile 的类型"),
    ("/api/match", {}, 422, "缺少 profile"),
    ("/api/match", {"profile": {}, "limit": 10_000}, 422, "limit 超出范围"),
    ("/api/match", {"profile": {"资质": ["高" * 300]}}, 422, "资质"),
    ("/api/measures?types=好处", None, 422, "没有这种支持类型：好处"),
    ("/api/measures?limit=5000", None, 422, "limit 超出范围"),
    ("/api/measure?id=示政办〔2023〕7号%23无此条", None, 404, "没有编号为"),
    ("/api/compare?of=%20", None, 422, "是空的"),
    ("/api/compare?of=外星人登陆", None, 404, "没有找到"),
    ("/api/ask", {"question": " "}, 422, "问题是空的"),
    ("/api/ask", {"question": "问" * 1001}, 422, "超过 1000 字"),
    ("/api/ask", {}, 422, "缺少 question"),
    ("/api/ask", {"question": "问", "history": [{"question": "问"}] * (MAX_TURNS + 1)}, 422, "history"),
    ("/api/ask", {"question": "问", "filters": {"year": [2023]}}, 422, "筛选条件不正确：year"),
    ("/api/ask", {"question": "问", "filters": {"years": ["2023"]}}, 422, "筛选条件不正确：years"),
    ("/api/ask", {"question": "问", "filters": {"regions": ["区"] * 101}}, 422, "超过 100 项"),
    ("/api/ask", {"question": "问", "as_of": "明天"}, 422, "看不懂日期"),
    ("/api/ask", {"question": "问", "as_of": "明天", "stream": True}, 422, "看不懂日期"),
    ("/api/ask", {"question": ["问"]}, 422, "question 的类型"),
    ("/api/ask", {"question": "问" * 300_000}, 413, "超过 512 KB"),
    ("/api/search", {"question": "问", "limit": 10_000}, 422, "limit 超出范围（界限 100）"),
    ("/api/clause?file=无此文件&clause=第一条", None, 404, "库内没有"),
    ("/api/clause?file=示政办〔2023〕7号&clause=第九十九条", None, 404, "第九十九条"),
    ("/api/clause?file=示政办〔2023〕7号", None, 422, "缺少 clause"),
    ("/api/lineage?file=无此文件", None, 404, "库内没有"),
    ("/api/files?limit=0", None, 422, "limit 超出范围"),
    ("/api/nothing", None, 404, "没有这个接口"),
    ("/api/ask", None, 404, "请求方法不对"),
]


@pytest.mark.parametrize(("path", "body", "status", "message"), MISTAKES, ids=[f"{r[0][:20]} {r[3]}" for r in MISTAKES])
def test_a_mistake_is_told_in_chinese_with_its_status(client: TestClient, path, body, status, message):
    response = client.get(path) if body is None else client.post(path, json=body)
    reply = response.json()
    assert response.status_code == status, reply
    assert message in reply["error"] and reply["hint"] and "Traceback" not in response.text


@pytest.mark.parametrize("body", [b"{question", b'"question"', b"question=x"])
def test_a_body_that_is_no_json_object_is_told_so(client: TestClient, body: bytes):
    response = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422 and "不是 JSON 对象" in response.json()["error"]


@pytest.mark.parametrize(
    ("error", "status"),
    [(RegisterBusy("忙"), 503), (ModelUnreachable("停"), 503), (PolicyError("错"), 422)],
)
def test_what_the_caller_cannot_mend_is_a_5xx(error: PolicyError, status: int):
    assert api.status_of(error) == status


def test_the_description_is_in_chinese_and_complete(client: TestClient):
    described = client.get("/api/openapi.json").json()
    names = ("ask", "search", "clause", "files", "lineage", "match", "measures", "measure", "compare", "draft", "recheck",
        "word", "review", "review_file", "framework", "graph", "picture", "explainer", "glossary")  # fmt: skip
    assert set(described["paths"]) == {f"/api/{name}" for name in names}
    for methods in described["paths"].values():
        for operation in methods.values():
            assert "一" <= operation["summary"][0] <= "龥" and operation["description"]
            for parameter in operation.get("parameters", ()):
                assert parameter["description"]
