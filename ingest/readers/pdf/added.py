"""What was added to a PDF on top of its pages: values of form fields (read), annotations and attachments (reported)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as api

from ingest.readers.runs import Glyph

# Annotations of a page that are looked at, characters of a value that are read, characters quoted in a report.
_MAX_ANNOTATIONS, _MAX_VALUE, _QUOTED = 2000, 100_000, 20
# Points: the largest type that a field is filled in with; how far into a field its label may reach.
_TYPE, _REACH = 14.0, 3.0
_TICKED = "☑"
_UNSEEN = api.FPDF_ANNOT_FLAG_HIDDEN | api.FPDF_ANNOT_FLAG_NOVIEW
_WRITTEN = (api.FPDF_FORMFIELD_TEXTFIELD, api.FPDF_FORMFIELD_COMBOBOX, api.FPDF_FORMFIELD_LISTBOX)
_TICKABLE = (api.FPDF_FORMFIELD_CHECKBOX, api.FPDF_FORMFIELD_RADIOBUTTON)
# What people write on a finished page. Links, pop-ups and the like carry no text of their own.
_REMARKS = (
    api.FPDF_ANNOT_TEXT, api.FPDF_ANNOT_FREETEXT, api.FPDF_ANNOT_STAMP, api.FPDF_ANNOT_HIGHLIGHT, api.FPDF_ANNOT_UNDERLINE,
    api.FPDF_ANNOT_STRIKEOUT, api.FPDF_ANNOT_CARET, api.FPDF_ANNOT_FILEATTACHMENT,
)  # fmt: skip


class Field(NamedTuple):
    """A form field that is filled in."""

    left: float
    bottom: float
    right: float
    top: float
    value: str


class Added(NamedTuple):
    """The filled fields of a page, and the annotations: their words, or what they are."""

    fields: list[Field]
    remarks: list[str]


def added_to(page: pdfium.PdfPage) -> Added:
    """Look at the annotations of a page. Fields are read only after ``PdfDocument.init_forms``."""
    added = Added([], [])
    for index in range(min(api.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = api.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = api.FPDFAnnot_GetSubtype(annotation)
        if not api.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
            if kind == api.FPDF_ANNOT_WIDGET and page.formenv:
                added.fields.extend(_field(page.formenv, annotation))
            elif kind in _REMARKS:
                words = " ".join(_string(api.FPDFAnnot_GetStringValue, annotation, b"Contents").split())
                if words or kind in (api.FPDF_ANNOT_STAMP, api.FPDF_ANNOT_FILEATTACHMENT):
                    added.remarks.append(words or ("图章" if kind == api.FPDF_ANNOT_STAMP else "附件"))
        api.FPDFPage_CloseAnnot(annotation)
    return added


def with_fields(glyphs: Sequence[Glyph], fields: Sequence[Field]) -> list[Glyph]:
    """The characters of a page and those filled in, each value drawn after the label to its left."""
    placed = list(glyphs)
    for field in fields:
        middle = (field.bottom + field.top) / 2
        labels = [
            (glyph.right, index)
            for index, glyph in enumerate(placed)
            if glyph.bottom < middle < glyph.top and glyph.right < field.left + _REACH
        ]
        after = max(labels)[1] + 1 if labels else len(placed)
        placed[after:after] = _drawn(field, placed[after - 1].index if after else 0)
    return placed


def remark(number: int, remarks: Sequence[str]) -> str:
    """Report of the annotations of a page."""
    return f"第 {number} 页有批注或图章 {len(remarks)} 处（“{remarks[0][:_QUOTED]}”），未收入"


def document_remarks(document: pdfium.PdfDocument) -> list[str]:
    """Attached files, and forms that only Adobe's own program can show."""
    found = []
    count = api.FPDFDoc_GetAttachmentCount(document)
    if count > 0:
        name = _string(api.FPDFAttachment_GetName, api.FPDFDoc_GetAttachment(document, 0))
        found.append(f"含附件 {count} 个（{name[:_QUOTED]}{'等' if count > 1 else ''}），未读取")
    if document.get_formtype() in (api.FORMTYPE_XFA_FULL, api.FORMTYPE_XFA_FOREGROUND):
        found.append("含动态表单（XFA），其中填写的内容未读取")
    return found


def _field(form: pdfium.PdfFormEnv, annotation: api.FPDF_ANNOTATION) -> Iterator[Field]:
    kind = api.FPDFAnnot_GetFormFieldType(form, annotation)
    value = ""
    if kind in _WRITTEN:
        value = _string(api.FPDFAnnot_GetFormFieldValue, form, annotation)
    elif kind in _TICKABLE and api.FPDFAnnot_IsChecked(form, annotation):
        value = _TICKED
    box = api.FS_RECTF()
    if value.strip() and api.FPDFAnnot_GetRect(annotation, box):
        yield Field(box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top), value)


def _drawn(field: Field, index: int) -> Iterator[Glyph]:
    """The value set in its box: where exactly the lines break is known to the program that shows it."""
    lines = field.value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    height = (field.top - field.bottom) / len(lines)
    longest = max(map(len, lines))
    size = min(_TYPE, height, (field.right - field.left) / longest) or 1.0
    for number, line in enumerate(lines):
        top = field.top - number * height
        for place, char in enumerate(line):
            if not char.isspace():
                left = field.left + place * size
                yield Glyph(char, left, top - height, left + size, top, 0.0, index, line[place - 1 : place].isspace())


def _string(call: Callable[..., int], *of: object) -> str:
    """Text that PDFium hands over in UTF-16: the length in bytes first, then the bytes."""
    length = call(*of, None, 0)
    if not 2 < length <= 2 * _MAX_VALUE:
        return ""
    buffer = (api.FPDF_WCHAR * (length // 2 + 1))()
    call(*of, buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", errors="replace")
