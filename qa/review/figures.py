"""正文与表格: a benefit that a clause and a row of a table both name must have one figure; totals must be the sum of their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import islice

from ingest.document import Clause, Span
from ingest.normalize import fold
from ingest.numerals import find_quantities
from ingest.rows import Row, table_rows
from qa.proof.tokens import tokenize
from qa.proof.words import BENEFIT
from qa.review.model import Finding
from qa.review.reviewed import Reviewed

NAMED = 0.9  # share of a row's subject that a sentence must have to speak of the same
_SHORTEST = 5  # characters of such a subject
_KINDS = ("money", "percent")
_LEVEL = re.compile("(?:国家|省|市|区|县)级")
_OF_ALL = re.compile("总额|累计|合计|不受")  # a ceiling over several benefits is none of theirs
_TOTAL = re.compile(r"(?:合|总|共)计|总额|总数|总和")
_SUBTOTAL = re.compile(r"小计|分计")
_SKIPPED = re.compile(r"序号|编号|年份?|年度|日期|时间|电话|文号|占比|比例|比重|比率|增幅|增速|率\Z")
_BARE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_PARTS = re.compile(
    r"(?:共|合计|总计|总额|共计|总规模|总投资|计划安排)[^,。;\d]{0,12}(?P<whole>\d[\d,.]*[万亿]?元)[^,。;\d]{0,10}[,:(]其中[,:]?"
    r"(?P<parts>(?:[^。;\d]{1,24}\d[\d,.]*[万亿]?元[^,、。;\d]{0,6}[,、和]?){2,12})"
)
_MOST = 400  # rows and sentences that are compared


def figure_findings(reviewed: Reviewed) -> Iterator[Finding]:
    """In the order: clause against row, totals of tables, parts of a sum in a sentence."""
    rows = table_rows(reviewed.document) if any(c.kind == "table_row" for c in reviewed.document.clauses) else {}
    by_id = {clause.id: clause for clause in reviewed.document.clauses}
    if rows:
        yield from _against_rows(reviewed, [(by_id[id_], row) for id_, row in rows.items() if not row.is_head][:_MOST])
        yield from _totals(reviewed, [(by_id[id_], row) for id_, row in rows.items()])
    yield from _parts_of_sums(reviewed)


def _against_rows(reviewed: Reviewed, rows: Sequence[tuple[Clause, Row]]) -> Iterator[Finding]:
    """For each row the first sentence that names its subject with another figure."""
    text = reviewed.document.text
    said = list(islice(_granting(reviewed), _MOST))
    for clause, row in rows:
        subject, figures = _subject(row, text), _figures(clause.text)
        if len(subject) < _SHORTEST or not figures:
            continue
        pairs, levels = _pairs(subject), set(_LEVEL.findall(subject))
        for span, words, theirs in said:
            if len(pairs & words) < NAMED * len(pairs) or not levels <= set(_LEVEL.findall(span.of(text))):
                continue
            kinds = {kind for _, kind in figures} & {kind for _, kind in theirs}
            mine, other = ({key for key, kind in f if kind in kinds} for f in (figures, theirs))
            if kinds and not mine & other:
                row_said = "；".join(clause.text.split())
                yield Finding(
                    kind="figures",
                    severity="黄",
                    name="正文与表格数字不一致",
                    reason=f"正文：“{span.of(text).strip()}”；表格“{clause.path}”：“{row_said}”",
                    suggestion="核对后统一为一个数",
                    span=span,
                )
                break


def _granting(reviewed: Reviewed) -> Iterator[tuple[Span, frozenset[str], frozenset[tuple[str, str]]]]:
    """Sentences of clauses that grant a figure, with their pairs of characters and their figures."""
    for clause in reviewed.document.clauses:
        for span in reviewed.sentences_in(clause) if clause.kind == "body" else ():
            words = span.of(reviewed.flat)
            if BENEFIT.search(words) and not _OF_ALL.search(words) and (figures := _figures(words)):
                yield span, _pairs(words), figures


def _pairs(text: str) -> frozenset[str]:
    letters = re.sub(r"[\W_]", "", fold(text)).lower()
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))


def _subject(row: Row, text: str) -> str:
    """The longest cell without a figure that counts something; the name of a file is what nothing is about."""
    cells = [cell.span.of(text) for cell in row.cells]
    named = (cell for cell in cells if not _figures(cell) and not _BARE.fullmatch(fold(cell)) and "《" not in cell)
    return max(named, key=len, default="")


def _figures(text: str) -> frozenset[tuple[str, str]]:
    tokens = tokenize(text)
    return frozenset((key, kind) for key, kind in zip(tokens.keys, tokens.figures, strict=True) if kind in _KINDS)


def _totals(reviewed: Reviewed, rows: Sequence[tuple[Clause, Row]]) -> Iterator[Finding]:
    """Each column of a 合计 row against the rows above it, up to the head of its table."""
    above: list[Row] = []
    text = reviewed.document.text
    for clause, row in rows:
        words = [cell.span.of(text) for cell in row.cells]
        if row.is_head or (above and len(above[-1].cells) != len(row.cells)):
            above = []
        if row.is_head:
            continue
        if not any(_TOTAL.search(word) for word in words[:2]):
            above.append(row)
            continue
        for column in range(len(words)):
            wrong = _wrong_total(text, above, row, column)
            if wrong is not None:
                yield Finding(
                    kind="figures",
                    severity="黄",
                    name="合计与各项之和不一致",
                    reason=f"{_column(row, column, text)}合计写作{words[column]}，各项相加为{wrong.normalize():f}",
                    suggestion="核对各项与合计",
                    span=Span(clause.span.start, clause.span.start + len(clause.text.rstrip())),
                )
        above = []


def _column(row: Row, column: int, text: str) -> str:
    return f"“{'·'.join(cell.span.of(text) for cell in row.names[column])}”列" if row.names[column] else ""


def _wrong_total(text: str, above: Sequence[Row], total: Row, column: int) -> Decimal | None:
    """The sum of the parts, where the column has only numbers and the total is none of their sums."""
    if _SKIPPED.search("".join(cell.span.of(text) for cell in total.names[column])) or len(above) < 2:
        return None
    printed = _number(total.cells[column].span.of(text))
    items, subtotals = [], []
    for row in above:
        cell = row.cells[column].span.of(text)
        if not cell.strip() or fold(cell).strip() in "-/":
            continue
        value = _number(cell)
        if value is None or printed is None or value[1] != printed[1]:
            return None
        (subtotals if any(_SUBTOTAL.search(c.span.of(text)) for c in row.cells[:2]) else items).append(value[0])
    if printed is None or len(items) < 2:
        return None
    sums = {sum(items, Decimal(0)), sum(subtotals, Decimal(0)) if subtotals else sum(items, Decimal(0))}
    return None if printed[0] in sums else sum(items, Decimal(0))


def _number(cell: str) -> tuple[Decimal, str] | None:
    """A bare number, or a sum of money in 元."""
    flat = fold(cell).strip()
    if _BARE.fullmatch(flat):
        try:
            return Decimal(flat.replace(",", "")), ""
        except InvalidOperation:
            return None
    found = find_quantities(flat)
    whole = len(found) == 1 and found[0].kind == "money" and found[0].span == Span(0, len(flat))
    return (Decimal(str(found[0].value)), found[0].unit) if whole else None


def _parts_of_sums(reviewed: Reviewed) -> Iterator[Finding]:
    """共安排…，其中…: parts that are more than the whole."""
    for match in _PARTS.finditer(reviewed.flat):
        whole, parts = find_quantities(match["whole"]), find_quantities(match["parts"])
        added = sum(Decimal(str(part.value)) for part in parts if part.kind == "money")
        if len(whole) == 1 and added > Decimal(str(whole[0].value)):
            yield Finding(
                kind="figures",
                severity="黄",
                name="分项之和大于总数",
                reason=f"总数写作{match['whole']}，其中各项相加超过总数",
                suggestion="核对总数与分项",
                span=reviewed.sentence(Span(*match.span())),
            )
