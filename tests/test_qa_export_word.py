"""Tables in Word, and what every Word file of ours says of itself."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from qa.export import printable
from qa.export import word as conversation
from qa.export_tables import Table
from qa.export_tables import word as table_file
from qa.word import word as draft_file
from tests.drafts import REQUEST

COMPARED = Table(
    "同类支持措施比对",
    ("", "云澜市\n云政〔2023〕18号", "清河区\n清政办〔2024〕5号"),
    (("支持标准", "20万元", "30万元"), ("上限", "文中没有写明", "最高500万元")),
    ("各级资金通常各自列支，本表不相加。",),
)
FILES = {"conversation": conversation([]), "table": table_file(COMPARED), "draft": draft_file(REQUEST)}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_a_file_says_what_it_is_and_nothing_of_the_template(content: bytes):
    about = Document(BytesIO(content)).core_properties
    assert about.author == "文号" and about.title and not about.comments
    assert datetime.now(UTC) - about.created < timedelta(days=1)
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert not [name for name in package.namelist() if "thumbnail" in name], "a preview of another document"


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_a_file_is_chinese(content: bytes):
    """Word takes “”—… for Latin characters in a document of another language."""
    assert {found.get(qn("w:eastAsia")) for found in Document(BytesIO(content)).styles.element.iter(qn("w:lang"))} == {
        "zh-CN"
    }


def test_a_comparison_has_its_head_on_every_page_and_a_narrow_first_column():
    document = Document(BytesIO(FILES["table"]))
    table, page = document.tables[0], document.sections[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    first, *others = (column.width for column in table.columns)
    assert len(set(others)) == 1 and first < others[0] / 2
    assert abs(first + sum(others) - (page.page_width - page.left_margin - page.right_margin)) < 1000
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        list(row) for row in (COMPARED.heads, *COMPARED.rows)
    ]


UNSEEN = [
    ("给予\u202e元003\u202c奖励", "给予元003奖励", "text turned around shows another figure than it holds"),
    ("奖\u200b励", "奖励", "a character without width"),
    ("奖\x00励\ud800", "奖励", "XML cannot hold it"),
    ("奖　励\t3%\n", "奖　励\t3%\n", "space stays"),
]


@pytest.mark.parametrize(("text", "shown", "why"), UNSEEN, ids=[row[2] for row in UNSEEN])
def test_printable(text: str, shown: str, why: str):
    assert printable(text) == shown
