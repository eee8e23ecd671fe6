"""Chunks: every word of a file is found in exactly one of them, each knows where it stands and what stands above it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import LONGEST_CONTEXT, LONGEST_TEXT, chunk
from index.nodes import from_node, to_node
from ingest.document import Page, PolicyDocument
from ingest.parse import document_from_text

POLICY = """示例区支持企业若干政策
第一章　培育主体
第一条　首次认定高新技术企业的，给予一次性奖励20万元。
第二条　符合下列条件之一的，给予租金补贴：
（一）租用标准厂房的，每平方米每月补贴10元；
（二）租用办公用房的，每平方米每月补贴20元。
第二章　附则
第三条　本政策自2024年5月1日起施行。
示例区人民政府
2024年4月1日
"""


def document(text: str, title: str | None = "示例区支持企业若干政策") -> PolicyDocument:
    return document_from_text(text, title=title, path="政策.txt", document_id="甲")


def found(text: str):
    return {c.id.partition("#")[2]: c for c in chunk(document(text))}


def test_an_item_carries_title_heading_and_lead_sentence_of_its_article():
    item = found(POLICY)["第二条(一)"]
    assert item.text == "（一）租用标准厂房的，每平方米每月补贴10元；"
    assert item.context.split(" › ") == [
        "示例区支持企业若干政策",
        "第一章 培育主体",
        "第二条 符合下列条件之一的，给予租金补贴：",
    ]


def test_a_heading_with_clauses_below_is_no_chunk_and_one_without_is():
    assert "第一章" not in found(POLICY)
    assert "二" in found("一、总体要求\n发展产业。\n二、保障措施\n")


def test_front_and_back_matter_are_one_chunk_each():
    text = f"示例区人民政府办公室关于印发若干政策的通知\n示政办〔2024〕5号\n各乡镇人民政府：\n现印发给你们，请认真贯彻执行。\n{POLICY}"
    front = [c for c in chunk(document(text)) if "示政办〔2024〕5号" in c.text]
    assert len(front) == 1
    assert "各乡镇人民政府" in front[0].text
    back = [c for c in chunk(document(text)) if c.text.endswith("2024年4月1日")]
    assert [c.text for c in back] == ["示例区人民政府\n2024年4月1日"]


def test_a_table_row_carries_the_head_of_its_table():
    text = "一、补助标准\n项目\t标准\t最高额\n展位费\t70%\t4万元\n海外仓\t20%\t80万元\n二、其他\n由区商务局解释。\n"
    rows = [c for c in chunk(document(text)) if "\t" in c.text]
    assert [c.text for c in rows] == ["项目\t标准\t最高额", "展位费\t70%\t4万元", "海外仓\t20%\t80万元"]
    assert all(c.context.endswith("项目 标准 最高额") for c in rows[1:])
    assert not rows[0].context.endswith("最高额")


def test_a_long_clause_is_cut_between_sentences_into_parts_that_keep_its_heading():
    sentence = "对新引进的制造业项目按设备投资额的百分之十给予补助，并在用地、用能、用工方面给予优先保障。"
    parts = chunk(document(f"第一条　支持投资。{sentence * 30}\n第二条　略。\n"))[:-1]
    assert [c.id for c in parts] == [f"甲#第一条~{n}" for n in range(1, len(parts) + 1)]
    assert len(parts) == 3
    assert all(c.text.endswith("。") and len(c.text) <= LONGEST_TEXT for c in parts)
    assert all(c.context.endswith("第一条 支持投资") for c in parts[1:])
    assert {c.clause_id for c in parts} == {"甲#第一条"}


KEPT_TOGETHER = [
    ("（责任单位：区经信局）", "the unit in charge stays with its measure"),
    ("最高不超过500万元。", "the cap stays with the award"),
]


@pytest.mark.parametrize(("following", "reason"), KEPT_TOGETHER, ids=[k[1] for k in KEPT_TOGETHER])
@pytest.mark.parametrize("before", range(440, 500, 7))
def test_what_belongs_to_a_sentence_is_not_cut_from_it(following: str, reason: str, before: int):
    award = "对重点项目给予一次性奖励。"
    filler = "各部门要加强协同配合。" * 60
    text = f"第一条　{filler[: before - len(award)]}。{award}{following}{filler}\n"
    assert any(award + following in c.text for c in chunk(document(text)))


def test_a_text_without_any_mark_is_cut_all_the_same():
    parts = chunk(document("政" * 1800, title="无标点"))
    assert max(len(c.text) for c in parts) <= LONGEST_TEXT
    assert "".join(c.text for c in parts) == "政" * 1800


def test_page_is_the_one_on_which_the_part_begins():
    made = document("第一条　" + "对重点项目给予补助。" * 120 + "\n")
    parts = chunk(replace(made, pages=(Page(1, 0), Page(2, 700))))
    assert [c.page for c in parts] == [2 if c.span.start >= 700 else 1 for c in parts]
    assert {c.page for c in parts} == {1, 2}


LINES = st.sampled_from(
    [*POLICY.splitlines(), "", "一、总体要求", "（一）强化组织。各部门要落实责任。", "1. 加大投入。", "附件1", "附件1　申报表", "项目\t标准", "展位费\t70%",
     "抄送：区委各部门。", "对企业给予补助。" * 90, "　　", "某发〔202x〕12号", "<script>alert(1)</script>"]
)  # fmt: skip


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_every_word_of_body_and_tables_is_in_exactly_one_chunk(text: str):
    made = document(text)
    chunks = chunk(made)
    times = [0] * len(text)
    for c in chunks:
        assert c.text == made.text[c.span.start : c.span.end] == c.text.strip() != ""
        assert len(c.text) <= LONGEST_TEXT
        assert len(c.context) <= LONGEST_CONTEXT + 130
        for offset in range(c.span.start, c.span.end):
            times[offset] += 1
    assert max(times, default=0) <= 1
    for clause in made.clauses:
        if clause.kind in ("body", "table_row", "front", "back"):
            inside = range(clause.span.start, clause.span.end)
            assert all(times[offset] == 1 for offset in inside if not text[offset].isspace())


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_ids_are_unique_and_the_same_for_the_same_text(text: str):
    ids = [c.id for c in chunk(document(text))]
    assert len(set(ids)) == len(ids)
    assert ids == [c.id for c in chunk(document(text))]
    clauses = {clause.id for clause in document(text).clauses}
    assert {re.sub(r"~\d+$", "", id_) for id_ in ids} <= clauses


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_a_node_of_llama_index_gives_the_chunk_back(text: str):
    for c in chunk(document(text)):
        assert from_node(to_node(c)) == c


def test_a_node_shows_a_model_the_context_but_not_the_bookkeeping():
    (node,) = (to_node(c) for c in chunk(document(POLICY)) if c.id == "甲#第一条")
    shown = node.get_content(metadata_mode="llm")
    assert "第一章 培育主体" in shown
    assert "clause_id" not in shown
