"""PDF: paragraphs as they were written, nothing that a reader of the page cannot see, and every loss told page by page."""

import io
import re

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.errors import CorruptFile, EncryptedFile
from ingest.readers.pdf import page_image
from tests.drawn_paper import COLUMNS, HANZI, LEFT, LONG, OPENING, SIZE, Paper, lines, reading


def test_paragraphs_come_back_across_lines_and_pages_without_page_numbers():
    paper = Paper()
    paper.centred("清河区促进制造业高质量发展")
    paper.centred("若干政策")
    paper.paragraph(OPENING)
    paper.paragraph("一、支持企业发展")
    paper.paragraph(LONG)
    paper.paragraph("二、附则")
    paper.number()
    result = reading(paper)
    titles = ["清河区促进制造业高质量发展", "若干政策"]
    assert result.text.splitlines() == [*titles, OPENING, "一、支持企业发展", LONG, "二、附则"]
    assert len(result.pages) == paper.page > 1
    assert all(page.problem is None and page.source == "text" for page in result.pages)


def test_a_page_starts_where_its_first_character_is_even_inside_a_paragraph():
    paper = Paper()
    paper.paragraph(LONG)
    paper.number()
    result = reading(paper)
    first, second = result.pages[:2]
    assert first.start == 0
    assert 0 < second.start < result.text.index("\n"), "the paragraph runs over the page end"
    assert result.text[: second.start] == paper.drawn[1]
    assert result.page_at(second.start - 1) == 1
    assert result.page_at(second.start) == 2


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(min_value=1, max_value=140), min_size=1, max_size=12))
def test_no_character_is_lost_or_doubled_whatever_the_length_of_the_paragraphs(lengths):
    written = [("区域产业发展资金安排政策措施" * 12)[:length] + "。" for length in lengths]
    paper = Paper()
    for paragraph in (OPENING, *written):
        paper.paragraph(paragraph)
    assert lines(paper) == [OPENING, *written]


def test_short_lines_alone_on_a_page_are_paragraphs():
    paper = Paper()
    paper.paragraph("附件一览表。")
    paper.paragraph("第二行文字。")
    assert lines(paper) == ["附件一览表。", "第二行文字。"]


UNEVEN = (
    # (end of a line, how many characters it falls short, begin of the next): lines that go on although they are not full
    ("分别按照实际支付租金的", 3, "60%、50%、40%给予补贴。"),  # a run of figures is not broken
    ("提升融资担保机构可持续经营（", 1, "含再担保）能力。"),
    ("形成科学规范、公平公", 1, "正、公开透明的机制。"),  # 、 may not begin a line and takes 正 with it
)


@pytest.mark.parametrize(("end", "short", "begin"), UNEVEN)
def test_a_line_that_could_not_be_filled_does_not_end_its_paragraph(end, short, begin):
    paper = Paper()
    paper.paragraph(OPENING)
    first = HANZI[: COLUMNS - 2 - short - len(end)] + end
    paper.line(first, LEFT + 2 * SIZE)
    paper.line(begin)
    paper.paragraph(OPENING)
    assert lines(paper) == [OPENING, first + begin, OPENING]


HEADS = (
    # (size, words, how often they stay): what may be the title or the number of the file stays on the first page
    (10, "清河区人民政府公报", 0),
    (18, "清河区人民政府文件", 1),
    (10, "清政〔2023〕12号", 1),
)


@pytest.mark.parametrize(("size", "words", "stays"), HEADS)
def test_running_heads_go_and_are_told(size, words, stays):
    paper = Paper()
    for _ in range(4):
        paper.text(400, 800, words, size)
        paper.paragraph(OPENING)
        paper.turn()
    result = reading(paper)
    assert result.text.count(words) == stays
    assert any(words in warning and f"{4 - stays} 页" in warning for warning in result.warnings)


def test_a_ruled_table_is_one_line_a_row_with_merged_cells_once():
    paper = Paper()
    paper.paragraph(OPENING)
    xs, ys = [79, 200, 380, 516], [500, 460, 400, 360]
    for y in ys:
        paper.canvas.line(79, y, 516, y)
    for x in xs:
        paper.canvas.line(x, 360, x, 500)
    cells = ((85, 475, "事项"), (206, 475, "标准"), (386, 475, "责任单位"), (85, 435, "首次上规"), (206, 435, "一次性奖励"),
             (206, 412, "20万元"), (386, 435, "区经信局"), (85, 375, "技术改造"), (206, 375, "按10%补助"), (386, 375, "区财政局"))  # fmt: skip
    for x, y, text in cells:
        paper.text(x, y, text, 14)
    paper.y = 320
    paper.paragraph("表后的段落。")
    assert lines(paper) == [
        OPENING,
        "事项\t标准\t责任单位",
        "首次上规\t一次性奖励20万元\t区经信局",
        "技术改造\t按10%补助\t区财政局",
        "表后的段落。",
    ]


