"""Each form of rule applied to the asker's figures: formula, steps, result, ceiling. Exact, no model."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ingest.document import Span
from ingest.numerals import chinese_to_int
from qa.calculation.figures import Figure, Input, amount, money, moved, plain
from qa.calculation.formula import (
    MONTHS,
    Asked,
    Calculation,
    Step,
    Term,
    base,
    chosen,
    held,
    meets,
    named_in,
    operate,
    own,
    theirs,
)
from qa.calculation.rule import Band, Cap, Rule, unit_class

_COUNTED = {"人": "人数", "㎡": "面积", "个月": "月数", "年": "年数", "千瓦时": "电量"}
_SEVERAL = frozenset("台 套 台套 次 项 个 件 批".split())
_TOPS_UP = re.compile(r"差额补足|补足差额|补差|按差额")


def apply(rule: Rule, asked: Asked) -> Calculation | None:
    """The rule for the asker's figures, held against its bounds and ceilings; ``None`` where it does not come to a sum."""
    forms = {
        "rate": _rate,
        "tiers": _tiers,
        "per_unit": _per_unit,
        "progressive": _progressive,
        "step": _steps,
        "schedule": _schedule,
    }
    draft = forms[rule.form](rule, asked)
    if draft is None or draft.missing or draft.unmet:
        return draft
    if draft.result is not None and any(draft.result < floor.value for floor in rule.floors):
        return None  # what is paid at least is quoted from the clause
    met = []
    for bound in rule.thresholds:
        verdict, words = held(bound, asked)
        if verdict is False:
            return Calculation(rule.span, unmet=words)
        met += [words] if verdict else []
    # a ceiling of the sum that is named “最高” again among the conditions would be said twice
    return _capped(replace(draft, conditions=rule.conditions, met=tuple(met)), rule, asked)


def _rate(rule: Rule, asked: Asked) -> Calculation | None:
    found, band = base(rule, asked), chosen(rule, asked)
    if isinstance(found, Calculation):
        return found
    if isinstance(band, Calculation):
        return band
    value, terms, steps, words = found
    step = operate("×", value, band.amount.value)
    of_class = f"（{band.label.of(asked.clause)}）" if band.label else ""
    formula = f"{words}×{band.amount.printed}{of_class}＝{money(step.result)}"
    return Calculation(rule.span, formula, step.result, None, (*terms, theirs(band.amount)), (*steps, step))


def _tiers(rule: Rule, asked: Asked) -> Calculation | None:
    metric = rule.metric or ""
    pair = moved(asked.given, asked.question, metric)
    if pair and len(rule.bands) > 1:
        return _risen(rule, asked, pair)
    found = [i for i in asked.of(metric) if i.figure.comparator in (None, "gt", "ge") and not i.figure.approximate]
    if len(found) != 1 or found[0].figure.kind != (rule.bands[0].lower or found[0].figure).kind:
        return Calculation(rule.span, missing=(metric,)) if len(found) != 1 else None
    figure = found[0].figure
    hits = [b for b in rule.bands if b.lower and meets(figure, b.lower) and (b.upper is None or meets(figure, b.upper))]
    value = money(figure.value) if figure.kind == "money" else figure.printed
    value = f"超过{value}" if figure.comparator == "gt" else value
    edge, note = _edge(rule, asked, figure)
    if not hits:
        lowest = rule.bands[0].lower
        low = f"，不在条款所列的档次内（最低一档{lowest.printed}）" if lowest and not edge else ""
        return Calculation(rule.span, unmet=f"{metric}{value}{low}{note}")
    if len(hits) > 1 and any(b.upper for b in hits):
        return None  # 1000万元以上…、1000万元以下…: both include the bound, and the clause does not say which counts
    band = max(hits, key=lambda b: b.lower.value if b.lower else Decimal(0))
    verb = _verb(rule, asked) if band.lower and band.lower.comparator == "gt" else ""
    tier = f"{verb}{band.lower.printed if band.lower else ''}{'至' + band.upper.printed if band.upper else ''}"
    formula = f"{metric}{value}，按“{tier}”一档，为{band.amount.printed}{note}"
    terms = (own(figure), *(theirs(f) for b in (band, edge) if b for f in (b.amount, b.lower, b.upper) if f))
    return Calculation(rule.span, formula, band.amount.value, None, terms)


