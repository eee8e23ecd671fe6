"""What can be seen of one file, and of the whole library, each view under its name: found, told as text and as JSON-ready values
in the same way on every face.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.library import Library
from index.query import NO_FILTERS, Filters
from qa.evidence import Shelf
from qa.framework.changes import Comparable, Comparison, comparable, compare_files
from qa.framework.cited import cited_files
from qa.framework.explainer import explainer
from qa.framework.goals import goals
from qa.framework.overview import overview
from qa.framework.quiz import Quiz, quiz
from qa.framework.reading_path import reading_path
from qa.framework.responsibilities import responsibilities
from qa.framework.terms import file_terms
from qa.framework.timeline import library_timeline, timeline
from qa.given import MAX_NAME, bounded, document_meant
from qa.render.changes import changes_dict, changes_text, comparable_dict, comparable_text
from qa.render.explainer_plain import explainer_dict, explainer_text
from qa.render.framework_plain import (
    cited_files_dict,
    cited_files_text,
    event_dict,
    events_text,
    goals_dict,
    goals_text,
    overview_dict,
    overview_text,
    reading_path_dict,
    reading_path_text,
    responsibilities_dict,
    responsibilities_text,
    timeline_dict,
    timeline_text,
)
from qa.render.quiz import quiz_dict, quiz_text
from qa.render.terms import file_terms_dict, file_terms_text

QUESTIONS, MAX_QUESTIONS = 10, 50  # of a quiz


@dataclass(frozen=True, slots=True)
class Wanted:
    """``other``: the file to compare with; ``seed`` and ``count``: of a quiz."""

    other: str = ""
    seed: int = 0
    count: int = QUESTIONS


@dataclass(frozen=True, slots=True)
class Changes:
    """``comparison``: with the file that was named, else with the likeliest of ``others``; ``None`` where there is none."""

    others: tuple[Comparable, ...]
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class View:
    """``find`` is given the shelf, the id of the file (empty for the library) and what is wanted."""

    name: str
    find: Callable[[Shelf, str, Wanted], Any]
    text: Callable[[Any], str]
    plain: Callable[[Any], Any]


def compared(library: Library, document_id: str, other: str, as_of: date) -> Changes:
    """``other``: id, number or title, or ``ID@SHA256`` for an earlier version. Raises PolicyError."""
    others = comparable(library, document_id)
    chosen = _chosen(library, document_id, other, others) if other else next(iter(others), None)
    if chosen is None:
        return Changes(others, None)
    if chosen.older:
        found = compare_files(library, chosen.document_id, document_id, as_of, old_sha256=chosen.sha256)
    else:
        found = compare_files(library, document_id, chosen.document_id, as_of, new_sha256=chosen.sha256)
    return Changes(others, found)


def _chosen(library: Library, document_id: str, other: str, others: tuple[Comparable, ...]) -> Comparable:
    wanted = bounded("要比对的文件", other, MAX_NAME)
    version = next((c for c in others if c.sha256 and f"{c.document_id}@{c.sha256}" == wanted), None)
    if version:
        return version
    id_ = document_meant(library, wanted)
    linked = next((c for c in others if c.document_id == id_ and c.sha256 is None), None)
    older = (library.card(id_).issued_on or date.min) <= (library.card(document_id).issued_on or date.min)
    return linked or Comparable(id_, None, library.card(id_).title, "指定的文件", older)


def _changes_text(found: Changes) -> str:
    return changes_text(found.comparison) if found.comparison else comparable_text(found.others)


def _changes_dict(found: Changes) -> dict[str, Any]:
    comparison = changes_dict(found.comparison) if found.comparison else None
    return {"comparable": comparable_dict(found.others), "comparison": comparison}


def _quiz(shelf: Shelf, document_id: str, wanted: Wanted) -> Quiz:
    filters = Filters(document_ids=(document_id,)) if document_id else NO_FILTERS
    return quiz(shelf.library, filters, shelf.as_of, max(1, min(wanted.count, MAX_QUESTIONS)), wanted.seed)


FILE_VIEWS: Mapping[str, View] = {
    "overview": View("概览", lambda shelf, id_, _: overview(shelf, id_), overview_text, overview_dict),
    "targets": View("关键目标", lambda shelf, id_, _: goals(shelf, id_), goals_text, goals_dict),
    "responsibilities": View(
        "责任单位", lambda shelf, id_, _: responsibilities(shelf, id_), responsibilities_text, responsibilities_dict
    ),
    "timeline": View("时间线", lambda shelf, id_, _: timeline(shelf, id_), timeline_text, timeline_dict),
    "terms": View(
        "名词", lambda shelf, id_, _: file_terms(shelf.library, id_, shelf.as_of), file_terms_text, file_terms_dict
    ),
    "explainer": View(
        "一图读懂", lambda shelf, id_, _: explainer(shelf.library, id_, shelf.as_of), explainer_text, explainer_dict
    ),
    "changes": View(
        "新旧对照",
        lambda shelf, id_, wanted: compared(shelf.library, id_, wanted.other, shelf.as_of),
        _changes_text,
        _changes_dict,
    ),
    "quiz": View("自测", _quiz, quiz_text, quiz_dict),
}
LIBRARY_VIEWS: Mapping[str, View] = {
    "path": View("阅读顺序", lambda shelf, _id, _: reading_path(shelf), reading_path_text, reading_path_dict),
    "timeline": View(
        "时间线",
        lambda shelf, _id, _: library_timeline(shelf),
        events_text,
        lambda events: [event_dict(event) for event in events],
    ),
    "cited": View("引用而未收录的文件", lambda shelf, _id, _: cited_files(shelf), cited_files_text, cited_files_dict),
    "quiz": View("自测", _quiz, quiz_text, quiz_dict),
}
FILE_PARTS = "、".join(f"{name}（{view.name}）" for name, view in FILE_VIEWS.items())
LIBRARY_PARTS = "、".join(f"{name}（{view.name}）" for name, view in LIBRARY_VIEWS.items())
