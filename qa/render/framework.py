"""The framework of the library as HTML: overview, targets, responsibilities, timeline, files named but not held, reading path.

Each line links to the words that say it. Everything that a file says is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ingest.document import LEVEL_NAMES, NO_NUMBER, RELATION_NAMES
from qa.render.markup import badge, escape, shorten
from qa.render.sources import source_link

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.answer import Citation
    from qa.framework.cited import CitedFile, CitedFiles
    from qa.framework.goals import Target
    from qa.framework.overview import Fact, Line, Overview, Part
    from qa.framework.reading_path import PathFile, Step
    from qa.framework.responsibilities import DepartmentDuties, Duty, Responsibilities
    from qa.framework.timeline import Event, Period, Timeline

ABSENT = "文中没有"
UNSTATED = "未标明"
NO_PATH = "没有写明所依据文件、且未废止或失效的方案（级别未标明的不计），排不出阅读先后。"
SAME_SENTENCE = "同一句"
STEP_NAMES = {
    "plan": "先看方案",
    "above": "再看方案提到的文件",
    "policies": "政策措施",
    "guides": "指南和细则",
    "past": "只供了解沿革",
}
TARGET_HEADS = ("指标", "比较词", "目标值", "期限", "位置")
_LINE_SHOWN = 200


def overview_html(found: Overview) -> str:
    """The card of a file; a part that it does not have is said to be absent."""
    facts = "".join(map(_fact_html, found.facts))
    parts = "".join(map(_part_html, found.parts))
    return (
        f'<article class="overview"><h3>{escape(found.title)} {badge(found.status.state)}</h3>'
        f"<dl>{facts}</dl>{parts}</article>"
    )


def goals_html(targets: Sequence[Target]) -> str:
    """A table in the words of the file; what it does not say is 未标明."""
    if not targets:
        return f'<div class="empty">{ABSENT}带数字的目标。</div>'
    rows = "".join(_target_html(target) for target in targets)
    return f'<div class="scroll"><table class="goals">{_heads(TARGET_HEADS)}<tbody>{rows}</tbody></table></div>'


def responsibilities_html(found: Responsibilities) -> str:
    """A section a department; tasks that name none come last."""
    sections = "".join(map(_department_html, found.departments))
    without = "".join(f"<li>{escape(_shown(item.citation))} {_place(item.citation)}</li>" for item in found.unassigned)
    rest = f'<section class="unassigned"><h4>责任单位{UNSTATED}的任务（{len(found.unassigned)}）</h4><ul>{without}</ul></section>'
    if not (sections or without):
        return f'<div class="empty">{ABSENT}责任单位。</div>'
    return f'<div class="duties">{sections}{rest if without else ""}</div>'


def timeline_html(found: Timeline) -> str:
    """Events, then the state of the file in time, then what it does not state."""
    periods = "".join(map(_period_html, found.periods))
    unknown = f'<p class="notice">{UNSTATED}：{"、".join(map(escape, found.unknown))}</p>' if found.unknown else ""
    return f'<div class="timeline">{events_html(found.events)}<h4>各时段的时效</h4><ol class="periods">{periods}</ol>{unknown}</div>'


def events_html(events: Sequence[Event], named: bool = False) -> str:
    """``named``: with the file of each, for the timeline of all files."""
    if not events:
        return f'<div class="empty">{ABSENT}日期。</div>'
    return f'<ol class="events">{"".join(_event_html(event, named) for event in events)}</ol>'


def cited_files_html(found: CitedFiles) -> str:
    """A table, those named by most files first."""
    if not found.files:
        return '<div class="empty">没有引用了而库内未收录的文件。</div>'
    more = f"，这里显示前 {len(found.files)} 份" if len(found.files) < found.total else ""
    rows = "".join(map(_cited_html, found.files))
    return (
        f"<p>引用而库内未收录的文件 {found.total} 份{more}</p>"
        f'<div class="scroll"><table class="cited">{_heads(("文件（照引用处原文）", "文号", "级别", "引用它的文件", "关系", "引用处"))}'
        f"<tbody>{rows}</tbody></table></div>"
    )


def reading_path_html(steps: Sequence[Step]) -> str:
    """The steps in order; each file with the sentences that link it."""
    if not steps:
        return f'<div class="empty">{NO_PATH}</div>'
    shown: set[Citation] = set()
    items = "".join(
        f"<li><h4>{STEP_NAMES[step.kind]}</h4><ul>{''.join(_path_file_html(file, shown) for file in step.files)}</ul></li>"
        for step in steps
    )
    return f'<ol class="reading-path">{items}</ol>'


def _fact_html(fact: Fact) -> str:
    where = f" {source_link(fact.citation, '出处')}" if fact.citation else ""
    note = f"<small>{escape(fact.note)}</small>" if fact.note else ""
    return f"<dt>{escape(fact.name)}</dt><dd>{escape(' '.join(fact.value.split()))}{note}{where}</dd>"


def _part_html(part: Part) -> str:
    lines = "".join(map(_line_html, part.lines))
    more = f'<p class="notice">另有 {part.left_out} 项，见原文件。</p>' if part.left_out else ""
    body = f"<ul>{lines}</ul>{more}" if lines else f'<p class="absent">{ABSENT}</p>'
    return f"<section><h4>{escape(part.name)}</h4>{body}</section>"


def _line_html(line: Line) -> str:
    note = f"<small>{escape(line.note)}</small> " if line.note else ""
    return f"<li>{escape(_shown(line.citation))} {note}{_place(line.citation)}</li>"


def _target_html(target: Target) -> str:
    value = f"{target.value}（单位：{target.unit}）" if target.unit else target.value
    cells = (target.metric, target.comparator or UNSTATED, value, target.period)
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{_place(target.citation)}</td></tr>"


def _department_html(department: DepartmentDuties) -> str:
    duties = "".join(map(_duty_html, department.duties))
    return f"<section><h4>{escape(department.name)}（{len(department.duties)}）</h4><ul>{duties}</ul></section>"


def _duty_html(duty: Duty) -> str:
    whose = "（见上级标题）" if duty.inherited else ""
    return (
        f'<li><span class="badge">{escape(duty.printed)}</span> {escape(_shown(duty.item.citation))}{whose} {_place(duty.item.citation)} '
        f"{source_link(duty.citation, '责任单位出处')}</li>"
    )


def _event_html(event: Event, named: bool) -> str:
    day = event.on.isoformat() if event.on else event.note or UNSTATED
    until = f" 至 {event.until.isoformat()}" if event.until and event.until != event.on else ""
    note = f"<small>{escape(event.note)}</small>" if event.note and event.on else ""
    file = f" {escape(shorten(event.title, 60))}" if named else ""
    said = f" <q>{escape(_shown(event.citation))}</q> {_place(event.citation)}" if event.citation else ""
    return f"<li><b>{escape(day)}{until}</b> {event.kind}{file}{note}{said}</li>"


def _period_html(period: Period) -> str:
    start = f"自 {period.start.isoformat()} 起" if period.start else "此前"
    return f"<li>{start} {badge(period.status.state)}<small>{escape(period.status.reason)}</small></li>"


def _cited_html(file: CitedFile) -> str:
    relations = "、".join(f"{RELATION_NAMES[r] if r else '提及'} {count}" for r, count in file.relations)
    cells = (
        file.title or "标题未标明",
        file.number or NO_NUMBER,
        LEVEL_NAMES[file.level] if file.level else f"级别{UNSTATED}",
        f"{file.files} 份",
        relations,
    )
    places = "<br>".join(source_link(place) for place in file.places)
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{places}</td></tr>"


def _path_file_html(file: PathFile, shown: set[Citation]) -> str:
    """``shown``: sentences that were quoted already; one that names several files is quoted once."""
    state = badge(file.status.state) if file.status else f'<span class="badge unknown">{escape(file.resolution)}</span>'
    name = f"{escape(file.title or '标题未标明')}（{escape(file.number or NO_NUMBER)}）"
    relation = f" {RELATION_NAMES[file.relation]}" if file.relation and file.named else ""
    links = "".join(_quoted_once(citation, shown) for citation in file.links)
    return f"<li>{name} {state}{relation}{f'<ul>{links}</ul>' if links else ''}</li>"


def _quoted_once(citation: Citation, shown: set[Citation]) -> str:
    quote = SAME_SENTENCE if citation in shown else f"<q>{escape(_shown(citation))}</q>"
    shown.add(citation)
    return f"<li>{quote} {source_link(citation)}</li>"


def _heads(names: Iterable[str]) -> str:
    cells = "".join(f'<th scope="col">{name}</th>' for name in names)
    return f"<thead><tr>{cells}</tr></thead>"


def _place(citation: Citation) -> str:
    return source_link(citation, citation.path or "出处")


def _shown(citation: Citation) -> str:
    return shorten(" ".join(citation.quote.split()), _LINE_SHOWN)
