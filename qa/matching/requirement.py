"""What a measure asks for, one requirement at a time, and whether an asker meets it: 符合, 不符合, 待确认. By rule, no model.

A requirement is a plain value: the same one in a thousand measures is decided once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ingest.document import Level
from ingest.measures.model import Condition, Operator
from qa.calculation.figures import shown
from qa.matching.asker import Asker
from qa.matching.names import BOUNDS, asked, figure_key, period_of
from qa.matching.profile import LABELS, Figure, label

Verdict = Literal["met", "not_met", "unknown"]

Sort = Literal["place", "type", "industry", "size", "qualification", "project_kind", "person", "exclude", "figure", "words", "unread"]  # fmt: skip
NEAR = Decimal("0.5")  # 接近：至少达到门槛的一半 (of an upper bound: at most twice it); further off is not near


@dataclass(frozen=True, slots=True)
class Requirement:
    """``options``: one of them is enough. ``within``: what else of the measure decides it (its qualifications, its classes)."""

    sort: Sort
    name: str
    op: Operator = "is"
    options: tuple[str, ...] = ()
    value: Decimal | None = None
    unit: str = ""
    period: str = ""
    first: bool = False
    within: tuple[str, ...] = ()
    level: Level | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """``said``: what the profile says (所填营业收入9000万元); ``more``: what is missing (还差1000万元). ``asks``: the field of the
    profile that would decide it. ``near``: a threshold that is not met by little. ``likely``: the figure itself reaches the
    threshold, and only its year or 首次 is not said.
    """

    verdict: Verdict
    said: str
    more: str = ""
    asks: str = ""
    gap: Decimal | None = None
    near: bool = False
    likely: bool = False

    def reason(self, quote: str) -> str:
        """With the words of the clause, in Chinese."""
        words = f"“{quote}”" if quote else "该项要求"
        link = {"met": f"，符合{words}", "not_met": f"，不符合{words}", "unknown": f"，条款要求{words}，待确认"}
        return f"{self.said}{link[self.verdict]}{'，' if self.more else ''}{self.more}"


def requirement_of(
    condition: Condition, within: tuple[str, ...], level: Level | None, region: str | None
) -> Requirement:
    """The requirement that a condition states; ``within``: the qualifications of its measure."""
    if condition.amount is None:
        bound = within if condition.metric == "认定方式" else ()
        here = (level, region) if condition.metric == "注册地" else (None, None)
        return Requirement(
            "words", condition.metric, condition.op, (condition.words,), None, "", "", condition.first, bound, *here
        )
    return Requirement(
        "figure", condition.metric, condition.op, (), condition.amount.value, condition.amount.unit, condition.period, condition.first
    )  # fmt: skip


_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "ge": lambda a, b: a >= b,
    "gt": lambda a, b: a > b,
    "le": lambda a, b: a <= b,
    "lt": lambda a, b: a < b,
    "eq": lambda a, b: a == b,
    "is": lambda a, b: a == b,
}
_SIGNS = {"ge": "不低于", "gt": "超过", "le": "不超过", "lt": "低于", "eq": "等于", "is": "等于"}
_AGE_UNITS = frozenset({"岁", "周岁", ""})


def hold_figure(need: Requirement, asker: Asker) -> Held:
    """A threshold against the profile's figure: exact at the bound, just below and just above."""
    if need.name == "年龄":
        return _age(need, asker)
    if need.name in ("成立年限", "成立时间", "注册年限") and need.unit in ("年", "个月"):
        return _founded(need, asker)
    key = figure_key(need.name)
    figure = asker.figures.get(key)
    if figure is None:
        return _bounded(need, asker) or Held("unknown", f"未填{need.name}", asks=asked(key, need.name))
    bound = _in_unit(need, figure)
    if bound is None or need.op not in _COMPARE:
        return Held("unknown", f"所填{need.name}{shown(figure.value, figure.unit)}与条款的单位不同", asks=key)
    said = f"所填{figure.period}{need.name}{shown(figure.value, figure.unit)}"
    reached = _COMPARE[need.op](figure.value, bound)
    unsaid = _unsaid(need, figure)
    if unsaid:
        return Held("unknown", said, unsaid, f"{key}.period", likely=reached)
    if not reached:
        gap = abs(figure.value - bound)
        below = need.op in ("ge", "gt")
        near = figure.value >= bound * NEAR if below else figure.value <= bound / NEAR
        return Held("not_met", said, _gap(need, gap, figure.unit), key, gap, near and need.op not in ("eq", "is"))
    if need.first:
        return _first(need, figure, bound, said, key)
    return Held("met", said)


def _first(need: Requirement, figure: Figure, bound: Decimal, said: str, key: str) -> Held:
    """首次达到: reached now, and in no earlier year."""
    if figure.peak is None:
        if figure.previous is None or not _COMPARE[need.op](figure.previous, bound):
            return Held("unknown", said, "是否首次达到须看以前各年的最高数", f"{key}.peak", likely=True)
        peak = figure.previous
    else:
        peak = figure.peak
    earlier = f"此前最高{shown(peak, figure.unit)}"
    if _COMPARE[need.op](peak, bound):
        return Held("not_met", f"{said}，{earlier}", "此前已经达到，不是首次", key)
    return Held("met", f"{said}，{earlier}")


