"""The same support told more than once: in a list of policies, in an explanation, in a clause that was put in other words since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from index.library import Library
from index.measures import MeasureRecord
from ingest.document import PolicyDocument

_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇]+条")
_CITES = re.compile(r"《[^》]{2,30}》第|〔\d{4}〕\d{1,4}号第")  # a row that names the clause it repeats
_COMMON = re.compile(
    r"支持|奖励|给予|补助|补贴|企业|项目|政策|实施|加大|鼓励|对于?|资助|发展|[^\u4e00-\u9fff]"
)  # of names: says nothing of what is supported
_EXPLAINS = ("解读", "问答")


def repeats(record: MeasureRecord, text: str) -> bool:
    """Whether the measure only tells of another clause; ``text``: of its document."""
    explains = any(word in record.card.title[-12:] for word in _EXPLAINS)
    return explains or bool(_CITES.search(record.measure.span.of(text)))


def echoes(record: MeasureRecord, text: str, origins: Iterable[str], originals: Iterable[MeasureRecord]) -> bool:
    """Whether the measure only tells of a clause that is there itself: one of ``origins`` (see ``origins_of``) by its name, or one
    of ``originals`` by its place and figures.
    """
    words = record.measure.span.of(text)
    if not repeats(record, text):
        return False
    return any(origin in words for origin in origins) or any(same(record, other) for other in originals)


def origins_of(records: Iterable[MeasureRecord]) -> tuple[str, ...]:
    """How a list names the clauses of these measures: 清政〔2024〕9号第四条, 清办〔2023〕11号第（一）项."""
    return tuple(
        f"{record.card.document_number}{label}"
        for record in records
        if record.card.document_number
        for label in _labels(record.measure.clause_id)
    )


def _labels(clause_id: str) -> Iterator[str]:
    path = clause_id.rpartition("#")[2]
    if article := _ARTICLE.search(path):
        yield article[0]
    elif item := re.search(r"[(（]([一二三四五六七八九十]+)[)）]$", path):
        yield f"第（{item[1]}）项"


def amended(library: Library, record: MeasureRecord, document: PolicyDocument) -> bool:
    """Whether a later file gives the 条 another wording or stops it: the words of that file are what counts."""
    if record.status.state not in ("已修改", "部分失效"):
        return False
    clause = next((c for c in document.clauses if c.id == record.measure.clause_id), None)
    article = _ARTICLE.match(clause.path) if clause else None
    if article is None:
        return False
    others = {other for other, _ in library.claims_on(document.id)}
    return any(
        c.kind == "body" and article[0] in c.text[:40] for other in others for c in library.document(other).clauses
    )


def same(one: MeasureRecord, other: MeasureRecord) -> bool:
    """Of two files of one place, with the same figures, and either several of them or a name in common."""
    if (one.card.level, one.card.region) != (other.card.level, other.card.region) or one.card.id == other.card.id:
        return False
    sums, others = _sums(one), _sums(other)
    if not sums or not others or not (sums <= others or others <= sums):
        return False
    return (sums == others and len(sums) > 1) or bool(_pairs(one.measure.name) & _pairs(other.measure.name))


def _sums(record: MeasureRecord) -> frozenset[Decimal]:
    first = next(iter(record.measure.benefits), None)
    if first is None:
        return frozenset()
    amounts = [amount for part in (first, *first.tiers) for amount in (part.value, part.rate, part.max) if amount]
    return frozenset(amount.value for amount in (*amounts, *(year.rate for year in first.schedule)))


def _pairs(name: str) -> set[str]:
    return {word[i : i + 2] for word in _COMMON.sub(" ", name).split() for i in range(len(word) - 1)}
