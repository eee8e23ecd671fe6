"""申报条件: the conditions that some words set, those with a figure and those in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.document import Span
from ingest.measures.conditions_figures import read_thresholds
from ingest.measures.conditions_numbers import PERIOD
from ingest.measures.conditions_words import read_facts
from ingest.measures.model import Condition

_GROWING = re.compile(
    rf"(?P<period>{PERIOD})?(?P<what>营业收入|主营业务收入|(?:工业)?总?产值|销售额|研发(?:费用|投入)|进出口额|利润|税收|工业增加值|用电量|零售额)?(?:较上年|比上年|同比|均|保持|实现|为)*正增长"
)


def read_conditions(flat: str, within: Span) -> tuple[Condition, ...]:
    """Conditions said in ``within`` of a folded text, in its order.

    >>> [(c.metric, c.op, str(c.amount.value)) for c in read_conditions("产值增速不低于10%的", Span(0, 12))]
    [('产值增速', 'ge', '0.1')]
    """
    thresholds = read_thresholds(flat, within)
    facts = [fact for fact in read_facts(flat, within) if not _of_counted(fact, thresholds)]
    found = (*thresholds, *facts, *_growing(flat, within, thresholds))
    return tuple(sorted(found, key=lambda condition: condition.span.start))


def _of_counted(fact: Condition, thresholds: Sequence[Condition]) -> bool:
    """本市户籍 in 吸纳本市户籍人员10人以上, 大专以上学历 in front of 科技人员占比: of those who are counted, not of the one who applies."""
    counted = ("占比", "人数", "人员数")
    return any(
        each.span.contains(fact.span) or (each.span.start == fact.span.end and each.metric.endswith(counted))
        for each in thresholds
    )


def _growing(flat: str, within: Span, thresholds: Sequence[Condition]) -> Iterator[Condition]:
    """进出口额增速 is 正增长, of 进出口额1亿元以上且同比正增长: without a figure, in the words that are printed."""
    for match in _GROWING.finditer(flat, within.start, within.end) if "正增长" in flat else ():
        before = [
            c
            for c in thresholds
            if c.span.end <= match.start() and not re.search("[。;]", flat[c.span.end : match.start()])
        ]
        what = match["what"] or (before[-1].metric if before else "")
        if what:
            name = f"{what.removeprefix('年').removesuffix('增速')}增速"
            yield Condition(name, "is", Span(*match.span()), words="正增长", period=match["period"] or "")
