"""关键目标 and 责任分工 as tables to keep or to send: each row with the words that say it and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qa.answer import Citation
from qa.export_tables import Table
from qa.framework.goals import UNSTATED, Target
from qa.framework.responsibilities import Responsibilities

_PLACE = ("原文", "文件", "条款")
_REMARK = "“未标明”是文件没有写明。"


def targets_table(targets: Sequence[Target]) -> Table:
    """A row a target, in the order of the text."""
    rows = ((t.metric, t.comparator or UNSTATED, f"{t.value}{t.unit}", t.period, *_place(t.citation)) for t in targets)
    return Table("关键目标", ("指标", "比较词", "目标值", "期限", *_PLACE), tuple(rows), (_REMARK,))


def duties_table(found: Responsibilities) -> Table:
    """A row a duty, departments with the most to do first; tasks without a department last."""
    named = [
        (department.name, duty.printed, *_place(duty.item.citation))
        for department in found.departments
        for duty in department.duties
    ]
    without = [(UNSTATED, UNSTATED, *_place(item.citation)) for item in found.unassigned]
    return Table("责任分工", ("责任单位", "分工", *_PLACE), (*named, *without), (_REMARK,))


def _place(citation: Citation) -> tuple[str, str, str]:
    return " ".join(citation.quote.split()), citation.source, citation.path


TABLES: Mapping[str, Callable[[Any], Table]] = {"targets": targets_table, "responsibilities": duties_table}
