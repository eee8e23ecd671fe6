"""Handlers of 政策匹配 and 支持措施 without a browser: a real library, no server."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

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
    table, *_ = measures.listed(site, "", "", "", "住房", False)
    assert "没有符合条件的支持措施" in table


def test_a_span_that_was_tampered_with_shows_nothing(site):
    with pytest.raises(ValueError, match="no clause"):
        ui.show_span(site, event("span-0-999999-清政〔2024〕9号#一"))
    with pytest.raises(gr.Error, match="没有"):
        ui.show_span(site, event("span-0-5-清政〔1999〕1号#一"))


def test_a_correction_is_kept_and_one_without_a_name_is_refused(site):
    with pytest.raises(gr.Error, match="更正人"):
        measures.correct(site, "清政〔2024〕9号#二", "benefits.0.value", "300万元", "", "理由")
    card, *_ = measures.correct(site, "清政〔2024〕9号#二", "departments", "企业", "王工", "试")
    assert "王工" in card


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
