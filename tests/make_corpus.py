"""Remake ``corpus/`` from ``tests/corpus_sources/``: ``python tests/make_corpus.py``. Not part of the test suite.

Needs LibreOffice (``soffice``) and the Noto CJK fonts: PDFs are printed from Word files, with the used glyphs embedded.
A source starts with the row of the manifest; then each line is one paragraph, its kind told by its first sign:

``#`` title · ``##`` title of the attached file · ``@`` 文号 · ``>`` 主送机关 · ``>>`` 署名 or 成文日期 · ``^`` 附件 label ·
``|`` table row · ``---`` 版记 · ``*1`` ``*3`` paragraph that Word numbers by itself (一、 or 1.) · else 正文.
In a title ``\\`` is a line break of the printed page, set between words as the standard asks.
"""

from __future__ import annotations

import csv
import html
import io
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from string import Template

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from pypdf import PdfWriter

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tests" / "corpus_sources"
CORPUS = ROOT / "corpus"
COLUMNS = (
    "file", "title", "document_number", "level", "region", "format", "encoding",
    "issued_on", "effective_on", "expires_on", "status_note", "sample",
)  # fmt: skip
SIGNS = {
    "##": "attached", "#": "title", "@": "number", ">>": "signature", ">": "addressees", "^": "annex",
    "|": "row", "---": "imprint", "*1": "auto1", "*3": "auto3",
}  # fmt: skip
SIGN = re.compile(r"(##|#|@|>>|>|\^|\||---|\*1|\*3)\s+(.*)")
HEADING = re.compile(
    r"(第[一二三四五六七八九十]+条|[一二三四五六七八九十]+、[^。]{1,40}$|（[一二三四五六七八九十]+）[^。；]{1,40}(?:。|$))"
)
CHAPTER = re.compile(r"第[一二三四五六七八九十]+章")
FROZEN = datetime(2026, 1, 1, tzinfo=UTC)  # so that a remade file differs only where its text does


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    text: str

    @property
    def cells(self) -> list[str]:
        return [cell.strip() for cell in self.text.strip("|").split("|")]


@dataclass(frozen=True, slots=True)
class Source:
    fields: dict[str, str]
    lines: tuple[Line, ...]

    @property
    def suffix(self) -> str:
        return self.fields["file"].rsplit(".", 1)[1]

    @property
    def encoding(self) -> str:
        """Of text formats; the others have none."""
        return self.fields.get("encoding", "utf-8" if self.suffix in ("txt", "html") else "")


@dataclass(frozen=True, slots=True)
class Fonts:
    """The four faces of GB/T 9704: 小标宋 for titles, 仿宋 for text, 黑体 for 一、 and 第×条, 楷体 for （一）."""

    title: str
    body: str
    first: str
    second: str


OFFICE_FONTS = Fonts("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312")
EMBEDDED_FONTS = Fonts("Noto Serif CJK SC", "Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Sans CJK SC")


def read_source(path: Path) -> Source:
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Source(fields, tuple(read_line(line) for line in body.splitlines()))


def read_line(line: str) -> Line:
    sign = SIGN.fullmatch(line)
    return Line(SIGNS[sign[1]], sign[2]) if sign else Line("body", line)


