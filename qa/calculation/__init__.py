"""What a rule comes to for the figures of the asker: 3000万元×10%＝300万元, held against its ceiling. Exact, no model.

Only where the clause gives a rate, tiers, bands, a price per unit, a step or a share by year, and the asker's figure
measures what the rule counts by (设备投资 is not 总投资). Never a total over clauses or files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ingest.document import Span
from qa.calculation.amounts import apply
from qa.calculation.figures import figures, inputs, money
from qa.calculation.formula import MONTHS, Asked, Calculation, operate, own, theirs
from qa.calculation.lists import read_list
from qa.calculation.reading import read_limits, read_rules
from qa.calculation.rule import LONGEST, Rule

_ASKS_SUM = re.compile(
    r"多少|几(?:个|万|百|千|块|元)|怎么(?:算|补|奖)|算一?[算下]|测算|计算|能(?:拿|补|领|得|奖|享受|给)|够不够"
)
_ASKS_TO_WORK_OUT = re.compile(r"算一?[算下]|测算|计算|怎么算")
_PAYS = re.compile(r"(?=.*\d(?:\.\d+)?\s?(?:[万亿]?元|[%％‰]))(?=.*(?:奖励|补|资助|给予))")


def calculate(question: str, clause: str) -> Calculation | None:
    """What the clause's rule comes to, or what is missing for it; ``None`` where there is nothing to calculate.

    ``question`` may hold several parts of a conversation, joined by ；.
    """
    if not to_be_worked_out(question) or len(clause) > LONGEST:
        return None
    asked = Asked(question, clause, inputs(question))
    listed = read_list(clause)
    rules = (listed,) if listed else read_rules(clause)
    done = [c for rule in rules if (c := apply(rule, asked)) is not None]
    results = [c for c in done if c.result is not None]
    if len(results) == 1:
        return results[0]
    unmet = [c for c in done if c.unmet]
    if results or len(unmet) > 1:
        return None  # several rules of the clause match: which one applies is not ours to say
    if unmet:
        return unmet[0] if not _unread(clause, rules) else None
    wanting = [c for c in done if c.missing]
    return wanting[0] if wanting and _offers(asked) else None


def to_be_worked_out(question: str) -> bool:
    """Whether the question asks for a sum and gives figures for it, or asks to have it worked out."""
    given = _ASKS_TO_WORK_OUT.search(question) or inputs(question)
    return bool(given and _ASKS_SUM.search(question))


def _unread(clause: str, rules: Sequence[Rule]) -> bool:
    """Whether the clause grants something by words that were not read as a rule: then the asker may fall under those."""
    parts = (Span(*match.span()) for match in re.finditer("[^。；;\n]+", clause))
    return any(_PAYS.search(p.of(clause)) and not any(rule.span.contains(p) for rule in rules) for p in parts)


def limit(question: str, clause: str) -> Calculation | None:
    """A ceiling of the whole file that is a share of the asker's figure: 不超过设备投资额的20% of 3000万元 is 600万元."""
    if len(clause) > LONGEST:
        return None
    asked = Asked(question, clause, inputs(question))
    for cap, metric, words in read_limits(clause):
        given = asked.exact(metric)
        if given and given.figure.kind == "money":
            step = operate("×", given.figure.value, cap.figure.value)
            formula = f"{words.of(clause)}，即{money(step.left)}×{cap.figure.printed}＝{money(step.result)}"
            return Calculation(words, formula, step.result, None, (own(given.figure), theirs(cap.figure)), (step,))
    return None


def sound(calculation: Calculation, question: str, clause: str) -> bool:
    """Whether the calculation follows from the two texts: derived anew it is the same, each term stands where it says with
    that value, each step adds up from terms and earlier steps, and no other figure is in the formula.
    """
    if calculation not in (calculate(question, clause), limit(question, clause)):
        return False
    texts = {"question": (question, figures(question)), "clause": (clause, figures(clause))}
    for term in calculation.terms:
        text, found = texts[term.source]
        read = {(f.span, f.value) for f in found} | {(s, v) for s, v in _words_of_share(text)}
        if term.span.of(text) != term.printed or (term.span, term.value) not in read:
            return False
    known = {t.value for t in calculation.terms} | {MONTHS, Decimal(0), Decimal(1)}  # 12 months a year; 每新增1人
    for step in calculation.steps:
        if step.left not in known or step.right not in known or operate(step.op, step.left, step.right) != step:
            return False
        known.add(step.result)
    shown = {f.value for f in figures(calculation.formula)}
    result = calculation.result
    within = result is None or (
        result in known
        and (calculation.ceiling is None or (result <= calculation.ceiling and calculation.ceiling in known))
    )
    return within and shown <= known


def _words_of_share(text: str) -> Iterator[tuple[Span, Decimal]]:
    for match in re.finditer("全额|减半|1[:：∶]1", text):
        yield Span(*match.span()), Decimal("0.5") if match[0] == "减半" else Decimal(1)


def _offers(asked: Asked) -> bool:
    """Whether to say what is missing: to someone who gave figures of his own, or asks to have it worked out."""
    own = any(i.metric or i.figure.kind in ("count", "area") for i in asked.given)
    return own or bool(_ASKS_TO_WORK_OUT.search(asked.question))
