"""A draft as JSON, both ways, so that a page or a program can hand an edited one in. What is not a draft is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, get_args, get_type_hints

from ingest.document import Span
from ingest.errors import PolicyError
from qa.answer import Citation, Proof
from qa.drafting.model import KIND_NAMES, Draft, Grid, Origin, Paragraph, Remark

MOST_BLOCKS, MOST_CITATIONS, MOST_ROWS, MOST_MARKS = 600, 2_000, 2_000, 200
LONGEST_TEXT, LONGEST_DRAFT = 20_000, 1_000_000
_REMARKS = get_args(get_type_hints(Remark)["kind"])


class DraftError(PolicyError):
    """What was handed in is no draft."""


def draft_dict(draft: Draft) -> dict[str, Any]:
    """As JSON-ready values. ``clause_path`` is the citation's path, ``label`` what people read of it."""
    values = asdict(draft)
    values["as_of"] = draft.as_of.isoformat()
    values["kind_name"] = KIND_NAMES[draft.kind]
    values["citations"] = [_citation_dict(citation) for citation in draft.citations]
    return json.loads(json.dumps(values, ensure_ascii=False))


def _citation_dict(citation: Citation) -> dict[str, Any]:
    values = asdict(citation)
    path = values.pop("path")
    return {**values, "clause_path": path, "label": citation.label}


def draft_from_dict(given: object) -> Draft:
    """The draft of ``draft_dict``. Raises DraftError."""
    try:
        values = _object(given)
        blocks = _blocks(values["blocks"])
        if sum(map(_length, blocks)) > LONGEST_DRAFT:
            raise ValueError("length")
        kind = values["kind"]
        if kind not in KIND_NAMES:
            raise ValueError("kind")
        return Draft(
            kind=kind,
            title=_text(values["title"]),
            blocks=blocks,
            citations=tuple(map(_citation, _list(values["citations"], MOST_CITATIONS))),
            as_of=date.fromisoformat(values["as_of"]),
            status=_text(values.get("status", "征求意见稿")),
            addressee=_text(values.get("addressee", "")),
            notices=tuple(map(_text, _list(values.get("notices", ()), MOST_BLOCKS))),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise DraftError("交来的内容不是一份草稿", "请交回由本工具起草、经过修改的 JSON") from error


def _blocks(given: object) -> tuple[Paragraph | Grid, ...]:
    blocks = tuple(
        _grid(each) if "heads" in each else _paragraph(each) for each in map(_object, _list(given, MOST_BLOCKS))
    )
    if len({block.id for block in blocks}) != len(blocks):
        raise ValueError("id")
    return blocks


def _length(block: Paragraph | Grid) -> int:
    if isinstance(block, Grid):
        return sum(len(cell) for row in (block.heads, *block.rows) for cell in row)
    return len(block.text) + sum(len(remark.text) for remark in block.remarks)


def _paragraph(given: Mapping[str, Any]) -> Paragraph:
    level, origin = given.get("level", 0), given.get("origin", "fixed")
    if type(level) is not int or not 0 <= level <= 4 or origin not in get_args(Origin):
        raise ValueError("level")
    return Paragraph(
        _text(given["id"]), _text(given["text"]), level, origin, _marks(given.get("marks", ())),
        tuple(map(_proof, _list(given.get("proofs", ()), MOST_MARKS))),
        tuple(map(_remark, _list(given.get("remarks", ()), MOST_MARKS))),
    )  # fmt: skip


def _grid(given: Mapping[str, Any]) -> Grid:
    heads = tuple(map(_text, _list(given["heads"], 50)))
    rows = tuple(tuple(map(_text, _list(row, 50))) for row in _list(given["rows"], MOST_ROWS))
    if any(len(row) != len(heads) for row in rows):
        raise ValueError("rows")
    marks = tuple(map(_marks, _list(given.get("row_marks", ()), MOST_ROWS)))
    return Grid(_text(given["id"]), _text(given["caption"]), heads, rows, marks)


def _remark(given: object) -> Remark:
    values = _object(given)
    if values["kind"] not in _REMARKS:
        raise ValueError("kind")
    return Remark(values["kind"], _text(values["text"]), _marks(values.get("marks", ())))


def _proof(given: object) -> Proof:
    values = dict(_object(given))
    values["span"], values["checks"] = _span(values["span"]), tuple(map(_text, values.get("checks", ())))
    (mark,) = _marks([values.pop("mark")])
    return Proof(mark=mark, **{name: value for name, value in values.items() if name in _names(Proof)})


def _citation(given: object) -> Citation:
    values = {**_object(given), "path": _text(_object(given)["clause_path"])}
    values["span"] = _span(values["span"])
    _marks([values["mark"]])
    for name in ("document_id", "clause_id", "file", "quote", "validity"):
        _text(values[name])
    for name in ("title", "document_number", "level", "region"):
        if values[name] is not None:
            _text(values[name])
    return Citation(**{name: value for name, value in values.items() if name in _names(Citation)})


def _names(kind: type[Citation] | type[Proof]) -> set[str]:
    return {field.name for field in fields(kind)}


def _object(given: object) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise TypeError("object")
    return given


def _list(given: object, most: int) -> list[Any]:
    if not isinstance(given, list | tuple) or len(given) > most:
        raise ValueError("list")
    return list(given)


def _text(given: object) -> str:
    if not isinstance(given, str) or len(given) > LONGEST_TEXT:
        raise ValueError("text")
    return given


def _marks(given: object) -> tuple[int, ...]:
    marks = _list(given, MOST_MARKS)
    if any(type(mark) is not int or mark < 1 for mark in marks):
        raise ValueError("marks")
    return tuple(marks)


def _span(given: object) -> Span:
    values = _object(given)
    start, end = values["start"], values["end"]
    if type(start) is not int or type(end) is not int or not 0 <= start <= end:
        raise ValueError("span")
    return Span(start, end)
