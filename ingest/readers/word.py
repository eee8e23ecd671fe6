"""DOCX, read from its XML: automatic numbers resolved, insertions kept, deletions and hidden text dropped.

Automatic numbers (一、（一）1.) are not in the text of a DOCX, they follow from numbering.xml. python-docx and its kin
lose them (1 of 44 kept, measured), and the outline of a policy file with them. Packages that WPS writes with dangling
relationships stop python-docx altogether, so the parts are read directly.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, NoText
from ingest.normalize import tidy
from ingest.readers.archive import BROKEN, Package, parse_xml
from ingest.readers.numbering import Numbering, W, is_on, value_of

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# ISO 29500 "strict" files use other namespace names for the same elements.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
# w:sz counts half points; text below 4 points is not meant to be read.
_TINY = 8
_FALLBACK = _COMPATIBILITY + "Fallback"
_NOT_RUNS = frozenset((_FALLBACK, *(W + name for name in ("pPr", "rt", "sdtPr"))))
_CONTAINERS = frozenset(W + name for name in ("ins", "moveTo", "smartTag", "customXml", "sdtContent", "body", "tc"))


def read_word(source: SourceFile) -> SourceText:
    """Body, text boxes and footnotes: one paragraph a line, one table row a line with its cells joined by tabs.

    Raises CorruptFile where the package or its XML is broken, NoText where there is no text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            parts = _Parts(Package(archive))
            document = parts.xml(parts.main)
            if document is None:
                raise CorruptFile(
                    f"不是有效的 Word 文件，缺少正文部分：{source.path}", "请用 Word 或 WPS 打开后另存为 .docx"
                )
            reading = _Reading(
                Numbering(parts.xml(parts.beside("numbering.xml")), parts.xml(parts.beside("styles.xml")))
            )
            body = document.find(W + "body")
            lines = list(reading.blocks(body)) if body is not None else []
            lines += _footnotes(parts.xml(parts.beside("footnotes.xml")), reading)
    except BROKEN as error:
        raise CorruptFile(
            f"Word 文件已损坏，无法打开：{source.path}", "请用 Word 或 WPS 打开后另存为 .docx 再上传"
        ) from error
    text = "".join(f"{line}\n" for line in map(_tidy_line, lines) if line)
    if not text.strip():
        raise NoText(f"Word 文件里没有文字：{source.path}", "如果正文是图片，请换用带文字的版本")
    return SourceText(text, warnings=reading.warnings())


