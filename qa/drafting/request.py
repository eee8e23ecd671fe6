"""What a drafter asks for (起草要求), and how it comes as JSON. What cannot be understood is refused, and the error names the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from ingest.document import LEVEL_NAMES, Level
from ingest.errors import PolicyError
from qa.drafting.model import KIND_NAMES, DraftKind
from qa.matching import Profile, profile_of, profile_to_json

LONGEST = 500  # characters of one answer
MOST_POINTS = 30
LABELS: dict[str, str] = {
    "kind": "文种",
    "purpose": "目的",
    "title": "标题",
    "industry": "行业",
    "project": "项目",
    "company_name": "企业名称",
    "company": "企业情况",
    "level": "级别",
    "region": "地区",
    "issuer": "发文机关",
    "addressee": "主送机关",
    "points": "支持事项",
    "as_of": "日期",
}
_SHORT_KINDS = {"政策措施": "measures", "若干政策": "measures", "若干措施": "measures", "方案": "plan",
    "一企一策": "individual", "个性化扶持政策": "individual", "建议稿": "individual", "请示": "request", "一事一议": "request",
    "投资协议": "agreement", "协议条款": "agreement", "依据清单": "basis_list"}  # fmt: skip
_SHORT_LEVELS = {"国家级": "state", "省": "province", "市": "city", "区": "district", "县": "district", "区级": "district",
    "县级": "district", "区县": "district"}  # fmt: skip


class RequestError(PolicyError):
    """A field of a request is unusable: ``文种：没有“通告”``."""


@dataclass(frozen=True, slots=True)
class Point:
    """A topic to be supported (设备补助). ``proposed``: the drafter's own standard, as he words it; empty: none."""

    topic: str
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """``level`` and ``region`` are those of the drafting body. ``points`` empty: what the library has for the industry."""

    kind: DraftKind
    purpose: str = ""
    title: str = ""
    industry: str = ""
    project: str = ""
    company_name: str = ""
    company: Profile | None = None
    level: Level = "district"
    region: str = ""
    issuer: str = ""
    addressee: str = ""
    points: tuple[Point, ...] = ()
    as_of: date | None = None

    @property
    def own_words(self) -> tuple[str, ...]:
        """All that the drafter wrote, in which a figure of his may stand."""
        texts = [self.purpose, self.title, self.industry, self.project, self.company_name, self.region, self.issuer]
        texts += [self.addressee, *(part for point in self.points for part in (point.topic, point.proposed))]
        return tuple(text for text in texts if text)


def request_from_json(given: object) -> Request:
    """Names of fields as in ``Request`` or as their Chinese labels. Raises RequestError, or ProfileError for the company."""
    if not isinstance(given, Mapping):
        raise RequestError("起草要求须是一个 JSON 对象", '例如 {"文种": "若干政策措施", "地区": "清河区"}')
    names = {label: name for name, label in LABELS.items()}
    values: dict[str, Any] = {}
    for key, value in given.items():
        name = names.get(key, key)
        if name not in LABELS:
            raise RequestError(f"没有“{str(key)[:20]}”这一项", f"可填：{'、'.join(LABELS.values())}")
        if name in values:
            raise RequestError(f"{LABELS[name]}：填了两次")
        if value is not None and value != "":
            values[name] = _READ.get(name, _words)(LABELS[name], value)
    if "kind" not in values:
        raise RequestError("文种：没有填", f"可填：{'、'.join(KIND_NAMES.values())}")
    return Request(**values)


def request_to_json(request: Request) -> dict[str, Any]:
    """What is filled in, as ``request_from_json`` takes it."""
    given: dict[str, Any] = {"kind": request.kind, "level": request.level}
    given |= {n: getattr(request, n) for n in LABELS if isinstance(getattr(request, n), str) and getattr(request, n)}
    if request.company:
        given["company"] = profile_to_json(request.company)
    if request.points:
        given["points"] = [{"topic": point.topic, "proposed": point.proposed} for point in request.points]
    if request.as_of:
        given["as_of"] = request.as_of.isoformat()
    return given


def _words(label: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise RequestError(f"{label}：须是不超过{LONGEST}字的文字")
    return " ".join(value.split())


def _kind(label: str, value: object) -> str:
    words = _words(label, value)
    names = {**{name: name for name in KIND_NAMES}, **{name: kind for kind, name in KIND_NAMES.items()}, **_SHORT_KINDS}
    if words not in names:
        raise RequestError(f"{label}：没有“{words[:20]}”", f"可填：{'、'.join(KIND_NAMES.values())}")
    return names[words]


def _level(label: str, value: object) -> str:
    words = _words(label, value)
    names = {name: level for level, name in LEVEL_NAMES.items()} | _SHORT_LEVELS
    if words not in get_args(Level) and words not in names:
        raise RequestError(f"{label}：没有“{words[:20]}”", f"可填：{'、'.join(LEVEL_NAMES.values())}")
    return names.get(words, words)


def _points(label: str, value: object) -> tuple[Point, ...]:
    """``"设备补助、人才"``, ``["设备补助"]``, ``[{"事项": "设备补助", "拟定标准": "按10%补助"}]`` or ``{"设备补助": "按10%补助"}``."""
    if isinstance(value, str):
        value = [part for part in re.split("[、,，;；\n]", value) if part.strip()]
    if isinstance(value, Mapping):
        value = [{"topic": topic, "proposed": proposed or ""} for topic, proposed in value.items()]
    if not isinstance(value, list | tuple) or len(value) > MOST_POINTS:
        raise RequestError(f"{label}：须是不超过{MOST_POINTS}项的列表")
    return tuple(dict.fromkeys(_point(label, each) for each in value))


def _point(label: str, value: object) -> Point:
    if not isinstance(value, Mapping):
        topic, proposed = _words(label, value), ""
    else:
        names = {"事项": "topic", "拟定标准": "proposed", "topic": "topic", "proposed": "proposed"}
        unknown = [str(key) for key in value if key not in names]
        if unknown:
            raise RequestError(f"{label}：没有“{unknown[0][:20]}”这一项", "每项可填：事项、拟定标准")
        given = {names[key]: _words(label, each or "") for key, each in value.items()}
        topic, proposed = given.get("topic", ""), given.get("proposed", "")
    if not topic:
        raise RequestError(f"{label}：事项没有填")
    return Point(topic, proposed)


def _company(label: str, value: object) -> Profile:
    if not isinstance(value, Mapping):
        raise RequestError(f"{label}：须是一个对象", '例如 {"设备投资额": "3000万元", "项目类型": ["技改"]}')
    return profile_of(value)


def _day(label: str, value: object) -> date:
    try:
        return date.fromisoformat(_words(label, value))
    except ValueError as error:
        raise RequestError(f"{label}：看不懂“{str(value)[:20]}”", "请写成 2026-03-01") from error


_READ: dict[str, Callable[[str, object], Any]] = {
    "kind": _kind,
    "level": _level,
    "points": _points,
    "company": _company,
    "as_of": _day,
}
