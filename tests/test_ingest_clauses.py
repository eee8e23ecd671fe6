"""Clauses: what a citation will point at. Texts are of our own making."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clauses import parse_clauses, with_document_id
from ingest.document import Clause, Page

GOLDEN = Path(__file__).parent / "golden"


def parse(text: str, pages: tuple[Page, ...] = ()) -> tuple[Clause, ...]:
    return parse_clauses(text, pages, "D")


def outline(text: str, kinds: tuple[str, ...] = ("heading", "body")) -> list[tuple[str, str]]:
    """(path, first characters) of the clauses of these kinds."""
    return [(c.path, c.text.strip()[:4]) for c in parse(text) if c.kind in kinds]


def kinds(text: str) -> list[str]:
    return [c.kind for c in parse(text)]


# ---- golden files: reviewed by eye, one clause a line: kind (* = number restored), id, path, heading, first characters


@pytest.mark.parametrize("name", ["district_plan", "notice_with_measures"])
def test_golden_outline(name: str):
    clauses = parse_clauses((GOLDEN / f"{name}.txt").read_text("utf-8"), (), "")
    found = [
        "\t".join(
            (
                c.kind + "*" * c.restored,
                c.id,
                c.path,
                c.heading,
                c.text.split("\n")[0][:16].replace("\t", "|"),
            )
        )
        for c in clauses
    ]
    assert found == (GOLDEN / f"{name}.clauses.tsv").read_text("utf-8").splitlines()


# ---- paths: (why, text, expected (path, start of text) of headings and body)

PATHS = [
    (
        "half-width brackets and dots are the same levels",
        "一、甲\n(一)乙\n1.丙丙\n(1)丁丁\n①戊戊\n2．己己",
        ["一、", "一、（一）", "一、（一）1.", "一、（一）1.（1）", "一、（一）1.（1）①", "一、（一）2."],
    ),
    ("items may skip a level", "一、甲甲\n1.乙乙\n2.丙丙\n二、丁丁", ["一、", "一、1.", "一、2.", "二、"]),
    (
        "measures are numbered through the file",
        "一、甲甲\n1.乙乙乙。\n2.丙丙丙。\n二、丁丁\n3.戊戊戊。\n12.己己己。",
        ["一、", "一、1.", "一、2.", "二、", "二、3.", "二、12."],
    ),
    (
        "the article's own paragraph is its first 款; items below a 款 name it",
        "第五条　甲甲甲。\n乙乙乙：\n（一）丙丙；\n（二）丁丁。\n戊戊戊。",
        ["第五条", "第五条第二款", "第五条第二款第（一）项", "第五条第二款第（二）项", "第五条第三款"],
    ),
    (
        "an article number alone on its line: the next paragraph is its first 款",
        "第五条\n甲甲甲。\n乙乙乙。",
        ["第五条", "第五条", "第五条第二款"],
    ),
    (
        "目 below 项",
        "第三条　下列情形：\n（一）甲甲：\n1.乙乙；\n2.丙丙。",
        ["第三条", "第三条第（一）项", "第三条第（一）项第1目", "第三条第（一）项第2目"],
    ),
    (
        "chapters hold articles and are not part of their path",
        "第一章　总则\n第一条　甲甲。\n第二章　分则\n第一节　通用\n第二条　乙乙。\n第十条之一　丙丙。",
        ["第一章", "第一条", "第二章", "第二章第一节", "第二条", "第十条之一"],
    ),
    (
        "一、 above articles is a chapter",
        "一、总则\n第一条　甲甲。\n二、分则\n第二条　乙乙。",
        ["一、", "第一条", "二、", "第二条"],
    ),
    (
        "emergency plans number by decimals",
        "1 总则\n1.1 编制目的\n甲甲甲。\n1.2 适用范围\n乙乙乙。\n2 组织体系\n丙丙丙。",
        ["1", "1.1", "1.1", "1.2", "1.2", "2", "2"],
    ),
    (
        "a paragraph below the last of several one-sentence items speaks of them all",
        "一、甲甲\n（一）乙乙乙；\n（二）丙丙丙。\n丁丁丁。\n二、戊戊",
        ["一、", "一、（一）", "一、（二）", "一、", "二、"],
    ),
    (
        "a paragraph below an item with a run-in heading continues it",
        "一、甲甲\n（一）乙乙。乙乙乙。\n（二）丙丙。丙丙丙。\n丁丁丁。\n二、戊戊\n（三）己己。己己。",
        ["一、", "一、（一）", "一、（二）", "一、（二）", "二、", "二、（三）"],
    ),
    (
        "项目 begins an item, 项 refers to one",
        "第三条　甲：\n（一）乙乙；\n（二）项目投资方；\n（三）丙丙。",
        ["第三条", "第三条第（一）项", "第三条第（二）项", "第三条第（三）项"],
    ),
    (
        "Markdown marks are tolerated",
        "## 第一章 总则\n- 第一条 甲甲。\n**第二条 乙乙。",
        ["第一章", "第一条", "第二条"],
    ),
]


@pytest.mark.parametrize(("why", "text", "paths"), PATHS, ids=[case[0] for case in PATHS])
def test_paths(why: str, text: str, paths: list[str]):
    assert [path for path, _ in outline(text)] == paths


NOT_ITEMS = [
    ("an amount", "1.5亿元以上的项目优先支持。"),
    ("a range of classes", "一、二级医院应当设立药学部门。"),
    ("a reference to an article", "第五条规定的补助按季度拨付。"),
    ("a reference to a paragraph", "第三条第二款所称企业，是指规模以上企业。"),
    ("a reference to an item", "（三）项所列情形除外。"),
    ("an inline list in one line", "1. 申报表；2. 营业执照；3. 项目备案文件。"),
    ("an inline list of bracketed numbers", "（一）受理后5日内审查；（二）会同财政部门核查；（三）公示。"),
    ("sub-points of a paragraph", "一是加强领导；二是压实责任；三是严格考核。"),
    ("a day", "2024年3月1日起受理申报。"),
]


@pytest.mark.parametrize(("why", "line"), NOT_ITEMS, ids=[case[0] for case in NOT_ITEMS])
def test_lines_that_only_look_like_items(why: str, line: str):
    clause = parse(f"二、申报\n{line}")[-1]
    assert (clause.path, clause.marker, clause.kind) == ("二、", "", "body")


# ---- headings


def test_run_in_heading_ends_at_the_first_stop():
    clause = parse("（一）强化责任落实。逐项分解任务，明确到人。")[0]
    assert (clause.heading, clause.kind) == ("强化责任落实", "body")


def test_a_long_first_sentence_is_no_heading():
    assert parse(f"（一）对{'甲' * 50}给予补助。另行规定的除外。")[0].heading == ""


def test_a_sentence_followed_only_by_its_department_is_no_heading():
    assert parse("（一）对新建冷库补助20万元。（责任单位：县商务局）")[0].heading == ""


def test_a_title_with_text_below_is_a_heading_and_without_it_an_item():
    with_text, without = (
        parse("（一）加强组织领导\n各部门要高度重视。")[0],
        parse("（一）综合医院；\n（二）专科医院。")[0],
    )
    assert (with_text.kind, with_text.heading) == ("heading", "加强组织领导")
    assert (without.kind, without.heading) == ("body", "")


# ---- lost numbers


def test_a_lost_first_number_is_restored_and_marked():
    clauses = parse("一、任务\n（一）完善机制\n建立专班。每月调度。\n2. 完善政策。出台细则。")
    assert [(c.path, c.marker, c.restored) for c in clauses[2:]] == [
        ("一、（一）1.", "1.", True),
        ("一、（一）2.", "2.", False),
    ]
    assert clauses[2].heading == "建立专班"


LOST_HEADINGS = [
    ("below the title", "冷链工作方案\n总体要求\n甲甲。乙乙。\n二、任务\n丙丙。", "总体要求"),
    ("below the number", "冷链工作方案\n（青政〔2024〕7号）\n总体要求\n甲甲。乙乙。\n二、任务\n丙丙。", "总体要求"),
    ("below the first sentence", "为落实甲甲，制定本方案。\n总体要求\n甲甲。乙乙。\n二、任务\n丙丙。", "总体要求"),
    (
        "above its items",
        "制定本方案。\n总体要求\n（一）甲。乙乙。\n（二）丙。丁丁。\n二、任务\n（三）戊。己己。",
        "总体要求",
    ),
    ("two lines may be it", "制定本方案。\n总体要求\n甲甲。\n主要目标\n乙乙。\n二、任务\n丙丙。", None),
    ("a sentence is no heading", "制定本方案。\n要全面落实。\n二、任务\n丙丙。", None),
    ("nothing stands below it", "制定本方案。\n总体要求\n二、任务\n丙丙。", None),
    ("the title has a second line", "关于做好冷链工作\n的若干措施\n甲甲。乙乙。\n二、任务\n丙丙。", None),
    ("two numbers are missing", "制定本方案。\n总体要求\n甲甲。\n三、任务\n丙丙。", None),
    ("nothing is missing", "一、总则\n甲甲。\n概述\n乙乙。\n二、任务\n丙丙。", None),
    ("二、 is a sentence", "制定本方案。\n总体要求\n甲甲。\n二、对冷库给予补助，按面积计算。", None),
    ("二、 stands in an article", "第一条　甲甲。\n总体要求\n乙乙。\n二、任务\n丙丙。", None),
]


@pytest.mark.parametrize(("why", "text", "heading"), LOST_HEADINGS, ids=[case[0] for case in LOST_HEADINGS])
def test_a_lost_first_heading_is_restored_only_where_it_is_certain(why: str, text: str, heading: str | None):
    restored = [c for c in parse(text) if c.restored]
    assert [(c.path, c.marker, c.heading, c.kind, c.parent) for c in restored] == (
        [("一、", "一、", heading, "heading", None)] if heading else []
    )


@pytest.mark.parametrize(
    "text",
    [
        "一、任务\n建立专班。\n另一段落。\n2. 完善政策。出台细则。",  # which of the two lost it cannot be told
        "一、任务\n建立专班。\n3. 完善政策。出台细则。",  # two numbers are missing
        "一、任务\n1. 甲甲。甲甲。\n续段续段。\n2. 乙乙。乙乙。",  # nothing is missing
    ],
)
def test_nothing_is_restored_where_it_is_not_certain(text: str):
    assert not any(c.restored for c in parse(text))


# ---- pages, ids


def test_a_clause_is_on_the_page_where_its_text_begins():
    text = "第一条　甲甲。\n第二条　乙乙。\n第三条　丙丙。"
    pages = (Page(1, 0), Page(2, text.index("第三条")))
    assert [c.page for c in parse(text, pages)] == [1, 1, 2]
    assert [c.page for c in parse(text)] == [None] * 3


def test_ids_can_be_moved_to_another_document():
    moved = with_document_id(parse("一、甲甲\n（一）乙乙。丙丙。"), "青政〔2024〕7号")
    assert [(c.id, c.parent) for c in moved] == [
        ("青政〔2024〕7号#一", None),
        ("青政〔2024〕7号#一(一)", "青政〔2024〕7号#一"),
    ]


# ---- laws

PIECES = st.sampled_from(
    [
        "一、甲甲", "二、甲。乙乙。", "（一）甲", "(二)甲。乙", "1.甲", "2. 甲。乙", "（1）甲", "①甲", "第一章 总则", "第二章 分则", "第一条 甲。",
        "第二条　乙：", "第三条", "附件1", "附件2：清单", "附件：1.表", "目录", "2024年5月1日", "某某县人民政府", "（此件公开发布）", "甲\t乙", "\t", "",
        " ", "　", "普通段落，没有编号。", "标题一样的行", "各县人民政府：", "关于印发某某办法的通知", "某某办法", "青政〔2024〕1号", "1.1 目的", "1 总则",
        "# 一、甲", "- 甲", "\r", "（一）甲；（二）乙", "抄送：甲。", "---", "问：甲？", "答：乙。", "Q1：甲？", "A1：乙。", "一、甲？", "第一步：甲",
        "步骤2：乙。", "1.3人户", "2.2人户", "a.甲", "b.乙", "甲\t", "一、甲\t", "注：甲\t", "注意事项：", "温馨提示", "上述材料", "感谢您的关心。",
        "联系电话：1",
        "第一条 【目的】甲。", "周甲等代表：", "现印发给你们，请执行。", "附件1 清单\t", "面向单位的政策", "面向个人的政策",
    ]
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A file as offices write them: head, numbered levels, lists, tables, questions, signature, annexes — and garbage."""
    lines = ["青禾县人民政府关于印发某某办法的通知", "青政〔2024〕1号", "各乡镇人民政府："][: draw(st.integers(0, 3))]
    for part in range(draw(st.integers(1, 3))):
        if part:
            lines += [f"附件{part}", "某某清单"]
        for section in range(draw(st.integers(0, 4))):
            lines.append(draw(st.sampled_from((f"{NUMERALS[section]}、标题", f"第{NUMERALS[section]}章　标题"))))
            for item in range(draw(st.integers(0, 3))):
                forms = (
                    f"（{NUMERALS[item]}）小标题。内容内容。",
                    f"{item + 1}.内容；",
                    f"第{NUMERALS[item]}条　内容。",
                )
                lines.append(draw(st.sampled_from(forms)))
                lines += draw(st.lists(PIECES, max_size=2))
            if draw(st.booleans()):
                lines += [
                    "项目\t金额",
                    "一、甲类\t",
                    *(f"甲{row}\t{row}万元" for row in range(draw(st.integers(0, 3)))),
                ]
        lines += ["青禾县人民政府", "2024年5月1日"][: draw(st.integers(0, 2))]
    return "\n".join(lines)


