"""Handlers of 政策匹配 and 支持措施 without a browser: a real library, no server."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

import gradio as gr
import pytest

import ui
from index.library import Library
from ingest.parse import document_from_text
from ingest.sandbox import Sandbox
from qa.assistant import Assistant
from ui_tabs import matching, measures
from ui_tabs.profile_form import NAMES, given
from ui_tabs.site import Site

POLICY = """清政〔2024〕9号
清河区促进制造业高质量发展若干政策
各镇人民政府：
一、支持新引进项目。对新引进的制造业项目，设备投资1000万元以上（含）的，按设备投资额的8%给予补助，单个项目最高1000万元。（责任单位：区经信局）
二、支持上市。企业在境内上市的，给予一次性奖励300万元。
2024年5月1日
清河区人民政府
"""


@pytest.fixture
def site(library: Library) -> Iterator[Site]:
    library.add_document(document_from_text(POLICY, path="政策.txt"), POLICY.encode(), "text/plain")
    library.catch_up()
    with Sandbox() as sandbox:
        yield Site(library, Assistant(library), sandbox)


def values(**filled: object) -> list[object]:
    """The boxes, all empty but those that are named."""
    return [filled.get(name, "") for name in NAMES]


def event(link: str) -> gr.EventData:
    return gr.EventData(None, {"link": link})


MAKER = {"kind": "企业", "region": "清河区", "industries": ["C36"], "equipment_investment": "3000万"}


def test_the_form_is_matched_and_the_profile_is_kept_only_on_request(site):
    result, _, _, _, profile, kept, _ = matching.run(site, {}, False, *values(**MAKER))
    assert "240万元" in result and kept is None
    *_, kept, _ = matching.run(site, {}, True, *values(**MAKER))
    assert kept["equipment_investment"]["value"] == "30000000"
    assert profile["region"] == "清河区"


def test_an_answer_to_the_next_question_decides_what_was_open(site):
    before = matching.run(site, {}, False, *values(**MAKER))[0]
    answers, after, *_ = matching.answer(site, {}, "project_kinds:新引进", "是", False, *values(**MAKER))
    assert answers == {"project_kinds:新引进": "是"}
    assert "未说明是否新引进" in before and "未说明是否新引进" not in after


@pytest.mark.parametrize(
    ("filled", "why"),
    [
        ({"kind": "企业"}, "还没有填写情况"),
        ({**MAKER, "equipment_investment": "三千多万"}, "设备投资额"),
        ({**MAKER, "age": "十八"}, "年龄"),
    ],
)
def test_a_wrong_form_is_told_by_the_name_of_the_box(site, filled, why):
    with pytest.raises(gr.Error, match=why):
        matching.run(site, {}, False, *values(**filled))


def test_empty_boxes_are_unknown_not_no():
    assert given(values(kind="企业", revenue="1亿"), {}) == {
        "kind": "企业",
        "revenue": {"value": "1亿", "period": "上年度"},
    }


def test_a_sentence_fills_the_boxes_and_says_what_it_left_out(site):
    shown, _, *boxes = matching.read_sentence(site, "我们在清河区做汽车零部件，设备投了大概3000万")
    filled = dict(zip(NAMES, boxes, strict=True))
    assert filled["region"]["value"] == "清河区"
    assert "没有采用" in shown, "大概 is no exact figure"
    assert filled["equipment_investment"] == gr.skip()


def test_the_list_is_narrowed_by_name_by_type_and_by_meaning(site):
    table, picture, *_ = measures.listed(site, "", "", "", "", False)
    assert "支持新引进项目" in table and "支持上市" in table and "资金奖补" in picture
    table, *_ = measures.listed(site, "上市", "", "", "", False)
    assert "支持上市" in table and "支持新引进项目" not in table
    table, *_ = measures.listed(site, "买设备补多少", "", "", "", False)
    assert "支持新引进项目" in table
    table, *_ = measures.typed(site, "买设备补多少", "", "", "", False)
    assert "按回车按意思查找" in table, "while somebody writes, only names are looked at"
    table, *_ = measures.typed(site, "上市", "", "", "", False)
    assert "支持上市" in table and "支持新引进项目" not in table
    table, *_ = measures.listed(site, "", "", "", "住房", False)
    assert "没有符合条件的支持措施" in table


def links(markup: str) -> list[str]:
    return [unquote(link) for link in re.findall(r'href="#(span-[^"]*)"', markup)]


TAMPERED = [
    ("span-0-999999-{version}-清政〔2024〕9号", "没有这处原文", "beyond the file"),
    ("span-5-5-{version}-清政〔2024〕9号", "没有这处原文", "nothing at all"),
    ("span-0-60-{version}-清政〔2024〕9号", "没有这处原文", "from one clause into another"),
    ("span-0-5-000000000000-清政〔2024〕9号", "版本已不在库中", "a version that never was"),
    ("span-0-5-{version}-清政〔1999〕1号", "没有", "a file that is not held"),
    ("span-0-5-清政〔2024〕9号#一", "不完整", "a link of an older page"),
    ("span-x-y-{version}-清政〔2024〕9号", "不完整", "no numbers"),
]


@pytest.mark.parametrize(("link", "why", "_what"), TAMPERED, ids=[row[2] for row in TAMPERED])
def test_a_span_that_was_tampered_with_is_told_in_chinese(site, link, why, _what):
    version = site.library.card("清政〔2024〕9号").sha256[:12]
    with pytest.raises(gr.Error, match=why):
        ui.show_span(site, event(link.format(version=version)))


def test_a_link_opens_the_version_that_it_was_made_of(site):
    card, *_ = measures.show(site, event("measure-清政〔2024〕9号#二"))
    link = links(card)[0]
    longer = POLICY.replace(
        "一、支持新引进项目", "一、前置条款。本条是新增的一段话，把后文推后。\n一、支持新引进项目"
    ).replace("300万元", "500万元")
    site.library.add_document(document_from_text(longer, path="政策.txt"), longer.encode(), "text/plain")
    shown, _ = ui.show_span(site, event(link))
    assert "旧版本" in shown and "300万元" in re.sub("<[^>]*>", "", html.unescape(shown))
    now = ui.show_span(site, event(links(measures.show(site, event("measure-清政〔2024〕9号#二"))[0])[-1]))[0]
    assert "旧版本" not in now and "500万元" in re.sub("<[^>]*>", "", html.unescape(now))


def test_words_that_go_on_into_the_items_of_their_clause_are_shown_with_them(library: Library):
    text = """清政〔2024〕9号