def _verb(rule: Rule, asked: Asked) -> str:
    """突破 or 超过, as the clause has it."""
    first = rule.bands[0].lower
    found = re.search(r"(?:突破|超过|高于|大于)\Z", asked.clause[: first.span.start]) if first else None
    return found.group() if found else "超过"


def _edge(rule: Rule, asked: Asked, figure: Figure) -> tuple[Band | None, str]:
    """The band whose bound is exactly the asker's figure and does not include it, with a remark that says so."""
    for band in rule.bands:
        low = band.lower
        if low and low.comparator == "gt" and low.value == figure.value and figure.comparator is None:
            bound = f"{_verb(rule, asked)}{low.printed}"
            return band, f"；正好{low.printed}不算“{bound}”，{bound}的为{band.amount.printed}"
    return None, ""


def _risen(rule: Rule, asked: Asked, pair: tuple[Input, Input]) -> Calculation | None:
    """从1亿做到5亿 where the clause makes up the difference: the sum of the new tier less that of the old one."""
    if not _TOPS_UP.search(asked.clause):
        return None
    old, new = (
        max(
            (b for b in rule.bands if b.lower and b.lower.value <= i.figure.value),
            key=lambda b: b.lower.value if b.lower else 0,
            default=None,
        )
        for i in pair
    )
    if new is None or new is old or new.lower is None:
        return None
    terms = [own(pair[0].figure), own(pair[1].figure), theirs(new.lower), theirs(new.amount)]
    strict = new.lower.comparator == "gt" and new.lower.value == pair[1].figure.value
    exact = f"；正好{new.lower.printed}不算“{_verb(rule, asked)}{new.lower.printed}”" if strict else ""
    if old is None or old.lower is None:
        return Calculation(
            rule.span, f"{new.lower.printed}档{new.amount.printed}{exact}", new.amount.value, None, tuple(terms)
        )
    step = operate("－", new.amount.value, old.amount.value)
    formula = (
        f"{new.lower.printed}档{new.amount.printed}，已领{old.lower.printed}档{old.amount.printed}的按差额补足，"
        f"即{money(step.left)}－{money(step.right)}＝{money(step.result)}{exact}"
    )
    terms += [theirs(old.lower), theirs(old.amount)]
    return Calculation(rule.span, formula, step.result, None, tuple(terms), (step,))


def _per_unit(rule: Rule, asked: Asked) -> Calculation | None:
    """每人每月1000元 times the asker's people and months; 每月 in the question leaves the months out."""
    band = chosen(rule, asked)
    if isinstance(band, Calculation):
        return band
    price = re.sub("分别|奖励|给予|一次性|发放|[，,]", "", rule.base.of(asked.clause)) if rule.base else ""
    if re.search("新增|增加", price) and not re.search("新增|增加|新招|多(?![少久大长])", asked.question):
        return Calculation(rule.span, missing=(price.split("每")[0] or "新增的数量",))
    total, terms, factors = band.amount.value, [theirs(band.amount)], [f"{price}{band.amount.printed}"]
    steps: list[Step] = []
    missing: list[str] = []
    for unit in rule.units:
        count = _count(unit, rule, asked)
        if count:
            value, words, used, before = count
            steps += [*before, operate("×", total, value)]
            total, terms = steps[-1].result, [*terms, *used]
            factors.append(words)
        elif not (unit in ("个月", "年") and re.search(rf"(?:每个?|一个?){unit.removeprefix('个')}", asked.question)):
            missing.append(_COUNTED.get(unit, f"{unit}数"))
    if missing or not steps:
        return Calculation(rule.span, missing=tuple(missing)) if missing else None
    per = "" if len(factors) > len(rule.units) else "（每月）" if "个月" in rule.units else "（每年）"
    return Calculation(rule.span, f"{'×'.join(factors)}＝{money(total)}{per}", total, None, tuple(terms), tuple(steps))


