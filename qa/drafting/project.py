"""What a drafter writes of a project in one line: its name, its facts as he words them, and the rest.

>>> found = project_of("底盘零部件项目，总投资3亿元，用地80亩，拟落户智谷产业园")
>>> found.name, found.told, found.others
('底盘零部件项目', {'总投资': '3亿元', '用地': '80亩'}, ('拟落户智谷产业园',))
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.calculation.figures import figures
from qa.drafting.request import Request
from qa.matching import Figure
from qa.matching.profile import LABELS

LAND, TERM, OUTPUT, JOBS = "用地", "建设期", "达产产值", "新增就业"
_MONEY = r"\d[\d,.]{0,12}(?:亿|万|千万|百万)?(?:元|美元)"
_FACTS: dict[str, re.Pattern[str]] = {
    label: re.compile(rf"(?:{words})(?:总?额|面积)?(?:为|达到?|共|：|:)?(?P<value>约?{value})")
    for label, (words, value) in {
        "总投资": ("(?:计划|项目|协议)?总投资", _MONEY),
        "固定资产投资额": ("固定资产投资|固投", _MONEY),
        "设备投资额": ("设备投资", _MONEY),
        LAND: ("用地|占地", r"\d[\d.]{0,9}(?:亩|公顷|平方米)"),
        TERM: ("建设(?:期|周期|工期)", r"\d[\d.]{0,4}(?:个月|年)"),
        OUTPUT: ("(?:达产后?|投产后?)?(?:年)?产值", _MONEY),
        JOBS: ("(?:新增|带动|解决)?(?:就业|用工)(?:岗位)?", r"\d[\d,]{0,7}(?:人|个)"),
    }.items()
}
_FIELDS = {LABELS[name]: name for name in ("total_investment", "fixed_investment", "equipment_investment")}
_JOINING = re.compile("^(?:，|的)+|的$")


@dataclass(frozen=True, slots=True)
class Project:
    """``told``: facts by label, each as printed; ``others``: what else was written."""

    name: str
    told: dict[str, str]
    others: tuple[str, ...]


def project_of(words: str) -> Project:
    """The first part that names no fact is the name."""
    told: dict[str, str] = {}
    rest = []
    for piece in re.split("[，,；;。]", words):
        for label, pattern in _FACTS.items():
            match = pattern.search(piece)
            if match:
                told.setdefault(label, match["value"])
                piece = piece[: match.start()] + piece[match.end() :]
        piece = _JOINING.sub("", piece.strip())
        rest += [piece] if piece else []
    return Project(rest[0] if rest else "", told, tuple(rest[1:]))


def completed(request: Request) -> Request:
    """With the sums of the project in the company's facts, where these do not tell them."""
    if request.company is None:
        return request
    told = dict(_sums(project_of(request.project)))
    missing = {name: figure for name, figure in told.items() if getattr(request.company, name) is None}
    return replace(request, company=replace(request.company, **missing))


def differing(request: Request) -> Iterator[tuple[str, str]]:
    """(label, as the project line says it) where the company's facts say another sum."""
    project = project_of(request.project)
    for name, figure in _sums(project):
        own = getattr(request.company, name) if request.company else None
        if own is not None and (own.value, own.unit) != (figure.value, figure.unit):
            yield LABELS[name], project.told[LABELS[name]]


def _sums(project: Project) -> Iterator[tuple[str, Figure]]:
    for label, name in _FIELDS.items():
        found = next((f for f in figures(project.told.get(label, "")) if f.kind == "money"), None)
        if found:
            yield name, Figure(found.value, "元" if found.unit == "CNY" else found.unit)
