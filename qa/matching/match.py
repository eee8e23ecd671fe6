"""Which measures apply to a profile on a day: every decision with its clause, the outcome, the sum, and what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain

from index.measures import MeasureRecord, no_collection
from ingest.document import Span
from qa.matching.amount import Worked, noted
from qa.matching.asker import Asker
from qa.matching.forms import work
from qa.matching.offers import Offer, Offers, Terms
from qa.matching.outcome import (
    FAILED,
    FAR,
    OPEN,
    OUTCOMES,
    Outcome,
    benefit_weight,
    outcome_of,
    waiting,
    weight,
    weight_of,
)
from qa.matching.places import reaches
from qa.matching.profile import Profile
from qa.matching.requirement import Held, Requirement, Sort, Verdict, hold_figure, threshold
from qa.matching.traits import (
    hold_exclude,
    hold_industry,
    hold_person,
    hold_place,
    hold_project_kind,
    hold_qualification,
    hold_size,
    hold_type,
    hold_unread,
    hold_words,
)

_HOLD: dict[Sort, Callable[[Requirement, Asker], Held]] = {
    "place": hold_place,
    "type": hold_type,
    "industry": hold_industry,
    "size": hold_size,
    "qualification": hold_qualification,
    "project_kind": hold_project_kind,
    "person": hold_person,
    "exclude": hold_exclude,
    "figure": hold_figure,
    "words": hold_words,
    "unread": hold_unread,
}
_GROUPS = {
    "已废止": "ended",
    "已失效": "ended",
    "尚未施行": "coming",
}  # by the state of the file; all others are current
_NOTHING = Decimal(0)
_NOTICES = {
    "已修改": "文件已被修改，须以修改后的条文为准",
    "部分失效": "文件已有部分内容停止执行，须核对本条是否仍有效",
    "未标明": "文件未标明有效期，须核实是否仍有效",
}
_EXPLAINS = ("解读", "问答")


@dataclass(frozen=True, slots=True)
class Decision:
    """One requirement of a measure, decided. ``alternative``: those of one number hold together, one number is enough; 0 always.
    ``benefit``, ``tier``: of which benefit and tier it is a requirement; ``None``: of the measure.
    """

    need: Requirement
    held: Held
    span: Span | None
    alternative: int = 0
    benefit: int | None = None
    tier: int | None = None

    @property
    def verdict(self) -> Verdict:
        return self.held.verdict

    def quote(self, text: str) -> str:
        """The words of the clause in one line; what is required in our own words where it was not read from any."""
        words = "".join(self.span.of(text).split()) if self.span and self.span.end > self.span.start else ""
        if self.need.sort == "place":
            return f"适用于{self.need.region}" if self.need.region else self.need.name
        if not words and self.need.sort == "type":
            return f"{'、'.join(self.need.options)}（条款未写明其他对象）"
        return words or threshold(self.need)

    def reason(self, text: str) -> str:
        """In Chinese, from the profile's value and the words of the clause; ``text``: of the document."""
        return self.held.reason(self.quote(text))