def _count(unit: str, rule: Rule, asked: Asked) -> tuple[Decimal, str, list[Term], list[Step]] | None:
    """How many of ``unit`` the asker has, at most as many as the clause pays for."""
    found = [i.figure for i in asked.given if _counts(i.figure, unit, asked.question)]
    if len(found) != 1 or found[0].approximate or found[0].comparator:
        return None
    figure = found[0]
    value, terms, steps = figure.value, [own(figure)], []
    label = {"个月": "个月", "年": "年", "㎡": "平方米", "人": "人"}.get(unit, unit)
    words = f"{amount(value)}{label}"
    if unit == "个月" and figure.unit == "年":
        steps.append(operate("×", value, MONTHS))
        value, words = steps[0].result, f"{amount(steps[0].result)}个月"
    most = next((f for f in rule.limits if unit_class(f.unit) in (unit, "年" if unit == "个月" else unit)), None)
    longest = operate("×", most.value, MONTHS) if most and unit == "个月" and most.unit == "年" else None
    bound = longest.result if longest else most.value if most else value
    if most and value > bound:
        terms.append(theirs(most))
        steps += [longest] if longest else []
        value, words = bound, f"{amount(bound)}{label}（所给{words}，超出部分不计）"
    return value, words, terms, steps


def _counts(figure: Figure, unit: str, question: str) -> bool:
    behind = question[figure.span.end : figure.span.end + 6]
    if unit == "人":
        person = re.match(r"[^，。；、]{0,4}?(?:人|生|博士|硕士|本科|员工|职工|技师|工人|引进)", behind)
        return figure.unit in ("人", "名", "位") or (figure.unit == "个" and bool(person))
    if unit == "个月":
        return figure.unit == "个月" or (figure.unit == "年" and figure.kind == "duration")
    if unit in ("项", "件", "个", "台", "家"):
        return figure.unit == unit or (figure.unit == "个" and not re.match(r"[^，。；、]{0,3}(?:人|生|月)", behind))
    return unit_class(figure.unit) == unit and figure.kind in ("count", "area", "duration")


def _progressive(rule: Rule, asked: Asked) -> Calculation | None:
    """Each band pays its rate on what lies within it."""
    found = base(rule, asked)
    if isinstance(found, Calculation):
        return found
    value, given, before, words = found
    terms, steps = list(given), list(before)
    parts: list[str] = []
    shares: list[Decimal] = []
    for band in rule.bands:
        low, high = (band.lower.value if band.lower else Decimal(0)), band.upper
        if value <= low:
            continue
        terms += [theirs(band.amount), *(theirs(f) for f in (band.lower, high) if f)]
        if band.amount.kind == "money":  # 不超过1万元的，每件交纳50元
            parts.append(band.amount.printed)
            shares.append(band.amount.value)
            continue
        top = min(value, high.value) if high else value
        within = operate("－", top, low)
        paid = operate("×", within.result, band.amount.value)
        steps += [within, paid]
        part = f"（{money(top)}－{money(low)}）" if low else money(top)
        parts.append(f"{part}×{band.amount.printed}")
        shares.append(paid.result)
    if not shares:
        lowest = rule.bands[0].lower
        none = f"，未超过{lowest.printed}，没有计入补助的部分" if lowest else ""
        return Calculation(rule.span, unmet=f"{words}{none}")
    total = shares[0]
    for share in shares[1:]:
        steps.append(operate("＋", total, share))
        total = steps[-1].result
    sums = f"＝{'＋'.join(money(s) for s in shares)}" if len(shares) > 1 else ""
    formula = f"{words}，{'＋'.join(parts)}{sums}＝{money(total)}" if steps[len(before) :] else f"{words}，为{parts[0]}"
    return Calculation(rule.span, formula, total, None, tuple(terms), tuple(steps))


