"""The sample files that stand for a kind of their own, and what each of them does to the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdf
import pytest

from index.library import Library
from ingest.document import PolicyDocument
from ingest.settings import Settings
from qa.assistant import Assistant
from tests.samples import CORPUS, ROWS, missing

DAY = date(2026, 6, 1)
AMOUNT = re.compile(r"[\d.]+(?:%|‰|万元|元|年|个月)")


@pytest.fixture(scope="module")
def library(sample_data: Path) -> Iterator[Library]:
    with Library.open(Settings(data=sample_data)) as opened:
        yield opened


def sample(library: Library, number: str) -> PolicyDocument:
    """The document of one sample; the test is skipped where this machine cannot read it."""
    file = next(row["file"] for row in ROWS if row["file"].startswith(f"示例{number}"))
    if missing(file):
        pytest.skip(missing(file))
    return library.document(next(card.id for card in library.documents() if card.file.endswith(file)))


def clause_text(document: PolicyDocument, path: str) -> str:
    return "".join(clause.text for clause in document.clauses if clause.path.startswith(path))


def test_the_scan_is_a_picture_a_page_with_a_red_head_and_a_seal():
    reader = pypdf.PdfReader(next(CORPUS.glob("示例19*")))
    assert [page.extract_text() for page in reader.pages] == ["", "", ""]
    assert [len(page.images) for page in reader.pages] == [1, 1, 1]
    first = reader.pages[0].images[0].image.convert("RGB")
    width, height = first.size
    red = [
        (x, y)
        for y in range(0, height, 4)
        for x in range(0, width, 4)
        if (colour := first.getpixel((x, y)))[0] > 150 and max(colour[1:]) < 110
    ]
    head, seal = [y for _, y in red if y < height / 3], [x for x, y in red if y > height / 2]
    assert len(head) > 200 and len(seal) > 50
    assert min(seal) > width / 2, "the seal lies on the signature, at the right"


def test_what_was_recognised_is_marked_for_checking(library: Library):
    scan = sample(library, "19")
    assert [page.source for page in scan.pages] == ["ocr"] * 3
    assert all(scan.read_by_ocr(clause.span) for clause in scan.clauses if clause.kind == "body")


def test_the_order_keeps_its_chapters_sections_articles_paragraphs_items_and_subitems(library: Library):
    order = sample(library, "18")
    paths = [clause.path for clause in order.clauses]
    assert sum(bool(re.fullmatch("第[一二三四五六]章", path)) for path in paths) == 6
    assert [p for p in paths if p.endswith("节")] == ["第三章第一节", "第三章第二节", "第三章第三节"]
    assert sum(bool(re.fullmatch("第[一二三四五六七八九十]+条", path)) for path in paths) == 26
    for path, words in (
        ("第二条第二款", "本办法所称惠企政策"),
        ("第十条第（一）项第2目", "核查企业信用状况"),
        ("第十条第二款", "企业可以声明放弃"),
        ("第二十一条第（三）项", "拒不配合"),
    ):
        assert clause_text(order, path).strip().startswith((words, "2.", "（三）")), path
        assert words in clause_text(order, path), path


def test_both_offices_of_a_joint_issue_are_named_though_nothing_stands_between_them(library: Library):
    assert sample(library, "20").metadata.issuers == ("云澜市科学技术局", "云澜市财政局")
    assert sample(library, "23").metadata.issuers == ("清河区农业农村局", "清河区财政局")


def test_the_voucher_notice_keeps_the_quarter_days_of_the_measures(library: Library):
    """服务机构每季度首月15日前申请兑付上季度收取的创新券."""
    rows = [clause.text for clause in sample(library, "20").clauses if clause.kind == "table_row"][1:]
    days = [date(*map(int, re.findall(r"(\d+)年(\d+)月(\d+)日", row)[0])) for row in rows]
    assert [(day.month, day.day) for day in days] == [(4, 15), (7, 15), (10, 15), (1, 15)]
    assert "每季度首月15日前" in clause_text(sample(library, "10"), "第九条")


def test_a_table_over_two_pages_is_one_table_with_one_head(library: Library):
    plan = sample(library, "23")
    head, *rows = [clause for clause in plan.clauses if clause.kind == "table_row"]
    assert head.text.split() == ["序号", "类别", "支持事项", "奖补标准", "上限", "兑现方式"]
    assert [row.text.split("\t")[0] for row in rows] == [str(number) for number in range(1, 29)]
    assert all(len(row.text.split("\t")) == 6 for row in rows)
    assert Counter(row.page for row in rows).keys() == {4, 5}


PLACE = "第[一二三四五六七八九十]+条|（[一二三四五六七八九十]+）(?=项)|附件"


def basis(cell: str) -> list[tuple[str, str]]:
    """清政〔2024〕9号第五条（清政〔2025〕5号修改） → [(清政〔2024〕9号, 第五条)]."""
    cited = re.findall(r"(清[\u4e00-\u9fff]{1,3}〔\d{4}〕\d+号)((?:(?!清[\u4e00-\u9fff]{1,3}〔).)*)", cell)
    return [(number, place) for number, behind in cited for place in re.findall(PLACE, behind)]


def test_the_list_of_measures_promises_what_the_files_promise(library: Library):
    held = {card.document_number: library.document(card.id) for card in library.documents()}
    amended = sample(library, "13").text
    rows = [clause.text.strip().split("\t") for clause in sample(library, "22").clauses if clause.kind == "table_row"]
    assert len(rows) == 29
    for _, title, who, what, where, *_ in rows[1:]:
        assert basis(where), title
        said = ""
        for number, place in basis(where):
            said += "".join(clause.text for clause in held[number].clauses if place in clause.path)
        said += amended if "修改" in where else ""
        assert [a for a in AMOUNT.findall(who + what) if a not in said] == [], title


def test_a_code_is_read_whole_behind_a_comma(library: Library):
    """…第六条、清投促〔2024〕8号第五条: the code belongs to the number."""
    cited = {number.canonical for reference in sample(library, "22").references for number in reference.numbers}
    assert {"清投促〔2024〕8号", "清经信〔2024〕26号", "清政办〔2024〕17号", "清农〔2025〕14号"} <= cited


def test_the_detailed_rules_leave_the_rates_to_the_policy(library: Library):
    rules = sample(library, "21")
    assert "按照《制造业政策》第九条执行" in clause_text(rules, "第五条")
    assert not re.search(r"30%|80万元|最长2年", rules.text)
    assert ("清政〔2024〕9号", "based_on") in {(n.canonical, r.relation) for r in rules.references for n in r.numbers}


@pytest.mark.parametrize(
    ("number", "before", "after", "why"),
    [
        ("24", "有效", "已废止", "listed in the annex and named in the text"),
        ("12", "有效", "部分失效", "one article is no longer carried out"),
        ("06", "已修改", "已修改", "named in the annex as a reason only"),
        ("07", "已废止", "已废止", "repealed before, by another file"),
    ],
)
def test_the_repeal_notice_changes_the_status_of_what_it_lists_and_of_nothing_else(
    library: Library, number: str, before: str, after: str, why: str
):
    document = sample(library, number)
    states = [library.validity(document.id, day).state for day in (date(2025, 12, 31), date(2026, 1, 1))]
    assert states == [before, after], why


def test_a_file_in_force_until_its_last_day_then_ends(library: Library):
    plan = sample(library, "23")
    states = {day: library.validity(plan.id, day).state for day in (date(2027, 12, 31), date(2028, 1, 1))}
    assert list(states.values()) == ["有效", "已失效"]
    assert library.validity(plan.id, date(2025, 7, 31)).state == "尚未施行"


# (question, words of the answer, number and path that are cited, sample that must be readable)
ANSWERED = [
    ("企业上台阶奖励办法现在还能用吗？", ("已废止",), ("清政〔2025〕12号", "一、"), "17"),
    ("举办数字创意赛事还有补助吗？", ("注意：第九条", "停止执行"), ("清政〔2025〕12号", "二、"), "17"),
    ("惠企资金审定以后多少天内要拨付到位？", ("30个工作日",), ("云澜市人民政府令第31号", "第十六条"), "18"),
    ("单笔多少钱以内的事项可以即申即享？", ("15万元",), ("云澜市人民政府令第31号", "第十二条"), "18"),
    ("企业觉得政策没有兑现到哪里投诉？", ("12345",), ("云澜市人民政府令第31号", "第二十三条"), "18"),
    ("一事一议首期兑现比例最高多少？", ("不超过40%",), ("清政办〔2024〕17号", "第六条"), "19"),
    ("2026年第二季度的科技创新券什么时候申请兑付？", ("2026年7月15日",), ("云科〔2026〕11号", "四、 表第3行"), "20"),
    ("技术改造贷款贴息需要提交哪些材料？", ("利息结算单",), ("清经信〔2024〕26号", "第七条"), "21"),
    ("新建冷藏保鲜库补助多少？", ("每立方米150元", "30万元"), ("清农〔2025〕14号", "附件 表第9行"), "23"),
    ("预制菜生产线补助多少？", ("每条20万元",), ("清农〔2025〕14号", "附件 表第26行"), "23"),
]


@pytest.mark.parametrize(("question", "words", "source", "number"), ANSWERED, ids=[row[0] for row in ANSWERED])
def test_a_question_is_answered_from_the_new_samples(library: Library, question, words, source, number):
    sample(library, number)
    answer = Assistant(library).ask(question, as_of=DAY)
    assert all(word in answer.text for word in words), answer.text
    assert source in {(citation.document_number, citation.path) for citation in answer.citations}


def test_a_file_known_only_from_the_repeal_notice_is_said_to_be_absent(library: Library):
    answer = Assistant(library).ask("清政办〔2019〕30号讲了什么？", as_of=DAY)
    assert answer.abstained and "未收录" in answer.gap


def test_a_list_row_does_not_crowd_out_what_another_level_says(library: Library):
    """The row only repeats 清政〔2024〕9号第四条, which it names as its basis."""
    answer = Assistant(library).ask("新引进的制造业项目，设备投资3000万元，区里怎么补？", as_of=DAY)
    cited = [citation.document_number for citation in answer.citations]
    assert cited[0] == "清政〔2024〕9号" and "云政〔2024〕6号" in cited
    assert "清河区惠企政策清单" not in "".join(citation.label for citation in answer.citations)
