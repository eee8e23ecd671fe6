"""``python -m ingest measures``: the measures of files for people, or those of clauses, one JSON a line, for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TextIO

from ingest.corpus import walk
from ingest.document import PolicyDocument
from ingest.errors import PolicyError
from ingest.measures.model import FORM_NAMES, Amount, Benefit, Condition, Measure
from ingest.measures.read import read_measure
from ingest.measures.schema import to_case
from ingest.sandbox import Sandbox

FAILED = 2
_SIGNS = {"ge": "≥", "gt": "＞", "le": "≤", "lt": "＜", "eq": "：", "is": "：", "in": "：", "not": "：非"}


def of_clauses(lines: TextIO) -> int:
    """Each line is ``{"id": …, "text": …}``; a line that is not is told and passed over."""
    failed = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except (ValueError, RecursionError):
            case = None
        if not isinstance(case, dict) or not isinstance(case.get("text"), str):
            print(f"错误：第{number}行不是带有 text 字段的 JSON，已跳过。", file=sys.stderr)
            failed = True
            continue
        print(json.dumps({"id": case.get("id")} | to_case(read_measure(case["text"])), ensure_ascii=False))
    return FAILED if failed else 0


def of_files(paths: Sequence[str], as_json: bool) -> int:
    """The measures of every file under ``paths``."""
    failed = False
    with Sandbox() as sandbox:
        for item in walk(paths):
            try:
                if isinstance(item, tuple):
                    raise item[1]
                document = sandbox.parse(item)
                measures = sandbox.measures(document)
            except PolicyError as error:
                print(f"错误：{error}", file=sys.stderr)
                failed = True
                continue
            lines = _data(document, measures) if as_json else _lines(document, measures)
            print("\n".join(lines))
    return FAILED if failed else 0


def _data(document: PolicyDocument, measures: Sequence[Measure]) -> Iterator[str]:
    """One measure a line, with where it stands."""
    for measure in measures:
        place: dict[str, object] = {"path": document.path, "id": measure.id, "name": measure.name}
        place["text"] = measure.span.of(document.text)
        yield json.dumps(place | to_case(measure), ensure_ascii=False)


def _lines(document: PolicyDocument, measures: Sequence[Measure]) -> Iterator[str]:
    paths = {clause.id: clause.path for clause in document.clauses}
    yield f"■ {document.path}：支持措施 {len(measures)} 条"
    for measure in measures:
        yield f"  [{paths.get(measure.clause_id) or measure.id}] {measure.name}"
        for label, value in _fields(measure, document.text):
            if value:
                yield f"    {label}：{value}"


def _fields(measure: Measure, text: str) -> Iterator[tuple[str, str]]:
    who = measure.beneficiary
    groups = (who.types, who.industry, who.size, who.qualification, who.project_kind, who.person)
    yield "支持对象", "；".join("、".join(words.text for words in group) for group in groups if group)
    yield "不含", "、".join(words.text for words in who.exclude)
    yield "申报条件", "；".join(_joined(measure.conditions))
    for benefit in measure.benefits:
        yield "支持标准", _benefit(benefit, text)
    for cap in measure.caps:
        yield "上限", f"{cap.scope} {_figure(cap.limit)}" + (f"（{cap.base.text}）" if cap.base else "")
    if measure.stacking:
        yield "叠加规则", f"{measure.stacking.rule}（{measure.stacking.scope}）".removesuffix("（）")
    for label, words in (
        ("兑现方式", measure.channel),
        ("申报平台", measure.platform),
        ("追回", measure.clawback),
        ("资金分担", measure.funding_split),
        ("名额", measure.quota),
    ):
        yield label, words.text if words else ""
    if measure.window:
        yield "申报时间", f"{measure.window.year}{measure.window.start}至{measure.window.end}"
    yield "责任单位", "、".join(f"{d.name}（{d.role}）" for d in measure.departments)
    yield "待人工判断", "有自由裁量" if measure.discretion else ""
    yield "公平竞争审查提示", "、".join(measure.risk_flags)
    yield "未能识别", "；".join(" ".join(span.of(text).split()) for span in measure.unread)


def _joined(conditions: Sequence[Condition]) -> Iterator[str]:
    """Those that always hold, one by one, and the alternatives with 或 between them: （甲，且乙）或（丙）."""
    groups: dict[int, list[str]] = {}
    for each in conditions:
        if not each.alternative:
            yield _condition(each)
        else:
            groups.setdefault(each.alternative, []).append(_condition(each))
    if groups:
        yield " 或 ".join(f"（{'，且'.join(group)}）" if len(group) > 1 else group[0] for group in groups.values())


def _condition(condition: Condition) -> str:
    value = _figure(condition.amount) if condition.amount else condition.words
    first = "首次" if condition.first else ""
    return f"{condition.period}{first}{condition.metric}{_SIGNS[condition.op]}{value}"


def _benefit(benefit: Benefit, text: str) -> str:
    when = "、".join(_condition(condition) for condition in benefit.when)
    words = " ".join((benefit.text or benefit.span.of(text)).split())
    return f"{f'（{when}）' if when else ''}{benefit.type} · {FORM_NAMES[benefit.form]}：{words}"


def _figure(amount: Amount) -> str:
    if not amount.unit:
        return f"{(amount.value * 100).normalize():f}%"
    for name, factor in (("亿", 10**8), ("万", 10**4)):
        if amount.value >= factor and not amount.value % (factor // 100):
            return f"{(amount.value / Decimal(factor)).normalize():f}{name}{amount.unit}"
    return f"{amount.value:f}{amount.unit}"
