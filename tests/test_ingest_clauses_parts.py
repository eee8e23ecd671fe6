"""Parts of a file: front, body, back, the policy that a notice carries, annexes. Texts are of our own making."""

from __future__ import annotations

import pytest

from ingest.clauses import parse_clauses
from ingest.document import Clause, Page


def parse(text: str, pages: tuple[Page, ...] = ()) -> tuple[Clause, ...]:
    return parse_clauses(text, pages, "D")


def outline(text: str, kinds: tuple[str, ...] = ("heading", "body")) -> list[tuple[str, str]]:
    """(path, first characters) of the clauses of these kinds."""
    return [(c.path, c.text.strip()[:4]) for c in parse(text) if c.kind in kinds]


def kinds(text: str) -> list[str]:
    return [c.kind for c in parse(text)]


# ---- closing paragraph, front, back


def test_the_closing_paragraph_belongs_to_the_document():
    closing = parse("一、保障\n（一）加强领导。成立专班。\n（二）严格考核。纳入考核。\n让我们共同奋斗！")[-1]
    assert (closing.path, closing.parent, closing.kind) == ("", None, "body")


def test_the_paragraph_below_a_bare_heading_is_not_a_closing_one():
    assert outline("一、保障\n（一）加强领导\n成立专班。\n（二）严格考核\n纳入考核。")[-1] == ("一、（二）", "纳入考核")


def test_front_and_back_of_a_plain_notice():
    text = (
        "青禾县人民政府关于做好防汛工作的通知\n青政〔2024〕7号\n各乡镇人民政府，县政府各部门：\n现就有关事项通知如下。\n一、提高认识。立即部署。\n"
        "附件：1.值班表\n2.联系表\n青禾县人民政府\n2024年5月1日\n（此件公开发布）\n抄送：县委办公室。"
    )
    assert kinds(text) == ["front"] * 3 + ["body"] * 2 + ["back"] * 6


def test_site_fields_and_classification_marks_are_front():
    assert (
        kinds("索 引 号：X/2024\n文　号：青政〔2024〕7号\n特急\n青禾县人民政府文件\n一、甲甲。乙乙。")[:4]
        == ["front"] * 4
    )


def test_text_without_a_front_begins_with_body():
    assert kinds("为贯彻落实上级精神，结合我区实际，制定如下方案。\n一、总体要求") == ["body", "body"]


def test_a_table_of_contents_is_front_and_does_not_count_as_chapters():
    text = (
        "青禾县冷链办法\n目录\n第一章　总则\n第二章　附则\n第一章　总则\n第一条　甲甲。\n第二章　附则\n第二条　乙乙。"
    )
    clauses = parse(text)
    assert [c.kind for c in clauses][:4] == ["front"] * 4
    assert [c.id for c in clauses if c.kind != "front"] == ["D#第一章", "D#第一条", "D#第二章", "D#第二条"]


# ---- parts


def test_the_attached_policy_has_plain_paths_and_the_notice_is_its_frame():
    text = (
        "关于印发《青禾县冷链办法》的通知\n青政办〔2024〕1号\n各乡镇人民政府：\n现印发给你们，请认真执行。\n青禾县人民政府办公室\n2024年5月1日\n"
        "青禾县冷链办法\n第一条　甲甲。\n第二条　乙乙。"
    )
    clauses = parse(text)
    assert [c.kind for c in clauses] == ["front"] * 4 + ["back"] * 2 + ["heading", "body", "body"]
    assert [c.path for c in clauses[6:]] == ["", "第一条", "第二条"]
    assert clauses[7].parent == clauses[6].id


NOTICE_TEXTS = [
    ("it only carries", "现将《青禾县冷链办法》印发给你们，请认真贯彻执行。", ["front"]),
    (
        "with where to ask",
        "《青禾县冷链办法》已经县政府同意，现印发实施。执行中如有问题，请径向县商务局反映。",
        ["front"],
    ),
    ("it also repeals", "现将《青禾县冷链办法》印发给你们，请遵照执行。原《青禾县冷库办法》同时废止。", ["body"]),
    (
        "it goes on",
        "《青禾县冷链办法》已经县政府同意，现印发给你们。\n各乡镇要制定实施方案，压实责任。",
        ["front", "body"],
    ),
]


@pytest.mark.parametrize(("why", "text", "expected"), NOTICE_TEXTS, ids=[case[0] for case in NOTICE_TEXTS])
def test_what_a_notice_says_beyond_that_it_carries_a_policy_is_text(why: str, text: str, expected: list[str]):
    found = parse(
        f"关于印发《青禾县冷链办法》的通知\n各乡镇人民政府：\n{text}\n青禾县人民政府\n2024年5月1日\n青禾县冷链办法\n第一条　甲甲。"
    )
    assert [c.kind for c in found] == ["front"] * 2 + expected + ["back"] * 2 + ["heading", "body"]


ADDRESSEES = [
    ("bodies", "各市、县人民政府，省政府各部门：", True),
    ("a body whose name has 应急", "各市应急管理局，各有关单位：", True),
    ("a deputy", "周甲乙等代表：", True),
    ("two members", "邓甲、韩乙委员：", True),
    ("a letter to a person", "马甲乙副主席：", True),
    ("a lead sentence", "下列企业可以申请的单位：", False),
    ("a list of posts", "县委书记、主任：", False),
]


