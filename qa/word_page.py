"""Page, styles and numbers of a draft in Word, to GB/T 9704-2012: A4, 22 lines of 28 characters a page.

Measured with LibreOffice: lines of 28.95 pt (of 29 pt only 21 fit) and characters set 0.25 pt closer. The grid of Word
(``w:docGrid``) is not used, since LibreOffice breaks the lines of one with negative spacing at 14 characters.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from qa.export import new_document, set_fonts

LATIN = "Times New Roman"
FANGSONG, HEITI, KAITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)  # 二号 三号 四号
LINE, TITLE_LINE = Pt(28.95), Pt(36)
TEXT_WIDTH = Mm(156)
_CLOSER = "-5"  # twentieths of a point
_INDENT = Pt(32)  # two characters of 三号
_LIST = "5A3C1F07"  # tells Word that a paragraph pasted from another draft goes on in the same list


class Look(StrEnum):
    """Styles by id; a heading's id ends with its level."""

    TITLE = "Title"
    STATUS = "稿件标记"
    HEADING = "Heading"
    BODY = "BodyText"
    CAPTION = "Caption"
    CELL = "表格文字"
    ANNEX = "附件标签"


class Level(NamedTuple):
    """Numbers of a heading: format and pattern as Word names them, and the Chinese font of number and title."""

    format: str
    pattern: str
    font: str


LEVELS = (
    Level("chineseCountingThousand", "%1、", HEITI),
    Level("chineseCountingThousand", "（%2）", KAITI),
    Level("decimal", "%3.", FANGSONG),
    Level("decimal", "（%4）", FANGSONG),
)


def blank_draft(title: str) -> WordDocument:
    """An empty document with the page, the styles and the numbers; its layout is that of Word since 2013."""
    document = new_document(title)
    layout = f".//{qn('w:compatSetting')}[@{qn('w:name')}='compatibilityMode']"
    document.settings.element.find(layout).set(qn("w:val"), "15")
    _set_page(document.sections[0])
    _set_styles(document)
    _number_headings(document)
    _number_pages(document)
    return document


def _set_page(page: Section) -> None:
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.header_distance, page.footer_distance = Mm(15), Mm(23)


def _set_styles(document: WordDocument) -> None:
    styles = document.styles
    normal = _style(styles["Normal"], FANGSONG, SIZE_3, LINE)
    spacing = OxmlElement("w:spacing", {qn("w:val"): _CLOSER})
    normal.element.rPr.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    _indent(_style(styles["Body Text"], FANGSONG, SIZE_3, LINE))
    for depth, level in enumerate(LEVELS, 1):
        _indent(_style(styles[f"Heading {depth}"], level.font, SIZE_3, LINE)).next_paragraph_style = styles["Body Text"]
        styles[f"Heading {depth}"].element.get_or_add_pPr().get_or_add_outlineLvl().val = depth - 1
    _style(styles["Title"], XIAOBIAOSONG, SIZE_2, TITLE_LINE, WD_ALIGN_PARAGRAPH.CENTER)
    _style(styles["Caption"], HEITI, SIZE_4, LINE, WD_ALIGN_PARAGRAPH.CENTER).paragraph_format.keep_with_next = True
    _style(styles["Footer"], SONGTI, SIZE_4, Pt(16)).font.name = SONGTI
    left, centre = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
    for name, font, side in ((Look.STATUS, KAITI, centre), (Look.ANNEX, HEITI, left), (Look.CELL, FANGSONG, left)):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        _style(styles[name], font, SIZE_3, LINE, side)
    cell = styles[Look.CELL].paragraph_format
    cell.line_spacing_rule, cell.space_before, cell.space_after = WD_LINE_SPACING.SINGLE, Pt(2), Pt(2)
    _drop_unused(document)


def _drop_unused(document: WordDocument) -> None:
    """Table styles of the template, a hundred, and the character styles tied to its headings, with their colours."""
    for style in document.styles:
        link = style.element.find(qn("w:link"))
        if link is not None:
            style.element.remove(link)
        is_table = style.type is WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid")
        if is_table or (style.type is WD_STYLE_TYPE.CHARACTER and link is not None):
            style.delete()


def _style(
    style: ParagraphStyle,
    font: str,
    size: Length,
    line: Length,
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
) -> ParagraphStyle:
    """The style with this look and nothing else of the template's."""
    for part in (style.element.pPr, style.element.rPr):
        if part is not None:
            style.element.remove(part)
    set_fonts(style, LATIN, font)
    style.font.size = size
    look = style.paragraph_format
    look.space_before = look.space_after = Pt(0)
    look.line_spacing, look.alignment, look.widow_control = line, alignment, False
    return style


def _indent(style: ParagraphStyle) -> ParagraphStyle:
    """By two characters, in points for programs that do not count characters."""
    style.paragraph_format.first_line_indent = _INDENT
    style.element.pPr.ind.set(qn("w:firstLineChars"), "200")
    return style


def _number_headings(document: WordDocument) -> None:
    """One list of four levels, each bound to its heading style."""
    numbering = document.part.numbering_part.element
    identity = 1 + max(int(old.get(qn("w:abstractNumId"))) for old in numbering.findall(qn("w:abstractNum")))
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{level.format}"/><w:pStyle w:val="{Look.HEADING}{depth + 1}"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{level.pattern}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLineChars="200" w:firstLine="{round(_INDENT.pt * 20)}"/></w:pPr>'
        f'<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{level.font}"/></w:rPr></w:lvl>'
        for depth, level in enumerate(LEVELS)
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identity}"><w:nsid w:val="{_LIST}"/><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    numbering.find(qn("w:num")).addprevious(abstract)
    number = numbering.add_num(identity).numId
    for depth in range(len(LEVELS)):
        bind(document.styles[f"Heading {depth + 1}"], number, depth)


def bind(target: ParagraphStyle | Paragraph, number: int, depth: int) -> None:
    """Number a style or a paragraph by the list ``number``; 0: not at all."""
    properties = target.element if isinstance(target, ParagraphStyle) else target._p
    numbered = properties.get_or_add_pPr().get_or_add_numPr()
    numbered.get_or_add_ilvl().val, numbered.get_or_add_numId().val = depth, number


def _number_pages(document: WordDocument) -> None:
    """— 1 — at the outer edge, one character in: right on odd pages, left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    page = document.sections[0]
    for footer, side in ((page.footer, WD_ALIGN_PARAGRAPH.RIGHT), (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = document.styles["Footer"], side
        look = paragraph.paragraph_format
        look.left_indent = look.right_indent = SIZE_4
        paragraph.add_run("— ")
        number = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        paragraph._p.append(number)
        paragraph.add_run(" —")
        for run in paragraph.runs:
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
