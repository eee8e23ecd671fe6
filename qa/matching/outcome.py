"""From single decisions to the outcome of a measure. By rule, never a probability.

适用: every requirement is met. 接近: one fails, it is a threshold of a sum, count or share, at least half of it is reached (of an
upper bound: at most twice it), and no other fails; what else is open is told. Age and founding date do not come nearer. 待确认: none
fails, some are not known. 不适用: all else. Where several benefits or tiers are granted, the one that comes nearest counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from qa.matching.offers import Granted, Offer, Terms
from qa.matching.requirement import Held

Outcome = Literal["applies", "nearly", "undecided", "does_not_apply"]
OUTCOMES: tuple[Outcome, ...] = ("applies", "nearly", "undecided", "does_not_apply")

# What a requirement weighs, so that sums compare as (failed, failed and not near, open): up to 1,023 of each.
OPEN, FAR, FAILED = 1, 1 << 10, 1 << 20
_COUNT = (1 << 10) - 1


def weight(held: Held) -> int:
    """0 of what is met."""
    if held.verdict == "met":
        return 0
    return OPEN if held.verdict == "unknown" else FAILED if held.near else FAILED | FAR


def weigh(terms: Terms, weights: Mapping[int, int]) -> int:
    """All that must hold; of alternatives the one that comes nearest, as one requirement."""
    total = sum([weights[number] for number in terms.numbers])
    if terms.alternatives:
        best = min([sum([weights[number] for number in group]) for group in terms.alternatives])
        total += (
            (FAILED if FAILED <= best < 2 * FAILED and not best & _COUNT << 10 else FAILED | FAR)
            if best >= FAILED
            else min(best, OPEN)
        )
    return total


def weight_of(offer: Offer, weights: Mapping[int, int]) -> int:
    """The whole measure, with the benefit and tier that come nearest."""
    if offer.simple:
        return sum([weights[number] for number in offer.terms.numbers])
    return weigh(offer.terms, weights) + min([benefit_weight(granted, weights) for granted in offer.benefits])


def benefit_weight(granted: Granted, weights: Mapping[int, int]) -> int:
    """One benefit: its own requirements and those of its best tier."""
    if not granted.tiers:
        return weigh(granted.when, weights)
    return weigh(granted.when, weights) + min([weigh(terms, weights) for terms in granted.tiers])


def waiting(weighed: int) -> int:
    """How many requirements are open."""
    return weighed & _COUNT


def outcome_of(weighed: int, reached: bool | None, general_fails: bool) -> Outcome:
    """``reached``: whether the file's place is the asker's; ``general_fails``: something that the file asks of everybody is not met."""
    if weighed >= 2 * FAILED or weighed & _COUNT << 10:
        return "does_not_apply"
    if general_fails:
        return "undecided"
    if weighed >= FAILED:
        return "nearly"
    return "undecided" if weighed or reached is None else "applies"
