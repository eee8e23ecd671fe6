"""The text of a Word document in reading order: paragraphs and table rows as lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from ingest.readers.word.boxes import boxes_around
from ingest.readers.word.fields import Fields, is_contents
from ingest.readers.word.formula import M, linear
from ingest.readers.word.inserted import diagram_lines
from ingest.readers.word.leftout import LeftOut
from ingest.readers.word.notes import Note, Notes
from ingest.readers.word.numbering import Numbering
from ingest.readers.word.parts import COMPATIBILITY, Parts, R, W, chosen, is_fallback, is_on, value_of
from ingest.readers.word.styles import Styles
from ingest.readers.word.symbols import in_symbol_font, is_symbol_font, symbol
from ingest.readers.word.tables import Cell, rows_of

_ALTERNATE = COMPATIBILITY + "AlternateContent"
_EMOJI = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}symEx"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DELETED = (W + "del", W + "moveFrom")
_NOT_RUNS = frozenset(W + name for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "rt", "txbxContent", "customXmlPr"))
_CONTAINERS = frozenset(W + name for name in ("ins", "moveTo", "smartTag", "customXml", "sdtContent"))
_MARKS = {W + "tab": " ", W + "ptab": " ", W + "cr": "\n", W + "noBreakHyphen": "-"}


class Reading:
    """Walks a document in reading order, counts its numbers and what it leaves out."""

    def __init__(
        self,
        parts: Parts,
        numbering: Numbering,
        styles: Styles,
        notes: Notes,
        left_out: LeftOut,
        insert: Callable[[str, bytes], list[str] | None],
    ) -> None:
        """``insert``: lines of a file that is shown as part of the document; ``None`` where it cannot be read."""
        self._parts = parts
        self._numbering = numbering
        self._styles = styles
        self._notes = notes
        self._left_out = left_out
        self._insert = insert
        # Text of paragraphs whose end mark is deleted or hidden: they run on into the next one.
        self._pending: list[str] = []
        self._label = ""
        self._fields = Fields(etree.Element("none"))
        self._noted: list[Note] = []
        self._tables = 0
        self._in_text = False
        self._in_contents = False

    def document(self, body: etree._Element) -> Iterator[str]:
        """Lines of the body, with every note."""
        yield from self.story(body)
        self._in_text = True
        yield from self._flush()

    def story(self, root: etree._Element) -> Iterator[str]:
        """Lines of a body, a text box, a note or a cell: nothing runs on beyond its end."""
        outer = self._pending, self._label, self._fields
        self._pending, self._label, self._fields = [], "", Fields(root)
        yield from self._blocks(root)
        yield from self._flush()
        self._pending, self._label, self._fields = outer

    def _blocks(self, parent: etree._Element) -> Iterator[str]:
        for child in parent:
            tag = child.tag
            if tag == W + "p":
                yield from self._paragraph(child)
            elif tag == W + "tbl":
                yield from self._flush()
                yield from self._table(child)
            elif tag == W + "sdt":
                yield from self._control(child)
            elif tag == W + "altChunk":
                part = self._parts.target(child.get(R + "id"))
                lines = None if part is None else self._insert(*part)
                self._left_out.parts += lines is None
                yield from lines or ()
            elif tag == _ALTERNATE:
                branch = chosen(child)
                yield from self._blocks(branch) if branch is not None else ()
            elif tag in _CONTAINERS:
                yield from self._blocks(child)

    def _control(self, control: etree._Element) -> Iterator[str]:
        """内容控件 around whole paragraphs."""
        content = control.find(W + "sdtContent")
        if content is None or _is_placeholder(control):
            return
        # A generated 目录 repeats the headings with page numbers; its lines are no clauses.
        if value_of(control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")) == "Table of Contents":
            self._left_out.contents += sum(any(t.text for t in p.iter(W + "t")) for p in content.iter(W + "p"))
        else:
            yield from self._blocks(content)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        above, below = boxes_around(paragraph)
        for box in above:
            yield from self.story(box)
        self._pending.extend(self._runs(paragraph))
        self._fields.end_paragraph()
        if self._in_contents:
            self._left_out.contents += 1
            self._in_contents = False
        has_text = any(piece.strip() for piece in self._pending)
        if _is_mark_deleted(paragraph):
            return
        if self._styles.hides_mark(paragraph):
            # 标题 whose hidden end lets the text follow on its line (style separator) keeps its number.
            self._label = self._label or (self._numbering.label(paragraph) if has_text else "")
            return
        label = self._numbering.label(paragraph)
        self._label = self._label or label
        yield from self._flush()
        for box in below:
            yield from self.story(box)
        for diagram in paragraph.iter(_DIAGRAM):
            if next(diagram.iterancestors(W + "p")) is paragraph and not is_fallback(diagram):
                yield from diagram_lines(self._parts.target_xml(diagram.get(R + "dm")))

    def _flush(self) -> Iterator[str]:
        """The paragraph that has been collected, and the notes that belong to it; those of a table come after it."""
        text, label = "".join(self._pending), self._label
        self._pending, self._label = [], ""
        if text.strip():
            # 1. and 5亿元 must not become 1.5亿元.
            space = " " if label.endswith((".", "．")) and text.lstrip()[:1].isdigit() else ""
            yield from f"{label}{space}{text}".split("\n")
        # The note of a title stands below the first sentence: title, 文号 and 主送机关 stay together.
        self._in_text = self._in_text or "。" in text
        if not self._tables and self._in_text:
            noted, self._noted = self._noted, []
            for note in noted:
                yield from self._note(note)

    def _note(self, note: Note) -> Iterator[str]:
        if note.content is None:
            return
        text = " ".join(line.strip() for line in self.story(note.content) if line.strip())
        if text:
            yield f"注{note.mark}：{text.removeprefix(note.mark).lstrip()}"

    def _runs(self, parent: etree._Element) -> Iterator[str]:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                yield from self._run(child)
            elif tag in _DELETED:
                self._left_out.deleted += _length(child)
            elif tag == M + "oMath":
                yield linear(child)
            elif tag == W + "sdt":
                content = child.find(W + "sdtContent")
                yield from self._runs(content) if content is not None and not _is_placeholder(child) else ()
            elif tag == _ALTERNATE:
                branch = chosen(child)
                yield from self._runs(branch) if branch is not None else ()
            elif tag == W + "fldSimple" and is_contents(child.get(W + "instr")):
                self._in_contents = True
            elif isinstance(tag, str) and tag not in _NOT_RUNS:
                yield from self._runs(child)

    def _run(self, run: etree._Element) -> Iterator[str]:
        text = "".join(self._pieces(run))
        if text.strip() and self._styles.is_hidden(run):
            self._left_out.hidden += len(text.strip())
        else:
            yield text

    def _pieces(self, run: etree._Element) -> Iterator[str]:
        """What the children of a run print."""
        for child in run:
            tag = child.tag
            if tag == W + "fldChar":
                yield self._fields.step(child)
            elif tag == W + "instrText":
                self._fields.instruct(child.text)
            elif not self._fields.shows:
                self._in_contents = self._in_contents or (self._fields.in_contents and bool(child.text))
            elif tag == W + "t":
                yield self._typed(run, child.text or "")
            elif tag in _MARKS:
                yield _MARKS[tag]
            elif tag == W + "br":
                yield "\n" if child.get(W + "type") in (None, "textWrapping") else ""
            elif tag == W + "sym":
                yield self._symbol(child.get(W + "font", ""), child.get(W + "char", ""))
            elif tag == _EMOJI:
                yield self._symbol("", child.get(_EMOJI.replace("symEx", "char"), ""))
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                yield self._reference(run, child)
            elif tag == W + "ruby":
                yield from self._runs(child)
            elif tag == _ALTERNATE:
                branch = chosen(child)
                yield from self._pieces(branch) if branch is not None else ()

    def _typed(self, run: etree._Element, text: str) -> str:
        fonts = self._styles.run_property(run, "rFonts") if run.tag == W + "r" else None
        font = "" if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or ""
        return in_symbol_font(font, text) if is_symbol_font(font) else text

    def _symbol(self, font: str, code: str) -> str:
        try:
            found = symbol(font, int(code, 16))
        except ValueError:
            found = None
        self._left_out.symbols += found is None
        return found or ""

    def _reference(self, run: etree._Element, reference: etree._Element) -> str:
        note = self._notes.of(reference)
        if note is None:
            return ""
        if not note.mark:  # typed by the author behind the reference
            note = Note("".join(text.text or "" for text in run.iter(W + "t")).strip(), note.content)
            self._noted.append(note)
            return ""
        self._noted.append(note)
        return note.shown

    def _table(self, table: etree._Element) -> Iterator[str]:
        self._tables += 1
        for row in rows_of(table):
            if row.is_deleted:
                self._left_out.deleted += _length(row.element)
                continue
            if row.is_hidden:
                self._left_out.hidden += _length(row.element)
                continue
            texts = {cell.column: self._cell(cell) for cell in row.cells}
            if len(texts) == 1:
                yield from next(iter(texts.values()))
            elif texts:
                columns = (column for column in row.columns if column <= max(texts))
                yield "\t".join(
                    " ".join(line.replace("\t", " ") for line in texts.get(column, ()) if line.strip())
                    for column in columns
                )
        self._tables -= 1
        self._in_text = True
        yield from self._flush()

    def _cell(self, cell: Cell) -> list[str]:
        if cell.is_deleted:
            self._left_out.deleted += _length(cell.element)
            return []
        if cell.is_covered:
            self._left_out.hidden += _length(cell.element)
            return []
        return list(self.story(cell.element))


def _is_placeholder(control: etree._Element) -> bool:
    """单击此处输入文字: the control is empty."""
    return is_on(control.find(f"{W}sdtPr/{W}showingPlcHdr"))


def _is_mark_deleted(paragraph: etree._Element) -> bool:
    properties = paragraph.find(f"{W}pPr/{W}rPr")
    return properties is not None and any(is_on(properties.find(tag)) for tag in _DELETED)


def _length(element: etree._Element) -> int:
    return sum(len((text.text or "").strip()) for text in element.iter(W + "delText", W + "t"))
