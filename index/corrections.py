"""What people correct in measures, laid over what the rules read of the same version of a file.

A correction names what it changes by a path: ``benefits.0.max``, ``conditions``, or nothing for the measure as a whole. The
places (the words that the measure, and each numbered part on the way, was read from) find it again when better rules
count differently. Where no part is at its place any more nothing is changed, and the correction waits to be checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from index.register_codec import decode
from ingest.document import Span
from ingest.errors import PolicyError
from ingest.measures.model import Measure

WHOLE = ""  # the path of the measure itself
Standing = Literal["applied", "earlier_version", "place_lost"]
STANDING_NAMES: dict[Standing, str] = {
    "applied": "已更正",
    "earlier_version": "针对较早的版本，待核对",
    "place_lost": "原处已按新规则重新读取，待核对",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """``name`` changed ``path`` of a measure from ``old`` to ``new`` (JSON; a measure that is ``null`` is none), ``at`` UTC.

    ``id`` grows; 0 before it is kept. ``sha256``: the version of the file it was made on.
    """

    sha256: str
    measure_id: str
    path: str
    places: tuple[Span, ...]
    old: str
    new: str
    name: str
    reason: str
    at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class Corrected:
    """A measure with its corrections; ``to_check``: those that name it and could not be applied."""

    measure: Measure
    corrections: tuple[Correction, ...] = ()
    to_check: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlay:
    """The measures of a document as they are shown, and what became of each of its corrections."""

    measures: tuple[Corrected, ...]
    standing: tuple[tuple[Correction, Standing], ...] = ()


def overlay(measures: Sequence[Measure], sha256: str, corrections: Sequence[Correction]) -> Overlay:
    """``measures`` of the version ``sha256`` with ``corrections`` (oldest first) applied."""
    if not corrections:
        return Overlay(tuple(map(Corrected, measures)))
    shown = [Corrected(measure) for measure in measures]
    standing: list[tuple[Correction, Standing]] = []
    for correction in corrections:
        found: Standing = "applied"
        if correction.sha256 != sha256:
            found = "earlier_version"
        elif not _apply(shown, correction):
            found = "place_lost"
        standing.append((correction, found))
    waiting = [correction for correction, found in standing if found != "applied"]
    return Overlay(
        tuple(replace(c, to_check=tuple(w for w in waiting if w.measure_id == c.measure.id)) for c in shown),
        tuple(standing),
    )


def _apply(shown: list[Corrected], correction: Correction) -> bool:
    try:
        new = decode_at(correction.path, correction.new)
    except PolicyError:  # the model has changed since
        return False
    at = _measure_at(shown, correction)
    if at is None:
        if correction.path != WHOLE or correction.old != "null" or not isinstance(new, Measure):
            return False
        shown.append(Corrected(new, (correction,)))
        shown.sort(key=lambda corrected: corrected.measure.span.start)
        return True
    if new is None and correction.path == WHOLE:
        del shown[at]
        return True
    path = _path_today(shown[at].measure, correction)
    if path is None:
        return False
    measure = put(shown[at].measure, path, new)
    shown[at] = Corrected(measure, (*shown[at].corrections, correction))
    return True


def _measure_at(shown: Sequence[Corrected], correction: Correction) -> int | None:
    """Index of the measure that is meant: of those words and that id, else of those words, else of that id nearby."""
    place = correction.places[0]
    same_words = [i for i, c in enumerate(shown) if c.measure.span == place]
    same_id = [i for i, c in enumerate(shown) if c.measure.id == correction.measure_id]
    both = [i for i in same_words if i in same_id]
    nearby = [i for i in same_id if overlap(shown[i].measure.span, place)]
    for candidates in (both, same_words, nearby):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _path_today(measure: Measure, correction: Correction) -> str | None:
    """The path with the numbers that its parts have now; ``None`` where one is not there any more."""
    value: Any = measure
    steps: list[str] = []
    places = iter(correction.places[1:])
    for step in filter(None, correction.path.split(".")):
        if value is None:
            return None
        if not isinstance(value, tuple):
            value = getattr(value, step)
            steps.append(step)
            continue
        place = next(places)
        spans = [hull(part) for part in value]
        same = [i for i, span in enumerate(spans) if span == place]
        near = [i for i, span in enumerate(spans) if span and overlap(span, place)]
        number = int(step)
        at = number if number in same else next(iter(same if len(same) == 1 else near if len(near) == 1 else ()), None)
        if at is None:
            return None
        value = value[at]
        steps.append(str(at))
    return ".".join(steps)


def places_on(measure: Measure, path: str) -> tuple[Span, ...]:
    """The words of the measure, and of each numbered part on the path."""
    places, value = [measure.span], value_at(measure, WHOLE)
    for step in filter(None, path.split(".")):
        value = value_at(value, step)
        if step.isdecimal():
            places.append(hull(value) or measure.span)
    return tuple(places)


def value_at(value: Any, path: str) -> Any:  # noqa: ANN401 - of any type of the model
    """What stands at the path. Raises PolicyError where nothing can."""
    for step in filter(None, path.split(".")):
        if isinstance(value, tuple) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        elif is_dataclass(value) and step in {field.name for field in fields(value)}:
            value = getattr(value, step)
        else:
            raise _no_such(path)
    return value


def put(value: Any, path: str, new: object) -> Any:  # noqa: ANN401 - of any type of the model
    """``value`` with ``new`` at the path."""
    if path == WHOLE:
        return new
    step, _, rest = path.partition(".")
    changed = put(value_at(value, step), rest, new)
    if isinstance(value, tuple):
        at = int(step)
        return (*value[:at], changed, *value[at + 1 :])
    return replace(value, **{step: changed})


def decode_at(path: str, text: str) -> Any:  # noqa: ANN401 - of any type of the model
    """The value that ``text`` (JSON) stands for at the path. Raises PolicyError where there is none of that shape."""
    kind = kind_at(path)
    try:
        value = decode(kind, text)
    except (TypeError, KeyError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise misshapen(path) from error
    if not conforms(value, kind):
        raise misshapen(path)
    return value


def conforms(value: object, kind: Any) -> bool:  # noqa: ANN401 - a type hint
    """Whether a value is what the type hint says, all through."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return isinstance(value, str) and value in arguments
    if origin in (Union, UnionType):
        return any(conforms(value, part) for part in arguments)
    if origin is tuple:
        return isinstance(value, tuple) and all(conforms(part, arguments[0]) for part in value)
    if type(value) is not kind:
        return False
    if isinstance(value, Decimal):
        return value.is_finite()
    if is_dataclass(value):
        hints = get_type_hints(kind)
        return all(conforms(getattr(value, field.name), hints[field.name]) for field in fields(value))
    return True


