"""Text put together from several places of a document, with the way back: a lead sentence and its item, the cells of a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import TypeVar, cast

from ingest.document import Span
from ingest.measures.model import Amount, Words

T = TypeVar("T")
_NEIGHBOUR = 2  # characters between two cells
_PLACELESS = frozenset((str, bool, int, type(None), Decimal))


@dataclass(frozen=True, slots=True)
class Joined:
    """``pieces``: where a part begins in ``text``, and the words of the document it is; what lies between is glue."""

    text: str
    pieces: tuple[tuple[int, Span], ...]

    def span(self, span: Span) -> Span:
        """``span`` of ``text`` as a span of the document. Across a join it is what lies in the last piece it touches, with
        the pieces in front of it where they are neighbours in the document too (cells of a row).
        """
        begin = end = self.pieces[-1][1].start
        for start, piece in self.pieces:
            shift = piece.start - start
            left, right = max(span.start + shift, piece.start), min(span.end + shift, piece.end)
            if left < right or (left == right and span.start == span.end):
                near = begin < end <= left <= end + _NEIGHBOUR
                begin, end = begin if near else left, right
        return Span(begin, end)

    def relocated(self, value: T, **changes: object) -> T:
        """``value`` (a measure, or a part of one) with every span in it moved to the document, but for what is in the fields
        ``changes``, which says it already.
        """
        if isinstance(value, Span):
            return cast(T, self.span(value))
        if isinstance(value, tuple):
            return cast(T, tuple(map(self.relocated, value)))
        if isinstance(value, Words):
            return cast(T, Words(value.text, self.span(value.span)))
        if isinstance(value, Amount):
            return cast(T, Amount(value.value, value.unit, self.span(value.span)))
        values = [
            each if not each or type(each) in _PLACELESS else self.relocated(each) for each in field_values(value)
        ]
        if not values:
            return value
        if changes:
            return type(value)(**dict(zip(field_names(type(value)), values, strict=True)) | changes)
        return type(value)(*values)


@cache
def field_names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass, in the order in which it is made from them; none of another class."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def parts_of(value: object) -> Sequence[object]:
    """What a tuple or dataclass holds that may have a place in the text, or parts that have: no words, numbers and gaps."""
    held = value if isinstance(value, tuple) else field_values(value)
    return [each for each in held if each and type(each) not in _PLACELESS]


def field_values(value: object) -> tuple[object, ...]:
    """What a dataclass holds, in the order of its fields; none of another class."""
    values = _getter(type(value))
    return values(value) if values else ()


@cache
def _getter(kind: type) -> Callable[[object], tuple[object, ...]] | None:
    names = field_names(kind)
    return attrgetter(*names) if len(names) > 1 else (lambda value: (getattr(value, names[0]),)) if names else None


def join(document: str, parts: Sequence[Span | str]) -> Joined:
    """Spans of ``document`` and glue between them, in order."""
    text: list[str] = []
    pieces: list[tuple[int, Span]] = []
    length = 0
    for part in parts:
        words = part if isinstance(part, str) else part.of(document)
        if isinstance(part, Span):
            pieces.append((length, part))
        text.append(words)
        length += len(words)
    return Joined("".join(text), tuple(pieces))
