"""责任单位 that are printed away from the measure: for all parts of a clause, in a heading, in a line below, for the rest of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.document import Span
from ingest.measures.find_file import File
from ingest.measures.joined import join
from ingest.measures.model import Department, Measure
from ingest.measures.terms_departments import read_departments, read_rest

_LINE = re.compile(r"[ \n(]*(?:责任|牵头)(?:单位|部门)\s?:")
_LONGEST_LINE = 130
_MAY_NAME = re.compile(r"单位|部门|负责|牵头|配合|参与|协同|指导")


def with_departments(file: File, measures: Sequence[Measure]) -> list[Measure]:
    """Those that name none take those of the same clause, of the line below it, or of the headings above."""
    own = {measure.clause_id: measure.departments for measure in measures if measure.departments}
    below = _lines(file)
    read: dict[str, tuple[Department, ...]] = {}
    completed: list[Measure] = []
    for measure in measures:
        departments = measure.departments or own.get(measure.clause_id, ()) or below.get(measure.clause_id, ())
        if not departments and measure.benefits:
            for clause in file.above(file.by_id[measure.clause_id]):
                if clause.id not in read:
                    read[clause.id] = below.get(clause.id, ()) or _departments(file, clause.span)
                if departments := read[clause.id]:
                    break
        same = departments == measure.departments
        completed.append(measure if same else replace(measure, departments=departments))
    return _with_rest(file, completed)


def _lines(file: File) -> dict[str, tuple[Department, ...]]:
    """（责任单位：…） as a paragraph of its own: of the clause before it."""
    found: dict[str, tuple[Department, ...]] = {}
    clauses = file.document.clauses
    for before, clause in pairwise(clauses):
        span = clause.span
        if span.end - span.start < _LONGEST_LINE and _LINE.match(file.flat, span.start, span.end):
            departments = _departments(file, span)
            if departments:
                found[before.id] = departments
    return found


def _departments(file: File, span: Span) -> tuple[Department, ...]:
    if not _MAY_NAME.search(file.flat, span.start, span.end):
        return ()
    joined = join(file.text, [span])
    departments, _ = read_departments(file.flat[span.start : span.end], Span(0, len(joined.text)))
    return joined.relocated(tuple(replace(each, name=each.span.of(joined.text)) for each in departments))


def _with_rest(file: File, measures: list[Measure]) -> list[Measure]:
    """以下均含各县区，不再列出: they also have to do with what stands below."""
    rest = list(read_rest(file.flat)) if "以下" in file.flat else []
    if not rest:
        return measures
    completed: list[Measure] = []
    for measure in measures:
        known = {department.name for department in measure.departments}
        added = [
            replace(department, name=department.span.of(file.text))
            for at, department in rest
            if at <= measure.span.start and measure.benefits and department.name not in known
        ]
        completed.append(replace(measure, departments=(*measure.departments, *added)))
    return completed
