"""What a clause comes to, worked out by hand to the yuan; refused where something is missing; words only where no sum follows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Span
from qa.answer import Proof, Sentence
from qa.matching import match, profile_of
from qa.matching.amount import Worked
from qa.matching.asker import Asker
from qa.matching.chat import figures_stand, worked_words
from tests.matching_clauses import TODAY, record
from tests.matching_sums import SUMS

FIRM = {"kind": "企业", "region": "云澜市清河区", "industries": ["C36"]}
PERSON = {"kind": "个人", "region": "云澜市清河区"}


def worked(name: str, profile: dict[str, object], benefit: int = 0) -> Worked | None:
    (only,) = match(profile_of(profile), [record(SUMS[name][1])], TODAY).current
    return only.amounts[benefit]


# clause, what is given, sum in yuan
EXACT = [
    ("设备补助", {"equipment_investment": "1000万元"}, 800_000),  # 1000×8 %
    ("设备补助", {"equipment_investment": "3000万元"}, 2_400_000),
    ("设备补助", {"equipment_investment": 12_345_678}, "987654.24"),  # to the fen
    ("设备补助", {"equipment_investment": "12500万元"}, 10_000_000),  # exactly the ceiling
    ("设备补助", {"equipment_investment": "12499万元"}, 9_999_200),  # just below
    ("设备补助", {"equipment_investment": "12501万元"}, 10_000_000),  # just above: cut
    ("设备补助", {"equipment_investment": "10亿元"}, 10_000_000),
    ("上台阶", {"revenue": {"value": 500_000_001, "peak": 1}}, 300_000),  # 突破5亿元
    ("上台阶", {"revenue": {"value": "10亿元", "peak": 1}}, 300_000),  # exactly 10亿元 is not 突破10亿元
    ("上台阶", {"revenue": {"value": 1_000_000_001, "peak": 1}}, 600_000),
    ("上台阶", {"revenue": {"value": "50亿元", "peak": 1}}, 600_000),
    ("上台阶", {"revenue": {"value": "60亿元", "peak": 1}}, 2_000_000),  # the highest tier, not the sum of three
    ("上台阶", {"revenue": "60亿元"}, 2_000_000),  # 首次 is assumed and said
    ("上台阶", {"revenue": {"value": "60亿元", "peak": "20亿元"}}, 2_000_000),  # the lower two were reached before
    ("升规", {}, 150_000),
    ("专精特新", {"qualifications": ["小巨人"]}, 800_000),
    ("专精特新", {"qualifications": ["省级专精特新中小企业"]}, 250_000),
    ("专精特新", {"qualifications": ["小巨人", "省级专精特新中小企业"]}, 800_000),  # the higher, never both
    ("研发", {"rd": "1000万元", "rd_share": "5%", "rd_increase": "200万元"}, 240_000),
    ("研发", {"rd": {"value": "1000万元", "previous": "800万元"}, "rd_share": "5%"}, 240_000),  # the increase follows
    ("研发", {"rd": "5000万元", "rd_share": "5%", "rd_increase": "1250万元"}, 1_500_000),  # exactly the ceiling
    ("研发", {"rd": "5000万元", "rd_share": "5%", "rd_increase": "1300万元"}, 1_500_000),
    ("展位", {"figures": {"展位费": "3万元"}}, 15_000),
    ("展位", {"figures": {"展位费": "4万元"}}, 20_000),
    ("展位", {"figures": {"实际支付的展位费": "6万元"}}, 20_000),  # single ceiling before that of the year
    ("展位", {"figures": {"展位费": 33_333}}, "16666.5"),
    ("贴息", {"figures": {"实际支付利息": "100万元"}}, 300_000),
    ("贴息", {"figures": {"实际支付利息": "300万元"}}, 800_000),  # 90 is over 80
    ("高企", {"qualifications": {"高新技术企业": "首次"}}, 200_000),
    ("营收或融资", {"revenue": {"value": "1亿元", "period": "上年度"}}, 200_000),
    ("初创", {"founded": "2025-01-01"}, 50_000),
    ("就业", {"new_employees": 51}, 25_500),
    ("就业", {"new_employees": 200}, 100_000),  # exactly the ceiling
    ("就业", {"new_employees": 201}, 100_000),
    ("担保", {"kind": "机构", "figures": {"担保额": "2亿元"}}, 1_000_000),
    ("引荐", {"kind": "引荐人", "paid_fixed_investment": "2亿元"}, 300_000),  # 1.5‰
    ("引荐", {"kind": "引荐人", "paid_fixed_investment": "10亿元"}, 1_500_000),
    ("引荐", {"kind": "引荐人", "paid_fixed_investment": "11亿元"}, 1_500_000),
    ("生活补贴", {**PERSON, "degree": "博士"}, 36_000),  # 1000×36
    ("生活补贴", {**PERSON, "degree": "硕士"}, 21_600),
    ("生活补贴", {**PERSON, "degree": "本科"}, 14_400),
    ("安家", {**PERSON, "degree": "博士"}, 150_000),
    ("购房", {**PERSON, "talent_class": "A类", "figures": {"购房款": "200万元"}}, 1_000_000),
    ("购房", {**PERSON, "talent_class": "A类", "figures": {"购房款": "400万元"}}, 1_500_000),
    ("购房", {**PERSON, "talent_class": "C类", "figures": {"购房款": "120万元"}}, 600_000),  # exactly C's ceiling
    ("购房", {**PERSON, "talent_class": "C类", "figures": {"购房款": 1_200_002}}, 600_000),
    ("购房", {**PERSON, "talent_class": "C类", "figures": {"购房款": 1_199_998}}, 599_999),
    ("年龄", {**PERSON, "age": 45, "talent_class": "D类"}, 20_000),
    ("总部", {"paid_in_capital": "2亿元"}, 1_000_000),  # (2-1)亿×1 %
    ("总部", {"paid_in_capital": "5亿元"}, 4_000_000),  # 4亿×1 %
    ("总部", {"paid_in_capital": "6亿元"}, 6_000_000),  # 400+200万
    ("总部", {"paid_in_capital": "10亿元"}, 14_000_000),  # 400+1000万
    ("总部", {"paid_in_capital": "12亿元"}, 20_000_000),  # 400+1000+600万
    ("总部", {"paid_in_capital": "22亿元"}, 50_000_000),  # 400+1000+3600万: exactly the ceiling
    ("总部", {"paid_in_capital": "30亿元"}, 50_000_000),
    ("总部", {"paid_in_capital": 100_000_100}, 1),  # 100元×1 %
    ("研发增量", {"rd_increase": "300万元"}, 100_000),  # (300-100)×5 %
    ("研发增量", {"rd_increase": "500万元"}, 200_000),
    ("研发增量", {"rd_increase": "600万元"}, 280_000),  # 20+8万
    ("研发增量", {"rd_increase": "3000万元"}, 1_500_000),  # 20+200万 over 150万
    ("产值", {"output": "10亿元"}, 500_000),
    ("产值", {"output": "10.99亿元"}, 500_000),  # no whole step
    ("产值", {"output": "11亿元"}, 550_000),
    ("产值", {"output": "25.5亿元"}, 1_250_000),  # 50+15×5
    ("产值", {"output": "40亿元"}, 2_000_000),  # 50+150: exactly the ceiling
    ("产值", {"output": "41亿元"}, 2_000_000),
    ("退坡", {"figures": {"租金": "50万元"}}, 1_050_000),  # 50+35+20
    ("退坡", {"figures": {"租金": "120万元"}}, 2_320_000),  # 100 (of 120)+84+48
    ("退坡", {"figures": {"租金": "300万元"}}, 3_000_000),  # 100+100 (of 210)+100 (of 120)
    ("全额减半", {"figures": {"租金": "50万元"}}, 2_000_000),  # 150+50
    ("全额减半", {"figures": {"租金": "75万元"}}, 3_000_000),  # 225+75: exactly the ceiling
    ("全额减半", {"figures": {"租金": "80万元"}}, 3_000_000),
    ("上市", {"statements": ["通过辅导备案"]}, 500_000),
    ("上市", {"statements": ["通过辅导备案", "申请受理"]}, 1_000_000),  # the stage reached, not 150
    ("装修", {"figures": {"装修补贴面积": "400平方米"}}, 120_000),
    ("装修", {"figures": {"装修补贴面积": 500}}, 150_000),
    ("装修", {"figures": {"装修补贴面积": 501}}, 150_000),  # at most 500㎡
    ("招用", {"figures": {"毕业年度高校毕业生人数": "12人"}}, 12_000),
    ("用电", {"figures": {"新增用电量": "1234567千瓦时"}}, "123456.7"),
    ("用电", {"figures": {"新增用电量": 5_000_001}}, 500_000),
    ("节能", {"figures": {"年节能量": 3333}}, 999_900),
    ("节能", {"figures": {"年节能量": 3334}}, 1_000_000),
    ("培养", {"figures": {"培养经费人数": 3}}, 480_000),  # 24万 a year for two years
    ("培养", {"figures": {"培养经费人数": 7}}, 1_000_000),  # 56万 cut to 50 each year
    ("租房", PERSON, 54_000),  # 1500×36
    ("见习", {"figures": {"见习补贴人数": 5}}, 30_000),  # 5×500×12
    ("见习", {"figures": {"见习补贴人数": 6}}, 30_000),  # 36000 cut
    ("年年", {}, 100_000),  # 5万 for two years
    ("标准", {"statements": ["国家标准"], "figures": {"标准项数": 2}}, 600_000),
    ("标准", {"statements": ["国家标准"], "figures": {"标准项数": 4}}, 900_000),  # at most three
    ("标准", {"statements": ["国际标准", "行业标准"], "figures": {"标准项数": 1}}, 500_000),
    ("配套", {"figures": {"国家拨款": "600万元"}}, 600_000),
    ("配套", {"figures": {"国家拨款": "2000万元"}}, 1_000_000),
    ("最低", {"figures": {"担保额": "100万元"}}, 10_000),  # 5000 is below the least
    ("最低", {"figures": {"担保额": "400万元"}}, 20_000),
    (
        "占比上限",
        {"equipment_investment": "1000万元", "fixed_investment": "5000万元"},
        2_500_000,
    ),  # 300 over 5 % of 5000
    ("占比上限", {"equipment_investment": "1000万元", "fixed_investment": "6000万元"}, 3_000_000),
    ("占比上限", {"equipment_investment": "1000万元"}, 3_000_000),  # the ceiling is said not to be compared
]

# clause, what is given, what is asked for
MISSING = [
    ("设备补助", {}, ("equipment_investment",)),
    ("设备补助", {"total_investment": "5亿元"}, ("equipment_investment",)),
    ("上台阶", {}, ("revenue",)),
    ("研发", {"rd": "1000万元", "rd_share": "5%"}, ("rd_increase",)),
    ("展位", {"figures": {"会议费": "3万元"}}, ("figures:展位费",)),
    ("购房", {**PERSON, "talent_class": "B类"}, ("figures:购房款",)),
    ("购房", {**PERSON, "figures": {"购房款": "200万元"}}, ("talent_class",)),
    ("生活补贴", PERSON, ("degree",)),
    ("就业", {"employees": 300}, ("new_employees",)),
    ("总部", {"registered_capital": "2亿元"}, ("paid_in_capital",)),
    ("招用", {"employees": 300}, ("figures:毕业年度高校毕业生人数",)),
    ("装修", {}, ("figures:装修补贴面积",)),
    ("上市", {}, ("statements:通过辅导备案", "statements:申请受理", "statements:成功上市")),
    ("标准", {"figures": {"标准项数": 1}}, ("statements:标准级别：国际标准", "statements:标准级别：国家标准", "statements:标准级别：行业标准")),
]  # fmt: skip

# clause, what is given, why there are only words
WORDS = [
    ("厂房", {"figures": {"租金": "50万元"}}, "每月每平方米"),  # the ceiling is for each square metre
    ("每台", {"figures": {"购置额": "50万元"}}, "每台"),
    ("约", {}, "约数"),
    ("区间", {"rd_increase": "100万元"}, "比例区间"),
    ("百分点", {"figures": {"贷款额": "100万元"}}, "贴息百分点"),
    ("一事一议", {"total_investment": "20亿元"}, "一事一议"),
    ("未列明", {}, "未列明标准"),
    ("过桥", {}, "贷款额度"),
    ("分担", {}, "按比例分担"),
    ("外资", {"foreign_capital": {"value": "1000万美元", "period": "当年"}}, "折算"),
    ("研发增量", {"rd_increase": "100万元"}, "起点"),  # exactly where the first band begins: nothing is above it
]


@pytest.mark.parametrize(("name", "given", "expected"), EXACT)
def test_a_sum_is_exact_to_the_yuan(name, given, expected):
    result = worked(name, {**FIRM, **given})
    assert result is not None
    assert result.value == Decimal(str(expected))
    assert "以主管部门审核为准" in result.sentence(SUMS[name][0].text)


@pytest.mark.parametrize(("name", "given", "asks"), MISSING)
def test_without_an_input_there_is_no_sum_and_it_is_asked_for(name, given, asks):
    result = worked(name, {**FIRM, **given})
    assert (result.value, result.most, result.missing) == (None, None, asks)
    assert "还需说明" in result.sentence(SUMS[name][0].text)


@pytest.mark.parametrize(("name", "given", "why"), WORDS)
def test_some_rules_are_only_told_in_words(name, given, why):
    result = worked(name, {**FIRM, **given})
    assert (result.value, result.most) == (None, None)
    assert why in result.refused
    assert "不作测算" in result.sentence(SUMS[name][0].text)


@pytest.mark.parametrize(
    ("name", "given", "most"), [("最高", {}, 5_000_000), ("不超过", {"equipment_investment": "1000万元"}, 1_000_000)]
)
def test_an_upper_bound_is_no_sum(name, given, most):
    result = worked(name, {**FIRM, **given})
    assert (result.value, result.most) == (None, most)
    assert "最高" in result.sentence(SUMS[name][0].text)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        (
            "设备补助",
            {"equipment_investment": "3000万元"},
            "测算：设备投资额3000万元×8%＝240万元，单个项目最高1000万元，未超过（以待确认的条件均符合为前提），以主管部门审核为准。",
        ),
        (
            "设备补助",
            {"equipment_investment": "2亿元"},
            "测算：设备投资额2亿元×8%＝1600万元，单个项目最高1000万元，按1000万元计（以待确认的条件均符合为前提），以主管部门审核为准。",
        ),
        (
            "上台阶",
            {"revenue": "6亿元"},
            "测算：30万元（是否首次达到须看以前各年的最高数；以待确认的条件均符合为前提），以主管部门审核为准。",
        ),
        (
            "专精特新",
            {"qualifications": ["省级专精特新中小企业"]},
            "测算：25万元（是否达到更高一档待确认），以主管部门审核为准。",
        ),
        (
            "装修",
            {"figures": {"装修补贴面积": 600}},
            "测算：每㎡300元×500㎡（所填600㎡，超出部分不计）＝15万元，以主管部门审核为准。",
        ),
        ("最高", {}, "最高500万元，具体数额条款未列明，以主管部门审核为准。"),
        # 至多, since the term is a longest one
        (
            "三年租房",
            PERSON,
            "测算：每人每月500元×12个月＝6000元，每年最高5000元，按5000元计，×最长3年＝1.5万元"
            "（按领满最长期限计），以主管部门审核为准。",
        ),
        # a price of a year says so where it is multiplied by years, and a price that is not of a year is not multiplied
        ("社保", PERSON, "测算：每人每年3000元×最长2年＝6000元（按领满最长期限计），以主管部门审核为准。"),
        (
            "一次",
            PERSON,
            "测算：每人3000元（条款另写有期限，没有读出按年还是一次发放，未乘以期限），以主管部门审核为准。",
        ),
        # a ceiling of a year says nothing of the sum of two
        (
            "年上限",
            PERSON,
            "测算：每人每月1000元×最长24个月＝2.4万元（按领满最长期限计；另有每年最高1万元的上限，与本数所计期间不同，未比较）"
            "，以主管部门审核为准。",
        ),
        ("美元上限", {"figures": {"租金": "50万元"}}, "上限以USD计，以条款原文为准，不作测算。"),
        ("零档", {"output": "10亿元"}, "每增加一档，以条款原文为准，不作测算。"),
    ],
)
def test_the_words_of_a_sum(name, given, said):
    assert worked(name, {**FIRM, **given}).sentence(SUMS[name][0].text) == said


@pytest.mark.parametrize(("name", "given", "_sum"), EXACT)
def test_every_sum_of_ours_stands_by_the_clause_and_the_askers_figures(name, given, _sum):
    """Also where an operand is 0, 12 months, a number of years, or a share that no digit says (全额)."""
    clause, measure = SUMS[name]
    profile = profile_of({**FIRM, **given})
    (only,) = match(profile, [record(measure)], TODAY).current
    said = {figure.value for figure in Asker(profile, TODAY).figures.values()}
    proof = Proof(1, "示例", "示例#一", "0" * 64, Span(0, len(clause.text)), clause.text)
    for words in worked_words(only, clause.text):
        assert figures_stand(Sentence(words, (proof,)), said, only), words


def test_a_benefit_whose_own_condition_fails_has_no_sum():
    given = {**FIRM, "qualifications": {"高新技术企业": "首次"}}
    assert worked("高企", given, 1) is None


@given(st.integers(min_value=0, max_value=10**13))
def test_a_capped_share_is_the_smaller_of_share_and_ceiling(investment: int):
    result = worked("设备补助", {**FIRM, "equipment_investment": investment})
    if investment >= 5_000_000:  # below half of the threshold the measure does not apply at all
        assert result.value == min(Decimal(investment) * 8 / 100, Decimal(10_000_000))


@given(st.integers(min_value=100_000_001, max_value=5 * 10**9))
def test_bands_pay_what_lies_within_them(capital: int):
    by_hand = sum(
        max(Decimal(0), min(Decimal(capital), high) - low) * rate
        for low, high, rate in (
            (Decimal(10**8), Decimal(5 * 10**8), Decimal("0.01")),
            (Decimal(5 * 10**8), Decimal(10**9), Decimal("0.02")),
            (Decimal(10**9), Decimal(10**11), Decimal("0.03")),
        )
    )
    assert worked("总部", {**FIRM, "paid_in_capital": capital}).value == min(by_hand, Decimal(50_000_000))
