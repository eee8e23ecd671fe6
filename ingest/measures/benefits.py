"""支持标准: what a clause grants, in the forms of ``FORM_NAMES``, each figure with the words it was read from.

A clause is gone through comma by comma. A part with a sum or a share that is granted opens a benefit; ceilings, durations,
quantities and instalments behind it belong to the benefit before them. What fits no form is left alone: it stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.document import Span
from ingest.measures.benefit_ahead import completed, standard_named
from ingest.measures.benefit_banded import banded
from ingest.measures.benefit_finish import finish
from ingest.measures.benefit_forms import Grant, read_grant
from ingest.measures.benefit_kinds import halved_then, in_kind_benefits, open_benefit, word_benefit
from ingest.measures.benefit_labelled import labelled_parts
from ingest.measures.benefit_lending import terms_by_applicant, together
from ingest.measures.benefit_parts import RAISED, Part, goes_on, parts, roles
from ingest.measures.benefit_scales import Scale, free_then_half, is_step, progressive, schedule, step
from ingest.measures.benefit_shares import each_bears, ratio_share
from ingest.measures.benefit_sheet import Sheet
from ingest.measures.benefit_terms import price_of
from ingest.measures.benefit_words import type_of
from ingest.measures.conditions import read_conditions
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Benefit, Cap, Condition, Words
from ingest.measures.signs import Sought, starting

_VERB = (
    r"给予|予以|奖励|补助|补贴|资助|奖补|提供|享受|发放|返还|减免|免收|配套|补偿|贴息|按照?|[奖补](?=\d)|领取"
    r"|(?:可以?)?申[请领](?=一次性|[^,;\d]{0,8}(?:补贴|补助|奖励|资助))"
)
_ADVERB = (
    r"可|再|另|增加|追加|均|各|分别|一次性|每年|额外|同时|最高|则|每[人名项家户次件台个亩辆]"
    rf"|由[^,;]{{2,10}}?(?=[可再另均各分一每额同最则增]|(?:{_VERB}))"
)
# Possessive, and few adverbs at a time: a long row of them without a verb is gone through once, and not from each of its places.
_START = starting(rf"(?:(?:{_ADVERB}){{0,6}}+(?:{_VERB}))++")
_GRANTED_CAP = re.compile(
    r"(?:给予|奖励|补助|补贴|资助|支持|提供|发放|享受|可申[请领]|可补|投资|入股|股权(?:方式)?投入|授信|奖补|按)[^,;\d]{0,12}\Z"
)
_MOST_SHARE = re.compile(r"(?:不超过|不高于|最高)[^,;\d]{0,20}\Z")
_GIVEN_SHARE = re.compile(r"(?:按照?|给予)[^,;\d]{0,24}(?:不超过|不高于|最高)[^,;\d]{0,20}\Z")
_CAP_GRANTED = re.compile(
    r"(?:以内)?的?[\u4e00-\u9fff\"]{0,10}?(?:奖励|补助|补贴|资助|资金|支持|贷款|贴息|奖补|股权投资|投资|经费|额度)"
)
_ALL_TOGETHER = re.compile(r"总额|合计|累计|享受[^,;]{0,8}资金|总计|资金总量|年度")
_NAMED_GRANT = re.compile(
    r"(?:给予|享受|发放|予以|提供|申请|申领)[^,;。\d]{0,16}(?:奖励|补助|补贴|资助|支持|扶持|券|资金|经费|奖补),(?:标准)?\Z"
)
_NAMED_TIME = re.compile(  # 给予用人单位最长12个月的社会保险补贴, of which the next part says how much
    r"(?:给予|享受|发放)[^,;。\d]{0,14}\d{1,2}(?:个月|年)的?[^,;。\d]{0,14}(?:补贴|补助|奖励|贴息|资助),\Z"
)
_NAMED_SUM = re.compile("(?:补贴|补助|奖励|津贴|资助|经费)[、和及]")  # 12万元购房补贴、每月2000元生活补贴: two grants
_LENT = re.compile("(?:贷款|授信|担保)[^,;\\d]{0,6}额度,\\Z")
_SHARED = ("rate", "refund", "matching")
_RAISED = re.compile(r"(?:提高|上浮|增加|上调|调整|提升|放宽|降低?|下调)(?:至|到|为)(?:最高)?\Z")
_SAID = frozenset("配匹跟倍股分半全免减付兑拨每年担偿摊")  # one of them stands in whatever is granted without a figure
_FUND = Sought(r"(?:设立|组建|安排|建立|总?规模)[^,;。]{0,14}\Z")
_FUND_NAME = re.compile(
    r"(?:的|规模的?)?(?P<name>[\u4e00-\u9fff]{0,10}(?:过桥资金|转贷资金|周转资金|风险补偿资金池?|资金池|基金|专项资金|经费))"
)
_CREDIT = re.compile(r"(?:贷款|授信|担保)[^,;\d]{0,6}额度[^,;\d]{0,10}\Z")
_AGAIN = re.compile(r"再|另|额外|追加")
_PROVIDED = re.compile(r"提供[^,;\d]{0,12}\Z")
_SET_UP = re.compile("设立|组建|建立")


@dataclass(frozen=True, slots=True)
class Read:
    """``used``: the words of every figure that became part of a benefit or ceiling."""

    benefits: tuple[Benefit, ...]
    caps: tuple[Cap, ...]
    used: tuple[Span, ...]


def read_benefits(flat: str, within: Span) -> Read:
    """What the words of ``within`` grant and up to what ceilings; spans count in the folded text ``flat``."""
    found = parts(flat, within)
    sheet = Sheet(flat, within, found)
    skip = within.start
    for number, part in enumerate(found):
        opens = not number or found[number - 1].sentence != part.sentence
        silent = not part.figures and _SAID.isdisjoint(part.text)
        if silent and not opens:
            continue
        if part.span.start < skip < part.span.end:
            part = replace(
                part, span=Span(skip, part.span.end), figures=tuple(f for f in part.figures if f.span.start >= skip)
            )
        elif part.span.start < skip or part.span in sheet.done:
            continue
        scale = _scale(found, number)
        if scale is not None:
            sheet.open(scale.benefit, scale.start, scale.used)
            skip = scale.end
            part = replace(
                part,
                span=Span(min(skip, part.span.end), part.span.end),
                figures=tuple(f for f in part.figures if f.span.start >= skip),
            )
            if not part.figures:
                continue
        if silent and ":" not in part.text:  # a ratio (4:3:3) is no figure
            continue
        skip = max(skip, _read_part(sheet, found, number, part))
    together(sheet)
    drafts = sheet.drafts
    taken = [draft.benefit.span for draft in drafts]
    for benefit, used in in_kind_benefits(found, taken, bool(drafts)):
        sheet.open(benefit, benefit.span.start, used)
    opened = open_benefit(
        found, [draft.benefit.span for draft in sheet.drafts], vague=not sheet.drafts and not sheet.caps
    )
    if opened:
        sheet.open(opened, opened.span.start, ())
    return Read(finish(sheet), tuple(sheet.caps), tuple(sorted(sheet.used, key=lambda s: (s.start, s.end))))


def _scale(found: Sequence[Part], number: int) -> Scale | None:
    part = found[number]
    if number == 0 or found[number - 1].sentence != part.sentence:
        banded = progressive(part.flat, part.sentence)
        if banded:
            return banded
    return schedule(found, number) or free_then_half(part) or ratio_share(part) or each_bears(found, number)


def _read_part(sheet: Sheet, found: Sequence[Part], number: int, part: Part) -> int:
    """Reads one part; returns how far the words are read."""
    role = roles(part) if part.figures else {}
    grants = sheet.floor(part, [f for f, r in role.items() if r == "grant"])
    caps = [f for f, r in role.items() if r == "cap"]
    end = part.span.start
    fund = _fund(part)
    if fund:
        sheet.fund(part, fund)
        return part.span.end
    if found[number].figures and (
        terms_by_applicant(sheet, found, number) or labelled_parts(sheet, found, number) or banded(sheet, found, number)
    ):
        return found[number].span.end
    following = found[number + 1] if number + 1 < len(found) else None
    stepped = step(part, sheet.lead(part.span.start), following) if "每" in part.text else None
    if stepped:
        base = stepped[1] or _growing(sheet, stepped[3])
        sheet.step(part, stepped[0], base, *stepped[2:])
        end = max(part.span.end, stepped[2][-1].end)
        if end > part.span.end:
            return found[number + 1].span.end
    elif is_step(part) or (
        number
        and found[number - 1].piece == part.piece
        and is_step(found[number - 1])
        and not found[number - 1].of("money")
    ):
        return end
    elif not grants or grants[0].kind == "percent":
        paid = sheet.pay(found, number)
        if paid:
            return paid
    if not stepped and grants:
        opened = len(sheet.drafts)
        end = max(end, _grants(sheet, part, grants, False))
        if len(sheet.drafts) == opened and all(figure.kind == "area" for figure in grants):
            grants = []  # 免费入住200平方米的公寓: said in words
    if caps and not stepped:
        if not grants and _is_grant(sheet, part, caps):
            end = max(end, _grants(sheet, part, caps, True))
        elif sheet.current() or len(caps) < 2 or "分别" not in part.text:  # else whose each of them is, is not said
            sheet.ceil(part, caps)
    elif caps:
        sheet.ceil(part, [f for f in caps if f.span not in sheet.used])
    if not grants and not caps and not stepped:
        worded = word_benefit(part, part.flat[max(part.sentence.start, part.span.start - 80) : part.span.start])
        if worded and not _said_again(sheet, part, worded[0]):
            sheet.open(_continued(sheet, part, worded[0]), worded[0].span.start, worded[1])
            sheet.terms(part)
            if then := halved_then(part, worded[0]):
                sheet.open(then[0], then[0].span.start, then[1])
    sheet.terms(part)
    sheet.fee(part)
    if grants and grants[0].kind == "money":
        sheet.pay(found, number)
    return end


def _said_again(sheet: Sheet, part: Part, worded: Benefit) -> bool:
    """股权投资 behind a fund's stake; 免租期最长12个月 behind 免费提供工位: the terms of the benefit before."""
    draft = sheet.current()
    if draft is None or worded.form != draft.benefit.form:
        return False
    free = draft.sentence == part.sentence.start and draft.benefit.duration is None and "免租期" in part.text
    return worded.form == "equity" or (worded.form == "reduction" and free)


