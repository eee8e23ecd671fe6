"""References: which files a text names, and what it does to them."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.docnumber import compatible
from ingest.references import find_references, title_key

CASES_FILE = Path(__file__).parent / "cases" / "relation_cases.jsonl"
CASES = [json.loads(line) for line in CASES_FILE.read_text("utf-8").splitlines()]


def summary(text):
    return [(r.title, [n.canonical for n in r.numbers], r.relation) for r in find_references(text)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case_table(case):
    found = [reference for reference in find_references(case["text"]) if reference.title]
    cites = case["cites"]
    assert [(r.title, [n.canonical for n in r.numbers], r.relation) for r in found] == [
        (c["title"], c["no"], c["rel"]) for c in cites
    ]
    for reference, cite in zip(found, cites, strict=True):
        assert list(reference.inner) == cite.get("inner", [])
        assert reference.inner_relation == cite.get("inner_rel")
        assert reference.alias == cite.get("alias")


REFERENCES = [
    # a number without a title is a reference
    ("按照皖政〔2021〕5号文件要求", [(None, ["皖政〔2021〕5号"], "based_on")]),
    ("1. 皖政〔2021〕5号", [(None, ["皖政〔2021〕5号"], None)]),
    # … but a number that fills its line is the file's own
    ("皖政〔2021〕5号\n关于推进工作的通知", []),
    ("文号：皖政〔2021〕5号", []),
    ("（皖政〔2021〕5号）", []),
    ("皖政〔2021〕5号    签发人：张三", []),
    ("皖发改产业〔2024〕88号 皖财建〔2024〕301号", []),
    # where a number belongs to a title
    ("国办发〔2018〕37号《甲办法》", [("甲办法", ["国办发〔2018〕37号"], None)]),
    ("《甲办法》皖政〔2021〕5号", [("甲办法", ["皖政〔2021〕5号"], None)]),
    ("《甲办法》（试行）（皖政(2021)5号）", [("甲办法", ["皖政〔2021〕5号"], None)]),
    (
        "国办发〔2018〕37号《甲办法》、国办发〔2018〕38号《乙办法》",
        [("甲办法", ["国办发〔2018〕37号"], None), ("乙办法", ["国办发〔2018〕38号"], None)],
    ),
    ("《意见》〔2021〕12号", [("意见", ["〔2021〕12号"], None)]),
    # a title without 《》
    (
        "根据省政府办公厅关于印发支持企业若干政策的通知(皖政办〔2021〕5号)要求",
        [("关于印发支持企业若干政策的通知", ["皖政办〔2021〕5号"], "based_on")],
    ),
    # a title over a line break
    ("贯彻《关于促进\n高质量发展的意见》", [("关于促进高质量发展的意见", [], "implements")]),
    # a bracket that is never closed takes nothing with it
    ("《漏了。贯彻《甲法》和《乙法》", [("甲法", [], "implements"), ("乙法", [], "implements")]),
    ("增速<5，按照《甲办法》", [("甲办法", [], "based_on")]),
    # a verb holds for an enumeration, in front and behind
    ("根据《甲办法》有关规定和《乙办法》要求", [("甲办法", [], "based_on"), ("乙办法", [], "based_on")]),
    (
        "《甲办法》、《乙办法》和皖政〔2021〕5号、8号文件同时废止",
        [
            ("甲办法", [], "repeals"),
            ("乙办法", [], "repeals"),
            (None, ["皖政〔2021〕5号"], "repeals"),
            (None, ["皖政〔2021〕8号"], "repeals"),
        ],
    ),
    ("依照《甲法》第五十条第一款、《乙法》第六条处罚", [("甲法", [], "based_on"), ("乙法", [], "based_on")]),
    # what is said behind the last holds for the whole enumeration
    ("按照《甲规范》及《乙规范》有关规定执行", [("甲规范", [], "references"), ("乙规范", [], "references")]),
    ("根据《甲法》和《乙条例》规定执行", [("甲法", [], "based_on"), ("乙条例", [], "based_on")]),
    # a verb is about what comes up to the comma
    ("要按照有关法律法规规定，将《判定标准》作为执法检查的重要依据", [("判定标准", [], None)]),
    # … and not beyond it
    ("执行《甲办法》，同时废止《乙办法》", [("甲办法", [], "references"), ("乙办法", [], "repeals")]),
    ("修订《关于废止丙的通知》，参照《乙办法》", [("关于废止丙的通知", [], "amends"), ("乙办法", [], "references")]),
    # longer verbs win over the shorter ones in them
    ("停止执行《旧办法》", [("旧办法", [], "repeals")]),
    ("继续执行《旧办法》", [("旧办法", [], "extends")]),
    # what others did to the file is not what this text does
    ("根据国务院发布的《甲条例》", [("甲条例", [], "based_on")]),
    ("依照经修订的《甲办法》", [("甲办法", [], "based_on")]),
    ("根据2016年2月6日《关于修改部分法规的决定》第二次修订", [("关于修改部分法规的决定", [], None)]),
    # certificates and forms are no files
    (
        "持有《居民身份证》，填写《人才公寓申请表》，签订《劳动合同》，依照《劳动合同法》",
        [("劳动合同法", [], "based_on")],
    ),
    ("《甲办法》第五条停止执行", [("甲办法", [], "partially_repeals")]),
    ("现将《甲办法》印发给你们", [("甲办法", [], "issues")]),
    ("《甲办法》有效期延长至2026年12月31日", [("甲办法", [], "extends")]),
    ("转发《甲办法》", [("甲办法", [], "forwards")]),
    # what an amendment leaves alone is not extended
    ("《甲办法》其他条款继续执行。", [("甲办法", [], None)]),
    ("《甲办法》其余内容继续有效。", [("甲办法", [], None)]),
    ("《甲办法》第三条继续执行。", [("甲办法", [], None)]),
    ("《甲办法》继续有效。", [("甲办法", [], "extends")]),
    # a title on two lines
    ("青禾县关于印发\n《甲办法》的通知", [("甲办法", [], "issues")]),
    ("现将有关事项通知如下。请转发。\n《甲办法》", [("甲办法", [], None)]),
]


@pytest.mark.parametrize(("text", "expected"), REFERENCES)
def test_references(text, expected):
    assert summary(text) == expected


def test_aliases():
    text = "《支持民营经济发展若干措施》（皖政〔2020〕7号，以下简称“《若干措施》”）与《管理办法》（以下简称“办法”）"
    assert [(r.title, r.alias) for r in find_references(text)] == [
        ("支持民营经济发展若干措施", "若干措施"),
        ("管理办法", "办法"),
    ]


MENTIONS = [
    (
        "the numbers of the definition",
        "根据《支持制造业若干政策》（青政〔2024〕9号，以下简称《制造业政策》）。补助按照《制造业政策》第四条执行。",
        [
            ("支持制造业若干政策", ["青政〔2024〕9号"], "制造业政策"),
            ("支持制造业若干政策", ["青政〔2024〕9号"], "制造业政策"),
        ],
    ),
    (
        "without a number the title alone",
        "《人才管理办法》（以下简称“办法”）。《办法》第五条。",
        [("人才管理办法", [], "办法"), ("人才管理办法", [], "办法")],
    ),
    (
        "each its own",
        "《甲政策》（青政〔2024〕9号，以下简称《政策》），《乙措施》（青办〔2023〕1号，以下简称《措施》）。《措施》《政策》。",
        [
            ("甲政策", ["青政〔2024〕9号"], "政策"),
            ("乙措施", ["青办〔2023〕1号"], "措施"),
            ("乙措施", ["青办〔2023〕1号"], "措施"),
            ("甲政策", ["青政〔2024〕9号"], "政策"),
        ],
    ),
    (
        "the latest definition above counts",
        "《甲办法》（青政〔2023〕1号，以下简称《办法》）。《乙办法》（青政〔2024〕2号，以下简称《办法》）。《办法》第一条。",
        [
            ("甲办法", ["青政〔2023〕1号"], "办法"),
            ("乙办法", ["青政〔2024〕2号"], "办法"),
            ("乙办法", ["青政〔2024〕2号"], "办法"),
        ],
    ),
    (
        "not before it is defined",
        "《办法》第一条。《甲办法》（青政〔2023〕1号，以下简称《办法》）。",
        [("办法", [], None), ("甲办法", ["青政〔2023〕1号"], "办法")],
    ),
    (
        "not where another number stands",
        "《甲办法》（青政〔2023〕1号，以下简称《办法》）。《办法》（青政〔2020〕5号）已经废止。",
        [("甲办法", ["青政〔2023〕1号"], "办法"), ("办法", ["青政〔2020〕5号"], None)],
    ),
]


@pytest.mark.parametrize(("why", "text", "expected"), MENTIONS, ids=[case[0] for case in MENTIONS])
def test_a_mention_by_short_name_is_a_reference_to_the_file_it_stands_for(why, text, expected):
    found = find_references(text)
    assert [(r.title, [n.canonical for n in r.numbers], r.alias) for r in found] == expected
    assert all(r.quote == r.span.of(text) for r in found)


def test_the_quote_is_the_whole_citation():
    (reference,) = find_references("贯彻《甲办法》（皖政〔2021〕5号）精神")
    assert reference.quote == "《甲办法》（皖政〔2021〕5号）"


def test_the_inner_title_and_what_is_done_to_it():
    (reference,) = find_references("《关于印发〈甲办法〉的通知》")
    assert (reference.inner, reference.inner_relation) == (("甲办法",), "issues")
    (reference,) = find_references("《〈甲办法〉实施细则》")
    assert (reference.inner, reference.inner_relation) == (("甲办法",), "details")


PLAN = (
    "为贯彻落实《中共xx省委xx省人民政府关于大力发展十大新兴产业打造具有重要影响力新兴产业聚集地的意见》(皖发〔202x〕12号)、"
    "《中共xx省委办公厅xx省人民政府办公厅关于印发〈加强招商引资招才引智推动十大新兴产业高质量发展工作方案〉的通知》(厅〔202x〕21号)及"
    "《中共XX市委办公室XX市人民政府办公室印发〈关于加强招商引资招才引智推动主导产业高质量发展工作方案〉的通知》(x办发〔202x〕21号)精神,"
    "结合《关于进一步推进“双招双引”提质增效的实施意见》(x发〔202x〕12号)文件要求,制定如下方案。"
)


def test_the_four_masked_files_of_the_plan_stay_four():
    references = find_references(PLAN)
    assert [r.relation for r in references] == ["implements", "implements", "implements", "coordinates"]
    for first, second in combinations(references, 2):
        assert title_key(first.title) != title_key(second.title)
        assert compatible(first.numbers[0], second.numbers[0]) != "same"


SAME_TITLE = [
    ("安徽省人民政府办公厅关于印发支持企业发展若干政策的通知", "支持企业发展若干政策"),
    ("关于印发《支持企业发展若干政策》的通知", "支持企业发展若干政策"),
    ("转发《安徽省人民政府关于印发〈管理办法〉的通知》的通知", "管理办法"),
    ("中共合肥市委 合肥市人民政府关于促进“双招双引”的意见", "关于促进双招双引的意见"),
    ("教育部等九部门关于印发《行动计划》的通知", "行动计划"),
    ("【已失效】管理办法", "管理办法"),
    ("管理办法（试行）", "管理办法(试行)"),
    ("管理办法（２．０版）", "管理办法(2.0版)"),
    ("XX区管理办法", "xx区管理办法"),
]


@pytest.mark.parametrize(("a", "b"), SAME_TITLE)
def test_printings_of_one_title_share_a_key(a, b):
    assert title_key(a) == title_key(b)


DIFFERENT_TITLES = [
    ("管理办法", "管理办法（试行）"),
    ("管理办法（2021年修订）", "管理办法（2023年修订）"),
    ("2024年度申报指南", "2025年度申报指南"),
    ("关于促进工业发展的意见", "关于促进工业发展的实施意见"),
    ("推动十大新兴产业高质量发展工作方案", "推动主导产业高质量发展工作方案"),
    ("〈中国制造2025〉济南行动计划", "中国制造2025"),
]


@pytest.mark.parametrize(("a", "b"), DIFFERENT_TITLES)
def test_different_files_have_different_keys(a, b):
    assert title_key(a) != title_key(b)


def test_marks_are_kept_apart_from_the_key():
    assert title_key("关于印发《支持企业若干政策（试行）》（2021年修订）的通知") == (
        "支持企业若干政策",
        ("2021年修订", "试行"),
    )


PIECES = [
    "《",
    "》",
    "〈",
    "〉",
    "<",
    ">",
    "（",
    "）",
    "(",
    ")",
    "甲办法",
    "皖政〔2021〕5号",
    "x办发〔202x〕21号",
    "关于",
    "印发",
    "的通知",
    "以下简称",
    "根据",
    "同时废止",
    "、",
    "和",
    "，",
    "。",
    "\n",
    " ",
    "“",
    "”",
    "第五条",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_spans_are_ordered_disjoint_and_quote_the_text(pieces):
    text = "".join(pieces)
    end = 0
    for reference in find_references(text):
        assert end <= reference.span.start < reference.span.end <= len(text)
        assert reference.quote == reference.span.of(text)
        assert reference.title or reference.numbers
        by_short_name = reference.quote == f"《{reference.alias}》"  # its numbers stand at the definition
        assert all(by_short_name or reference.span.contains(number.span) for number in reference.numbers)
        assert all(number.span.of(text) == number.printed for number in reference.numbers)
        end = reference.span.end


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_a_key_is_stable(pieces):
    key, _ = title_key("".join(pieces))
    assert not set(key) & set("《》〈〉（）() \n“”，。、")


HOSTILE = [
    "《",
    "<",
    "《》",
    "《法规》",
    "《A》（",
    "《法规》（",
    "（",
    "皖政〔2021〕5号、",
    "《甲》第一条",
    "《〈ab〉",
    "以下简称",
    "1",
    "〔",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (50_000 // len(piece)) + "。\n贯彻《促进条例》（皖政〔2021〕5号）精神"
    last = find_references(text)[-1]
    assert (last.title, last.relation) == ("促进条例", "implements")


def test_a_hostile_title_has_a_key():
    assert title_key("印发《" * 50_000 + "》" * 50_000)[1] == ()
