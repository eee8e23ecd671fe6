"""缺少要素: what a draft of its kind has to say and does not: term, date of effect, interpretation, review statement, departments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.document import Span
from ingest.measures.fair_competition import Rules, prohibits
from ingest.measures.model import Measure
from qa.review.claims import places_in
from qa.review.model import Finding, Severity
from qa.review.reviewed import Reviewed

_NORMATIVE = re.compile(r"若干(?:政策|措施|规定|举措)|政策(?:措施|举措)?\Z|措施|举措|办法|细则|规定\Z|规则|条例")
_STANDING = re.compile(r"办法|细则|规定|规则|条例")
_PLAN = re.compile(r"方案|意见|计划|规划")
_TAILORED = re.compile(r"一企一策|个性化(?:扶持)?政策|(?:投资|合作|招商)[^\n]{0,8}协议|扶持条款")
# What lists, explains or asks for policies sets none itself.
_OTHER = re.compile(
    r"请示|报告|函\Z|纪要|清单|目录|解读|问答|图解|指南|(?:废止|修改|公示|征求)[^\n]{0,30}(?:通知|公告|决定)"
)
_EFFECT = re.compile(
    r"起(?:施行|实施|执行|生效|试行)|(?:印发|发布|公布|签订|签署|盖章)之?[日后](?:起)?(?:施行|实施|执行|生效)|后生效"
)
_TERM = re.compile(
    r"有效期|(?:施行|执行|实施|试行|协议|合作|服务|政策)期限?(?:为|至|自|暂定|[一二三四五\d])|至20\d\d年[^,。;]{0,8}(?:止|失效|终止|有效)|暂定[一二三四五六七八九十\d]+年|长期有效"
)
_INTERPRETS = re.compile(r"负责(?:[^,。;\n]{0,6})解释|解释(?:权|工作)?(?:归|由)|由[^,。;\n]{2,60}解释")
_OPERATORS = re.compile(r"企业|经营者|经营主体|市场主体|供应商|投标人|公司")
_REVIEW = re.compile(r"公平竞争审查")
_SHOWN = 40  # characters of a measure
_BEHIND = 40  # characters behind a title in which its clause is named


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    said: re.Pattern[str]
    severity: Severity
    suggestion: str
    rule: str = ""


_PARTS = (
    _Part("施行日期", _EFFECT, "黄", "在附则写明“本措施自X年X月X日起施行”"),
    _Part("有效期", _TERM, "黄", "在附则写明“有效期至X年X月X日”", "FC20"),
    _Part("解释机关", _INTERPRETS, "提示", "在附则写明“由XX负责解释”"),
    _Part("公平竞争审查说明", _REVIEW, "提示", "附公平竞争审查结论，或写明已按规定审查", "FC21"),
)


def missing_findings(reviewed: Reviewed, rules: Rules) -> Iterator[Finding]:
    """By kind of document; a 请示, a list or an explanation needs none of it."""
    needed = _needed(reviewed)
    if not needed:
        return
    granting = [measure for measure in reviewed.measures if measure.benefits]
    for part in _PARTS:
        rule = rules.of_whole(part.rule)
        if part.name not in needed or part.said.search(reviewed.flat) or (part.rule and not rule):
            continue
        if part.name == "有效期" and (reviewed.document.terms.expires_on or reviewed.document.terms.open_ended):
            continue
        if part.name == "施行日期" and reviewed.document.terms.effective_on:
            continue
        yield Finding(
            kind="missing",
            severity=rule.severity if rule else part.severity,
            name=f"缺少{part.name}",
            reason=f"全文没有写明{part.name}",
            suggestion=rule.suggestion if rule else part.suggestion,
            rule=part.rule,
            basis=rule.printed_basis if rule else "",
        )
    if "责任单位" in needed:
        yield from _departments(reviewed, granting)


def _needed(reviewed: Reviewed) -> tuple[str, ...]:
    needed = _by_kind(reviewed)
    about_operators = _OPERATORS.search(reviewed.flat) or any(measure.benefits for measure in reviewed.measures)
    return needed if about_operators else tuple(name for name in needed if name != "公平竞争审查说明")


def _by_kind(reviewed: Reviewed) -> tuple[str, ...]:
    document = reviewed.document
    name = document.metadata.kind or document.title
    title = document.title
    number = document.metadata.document_number
    if document.metadata.level == "state" or (number and number.kind == "order") or name.endswith("条例"):
        return ("施行日期",) if _STANDING.search(name) else ()  # laws and 规章 are in force until they are repealed
    if _OTHER.search(name) or (_OTHER.search(title) and not document.metadata.kind):
        return ()
    if _TAILORED.search(title):
        agreement = "协议" in title
        return ("有效期", "公平竞争审查说明") if agreement else ("有效期", "公平竞争审查说明", "责任单位")
    if _NORMATIVE.search(name):
        return ("施行日期", "有效期", "解释机关", "公平竞争审查说明", "责任单位")
    if _PLAN.search(name) and any(measure.benefits for measure in reviewed.measures):
        return ("有效期", "公平竞争审查说明", "责任单位")
    return ()


def _departments(reviewed: Reviewed, granting: list[Measure]) -> Iterator[Finding]:
    """Measures of which no department is named; where none is named at all, once."""
    without: dict[str, Measure] = {}
    # What is only told of a held file has its department there.
    told = {
        reference.clause_id
        for link in reviewed.links
        if link.resolution.document_id
        for reference in link.references
        if places_in(reviewed.flat[reference.span.end : reference.span.end + _BEHIND])
    }
    granting = [measure for measure in granting if measure.clause_id not in told]
    for measure in granting:
        if not measure.departments and not any(prohibits(lead.of(reviewed.flat)) for lead in measure.lead):
            without.setdefault(measure.clause_id, measure)
    if granting and len({m.clause_id for m in granting}) == len(without) > 2:
        yield _no_department(None, f"{len(without)} 条支持措施都没有写明责任单位")
        return
    for measure in without.values():
        yield _no_department(reviewed.sentence(measure.span), f"“{_called(reviewed, measure)}”没有写明责任单位")


def _called(reviewed: Reviewed, measure: Measure) -> str:
    """Its name; where this is only the opening of its sentence, that up to the first comma. A title in it is told whole."""
    words = "".join(measure.span.of(reviewed.document.text).split())
    opening = re.split("[，。；]", words, maxsplit=1)[0]
    name = opening if opening.startswith(measure.name) else measure.name
    end = min(len(name), _SHOWN)
    for left, right in ("《》", "（）"):
        if name[:end].count(left) > name[:end].count(right):
            end = name.find(right, end) + 1 or end
    return name[:end].rstrip("，、（(") + ("…" if end < len(name) else "")


def _no_department(span: Span | None, reason: str) -> Finding:
    suggestion = "在条末写明“（责任单位：XX）”；尚未确定的写【待定】"
    return Finding("missing", "提示", "缺少责任单位", reason, suggestion, span)