def _growing(sheet: Sheet, start: int) -> Words | None:
    """进出口额 of 进出口总额同比增长10%以上的，每增加100万美元: what grows is what the steps are of."""
    for condition in reversed(read_conditions(sheet.flat, sheet.lead(start))):
        if condition.metric.endswith("增速") and len(condition.metric) > 3:
            return Words(condition.metric.removesuffix("增速"), condition.span)
    return None


def _grants(sheet: Sheet, part: Part, granted: Sequence[Figure], most: bool) -> int:
    """Opens a benefit for each list of figures in the part."""
    for group in _groups(part, granted):
        start = _start(part, group[0], sheet.last_end(part))
        if most and start >= part.span.start and sheet.capped(part) is None:
            start = min(start, _named_grant(part) or start)
        if not most and start >= part.span.start and group[0].kind in ("money", "percent"):
            start = standard_named(part) or start
        timed = _NAMED_TIME.search(part.flat, max(part.piece.start, part.span.start - 50), part.span.start)
        start = timed.start() if timed and (not most or group[0].kind == "points") and len(group) == 1 else start
        lead = sheet.lead(start)
        subject, names = sheet.subject(part.span.end), _names_before(sheet, part, lead)
        read = read_grant(Grant(part, tuple(group), start, lead, subject, most, names))
        if read is None:
            continue
        benefit = completed(sheet, part, _continued(sheet, part, read.benefit))
        sheet.open(benefit, min(start, benefit.span.start), read.used)
        said = sheet.part_at(timed.start()) if timed and start == timed.start() else None
        if said:
            sheet.terms(said)
    return part.span.start


