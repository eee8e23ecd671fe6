"""Pages as a scanner or a telephone gives them: pictures of policy files, with red head, seal, skew and ruled tables."""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

_FACES = (
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
    ("/System/Library/Fonts/STHeiti Medium.ttc", 0),
    ("C:/Windows/Fonts/simsun.ttc", 0),
)
WIDTH, HEIGHT, EM, LEFT = 1240, 1754, 33, 190
RED = (215, 40, 45)


def has_font() -> bool:
    return any(Path(path).exists() for path, _ in _FACES)


@cache
def face(size: int) -> ImageFont.FreeTypeFont:
    path, index = next(candidate for candidate in _FACES if Path(candidate[0]).exists())
    return ImageFont.truetype(path, size, index=index)


class Scan:
    """A sheet of A4 (or of any size) at 150 dpi on which lines are drawn from the top."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.picture = Image.new("RGB", (width, height), "white")
        self.pen = ImageDraw.Draw(self.picture)
        self.y = 180

    def line(self, text: str, x: float = LEFT, size: int = EM, fill: tuple[int, int, int] = (25, 25, 30)) -> None:
        self.pen.text((x, self.y), text, font=face(size), fill=fill)
        self.y += round(size * 1.75)

    def centred(self, text: str, size: int = EM, fill: tuple[int, int, int] = (25, 25, 30)) -> None:
        self.line(text, (self.picture.width - face(size).getlength(text)) / 2, size, fill)

    def paragraph(self, text: str) -> None:
        """Set to the full width, indented by two; neither numbers nor the marks that may not begin a line are parted."""
        x = LEFT + 2 * EM
        while text:
            cut = 1
            while cut < len(text) and x + face(EM).getlength(text[: cut + 1]) <= self.picture.width - LEFT:
                cut += 1
            while cut < len(text) and (text[cut - 1 : cut + 1].isascii() or text[cut] in "，。、；：）"):
                cut -= 1
            self.line(text[:cut], x)
            text, x = text[cut:], LEFT

    def red_head(self, text: str) -> None:
        self.centred(text, 74, RED)
        self.y += 20

    def red_rule(self) -> None:
        self.pen.line((LEFT, self.y, self.picture.width - LEFT, self.y), fill=RED, width=5)
        self.y += 40

    def table(self, rows: list[list[str]], height: int = 60) -> None:
        edges = np.linspace(LEFT, self.picture.width - LEFT, len(rows[0]) + 1)
        for x in edges:
            self.pen.line((x, self.y, x, self.y + height * len(rows)), fill="black", width=2)
        for number, row in enumerate([*rows, []]):
            y = self.y + number * height
            self.pen.line((edges[0], y, edges[-1], y), fill="black", width=2)
            for x, cell in zip(edges, row, strict=False):
                self.pen.text((x + 15, y + 10), cell, font=face(28), fill="black")
        self.y += height * (len(rows) + 1)

    def seal(self, x: int, y: int, name: str) -> None:
        """A round seal: rim, star, the name in an arc; its ink mixes with the print below."""
        layer = Image.new("RGB", self.picture.size, "white")
        pen, radius, ink = ImageDraw.Draw(layer), 124, (230, 80, 80)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=ink, width=7)
        star = [
            (x + r * math.sin(math.pi * k / 5), y - r * math.cos(math.pi * k / 5)) for k, r in enumerate((42, 17) * 5)
        ]
        pen.polygon(star, fill=ink)
        for index, char in enumerate(name):
            angle = math.pi * ((index + 0.5) / len(name) * 1.4 - 0.7)
            place = x + 98 * math.sin(angle), y - 98 * math.cos(angle)
            pen.text(place, char, font=face(24), fill=ink, anchor="mm")
        self.picture.paste(ImageChops.multiply(self.picture, layer))

    def photographed(self, degrees: float = 0.0) -> Image.Image:
        """Askew, greyish, with noise."""
        turned = self.picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
        noise = np.random.default_rng(7).normal(0, 6, (turned.height, turned.width, 1))
        pixels = np.asarray(turned, dtype=np.float32) * 0.93 + noise
        return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def as_file(kind: str, *pictures: Image.Image) -> bytes:
    """The pictures as a file: PDF or TIFF (a page each), JPEG, PNG."""
    target = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if kind in ("PDF", "TIFF") else {}
    pictures[0].save(target, kind, **({"resolution": 150, "quality": 80} if kind in ("PDF", "JPEG") else {}), **more)
    return target.getvalue()
