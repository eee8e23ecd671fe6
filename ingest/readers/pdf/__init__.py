"""PDF with a text layer (the only home of pypdfium2 and pypdf).

PDFium is neither thread-safe nor safe from itself (a 306 KB file can abort the process): in the product it runs only in
the child process of ``ingest.sandbox``.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as api

from ingest.document import Page, SourceFile, SourceText
from ingest.errors import CorruptFile, EncryptedFile, NoText, ReadError
from ingest.readers.lines import Glyph, printed_page
from ingest.readers.marking import highlighted, quoted_glyphs
from ingest.readers.paragraphs import PrintedPage, paragraphs
from ingest.readers.pdf.glyphs import Style, as_seen, page_glyphs
from ingest.readers.pdf.grounds import page_grounds
from ingest.readers.text import is_garbled

# A scan may carry a stamp or a watermark as text; a page with fewer characters than this and a large picture is a scan.
_FEW_CHARACTERS = 50
_LARGE_PICTURE = 0.5
# Text drawn as curves: many paths, no character.
_MANY_PATHS = 100

_SCAN = "扫描页，没有文字层，未识别"
_CURVES = "文字已转为图形，无法读取"
_GARBLED = "文字编码损坏（字符映射错乱），未收入"
_OCR_LAYER = "扫描件自带的识别文字，关键内容请对照原件"
_HINT = "请换用带文字的 PDF 或 Word 版本；扫描件识别暂不支持"


def read_pdf(source: SourceFile) -> SourceText:
    """Paragraphs rebuilt from the printed lines; page starts kept; what could not be read is said page by page.

    Raises NoText where no page has readable text, EncryptedFile, CorruptFile.
    """
    document = _open(source.content, source.path)
    try:
        read = [_read_page(document, index, source.path) for index in range(len(document))]
    finally:
        document.close()
    if not any(page.printed.lines for page in read):
        raise _nothing_readable(read, source.path)
    text, starts = paragraphs([page.printed for page in read])
    pages = tuple(
        Page(page.printed.number, start, page.layer, page.problem) for page, start in zip(read, starts, strict=True)
    )
    return SourceText(text, pages=pages, warnings=_warnings(read))


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
        bitmap = drawn.render(scale=scale)
        picture = bitmap.to_pil().convert("RGB")
        converter = bitmap.get_posconv(drawn)
        text_page = drawn.get_textpage()
        marked = quoted_glyphs([glyph for glyph, _ in page_glyphs(text_page)], quote)
        boxes = [
            (*converter.to_bitmap(glyph.left, glyph.top), *converter.to_bitmap(glyph.right, glyph.bottom))
            for glyph in marked
        ]
    except pdfium.PdfiumError as error:
        raise CorruptFile(f"第 {page} 页无法显示") from error
    finally:
        document.close()
    return highlighted(picture, boxes)


@dataclass(slots=True)
class _PageRead:
    printed: PrintedPage
    layer: str = "text"
    problem: str | None = None
    hidden: str = ""
    watermark: str = ""


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


def _read_page(document: pdfium.PdfDocument, index: int, path: str) -> _PageRead:
    try:
        page = document[index]
        text_page = page.get_textpage()
    except pdfium.PdfiumError:
        return _PageRead(PrintedPage(index + 1, 0.0, 0.0, ()), "none", "页面已损坏，无法读取")
    try:
        return _judged(page, text_page, index + 1)
    finally:
        text_page.close()
        page.close()


def _judged(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, number: int) -> _PageRead:
    """Sort the characters of a page into read, hidden and watermark, and tell whether the page is a scan or garbled."""
    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    grounds = page_grounds(page)
    sorted_glyphs: dict[Style, list[Glyph]] = {style: [] for style in Style}
    for glyph, style in page_glyphs(text_page):
        x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
        inside = left <= x <= right and bottom <= y <= top
        sorted_glyphs[as_seen(glyph, style, x, y, grounds) if inside else Style.INVISIBLE].append(glyph)
    shown, invisible = sorted_glyphs[Style.VISIBLE], sorted_glyphs[Style.INVISIBLE]
    result = _PageRead(PrintedPage(number, right - left, top - bottom, ()))
    result.watermark = _characters(sorted_glyphs[Style.OBLIQUE])
    picture = grounds.picture / area
    if picture > _LARGE_PICTURE and _count(shown) < _FEW_CHARACTERS:
        if _count(invisible) < _FEW_CHARACTERS:
            result.layer, result.problem = "none", _SCAN
            return result
        # The recogniser of a scanner writes its text invisibly over the picture.
        shown, invisible = sorted((*shown, *invisible), key=lambda glyph: glyph.index), []
        result.layer, result.problem = "ocr", _OCR_LAYER
    result.hidden = _characters(invisible) + _characters(sorted_glyphs[Style.WHITE])
    text = _characters(shown)
    if not text:
        blank = picture < _LARGE_PICTURE / 2 and grounds.paths < _MANY_PATHS
        result.layer, result.problem = (
            ("text", None) if blank else ("none", _CURVES if picture < _LARGE_PICTURE else _SCAN)
        )
    elif is_garbled(text):
        result.layer, result.problem = "none", _GARBLED
    else:
        result.printed = printed_page(number, shown, grounds.rules, (left, bottom, right, top))
    return result


def _count(glyphs: Sequence[Glyph]) -> int:
    return sum(not glyph.char.isspace() for glyph in glyphs)


def _characters(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.char for glyph in glyphs if not glyph.char.isspace())


def _warnings(read: Sequence[_PageRead]) -> tuple[str, ...]:
    found = []
    for page in read:
        if page.hidden:
            found.append(
                f"第 {page.printed.number} 页有 {len(page.hidden)} 个字肉眼不可见（白色、透明、极小或在页面之外），未收入"
            )
    watermarked = [page for page in read if page.watermark]
    if watermarked:
        found.append(f"{len(watermarked)} 页有斜排文字（水印“{watermarked[0].watermark[:20]}”），未收入")
    return tuple(found)


def _nothing_readable(read: Sequence[_PageRead], path: str) -> NoText:
    problems = {page.problem for page in read if page.problem}
    if problems == {_GARBLED}:
        return NoText(f"PDF 的文字编码损坏，复制出来也是乱码（共 {len(read)} 页）：{path}", _HINT)
    if problems:
        return NoText(
            f"PDF 没有可读取的文字，是扫描件或图片（共 {len(read)} 页，第 1–{len(read)} 页均未读到）：{path}", _HINT
        )
    return NoText(f"PDF 是空白的（共 {len(read)} 页）：{path}", "请检查文件内容后重新上传")
