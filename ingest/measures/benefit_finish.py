"""The last touches to the benefits of a clause: which conditions are of one alone, to whom it goes, once or on top of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Span
from ingest.measures.benefit_sheet import Draft, Sheet
from ingest.measures.benefit_words import is_person, named_recipient, recipient_of, subtype_of, type_of
from ingest.measures.conditions import read_conditions
from ingest.measures.model import Benefit, Condition, Per
from ingest.measures.tiers import printed

_ADDED = re.compile(r"再|另(?!行)|额外|追加|叠加|同时还|增加(?=一次性|奖|补|\d)|基础上")
_ABOUT = re.compile("左右|上下")
_PERSON_WORD = re.compile(
    r"博士(?:研究生|后)?|硕士(?:研究生)?|本科(?:毕业)?生|高校毕业生|毕业生|[\u4e00-\u9fff]{0,3}人才(?![团公])|技师|高级工|专家|院士|留学(?:回国)?人员"
)
_NAMED_ONES = re.compile(
    r"(?:获评|获得|评为|评定为|认定为|列入|入选(?!后)|取得|通过|新(?:获批|认定|获评|备案|评定)的)(?P<who>[^,;\d]{2,20}?)(?:认定|称号|证书|资质)?的?(?:企业|项目|单位|个人)?,?\Z"
)
_AMONG = re.compile(
    r"(?:其中,?对?|(?:^|[,;。])属于)(?P<who>(?:中小微?|小微|大型|中型|微型)企业|个体工商户|个人)(?:的(?=,))?,?\Z"
    r"|\A[\s,;。]*对?(?P<alone>(?:中小微?|小微|大型|中型|微型|其他)企业|个体工商户)的?,?\Z"
)
_OF_CLASS = re.compile(r"(?:^|[,;、])\s*(?:对|其中)?(?P<who>[A-Z]\+?类)(?:高层次)?(?:人才)?的?,?\Z")
_RECOGNISED = re.compile(
    r"[\s,;。)]*(?:对|(?=(?:国家|省|市|县|区)级[\u4e00-\u9fff]{2}))(?:新?(?:经|获)?(?:认定|批|评|备案)的)?(?P<who>[^,;\d]{0,12}(?:国家级|省级|市级|高新技术|专精特新|小巨人|独角兽|瞪羚|单项冠军|示范)[^,;\d]{0,12}?)的?,?\Z"
)
_YEAR = re.compile(
    r"(?P<year>首年|次年|第[一二三四五\d]年(?:[至到]第?[一二三四五\d]年|起)?)(?:租金|房租)?(?=按|减|免|全|,|\Z)"
)
_RAISED = re.compile(r"(?:提高|上浮|增加|上调|调整|提升|放宽)(?:至|到|为)(?:最高)?\Z")
_RAISED_FOR = re.compile(r"(?:^|[,;。对])(?:其中,?对?)?(?P<who>[^,;。\d的]{2,20}?(?P<kind>贷款|项目|企业))的?,?\Z")
_LEVELLED_NAME = re.compile(r"(?:国家级|省级|市级|区级|县级)(?P<noun>[^,;\d的]{2,20}?)(?=的|,|给予|一次性|\Z)")
_BARE_LEVEL = re.compile(r"[\s,;。]*(?:对|为|认定为|评为)?(?P<level>国家级|省级|市级|区级|县级)的?,?")
_PARALLEL = re.compile(r"\s*(?:其中,?)?(?:对|企业|凡)")


def finish(sheet: Sheet) -> tuple[Benefit, ...]:
    """The benefits in the order of the words."""
    drafts = sorted(sheet.drafts, key=lambda draft: (draft.benefit.form == "in_kind", draft.benefit.span.start))
    made = [_named(sheet, draft, number) for number, draft in enumerate(drafts)]
    made = _recipients(sheet, drafts, made)
    made = _conditioned(sheet, drafts, made)
    return tuple(_formed(benefit, made[number + 1 :]) for number, benefit in enumerate(made))


def _words(sheet: Sheet, draft: Draft) -> str:
    """The words of the benefit to the end of the part that it ends in."""
    start, end = draft.benefit.span.start, draft.benefit.span.end
    part = sheet.part_at(start)
    stop = part.span.end if part else end
    return sheet.flat[start : min(max(stop, end), start + 300)]


def _lead(sheet: Sheet, draft: Draft) -> str:
    lead = draft.lead
    return sheet.flat[max(lead.start, lead.end - 200) : lead.end]


def _named(sheet: Sheet, draft: Draft, number: int) -> Benefit:
    benefit, words, lead = draft.benefit, _words(sheet, draft), _lead(sheet, draft)
    part = sheet.part_at(benefit.span.start)
    first = words[: (part.span.end - benefit.span.start) if part else len(words)]
    kind = type_of(first, lead) if benefit.form in ("progressive", "step") else benefit.type
    subtype = benefit.subtype or subtype_of(
        kind, first, lead + sheet.flat[sheet.within.start : sheet.within.start + 40] * (number == 0)
    )
    if benefit.form in ("unspecified", "staged", "case_by_case"):
        subtype = ""
    if any(subtype[:-2] in condition.words for tier in benefit.tiers for condition in tier.when if subtype):
        subtype = ""  # 省首店奖励50万元: the name of a tier
    to = benefit.to or recipient_of(first, lead) or (named_recipient(lead) if number else "")
    if kind == "税收" and not to and benefit.base and "个人所得税" in benefit.base.text:
        to = "个人"
    figure = benefit.value or benefit.rate or benefit.max
    head = first[: max(4, figure.span.start - benefit.span.start)] if figure else first[:8]
    added = number and benefit.form not in ("in_kind", "step") and _ADDED.search(head)
    about = part and _ABOUT.search(sheet.flat, benefit.span.start, part.span.end)
    benefit = replace(
        benefit,
        type=kind,
        subtype=subtype,
        once="一次性" in first,
        to=to,
        additional=benefit.additional or bool(added),
        approximate=benefit.approximate or bool(about),
    )
    if benefit.form == "fixed" and benefit.type == "人才补贴" and benefit.per is None and not benefit.to:
        benefit = _per_person(sheet, draft, benefit)
    return benefit


def _per_person(sheet: Sheet, draft: Draft, benefit: Benefit) -> Benefit:
    """给予全日制博士研究生20万元: for each of them."""
    lead = _lead(sheet, draft)
    if not is_person(lead) or re.search(r"团队|单位|机构|工作站|基地|平台|中心|实验室|企业(?!全职|工作)", lead):
        return benefit
    found = list(_PERSON_WORD.finditer(sheet.flat, draft.lead.start, draft.lead.end))
    return replace(benefit, per=Per("人", Span(*found[-1].span()))) if found else benefit


def _recipients(sheet: Sheet, drafts: list[Draft], made: list[Benefit]) -> list[Benefit]:
    """Where a later benefit is for the person himself, the first is for who is named as its subject."""
    if len(made) < 2 or not any(b.to for b in made[1:]) or made[0].to:
        return made
    subject = re.match(
        r"\s*(?:对|支持|鼓励)?(?P<who>[\u4e00-\u9fff]{2,12}?(?:单位|机构|企业)|(?:博士后|院士|专家)(?:科研|创新)?(?:工作站|实践基地|流动站)|高校|院校|科研院所|医院|学校|研究院)",
        _lead(sheet, drafts[0]),
    )
    if subject is None:
        return made
    who = re.search(r"(?:设站|用人|申报|培养|引进|依托)?(?:单位|机构|企业)\Z", subject["who"])
    return [replace(made[0], to=who[0] if who else subject["who"]), *made[1:]]


def _conditioned(sheet: Sheet, drafts: list[Draft], made: list[Benefit]) -> list[Benefit]:
    """Conditions of a later benefit are its own; of the first, where the later ones are its equals (对…；对…)."""
    result: list[Benefit] = []
    granting = [i for i, b in enumerate(made) if b.form != "in_kind"]
    parallel = (
        len(granting) > 1
        and all(_PARALLEL.match(_lead(sheet, drafts[i]).lstrip(",;。)")) for i in granting)
        and not any(made[i].additional for i in granting)
        and all(_lead(sheet, drafts[i]).lstrip(",;。 ").startswith("对") for i in granting)
    )
    for number, (draft, benefit) in enumerate(zip(drafts, made, strict=True)):
        part = sheet.part_at(benefit.span.start)
        own = number and number in granting and draft.lead.end - draft.lead.start > 1
        stage = (
            re.search("期满", _lead(sheet, draft))
            if benefit.form == "pay_rate" and "续租" in _lead(sheet, draft)[-20:] + _words(sheet, draft)
            else None
        )
        year = _YEAR.match(sheet.flat, benefit.span.start) if benefit.form in ("pay_rate", "reduction") else None
        if not year and part and benefit.form == "reduction":
            year = _YEAR.search(sheet.flat, max(part.span.start, benefit.span.start - 6), benefit.span.start)
        year = year or (_YEAR.search(_lead(sheet, draft)) if benefit.form == "pay_rate" and number else None)
        if year and not benefit.schedule:
            at = year.start() if year.string is sheet.flat else draft.lead.end - len(_lead(sheet, draft)) + year.start()
            span = Span(at, at + len(year["year"]))
            benefit = replace(benefit, when=(Condition("阶段", "is", span, words=year["year"]),))
        elif stage:
            at = draft.lead.end - len(_lead(sheet, draft)) + stage.start()
            benefit = replace(benefit, when=(Condition("阶段", "is", Span(at, at + 2), words="期满续租"),))
        elif (own or (parallel and number in granting)) and not benefit.tiers:
            when = tuple(
                c
                for c in read_conditions(sheet.flat, draft.lead)
                if not (benefit.step and benefit.step.start and c.amount and c.amount.span == benefit.step.start.span)
            )
            when = when or _whose(sheet, draft) or _raised_for(sheet, draft, benefit)
            benefit = replace(benefit, when=when)
        result.append(benefit)
    result = _levelled(sheet, drafts, result)
    if result and not parallel and not result[0].tiers and not result[0].when:
        result[0] = _contrasted(sheet, drafts[0], result)
    return result


def _levelled(sheet: Sheet, drafts: Sequence[Draft], made: list[Benefit]) -> list[Benefit]:
    """省级工业设计中心给予30万元；国家级的，给予80万元: the second level is of the name that the first has."""
    name = _LEVELLED_NAME.search(_lead(sheet, drafts[0])) if len(made) > 1 and not made[0].tiers else None
    if name is None or any(c.metric != "认定" for c in made[0].when):
        return made
    for number, (draft, benefit) in enumerate(zip(drafts, made, strict=True)):
        lead = _lead(sheet, draft)
        bare = _BARE_LEVEL.fullmatch(lead)
        if bare and not benefit.when and not benefit.tiers:
            at = draft.lead.end - len(lead) + bare.start("level")
            words = bare["level"] + name["noun"]
            when = Condition("认定", "eq", Span(at, at + len(bare["level"])), words=printed(words))
            made[number] = replace(benefit, when=(when,))
            at = drafts[0].lead.end - len(_lead(sheet, drafts[0])) + name.start()
            first = Condition("认定", "eq", Span(at, at + len(name[0])), words=printed(name[0]))
            made[0] = replace(made[0], when=made[0].when or (first,))
    return made


def _contrasted(sheet: Sheet, draft: Draft, made: Sequence[Benefit]) -> Benefit:
    """主导制定的奖励30万元，参与制定的奖励10万元: what later benefits set against it is a condition of the first alone."""
    others = {(c.metric, c.words) for b in made[1:] if not b.additional for c in b.when if c.words}
    figured = any(
        c.amount
        for b in made[1:]
        if not b.additional and b.form != "pay_rate" and not _raised(sheet, b)
        for c in b.when
    )
    own = tuple(
        c
        for c in read_conditions(sheet.flat, draft.lead)
        if (c.amount and figured) or (c.words and any(m == c.metric and w != c.words for m, w in others))
    )
    if not own and any(metric in ("认定", "人才类别") for metric, _ in others):
        own = _whose(sheet, draft)
    return replace(made[0], when=own) if own else made[0]


def _raised(sheet: Sheet, benefit: Benefit) -> bool:
    """奖励比例提高至8%: for some of those who get the first, whose conditions hold for them too."""
    figure = benefit.rate or benefit.value or benefit.max
    return figure is not None and bool(_RAISED.search(sheet.flat, max(0, figure.span.start - 8), figure.span.start))


def _raised_for(sheet: Sheet, draft: Draft, benefit: Benefit) -> tuple[Condition, ...]:
    """贷款类型 of 知识产权质押贷款的贴息比例提高至60%: for which of them it is more."""
    lead = _lead(sheet, draft)
    match = _RAISED_FOR.search(lead) if _raised(sheet, benefit) else None
    if match is None:
        return ()
    at = draft.lead.end - len(lead) + match.start("who")
    metric = "主体" if match["kind"] == "企业" else f"{match['kind']}类型"
    return (Condition(metric, "is", Span(at, at + len(match["who"])), words=printed(match["who"])),)


def _whose(sheet: Sheet, draft: Draft) -> tuple[Condition, ...]:
    """对国家高新技术企业, 获得市长质量奖的: the name tells the benefits of a clause apart."""
    lead = _lead(sheet, draft)
    among = _AMONG.search(lead)
    graded = _OF_CLASS.search(lead)
    if graded and not among:
        at = draft.lead.end - len(lead) + graded.start("who")
        return (Condition("人才类别", "eq", Span(at, at + len(graded["who"])), words=graded["who"]),)
    match = among or _NAMED_ONES.search(lead) or _RECOGNISED.match(lead)
    if match is None:
        return ()
    name = "alone" if among and among["alone"] else "who"
    at = draft.lead.end - len(lead) + match.start(name)
    metric = "主体" if among else "认定"
    return (Condition(metric, "eq", Span(at, at + len(match[name])), words=printed(match[name])),)


def _formed(benefit: Benefit, later: Sequence[Benefit]) -> Benefit:
    """A rate with a ceiling is named so; what others top up year by year is itself given once."""
    if benefit.form == "rate" and benefit.max is not None:
        return replace(benefit, form="rate_capped")
    if (
        benefit.form == "fixed"
        and benefit.per is None
        and any(b.additional and b.per and b.per.unit == "年" for b in later)
    ):
        return replace(benefit, once=True)
    return benefit
