"""责任单位: the bodies that a clause names for itself, and what each has to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ingest.document import Span
from ingest.measures.model import Department
from ingest.measures.signs import Sought

Role = Literal["责任", "牵头", "配合"]

_OPEN = Sought(
    r"(?:责任|牵头|主办|主责|承办|实施|落实|主管|兑现|配合|协办)(?:责任)?(?:单位|部门)\s?[:]|(?:责任|牵头|主管|实施|兑现)(?:责任)?(?:单位|部门)[为是]"
)
_LABEL = re.compile(
    r"(?P<word>责任|牵头|主办|主责|承办|实施|落实|主管|兑现|配合|协办)(?:责任)?(?:单位|部门)\s?[:为是]\s?"
)
_ROLES: dict[str, Role] = {"牵头": "牵头", "主办": "牵头", "配合": "配合", "协办": "配合"}
_BRACKET = re.compile(
    r"(?:\((?P<inside>(?:[^()]|\([^()]{0,20}\)){2,160})\)|\[(?P<square>[^\[\]\n]{2,160})\])\"?\s?(?:[。;]|$|\n|(?=[(\[]))"
    r"|\A\s*\((?P<first>(?:[^()]|\([^()]{0,20}\)){2,160})\)",
    re.MULTILINE,
)
_AT_THE_END = Sought(r"[,。;]由(?P<inside>[^,。;()]{2,40}牵头(?:负责)?[、,和][^。;()]{2,60}配合)(?=。|\Z)")
_ACTS = re.compile("[,;。]|(?<=牵头)[、和]")
_DUTY = re.compile(
    r"(?:等)?(?:和)?(?:有关|相关|各有关)?(?:单位|部门)?(?:按照?(?:各自)?职责(?:分工)?)?(?:分工)?(?:共同)?(?P<word>牵头|负责|配合|参与|协同|指导)(?:落实|实施|组织实施|办理)?\Z"
)
_BODY = re.compile(
    r"[\u4e00-\u9fffA-Za-z()〇]{1,28}(?:局|委|办|厅|部|院|政府|会|中心|公司|行|署|馆|队|团委|工会|集团|分局|园|管委会|办事处|街道|乡镇|镇街|镇|妇联|侨联|科协|组织部|宣传部|平台|单位|部门|园区|开发区|新区|各[市县区]"
    r"|各县区|县\(市、区\))"
)
_REMARK = re.compile(r"以下[均都]|不再列出|下同|排在?第?(?:一|首)位")
_REST = re.compile(
    r"以下(?:各[项条]|任务|条款|事项)?[均都](?:[需须]?由|需|须|包含|包括|含|涉及)(?P<who>[^,。;()]{2,60}?)(?:共同)?(?P<duty>负责|牵头|配合|参与)?(?:组织)?(?:落实|实施)?"
    r",?(?:不再|不)(?:逐一|逐条|一一|重复|分别|另行)?(?:列出|列示|列明|列举|标注|注明)"
)
_SPLIT = re.compile(r"[、,;/]|(?<=[局委办厅部])(?:和|会同|及)(?=[各市区县省国])")
_AND_OTHERS = re.compile(r"(?:等(?:有关|相关)?(?:单位|部门)?|按职责分工(?:负责)?)\Z")


def read_departments(flat: str, within: Span) -> tuple[tuple[Department, ...], Span | None]:
    """The departments said in ``within`` and the words that say them all (bracket or closing line)."""
    for match in _BRACKET.finditer(flat, within.start, within.end):
        inside = Span(*match.span("inside" if match["inside"] else "square" if match["square"] else "first"))
        found = tuple(_labelled(flat, inside)) or tuple(_said_to_act(flat, inside))
        if found:
            return found, Span(match.start(), inside.end + 1)
    opened = _OPEN.search(flat, within.start, within.end)
    if opened and (opened.start() == within.start or flat[opened.start() - 1] in "。;\n\t )"):
        end = re.compile(r"[。\n)]").search(flat, opened.end(), within.end)
        stop = end.start() if end else within.end
        found = tuple(_labelled(flat, Span(opened.start(), stop)))
        if found:
            return found, Span(opened.start(), stop)
    acting = _AT_THE_END.search(flat, within.start, within.end)
    if acting:
        return tuple(_said_to_act(flat, Span(*acting.span("inside")))), Span(*acting.span())
    return (), None


def read_rest(flat: str) -> Iterator[tuple[int, Department]]:
    """以下均需各县区政府落实，不再列出: from where on it holds, and a body that also has to do with all that stands below."""
    for match in _REST.finditer(flat):
        role: Role = "配合" if match["duty"] in ("配合", "参与") else "牵头" if match["duty"] == "牵头" else "责任"
        for department in _names(flat, Span(*match.span("who")), role, trusted=True):
            yield match.end(), department


def _labelled(flat: str, inside: Span) -> Iterator[Department]:
    """责任单位：A、B；配合单位：C."""
    labels = list(_LABEL.finditer(flat, inside.start, inside.end))
    if not labels or labels[0].start() != inside.start:
        return
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        end = following.start() if following else inside.end
        yield from _names(flat, Span(label.end(), end), _ROLES.get(label["word"], "责任"), trusted=True)


def _said_to_act(flat: str, inside: Span) -> Iterator[Department]:
    """A牵头，B、C配合; 省财政厅、各市政府负责."""
    start = inside.start
    parts: list[tuple[Span, str]] = []
    for match in [*_ACTS.finditer(flat[inside.start : inside.end]), None]:
        end = inside.start + match.start() if match else inside.end
        duty = _DUTY.search(flat[start:end])
        if duty:
            parts.append((Span(start, start + duty.start()), duty["word"]))
            start = end + 1
        elif _REMARK.search(flat, start, end):
            start = end + 1
    for span, word in parts:
        role: Role = "牵头" if word == "牵头" else "责任" if word == "负责" else "配合"
        yield from _names(flat, span, role, trusted=False)


def _names(flat: str, span: Span, role: Role, *, trusted: bool) -> Iterator[Department]:
    """``trusted``: behind a label, where any words name a body."""
    start = span.start
    cuts = [(m.start() + span.start, m.end() + span.start) for m in _outside_brackets(flat[span.start : span.end])]
    for cut, following in [*cuts, (span.end, span.end)]:
        part = flat[start:cut]
        left = start + len(part) - len(part.lstrip(" :由"))
        right = start + len(part.rstrip(" "))
        name = _AND_OTHERS.sub("", flat[left:right])
        now: Role = role
        if name.endswith("牵头") or name.endswith("(牵头)"):
            name, now = re.sub(r"\(?牵头\)?\Z", "", name), "牵头"
        start = following
        if 2 <= len(name) <= 30 and not _REMARK.search(name) and (trusted or _BODY.fullmatch(name)):
            yield Department(name, now, Span(left, left + len(name)))


def _outside_brackets(words: str) -> Iterator[re.Match[str]]:
    for match in _SPLIT.finditer(words):
        if words.count("(", 0, match.start()) == words.count(")", 0, match.start()):
            yield match
