"""DOCX: typed numbers, automatic numbers (whole, or mixed with typed ones), and what offices leave in their files:
tracked changes, text boxes, content controls, hidden text, soft returns, footnotes, signatures and 版记 in tables.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Sequence
from html import escape
from random import Random

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from tests.hard_documents.automatic import Numbers
from tests.hard_documents.truth import CHAPTER, DIGIT, Block, Policy, Row

SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
INDENT = "\u3000\u3000"
FOOTNOTE = "本页所称企业包括个体工商户。"


def as_docx(policy: Policy, numbers: str = "typed", hard: bool = False) -> bytes:
    """``numbers``: typed, or automatic, separate, mixed (see ``automatic.Numbers``)."""
    letter = Letter(policy, numbers, hard)
    for number, block in enumerate(letter.joined(policy.blocks)):
        letter.write(block, number)
    return letter.saved()


class Letter:
    """A file typed in Word or WPS. ``hard``: with revisions, text boxes, content controls and a footnote."""

    def __init__(self, policy: Policy, numbers: str, hard: bool) -> None:
        self.policy = policy
        self.rng = Random(policy.seed)
        self.hard = hard
        self.word = docx.Document()
        self.numbers = Numbers(self.word, numbers, policy.blocks) if numbers != "typed" else None
        self.spaces = self.rng.random() < 0.4  # indents typed as full-width spaces
        self.boxed = hard and self.rng.random() < 0.7
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        footer.add_run("— ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        footer._p.append(field)
        footer.add_run(" —")

    def joined(self, blocks: Sequence[Block]) -> list[Block | tuple[Block, ...]]:
        """Typed short items may stand in one paragraph, parted by soft returns."""
        if not self.hard or self.numbers:
            return list(blocks)
        grouped: list[Block | tuple[Block, ...]] = []
        for is_list, group in itertools.groupby(blocks, lambda block: block.level == DIGIT and len(block.text) < 50):
            members = tuple(group)
            grouped += [members] if is_list and len(members) > 1 else members
        return grouped

    def write(self, block: Block | tuple[Block, ...], number: int) -> None:
        if isinstance(block, tuple):
            paragraph = self._paragraph()
            self._run(paragraph, "\n".join(f"{INDENT}{member.printed}" for member in block))
        elif block.role in ("body", "table", "title", "attached", "mark", "signature", "annex", "printed", "annexes"):
            getattr(self, f"_write_{block.role}")(block)
        else:
            self._write_line(block)
        if self.hard and number % 9 == 4:
            self._deleted_paragraph()

    def saved(self) -> bytes:
        target = io.BytesIO()
        self.word.save(target)
        return with_footnote(target.getvalue()) if self.hard else target.getvalue()

    def _paragraph(self, align: str = "", indent: float = 0) -> Paragraph:
        paragraph = self.word.add_paragraph()
        form = paragraph.paragraph_format
        form.space_after, form.line_spacing = Pt(0), Pt(28)
        if align:
            paragraph.alignment = WD_ALIGN_PARAGRAPH[align]
        if indent:
            form.first_line_indent = Pt(indent)
        return paragraph

    def _run(self, paragraph: Paragraph, text: str, size: float = 16, font: str = SERIF, red: bool = False) -> None:
        run = paragraph.add_run(text)
        run.font.size, run.font.name = Pt(size), font
        run._r.rPr.rFonts.set(qn("w:eastAsia"), font)
        if red:
            run.font.color.rgb = RGBColor(0xFF, 0, 0)

    def _write_mark(self, block: Block) -> None:
        if not self.boxed:
            for line in block.lines:
                self._run(self._paragraph("CENTER"), " ".join(line) if len(line) < 12 else line, 26, SANS, red=True)
            return
        self._paragraph("CENTER")._p.append(parse_xml(text_box(block.lines)))

    def _write_title(self, block: Block) -> None:
        if self.rng.random() < 0.5:
            self._run(self._paragraph("CENTER"), "\n".join(block.lines), 22, SANS)
            return
        for line in block.lines:
            self._run(self._paragraph("CENTER"), line, 22, SANS)

    def _write_attached(self, block: Block) -> None:
        self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        self._write_title(block)
        if self.numbers:
            self.numbers.begin_part()

    def _write_annex(self, block: Block) -> None:
        paragraph = self._paragraph()
        paragraph.paragraph_format.page_break_before = self.rng.random() < 0.7
        self._run(paragraph, block.lines[0], 16, SANS)
        self._paragraph()
        self._run(self._paragraph("CENTER"), block.lines[1], 22, SANS)
        if self.numbers:
            self.numbers.begin_part()

    def _write_line(self, block: Block) -> None:
        align = {"number": "CENTER", "date": "RIGHT"}.get(block.role, "")
        paragraph = self._paragraph(align, 32 if block.role == "note" else 0)
        if self.hard and block.role in ("number", "date"):
            paragraph._p.append(
                parse_xml(
                    f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent><w:r><w:t>{block.printed}</w:t></w:r></w:sdtContent></w:sdt>"
                )
            )
            return
        self._run(paragraph, block.printed + (INDENT * 2 if align == "RIGHT" else ""))

    def _write_annexes(self, block: Block) -> None:
        self._paragraph()
        for line in block.lines:
            self._run(self._paragraph(indent=32), line)

    def _write_body(self, block: Block) -> None:
        align = "CENTER" if block.level == CHAPTER else ""
        paragraph = self._paragraph(align, 0 if self.spaces or align else 32)
        indent = INDENT if self.spaces and not align else ""
        if self.numbers and self.numbers.number(paragraph, block):
            self._text(paragraph, ("" if not indent or block.level else indent) + block.text)
            return
        self._text(paragraph, indent + block.printed)

    def _text(self, paragraph: Paragraph, text: str) -> None:
        """The text; in a hard file split into runs, with insertions, deletions and hidden words in between."""
        if not self.hard or len(text) < 20 or self.rng.random() < 0.5:
            self._run(paragraph, text)
            return
        first, second = sorted(self.rng.sample(range(1, len(text)), 2))
        self._run(paragraph, text[:first])
        mark = 'w:id="7" w:author="某" w:date="2024-01-01T00:00:00Z"'
        ns = nsdecls("w")
        secret, inserted = self.policy.secret, escape(text[first:second], quote=False)
        extra = self.rng.choice(
            (
                f"<w:del {ns} {mark}><w:r><w:delText>{secret}</w:delText></w:r></w:del>",
                f"<w:r {ns}><w:rPr><w:vanish/></w:rPr><w:t>{secret}</w:t></w:r>",
                f'<w:r {ns}><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>{secret}</w:t></w:r>',
            )
        )
        paragraph._p.append(parse_xml(extra))
        paragraph._p.append(
            parse_xml(f'<w:ins {ns} {mark}><w:r><w:t xml:space="preserve">{inserted}</w:t></w:r></w:ins>')
        )
        self._run(paragraph, text[second:])

    def _deleted_paragraph(self) -> None:
        mark = 'w:id="8" w:author="某" w:date="2024-01-01T00:00:00Z"'
        run = f"<w:del {mark}><w:r><w:delText>（九）{self.policy.secret}。</w:delText></w:r></w:del>"
        xml = f"<w:p {nsdecls('w')}><w:pPr><w:rPr><w:del {mark}/></w:rPr></w:pPr>{run}</w:p>"
        self.word.element.body.insert(len(self.word.element.body) - 1, parse_xml(xml))

    def _write_table(self, block: Block) -> None:
        table = self.word.add_table(len(block.rows), len(block.rows[0].cells), style="Table Grid")
        fill(table, block.rows)
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)

    def _write_signature(self, block: Block) -> None:
        names = block.lines or (block.text,)
        if len(names) == 1:
            self._run(self._paragraph("RIGHT"), names[0] + INDENT)
        elif self.rng.random() < 0.5:
            pairs = [names[index : index + 2] for index in range(0, len(names), 2)]
            table = self.word.add_table(len(pairs), 2)
            for cells, pair in zip(table.rows, pairs, strict=True):
                for cell, name in zip(cells.cells, pair, strict=False):
                    self._run(cell.paragraphs[0], name)
        else:
            for index in range(0, len(names), 2):
                self._run(self._paragraph(), (INDENT * 3).join(names[index : index + 2]))

    def _write_printed(self, block: Block) -> None:
        if self.rng.random() < 0.5:
            table = self.word.add_table(1, 2)
            for cell, text in zip(table.rows[0].cells, block.lines, strict=True):
                self._run(cell.paragraphs[0], text, 14)
            return
        self._run(self._paragraph(), (INDENT * 2).join(block.lines), 14)


def fill(table: Table, rows: Sequence[Row]) -> None:
    """Texts of the cells; carried cells are merged with the one above."""
    for number, row in enumerate(rows):
        cells = table.rows[number].cells
        for column, text in enumerate(row.cells):
            if column not in row.carried:
                cells[column].text = text
    for number, row in enumerate(rows):
        for column in row.carried:
            top = max(above for above in range(number) if column not in rows[above].carried)
            table.cell(top, column).merge(table.cell(number, column))
            table.cell(top, column).text = rows[top].cells[column]


def text_box(lines: Sequence[str]) -> str:
    """A text box as Word stores it: once for new programs, once for old ones."""
    content = "".join(
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:color w:val="FF0000"/><w:sz w:val="52"/></w:rPr><w:t>{line}</w:t></w:r></w:p>'
        for line in lines
    )
    box = f"<w:txbxContent>{content}</w:txbxContent>"
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    shape = (
        '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="5600000" cy="1200000"/><wp:docPr id="1" name="红头"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
        '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5600000" cy="1200000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx>{box}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    old = f'<w:pict><v:shape style="width:440pt;height:90pt"><v:textbox>{box}</v:textbox></v:shape></w:pict>'
    return (
        f'<w:r {nsdecls("w")} {spaces}><mc:AlternateContent><mc:Choice Requires="wps">{shape}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def with_footnote(content: bytes) -> bytes:
    """The same file with a footnote (the part only; its mark in the text is not needed)."""
    target = io.BytesIO()
    xml = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>{FOOTNOTE}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("word/footnotes.xml", xml)
    return target.getvalue()