def kind_at(path: str) -> Any:  # noqa: ANN401 - a type hint
    """The type hint of what stands at the path in a measure."""
    return reduce(lambda kind, step: _kind_of(kind, step, path), filter(None, path.split(".")), Measure | None)


def _kind_of(kind: Any, step: str, path: str) -> Any:  # noqa: ANN401 - a type hint
    if get_origin(kind) in (Union, UnionType):
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is tuple and step.isdecimal() and is_dataclass(get_args(kind)[0]):
        return get_args(kind)[0]
    hints = get_type_hints(kind) if is_dataclass(kind) and isinstance(kind, type) else {}
    if step not in hints or (kind is Measure and step in ("id", "clause_id")):
        raise _no_such(path)
    return hints[step]


def hull(value: object) -> Span | None:
    """From the first to the last of the words that a part was read from."""
    spans = tuple(spans_of(value))
    return Span(min(s.start for s in spans), max(s.end for s in spans)) if spans else None


def spans_of(value: object) -> Iterator[Span]:
    """All spans of a part."""
    if isinstance(value, Span):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from spans_of(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from spans_of(part)


def overlap(a: Span, b: Span) -> bool:
    """Whether they share a character."""
    return a.start < b.end and b.start < a.end


def misshapen(path: str) -> PolicyError:
    """The error for a value that nothing at the path can have."""
    return PolicyError(f"“{path[:60] or '整条措施'}”的新内容格式不对", "请按页面上该项的格式填写")


def _no_such(path: str) -> PolicyError:
    return PolicyError(f"支持措施没有“{path[:60]}”这一项", "请从页面所列的各项中选择要更正的一项")
