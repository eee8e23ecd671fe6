"""Word files."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from tests.corpus_makers.source import CHAPTER, FROZEN, HEADING, Line, Source, blocks


@dataclass(frozen=True, slots=True)
class Fonts:
    """The four faces of GB/T 9704: 小标宋 for titles, 仿宋 for text, 黑体 for 一、 and 第×条, 楷体 for （一）."""

    title: str
    body: str
    first: str
    second: str


RED = "E60012"
OFFICE_FONTS = Fonts("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312")
EMBEDDED_FONTS = Fonts("Noto Serif CJK SC", "Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Sans CJK SC")


class Letter:
    """One official file laid out by GB/T 9704: A4, 22 lines of 28 characters, page numbers — 1 —; the seal is put on later."""

    def __init__(self, source: Source, fonts: Fonts) -> None:
        self.fonts = fonts
        self.word: WordDocument = Document()
        self.item_list: int | None = None  # numbering of the 1. 2. 3. now open; the next heading closes it
        self.chapters: int | None = None
        self.red_line = False  # above the title, just drawn
        self.widths = [
            float(width) for width in source.fields.get("widths", "").split()
        ]  # of the columns of tables, in mm
        self.is_regulation = any(line.text.startswith("第一条") for line in source.lines)  # its （一） is no heading
        self._lay_out_page(source.fields["title"])
        previous = ""
        for kind, lines in blocks(source.lines):
            self._table(lines) if kind == "table" else self._paragraph(kind, lines[0].text, previous)
            previous = kind

    def save(self) -> bytes:
        buffer = io.BytesIO()
        self.word.save(buffer)
        return frozen_zip(buffer.getvalue())

    def _lay_out_page(self, title: str) -> None:
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        self.word.settings.odd_and_even_pages_header_footer = True
        for footer, align in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
            self._page_number(footer.paragraphs[0], WD_ALIGN_PARAGRAPH[align])
        properties = self.word.core_properties
        properties.title, properties.author, properties.comments = title, "示例", "示例文件，仅供演示，不具有效力"
        properties.created = properties.modified = FROZEN

    def _page_number(self, paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH) -> None:
        paragraph.alignment = align
        for text, code in (("— ", None), ("", "PAGE"), (" —", None)):
            run = self._run(paragraph, text, self.fonts.body, 14)
            if code:
                field = OxmlElement("w:fldSimple")
                field.set(qn("w:instr"), code)
                run.getparent().replace(run, field)
                field.append(run)

    def _paragraph(self, kind: str, text: str, previous: str) -> None:
        paragraph = self.word.add_paragraph()
        form = paragraph.paragraph_format
        form.space_after, form.widow_control = Pt(0), False
        form.line_spacing = Pt(28.95)  # 22 lines fill the page; 29 pt would not
        if kind in ("title", "attached", "number", "mark", "note") or CHAPTER.match(text):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form.keep_with_next = True if CHAPTER.match(text) else None
        if kind in ("title", "attached"):
            form.space_after, form.line_spacing = Pt(14), Pt(34)
        form.page_break_before = kind == "annex" or (kind == "attached" and previous != "annex")
        if kind == "signature":
            paragraph.alignment, form.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(48)
            form.space_before = Pt(0) if previous == "signature" else Pt(29)
        if kind == "mark":
            form.space_before, form.line_spacing = Pt(48), Pt(56)
        if kind == "title" and self.red_line:
            form.space_before, self.red_line = Pt(48), False
        if kind == "number":
            form.space_after = Pt(29)
            self._below_the_mark(paragraph, previous)
        if kind == "imprint":
            form.space_before = Pt(0) if previous == "imprint" else Pt(58)
            form.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
            self._rules(paragraph)
        if kind in ("body", "auto1", "auto3") and not CHAPTER.match(text):
            form.first_line_indent = Pt(31.5)
        if kind in ("auto1", "auto3"):
            self._number(paragraph, kind)
        elif HEADING.match(text):
            self.item_list = None
        for part, font, size, bold in self._faces(kind, text):
            self._run(paragraph, part, font, size, bold)
        if kind == "mark":
            paragraph.runs[0].font.color.rgb = RGBColor.from_string(RED)

    def _faces(self, kind: str, text: str) -> list[tuple[str, str, float, bool]]:
        fonts = self.fonts
        if kind == "mark":
            return [(text, fonts.title, min(44, 436 // len(text)), True)]
        if kind == "note":
            return [(text, fonts.second, 16, False)]
        if kind in ("title", "attached"):
            return [(text, fonts.title, 22, fonts is EMBEDDED_FONTS)]
        if kind == "imprint":
            return [(text, fonts.body, 14, False)]
        if kind in ("annex", "auto1") or CHAPTER.match(text):
            return [(text, fonts.first, 16, False)]
        heading = HEADING.match(text) if kind == "body" else None
        if heading is None or (self.is_regulation and text.startswith("（")):
            return [(text, fonts.body, 16, False)]
        face = fonts.second if text.startswith("（") else fonts.first
        return [(heading[0], face, 16, False), (text[heading.end() :], fonts.body, 16, False)]

    def _run(self, paragraph: Paragraph, text: str, font: str, size: float, bold: bool = False) -> OxmlElement:
        run = paragraph.add_run(text.replace("\\", "\n"))
        run.font.name, run.font.size, run.bold = font, Pt(size), bold
        run._r.rPr.rFonts.set(qn("w:eastAsia"), font)
        if size == 16:
            spacing = parse_xml(f'<w:spacing {nsdecls("w")} w:val="-5"/>')  # else 27 characters fit on a line, not 28
            run._r.rPr.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz")
        return run._r

    def _below_the_mark(self, paragraph: Paragraph, previous: str) -> None:
        """The red line of a 文件; a 令 has none."""
        if previous != "mark":
            return
        paragraph.paragraph_format.space_before = Pt(24)
        if not self.word.paragraphs[-2].text.endswith("令"):
            edge = f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="8" w:color="{RED}"/></w:pBdr>'
            self._borders(paragraph, edge)
            paragraph.paragraph_format.space_after, self.red_line = Pt(0), True

    def _borders(self, paragraph: Paragraph, borders: str) -> None:
        paragraph._p.get_or_add_pPr().insert_element_before(
            parse_xml(borders), "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )

    def _rules(self, paragraph: Paragraph) -> None:
        edge = 'w:val="single" w:sz="6" w:space="1" w:color="000000"'
        borders = f"<w:pBdr {nsdecls('w')}><w:top {edge}/><w:bottom {edge}/><w:between {edge}/></w:pBdr>"
        self._borders(paragraph, borders)

    def _number(self, paragraph: Paragraph, kind: str) -> None:
        if kind == "auto1":
            self.chapters = self.chapters or self._new_list("chineseCounting", "%1、", self.fonts.first)
            self.item_list = None
        else:
            self.item_list = self.item_list or self._new_list("decimal", "%1.", self.fonts.body)
        numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbering.get_or_add_ilvl().val = 0
        numbering.get_or_add_numId().val = self.chapters if kind == "auto1" else self.item_list

    def _new_list(self, form: str, text: str, font: str) -> int:
        """A list of its own, so that counting starts again at 1 under every heading."""
        numbering = self.word.part.numbering_part.element
        existing = numbering.findall(qn("w:abstractNum"))
        abstract_id = 1 + max(int(item.get(qn("w:abstractNumId"))) for item in existing)
        existing[-1].addnext(
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract_id}"><w:multiLevelType w:val="singleLevel"/>'
                f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
                f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
                f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/><w:sz w:val="32"/></w:rPr>'
                "</w:lvl></w:abstractNum>"
            )
        )
        return numbering.add_num(abstract_id).numId

    def _table(self, lines: list[Line]) -> None:
        table = self.word.add_table(len(lines), len(lines[0].cells), style="Table Grid")
        for row, line in zip(table.rows, lines, strict=True):
            for cell, text in zip(row.cells, line.cells, strict=True):
                head = line is lines[0]
                self._run(cell.paragraphs[0], text, self.fonts.first if head else self.fonts.body, 12)
        if self.widths:
            self._lay_out_table(table)

    def _lay_out_table(self, table: Table) -> None:
        """Columns of given width; the head is printed again on every page, no row is parted."""
        table.autofit = False
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for column, width in zip(table.columns, self.widths, strict=True):
            column.width = Mm(width)
        for row in table.rows:
            row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
            for cell, width in zip(row.cells, self.widths, strict=True):
                cell.width = Mm(width)


def frozen_zip(content: bytes) -> bytes:
    """The same archive without the time of making."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FROZEN.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def as_word(source: Source) -> bytes:
    return Letter(source, OFFICE_FONTS).save()