清河区支持青年人才若干措施
各镇人民政府：
一、申领对象
（一）青年人才。符合下列条件的，给予2万元补贴：
1.年龄不超过40周岁；
2.具有博士学位。
2024年5月1日
"""
    library.add_document(document_from_text(text, path="政策.txt"), text.encode(), "text/plain")
    (record, *_) = library.measures()
    document = library.document(record.card.id)
    start, end = document.text.index("青年人才。符合"), document.text.index("博士学位") + 4
    with Sandbox() as sandbox:
        shown, _ = ui.show_span(
            Site(library, Assistant(library), sandbox),
            event(f"span-{start}-{end}-{document.sha256[:12]}-{document.id}"),
        )
    assert "给予2万元补贴" in shown and "博士学位</mark>" in html.unescape(shown)


def test_a_correction_is_kept_and_one_without_a_name_is_refused(site):
    with pytest.raises(gr.Error, match="更正人"):
        measures.correct(site, "清政〔2024〕9号#二", "benefits.0.value", "300万元", "", "理由")
    card, *_ = measures.correct(site, "清政〔2024〕9号#二", "departments", "企业", "王工", "试")
    assert "王工" in card
    card, *_ = measures.correct(site, "清政〔2024〕9号#二", "benefits.0.max", "300万元", "王工", "试")
    read = html.unescape(card)
    assert "责任单位：原为 没有，更正为 企业" in read
    assert "资金奖补（定额）的最高额：原为 没有，更正为 300万元" in read
    assert "benefits" not in read and "{" not in read, "no path and no JSON"


def test_what_the_browser_kept_is_kept_on(site):
    """With the tick lost at each visit, the next match would erase what was kept."""
    *_, kept, _ = matching.run(site, {"project_kinds:新引进": "否"}, True, *values(**MAKER))
    keep, answers, *boxes = matching.recall(kept, False)
    assert keep is True and answers == {"project_kinds:新引进": "否"}
    filled = [box.get("value", "") for box in boxes]
    *_, again, _ = matching.run(site, answers, keep, *filled)
    assert again == kept
    for nothing_to_do in (matching.recall(None, False), matching.recall(kept, True)):
        assert nothing_to_do == [gr.skip()] * (2 + len(NAMES))


def test_a_list_that_tells_of_a_clause_again_stands_apart(site):
    text = """清河区惠企政策清单
