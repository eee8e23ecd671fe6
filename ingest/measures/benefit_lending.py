"""Loans by applicant: how much and for how long each of them may borrow is one scale, however it is cut into parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Span
from ingest.measures.benefit_parts import Part
from ingest.measures.benefit_sheet import Draft, Sheet
from ingest.measures.benefit_terms import duration_of
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Condition, Tier

_WHO = r"个人|(?:中小微?|小微|微型|中型|合伙创业|劳动密集型小)企业|个体工商户|农民专业合作社|合伙创业"
_TERM_OF = re.compile(rf"\s*(?:其中,?)?(?P<who>{_WHO})(?:申请)?的?(?:贷款)?(?:期限)?(?:最[长多]|不超过|为)*\Z")
_APPLIES = re.compile(
    rf"(?:^|[,;。])\s*(?:对|符合[^,;。的]{{2,12}}的)?(?P<who>{_WHO})"
    r"(?:申请[^,;。\d]{0,12},|(?:创业|担保|信用|经营性)*贷款)[^,;。\d]{0,10}\Z"
)


def terms_by_applicant(sheet: Sheet, found: Sequence[Part], number: int) -> bool:
    """个人最长3年，小微企业最长2年, behind a scale of loans for the same applicants."""
    draft = sheet.current()
    if draft is None or draft.benefit.form != "loan" or draft.sentence != found[number].sentence.start:
        return False
    names = [tier.when[0].words for tier in draft.benefit.tiers if len(tier.when) == 1]
    run = found[number : number + len(names)]
    terms = [_term(part) for part in run]
    if len(names) < 2 or [term and term[0] for term in terms] != names:
        return False
    lasting = [duration_of(part, term[1]) for part, term in zip(run, terms, strict=True) if term]
    tiers = tuple(replace(tier, duration=each) for tier, each in zip(draft.benefit.tiers, lasting, strict=True))
    span = Span(draft.benefit.span.start, lasting[-1].span.end)
    draft.benefit = replace(draft.benefit, tiers=tiers, span=span)
    sheet.use([each.span for each in lasting])
    sheet.done.update(part.span for part in run)
    return True


def _term(part: Part) -> tuple[str, Figure] | None:
    if len(part.figures) != 1 or part.figures[0].kind != "duration":
        return None
    match = _TERM_OF.fullmatch(part.flat, part.span.start, part.figures[0].span.start)
    return (match["who"], part.figures[0]) if match else None


def together(sheet: Sheet) -> None:
    """个人申请的，最高20万元，期限不超过2年；小微企业申请的，最高400万元: two loans of a sentence are one scale."""
    kept: list[Draft] = []
    run: list[tuple[Draft, Condition]] = []
    for draft in sheet.drafts:
        name = _applicant(sheet, draft)
        if name is None or (run and (run[0][0].sentence != draft.sentence or name.words in {n.words for _, n in run})):
            kept += _one(run)
            run = []
        if name is None:
            kept.append(draft)
        else:
            run.append((draft, name))
    sheet.drafts[:] = [*kept, *_one(run)]


def _one(run: Sequence[tuple[Draft, Condition]]) -> list[Draft]:
    if len(run) < 2:
        return [draft for draft, _ in run]
    first, last = run[0][0], run[-1][0]
    tiers = tuple(Tier((name,), max=each.benefit.max, duration=each.benefit.duration) for each, name in run)
    scopes = {each.benefit.cap_scope for each, _ in run}
    first.benefit = replace(
        first.benefit,
        tiers=tiers,
        max=None,
        duration=None,
        cap_scope=scopes.pop() if len(scopes) == 1 else "",
        span=Span(first.benefit.span.start, last.benefit.span.end),
    )
    return [first]


def _applicant(sheet: Sheet, draft: Draft) -> Condition | None:
    benefit = draft.benefit
    if benefit.form != "loan" or benefit.max is None or benefit.tiers or benefit.rate or benefit.fund_size:
        return None
    match = _APPLIES.search(sheet.flat, max(draft.sentence, benefit.max.span.start - 40), benefit.max.span.start)
    return Condition("主体", "eq", Span(*match.span("who")), words=match["who"]) if match else None
