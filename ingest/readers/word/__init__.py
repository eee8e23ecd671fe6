"""DOCX, read from its XML: automatic numbers resolved, insertions kept, deletions and hidden text dropped.

Automatic numbers (一、（一）1.) are not in the text of a DOCX, they follow from numbering.xml. python-docx and its kin
lose them (1 of 44 kept, measured), and the outline of a policy file with them. Packages that WPS writes with dangling
relationships stop python-docx altogether, so the parts are read directly.

``parts`` → ``styles``, ``numbering``, ``notes`` → ``body``; ``leftout`` is what the user is told.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

from lxml import etree

from ingest.clauses.forms import CLASSIFIED, is_head_mark
from ingest.docnumber import find_numbers
from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, NoText, ReadError
from ingest.limits import Limits
from ingest.normalize import fold, tidy
from ingest.readers.archive import BROKEN, Package, check_archive
from ingest.readers.sniffing import DOCX, sniff
from ingest.readers.word.body import Reading
from ingest.readers.word.inserted import inserted_lines
from ingest.readers.word.leftout import LeftOut
from ingest.readers.word.notes import Notes
from ingest.readers.word.numbering import Numbering
from ingest.readers.word.parts import Parts, R, W, is_on
from ingest.readers.word.styles import Styles

__all__ = ["read_word"]

_HINT = "请用 Word 或 WPS 打开后另存为 .docx"
# 机关标志 and 文号 stand in the body, if there, within its first lines.
_HEAD_LINES = 12


def read_word(source: SourceFile) -> SourceText:
    """Body, text boxes and notes: one paragraph a line, one table row a line with its cells joined by tabs. A note
    (``注①：…``) follows the paragraph or the table that refers to it.

    Raises CorruptFile where the package or its XML is broken, NoText where there is no text.
    """
    left_out = LeftOut()
    try:
        lines = _read(source.content, source.path, left_out, is_inserted=False)
    except BROKEN as error:
        raise CorruptFile(f"Word 文件已损坏，无法打开：{source.path}", f"{_HINT}再上传") from error
    text = "".join(f"{line}\n" for line in lines)
    if not text.strip():
        raise NoText(f"Word 文件里没有文字：{source.path}", "如果正文是图片，请换用带文字的版本")
    return SourceText(text, warnings=left_out.warnings())


def _read(content: bytes, path: str, left_out: LeftOut, is_inserted: bool) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = Parts(Package(archive))
        document = parts.document()
        if document is None:
            raise CorruptFile(f"不是有效的 Word 文件，缺少正文部分：{path}", _HINT)
        body = document.find(W + "body")
        if body is None:
            return []

        def insert(name: str, inserted: bytes) -> list[str] | None:
            kind = sniff(inserted, name)
            if kind != DOCX or is_inserted:
                return inserted_lines(kind, inserted)
            try:
                check_archive(inserted, name, Limits())
                return _read(inserted, name, left_out, is_inserted=True)
            except (*BROKEN, ReadError):
                return None

        return _lines(parts, body, left_out, insert)


def _lines(
    parts: Parts, body: etree._Element, left_out: LeftOut, insert: Callable[[str, bytes], list[str] | None]
) -> list[str]:
    styles = Styles(parts.related("styles"))
    noted = {"footnote": parts.related("footnotes"), "endnote": parts.related("endnotes")}
    notes = Notes(body, parts.related("settings"), noted)
    reading = Reading(parts, Numbering(parts.related("numbering"), styles), styles, notes, left_out, insert)
    lines = _tidied(reading.document(body))
    comments = parts.related("comments")
    left_out.comments += 0 if comments is None else len(comments.findall(W + "comment"))
    left_out.macros |= parts.has_macros
    left_out.count_drawings(body)
    header = _first_header(parts, body)
    return lines if header is None else [*_head(_tidied(reading.story(header)), lines), *lines]


def _tidied(lines: Iterator[str]) -> list[str]:
    cells = ([tidy(cell) for cell in line.split("\t")] for line in lines)
    return ["\t".join(line) for line in cells if any(line)]


def _first_header(parts: Parts, body: etree._Element) -> etree._Element | None:
    """页眉 of the first page."""
    section = next((s for s in body.iter(W + "sectPr") if s.getparent().tag != W + "sectPrChange"), None)
    if section is None:
        return None
    wanted = "first" if is_on(section.find(W + "titlePg")) else "default"
    named = {reference.get(W + "type"): reference.get(R + "id") for reference in section.findall(W + "headerReference")}
    return parts.target_xml(named.get(wanted))


def _head(header: list[str], lines: list[str]) -> list[str]:
    """The lines of the first page's header, where they are 机关标志, 文号 or 密级 and the body does not say the same."""
    is_head = any(_is_head_line(line) for line in header)
    return [line for line in header if line not in lines[:_HEAD_LINES]] if is_head else []


def _is_head_line(line: str) -> bool:
    folded = fold(line).replace(" ", "")
    is_number = any(number.span.end - number.span.start >= len(line.strip()) for number in find_numbers(line))
    is_mark = is_head_mark(folded) and folded.endswith(("文件", "令", "公告"))
    return is_number or is_mark or CLASSIFIED.fullmatch(folded) is not None
