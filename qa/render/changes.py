"""Old against new for people and programs: two columns with what differs marked, a list of changed figures, plain text, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qa.render.markup import badge, escape
from qa.render.sources import source_dict, source_link, source_text

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.answer import Citation
    from qa.framework.changes import Comparable, Comparison, Mark, Row

NOTHING = "没有可以比对的条款。"
NOTHING_TO_COMPARE = "库内没有可以比对的较早版本、被替代或被修改的文件。"
CHANGE_NAMES = {"same": "未变", "changed": "有改动", "added": "新增", "removed": "删去"}
_CLASSES = {"same": "unknown", "changed": "warn", "added": "good", "removed": "bad"}


def comparable_html(found: Sequence[Comparable], document_id: str) -> str:
    """What a file can be compared with; each links to ``#changes-OLD/NEW`` (an earlier version: ``OLD@SHA256``)."""
    if not found:
        return f'<div class="empty">{NOTHING_TO_COMPARE}</div>'
    items = "".join(
        f'<li><a class="compare" href="#changes-{_pair(other, document_id)}" role="button">{escape(other.title)}</a>'
        f"<small>{escape(other.why)}</small></li>"
        for other in found
    )
    return f'<ul class="comparable">{items}</ul>'


def _pair(other: Comparable, document_id: str) -> str:
    there = quote(f"{other.document_id}@{other.sha256}" if other.sha256 else other.document_id, safe="")
    here = quote(document_id, safe="")
    return f"{there}/{here}" if other.older else f"{here}/{there}"


def changes_html(comparison: Comparison) -> str:
    """The table: old on the left, new on the right. Clauses that are the same are folded away by the page (``same``)."""
    notices = "".join(f'<p class="notice">{escape(notice)}</p>' for notice in comparison.notices)
    if not comparison.rows:
        return f'<div class="changes"><div class="empty">{NOTHING}</div>{notices}</div>'
    rows = "".join(map(_row_html, comparison.rows))
    heads = (
        f'<th scope="col">改动</th><th scope="col">旧：{escape(comparison.old)} {badge(comparison.old_validity)}</th>'
        f'<th scope="col">新：{escape(comparison.new)} {badge(comparison.new_validity)}</th>'
    )
    return (
        f'<div class="changes"><p class="count">{_counted(comparison)}（时效以 {comparison.as_of.isoformat()} 为准）</p>{notices}'
        f'<table class="files changes"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row_html(row: Row) -> str:
    figures = "".join(f"<li>{escape(change.old) or '—'} → {escape(change.new) or '—'}</li>" for change in row.figures)
    told = f"<small>{escape(row.remark)}</small>" if row.remark else ""
    listed = f'<ul class="figures">{figures}</ul>' if figures else ""
    return (
        f'<tr class="{row.change}"><th scope="row"><span class="badge {_CLASSES[row.change]}">{CHANGE_NAMES[row.change]}</span>'
        f"{told}{listed}</th><td>{_side(row.old, row.old_marks, 'del')}</td><td>{_side(row.new, row.new_marks, 'ins')}</td></tr>"
    )


def _side(citation: Citation | None, marks: Sequence[Mark], tag: str) -> str:
    if citation is None:
        return '<span class="unstated">无</span>'
    words, at = [], 0
    for mark in marks:
        figure = ' class="figure"' if mark.figure else ""
        words.append(escape(citation.quote[at : mark.start]))
        words.append(f"<{tag}{figure}>{escape(citation.quote[mark.start : mark.end])}</{tag}>")
        at = mark.end
    words.append(escape(citation.quote[at:]))
    return f"{''.join(words)} {source_link(citation, citation.path or '出处')}"


def _counted(comparison: Comparison) -> str:
    return "，".join(f"{CHANGE_NAMES[change]} {count} 条" for change, count in comparison.counts.items())


def changes_text(comparison: Comparison) -> str:
    """What a person reads on a terminal; clauses that are the same are only counted."""
    lines = [f"旧：{comparison.old}［{comparison.old_validity}］", f"新：{comparison.new}［{comparison.new_validity}］"]
    lines += [f"{_counted(comparison)}（时效以 {comparison.as_of.isoformat()} 为准）", *comparison.notices]
    for row in comparison.rows:
        if row.change == "same":
            continue
        lines += ["", f"［{CHANGE_NAMES[row.change]}］{row.remark}"]
        lines += [f"  {change.old or '—'} → {change.new or '—'}" for change in row.figures]
        for name, citation in (("旧", row.old), ("新", row.new)):
            if citation:
                lines += [f"  {name}：{' '.join(citation.quote.split())}", f"    —— {source_text(citation)}"]
    return "\n".join(lines if comparison.rows else [*lines, NOTHING])


def changes_dict(comparison: Comparison) -> dict[str, Any]:
    """JSON-ready values."""
    return {
        "old": comparison.old,
        "new": comparison.new,
        "as_of": comparison.as_of.isoformat(),
        "counts": dict(comparison.counts),
        "notices": list(comparison.notices),
        "rows": [_row_dict(row) for row in comparison.rows],
    }


def _row_dict(row: Row) -> dict[str, Any]:
    return {
        "change": row.change,
        "remark": row.remark,
        "old": source_dict(row.old) if row.old else None,
        "new": source_dict(row.new) if row.new else None,
        "old_marks": [[mark.start, mark.end] for mark in row.old_marks],
        "new_marks": [[mark.start, mark.end] for mark in row.new_marks],
        "figures": [[change.old, change.new] for change in row.figures],
    }


def comparable_text(found: Sequence[Comparable]) -> str:
    """A line for each file or version that can be compared."""
    lines = (f"{c.document_id}{f'@{c.sha256}' if c.sha256 else ''} {c.title}（{c.why}）" for c in found)
    return "\n".join(lines) or NOTHING_TO_COMPARE


def comparable_dict(found: Sequence[Comparable]) -> list[dict[str, Any]]:
    """JSON-ready values."""
    return [
        {"document_id": c.document_id, "sha256": c.sha256, "title": c.title, "why": c.why, "older": c.older}
        for c in found
    ]