def _names_before(sheet: Sheet, part: Part, lead: Span) -> tuple[tuple[Condition, ...], ...]:
    """A类、B类人才购房的，分别…；租房的，分别…: whom the scale before it tells apart, where ``lead`` has no list of its own."""
    draft = sheet.current()
    if draft is None or draft.sentence != part.sentence.start or "分别" not in part.text:
        return ()
    return () if re.search("[、和及或]", lead.of(part.flat)) else tuple(tier.when for tier in draft.benefit.tiers)


def _continued(sheet: Sheet, part: Part, benefit: Benefit) -> Benefit:
    """补助比例提高至10%, 其中小微企业按60%, 第三年按30%收取: another share of what the one before it is a share of."""
    draft = sheet.drafts[-1] if sheet.drafts else None
    if draft is None or draft.benefit.base is None or draft.benefit.rate is None or benefit.rate is None:
        return benefit
    before = draft.benefit
    if before.form in ("reduction", "pay_rate") and benefit.form in ("pay_rate", "reduction"):
        own = benefit.base if benefit.base and benefit.base.text != "租金" else before.base
        return replace(benefit, base=own, type=before.type)
    if before.form not in _SHARED:
        return benefit
    raised = _RAISED.search(part.before(benefit.rate.span.start))
    same = benefit.base is None and benefit.form in ("rate", before.form) and draft.sentence == part.sentence.start
    if not raised and not same:
        return benefit
    return replace(benefit, base=before.base, type=before.type, form=before.form)


