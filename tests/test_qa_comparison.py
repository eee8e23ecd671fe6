"""The same support side by side: what is put together, what each cell says, what is called different, conflicting or left open."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest
from docx import Document

from index.library import Library
from index.measures import MeasureRecord
from ingest.corpus import source_file
from ingest.document import PolicyDocument
from ingest.errors import SettingsError
from ingest.parse import document_from_text
from ingest.readers import read
from qa.comparison import Comparison, compare, same_support
from qa.export_tables import comparison_table, exported_table
from qa.render import comparison_html

PROVINCE = """关于支持科技创新的若干政策
皖政〔2024〕30号
各市、县人民政府：
一、支持高新技术企业。对首次认定的高新技术企业，给予一次性奖励20万元。各市可结合实际制定配套办法，奖励不超过10万元。
二、支持展会。企业参加境外展会的，按展位费的50%给予补贴，单次最高3万元。
2024年5月1日
安徽省人民政府
"""
CITY = """合肥市支持科技创新若干政策
合政〔2024〕8号
各县区人民政府：
一、支持高新技术企业。对首次认定的高新技术企业，给予一次性奖励15万元，与省级奖励不重复享受。（责任单位：市科技局）
二、支持人才安居。对新引进的博士，给予一次性生活补贴5万元。
2024年6月1日
合肥市人民政府
"""
CITY_LATER = """合肥市高质量发展若干政策
合政〔2025〕3号
各县区人民政府：
一、支持高新技术企业。对首次认定的高新技术企业，给予一次性奖励12万元。具体办法由市科技局另行制定。
2025年6月1日
合肥市人民政府
"""


@pytest.fixture
def shelf(library: Library) -> tuple[Library, dict[str, MeasureRecord]]:
    for number, text in enumerate((PROVINCE, CITY, CITY_LATER)):
        library.add_document(document_from_text(text, path=f"{number}.txt"), text.encode(), "text/plain")
    library.catch_up()
    return library, {record.measure.id: record for record in library.measures(as_of=date(2026, 3, 1))}


def compared(shelf: tuple[Library, dict[str, MeasureRecord]], measure_id: str) -> Comparison:
    library, records = shelf
    own = records[measure_id]
    rows = [own, *(record for record, _ in same_support(own, list(records.values())))]
    return compare([(row, library.document(row.card.id)) for row in rows])


def test_the_same_support_is_found_in_other_files_and_nothing_else(shelf):
    rows = compared(shelf, "合政〔2024〕8号#一").rows
    assert [row.record.measure.id for row in rows] == [
        "皖政〔2024〕30号#一",
        "合政〔2024〕8号#一",
        "合政〔2025〕3号#一",
    ], "the province first; the exhibition and the doctors are other supports"


def test_each_cell_is_verbatim_and_what_is_not_said_has_no_cell(shelf):
    library, _ = shelf
    for row in compared(shelf, "合政〔2024〕8号#一").rows:
        text = library.document(row.record.card.id).text
        assert row.cells, row.record.measure.id
        for cell in row.cells.values():
            assert cell.text == "；".join(span.of(text).strip() for span in cell.spans)
    province, city, _ = compared(shelf, "合政〔2024〕8号#一").rows
    assert "20万元" in province.cells["支持标准"].text
    assert city.cells["责任单位"].text == "市科技局"
    assert "责任单位" not in province.cells, "the provincial clause names none"


def test_differences_conflicts_and_what_is_left_open_are_marked(shelf):
    found = compared(shelf, "合政〔2024〕8号#一").findings
    kinds = {(finding.kind, finding.rows) for finding in found}
    assert ("conflict", (1, 2)) in kinds, "two files of one city, both in force, 15万元 and 12万元"
    assert any(f.kind == "difference" and f.aspect == "支持标准" for f in found)
    left_open = {f.rows[0]: f.text for f in found if f.kind == "open"}
    assert "另行制定" in left_open[2], "the later city file leaves the procedure to the bureau"


def test_scales_with_other_sums_are_called_different(library: Library):
    for number, sums in ((30, "100万元、30万元"), (31, "80万元、25万元")):
        text = PROVINCE.replace("给予一次性奖励20万元", f"A类、B类分别给予{sums}").replace("30号", f"{number}号")
        library.add_document(document_from_text(text, path=f"{number}.txt"), text.encode(), "text/plain")
    library.catch_up()
    records = {record.measure.id: record for record in library.measures()}
    found = compared((library, records), "皖政〔2024〕30号#一").findings
    assert any(f.text == "分档标准不同" and f.rows == (0, 1) for f in found)


def test_a_single_file_has_nothing_to_compare_with(shelf):
    rows = compared(shelf, "皖政〔2024〕30号#二").rows
    assert len(rows) == 1
    assert "没有找到同类" in comparison_html(compared(shelf, "皖政〔2024〕30号#二"))


def documents_of(shelf: tuple[Library, dict[str, MeasureRecord]], comparison: Comparison) -> dict[str, PolicyDocument]:
    return {row.record.card.id: shelf[0].document(row.record.card.id) for row in comparison.rows}


def test_the_exported_workbook_reads_back_as_the_table(shelf):
    comparison = compared(shelf, "合政〔2024〕8号#一")
    table = comparison_table(comparison, documents_of(shelf, comparison))
    content = exported_table(table, ".xlsx")
    text = read(source_file("比对.xlsx", content)).text
    for words in ("20万元", "15万元", "12万元", "市科技局", "文中没有写明", "皖政〔2024〕30号"):
        assert words in text


def test_the_exported_word_file_holds_the_table(shelf):
    comparison = compared(shelf, "合政〔2024〕8号#一")
    table = comparison_table(comparison, documents_of(shelf, comparison))
    opened = Document(BytesIO(exported_table(table, ".docx")))
    cells = [cell.text for row in opened.tables[0].rows for cell in row.cells]
    assert len(opened.tables[0].columns) == 4
    assert any("20万元" in cell for cell in cells)


def test_an_unknown_format_is_refused_in_chinese(shelf):
    comparison = compared(shelf, "合政〔2024〕8号#一")
    with pytest.raises(SettingsError, match="不能导出为"):
        exported_table(comparison_table(comparison, documents_of(shelf, comparison)), ".pdf")


def test_text_of_a_file_becomes_neither_formula_nor_markup(library: Library):
    text = CITY.replace("市科技局", '=HYPERLINK("http://a.b","x")<script>alert(1)</script>局')
    library.add_document(document_from_text(text, path="a.txt"), text.encode(), "text/plain")
    library.add_document(document_from_text(PROVINCE, path="b.txt"), PROVINCE.encode(), "text/plain")
    library.catch_up()
    records = {record.measure.id: record for record in library.measures()}
    found = compared((library, records), "合政〔2024〕8号#一")
    assert len(found.rows) == 2
    assert "<script" not in comparison_html(found)
    content = exported_table(comparison_table(found, documents_of((library, records), found)), ".xlsx")
    sheet = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet, "a text that begins with = is a text"
