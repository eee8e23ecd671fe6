"""Clauses in every form of benefit, with the measure that a person reads in them, for the tests of sums."""

from __future__ import annotations

from decimal import Decimal

from ingest.measures.model import Amount, Duration, Per, Share, Stage, Step, Tier, YearShare
from tests.matching_clauses import CLAUSES, Clause, grant

SUMS = dict(CLAUSES)


def _add(name: str, clause: Clause, *benefits: object, **parts: object) -> None:
    SUMS[name] = (clause, clause.measure(*benefits, **parts))


def _term(clause: Clause, words: str, count: int, unit: str, at_most: bool = False) -> Duration:
    return Duration(Decimal(count), unit, clause.span(words), at_most)


def _scales() -> None:
    c = Clause(
        "综合型总部企业落户的，实缴注册资本1亿元以上至5亿元的部分奖励1%，5亿元以上至10亿元的部分奖励2%，10亿元以上的部分奖励3%，最高5000万元。"
    )
    one, five, ten = (c.sum(f"{n}亿元", n * 10**8) for n in (1, 5, 10))
    _add("总部", c, grant("progressive", base=c.base("实缴注册资本"), max=c.sum("5000万元", 50_000_000), tiers=(
        Tier(rate=c.rate("1%", "0.01"), lower=one, upper=five), Tier(rate=c.rate("2%", "0.02"), lower=five, upper=ten),
        Tier(rate=c.rate("3%", "0.03"), lower=ten))))  # fmt: skip
    c = Clause(
        "企业当年研发费用较上年增量在100万元至500万元（含）的部分，按5%补助；超过500万元的部分，按8%补助，合计不超过150万元。"
    )
    low, high = c.sum("100万元", 1_000_000), c.sum("500万元", 5_000_000)
    _add("研发增量", c, grant("progressive", base=c.base("研发费用较上年增量", "研发费用增量"), max=c.sum("150万元", 1_500_000), tiers=(
        Tier(rate=c.rate("5%", "0.05"), lower=low, upper=high), Tier(rate=c.rate("8%", "0.08"), lower=high))))  # fmt: skip
    c = Clause("企业年产值达到10亿元的奖励50万元，在此基础上每增加1亿元再奖励5万元，最高不超过200万元。")
    _add("产值", c, grant("step", value=c.sum("50万元", 500_000), base=c.base("年产值"), max=c.sum("200万元", 2_000_000), step=Step(
        c.sum("1亿元", 10**8), Amount(Decimal(50_000), "元", c.span("奖励5万元")),
        c.sum("10亿元", 10**9))))  # fmt: skip
    c = Clause("场地租金补贴实行退坡机制，第一年按100%、第二年按70%、第三年按40%补贴，每年最高100万元。")
    years = [("100%", "1"), ("70%", "0.7"), ("40%", "0.4")]
    _add("退坡", c, grant("schedule", base=c.base("租金"), max=c.sum("100万元", 1_000_000), cap_scope="每年", schedule=tuple(
        YearShare(n, n, c.rate(words, rate)) for n, (words, rate) in enumerate(years, 1))))  # fmt: skip
    c = Clause("租用厂房的，前三年全额补贴租金，后两年减半，累计最高300万元。")
    _add("全额减半", c, grant("schedule", base=c.base("租金"), max=c.sum("300万元", 3_000_000), cap_scope="累计", schedule=(
        YearShare(1, 3, c.rate("全额", "1")), YearShare(4, 5, c.rate("减半", "0.5")))))  # fmt: skip
    c = Clause("租赁标准化厂房的，第一年、第二年分别按照租金的60%、50%给予补贴，补贴标准最高每月每平方米12元。")
    _add("厂房", c, grant("schedule", base=c.base("租金"), max=c.sum("12元", 12), cap_scope="每月每平方米", schedule=(
        YearShare(1, 1, c.rate("60%", "0.6")), YearShare(2, 2, c.rate("50%", "0.5")))))  # fmt: skip
    c = Clause("企业上市的，通过辅导备案奖励50万元，申请受理奖励100万元，成功上市奖励200万元。")
    _add("上市", c, grant("staged", stages=(Stage("通过辅导备案", c.sum("50万元", 500_000)), Stage("申请受理", c.sum("100万元", 1_000_000)),
                                         Stage("成功上市", c.sum("200万元", 2_000_000)))))  # fmt: skip


