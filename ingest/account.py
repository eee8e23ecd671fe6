"""What was read of a file and what was not: pages, tables, repaired numbers. Nothing is left out without a word."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from ingest.document import Page, PolicyDocument

TO_CHECK = "扫描识别，待核对"


@dataclass(frozen=True, slots=True)
class Account:
    """``pages`` in all, of them ``pages_by_ocr`` recognised from a picture; ``pages_unread`` and ``page_remarks``
    (pages that were read with a doubt) in words: ``第3页：扫描页…``.

    ``markers_restored``: clause numbers that the text lost and its order tells. ``numbers_repaired``: 发文字号 whose
    printed form is not the standard one (brackets, widths, spaces, misread digits).
    """

    pages: int = 0
    pages_by_ocr: int = 0
    pages_unread: tuple[str, ...] = ()
    page_remarks: tuple[str, ...] = ()
    tables: int = 0
    table_rows: int = 0
    markers_restored: int = 0
    numbers_repaired: int = 0

    @property
    def summary(self) -> str:
        """One line of Chinese; empty for a file without pages, tables and repairs."""
        parts = [
            f"共{self.pages}页" if self.pages else "",
            f"{self.pages_by_ocr}页由{TO_CHECK}" if self.pages_by_ocr else "",
            f"{len(self.pages_unread)}页未读出" if self.pages_unread else "",
            f"表格{self.tables}张（{self.table_rows}行）" if self.tables else "",
            f"补全条款编号{self.markers_restored}处" if self.markers_restored else "",
            f"规范文号写法{self.numbers_repaired}处" if self.numbers_repaired else "",
        ]
        return "，".join(filter(None, parts))


def account(document: PolicyDocument) -> Account:
    """The account of a file that was read."""
    own = document.metadata.document_number
    numbers = {number.span: number for reference in document.references for number in reference.numbers}
    if own:
        numbers.setdefault(own.span, own)
    runs = [len(list(rows)) for is_row, rows in groupby(c.kind == "table_row" for c in document.clauses) if is_row]
    unread = [page for page in document.pages if page.source == "none"]
    doubtful = [page for page in document.pages if page.problem and page.source != "none"]
    return Account(
        pages=len(document.pages),
        pages_by_ocr=sum(page.source == "ocr" for page in document.pages),
        pages_unread=tuple(map(_remark, unread)),
        page_remarks=tuple(map(_remark, doubtful)),
        tables=len(runs),
        table_rows=sum(runs),
        markers_restored=sum(clause.restored for clause in document.clauses),
        numbers_repaired=sum(
            n.key is not None and n.printed != n.canonical and n.kind == "std" for n in numbers.values()
        ),
    )


def _remark(page: Page) -> str:
    return f"第{page.number}页：{page.problem or '未读出'}"