def _groups(part: Part, granted: Sequence[Figure]) -> list[list[Figure]]:
    """Lists, and names each with its own figure, are one group; other figures stand alone."""
    groups: list[list[Figure]] = []
    for figure in granted:
        last = groups[-1][-1] if groups else None
        named = last and _NAMED_SUM.search(part.flat, last.span.end, figure.span.start) and "分别" not in part.text
        if (
            last
            and not named
            and last.kind == figure.kind
            and (goes_on(part, last, figure) or _labelled(part, last, figure))
        ):
            groups[-1].append(figure)
        else:
            groups.append([figure])
    return groups


def _labelled(part: Part, last: Figure, figure: Figure) -> bool:
    between = part.flat[last.span.end : figure.span.start]
    return (
        len(between) <= 30
        and not (last.kind == "percent" and re.fullmatch("[^按]*的", between))
        and bool(re.match(r"(?:[^\W\d_]{0,6})?[、和及][^\W\d_]", between))
        and not re.search("再|另|每增加", between)
    )


def _start(part: Part, first: Figure, floor: int) -> int:
    """Where the words of the grant begin: 按, else the first chain of verbs close to its figure, else the last one."""
    begin = max(part.span.start, floor)
    start, settled = None, False
    for match in _START.finditer(part.flat, begin, first.span.start):
        if not settled or "按" in match[0]:
            start = match.start()
        settled = first.span.start - match.end() <= 16 and "的" not in part.flat[match.end() : first.span.start]
    if start is None and (raised := RAISED.fullmatch(part.flat, begin, first.span.start)):
        return raised.end("whose") if raised["whose"] else raised.start("raised")
    if start is None:
        price = price_of(part, first, first)
        return min(price.start, first.span.start) if price and price.start >= begin else first.span.start
    return start


def _is_grant(sheet: Sheet, part: Part, caps: Sequence[Figure]) -> bool:
    """Whether a ceiling is itself what is granted (最高给予500万元, 不超过30万元的启动资金)."""
    before, after = part.before(caps[0].span.start), part.after(caps[-1].span.end)
    if any(f.kind == "percent" for f in caps):
        given = re.match(r"的?(?:比例|标准)?(?:给予|予以|补)", part.after(caps[0].span.end))
        return bool(_GIVEN_SHARE.search(before) or (_MOST_SHARE.search(before) and given))
    if caps[0].kind == "points":
        return True
    if _CREDIT.search(before):
        return True
    draft = sheet.capped(part)
    if draft is None and re.search("单笔|单户|单家", before):
        lead = sheet.lead(part.span.start)
        if type_of(part.text, part.flat[lead.start : lead.end]) == "融资支持":
            return True
    again = _AGAIN.search(before)
    lent = _PROVIDED.search(before) and re.match(r"[\u4e00-\u9fff]{0,8}贷款", after)
    if draft is not None and not again and not lent:
        return False
    if _ALL_TOGETHER.search(before):
        return False
    if draft is None and (
        _named_grant(part) is not None
        or _LENT.search(part.flat[max(part.piece.start, part.span.start - 24) : part.span.start])
    ):
        return True
    return bool(_GRANTED_CAP.search(before) or _CAP_GRANTED.match(after) or re.search("额度|贷款", before))


def _named_grant(part: Part) -> int | None:
    """Where 给予落户奖励 begins, in the part before its 最高500万元."""
    floor = max(part.piece.start, part.span.start - 40)
    match = _NAMED_GRANT.search(part.flat, floor, part.span.start)
    return match.start() if match else None


def _fund(part: Part) -> Figure | None:
    """设立5000万元续贷过桥资金: the size of a fund, which is not what one gets."""
    for figure in part.of("money"):
        if figure.comparator in ("ge", "gt", "lt") and not _SET_UP.search(part.before(figure.span.start)):
            continue  # 管理基金规模不低于5亿元的: of whom it is
        if _FUND.search(part.before(figure.span.start)) and (
            _FUND_NAME.match(part.flat, figure.span.end, part.span.end)
            or re.search("基金|资金池|风险池|过桥资金|专项资金", part.before(figure.span.start))
        ):
            return figure
    return None
