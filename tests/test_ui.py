"""The page's handlers and routes, without a browser: a real library, the offline assistant."""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

import ui
from index.library import Library
from ingest.errors import SettingsError
from ingest.parse import document_from_text
from ingest.sandbox import Sandbox
from qa.assistant import Assistant
from qa.export import exported

SUPPORT = """清政〔2023〕12号
清河区人民政府关于印发支持节能环保产业若干政策的通知
各镇人民政府，区直各单位：
一、支持研发创新
（一）研发投入补助。企业上年度研发费用增长的，按增量部分的10%给予补助，最高不超过200万元。
（二）首台（套）奖励。获省级首台（套）认定的，一次性奖励100万元。
二、附则
（一）本政策自2023年6月1日起施行，有效期至2030年12月31日。
清河区人民政府
2023年5月20日
"""
QUESTION = "研发投入补助的比例和上限是多少？"


def pdf_of(text: str) -> bytes:
    registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", 12)
    for number, line in enumerate(text.splitlines()):
        canvas.drawString(60, 780 - 24 * number, line[:40])
    canvas.save()
    return buffer.getvalue()


READER = gr.Request(session_hash="读者")


def event(link: str, remark: str = "") -> gr.EventData:
    return gr.EventData(None, {"link": link, "remark": remark})


@pytest.fixture
def site(library: Library) -> Iterator[ui.Site]:
    library.add_document(document_from_text(SUPPORT, path="支持政策.txt"), SUPPORT.encode(), "text/plain")
    with Sandbox() as sandbox:
        yield ui.Site(library, Assistant(library), sandbox)


@pytest.fixture
def client(site: ui.Site, build_app: Callable[[Library, Assistant], FastAPI]) -> Iterator[TestClient]:
    with TestClient(build_app(site.library, site.assistant), base_url="http://127.0.0.1") as opened:
        yield opened


def talk(site: ui.Site, *questions: str, **filters: str) -> tuple[list[dict[str, str]], ui.Turns, str]:
    """Messages, turns and card after the questions."""
    messages, turns, card = [], (), ""
    for question in questions:
        *_, (messages, _, turns, card) = ui.converse(site, question, turns, **filters)
    return messages, turns, card


def test_an_answer_grows_and_ends_with_its_day_and_the_first_evidence(site: ui.Site):
    steps = list(ui.converse(site, QUESTION, ()))
    assert "正在查找" in steps[0][0][-1]["content"] and steps[0][1] == ""
    messages, _, turns, card = steps[-1]
    assert "200万元" in messages[-1]["content"] and "为准" in messages[-1]["content"]
    assert "清政〔2023〕12号" in messages[-1]["content"]
    assert len(turns) == 1 and re.search(r"<mark>[^<]*200万元", card)


def test_a_blank_question_asks_nothing(site: ui.Site):
    assert list(ui.converse(site, " \n", ())) == []


def test_a_follow_up_is_asked_with_the_history(site: ui.Site):
    messages, turns, _ = talk(site, QUESTION, "那首台（套）奖励呢？")
    assert len(messages) == 4 and len(turns) == 2
    assert turns[1].standalone == "首台（套）奖励的比例和上限是多少？", (
        "another subject, the same two things asked of it"
    )
    assert set(re.findall("#cite-(\\d)-", messages[1]["content"])) == {"0"}
    assert set(re.findall("#cite-(\\d)-", messages[3]["content"])) == {"1"}


def test_a_refusal_says_so_and_shows_no_evidence(site: ui.Site):
    messages, turns, card = talk(site, "高龄津贴每月发多少钱？")
    assert turns[0].abstained and "文件没有说明" in messages[-1]["content"] and card == ui.NO_CARD


@pytest.mark.parametrize(
    ("filters", "answered"),
    [
        ({}, True),
        ({"level": "district", "year": "2023", "validity": ui.IN_FORCE}, True),
        ({"year": "2019"}, False),
        ({"level": "state"}, False),
        ({"region": "别处"}, False),
        ({"validity": "已失效,已废止"}, False),
    ],
)
def test_filters_narrow_the_answer(site: ui.Site, filters: dict[str, str], answered: bool):
    _, turns, _ = talk(site, QUESTION, **filters)
    assert bool(turns[0].citations) is answered


