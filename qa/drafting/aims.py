"""What plans in force aim at and set as tasks, for the drafting body to break down (分解): quoted; what it sets itself stays open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.document import LEVEL_NAMES, Clause, Span
from qa.answer import Citation
from qa.compose import sentence_at
from qa.drafting.basis import place_in_table, short_name
from qa.drafting.desk import Desk
from qa.drafting.model import UNDECIDED
from qa.drafting.text import one_line
from qa.drafting.topics import OWN, SPEAKS, core
from qa.drafting.wording import Worded, adopted
from qa.framework.goals import Target, goals
from qa.framework.responsibilities import responsibilities
from qa.framework.sections import by_parent, headed, leaves, tasks
from qa.injection import instructs
from qa.passage import topic_share, trimmed
from qa.question import Topic

GENERAL_HEADS = ("级别", "总体要求（原文）", "依据", "时效")
AIM_HEADS = ("级别", "现行目标（原文）", "依据", "时效", "本级目标")
TASK_HEADS = ("任务", "原文", "依据", "本级举措、责任单位和时限")
_PASSED = "目标期限已过"
_A_FILE = 4  # aims, and tasks, of one file
_MOST_TASKS = 8  # of the drafting body's own level
_SHORT = 140  # characters of a clause that is quoted whole
_NO_TASK = re.compile("范围|目标|思想|原则|要求|定义|对象")  # headings
_GENERAL = re.compile("坚持|贯彻|落实|围绕|聚焦|立足|以[^，。]{2,60}为")
_YEAR = re.compile(r"20\d\d")
_DATED = re.compile(r"\d")  # an aim, not what it is all about


@dataclass(frozen=True, slots=True)
class Plan:
    """A file in force that the purpose is found in. ``whole``: all of it serves the purpose, by its title."""

    document_id: str
    level: str
    whole: bool


def plans(desk: Desk) -> tuple[Plan, ...]:
    """The highest level first."""
    topics = _topics(desk)
    found = []
    for level, document_id in desk.finder.files(_about(desk)):
        title = desk.shelf.document(document_id).title
        found.append(Plan(document_id, level, topic_share(topics, title) >= SPEAKS))
    return tuple(found)


def general_grid(desk: Desk, found: Sequence[Plan]) -> None:
    """总体要求 of each file, its first sentence, for the drafting body to line its own up with."""
    rows, marks = [], []
    for plan in found:
        span = _general(desk, plan)
        if span:
            mark = desk.sources.mark(plan.document_id, span)
            citation = desk.sources.citation(mark)
            rows.append(
                (
                    _place(plan, citation),
                    one_line(citation.quote),
                    f"{short_name(citation)}{place_in_table(citation)}",
                    citation.validity,
                )
            )
            marks.append((mark,))
    if rows:
        desk.grid("上级和本级总体要求（供衔接）", GENERAL_HEADS, rows, marks)


def _general(desk: Desk, plan: Plan) -> Span | None:
    document = desk.shelf.document(plan.document_id)
    tree = by_parent(document)
    for section in headed(document, "general"):
        for clause in (section, *tree.get(section.id, ())):
            words = _words(clause)
            start = words.start + (len(clause.heading) + 1 if clause.heading and clause.kind == "body" else 0)
            said = trimmed(sentence_at(start, clause, document.text), document.text) if start < words.end else None
            usable = (
                said
                and clause.kind == "body"
                and not instructs(clause.text)
                and not _DATED.search(said.of(document.text))
            )
            if said and usable and _GENERAL.search(said.of(document.text)):
                return Span(max(said.start, start), said.end)
    return None


def _place(plan: Plan, citation: Citation) -> str:
    return " ".join(filter(None, (LEVEL_NAMES.get(plan.level, ""), citation.region)))


def aims_grid(desk: Desk, found: Sequence[Plan]) -> None:
    """上级目标（供分解）: what each file sets, and that the draft's own is open."""
    rows, marks = [], []
    for plan in found:
        for span, passed in _aims(desk, plan):
            mark = desk.sources.mark(plan.document_id, span)
            citation = desk.sources.citation(mark)
            state = f"{citation.validity}；{_PASSED}" if passed else citation.validity
            rows.append(
                (
                    _place(plan, citation),
                    one_line(citation.quote),
                    f"{short_name(citation)}{place_in_table(citation)}",
                    state,
                    UNDECIDED,
                )
            )
            marks.append((mark,))
    if rows:
        desk.grid("上级和本级现行目标（供分解）", AIM_HEADS, rows, marks)


