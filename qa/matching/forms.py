"""Each form of benefit for an asker's figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from ingest.measures.model import Amount, Benefit, Duration, Form, Measure, Tier
from qa.calculation.figures import money, shown
from qa.calculation.formula import MONTHS, Step, operate
from qa.matching.amount import (
    Piece,
    Worked,
    base_figure,
    held_to_caps,
    limited,
    needs,
    noted,
    piecewise,
    quantity_key,
    tier_rank,
    words_of,
    words_only,
    yearly,
)
from qa.matching.asker import Asker
from qa.matching.names import asked, trait_key
from qa.matching.requirement import Held

_TIMES = {"年": "每年", "月": "每月", "个月": "每月", "日": "每天", "天": "每天", "次": "每次"}
_ONE = Decimal(1)
_ONE_EACH = frozenset({"人", "名", "位"})


def work(measure: Measure, benefit: Benefit, asker: Asker, tiers: Sequence[Sequence[Held]]) -> Worked:
    """The sum of one benefit; ``tiers``: how the asker stands to the conditions of each of its tiers."""
    if benefit.approximate:
        return words_only(benefit, "条款只写了约数")
    form = _FORMS.get(benefit.form)
    if form is None:
        return words_only(benefit)
    if benefit.quantity_cap is not None and benefit.per is None:
        return words_only(benefit, "条款限定了享受补助的数量，须按实际数量核算")
    worked = form(measure, benefit, asker, tiers)
    if worked.value is None:
        return worked
    if benefit.min is not None and benefit.min.unit == "元" and worked.value < benefit.min.value:
        worked = worked._replace(value=benefit.min.value, pieces=(*worked.pieces, "，最低", benefit.min))
    return _paid(_plain(held_to_caps(worked, measure.caps, asker)), benefit)


def _plain(worked: Worked) -> Worked:
    """2400000 rather than 2400000.00."""
    value = worked.value
    if value is None or value != value.to_integral_value():
        return worked
    return worked._replace(value=value.quantize(_ONE))


def fixed(benefit: Benefit) -> bool:
    """Whether the sum, if there is any, is the same for everybody."""
    return benefit.form not in _FORMS or benefit.form == "upto" or (benefit.form == "fixed" and benefit.per is None)


def _paid(worked: Worked, benefit: Benefit) -> Worked:
    """How it is paid out, in words; an additional benefit comes on top of the one before, and is not added to it."""
    said = []
    if benefit.payout:
        said.append("分期拨付：" + "、".join(shown(part.value, part.unit) for part in benefit.payout))
    if benefit.payout_equal:
        said.append(f"分{benefit.payout_equal}期等额拨付")
    if benefit.additional:
        said.append("在上述支持之外另计")
    if benefit.to:
        said.append(f"发放给{benefit.to}")
    return noted(worked, *said)


def _fixed(measure: Measure, benefit: Benefit, asker: Asker, _: Sequence[Sequence[Held]]) -> Worked:
    if benefit.value is None or benefit.value.unit != "元":
        return words_only(benefit)
    if benefit.per is not None:
        return _priced(measure, benefit, asker, benefit.value, benefit.max, benefit.duration, None)
    return limited(Worked(benefit.form, benefit.value.value, None, (benefit.value,)), benefit.max, benefit.cap_scope)


def _upto(_m: Measure, benefit: Benefit, _a: Asker, _: Sequence[Sequence[Held]]) -> Worked:
    if benefit.max is None or benefit.max.unit != "元":
        return words_only(benefit)
    return Worked(benefit.form, None, benefit.max.value, (f"{benefit.cap_scope}最高", benefit.max))


def _rate(_m: Measure, benefit: Benefit, asker: Asker, _: Sequence[Sequence[Held]]) -> Worked:
    if benefit.rate is None:
        return words_only(benefit)
    return _share(benefit, asker, benefit.rate, benefit.max, None)


def _share(benefit: Benefit, asker: Asker, rate: Amount, most: Amount | None, tier: int | None) -> Worked:
    """A share of the asker's figure, held against its ceiling."""
    found = base_figure(benefit, asker)
    if isinstance(found, Worked):
        return found._replace(tier=tier)
    figure, name = found
    step = operate("×", figure.value, rate.value)
    pieces: tuple[Piece, ...] = (name, figure.value, "×", rate, "＝", step.result)
    per = "每年" if yearly(benefit.cap_scope) and benefit.duration is not None else ""
    assumed = (f"按所填{name}为全年数计",) if per else ()
    worked = Worked(benefit.form, step.result, None, pieces, (step,), per, assumed=assumed, tier=tier)
    worked = limited(worked, most, benefit.cap_scope)
    if benefit.bound == "le" and worked.value is not None:  # 不超过10%: the share itself is only a ceiling
        return worked._replace(value=None, most=worked.value, pieces=("最高", *worked.pieces))
    return worked


