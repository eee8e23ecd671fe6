"""A measure as plain data, in the names of the case tables (``type``, ``dept``, ``apply_window`` …). Figures are JSON numbers."""

from __future__ import annotations

from decimal import Decimal

from ingest.measures.model import Amount, Beneficiary, Benefit, Cap, Condition, Duration, Measure, Tier, Window, Words

_AMOUNTS = ("value", "rate", "rate_min", "rate_max", "points", "max", "min", "fund_size")
_WORDS = ("subtype", "cap_scope", "to", "text")
_FLAGS = {"once": "once", "additional": "additional", "approximate": "approx"}


def to_case(measure: Measure) -> dict[str, object]:
    """What is known of ``measure``; what is not is left out, but for beneficiary, conditions and benefits."""
    found: dict[str, object] = {
        "beneficiary": _beneficiary(measure.beneficiary),
        "conditions": [condition(c) for c in measure.conditions],
        "benefits": [_benefit(b) for b in measure.benefits],
    }
    optional: dict[str, object] = {
        "logic": measure.logic,
        "caps": [_cap(cap) for cap in measure.caps],
        "stacking": measure.stacking and {"rule": measure.stacking.rule, "scope": measure.stacking.scope},
        "channel": _text(measure.channel),
        "platform": _text(measure.platform),
        "dept": [{"name": d.name, "role": d.role} for d in measure.departments],
        "apply_window": measure.window and _window(measure.window),
        "clawback": _text(measure.clawback),
        "funding_split": _text(measure.funding_split),
        "quota": _text(measure.quota),
        "discretion": measure.discretion is not None,
        "risk_flags": list(measure.risk_flags),
    }
    return found | {name: value for name, value in optional.items() if value}


def condition(c: Condition) -> dict[str, object]:
    """One condition: its figure with unit, or its words."""
    found: dict[str, object] = {
        "metric": c.metric,
        "op": c.op,
        "value": number(c.amount.value) if c.amount else c.words,
        "unit": c.amount.unit if c.amount else "",
    }
    if c.period:
        found["period"] = c.period
    if c.first:
        found["first"] = True
    if c.alternative:
        found["alt"] = c.alternative
    return found


def number(value: Decimal) -> int | float:
    """A JSON number: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def _text(words: Words | None) -> str | None:
    return words.text if words else None


def _beneficiary(beneficiary: Beneficiary) -> dict[str, object]:
    found: dict[str, object] = {"type": [words.text for words in beneficiary.types]}
    for group in ("industry", "size", "qualification", "project_kind", "person", "exclude"):
        words = getattr(beneficiary, group)
        if words:
            found[group] = [word.text for word in words]
    return found


def _benefit(benefit: Benefit) -> dict[str, object]:
    found: dict[str, object] = {"type": benefit.type, "form": benefit.form}
    for name in _AMOUNTS:
        amount = getattr(benefit, name)
        if amount is not None:
            found[name] = number(amount.value)
    if benefit.form == "factor":
        found |= _factor(found)
    for name in _WORDS:
        if getattr(benefit, name):
            found[name] = getattr(benefit, name)
    for name, shown in _FLAGS.items():
        if getattr(benefit, name):
            found[shown] = True
    if benefit.bound:
        found["points_op" if benefit.points else "rate_op"] = benefit.bound
    if benefit.base:
        found["base"] = benefit.base.text
    if benefit.when:
        found["when"] = [condition(c) for c in benefit.when]
    if benefit.payout:
        found["payout"] = [number(share.value) for share in benefit.payout]
    if benefit.payout_equal:
        found["payout_equal"] = benefit.payout_equal
    return found | _scales(benefit)


def _factor(figures: dict[str, object]) -> dict[str, object]:
    """1.5 of 1.5倍, 1.2 of 上浮20%."""
    times = figures.pop("value", None)
    more = figures.pop("rate", None)
    if isinstance(more, (int, float)):
        times = number(1 + Decimal(str(more)))
    return {"factor": times} if times is not None else {}


def _scales(benefit: Benefit) -> dict[str, object]:
    """The parts of a benefit that have parts themselves."""
    found: dict[str, object] = {}
    if benefit.per:
        found["per"] = {"unit": benefit.per.unit, "period": benefit.per.period}
    if benefit.quantity_cap:
        found["quantity_cap"] = _quantity(benefit.quantity_cap, benefit.quantity_period)
    if benefit.duration:
        found["duration"] = _duration(benefit.duration)
    if benefit.tiers:
        found["tiers"] = [_tier(tier, benefit.form == "progressive") for tier in benefit.tiers]
    if benefit.schedule:
        found["schedule"] = [{"from": y.first, "to": y.last, "rate": number(y.rate.value)} for y in benefit.schedule]
    if benefit.step:
        step: dict[str, object] = {"size": number(benefit.step.size.value), "value": number(benefit.step.value.value)}
        found["step"] = ({"start": number(benefit.step.start.value)} if benefit.step.start else {}) | step
    if benefit.stages:
        found["stages"] = [{"name": stage.name, "value": number(stage.value.value)} for stage in benefit.stages]
    if benefit.shares:
        found["shares"] = {share.party: number(share.rate.value) for share in benefit.shares}
    return found


def _quantity(amount: Amount, period: str) -> dict[str, object]:
    found: dict[str, object] = {"value": number(amount.value), "unit": amount.unit}
    return found | ({"period": period} if period else {})


def _duration(duration: Duration) -> dict[str, object]:
    found: dict[str, object] = {"n": number(duration.count), "unit": duration.unit}
    return found | ({"op": "le"} if duration.at_most else {})


def _tier(tier: Tier, progressive: bool) -> dict[str, object]:
    found: dict[str, object] = {"when": [condition(c) for c in tier.when]} if tier.when else {}
    if progressive:
        found["from"] = number(tier.lower.value) if tier.lower else None
        found["to"] = number(tier.upper.value) if tier.upper else None
    for name in ("value", "max", "rate", "area"):
        amount = getattr(tier, name)
        if amount is not None:
            found[name] = number(amount.value)
    if tier.duration:
        found["duration"] = _duration(tier.duration)
    return found


def _cap(cap: Cap) -> dict[str, object]:
    found: dict[str, object] = {"scope": cap.scope, "op": "le"}
    if cap.base or not cap.limit.unit:
        found["rate"] = number(cap.limit.value)
        return found | ({"base": cap.base.text} if cap.base else {})
    return found | {"value": number(cap.limit.value)}


def _window(window: Window) -> dict[str, object]:
    found = {"start": window.start, "end": window.end, "year": window.year}
    return {name: value for name, value in found.items() if value}
