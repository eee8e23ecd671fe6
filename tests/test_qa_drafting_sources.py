"""What drafts take from the library and what they leave; drafts that come back from outside, honest and forged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from index.library import Library
from qa.drafting import Draft, Grid, Paragraph, checked, draft, draft_dict, draft_from_dict, request_from_json
from qa.drafting.model import NO_BASIS
from tests.test_qa_drafting import DAY, LOAN, PLACE, REQUESTS, clause, paragraphs, remarks


@pytest.fixture(scope="module")
def loan(held: Library) -> Draft:
    return draft(held, request_from_json(LOAN), DAY)


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_draft_that_comes_back_unchanged_stands_as_it_was_made(held, kind):
    made = draft(held, request_from_json(REQUESTS[kind]), DAY)
    assert checked(draft_from_dict(json.loads(json.dumps(draft_dict(made)))), held) == made


FORGED = [  # words put into the mouth of a file, and what gives them away
    (lambda text: text.replace("30%", "50%"), "50%"),  # a figure
    (lambda text: text.replace("中小微制造业企业", "所有企业"), ""),  # for whom
    (lambda text: text.replace("区金融服务中心", "区国资中心"), ""),  # who does it
    (lambda text: f"另按省里口径从宽掌握。{text}", ""),  # a sentence of nobody
]


@pytest.mark.parametrize(("change", "figure"), FORGED)
def test_words_of_nobody_do_not_come_back_as_words_of_a_file(held, loan, change, figure):
    def forged(block):
        mine = isinstance(block, Paragraph) and block.text.startswith("支持技术改造贷款贴息")
        return replace(block, text=change(block.text)) if mine else block

    made = checked(replace(loan, blocks=tuple(map(forged, loan.blocks))), held)
    (block,) = [
        b
        for b in paragraphs(made)
        if b.proofs == () and "制造业企业技术改造" not in b.text and b.marks and b.level == 2
    ]
    assert block.origin == "edited" and any(figure in remark.text for remark in block.remarks)


def test_a_forged_title_validity_or_table_is_put_right(held, loan):
    citations = tuple(replace(c, title="伪造的文件", validity="有效") for c in loan.citations)
    wrong = [replace(b, rows=tuple((*row[:2], "给予9000万元奖励。", *row[3:]) for row in b.rows))
             if isinstance(b, Grid) and b.row_marks else b for b in loan.blocks]  # fmt: skip
    made = checked(replace(loan, citations=citations, blocks=tuple(wrong)), held)
    assert made.citations == loan.citations
    assert any("9000万元" in notice and "没有找到" in notice for notice in made.notices)


TALENT = {**PLACE, "文种": "若干政策措施", "目的": "加强人才引进培育", "支持事项": ["人才引进", "住房补贴", "子女入学"]}
FOOD = {**PLACE, "文种": "实施方案", "目的": "支持绿色食品和农产品加工业发展", "行业": "绿色食品",
        "支持事项": ["农产品加工设备补助", "绿色食品认证奖励"]}  # fmt: skip


def test_what_only_the_title_of_its_file_has_in_common_is_off_the_topic(held):
    """A file on 招商引资招才引智 has clauses on 招商引荐 and on funds, which bring in nobody."""
    made = draft(held, request_from_json(TALENT), DAY)
    said = " ".join(cell for b in made.blocks if isinstance(b, Grid) for row in b.rows for cell in row)
    assert "激励招商引荐" not in said and "加强资金统筹" not in said
    for own in ("发放生活补贴。", "购房补贴。", "租房补贴。", "子女就学。"):  # the district's own clauses are all there
        assert clause(made, own).origin == "source"


def test_a_topic_that_the_library_lacks_takes_nothing_from_words_that_all_files_have(held):
    asked = {
        **PLACE,
        "文种": "若干措施",
        "目的": "支持低空经济发展",
        "支持事项": ["起降设施建设", "首发经济补贴", "托育补贴"],
    }
    made = draft(held, request_from_json(asked), DAY)
    for topic in ("起降设施建设", "首发经济补贴", "托育补贴"):
        assert (
            clause(made, f"{topic}。").text
            == f"{topic}。支持对象、条件和标准【待定】{NO_BASIS}。（责任单位：【待定】）"
        )
    assert not any(isinstance(block, Grid) for block in made.blocks)


def test_where_a_clause_leaves_the_standard_to_its_annex_the_rows_are_worded(held):
    made = draft(held, request_from_json(FOOD), DAY)
    own = clause(made, "首次获得绿色食品认证。")
    assert (
        own.text
        == "首次获得绿色食品认证。奖补标准：每个产品2万元；上限：单个主体10万元；兑现方式：免申即享。（责任单位：【待定】）"
    )
    assert "按照附件标准" not in " ".join(block.text for block in paragraphs(made))
    near = [remark for remark in clause(made, "农产品加工设备补助。").remarks if "相近规定" in remark.text]
    assert near and all("由起草人判断" in remark.text for remark in near)
    assert checked(made, held) == made


def test_a_plan_quotes_aims_and_tasks_of_higher_files_and_sets_none_itself(held):
    asked = {**PLACE, "文种": "实施方案", "目的": "推进双招双引", "支持事项": ["招商引荐奖励"]}
    made = draft(held, request_from_json(asked), DAY)
    aims, tasks = (b for b in made.blocks if isinstance(b, Grid) and "供分解" in b.caption)
    assert any(row[0].startswith("省级") and "不少于3000个" in row[1] for row in aims.rows)
    assert all(row[-1] == "【待定】" for row in (*aims.rows, *tasks.rows))
    assert all(("目标期限已过" in row[3]) == ("2025年" in row[1]) for row in aims.rows)
    assert "突出产业链招商" in [row[0] for row in tasks.rows]
    for block in paragraphs(made):  # a sum of the city is told as the city's
        assert "每年不低于5亿元" not in block.text or "规定：" in block.text
    assert not remarks(made, "contradicts")  # 公职人员不得领取 forbids no reward for others