def test_a_door_asks_its_question(site: ui.Site):
    *_, (messages, *_) = ui.ask_example(site, event(QUESTION), ())
    assert "200万元" in messages[-1]["content"]


def test_a_chip_opens_its_clause(site: ui.Site):
    _, turns, _ = talk(site, QUESTION)
    (card,) = ui.show_source(site, event("cite-0-1"), turns)
    assert "清政〔2023〕12号" in card and re.search("<mark>[^<]*研发", card)


def test_a_chip_of_a_pdf_also_brings_the_page(library: Library, tmp_path: Path):
    (tmp_path / "支持政策.pdf").write_bytes(pdf_of(SUPPORT))
    library.add([tmp_path / "支持政策.pdf"])
    with Sandbox() as sandbox:
        site = ui.Site(library, Assistant(library), sandbox)
        _, turns, _ = talk(site, QUESTION)
        first, second = ui.show_source(site, event("cite-0-1"), turns)
    assert "data:image/png" not in first and "data:image/png" in second


def test_a_chip_of_a_removed_file_still_shows_the_quote(site: ui.Site):
    _, turns, _ = talk(site, QUESTION)
    site.library.remove(site.library.documents()[0].id)
    (card,) = ui.show_source(site, event("cite-0-1"), turns)
    assert "200万元" in card and "已不在库中" in card


def test_a_chip_of_a_lost_conversation_says_so(site: ui.Site):
    assert "请重新提问" in next(ui.show_source(site, event("cite-0-1"), ()))


@pytest.mark.parametrize("suffix", ["docx", "md"])
def test_a_conversation_is_exported_whole(site: ui.Site, suffix: str):
    _, turns, _ = talk(site, QUESTION, "高龄津贴每月发多少钱？")
    saved = json.loads(ui.export(event(f"export-{suffix}"), turns))
    assert re.fullmatch(rf"政策问答记录\d{{8}}\.{suffix}", saved["name"])
    content, expected = base64.b64decode(saved["content"]), exported(turns, f".{suffix}")
    if suffix == "docx":  # a Word file also states when it was written
        content, expected = (ZipFile(BytesIO(b)).read("word/document.xml") for b in (content, expected))
    assert content == expected


def test_an_empty_conversation_is_not_exported():
    with pytest.raises(gr.Error, match="还没有可以导出的问答"):
        ui.export(event("export-docx"), ())


def test_verdicts_are_kept_with_their_answer(site: ui.Site):
    _, turns, _ = talk(site, QUESTION, "高龄津贴每月发多少钱？")
    for link, remark in (
        ("verdict-right-0", ""),
        ("verdict-missing-1", " 有这项政策 "),
        ("verdict-wrong-0", "漏了条件"),
    ):
        assert ui.note(site, event(link, remark), turns, READER) == link
    kept = [(f.verdict, f.remark, f.answer["question"]) for f in site.library.feedback()]
    assert kept == [("missing", "有这项政策", "高龄津贴每月发多少钱？"), ("wrong", "漏了条件", QUESTION)]
    with pytest.raises(gr.Error, match="不在会话中"):
        ui.note(site, event("verdict-right-2"), turns, READER)


def test_uploads_are_reported_one_by_one_and_the_list_follows(site: ui.Site, tmp_path: Path):
    (tmp_path / "新.txt").write_text(SUPPORT.replace("12号", "13号"), encoding="utf-8")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    report, emptied, summary, files, *_ = ui.add_files(site, [str(tmp_path / "新.txt"), str(tmp_path / "坏.pdf")], "")
    assert "清政〔2023〕13号" in report and "未入库" in report and emptied is None
    assert "收录文件 2 份" in summary and "清政〔2023〕13号" in files


def test_adding_nothing_says_what_to_do(site: ui.Site):
    with pytest.raises(gr.Error, match="选择"):
        ui.add_files(site, None, "")