HIDDEN = (
    # what a person does not see on the page must not become policy
    ("white on white", {"gray": 1}, (79, 300), 16),
    ("render mode 3", {"mode": 3}, (79, 300), 16),
    ("half a point", {}, (79, 300), 0.5),
    ("beside the page", {}, (700, 300), 16),
)


@pytest.mark.parametrize(("state", "place", "size"), [row[1:] for row in HIDDEN], ids=[row[0] for row in HIDDEN])
def test_what_nobody_can_see_is_not_read_but_reported(state, place, size):
    paper = Paper()
    paper.paragraph(OPENING)
    paper.text(*place, "补贴上限9000万元", size, **state)
    result = reading(paper)
    assert "9000" not in result.text
    assert any("第 1 页" in warning and "10 个字" in warning for warning in result.warnings)


def test_white_letters_on_a_dark_bar_are_visible():
    paper = Paper()
    paper.canvas.setFillGray(0.2)
    paper.canvas.rect(70, 690, 450, 40, stroke=0, fill=1)
    paper.text(LEFT, 700, "奖励标准一览表", gray=1)
    result = reading(paper)
    assert result.text == "奖励标准一览表\n"
    assert result.warnings == ()


def test_a_slanted_watermark_is_not_text():
    paper = Paper()
    paper.paragraph(OPENING)
    paper.canvas.saveState()
    paper.canvas.translate(150, 300)
    paper.canvas.rotate(45)
    paper.text(0, 0, "内部资料", 60, gray=0.8)
    paper.canvas.restoreState()
    result = reading(paper)
    assert result.text == OPENING + "\n"
    assert any("内部资料" in warning for warning in result.warnings)


def test_the_invisible_text_of_a_scanner_is_read_and_marked_as_recognised():
    paper = Paper()
    paper.scan()
    paper.text(LEFT, 700, OPENING[:30], mode=3)
    paper.text(LEFT, 670, OPENING[30:65], mode=3)
    result = reading(paper)
    assert re.sub(r"\s", "", result.text) == OPENING[:65]
    assert result.pages[0].source == "ocr"
    assert "对照原件" in result.pages[0].problem


def test_a_red_head_drawn_last_is_still_read_first():
    paper = Paper()
    paper.y = 600
    paper.paragraph(OPENING)
    paper.text(150, 740, "清河区人民政府文件", 30)
    assert lines(paper) == ["清河区人民政府文件", OPENING]


def test_a_page_turned_sideways_reads_like_any_other():
    paper = Paper()
    paper.canvas.translate(595, 0)
    paper.canvas.rotate(90)
    paper.y = 500
    paper.paragraph(OPENING)
    assert lines(paper) == [OPENING]


def encrypted(content, user="", owner="owner"):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(user_password=user, owner_password=owner, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def text_pdf():
    paper = Paper()
    paper.paragraph(OPENING)
    return paper.bytes()


def test_a_password_to_open_is_asked_for_and_one_to_edit_is_none_of_our_business():
    with pytest.raises(EncryptedFile, match=r"密码.*文件.pdf"):
        reading(encrypted(text_pdf(), user="secret"))
    assert lines(encrypted(text_pdf())) == [OPENING]


def test_a_cut_file_is_called_damaged():
    with pytest.raises(CorruptFile, match=r"损坏.*文件.pdf") as caught:
        reading(text_pdf()[:300])
    assert "重新下载" in caught.value.hint


def yellow(png):
    """Rows (from the top, 0..1) of the picture that carry the mark."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    marked = [
        y
        for y in range(picture.height)
        for x in range(0, picture.width, 3)
        if picture.getpixel((x, y)) == (255, 235, 90)
    ]
    return {round(y / picture.height, 1) for y in marked}


def test_the_quote_is_yellow_on_the_picture_of_its_page():
    content = text_pdf()
    assert yellow(page_image(content, 1, "决策部署，进一步 优化\n营商环境")) == {0.2}
    assert yellow(page_image(content, 1, "别处的句子")) == set()
    assert yellow(page_image(content, 1, "")) == set()


def test_a_quote_that_turns_the_page_is_marked_on_both():
    paper = Paper()
    paper.paragraph(LONG)
    paper.number()
    content = paper.bytes()
    result = reading(content)
    turn = result.pages[1].start
    quote = result.text[turn - 12 : turn + 12]
    assert max(yellow(page_image(content, 1, quote))) >= 0.8
    assert min(yellow(page_image(content, 2, quote))) <= 0.2


def test_a_quote_from_a_table_row_is_marked_cell_by_cell():
    paper = Paper()
    paper.text(79, 600, "技术改造")
    paper.text(300, 300, "按10%补助")
    assert yellow(page_image(paper.bytes(), 1, "技术改造\t按10%补助")) == {0.3, 0.6}


def test_a_page_that_is_not_there_is_an_error():
    with pytest.raises(CorruptFile, match="没有第 9 页"):
        page_image(text_pdf(), 9, "制定")
