"""References that end, change or extend other files: the relation, the articles and the days; lists of files."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.references import find_references


def told(text):
    """Each reference as (title or number, relation, articles, on, until, months, lapsed), empty parts left out."""
    found = []
    for reference in find_references(text):
        effect = reference.effect
        facts = {
            "articles": "、".join(reference.articles),
            "on": effect.on and effect.on.isoformat(),
            "until": effect.until and effect.until.isoformat(),
            "months": effect.months,
            "lapsed": effect.lapsed,
        }
        name = reference.title or reference.numbers[0].canonical
        found.append((name, reference.relation, {key: value for key, value in facts.items() if value}))
    return found


# why, text, expected
ACTS = [
    (
        "a day in front holds for the enumeration",
        "自2026年1月1日起，《甲办法》（皖政〔2021〕5号）、《乙办法》废止。",
        [("甲办法", "repeals", {"on": "2026-01-01"}), ("乙办法", "repeals", {"on": "2026-01-01"})],
    ),
    (
        "each its own day",
        "《甲办法》自2026年1月1日起废止，《乙办法》自2027年1月1日起停止执行。",
        [("甲办法", "repeals", {"on": "2026-01-01"}), ("乙办法", "repeals", {"on": "2027-01-01"})],
    ),
    (
        "since when the other file applied is not since when it is repealed",
        "自2014年10月1日起施行的《甲办法》同时废止。",
        [("甲办法", "repeals", {})],
    ),
    (
        "the day on which the file itself begins",
        "本通知自2024年1月1日起执行，原《甲办法》自行废止。",
        [("甲办法", "repeals", {"on": "2024-01-01"})],
    ),
    ("原 is no part of the number", "原清政〔2019〕3号文件同时废止。", [("清政〔2019〕3号", "repeals", {})]),
    ("a number within a reason", "第二条已由清政〔2024〕9号第十条替代", [("清政〔2024〕9号", None, {"articles": "第十条"})]),
    ("one article", "停止执行《甲办法》第九条。", [("甲办法", "partially_repeals", {"articles": "第九条"})]),
    (
        "two articles",
        "废止《甲办法》第五条、第八条第二款。",
        [("甲办法", "partially_repeals", {"articles": "第五条、第八条第二款"})],
    ),
    (
        "what stays is not extended",
        "《甲办法》第九条停止执行，其他条款继续执行。",
        [("甲办法", "partially_repeals", {"articles": "第九条"})],
    ),
    (
        "what it says of one thing",
        "《甲办法》中有关房租补贴的规定停止执行。",
        [("甲办法", "partially_repeals", {})],
    ),
    ("失效 is not 废止", "《甲办法》《乙办法》等2件文件宣布失效。", [("甲办法", "repeals", {"lapsed": True}), ("乙办法", "repeals", {"lapsed": True})]),
    ("several and others", "《甲办法》等5件规章予以废止。", [("甲办法", "repeals", {})]),
    ("a new end", "《甲办法》有效期延长至2027年12月31日。", [("甲办法", "extends", {"until": "2027-12-31"})]),
    (
        "the old end is not the new one",
        "《甲办法》有效期至2025年12月31日，现决定延续实施至2027年12月31日。",
        [("甲办法", "extends", {"until": "2027-12-31"})],
    ),
    (
        "kept on with a new term",
        "《甲办法》有效期届满后继续执行，有效期至2026年12月31日。",
        [("甲办法", "extends", {"until": "2026-12-31"})],
    ),
    ("by how much", "《甲办法》有效期延长2年。", [("甲办法", "extends", {"months": 24})]),
    ("no end is printed", "《甲办法》继续有效。", [("甲办法", "extends", {})]),
    (
        "the next sentence tells the end",
        "一、《甲办法》继续执行。二、上述文件有效期统一延长至2027年6月30日。",
        [("甲办法", "extends", {"until": "2027-06-30"})],
    ),
    ("an amended article", "将《甲办法》第五条中的“5%”修改为“8%”。", [("甲办法", "amends", {"articles": "第五条"})]),
    ("an article in front", "决定修改《甲条例》第五条。", [("甲条例", "amends", {"articles": "第五条"})]),
    (
        "the lines below tell the articles",
        "对《甲办法》作如下修改：\n一、将第五条修改为：“给予奖励。”\n二、删去第十条。\n三、增加一条，作为第六条：“略”\n"
        "四、第八条第二款中的“甲”修改为“乙”。",
        [("甲办法", "amends", {"articles": "第五条、第十条、第六条、第八条第二款"})],
    ),
    (
        "each file has the articles below it",
        "一、对《甲办法》作如下修改：\n将第五条修改为：“略”\n二、对《乙办法》作如下修改：\n删去第七条。",
        [("甲办法", "amends", {"articles": "第五条"}), ("乙办法", "amends", {"articles": "第七条"})],
    ),
    ("an article that is only cited", "依照《甲办法》第五条第二款第（三）项处罚。", [("甲办法", "based_on", {"articles": "第五条第二款第（三）项"})]),
    ("替代 is said, 废止 is not", "本办法替代《甲办法》。《乙办法》由本办法取代。", [("甲办法", "supersedes", {}), ("乙办法", "supersedes", {})]),
    ("no file is named", "此前规定与本办法不一致的，以本办法为准。", []),
    ("another file goes behind this one", "《甲办法》与本办法不一致的，以本办法为准。", [("甲办法", None, {})]),
    # plans, refusals and the acts of others change nothing
    ("planned", "《甲办法》拟废止。", [("甲办法", None, {})]),
    ("proposed", "建议废止《甲办法》。", [("甲办法", None, {})]),
    ("refused", "《甲办法》不予废止。", [("甲办法", None, {})]),
    ("under study", "抓紧修订《甲办法》，适时修改《乙办法》。", [("甲办法", None, {}), ("乙办法", None, {})]),
    ("under way elsewhere", "环保总局正在对《甲规划》进行修订，同时研究《乙方案》。", [("甲规划", None, {}), ("乙方案", None, {})]),
    ("issued by somebody else", "2018年11月，国务院印发《甲意见》，提出新要求。", [("甲意见", None, {})]),
    ("explained by somebody else", "据省医保局解读，《甲法典》规定了亲属。", [("甲法典", None, {})]),
    ("a history in a note", "（2005年9月14日国务院令第449号公布 根据《甲决定》第一次修订）", [("国务院令第449号", None, {}), ("甲决定", None, {})]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "expected"), ACTS, ids=[case[0] for case in ACTS])
def test_acts(why, text, expected):
    assert told(text) == expected


OTHERS = [
    ("a verb reaches over law and organ", "依据《甲法》等有关法律法规，以及省政府《乙办法》", ["based_on", "based_on"]),
    ("a note between two titles", "根据《甲条例》（常务委员会公告某号）、《乙意见》和《丙通知》", ["based_on"] * 3),
    ("approved, then issued", "《甲办法》业经市政府同意，现印发给你们。", ["issues"]),
    ("approved, then forwarded", "省教育厅《甲报告》已经省政府同意，现转发给你们。", ["forwards"]),
    ("按 with words between", "等级划分按现行《甲规程》和《乙规范》的规定执行。", ["references", "references"]),
    ("按时 is no 按", "按时填报，《甲统计制度》另有规定。", [None]),
    ("a remark on a file", "落实市长对《甲请示》的批示。", [None]),
    ("a protocol is a file", "履行《蒙特利尔议定书》规定的义务。", ["implements"]),
    ("a table that is a standard is no form", "列入《危险货物品名表》（GB12268）的物品。", [None]),
    ("issued by another body", "应当按照农业部制定、公布的《用药目录》使用兽药。", ["based_on"]),
    ("forms are none", "提交《设置医疗机构备案书》《人才公寓申请表（企业）》《花名册》《船员服务簿》。", []),
    ("a carrier without 书名号", "按照区政府关于印发《甲办法》的通知（清政〔2021〕7号）要求", ["based_on"]),
]


@pytest.mark.parametrize(("why", "text", "relations"), OTHERS, ids=[case[0] for case in OTHERS])
def test_other_relations(why, text, relations):
    assert [reference.relation for reference in find_references(text)] == relations


def test_the_number_of_a_carrier_belongs_to_the_carrier():
    (reference,) = find_references("按照区政府关于印发《甲办法》的通知（清政〔2021〕7号）要求")
    assert (reference.title, reference.inner) == ("关于印发《甲办法》的通知", ("甲办法",))
    assert [number.canonical for number in reference.numbers] == ["清政〔2021〕7号"]


REPEAL_LIST = """决定废止下列文件：
1.《甲办法》（清政〔2015〕1号）
2.关于印发《丙办法》的通知（清政〔2017〕3号）
3.清河区人民政府关于支持丁产业的若干意见（清政〔2018〕4号）
本通知自2025年1月1日起施行。根据《立法法》制定。"""

REPEAL_TABLE = """附件1
废止的政策性文件目录
序号\t文件名称\t文号\t废止理由
1\t清河区人民政府关于印发《清河区企业上台阶奖励办法》的通知\t清政〔2022〕3号\t已由《新办法》替代
2\t清河区人民政府办公室关于加快电子商务发展的若干意见\t清政办〔2018〕17号\t内容过时
附件2
停止执行部分条款的政策性文件目录
1\t《清河区数字创意措施》\t清政办〔2024〕21号\t第九条"""

RESULTS_TABLE = """附件
规范性文件清理结果目录
序号\t名称\t文号\t清理结果
1\t《甲管理办法》\t清政〔2015〕1号\t废止
2\t《乙管理办法》\t清政〔2016〕1号\t继续有效
3\t《丙管理办法》\t清政〔2017〕1号\t宣布失效
4\t《丁管理办法》\t清政〔2018〕1号\t修改
5\t《戊管理办法》\t清政〔2019〕1号\t拟修订"""

TWO_LISTS = """一、继续有效的规范性文件（2件）
1.《甲办法》（清政〔2015〕1号）
2.《乙办法》
二、宣布失效的规范性文件（1件）
1.《丙办法》（清政〔2016〕1号）
三、其他事项
根据《丁办法》办理。"""

EXTENDED_LIST = """以下文件有效期延长至2027年12月31日：
（一）《甲办法》（清政〔2015〕1号）；
（二）《乙办法》。"""

NO_LISTS = """许可证有效期届满需要延续的，应当提交以下文件：
（一）《甲办法》规定的材料；
有下列情形之一的，本规定的资格失效：
（一）违反《乙办法》的；
拟废止的规章目录
1.《丙办法》"""

LISTS = [
    (
        "titles with and without 书名号, until the prose",
        REPEAL_LIST,
        [
            ("甲办法", "repeals", {}),
            ("关于印发《丙办法》的通知", "repeals", {}),
            ("清河区人民政府关于支持丁产业的若干意见", "repeals", {}),
            ("立法法", "based_on", {}),
        ],
    ),
    (
        "rows of a table; what stands in a reason is not listed",
        REPEAL_TABLE,
        [
            ("清河区人民政府关于印发《清河区企业上台阶奖励办法》的通知", "repeals", {}),
            ("新办法", None, {}),
            ("清河区人民政府办公室关于加快电子商务发展的若干意见", "repeals", {}),
            ("清河区数字创意措施", "partially_repeals", {"articles": "第九条"}),
        ],
    ),
    (
        "every row has its verdict",
        RESULTS_TABLE,
        [
            ("甲管理办法", "repeals", {}),
            ("乙管理办法", "extends", {}),
            ("丙管理办法", "repeals", {"lapsed": True}),
            ("丁管理办法", "amends", {}),
            ("戊管理办法", None, {}),
        ],
    ),
    (
        "a list ends at the next heading",
        TWO_LISTS,
        [
            ("甲办法", "extends", {}),
            ("乙办法", "extends", {}),
            ("丙办法", "repeals", {"lapsed": True}),
            ("丁办法", "based_on", {}),
        ],
    ),
    (
        "the end stands above the list",
        EXTENDED_LIST,
        [("甲办法", "extends", {"until": "2027-12-31"}), ("乙办法", "extends", {"until": "2027-12-31"})],
    ),
    (
        "lists of other things, and of plans",
        NO_LISTS,
        [("甲办法", None, {}), ("乙办法", None, {}), ("丙办法", None, {})],
    ),
]


@pytest.mark.parametrize(("why", "text", "expected"), LISTS, ids=[case[0] for case in LISTS])
def test_lists_of_files(why, text, expected):
    assert told(text) == expected


def test_a_row_is_one_reference_with_its_number():
    first = find_references(REPEAL_TABLE)[0]
    assert [number.canonical for number in first.numbers] == ["清政〔2022〕3号"]
    assert first.quote == "清河区人民政府关于印发《清河区企业上台阶奖励办法》的通知\t清政〔2022〕3号"
    assert first.numbers[0].span.of(REPEAL_TABLE) == "清政〔2022〕3号"


PIECES = [
    "废止的文件目录\n", "下列文件予以废止：\n", "1.", "一、", "附件1\n", "关于支持产业的意见", "《甲办法》", "关于印发《乙办法》的通知",
    "（清政〔2021〕7号）", "清政〔2021〕8号", "\t", "\n", "继续有效", "有效期延长至2027年12月31日", "第五条", "修改为", "。", "、", "自2026年1月1日起",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_spans_are_ordered_and_disjoint_and_days_only_where_something_is_done(pieces):
    text = "".join(pieces)
    end = 0
    for reference in find_references(text):
        assert end <= reference.span.start < reference.span.end <= len(text)
        assert reference.quote == reference.span.of(text)
        assert all(number.span.of(text) == number.printed for number in reference.numbers)
        assert all(article in text for article in reference.articles)
        assert reference.effect.on in (None, date(2026, 1, 1))
        assert reference.effect.until in (None, date(2027, 12, 31))
        if reference.relation not in ("repeals", "partially_repeals"):
            assert reference.effect.on is None or reference.relation == "extends"
        end = reference.span.end


@pytest.mark.parametrize(
    "piece", ["废止的文件目录\n", "下列文件予以废止：\n", "1.《甲》\n", "关于印发《", "将第五条修改为", "有效期延长", "废止", "\t", "第五条、"]
)  # fmt: skip
def test_hostile_text_is_read_to_its_end(piece):
    text = piece * (100_000 // len(piece)) + "。\n附件9\n其他\n《旧条例》（皖政〔2021〕5号）自2026年1月1日起废止。"
    last = find_references(text)[-1]
    assert (last.title, last.relation, last.effect.on) == ("旧条例", "repeals", date(2026, 1, 1))