def blocks(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Neighbouring table rows together, every other line alone."""
    for is_row, group in groupby(lines, key=lambda line: line.kind == "row"):
        members = list(group)
        yield from [("table", members)] if is_row else [(line.kind, [line]) for line in members]


# --- text and web pages


def as_text(source: Source) -> bytes:
    indent = {"body": "　　", "signature": "　" * 20}
    before = {"attached": "\n\n", "annex": "\n\n"}
    after = {"title": "\n\n", "number": "\n\n", "attached": "\n\n"}
    parts = (
        before.get(line.kind, "") + indent.get(line.kind, "") + line.text.replace("\\", "") + after.get(line.kind, "\n")
        for line in source.lines
    )
    return "".join(parts).encode(source.encoding)


def as_web_page(source: Source) -> bytes:
    layout = Template((SOURCES / f"layout_{source.fields['layout']}.html").read_text("utf-8"))
    values = {"document_number": "无", "validity": "—"} | source.fields
    values = {name: html.escape(value) for name, value in values.items()}
    values["charset"] = "gb2312" if source.encoding == "gb18030" else "utf-8"  # sites say gb2312 and mean its superset
    values["issuers"] = "、".join(signatories(source)) or "清河区经济和信息化局"
    # the layout prints the title; a district page does not repeat it in the text
    lines = [line for line in source.lines if line.kind != "title" or source.fields["layout"] == "city"]
    values["content"] = "\n".join(web_block(kind, members) for kind, members in blocks(lines))
    return layout.substitute(values).encode(source.encoding)


def signatories(source: Source) -> list[str]:
    return [line.text for line in source.lines if line.kind == "signature" and not line.text[0].isdigit()]


def web_block(kind: str, lines: list[Line]) -> str:
    if kind == "table":
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in line.cells) for line in lines)
        return "<table border='1'>" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    align = {"title": "center", "attached": "center", "number": "center", "signature": "right"}.get(kind, "")
    text = html.escape(lines[0].text.replace("\\", ""), quote=False)
    if kind in ("title", "attached") or CHAPTER.match(text):
        align, text = "center", f"<strong>{text}</strong>"
    elif heading := HEADING.match(text):
        text = f"<strong>{heading[0]}</strong>{text[heading.end() :]}"
    style = f"text-align: {align}" if align else "" if kind == "addressees" else "text-indent: 2em"
    return f'<p style="{style}">{text}</p>'


# --- Word and, printed from it, PDF


class Letter:
    """One official file laid out by GB/T 9704: A4, 22 lines of 28 characters, page numbers — 1 —; no red head, no seal."""

    def __init__(self, source: Source, fonts: Fonts) -> None:
        self.fonts = fonts
        self.word: WordDocument = Document()
        self.item_list: int | None = None  # numbering of the 1. 2. 3. now open; the next heading closes it
        self.chapters: int | None = None
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
        if kind in ("title", "attached", "number") or CHAPTER.match(text):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if kind in ("title", "attached"):
            form.space_after, form.line_spacing = Pt(14), Pt(34)
        form.page_break_before = kind == "annex" or (kind == "attached" and previous != "annex")
        if kind == "signature":
            paragraph.alignment, form.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(48)
            form.space_before = Pt(0) if previous == "signature" else Pt(29)
        if kind == "number":
            form.space_after = Pt(29)
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

    def _faces(self, kind: str, text: str) -> list[tuple[str, str, float, bool]]:
        fonts = self.fonts
        if kind in ("title", "attached"):
            return [(text, fonts.title, 22, fonts is EMBEDDED_FONTS)]
        if kind == "imprint":
            return [(text, fonts.body, 14, False)]
        if kind in ("annex", "auto1") or CHAPTER.match(text):
            return [(text, fonts.first, 16, False)]
        heading = HEADING.match(text) if kind == "body" else None
        if heading is None:
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

    def _rules(self, paragraph: Paragraph) -> None:
        edge = 'w:val="single" w:sz="6" w:space="1" w:color="000000"'
        borders = f"<w:pBdr {nsdecls('w')}><w:top {edge}/><w:bottom {edge}/><w:between {edge}/></w:pBdr>"
        paragraph._p.get_or_add_pPr().insert_element_before(
            parse_xml(borders), "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )

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


def frozen_zip(content: bytes) -> bytes:
    """The same archive without the time of making."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FROZEN.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def as_word(source: Source) -> bytes:
    return Letter(source, OFFICE_FONTS).save()


def as_pdf(source: Source) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder, "letter.docx")
        word.write_bytes(Letter(source, EMBEDDED_FONTS).save())
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", folder, str(word)], check=True, timeout=180)
        return frozen_pdf(word.with_suffix(".pdf"))


def frozen_pdf(path: Path) -> bytes:
    """The same pages without the time of printing and the random file id."""
    writer = PdfWriter(clone_from=path)
    stamp = f"D:{FROZEN:%Y%m%d%H%M%S}Z"
    writer.metadata = {"/Title": writer.metadata["/Title"], "/CreationDate": stamp, "/ModDate": stamp}
    writer._ID = None
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


MAKERS = {"txt": as_text, "html": as_web_page, "docx": as_word, "pdf": as_pdf}


def manifest_row(source: Source) -> dict[str, str]:
    row = {column: source.fields.get(column, "") for column in COLUMNS}
    return row | {"format": source.suffix, "encoding": source.encoding, "sample": "是"}


def main() -> None:
    sources = [read_source(path) for path in sorted(SOURCES.glob("*.md"))]
    CORPUS.mkdir(exist_ok=True)
    for source in sources:
        (CORPUS / source.fields["file"]).write_bytes(MAKERS[source.suffix](source))
    with (CORPUS / "manifest.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows(manifest_row(source) for source in sources)


if __name__ == "__main__":
    main()