def _tiered(measure: Measure, benefit: Benefit, asker: Asker, tiers: Sequence[Sequence[Held]]) -> Worked:
    """The highest tier that is reached; one of which only the year or 首次 is not said is taken as reached, and said so."""
    if not tiers:
        return words_only(benefit, "条款未写明各档的条件")
    reached, waiting = [], []
    for index, held in enumerate(tiers):
        verdicts = {"likely" if each.likely else each.verdict for each in held}
        if "not_met" in verdicts:
            continue
        (waiting if "unknown" in verdicts else reached).append(index)
    if not reached:
        asks = dict.fromkeys(
            each.asks for index in waiting for each in tiers[index] if each.verdict == "unknown" and each.asks
        )
        return needs(benefit, *asks) if asks else words_only(benefit, "未达到条款所列的任何一档")
    best = max(reached, key=lambda index: tier_rank(benefit.tiers[index]))
    assumed = [each.more for each in tiers[best] if each.likely and each.more]
    if any(tier_rank(benefit.tiers[index]) > tier_rank(benefit.tiers[best]) for index in waiting):
        assumed.append("是否达到更高一档待确认")
    worked = _tier(measure, benefit, asker, benefit.tiers[best], best)
    return worked._replace(tier=best, assumed=(*worked.assumed, *assumed))


def _tier(measure: Measure, benefit: Benefit, asker: Asker, tier: Tier, index: int) -> Worked:
    duration = tier.duration or benefit.duration
    rate, most = tier.rate or benefit.rate, tier.max or benefit.max
    if tier.value is not None and tier.value.unit == "元":
        if benefit.per is not None:
            return _priced(measure, benefit, asker, tier.value, most, duration, index)
        return limited(Worked(benefit.form, tier.value.value, None, (tier.value,)), most, benefit.cap_scope)
    if rate is not None and tier.value is None:
        return _share(benefit, asker, rate, most, index)
    if most is not None and most.unit == "元" and tier.value is None:
        return Worked(benefit.form, None, most.value, (f"{benefit.cap_scope}最高", most))
    return words_only(benefit, "该档不是货币金额")


def _per_unit(measure: Measure, benefit: Benefit, asker: Asker, _: Sequence[Sequence[Held]]) -> Worked:
    if benefit.value is None or benefit.value.unit != "元" or benefit.per is None:
        return words_only(benefit)
    return _priced(measure, benefit, asker, benefit.value, benefit.max, benefit.duration, None)


def _priced(
    measure: Measure, benefit: Benefit, asker: Asker, price: Amount, most: Amount | None, duration: Duration | None, tier: int | None
) -> Worked:  # fmt: skip
    """A price for each unit (and each month or year) times how many there are, at most as many as are paid for."""
    per = benefit.per
    if per is None:
        return words_only(benefit)
    period = per.unit if per.unit in _TIMES else per.period
    each = f"每{per.unit}" if period in (None, per.unit) else f"每{per.unit}每{period}"
    worked = Worked(benefit.form, price.value, None, (each, price), tier=tier)
    if per.unit not in _TIMES and not (per.unit in _ONE_EACH and asker.profile.kind == "个人"):
        counted = _counted(measure, benefit, asker, worked)
        if counted.value is None:
            return counted
        worked = counted
    if period is None:
        term = () if duration is None else ("条款另写有期限，没有读出按年还是一次发放，未乘以期限",)
        return noted(limited(worked, most, benefit.cap_scope), *term)
    return _over_time(worked, benefit, most, duration, period)


def _counted(measure: Measure, benefit: Benefit, asker: Asker, worked: Worked) -> Worked:
    key = quantity_key(measure, benefit)
    figure = asker.figures.get(key)
    if figure is None:
        return needs(benefit, asked(key, benefit.base.text) if benefit.base else key)
    unit = benefit.per.unit if benefit.per else ""
    if figure.unit not in ("", unit) and not {figure.unit, unit} <= _ONE_EACH:
        return words_only(benefit, f"所填数量的单位是{figure.unit}，条款以{unit}计")
    if worked.value is None:
        return worked
    quantity, note = figure.value, ""
    cap = benefit.quantity_cap
    if cap is not None and cap.unit in ("", unit) and quantity > cap.value:
        quantity, note = cap.value, f"（所填{shown(figure.value, unit)}，超出部分不计）"
    step = operate("×", worked.value, quantity)
    pieces = (*worked.pieces, f"×{shown(quantity, unit)}{note}＝", step.result)
    return worked._replace(value=step.result, pieces=pieces, steps=(step,))


