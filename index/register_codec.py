"""Frozen dataclasses ⇄ JSON, without loss.

A dataclass becomes an object of the fields that differ from their default, a span and a tuple a list, a date its ISO form, an
exact decimal its digits. Reading follows the type hints, so a field added later with a default reads from older rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ingest.document import PolicyDocument, Span

T = TypeVar("T")


def encode(value: object) -> str:
    """JSON text of a dataclass instance, or a tuple of them, made of dataclasses, tuples, dates, strings, numbers and ``None``."""
    return _json(_plain(value))


def decode(kind: type[T], text: str) -> T:
    """The instance of ``kind`` that ``encode`` was given."""
    return _reader(kind)(json.loads(text))


def encode_document(document: PolicyDocument) -> str:
    """As ``encode``; clause texts are left out, because the span law gives them back."""
    values = _plain(document)
    for clause, row in zip(document.clauses, values["clauses"], strict=True):
        if clause.span.of(document.text) == clause.text:
            row["text"] = ""
    return _json(values)


def decode_document(text: str) -> PolicyDocument:
    """The document that ``encode_document`` was given."""
    values = json.loads(text)
    whole = values["text"]
    for clause in values["clauses"]:
        if not clause["text"]:
            clause["text"] = _span(clause["span"]).of(whole)
    return _reader(PolicyDocument)(values)


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    return _writer(type(value))(value)


@cache
def _writer(kind: type) -> Callable[[Any], Any]:
    """Function from a value of the type to plain JSON values."""
    if kind is Span:
        return lambda span: [span.start, span.end]
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    if issubclass(kind, tuple):
        return lambda value: list(map(_plain, value))
    if issubclass(kind, date):
        return kind.isoformat
    return str if kind is Decimal else _as_it_is


def _dataclass_writer(kind: type) -> Callable[[Any], dict[str, Any]]:
    defaults = [(field.name, field.default) for field in fields(kind)]

    def plain(value: object) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, default in defaults:
            item = getattr(value, name)
            if item is not default and (item != default or type(item) is not type(default)):
                made[name] = item if type(item) is str else _plain(item)
        return made

    return plain


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a type hint may be any object
    """Function from plain JSON values to a value of the annotated type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        (inner,) = (_reader(a) for a in arguments if a is not NoneType)
        return lambda value: None if value is None else inner(value)
    if origin is tuple and arguments[-1] is Ellipsis:
        item = _reader(arguments[0])
        return lambda value: tuple(map(item, value))
    if origin is tuple:
        items = tuple(map(_reader, arguments))
        return lambda value: tuple(read(part) for read, part in zip(items, value, strict=True))
    if kind is datetime or kind is date:
        return kind.fromisoformat
    if kind is Decimal:
        return Decimal
    if kind is Span:
        return _span
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    return _as_it_is


def _as_it_is(value: object) -> object:
    return value


def _span(value: list[int] | dict[str, int]) -> Span:
    """Rows written before version 3 of the register hold an object."""
    return Span(*value) if isinstance(value, list) else Span(**value)


def _dataclass_reader(kind: type[Any]) -> Callable[[dict[str, Any]], Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    changed = {name: read for name, read in readers.items() if read is not _as_it_is}

    def instance(value: dict[str, Any]) -> Any:  # noqa: ANN401 - of ``kind``
        for name, item in value.items():  # most of the fields of a measure are not there
            if name in changed:
                value[name] = changed[name](item)
        return kind(**value)

    return instance
