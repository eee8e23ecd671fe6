"""Questions that suppose what no file says are told so; those that suppose what a file says are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.premise import OTHER_DATE, OTHER_FIGURE, OTHER_YEAR

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def assistant(sample_data: Path) -> Iterator[Assistant]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Assistant(library)


WRONG = [
    ("为什么升规奖励50万元？", OTHER_FIGURE, "15万元", "an amount"),
    ("为什么租赁标准化厂房每月每平方米补贴20元？", OTHER_FIGURE, "15元", "a rate, as amended"),
    ("研发补助最高300万元对吗？", OTHER_FIGURE, "最高150万元", "a cap"),
    ("技术改造补助比例10%是怎么来的？", OTHER_FIGURE, "6%", "a share that another measure has"),
    ("人才公寓免租5年，是哪条规定的？", OTHER_FIGURE, "3年内免收租金", "5年 stands in the clause, of something else"),
    ("清政〔2024〕9号有效期到2030年吗？", OTHER_DATE, "2028年12月31日", "a last year"),
    ("2022年的制造业若干政策规定了什么？", OTHER_YEAR, "清政〔2021〕7号", "a file of that year is held, about something else"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected", "says", "why"), WRONG, ids=[row[3] for row in WRONG])
def test_a_false_premise_is_called_out_and_set_right(assistant: Assistant, question, expected, says, why):
    answer = assistant.ask(question, as_of=DAY)
    first = answer.sentences[0]
    assert first.framed and first.text == expected
    assert says in answer.text + "".join(s.group for s in answer.sentences)


RIGHT = [
    ("为什么升规奖励15万元？", "the file's own amount"),
    ("为什么省级专精特新中小企业奖励25万？", "万 for 万元, one of two amounts"),
    ("人才公寓免租3年，是哪条规定的？", "the file's own term"),
    ("我们设备投资3000万元，怎么申请补助？", "the asker's own figure"),
    ("设备投资满1000万元的怎么申请补助？", "a threshold, not what is given"),
    ("清政〔2024〕9号有效期到2028年吗？", "the file's own year"),
    ("2024年的制造业若干政策规定了什么？", "a file of that year"),
]


@pytest.mark.parametrize(("question", "why"), RIGHT, ids=[row[1] for row in RIGHT])
def test_a_true_premise_is_not(assistant: Assistant, question, why):
    said = {sentence.text for sentence in assistant.ask(question, as_of=DAY).sentences}
    assert not said & {OTHER_FIGURE, OTHER_DATE, OTHER_YEAR}


@pytest.mark.parametrize(
    ("question", "last"),
    [("清政〔2024〕9号第三十条说的是什么？", "第二十六条"), ("云办〔2022〕15号第12条规定了什么？", "第十一条")],
)
def test_an_article_behind_the_last_is_said_not_to_be_there(assistant: Assistant, question, last):
    answer = assistant.ask(question, as_of=DAY)
    assert answer.abstained and f"全文到{last}为止" in answer.gap


def test_the_last_article_is_there(assistant: Assistant):
    assert not assistant.ask("清政〔2024〕9号第二十六条说的是什么？", as_of=DAY).abstained
