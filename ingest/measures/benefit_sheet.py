"""The benefits of a clause while it is being read, and how a term finds the one it belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.document import Span
from ingest.measures.benefit_parts import Part, amount, listed
from ingest.measures.benefit_scales import threshold
from ingest.measures.benefit_terms import duration_of, durations, payout_of, price_of, quantity_cap, unit_name
from ingest.measures.benefit_words import base_before, cap_scope, each_hired
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Amount, Benefit, Cap, Duration, Step, Tier, Words
from ingest.measures.signs import Sought
from ingest.measures.tiers import conditions_of, each_labelled, named

_SIGHT = 400
_LONGEST_LEAD = 1200  # characters in front of a grant that may say for whom it is
_BOUNDED = frozenset(
    "rate rate_range per_unit schedule step progressive points_capped ratio_share reduction matching refund factor tiered fixed pay_rate loan equity".split()
)
_SHARE_OF = re.compile(r"(?:不得?超过|不高于|最高(?:不超过)?|限于)其?(?P<base>(?!不超过|每[日天])[^,;\d]{2,24}?)的?\Z")
_RATE_NAME = re.compile(
    r"(?P<base>(?:日综合|日|月|年化|年|综合|使用|占用|资金|服务|持股|占股|出资|投资|融资|担保|再担保|贷款){0,2}(?:费率|利率|比例|占比|费用|占股))"
    r"(?:一般|原则上)?(?:最高)?(?:不超过|不高于|最高)(?:每日|每天|每月|每年)?\Z"
)
_OTHERS_FIRST = re.compile(r"(?:(?!企业)[^,;。]){0,12}(?:高校|院所|机构|银行|协会|团队|人才|个人)")
_AT_LEAST = re.compile(r"不[得应]?(?:少于|低于)\Z")
_CEILING_END = re.compile(r"(?:以内|之内)?(?:封顶|为限|为上限)?")
_FURTHER = re.compile(r"[\s,;]*(?:[以此之]后|在此基础上(?:,[^,;每]{0,8})?)?,?每(?:再|年)?(?:增加|新增|增长|超过?)\d")
_FEE = re.compile(
    r"(?P<base>(?:日综合|日|年化|综合|融资|担保|贷款|使用|资金){0,2}(?:费率|利率))[为按]?(?:每日|日|每天|年化|年)?\Z"
)
_TIME_AHEAD = Sought(r"(?:(?:前|连续)[\d一两二三四五]{1,2}年|[年月]内)(?:按照?|给予)?\Z")


@dataclass(slots=True)
class Draft:
    """A benefit being read. ``lead``: the words that say for whom and when it is; ``part`` it stands in."""

    benefit: Benefit
    lead: Span
    sentence: int


@dataclass(slots=True)
class Sheet:
    """What has been read so far of ``within``."""

    flat: str
    within: Span
    parts: Sequence[Part]
    drafts: list[Draft] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)
    used: set[Span] = field(default_factory=set)
    reached: int = 0
    pending: tuple[Figure, str] | None = None
    pool: Figure | None = None
    done: set[Span] = field(default_factory=set)

    def use(self, spans: Iterable[Span]) -> None:
        """Notes the words that a benefit or ceiling was read from."""
        for span in spans:
            self.used.add(span)
            self.reached = max(self.reached, span.end)

    def part_at(self, at: int) -> Part | None:
        """The part that ``at`` lies in, or the one before it."""
        number = bisect_right(self.parts, at, key=lambda part: part.span.start) - 1
        return self.parts[number] if number >= 0 else None

    def sentence_at(self, at: int) -> int:
        part = self.part_at(at)
        return part.sentence.start if part else self.within.start

    def last_end(self, part: Part) -> int:
        """Where the words of the last benefit of the sentence end."""
        return max(part.sentence.start, self.reached)

    def lead(self, start: int) -> Span:
        """The words from the end of the benefit before (in the same sentence) up to ``start``."""
        sentence = self.sentence_at(start)
        begin = sentence
        for draft in reversed(self.drafts[-8:]):
            if draft.sentence == sentence and draft.benefit.span.end <= start:
                begin = max(begin, draft.benefit.span.end)
        if begin > sentence:  # the rest of the part that the benefit before ends in is its own: 给予20万元|奖励,
            number = bisect_right(self.parts, begin, key=lambda part: part.span.start)
            if number < len(self.parts) and self.parts[number].span.start <= start:
                begin = self.parts[number].span.start
        return Span(min(max(begin, start - _LONGEST_LEAD), start), start)

    def subject(self, end: int) -> str:
        """What the clause begins with, up to the part of a grant that ends at ``end``."""
        return self.flat[self.within.start : min(max(end, self.within.start), self.within.start + 80)]

    def open(self, benefit: Benefit, start: int, used: Sequence[Span]) -> None:
        lead, span = self.lead(start), benefit.span
        if self.pending:
            benefit = replace(benefit, quantity_cap=_quantity(self.pending[0]), quantity_period=self.pending[1])
            self.use([self.pending[0].span])
            self.pending = None
        if self.pool and benefit.type == "融资支持":
            benefit = replace(benefit, fund_size=amount(self.pool))
            self.use([self.pool.span])
            self.pool = None
        if start < span.start:
            benefit = replace(benefit, span=Span(start, span.end))
        self.drafts.append(Draft(benefit, lead, self.sentence_at(start)))
        self.use(used)

    def fund(self, part: Part, figure: Figure) -> None:
        name = part.text
        if not re.search("基金|过桥|转贷|周转|资金池|风险池|风险补偿", name):
            return
        invests = "基金" in name and not re.search("转贷|过桥|周转|续贷|应急|风险", name)
        kind = "股权基金" if invests else "融资支持"
        form = "equity" if invests else "ratio_share" if "风险" in name else "loan"
        if form == "ratio_share":
            self.pool = figure
            return
        self.open(
            Benefit(kind, form, Span(figure.span.start, figure.span.end), fund_size=amount(figure)),
            part.span.start,
            (figure.span,),
        )  # type: ignore[arg-type]

    def current(self) -> Draft | None:
        """The benefit that a term belongs to: the last one read."""
        return self.drafts[-1] if self.drafts else None

    def capped(self, part: Part) -> Draft | None:
        """The benefit of the same sentence that a ceiling in ``part`` could bound."""
        draft = self.current()
        if draft is None or draft.sentence != part.sentence.start:
            return None
        return draft if draft.benefit.form in _BOUNDED and draft.benefit.max is None else None

    def step(self, part: Part, made: Step, base: Words | None, used: Sequence[Span], start: int) -> None:
        """A step on top of the sum before it is one benefit with it."""
        draft = self.current()
        if (
            draft
            and draft.benefit.form == "fixed"
            and (part.piece.start <= draft.benefit.span.start or self._goes_on(part, draft, made, base))
            and draft.benefit.value
        ):
            first = _start_of(draft, self.flat, made, base)
            benefit = replace(draft.benefit, form="step", step=replace(made, start=first[0]), base=first[1], per=None)
            draft.benefit = replace(benefit, span=Span(benefit.span.start, used[-1].end))
            self.use([*used, *([first[0].span] if first[0] else [])])
            return
        own = [made.start.span] if made.start else []
        if made.start is None and base and draft and draft.sentence == part.sentence.start:
            begin, named_base = threshold(self.flat, draft.lead, made.size)
            if named_base and named_base.text == base.text:
                made = replace(made, start=begin)  # 票房达到3000万元的，奖励…；票房每增加1000万元
        self.open(Benefit("资金奖补", "step", Span(start, used[-1].end), step=made, base=base), start, (*used, *own))

    def _goes_on(self, part: Part, draft: Draft, made: Step, base: Words | None) -> bool:
        """每再增加500万元 behind a semicolon, with nothing new said in front of it; 增量每增加500万元 of 产值增量."""
        if draft.sentence != part.sentence.start:
            return False
        named_base = threshold(self.flat, draft.lead, made.size)[1] if base else None
        short = named_base and base and named_base.text != base.text and named_base.text.endswith(base.text)
        return bool(short) or any(_FURTHER.match(self.flat, at) for at in (part.span.start, part.piece.start))

    def pay(self, found: Sequence[Part], number: int) -> int:
        """Instalments said from this part on go to the benefits before it; returns how far they reach, 0 for none."""
        read = payout_of(found, number)
        if read is None or not self.drafts:
            return 0
        shares, equal, used, count = read
        draft = self.drafts[-1]
        if draft.benefit.payout or draft.benefit.payout_equal:
            return 0
        draft.benefit = replace(draft.benefit, payout=shares, payout_equal=equal)
        self.use(used)
        return found[number + count - 1].span.end

    def ceil(self, part: Part, caps: Sequence[Figure]) -> None:
        """Ceilings of the part: of the benefit before, tier by tier where there are as many, or over several benefits."""
        draft = self.current()
        money = [f for f in caps if f.kind == "money"]
        if draft and len(money) > 1 and self._ceil_tiers(part, draft, money):
            caps = [f for f in caps if f.kind != "money"]
        for figure in caps:
            self._ceil_one(part, draft, figure)

    def _ceil_tiers(self, part: Part, draft: Draft, caps: Sequence[Figure]) -> bool:
        benefit = draft.benefit
        inline = all(listed(self.flat, a, b) for a, b in pairwise(caps))
        if inline and len(benefit.tiers) == len(caps):
            tiers = tuple(replace(tier, max=amount(f)) for tier, f in zip(benefit.tiers, caps, strict=True))
            draft.benefit = replace(benefit, tiers=tiers, cap_scope=cap_scope(part.before(caps[0].span.start)))
        elif inline:
            conditions = (
                named(self.flat, draft.lead.start, draft.benefit.span.start, len(caps))
                or named(self.flat, part.span.start, caps[0].span.start, len(caps))
                if benefit.form == "rate"
                else ()
            )
            if not conditions:
                return True  # which ceiling is whose is not said: left unread
            tiers = tuple(Tier(when, max=amount(f)) for when, f in zip(conditions, caps, strict=True))
            draft.benefit = replace(
                benefit, form="tiered", tiers=tiers, cap_scope=cap_scope(part.before(caps[0].span.start))
            )
        elif benefit.form == "rate" and (labels := each_labelled(part, caps)):
            conditions = conditions_of(self.flat, labels, Span(labels[0].start, labels[-1].end))
            if not conditions:
                return False
            tiers = tuple(Tier((c,), max=amount(f)) for c, f in zip(conditions, caps, strict=True))
            draft.benefit = replace(benefit, form="tiered", tiers=tiers)
        else:
            return False
        self.use([f.span for f in caps])
        draft.benefit = replace(draft.benefit, span=Span(draft.benefit.span.start, caps[-1].span.end))
        return True

    def floor(self, part: Part, figures: Sequence[Figure]) -> list[Figure]:
        """Takes 最低奖励3000元 for the least of the benefit before; returns the figures that are no such floor."""
        draft = self.capped(part)
        rest = []
        for figure in figures:
            if (
                draft
                and draft.benefit.min is None
                and draft.benefit.form in ("rate", "per_unit", "step")
                and figure.kind == "money"
                and re.search(r"(?:最低|不少于|不低于)[^,;\d]{0,6}\Z", part.before(figure.span.start))
            ):
                draft.benefit = replace(
                    draft.benefit,
                    min=amount(figure),
                    span=Span(draft.benefit.span.start, max(draft.benefit.span.end, figure.span.end)),
                )
                self.use([figure.span])
            else:
                rest.append(figure)
        return rest

    def bound(self, tiers: tuple[Tier, ...], figures: Sequence[Figure]) -> None:
        """300人以上的最高20万元，500人以上的最高50万元: the most of a share, by a threshold."""
        draft = self.drafts[-1]
        end = max(draft.benefit.span.end, figures[-1].span.end)
        draft.benefit = replace(draft.benefit, form="tiered", tiers=tiers, span=Span(draft.benefit.span.start, end))
        self.use([figure.span for figure in figures])

    def _ceil_one(self, part: Part, draft: Draft | None, figure: Figure) -> None:
        before = _own_words(part, figure)
        scope = cap_scope(before) or each_hired(part.before(figure.span.start))
        if figure.kind in ("percent", "fold"):
            self._ceil_share(part, draft, figure, scope)
            return
        if figure.kind != "money":
            return
        price = price_of(part, figure, figure, ceiling=True)
        if price and price.per.unit in ("㎡", "千瓦时", "吨", "亩") and draft and draft.benefit.form != "per_unit":
            self._add_cap(price.per.span.of(self.flat), figure, None, part)
            return
        whole = re.search(r"本(?:政策|措施|办法|意见|条款?)|各项|以上(?:各|奖)|所有", before)
        if draft is None and not scope and not whole and not re.search("合计|总额|累计", before):
            return
        if draft is None or whole or draft.benefit.max is not None or draft.benefit.form in ("in_kind", "case_by_case"):
            if draft is None or scope or draft.benefit.max is None or draft.benefit.max.value != figure.value:
                self._add_cap(scope, figure, None, part)
            else:
                self.use([figure.span])  # said again
            return
        span = Span(draft.benefit.span.start, max(draft.benefit.span.end, figure.span.end))
        if draft.benefit.value and _AT_LEAST.search(
            self.flat[max(self.within.start, draft.benefit.value.span.start - 6) : draft.benefit.value.span.start]
        ):  # 不少于50万元、不超过200万元
            draft.benefit = replace(draft.benefit, form="upto", min=draft.benefit.value, value=None)
        draft.benefit = replace(
            draft.benefit, max=amount(figure), cap_scope=scope or draft.benefit.cap_scope, span=span
        )
        self.use([figure.span])

    def _ceil_share(self, part: Part, draft: Draft | None, figure: Figure, scope: str) -> None:
        """不超过设备投资额的20%: a ceiling that is a share; a rate not above 0.02% belongs to its loan."""
        start = max(part.span.start, figure.span.start - 60)
        before = part.before(figure.span.start)
        stake = re.search("持股|占股|股比|参股|出资比例|投资比例", before)
        words = None if stake else _SHARE_OF.search(self.flat[start : figure.span.start])
        if words:
            if draft is None and not self.caps and not re.search("补|奖|资助|资金|支持|贴息|享受|扶持", part.text):
                return
            base = base_before(self.flat, start + words.start("base"), figure.span.start)
            if draft and draft.benefit.form == "equity" and draft.benefit.rate is None:
                self._stake(draft, figure, base, scope)
            else:
                self._add_cap(scope, figure, base, part)
            return
        named_rate = _RATE_NAME.search(before)
        if draft and named_rate and draft.benefit.form in ("loan", "equity") and draft.benefit.rate is None:
            at = figure.span.start - len(before)
            base = Words(named_rate["base"], Span(at + named_rate.start("base"), at + named_rate.end("base")))
            self._stake(draft, figure, base, scope)

    def _stake(self, draft: Draft, figure: Figure, base: Words | None, scope: str) -> None:
        """The most of a fee or of the capital: 持股比例不超过20%."""
        scope = draft.benefit.cap_scope or scope
        draft.benefit = replace(draft.benefit, rate=amount(figure), bound="le", base=base, cap_scope=scope)
        self.use([figure.span])

    def _add_cap(self, scope: str, figure: Figure, base: Words | None, part: Part) -> None:
        head = self.flat[self.within.start : min(figure.span.start, self.within.start + _SIGHT)]
        if scope == "每年" and "企业" in head and not _OTHERS_FIRST.match(head):
            scope = "单个企业每年"
        self.caps.append(Cap(scope, amount(figure), _ceiling(part, figure), base))
        self.use([figure.span])

    def fee(self, part: Part) -> None:
        """费率为每日0.02%: what a loan costs."""
        draft = self.current()
        if draft is None or draft.benefit.form != "loan" or draft.benefit.rate is not None:
            return
        for figure in part.of("percent"):
            named_fee = _FEE.search(part.before(figure.span.start))
            if named_fee and figure.span not in self.used:
                at = figure.span.start - len(named_fee[0])
                base = Words(named_fee["base"], Span(at, at + len(named_fee["base"])))
                draft.benefit = replace(draft.benefit, rate=amount(figure), base=base)
                self.use([figure.span])
                return

    def terms(self, part: Part) -> None:
        """Durations and quantities of the part go to the benefit before, or to the one that follows."""
        draft = self.current()
        quantity = quantity_cap(part)
        if quantity and quantity[0].span not in self.used:
            if draft is None or (draft.sentence != part.sentence.start and re.search("部分", part.text)):
                self.pending = quantity if re.search("部分|补贴|面积|人数|数量", part.text) else None
            elif draft.benefit.quantity_cap is None and draft.benefit.form != "in_kind":
                draft.benefit = replace(draft.benefit, quantity_cap=_quantity(quantity[0]), quantity_period=quantity[1])
                self.use([quantity[0].span])
        if draft is None:
            return
        granting = draft.benefit.span.start < part.span.end and part.span.start < draft.benefit.span.end
        within = _TIME_AHEAD.search(self.flat[max(0, draft.benefit.span.start - 6) : draft.benefit.span.start])
        early = 16 if within or draft.benefit.form in ("reduction", "pay_rate") else 0  # 最长6个月免租
        start = (
            min(part.span.end, max(part.span.start, draft.benefit.span.start - early)) if granting else part.span.start
        )
        found = [f for f in durations(part, start, granting) if f.span not in self.used]
        if len(found) > 1 and len(draft.benefit.tiers) == len(found):
            self._tier_durations(part, draft, found)
        elif found and draft.benefit.duration is None:
            draft.benefit = replace(
                draft.benefit,
                duration=duration_of(part, found[0]),
                span=Span(draft.benefit.span.start, max(draft.benefit.span.end, found[0].span.end)),
            )
            self.use([found[0].span])

    def _tier_durations(self, part: Part, draft: Draft, found: Sequence[Figure]) -> None:
        most = duration_of(part, found[0]).at_most
        tiers = tuple(
            replace(tier, duration=Duration(f.value, unit_name(f.unit), f.span, most))
            for tier, f in zip(draft.benefit.tiers, found, strict=True)
        )
        draft.benefit = replace(draft.benefit, tiers=tiers)
        self.use([f.span for f in found])


def _own_words(part: Part, figure: Figure) -> str:
    """The words in front of the figure in its part, from the figure before it on."""
    before = part.before(figure.span.start)
    number = bisect_left(part.figures, figure.span.start, key=lambda f: f.span.start)
    if not number:
        return before
    return before[max(0, len(before) - (figure.span.start - part.figures[number - 1].span.end)) :]


def _ceiling(part: Part, figure: Figure) -> Span:
    """The words of a ceiling: from the figure before it, or the joint that parts it from that, to the end of its own."""
    at = figure.span.start - len(_own_words(part, figure))
    joint = re.compile(r"[^,;]{0,4}?[、和及并且][、和及并且]?|\s+").match(part.flat, at, figure.span.start)
    after = _CEILING_END.match(part.flat, figure.span.end, part.span.end)
    return Span(joint.end() if joint else at, after.end() if after else figure.span.end)


def _quantity(figure: Figure) -> Amount:
    return Amount(figure.value, unit_name(figure.unit), figure.span)


def _start_of(draft: Draft, flat: str, made: Step, base: Words | None) -> tuple[Amount | None, Words | None]:
    found = threshold(flat, draft.lead, made.size)
    return found if found[0] else (made.start, base)
