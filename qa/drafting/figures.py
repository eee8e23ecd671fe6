"""Figures of a draft: which stand in its sources, and where a drafter's own goes beyond or against a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ingest.document import Span
from ingest.measures import read_measure
from ingest.measures.model import Amount, Measure
from ingest.normalize import fold
from qa.calculation.figures import Figure, figures
from qa.question import analyse

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_FORBIDS = re.compile(r"不得|严禁|禁止|不允许")
_KINDS = {"percent": "比例", "area": "面积"}
_ALWAYS_COMPARED = tuple(_KINDS.values())
_STOP = re.compile(r"[^。；;\n]+")


def unfounded(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Figures of ``text`` as printed that stand in none of the sources, neither by value nor as digits."""
    flat, texts = fold(text), [fold(source) for source in sources]
    known = {_key(figure) for source in texts for figure in figures(source)}
    digits = {match[0] for source in texts for match in _DIGITS.finditer(source)}
    found = figures(flat)
    missing = [figure.printed for figure in found if _key(figure) not in known]
    covered = [figure.span for figure in found]
    for match in _DIGITS.finditer(flat):
        inside = any(span.start <= match.start() and match.end() <= span.end for span in covered)
        if not inside and match[0] not in digits:
            missing.append(match[0])
    return tuple(dict.fromkeys(missing))


def _key(figure: Figure) -> tuple[str, Decimal, str]:
    return figure.kind, figure.value, figure.unit


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures of one sort: the drafter's and the file's, as printed."""

    sort: str
    own: str
    theirs: str
    more: bool


def differences(proposed: str, measure: Measure, text: str) -> tuple[Difference, ...]:
    """Where the words of a drafter state another figure than the measure of ``text`` (of its document)."""
    own, theirs = _sorted_out(read_measure(proposed), proposed), _sorted_out(measure, text)
    said, stated = _by_kind(proposed), _by_kind(measure.span.of(text))
    for name in _ALWAYS_COMPARED:
        if name in said and name in stated and not any(key[0] == name for key in own.keys() & theirs.keys()):
            own[name, ""], theirs[name, ""] = said[name], stated[name]
    return tuple(
        Difference(key[0], own[key][1], theirs[key][1], own[key][0] > theirs[key][0])
        for key in own
        if key in theirs and own[key][0] != theirs[key][0]
    )


def _by_kind(text: str) -> dict[str, tuple[Decimal, str]]:
    """The highest figure of each kind of which nobody sets a threshold and a standard in one clause."""
    found: dict[str, tuple[Decimal, str]] = {}
    for figure in figures(text):
        name = _KINDS.get(figure.kind)
        if name and (name not in found or figure.value > found[name][0]):
            found[name] = figure.value, figure.printed
    return found


def _sorted_out(measure: Measure, text: str) -> dict[tuple[str, str], tuple[Decimal, str]]:
    """The highest figure of each sort and unit, with its words."""
    found: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for sort, amount in _amounts(measure):
        key = sort, amount.unit
        if key not in found or amount.value > found[key][0]:
            found[key] = amount.value, amount.span.of(text)
    return found


def _amounts(measure: Measure) -> Iterator[tuple[str, Amount]]:
    for benefit in measure.benefits:
        for part in (benefit, *benefit.tiers):
            named = (("标准", part.value), ("比例", part.rate), ("上限", part.max))
            yield from ((sort, amount) for sort, amount in named if amount)
        yield from (("比例", year.rate) for year in benefit.schedule)
        if benefit.points:
            yield "贴息百分点", benefit.points
    yield from (("上限", cap.limit) for cap in measure.caps if cap.limit.unit)


def forbidden(proposed: str, clause: str, subject: str) -> Span | None:
    """The sentence of ``clause`` that forbids something of which ``proposed`` speaks and ``subject``, the topic, does not."""
    said, about = fold(proposed).lower(), fold(subject).lower()
    for match in _STOP.finditer(clause):
        ban = _FORBIDS.search(match[0])
        if ban is None:
            continue
        topics = [t for t in analyse(match[0][ban.end() :]).topics if t.weight >= 1.0]
        if any(topic.match(said) >= 1.0 and topic.match(about) < 1.0 for topic in topics):
            return Span(*match.span())
    return None
