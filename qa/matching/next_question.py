"""The one question whose answer would decide most of the open measures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from qa.matching.match import Match
from qa.matching.profile import LABELS, label
from qa.matching.requirement import question

_VOTE = 720_720  # can be shared evenly by up to 16 fields
_ORDER = {name: number for number, name in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """``decides``: open measures that wait for this field alone; ``concerns``: all that wait for it."""

    field: str
    decides: int
    concerns: int

    @property
    def text(self) -> str:
        alone = f"，其中{self.decides}项只差这一点" if self.decides else ""
        return f"{question(self.field)}（关系到{self.concerns}项待确认的措施{alone}）"

    @property
    def label(self) -> str:
        return label(self.field)


def next_question(matches: Iterable[Match]) -> NextQuestion | None:
    """Each open measure has one vote, shared evenly by the fields that it waits for; ties go to the earlier field of the form.

    ``None`` where nothing that can be asked is open.
    """
    votes: dict[str, int] = defaultdict(int)
    decides: Counter[str] = Counter()
    concerns: Counter[str] = Counter()
    for match in matches:
        if match.outcome != "undecided":
            continue
        asks = match.asks
        concerns.update(asks)
        if len(asks) == 1:
            decides[asks[0]] += 1
        for each in asks:
            votes[each] += _VOTE // len(asks)
    if not votes:
        return None
    best = min(
        votes,
        key=lambda field: (-votes[field], -decides[field], _ORDER.get(field.split(":")[0].split(".")[0], 99), field),
    )
    return NextQuestion(best, decides[best], concerns[best])
