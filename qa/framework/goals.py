"""关键目标 of a file as a table: what is measured, compared how, how much, until when, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.document import Clause, PolicyDocument, Span
from ingest.numerals import Comparator
from ingest.rows import Cell, Row, table_rows
from qa.answer import Citation
from qa.evidence import Shelf
from qa.framework.goal_reading import Words, read_targets
from qa.injection import instructs
from qa.source import cite

UNSTATED = "未标明"
GOAL = re.compile("目标|预期指标|主要指标")
_NO_GOAL = re.compile("目标(?:责任|考核|管理|任务分解|群体|企业)")
_METRIC_HEAD = re.compile("指标|目标名称|项目名称|任务名称")
_VALUE_HEAD = re.compile(r"目标(?!任务|名称|责任)|预期|规划值|指标值|20\d\d ?年")
_HELD_HEAD = re.compile("现状|基期|完成情况|实际|说明|依据|备注")
_UNIT_HEAD = re.compile("(?:计量|计算)?单位")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万亿]+[%个家项]|百分之")
_STANDARDS = frozenset(("标准", "规范", "规程", "技术规范"))  # 每年监测不少于一次 is asked of others
_BARE = re.compile("(?:工业)?(?:总)?(?:产值|产量|规模|收入)|(?:主营|年)?(?:业务|营业)?收入|增加值|销售额|总量|总数")
_LONGEST_QUOTE = 160
_LONGEST_VALUE = 16  # characters; longer cells are sentences
_YEAR = re.compile(r"20\d\d ?年?")


@dataclass(frozen=True, slots=True)
class Target:
    """``metric``, ``comparator``, ``value``, ``period``: the file's own words, 未标明 where it has none; ``operator``: what the word
    of comparison means. ``unit``: where the table prints it apart. ``citation``: the words that say it.
    """

    metric: str
    comparator: str
    value: str
    period: str
    citation: Citation
    operator: Comparator | None = None
    unit: str = ""

    @property
    def path(self) -> str:
        return self.citation.path


@dataclass(frozen=True, slots=True)
class Read:
    """As ``Target``, in spans of the document's text; ``clause`` is where the figure stands."""

    clause: Clause
    words: Words
    unit: Span | None = None


def goals(shelf: Shelf, document_id: str) -> tuple[Target, ...]:
    """The targets of a file in the order of the text. Raises PolicyError when it is unknown."""
    document, card, status = shelf.document(document_id), shelf.card(document_id), shelf.status(document_id)
    return tuple(
        Target(
            metric=_joined(document, read.words.metric),
            comparator=_joined(document, read.words.comparator, "…"),
            value=read.words.value.of(document.text),
            period=_joined(document, read.words.period) or UNSTATED,
            citation=cite(card, status, document, _quoted(read), mark),
            operator=read.words.operator,
            unit=read.unit.of(document.text) if read.unit else "",
        )
        for mark, read in enumerate(find_goals(document), 1)
    )


def sentences_of_targets(targets: Sequence[Target]) -> Iterator[tuple[Span, Sequence[Target]]]:
    """Targets whose words overlap are of one sentence: its words from the first to the last, and the targets in them."""
    group: list[Target] = []
    for target in targets:
        if group and target.citation.span.start >= _whole(group).end:
            yield _whole(group), group
            group = []
        group.append(target)
    if group:
        yield _whole(group), group


def _whole(group: Sequence[Target]) -> Span:
    spans = [target.citation.span for target in group]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _quoted(read: Read) -> Span:
    """The words of the target, from its period on where that is near."""
    words = read.words
    spans = [words.words, *(span for span in (*words.period, *words.metric) if read.clause.span.contains(span))]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    return whole if whole.end - whole.start <= _LONGEST_QUOTE else words.words


def find_goals(document: PolicyDocument) -> Iterator[Read]:
    """Targets in running text and in tables of the document."""
    by_id = {clause.id: clause for clause in document.clauses}
    rows = table_rows(document) if any(clause.kind == "table_row" for clause in document.clauses) else {}
    is_standard = document.metadata.kind in _STANDARDS
    for clause in document.clauses:
        if clause.kind in ("front", "back", "heading") or instructs(clause.text):
            continue
        if is_standard and not is_aimed(clause, by_id):
            continue
        if clause.kind == "table_row":
            read = _in_row(document, clause, rows[clause.id])
        else:
            targets = read_targets(clause.text, is_aimed(clause, by_id))
            read = (_headed(document, Read(clause, _moved(words, clause.span.start))) for words in targets)
        yield from (target for target in read if not _is_past(document, target))


