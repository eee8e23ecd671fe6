"""Tables of a draft: what the levels provide, and the standards of each item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.document import LEVEL_NAMES, Span
from ingest.measures.model import Benefit
from qa.answer import Citation
from qa.comparison import Aspect
from qa.drafting.basis import place_in_table, short_name
from qa.drafting.desk import Desk
from qa.drafting.items import Item
from qa.drafting.model import UNDECIDED
from qa.drafting.provisions import Provision
from qa.drafting.text import one_line
from qa.drafting.wording import basis

LEVEL_HEADS = ("事项", "级别", "原文", "依据", "时效")
STANDARD_HEADS = ("事项", "支持标准", "上限", "期限", "兑现条件", "责任单位")
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
    return (
        topic,
        place,
        one_line(provision.words),
        f"{short_name(citation)}{place_in_table(citation)}",
        citation.validity,
    )


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
