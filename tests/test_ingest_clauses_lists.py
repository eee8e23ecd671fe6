"""Lists, tables, questions and answers, closing paragraphs: whose a line is. Texts are of our own making."""

from __future__ import annotations

import pytest

from ingest.clauses import parse_clauses
from ingest.document import Clause


def parse(text: str) -> tuple[Clause, ...]:
    return parse_clauses(text, (), "D")


def paths(text: str) -> list[str]:
    return [c.path for c in parse(text)]


NUMBERS = [
    (
        "the text of an item begins with a number",
        "一、对象\n1.3人户家庭；\n2.2人户家庭；\n3.12个月以上的家庭。\n二、程序",
        ["一、", "一、1.", "一、2.", "一、3.", "二、"],
    ),
    (
        "… even one with a unit",
        "一、条件\n1.5年以上从业经历；\n2.2年以上管理经历。",
        ["一、", "一、1.", "一、2."],
    ),
    (
        "decimals stay decimals",
        "1 总则\n1.1 目的\n1.2 依据\n2 体系\n2.1 机构\n2.2 职责",
        ["1", "1.1", "1.2", "2", "2.1", "2.2"],
    ),
    ("a fragment of a decimal outline", "3.2 预警\n3.3 响应\n4.1 恢复", ["3.2", "3.3", "4.1"]),
    ("an amount is no item", "一、标准\n1.5亿元以上的项目优先支持。", ["一、", "一、"]),
    ("full-width and other marks", "1、甲甲；\n2．乙乙；\n3.丙丙。", ["1.", "2.", "3."]),
    ("one bracket", "一、甲\n1)乙乙；\n2)丙丙。", ["一、", "一、（1）", "一、（2）"]),
    ("letters are a list", "一、材料\na.申请表\nb.承诺书", ["一、", "一、a.", "一、b."]),
    ("letters below a circled number", "①甲甲：\nA．乙乙；\nB．丙丙。\n②丁丁。", ["①", "①A.", "①B.", "②"]),
    ("one letter is a word", "一、标准\nA.级企业优先。", ["一、", "一、"]),
    (
        "steps",
        "一、流程\n第一步：申报\n（一）登录平台。\n第二步：审核",
        ["一、", "一、第一步", "一、第一步（一）", "一、第二步"],
    ),
    ("steps with a digit", "步骤1：登录。\n步骤2：提交。\n温馨提示", ["步骤1", "步骤2", ""]),
    ("a reference to a step", "第一步工作完成后，转入审核。", [""]),
    ("words that count are no numbers", "一、任务\n第一，加强领导。\n首先，压实责任。\n——坚持统筹。", ["一、"] * 4),
    (
        "a second list below a label is the label's",
        "一、步骤\n1.登录。\n2.提交。\n注意事项：\n1.信息真实。\n2.按时提交。",
        ["一、", "一、1.", "一、2.", "一、注意事项", "一、注意事项1.", "一、注意事项2."],
    ),
    (
        "two lists introduced alike",
        "一、条件\n个人申请条件：\n（一）甲甲。\n（二）乙乙。\n企业申请条件：\n1.丙丙；\n2.丁丁。",
        ["一、", "一、", "一、（一）", "一、（二）", "一、", "一、1.", "一、2."],
    ),
]


@pytest.mark.parametrize(("why", "text", "expected"), NUMBERS, ids=[case[0] for case in NUMBERS])
def test_numbers_and_their_paths(why: str, text: str, expected: list[str]):
    assert paths(text) == expected


HEADINGS = [
    ("a title printed with 。", "（一）指导思想。\n以甲为指导。", ("heading", "指导思想")),
    ("a long title printed with 。", "（一）完善应用型人才培养体系。\n甲甲。", ("heading", "完善应用型人才培养体系")),
    ("a rule alone on its line", "十二、本通知自2024年7月1日起实施，有效期5年。\n此前的规定同时废止。", ("body", "")),
    ("who decides", "十、定点机构名单，由市医保局另行公布。\n甲甲。", ("body", "")),
    ("the subject of an article in brackets", "第一条　【适用范围】本办法适用于本市。", ("body", "适用范围")),
    ("… in round ones", "第一条　（目的）为规范管理，制定本办法。", ("body", "目的")),
    ("a file number is no subject", "第一条　〔2024〕5号文件同时废止。", ("body", "")),
]


@pytest.mark.parametrize(("why", "text", "expected"), HEADINGS, ids=[case[0] for case in HEADINGS])
def test_title_or_sentence(why: str, text: str, expected: tuple[str, str]):
    clause = parse(text)[0]
    assert (clause.kind, clause.heading) == expected


