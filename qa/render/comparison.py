"""The comparison of one support across levels as a table: a column a file, each cell with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.document import NO_NUMBER
from qa.measure_words import place_of
from qa.render.markup import badge, escape
from qa.render.measures import UNSTATED, span_link

if TYPE_CHECKING:
    from qa.comparison import Comparison, Row

KIND_NAMES = {"difference": "不同", "conflict": "可能冲突", "open": "留给他人规定"}
_CLASSES = {"difference": "soon", "conflict": "bad", "open": "warn"}


def comparison_html(comparison: Comparison) -> str:
    """Nothing to compare with is said so."""
    from qa.comparison import ASPECTS

    rows = comparison.rows
    if len(rows) < 2:
        return '<div class="empty">库内其他文件没有找到同类支持措施。</div>'
    heads = "".join(f'<th scope="col">{_head(row)}</th>' for row in rows)
    differing = {finding.aspect for finding in comparison.findings if finding.kind != "open"}
    body = "".join(
        f'<tr{" class=differs" if aspect in differing else ""}><th scope="row">{aspect}</th>'
        f"{''.join(_cell(row, aspect) for row in rows)}</tr>"
        for aspect in ASPECTS
        if any(aspect in row.cells for row in rows)
    )
    states = "".join(
        f"<td>{badge(row.record.status.state)}<small>{escape(row.record.status.reason)}</small></td>" for row in rows
    )
    findings = "".join(
        f'<li><span class="badge {_CLASSES[f.kind]}">{KIND_NAMES[f.kind]}</span> {_whose(comparison, f.rows)}{escape(f.text)}'
        f"{span_link(rows[f.rows[0]].record.card, f.span) if f.span else ''}</li>"
        for f in comparison.findings
    )
    return (
        f'<div class="comparison"><div class="scroll"><table><thead><tr><td></td>{heads}</tr></thead><tbody>{body}'
        f'<tr><th scope="row">时效</th>{states}</tr></tbody></table></div>'
        f"{f'<ul class=findings>{findings}</ul>' if findings else ''}"
        '<p class="notice">各级资金通常各自列支，本表不相加；能否同时享受以叠加规则和主管部门意见为准。</p></div>'
    )


def _head(row: Row) -> str:
    return f"{escape(place_of(row.record.card))}<small>{escape(row.record.card.document_number or NO_NUMBER)}</small>"


def _cell(row: Row, aspect: str) -> str:
    cell = row.cells.get(aspect)  # type: ignore[call-overload]
    if cell is None:
        return f"<td>{UNSTATED}</td>"
    links = "".join(span_link(row.record.card, span) for span in cell.spans[:1])
    return f"<td>{escape(cell.text)}{links}</td>"


def _whose(comparison: Comparison, rows: tuple[int, ...]) -> str:
    return f"{'、'.join(escape(place_of(comparison.rows[row].record.card)) for row in rows)}："
