"""XLSX: lists of policies as the sheet shows them. The workbooks are written by hand, part by part."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.corpus import source_file
from ingest.errors import CorruptFile, NoText, ReadError, TooLarge
from ingest.limits import MEGABYTE
from ingest.parse import parse
from ingest.readers import read
from ingest.readers.cellformat import format_code, plain, shown

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def cell(place, value, style=None):
    """A text is an inline string, a number a number; a tuple is (type, XML inside)."""
    mark = f' s="{style}"' if style is not None else ""
    if isinstance(value, tuple):
        return f'<c r="{place}" t="{value[0]}"{mark}>{value[1]}</c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"{mark}><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"{mark}><v>{value}</v></c>'


def row(number, *values, attributes=""):
    cells = "".join(
        cell(f"{chr(65 + index)}{number}", value) for index, value in enumerate(values) if value is not None
    )
    return f'<row r="{number}" {attributes}>{cells}</row>'


def sheet(*rows, merged=(), columns=""):
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    cols = f"<cols>{columns}</cols>" if columns else ""
    return f'<worksheet xmlns="{MAIN}">{cols}<sheetData>{"".join(rows)}</sheetData><mergeCells>{areas}</mergeCells></worksheet>'


def workbook(sheets, strings=(), formats=(), extra=None, epoch=""):
    """``sheets``: name, XML, state. ``formats``: custom number formats; style n has format n."""
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}" state="{state}"/>'
        for n, (name, _, state) in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    codes = "".join(f'<numFmt numFmtId="{164 + n}" formatCode={quoteattr(code)}/>' for n, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr {epoch}/><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in strings)}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
    }
    parts |= {f"xl/worksheets/s{n}.xml": xml for n, (_, xml, _) in enumerate(sheets, 1)}
    return packed(parts | (extra or {}))


def packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def one(*rows, strings=(), formats=(), **more):
    return workbook([("Sheet1", sheet(*rows, **more), "visible")], strings, formats)


def reading(content):
    return read(source_file("清单.xlsx", content))


def lines(content):
    return reading(content).text.splitlines()


HEAD = ("序号", "政策名称", "奖励标准")


def test_a_row_is_a_line_with_its_cells_joined_by_tabs():
    content = one(
        row(1, "云澜市惠企政策清单"),
        row(2, *HEAD),
        row(3, 1, "首次上规", "20万元"),
        row(4, 2, None, "10万元"),
        merged=["A1:C1"],
    )
    assert lines(content) == ["云澜市惠企政策清单", "序号\t政策名称\t奖励标准", "1\t首次上规\t20万元", "2\t\t10万元"]


def test_a_list_becomes_a_document():
    source = source_file("清单.xlsx", one(row(1, "云澜市惠企政策清单"), row(2, *HEAD), row(3, 1, "首次上规", "20万元")))
    assert parse(source, read(source)).text == "云澜市惠企政策清单\n序号\t政策名称\t奖励标准\n1\t首次上规\t20万元\n"


def test_shared_strings_lose_their_pronunciation_and_keep_their_runs():
    strings = ("<r><t>首次</t></r><r><rPr/><t>上规</t></r><rPh sb='0' eb='1'><t>shouci</t></rPh>", "<t>20万元</t>")
    content = one(row(1, ("s", "<v>0</v>"), ("s", "<v>1</v>"), ("s", "<v>99</v>"), ("s", "<v>-1</v>")), strings=strings)
    assert lines(content) == ["首次上规\t20万元"]


def test_a_merged_cell_is_read_once_where_it_begins():
    """Some programs leave the old values in the cells that a merged one covers."""
    content = one(
        row(1, "类别", "标准"), row(2, "上规奖励", "20万元"), row(3, "旧值", "10万元"), row(4, "余下", "五万元"),
        merged=["A2:A3"],
    )  # fmt: skip
    assert lines(content) == ["类别\t标准", "上规奖励\t20万元", "10万元", "余下\t五万元"]


def test_several_sheets_begin_with_their_names_and_one_does_not():
    first, second = sheet(row(1, "甲", "乙")), sheet(row(1, "丙", "丁"))
    both = workbook([("市级清单", first, "visible"), ("区级清单", second, "visible"), ("空表", sheet(), "visible")])
    assert lines(both) == ["市级清单", "甲\t乙", "区级清单", "丙\t丁"]
    assert lines(workbook([("市级清单", first, "visible"), ("空表", sheet(), "visible")])) == ["甲\t乙"]


def test_sheets_rows_and_columns_that_are_hidden_are_left_out_and_reported():
    table = sheet(
        row(1, "政策", "内部底价", "标准"), row(2, "停用政策", "一", "九万元", attributes='hidden="1"'), row(3, "上规", "二", "20万元"),
        columns='<col min="2" max="2" hidden="1"/>',
    )  # fmt: skip
    result = reading(workbook([("公开", table, "visible"), ("底稿", table, "hidden"), ("更深", table, "veryHidden")]))
    assert result.text == "政策\t标准\n上规\t20万元\n"
    assert result.warnings == (
        "有 2 个隐藏的工作表（底稿、更深），未收入",
        "有 1 个隐藏的行（或被筛选掉的行），未收入",
        "有 2 个隐藏列中的单元格，未收入",
    )


def test_a_formula_gives_its_saved_result_and_a_missing_one_is_reported():
    result = reading(
        one(
            row(1, "合计", ("str", "<f>A2</f><v>三十万元</v>"), ("n", "<f>B2</f>"), ("e", "<f>1/0</f><v>#DIV/0!</v>")),
            row(2, "可叠加", ("b", "<v>1</v>"), ("b", "<v>0</v>")),
        )
    )
    assert result.text == "合计\t三十万元\n可叠加\t是\t否\n"
    assert result.warnings == ("有 1 个公式没有保存计算结果，未收入",)


def test_a_text_of_several_lines_stays_in_its_row():
    assert lines(one(row(1, "说明\n一行", "甲\t乙"))) == ["说明 一行\t甲 乙"]
    assert lines(one(row(1, "第一行。\n第二行。"))) == ["第一行。", "第二行。"]


def test_the_format_of_a_cell_is_the_one_of_its_style():
    content = one(
        f"<row>{cell('A1', '兑现比例')}{cell('B1', 0.2, 0)}{cell('C1', 45371, 1)}{cell('D1', 45371, 9)}</row>",
        formats=("0%", "yyyy-mm-dd"),
    )
    assert lines(content) == ["兑现比例\t20%\t2024年3月20日\t45371"]


SHOWN = (
    # (stored, format, shown, why)
    (45371, "yyyy-mm-dd", "2024年3月20日", "a date"),
    (45371, 'yyyy"年"m"月"', "2024年3月", "no day is made up where the sheet shows none"),
    (45371, "[$-804]yyyy/m/d;@", "2024年3月20日", "a language mark"),
    (45371.5, "yyyy/m/d h:mm", "2024年3月20日 12:00", "minutes are no months"),
    (0.75, "h:mm:ss", "18:00", "a time alone"),
    (45371, 'm"月"d"日"', "3月20日", "no year is made up"),
    (1, "yyyy/m/d", "1900年1月1日", "the first day"),
    (59, "yyyy/m/d", "1900年2月28日", "before the leap day that never was"),
    (61, "yyyy/m/d", "1900年3月1日", "after it"),
    (-5, "yyyy/m/d", "-5", "no such date"),
    (1e12, "yyyy/m/d", "1000000000000", "no such date"),
    (0.2, "0%", "20%", "percent"),
    (0.125, "0.0%", "12.5%", "percent with decimals"),
    (20, '0.00"万元"', "20.00万元", "the unit stands in the format"),
    (20, "0万元", "20万元", "the unit stands in the format, unquoted"),
    (1234567.5, "#,##0.00", "1,234,567.50", "thousands"),
    (20, "0.##", "20", "optional decimals"),
    (0.30000000000000004, "General", "0.3", "fifteen digits"),
    (1e20, "General", "100000000000000000000", "no exponent"),
    (5, '"第"0"批"', "第5批", "words on both sides"),
    (5, "# ?/?", "5", "a fraction is shown as a number"),
    (float("nan"), "0", "", "not a number"),
    (3, "", "3", "no format"),
)  # fmt: skip


@pytest.mark.parametrize(("stored", "code", "expected"), [row[:3] for row in SHOWN], ids=[row[3] for row in SHOWN])
def test_a_number_is_read_as_the_sheet_shows_it(stored, code, expected):
    assert shown(stored, code) == expected


def test_built_in_formats_and_the_calendar_of_the_mac():
    assert shown(45371, format_code(14, {})) == "2024年3月20日"
    assert shown(0.5, format_code(9, {})) == "50%"
    assert shown(20.5, format_code(999, {})) == "20.5"
    assert shown(43909, "yyyy/m/d", epoch_1904=True) == "2024年3月20日"


@given(st.floats(allow_nan=True, allow_infinity=True), st.text('yYmdhs#0?,.%;"\\[]@_*G万 E+-', max_size=12))
def test_no_format_makes_reading_fail(value, code):
    assert isinstance(shown(value, code), str)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_plain_number_keeps_its_value(value):
    assert float(plain(float(value))) == float(value)


def test_a_strict_workbook_reads_like_a_transitional_one():
    content = one(row(1, "政策", "标准"))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(MAIN.encode(), STRICT.encode()))
    assert lines(target.getvalue()) == ["政策\t标准"]


def test_cells_without_places_follow_one_another():
    assert lines(one("<row><c t='inlineStr'><is><t>甲</t></is></c><c><v>2</v></c></row>")) == ["甲\t2"]


def test_far_cells_do_not_blow_the_text_up():
    content = one(
        f"<row r='1'>{cell('A1', '甲')}{cell('XFD1', '乙')}</row>", f"<row r='1048576'>{cell('XFD1048576', '丙')}</row>",
        merged=["C3:XFD1048575", "bad", "A1:ZZZ9"],
    )  # fmt: skip
    assert lines(content) == ["甲", "丙"]


REFUSED = (
    ("no text", one(row(1)), NoText, "没有文字"),
    ("all hidden", workbook([("底稿", sheet(row(1, "甲")), "hidden")]), NoText, "没有文字"),
    ("no sheets", workbook([]), CorruptFile, "没有工作表"),
    ("broken sheet", workbook([("甲", sheet(row(1, "甲"))[:-30], "visible")]), CorruptFile, "损坏"),
    ("cut short", one(row(1, "甲"))[:400], CorruptFile, "损坏"),
    ("binary, with or without LibreOffice", packed({"xl/workbook.bin": b"\x83\x01"}), ReadError, "xlsb"),
    ("bomb", workbook([("甲", sheet(row(1, "甲")), "visible")], extra={"xl/media/a": bytes(30 * MEGABYTE)}), TooLarge, "展开后"),
    ("entities", workbook([("甲", f'<!DOCTYPE a [<!ENTITY b "乙乙">]>{sheet(row(1, "甲"))}'.replace("甲", "&b;"), "visible")]), CorruptFile, "损坏"),
)  # fmt: skip


@pytest.mark.parametrize(("content", "error", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_read_says_so(content, error, words):
    with pytest.raises(error, match=rf"{words}.*清单.xlsx") as caught:
        reading(content)
    assert caught.value.hint


def test_a_target_outside_the_package_is_not_followed():
    relations = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="a" Target="../../../etc/hostname"/></Relationships>'
    content = workbook([("甲", sheet(row(1, "甲")), "visible")], extra={"xl/_rels/workbook.xml.rels": relations})
    with pytest.raises(NoText):
        reading(content)
