"""What a report says was read of a file, and what was not."""

from dataclasses import replace

import pytest

from ingest.account import Account, account
from ingest.document import Page, PolicyDocument, Span
from ingest.parse import document_from_text

TABLES = "附件\n奖补标准\n项目\t标准\n设备\t8%\n上市\t300万元\n第一条 说明。\n档次\t金额\n一档\t50万元\n"
LOST = "一、总则\n（一）加强领导\n压实责任。\n2.强化督导。\n"


@pytest.mark.parametrize(
    ("text", "field", "expected", "reason"),
    [
        (TABLES, "tables", 2, "text between them makes two tables"),
        (TABLES, "table_rows", 5, "every row counts, header rows too"),
        (LOST, "markers_restored", 1, "“1.” of 压实责任 is lost and follows from “2.”"),
        ("按照皖政【2021】12号办理。", "numbers_repaired", 1, "square brackets are not the standard ones"),
        ("按照皖政〔2021〕12号办理。", "numbers_repaired", 0, "as the standard prints it"),
        ("按照皖发〔202x〕12号办理。", "numbers_repaired", 0, "a masked number is not repaired"),
    ],
)
def test_counts(text: str, field: str, expected: int, reason: str):
    assert getattr(account(document_from_text(text)), field) == expected, reason


def with_pages(text: str, *pages: Page) -> PolicyDocument:
    return replace(document_from_text(text), pages=pages)


THREE = with_pages(
    "第一页的文字。\n第二页的文字。\n",
    Page(1, 0),
    Page(2, 8, "ocr", "识别不清 1 行，请对照原件"),
    Page(3, 16, "none", "扫描页，未识别"),
)


def test_pages_are_accounted_for_one_by_one():
    found = account(THREE)
    assert (found.pages, found.pages_by_ocr) == (3, 1)
    assert found.pages_unread == ("第3页：扫描页，未识别",)
    assert found.page_remarks == ("第2页：识别不清 1 行，请对照原件",)
    assert found.summary == "共3页，1页由扫描识别，待核对，1页未读出"


def test_a_plain_text_has_nothing_to_account_for():
    assert account(document_from_text("正文。")) == Account() and Account().summary == ""


@pytest.mark.parametrize(
    ("start", "end", "by_ocr", "reason"),
    [
        (0, 8, False, "the first page is printed text"),
        (0, 9, True, "the quote runs on to the recognised page"),
        (9, 12, True, "the quote stands on it"),
        (8, 8, False, "nothing is quoted"),
    ],
)
def test_a_quote_knows_whether_it_was_recognised(start: int, end: int, by_ocr: bool, reason: str):
    assert THREE.read_by_ocr(Span(start, end)) is by_ocr, reason


def test_a_file_without_pages_is_not_recognised():
    assert not document_from_text("正文。").read_by_ocr(Span(0, 3))
