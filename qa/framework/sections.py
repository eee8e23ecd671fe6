"""The parts of a file by their headings: 总体要求, 目标, 任务, 保障; and spans of headings and sentences as they are printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from ingest.document import Clause, PolicyDocument, Span
from ingest.measures.model import Measure, Window
from ingest.normalize import fold
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import Shelf
from qa.framework.goals import GOAL
from qa.injection import instructs
from qa.source import cite

Tree = Mapping[str, Sequence[Clause]]
Part = Literal["general", "goals", "tasks", "safeguards", "closing", "other"]

_TOP = re.compile("[一二三四五六七八九十]{1,3}、")
_CHAPTER = re.compile("第.{1,3}章")
_ITEM = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、]?|[（(]\d{1,2}[）)]|第.{1,6}条")
_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("closing", re.compile("^附则|其他(?:事项|规定)?$|有关说明")),
    (
        "safeguards",
        re.compile(
            "保障(?!性|政策|制度|体系|水平|能力|房|住房|对象)|组织(?:实施|领导)|加强领导|(?:工作|有关)要求|实施机制|监督(?:检查|考核)|督促(?:检查|落实)|责任落实"
        ),
    ),
    ("goals", GOAL),
    ("general", re.compile("总体(?:要求|思路)|指导思想|基本原则|工作(?:思路|原则|方向)|基本要求|总则")),
    ("tasks", re.compile("任务|举措|主要措施|工作(?:重点|内容)|重点(?:工作|产业|领域|项目)")),
)
_PLAN = re.compile("方案|意见|计划|规划|纲要|要点|行动")
_POLICY = re.compile("若干(?:政策|措施|规定)|政策措施")
_SECURES = re.compile("保障措施|组织(?:保障|实施|领导)|保障机制")  # of what also grants 住房保障
_TO_DO = re.compile(
    "(?:(?:进一步|全面|大力|积极|加快|持续|着力)*(?:完善|健全|构建|建立|建设|加强|推进|推动|促进|深化|加快|强化|优化|提升|提高|实施|支持|开展|做[好强优大]|发展|培育|打造|拓展|创新|扩大|落实|规范|改善|增强|推广|引导))"
)
_MANY = 3  # sections that say what is to be done make a plan
_REFUSED = re.compile("不(?:予|得|再|享受|适用|包括|属于|列入|纳入|符合)|停止|取消|收回|追回|退出|腾退|撤销|处罚|除外")
_PAID = re.compile("兑现|拨付|支付|发放|办结|完成")
_LONGEST = 60  # characters of a heading


def part_of(heading: str) -> Part:
    """What a section is by its heading; 其他 where it does not say."""
    return next((part for part, words in _PARTS if words.search(heading)), "other")


def top_sections(document: PolicyDocument) -> tuple[Clause, ...]:
    """一、二、三、 or chapters of the main text; those of the annexes where the text itself has none."""
    annexed = _below_annexes(document.clauses)
    tops = [c for c in document.clauses if _TOP.fullmatch(c.marker) or _CHAPTER.fullmatch(c.marker)]
    main = tuple(clause for clause in tops if clause.id not in annexed)
    return main or tuple(tops)


def tasks(document: PolicyDocument) -> tuple[Clause, ...]:
    """The sections that say what is to be done. Where none is headed so, a plan's own sections between its aims and its safeguards."""
    sections = top_sections(document)
    parts = [part_of(clause.heading) for clause in sections]
    found = tuple(clause for clause, part in zip(sections, parts, strict=True) if part == "tasks")
    kind = _kind(document)
    if _POLICY.search(kind) or any(_CHAPTER.fullmatch(clause.marker) for clause in sections):
        return found
    plan = _PLAN.search(kind) is not None
    others = tuple(c for c, part in zip(sections, parts, strict=True) if part in ("tasks", "other"))
    if (plan or document.metadata.kind == "通知") and ("general" in parts or "goals" in parts):
        return others
    if plan and not found and sum(_TO_DO.match(clause.heading) is not None for clause in others) >= _MANY:
        return others
    return found


def headed(document: PolicyDocument, part: Part) -> tuple[Clause, ...]:
    """Sections of one kind, and items of a section of another kind whose heading says it (（三）主要目标)."""
    sections = top_sections(document)
    found = [clause for clause in sections if part_of(clause.heading) == part]
    grants = _POLICY.search(_kind(document)) or any(_CHAPTER.fullmatch(clause.marker) for clause in sections)
    if part == "safeguards" and grants:
        found = [clause for clause in found if _SECURES.search(clause.heading)]
    if found or part != "goals":
        return tuple(found)
    tops = {clause.id for clause in sections}
    return tuple(c for c in document.clauses if c.parent in tops and c.heading and part_of(c.heading) == part)


