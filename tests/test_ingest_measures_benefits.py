"""What a clause grants: wording of incentive policies with what it says, worked out by hand before it was read by rule."""

import dataclasses
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Span
from ingest.measures.benefits import read_benefits
from ingest.measures.conditions_numbers import figures
from ingest.measures.model import Amount, Measure
from ingest.measures.schema import to_case
from ingest.normalize import fold
from tests.linear import assert_linear

TABLE = Path(__file__).parent / "cases" / "measure_benefits.jsonl"
ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]


def read(text):
    flat = fold(text)
    return read_benefits(flat, Span(0, len(flat)))


def said(text):
    """Benefits and ceilings of ``text`` as plain data."""
    found = read(text)
    case = to_case(Measure("", "", "", Span(0, len(text)), benefits=found.benefits, caps=found.caps))
    return case["benefits"], case.get("caps", [])


def amounts(value):
    if isinstance(value, Amount):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from amounts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from amounts(getattr(value, field.name))


@pytest.mark.parametrize("row", ROWS, ids=[row["reason"] for row in ROWS])
def test_a_clause_is_read_as_it_says(row):
    benefits, caps = said(row["text"])
    expected = json.loads(json.dumps(row["benefits"]))
    for benefit in expected:  # a step from the first on has no start
        if benefit.get("step") and benefit["step"]["start"] is None:
            del benefit["step"]["start"]
    assert benefits == expected
    assert caps == row["caps"]


@pytest.mark.parametrize("row", ROWS, ids=[row["reason"] for row in ROWS])
def test_every_amount_stands_in_the_clause_and_is_what_the_numerals_say(row):
    flat = fold(row["text"])
    printed = {figure.span: figure.value for figure in figures(flat)}
    found = read(row["text"])
    for amount in amounts((found.benefits, found.caps)):
        words = amount.span.of(flat)
        assert words
        if amount.span in printed:
            assert amount.value == printed[amount.span]
        else:  # a share in words or of a ratio
            assert amount.value in said_in_words(words, flat), words


def said_in_words(words, flat):
    shares = {
        "全额": 1,
        "减半": Decimal("0.5"),
        "四分之一": Decimal("0.25"),
        "等额": 1,
        "三免": 1,
        "两减半": Decimal("0.5"),
    }
    if words in shares:
        return {Decimal(shares[words])}
    if words.startswith("免") or words in ("全免", "免费"):
        return {Decimal(1)}
    if words.isdecimal() and ":" in flat:  # 4 of 4:3:3
        return {Decimal(n) / 10 for n in range(1, 10)}
    return (
        {Decimal(1), Decimal("0.5")}
        if words in ("1:1", "1:0.5")
        else {Decimal(words)}
        if words.replace(".", "").isdecimal()
        else set()
    )


LEFT_ALONE = [
    ("对A类、B类人才，分别给予100万元、50万元、20万元奖励。", "two names and three sums"),
    ("补贴标准：每连续租满1年补贴6000元。", "满1年 is no unit that is counted"),
    ("补助的起点由2000万元降到1000万元，补助比例由5%提高到8%。", "what changed, not what is granted"),
    ("补助金额为3000万元×8%=240万元。", "an example worked out"),
    ("截至2025年底，全年累计发放补贴资金约4.92亿元。", "what was paid"),
    ("处1万元以上10万元以下的罚款。", "a fine"),
    ("个人缴费标准为每人413元。", "what people pay"),
    ("每年安排1000万元专项资金。", "the budget, not the share of one"),
    ("配套公共服务设施比例应不小于住宅建筑面积的11%。", "配套 of a building"),
    ("1000万元至5000万元的奖励20万元，5000万元以上的奖励50万元。", "what the bounds measure is not said"),
    ("所需资金由市、区财政按5:5的比例分担。", "which treasury pays"),
    ("优先为单户担保金额500万元及以下的小微企业提供担保增信。", "the size of a loan, as a condition"),
    ("再担保业务收费，原则上不高于承担风险责任的0.5%。", "a ceiling of a fee"),
    ("跨区招生计划不超过总计划的50%。", "a ceiling of no support"),
    ("三等及三等以上尾矿库每吨1元，四等及五等尾矿库每吨1.5元。", "a price without support"),
    ("总投资调整约为8.5亿元，后增加的3.5亿元资金尚未落实。", "money of a project"),
    ("逾期不腾退的，按照租金标准的2倍收取租金。", "a penalty"),
    (
        "奖励资金分两年兑现，第一年兑现应得奖励的60%，第二年兑现应得奖励的40%。",
        "how it is paid out, of what is said elsewhere",
    ),
    ("优先支持单户500万元以下担保业务。", "the size of a loan"),
    ("库容超过100万立方米的，每增加100万立方米增加3万元。", "what firms set aside, no support"),
]


