"""A scan: pages as pictures with a red seal over signature and date, skew, grey ground, noise, JPEG at 150 dpi; no text."""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path
from random import Random

import numpy
from PIL import Image, ImageChops, ImageDraw, ImageFont

from tests.hard_documents.paper import HEIGHT, WIDTH, Habits, Sheet, lay_out
from tests.hard_documents.truth import Policy

_DPI = 150
_SCALE = _DPI / 72
_FACES = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
_COLOURS = {"black": (25, 25, 30), "red": (205, 30, 35), "white": (255, 255, 255), "grey": (200, 200, 200)}


def has_font() -> bool:
    return any(Path(face).exists() for face in _FACES)


@cache
def _face(size: int) -> ImageFont.FreeTypeFont:
    path = next(face for face in _FACES if Path(face).exists())
    return ImageFont.truetype(path, size, index=2 if path.endswith("ttc") else 0)


def width(text: str, size: float) -> float:
    """Width in points."""
    return _face(round(size * _SCALE)).getlength(text) / _SCALE


def as_scan(policy: Policy, pages: int | None = None) -> bytes:
    """The first ``pages`` of the policy as a PDF of pictures."""
    rng = Random(policy.seed)
    sheets = lay_out(policy, width, Habits.of(rng))[:pages]
    pictures = [_photographed(_drawn(sheet, policy), rng, policy.seed + number) for number, sheet in enumerate(sheets)]
    target = io.BytesIO()
    pictures[0].save(target, "PDF", save_all=True, append_images=pictures[1:], resolution=_DPI, quality=70)
    return target.getvalue()


def _drawn(sheet: Sheet, policy: Policy) -> Image.Image:
    picture = Image.new("RGB", (round(WIDTH * _SCALE), round(HEIGHT * _SCALE)), "white")
    pen = ImageDraw.Draw(picture)
    for x, y, other_x, other_y, colour in sheet.rules:
        ends = [(at * _SCALE, (HEIGHT - up) * _SCALE) for at, up in ((x, y), (other_x, other_y))]
        pen.line(ends, fill=_COLOURS[colour], width=2)
    for ink in sheet.inks:
        x = ink.x
        for char in ink.text:
            place = (x * _SCALE, (HEIGHT - ink.y) * _SCALE)
            pen.text(place, char, font=_face(round(ink.size * _SCALE)), fill=_COLOURS[ink.colour], anchor="ls")
            x += width(char, ink.size) + ink.spread
    if sheet.sealed:
        _seal(picture, sheet.sealed, policy.issuers[0])
    return picture


def _seal(picture: Image.Image, centre: tuple[float, float], name: str) -> None:
    """A round seal: ring, star, the name in an arc; the ink mixes with the print below."""
    layer = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(layer)
    x, y, radius = centre[0] * _SCALE, (HEIGHT - centre[1]) * _SCALE, 60 * _SCALE
    red = (225, 70, 70)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=6)
    star = [
        (x + r * math.sin(math.pi * k / 5), y - r * math.cos(math.pi * k / 5))
        for k, r in enumerate((20 * _SCALE, 8 * _SCALE) * 5)
    ]
    pen.polygon(star, fill=red)
    for index, char in enumerate(name):
        angle = math.pi * (index + 0.5) / len(name) * 1.4 - math.pi * 0.7
        place = (x + 0.8 * radius * math.sin(angle), y - 0.8 * radius * math.cos(angle))
        pen.text(place, char, font=_face(round(11 * _SCALE)), fill=red, anchor="mm")
    picture.paste(ImageChops.multiply(picture, layer))


def _photographed(picture: Image.Image, rng: Random, seed: int) -> Image.Image:
    turned = picture.rotate(
        rng.choice((-1, 1)) * rng.uniform(1, 3), Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
    )
    pixels = numpy.asarray(turned, dtype=numpy.float32) * rng.uniform(0.86, 0.96)
    noise = numpy.random.default_rng(seed).normal(0, 7, pixels.shape[:2])
    return Image.fromarray(numpy.clip(pixels + noise[..., None], 0, 255).astype(numpy.uint8))