def _over_time(worked: Worked, benefit: Benefit, most: Amount | None, duration: Duration | None, period: str) -> Worked:
    """Over the term that the clause names; a ceiling of one year holds each year. Without a term: the sum of one period."""
    if worked.value is None:
        return worked
    each = _TIMES.get(period, f"每{period}")
    term = _periods(duration, period)
    if term is None or duration is None:
        held = limited(worked, most, benefit.cap_scope)
        return held._replace(per=each) if held.value is not None else held
    count, converted = term
    unit = "年" if period == "年" else "个月"
    if yearly(benefit.cap_scope) and most is not None and unit == "个月":
        if count % MONTHS:
            return words_of(worked, "每月发放而上限按年计，须按各年实际月数核算")
        return _by_years(worked, benefit, most, duration, count)
    if yearly(benefit.cap_scope) and most is not None:
        worked = limited(worked, most, benefit.cap_scope)
        most = None
        if worked.value is None:
            return worked
    step = operate("×", worked.value, count)
    pieces = (*worked.pieces, f"×{'最长' if duration.at_most else ''}{shown(count, unit)}＝", step.result)
    whole = worked._replace(value=step.result, pieces=pieces, steps=(*worked.steps, *converted, step))
    return limited(_in_full(whole, duration), most, benefit.cap_scope)


def _in_full(worked: Worked, duration: Duration) -> Worked:
    """The sum of the whole term; of a longest one it is the most that there can be."""
    note = "按领满最长期限计" if duration.at_most else "按领满期限计"
    return noted(worked._replace(at_most=duration.at_most, term=True), note)


def _by_years(worked: Worked, benefit: Benefit, most: Amount, duration: Duration, months: Decimal) -> Worked:
    value = worked.value or Decimal(0)
    year = operate("×", value, MONTHS)
    one = limited(
        worked._replace(
            value=year.result,
            pieces=(*worked.pieces, "×12个月＝", year.result),
            steps=(*worked.steps, year),
        ),
        most,
        benefit.cap_scope,
    )
    if one.value is None:
        return one
    years = operate("÷", months, MONTHS)
    total = operate("×", one.value, years.result)
    pieces = (*one.pieces, f"，×{'最长' if duration.at_most else ''}{shown(years.result, '年')}＝", total.result)
    return _in_full(one._replace(value=total.result, pieces=pieces, steps=(*one.steps, years, total)), duration)


def _periods(duration: Duration | None, period: str) -> tuple[Decimal, tuple[Step, ...]] | None:
    """How many periods the term has, and how that was worked out: 36 of 3年 by the month."""
    if duration is None:
        return None
    if (period, duration.unit) in (("月", "个月"), ("个月", "个月"), ("年", "年")):
        return duration.count, ()
    if period in ("月", "个月") and duration.unit == "年":
        step = operate("×", duration.count, MONTHS)
        return step.result, (step,)
    return None


def _progressive(_m: Measure, benefit: Benefit, asker: Asker, _: Sequence[Sequence[Held]]) -> Worked:
    """Each band pays its rate on what lies within it."""
    found = base_figure(benefit, asker)
    if isinstance(found, Worked):
        return found
    figure, name = found
    pieces: list[Piece] = [name, figure.value, "："]
    steps: list[Step] = []
    total = Decimal(0)
    for tier in benefit.tiers:
        low = tier.lower.value if tier.lower else Decimal(0)
        high = min(figure.value, tier.upper.value) if tier.upper else figure.value
        if tier.rate is None or {a.unit for a in (tier.lower, tier.upper) if a} - {"元"}:
            return words_only(benefit)
        if high <= low:
            continue
        part = operate("－", high, low)
        paid = operate("×", part.result, tier.rate.value)
        steps += [part, paid]
        if total:
            steps.append(operate("＋", total, paid.result))
            pieces.append("＋")
        total += paid.result
        pieces += ["（", high, "－", low, "）×", tier.rate]
    pieces += ["＝", total]
    worked = Worked(benefit.form, total if total else None, None, tuple(pieces), tuple(steps))
    return limited(worked, benefit.max, benefit.cap_scope) if total else words_only(benefit, "未达到条款所列的起点")


