"""Pictures of pages: a photographed or scanned file as PNG, JPEG, TIFF (several pages), BMP, WebP or GIF."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, NoText, TooLarge
from ingest.readers.ocr import LONG_SIDE, Recogniser, available
from ingest.readers.paged import PICTURE, PageRead, has_text, source_text
from ingest.readers.printed import PrintedPage

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
# Pixels of one picture: a sheet of A3 at 600 dpi has 70 million, the camera of a telephone up to 108.
_LARGEST = 120_000_000
# Pixels of the longer side that is kept: enough for A3 and for two pages on one sheet.
_KEPT = LONG_SIDE * 3 // 2
# Points of the longer side of A4, which a picture is taken to be.
_A4 = 842.0


def read_picture(source: SourceFile, recogniser: Recogniser) -> SourceText:
    """Paragraphs recognised on each page of the picture; what could not be read is said page by page.

    Raises CorruptFile, TooLarge, NoText where nothing was recognised.
    """
    read: list[PageRead] = []
    with _pillow_errors(source.path), Image.open(io.BytesIO(source.content), formats=_FORMATS) as image:
        # The frames of a GIF are an animation.
        pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        for number in range(1, pages + 1):
            image.seek(number - 1)
            scale = _A4 / max(image.size)
            size = image.width * scale, image.height * scale
            page = PageRead((PrintedPage(number, *size, ()),), unread=PICTURE)
            page.take(recogniser.page(lambda: sheet(image, source.path), number, pages, size))
            read.append(page)
    if not has_text(read):
        hint = "请换用更清晰的图片，或带文字的版本" if available() else "或换用带文字的 PDF、Word 版本"
        reason = next((page.problem for page in read if page.problem), "图片上没有文字")
        raise NoText(f"没有读到文字：{source.path}（{reason}）", hint)
    return source_text(read)


def page_picture(content: bytes, name: str) -> Image.Image:
    """A picture inside a file, as ``recogniser.page`` wants it. Raises CorruptFile, TooLarge."""
    with _pillow_errors(name), Image.open(io.BytesIO(content), formats=_FORMATS) as image:
        return sheet(image, name)


def sheet(image: Image.Image, name: str) -> Image.Image:
    """The picture as the eye sees it: in colour on white, turned as the camera says, not larger than recognition needs.

    Raises CorruptFile, TooLarge.
    """
    if image.width * image.height > _LARGEST:
        raise TooLarge(
            f"图片超过 {_LARGEST // 1_000_000} 百万像素：{name}", "请缩小后再上传；一页 A4 纸扫描成 300 dpi 就够"
        )
    with _pillow_errors(name):
        # JPEG is decoded at a fraction of its size where that is enough.
        image.draft("RGB", (_KEPT, _KEPT))
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith(("I", "F")):
            values = np.asarray(upright, dtype=np.float32)
            upright = Image.fromarray((values * (255 / max(float(values.max()), 1.0))).clip(0, 255).astype(np.uint8))
        if upright.has_transparency_data:
            upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
        upright = upright.convert("RGB")
        upright.thumbnail((_KEPT, _KEPT), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return upright


@contextlib.contextmanager
def _pillow_errors(name: str) -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError as error:
        raise TooLarge(f"图片的像素太多，未读取：{name}", "请缩小后再上传；一页 A4 纸扫描成 300 dpi 就够") from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, LookupError, TypeError, OverflowError) as error:
        raise CorruptFile(f"图片已损坏，无法打开：{name}", "请重新下载，或另存为 JPG、PNG 后再上传") from error