def _headed(document: PolicyDocument, read: Read) -> Read:
    """产值 alone says nothing: what the clause is headed stands before it (节能环保产业 产值)."""
    words, clause = read.words, read.clause
    at = clause.text.find(clause.heading) if clause.heading else -1
    if at < 0 or len(words.metric) != 1 or not _BARE.fullmatch(words.metric[0].of(document.text)):
        return read
    start = clause.span.start + at
    return replace(read, words=replace(words, metric=(Span(start, start + len(clause.heading)), *words.metric)))


def _is_past(document: PolicyDocument, read: Read) -> bool:
    """A year before the file was made: what had been reached by then."""
    issued = document.metadata.issued_on
    years = [int(year[0][:4]) for span in read.words.period for year in _YEAR.finditer(span.of(document.text))]
    return bool(issued and years and max(years) < issued.year)


def is_aimed(clause: Clause, by_id: Mapping[str, Clause]) -> bool:
    """Whether the clause, or one above it, is headed 目标."""
    above: Clause | None = clause
    while above is not None:
        if GOAL.search(above.heading) and not _NO_GOAL.search(above.heading):
            return True
        above = by_id.get(above.parent or "")
    return False


def _in_row(document: PolicyDocument, clause: Clause, row: Row) -> Iterator[Read]:
    """A row of a table of indicators (指标｜2025年目标), else sentences in the cells of any table."""
    if row.is_head:
        return
    text = document.text
    heads = ["".join(name.span.of(text) for name in names) for names in row.names]
    named = next((cell for cell, head in zip(row.cells, heads, strict=True) if _METRIC_HEAD.search(head)), None)
    unit = next((cell for cell, head in zip(row.cells, heads, strict=True) if _UNIT_HEAD.fullmatch(head)), None)
    for cell, head, names in zip(row.cells, heads, row.names, strict=True):
        words = cell.span.of(text)
        if cell is named or not _FIGURE.search(words) or cell.clause is not clause:
            continue
        value = _VALUE_HEAD.search(head) and not _HELD_HEAD.search(head) and named is not None
        if value and len(words) <= _LONGEST_VALUE:
            yield Read(clause, _cell_words(text, named, cell, names), unit.span if unit else None)
        elif len(words) > _LONGEST_VALUE or "。" in words:
            yield from _in_cell(document, clause, cell, _subject(document, clause, row, cell))


def _subject(document: PolicyDocument, clause: Clause, row: Row, cell: Cell) -> Span | None:
    """What a row is about, for a cell that does not say it: the last short cell in front of it with words in it."""
    for other in reversed(row.cells[: row.cells.index(cell)]):
        words = other.span.of(document.text)
        if other.clause is clause and 2 < len(words) <= 40 and re.search("[\u4e00-\u9fff]{2}", words):
            return other.span
    return None


def _in_cell(document: PolicyDocument, clause: Clause, cell: Cell, subject: Span | None) -> Iterator[Read]:
    start = clause.span.start
    part = Span(cell.span.start - start, cell.span.end - start)
    named = Span(subject.start - start, subject.end - start) if subject else None
    for words in read_targets(clause.span.of(document.text), subject=named, part=part):
        yield Read(clause, _moved(words, start))


def _cell_words(text: str, named: Cell | None, cell: Cell, names: tuple[Cell, ...]) -> Words:
    periods = tuple(name.span for name in names if _YEAR.search(name.span.of(text)))
    metric = (named.span,) if named else ()
    return Words(cell.span, metric, (), cell.span, periods)


def _moved(words: Words, by: int) -> Words:
    def move(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(Span(span.start + by, span.end + by) for span in spans)

    (whole,), (value,) = move((words.words,)), move((words.value,))
    return Words(whole, move(words.metric), move(words.comparator), value, move(words.period), words.operator)


def _joined(document: PolicyDocument, spans: tuple[Span, ...], between: str = " ") -> str:
    return between.join(" ".join(span.of(document.text).split()) for span in spans)
