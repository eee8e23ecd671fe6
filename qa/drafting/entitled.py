"""普惠条款: what a company has by right, what it does not meet, and what cannot be told of it. By rule; sums are never added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Span
from qa.answer import Citation
from qa.calculation.figures import figures
from qa.drafting.basis import place_in_table, short_name
from qa.drafting.desk import Desk
from qa.matching import Decision, Match, match
from qa.matching.profile import LABELS
from qa.measure_words import called
from qa.render.matches import OUTCOME_WORDS, VERDICT_WORDS

MATCH_HEADS = ("条款", "条件是否满足", "测算", "依据")
UNMET_HEADS = ("条款", "不符合之处", "依据")
MOST_MATCHES, MOST_UNMET = 20, 8
_FIELDS_NAMED = 5  # in the line on what cannot be told
_OWN = ("industry", "size", "qualification", "project_kind", "figure")
_OTHERWISE_NAMED = {"未解析内容": "条款其他要求"}


@dataclass(frozen=True, slots=True)
class Entitled:
    """General measures in force of the body's place, each told once. ``listed``: the company meets, nearly meets or may meet them;
    ``unmet``: it was told what it fails; ``open``: too little is known of it.
    """

    listed: tuple[Match, ...] = ()
    unmet: tuple[Match, ...] = ()
    open: tuple[Match, ...] = ()


def entitled(desk: Desk) -> Entitled:
    """Nothing where no company was told."""
    company = desk.request.company
    if company is None:
        return Entitled()
    listed, unmet, left = [], [], []
    for found in match(company, desk.finder.live, desk.as_of).current:
        if not _is_for_it(found) or desk.finder.provision([found.record]) is None:
            continue
        if found.outcome == "does_not_apply":
            unmet += [found] if _fails(found) else []
        elif _comes_to_a_sum(found):
            (listed if _is_known_to_concern(found) else left).append(found)
    left += listed[MOST_MATCHES:]
    return Entitled(tuple(listed[:MOST_MATCHES]), tuple(unmet), tuple(left))


def _is_for_it(found: Match) -> bool:
    """Whether it is granted to companies, as far as the clause says."""
    return all(d.verdict == "met" for d in found.decisions if d.need.sort == "type")


def _comes_to_a_sum(found: Match) -> bool:
    return any(worked and (worked.value or worked.most or worked.missing) for worked in found.amounts)


def _is_known_to_concern(found: Match) -> bool:
    """The company meets something of it, and the clause names no industry of which it is not known whether it is the company's."""
    own = [d for d in found.decisions if d.need.sort in _OWN]
    foreign = any(d.need.sort == "industry" and d.verdict != "met" for d in own)
    return not foreign and any(d.verdict == "met" for d in own)


def _fails(found: Match) -> bool:
    """What it fails is a threshold, a size or a title, or it meets something else: another industry alone tells nobody anything."""
    own = [d for d in found.decisions if d.need.sort in _OWN]
    failed = {d.need.sort for d in own if d.verdict == "not_met"}
    return bool(failed - {"industry"}) or (bool(failed) and any(d.verdict == "met" for d in own))


def entitled_grid(desk: Desk, found: Entitled, caption: str = "适用普惠条款测算表") -> None:
    """Which general clauses apply, decided and worked out by rule."""
    rows, marks = [], []
    for each in found.listed:
        text = desk.shelf.document(each.record.card.id).text
        citation = _cited(desk, each)
        sums = "".join(dict.fromkeys(worked.sentence(text) for worked in each.amounts if worked))
        decided = f"{OUTCOME_WORDS[each.outcome]}：{'；'.join(_decided(each, text))}".rstrip("：")
        rows.append(
            (called(each.record.measure, text), decided, sums or "条款没有列明可测算的标准。", _place(citation))
        )
        asked = (
            desk.sources.mark(each.record.card.id, d.span) for d in each.general if d.span and figures(d.quote(text))
        )
        marks.append((citation.mark, *asked))
    if rows:
        desk.grid(caption, MATCH_HEADS, rows, marks)


def unmet_grid(desk: Desk, found: Entitled) -> None:
    """What the company does not meet, each with the reason; and how much could not be told."""
    rows, marks = [], []
    for each in found.unmet[:MOST_UNMET]:
        text = desk.shelf.document(each.record.card.id).text
        citation = _cited(desk, each)
        reasons = dict.fromkeys(
            d.reason(text) for d in each.decisions if d.verdict == "not_met" and d.need.sort in _OWN
        )
        rows.append((called(each.record.measure, text), "；".join(reasons), _place(citation)))
        marks.append((citation.mark,))
    if rows:
        desk.grid("经比对不符合的条款（不列入支持事项）", UNMET_HEADS, rows, marks)
    rest = len(found.unmet) - len(rows)
    if rest > 0:
        desk.notices.append(f"另有{rest}条不符合的条款没有列出")
    if found.open:
        asked = Counter(field for each in found.open for field in each.asks if field in LABELS)
        named = "、".join(LABELS[field] for field, _ in asked.most_common(_FIELDS_NAMED))
        told = f"；企业情况补充{named}等后可重新比对" if named else ""
        desk.notices.append(f"另有{len(found.open)}条普惠条款因企业情况没有填全不能判断，没有列入{told}")


def _cited(desk: Desk, found: Match) -> Citation:
    return desk.sources.citation(desk.sources.mark(found.record.card.id, _within_clause(desk, found)))


def _place(citation: Citation) -> str:
    return f"{short_name(citation)}{place_in_table(citation)}（{citation.validity}）"


def _within_clause(desk: Desk, found: Match) -> Span:
    provision = desk.finder.provision([found.record])
    return provision.spans[-1] if provision else found.record.measure.span


def _decided(found: Match, text: str) -> Iterator[str]:
    """Each requirement with its verdict; what was read twice from the same words is told once, under its own name."""
    told: dict[tuple[str, str], str] = {}
    for decision in _told(found):
        name = _OTHERWISE_NAMED.get(decision.need.name, decision.need.name)
        key = decision.quote(text), decision.verdict
        if key not in told or told[key] in _OTHERWISE_NAMED.values():
            told[key] = name
    return (f"{name}{VERDICT_WORDS[verdict]}（“{quote}”）" for (quote, verdict), name in told.items())


def _told(found: Match) -> Sequence[Decision]:
    return [
        d
        for d in (*found.decisions, *found.general)
        if d.tier is None and d.need.sort != "place" and (d.need.sort != "type" or d.verdict != "met")
    ]
