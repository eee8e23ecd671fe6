"""A rule of a clause and the figures of the asker → the formula, its terms and steps, and what is missing. Exact, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ingest.document import Span
from ingest.normalize import fold
from qa.calculation.figures import Figure, Input, fits, money, moved
from qa.calculation.rule import Band, Rule, Threshold

CLOSING = "以主管部门审核为准。"
Source = Literal["question", "clause"]
Op = Literal["×", "＋", "－", "÷"]
MONTHS = Decimal(12)


@dataclass(frozen=True, slots=True)
class Term:
    """A figure that the calculation rests on, printed at ``span`` of the question or of the clause."""

    source: Source
    span: Span
    printed: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """``left op right == result``; ÷ drops the remainder (每增加1亿元)."""

    op: Op
    left: Decimal
    right: Decimal
    result: Decimal


@dataclass(frozen=True, slots=True)
class Calculation:
    """``formula``: words and figures up to the ceiling; ``result`` in 元 after it, ``None`` where something is ``missing`` or a
    bound is not met (``unmet``). ``conditions``: spans of the clause that are assumed, not verified; ``met``: bounds that the
    asker's own figures meet. ``span``: the words of the clause that the rule stands in.
    """

    span: Span
    formula: str = ""
    result: Decimal | None = None
    ceiling: Decimal | None = None
    terms: tuple[Term, ...] = ()
    steps: tuple[Step, ...] = ()
    conditions: tuple[Span, ...] = ()
    met: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unmet: str = ""

    def text(self, clause: str) -> str:
        """As a person reads it, in Chinese; ``clause`` is the text it was calculated from."""
        if self.missing:
            return f"要测算数额，还需说明：{'、'.join(self.missing)}。"
        said = self.unmet or f"测算：{self.formula}"
        met = f"其中{'、'.join(self.met)}已符合。" if self.met else ""
        words = "；".join(re.sub(r"\s+", "", span.of(clause)) for span in self.conditions)
        assumed = f"以下条件按符合计，未经核实：{words}。" if words and not self.unmet else ""
        return f"{said}。{assumed}{met if not self.unmet else ''}{CLOSING}"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question with its figures, the clause, and whether a sum is asked for."""

    question: str
    clause: str
    given: tuple[Input, ...]

    def of(self, metric: str) -> list[Input]:
        return [i for i in self.given if i.metric and fits(i.metric, metric)]

    def exact(self, metric: str) -> Input | None:
        """The one exact figure of ``metric``; of two different ones neither can be chosen."""
        found = [i for i in self.of(metric) if i.figure.comparator is None and not i.figure.approximate]
        return found[0] if len({i.figure.value for i in found}) == 1 and len(found) == len(self.of(metric)) else None


def operate(op: Op, left: Decimal, right: Decimal) -> Step:
    """The step with its result."""
    result = {
        "×": lambda: left * right,
        "＋": lambda: left + right,
        "－": lambda: left - right,
        "÷": lambda: left // right,
    }
    return Step(op, left, right, result[op]())


def own(figure: Figure) -> Term:
    """A figure of the question."""
    return Term("question", figure.span, figure.printed, figure.value)


def theirs(figure: Figure) -> Term:
    """A figure of the clause."""
    return Term("clause", figure.span, figure.printed, figure.value)


def held(bound: Threshold, asked: Asked) -> tuple[bool | None, str]:
    """Whether the asker's own figure meets a bound of the clause, with the words; ``None`` where he gave none."""
    given = asked.of(bound.metric)
    if not given or any(i.figure.kind != bound.figure.kind for i in given):
        return None, ""
    figure = given[0].figure
    if figure.comparator in ("lt", "le") or figure.approximate or len(given) > 1:
        return None, ""
    sign = {"ge": "不低于", "gt": "超过", "le": "不超过", "lt": "低于"}[bound.figure.comparator or "ge"]
    name = "" if bound.metric in figure.printed else bound.metric
    if meets(figure, bound.figure):
        return True, f"{name}{figure.printed}（要求{sign}{bound.figure.printed}）"
    if figure.comparator:
        return None, ""
    return False, f"{name}{figure.printed}，不符合条款要求的{sign}{bound.figure.printed}，不能按该条测算"


def meets(figure: Figure, bound: Figure) -> bool:
    """以上 and 不低于 include the bound itself, 超过 and 突破 do not; a figure that is itself 超过 lies above its own."""
    above = figure.comparator == "gt"
    return {
        "ge": figure.value >= bound.value,
        "gt": figure.value > bound.value or (above and figure.value == bound.value),
        "le": figure.value <= bound.value and not figure.comparator,
        "lt": figure.value < bound.value and not figure.comparator,
    }[bound.comparator or "ge"]


def base(rule: Rule, asked: Asked) -> tuple[Decimal, tuple[Term, ...], tuple[Step, ...], str] | Calculation:
    """The asker's figure that the rule counts by, with its words, or what is missing."""
    metric = rule.metric or ""
    name = (
        rule.base.of(asked.clause).removeprefix("其") if rule.base else metric
    )  # the file's own words: 单台（套）实际销售价格
    given = asked.exact(metric)
    if given and given.figure.kind == "money" and given.figure.unit == "CNY":
        return given.figure.value, (own(given.figure),), (), f"{name}{money(given.figure.value)}"
    if metric.endswith("增加额") and (pair := moved(asked.given, asked.question, metric.removesuffix("增加额"))):
        first, second = pair[0].figure, pair[1].figure
        if second.value > first.value:
            step = operate("－", second.value, first.value)
            words = f"{name}{money(second.value)}－{money(first.value)}＝{money(step.result)}，{money(step.result)}"
            return step.result, (own(first), own(second)), (step,), words
    if given and given.figure.unit != "CNY":
        return Calculation(rule.span, missing=(f"{name}（须是人民币金额）",))
    return Calculation(rule.span, missing=(f"{name}（须是准确数）" if asked.of(metric) else name,))


def chosen(rule: Rule, asked: Asked) -> Band | Calculation:
    """The band whose name the question says; the only one where there is one."""
    if len(rule.bands) == 1:
        return rule.bands[0]
    names = [band.label.of(asked.clause) if band.label else "" for band in rule.bands]
    every = [part for name in names for part in name.split("、")]  # 客运业务、管道运输 are one class
    named = [any(named_in(asked.question, part, every) for part in name.split("、")) for name in names]
    if sum(named) != 1:
        joint = "、" if len(every) == len(names) else "；"
        return Calculation(rule.span, missing=(f"属于哪一类（{joint.join(names)}）",))
    return rule.bands[named.index(True)]


def named_in(question: str, name: str, names: Sequence[str]) -> bool:
    """Whether the question says ``name``, or as much of its beginning as tells it from the others."""
    flat = fold(question)
    for size in range(len(name), 1, -1):
        part = fold(name[:size])
        if any(part in fold(other) for other in names if other != name):
            return False
        if part in flat:
            return True
    return False