def _aims(desk: Desk, plan: Plan) -> Iterator[tuple[Span, bool]]:
    """Sentences that set an aim, each once, and whether its term is over."""
    document, topics = desk.shelf.document(plan.document_id), _topics(desk)
    by_span: dict[Span, list[Target]] = {}
    for target in goals(desk.shelf, plan.document_id):
        clause = desk.shelf.clause(plan.document_id, target.citation.clause_id)
        if clause.kind == "body" and (plan.whole or _is_on(desk, plan, clause, topics)):
            whole = clause.heading and len(clause.text) <= _SHORT  # which says of what 产值达到1200亿元 is
            span = _words(clause) if whole else sentence_at(target.citation.span.start, clause, document.text)
            by_span.setdefault(trimmed(span, document.text), []).append(target)
    for span, targets in [*by_span.items()][:_A_FILE]:
        years = [int(year) for target in targets for year in _YEAR.findall(target.period)]
        yield span, bool(years) and max(years) < desk.as_of.year


def own_tasks(desk: Desk, found: Sequence[Plan]) -> Iterator[Worded]:
    """Tasks of plans of the drafting body's own level, in their words, each with the departments that its file names for it."""
    number = 0
    for plan in found:
        if plan.level != desk.request.level:
            continue
        whose = _departments(desk, plan)
        for clause in _tasks(desk, plan):
            words = adopted(plan.document_id, clause.span, re.compile(""), desk.sources, whole=True)
            if words and words.heading and number < _MOST_TASKS:
                number += 1
                names = whose.get(clause.id, {})
                marks = dict.fromkeys((*words.marks, *names.values()))
                yield replace(words, departments=tuple(names), marks=tuple(marks))


def _departments(desk: Desk, plan: Plan) -> dict[str, dict[str, int]]:
    """By clause of a task: who is named for it, with the mark of the words that say so."""
    found: dict[str, dict[str, int]] = {}
    for department in responsibilities(desk.shelf, plan.document_id).departments:
        for duty in department.duties:
            mark = desk.sources.mark(plan.document_id, duty.citation.span)
            found.setdefault(duty.item.citation.clause_id, {})[department.name] = mark
    return found


def tasks_grid(desk: Desk, found: Sequence[Plan]) -> None:
    """上级任务（供分解）: of higher files, with what this level does about it open."""
    rows, marks = [], []
    for plan in found:
        for clause in [*_tasks(desk, plan)][:_A_FILE] if plan.level != desk.request.level else ():
            document = desk.shelf.document(plan.document_id)
            span = _words(clause)
            if len(span.of(document.text)) > _SHORT:
                span = sentence_at(span.start + len(clause.heading) + 1, clause, document.text)
            mark = desk.sources.mark(plan.document_id, trimmed(span, document.text))
            citation = desk.sources.citation(mark)
            rows.append(
                (
                    clause.heading,
                    one_line(citation.quote),
                    f"{short_name(citation)}{place_in_table(citation)}",
                    UNDECIDED,
                )
            )
            marks.append((mark,))
    if rows:
        desk.grid("上级任务（供分解）", TASK_HEADS, rows, marks)


def _tasks(desk: Desk, plan: Plan) -> Iterator[Clause]:
    """Lowest numbered clauses that say what is to be done, without those that the support items are made of."""
    document, topics = desk.shelf.document(plan.document_id), _topics(desk)
    used = {p.clause.id for item in desk.items for p in (item.basis, *item.others) if p}
    tree = by_parent(document)
    for section in tasks(document):
        for clause in leaves(tree, section):
            unfit = not clause.heading or _NO_TASK.search(clause.heading) or clause.kind != "body"
            if unfit or clause.id in used or instructs(clause.text):
                continue
            if plan.whole or _is_on(desk, plan, clause, topics):
                yield clause


def _is_on(desk: Desk, plan: Plan, clause: Clause, topics: Sequence[Topic]) -> bool:
    above = desk.shelf.ancestors(plan.document_id, clause)
    headings = "".join(c.heading for c in above if c.marker)
    return topic_share(topics, f"{headings}{clause.heading}{clause.text}") >= OWN


def _words(clause: Clause) -> Span:
    """The clause without its number."""
    text = clause.text
    left = len(text) - len(text.lstrip())
    skipped = left + len(clause.marker) if text[left:].startswith(clause.marker) else left
    return Span(clause.span.start + skipped, clause.span.start + len(text.rstrip()))


def _about(desk: Desk) -> str:
    return f"{desk.request.industry} {desk.request.purpose}".strip()


def _topics(desk: Desk) -> tuple[Topic, ...]:
    """Of the industry where one was given: a purpose says much that every file says."""
    return core(desk.request.industry or desk.request.purpose)
