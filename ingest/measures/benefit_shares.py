"""风险分担: who bears which share of a loss."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.document import Span
from ingest.measures.benefit_parts import Part, amount
from ingest.measures.benefit_scales import Scale
from ingest.measures.benefit_terms import RATIO, ratio_shares
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Benefit, Share

_BORNE = re.compile(r"分担|承担|负担|共担|分摊|代偿|补偿")
_PARTY_START = re.compile(r".*(?:由|的|,|对|后|将)(?=.{2})")
_TREASURY = re.compile(r"财政|[省市县区]级?[、与和]|各级")
_PARTY = (
    r"(?:其中,?|由|按照?(?=[^按]{2}))*(?P<party>[\u4e00-\u9fff]{2,16}?)(?:各?按|分别|最高|按照)*(?:承担|分担|负担|代偿|补偿)?"
    r"(?:(?:贷款|本金|代偿|损失|风险|责任|总额|金额)*的)?"
)
_EACH = re.compile(_PARTY)
_BEARS = re.compile("承担|分担|负担|分摊")
_NEXT = re.compile(r"(?:的?(?:风险|损失|责任|代偿|比例)*(?:责任)?)?[,;、和及与]\s?")


def each_bears(parts: Sequence[Part], number: int) -> Scale | None:
    """资金池承担50%，银行承担30%，保险公司承担20%: each party with its own share, that come to the whole."""
    part = parts[number]
    if not part.of("percent") or not _BEARS.search(part.text):
        return None
    run: list[Figure] = []
    for following in parts[number : number + 6]:
        if following.sentence != part.sentence or not following.of("percent") or following.of("money"):
            break
        run += following.of("percent")
    shares: list[Share] = []
    begin = part.span.start
    start = begin
    for figure in run:
        named = _EACH.fullmatch(part.flat, start, figure.span.start)
        if named is None:
            return None
        begin = begin if shares else named.start("party")
        shares.append(Share(named["party"], amount(figure)))
        gap = _NEXT.match(part.flat, figure.span.end)
        start = gap.end() if gap else figure.span.end
        if sum(share.rate.value for share in shares) == 1:
            break
    names = [share.party for share in shares]
    if len(set(names)) < 2 or sum(share.rate.value for share in shares) != 1 or _of_treasuries(names):
        return None
    used = tuple(share.rate.span for share in shares)
    span = Span(begin, used[-1].end)
    return Scale(Benefit("融资支持", "ratio_share", span, shares=tuple(shares)), used, span.start, span.end)


def ratio_share(part: Part) -> Scale | None:
    """由资金池、银行、担保机构按4:4:2比例分担: who bears which share of a loss."""
    ratio = RATIO.search(part.text)
    percents = part.of("percent")
    if not (ratio or len(percents) > 1) or not _BORNE.search(part.text):
        return None
    if ratio:
        at = part.span.start + ratio.start()
        shares = ratio_shares(Span(at, at + len(ratio[0])), ratio[0])
        head = re.sub(
            r"(?:分别)?(?:(?:按照?|以)|的?(?:风险)?(?:分担|承担|共担)比例(?:分别)?[为是])\Z",
            "",
            part.text[: ratio.start()],
        )
    elif sum(f.value for f in percents) == 1:
        shares = tuple(amount(f) for f in percents)
        head = re.sub(
            r"(?:各自|分别|依次)?(?:按照?|以)?(?:承担|分担|负担)?\Z",
            "",
            part.text[: percents[0].span.start - part.span.start],
        )
    else:
        return None
    start = re.match(".*由", head) or _PARTY_START.match(head)
    begin = start.end() if start else 0
    names = re.split(r"[、和与及]", head[begin:])
    if len(names) != len(shares) or not all(2 <= len(name.strip()) <= 16 for name in names) or _of_treasuries(names):
        return None
    end = shares[-1].span.end
    parties = tuple(Share(name.strip(), share) for name, share in zip(names, shares, strict=True))
    span = Span(part.span.start + begin, end)
    return Scale(
        Benefit("融资支持", "ratio_share", span, shares=parties), tuple(s.span for s in shares), span.start, end
    )


def _of_treasuries(names: Sequence[str]) -> bool:
    """市级、县级: who pays for the measure, no loss that is borne."""
    return all(_TREASURY.search(f"{name.strip()}、") for name in names)
