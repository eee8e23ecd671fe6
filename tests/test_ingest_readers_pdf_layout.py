"""PDF pages that are not one column of text: columns, tables, footnotes, margins, turned pages, forms."""

import io

import pypdf
import pytest
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, StreamObject

from tests.drawn_paper import HANZI, LEFT, LONG, OPENING, SIZE, Paper, lines, reading

# Half a page wide.
NARROW = 15


def column(text, x, top, size=12, indent=True):
    """Places and characters of a paragraph set in a narrow column."""
    first = text[: NARROW - 2 * indent]
    rest = [text[start : start + NARROW] for start in range(len(first), len(text), NARROW)]
    return [
        (x + 2 * size * (indent and index == 0), top - 20 * index, line, size)
        for index, line in enumerate([first, *rest])
    ]


LEFT_TEXT, RIGHT_TEXT = HANZI[:120] + "。", HANZI[200:330] + "。"


@pytest.mark.parametrize("across", [False, True], ids=["drawn column by column", "drawn line by line"])
def test_two_columns_are_read_one_after_the_other(across):
    paper = Paper()
    paper.centred("清河区人民政府公报")
    drawn = column(LEFT_TEXT, 79, 600) + column(RIGHT_TEXT, 320, 600)
    for place in sorted(drawn, key=lambda place: (-place[1], place[0])) if across else drawn:
        paper.text(*place)
    paper.y = 300
    paper.paragraph(OPENING)
    assert lines(paper) == ["清河区人民政府公报", LEFT_TEXT, RIGHT_TEXT, OPENING]


def test_a_paragraph_runs_over_from_column_to_column():
    text = HANZI[:200] + "。"
    first = column(text, 79, 600)
    paper = Paper()
    for index, (x, y, line, size) in enumerate(first):
        paper.text(*((x, y, line, size) if index < 7 else (320, y + 7 * 20, line, size)))
    assert lines(paper) == [text]


def test_labels_with_their_values_are_no_columns():
    paper = Paper()
    for index, (label, value) in enumerate((("申报单位", "名称"), ("地址", "清河区"), ("联系人", "张三")) * 3):
        paper.text(79, 700 - 28 * index, label)
        paper.text(320, 700 - 28 * index, value)
    assert lines(paper)[:2] == ["申报单位 名称", "地址 清河区"]


def test_the_entries_of_a_table_of_contents_stay_whole():
    paper = Paper()
    entries = [HANZI[number * 9 : number * 9 + 8] for number in range(8)]
    for index, entry in enumerate(entries):
        paper.text(79, 700 - 28 * index, entry + "." * 40)
        paper.text(500, 700 - 28 * index, str(index))
    assert lines(paper) == [f"{entry}{'.' * 40} {index}" for index, entry in enumerate(entries)]


def grid(paper, xs, ys, rows, size=12):
    """A ruled table; each cell is a tuple of printed lines."""
    for y in ys:
        paper.canvas.line(xs[0], y, xs[-1], y)
    for x in xs:
        paper.canvas.line(x, ys[-1], x, ys[0])
    for top, cells in zip(ys, rows, strict=False):
        for x, cell in zip(xs, cells, strict=False):
            for index, line in enumerate(cell):
                paper.text(x + 5, top - 16 - 16 * index, line, size)


XS = (79, 160, 380, 516)
HEADING = (("序号",), ("奖励标准",), ("责任单位",))


def test_the_heading_printed_again_and_a_row_cut_in_two_become_one_table():
    paper = Paper()
    grid(paper, XS, (700, 670, 640, 590), [HEADING, (("1",), ("首次上规奖励20万元",), ("区经信局",)),
         (("2",), ("对年研发投入超过五百万元的企业，按照", "上一年度实际投入的百分之十给予补"), ("区科技局",))])  # fmt: skip
    paper.turn()
    grid(
        paper,
        XS,
        (780, 750, 720, 690),
        [HEADING, (("",), ("助，最高100万元",), ("",)), (("3",), ("其他",), ("区财政局",))],
    )
    result = reading(paper)
    assert result.text.splitlines() == [
        "序号\t奖励标准\t责任单位",
        "1\t首次上规奖励20万元\t区经信局",
        "2\t对年研发投入超过五百万元的企业，按照上一年度实际投入的百分之十给予补助，最高100万元\t区科技局",
        "3\t其他\t区财政局",
    ]
    assert any("表头 1 行" in warning for warning in result.warnings)


def test_a_merged_first_cell_that_goes_on_over_the_page_end_is_no_cut_row():
    """Its rows have sentences of their own, and other rows lack the first cell, too."""
    paper = Paper()
    rows = [HEADING, (("一",), ("奖励二十万元。",), ("区经信局",)), (("",), ("奖励三十万元。",), ("区科技局",))]
    grid(paper, XS, (700, 670, 640, 610), rows)
    paper.turn()
    grid(paper, XS, (780, 750), [(("",), ("奖励四十万元。",), ("区商务局",))])
    assert lines(paper)[2:] == ["\t奖励三十万元。\t区科技局", "\t奖励四十万元。\t区商务局"]


