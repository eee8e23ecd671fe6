"""The last gate for sentences that code words itself (结论, 计数, 比较): each comes out of its quotes again, or is not shown."""

from __future__ import annotations

import pytest

from ingest.document import Span
from qa.answer import Proof, Sentence
from qa.contrast import COMPARED, in_order
from qa.counting import COUNTED, comes_to
from qa.verdict import CONCLUDED, concludes

LEAD = "下列人员不属于奖励对象："
ITEMS = ("（一）国家公职人员；", "（二）负责招商的工作人员；", "（三）其他人员。")
RATES = "补助标准：甲类32元/平方米，乙类50元/平方米。硕士每月1000元，本科每月600元，博士每月1000元。"


def sentence(text: str, checks: tuple[str, ...], *quotes: str) -> Sentence:
    proofs = (Proof(0, "d", f"c{n}", "0" * 64, Span(0, len(q)), q, checks) for n, q in enumerate(quotes))
    return Sentence(text, tuple(proofs))


@pytest.mark.parametrize(
    ("text", "quotes", "stands", "why"),
    [
        ("结论：不属于奖励对象。", (LEAD, ITEMS[0]), True, "the words of the lead"),
        ("结论：属于奖励对象。", ("国家公职人员视为奖励对象。",), False, "another word than the clause's"),
        ("结论：不得申请补贴。", ("养老驿站可以申请补贴。",), False, "a denial that no quote has"),
        ("结论：符合所列条件的，给予补贴。", ("对符合条件的企业，给予最高50万元补贴。",), True, "our own opening is no claim"),
        ("结论：给予补贴。", ("补贴由区财政给予。",), False, "the words stand in another order"),
        ("结论：珍贵文物包括青铜器。", ("珍贵文物，包括玉器、青铜器。",), True, "two pieces in their order"),
        ("结论：最高可以申请60万元。", ("可以申请50万元。",), False, "a figure that no quote has"),
    ],
)  # fmt: skip
def test_a_conclusion_is_made_of_pieces_of_its_quotes(text, quotes, stands, why):
    assert concludes(sentence(text, CONCLUDED, *quotes)) is stands


@pytest.mark.parametrize(
    ("text", "quotes", "stands", "why"),
    [
        ("共3类。", (LEAD, *ITEMS), True, "the lead and three items"),
        ("共4类。", (LEAD, *ITEMS), False, "one more than is cited"),
        ("《办法》共26条，从第一条到第二十六条。", ("第一条", "第二十六条"), True, "first and last"),
        ("《办法》共27条，从第一条到第二十六条。", ("第一条", "第二十六条"), False, "not the last number"),
        ("《办法》共26条，从第一条到第二十六条。", ("第一条", "第二十五条"), False, "the last is another article"),
        ("责任单位共2个：市经信局、市财政局。", ("（责任单位：市经信局、市财政局）",), True, "names as printed"),
        (
            "责任单位共3个：市经信局、市财政局。",
            ("（责任单位：市经信局、市财政局）",),
            False,
            "number and names differ",
        ),
        (
            "责任单位共2个：市经信局、区财政局。",
            ("（责任单位：市经信局、市财政局）",),
            False,
            "a name that is not there",
        ),
        ("原文写明：9家银行。", ("9家银行参加。",), True, "repeated"),
        ("原文写明：8家银行。", ("9家银行参加。",), False, "another number"),
        ("一共有三条。", ("第一条",), False, "no sentence that this code makes"),
    ],
)
def test_a_number_comes_out_of_the_quotes_again(text, quotes, stands, why):
    assert comes_to(sentence(text, COUNTED, *quotes)) is stands


@pytest.mark.parametrize(
    ("text", "stands", "why"),
    [
        ("结论：乙类（50元）高于甲类（32元）。", True, "in order"),
        ("结论：甲类（32元）高于乙类（50元）。", False, "turned round"),
        ("结论：甲类（32元）低于乙类（50元）。", True, "the other way"),
        ("结论：不同，硕士1000元，本科600元。", True, "they differ"),
        ("结论：不同，硕士1000元，博士1000元。", False, "they do not"),
        ("结论：硕士与博士相同，均为1000元。", True, "one amount"),
        ("结论：硕士与博士相同，均为1200元。", False, "an amount that is not there"),
        ("结论：丙类（50元）高于甲类（32元）。", False, "a name that is not there"),
        ("结论：乙类好于甲类。", False, "no sentence that this code makes"),
    ],
)
def test_two_amounts_are_in_the_order_that_is_said(text, stands, why):
    assert in_order(sentence(text, COMPARED, RATES)) is stands