def _schedule(_m: Measure, benefit: Benefit, asker: Asker, _: Sequence[Sequence[Held]]) -> Worked:
    """A share of each year's sum, the same sum every year; a ceiling of one year holds each year."""
    found = base_figure(benefit, asker)
    if isinstance(found, Worked):
        return found
    figure, name = found
    if benefit.max is not None and (piecewise(benefit.cap_scope) or "每月" in benefit.cap_scope):
        return words_only(benefit, f"上限按“{benefit.cap_scope}”计，须有数量才能比较")
    if benefit.max is not None and benefit.max.unit != "元":
        return words_only(benefit, f"上限以{benefit.max.unit or '比例'}计")
    each_year = benefit.max is not None and yearly(benefit.cap_scope)
    pieces: list[Piece] = [f"每年{name}", figure.value, "："]
    steps: list[Step] = []
    total = Decimal(0)
    for share in benefit.schedule:
        step = operate("×", figure.value, share.rate.value)
        paid = min(step.result, benefit.max.value) if each_year and benefit.max else step.result
        steps.append(step)
        years = share.last - share.first + 1
        span = f"第{share.first}年" if years == 1 else f"第{share.first}至{share.last}年每年"
        cut: tuple[Piece, ...] = (f"（{benefit.cap_scope}最高", paid, "）") if paid < step.result else ()
        pieces += [f"{span}×", share.rate, "＝", step.result, *cut, "；"]
        whole = operate("×", paid, Decimal(years))
        steps.append(whole)
        if total:
            steps.append(operate("＋", total, whole.result))
        total += whole.result
    if not benefit.schedule:
        return words_only(benefit)
    pieces += ["合计", total]
    assumed = (f"按每年{name}相同、享满各年计",)
    worked = Worked(benefit.form, total, None, tuple(pieces), tuple(steps), assumed=assumed, term=True)
    return worked if each_year else limited(worked, benefit.max, benefit.cap_scope)


def _step(_m: Measure, benefit: Benefit, asker: Asker, _: Sequence[Sequence[Held]]) -> Worked:
    """产值达到10亿元的奖励50万元，每增加1亿元再奖励5万元: only whole steps count."""
    if benefit.step is None or benefit.step.size.value <= 0:
        return words_only(benefit)
    parts = (benefit.value, benefit.step.value, benefit.step.size, benefit.step.start)
    if any(part.unit != "元" for part in parts if part):
        return words_only(benefit)
    found = base_figure(benefit, asker)
    if isinstance(found, Worked):
        return found
    figure, name = found
    first = benefit.value.value if benefit.value else Decimal(0)
    start = benefit.step.start.value if benefit.step.start else Decimal(0)
    if figure.value < start:
        return words_only(benefit, f"{name}{money(figure.value)}未达到起点{money(start)}")
    over = operate("－", figure.value, start)
    count = operate("÷", over.result, benefit.step.size.value)
    more = operate("×", benefit.step.value.value, count.result)
    total = operate("＋", first, more.result)
    pieces: tuple[Piece, ...] = (
        name, figure.value, "：", *((benefit.value, "＋") if benefit.value else ()), benefit.step.value,
        f"×{shown(count.result, '档')}＝",
        total.result,
    )  # fmt: skip
    worked = Worked(benefit.form, total.result, None, pieces, (over, count, more, total))
    return limited(worked, benefit.max, benefit.cap_scope)


def _staged(_m: Measure, benefit: Benefit, asker: Asker, _: Sequence[Sequence[Held]]) -> Worked:
    """The stage that is said to be reached; the stages are not added up."""
    traits = asker.traits
    reached = [s for s in benefit.stages if (t := traits.get(trait_key(s.name))) and t.held and s.value.unit == "元"]
    if not reached:
        return needs(benefit, *(f"statements:{stage.name}" for stage in benefit.stages))
    stage = reached[-1]
    worked = Worked(
        benefit.form, stage.value.value, None, (f"{stage.name}：", stage.value), assumed=("各阶段分别兑现，不相加",)
    )
    return limited(worked, benefit.max, benefit.cap_scope)


_Rule = Callable[[Measure, Benefit, Asker, Sequence[Sequence[Held]]], Worked]
_FORMS: dict[Form, _Rule] = {
    "fixed": _fixed,
    "upto": _upto,
    "rate": _rate,
    "rate_capped": _rate,
    "tiered": _tiered,
    "progressive": _progressive,
    "schedule": _schedule,
    "per_unit": _per_unit,
    "step": _step,
    "staged": _staged,
    "matching": _rate,
}
