"""A row of a table knows its head and what a merged cell above says of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import PolicyDocument
from ingest.parse import document_from_text
from ingest.rows import table_rows

HEAD = "类别\t学历\t补贴"


def table(*lines: str) -> PolicyDocument:
    return document_from_text("附表\n" + "\n".join(lines) + "\n")


def shown(document: PolicyDocument) -> list[str]:
    return ["|".join(c.span.of(document.text) for c in row.cells) for row in table_rows(document).values()]


@pytest.mark.parametrize(
    ("rows", "expected", "reason"),
    [
        (["人才\t博士\t3000元", "\t硕士\t2000元"], ["人才|博士|3000元", "人才|硕士|2000元"], "人才 spans both rows"),
        (
            ["人才\t博士\t3000元", "\t\t另加500元"],
            ["人才|博士|3000元", "人才|博士|另加500元"],
            "two merged cells side by side",
        ),
        (
            ["人才\t博士\t3000元", "企业\t\t10万元", "\t\t5万元"],
            ["人才|博士|3000元", "企业||10万元", "企业||5万元"],
            "博士 belongs to 人才 and does not reach down past 企业",
        ),
        (["人才\t博士\t", "\t硕士\t2000元"], ["人才|博士|", "人才|硕士|2000元"], "an empty last cell stays empty"),
        (["人才\t\t3000元"], ["人才||3000元"], "an empty cell behind a filled one is empty, not merged"),
        (["\t博士\t3000元"], ["|博士|3000元"], "nothing above but the head, which is no value"),
        (
            ["第一类\t\t", "\t博士\t3000元"],
            ["第一类||", "|博士|3000元"],
            "the title of a group is no value of a column",
        ),
    ],
)
def test_merged_cells_hold_for_the_rows_below(rows: list[str], expected: list[str], reason: str):
    assert shown(table(HEAD, *rows))[1:] == expected, reason


def test_every_cell_is_a_verbatim_span_of_its_own_row():
    document = table(HEAD, "人才\t 博士 \t3000元", "\t硕士\t2000元")
    for clause in (c for c in document.clauses if c.kind == "table_row"):
        for cell in (*(row := table_rows(document)[clause.id]).head, *row.cells):
            assert cell.clause.span.contains(cell.span)
    last = next(c for c in reversed(document.clauses) if c.kind == "table_row")
    assert [c.span.of(document.text) for c in table_rows(document)[last.id].taken_over(last)] == ["人才"]


def test_the_head_is_the_first_row_of_several_cells():
    document = table("补贴标准\t", HEAD, "人才\t博士\t3000元")
    rows = list(table_rows(document).values())
    assert [len(row.head) for row in rows] == [0, 0, 3]


def test_a_table_of_another_part_of_the_text_has_a_head_of_its_own():
    document = document_from_text("表1\n项目\t标准\n甲\t1万元\n说明如下。\n档次\t金额\n一档\t2万元\n")
    heads = ["".join(c.span.of(document.text) for c in row.head) for row in table_rows(document).values()]
    assert heads == ["", "项目标准", "", "档次金额"]


def said(text: str) -> list[str]:
    document = document_from_text(text)
    return ["；".join(row.said(document.text)) for row in table_rows(document).values() if not row.is_head]


TWO_ROWS = "序号\t人才\t补贴标准\t\t责任单位\n\t\t第一年\t第二年\t\n"


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        (
            f"附表\n{TWO_ROWS}1\t博士\t5万元\t3万元\t区人才办\n",
            ["人才：博士；补贴标准（第一年：5万元，第二年：3万元）；责任单位：区人才办"],
            "the name that spans is said once, as it is printed",
        ),
        (
            f"附表\n单位：万元\n{TWO_ROWS}1\t博士\t5\t3\t区人才办\n",
            ["人才：博士；补贴标准（第一年：5，第二年：3）；责任单位：区人才办；单位：万元"],
            "a figure is not shown without its unit",
        ),
        (
            f"附表\n补贴标准表（单位：元/人）\t\n{TWO_ROWS}1\t博士\t500\t300\t区人才办\n",
            ["人才：博士；补贴标准（第一年：500，第二年：300）；责任单位：区人才办；单位：元/人"],
            "the unit stands in the title of the table",
        ),
        (
            "附表\n责任单位：区财政局\n项目\t标准\n甲\t5\n乙\t3\n",
            ["项目：甲；标准：5", "项目：乙；标准：3"],
            "责任单位 is no unit",
        ),
        (
            "附表\n单位：万元\n序号\t项目\t标准（元）\n1\t甲\t500\n2\t乙\t300\n",
            ["项目：甲；标准（元）：500", "项目：乙；标准（元）：300"],
            "the head has a unit of its own",
        ),
        (
            f"附表\n{TWO_ROWS}（一）购房补贴\n1\t博士\t5万元\t3万元\t区人才办\n（二）租房补贴\n2\t博士\t1万元\t1万元\t区住建局\n",
            [
                "（一）购房补贴；人才：博士；补贴标准（第一年：5万元，第二年：3万元）；责任单位：区人才办",
                "（二）租房补贴；人才：博士；补贴标准（第一年：1万元，第二年：1万元）；责任单位：区住建局",
            ],
            "the table goes on below the title of a group, which says what its rows are about",
        ),
        (
            "附表\n项目\t标准\n甲\t5万元\n项目\t标准\n乙\t3万元\n",
            ["项目：甲；标准：5万元", "项目：乙；标准：3万元"],
            "the head is printed again on the next page",
        ),
        (
            "附表\n类别\t学历\t补贴\n人才\t博士\t3000元\n类别\t学历\t补贴\n\t硕士\t2000元\n",
            ["类别：人才；学历：博士；补贴：3000元", "类别：人才；学历：硕士；补贴：2000元"],
            "a merged cell goes on below the repeated head",
        ),
        ("附表\n支持对象\t小微企业\n办理时限\t5个工作日\n", ["支持对象：小微企业", "办理时限：5个工作日"], "no head"),
        (
            "附表\n项目\t内容\n支持对象\t小微企业\n办理时限\t5个工作日\n",
            ["支持对象：小微企业", "办理时限：5个工作日"],
            "a head that says nothing",
        ),
        (
            "附表\n\t第一年\t第二年\n住房\t500元\t300元\n",
            ["住房；第一年：500元；第二年：300元"],
            "a column without a name",
        ),
        (
            f"附表\n{TWO_ROWS}1\t博士\t5万元\t\t区人才办\n2\t硕士\t3万元\t--\t区人才办\n",
            [
                "人才：博士；补贴标准：5万元；责任单位：区人才办",
                "人才：硕士；补贴标准（第一年：3万元，第二年：--）；责任单位：区人才办",
            ],
            "where a dash says that there is no value, an empty place is of the cell to its left",
        ),
        (
            "表1\n项目\t标准\n甲\t1万元\n表2\n事项\t金额\n乙\t2万元\n",
            ["项目：甲；标准：1万元", "事项：乙；金额：2万元"],
            "another table",
        ),
    ],
)
def test_a_row_is_said_with_the_names_of_its_columns(text: str, expected: list[str], reason: str):
    assert said(text) == expected, reason


def test_each_word_of_a_row_stands_in_a_clause_that_it_rests_on():
    document = document_from_text(f"附表\n单位：万元\n{TWO_ROWS}（一）购房补贴\n1\t博士\t5\t3\t区人才办\n")
    for clause in (c for c in document.clauses if c.kind == "table_row"):
        row = table_rows(document)[clause.id]
        cells = row.above(clause)
        assert all(cell.clause.span.contains(cell.span) for cell in cells)
        quotes = clause.text + "".join(cell.span.of(document.text) for cell in cells)
        words = "；".join(row.said(document.text))
        assert row.is_head or all(words.count(char) <= quotes.count(char) for char in words if char.isalnum())


def test_an_amount_whose_unit_stands_above_the_table_is_a_sum_of_money():
    document = document_from_text("附表\n单位：万元\n序号\t项目\t标准\n1\t甲\t5\n2\t乙\t按实际\n")
    rows = [row for row in table_rows(document).values() if not row.is_head]
    assert [row.has_sum(document.text) for row in rows] == [True, False]


LINES = st.lists(
    st.lists(st.sampled_from(["", "序号", "项目", "5", "500元", "第一年", "单位：万元"]), max_size=5), max_size=8
)


@given(LINES)
def test_no_filled_cell_of_a_row_is_left_out(lines: list[list[str]]):
    document = document_from_text("附表\n" + "".join("\t".join(line) + "\n" for line in lines))
    for clause in (c for c in document.clauses if c.kind == "table_row"):
        row = table_rows(document)[clause.id]
        assert len(row.names) == len(row.cells)
        named = "".join(value + name for name, value in row.pairs(document.text))
        assert row.is_head or all(cell.span.of(document.text) in named for cell in row.cells)
