"""Support measures and their comparison for terminals and programs: plain text and JSON-ready values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ingest.document import LEVEL_NAMES, PolicyDocument, Span
from ingest.measures.model import FORM_NAMES
from qa.measure_words import called, place_of, source_of
from qa.render.comparison import KIND_NAMES
from qa.render.measures import NOT_WRITTEN

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from index.measures import MeasureRecord
    from qa.comparison import Comparison, Row

    Documents = Mapping[str, PolicyDocument]
    Shown = tuple[MeasureRecord, PolicyDocument]


def measure_brief_dict(record: MeasureRecord, document: PolicyDocument) -> dict[str, Any]:
    """A measure as a list shows it."""
    measure, card = record.measure, record.card
    return {
        "id": measure.id,
        "name": called(measure, document.text),
        "source": source_of(card, document, measure.span),
        "document_id": card.id,
        "document_number": card.document_number,
        "level": card.level,
        "level_name": LEVEL_NAMES.get(card.level or ""),
        "region": card.region,
        "validity": record.status.state,
        "benefits": [
            {"type": b.type, "form": b.form, "form_name": FORM_NAMES[b.form], "quote": b.span.of(document.text).strip()}
            for b in measure.benefits
        ],
        "corrected": bool(record.corrections),
    }


def measure_dict(record: MeasureRecord, document: PolicyDocument) -> dict[str, Any]:
    """A measure with all that was read of it: each part with its ``span`` in the file's text and the words there (``quote``).

    What is not in the clause is absent. Sums are exact decimal text in ``unit``, shares fractions of 1.
    """
    return {
        **measure_brief_dict(record, document),
        "sha256": document.sha256,
        "clause_id": record.measure.clause_id,
        "quote": record.measure.span.of(document.text).strip(),
        "fields": {name: value for name, value in _plain(record.measure, document.text).items() if name not in _TOP},
        "validity_reason": record.status.reason,
        "corrections": [_correction(c) for c in record.corrections],
        "corrections_to_check": [_correction(c) for c in record.to_check],
    }


_TOP = ("id", "name", "clause_id", "quote")


def _plain(value: object, text: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Span):
        return {"start": value.start, "end": value.end}
    if is_dataclass(value):
        pairs = ((each.name, getattr(value, each.name)) for each in fields(value))
        result = {name: _plain(own, text) for name, own in pairs if own not in (None, "", (), False)}
        span = getattr(value, "span", None)
        return {**result, "quote": span.of(text).strip()} if span and span.end > span.start else result
    if isinstance(value, tuple):
        return [_plain(each, text) for each in value]
    return str(value) if isinstance(value, Decimal) else value


def _correction(correction: Any) -> dict[str, Any]:  # noqa: ANN401 - of index.corrections, which rendering must not load
    return {
        "path": correction.path,
        "old": correction.old,
        "new": correction.new,
        "name": correction.name,
        "reason": correction.reason,
        "at": correction.at.isoformat(),
    }


def comparison_dict(comparison: Comparison, documents: Documents) -> dict[str, Any]:
    """Rows from the highest level down; ``cells`` by aspect, an aspect that is absent is not stated in the clause."""
    return {
        "rows": [
            {
                **measure_brief_dict(row.record, documents[row.record.card.id]),
                "sha256": documents[row.record.card.id].sha256,
                "cells": {
                    aspect: {"text": cell.text, "spans": [_plain(span, "") for span in cell.spans]}
                    for aspect, cell in row.cells.items()
                },
            }
            for row in comparison.rows
        ],
        "findings": [
            {
                "kind": f.kind,
                "kind_name": KIND_NAMES[f.kind],
                "text": f.text,
                "rows": list(f.rows),
                "aspect": f.aspect,
                "span": _plain(f.span, "") if f.span else None,
            }
            for f in comparison.findings
        ],
    }


def measures_text(shown: Sequence[Shown], total: int) -> str:
    """What a person reads on a terminal."""
    if not shown:
        return "没有符合条件的支持措施。"
    lines = [line for record, document in shown for line in _lines(record, document)]
    more = f"，这里显示 {len(shown)} 项" if len(shown) < total else ""
    return "\n".join([*lines, f"共 {total} 项{more}。"])


def _lines(record: MeasureRecord, document: PolicyDocument) -> Iterator[str]:
    yield f"{called(record.measure, document.text)}  {place_of(record.card)} · {record.status.state}"
    yield f"    编号：{record.measure.id}"
    for benefit in record.measure.benefits:
        yield f"    {benefit.type}·{FORM_NAMES[benefit.form]}：{' '.join(benefit.span.of(document.text).split())}"


def comparison_text(comparison: Comparison, documents: Documents) -> str:
    """Aspect by aspect, a line each row; then what differs."""
    from qa.comparison import ASPECTS  # with it the search engines

    rows = comparison.rows
    heads = [f"[{n}] {_head(row, documents[row.record.card.id])}" for n, row in enumerate(rows, 1)]
    if len(rows) < 2:
        return "\n".join([*heads, "库内其他文件没有找到同类支持措施。"])
    parts = ["\n".join(heads)]
    for aspect in ASPECTS:
        if any(aspect in row.cells for row in rows):
            parts.append("\n".join([aspect, *(f"  [{n}] {_said(row, aspect)}" for n, row in enumerate(rows, 1))]))
    found = [
        f"{KIND_NAMES[f.kind]}：{'、'.join(f'[{row + 1}]' for row in f.rows)}{f.text}" for f in comparison.findings
    ]
    return "\n\n".join([*parts, *(["\n".join(found)] if found else []), "各级资金通常各自列支，不相加。"])


def _head(row: Row, document: PolicyDocument) -> str:
    card = row.record.card
    source = source_of(card, document, row.record.measure.span)
    return f"{place_of(card)}：{source}（时效：{row.record.status.state}）"


def _said(row: Row, aspect: str) -> str:
    cell = row.cells.get(aspect)  # type: ignore[call-overload]
    return " ".join(cell.text.split()) if cell else NOT_WRITTEN