QUESTIONS = [
    ("labelled", "问：多少钱？\n答：20万元。\n问：怎么办？\n答：网上办。", ["多少钱？", "怎么办？"]),
    ("numbered labels", "Q1：多少钱？\nA1：20万元。\nQ2：怎么办？\nA2：网上办。", ["多少钱？", "怎么办？"]),
    ("a case and its answer", "案例1：张某能否申请？\n答：不能。", ["案例1：张某能否申请？"]),
    ("numbered questions", "一、多少钱？\n答：20万元。\n二、怎么办？\n答：网上办。", ["多少钱？", "怎么办？"]),
    ("a numbered label", "1.问：多少钱？\n答：20万元。", ["多少钱？"]),
]


@pytest.mark.parametrize(("why", "text", "headings"), QUESTIONS, ids=[case[0] for case in QUESTIONS])
def test_a_question_and_its_answer_are_one_clause(why: str, text: str, headings: list[str]):
    clauses = parse(text)
    assert [(c.kind, c.heading) for c in clauses] == [("body", heading) for heading in headings]
    assert all("答" in c.text or "A" in c.text for c in clauses)


def test_an_answer_has_all_its_paragraphs_and_holds_its_lists():
    text = "七、问答\n（一）不得虚报。\n问：条件？\n答：条件如下：\n另附说明。\n1.甲甲；\n2.乙乙。\n问：期限？\n答：一年。\n八、附则"
    clauses = parse(text)
    assert [c.path for c in clauses] == ["七、", "七、（一）", "七、", "七、1.", "七、2.", "七、", "八、"]
    assert clauses[2].text == "问：条件？\n答：条件如下：\n另附说明。\n"
    assert [c.parent for c in clauses[2:5]] == [clauses[0].id, clauses[2].id, clauses[2].id]


def test_a_numbered_question_without_a_labelled_answer_is_a_heading():
    assert [(c.kind, c.path) for c in parse("一、能领多久？\n满一年领一个月。\n二、怎么领？\n网上领。")][:2] == [
        ("heading", "一、"),
        ("body", "一、"),
    ]


CLOSINGS = [
    ("a letter's thanks", "一、甲。甲甲。\n乙乙乙。\n二、丙。丙丙。\n感谢您的关心。", ""),
    ("how to ask", "一、甲\n甲甲。\n二、乙\n乙乙。\n区教育局联系电话：38620000", ""),
    (
        "each item ends with such a paragraph",
        "一、甲\n1.乙乙；\n2.丙丙。\n标准：一次。\n二、丁\n1.戊戊；\n2.己己。\n标准：两次。",
        "二、",
    ),
    ("it speaks of the items above", "一、材料\n（一）甲表；\n（二）乙表。\n上述材料须加盖公章。", "一、"),
    ("a tip adds to the list", "一、设置\n（一）甲甲。\n（二）乙乙。\n★小贴士", "一、"),
    ("the whole policy", "一、甲\n（一）乙乙。\n（二）丙丙。\n上述政策适用于所有企业。", ""),
    ("the text of the last heading", "一、甲\n甲甲。\n二、乙\n请各地落实。", "二、"),
]


@pytest.mark.parametrize(("why", "text", "path"), CLOSINGS, ids=[case[0] for case in CLOSINGS])
def test_whose_the_last_paragraph_is(why: str, text: str, path: str):
    last = parse(text)[-1]
    assert (last.kind, last.path) == ("body", path)


# ---- tables: a line that ends with a tab is the only filled cell of a row (readers know, the text does not show it)


def test_a_row_of_one_cell_groups_the_rows_below_it():
    text = "一、甲甲。乙乙。\n附件1\n清单\n序号\t措施\n一、产权方面\t\n1\t甲甲\n2\t乙乙\n二、金融方面\t\n3\t丙丙\n注：以上为示例\t\n"
    rows = [c for c in parse(text) if c.kind == "table_row"]
    assert [c.path for c in rows] == [f"附件1 表第{n}行" for n in range(1, 8)]
    parents = {c.id: c.text.strip() for c in rows}
    assert [parents.get(c.parent or "") for c in rows] == [
        None, None, "一、产权方面", "一、产权方面", None, "二、金融方面", None,
    ]  # fmt: skip


def test_the_label_of_an_annex_stands_in_no_row():
    text = "一、甲甲。乙乙。\n青禾县商务局\n2024年5月1日\n附件1　任务分工表\t\n序号\t事项\n1\t甲甲\n"
    assert [(c.kind, c.path) for c in parse(text)][-3:] == [
        ("annex", "附件1"),
        ("table_row", "附件1 表第1行"),
        ("table_row", "附件1 表第2行"),
    ]


def test_a_paragraph_that_merely_ends_with_a_tab_stays_one():
    assert [(c.kind, c.path) for c in parse("一、甲甲\t\n乙乙乙。\t\n（一）丙丙。丁丁。\t\n")] == [
        ("heading", "一、"),
        ("body", "一、"),
        ("body", "一、（一）"),
    ]
