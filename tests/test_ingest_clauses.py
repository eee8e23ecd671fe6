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


def test_the_attached_policy_has_plain_paths_and_the_notice_is_front():
    text = (
        "关于印发《青禾县冷链办法》的通知\n青政办〔2024〕1号\n各乡镇人民政府：\n现印发给你们，请认真执行。\n青禾县人民政府办公室\n2024年5月1日\n"
        "青禾县冷链办法\n第一条　甲甲。\n第二条　乙乙。"
    )
    clauses = parse(text)
    assert [c.kind for c in clauses] == ["front"] * 6 + ["heading", "body", "body"]
    assert [c.path for c in clauses[6:]] == ["", "第一条", "第二条"]
    assert clauses[7].parent == clauses[6].id


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
        "# 一、甲", "- 甲", "\r", "（一）甲；（二）乙", "抄送：甲。", "---",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=30).map("\n".join),
    st.text(alphabet=st.sampled_from("一二三、（）()1.2第条章附件 \n\t。：甲2024年月日①〇"), max_size=80),
    st.text(max_size=60),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_clauses_cover_every_character_once_and_in_order(text: str):
    clauses = parse(text)
    assert "".join(c.text for c in clauses) == text
    position = 0
    for clause in clauses:
        assert clause.span.start == position and clause.span.of(text) == clause.text
        position = clause.span.end
    assert position == len(text)


@settings(max_examples=400, deadline=None)
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


@settings(max_examples=200, deadline=None)
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
        "第一条 一行。\n" * 10_000,
        "一行文字没有标点\n" * 10_000,
        "字" * 1_000_000,
        "（" * 1_000_000,
        "1" * 1_000_000,
        "第" * 500_000 + "条",
        "一、甲\n（一）乙\n1.丙\n（1）丁\n①戊\n" * 5_000,
        "附件1\n标题\n" * 8_000,
        "某某局\n2024年1月1日\n" * 8_000,
        "甲\t乙\n" * 10_000,
        "（一）甲；" * 50_000,
    ],
    ids=["articles", "plain", "long", "brackets", "digits", "di", "nested", "annexes", "dates", "rows", "inline"],
)
def test_hostile_size_is_read_whole_with_shallow_depth(text: str):
    clauses = parse(text)
    assert sum(len(c.text) for c in clauses) == len(text)
    assert max(c.depth for c in clauses) < 12
    assert max(len(c.path) for c in clauses) < 80
