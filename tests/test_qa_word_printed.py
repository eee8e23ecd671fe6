"""A draft in Word as it is printed: measures and fonts of GB/T 9704-2012, tables on several pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ingest.readers.office import find_program
from qa.drafting.model import Grid, Paragraph
from qa.word import word
from tests.corpus_makers.printed import converted
from tests.drafts import EVERY_BLOCK, citation

_NEW_LINE = 6  # points
PLAIN = "支持低空经济产业集聚发展推动先进制造业深度融合着力构建现代化产业体系"
LONG = replace(
    EVERY_BLOCK,
    title="清河区关于支持低空经济产业集聚发展和应用场景建设的若干政策措施",
    blocks=(
        *EVERY_BLOCK.blocks,
        Paragraph("long", PLAIN * 60),
        Grid(
            "t3", "表3 主要指标", ("指标", "单位", "2026年"), tuple((f"指标{n}", "亿元", f"{n}.5") for n in range(60))
        ),
    ),
    citations=(citation(1), citation(2, "对企业给予补助。" * 250)),
)


@pytest.fixture(scope="module")
def document() -> WordDocument:
    return Document(BytesIO(word(LONG)))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pypdfium2.PdfDocument]:
    if find_program() is None:
        pytest.skip("LibreOffice is not installed: nothing prints Word files")
    pdf: Path = converted(word(LONG), "pdf", tmp_path_factory.mktemp("printed"))
    with pypdfium2.PdfDocument(pdf) as opened:
        yield opened


def printed_lines(page: pypdfium2.PdfPage) -> list[str]:
    """Lines from top to bottom; what stands side by side is one line."""
    text = page.get_textpage()
    boxes = [
        (text.get_charbox(index, loose=True), text.get_text_range(index, 1)) for index in range(text.count_chars())
    ]
    placed = sorted(
        ((bottom + top) / 2, left, character) for (left, bottom, _, top), character in boxes if character.strip()
    )
    lines: list[list[tuple[float, str]]] = []
    above = 0.0
    for middle, left, character in reversed(placed):
        if not lines or above - middle > _NEW_LINE:
            lines.append([])
            above = middle
        lines[-1].append((left, character))
    return ["".join(character for _, character in sorted(line)) for line in lines]


def test_a_full_page_has_22_lines_of_28_characters(pages: pypdfium2.PdfDocument):
    full = [lines for page in pages if (lines := printed_lines(page)) and set("".join(lines[:-1])) <= set(PLAIN)]
    assert full, "a page of nothing but text"
    for *lines, number in full:
        assert len(lines) == 22
        assert {len(line) for line in lines} == {28}
        assert number.startswith("—")


def test_numbers_of_pages_stand_at_the_outer_edge(pages: pypdfium2.PdfDocument):
    assert len(pages) > 4
    for number, page in enumerate(pages, 1):
        searcher = page.get_textpage().search(f"— {number} —")
        found = searcher.get_next()
        assert found, f"page {number}"
        left, _, _, top = page.get_textpage().get_charbox(found[0])
        width, height = page.get_size()
        assert (left > width / 2) == (number % 2 == 1)
        assert height - Mm(262).pt - Mm(10).pt < top < height - Mm(262).pt - Mm(5).pt, "about 7 mm below the text"


def test_the_head_of_a_table_stands_on_each_of_its_pages(pages: pypdfium2.PdfDocument):
    lines = [printed_lines(page) for page in pages]
    with_table = [page for page in lines if any(line.startswith("指标") and line.endswith(".5") for line in page)]
    assert len(with_table) > 1
    assert all("指标单位2026年" in page for page in with_table)


def test_the_annex_begins_a_page_and_is_whole(pages: pypdfium2.PdfDocument):
    lines = [printed_lines(page) for page in pages]
    first = next(n for n, page in enumerate(lines) if page[0] == "附件")
    assert lines[first][1] == "依据条款原文表"
    assert "".join("".join(page) for page in lines[first:]).count("补") >= 250, (
        "a clause longer than a page is not cut off"
    )


FONTS = [
    ("Title", "方正小标宋简体", 22, "小标宋 二号"),
    ("稿件标记", "楷体_GB2312", 16, "楷体 三号"),
    ("Body Text", "仿宋_GB2312", 16, "仿宋 三号"),
    ("Heading 1", "黑体", 16, "一、"),
    ("Heading 2", "楷体_GB2312", 16, "（一）"),
    ("Heading 3", "仿宋_GB2312", 16, "1."),
    ("Heading 4", "仿宋_GB2312", 16, "（1）"),
    ("附件标签", "黑体", 16, "附件"),
    ("Footer", "宋体", 14, "页码 四号"),
]


@pytest.mark.parametrize(("name", "font", "size", "what"), FONTS, ids=[row[3] for row in FONTS])
def test_fonts_by_name(document: WordDocument, name: str, font: str, size: int, what: str):
    style = document.styles[name]
    fonts = style.element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == font
    assert style.font.name == ("宋体" if name == "Footer" else "Times New Roman")
    assert style.font.size == Pt(size)
    assert not [key for key in fonts.attrib if key.endswith("Theme")], "a theme's font would win"


def test_page_and_numbers(document: WordDocument):
    page = document.sections[0]
    measures = (
        page.page_width,
        page.page_height,
        page.top_margin,
        page.bottom_margin,
        page.left_margin,
        page.right_margin,
    )
    assert [round(measure.mm) for measure in measures] == [210, 297, 37, 35, 28, 26]
    heading = document.styles["Heading 2"].element.pPr
    assert heading.outlineLvl.val == 1 and heading.ind.get(qn("w:firstLineChars")) == "200"
    number = next(n for n in document.part.numbering_part.element.num_lst if n.numId == heading.numPr.numId.val)
    levels = document.part.numbering_part.element.findall(
        f"{qn('w:abstractNum')}[@{qn('w:abstractNumId')}='{number.abstractNumId.val}']/{qn('w:lvl')}"
    )
    shown = [
        [level.find(qn(f"w:{name}")).get(qn("w:val")) for name in ("numFmt", "lvlText", "pStyle")] for level in levels
    ]
    assert shown == [
        ["chineseCountingThousand", "%1、", "Heading1"],
        ["chineseCountingThousand", "（%2）", "Heading2"],
        ["decimal", "%3.", "Heading3"],
        ["decimal", "（%4）", "Heading4"],
    ]


def test_rows_stay_whole_unless_they_are_longer_than_a_page(document: WordDocument):
    *_, indicators, sources = document.tables
    assert indicators.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in indicators.rows)
    assert [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in sources.rows] == [True, True, False]
    for table in document.tables:
        assert abs(sum(column.width for column in table.columns) - Mm(156)) < Pt(1), "as wide as the text"