def _steps(rule: Rule, asked: Asked) -> Calculation | None:
    """达到10亿元奖励50万元, 每增加1亿元再奖励5万元: only whole steps count."""
    found = base(rule, asked)
    if isinstance(found, Calculation):
        return found
    value, given, before, words = found
    band = rule.bands[0]
    if band.lower is None or rule.step is None:
        return None
    size, gain = rule.step
    if not meets(Figure("money", value, "CNY", Span(0, 0), ""), band.lower):
        return Calculation(rule.span, unmet=f"{words}，未达到条款要求的{band.lower.printed}")
    over = operate("－", value, band.lower.value)
    times = operate("÷", over.result, size.value)
    more = operate("×", gain.value, times.result)
    total = operate("＋", band.amount.value, more.result)
    formula = (
        f"{words}，{band.lower.printed}一档为{band.amount.printed}，超出{money(over.result)}，每满{size.printed}加{gain.printed}，"
        f"{band.amount.printed}＋{gain.printed}×{plain(times.result)}＝{money(total.result)}"
    )
    terms = (*given, *(theirs(f) for f in (band.lower, band.amount, size, gain)))
    return Calculation(rule.span, formula, total.result, None, terms, (*before, over, times, more, total))


def _schedule(rule: Rule, asked: Asked) -> Calculation | None:
    """第一年按100%, 第二年按70% of a yearly rent: the year that the question names."""
    found = base(rule, asked)
    if isinstance(found, Calculation):
        return found
    value, given, before, words = found
    year = re.search("第([一二三四五六七八九十])年", asked.question)
    yearly = re.search(rf"年.{{0,6}}{rule.metric}|{rule.metric}.{{0,4}}[每一]年", asked.question)
    if year is None or yearly is None:
        wanting = ([] if yearly else [f"每年的{rule.metric}"]) + ([] if year else ["第几年"])
        return Calculation(rule.span, missing=tuple(wanting))
    at = chinese_to_int(year[1])
    if at > len(rule.bands):
        return Calculation(rule.span, unmet=f"条款没有列明第{year[1]}年的标准")
    band = rule.bands[at - 1]
    share = operate("×", value, band.amount.value)
    printed = band.amount.printed
    rate = printed if printed[-1] in "%％" else f"{plain(band.amount.value * 100)}%（{printed}）"
    formula = f"第{year[1]}年{words}×{rate}＝{money(share.result)}"
    return Calculation(rule.span, formula, share.result, None, (*given, theirs(band.amount)), (*before, share))


def _capped(draft: Calculation, rule: Rule, asked: Asked) -> Calculation:
    """Holds the sum against the ceilings of the clause; the lowest one counts."""
    caps = [cap for cap in rule.caps if cap.figure.unit == "CNY"]
    labels = [cap.label for cap in caps if cap.label]
    if labels:
        named = [label for label in labels if named_in(asked.question, label, labels)]
        if len(named) != 1:
            return Calculation(rule.span, missing=(f"属于哪一类（{'、'.join(labels)}）",))
        caps = [cap for cap in caps if cap.label in (None, named[0])]
    if not caps or draft.result is None:
        return draft
    if any(_for_one(cap, asked) for cap in caps):
        return Calculation(rule.span, missing=("每次（台、项）各是多少",))
    if any(re.search("每年|年度", cap.words.of(asked.clause)) for cap in caps) and any(
        i.figure.kind == "duration" and i.figure.value > 1 for i in asked.given
    ):
        return Calculation(rule.span, missing=("每年各是多少",))
    lowest = min(caps, key=lambda cap: cap.figure.value)
    most, words = lowest.figure.value, re.sub(r"\s+", "", lowest.words.of(asked.clause))
    if draft.result > most:
        said = f"，超过上限{money(most)}（{words}），按{money(most)}计"
    else:
        said = f"，{'正好等于' if draft.result == most else '未超过'}上限{money(most)}（{words}）"
    return replace(
        draft,
        formula=draft.formula + said,
        result=min(draft.result, most),
        ceiling=most,
        terms=(*draft.terms, theirs(lowest.figure)),
        conditions=(*draft.conditions, *(cap.words for cap in caps if cap is not lowest)),
    )


def _for_one(cap: Cap, asked: Asked) -> bool:
    """单次最高3万元, where the asker speaks of four times: what each came to is not known."""
    if not re.search(r"单(?:次|台|套|项|个项目|件|批)", cap.words.of(asked.clause)):
        return False
    return any(i.figure.kind == "count" and i.figure.value > 1 and i.figure.unit in _SEVERAL for i in asked.given)