def test_a_field_that_holds_several_rows_is_parted():
    paper = Paper()
    names = ("颗粒物", "二氧化硫", "氮氧化物", "汞及其化合物")
    grid(paper, XS, (700, 670, 590), [HEADING, (names, ("80", "400", "300", "0.05"), ("甲", "乙", "丙", "丁"))])
    assert lines(paper)[1:] == ["颗粒物\t80\t甲", "二氧化硫\t400\t乙", "氮氧化物\t300\t丙", "汞及其化合物\t0.05\t丁"]


def test_a_cell_with_broken_lines_is_not_parted():
    paper = Paper()
    text = HANZI[:51] + "。"
    wrapped = tuple(text[start : start + 17] for start in range(0, 52, 17))
    offices = ("区经济信息局、区科", "学技术局、区财政局", "、区人力资源社会保", "障局")
    grid(paper, XS, (700, 670, 590), [HEADING, (("1",), wrapped, offices)])
    assert lines(paper)[1:] == [f"1\t{text}\t区经济信息局、区科学技术局、区财政局、区人力资源社会保障局"]


def test_a_table_with_three_rules_gets_its_columns_from_the_gaps():
    paper = Paper()
    paper.paragraph(OPENING)
    for y in (600, 570, 460):
        paper.canvas.line(79, y, 516, y)
    rows = (
        ("项目", "限值", "监控位置"),
        ("颗粒物", "80", "烟囱"),
        ("二氧化硫", "400", "烟道"),
        ("氮氧化物", "300", "烟囱或烟道"),
    )
    for index, row in enumerate(rows):
        for x, cell in zip((85, 250, 400), row, strict=True):
            paper.text(x, 580 - 28 * index, cell, 12)
    paper.y = 420
    paper.paragraph("表后的段落。")
    assert lines(paper) == [OPENING, *("\t".join(row) for row in rows), "表后的段落。"]


def test_text_between_rules_is_no_table():
    """The red line under the head and the black ones around 抄送 and 印发."""
    paper = Paper()
    paper.canvas.line(79, 740, 516, 740)
    paper.paragraph(OPENING)
    for y in (160, 130, 100):
        paper.canvas.line(79, y, 516, y)
    paper.text(85, 140, "抄送：市委办公室，市人大常委会办公室。", 14)
    paper.text(85, 110, "清河区人民政府办公室", 14)
    paper.text(380, 110, "2023年5月6日印发", 14)
    assert lines(paper) == [OPENING, "抄送：市委办公室，市人大常委会办公室。", "清河区人民政府办公室2023年5月6日印发"]


def test_rules_that_nobody_sees_make_no_table():
    """Text boxes of a cover: white on white."""
    paper = Paper()
    paper.canvas.setFillGray(1)
    paper.canvas.rect(79, 500, 200, 100, stroke=0, fill=1)
    paper.canvas.rect(279, 500, 200, 100, stroke=0, fill=1)
    paper.text(85, 560, "2023年5月6日发布")
    paper.text(285, 560, "2023年7月1日实施")
    assert lines(paper) == ["2023年5月6日发布2023年7月1日实施"]


def test_a_grid_drawn_in_a_form_is_a_table():
    """Programs that stamp or print a PDF wrap the whole page in a form."""
    paper = Paper()
    paper.canvas.beginForm("page")
    grid(paper, XS, (700, 670, 640), [HEADING, (("1",), ("奖励",), ("区经信局",))])
    paper.canvas.endForm()
    paper.canvas.translate(10, -20)
    paper.canvas.doForm("page")
    assert lines(paper) == ["序号\t奖励标准\t责任单位", "1\t奖励\t区经信局"]


NOTE = "①规模以上企业是指年主营业务收入在2000万元以上的企业。"


@pytest.mark.parametrize("ruled", [True, False])
def test_a_footnote_comes_after_the_paragraph_it_interrupts(ruled):
    paper = Paper()
    if ruled:
        paper.canvas.line(79, 118, 200, 118)
    paper.text(79, 104, NOTE, 9)
    paper.paragraph(LONG)
    paper.paragraph(OPENING)
    assert paper.page == 2
    result = reading(paper)
    assert result.text.splitlines() == [LONG, NOTE, OPENING]
    assert result.page_at(result.text.index(LONG[-3:])) == 2


def test_a_last_line_that_begins_with_a_day_is_no_footnote():
    """Chromium draws the full stop narrow, which makes the em of so short a line look small."""
    paper = Paper()
    paper.paragraph(OPENING)
    paper.y = 290
    paper.line("　　第十条本办法自印发之日起施行，长期有效，至2028年12月")
    paper.text(79, paper.y, "31日。", 14)
    assert lines(paper)[-1] == "第十条本办法自印发之日起施行，长期有效，至2028年12月31日。"


