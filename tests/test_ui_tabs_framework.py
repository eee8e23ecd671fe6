"""Handlers of 起草与审查 and 政策框架 without a browser: a real library, no server."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import gradio as gr
import pytest

from index.library import Library
from ingest.parse import document_from_text
from ingest.sandbox import Sandbox
from qa.assistant import Assistant
from ui_tabs import drafting, framework
from ui_tabs.site import Site, show_open

POLICY = """清政〔2024〕9号
清河区促进制造业高质量发展若干政策
各镇人民政府：
为贯彻落实《云澜市促进制造业若干政策》（云政〔2024〕6号），制定本政策。
一、支持设备更新。对更新设备的制造业企业，按设备投资额的8%给予补助，单个项目最高1000万元。（责任单位：区经信局）
二、支持上市。企业在境内上市的，给予一次性奖励300万元。
三、本政策所称规上企业，是指年主营业务收入2000万元以上的工业企业。
2024年5月1日
清河区人民政府
"""
ID = "清政〔2024〕9号"


@pytest.fixture
def site(library: Library) -> Iterator[Site]:
    hold(library, POLICY)
    library.catch_up()
    with Sandbox() as sandbox:
        yield Site(library, Assistant(library), sandbox)


def hold(library: Library, text: str, path: str = "政策.txt") -> None:
    library.add_document(document_from_text(text, path=path), text.encode(), "text/plain")


def event(link: str = "", **data: object) -> gr.EventData:
    return gr.EventData(None, {"link": link, **data})


def form(**filled: str) -> list[str]:
    return [{"kind": "measures", "level": "district", "region": "清河区", **filled}.get(n, "") for n in drafting.FIELDS]


def words(markup: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", markup))


def test_points_are_read_a_line_each_with_the_drafters_own_standard_behind_the_colon(site):
    given, _ = drafting.request_of(site, form(points="设备更新：按10%补助\n\n 上市奖励 \n人才:每人1万元：分两年"))
    assert given["points"] == [
        {"topic": "设备更新", "proposed": "按10%补助"},
        {"topic": "上市奖励", "proposed": ""},
        {"topic": "人才", "proposed": "每人1万元：分两年"},
    ]


def test_facts_of_a_company_are_read_from_a_sentence_and_what_was_read_is_told(site):
    given, told = drafting.request_of(site, form(kind="individual", facts="设备投了3000万，去年营收大概1亿"))
    assert (
        given["company"]["equipment_investment"]["value"].startswith("30000000") and "revenue" not in given["company"]
    )
    assert "设备投了3000万" in words(told) and "没有采用" in told


def test_a_draft_is_changed_taken_back_reviewed_and_exported(site):
    shown, drafts, *_ = drafting.compose(site, *form(points="设备更新"))
    assert "按设备投资额的8%给予补助" in words(shown)
    block = next(b for b in drafts[-1].blocks if "8%" in getattr(b, "text", ""))
    card = drafting.show_source(site, event(f"source-{block.marks[0]}"), drafts)
    assert "8%" in words(re.findall("<mark>(.*?)</mark>", card)[0])
    shown, drafts, review = drafting.change(
        site, event(act="amend", block=block.id, text="按设备投资额的9%给予补助。"), drafts
    )
    assert "没有写明“9%”" in words(shown) and "重新审查" in review
    shown, drafts, _ = drafting.change(site, event(act="drop", block=block.id, text=""), drafts)
    assert "的9%" not in words(shown)
    shown, drafts, _ = drafting.take_back(site, drafts)
    assert "的9%" in words(shown)
    findings, text, _ = drafting.review_draft(site, drafts)
    assert "建议" in findings and "建议" in text
    saved = json.loads(drafting.export(".docx", drafts))
    assert saved["name"].endswith(".docx") and base64.b64decode(saved["content"])[:2] == b"PK"


def test_a_source_whose_words_the_file_no_longer_has_is_quoted_alone(site):
    _, drafts, *_ = drafting.compose(site, *form(points="设备更新"))
    hold(site.library, POLICY.replace("一、支持设备更新。", "一、支持设备更新。新增一句。").replace("8%", "6%"))
    card = drafting.show_source(site, event("source-1"), drafts)
    assert "已不在库中" in card and "8%" in words(card) and "6%" not in words(card)


REFUSED = [
    (
        lambda site: drafting.change(site, event(act="amend", block="p1", text=""), ()),
        "还没有草稿",
        "nothing to change",
    ),
    (lambda site: drafting.take_back(site, ()), "没有可以撤销", "nothing to take back"),
    (lambda site: drafting.compose(site, *form(level="银河")), "级别", "told by the name of the box"),
    (lambda site: drafting.review_upload(site, None), "还没有选择文件", "no file"),
    (lambda site: drafting.review_upload(site, "/gone.txt"), "没有传完", "a file that Gradio has cleared"),
    (lambda site: drafting.export_review(""), "还没有审查意见", "nothing to export"),
    (lambda site: framework.surround(site, None, 2), "还没有选择文件", "no file to look around"),
    (lambda site: framework.study(site, event("file-没有"), "概览"), "没有", "a file that was removed"),
    (lambda site: framework.compare(site, event("changes-一份"), ID), "不完整", "half a link"),
    (lambda site: framework.ask_term(site, " "), "还没有写名词", "no term"),
    (lambda site: show_open(site, event(f"open-{ID}-0-99999-00000000")), "已不在库中", "words that never stood there"),
    (lambda site: show_open(site, event("open-x")), "不完整", "a link of an older page"),
]


@pytest.mark.parametrize(("act", "why", "_what"), REFUSED, ids=[row[2] for row in REFUSED])
def test_what_cannot_be_done_is_told_in_chinese(site, act, why, _what):
    with pytest.raises(gr.Error, match=why):
        act(site)


def test_an_upload_is_reviewed_and_leaves_no_copy(site, tmp_path: Path):
    path = tmp_path / "送审稿.txt"
    path.write_text(
        "若干措施\n一、企业须在本区注册登记设立独立法人，方可享受按设备投资额20%的补助。\n", encoding="utf-8"
    )
    before = site.library.documents()
    findings, text, upload = drafting.review_upload(site, str(path))
    assert "公平竞争" in findings and "公平竞争" in text and upload is None
    assert not path.exists() and site.library.documents() == before


def test_each_view_of_a_file_and_of_the_library_opens_the_words_that_it_shows(site):
    for name, wanted in (("概览", "300万元"), ("责任分工", "区经信局"), ("时间线", "2024-05-01"), ("名词", "规上企业")):
        shown = framework.look(site, ID, name)
        assert wanted in words(shown)
        for link in re.findall('href="#(open-[^"]*)"', shown):
            assert "<mark>" in show_open(site, event(unquote(link)))[0]
    assert "库内没有可以比对" in words(framework.look(site, ID, "新旧对照"))
    assert "云澜市促进制造业若干政策" in words(framework.overlook(site, "引用而未收录的文件"))
    assert framework.look(site, None, "概览") == framework.NO_FILE


def test_an_earlier_version_is_compared_and_its_words_open_in_it(site):
    hold(site.library, POLICY.replace("8%", "6%"))
    shown = framework.look(site, ID, "新旧对照")
    assert "8%" in words(shown) and "6%" in words(shown)
    cards = [words(show_open(site, event(unquote(link)))[0]) for link in re.findall('href="#(open-[^"]*)"', shown)]
    older = [card for card in cards if "旧版本" in card]
    assert older and any("8%" in card for card in older)
    pair = unquote(re.findall('href="#(changes-[^"]*)"', shown)[0])
    assert "8%" in words(framework.compare(site, event(pair), ID))


def test_the_picture_is_drawn_again_only_when_the_library_has_changed(site):
    seen, picture, around, files = framework.open_tab(site, {}, "", 2)
    assert "贯彻" in picture and (ID in dict(map(reversed, files.choices)))
    assert framework.open_tab(site, seen, "", 2) == (gr.skip(),) * 4
    hold(site.library, POLICY.replace("9号", "10号", 1), "另一份.txt")
    _, _, around, files = framework.open_tab(site, seen, "一份已移除的文件", 2)
    assert len(files.choices) == 2 and around.value == ""