一、新引进项目设备投资补助：按设备投资额的8%给予补助，单个项目最高1000万元（依据清政〔2024〕9号第一条）。
二、企业上市奖励：按清政〔2024〕9号第二条，企业在境内上市的，给予一次性奖励300万元。
"""
    original = POLICY.replace("一、支持新引进", "第一条 支持新引进").replace("二、支持上市", "第二条 支持上市")
    for name, content in (("清单.txt", text), ("政策.txt", original)):
        site.library.add_document(document_from_text(content, path=name), content.encode(), "text/plain")
    result, *_ = matching.run(site, {}, False, *values(**MAKER))
    before, _, after = result.partition("清单、解读等转述上列条款的（2）")
    assert after and "惠企政策清单" not in html.unescape(before)
    assert "按设备投资额的8%" in html.unescape(after), "nothing is lost"


def test_the_calendar_tells_what_is_over_from_what_is_to_come(library: Library):
    text = """清政〔2024〕9号
清河区若干政策
各镇人民政府：
一、支持上市。企业在境内上市的，给予一次性奖励300万元。申报时间为2024年4月1日至4月30日。
二、支持研发。企业研发费用增长的，给予一次性奖励20万元。申报时间为每年3月1日至3月31日。
三、支持技改。企业技术改造的，给予一次性奖励30万元。申报时间为2099年2月1日至2月28日。
2024年5月1日
"""
    library.add_document(document_from_text(text, path="政策.txt"), text.encode(), "text/plain")
    with Sandbox() as sandbox:
        *_, calendar, _ = measures.listed(Site(library, Assistant(library), sandbox), "", "", "", "", False)
    to_come, over = html.unescape(calendar).split("已过的申报时间（1）")
    assert to_come.index("每年3月1日") < to_come.index("2099年2月1日"), "the next first"
    assert "2024年4月1日" in over and "2024年4月1日" not in to_come


def test_exports_are_refused_until_there_is_something_to_export(site):
    with pytest.raises(gr.Error, match="还没有可以导出的匹配结果"):
        matching.export(site, event("matched-xlsx"), {})
    with pytest.raises(gr.Error, match="还没有比对"):
        measures.export(site, event("compared-xlsx"), "")
    saved = json.loads(matching.export(site, event("matched-docx"), MAKER))
    assert saved["name"].endswith(".docx") and base64.b64decode(saved["content"])[:2] == b"PK"


def test_who_is_in_a_tier_does_not_read_of_the_others(library: Library):
    text = POLICY.replace(
        "企业在境内上市的，给予一次性奖励300万元", "对新引进的博士、硕士，分别给予10万元、5万元一次性补贴"
    )
    library.add_document(document_from_text(text, path="政策.txt"), text.encode(), "text/plain")
    library.catch_up()
    with Sandbox() as sandbox:
        site = Site(library, Assistant(library), sandbox)
        result, *_ = matching.run(site, {}, False, *values(kind="个人", region="清河区", degree="博士"))
    assert "10万元" in result and "符合“博士”" in result
    assert "不符合“硕士”" not in result


def test_another_year_and_what_is_not_so_are_matched_as_they_were_said(site):
    _, others, *boxes = matching.read_sentence(site, "我们在清河区，今年营收1.2亿，不是高新技术企业")
    shown = [box.get("value", "") for box in boxes]
    profile = given(shown, others)
    assert profile["revenue"]["period"] == "当年"
    assert profile["qualifications"] == {"高新技术企业": False}


def test_a_box_that_was_cleared_takes_no_measure_away(site):
    with pytest.raises(gr.Error, match="哪一处"):
        measures.correct(site, "清政〔2024〕9号#二", None, "", "王工", "试")
