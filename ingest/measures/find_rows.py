"""Measures in tables: what each column says is in its head (支持对象, 支持标准, 责任单位 …)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ingest.document import PolicyDocument, Span
from ingest.measures.joined import Joined, join
from ingest.measures.model import Condition, Measure
from ingest.normalize import fold
from ingest.rows import Row

Role = Literal[
    "name",
    "who",
    "condition",
    "standard",
    "cap",
    "channel",
    "department",
    "helper",
    "window",
    "content",
    "group",
    "other",
]

_ROLES: tuple[tuple[Role, str], ...] = (
    ("helper", r"配合(?:单位|部门)"),
    ("department", r"(?:责任|牵头|主管|实施|负责|兑现|主办|执行)(?:单位|部门|科室)|部门$"),
    ("window", r"(?:申报|受理|申请|办理|兑现)(?:时间|期限|时限)"),
    ("channel", r"(?:兑现|办理|享受|申报|申请)(?:方式|类型|模式)"),
    ("cap", r"上限|最高(?:限额|额度)|封顶|限额"),
    ("condition", r"(?:申报|享受|支持|申请|认定|补贴|奖励|资格)?条件|门槛"),
    (
        "who",
        r"(?:支持|补贴|补助|奖补|奖励|适用|申报|扶持|政策|资助|申请|享受|发放)(?:对象|主体|范围|企业)|^对象$|适用对象",
    ),
    (
        "standard",
        r"(?:支持|奖补|补贴|补助|奖励|扶持|资助|优惠|政策|贴息|发放|兑现)(?:标准|额度|金额|方式|比例|力度)|^(?:标准|金额|额度)$|奖补资金",
    ),
    (
        "content",
        r"(?:支持|奖补|补贴|补助|奖励|扶持|资助|优惠|政策|主要)(?:内容|措施|政策|环节|方向)|^(?:内容|政策|措施|环节)$",
    ),
    (
        "name",
        r"(?:政策|事项|项目|措施|条款|补贴|奖补)(?:名称|事项|项目|清单)$|^(?:名称|事项|项目|条款)|(?:奖补|补贴|支持)(?:事项|项目|类型)",
    ),
    ("group", r"类别|类型|分类"),
)
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _ROLES)
_UNIT = re.compile(r"\((?:[\u4e00-\u9fff]{0,4}单位 ?: ?)?(?P<unit>[万亿]?元(?:/[\u4e00-\u9fff年月㎡]{1,4})?)\)")
_BARE = re.compile(r"\d{1,9}(?:\.\d{1,4})?")
_CALLED = re.compile(r"对|支持|鼓励|凡")
_GRANTS = re.compile(r"给予|奖|补|贴|资助|享受|免|减|提供|安排|由|优先|按|可")
_AWARD = re.compile(r"(?:一次性)?(?:奖励|奖补|补贴|补助|资助|贴息|扶持|支持|政策)+(?:资金|政策|标准)?\Z")
_RECOGNISED = re.compile(r"(?:认定|评定|评选|创建|获评|培育|建设)\Z")
_GRADED = re.compile(
    r"(?:首次)?(?:获评|获得|认定)?(?P<title>(?!.*(?:以上|以下|人才))(?:(?:国家级|国家\dA级|[省市区县]级|[一二三四五1-5]星级|\dA级)[^,。;:、的]{2,20}"
    r"|[^,。;:、的\d]{0,8}(?:示范|地理标志|名特优新)[^,。;:、的\d]{0,8}))"
)
_LEAST_NAME = 3
_ORDER: tuple[Role, ...] = ("who", "condition", "standard", "cap", "channel", "window")


@dataclass(frozen=True, slots=True)
class _Column:
    """``name``: the words of the head above the cell; ``unit``: that of the whole table."""

    name: str
    cell: Span
    unit: str


@dataclass(frozen=True, slots=True)
class RowText:
    """``text``: the row as a sentence; ``name`` of what is granted; ``standard``: the cell that says how much; ``subject``:
    the cell that says for what or whom. ``by_name``: only the name of the row says it.
    """

    text: Joined
    name: str
    standard: Span
    subject: Span | None
    by_name: bool


def row_text(document: PolicyDocument, row: Row) -> RowText | None:
    """The row as a sentence, 对<支持对象>，<支持标准>。; ``None`` where the table is not one of support."""
    if row.is_head:
        return None
    columns: dict[Role, _Column] = {}
    unit = row.unit.span.of(document.text) if row.unit else ""
    for names, cell in zip(row.names, row.cells, strict=True):
        name = " ".join(each.span.of(document.text) for each in names)
        role = _role(name)
        if role not in columns and cell.span.start < cell.span.end:
            columns[role] = _Column(name, cell.span, unit)
    if "content" in columns:  # 支持内容 is what is granted, unless another column says how much
        columns.setdefault("who" if "standard" in columns else "standard", columns["content"])
    if "standard" not in columns or not {"who", "name", "condition"} & columns.keys():
        return None
    named = columns.get("name") or columns.get("group") or columns.get("who")
    by_name = "name" in columns and not {"who", "condition"} & columns.keys()
    if "name" in columns:
        columns.setdefault("who", columns["name"])
    text = join(document.text, list(_parts(document.text, columns)))
    subject = columns["who"].cell if "who" in columns else None
    return RowText(text, named.cell.of(document.text) if named else "", columns["standard"].cell, subject, by_name)


def with_subject(text: str, row: RowText, measure: Measure) -> Measure:
    """With what the row is for as a condition, where nothing else was read from it: 省级示范家庭农场认定, 新建中央厨房."""
    if row.subject is None or any(_says_all(text, row.subject, condition) for condition in _all_conditions(measure)):
        return measure
    words = _AWARD.sub("", row.subject.of(text))
    graded = _GRADED.fullmatch(_RECOGNISED.sub("", fold(words)))
    if graded:
        title = words[graded.start("title") : graded.end("title")]
        condition = Condition("认定", "eq", row.subject, words=title, first=words.startswith("首次"))
    elif row.by_name and len(words) >= _LEAST_NAME:
        condition = Condition("支持事项", "is", row.subject, words=words)
    else:
        return measure
    conditions = (*measure.conditions, condition)
    return replace(measure, conditions=conditions, logic=measure.logic or ("and" if len(conditions) > 1 else None))


def _says_all(text: str, subject: Span, condition: Condition) -> bool:
    """It is read from the words of the cell, and not from a remark behind them (（库容200立方米以上）)."""
    before = text[subject.start : condition.span.start]
    return subject.contains(condition.span) and "（" not in before and "(" not in before


def _all_conditions(measure: Measure) -> Iterator[Condition]:
    yield from measure.conditions
    for benefit in measure.benefits:
        yield from benefit.when
        for tier in benefit.tiers:
            yield from tier.when


def _role(words: str) -> Role:
    words = re.sub(r"\([^)]*\)|\s", "", fold(words))
    return next((role for role, pattern in _PATTERNS if pattern.search(words)), "other")


def _parts(text: str, columns: dict[Role, _Column]) -> Iterator[Span | str]:
    for role in _ORDER:
        if role not in columns:
            continue
        column = columns[role]
        cell, words = column.cell, column.cell.of(text)
        if role == "who":
            yield from ([] if _CALLED.match(words) else ["对"])
            yield cell
            yield "，"
        elif role == "standard":
            if not _GRANTS.match(words):
                yield "给予"
            yield cell
            yield from _unit(column, words)
            yield "。"
        elif role == "cap":
            yield "每年最高" if "年" in column.name else "最高"
            yield cell
            yield from _unit(column, words)
            yield "。"
        elif role == "window":
            yield "受理时段："
            yield cell
            yield "。"
        else:
            yield cell
            yield "，" if role == "condition" else "。"
    if "department" in columns:
        yield "（责任单位："
        yield columns["department"].cell
        if "helper" in columns:
            yield "；配合单位："
            yield columns["helper"].cell
        yield "）"


def _unit(column: _Column, words: str) -> Iterator[str]:
    """万元 where it stands in the head or above the table and the cell has the bare number."""
    said = _UNIT.search(fold(f"({column.unit})")) or _UNIT.search(fold(column.name))
    if said and _BARE.fullmatch(words.strip()):
        yield said["unit"]
