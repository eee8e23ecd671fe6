"""PDF, printed or scanned (the only home of pypdfium2 and pypdf).

PDFium is neither thread-safe nor safe from itself (a 306 KB file can abort the process): in the product it runs only in
the child process of ``ingest.sandbox``.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as api

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, EncryptedFile, NoText, ReadError
from ingest.readers.marking import highlighted, quoted_glyphs
from ingest.readers.ocr import Recogniser, available
from ingest.readers.paged import GARBLED, PageRead, has_text, source_text
from ingest.readers.pdf.added import document_remarks
from ingest.readers.pdf.glyphs import page_glyphs
from ingest.readers.pdf.pages import largest_scale, read_pages

_CLEARER = "请换用更清晰的扫描件，或带文字的 PDF、Word 版本"
_INSTALL = "请运行 pip install 'wenhao[ocr]' 安装识别组件后重新收入，或换用带文字的 PDF、Word 版本"


def read_pdf(source: SourceFile, recogniser: Recogniser) -> SourceText:
    """Paragraphs rebuilt from the printed lines; page starts kept; what could not be read is said page by page.

    Pages without a usable text layer are read from their picture. Raises NoText where no page has readable text,
    EncryptedFile, CorruptFile.
    """
    document = _open(source.content, source.path)
    try:
        document.init_forms()
        read, remarks = read_pages(document, recogniser), document_remarks(document)
    finally:
        document.close()
    if not has_text(read):
        raise _nothing_readable(read, source.path)
    return source_text(read, remarks)


def page_image(content: bytes, page: int, quote: str, scale: float = 1.6) -> bytes:
    """PNG of a page (from 1) with the characters of ``quote`` on yellow; unmarked if they are not on this page.

    White space is ignored. Of a quote that began on the page before or runs on to the next, the part here is marked.
    Raises CorruptFile where the file has no such page.
    """
    document = _open(content, "")
    try:
        if not 1 <= page <= len(document):
            raise CorruptFile(f"文件没有第 {page} 页（共 {len(document)} 页）")
        drawn = document[page - 1]
        bitmap = drawn.render(scale=min(scale, largest_scale(drawn)))
        picture = bitmap.to_pil().convert("RGB")
        converter = bitmap.get_posconv(drawn)
        text_page = drawn.get_textpage()
        marked = quoted_glyphs(page_glyphs(text_page), quote)
        boxes = [
            (*converter.to_bitmap(glyph.left, glyph.top), *converter.to_bitmap(glyph.right, glyph.bottom))
            for glyph in marked
        ]
    except pdfium.PdfiumError as error:
        raise CorruptFile(f"第 {page} 页无法显示") from error
    finally:
        document.close()
    return highlighted(picture, boxes)


def _open(content: bytes, path: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise _open_error(content, path, error) from error


def _open_error(content: bytes, path: str, error: pdfium.PdfiumError) -> ReadError:
    """PDFium says "format error" for nearly everything; pypdf knows whether a password is missing."""
    encrypted = error.err_code in (api.FPDF_ERR_PASSWORD, api.FPDF_ERR_SECURITY)
    if not encrypted:
        try:
            encrypted = pypdf.PdfReader(io.BytesIO(content)).is_encrypted
        except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
            encrypted = False
    if encrypted:
        return EncryptedFile(f"PDF 有打开密码：{path}", "请去掉密码后另存，再重新上传")
    return CorruptFile(f"PDF 已损坏，无法打开：{path}", "文件可能没有下载完整，请重新下载后上传")


def _nothing_readable(read: Sequence[PageRead], path: str) -> NoText:
    reasons, pages = {page.unread for page in read if page.unread}, f"共 {len(read)} 页"
    hint = _CLEARER if available() else _INSTALL
    if reasons == {GARBLED}:
        return NoText(f"PDF 的文字编码损坏，复制出来也是乱码（{pages}）：{path}", hint)
    if reasons:
        return NoText(f"PDF 没有文字层，是扫描件或图片，未能识别出文字（{pages}）：{path}", hint)
    if any(page.problem for page in read):
        return NoText(f"PDF 的页面已损坏，没有读到文字（{pages}）：{path}", "请重新下载，或用原程序另存后再上传")
    return NoText(f"PDF 是空白的（{pages}）：{path}", "请检查文件内容后重新上传")