@pytest.mark.parametrize(("why", "line", "expected"), ADDRESSEES, ids=[case[0] for case in ADDRESSEES])
def test_whom_a_letter_addresses(why: str, line: str, expected: bool):
    found = parse(
        f"青禾县人民政府对第12号建议的答复\n青政函〔2024〕7号\n{line}\n您提出的建议收悉，现答复如下：\n推进公开。"
    )
    assert (found[2].kind == "front") == expected


def test_two_sections_with_titles_alike_are_both_sections():
    text = "为便利群众，制定本清单。\n面向单位的政策\n一、甲甲。乙乙。\n二、丙丙。丁丁。\n面向个人的政策\n一、戊戊。己己。\n二、庚庚。辛辛。"
    clauses = parse(text)
    assert [c.heading for c in clauses if c.kind == "heading"] == ["面向单位的政策", "面向个人的政策"]
    assert [c.parent for c in clauses if c.path == "一、"] == [clauses[1].id, clauses[4].id]


def test_the_attached_policy_is_found_by_its_title_where_the_notice_is_unsigned():
    text = "青禾县人民政府关于印发《青禾县冷链办法》的通知\n青政〔2020〕15号\n\n青禾县冷链办法\n第一条　甲甲。"
    assert [(c.kind, c.path) for c in parse(text)] == [
        ("front", ""),
        ("front", ""),
        ("heading", ""),
        ("body", "第一条"),
    ]


def test_annexes_prefix_their_paths():
    text = "一、甲甲。乙乙。\n青禾县人民政府\n2024年5月1日\n附件1\n申报条件\n一、丙丙。丁丁。\n附件2\n办理流程\n第一条　戊戊。"
    clauses = parse(text)
    assert [(c.kind, c.path, c.heading) for c in clauses if c.kind == "annex"] == [
        ("annex", "附件1", "申报条件"),
        ("annex", "附件2", "办理流程"),
    ]
    assert [c.path for c in clauses if c.kind == "body"] == ["一、", "附件1 一、", "附件2 第一条"]


def test_the_list_of_annexes_is_no_annex():
    text = "一、甲甲。乙乙。\n附件1：申报表\n附件2：承诺书\n青禾县商务局\n2024年5月1日"
    assert "annex" not in kinds(text)


def test_numbering_that_begins_again_begins_a_new_part_and_ids_stay_unique():
    text = (
        "一、甲甲。乙乙。\n二、丙丙。丁丁。\n烟花爆竹判定标准\n依据有关规定判定：\n一、戊戊。己己。\n二、庚庚。辛辛。"
    )
    clauses = parse(text)
    assert [c.path for c in clauses] == ["一、", "二、", "", "", "一、", "二、"]
    assert clauses[2].heading == "烟花爆竹判定标准" and clauses[4].parent == clauses[2].id
    assert [c.id for c in clauses if c.path == "一、"] == ["D#一", "D#一_2"]


def test_lists_that_begin_again_below_each_article_are_no_new_part():
    assert [p for p, _ in outline("第一条　甲：\n一、乙乙；\n二、丙丙。\n第二条　丁：\n一、戊戊；\n二、己己。")] == [
        "第一条",
        "第一条一、",
        "第一条二、",
        "第二条",
        "第二条一、",
        "第二条二、",
    ]


def test_table_rows_have_a_locator_of_their_own():
    text = "一、标准\n项目\t金额\n冷库\t20万元\n二、上限\n三、其他\n甲\t乙\n说明如下。\n丙\t丁"
    rows = [(c.path, c.text.strip()) for c in parse(text) if c.kind == "table_row"]
    assert rows == [
        ("一、 表第1行", "项目\t金额"),
        ("一、 表第2行", "冷库\t20万元"),
        ("三、 表第1行", "甲\t乙"),
        ("三、 表2第1行", "丙\t丁"),
    ]


NOTICE = "关于冷链的通知\n第一条　甲甲。乙乙。\n第二条　丙丙。丁丁。"
SAMPLE = "（示例文件，仅供演示，不具有效力）"
BACKS = [
    ("a remark on the file", SAMPLE, 1),
    ("抄送 and 印发", "抄送：区委办公室，区监委。\n清河区人民政府办公室　2024年6月20日印发", 2),
    ("… with a remark below", f"抄送：区委办公室。\n清河区人民政府办公室2024年6月20日印发\n{SAMPLE}", 3),
    ("抄送 on several lines", "抄送：区委办公室，\n区人大常委会办公室。\n区政府办公室\t2024年6月20日印发", 3),
    ("the printing office on its own line", "清河区人民政府办公室\n2024年6月20日印发", 2),
    ("版记 as a table", "抄送：\t区委办公室，区监委。\n清河区人民政府办公室\t2024年6月20日印发", 2),
    ("a masked signature and date", "中共XX市委\nXX市人民政府\n××××年×月×日", 3),
    ("a signature without a date", "中共XX市委\nXX市人民政府", 2),
    ("the end is marked", "（全文完）", 1),
    ("the department is part of the article", "（责任单位：区商务局）", 0),
    ("so is a paragraph", "本条所称企业不含个体工商户。", 0),
    ("a body that is no party committee or government may be named in a list", "区商务局\n区财政局", 0),
]


@pytest.mark.parametrize(("why", "lines", "count"), BACKS, ids=[case[0] for case in BACKS])
def test_what_stands_below_the_last_article(why: str, lines: str, count: int):
    clauses = parse(f"{NOTICE}\n{lines}")
    back = [c for c in clauses if c.kind == "back"]
    assert "".join(c.text for c in back) == (lines if count else "")
    assert [c.path for c in back] == [""] * count
    assert [c.path for c in clauses if c.kind == "body"][:2] == ["第一条", "第二条"]
