"""Whether a file of a place is meant for someone of another: a district's people have their district, city, province and state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.library import Library
from ingest.document import Level
from ingest.metadata.place import PLACE, place_of

_MASKED = re.compile("[xX×*某]")


@dataclass(frozen=True, slots=True)
class Line:
    """Province, city, and district or zone of a place, as far as its name says."""

    province: str = ""
    city: str = ""
    local: str = ""


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
    pairs = _pairs(region, own)
    verdicts = [_same(*pair) for pair in pairs]
    return False if False in verdicts else verdicts[_depth(level, pairs)]


def not_told(level: Level | None, region: str | None, own: Line) -> str:
    """Why ``reaches`` does not know, in Chinese: 清河区 alone does not say whether it is of 云澜市."""
    pairs = _pairs(region, own)
    depth = _depth(level, pairs)
    theirs, ours = pairs[depth]
    if not theirs:
        return "文件未标明是哪个地区的"
    if not ours:
        return f"所填没有写明属于哪个{('省', '市', '区（县）')[depth]}"
    return f"地名不完整，无法判断是否属于{region}"


def _pairs(region: str | None, own: Line) -> list[tuple[str, str]]:
    """Province, city and district of the file beside one's own."""
    theirs = line_of(region or "")
    return [(theirs.province, own.province), (theirs.city, own.city), (theirs.local, own.local)]


def _depth(level: Level | None, pairs: Sequence[tuple[str, str]]) -> int:
    """Which of the pairs decides."""
    known = {"province": 0, "city": 1, "district": 2, "zone": 2}.get(level or "")
    return max((i for i, (name, _) in enumerate(pairs) if name), default=0) if known is None else known


def regions_of(library: Library) -> list[str]:
    """Places that the library has files of."""
    return sorted({card.region for card in library.documents() if card.region})


def _same(theirs: str, own: str) -> bool | None:
    if not theirs or not own:
        return None
    if theirs == own:
        return True
    return None if _MASKED.search(theirs) or _MASKED.search(own) else False
