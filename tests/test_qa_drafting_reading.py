"""What a section chief would not sign: a title with all figures in it, measures of other firms, sums that nobody can trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.library import Library
from ingest.parse import document_from_text
from qa.drafting import Draft, Grid, Paragraph, draft, request_from_json
from qa.drafting.cells import unfounded_cells, worked_out
from qa.drafting.project import project_of

DAY = date(2026, 4, 1)
PLACE = {"级别": "区县级", "地区": "清河区"}
COMPANY = {
    "主体类型": "企业",
    "行业": ["汽车零部件"],
    "固定资产投资额": "1.2亿元",
    "设备投资额": "3000万元",
    "项目类型": ["新引进"],
}
ONE = {**PLACE, "文种": "一企一策", "项目": "底盘零部件项目，总投资3亿元，用地80亩，建设期24个月", "企业名称": "示例公司",
       "行业": "汽车零部件", "企业情况": COMPANY, "支持事项": ["设备补助", "物流补贴"]}  # fmt: skip


@pytest.fixture(scope="module")
def one(held: Library) -> Draft:
    return draft(held, request_from_json(ONE), DAY)


def said(made: Draft) -> list[str]:
    return [block.text for block in made.blocks if isinstance(block, Paragraph)]


def grid(made: Draft, caption: str) -> Grid:
    return next(b for b in made.blocks if isinstance(b, Grid) and b.caption.startswith(caption))


PROJECTS = [
    ("底盘项目，总投资3亿元，用地80亩", "底盘项目", {"总投资": "3亿元", "用地": "80亩"}, ()),
    ("总投资约3亿元的底盘项目", "底盘项目", {"总投资": "约3亿元"}, ()),
    ("底盘项目；拟落户智谷产业园", "底盘项目", {}, ("拟落户智谷产业园",)),  # what is no fact is not lost
    ("底盘项目", "底盘项目", {}, ()),
    ("", "", {}, ()),
]


@pytest.mark.parametrize(("words", "name", "told", "others"), PROJECTS)
def test_a_project_line_is_name_facts_and_the_rest(words, name, told, others):
    found = project_of(words)
    assert (found.name, found.told, found.others) == (name, told, others)


def test_the_title_has_the_name_and_the_chapter_the_facts_that_were_given(one):
    assert one.title == "清河区支持底盘零部件项目个性化扶持政策"
    assert {"总投资：3亿元。", "用地：80亩。", "建设期：24个月。", "达产产值、新增就业等指标：【待定】。"} <= set(
        said(one)
    )
    assert any("总投资不低于3亿元" in text for text in said(one))


def test_two_sums_for_one_fact_are_told(held):
    given = {**ONE, "文种": "投资协议", "企业情况": {**COMPANY, "总投资": "2亿元"}}
    made = draft(held, request_from_json(given), DAY)
    told = next(b for b in made.blocks if isinstance(b, Paragraph) and b.text.startswith("总投资："))
    assert told.text == "总投资：2亿元。" and "3亿元" in told.remarks[0].text


@pytest.mark.parametrize("region", ["清河区", "云澜市清河区", "xx省云澜市清河区"])
def test_a_title_names_the_body_not_the_way_to_it(held, region):
    made = draft(held, request_from_json({**PLACE, "文种": "政策依据清单", "地区": region, "目的": "支持技改"}), DAY)
    assert made.title == "清河区支持技改政策依据清单"


def test_measures_that_do_not_apply_stand_apart_with_the_reason_and_unknown_ones_are_counted(one):
    names = [row[0] for row in grid(one, "适用普惠条款").rows]
    assert "支持新引进项目设备投资" in names and not any(
        "服务业" in n or "电子商务" in n or "创新券" in n for n in names
    )
    (unmet,) = grid(one, "经比对不符合").rows
    assert unmet[0] == "支持重大项目" and "还差8.8亿元" in unmet[1]
    assert any("没有填全不能判断" in notice for notice in one.notices)
    assert not any("物流企业" in row[2] for row in grid(one, "各级现行规定").rows)  # the company makes parts


def test_no_table_of_a_policy_rests_on_a_repealed_file(one, held):
    ended = {c.mark for c in one.citations if c.validity == "已废止"}
    rows = [marks for b in one.blocks if isinstance(b, Grid) for marks in b.row_marks]
    assert ended and not ended & {mark for marks in rows for mark in marks}
    assert min(ended) > max(mark for marks in rows for mark in marks)  # numbered behind those of the text


CELLS = [
    ("测算：设备投资3000万元×6%＝180万元", ("180万元",)),
    ("测算：设备投资3000万元×6%＝190万元", ()),  # worked out wrongly
    ("测算：设备投资5000万元×6%＝300万元", ()),  # of a sum that nobody gave
    ("不符合“10亿元以上”，还差7亿元", ("7亿元",)),
    ("不符合“10亿元以上”，还差8亿元", ()),
]


@pytest.mark.parametrize(("cell", "found"), CELLS)
def test_what_is_worked_out_is_worked_out_again(cell, found):
    assert worked_out(cell, ["设备投资额：3000万元。总投资：3亿元。", "按照6%给予补助", "10亿元以上"]) == found


@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_changed_figure_in_any_cell_is_told(one, column):
    table = grid(one, "适用普惠条款")
    assert not [*unfounded_cells(one, table)]
    row = tuple(f"{cell}7777万元" if n == column else cell for n, cell in enumerate(table.rows[0]))
    for marks in (table.row_marks, ()):  # also where the row names no source any more
        assert any("7777万元" in told for told in unfounded_cells(one, replace(table, rows=(row,), row_marks=marks)))


def test_a_plan_breaks_down_what_higher_files_want_and_says_who_does_what(held):
    made = draft(
        held,
        request_from_json({**PLACE, "文种": "实施方案", "目的": "推进双招双引", "支持事项": ["招商引荐奖励"]}),
        DAY,
    )
    general, aims = grid(made, "上级和本级总体要求"), grid(made, "上级和本级现行目标")
    assert {row[0].split()[0] for row in general.rows} == {"省级", "市级", "区县级"}
    assert all(row[-1] == "【待定】" for row in aims.rows) and len(aims.rows) > 5
    duties = {row[0]: row[1] for row in grid(made, "责任分工表").rows}
    assert duties["支持社会化招商引荐"] == "区投资促进中心" and duties["组建产业专班"] == "【待定】"
    assert any("缺字或代替符号" in notice and "厅〔202x〕21号" in notice for notice in made.notices)


def test_an_empty_library_and_files_of_unknown_level_are_told(library):
    asked = request_from_json({**PLACE, "文种": "若干措施", "支持事项": ["设备补助"]})
    assert "库内还没有文件" in draft(library, asked, DAY).notices[0]
    text = "关于支持设备投资的若干措施\n第一条　对设备投资项目，按照设备投资额的7%给予补助，最高70万元。\n"
    library.add_document(document_from_text(text, path="a.txt"), text.encode(), "text/plain")
    made = draft(library, asked, DAY)
    assert "没有标明级别的文件未作为依据：《关于支持设备投资的若干措施》" in made.notices[0]
    assert not any("7%" in text for text in said(made))


def test_answers_to_common_questions_are_no_basis(library):
    text = "清河区设备补助常见问题解答\n清政〔2025〕1号\n一、标准是多少\n对设备投资项目，按照设备投资额的7%给予补助。\n清河区人民政府\n2025年1月1日\n"
    library.add_document(document_from_text(text, path="a.txt"), text.encode(), "text/plain")
    made = draft(library, request_from_json({**PLACE, "文种": "若干措施", "支持事项": ["设备补助"]}), DAY)
    assert not made.citations and not any("7%" in text for text in said(made))
