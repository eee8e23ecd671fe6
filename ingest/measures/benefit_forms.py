"""The form of a grant by its words and figures: a sum, a price for each, a share of something, a scale of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.document import Span
from ingest.measures.benefit_parts import RENT_IS, Part, amount
from ingest.measures.benefit_terms import UNKNOWN_UNIT, price_ahead, price_of, unit_name
from ingest.measures.benefit_words import GROWN, base_before, cap_scope, standard_base, type_of
from ingest.measures.conditions import read_conditions
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Amount, Benefit, BenefitType, Condition, Form, Stage, Tier, Words
from ingest.measures.tiers import conditions_of, each_labelled, is_staged, named, stage_name

_PAYS = re.compile(
    r"收取|缴纳|缴交|支付(?!.{0,6}(?:补|奖))|续租|计租|计收|执行|出租|租用|购买|租赁|优惠价|结算|租住|承租|定价|收费|出售|确定[^,;]{0,4}(?:起始价|底价|价格)"
)
_SAVES = re.compile(r"减免|减收|免收|降低|下浮|免除|优惠|抵扣|抵减|下调|减征|减按")
_RETURNS = re.compile(r"返还|退还|返退|退回")
_BORNE = re.compile("分担|承担|负担|共担|分摊")
_GIVEN = re.compile(
    r"给予|予以|[补奖]|资助|贴息|返还|退还|减免|减收|减按|免|收取|缴[纳交]|支付|续租|[计出租]租|执行|享受|支持|扶持|优惠|配套|跟投|入股|抵扣|扣减|扣除|下浮|补偿|定价|底价|出售|上浮|结算|兑现|拨付|发放|比例|提高[至到为]|上浮|标准[为是]|租金[为是]|%(?:(?:价格)?购买|计奖|计算(?:给予|[补奖,;]|\Z))"
)
_MATCHES = re.compile(r"配套(?!公共|设施|服务|费)")
_EQUITY = re.compile(r"股权|入股|跟投|直投|参股|出资额|投资(?:额度?|金额)?(?:最高|不超过|单)|投资支持|基金")
_SHARES = re.compile("股权|入股|跟投|直投|参股|投资支持|(?:引导|产业|天使|创投|种子|母|子|投资|科创)基金")
_FUND_INVESTS = re.compile("(?:引导|产业|天使|创投|种子|科创)基金[^,;。]{0,4}投资")
_LOAN = re.compile(r"贷款|授信|额度|信贷|过桥|转贷|单笔|借款")
_INTEREST = re.compile(r"贴息|利息|利率")
_RANGE = re.compile(r"\s?(?:至|到|-|~)\s?")
_AHEAD = re.compile(
    r"(?P<base>[\u4e00-\u9fff]{2,12}(?:投资|费用|额|支出|款|资金|成本|收入|租金|利息|保费|损失|降低部分|节约部分)),[^,;]{0,12}?(?:按照?)?\Z"
)
_SPENT = re.compile(r"实际(?:支[出付]|发生|缴纳)(?:的?(?:费用|金额|额))?")
_CHARGE_AHEAD = re.compile(r"(?:发生|支付|缴纳|支出|缴)的(?P<base>[\u4e00-\u9fff]{1,10}(?:费用?|保费|款|利息|税)),\Z")
_QUANTITY_AHEAD = re.compile(
    r"(?:^|(?<=[,;:。的对、]))(?P<base>[\u4e00-\u9fff]{0,10}(?:增量|用电量|用水量|用气量|发电量|充电量|货运量|面积|容量))(?:部分)?,\Z"
)
_COUNTED_HERE = re.compile(  # 进出口增量部分|每1美元
    r"(?:^|[的对])(?P<base>[\u4e00-\u9fff]{2,10}(?:增量|增加额|增长额|金额|总额|出口额|进口额|用[电气水热]量|发电量|面积|容量))(?:部分)?按?\Z"
)
_NO_BASE = re.compile(r"(?:幅度|分别|给予|最高)\Z|^(?!原|上述|相应|对应|同等).{0,3}(?:比例|标准)\Z")
_BOUGHT = re.compile("定价|出售|购|底价")
_PAID_OUT = re.compile(
    r"(?:兑现|拨付|兑付)[^,;]{0,10}(?:奖励|补助|补贴|应得资金)的\Z|(?:年|期|次|批|后|时)(?:各|分别|先|再|予以)?(?:兑现|拨付|兑付|发放)(?:剩余)?\Z"
)
_RAISED = re.compile(
    r"(?:按照?|在)?(?:相应)?(?P<base>[\u4e00-\u9fff]{2,12}?)(?:可|再|适当|予以|给予)*(?:上浮|上调|增加|提高)\Z"
)
_MEASURED = re.compile(r"(?:额|费用?|款|金|投入|支出|投资|收入|产值|利息|成本|价格?|量|损失|部分)的\Z")
_RETURNED = re.compile(
    r"(?:的?比例|的?标准)?(?:予以|给予)?返还(?:其)?(?P<base>[\u4e00-\u9fff]{2,24})(?=[^\u4e00-\u9fff]|\Z)"
)
_ANOTHER = re.compile(r"[和及与](?=\d{2,4}平方米)")  # 1000万元科研经费和200平方米人才住房
_JOINED = re.compile("跟投|入股|直投")
_GROWTH = re.compile("^较?上年度?|^较?上一年度|^同比|的|实际")
_AT_LEAST = re.compile(r"不低于[^,;\d]{0,24}\Z")
_AFTER_BASE = re.compile(r"(?:予以|给予)?的?(?P<base>[\u4e00-\u9fff]{2,8}?)(?:补贴|补助|贴息|资助|支持|减免)")


@dataclass(frozen=True, slots=True)
class Grant:
    """The granted ``figures`` of a part, where its words start, and ``lead``: the words for whom and when. ``most``: a ceiling
    without a sum (最高给予500万元)."""

    part: Part
    figures: tuple[Figure, ...]
    start: int
    lead: Span
    subject: str
    most: bool = False
    names: Sequence[tuple[Condition, ...]] = ()  # of the scale before, which the sentence says once for both

    @property
    def words(self) -> str:
        return self.part.flat[self.start : self.part.span.end]

    @property
    def span(self) -> Span:
        return Span(self.start, max(self.figures[-1].span.end, self.start))

    @property
    def used(self) -> tuple[Span, ...]:
        return tuple(figure.span for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Read:
    """A benefit and the words it was read from."""

    benefit: Benefit
    used: tuple[Span, ...]


def read_grant(grant: Grant) -> Read | None:
    """The benefit, ``None`` where the figures fit no form."""
    kind = grant.figures[0].kind
    kinds = {figure.kind for figure in grant.figures}
    if len(kinds) > 1:
        return None
    if kind == "points":
        return _points(grant)
    if kind == "money":
        return _money(grant)
    if kind == "area":
        return _areas(grant)
    return _share(grant)


def _kind(grant: Grant) -> BenefitType:
    own = _ANOTHER.split(grant.words, maxsplit=1)[0]
    return type_of(own, grant.part.flat[grant.lead.start : grant.lead.end] + grant.subject)


def _points(grant: Grant) -> Read | None:
    """不超过2个百分点的贴息."""
    loan = re.search(r"贷款|贴息|利率", grant.words)
    if (
        len(grant.figures) != 1
        or not _INTEREST.search(grant.words + grant.part.flat[grant.lead.start : grant.start])
        or not loan
    ):
        return None
    at = grant.start + loan.start()
    points, base = amount(grant.figures[0]), Words("贷款本金年利率", Span(at, at + len(loan[0])))
    bound: Literal["le"] | None = "le" if grant.most else None
    made = Benefit("贷款贴息", "points_capped", grant.span, points=points, bound=bound, base=base)
    return Read(made, grant.used)


def _money(grant: Grant) -> Read | None:
    first, last = grant.figures[0], grant.figures[-1]
    price = price_of(grant.part, first, last, ceiling=grant.most) or price_ahead(grant.part.flat, grant.lead)
    made = _tiered(grant) if len(grant.figures) > 1 else _single(grant)
    if made is None or (price is None and UNKNOWN_UNIT.search(grant.part.before(first.span.start))):
        return None
    if price is None or (grant.most and made.form == "upto" and price.per.unit in ("年", "家", "户", "次")):
        return Read(made, grant.used)
    inside = price.start >= grant.part.span.start
    span = Span(min(made.span.start, price.start), max(made.span.end, price.end)) if inside else made.span
    form, base = (
        ("per_unit", _counted(grant, price.start)) if made.form == "fixed" and price.things else (made.form, None)
    )
    made = replace(made, per=price.per, span=span, cap_scope="", form=form, base=base)
    return Read(made, (*grant.used, price.per.span))


def _areas(grant: Grant) -> Read | None:
    """分别提供120平方米、90平方米的人才公寓."""
    conditions = _conditions(grant) if len(grant.figures) > 1 else ()
    if not conditions:
        return None
    tiers = tuple(Tier(when, area=_area(f)) for when, f in zip(conditions, grant.figures, strict=True))
    return Read(Benefit(_kind(grant), "tiered", grant.span, tiers=tiers), grant.used)


def _area(figure: Figure) -> Amount:
    return replace(amount(figure), unit=unit_name(figure.unit))


def _counted(grant: Grant, at: int) -> Words | None:
    """按新增用电量每千瓦时: what is counted, where it is said in front of the price."""
    at = min(at, grant.figures[0].span.start)
    head = re.sub("(?:给予|予以)\\Z", "", grant.part.flat[max(grant.part.span.start, at - 24) : at])
    at = max(grant.part.span.start, at - 24) + len(head)
    named_base = re.search(r"(?:按照?|对|以)(?P<base>[^,;按\d]{2,16})\Z", head)
    if named_base and not re.search(
        r"(?:量|额|面积|人数|数|长度|里程|容量?|功率|收入|产值|人次|投入|规模|时长|床位|[车泊]位|机[架柜])\Z",
        named_base["base"],
    ):
        return None
    if named_base is None:
        here = _COUNTED_HERE.search(head)
        span = Span(at - len(head) + here.start("base"), at - len(head) + here.end("base")) if here else None
        return standard_base(grant.part.flat, span) if span else _metric_counted(grant, at)
    if re.fullmatch(r"标准|以下标准|(?:不同|相应)?.{0,4}标准", named_base["base"]):
        return None
    return standard_base(grant.part.flat, Span(at - len(named_base["base"]), at))


def _metric_counted(grant: Grant, at: int) -> Words | None:
    """节能量达到500吨标准煤以上的，按每吨标准煤300元: what the condition in front counts in the same unit."""
    flat = grant.part.flat
    price = price_of(grant.part, grant.figures[0], grant.figures[-1])
    if price is None:
        return None
    for condition in reversed(read_conditions(flat, Span(grant.lead.start, max(at, grant.lead.start)))):
        if (
            condition.amount
            and condition.amount.unit == price.per.unit
            and not flat.startswith(("以内", "之内"), condition.amount.span.end)
        ):
            words = Span(condition.span.start, condition.amount.span.start)
            return Words(condition.metric, words) if words.end > words.start else None
    begin = grant.part.span.start
    ahead = _QUANTITY_AHEAD.search(flat, max(grant.part.sentence.start, begin - 40), begin)
    return standard_base(flat, Span(*ahead.span("base"))) if ahead else None


def _single(grant: Grant) -> Benefit | None:
    words = grant.part.text
    value, scope = amount(grant.figures[0]), cap_scope(grant.part.before(grant.figures[0].span.start))
    if re.search(r"每[^,;]{0,8}满\d", words):
        return None  # 每连续租满1年: for what it is paid is no unit
    stake = (
        _EQUITY.search(words)
        and (
            _SHARES.search(words)
            or ("投资额" in words and _FUND_INVESTS.search(grant.part.flat, grant.lead.start, grant.start))
        )
        and not re.search("奖励|补助|补贴", words)
    )
    kind: BenefitType = "股权基金" if stake else _kind(grant)
    loan = not stake and _is_loan(grant, kind)
    form: Form = "equity" if stake else "loan" if loan else "upto" if grant.most else "fixed"
    if grant.most or loan:
        return Benefit(kind, form, grant.span, max=value, cap_scope=scope)
    return Benefit(kind, form, grant.span, value=value)


def _tiered(grant: Grant) -> Benefit | None:
    """Sums in a list with names or thresholds in another, or each with its own name."""
    found = grant.figures
    if len(found) == 2 and _RANGE.fullmatch(grant.part.flat, found[0].span.end, found[1].span.start):
        return Benefit(_kind(grant), "upto", grant.span, min=amount(found[0]), max=amount(found[1]))
    conditions = _conditions(grant)
    if not conditions:
        return None
    kind = _kind(grant)
    if not grant.most and is_staged(conditions):
        stages = tuple(Stage(stage_name(c[0].words), amount(f)) for c, f in zip(conditions, found, strict=True))
        return Benefit(kind, "staged", grant.span, stages=stages)
    tiers = [
        Tier(when, max=amount(f)) if grant.most else Tier(when, amount(f))
        for when, f in zip(conditions, found, strict=True)
    ]
    form: Form = "loan" if grant.most and _is_loan(grant, kind) else "tiered"
    return Benefit(kind, form, grant.span, tiers=tuple(tiers))


def _is_loan(grant: Grant, kind: BenefitType) -> bool:
    if kind != "融资支持":
        return False
    words = grant.part.text
    lent = _LOAN.search(grant.part.flat[grant.lead.start : grant.start][-60:] + words)
    return lent is not None and not re.search("奖励|补助|补贴|补偿", words)


def _conditions(grant: Grant) -> Sequence[tuple[Condition, ...]]:
    found = grant.figures
    flat = grant.part.flat
    labels = each_labelled(grant.part, found)
    if labels:
        whole = Span(labels[0].start, labels[-1].end)
        return [(condition,) for condition in conditions_of(flat, labels, whole)]
    listed_names = named(flat, grant.lead.start, grant.start, len(found)) or named(
        flat, grant.start, found[0].span.start, len(found)
    )
    return listed_names or (grant.names if len(grant.names) == len(found) else ())


def _share(grant: Grant) -> Read | None:
    """A percentage of something: paid for, matched, given back, saved, or still to be paid."""
    found, flat, words = grant.figures, grant.part.flat, grant.part.text
    if not _GIVEN.search(words) or re.search("缴费费率|缴费率|税率", words):
        return None
    if _PAID_OUT.search(grant.part.before(found[0].span.start)):
        return None
    base = _base(grant)
    if _BORNE.search(words) and not re.search(r"承担\d{1,2}%的(?:风险)?[补代]偿", words):
        return None
    top = re.search(r"在(?P<base>[^,;]{2,12}?)(?:的)?基础上", words)
    if base is None and top:
        at = grant.part.span.start + top.start("base")
        base = standard_base(flat, Span(at, at + len(top["base"])))
    if len(found) > 1:
        return _shares(grant, base)
    rate = amount(found[0])
    form: Form = "rate"
    behind = grant.part.after(found[0].span.end)
    if (found[0].kind == "fold" and found[0].unit == "折") or RENT_IS.search(grant.part.before(found[0].span.start)):
        form = "pay_rate"
    elif _JOINED.search(grant.words) and not re.search("补|奖", grant.words):
        form = "equity"
    elif _MATCHES.search(grant.words):
        form = "matching"
    elif _RETURNS.search(grant.words):
        form = "refund"
    elif _PAYS.search(behind) and not re.search("补|奖|资助|贴息|减免", behind):
        form = "pay_rate"
    elif re.search(r"上浮|上调|增加\Z|提高\Z", grant.part.before(found[0].span.start)[-4:]):
        form = "factor"
        base = _raised_base(grant, found[0])
    elif (
        _SAVES.search(words)
        and not re.search("给予.{0,8}(?:补贴|补助)", words)
        and not ("抵扣" in words and "券" in flat[grant.part.sentence.start : grant.part.span.end][-160:])
    ):
        form = "reduction"
    elif base is None and not re.search("比例|标准|按|给予|补助|补贴|奖励|资助|提高[至到为]", words):
        return None
    if form == "equity":
        return Read(Benefit("股权基金", form, grant.span, rate=rate, base=base), grant.used)
    least = _AT_LEAST.search(grant.part.before(found[0].span.start))
    if (
        form in ("pay_rate", "reduction")
        and not _BOUGHT.search(words)
        and base
        and base.text in ("市场价", "市场价格", "市场租金价格")
    ):
        base = Words("市场租金", base.span)
    kind, base = _typed(grant, base) if base else (_kind(grant), base)
    bound: Literal["le", "ge"] | None = "le" if grant.most else "ge" if least else None
    return Read(Benefit(kind, form, grant.span, rate=rate, bound=bound, base=base), grant.used)


def _typed(grant: Grant, base: Words) -> tuple[BenefitType, Words]:
    """The kind that the base says, and 研发设备 where only 设备 stands beside the share."""
    flat = grant.part.flat
    lead = flat[grant.lead.start : grant.start]
    equipment = re.search(r"(?P<kind>研发|检测|实验|环保|节能|智能化?|数字化)(?:仪器)?设备", lead)
    if equipment and re.match("设备|购置(?:总?额|费用?|金额|价格|价款|款|支出|投入)", base.text):
        thing = "" if base.text.startswith("设备") else "设备"  # 新购检测设备…的，按购置额20%
        base = Words(f"{equipment['kind']}{thing}{base.text}", base.span)
    return type_of(base.text + grant.words, lead + grant.subject), base


def _raised_base(grant: Grant, figure: Figure) -> Words | None:
    """补助标准 of 补助标准可上浮20%."""
    floor = max(grant.part.span.start, figure.span.start - 40)
    match = _RAISED.search(grant.part.flat, floor, figure.span.start)
    return standard_base(grant.part.flat, Span(*match.span("base"))) if match else None


def _shares(grant: Grant, base: Words | None) -> Read | None:
    found = grant.figures
    if len(found) == 2 and _RANGE.fullmatch(grant.part.flat, found[0].span.end, found[1].span.start):
        least, most = amount(found[0]), amount(found[1])
        made = Benefit(_kind(grant), "rate_range", grant.span, rate_min=least, rate_max=most, base=base)
        return Read(made, grant.used)
    conditions = _conditions(grant)
    if not conditions:
        return None
    tiers = tuple(Tier(when, rate=amount(f)) for when, f in zip(conditions, found, strict=True))
    form: Form = "matching" if _MATCHES.search(grant.words) else "refund" if _RETURNS.search(grant.words) else "tiered"
    return Read(Benefit(_kind(grant), form, grant.span, base=base, tiers=tiers), grant.used)


def _base(grant: Grant) -> Words | None:
    """What the share is of: in front of it (设备投资额的10%), or behind (50%的租金补贴)."""
    flat, figure = grant.part.flat, grant.figures[0]
    returned = _RETURNED.match(flat, grant.figures[-1].span.end, grant.part.span.end)
    if returned:
        return standard_base(flat, Span(*returned.span("base")))
    behind = _AFTER_BASE.match(flat, grant.figures[-1].span.end, grant.part.span.end)
    floor = max(grant.part.span.start, figure.span.start - 60)
    before = base_before(flat, floor, figure.span.start)
    if before and GROWN.fullmatch(before.text):
        return _grown(grant, before) or before
    if before and not _NO_BASE.search(before.text):
        return _of_charge(grant, before) if _SPENT.fullmatch(before.text) else before
    by = re.search(r"(?:对|将|就|^|,)(?P<base>[^,;对将就]{2,20}?)按照?\Z", flat[floor : figure.span.start])
    if by and GROWN.fullmatch(by["base"]):
        return _grown(grant, Words(by["base"], Span(floor + by.start("base"), floor + by.end("base"))))
    if by and by["base"].endswith("的") and not _MEASURED.search(by["base"]):
        by = None  # 良好的按20%: for whom
    if by and not re.search("财政|政府|部门|基础上|再|^由|补偿资金|资金池", by["base"]):
        return standard_base(flat, Span(floor + by.start("base"), floor + by.end("base")))
    ahead = _AHEAD.search(flat[max(grant.lead.start, figure.span.start - 40) : figure.span.start])
    if ahead:
        end = max(grant.lead.start, figure.span.start - 40) + ahead.end("base")
        owner = re.match(r".*(?:企业|项目|单位|机构|个人)(?=.{2})", ahead["base"])
        return base_before(flat, end - len(ahead["base"]) + (owner.end() if owner else 0), end)
    if behind and not re.fullmatch(r"(?:比例|标准|给予|一次性|的|资金|额外|财政|贴息)*", behind["base"]):
        text = re.sub(r"^[\u4e00-\u9fff]{0,4}(?:机构|单位|企业|银行)(?=.{2})", "", behind["base"])
        text = re.sub(r"^(?:比例|标准|给予|一次性|财政|的)+", "", text)
        return Words(text, Span(*behind.span("base"))) if len(text) > 1 else None
    return None


def _of_charge(grant: Grant, spent: Words) -> Words:
    """产品责任险保费 of 对企业发生的产品责任险保费，按实际支出的50%: what was spent is said in the part before."""
    start = max(grant.part.sentence.start, grant.part.span.start - 40)
    ahead = _CHARGE_AHEAD.search(grant.part.flat, start, grant.part.span.start)
    return Words(ahead["base"], Span(*ahead.span("base"))) if ahead else spent


def _grown(grant: Grant, words: Words) -> Words | None:
    """较上年增长部分: of what, says the condition in front of it."""
    for condition in reversed(read_conditions(grant.part.flat, grant.lead)):
        if condition.amount and condition.amount.unit == "元":
            growth = _GROWTH.sub("", words.text)
            growth += "" if growth.endswith(("额", "部分")) else "部分"
            return Words(condition.metric.removeprefix("年") + growth, words.span)
    return None
