"""申报条件: the conditions that some words set, those with a figure and those in words."""

from __future__ import annotations

from ingest.document import Span
from ingest.measures.conditions_figures import read_thresholds
from ingest.measures.conditions_words import read_facts
from ingest.measures.model import Condition


def read_conditions(flat: str, within: Span) -> tuple[Condition, ...]:
    """Conditions said in ``within`` of a folded text, in its order.

    >>> [(c.metric, c.op, str(c.amount.value)) for c in read_conditions("产值增速不低于10%的", Span(0, 12))]
    [('产值增速', 'ge', '0.1')]
    """
    found = (*read_thresholds(flat, within), *read_facts(flat, within))
    return tuple(sorted(found, key=lambda condition: condition.span.start))
