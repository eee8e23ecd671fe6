"""The framework of the library for terminals and programs: plain text and JSON-ready values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ingest.document import NO_NUMBER, RELATION_NAMES, book_title
from qa.render.framework import ABSENT, NO_PATH, SAME_SENTENCE, STEP_NAMES, TARGET_HEADS, UNSTATED
from qa.render.sources import source_dict, source_text

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.answer import Citation
    from qa.framework.cited import CitedFile, CitedFiles
    from qa.framework.goals import Target
    from qa.framework.overview import Overview
    from qa.framework.reading_path import PathFile, Step
    from qa.framework.responsibilities import Responsibilities
    from qa.framework.timeline import Event, Timeline


def overview_text(found: Overview) -> str:
    """A line a fact, then the parts with the lines of each."""
    lines = [f"{found.title}〔{found.status.state}〕"]
    lines += [
        f"  {fact.name}：{_one_line(fact.value)}{f'（{fact.note}）' if fact.note else ''}" for fact in found.facts
    ]
    for part in found.parts:
        lines.append(f"{part.name}：{'' if part.lines else ABSENT}")
        for line in part.lines:
            note = f"（{line.note}）" if line.note else ""
            lines.append(f"  · {_one_line(line.citation.quote)}{note} {line.citation.path}")
        lines += [f"  另有 {part.left_out} 项，见原文件"] * bool(part.left_out)
    return "\n".join(lines)


def overview_dict(found: Overview) -> dict[str, Any]:
    """``absent``: the file has no such part; ``source`` of a fact is null where its text does not print it."""
    facts = [
        {"name": f.name, "value": f.value, "note": f.note, "source": source_dict(f.citation) if f.citation else None}
        for f in found.facts
    ]
    parts = [
        {
            "name": part.name,
            "absent": not part.lines,
            "left_out": part.left_out,
            "lines": [{"note": line.note, "source": source_dict(line.citation)} for line in part.lines],
        }
        for part in found.parts
    ]
    return {
        "document_id": found.document_id,
        "title": found.title,
        "validity": found.status.state,
        "facts": facts,
        "parts": parts,
    }


def goals_text(targets: Sequence[Target]) -> str:
    """A row a target, below the heads of the columns."""
    if not targets:
        return f"{ABSENT}带数字的目标。"
    rows = [
        TARGET_HEADS,
        *((t.metric, t.comparator or UNSTATED, f"{t.value}{t.unit}", t.period, t.path or "文首") for t in targets),
    ]
    return "\n".join("｜".join(map(_one_line, row)) for row in rows)


def goals_dict(targets: Sequence[Target]) -> list[dict[str, Any]]:
    """``comparator`` and ``unit`` are empty and ``period`` is 未标明 where the file has none; ``operator``: ge, gt, le, lt or null."""
    return [
        {
            "metric": target.metric,
            "comparator": target.comparator,
            "operator": target.operator,
            "value": target.value,
            "unit": target.unit,
            "period": target.period,
            "source": source_dict(target.citation),
        }
        for target in targets
    ]


def responsibilities_text(found: Responsibilities) -> str:
    """Departments with their duties; tasks that name none come last."""
    lines: list[str] = []
    for department in found.departments:
        lines.append(f"{department.name}（{len(department.duties)}）")
        lines += [
            f"  {duty.printed}：{_one_line(duty.item.text)} {duty.item.citation.path}" for duty in department.duties
        ]
    if found.unassigned:
        lines.append(f"责任单位{UNSTATED}的任务（{len(found.unassigned)}）")
        lines += [f"  {_one_line(item.text)} {item.citation.path}" for item in found.unassigned]
    return "\n".join(lines) or f"{ABSENT}责任单位。"


def responsibilities_dict(found: Responsibilities) -> dict[str, Any]:
    """``item``: what is to be done; ``source``: the words that name the department."""
    departments = [
        {
            "name": department.name,
            "duties": [
                {
                    "role": duty.role,
                    "printed": duty.printed,
                    "inherited": duty.inherited,
                    "item": source_dict(duty.item.citation),
                    "source": source_dict(duty.citation),
                }
                for duty in department.duties
            ],
        }
        for department in found.departments
    ]
    return {"departments": departments, "unassigned": [source_dict(item.citation) for item in found.unassigned]}


def timeline_text(found: Timeline) -> str:
    """Events, the state of the file in time, and what it does not state."""
    lines = [_event_line(event) for event in found.events]
    lines.append("各时段的时效：")
    for period in found.periods:
        start = f"自 {period.start.isoformat()} 起" if period.start else "此前"
        lines.append(f"  {start} {period.status.state}（{period.status.reason}）")
    lines += [f"{UNSTATED}：{'、'.join(found.unknown)}"] * bool(found.unknown)
    return "\n".join(lines)


def timeline_dict(found: Timeline) -> dict[str, Any]:
    """``start`` of the first period is null: what was before the first known day."""
    periods = [
        {
            "start": period.start.isoformat() if period.start else None,
            "validity": period.status.state,
            "reason": period.status.reason,
        }
        for period in found.periods
    ]
    events = [event_dict(event) for event in found.events]
    return {"document_id": found.document_id, "events": events, "periods": periods, "unknown": list(found.unknown)}


def events_text(events: Sequence[Event]) -> str:
    """A line an event, with its file."""
    return "\n".join(_event_line(event, book_title(event.title)) for event in events) or f"{ABSENT}日期。"


def event_dict(event: Event) -> dict[str, Any]:
    """``on`` is null where the day is not stated or comes back each year."""
    return {
        "kind": event.kind,
        "on": event.on.isoformat() if event.on else None,
        "until": event.until.isoformat() if event.until else None,
        "document_id": event.document_id,
        "title": event.title,
        "note": event.note,
        "source": source_dict(event.citation) if event.citation else None,
    }


def cited_files_text(found: CitedFiles) -> str:
    """Those named by most files first, each with its places."""
    lines = [f"引用而库内未收录的文件 {found.total} 份"]
    for file in found.files:
        lines.append(
            f"{file.title or '标题未标明'}（{file.number or NO_NUMBER}）：{file.files} 份文件引用，{_relations(file)}"
        )
        lines += [f"  {source_text(place)}" for place in file.places]
    return "\n".join(lines)


def cited_files_dict(found: CitedFiles) -> dict[str, Any]:
    """``total`` counts all of them, ``files`` has the first."""
    files = [
        {
            "title": file.title,
            "number": file.number,
            "level": file.level,
            "files": file.files,
            "relations": [{"relation": relation, "files": count} for relation, count in file.relations],
            "places": [source_dict(place) for place in file.places],
        }
        for file in found.files
    ]
    return {"total": found.total, "files": files}


def reading_path_text(steps: Sequence[Step]) -> str:
    """Numbered steps, each file with the sentences that link it."""
    if not steps:
        return NO_PATH
    shown: set[Citation] = set()
    return "\n".join(line for number, step in enumerate(steps, 1) for line in _step_lines(number, step, shown))


def reading_path_dict(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps in order; ``document_id`` and ``validity`` are null where a file is not held."""
    return [{"kind": step.kind, "files": [_path_file(file) for file in step.files]} for step in steps]