class Match:
    """A measure for a profile. ``reached``: whether it is of the asker's place (``None``: not known); ``waiting``: how many of its
    requirements are open; ``rank``: the highest single sum, for sorting (0 where the measure does not apply).
    """

    def __init__(self, offer: Offer, outcome: Outcome, reached: bool | None, weighed: int, state: _State) -> None:
        self.offer = offer
        self.outcome = outcome
        self.reached = reached
        self.waiting = waiting(weighed)
        self._state = state
        self.rank = _NOTHING if outcome == "does_not_apply" else self._rank() if offer.rank is None else offer.rank

    @property
    def record(self) -> MeasureRecord:
        return self.offer.record

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Place, who, conditions, then those of each benefit and tier."""
        card = self.record.card
        place = Requirement("place", "适用地区", options=(card.region or "",), level=card.level, region=card.region)
        found = [Decision(place, hold_place(place, self._state.asker), None), *self._decided(self.offer.terms)]
        for index, granted in enumerate(self.offer.benefits):
            found += self._decided(granted.when, index)
            for tier, terms in enumerate(granted.tiers):
                found += self._decided(terms, index, tier)
        return tuple(found)

    @cached_property
    def general(self) -> tuple[Decision, ...]:
        """What other clauses of the file ask of everybody. They are shown; one that fails keeps the measure from 适用."""
        terms = self._state.offers.general.get(self.record.card.id)
        return tuple(self._decided(terms)) if terms else ()

    def _decided(self, terms: Terms, benefit: int | None = None, tier: int | None = None) -> Iterator[Decision]:
        for number, group in enumerate((terms.always, *terms.groups)):
            for part in group:
                need = self._state.offers.requirements[part.number]
                yield Decision(need, self._state.held[part.number], part.span, number, benefit, tier)

    @cached_property
    def amounts(self) -> tuple[Worked | None, ...]:
        """One for each benefit; ``None`` where its own conditions or those of the measure are not met. Never added up."""
        rests = {"nearly": "以达到门槛为前提", "undecided": "以待确认的条件均符合为前提"}.get(self.outcome)
        if self.outcome == "does_not_apply":
            return (None,) * len(self.offer.benefits)
        if rests is None:
            return self._worked
        return tuple(noted(w, rests) if w and w.value is not None else w for w in self._worked)

    @cached_property
    def _worked(self) -> tuple[Worked | None, ...]:
        return tuple(self._each_worked())

    def _each_worked(self) -> Iterator[Worked | None]:
        measure, state = self.record.measure, self._state
        for benefit, granted in zip(measure.benefits, self.offer.benefits, strict=True):
            tiers: Sequence[Sequence[Held]] = ()
            if granted:
                weighed = benefit_weight(granted, state.weights)
                if weighed >= FAILED and (weighed >= FAILED + FAR or self.outcome != "nearly"):
                    yield None
                    continue
                tiers = [
                    [state.held[n] for n in (*terms.numbers, *chain(*terms.alternatives))] for terms in granted.tiers
                ]
            yield work(measure, benefit, state.asker, tiers)

    def _rank(self) -> Decimal:
        return max([worked.rank for worked in self._worked if worked], default=_NOTHING)

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """Fields of the profile that are open in it, each once. Of what another alternative, tier or benefit settles nothing."""
        found = list(self._open(self.offer.terms))
        if self.reached is None:
            found.insert(0, "region")
        weights = self._state.weights
        if not self.offer.simple and min(benefit_weight(granted, weights) for granted in self.offer.benefits):
            for granted in self.offer.benefits:
                if benefit_weight(granted, weights) < FAILED:
                    found += self._open(granted.when)
                    for terms in granted.tiers:
                        found += self._open(terms)
        return tuple(dict.fromkeys(found))

    def _open(self, terms: Terms) -> Iterator[str]:
        held, weights = self._state.held, self._state.weights
        yield from (held[n].asks for n in terms.numbers if weights[n] == OPEN and held[n].asks)
        sums = [sum(weights[n] for n in group) for group in terms.alternatives]
        if 0 not in sums:
            for group, total in zip(terms.alternatives, sums, strict=True):
                if total < FAILED:
                    yield from (held[n].asks for n in group if weights[n] == OPEN and held[n].asks)

    @property
    def gap(self) -> Decision | None:
        """The threshold that keeps a measure that nearly applies from applying."""
        failing = [d for d in self.decisions if d.held.near]
        return min(failing, key=lambda d: d.held.gap or Decimal(0), default=None)

    @property
    def notices(self) -> tuple[str, ...]:
        """What else is to be known of the file and the measure, in Chinese."""
        card, status = self.record.card, self.record.status
        said = [_NOTICES[status.state]] if status.state in _NOTICES else []
        if any(word in card.title[-12:] for word in _EXPLAINS):
            said.append("政策解读不作为兑现依据，以所解读的文件为准")
        if self.record.measure.discretion:
            said.append("条款留有裁量余地，最终由主管部门决定")
        return tuple(said)

    def stacking(self, text: str) -> str:
        """Whether it may be had beside others, in the words of the clause or of its file; never worked out."""
        own = self.record.measure.stacking
        rules = [own] if own else [
            r.measure.stacking for r in self._state.offers.general_measures.get(self.record.card.id, ()) if r.measure.stacking
        ]  # fmt: skip
        if not rules:
            return "能否与其他政策叠加，文件未说明；各条款数额不相加。"
        return "；".join("".join(rule.span.of(text).split()) for rule in rules) + "。各条款数额不相加。"

    def file_caps(self, text: str) -> tuple[str, ...]:
        """Ceilings that other clauses of the file set over all of it, in their words. They are stated, not applied."""
        found = self._state.offers.general_measures.get(self.record.card.id, ())
        return tuple("".join(cap.span.of(text).split()) for record in found for cap in record.measure.caps)


@dataclass(frozen=True, slots=True)
class Matches:
    """``current``: in force, sorted by outcome, then sum; ``ended``: expired or repealed, ``coming``: not yet in force, in the same
    order. ``elsewhere``: how many were left out because they are of another place. ``retold``: rows of lists and explanations that
    only tell of clauses that are in ``current``.
    """

    current: tuple[Match, ...]
    ended: tuple[Match, ...]
    coming: tuple[Match, ...]
    elsewhere: int
    as_of: date
    retold: tuple[Match, ...] = ()

    def of(self, outcome: Outcome) -> tuple[Match, ...]:
        return tuple(match for match in self.current if match.outcome == outcome)


def match(profile: Profile, records: Offers | Sequence[MeasureRecord], as_of: date) -> Matches:
    """Every measure of the asker's own place and above it, decided.

    ``records``: on the same day. Pass ``Offers`` where more than one profile is matched: making them takes the most time.
    """
    offers = records if isinstance(records, Offers) else Offers(records)
    state = _State(offers, Asker(profile, as_of))
    found: dict[str, list[Match]] = {"current": [], "ended": [], "coming": []}
    elsewhere = 0
    with no_collection():
        for (level, region), at_place in offers.by_place.items():
            reached = reaches(level, region, state.asker.line)
            if reached is False:
                elsewhere += len(at_place)
                continue
            for offer in at_place:
                weighed = weight_of(offer, state.weights)
                outcome = outcome_of(weighed, reached, offer.record.card.id in state.failing)
                group = _GROUPS.get(offer.record.status.state, "current")
                found[group].append(Match(offer, outcome, reached, weighed, state))
        ordered = [tuple(sorted(each, key=_order)) for each in found.values()]
    return Matches(*ordered, elsewhere, as_of)


def _order(found: Match) -> tuple[int, Decimal, int, str]:
    return OUTCOMES.index(found.outcome), -found.rank, found.waiting, found.offer.record.measure.id


class _State:
    """A profile held against the requirements, each when it is first asked for."""

    def __init__(self, offers: Offers, asker: Asker) -> None:
        self.offers = offers
        self.asker = asker
        self.held = _Decided(offers, asker)
        self.weights = _Weights(self.held)
        self.failing = {
            id_
            for id_, terms in offers.general.items()
            if any(self.held[n].verdict == "not_met" for n in terms.numbers)
        }


class _Decided(dict[int, Held]):
    def __init__(self, offers: Offers, asker: Asker) -> None:
        super().__init__()
        self._needs, self._asker = offers.requirements, asker

    def __missing__(self, number: int) -> Held:
        need = self._needs[number]
        found = self[number] = _HOLD[need.sort](need, self._asker)
        return found


class _Weights(dict[int, int]):
    def __init__(self, held: _Decided) -> None:
        super().__init__()
        self._held = held

    def __missing__(self, number: int) -> int:
        found = self[number] = weight(self._held[number])
        return found
