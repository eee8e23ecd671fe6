"""“How many”: the number that the file prints, or the length of a whole list, every item cited; else no number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.answer import Answer
from qa.assistant import Assistant
from qa.counting import COUNTED

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def assistant(sample_data: Path) -> Iterator[Assistant]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Assistant(library)


def number(answer: Answer) -> str:
    """The sentence that counts; empty where the answer gives no number of its own."""
    counting = [s for s in answer.sentences if s.proofs and all(p.checks == COUNTED for p in s.proofs)]
    return counting[0].text if counting else ""


COUNTS = [
    ("人才分为几类？", "共5类。", 6, "printed 五类, counted five: lead and items cited"),
    ("惠企政策应当明确几项内容？", "共4项。", 5, "counted from the whole list"),
    ("哪几类人不能领引荐奖励？", "共4类。", 5, "named by what they may not do"),
    ("人才认定分几个步骤？", "共4个。", 5, "步骤 for 程序"),
    ("清政〔2024〕9号一共有多少条？", "共26条，从第一条到第二十六条。", 2, "articles of a file, first and last cited"),
    ("清河区制造业政策有几章？", "共6章，从第一章到第六章。", 6, "chapters, of the file in force"),
    ("人才引育若干措施有多少条措施？", "共17条，从（一）到（十七）。", 2, "numbered through its sections"),
    ("设备投资补助有几个责任单位？", "责任单位共2个：市经济和信息化局、市财政局。", 1, "names joined by 、"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected", "cited", "why"), COUNTS, ids=[row[3] for row in COUNTS])
def test_what_is_counted_is_cited(assistant: Assistant, question, expected, cited, why):
    answer = assistant.ask(question, as_of=DAY)
    assert number(answer).endswith(expected)
    counting = next(s for s in answer.sentences if s.text == number(answer))
    assert len({proof.clause_id for proof in counting.proofs}) == cited


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("每年要新引进多少个亿元以上项目？", "a target, which the file prints"),
        ("即申即享几个工作日内拨付？", "a term"),
        ("博士后在站期间每年给多少钱？", "an amount"),
    ],
)
def test_other_numbers_are_not_counted(assistant: Assistant, question, why):
    assert number(assistant.ask(question, as_of=DAY)) == "", why


LISTS = """示例市关于早餐网点的若干规定
示商〔2024〕2号
第一条 早餐网点分为下列三类：
（一）固定门店；
（二）流动餐车。
第二条 申请开办流动餐车，应当提交下列材料：
（一）身份证明；
（三）车辆照片。
第四条 本规定自2024年3月1日起施行。
2024年2月1日
"""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Library.open(Settings(data=tmp_path_factory.mktemp("broken"))) as library:
        library.add_document(document_from_text(LISTS, path="lists.txt"), LISTS.encode(), "text/plain")
        yield Assistant(library)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("早餐网点分为几类？", "三类 is printed, two are listed: either may be the slip"),
        ("开办流动餐车要交几份材料？", "an item may be lost between 一 and 三"),
        ("示商〔2024〕2号一共有多少条？", "第三条 is not there"),
    ],
)
def test_no_number_where_the_list_contradicts_itself(broken: Assistant, question, why):
    assert number(broken.ask(question, as_of=DAY)) == "", why
