"""A row of a table knows its head and what a merged cell above says of it."""

import pytest

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
