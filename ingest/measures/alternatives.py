"""且 and 或: which conditions hold together and which stand in for each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.measures.conditions_words import forbids, one_of
from ingest.measures.model import Condition, Logic

_ITEM = re.compile(r"[;\n]|[(]?(?:\d{1,2}|[一二三四五六七八九十])[)]|\d[.、](?!\d)|[①-⑳]")
_OR = re.compile(r"(?:,|以上|以下|的|\))?\s?(?:或者?|或是)")
_WITH = re.compile(r"[、且并].?")
_BUT_LESS = ("lt", "le")
_FAILING = re.compile(
    r"[;。](?:[^,;。]{0,8})?(?:不符合|不具备|未达到?|不满足|达不到)[^,;。]{2,24}(?:条件|要求|标准)的,"
)


def combine(flat: str, conditions: Sequence[Condition]) -> tuple[tuple[Condition, ...], Logic | None]:
    """The conditions with their alternatives numbered, and how they are joined; no logic for a single one."""
    found = _one_of(flat, conditions) or _instead(flat, conditions) or _either(flat, conditions) or tuple(conditions)
    if any(condition.alternative for condition in found):
        return found, "or"
    return found, "and" if len(found) > 1 else None


def _one_of(flat: str, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """符合下列条件之一：…；…；…"""
    said = one_of(flat)
    if said is None or forbids(flat):  # each of the things that exclude is enough to exclude: none of them may hold
        return ()
    found: list[Condition] = []
    last, number = -1, 0
    for condition in conditions:
        if condition.span.start < said.end():
            found.append(condition)
            continue
        if last < 0 or _ITEM.search(flat, last, condition.span.start):
            number += 1
        last = condition.span.end
        found.append(replace(condition, alternative=number))
    return tuple(found) if number > 1 else ()


def _instead(flat: str, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """营业收入1000万元以上；不足1000万元的，融资2000万元以上: the second stands in for the first."""
    for number, short in enumerate(conditions):
        if short.op not in _BUT_LESS or short.amount is None:
            continue
        for earlier in conditions[:number]:
            same = earlier.metric == short.metric and earlier.amount and earlier.amount.value == short.amount.value
            if same and earlier.op in ("ge", "gt") and number + 1 < len(conditions):
                others = [c if c is not earlier else replace(c, alternative=1) for c in conditions[:number]]
                return (*others, *(replace(c, alternative=2) for c in conditions[number + 1 :]))
    return ()


def _either(flat: str, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """A以上或B以上: neighbours with 或 between them; those that 、 or 且 joins to either side belong to it."""
    runs: list[list[int]] = [[0]]
    joins: list[str] = []
    for number in range(1, len(conditions)):
        before, after = conditions[number - 1], conditions[number]
        between = flat[before.span.end : after.span.start]
        excludes = before.op == after.op == "not"  # none of the lists may name one
        if _OR.match(between) and not excludes and not re.search("[。;]", between):
            joins.append("or")
            runs.append([number])
        elif _WITH.fullmatch(between[:2]):
            runs[-1].append(number)
        else:
            joins.append("")
            runs.append([number])
    found = list(conditions)
    group = 0
    failing = _FAILING.search(flat)
    for number, join in enumerate(joins):
        if join != "or":
            continue
        if found[runs[number][0]].alternative == 0:
            group += 1
            for index in runs[number]:
                found[index] = replace(found[index], alternative=group)
        group += 1
        for index in runs[number + 1]:
            found[index] = replace(found[index], alternative=group)
    for index, condition in enumerate(found if group and failing else ()):
        if failing and condition.span.start >= failing.end() and not condition.alternative:
            found[index] = replace(condition, alternative=group + 1)
    return tuple(found) if group else ()
