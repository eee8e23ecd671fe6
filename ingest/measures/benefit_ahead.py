"""What the part in front of a figure says of it: 给予装修补贴，标准为每平方米150元; 以实际支付额为基数，给予20%."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.document import Span
from ingest.measures.benefit_parts import Part
from ingest.measures.benefit_sheet import Sheet
from ingest.measures.benefit_terms import duration_of
from ingest.measures.benefit_words import standard_base
from ingest.measures.model import Benefit

_SIGHT = 50
_STANDARD = re.compile(r"\s*(?:具体)?(?:补[贴助]|奖[励补]|资助|发放)?标准(?:[为是按]|(?=每|最高))")
_NAMED = re.compile(r"(?:给予|享受|发放|予以|提供)[^,;。\d]{0,16}(?:奖励|补助|补贴|资助|津贴|奖补),\Z")
_MEASURED = re.compile(
    r"(?:(?:按照?|根据|依据)(?P<measured>[^,;。\d按]{1,10}(?:量|额|面积|人数|里程|容量))|以(?P<base>[^,;。\d以]{2,20})(?:为|作为)(?:计算|奖[励补]|补[贴助])?(?:基数|依据))"
    r"(?:给予|予以|发放)?[^,;。\d]{0,10},\Z"
)
_GROWN = re.compile("增|超|以上的?部分|高出")
_LASTING = re.compile(r"(?:贴息|补[贴助]|奖[励补]|资助|支持)(?:期限?|时间|年限)(?:原则上|最[长多]|[为是]|不超过)*\Z")


def standard_named(part: Part) -> int | None:
    """Where 给予装修补贴 begins, of which the part says the standard."""
    if not _STANDARD.match(part.text):
        return None
    match = _NAMED.search(part.flat, max(part.piece.start, part.span.start - _SIGHT), part.span.start)
    return match.start() if match else None


def completed(sheet: Sheet, part: Part, benefit: Benefit) -> Benefit:
    """With what a share or a price is of, and how long it is paid, where the part before says it."""
    if benefit.form in ("rate", "per_unit") and benefit.base is None and benefit.type != "住房":
        benefit = _based(part, benefit)
    if benefit.duration is not None or benefit.form not in ("rate", "per_unit", "fixed"):
        return benefit
    ahead = sheet.part_at(part.span.start - 1)
    if ahead is None or ahead.sentence != part.sentence or ahead.span.start >= part.span.start:
        return benefit
    for figure in ahead.of("duration"):
        if figure.span not in sheet.used and _LASTING.search(ahead.before(figure.span.start)):
            sheet.use([figure.span])
            return replace(benefit, duration=duration_of(ahead, figure))
    return benefit


def _based(part: Part, benefit: Benefit) -> Benefit:
    start = max(part.sentence.start, part.span.start - _SIGHT)
    match = _MEASURED.search(part.flat, start, part.span.start)
    if match is None:
        return benefit
    name = "base" if match["base"] else "measured"
    grown = name == "base" and _GROWN.search(part.text)  # 以上年投入为基数，增量部分按10%
    if grown or (name == "measured" and not _STANDARD.match(part.text)):
        return benefit
    base = standard_base(part.flat, Span(*match.span(name)))
    return replace(benefit, base=base) if base else benefit
