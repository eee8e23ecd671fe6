"""Two things compared: each by the clauses about it, side by side; the order of two amounts only where one clause pairs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from ingest.settings import Settings
from qa.answer import Answer
from qa.assistant import Assistant
from qa.contrast import compared

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def assistant(sample_data: Path) -> Iterator[Assistant]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Assistant(library)


READ = [
    ("硕士和本科的生活补贴有什么区别？", (("硕士", "本科"), "", "生活补贴", ""), "what is asked stands behind the last"),
    ("A类人才和B类人才购房补贴哪个高", (("A类人才", "B类人才"), "", "购房补贴", "高"), "…without 的"),
    ("人才公寓和租房补贴哪个期限长？", (("人才公寓", "租房补贴"), "", "期限", "长"), "… or behind 哪个"),
    ("湿地公园的核心区和缓冲区有什么不同？", (("核心区", "缓冲区"), "湿地公园的", "", ""), "what holds for both stands in front"),
    ("排污许可重点管理和简化管理有什么不同", (("重点管理", "简化管理"), "排污许可", "", ""), "…without 的"),
    ("租房补贴和购房补贴的条件一样吗", (("租房补贴", "购房补贴"), "", "条件", "同"), "一样吗"),
    ("博士比硕士的生活补贴多多少？", (("博士", "硕士"), "", "生活补贴", "多"), "比"),
    ("A类、B类和C类人才公寓面积一样吗", (("A类", "B类", "C类"), "", "人才公寓面积", "同"), "three"),
    ("领补贴期间去世的，丧葬补助金和抚恤金哪个高", (("丧葬补助金", "抚恤金"), "领补贴期间去世的，", "", "高"), "the case of both stands before a comma"),
    ("东苑和西苑的租金哪个便宜？", (("东苑", "西苑"), "", "租金", "便宜"), "everyday words"),
    ("研发费用补助的比例是多少？", None, "比例 compares nothing"),
    ("原来和现在的补助有什么区别？", None, "then and now: the composer knows which files are dead"),
    ("有什么区别？", None, "nothing to compare"),
    ("皖发〔202x〕12号和x发〔202x〕12号是同一份文件吗？", None, "asks whether two numbers are one file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), READ, ids=[row[2] for row in READ])
def test_what_a_question_compares(text, expected, why):
    found = compared(text)
    assert (found and (found.subjects, found.before, found.behind, found.way)) == expected


def sides(answer: Answer) -> dict[str, str]:
    said: dict[str, str] = {}
    for sentence in answer.sentences:
        said[sentence.group] = said.get(sentence.group, "") + sentence.text
    return said


COMPARED = [
    ("硕士和本科的生活补贴有什么区别？", {"硕士": "600元", "本科": "400元"}, "each its half of one sentence"),
    ("D类人才和E类人才有什么不同？", {"D类人才": "骨干人才", "E类人才": "基础人才"}, "two items of one list"),
    ("清政〔2021〕7号和清政〔2024〕9号的技术改造补助有什么不同？", {"清政〔2021〕7号": "4%", "清政〔2024〕9号": "6%"}, "two files"),
    ("2021年和2024年的技术改造补助有什么区别？", {"2021年": "4%", "2024年": "6%"}, "two years"),
    ("科技创新券和研发费用补助有什么区别？", {"科技创新券": "权益凭证", "研发费用补助": "后补助"}, "two terms, by what defines them"),
    ("展会补贴和技能培训补贴有什么区别", {"责任单位": "区商务局；岗前技能培训补贴：", "支持标准": "60%"}, "rows of one table, column by column"),
    ("技术改造补助和购车补贴有什么区别？", {"技术改造补助": "6%", "购车补贴": "没有查到"}, "a side that no file speaks of is named"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected", "why"), COMPARED, ids=[row[2] for row in COMPARED])
def test_things_are_set_side_by_side(assistant: Assistant, question, expected, why):
    said = sides(assistant.ask(question, as_of=DAY))
    assert expected.keys() <= said.keys()
    assert all(words in said[name] for name, words in expected.items())


def test_a_side_holds_nothing_of_the_other(assistant: Assistant):
    said = sides(assistant.ask("硕士和本科的生活补贴有什么区别？", as_of=DAY))
    assert "本科" not in said["硕士"] and "400元" not in said["硕士"] and "硕士" not in said["本科"]


def test_a_repealed_file_beside_the_one_in_force_is_marked(assistant: Assistant):
    answer = assistant.ask("清政〔2021〕7号和清政〔2024〕9号的技术改造补助有什么不同？", as_of=DAY)
    assert "已废止" in answer.sentences[-1].text and answer.sentences[-1].framed


ORDERED = [
    ("A类人才和B类人才的购房补贴哪个高？", "结论：A类（120万元）高于B类（80万元）。", "higher"),
    ("省级智能工厂和省级数字化车间的奖励哪个低？", "结论：省级数字化车间（20万元）低于省级智能工厂（50万元）。", "lower, in the words of the question"),
    ("省级智能工厂和省级数字化车间的奖励一样吗", "结论：不同，省级智能工厂50万元，省级数字化车间20万元。", "not equal"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected", "why"), ORDERED, ids=[row[2] for row in ORDERED])
def test_two_amounts_of_one_clause_are_put_in_order(assistant: Assistant, question, expected, why):
    answer = assistant.ask(question, as_of=DAY)
    first = answer.sentences[0]
    assert first.text == expected
    quote = "".join(proof.quote for proof in first.proofs)
    amounts = re.findall(r"\d+万元", expected)
    assert len(amounts) == 2
    assert all(amount in quote for amount in amounts)


PARALLEL = """青禾县遗属待遇和人才公寓问答
一、待遇标准。丧葬补助金按照上年度在岗职工月平均工资的三倍计发，抚恤金按照上年度在岗职工月平均工资的六倍计发。
二、慰问标准。丧葬慰问金按照本人工资的二倍计发，抚恤慰问金按照平均工资的三倍计发。
三、租金标准。东苑32.5元/平方米/月、西苑50元/平方米/月，不含物业管理费。
"""


@pytest.mark.parametrize(
    ("question", "expected", "why"),
    [
        ("丧葬补助金和抚恤金哪个高？", "结论：抚恤金（六倍）高于丧葬补助金（三倍）。", "times the same wage"),
        ("东苑和西苑的租金哪个便宜？", "结论：东苑（32.5元/平方米/月）低于西苑（50元/平方米/月）。", "a price list"),
        ("丧葬慰问金和抚恤慰问金哪个高？", None, "times of different wages cannot be put in order"),
    ],
)
def test_statements_alike_but_for_name_and_amount_are_put_in_order(
    library: Library, tmp_path: Path, question, expected, why
):
    file = tmp_path / "问答.txt"
    file.write_text(PARALLEL, encoding="utf-8")
    library.add([file])
    texts = [sentence.text for sentence in Assistant(library).ask(question, as_of=DAY).sentences]
    concluded = next((text for text in texts if text.startswith("结论")), None)
    assert concluded == expected, why


def test_amounts_of_two_clauses_are_not_put_in_order(assistant: Assistant):
    answer = assistant.ask("人才公寓和租房补贴哪个期限长？", as_of=DAY)
    assert not any(sentence.text.startswith("结论") for sentence in answer.sentences)
