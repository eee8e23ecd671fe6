"""Clauses with the measures that a person reads in them, for the tests of matching. Each figure is found in its clause's words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from index.card import DocumentCard
from index.measures import MeasureRecord
from ingest.document import Level, Span
from ingest.measures.model import (
    Amount,
    Beneficiary,
    Benefit,
    Cap,
    Condition,
    Duration,
    Measure,
    Per,
    Stacking,
    Tier,
    Words,
)
from ingest.validity import Status

TODAY = date(2026, 3, 1)


class Clause:
    """A clause's text; its methods make the parts of a measure from the words that stand in it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def span(self, words: str) -> Span:
        start = self.text.index(words)
        return Span(start, start + len(words))

    def sum(self, words: str, value: object, unit: str = "元") -> Amount:
        return Amount(Decimal(str(value)), unit, self.span(words))

    def rate(self, words: str, value: object) -> Amount:
        return self.sum(words, value, "")

    def base(self, words: str, name: str = "") -> Words:
        return Words(name or words, self.span(words))

    def figure(
        self, metric: str, op: str, words: str, value: object, unit: str = "元", period: str = "", first: bool = False, alternative: int = 0
    ) -> Condition:  # fmt: skip
        amount = self.sum(words, value, unit)
        return Condition(metric, op, amount.span, amount, "", period, first, alternative)

    def fact(self, metric: str, said: str, words: str = "", op: str = "is") -> Condition:
        return Condition(metric, op, self.span(words or said), words=said)

    def who(self, exclude: str = "", **groups: str) -> Beneficiary:
        made = {name: tuple(self._words(term) for term in terms.split()) for name, terms in groups.items()}
        return Beneficiary(
            **{"types": (self._words("企业"),)} | made, exclude=tuple(self._words(e) for e in exclude.split())
        )

    def _words(self, term: str) -> Words:
        at = self.text.find(term)
        return Words(term, Span(max(at, 0), max(at, 0) + (len(term) if at >= 0 else 0)))

    def cap(self, scope: str, words: str, value: object, unit: str = "元", base: str = "") -> Cap:
        return Cap(scope, self.sum(words, value, unit), self.span(words), self.base(base) if base else None)

    def measure(
        self, *benefits: Benefit, who: Beneficiary | None = None, conditions: tuple[Condition, ...] = (), **more: object
    ) -> Measure:
        whole = Span(0, len(self.text))
        return Measure(
            "清政〔2024〕9号#4",
            "清政〔2024〕9号#4",
            self.text[:12],
            whole,
            (),
            who or self.who(),
            conditions,
            None,
            benefits,
            **more,
        )


def grant(form: str, **parts: object) -> Benefit:
    return Benefit("资金奖补", form, Span(0, 1), **parts)