def _pieces() -> None:
    c = Clause("对入驻区级以上孵化载体的初创企业，按每平方米300元给予一次性装修补贴，补贴面积不超过500平方米。")
    _add("装修", c, grant("per_unit", value=c.sum("300元", 300), per=Per("㎡", c.span("每平方米")), subtype="装修补贴",
                        quantity_cap=c.sum("500平方米", 500, "㎡")))  # fmt: skip
    c = Clause("企业招用毕业年度高校毕业生，签订1年以上劳动合同的，按每人1000元给予一次性吸纳就业补贴。")
    _add("招用", c, grant("per_unit", value=c.sum("1000元", 1000), per=Per("人", c.span("每人")), subtype="吸纳就业补贴"),
         who=c.who(person="毕业年度高校毕业生"))  # fmt: skip
    c = Clause("按新增用电量每千瓦时0.1元给予补贴，每户最高50万元。")
    _add("用电", c, grant("per_unit", value=c.sum("0.1元", "0.1"), per=Per("千瓦时", c.span("每千瓦时")), base=c.base("新增用电量"),
                        max=c.sum("50万元", 500_000), cap_scope="每户"))  # fmt: skip
    c = Clause("按每吨标准煤300元给予奖励，最高100万元，以年节能量计。")
    _add("节能", c, grant("per_unit", value=c.sum("300元", 300), per=Per("吨标准煤", c.span("每吨标准煤")), base=c.base("年节能量"),
                        max=c.sum("100万元", 1_000_000)))  # fmt: skip
    c = Clause("博士后在站期间，按照每人每年8万元给予设站单位培养经费补助，最长2年，单个单位每年最高50万元。")
    _add("培养", c, grant("per_unit", value=c.sum("8万元", 80_000), per=Per("人", c.span("每人"), "年"), subtype="培养经费",
                        duration=_term(c, "2年", 2, "年", True), max=c.sum("50万元", 500_000), cap_scope="单个单位每年", to="设站单位"))  # fmt: skip
    c = Clause("租房的，按照每人每月1500元给予补贴，最长36个月。")
    _add("租房", c, grant("per_unit", value=c.sum("1500元", 1500), per=Per("人", c.span("每人"), "月"), duration=_term(c, "36个月", 36, "个月", True)),
         who=c.who(types="个人"))  # fmt: skip
    c = Clause("按每人每月500元给予见习补贴，期限12个月，单个企业每年最高3万元。")
    _add("见习", c, grant("per_unit", value=c.sum("500元", 500), per=Per("人", c.span("每人"), "月"), subtype="见习补贴",
                        duration=_term(c, "12个月", 12, "个月"), max=c.sum("3万元", 30_000), cap_scope="单个企业每年"))  # fmt: skip
    c = Clause("年营业收入增速达到20%（含）以上的，每年再奖励5万元，最多奖励2年。")
    _add(
        "年年",
        c,
        grant(
            "fixed",
            value=c.sum("5万元", 50_000),
            per=Per("年", c.span("每年")),
            duration=_term(c, "2年", 2, "年", True),
            additional=True,
        ),
    )
    c = Clause("按每人每月500元给予租房补贴，最长不超过3年，每年最高5000元。")
    _add("三年租房", c, grant("per_unit", value=c.sum("500元", 500), per=Per("人", c.span("每人"), "月"), max=c.sum("5000元", 5000),
                            cap_scope="每年", duration=_term(c, "3年", 3, "年", True)), who=c.who(types="个人"))  # fmt: skip
    c = Clause("按每人每年3000元给予社保补贴，最长2年。")
    _add("社保", c, grant("per_unit", value=c.sum("3000元", 3000), per=Per("人", c.span("每人"), "年"),
                        duration=_term(c, "2年", 2, "年", True)), who=c.who(types="个人"))  # fmt: skip
    c = Clause("按每人3000元给予补贴，最长2年。")
    _add("一次", c, grant("per_unit", value=c.sum("3000元", 3000), per=Per("人", c.span("每人")),
                        duration=_term(c, "2年", 2, "年", True)), who=c.who(types="个人"))  # fmt: skip
    c = Clause("按每人每月1000元给予补贴，最长24个月，本条补贴每年最高1万元。")
    _add("年上限", c, grant("per_unit", value=c.sum("1000元", 1000), per=Per("人", c.span("每人"), "月"),
                         duration=_term(c, "24个月", 24, "个月", True)), who=c.who(types="个人"), caps=(c.cap("每年", "1万元", 10_000, "元"),))  # fmt: skip
    c = Clause("第一年、第二年分别按租金的60%、50%补贴，最高10万美元。")
    _add("美元上限", c, grant("schedule", base=c.base("租金"), max=c.sum("10万", 100_000, "USD"), cap_scope="每年", schedule=(
        YearShare(1, 1, c.rate("60%", "0.6")), YearShare(2, 2, c.rate("50%", "0.5")))))  # fmt: skip
    c = Clause("每增加0亿元奖励5万元，以产值计。")
    _add("零档", c, grant("step", base=c.base("产值"), step=Step(c.sum("0亿元", 0), c.sum("5万元", 50_000))))
    c = Clause("主导制定国际标准、国家标准、行业标准的，每项分别奖励50万元、30万元、10万元，同一企业每年不超过3项。")
    levels = [("国际标准", "50万元", 50), ("国家标准", "30万元", 30), ("行业标准", "10万元", 10)]
    _add("标准", c, grant("tiered", per=Per("项", c.span("每项")), subtype="标准", quantity_cap=c.sum("3项", 3, "项"), tiers=tuple(
        Tier((c.fact("标准级别", n, op="eq"),), c.sum(p, v * 10**4)) for n, p, v in levels)))  # fmt: skip


