"""The round red seal of a fictional office: it says 示例 under the star, which no real seal does."""

from __future__ import annotations

import math
from functools import cache

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
SIMPLIFIED = 2  # index in the collection
SIZE = 42.0  # millimetres
ARC = 264.0  # degrees that the name may fill
RED = (214, 24, 32)


def seal(office: str, pixels: int) -> Image.Image:
    """A picture of 42 mm with a clear ground."""
    scale = 4
    side = pixels * scale
    ink = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(ink)
    rim = round(side * 0.028)
    draw.ellipse((rim, rim, side - rim, side - rim), outline=255, width=rim)
    draw.polygon(_star(side / 2, side * 0.15), fill=255)
    draw.text((side / 2, side * 0.78), "（示例）", 255, _font(round(side * 0.09)), anchor="mm")
    _name(ink, office)
    picture = Image.new("RGBA", (side, side), (*RED, 0))
    picture.putalpha(ink)
    return picture.resize((pixels, pixels), Image.Resampling.LANCZOS)


def _star(centre: float, radius: float) -> list[tuple[float, float]]:
    corners = []
    for step in range(10):
        reach = radius if step % 2 == 0 else radius * 0.382
        angle = math.radians(step * 36 - 90)
        corners.append((centre + reach * math.cos(angle), centre + reach * math.sin(angle)))
    return corners


def _name(ink: Image.Image, office: str) -> None:
    """The name along the rim, each character with its head outwards."""
    side = ink.width
    height = round(side * min(0.15, 1.25 / len(office)))
    turn = min(ARC / len(office), 26.0)
    for place, char in enumerate(office):
        angle = (place - (len(office) - 1) / 2) * turn
        tile = Image.new("L", (height * 2, height * 2), 0)
        ImageDraw.Draw(tile).text((height, height), char, 255, _font(height), anchor="mm")
        tile = tile.rotate(-angle, Image.Resampling.BICUBIC)
        reach = side * 0.385
        x = side / 2 + reach * math.sin(math.radians(angle)) - height
        y = side / 2 - reach * math.cos(math.radians(angle)) - height
        ink.paste(255, (round(x), round(y)), tile)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, index=SIMPLIFIED)
