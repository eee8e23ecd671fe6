"""The parts of a measure that a person can correct on the page: their names, their values in words, and a new value read from
words of the clause.

A person points at words; what they mean is read by code, so that a corrected figure stands in the clause as any other does.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.corrections import WHOLE, Correction, decode_at
from ingest.document import PolicyDocument, Span
from ingest.errors import PolicyError
from ingest.measures.conditions_numbers import figures
from ingest.measures.model import FORM_NAMES, Amount, Department, Measure, Words
from ingest.normalize import fold
from qa.calculation.figures import shown

NOT_A_MEASURE = "这不是一项支持措施"
_AMOUNTS = {
    "value": "数额", "rate": "比例", "rate_min": "最低比例", "rate_max": "最高比例", "max": "最高额", "points": "百分点", "quantity_cap": "数量上限",
}  # fmt: skip
_WORDS = {"channel": "兑现方式", "platform": "申报平台", "clawback": "追回", "quota": "名额", "discretion": "自由裁量"}
_OTHER = "其他内容"
_UNREADABLE = "按旧格式保存的内容"


def correctable(measure: Measure) -> Iterator[tuple[str, str]]:
    """(label, path) of every part, in the order of the card."""
    for number, condition in enumerate(measure.conditions):
        if condition.amount:
            yield f"条件“{condition.metric}”的数值", f"conditions.{number}.amount"
    for number, benefit in enumerate(measure.benefits):
        name = f"{benefit.type}（{FORM_NAMES[benefit.form]}）"
        yield from ((f"{name}的{label}", f"benefits.{number}.{field}") for field, label in _AMOUNTS.items()
                    if field in ("value", "max") or getattr(benefit, field))  # fmt: skip
        for tier in range(len(benefit.tiers)):
            for field in ("value", "max", "rate"):
                if getattr(benefit.tiers[tier], field):
                    yield f"{name}第{tier + 1}档的{_AMOUNTS[field]}", f"benefits.{number}.tiers.{tier}.{field}"
    yield from ((label, field) for field, label in _WORDS.items())
    yield "责任单位", "departments"
    yield NOT_A_MEASURE, WHOLE


def read_as(path: str, words: str, measure: Measure, document: PolicyDocument) -> object:
    """The value of the part at ``path`` that ``words`` of the clause state; ``None`` takes the part away.

    Raises PolicyError where the words do not stand in the clause, or are no figure.
    """
    said = words.strip()
    if not said or path == WHOLE:
        return () if path == "departments" else None
    clause = next(c for c in document.clauses if c.id == measure.clause_id)
    if path == "departments":
        names = [name for name in said.replace(",", "、").replace("，", "、").split("、") if name.strip()]
        return tuple(Department(name.strip(), "责任", _place(name.strip(), clause.span, document)) for name in names)
    span = _place(said, clause.span, document)
    if path in _WORDS:
        return Words(said, span)
    found = figures(fold(said))
    if len(found) != 1:
        raise PolicyError(f"“{said[:30]}”里须正好有一个数值", "请照条款原文填写，例如 50万元、10%")
    figure = found[0]
    unit = "" if figure.kind in ("percent", "points", "fold") else figure.unit
    return Amount(figure.value, unit, Span(span.start + figure.span.start, span.start + figure.span.end))


def told(correction: Correction, measure: Measure) -> str:
    """What somebody changed, in words: ``资金奖补（定额）的数额：原为 50万元，更正为 80万元``."""
    if correction.path == WHOLE:
        return NOT_A_MEASURE if correction.new == "null" else "补充的措施"
    name = next((label for label, path in correctable(measure) if path == correction.path), None)
    old, new = (_in_words(correction.path, text) for text in (correction.old, correction.new))
    return f"{name or _named(correction.path)}：原为 {old}，更正为 {new}"


def _named(path: str) -> str:
    """The name of a part that is not there any more: the benefit may have been the third, or gone."""
    last = path.rpartition(".")[2]
    return _AMOUNTS.get(last) or _WORDS.get(last) or _OTHER


def _in_words(path: str, text: str) -> str:
    try:
        value = decode_at(path, text)
    except PolicyError:  # of a model that has changed since
        return _UNREADABLE
    match value:
        case None | ():
            return "没有"
        case Amount():
            return shown(value.value, value.unit)
        case Words():
            return f"“{value.text}”"
        case (Department(), *_):
            return "、".join(department.name for department in value)
    return _OTHER


def _place(words: str, clause: Span, document: PolicyDocument) -> Span:
    at = document.text.find(words, clause.start, clause.end)
    if at < 0:
        raise PolicyError(f"条款原文中没有“{words[:30]}”，更正没有保存", "请从条款原文中照抄")
    return Span(at, at + len(words))