def test_odd_and_even_pages_with_mirrored_margins_are_joined_alike():
    paper = Paper()
    written = []
    for page in range(6):
        paper.canvas.translate(20 * (page % 2), 0)
        for index in range(5):
            text = HANZI[100 * page + 17 * index :][: 60 + index] + "。"
            written.append(text)
            paper.paragraph(text)
        paper.turn()
    assert lines(paper) == written


def test_items_whose_lines_hang_below_their_number_are_joined():
    paper = Paper()
    paper.paragraph(OPENING)
    items = ["a）" + HANZI[:40] + "；", "b）" + HANZI[100:150] + "。"]
    for item in items:
        paper.line(item[:25], LEFT + 2 * SIZE + 16)
        paper.line(item[25:], LEFT + 4 * SIZE)
    paper.paragraph(OPENING)
    assert lines(paper) == [OPENING, *items, OPENING]


def test_a_term_is_joined_to_the_number_on_the_line_above():
    paper = Paper()
    paper.paragraph(OPENING)
    paper.line("3.1")
    paper.line("综合能耗", LEFT + 2 * SIZE)
    paper.paragraph(HANZI[:60] + "。")
    assert lines(paper) == [OPENING, "3.1 综合能耗", HANZI[:60] + "。"]


def turned(paper, degrees):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper.bytes()))
    for page in writer.pages:
        page.rotate(degrees)
    return written_by(writer)


def written_by(writer):
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_shown_turned_reads_as_it_is_written(degrees):
    paper = Paper()
    paper.paragraph(OPENING)
    paper.paragraph("第二段。")
    assert lines(turned(paper, degrees)) == [OPENING, "第二段。"]


def test_text_set_from_top_to_bottom_is_read_from_the_right():
    paper = Paper()
    text = HANZI[:220] + "。"
    for start in range(0, 221, 36):
        for index, char in enumerate(text[start : start + 36]):
            paper.text(500 - start / 36 * 28, 740 - 18 * index, char)
    assert lines(paper) == [text]


def test_a_mark_printed_across_every_page_is_no_text():
    paper = Paper()
    for page in range(5):
        paper.text(150, 668, "内部资料注意保存", 40, gray=0.8)
        paper.paragraph(HANZI[page * 90 :][:80] + "。")
        paper.turn()
    result = reading(paper)
    assert "内部资料" not in result.text
    assert any("水印“内部资料注意保存”" in warning and "5 页" in warning for warning in result.warnings)


def test_a_filled_form_is_read_beside_its_labels():
    paper = Paper()
    for index, label in enumerate(("企业名称：", "联系电话：")):
        paper.text(79, 700 - 40 * index, label)
        paper.canvas.acroForm.textfield(
            name=f"field{index}", x=180, y=695 - 40 * index, width=200, height=24, value="x"
        )
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper.bytes()))
    values = {"field0": "清河机械有限公司", "field1": "0551-1234"}
    writer.update_page_form_field_values(writer.pages[0], values, auto_regenerate=False)
    assert lines(written_by(writer)) == ["企业名称：清河机械有限公司", "联系电话：0551-1234"]


def test_remarks_and_attachments_are_not_read_but_told():
    paper = Paper()
    paper.paragraph(OPENING)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper.bytes()))
    writer.add_annotation(0, FreeText(text="收文第12号", rect=(300, 760, 500, 790)))
    writer.add_attachment("table.xlsx", b"abc")
    result = reading(written_by(writer))
    assert result.text == OPENING + "\n"
    assert any("第 1 页" in warning and "收文第12号" in warning for warning in result.warnings)
    assert any("附件 1 个（table.xlsx）" in warning for warning in result.warnings)


def test_characters_of_one_font_only_are_counted_not_read():
    """The bullet of Word: a letter in a font of symbols."""
    paper = Paper()
    paper.paragraph(OPENING)
    paper.text(LEFT + 20, 500, "支持企业发展。")
    paper.canvas.setFont("Helvetica", SIZE)
    paper.canvas.drawString(LEFT, 500, "l")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper.bytes()))
    table = StreamObject()
    table.set_data(b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <6c> <f06c> endbfchar")
    fonts = writer.pages[0]["/Resources"]["/Font"]
    latin = next(font for font in fonts.values() if font["/BaseFont"] == "/Helvetica")
    latin.get_object()[NameObject("/ToUnicode")] = writer._add_object(table)
    result = reading(written_by(writer))
    assert result.text.splitlines() == [OPENING, "支持企业发展。"]
    assert any("第 1 页有 1 个字符没有对应的文字" in warning for warning in result.warnings)