def _shares() -> None:
    c = Clause("按国家拨款的10%给予配套，最高100万元。")
    _add(
        "配套",
        c,
        grant("matching", rate=c.rate("10%", "0.1"), base=c.base("国家拨款"), max=c.sum("100万元", 1_000_000)),
    )
    c = Clause("按担保额的0.5%给予补贴，最低1万元。")
    _add("最低", c, grant("rate", rate=c.rate("0.5%", "0.005"), base=c.base("担保额"), min=c.sum("1万元", 10_000)))
    c = Clause("按不超过设备投资额的10%给予补助。")
    _add("不超过", c, grant("rate", rate=c.rate("10%", "0.1"), base=c.base("设备投资额"), bound="le"))
    c = Clause("按照设备投资额的30%给予补助，单个项目补助总额不超过固定资产投资额的5%。")
    _add("占比上限", c, grant("rate", rate=c.rate("30%", "0.3"), base=c.base("设备投资额")),
         caps=(c.cap("单个项目", "5%", "0.05", "", "固定资产投资额"),))  # fmt: skip
    c = Clause("按购置额的10%给予补助，最高每台5万元。")
    _add(
        "每台",
        c,
        grant(
            "rate_capped",
            rate=c.rate("10%", "0.1"),
            base=c.base("购置额"),
            max=c.sum("5万元", 50_000),
            cap_scope="每台",
        ),
    )
    c = Clause("最高给予500万元支持。")
    _add("最高", c, grant("upto", max=c.sum("500万元", 5_000_000)))
    c = Clause("给予60平方米左右、价值约50万元的支持。")
    _add("约", c, grant("fixed", value=c.sum("50万元", 500_000), approximate=True))


def _in_words() -> None:
    c = Clause("按研发费用增加额的3%—15%分档给予补助，最高400万元。")
    _add(
        "区间",
        c,
        grant(
            "rate_range", rate_min=c.rate("3%", "0.03"), rate_max=c.rate("15%", "0.15"), base=c.base("研发费用增加额")
        ),
    )
    c = Clause("给予不超过2个百分点的贷款贴息，年度贴息额最高60万元。")
    _add("百分点", c, grant("points_capped", points=c.rate("2个百分点", "0.02"), max=c.sum("60万元", 600_000)))
    c = Clause("可采取“一事一议”方式给予支持。")
    _add("一事一议", c, grant("case_by_case"))
    c = Clause("给予一定的奖励和支持。")
    _add("未列明", c, grant("unspecified"))
    c = Clause("单笔不超过2000万元的续贷过桥资金。")
    _add("过桥", c, grant("loan", max=c.sum("2000万元", 20_000_000), cap_scope="单笔"))
    c = Clause("由资金池、银行按6:4比例分担。")
    _add("分担", c, grant("ratio_share", shares=(Share("银行", c.rate("4", "0.4")),)))


_scales()
_pieces()
_shares()
_in_words()
