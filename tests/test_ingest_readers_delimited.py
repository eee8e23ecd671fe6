"""CSV: lists of policies as rows, whatever program exported them."""

import pytest

from ingest.corpus import source_file
from ingest.errors import UnsupportedFormat
from ingest.readers import read

ROWS = "名称\t标准\t依据\n首次上规\t20万元\t第三条\n连续上规\t10万元\t第四条\n"
LISTS = (
    ("commas", "名称,标准,依据\r\n首次上规,20万元,第三条\r\n连续上规,10万元,第四条\r\n".encode()),
    ("GBK, as Excel exports", "名称,标准,依据\r\n首次上规,20万元,第三条\r\n连续上规,10万元,第四条\r\n".encode("gbk")),
    ("UTF-16 with tabs, as Excel exports", "名称\t标准\t依据\n首次上规\t20万元\t第三条\n连续上规\t10万元\t第四条\n".encode("utf-16")),
    ("semicolons", "名称;标准;依据\n首次上规;20万元;第三条\n连续上规;10万元;第四条".encode()),
    ("quotes around line ends and tabs", '名称,标准,依据\n"首次\n上规","20\t万元",第三条\n连续上规,10万元,第四条\n'.encode()),
)  # fmt: skip


@pytest.mark.parametrize("content", [row[1] for row in LISTS], ids=[row[0] for row in LISTS])
def test_a_list_is_read_as_rows(content):
    text = read(source_file("清单.csv", content)).text
    assert text.replace("首次 上规", "首次上规") == ROWS


def test_a_title_and_a_note_are_lines_of_their_own():
    content = "政策清单,,\n名称,标准,依据\n甲,1万元,第一条\n乙,,第二条\n,,\n注：含税,,\n".encode()
    assert read(source_file("清单.csv", content)).text.splitlines() == [
        "政策清单",
        "名称\t标准\t依据",
        "甲\t1万元\t第一条",
        "乙\t\t第二条",
        "注：含税",
    ]


NO_TABLES = (
    ("prose", "各区人民政府，各部门：\n现将办法印发给你们，请执行，不得有误。\n"),
    ("one column", "名称\n甲\n乙\n"),
    ("a quote that never ends", '名称,标准\n"甲,1\n乙,2\n'),
)


@pytest.mark.parametrize("text", [row[1] for row in NO_TABLES], ids=[row[0] for row in NO_TABLES])
def test_what_is_no_table_is_refused_with_advice(text):
    with pytest.raises(UnsupportedFormat, match=r"表格.*清单.csv") as caught:
        read(source_file("清单.csv", text.encode()))
    assert ".xlsx" in caught.value.hint
