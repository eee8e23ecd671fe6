"""A profile made ready for being asked the same questions thousands of times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from qa.matching.industries import codes_of, everyday
from qa.matching.names import IMPLIED, figure_key, qualification, trait_key
from qa.matching.places import Line, line_of
from qa.matching.profile import FIGURES, Figure, Profile, Trait


@dataclass(frozen=True)
class Asker:
    """A profile on the day ``as_of``."""

    profile: Profile
    as_of: date

    @cached_property
    def line(self) -> Line:
        return line_of(self.profile.region)

    @cached_property
    def traits(self) -> dict[str, Trait]:
        """Everything that is said to be so or not, by its key."""
        profile = self.profile
        named = (*profile.statements, *profile.project_kinds, *profile.qualifications, *profile.sizes)
        found = {trait_key(trait.name): trait for trait in named}
        for name, trait in list(found.items()):
            for more in IMPLIED.get(name, ()) if trait.held else ():
                found.setdefault(more, trait)
        return found

    @cached_property
    def qualifications(self) -> tuple[tuple[str, str, Trait], ...]:
        """Core, level and trait of each qualification named."""
        named = (*self.profile.qualifications, *self.profile.statements)
        return tuple((*qualification(trait.name), trait) for trait in named)

    @cached_property
    def industries(self) -> tuple[tuple[str, frozenset[str] | None], ...]:
        """Each industry as given, with the divisions that it takes in."""
        return tuple((name, self._codes(name)) for name in self.profile.industries)

    @staticmethod
    def _codes(name: str) -> frozenset[str] | None:
        if codes := codes_of(name):
            return codes
        found = everyday(name)
        return codes_of(found[0]) if found else None

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """All figures by ``figure_key``, with those that follow from others exactly."""
        profile = self.profile
        found = {name: figure for name in FIGURES if (figure := getattr(profile, name)) is not None}
        found |= {figure_key(name): figure for name, figure in profile.figures if figure_key(name) not in found}
        for base, growth, increase in (("revenue", "revenue_growth", ""), ("output", "output_growth", ""),
                                       ("rd", "rd_growth", "rd_increase")):  # fmt: skip
            figure = found.get(base)
            if figure is None or figure.previous is None:
                continue
            more = figure.value - figure.previous
            if figure.previous > 0:
                found.setdefault(growth, Figure(more / figure.previous, "", figure.period))
            if increase and more >= 0:
                found.setdefault(increase, Figure(more, figure.unit, figure.period))
        revenue, spent = found.get("revenue"), found.get("rd")
        if revenue and spent and revenue.value > 0 and revenue.period == spent.period and revenue.unit == spent.unit:
            found.setdefault("rd_share", Figure(spent.value / revenue.value, "", spent.period))
        return found

    def years_since_founded(self, count: Decimal, months: bool) -> tuple[bool, bool] | None:
        """Whether ``count`` years (months) have passed since the founding, and whether that was to the day."""
        founded = self.profile.founded
        if founded is None or count != count.to_integral_value():
            return None
        total = founded.year * 12 + founded.month - 1 + int(count) * (1 if months else 12)
        day = (total // 12, total % 12 + 1, founded.day)
        today = (self.as_of.year, self.as_of.month, self.as_of.day)
        return today >= day, today == day
