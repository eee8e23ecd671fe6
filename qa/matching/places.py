"""Whether a file of a place is meant for someone of another: a district's people have their district, city, province and state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.document import Level
from ingest.metadata.place import PLACE, place_of

_MASKED = re.compile("[xX×*某]")


@dataclass(frozen=True, slots=True)
class Line:
    """Province, city, and district or zone of a place, as far as its name says."""

    province: str = ""
    city: str = ""
    local: str = ""


@lru_cache(maxsize=4096)
def line_of(region: str) -> Line:
    """``云澜市清河区`` → city 云澜市, local 清河区; a known city is put into its province."""
    region = "".join(region.split())
    known = place_of(region)
    match = PLACE.match((known.region if known else None) or region)
    return Line(match["province"] or "", match["city"] or "", match["local"] or "") if match else Line()


def reaches(level: Level | None, region: str | None, own: Line) -> bool | None:
    """Whether a file of ``level`` and ``region`` is meant for someone at ``own``; ``None`` where that is not known."""
    if level == "state":
        return True
    theirs = line_of(region or "")
    pairs = [(theirs.province, own.province), (theirs.city, own.city), (theirs.local, own.local)]
    verdicts = [_same(*pair) for pair in pairs]
    if False in verdicts:
        return False
    last = {"province": 0, "city": 1, "district": 2, "zone": 2}.get(level or "")
    if last is None:
        last = max((i for i, (name, _) in enumerate(pairs) if name), default=0)
    return verdicts[last]


def _same(theirs: str, own: str) -> bool | None:
    if not theirs or not own:
        return None
    if theirs == own:
        return True
    return None if _MASKED.search(theirs) or _MASKED.search(own) else False
