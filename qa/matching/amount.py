"""What a measure comes to for an asker: the sum with formula, steps, ceiling and assumptions, or the rule in words and what is missing.

Exact decimals, no model. Sums of different benefits and clauses are never added up.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ingest.measures.model import FORM_NAMES, Amount, Benefit, Cap, Form, Measure, Tier
from qa.calculation.figures import money, shown
from qa.calculation.formula import Step, operate
from qa.matching.asker import Asker
from qa.matching.names import asked, figure_key
from qa.matching.profile import Figure, label

Piece = str | Amount | Decimal  # an Amount is shown as the clause prints it, a Decimal as a sum of money

# Scopes of a ceiling on the price of one piece: without the number of pieces the whole sum cannot be held against it.
_PIECEWISE = tuple(
    "平方米|㎡|亩|每人|每月|月每|单台|每台|每套|每件|每项|每吨|千瓦|单人|每名|每个|每辆|每座|每条|每场".split("|")
)
_YEARLY = ("每年", "年度", "/年", "全年")


class Worked(NamedTuple):
    """One benefit worked out. ``value`` in 元; ``most``: no sum is known but it is at most this (最高500万元); ``per``: 每年, 每月
    where ``value`` is of one of them; ``at_most``: the full term is assumed (最长36个月). ``missing``: fields of the profile that
    are needed; ``refused``: why the rule is only quoted. ``assumed``: what the sum rests on. ``term``: the sum is of several
    years or months together.
    """

    form: Form
    value: Decimal | None = None
    most: Decimal | None = None
    pieces: tuple[Piece, ...] = ()
    steps: tuple[Step, ...] = ()
    per: str = ""
    at_most: bool = False
    missing: tuple[str, ...] = ()
    refused: str = ""
    assumed: tuple[str, ...] = ()
    tier: int | None = None
    term: bool = False

    def formula(self, text: str) -> str:
        """``设备投资额3000万元×8%＝240万元``; ``text``: of the document, whose figures are shown as printed."""
        return "".join(
            p if isinstance(p, str) else money(p) if isinstance(p, Decimal) else p.span.of(text) for p in self.pieces
        )

    def sentence(self, text: str) -> str:
        """As a person reads it, in Chinese."""
        if self.missing:
            return f"要测算数额，还需说明：{'、'.join(map(label, self.missing))}。"
        if self.value is None and self.most is None:
            return f"{self.refused or FORM_NAMES[self.form]}，以条款原文为准，不作测算。"
        assumed = f"（{'；'.join(self.assumed)}）" if self.assumed else ""
        result = (
            f"测算：{self.formula(text)}" if self.value is not None else f"{self.formula(text)}，具体数额条款未列明"
        )
        return f"{result}{assumed}，以主管部门审核为准。"

    @property
    def rank(self) -> Decimal:
        """For sorting: the sum, else its upper bound."""
        return self.value if self.value is not None else self.most or Decimal(0)


def words_only(benefit: Benefit, why: str = "") -> Worked:
    """The rule is quoted and nothing is worked out."""
    return Worked(benefit.form, refused=why or f"{FORM_NAMES[benefit.form]}")


def needs(benefit: Benefit, *asks: str) -> Worked:
    """Something is missing from the profile."""
    return Worked(benefit.form, missing=asks)


def base_figure(benefit: Benefit, asker: Asker) -> tuple[Figure, str] | Worked:
    """The asker's figure that a rate is of, in 元, with its name."""
    if benefit.base is None:
        return words_only(benefit, "条款未写明计算基数")
    key = figure_key(benefit.base.text)
    figure = asker.figures.get(key)
    if figure is None:
        return needs(benefit, asked(key, benefit.base.text))
    if figure.unit not in ("元", ""):
        return words_only(benefit, f"所填{label(key)}的单位是{figure.unit}，须先折算为人民币")
    return figure, benefit.base.text