def test_a_file_is_shown_and_removed(site: ui.Site):
    card = site.library.documents()[0]
    assert "研发投入补助" in ui.show_file(site, event(f"file-{card.id}"))
    details, summary, *_ = ui.remove_file(site, event(f"remove-{card.id}"), "")
    assert details == ui.NO_FILE and "收录文件 0 份" in summary and site.library.documents() == ()
    for handler, link in ((ui.show_file, f"file-{card.id}"), (ui.remove_file, f"remove-{card.id}")):
        with pytest.raises(gr.Error):
            handler(site, event(link), *([""] if handler is ui.remove_file else []))


def test_api_answers_with_json(site: ui.Site):
    answer = json.loads(json.dumps(ui.api_ask(site, QUESTION, {"years": [2023]})))
    assert (
        answer["citations"][0]["document_number"] == "清政〔2023〕12号" and answer["as_of"] == date.today().isoformat()
    )
    assert ui.api_ask(site, QUESTION, {"years": [2019]})["abstained"] is True
    hits = json.loads(json.dumps(ui.api_search(site, QUESTION, None, 1)))
    assert len(hits) == 1 and "研发" in hits[0]["chunk"]["text"]
    (file,) = json.loads(json.dumps(ui.api_files(site)))
    assert file["document_number"] == "清政〔2023〕12号" and file["validity"] == "有效"


@pytest.mark.parametrize("filters", [{"year": [2023]}, {"years": 2023}, {"years": ["2023"]}, {"levels": [None]}])
def test_api_refuses_filters_it_would_have_to_ignore(site: ui.Site, filters: dict[str, object]):
    with pytest.raises(gr.Error, match="筛选条件不正确"):
        ui.api_ask(site, QUESTION, filters)


def test_only_three_endpoints_are_public(client: TestClient):
    info = client.get("/gradio_api/info").json()
    assert set(info["named_endpoints"]) == {"/ask", "/search", "/files"} and not info["unnamed_endpoints"]


def test_every_response_forbids_other_hosts(client: TestClient):
    for path in ("/", "/healthz", "/gradio_api/info", "/original/none"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"
    assert client.get("/healthz").json() == {"status": "ok"}


def test_originals_are_downloaded_except_pdf(client: TestClient, site: ui.Site, tmp_path: Path):
    (tmp_path / "页.html").write_text(
        "<html><body><p>清政〔2023〕14号</p><p>一、<script>1</script>支持。</p></body></html>"
    )
    (tmp_path / "文.pdf").write_bytes(pdf_of(SUPPORT.replace("12号", "15号")))
    site.library.add([tmp_path / "页.html", tmp_path / "文.pdf"])
    served = {Path(c.file).suffix: client.get(f"/original/{c.id}") for c in site.library.documents()}
    for suffix, kind, how in ((".html", "octet-stream", "attachment"), (".pdf", "application/pdf", "inline")):
        assert kind in served[suffix].headers["Content-Type"]
        assert served[suffix].headers["Content-Disposition"].startswith(how)
    assert served[".txt"].content == SUPPORT.encode()
    assert client.get("/original/不存在").status_code == 404


def test_nothing_is_loaded_from_elsewhere():
    for path in Path(ui.__file__).with_name("ui_assets").iterdir():
        assert not re.search(r"https?://|url\(|@import", path.read_text(encoding="utf-8")), path


def test_first_run_fills_an_empty_library_once(library: Library, tmp_path: Path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(SUPPORT, encoding="utf-8")
    ui.first_run(library, tmp_path / "corpus")
    assert [card.document_number for card in library.documents()] == ["清政〔2023〕12号"]
    (tmp_path / "corpus" / "b.txt").write_text(SUPPORT.replace("12号", "13号"), encoding="utf-8")
    ui.first_run(library, tmp_path / "corpus")
    assert len(library.documents()) == 1, "a library in use is left alone"


def test_a_taken_port_is_said_in_chinese_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"{port} 已被占用") as caught:
            ui.listen("127.0.0.1", port)
    assert str(port + 1) in caught.value.hint
