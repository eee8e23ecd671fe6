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
_TAKES = re.compile(
    r"(?:再|重复)?(?:领取|享受|享有|申报|申请|获得|纳入|参与)"
)  # what is forbidden to somebody, not the thing itself
_PERSONS = re.compile("[\u4e00-\u9fff]{2}人员")
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


def differences(proposed: str, measure: Measure, text: str) -> Iterator[Difference]:
    """Where the words of a drafter state another figure than the measure of ``text`` (of its document): step by step where both
    have as many steps, else all of each sort: 10% against 8%、10% is more for those who get 8%.
    """
    said_own = read_measure(proposed)
    own, theirs = _sorted_out(said_own, proposed), _sorted_out(measure, text)
    steps, their_steps = _steps(said_own, proposed), _steps(measure, text)
    if len(steps) == len(their_steps) > 1:
        yield from _by_step(steps, their_steps)
        own = {key: value for key, value in own.items() if key[0] not in {sort for sort, _, _ in steps}}
    said, stated = _by_kind(proposed), _by_kind(measure.span.of(text))
    for name in _ALWAYS_COMPARED:
        if name in said and name in stated and not any(key[0] == name for key in own.keys() & theirs.keys()):
            own[name, ""], theirs[name, ""] = said[name], stated[name]
    for key in own:
        if key in theirs and own[key].keys() != theirs[key].keys():
            mine, other = own[key], theirs[key]
            more = max(mine) > max(other) or min(mine) > min(other)
            yield Difference(key[0], "、".join(mine.values()), "、".join(other.values()), more)


def _steps(measure: Measure, text: str) -> list[tuple[str, Amount, str]]:
    """(sort, figure, its words) of each tier or year, in order."""
    found = []
    for benefit in measure.benefits:
        for part in benefit.tiers:
            named = (("标准", part.value), ("比例", part.rate), ("上限", part.max))
            sort, amount = next(((sort, amount) for sort, amount in named if amount), ("", None))
            found += [(sort, amount, amount.span.of(text))] if amount else []
        found += [("比例", year.rate, year.rate.span.of(text)) for year in benefit.schedule]
    return found


def _by_step(own: list[tuple[str, Amount, str]], theirs: list[tuple[str, Amount, str]]) -> Iterator[Difference]:
    for number, ((sort, mine, words), (other_sort, other, their_words)) in enumerate(zip(own, theirs, strict=True), 1):
        if sort == other_sort and mine.unit == other.unit and mine.value != other.value:
            yield Difference(f"第{number}档{sort}", words, their_words, mine.value > other.value)


def _by_kind(text: str) -> dict[str, dict[Decimal, str]]:
    """The figures of each kind of which nobody sets a threshold and a standard in one clause, by value."""
    found: dict[str, dict[Decimal, str]] = {}
    for figure in figures(text):
        if name := _KINDS.get(figure.kind):
            found.setdefault(name, {}).setdefault(figure.value, figure.printed)
    return found


def _sorted_out(measure: Measure, text: str) -> dict[tuple[str, str], dict[Decimal, str]]:
    """The figures of each sort and unit with their words, by value."""
    found: dict[tuple[str, str], dict[Decimal, str]] = {}
    for sort, amount in _amounts(measure):
        found.setdefault((sort, amount.unit), {}).setdefault(amount.value, amount.span.of(text))
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
    said, known = fold(proposed).lower(), fold(subject).lower()
    for match in _STOP.finditer(clause):
        ban = _FORBIDS.search(match[0])
        if ban is None:
            continue
        if _TAKES.match(match[0], ban.end()):  # 公职人员不得领取奖励 forbids nothing but a grant to 公职人员
            persons = _PERSONS.findall(fold(match[0][: ban.start()]))
            if any(person in said and person not in known for person in persons):
                return Span(*match.span())
            continue
        topics = [t for t in analyse(match[0][ban.end() :]).topics if t.weight >= 1.0]
        if any(topic.match(said) >= 1.0 and topic.match(known) < 1.0 for topic in topics):
            return Span(*match.span())
    return None
