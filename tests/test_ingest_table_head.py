"""The head of a table: which rows name its columns, and what each column is called."""

from __future__ import annotations

import pytest

from ingest.table_head import find_head

TWO_ROWS = ["序号|项目|补贴标准||备注", "||第一年|第二年|", "1|住房补贴|500|300|按月发放"]


def called(*lines: str) -> tuple[int, list[str]]:
    """How many rows are head, and the names of the columns."""
    cells = [line.split("|") for line in lines]
    head = find_head(cells)
    return head.rows, ["·".join(cells[row][column] for row, column in path) for path in head.names]


@pytest.mark.parametrize(
    ("lines", "rows", "names", "reason"),
    [
        (["项目|标准", "升规奖励|15万元"], 1, "项目|标准", "one row"),
        (TWO_ROWS, 2, "序号|项目|补贴标准·第一年|补贴标准·第二年|备注", "补贴标准 spans two columns, 序号 two rows"),
        (
            ["项目|补贴标准|", "|第一年|第二年", "住房补贴|500元|300元"],
            2,
            "项目|补贴标准·第一年|补贴标准·第二年",
            "no column behind the spanning cell",
        ),
        (
            ["项目|标准|标准", "项目|首贷|续贷", "微型企业|50%|30%"],
            2,
            "项目|标准·首贷|标准·续贷",
            "converters repeat the words of a merged cell",
        ),
        (
            ["|补贴标准||", "项目|第一年|第二年|第三年", "住房|1|2|3"],
            2,
            "项目|补贴标准·第一年|补贴标准·第二年|补贴标准·第三年",
            "an empty corner, filled in the second row",
        ),
        (
            ["序号|限值|||监控位置", "|平板玻璃||电子玻璃|", "|熔窑|镀膜|熔炉|", "1|30|20|30|排气筒"],
            3,
            "序号|限值·平板玻璃·熔窑|限值·平板玻璃·镀膜|限值·电子玻璃·熔炉|监控位置",
            "three rows",
        ),
        (
            ["状态|仪器||物品", "|物项限值|货包限值|货包限值", "特殊形式|10|1|3"],
            2,
            "状态|仪器·物项限值|仪器·货包限值|物品·货包限值",
            "a second name below a column that is not parted",
        ),
        (
            ["补贴标准表||", "单位：万元||", "项目|一类|二类", "厂房|5|3"],
            3,
            "项目|一类|二类",
            "title and unit above the head",
        ),
        (["项目|对象|标准", "（1）|（2）|（3）", "厂房|企业|5"], 2, "项目|对象|标准", "a row of numbers is no value"),
        (
            [
                "序号|项目|限值|||||",
                "||直接排放|||间接排放||",
                "||材料|元件|终端|材料|元件|终端",
                "1|总磷|1.0|||8.0||",
                "2|总锌|1.5|--|1.5|1.5|--|1.5",
            ],
            3,
            "序号|项目|限值·直接排放·材料|限值·直接排放·元件|限值·直接排放·终端|限值·间接排放·材料|限值·间接排放·元件|限值·间接排放·终端",
            "values merged over columns leave more places empty than filled, and yet it is no form",
        ),
        (["|第一年|第二年", "住房补贴|500元|300元"], 1, "|第一年|第二年", "the first column has no name"),
    ],
)
def test_columns_are_called_by_all_cells_above_them(lines: list[str], rows: int, names: str, reason: str):
    assert called(*lines) == (rows, names.split("|")), reason


@pytest.mark.parametrize(
    ("lines", "rows", "reason"),
    [
        (
            ["类别|学历|", "人才|博士|3000元", "人才|硕士|2000元"],
            1,
            "an empty name, and a first row with a value in each column",
        ),
        (["支持标准||备注", "国家级|100万元|", "省级|50万元|"], 1, "the second row has figures"),
        (["支持标准||备注", "国家级|一次性奖励|", "省级|按年奖励|"], 1, "the rows below leave the same column empty"),
        (["项目|年度||备注", "|2024|2025|", "产值|100|120|亿元"], 2, "years are names, not values"),
    ],
)
def test_the_first_row_of_values_is_no_second_row_of_the_head(lines: list[str], rows: int, reason: str):
    assert called(*lines)[0] == rows, reason


@pytest.mark.parametrize(
    ("lines", "kind", "reason"),
    [
        (["人才|博士|3000元", "人才|硕士|2000元"], "none", "the first row has a value of the same kind as the second"),
        (["1|沙河街|大街89号", "2|五山街|岳洲路39号"], "none", "numbered from its first row on"),
        (["甲乙|说明", "第一条规定的内容。|本条说明适用范围。"], "columns", "说明 names what stands below it"),
        (["支持对象|小微企业", "奖励标准|15万元", "申报时间|3月"], "pairs", "each row says what it is about"),
        (["支持对象|符合条件的单位", "办理时限|5个工作日"], "pairs", "a value that ends like a name"),
        (["事项|兑现标准", "升规奖励|15万元", "小巨人奖励|80万元"], "columns", "two columns with a head"),
        (["规模|Z", "富集度1.5%|2200", "富集度5%|850"], "columns", "figures below a name"),
        (["姓名||性别|", "出生年月||民族|", "单位名称|||"], "none", "a form to be filled"),
        (["申报单位意见|年月日", "审核意见|年月日"], "none", "a form with room for a date"),
        (["单位名称||", "", ""], "none", "no row of several cells"),
    ],
)
def test_a_table_without_a_head_is_not_given_one(lines: list[str], kind: str, reason: str):
    assert find_head([line.split("|") for line in lines]).kind == kind, reason


def test_an_empty_table_has_no_head():
    assert find_head([]).names == ()
