"""The picture of a page, before its text is recognised: seals taken off the text, turned upright, ruling lines found.

Pictures are arrays of shape (height, width, 3), RGB, 0–255; lengths are pixels, y runs downwards.
"""

from __future__ import annotations

import functools
import math
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Box = tuple[float, float, float, float]

# Ink counts as red where red stands this far above green and blue.
_RED = 40
# Seals are 28–60 mm wide (公章 38–45); in shares of the height of an A4 sheet.
_SEAL_SIDES = (0.075, 0.25)
_SEAL_SHAPE = 1.6
# Share of the directions in which a seal's rim must be seen, and of its corners that may be red.
_RIM, _CORNERS = 0.5, 0.06
# A sheet with less ink than this share is blank; ink is this much darker than paper.
_BLANK, _INK = 0.0005, 60
# Seals are looked for in a picture of this height.
_SMALL = 800
# Shares of the height of the page: the shortest rule looked for (a stroke of a large character is shorter), its width.
_RULE_ACROSS, _RULE_DOWN, _RULE_WIDTH = 0.036, 0.031, 0.005
_MAX_RULES = 2000
_NEIGHBOURHOOD, _DARKER = 51, 12


@functools.cache
def opencv() -> ModuleType:
    """OpenCV is a part of the extra [ocr]: loaded when the first page needs it."""
    import cv2

    return cv2


def resized(picture: Picture, scale: float) -> Picture:
    """A smaller copy; the picture itself where ``scale`` is 1 or more."""
    if scale >= 1:
        return picture
    height, width = picture.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return opencv().resize(picture, size, interpolation=opencv().INTER_AREA)


def quarter_turned(picture: Picture, quarters: int) -> tuple[Picture, Matrix]:
    """The picture turned counter-clockwise, and the matrix that takes its points along."""
    height, width = picture.shape[:2]
    matrices = (
        ((1, 0, 0), (0, 1, 0)),
        ((0, 1, 0), (-1, 0, width)),
        ((-1, 0, width), (0, -1, height)),
        ((0, -1, height), (1, 0, 0)),
    )
    return np.ascontiguousarray(np.rot90(picture, quarters)), np.array(matrices[quarters % 4], dtype=np.float64)


def straightened(picture: Picture, angle: float) -> tuple[Picture, Matrix]:
    """Turned by ``-angle`` (radians, lines that fall to the right are positive) on a sheet that holds all of it."""
    cv2 = opencv()
    height, width = picture.shape[:2]
    cosine, sine = math.cos(angle), math.sin(angle)
    new_width = math.ceil(width * cosine + height * abs(sine))
    new_height = math.ceil(height * cosine + width * abs(sine))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(angle), 1.0)
    matrix[:, 2] += (new_width - width) / 2, (new_height - height) / 2
    turned = cv2.warpAffine(
        picture, matrix, (new_width, new_height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )  # fmt: skip
    return turned, matrix


def cut_out(picture: Picture, corners: NDArray[np.float64]) -> Picture:
    """The quadrangle (upper left, upper right, lower right, lower left) as an upright picture."""
    cv2 = opencv()
    upper, right, lower, left = (float(np.linalg.norm(corners[start] - corners[(start + 1) % 4])) for start in range(4))
    width, height = max(int(max(upper, lower)), 1), max(int(max(left, right)), 1)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return cv2.warpPerspective(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)


def is_blank(image: Image.Image) -> bool:
    """Nothing but paper: next to no pixel is much darker than the sheet."""
    small = image.convert("L")
    small.thumbnail((_SMALL, _SMALL))
    grey = np.asarray(small)
    return bool((grey < np.median(grey) - _INK).mean() < _BLANK)


def without_seals(picture: Picture) -> Picture:
    """Red seals made as light as paper, so that the text under them can be read; other red (the head) stays.

    The red channel of a colour scan shows red ink nearly white and black ink black.
    """
    found = _seals(picture)
    if not found:
        return picture
    clean = picture.copy()
    for left, top, right, bottom in found:
        part = clean[top:bottom, left:right]
        channel = part[:, :, 0].astype(np.float32)
        # All of the box, not only what is plainly red: around red strokes JPEG leaves a grey seam.
        ink = max(float(np.median(channel[_redness(part) > _RED])), 1.0)
        part[:] = np.clip(channel * (255.0 / ink), 0, 255).astype(np.uint8)[:, :, None]
    return clean


def _redness(picture: Picture) -> NDArray[np.int16]:
    wide = picture.astype(np.int16)
    return wide[:, :, 0] - np.maximum(wide[:, :, 1], wide[:, :, 2])


def _seals(picture: Picture) -> list[tuple[int, int, int, int]]:
    """Boxes of red shapes that are round: a rim all around, nothing in the corners. The red head is neither."""
    cv2 = opencv()
    scale = min(1.0, _SMALL / max(picture.shape[:2]))
    small = resized(picture, scale)
    mask = (_redness(small) > _RED).astype(np.uint8)
    if not mask.any():
        return []
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    shortest, longest = (share * max(small.shape[:2]) for share in _SEAL_SIDES)
    seals = []
    for left, top, width, height, _ in stats[1:]:
        sized = shortest <= min(width, height) and max(width, height) <= longest
        if (
            sized
            and max(width, height) < _SEAL_SHAPE * min(width, height)
            and _is_round(mask[top : top + height, left : left + width])
        ):
            margin = max(width, height) // 20 + 1
            box = left - margin, top - margin, left + width + margin, top + height + margin
            seals.append(tuple(max(0, round(edge / scale)) for edge in box))
    return seals


def _is_round(mask: NDArray[np.uint8]) -> bool:
    height, width = mask.shape
    y, x = np.mgrid[0:height, 0:width]
    across, down = (x + 0.5 - width / 2) / (width / 2), (y + 0.5 - height / 2) / (height / 2)
    radius, direction = np.hypot(across, down), np.arctan2(down, across)
    inked = mask > 0
    outside = radius > 1.08
    rim = inked & (radius > 0.82) & ~outside
    seen = np.unique(((direction[rim] + math.pi) / math.tau * 36).astype(int) % 36)
    return len(seen) >= 36 * _RIM and inked[outside].mean() < _CORNERS


def ruling_lines(picture: Picture) -> list[Box]:
    """Long straight strokes along the edges of the page: (left, top, right, bottom)."""
    cv2 = opencv()
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(
        255 - grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, _NEIGHBOURHOOD, -_DARKER
    )
    page = max(picture.shape[:2])
    found: list[Box] = []
    for along, share in ((True, _RULE_ACROSS), (False, _RULE_DOWN)):
        length = max(3, round(share * page))
        kernel = np.ones((1, length) if along else (length, 1), np.uint8)
        strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
        # A rule that is not quite level breaks into steps.
        strokes = cv2.dilate(strokes, np.ones((3, 9) if along else (9, 3), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(strokes)
        for left, top, width, height, _ in stats[1 : _MAX_RULES + 1]:
            if (height if along else width) <= max(_RULE_WIDTH * page, 6):
                found.append((float(left), float(top), float(left + width), float(top + height)))
    return found
