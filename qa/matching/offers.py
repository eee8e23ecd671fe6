"""Measures made ready for matching: each distinct requirement once, each measure as the numbers of its requirements.

Made once for a state of the library; a profile is then held against tens of thousands of measures in a fraction of a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from index.card import DocumentCard
from index.measures import MeasureRecord
from ingest.document import Level, Span
from ingest.measures.model import Benefit, Condition, Measure, Words
from qa.matching.asker import Asker
from qa.matching.forms import fixed, work
from qa.matching.profile import Profile
from qa.matching.requirement import Requirement, requirement_of

Place = tuple[Level | None, str | None]
_NOBODY = Asker(Profile(), date.min)


@dataclass(frozen=True, slots=True)
class Part:
    """A requirement of a measure by its number, and the words that state it."""

    number: int
    span: Span | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What must hold: all of ``always``, and one of the ``groups`` (alternatives), each of which must hold whole.

    ``numbers`` and ``alternatives`` are the same as bare numbers, for counting.
    """

    always: tuple[Part, ...] = ()
    groups: tuple[tuple[Part, ...], ...] = ()
    numbers: tuple[int, ...] = ()
    alternatives: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def of(cls, always: Sequence[Part], groups: Iterable[Sequence[Part]] = ()) -> Terms:
        parted = tuple(map(tuple, groups))
        bare = tuple(tuple(part.number for part in group) for group in parted)
        return cls(tuple(always), parted, tuple(part.number for part in always), bare)

    def __bool__(self) -> bool:
        return bool(self.always or self.groups)


@dataclass(frozen=True, slots=True)
class Granted:
    """The requirements of one benefit: its own, and those of each of its tiers, of which one is enough."""

    when: Terms
    tiers: tuple[Terms, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.when or self.tiers)


@dataclass(frozen=True, slots=True)
class Offer:
    """A measure with its requirements. ``simple``: no alternatives, and a benefit without requirements of its own. ``rank``: the
    highest sum, where it is the same for everybody.
    """

    record: MeasureRecord
    terms: Terms
    benefits: tuple[Granted, ...]
    simple: bool
    rank: Decimal | None = None


class Offers:
    """The measures of the library, by place. Not to be altered."""

    def __init__(self, records: Sequence[MeasureRecord]) -> None:
        self.requirements: list[Requirement] = []
        self._numbers: dict[Requirement, int] = {}
        self.by_place: dict[Place, list[Offer]] = defaultdict(list)
        self.general: dict[str, Terms] = {}
        self.general_measures: dict[str, list[MeasureRecord]] = defaultdict(list)
        for record in records:
            card = record.card
            if record.measure.benefits:
                self.by_place[card.level, card.region].append(self._offer(record))
            else:
                self.general_measures[card.id].append(record)
        for document_id, found in self.general_measures.items():
            parts = tuple(part for record in found for part in self._general(record))
            self.general[document_id] = Terms.of(parts)

    def __len__(self) -> int:
        return sum(map(len, self.by_place.values()))

    def _number(self, need: Requirement) -> int:
        number = self._numbers.setdefault(need, len(self.requirements))
        if number == len(self.requirements):
            self.requirements.append(need)
        return number

    def _part(self, need: Requirement, span: Span | None) -> Part:
        return Part(self._number(need), span)

    def _offer(self, record: MeasureRecord) -> Offer:
        measure, card = record.measure, record.card
        terms = self._terms(measure.conditions, measure, card, tuple(self._who(measure)), measure.logic == "or")
        benefits = tuple(self._granted(benefit, measure, card) for benefit in measure.benefits)
        simple = not terms.groups and not all(benefits)
        return Offer(record, terms, benefits, simple, None if any(benefits) else _same_for_all(measure))

    def _granted(self, benefit: Benefit, measure: Measure, card: DocumentCard) -> Granted:
        tiers = tuple(self._terms(tier.when, measure, card) for tier in benefit.tiers)
        return Granted(
            self._terms(benefit.when, measure, card), tiers if any(t.always or t.groups for t in tiers) else ()
        )

    def _general(self, record: MeasureRecord) -> Iterator[Part]:
        """Conditions without alternatives: of a clause that grants nothing and so speaks of the others of its file."""
        if record.measure.logic != "or":
            yield from self._terms(record.measure.conditions, record.measure, record.card).always

    def _terms(
        self, conditions: Sequence[Condition], measure: Measure, card: DocumentCard, who: tuple[Part, ...] = (), either: bool = False
    ) -> Terms:  # fmt: skip
        within = tuple(words.text for words in measure.beneficiary.qualification)
        always, groups = list(who), defaultdict(list)
        numbered = any(condition.alternative for condition in conditions)
        for index, condition in enumerate(conditions, 1):
            part = self._part(requirement_of(condition, within, card.level, card.region), condition.span)
            group = condition.alternative or (index if either and not numbered else 0)
            if group:
                groups[group].append(part)
            else:
                always.append(part)
        return Terms.of(always, groups.values())

    def _who(self, measure: Measure) -> Iterator[Part]:
        """支持对象 as requirements: one term of a group is enough, each exclusion counts by itself."""
        who = measure.beneficiary
        if who.types:
            yield self._any("type", "主体类型", who.types)
        if who.industry:
            yield self._any("industry", "行业", who.industry)
        if who.size:
            yield self._any("size", "规模", who.size)
        if who.qualification and not _named_in_tiers(measure):
            yield self._any("qualification", "资质", who.qualification)
        if who.project_kind:
            yield self._any("project_kind", "项目类型", who.project_kind)
        if who.person:
            yield self._any("person", "人员", who.person, _classes(measure))
        for words in who.exclude:
            yield self._any("exclude", "除外情形", (words,))
        for words in measure.remaining:
            yield self._part(Requirement("words", "支持事项", options=(words.text,)), words.span)
        for span in measure.unread:
            yield self._part(Requirement("unread", "未解析内容"), span)

    def _any(self, sort: str, name: str, terms: Sequence[Words], within: tuple[str, ...] = ()) -> Part:
        span = next((words.span for words in terms if words.span.end > words.span.start), None)
        need = Requirement(sort, name, options=tuple(words.text for words in terms), within=within)  # type: ignore[arg-type]
        return self._part(need, span)


def _same_for_all(measure: Measure) -> Decimal | None:
    """The highest sum that no figure of the asker changes; ``None`` where one does."""
    if measure.caps or not all(fixed(benefit) for benefit in measure.benefits):
        return None
    return max(work(measure, benefit, _NOBODY, ()).rank for benefit in measure.benefits)


def _named_in_tiers(measure: Measure) -> bool:
    """国家级“小巨人”、省级专精特新 with a sum for each: the tiers decide it, level and all."""
    tiers = [tier for benefit in measure.benefits for tier in benefit.tiers]
    return bool(tiers) and all(any(c.metric == "认定" for c in tier.when) for tier in tiers)


def _classes(measure: Measure) -> tuple[str, ...]:
    """Classes of talent that the measure itself lists (A类, B类): who is of one is meant by its 高层次人才."""
    conditions = [c for benefit in measure.benefits for tier in benefit.tiers for c in tier.when]
    return tuple(dict.fromkeys(c.words for c in conditions if c.metric == "人才类别"))
