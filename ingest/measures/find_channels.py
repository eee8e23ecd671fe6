"""How a clause is paid out, where another clause says it: 第十一条、第十二条实行免申即享；其他条款实行申报制。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.document import Clause, PolicyDocument, Span
from ingest.measures.model import Measure, Words
from ingest.numerals import chinese_to_int

_ARTICLE = r"第\s?(?:[一二三四五六七八九十百]{1,5}|\d{1,3})条"
_SAID = re.compile(
    rf"(?P<articles>{_ARTICLE}(?:[、和及]{_ARTICLE}){{0,20}}|(?:其他|其余)(?:条款|事项|政策))"
    r"(?:规定的?事项)?[,，]?(?:均)?(?:实行|采取|采用|为)[\"“]?(?P<channel>免申即享|即申即享|申报制|竞争性评审|揭榜挂帅)"
)
_NUMBER = re.compile(r"第\s?([一二三四五六七八九十百]{1,5}|\d{1,3})条")


def with_channels(document: PolicyDocument, measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Measures whose own words name no channel take that which a clause of the same file gives to their article."""
    by_id = {clause.id: clause for clause in document.clauses}
    said = list(_said(document, measures))
    named = {number: words for numbers, words in said for number in numbers}
    others = next((words for numbers, words in said if not numbers), None)

    if not said:
        return tuple(measures)

    def completed(measure: Measure) -> Measure:
        article = _article(by_id, by_id[measure.clause_id])
        if measure.channel or not article or not measure.benefits:
            return measure
        return replace(measure, channel=named.get(article, others))

    return tuple(map(completed, measures))


def _said(document: PolicyDocument, measures: Sequence[Measure]) -> Iterator[tuple[tuple[int, ...], Words]]:
    """Numbers of the articles (none: all others) and their channel, with the words that say it."""
    for measure in measures:
        if measure.benefits:
            continue
        for match in _SAID.finditer(document.text, measure.span.start, measure.span.end):
            numbers = tuple(chinese_to_int(number) for number in _NUMBER.findall(match["articles"]))
            yield numbers, Words(match["channel"], Span(*match.span()))


def _article(by_id: Mapping[str, Clause], clause: Clause) -> int | None:
    """The number of the 条 in which the clause stands."""
    current: Clause | None = clause
    while current is not None:
        match = _NUMBER.fullmatch(current.marker)
        if match:
            return chinese_to_int(match[1])
        current = by_id.get(current.parent or "")
    return None