class _Parts:
    """The XML parts of a package, found by relationship where there is one."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.main = self._main_part()

    def beside(self, name: str) -> str:
        return posixpath.join(posixpath.dirname(self.main), name)

    def xml(self, name: str) -> etree._Element | None:
        content = self._package.read(name)
        if content is None:
            return None
        for strict, transitional in _STRICT:
            content = content.replace(strict, transitional)
        return parse_xml(content)

    def _main_part(self) -> str:
        relationships = self.xml("_rels/.rels")
        if relationships is not None:
            for relationship in relationships.iter(f"{{{_RELATIONSHIPS}}}Relationship"):
                if relationship.get("Type", "").endswith("/officeDocument"):
                    return relationship.get("Target", "").lstrip("/")
        return "word/document.xml"


@dataclass(slots=True)
class _Reading:
    """Walks the tree in reading order and counts what it leaves out."""

    numbering: Numbering
    hidden: int = 0
    deleted: int = 0
    # A paragraph whose end mark was deleted runs on into the next one.
    pending: list[str] = field(default_factory=list)

    def blocks(self, parent: etree._Element) -> Iterator[str]:
        """Lines of the paragraphs and tables under ``parent``."""
        for child in parent:
            if child.tag == W + "p":
                yield from self._paragraph(child)
            elif child.tag == W + "tbl":
                yield from self._table(child)
            elif child.tag == W + "sdt":
                content = child.find(W + "sdtContent")
                if content is not None and not _is_contents_list(child):
                    yield from self.blocks(content)
            elif child.tag in _CONTAINERS:
                yield from self.blocks(child)

    def warnings(self) -> tuple[str, ...]:
        found = []
        if self.hidden:
            found.append(f"有 {self.hidden} 个字是隐藏文字（隐藏、白色或极小字号），未收入")
        if self.deleted:
            found.append(f"文件带有修订痕迹：已按接受修订处理，略去被删除的 {self.deleted} 个字")
        return tuple(found)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        for box in paragraph.iter(W + "txbxContent"):
            if not _inside_fallback(box) and _text_box_around(box) is _text_box_around(paragraph):
                yield from self.blocks(box)
        self.pending.extend(self._runs(paragraph))
        if is_on(paragraph.find(f"{W}pPr/{W}rPr/{W}del")):
            return
        text = "".join(self.pending)
        self.pending.clear()
        label = self.numbering.label(paragraph)
        if text.strip():
            # 第一条 and the text behind it are separated by a tab that is part of the numbering, not of the text.
            space = "\u3000" if label.endswith(("条", "章", "节", "编")) else ""
            yield from f"{label}{space}{text}".split("\n")

    def _runs(self, parent: etree._Element) -> Iterator[str]:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                yield from self._run(child)
            elif tag == W + "del" or tag == W + "moveFrom":
                self.deleted += sum(len(text.text or "") for text in child.iter(W + "delText", W + "t"))
            elif tag == _MATH + "t":
                yield child.text or ""
            elif isinstance(tag, str) and tag not in _NOT_RUNS:
                yield from self._runs(child)

    def _run(self, run: etree._Element) -> Iterator[str]:
        text = "".join(_run_text(run))
        if text.strip() and _is_hidden(run):
            self.hidden += len(text.strip())
        else:
            yield text

    def _table(self, table: etree._Element) -> Iterator[str]:
        for row in _rows(table):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.deleted += sum(len(text.text or "") for text in row.iter(W + "delText", W + "t"))
                continue
            cells = [list(self.blocks(cell)) for cell in _cells(row)]
            if len(cells) == 1:
                yield from cells[0]
            else:
                yield "\t".join(" ".join(line.replace("\t", " ") for line in cell if line.strip()) for cell in cells)


def _run_text(run: etree._Element) -> Iterator[str]:
    for child in run:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in (W + "tab", W + "ptab"):
            yield " "
        elif child.tag == W + "cr" or (child.tag == W + "br" and child.get(W + "type") in (None, "textWrapping")):
            yield "\n"
        elif child.tag == W + "noBreakHyphen":
            yield "-"


def _is_hidden(run: etree._Element) -> bool:
    properties = run.find(W + "rPr")
    if properties is None:
        return False
    if is_on(properties.find(W + "vanish")):
        return True
    size = value_of(properties.find(W + "sz"))
    if size and size.isascii() and size.isdigit() and int(size) < _TINY:
        return True
    return (value_of(properties.find(W + "color")) or "").upper() == "FFFFFF" and not _is_shaded(run)


def _is_shaded(run: etree._Element) -> bool:
    """White text is readable on a dark ground: shading of the run, paragraph or cell, or any table style."""
    for element in (run, *run.iterancestors()):
        if element.tag == W + "tbl":
            return element.find(f"{W}tblPr/{W}tblStyle") is not None
        shading = element.find(f"*/{W}shd")
        if shading is not None and element.tag in (W + "r", W + "p", W + "tc"):
            return (shading.get(W + "fill") or "auto").upper() not in ("AUTO", "FFFFFF")
    return False


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == W + "tr":
            yield child
        elif child.tag == W + "sdt":
            yield from _rows(child.find(W + "sdtContent") if child.find(W + "sdtContent") is not None else ())
        elif child.tag in _CONTAINERS:
            yield from _rows(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == W + "tc":
            yield child
        elif child.tag == W + "sdt":
            yield from _cells(child.find(W + "sdtContent") if child.find(W + "sdtContent") is not None else ())
        elif child.tag in _CONTAINERS:
            yield from _cells(child)


def _is_contents_list(block: etree._Element) -> bool:
    """A generated 目录 repeats the headings with page numbers; its lines are no clauses."""
    return value_of(block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")) == "Table of Contents"


def _inside_fallback(box: etree._Element) -> bool:
    """Word stores each text box twice: mc:Choice, and mc:Fallback for old programs."""
    return any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors())


def _text_box_around(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors(W + "txbxContent"), None)


def _footnotes(notes: etree._Element | None, reading: _Reading) -> Iterator[str]:
    if notes is not None:
        for note in notes.iter(W + "footnote"):
            if note.get(W + "type") is None:
                yield from reading.blocks(note)


def _tidy_line(line: str) -> str:
    cells = [tidy(cell) for cell in line.split("\t")]
    return "\t".join(cells) if any(cells) else ""
