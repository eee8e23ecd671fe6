"""Land and approvals in short: 弹性年期出让≤20年；先租后让，租期≤5年, where every part of the words is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.measures.model import BenefitType

_OPENING = re.compile(r"(?:全面|积极|大力)?(?:推行|实行|推广|实施|推进|探索|采取|支持|鼓励)")
_WAY = re.compile(
    r"(?P<flexible>弹性(?:年期|年限)?出让)|(?P<lease>\"?先租后让\"?|长期租赁|\"?租让结合\"?)"
    r"|(?P<other>\"?标准地\"?(?:出让|供应)|混合(?:产业)?用地(?:出让|供应)?|点状供地|分期供地|\"?带项目\"?出让)"
)
_JOINTS = re.compile(r"工业用地|产业用地|工业项目用地|方式|制度|供应|等|以及|[、和及与的\"\s]")
_TERM = re.compile(
    r"(?:弹性|先|工业用地|长期)*(?P<what>出让年[期限]|出让期限?|租期限?|租赁期限?|租赁年限)"
    r"(?:一般|原则上|最长)*(?:为|不超过|不得超过|不高于|最长)(?P<term>\d{1,2})年"
)
_BUILT = re.compile(r".*(?P<name>代建(?:标准)?厂房)")
_BOUGHT_BACK = re.compile(r".*?(?P<time>\d{1,2}年内)按(?:照)?(?:代建|建设)?成本价(?:格)?回购")
_QUOTED = re.compile(r"\"([^\"]{2,14})\"")
_SERVICE = re.compile(r"帮办代办|全程代办|全程帮办(?!代办)|代办(?:服务)?|专班服务|跟踪服务|专人服务")
_DAYS = re.compile(
    r"(?:审批|办理|办结)(?:时限|时间|周期|期限)?(?:由\d{1,3}个工作日)?(?:压[缩减]|缩短|控制)[至到在](?P<days>\d{1,3}个工作日)"
)


def summary(kind: BenefitType, words: str) -> str:
    """The support in short, empty where a part of ``words`` (folded) says more than that.

    >>> summary("用地", "推行工业用地长期租赁和标准地出让,长期租赁期限不超过20年")
    '长期租赁，租期≤20年；标准地出让'
    """
    parts = [part for part in re.split("[,;]", words) if part.strip()]
    if kind == "审批便利":
        return _approval(parts)
    return (_land(parts) or _built(parts)) if kind == "用地" else ""


def _land(parts: list[str]) -> str:
    names: dict[str, str] = {}
    for part in parts:
        term = _TERM.fullmatch(part)
        if term:
            sign = "lease" if "租" in term["what"] else "flexible"
            if sign not in names:
                return ""
            names[sign] += f"，租期≤{term['term']}年" if sign == "lease" else f"≤{term['term']}年"
            continue
        opening = _OPENING.search(part)
        rest = part[opening.end() :] if opening and _JOINTS.sub("", part[: opening.start()]) == "" else part
        for way in _WAY.finditer(rest):
            name = way[0].replace('"', "")
            names.setdefault(way.lastgroup if way.lastgroup != "other" else name, name)  # type: ignore[arg-type]
        if _JOINTS.sub("", _WAY.sub("", rest)):
            return ""
    found = "；".join(names.values())
    return found if len(names) > 1 or "≤" in found else ""


def _built(parts: list[str]) -> str:
    if len(parts) != 2:
        return ""
    built, bought = _BUILT.fullmatch(parts[0]), _BOUGHT_BACK.fullmatch(parts[1])
    return f"{built['name']}，{bought['time']}按成本价回购" if built and bought else ""


def _approval(parts: list[str]) -> str:
    found: list[str] = []
    for part in parts:
        items = [*_items(part)]
        if not items:
            return ""
        found += items
    return "；".join(found) if len(found) > 1 else ""


def _items(part: str) -> Iterator[str]:
    for quoted in _QUOTED.finditer(part):
        yield quoted[1]
    service, days = _SERVICE.search(_QUOTED.sub("", part)), _DAYS.search(part)
    if service:
        yield service[0]
    if days:
        yield f"审批≤{days['days']}"