def record(
    measure: Measure,
    level: Level | None = "district",
    region: str | None = "清河区",
    state: str = "有效",
    id_: str = "清政〔2024〕9号",
) -> MeasureRecord:
    card = DocumentCard(
        id_, "0" * 64, "a.txt", "若干政策", id_, False, ("清河区人民政府",), level, region, 2024, "通知", date(2024, 6, 18),
        date(2024, 7, 1), date(2028, 12, 31), 1, 1, 1, datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    return MeasureRecord(measure, card, Status(state, ""))


CLAUSES: dict[str, tuple[Clause, Measure]] = {}


def _add(name: str, clause: Clause, measure: Measure) -> None:
    CLAUSES[name] = (clause, measure)


def _firms() -> None:
    c = Clause(
        "对新引进的制造业项目，自备案之日起24个月内实际完成设备投资1000万元以上（含）的，按照实际设备投资额的8%给予补助，单个项目最高1000万元。"
    )
    ten = c.text.rindex("1000万元")
    _add("设备补助", c, c.measure(
        grant("rate_capped", rate=c.rate("8%", "0.08"), base=c.base("实际设备投资额", "设备投资额"), cap_scope="单个项目",
              max=Amount(Decimal(10_000_000), "元", Span(ten, ten + 6))),
        who=c.who(industry="制造业", project_kind="新引进"),
        conditions=(c.figure("设备投资额", "ge", "1000万元", 10_000_000),)))  # fmt: skip
    c = Clause(
        "对年营业收入首次突破5亿元、10亿元、50亿元的制造业企业，分别给予30万元、60万元、200万元一次性奖励；已享受低档奖励后晋档的，补足差额。"
    )
    tiers = [("5亿元", 5, "30万元", 30), ("10亿元", 10, "60万元", 60), ("50亿元", 50, "200万元", 200)]
    _add("上台阶", c, c.measure(
        grant("tiered", once=True, tiers=tuple(
            Tier((c.figure("营业收入", "gt", w, v * 10**8, first=True),), c.sum(p, s * 10**4)) for w, v, p, s in tiers)),
        who=c.who(industry="制造业"), stacking=Stacking("差额补足", "同一条款晋档", c.span("补足差额"))))  # fmt: skip
    c = Clause("对首次达到规模以上工业企业标准的制造业企业，给予15万元一次性奖励。")
    _add("升规", c, c.measure(grant("fixed", value=c.sum("15万元", 150_000), once=True), who=c.who(industry="制造业"),
         conditions=(c.fact("纳统", "首次入规", "首次达到规模以上工业企业标准"),)))  # fmt: skip
    c = Clause("对新认定的国家级专精特新“小巨人”企业、省级专精特新中小企业，分别给予80万元、25万元一次性奖励。")
    names = [("国家级专精特新“小巨人”企业", "80万元", 80), ("省级专精特新中小企业", "25万元", 25)]
    _add("专精特新", c, c.measure(
        grant("tiered", once=True, tiers=tuple(Tier((c.fact("认定", n, op="eq"),), c.sum(p, s * 10**4)) for n, p, s in names)),
        who=c.who(qualification="专精特新小巨人 专精特新中小企业")))  # fmt: skip
    c = Clause(
        "对年度研发费用200万元以上（含）且占营业收入比重不低于3%的制造业企业，按照当年研发费用较上年增加额的12%给予补助，单个企业年度补助最高150万元。"
    )
    _add("研发", c, c.measure(
        grant("rate_capped", rate=c.rate("12%", "0.12"), base=c.base("研发费用较上年增加额", "研发费用增加额"), max=c.sum("150万元", 1_500_000),
              cap_scope="单个企业年度"), who=c.who(industry="制造业"),
        conditions=(c.figure("研发费用", "ge", "200万元", 2_000_000), c.figure("研发费用占比", "ge", "3%", "0.03", ""))))  # fmt: skip
    c = Clause(
        "对参加境内外专业展会的制造业企业，按照实际支付展位费的50%给予补贴，单次最高2万元，单个企业每年累计最高8万元。"
    )
    _add("展位", c, c.measure(grant("rate_capped", rate=c.rate("50%", "0.5"), base=c.base("展位费"), max=c.sum("2万元", 20_000), cap_scope="单次"),
         who=c.who(industry="制造业"), caps=(c.cap("单个企业每年", "8万元", 80_000),)))  # fmt: skip


def _companies() -> None:
    c = Clause(
        "对中小微制造业企业用于技术改造的银行贷款，按照实际支付利息的30%给予贴息，贴息期限最长2年，单个企业每年最高80万元。"
    )
    _add("贴息", c, c.measure(
        grant("rate_capped", rate=c.rate("30%", "0.3"), base=c.base("实际支付利息"), max=c.sum("80万元", 800_000), cap_scope="单个企业每年",
              duration=Duration(Decimal(2), "年", c.span("2年"), True)),
        who=c.who(industry="制造业", size="中小微", project_kind="技术改造贷款")))  # fmt: skip
    c = Clause("对首次认定的国家高新技术企业，给予一次性奖励20万元；对重新认定的，给予一次性奖励10万元。")
    _add("高企", c, c.measure(
        grant("fixed", value=c.sum("20万元", 200_000), when=(c.fact("认定方式", "首次认定", "首次认定"),)),
        grant("fixed", value=c.sum("10万元", 100_000), when=(c.fact("认定方式", "重新认定", "重新认定"),)),
        who=c.who(qualification="高新技术企业")))  # fmt: skip
    c = Clause("申报企业上年度营业收入在1000万元以上，或者近2年新增股权融资总额达到2000万元以上的，给予20万元奖励。")
    _add("营收或融资", c, c.measure(grant("fixed", value=c.sum("20万元", 200_000)), conditions=(
        c.figure("营业收入", "ge", "1000万元", 10_000_000, period="上年度", alternative=1),
        c.figure("股权融资额", "ge", "2000万元", 20_000_000, period="近2年", alternative=2))))  # fmt: skip
    c = Clause("成立不超过3年的初创企业，给予5万元补助，严重失信主体除外。")
    _add("初创", c, c.measure(grant("fixed", value=c.sum("5万元", 50_000)), who=c.who(exclude="严重失信主体", size="初创企业"),
         conditions=(c.figure("成立年限", "le", "3年", 3, "年"),)))  # fmt: skip
    c = Clause("对当年新增就业50人以上（不含）的企业，按每新增1人500元给予奖励，每户最高10万元。")
    _add("就业", c, c.measure(
        grant("per_unit", value=c.sum("500元", 500), per=Per("人", c.span("1人")), base=c.base("新增就业", "新增就业人数"), max=c.sum("10万元", 100_000),
              cap_scope="每户"), conditions=(c.figure("新增就业人数", "gt", "50人", 50, "人"),)))  # fmt: skip
    c = Clause("对融资担保机构为小微企业提供担保且年化担保费率不超过1%的，按担保额的0.5%给予补贴。")
    _add("担保", c, c.measure(grant("rate", rate=c.rate("0.5%", "0.005"), base=c.base("担保额")), who=c.who(types="机构"),
         conditions=(c.figure("担保费率", "le", "1%", "0.01", ""),)))  # fmt: skip
    c = Clause(
        "对当年实际到位外资超过1000万美元（含1000万美元）的新设外资项目，按实际到位外资额的2%给予奖励，最高500万元人民币。"
    )
    _add("外资", c, c.measure(
        grant("rate_capped", rate=c.rate("2%", "0.02"), base=c.base("实际到位外资额"), max=c.sum("500万元", 5_000_000)),
        who=c.who(project_kind="外资 新设"), conditions=(c.figure("实际到位外资", "ge", "1000万美元", 10_000_000, "USD", "当年"),)))  # fmt: skip


def _persons() -> None:
    c = Clause(
        "对成功引荐固定资产投资1亿元以上（含）制造业项目，且项目已开工建设的社会化引荐人，按照实际到位固定资产投资额的1.5‰给予奖励，单个项目最高150万元。公职人员除外。"
    )
    _add("引荐", c, c.measure(
        grant("rate_capped", rate=c.rate("1.5‰", "0.0015"), base=c.base("实际到位固定资产投资额"), max=c.sum("150万元", 1_500_000),
              cap_scope="单个项目"), who=c.who(types="引荐人", exclude="公职人员"),
        conditions=(c.figure("固定资产投资额", "ge", "1亿元", 10**8), c.fact("项目进度", "开工建设"))))  # fmt: skip
    c = Clause(
        "对新引进并全职在区内企业工作的博士、硕士、本科毕业生，分别按照每人每月1000元、600元、400元给予生活补贴，发放期限36个月。"
    )
    degrees = [("博士", "1000元", 1000), ("硕士", "600元", 600), ("本科", "400元", 400)]
    _add("生活补贴", c, c.measure(
        grant("tiered", per=Per("人", c.span("每人"), "月"), duration=Duration(Decimal(36), "个月", c.span("36个月")),
              tiers=tuple(Tier((c.fact("学历", d, op="eq"),), c.sum(p, s)) for d, p, s in degrees)),
        who=c.who(types="个人", person="高校毕业生"), conditions=(c.fact("用工方式", "全职"),)))  # fmt: skip
    c = Clause(
        "对新引进的全日制博士研究生，签订3年以上劳动合同并缴纳社会保险满6个月的，给予15万元安家补助，分3年等额发放。"
    )
    _add("安家", c, c.measure(
        grant("fixed", value=c.sum("15万元", 150_000), payout_equal=3), who=c.who(types="个人", person="全日制博士"),
        conditions=(c.figure("劳动合同期限", "ge", "3年", 3, "年"), c.figure("社保月数", "ge", "6个月", 6, "个月"))))  # fmt: skip
    c = Clause(
        "高层次人才在本区购买首套商品住房的，按购房款的50%给予补贴，A类最高150万元、B类最高100万元、C类最高60万元。"
    )
    classes = [("A类", "150万元", 150), ("B类", "100万元", 100), ("C类", "60万元", 60)]
    _add("购房", c, c.measure(
        grant("tiered", rate=c.rate("50%", "0.5"), base=c.base("购房款"), tiers=tuple(
            Tier((c.fact("人才类别", k, op="eq"),), max=c.sum(p, s * 10**4)) for k, p, s in classes)),
        who=c.who(types="个人", person="高层次人才"), conditions=(c.fact("住房", "首套商品住房"),)))  # fmt: skip
    c = Clause("年龄不超过45周岁的D类人才，给予2万元补贴。")
    _add("年龄", c, c.measure(grant("fixed", value=c.sum("2万元", 20_000)), who=c.who(types="个人"),
         conditions=(c.figure("年龄", "le", "45周岁", 45, "岁"), c.fact("人才类别", "D类", op="eq"))))  # fmt: skip
    c = Clause("C类以上人才，给予1万元补贴。")
    _add("以上", c, c.measure(grant("fixed", value=c.sum("1万元", 10_000)), who=c.who(types="个人"),
         conditions=(c.fact("人才类别", "C类", "C类以上", "ge"),)))  # fmt: skip


_firms()
_companies()
_persons()
