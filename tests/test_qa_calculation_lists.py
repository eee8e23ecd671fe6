"""Rates that a list states item by item under its lead: read only where every band is understood, proven by each clause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.library import Library
from ingest.parse import document_from_text
from qa.answer import Answer, Proof, Sentence
from qa.assistant import Assistant, stands
from qa.calculation import calculate, sound
from qa.calculation.sentences import COMPUTED, follows, is_calculated
from qa.evidence import Shelf
from qa.llm import language_model
from qa.question import analyse
from tests.model_server import model_server

FIREWORKS = (
    "烟花生产企业以上年度实际营业收入为计提依据，采取超额累退方式按照以下标准平均逐月提取：\n营业收入不超过200万元的，按照3.5%提取；\n"
    "营业收入超过200万元至500万元的部分，按照3%提取；\n营业收入超过500万元至1000万元的部分，按照2.5%提取；\n营业收入超过1000万元的部分，按照2%提取。"
)
SHIPS = (
    "装备企业以上年度军品实际营业收入为计提依据，采取超额累退方式按照以下标准平均逐月提取：\n舰船（含修理）研制企业：\n"
    "营业收入不超过1000万元的，按照2.5%提取；\n营业收入超过1000万元至1亿元的部分，按照1.75%提取；\n营业收入超过1亿元的部分，按照0.8%提取。"
)
COURT = (
    "财产案件根据诉讼请求的金额或者价额，按照下列比例分段累计交纳：\n不超过1万元的，每件交纳50元；\n"
    "超过1万元至10万元的部分，按照2.5%交纳；\n超过10万元至20万元的部分，按照2%交纳；\n超过20万元的部分，按照1.5%交纳。"
)
EXECUTION = (
    "执行金额或者价额不超过1万元的，每件交纳50元；超过1万元至50万元的部分，按照1.5%交纳；超过50万元的部分，按照1%交纳。"
)
KEEPING = (
    "申请保全措施的，根据实际保全的财产数额按照下列标准交纳：\n财产数额不超过1000元或者不涉及财产数额的，每件交纳30元；"
    "超过1000元至10万元的部分，按照1%交纳；超过10万元的部分，按照0.5%交纳。但是，当事人申请保全措施交纳的费用最多不超过5000元。"
)
TRANSPORT = (
    "运输企业以上年度实际营业收入为计提依据，按照以下标准平均逐月提取：\n普通货运业务按照1%提取；\n"
    "客运业务、管道运输、危险品等特殊货运业务按照1.5%提取。"
)
BUILDING = "施工企业以建筑安装工程造价为计提依据。各类工程提取标准如下：\n矿山工程为2.5%；\n房屋建筑工程、铁路工程为2.0%；\n公路工程为1.5%。"
REACHED = (
    "对年营业收入首次达到下列标准的规上工业企业，给予一次性奖励：\n达到1亿元的，奖励50万元；\n达到5亿元的，奖励100万元；\n"
    "达到10亿元的，奖励200万元。"
)
BETWEEN = "按企业营业收入的以下标准给予奖励：\n1000万元以上5000万元以下的，奖励20万元；\n5000万元以上的，奖励50万元。"
GRANTED = "对规上企业研发费用不超过500万元的，按5%补助；超过500万元的部分，按8%补助，最高100万元。"

TWO_RULES = "对企业给予下列奖励：\n营业收入达到1亿元的，奖励50万元；\n研发费用达到5000万元的，奖励30万元。"
COMMISSION = "按照下列比例收取佣金：\n成交价200万元以下的，收取佣金的比例不得超过5%；\n超过200万元的部分，不得超过3%。"
DIVORCE = "离婚案件按照下列标准交纳：\n每件交纳50元至300元。财产总额不超过20万元的，不另行交纳；超过20万元的部分，按照0.5%交纳。"

# (question, list, result in 元 or None where no sum may be given, words of the answer, why)
CASES = [
    ("去年营业收入800万元，要提取多少", FIREWORKS, "235000", "7万元＋9万元＋7.5万元＝23.5万元", "three bands"),
    ("营收200万要提多少", FIREWORKS, "70000", "200万元×3.5%＝7万元", "the end of the first band"),
    ("营收1200万要提多少", FIREWORKS, "325000", "（1200万元－1000万元）×2%", "above the last bound"),
    ("要提取多少？怎么算？", FIREWORKS, None, "还需说明：上年度实际营业收入", "no figure of the asker"),
    ("研发费用800万元，要提取多少", FIREWORKS, None, "还需说明：上年度实际营业收入", "another figure"),
    ("营收800多万，要提取多少", FIREWORKS, None, "须是准确数", "多 is no exact figure"),
    ("舰船企业营业收入2亿，提取多少", SHIPS, "2625000", "军品实际营业收入为计提依据；舰船（含修理）研制企业", "both leads"),
    ("诉讼标的额50万元，受理费多少", COURT, "8800", "50元＋2250元＋2000元＋4500元＝8800元", "a sum for the first band"),
    ("标的8000元，受理费多少", COURT, "50", "8000元，为50元", "the first band alone"),
    ("执行金额300万元，申请费多少", EXECUTION, "32400", "50元＋7350元＋2.5万元", "bands within one clause"),
    ("保全财产2000万元，保全费多少", KEEPING, "5000", "超过上限5000元", "a ceiling behind the bands"),
    ("保全财产30万元，保全费多少", KEEPING, "2020", "未超过上限5000元", "below the ceiling"),
    ("管道运输，营业收入1亿，提取多少", TRANSPORT, "1500000", "×1.5%（客运业务、管道运输、危险品等特殊货运业务）", "one of a class"),
    ("营业收入1亿，提取多少", TRANSPORT, None, "属于哪一类（普通货运业务；客运业务、管道运输", "which class is not said"),
    ("房屋建筑工程造价5000万元，提取多少", BUILDING, "1000000", "5000万元×2.0%", "a base in the sentence before"),
    ("营收6亿，奖励多少", REACHED, "1000000", "按“5亿元”一档，为100万元", "the highest bound that is met"),
    ("营收9000万，奖励多少", REACHED, None, "不在条款所列的档次内", "below the lowest"),
    ("营业收入6000万奖励多少", BETWEEN, "500000", "50万元", "bounds on both sides"),
    ("营业收入5000万奖励多少", BETWEEN, None, "", "both tiers include 5000万: which counts is not said"),
    ("研发费用800万，补多少", GRANTED, "490000", "规上企业", "the first band has no 部分; for whom is a condition"),
    # Nothing may be calculated.
    ("研发费用800万，补多少", GRANTED.replace("规上企业研发费用不超过500万元的", "研发费用不超过500万元的规上企业"), None, "", "a condition behind the bound"),
    ("营收800万要提多少", FIREWORKS.replace("500万元的部分", "400万元的部分"), None, "", "a gap between two bands"),
    ("营收800万要提多少", FIREWORKS.replace("按照3%", "按照3%左右"), None, "", "no exact rate"),
    ("营收800万要提多少", FIREWORKS.replace("按照3%", "按照2%至3%"), None, "", "a range"),
    ("营收800万要提多少", FIREWORKS.replace("按照3%", "不超过3%"), None, "", "at most a rate"),
    ("营收800万要提多少", FIREWORKS.replace("的部分", "的").replace("超额累退", "差别"), None, "", "of the whole or of its parts?"),
    ("营收800万要提多少", FIREWORKS + "\n特殊工艺按照5%提取。", None, "", "another rate that the bands do not explain"),
    ("营收800万要提多少", FIREWORKS.replace("\n营业收入超过500", "\n利润总额超过500"), None, "", "one item is of something else"),
    ("营收6亿奖多少", TWO_RULES, "500000", "1亿元", "two rules, not two bounds of one"),
    ("成交价3000万，佣金多少", COMMISSION, None, "", "only ceilings"),
    ("增值额300万，交多少税", "增值税按照下列税率计算：\n增值额不超过200万元的，税率为30%；\n超过200万元的部分，税率为40%。", None, "", "taxes"),
    ("财产总额100万元，交多少", DIVORCE, None, "", "on top of a sum that is a range"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "text", "result", "words", "why"), CASES, ids=[f"{c[0]}-{c[4]}" for c in CASES])
def test_a_list_comes_to_what_a_clerk_would_work_out(question, text, result, words, why):
    calculation = calculate(question, text)
    if result is None and not words:
        assert calculation is None, why
        return
    assert calculation is not None, why
    assert calculation.result == (None if result is None else Decimal(result)), why
    assert words in calculation.text(text)
    assert sound(calculation, question, text)


@settings(max_examples=80, deadline=None)
@given(*[st.integers(min_value=1, max_value=10**5)] * 2)
def test_more_revenue_is_never_less_to_set_aside_and_bands_join_without_a_jump(one, other):
    low, high = sorted((one, other))
    sums = [calculate(f"营业收入{revenue}万元，要提取多少", FIREWORKS).result for revenue in (low, high)]
    assert 0 <= sums[1] - sums[0] <= (high - low) * 10_000 * Decimal("0.035")


RULES = """企业安全费用提取办法
示财〔2024〕5号
第一条　烟花生产企业以上年度实际营业收入为计提依据，采取超额累退方式按照以下标准平均逐月提取安全费用：
（一）营业收入不超过200万元的，按照3.5%提取；
（二）营业收入超过200万元至500万元的部分，按照3%提取；
（三）营业收入超过500万元至1000万元的部分，按照2.5%提取；
（四）营业收入超过1000万元的部分，按照2%提取。
第二条　机械制造企业以上年度实际营业收入为计提依据，采取超额累退方式按照以下标准平均逐月提取安全费用：
（一）营业收入不超过1000万元的，按照2%提取；
（二）营业收入超过1000万元的部分，按照1%提取。
第三条　交通运输企业以上年度实际营业收入为计提依据，按照以下标准平均逐月提取安全费用：
（一）普通货运业务按照1%提取；
（二）客运业务按照1.5%提取。
第四条　本办法自2024年4月1日起施行。
"""
DAY = date(2025, 1, 1)
QUESTION = "烟花生产企业去年营业收入800万元，安全费用要提取多少？"


@pytest.fixture
def assistant(library: Library) -> Assistant:
    library.add_document(document_from_text(RULES, path="安全费用.txt"), RULES.encode(), "text/plain")
    return Assistant(library)


def calculated(answer: Answer) -> list[Sentence]:
    return [sentence for sentence in answer.sentences if is_calculated(sentence)]


def paths(assistant: Assistant, proofs: tuple[Proof, ...]) -> list[str]:
    clauses = {clause.id: clause for clause in assistant.library.document(proofs[0].document_id).clauses}
    return [clauses[proof.clause_id].path for proof in proofs]


def test_an_answer_cites_the_lead_and_every_band_that_it_counts(assistant: Assistant):
    (sentence,) = calculated(assistant.ask(QUESTION, as_of=DAY))
    assert "＝23.5万元" in sentence.text
    assert paths(assistant, sentence.proofs) == ["第一条", "第一条第（一）项", "第一条第（二）项", "第一条第（三）项"]
    printed = "".join(proof.quote for proof in sentence.proofs)
    assert all(figure in printed for figure in ("3.5%", "3%", "2.5%", "200万元", "500万元"))


def test_of_several_lists_the_one_for_the_asker_is_used_and_none_where_he_does_not_say(assistant: Assistant):
    (sentence,) = calculated(assistant.ask("机械制造企业营业收入1500万元，安全费用要提取多少？", as_of=DAY))
    assert "20万元＋5万元＝25万元" in sentence.text
    (sentence,) = calculated(assistant.ask("普通货运企业营业收入2000万元，安全费用要提取多少？", as_of=DAY))
    assert "2000万元×1%（普通货运业务）＝20万元" in sentence.text
    assert not calculated(assistant.ask("营业收入1500万元，安全费用要提取多少？", as_of=DAY))


def test_without_the_figure_the_answer_says_what_is_missing(assistant: Assistant):
    (sentence,) = calculated(assistant.ask("烟花生产企业的安全费用怎么算，要提取多少？", as_of=DAY))
    assert "还需说明：上年度实际营业收入" in sentence.text


FORGED = [
    (lambda text: text.replace("23.5万元", "33.5万元"), "another result"),
    (lambda text: text.replace("3.5%", "4.5%"), "another rate"),
    (lambda text: text.replace("800万元", "900万元"), "another figure of the asker"),
    (lambda text: text.replace("未经核实", "已核实"), "an assumption said to be verified"),
    (lambda text: f"{text}另奖励5万元。", "a sum added"),
]


@pytest.mark.parametrize(("forge", "why"), FORGED, ids=[row[1] for row in FORGED])
def test_a_calculated_sentence_that_does_not_come_out_again_is_not_shown(assistant: Assistant, forge, why):
    (sentence,) = calculated(assistant.ask(QUESTION, as_of=DAY))
    forged = replace(sentence, text=forge(sentence.text))
    shelf, question = Shelf(assistant.library, DAY), analyse(QUESTION)
    assert stands(shelf, question, sentence)
    assert forged.text != sentence.text and not stands(shelf, question, forged), why


def test_a_model_words_the_answer_and_code_alone_calculates(assistant: Assistant):
    library, quote = assistant.library, "营业收入不超过200万元的，按照3.5%提取；"
    sum_of_its_own = "测算：800万元×3.5%＝28万元。以主管部门审核为准。"
    with model_server(f"{quote}[1][2][3][4][5]\n{sum_of_its_own}[1][2][3]") as (address, _):
        model = language_model(replace(library.settings, llm="test", llm_url=address))
        answer = Assistant(library, model).ask(QUESTION, as_of=DAY)
    assert answer.model == "test" and "28万元" not in answer.text
    (sentence,) = calculated(answer)
    assert "＝23.5万元" in sentence.text


def test_a_calculated_sentence_stands_for_its_question_and_its_clauses_only(assistant: Assistant):
    (sentence,) = calculated(assistant.ask(QUESTION, as_of=DAY))
    document = assistant.library.document(sentence.proofs[0].document_id)
    assert not follows(sentence, QUESTION.replace("800", "900"), document)
    other = next(clause for clause in document.clauses if clause.path == "第二条")
    swapped = replace(sentence.proofs[0], clause_id=other.id)
    assert not follows(replace(sentence, proofs=(swapped, *sentence.proofs[1:])), QUESTION, document)
    assert not follows(replace(sentence, proofs=sentence.proofs[:-1]), QUESTION, document)
    mixed = (replace(sentence.proofs[0], checks=("原文",)), *sentence.proofs[1:])
    assert all(proof.checks == COMPUTED for proof in sentence.proofs)
    assert not follows(replace(sentence, proofs=mixed), QUESTION, document)