def quantity_key(measure: Measure, benefit: Benefit) -> str:
    """Which figure says how many units are paid for: the base (新增用电量), else persons or things by the measure's own words."""
    if benefit.base is not None:
        return figure_key(benefit.base.text)
    unit = benefit.per.unit if benefit.per else ""
    if unit == "人" and measure.beneficiary.person:
        return f"figures:{measure.beneficiary.person[0].text}人数"
    kind = {"人": "人数", "㎡": "面积"}.get(unit, f"{unit}数")
    return f"figures:{benefit.subtype or measure.name[:20]}{kind}"


def limited(worked: Worked, limit: Amount | None, scope: str) -> Worked:
    """Held against a ceiling: 最高1000万元, 按1000万元计."""
    if worked.value is None or limit is None:
        return worked
    if limit.unit != "元":
        if limit.unit == "":
            return noted(worked, f"另有{scope}按比例计的上限，条款未写明基数，未比较")
        return words_of(worked, f"上限以{limit.unit}计")
    if piecewise(scope):
        return words_of(worked, f"上限按“{scope}”计，须有数量才能比较")
    if worked.value <= limit.value:
        return worked._replace(pieces=(*worked.pieces, f"，{scope}最高", limit, "，未超过"))
    return worked._replace(
        value=limit.value, pieces=(*worked.pieces, f"，{scope}最高", limit, "，按", limit.value, "计")
    )


def noted(worked: Worked, *said: str) -> Worked:
    """With more that the sum rests on."""
    return worked._replace(assumed=(*worked.assumed, *said)) if said else worked


def words_of(worked: Worked, why: str) -> Worked:
    """The same rule in words only."""
    return Worked(worked.form, refused=why, tier=worked.tier)


def piecewise(scope: str) -> bool:
    """Whether a ceiling is of one piece, metre or month."""
    return any(word in scope for word in _PIECEWISE)


def yearly(scope: str) -> bool:
    """Whether a ceiling is of one year."""
    return any(word in scope for word in _YEARLY)


def held_to_caps(worked: Worked, caps: tuple[Cap, ...], asker: Asker) -> Worked:
    """The measure's own ceilings over several benefits; those that cannot be compared with the sum are stated."""
    for cap in caps:
        if worked.value is None:
            return worked
        worked = _held_to_share(worked, cap, cap.base.text, asker) if cap.base else _held_to_sum(worked, cap)
    return worked


def _held_to_sum(worked: Worked, cap: Cap) -> Worked:
    """A ceiling of a year binds the sum of a year, one of all years the sum of all; a sum of less may still be too much."""
    if cap.limit.unit != "元" or worked.value is None:
        return limited(worked, cap.limit, cap.scope)
    shorter = worked.per == "每月" or (worked.per == "每年" and not yearly(cap.scope))
    longer = worked.term and yearly(cap.scope)
    over = worked.value > cap.limit.value
    if (shorter and not over) or (longer and over):
        return noted(worked, f"另有{cap.scope}最高{shown(cap.limit.value, '元')}的上限，与本数所计期间不同，未比较")
    return limited(worked, cap.limit, cap.scope)


def _held_to_share(worked: Worked, cap: Cap, base: str, asker: Asker) -> Worked:
    figure = asker.figures.get(figure_key(base))
    if cap.limit.unit != "" or worked.value is None:
        return noted(worked, f"另有以{base}计的上限，未比较")
    if figure is None or figure.unit not in ("元", ""):
        return noted(worked, f"另有以{base}计的上限，未填该数，未比较")
    step = operate("×", figure.value, cap.limit.value)
    over = worked.value > step.result
    pieces = (
        *worked.pieces, f"，{cap.scope}不超过{base}", figure.value, "×", cap.limit, "＝", step.result,
        *(("，按", step.result, "计") if over else ("，未超过",)),
    )  # fmt: skip
    return worked._replace(value=min(worked.value, step.result), pieces=pieces, steps=(*worked.steps, step))


def tier_rank(tier: Tier) -> Decimal:
    """What makes one tier higher than another."""
    amount = tier.value or tier.max or tier.rate or tier.area
    return amount.value if amount else Decimal(0)
