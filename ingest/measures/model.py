"""支持措施 as data: who gets what, on what condition, how much, until when, from whom; each part with the words it was read from.

===========  ========  ==============  ==========  ===========  ========
identifier   中文       identifier      中文         identifier   中文
===========  ========  ==============  ==========  ===========  ========
measure      支持措施   beneficiary     支持对象     condition    申报条件
benefit      支持标准   cap             上限        stacking     叠加规则
channel      兑现方式   department      责任单位     window       申报时间
payout       拨付方式   clawback        追回        discretion   自由裁量
===========  ========  ==============  ==========  ===========  ========

Every ``span`` counts characters of the document's text. What is not in the words is ``None``, empty or ``False``: unknown.
Sums are whole currency units (元 unless ``unit`` says USD …), rates and percentages fractions of 1, both exact decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from ingest.document import Span

MEASURES_VERSION = 6  # of what is extracted; a register with an older one reads its documents' measures again

Operator = Literal["ge", "gt", "le", "lt", "eq", "in", "is", "not"]
Logic = Literal["and", "or"]

BenefitType = Literal[
    "资金奖补", "贷款贴息", "融资支持", "股权基金", "税收", "租金减免", "用地", "人才补贴", "住房", "子女教育", "医疗", "荣誉认定",
    "审批便利", "市场场景", "要素保障",
]  # fmt: skip
BENEFIT_TYPES: tuple[BenefitType, ...] = get_args(BenefitType)

Form = Literal[
    "fixed", "upto", "rate", "rate_capped", "rate_range", "tiered", "progressive", "schedule", "per_unit", "step", "staged",
    "matching", "points_capped", "loan", "ratio_share", "reduction", "pay_rate", "factor", "equity", "refund", "in_kind",
    "case_by_case", "unspecified",
]  # fmt: skip
FORM_NAMES: dict[Form, str] = {
    "fixed": "定额",
    "upto": "最高额",
    "rate": "按比例",
    "rate_capped": "按比例，有上限",
    "rate_range": "比例区间",
    "tiered": "分档",
    "progressive": "分段累进",
    "schedule": "分年",
    "per_unit": "按数量",
    "step": "每增加一档",
    "staged": "分阶段",
    "matching": "配套",
    "points_capped": "贴息百分点",
    "loan": "贷款额度",
    "ratio_share": "按比例分担",
    "reduction": "减免",
    "pay_rate": "按折支付",
    "factor": "倍数",
    "equity": "股权投资",
    "refund": "返还",
    "in_kind": "非资金支持",
    "case_by_case": "一事一议",
    "unspecified": "未列明标准",
}


@dataclass(frozen=True, slots=True)
class Words:
    """``text``: the term in its standard form (规上工业); ``span``: the words that say it (规模以上工业企业)."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure that stands in the text. ``unit``: 元, USD, ㎡, 人 …; empty for a share (``value`` .1 is 10 %)."""

    value: Decimal
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Condition:
    """``metric`` ``op`` ``amount`` (营业收入 ge 1亿元) or ``metric`` ``op`` ``words`` (认定 eq 国家级专精特新“小巨人”企业).

    ``period``: 上年度, 近两年; ``first``: 首次; ``alternative``: those with the same number (from 1) hold together, one
    number is enough; 0 holds always.
    """

    metric: str
    op: Operator
    span: Span
    amount: Amount | None = None
    words: str = ""
    period: str = ""
    first: bool = False
    alternative: int = 0


