"""One PDF page: is its text layer the text of the page, or must the picture be read?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as api
from PIL import Image

from ingest.readers.lines import printed_page
from ingest.readers.ocr import LONG_SIDE, MAX_PIXELS, Recogniser
from ingest.readers.ocr_picture import is_blank
from ingest.readers.paged import CURVES, DAMAGED, GARBLED, SCAN, PageRead
from ingest.readers.pdf.added import added_to, remark, with_fields
from ingest.readers.pdf.glyphs import Style, seen_glyphs
from ingest.readers.pdf.grounds import Grounds, page_grounds
from ingest.readers.printed import PrintedPage
from ingest.readers.runs import Glyph
from ingest.readers.text import is_garbled

# A scan may carry a stamp or a watermark as text; a page with fewer characters than this and a large picture is a scan.
_FEW_CHARACTERS = 50
_LARGE_PICTURE = 0.5
# Shares of the page from which a picture may hold text: on a page with little text, on another. So many characters more
# than the text layer has are no slip of the recogniser.
_PICTURE, _MUCH_MORE = (0.1, 0.2), 20
# Fewer do not show by themselves that the map of a font is broken.
_FEW_TO_JUDGE = 200
# Text drawn as curves: so many paths with a curve in them.
_MANY_CURVES, _SEGMENTS = 100, 12
_PREVIEW = 0.8
# A printer's resolution, pixels a point, for pages larger than A4.
_RESOLUTION = 3.0

_OCR_LAYER = "扫描件自带的识别文字，关键内容请对照原件"


def read_pages(document: pdfium.PdfDocument, recogniser: Recogniser) -> list[PageRead]:
    """Read all pages. A page that cannot be read says why; nothing is raised.

    Where the text layer of most pages is garbled, that of a page with little text is not believed either.
    """
    read = [_read_page(document, index, recogniser, True) for index in range(len(document))]
    written = [page for page in read if page.unread == GARBLED or page.source == "text"]
    if sum(page.unread == GARBLED for page in written) * 2 <= len(written):
        return read
    return [
        _read_page(document, index, recogniser, False)
        if page.source == "text" and 0 < page.characters < _FEW_TO_JUDGE
        else page
        for index, page in enumerate(read)
    ]


def _read_page(document: pdfium.PdfDocument, index: int, recogniser: Recogniser, believed: bool) -> PageRead:
    nothing = PrintedPage(index + 1, 0.0, 0.0, ())
    try:
        page = document[index]
        text_page = page.get_textpage()
    except pdfium.PdfiumError:
        return PageRead((nothing,), "none", DAMAGED)
    try:
        result = _by_text_layer(page, text_page, index + 1)
        if not believed:
            result = PageRead((nothing,), unread=GARBLED)
        if result.unread:
            _recognise(page, result, len(document), recogniser)
        elif result.pictured:
            _look_at_picture(page, result, len(document), recogniser)
        return result
    except pdfium.PdfiumError:
        return PageRead((nothing,), "none", DAMAGED)
    finally:
        text_page.close()
        page.close()


def _by_text_layer(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, number: int) -> PageRead:
    """Sort the characters of a page into read, hidden and watermark, and tell whether the page is a scan or garbled."""
    left, bottom, right, top = box = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    grounds = page_grounds(page)
    sorted_glyphs = seen_glyphs(text_page, box, grounds)
    shown, invisible = sorted_glyphs[Style.VISIBLE], sorted_glyphs[Style.INVISIBLE]
    unmapped, added = sorted_glyphs[Style.UNMAPPED], added_to(page)
    if added.fields:
        shown = with_fields(shown, added.fields)
    result = PageRead((PrintedPage(number, right - left, top - bottom, ()),))
    if added.remarks:
        result.remarks = (remark(number, added.remarks),)
    result.watermark = _characters(sorted_glyphs[Style.OBLIQUE])
    if len(shown) < _FEW_CHARACTERS:
        result.unread = _reason(page, grounds, grounds.picture / area, bool(shown))
        if result.unread == SCAN and len(invisible) >= _FEW_CHARACTERS:
            # The recogniser of a scanner writes its text invisibly over the picture.
            shown, invisible = sorted((*shown, *invisible), key=lambda glyph: glyph.index), []
            result.source, result.problem, result.unread = "ocr", _OCR_LAYER, ""
    result.hidden = len(invisible) + len(sorted_glyphs[Style.WHITE])
    result.pictured = result.source == "text" and grounds.picture / area > _PICTURE[len(shown) >= _FEW_CHARACTERS]
    if not result.unread and shown:
        if is_garbled(_characters(shown) + _characters(unmapped)):
            result.unread = GARBLED
        else:
            result.printed = (printed_page(number, shown, grounds.rules, box),)
            result.unmapped = len(unmapped)
    return result


def _reason(page: pdfium.PdfPage, grounds: Grounds, picture: float, has_text: bool) -> str:
    """Why a page with little text has more to say than its text layer; empty if it has not."""
    if picture > _LARGE_PICTURE:
        return SCAN
    if grounds.paths >= _MANY_CURVES and _curved_paths(page) >= _MANY_CURVES:
        return CURVES
    if has_text or is_blank(page.render(scale=_scale(page, _PREVIEW)).to_pil()):
        return ""
    return SCAN if picture else CURVES


def _curved_paths(page: pdfium.PdfPage) -> int:
    """Outlines of letters, at most ``_MANY_CURVES``; the rules of a table are straight."""
    found = 0
    for index in range(api.FPDFPage_CountObjects(page)):
        page_object = api.FPDFPage_GetObject(page, index)
        if api.FPDFPageObj_GetType(page_object) == api.FPDF_PAGEOBJ_PATH:
            count = min(api.FPDFPath_CountSegments(page_object), _SEGMENTS)
            found += any(
                api.FPDFPathSegment_GetType(api.FPDFPath_GetPathSegment(page_object, segment))
                == api.FPDF_SEGMENT_BEZIERTO
                for segment in range(count)
            )
            if found >= _MANY_CURVES:
                break
    return found


def _recognise(page: pdfium.PdfPage, result: PageRead, pages: int, recogniser: Recogniser) -> None:
    def drawn() -> Image.Image:
        return page.render(scale=_scale(page, _RESOLUTION)).to_pil()

    result.take(recogniser.page(drawn, result.number, pages, page.get_size()))


def _look_at_picture(page: pdfium.PdfPage, result: PageRead, pages: int, recogniser: Recogniser) -> None:
    """A page with little text and a picture that says much more is a scan; on a page of text, that loss is told."""
    seen = PageRead(result.printed, unread="页面上有图片")
    _recognise(page, seen, pages, recogniser)
    more = seen.characters - result.characters
    if seen.source == "none":
        result.problem = seen.problem
    elif more >= _MUCH_MORE and result.characters < _FEW_CHARACTERS:
        result.printed, result.source, result.problem = seen.printed, seen.source, seen.problem
    elif more >= _MUCH_MORE:
        result.problem = f"图片里约有 {more} 个字未收入，请对照原件"


def _scale(page: pdfium.PdfPage, resolution: float) -> float:
    """Pixels a point. Some scanners call each pixel a point, others put a sheet on a page of the size of a stamp."""
    longest = max(*page.get_size(), 1.0)
    return min(max(resolution, LONG_SIDE * resolution / _RESOLUTION / longest), largest_scale(page))


def largest_scale(page: pdfium.PdfPage) -> float:
    """Pixels a point at which the picture of the page has MAX_PIXELS: a page may be 14,400 points wide."""
    width, height = (max(side, 1.0) for side in page.get_size())
    return math.sqrt(MAX_PIXELS / (width * height))


def _characters(glyphs: Sequence[Glyph]) -> str:
    return "".join([glyph.char for glyph in glyphs])