@pytest.mark.parametrize(("text", "why"), LEFT_ALONE, ids=[why for _, why in LEFT_ALONE])
def test_what_is_not_understood_or_not_granted_gives_no_figure(text, why):
    found = read(text)
    assert not list(amounts((found.benefits, found.caps)))
    assert not found.used


def test_of_two_ceilings_without_names_neither_is_taken():
    """单次分别最高50万元、20万元 belongs to names that are not a list of two."""
    benefits, caps = said(
        "在本区举办全国性、全省性赛事、展会、论坛的，按实际支出的30%给予补助，单次分别最高50万元、20万元。"
    )
    assert [(b["form"], b.get("max")) for b in benefits] == [("rate", None)]
    assert caps == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "单个项目补助总额不超过设备投资额的20%，单个企业年度享受本政策资金合计不超过2000万元。",
            ["单个项目补助总额不超过设备投资额的20%", "单个企业年度享受本政策资金合计不超过2000万元"],
        ),
        (
            "按设备投资额的10%给予补助，单个项目最高500万元、单个企业每年最高1000万元。",
            ["单个企业每年最高1000万元"],
        ),
        (
            "单个项目最高500万元且单个企业每年累计不超过1000万元封顶。",
            ["单个项目最高500万元", "单个企业每年累计不超过1000万元封顶"],
        ),
    ],
)
def test_a_ceiling_is_shown_in_its_own_words(text, words):
    assert [cap.span.of(text) for cap in read(text).caps] == words


def test_used_words_cover_every_figure_of_a_plain_clause():
    text = "对固定资产投资5000万元以上的项目，按设备投资额的10%给予补助，最高1000万元，分两年按60%、40%拨付。"
    flat = fold(text)
    assert [span.of(flat) for span in read(text).used] == ["10%", "1000万元", "分两年", "60%", "40%"]


def test_only_the_given_span_is_read():
    text = "第一条一次性奖励10万元。第二条一次性奖励20万元。"
    flat = fold(text)
    found = read_benefits(flat, Span(text.index("第二条"), len(text)))
    assert [benefit.value.span.of(flat) for benefit in found.benefits] == ["20万元"]


PIECES = st.sampled_from(
    (
        "， 。 ； 、 ： （ ） 给予 奖励 补助 最高 不超过 累计 500万元 10% 2个百分点 每人 每月 分别 第一年 前三年 后两年 减半 免租 的部分 每增加1亿元 "
        "按4:3:3比例 分三年 贴息 A类、B类 100万元、50万元 不超过2年 单个企业每年 再给予 辅导备案、受理 1:1 配套 一次性 股权投资 （责任单位： 国家级 "
        "设立 基金 1.5倍 返还 120平方米 人才公寓 对 的 至 按 企业 由 银行 承担 罚款 四分之一 全额 三免两减半 每引进1人最高 提高至 收取 券 下浮 座 \n 1 , 0"
    ).split(" ")
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_is_read_without_harm_and_no_amount_is_invented(text):
    flat = fold(text)
    printed = {figure.span: figure.value for figure in figures(flat)}
    found = read(text)
    for amount in amounts((found.benefits, found.caps)):
        assert 0 <= amount.span.start < amount.span.end <= len(text)
        if amount.span in printed:
            assert amount.value == printed[amount.span]
    for span in found.used:
        assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "给予10万元、",
        "第一年按100%、",
        "对A类企业给予10万元，",
        "A类最高150万元、",
        "每增加1亿元再奖励5万元；",
        "(",
        "按4:3:",
        "的部分按5%,",
        "国家级、",
    ],
)
def test_time_grows_with_the_length_and_no_faster(piece):
    assert_linear(lambda text: read_benefits(text, Span(0, len(text))), fold(piece * 200))