def _unsaid(need: Requirement, figure: Figure) -> str:
    """What of the year is open: 上年度 is asked for and the figure does not say of which year it is."""
    wanted, given = period_of(need.period), period_of(figure.period)
    if wanted == given or (not wanted and given in ("上年度", "当年")):
        return ""
    if not wanted:
        return f"所填为{figure.period}的数"
    return f"条款看{need.period}，{f'所填为{figure.period}的数' if figure.period else '所填未说明是哪一年的数'}"


def _in_unit(need: Requirement, figure: Figure) -> Decimal | None:
    """The threshold in the unit of the figure; ``None`` where they cannot be compared (元 and 美元)."""
    if need.value is None or need.unit == figure.unit:
        return need.value
    if (need.unit, figure.unit) == ("年", "个月"):
        return need.value * 12
    if (need.unit, figure.unit) == ("个月", "年"):
        return need.value / 12
    people = {"人", "名", "位"}
    pieces = {"件", "项", "个"}
    if any({need.unit, figure.unit} <= units for units in (people, pieces)):
        return need.value
    named = figure_key(need.name).startswith("figures:")
    return (
        need.value if named and not figure.unit else None
    )  # 展位费: 60000, without a unit, is in the unit that is asked


def _bounded(need: Requirement, asker: Asker) -> Held | None:
    """固定资产投资 cannot be above a total investment that is itself below the threshold."""
    bound = BOUNDS.get(need.name)
    figure = asker.figures.get(bound) if bound else None
    if figure is None or need.op not in ("ge", "gt") or need.unit != figure.unit or need.value is None or figure.period:
        return None
    if bound is None or _COMPARE[need.op](figure.value, need.value):
        return None
    said = f"所填{LABELS[bound]}只有{shown(figure.value, figure.unit)}，{need.name}不会更高"
    return Held(
        "not_met", said, f"至少还差{shown(need.value - figure.value, figure.unit)}", bound, need.value - figure.value
    )


def _gap(need: Requirement, gap: Decimal, unit: str) -> str:
    if not gap:
        return "正好等于该数，须高于它" if need.op == "gt" else "正好等于该数，须低于它"
    if need.op in ("ge", "gt"):
        return f"还差{shown(gap, unit)}" if need.op == "ge" else f"还差{shown(gap, unit)}以上"
    return f"超出{shown(gap, unit)}"


def _age(need: Requirement, asker: Asker) -> Held:
    age = asker.profile.age
    if age is None or need.value is None or need.unit not in _AGE_UNITS or need.op not in _COMPARE:
        return Held("unknown", "未填年龄", asks="age")
    if _COMPARE[need.op](Decimal(age), need.value):
        return Held("met", f"所填年龄{age}岁")
    gap = abs(age - need.value)
    return Held("not_met", f"所填年龄{age}岁", _gap(need, gap, "岁"), "age", gap)


def _founded(need: Requirement, asker: Asker) -> Held:
    passed = asker.years_since_founded(need.value, need.unit == "个月") if need.value is not None else None
    if passed is None:
        return Held("unknown", "未填成立日期", asks="founded")
    reached, to_the_day = passed
    verdict = {"ge": reached, "gt": reached and not to_the_day, "le": not reached or to_the_day, "lt": not reached}
    said = f"所填成立日期{asker.profile.founded}，截至{asker.as_of}"
    if need.op not in verdict:
        return Held("unknown", said, asks="founded")
    return Held("met" if verdict[need.op] else "not_met", said)


def threshold(need: Requirement) -> str:
    """The requirement in our own words, where there are none of the clause: 营业收入不低于1亿元."""
    if need.value is None:
        return f"{need.name}{'、'.join(need.options)}"
    return (
        f"{need.period}{'首次' if need.first else ''}{need.name}{_SIGNS.get(need.op, '')}{shown(need.value, need.unit)}"
    )


def question(asks: str) -> str:
    """What to ask a person for the field ``asks``."""
    own, _, rest = asks.partition(":")
    if own in _OPEN and not rest:
        return _OPEN[own]
    if own in ("qualifications", "sizes", "project_kinds", "statements"):
        return {"qualifications": f"是否已认定为{rest}？", "statements": f"以下情形是否属实：{rest}？"}.get(
            own, f"{label(asks)}？"
        )
    return f"{label(asks)}？" if asks.endswith(".period") else f"{label(asks)}是多少？"


_OPEN = {
    "kind": "您是企业、个人，还是机构、团队？",
    "region": "您在哪个省、哪个市、哪个区（县）？请写全",
    "industries": "主要从事什么行业？",
    "scale": "按划型标准属于大型、中型、小型还是微型企业？",
    "degree": "您的最高学历是什么？",
    "talent_class": "您认定为哪一类人才（A类、B类……）？",
    "titles": "您有什么职称或职业资格？",
    "full_time": "是否全职工作？",
    "founded": "企业是哪一天成立的？",
    "project_stage": "项目到了哪一步（备案、开工、竣工、投产、达产）？",
    "qualifications": "有哪些资质，是首次还是重新认定？",
    "project_kinds": "是什么项目（新引进、技改、总部、外资……）？",
}
