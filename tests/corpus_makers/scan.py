"""A sealed paper file as an office scans it: a picture a page, no text, a little crooked, grey and noisy."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy
import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from tests.corpus_makers.letter import EMBEDDED_FONTS, Letter
from tests.corpus_makers.printed import converted
from tests.corpus_makers.seal import SIZE, seal
from tests.corpus_makers.source import FROZEN, Source

DPI = 150
POINTS, MILLIMETRES = 72, 25.4
PAPER = (247, 245, 239)
SKEW = (0.7, -0.5, 0.4)  # degrees, page by page
NOISE = 2.5  # standard deviation, of 255
QUALITY = 35


def as_scan(source: Source) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        printed = converted(Letter(source, EMBEDDED_FONTS).save(), "pdf", Path(folder))
        pages = list(_pages(pypdfium2.PdfDocument(printed), source))
    scanned = [_scanned(page, number) for number, page in enumerate(pages)]
    buffer = io.BytesIO()
    made = FROZEN.timetuple()
    options = {"quality": QUALITY, "resolution": DPI, "creationDate": made, "modDate": made}
    scanned[0].save(buffer, "PDF", save_all=True, append_images=scanned[1:], **options)
    return buffer.getvalue()


def _pages(document: pypdfium2.PdfDocument, source: Source) -> Iterator[Image.Image]:
    """Pages as printed; the seal lies on the date of the signature (骑年盖月), its foot a little below."""
    date = next(line.text for line in reversed(source.lines) if line.kind == "signature")
    for page in document:
        picture = page.render(scale=DPI / POINTS).to_pil().convert("RGB")
        text = page.get_textpage()
        if found := text.search(date).get_next():
            first, last = (text.get_charbox(index) for index in (found[0], sum(found) - 1))
            middle = (first[0] + last[2]) / 2, page.get_height() - first[3]
            _stamp(picture, source.fields["seal"], *(round(point / POINTS * DPI) for point in middle))
        yield picture


def _stamp(picture: Image.Image, office: str, x: int, y: int) -> None:
    side = round(SIZE / MILLIMETRES * DPI)
    ink = seal(office, side).rotate(2.5, Image.Resampling.BICUBIC)
    corner = x - side // 2, y - round(side * 0.62)
    ground = Image.new("RGB", ink.size, "white")
    ground.paste(ink, mask=ink.getchannel("A").point(lambda value: value * 0.88))
    place = (*corner, corner[0] + side, corner[1] + side)
    picture.paste(ImageChops.multiply(picture.crop(place), ground), corner)


def _scanned(page: Image.Image, number: int) -> Image.Image:
    tinted = ImageChops.multiply(page, Image.new("RGB", page.size, PAPER))
    turned = tinted.rotate(SKEW[number % len(SKEW)], Image.Resampling.BICUBIC, fillcolor=PAPER)
    soft = numpy.asarray(turned.filter(ImageFilter.GaussianBlur(0.6)), dtype=float)
    noise = numpy.random.default_rng(number).normal(0.0, NOISE, (soft.shape[0] // 2 + 1, soft.shape[1] // 2 + 1))
    noise = noise.repeat(2, 0).repeat(2, 1)[: soft.shape[0], : soft.shape[1]]  # coarse grain, which JPEG packs well
    return Image.fromarray((soft + noise[..., None]).clip(0, 255).astype("uint8"))