@dataclass(frozen=True, slots=True)
class Duration:
    """``at_most``: 最长, 不超过. ``count`` in ``unit`` (年, 个月, 天, 个工作日)."""

    count: Decimal
    unit: str
    span: Span
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Per:
    """What a price is for: one ``unit`` (人, ㎡, 千瓦时), each ``period`` (月) where one is named."""

    unit: str
    span: Span
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a scale: for those who meet ``when``, or for the part from ``lower`` to ``upper`` (progressive)."""

    when: tuple[Condition, ...] = ()
    value: Amount | None = None
    max: Amount | None = None
    rate: Amount | None = None
    area: Amount | None = None
    lower: Amount | None = None
    upper: Amount | None = None
    duration: Duration | None = None


@dataclass(frozen=True, slots=True)
class YearShare:
    """From the ``first`` to the ``last`` year (from 1) the ``rate`` (前三年全额: 1–3, 1.0)."""

    first: int
    last: int
    rate: Amount


@dataclass(frozen=True, slots=True)
class Step:
    """每增加 ``size`` beyond ``start`` (``None``: each one counts) ``value`` more."""

    size: Amount
    value: Amount
    start: Amount | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """``party`` bears ``rate`` of it (银行 .4)."""

    party: str
    rate: Amount


@dataclass(frozen=True, slots=True)
class Stage:
    """``name``: what has been reached (通过辅导备案)."""

    name: str
    value: Amount


@dataclass(frozen=True, slots=True)
class Benefit:
    """One thing that is granted, in one of the forms of ``FORM_NAMES``; which fields are set follows from the form.

    ``base``: what a rate is of (设备投资额). ``max`` with ``cap_scope`` (单个项目, 单户每年): most that is paid by this rule.
    ``quantity_cap``: most units that are paid for (in ``quantity_period``, if one is named). ``when``: conditions of this
    benefit alone. ``additional``: on top of the one before (再给予). ``to``: who gets it, where the measure names several.
    ``payout``: shares of the instalments, ``payout_equal``: how many equal ones. ``text``: support that is no sum.
    ``points``: 百分点. ``bound``: le where rate or points are an upper bound.
    """

    type: BenefitType
    form: Form
    span: Span
    subtype: str = ""
    value: Amount | None = None
    rate: Amount | None = None
    rate_min: Amount | None = None
    rate_max: Amount | None = None
    points: Amount | None = None
    bound: Literal["le", "ge"] | None = None
    base: Words | None = None
    max: Amount | None = None
    min: Amount | None = None
    cap_scope: str = ""
    per: Per | None = None
    quantity_cap: Amount | None = None
    quantity_period: str = ""
    duration: Duration | None = None
    tiers: tuple[Tier, ...] = ()
    schedule: tuple[YearShare, ...] = ()
    step: Step | None = None
    stages: tuple[Stage, ...] = ()
    shares: tuple[Share, ...] = ()
    payout: tuple[Amount, ...] = ()
    payout_equal: int | None = None
    fund_size: Amount | None = None
    when: tuple[Condition, ...] = ()
    once: bool = False
    additional: bool = False
    approximate: bool = False
    to: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cap:
    """A ceiling over several benefits: a sum, or a share of ``base`` (不超过设备投资额的20%)."""

    scope: str
    limit: Amount
    span: Span
    base: Words | None = None


@dataclass(frozen=True, slots=True)
class Stacking:
    """``rule``: 就高不重复, 不重复享受, 差额补足, 可叠加, 上位优先 …; ``scope``: with what (技改补助)."""

    rule: str
    scope: str
    span: Span


@dataclass(frozen=True, slots=True)
class Department:
    """``name`` as printed, with its area prefix (区经信局)."""

    name: str
    role: Literal["责任", "牵头", "配合"]
    span: Span


@dataclass(frozen=True, slots=True)
class Window:
    """申报时间: ``start``, ``end`` as ``MM-DD`` or ``YYYY-MM-DD``, empty where open; ``year``: 每年, 次年, 当年 as printed."""

    start: str
    end: str
    span: Span
    year: str = ""


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """支持对象, each group in standard terms. ``types``: 企业 个人 机构 载体 团队 引荐人."""

    types: tuple[Words, ...] = ()
    industry: tuple[Words, ...] = ()
    size: tuple[Words, ...] = ()
    qualification: tuple[Words, ...] = ()
    project_kind: tuple[Words, ...] = ()
    person: tuple[Words, ...] = ()
    exclude: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One support measure of one clause. ``span``: its own words in the clause; ``lead``: those of the parent clauses that
    it was read with (对新引进的制造业项目：). ``unread``: words with a figure in them that became no field: shown as text.
    ``remaining``: words in front of the grant, of whom or what it is for, that became no field (参加境内外专业展会的).

    ``id``: clause id, with ``/2``, ``/3`` … for further measures of the same clause. ``name``: heading or first words.
    """

    id: str
    clause_id: str
    name: str
    span: Span
    lead: tuple[Span, ...] = ()
    beneficiary: Beneficiary = Beneficiary()
    conditions: tuple[Condition, ...] = ()
    logic: Logic | None = None
    benefits: tuple[Benefit, ...] = ()
    caps: tuple[Cap, ...] = ()
    stacking: Stacking | None = None
    channel: Words | None = None
    platform: Words | None = None
    departments: tuple[Department, ...] = ()
    window: Window | None = None
    clawback: Words | None = None
    funding_split: Words | None = None
    quota: Words | None = None
    discretion: Words | None = None
    risk_flags: tuple[str, ...] = ()
    unread: tuple[Span, ...] = ()
    remaining: tuple[Words, ...] = ()
