"""Drafting, review and framework as programs use them: every face gives the values of the endpoints, bounded, mistakes in Chinese."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import nullcontext
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from index.library import Library
from ingest.settings import Settings
from qa import __main__ as command
from qa import api
from qa.api_drafting import MAX_DRAFT
from qa.assistant import Assistant
from qa.endpoints import Endpoints

PLAN, POLICY, DAY = "清河区推动“双招双引”提质扩量工作方案", "清政〔2024〕9号", "2026-06-01"
REQUEST = {"文种": "若干政策措施", "级别": "区", "地区": "清河区", "支持事项": ["技术改造补助"], "日期": DAY}
UNFAIR = "示例区支持企业若干措施\n一、对在本区注册的企业，按其缴纳税收区级留成部分的50%予以返还。\n"

# address, its arguments; the endpoint, its arguments; the command of ``python -m qa`` where it has the same values
GET: list[tuple[str, str, dict[str, Any], list[str]]] = [
    *(
        ("framework", "framework.view", {"file": POLICY, "part": part}, ["framework", POLICY, "--part", part])
        for part in ("overview", "targets", "responsibilities", "timeline", "terms", "explainer", "changes", "quiz")
    ),
    *(
        ("framework", "framework.view", {"part": part}, ["framework", "--part", part])
        for part in ("path", "timeline", "cited", "quiz")
    ),
    ("graph", "framework.graph", {}, ["lineage"]),
    ("graph", "framework.graph", {"file": PLAN, "steps": 1}, []),
    ("lineage", "lineage", {"file": PLAN}, ["lineage", PLAN]),
    ("glossary", "framework.glossary", {}, ["glossary"]),
    ("glossary", "framework.glossary", {"term": "“1+1+N”"}, ["glossary", "“1+1+N”"]),
]


@pytest.fixture(scope="module")
def endpoints(sample_data: Path) -> Iterator[Endpoints]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Endpoints(library, Assistant(library))


@pytest.fixture(scope="module")
def client(endpoints: Endpoints) -> Iterator[TestClient]:
    with TestClient(api.application(endpoints, {}, nullcontext())) as opened:
        yield opened


@pytest.mark.parametrize(("address", "method", "given", "arguments"), GET, ids=lambda value: str(value)[:40])
def test_every_face_gives_the_same_view(
    address, method, given, arguments, client, endpoints, sample_data, monkeypatch, capsys
):
    wanted = attrgetter(method)(endpoints)(**given, as_of=DAY)
    wanted = json.loads(json.dumps(wanted, ensure_ascii=False))
    assert client.get(f"/api/{address}", params={**given, "as_of": DAY}).json() == wanted
    if arguments:
        monkeypatch.setenv("POLICY_DATA", str(sample_data))
        assert command.main([*arguments, "--as-of", DAY, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == wanted


def test_what_a_newcomer_reads_stands_in_the_files(client: TestClient, endpoints: Endpoints):
    text = endpoints.library.document(
        client.get("/api/clause", params={"file": PLAN, "clause": "一、"}).json()["document_id"]
    ).text
    targets = client.get("/api/framework", params={"file": PLAN, "part": "targets", "as_of": DAY}).json()
    assert {"36个", "60名"} <= {target["value"] for target in targets["content"]}
    for target in targets["content"]:
        span = target["source"]["span"]
        assert text[span["start"] : span["end"]] == target["source"]["quote"]
    graph = client.get("/api/graph", params={"file": PLAN, "steps": 1, "as_of": DAY}).json()
    named = [edge["name"] for edge in graph["edges"] if edge["from"] == graph["around"]]
    assert sorted(named) == ["结合", "贯彻落实", "贯彻落实", "贯彻落实"]
    for address in (f"/api/picture?file={quote(PLAN)}", f"/api/explainer?file={quote(POLICY)}"):
        picture = client.get(address)
        assert picture.headers["content-type"].startswith("image/svg+xml") and picture.text.startswith("<svg")
        assert "href=" not in picture.text, "a file of its own links nowhere"


def test_a_draft_goes_round_and_a_changed_figure_is_found(client: TestClient, endpoints: Endpoints):
    draft = client.post("/api/draft", json={"request": REQUEST}).json()
    assert draft == endpoints.drafting.draft(REQUEST)
    block = next(b for b in draft["blocks"] if b.get("origin") == "source" and "%" in b["text"])
    checked = client.post("/api/recheck", json={"draft": draft}).json()
    assert checked == endpoints.drafting.recheck(draft)
    block["text"] = block["text"].replace("%", "7%")
    checked = client.post("/api/recheck", json={"draft": draft}).json()
    (again,) = [b for b in checked["blocks"] if b["id"] == block["id"]]
    assert any(remark["kind"] == "no_basis" and "7%" in remark["text"] for remark in again["remarks"])
    word = client.post("/api/word", json={"draft": draft})
    assert word.content.startswith(b"PK") and word.headers["content-type"] == api_word_type()
    of_draft = client.post("/api/review", json={"draft": draft, "as_of": DAY}).json()
    assert of_draft["title"].startswith(draft["title"]) and of_draft["as_of"] == DAY


def api_word_type() -> str:
    return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_a_text_and_a_file_of_it_are_reviewed_alike(client: TestClient):
    of_text = client.post("/api/review", json={"text": UNFAIR, "as_of": DAY}).json()
    (unfair,) = [f for f in of_text["findings"] if f["kind"] == "fair_competition"][:1]
    assert "返还" in unfair["sentence"] and unfair["basis"] and unfair["suggestion"]
    of_file = client.post(f"/api/review_file?name=稿.txt&as_of={DAY}", content=UNFAIR.encode()).json()
    assert of_file["findings"] == of_text["findings"]


MISTAKES: list[tuple[str, Any, int, str]] = [
    ("/api/draft", {"request": {"文种": "通告"}}, 422, "文种：没有“通告”"),
    ("/api/draft", {"request": {"文种": "实施方案", "颜色": "红"}}, 422, "没有“颜色”这一项"),
    ("/api/draft", {}, 422, "缺少 request"),
    ("/api/recheck", {"draft": {"title": "稿"}}, 422, "交来的内容不是一份草稿"),
    ("/api/word", {"draft": []}, 422, "draft 的类型"),
    ("/api/review", {}, 422, "其中之一"),
    ("/api/review", {"text": "稿" * 200_001}, 422, "文稿超过 200000 字"),
    ("/api/review", {"text": "a" * MAX_DRAFT}, 413, "超过 4096 KB"),
    ("/api/review", {"text": " "}, 422, "文稿是空的"),
    ("/api/review_file?name=稿.docx", base64.b64decode("UEsDBA=="), 422, "稿.docx"),
    ("/api/review_file?name=%20", b"x", 422, "文件名是空的"),
    ("/api/review_file", b"x", 422, "缺少 name"),
    ("/api/framework?file=无此文件", None, 404, "库内没有"),
    ("/api/framework?part=封面", None, 422, "没有这个部分：封面"),
    ("/api/framework?part=quiz&count=51", None, 422, "count 超出范围（界限 50）"),
    (f"/api/framework?file={quote(POLICY)}&part=changes&other=无此文件", None, 404, "库内没有"),
    ("/api/graph?steps=9", None, 422, "steps 超出范围"),
    ("/api/graph?as_of=明天", None, 422, "看不懂日期"),
    ("/api/explainer", None, 422, "缺少 file"),
    ("/api/glossary?term=%20", None, 422, "名词是空的"),
]


@pytest.mark.parametrize(("path", "body", "status", "message"), MISTAKES, ids=[f"{r[0][:24]} {r[3]}" for r in MISTAKES])
def test_a_mistake_is_told_in_chinese_with_its_status(client: TestClient, path, body, status, message):
    if body is None:
        response = client.get(path)
    elif isinstance(body, bytes):
        response = client.post(path, content=body)
    else:
        response = client.post(path, json=body)
    reply = response.json()
    assert (response.status_code, message in reply["error"]) == (status, True), reply
    assert reply["hint"] and "Traceback" not in response.text