def by_parent(document: PolicyDocument) -> Tree:
    """The clauses below each clause, in order."""
    found: dict[str, list[Clause]] = defaultdict(list)
    for clause in document.clauses:
        if clause.parent:
            found[clause.parent].append(clause)
    return found


def items(tree: Tree, above: Clause) -> tuple[Clause, ...]:
    """The numbered clauses directly below one."""
    return tuple(c for c in tree.get(above.id, ()) if _ITEM.fullmatch(c.marker) or c.restored)


def leaves(tree: Tree, above: Clause) -> Iterator[Clause]:
    """The numbered clauses below one that have none below them; itself where it has none."""
    below = items(tree, above)
    if not below:
        yield above
    for clause in below:
        yield from leaves(tree, clause)


def opening(document: PolicyDocument) -> tuple[Clause, ...]:
    """Where a file names its purpose and its basis: what stands before the first numbered clause, and 第一条."""
    found: list[Clause] = []
    for clause in document.clauses:
        if clause.kind in ("annex", "table_row"):
            break
        if clause.marker == "第一条":
            return (*found, clause)
        if clause.kind == "body" and (clause.marker or clause.restored):
            break
        if clause.kind == "heading" and clause.marker and not _CHAPTER.fullmatch(clause.marker):
            break
        if clause.kind in ("body", "front"):
            found.append(clause)
    return tuple(found)


def is_refused(document: PolicyDocument, measure: Measure) -> bool:
    """Whether it was read from an item of what is not granted (有下列情形之一的，不予贴息：)."""
    return any(_REFUSED.search(lead.of(document.text)) for lead in measure.lead)


def opens(shelf: Shelf, document: PolicyDocument, window: Window) -> bool:
    """Whether it is a time for applications: a column 兑现时间 of a table says when something is paid."""
    clause = shelf.clause_at(document.id, window.span.start)
    row = shelf.row(document.id, clause)
    for cell, names in zip(row.cells, row.names, strict=True) if row else ():
        if cell.span.contains(window.span):
            return not any(_PAID.search(name.span.of(document.text)) for name in names)
    return True


def heading_of(clause: Clause) -> Span | None:
    """Where the heading stands; of one that opens a quotation what is before it (将第五条修改为)."""
    heading = clause.heading
    if heading.count("“") > heading.count("”"):
        heading = heading[: heading.rfind("“")].rstrip("：")
    at = clause.text.find(heading) if heading else -1
    start = clause.span.start + at
    return Span(start, start + len(heading)) if at >= 0 else None


def headings(document: PolicyDocument) -> tuple[Span, ...]:
    """Those of the highest level that has more than one."""
    deep: dict[int, list[Span]] = {}
    for clause in document.clauses:
        heading = heading_of(clause) if clause.kind in ("heading", "body") else None
        if heading and not instructs(clause.text):
            deep.setdefault(clause.depth, []).append(heading)
    return next((tuple(deep[depth]) for depth in sorted(deep) if len(deep[depth]) > 1), ())


def headline(document: PolicyDocument, clause: Clause) -> Span:
    """The clause's heading with its number, as it is printed; where it has none, its first sentence."""
    text, start = clause.text, clause.span.start
    left = len(text) - len(text.lstrip())
    if clause.kind == "heading" and len(text.strip()) <= _LONGEST:
        return Span(start + left, start + len(text.rstrip()))
    heading = heading_of(clause)
    if heading:
        return Span(start + left, heading.end)
    first = sentence_at(start + left + len(clause.marker), clause, document.text)
    return first if first.start < first.end else clause.span


def sentences_of(document: PolicyDocument, clause: Clause, wanted: re.Pattern[str]) -> Iterator[Span]:
    """The sentences of the clause that have the words."""
    done: set[Span] = set()
    for match in wanted.finditer(fold(clause.text)):
        span = sentence_at(clause.span.start + match.start(), clause, document.text)
        if span not in done:
            done.add(span)
            yield span


def cited(shelf: Shelf, document_id: str, span: Span, mark: int = 1) -> Citation:
    """The citation of a span of a held file."""
    return cite(shelf.card(document_id), shelf.status(document_id), shelf.document(document_id), span, mark)


def _kind(document: PolicyDocument) -> str:
    return f"{document.metadata.kind or ''}{document.title[-12:]}"


def _below_annexes(clauses: Sequence[Clause]) -> frozenset[str]:
    found: set[str] = set()
    for clause in clauses:  # a clause stands behind the one above it
        if clause.kind == "annex" or clause.parent in found:
            found.add(clause.id)
    return frozenset(found)
