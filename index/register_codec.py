"""Frozen dataclasses ⇄ JSON, without loss.

A dataclass becomes an object of the fields that differ from their default, a span and a tuple a list, a date its ISO form, an
exact decimal its digits. Reading follows the type hints, so a field added later with a default reads from older rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ingest.document import PolicyDocument, Span

T = TypeVar("T")


def encode(value: object) -> str:
    """JSON text of a dataclass instance, or a tuple of them, made of dataclasses, tuples, dates, strings, numbers and ``None``."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode(kind: type[T], text: str) -> T:
    """The instance of ``kind`` that ``encode`` was given."""
    return _reader(kind)(json.loads(text))


def encode_document(document: PolicyDocument) -> str:
    """As ``encode``; clause texts are left out, because the span law gives them back."""
    clauses = tuple(replace(c, text="") if c.span.of(document.text) == c.text else c for c in document.clauses)
    return encode(replace(document, clauses=clauses))


def decode_document(text: str) -> PolicyDocument:
    """The document that ``encode_document`` was given."""
    values = json.loads(text)
    whole = values["text"]
    for clause in values["clauses"]:
        if not clause["text"]:
            clause["text"] = _span(clause["span"]).of(whole)
    return _reader(PolicyDocument)(values)


def _plain(value: object) -> object:
    if isinstance(value, Span):
        return [value.start, value.end]
    if is_dataclass(value):
        items = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _plain(item) for field, item in items if not _is_default(field, item)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _is_default(field: Field[Any], value: object) -> bool:
    return field.default is not MISSING and field.default == value and type(field.default) is type(value)


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