TEXTS = st.one_of(
    documents(),
    st.lists(PIECES, max_size=30).map("\n".join),
    st.text(alphabet=st.sampled_from("一二三、（）()1.2第条章附件 \n\t。：甲2024年月日①〇"), max_size=80),
    st.text(max_size=60),
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_clauses_cover_every_character_once_and_in_order(text: str):
    clauses = parse(text)
    assert "".join(c.text for c in clauses) == text
    position = 0
    for clause in clauses:
        assert clause.span.start == position and clause.span.of(text) == clause.text
        position = clause.span.end
    assert position == len(text)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_ids_are_unique_repeatable_and_parents_stand_above(text: str):
    clauses = parse(text)
    seen: dict[str, Clause] = {}
    for clause in clauses:
        assert clause.id not in seen
        if clause.parent is not None:
            assert clause.depth == seen[clause.parent].depth + 1
        seen[clause.id] = clause
    assert parse(text) == clauses


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_printed_marker_and_heading_are_in_the_clause(text: str):
    for clause in parse(text):
        if not clause.restored:
            assert clause.marker.replace(" ", "") in clause.text.replace(" ", "")
        if clause.kind != "annex" and "\n" not in clause.text.strip():
            assert clause.heading in clause.text


@pytest.mark.parametrize(
    "text",
    [
        "第一条 一行。\n" * 2_500,
        "一行文字没有标点\n" * 2_500,
        "字" * 250_000,
        "（" * 250_000,
        "1" * 250_000,
        "第" * 125_000 + "条",
        "一、甲\n（一）乙\n1.丙\n（1）丁\n①戊\n" * 1_250,
        "附件1\n标题\n" * 2_000,
        "某某局\n2024年1月1日\n" * 2_000,
        "甲\t乙\n" * 2_500,
        "（一）甲；" * 12_500,
        "甲\t乙\n甲\t\n" * 1_250,
        "注意事项：\n1.甲\n2.乙\n" * 1_000,
        "问：甲？\n答：乙。\n" * 1_250,
        "甲？\n" * 2_500,
        "1.5甲\n" * 2_500,
        "a.甲\n" * 2_500,
    ],
    ids=[
        "articles",
        "plain",
        "long",
        "brackets",
        "digits",
        "di",
        "nested",
        "annexes",
        "dates",
        "rows",
        "inline",
        "groups",
        "labels",
        "answers",
        "asked",
        "decimals",
        "letters",
    ],
)
def test_hostile_size_is_read_whole_with_shallow_depth(text: str):
    clauses = parse(text)
    assert sum(len(c.text) for c in clauses) == len(text)
    assert max(c.depth for c in clauses) < 12
    assert max(len(c.path) for c in clauses) < 80
