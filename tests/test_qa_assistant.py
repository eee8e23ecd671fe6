"""Questions put to the sample corpus: the right clause, proven, or a refusal that names the gap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from index.query import Filters
from ingest.settings import Settings
from qa.answer import Answer
from qa.assistant import Assistant

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def assistant(sample_data: Path) -> Iterator[Assistant]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Assistant(library)


def assert_proven(assistant: Assistant, answer: Answer) -> None:
    """Law 1: every sentence of a file stands in a span of the cited clause of the cited version."""
    for sentence in answer.sentences:
        assert sentence.framed or sentence.proofs, sentence.text
        is_row = False
        for proof in sentence.proofs:
            document = assistant.library.document(proof.document_id, proof.sha256)
            clause = next(c for c in document.clauses if c.id == proof.clause_id)
            assert clause.span.contains(proof.span)
            assert proof.span.of(document.text) == proof.quote
            is_row = is_row or clause.kind == "table_row"
        said, quotes = ("".join(text.split()) for text in (sentence.text, "".join(p.quote for p in sentence.proofs)))
        if is_row:  # 名称：值；…, cell by cell
            assert all(part in quotes for part in re.split("[：；]|。$", said))
        elif sentence.proofs:  # word for word, or with the other items of a list left out
            letters = iter(quotes)
            assert all(letter in letters for letter in said)
    marks = [citation.mark for citation in answer.citations]
    assert marks == list(range(1, len(marks) + 1))
    assert {p.mark for s in answer.sentences for p in s.proofs} == set(marks)


# (question, words the answer must have, file number and path of its first citation, why)
ANSWERED = [
    (
        "新引进的制造业项目设备投资怎么补？",
        ("8%", "最高1000万元"),
        ("清政〔2024〕9号", "第四条"),
        "rate with its cap and condition",
    ),
    (
        "小微企业技改贷款贴息多少",
        ("30%", "每年最高80万元"),
        ("清政〔2024〕9号", "第九条"),
        "everyday words for 贷款贴息",
    ),
    (
        "市里的“5+1”产业都有哪些？",
        ("节能环保", "一个融合产业"),
        ("x办发〔202x〕21号", "一、（一）"),
        "defined in the city's file only",
    ),
    ("十大新兴产业是哪十个？", ("智能家电", "数字创意"), ("皖发〔202x〕12号", "二、（四）"), "所称 … 是指"),
    ("人才公寓怎么申请？", ("120平方米",), ("清办〔2023〕11号", "二、（七）"), "a measure named by its heading"),
    ("清政〔2024〕9号是谁印发的？", ("清河区人民政府",), ("清政〔2024〕9号", ""), "issuer as printed"),
    ("清政〔2024〕9号第九条说了什么？", ("贴息",), ("清政〔2024〕9号", "第九条"), "number and article"),
    (
        "清政[2024] 9 号第九条说了什么？",
        ("贴息",),
        ("清政〔2024〕9号", "第九条"),
        "the same number in another spelling",
    ),
]


@pytest.mark.parametrize(("question", "words", "source", "why"), ANSWERED, ids=[row[3] for row in ANSWERED])
def test_a_question_is_answered_from_the_right_clause(assistant: Assistant, question, words, source, why):
    answer = assistant.ask(question, as_of=DAY)
    assert_proven(assistant, answer)
    assert not answer.abstained
    assert all(word in answer.text for word in words)
    assert (answer.citations[0].document_number, answer.citations[0].path) == source


REFUSED = [
    ("今天天气怎么样？", "天气", "nothing to do with any file"),
    ("明年这个政策还会不会延续？", "将来", "a prediction"),
    ("我们公司一共能拿多少补贴？", "合计", "a sum over measures"),
    ("把皖发〔202x〕12号的年份补全。", "不补全", "a masked number"),
    ("区长叫什么名字？", "个人信息", "personal data"),
    ("帮我写一条返还企业地方留成部分的条款。", "公平竞争审查", "a forbidden favour that no file gives"),
    ("清政〔2026〕1号讲了什么？", "清政〔2026〕1号", "a file that is not held"),
    ("北海市的购车补贴是多少？", "北海市", "a place that no file is about"),
    ("电价每度能优惠多少？", "电价", "a matter that no file mentions"),
]


@pytest.mark.parametrize(("question", "gap", "why"), REFUSED, ids=[row[2] for row in REFUSED])
def test_a_question_without_basis_is_refused_by_naming_the_gap(assistant: Assistant, question, gap, why):
    answer = assistant.ask(question, as_of=DAY)
    assert answer.abstained
    assert not answer.citations
    assert not answer.text
    assert gap in answer.gap


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("单个企业一年合计不能超过多少？", "a cap is no sum over measures"),
        ("外地引进的人才可以申请人才公寓吗？", "外地 without a comparison"),
        ("2024年起施行的制造业政策，设备投资怎么补？", "a year is no record of what was done"),
    ],
)
def test_a_question_that_only_sounds_like_a_refusal_is_answered(assistant: Assistant, question, why):
    assert not assistant.ask(question, as_of=DAY).abstained, why


def test_an_unheld_tax_matter_is_not_called_forbidden(assistant: Assistant):
    answer = assistant.ask("出口退税怎么办理？", as_of=DAY)
    assert answer.abstained
    assert "公平竞争" not in answer.gap


def test_a_follow_up_takes_its_subject_from_the_conversation(assistant: Assistant):
    first = assistant.ask("新引进的博士每个月有多少生活补贴？", as_of=DAY)
    second = assistant.ask("硕士和本科呢？", [(first.question, first.text)], as_of=DAY)
    assert "600元" in second.text
    assert second.citations[0].document_number == "清办〔2023〕11号"


def test_a_question_of_several_parts_is_answered_as_far_as_the_files_go(assistant: Assistant):
    answer = assistant.ask("人才公寓多大面积，首台套补助多少，高龄津贴每月发多少？", as_of=DAY)
    assert_proven(assistant, answer)
    assert {"清办〔2023〕11号", "清政〔2024〕9号"} <= {c.document_number for c in answer.citations}
    assert "没有查到写明“高龄津贴”" in answer.text


def test_a_changed_article_is_shown_with_its_amendment(assistant: Assistant):
    answer = assistant.ask("清政〔2024〕9号第五条现在怎么规定的？", as_of=DAY)
    assert_proven(assistant, answer)
    assert {c.document_number for c in answer.citations} == {"清政〔2024〕9号", "清政〔2025〕5号"}
    assert "最高每月每平方米15元" in answer.text


def test_a_repealed_file_is_no_basis_for_an_amount(assistant: Assistant):
    answer = assistant.ask("技术改造设备投资补助多少？", as_of=DAY)
    assert "清政〔2021〕7号" not in {c.document_number for c in answer.citations}


def test_validity_names_the_file_that_repealed(assistant: Assistant):
    answer = assistant.ask("清政〔2021〕7号现在还能引用吗？", as_of=DAY)
    assert_proven(assistant, answer)
    assert "已废止" in answer.text
    assert {c.document_number for c in answer.citations} == {"清政〔2021〕7号", "清政〔2024〕9号"}


def test_the_basis_of_a_file_is_quoted_with_its_masked_numbers(assistant: Assistant):
    answer = assistant.ask("清河区的工作方案依据哪些上级文件？", as_of=DAY)
    assert_proven(assistant, answer)
    for number in ("皖发〔202x〕12号", "厅〔202x〕21号", "x办发〔202x〕21号", "x发〔202x〕12号"):
        assert number in answer.text
    assert "不作补全" in answer.text


def test_what_a_file_puts_an_end_to_stands_beside_its_basis(assistant: Assistant):
    answer = assistant.ask("清政〔2024〕9号废止了哪份旧文件？", as_of=DAY)
    assert_proven(assistant, answer)
    assert "清政〔2021〕7号" in answer.text and "同时废止" in answer.text
    none = assistant.ask("清投促〔2024〕8号废止了哪份文件？", as_of=DAY)
    assert none.abstained and "没有写明废止" in none.gap


@pytest.mark.parametrize(
    ("question", "numbers", "why"),
    [
        ("哪些文件落实了《发展十大新兴产业意见》？", {"厅〔202x〕21号"}, "down the chain, by the words of each"),
        ("清政〔2024〕9号被哪些文件修改了？", {"清政〔2025〕5号"}, "only what amends it"),
        ("哪些文件是依据清政〔2024〕9号制定的？", {"清投促〔2024〕8号", "清经信〔2024〕26号"}, "what rests on it"),
    ],
)
def test_files_that_rest_on_another_are_found_from_above(assistant: Assistant, question, numbers, why):
    answer = assistant.ask(question, as_of=DAY)
    assert_proven(assistant, answer)
    assert numbers <= {citation.document_number for citation in answer.citations}, why
    assert assistant.ask("清投促〔2024〕8号被哪些文件废止了？", as_of=DAY).abstained


def test_two_files_with_one_serial_are_told_apart(assistant: Assistant):
    answer = assistant.ask("皖发〔202x〕12号和x发〔202x〕12号是同一份文件吗？", as_of=DAY)
    assert_proven(assistant, answer)
    assert answer.text.startswith("不是同一份文件，标题不同")  # the codes may be one: x stands for anything


def test_a_file_without_number_is_said_to_have_none(assistant: Assistant):
    answer = assistant.ask("《清河区推动“双招双引”提质扩量工作方案》的文号是多少？", as_of=DAY)
    assert answer.abstained
    assert "未标明" in answer.gap


def test_a_favour_that_a_file_forbids_is_answered_with_the_prohibition(assistant: Assistant):
    answer = assistant.ask("给我们的税收返还比例是多少？", as_of=DAY)
    assert_proven(assistant, answer)
    assert "不得" in answer.text
    assert "未列明具体金额" in answer.text


def test_levels_are_compared_from_the_highest_down(assistant: Assistant):
    answer = assistant.ask("省、市、区对招商引荐奖励分别怎么规定？", as_of=DAY)
    assert_proven(assistant, answer)
    levels = list(dict.fromkeys(citation.level for citation in answer.citations))
    assert levels[:3] == ["province", "city", "district"]


def test_each_level_is_set_beside_the_others_and_a_level_without_a_file_is_named(assistant: Assistant):
    answer = assistant.ask("省、市、区对招商引荐奖励分别怎么规定？", as_of=DAY)
    assert_proven(assistant, answer)
    groups = list(dict.fromkeys(s.group for s in answer.sentences if s.group))
    assert groups == ["省级", "市级（XX市）", "市级（云澜市）", "区县级"], "two cities are told apart"
    city = " ".join(s.text for s in answer.sentences if s.group.startswith("市级"))
    assert "最高100万元" in city and "最高200万元" in city, "files of one level that differ are both shown"
    absent = assistant.ask("省、市、区对预制菜生产线的补助分别怎么规定？", as_of=DAY)
    assert ("省级", True) in {(s.group, s.framed) for s in absent.sentences}


def test_one_item_of_a_list_is_said_first(assistant: Assistant):
    answer = assistant.ask("省级专精特新中小企业奖励多少？", as_of=DAY)
    assert_proven(assistant, answer)
    assert answer.sentences[0].text == "对新认定的省级专精特新中小企业，给予25万元一次性奖励。"


def test_a_list_is_given_whole_though_the_search_finds_one_item(assistant: Assistant):
    answer = assistant.ask("技术改造贷款贴息需要提交哪些材料？", as_of=DAY)
    items = [s.text for s in answer.sentences]
    assert items[0] == "申请贴息应当提交下列材料：" and len(items) == 5


def test_a_clause_in_other_words_is_introduced_as_such(assistant: Assistant):
    answer = assistant.ask("制造业企业贷款逾期的罚息给报销吗？", as_of=DAY)
    assert_proven(assistant, answer)
    assert answer.sentences[0].framed and "意思最接近" in answer.sentences[0].text
    assert "下列利息不予贴息：" in answer.text and "逾期利息、罚息、复利；" in answer.text


def test_a_refusal_names_who_explains_the_nearest_file(assistant: Assistant):
    answer = assistant.ask("人才公寓的宽带费谁来交？", as_of=DAY)
    assert answer.abstained and answer.contact
    assert "解释" in answer.contact.quote


def test_a_number_damaged_in_typing_is_not_called_absent(assistant: Assistant):
    answer = assistant.ask("清政发2024年9号对设备投资怎么补？", as_of=DAY)
    assert not answer.abstained and answer.citations[0].document_number == "清政〔2024〕9号"


def test_filters_narrow_the_answer(assistant: Assistant):
    answer = assistant.ask("研发费用补助多少？", filters=Filters(levels=("city",)), as_of=DAY)
    assert {citation.level for citation in answer.citations} == {"city"}


def test_partial_answers_grow_and_the_last_is_whole(assistant: Assistant):
    *growing, last = assistant.stream("省、市、区对招商引荐奖励分别怎么规定？", as_of=DAY)
    sizes = [len(answer.sentences) for answer in growing]
    assert sizes == sorted(sizes)
    assert len(growing) >= 1
    assert all(a.sentences == last.sentences[: len(a.sentences)] for a in growing)


def test_an_empty_library_says_that_it_is_empty(library: Library):
    answer = Assistant(library).ask("研发费用补助多少？")
    assert answer.abstained
    assert "还没有文件" in answer.gap


@pytest.mark.parametrize(
    "question",
    [
        "“对新引进的制造业项目，自备案之日起24个月内实际完成设备投资1000万元以上”是哪个文件规定的？",
        "对新引进的制造业项目，自备案之日起24个月内实际完成设备投资1000万元以上，这句话出自哪里",
    ],
)
def test_a_sentence_that_is_quoted_leads_to_its_clause_and_is_no_term_to_be_explained(
    assistant: Assistant, question: str
):
    answer = assistant.ask(question, as_of=DAY)
    assert_proven(assistant, answer)
    assert (answer.citations[0].document_number, answer.citations[0].path) == ("清政〔2024〕9号", "第四条")
    assert not any(sentence.framed for sentence in answer.sentences)
