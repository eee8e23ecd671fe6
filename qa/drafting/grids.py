"""Tables of a draft: what the levels provide, the standards of each item, and what a company already has by right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ingest.document import LEVEL_NAMES, Span
from ingest.measures.model import Benefit
from qa.answer import Citation
from qa.comparison import Aspect
from qa.drafting.basis import short_name
from qa.drafting.desk import Desk
from qa.drafting.items import Item
from qa.drafting.model import UNDECIDED
from qa.drafting.provisions import Provision
from qa.drafting.text import one_line
from qa.drafting.wording import basis
from qa.matching import Match, match
from qa.measure_words import called
from qa.render.matches import OUTCOME_WORDS

LEVEL_HEADS = ("事项", "级别", "原文", "依据", "时效")
STANDARD_HEADS = ("事项", "支持标准", "上限", "期限", "兑现条件", "责任单位")
MATCH_HEADS = ("条款", "条件是否满足", "测算", "依据")
MOST_MATCHES = 20
_OWN = ("industry", "size", "qualification", "project_kind", "figure")
_OTHERWISE_NAMED = {"未解析内容": "条款其他要求"}
_VERDICTS = {"met": "符合", "not_met": "不符合", "unknown": "待确认"}
_STOPS = "，,。；;、（(）)\n\t"


def levels_grid(desk: Desk, groups: Sequence[tuple[str, Sequence[Item]]], caption: str = "各级现行规定对照表") -> None:
    """What each level provides on the points, the highest first, in the words of the files."""
    rows, marks = [], []
    for topic, items in groups:
        found = {p.key: p for item in items for p in (*item.others, item.basis) if p}
        for provision in sorted(found.values(), key=lambda p: p.rank):
            mark = basis(provision, desk.sources)
            rows.append(_level_row(topic, provision, desk.sources.citation(mark)))
            marks.append((mark,))
    if rows:
        desk.grid(caption, LEVEL_HEADS, rows, marks)


def reference(desk: Desk) -> None:
    """The chapter with what each level provides, where any does."""
    if any(item.basis for item in desk.items):
        desk.heading("各级现行规定（起草参考，定稿时删去）")
        levels_grid(desk, desk.groups)


def _level_row(topic: str, provision: Provision, citation: Citation) -> tuple[str, ...]:
    place = " ".join(filter(None, (LEVEL_NAMES.get(citation.level or "", "级别未标明"), citation.region)))
    return topic, place, one_line(provision.words), f"{short_name(citation)}{citation.path}", citation.validity


def standards_grid(desk: Desk, caption: str = "拟支持事项明细表") -> None:
    """Each item's standard, ceiling, term, condition and department in the words of its basis; 【待定】 where it says none."""
    rows = [_standards(item) for item in desk.items]
    if rows:
        desk.grid(caption, STANDARD_HEADS, rows, [item.marks for item in desk.items])


def _standards(item: Item) -> tuple[str, ...]:
    row, given = item.table, item.origin == "given"
    if row is None or item.basis is None:
        return item.worded.heading, item.worded.text, UNDECIDED, UNDECIDED, UNDECIDED, UNDECIDED

    def cell(aspect: Aspect) -> str:
        return one_line(row.cells[aspect].text) if aspect in row.cells else UNDECIDED

    text = item.basis.document.text
    terms = [part for b in item.basis.record.measure.benefits for part in _terms(b, text)]
    standard, limit = (item.worded.text, "见支持标准") if given else (cell("支持标准"), cell("上限"))
    term = "；".join(dict.fromkeys(terms)) or UNDECIDED
    return item.worded.heading, standard, limit, term, cell("申报条件"), item.departments


def _terms(benefit: Benefit, text: str) -> Iterator[str]:
    """For how long it is granted: 贴息期限最长2年."""
    if benefit.schedule:
        yield one_line(benefit.span.of(text))
    elif benefit.duration:
        yield _segment(text, benefit.duration.span)
    elif benefit.once:
        yield "一次性"


def _segment(text: str, span: Span) -> str:
    """The words between two stops around the span."""
    start = max(text.rfind(stop, 0, span.start) for stop in _STOPS) + 1
    ends = [at for stop in _STOPS if (at := text.find(stop, span.end)) >= 0]
    return one_line(text[start : min(ends, default=len(text))])


def matches(desk: Desk) -> tuple[Match, ...]:
    """General measures in force of the body's place that the company meets, nearly meets or may meet; each told once."""
    company = desk.request.company
    if company is None:
        return ()
    found = match(company, desk.finder.live, desk.as_of).current
    counted = (m for m in found if _concerns(m) and desk.finder.provision([m.record]))
    return tuple(islice(counted, MOST_MATCHES))


def _concerns(found: Match) -> bool:
    """Whether it comes to a sum, and the company meets more of it than being one."""
    if found.outcome == "does_not_apply" or not any(w and (w.value or w.most or w.missing) for w in found.amounts):
        return False
    if any(d.need.sort == "type" and d.verdict != "met" for d in found.decisions):
        return False
    met = any(d.verdict == "met" and d.need.sort in _OWN for d in found.decisions)
    return found.outcome in ("applies", "nearly") or met


def matches_grid(desk: Desk, found: Sequence[Match], caption: str = "适用普惠条款测算表") -> None:
    """Which general clauses apply, decided and worked out by rule; sums are never added up."""
    rows, marks = [], []
    for each in found:
        record = each.record
        text = desk.shelf.document(record.card.id).text
        mark = desk.sources.mark(record.card.id, _within_clause(desk, each))
        citation = desk.sources.citation(mark)
        sums = [worked.sentence(text) for worked in each.amounts if worked]
        rows.append((called(record.measure, text), _decided(each, text), "".join(dict.fromkeys(sums)) or "条款没有列明可测算的标准。",
                     f"{short_name(citation)}{citation.path}（{citation.validity}）"))  # fmt: skip
        marks.append((mark,))
    desk.grid(caption, MATCH_HEADS, rows, marks)


def _within_clause(desk: Desk, found: Match) -> Span:
    provision = desk.finder.provision([found.record])
    return provision.spans[-1] if provision else found.record.measure.span


def _decided(found: Match, text: str) -> str:
    """The outcome, and each requirement that is not simply met."""
    parts = [
        f"{_OTHERWISE_NAMED.get(d.need.name, d.need.name)}{_VERDICTS[d.verdict]}（“{d.quote(text)}”）"
        for d in (*found.decisions, *found.general)
        if d.tier is None and d.need.sort != "place" and (d.need.sort != "type" or d.verdict != "met")
    ]
    return (
        f"{OUTCOME_WORDS[found.outcome]}：{'；'.join(dict.fromkeys(parts))}" if parts else OUTCOME_WORDS[found.outcome]
    )