def _step_lines(number: int, step: Step, shown: set[Citation]) -> Iterator[str]:
    """``shown``: sentences that were quoted already; one that names several files is quoted once."""
    yield f"{number}. {STEP_NAMES[step.kind]}"
    for file in step.files:
        state = file.status.state if file.status else file.resolution
        yield f"  《{_one_line(file.title or '标题未标明')}》（{file.number or NO_NUMBER}）〔{state}〕"
        for citation in file.links:
            yield f"    {SAME_SENTENCE if citation in shown else f'“{_one_line(citation.quote)}”'}——{citation.label}"
            shown.add(citation)


def _path_file(file: PathFile) -> dict[str, Any]:
    return {
        "document_id": file.document_id,
        "title": file.title,
        "number": file.number,
        "level": file.level,
        "validity": file.status.state if file.status else None,
        "resolution": file.resolution,
        "relation": file.relation,
        "links": [source_dict(citation) for citation in file.links],
        "named": source_dict(file.named) if file.named else None,
    }


def _event_line(event: Event, file: str = "") -> str:
    day = event.on.isoformat() if event.on else event.note or UNSTATED
    until = f" 至 {event.until.isoformat()}" if event.until and event.until != event.on else ""
    return f"{day}{until} {event.kind}{file}{_said(event.citation)}"


def _said(citation: Citation | None) -> str:
    return f"：“{_one_line(citation.quote)}” {citation.label}" if citation else ""


def _relations(file: CitedFile) -> str:
    return "、".join(
        f"{RELATION_NAMES[relation] if relation else '提及'} {count}" for relation, count in file.relations
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
