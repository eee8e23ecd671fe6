"""OFD (GB/T 33190): the fixed-layout format of official documents, a ZIP of XML parts.

A page is drawn like that of a PDF: pieces of text at positions, and paths. It is read the same way: characters → printed
lines and ruled tables → paragraphs. Lengths in the file are millimetres from the upper left corner.
"""

from __future__ import annotations

import io
import itertools
import math
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, NoText
from ingest.readers.archive import BROKEN, Package, local_name
from ingest.readers.lines import printed_page
from ingest.readers.matrix import Matrix
from ingest.readers.ocr import Recogniser
from ingest.readers.ofd_pictures import Pictures, named, resolve
from ingest.readers.paged import DAMAGED, GARBLED, SCAN, PageRead, has_text, source_text
from ingest.readers.printed import PrintedPage
from ingest.readers.runs import Glyph
from ingest.readers.tables import Rule, is_thin, straight
from ingest.readers.text import is_garbled

_Box = tuple[float, float, float, float]
_POINTS = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)
# Millimetres; a larger page is a mistake or an attack.
_MAX_SIDE = 20_000.0
# Share of the em below the base line.
_DESCENT = 0.12
_LATIN_WIDTH = 0.5
# Points, as in the PDF reader: nobody can read smaller print.
_TINY = 4.0
_WHITE = 250
_TRANSPARENT = 12
_LARGE_PICTURE = 0.5
_SLANT = 0.1
_PATH_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MAX_TOKENS = 4000

# A scan may carry a stamp as text.
_FEW_CHARACTERS = 50

_MISSING = "页面内容缺失，无法读取"
_HINT = "请换用带文字的 PDF、OFD 或 Word 版本"


def read_ofd(source: SourceFile, recogniser: Recogniser) -> SourceText:
    """Paragraphs rebuilt from the printed lines, pages of all documents in the file counted on; what could not be read
    is said page by page.

    Raises CorruptFile where the container or its table of contents is broken, NoText where no page has text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            read = list(_pages(Package(archive), recogniser))
    except BROKEN as error:
        raise CorruptFile(f"OFD 文件已损坏，无法打开：{source.path}", "请重新下载后上传，或换用 PDF 版本") from error
    if not read:
        raise CorruptFile(f"不是有效的 OFD 文件，没有页面：{source.path}", "请重新下载后上传，或换用 PDF 版本")
    if not has_text(read):
        reason = next((page.problem for page in read if page.problem), "页面是空白的")
        raise NoText(f"OFD 文件没有可读取的文字（共 {len(read)} 页，{reason}）：{source.path}", _HINT)
    return source_text(read)


@dataclass(slots=True)
class _Drawing:
    """What stands on one page, in points from its lower left corner. ``white``: text that needs a ground to be seen.
    ``picture``, ``resource``: area and id of the largest picture.
    """

    box: _Box
    glyphs: list[Glyph] = field(default_factory=list)
    white: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    grounds: list[_Box] = field(default_factory=list)
    hidden: int = 0
    watermark: str = ""
    picture: float = 0.0
    resource: str = ""

    @property
    def width(self) -> float:
        return self.box[2] * _POINTS

    @property
    def height(self) -> float:
        return self.box[3] * _POINTS

    def to_page(self, points: Sequence[tuple[float, float]]) -> _Box:
        """The upright box around points given in millimetres."""
        left, top, _, height = self.box
        xs = [(x - left) * _POINTS for x, _ in points]
        ys = [(height - (y - top)) * _POINTS for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)


def _pages(package: Package, recogniser: Recogniser) -> Iterator[PageRead]:
    """Pages in the order in which the documents list them."""
    root = package.xml("OFD.xml")
    count = itertools.count(1)
    for place in named(root, "DocRoot") if root is not None else ():
        location = resolve("OFD.xml", place.text or "")
        document = package.xml(location)
        if document is None:
            continue
        default = _page_box(next(named(document, "PageArea"), None), _A4)
        templates = {
            template.get("ID", ""): resolve(location, template.get("BaseLoc", ""))
            for template in named(document, "TemplatePage")
        }
        # A page listed twice is a mistake, listed ten thousand times an attack.
        places = dict.fromkeys(entry.get("BaseLoc") for entry in named(document, "Page"))
        pictures = Pictures(package, location, document)
        for listed in filter(None, places):
            drawing, read = _read_page(package, resolve(location, listed), next(count), default, templates)
            if read.unread == SCAN:
                draw, size = partial(pictures.draw, drawing.resource), (drawing.width, drawing.height)
                read.take(recogniser.page(draw, read.number, len(places), size))
            yield read


def _read_page(
    package: Package,
    location: str,
    number: int,
    default: _Box,
    templates: dict[str, str],
) -> tuple[_Drawing, PageRead]:
    drawing, blank = _Drawing(default), (PrintedPage(number, 0.0, 0.0, ()),)
    try:
        page = package.xml(location)
        if page is None:
            return drawing, PageRead(blank, "none", _MISSING)
        under = [package.xml(templates.get(used.get("TemplateID", ""), "")) for used in named(page, "Template")]
    except BROKEN:
        return drawing, PageRead(blank, "none", DAMAGED)
    drawing.box = _page_box(next(named(page, "Area"), None), default)
    for layer in (*under, page):
        if layer is not None:
            _draw(layer, drawing)
    return drawing, _seen(drawing, number)


def _seen(drawing: _Drawing, number: int) -> PageRead:
    """Leaves out what nobody can see on paper."""
    width, height = drawing.width, drawing.height
    shown = []
    hidden = drawing.hidden
    white = {id(glyph) for glyph in drawing.white}
    for glyph in drawing.glyphs:
        x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
        on_page = 0 <= x <= width and 0 <= y <= height and glyph.top - glyph.bottom >= _TINY
        lost = id(glyph) in white and not any(
            left <= x <= right and bottom <= y <= top for left, bottom, right, top in drawing.grounds
        )
        if on_page and not lost:
            shown.append(glyph)
        else:
            hidden += not glyph.char.isspace()
    text = "".join(glyph.char for glyph in shown if not glyph.char.isspace())
    read = PageRead((PrintedPage(number, width, height, ()),), hidden=hidden, watermark=drawing.watermark)
    if len(text) < _FEW_CHARACTERS and drawing.picture > _LARGE_PICTURE * width * height:
        read.unread = SCAN
    elif is_garbled(text):
        read.source, read.problem = "none", f"{GARBLED}，未收入"
    else:
        read.printed = (printed_page(number, shown, drawing.rules, (0.0, 0.0, width, height)),)
    return read


def _draw(part: etree._Element, drawing: _Drawing) -> None:
    for item in part.iter():
        name = local_name(item)
        if name in ("TextObject", "PathObject", "ImageObject"):
            matrix = _matrix(item)
            if name == "TextObject":
                _draw_text(item, matrix, drawing)
            elif name == "PathObject":
                _draw_path(item, matrix, drawing)
            elif _is_visible(item):
                box = drawing.to_page(_corners(_numbers(item.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)))
                drawing.grounds.append(box)
                area = (box[2] - box[0]) * (box[3] - box[1])
                if area > drawing.picture:
                    drawing.picture, drawing.resource = area, item.get("ResourceID", "")


def _draw_text(item: etree._Element, matrix: Matrix, drawing: _Drawing) -> None:
    text = "".join("".join((code.text or "").split()) for code in item if local_name(code) == "TextCode")
    angle = math.atan2(-matrix.b, matrix.a)
    if not _is_visible(item) or _alpha(item, "FillColor") < _TRANSPARENT:
        drawing.hidden += len(text)
        return
    quarter = abs(angle) % (math.pi / 2)
    if min(quarter, math.pi / 2 - quarter) > _SLANT:
        drawing.watermark += text
        return
    fill = next((child for child in item if local_name(child) == "FillColor"), None)
    white = _is_white(fill)
    for glyph in _glyphs(item, matrix, angle, drawing):
        drawing.glyphs.append(glyph)
        if white:
            drawing.white.append(glyph)


def _glyphs(item: etree._Element, matrix: Matrix, angle: float, drawing: _Drawing) -> Iterator[Glyph]:
    """Characters of a TextObject: each TextCode begins at X, Y and steps on by DeltaX, DeltaY."""
    size = _number(item.get("Size"), 0.0)
    if not size > 0:
        return
    stretch = _number(item.get("HScale"), 1.0)
    x = y = 0.0
    for code in item:
        if local_name(code) != "TextCode":
            continue
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        text = (code.text or "").strip("\r\n")
        across = _deltas(code.get("DeltaX"), len(text))
        down = _deltas(code.get("DeltaY"), len(text))
        for index, char in enumerate(text):
            own = size * stretch * (1.0 if char >= "\u2e80" else _LATIN_WIDTH)
            step = across[index] if index < len(across) else (0.0 if index < len(down) else own)
            # A Latin letter is as wide as the step behind it; Chinese is often set wide.
            width = own if char >= "\u2e80" or not 0 < step <= own * 2 else step
            corners = (
                (x, y + _DESCENT * size), (x + width, y + _DESCENT * size),
                (x, y - (1 - _DESCENT) * size), (x + width, y - (1 - _DESCENT) * size),
            )  # fmt: skip
            box = drawing.to_page([matrix.point(*corner) for corner in corners])
            if all(map(math.isfinite, box)):
                yield Glyph(char, *box, angle, len(drawing.glyphs))
            x, y = x + step, y + (down[index] if index < len(down) else 0.0)


def _draw_path(item: etree._Element, matrix: Matrix, drawing: _Drawing) -> None:
    if not _is_visible(item):
        return
    data = next((child.text or "" for child in item if local_name(child) == "AbbreviatedData"), "")
    strokes = list(_strokes(data))
    points = [matrix.point(*point) for stroke in strokes for point in stroke]
    if not points:
        return
    box = drawing.to_page(points)
    if not all(map(math.isfinite, box)):
        return
    fill = next((child for child in item if local_name(child) == "FillColor"), None)
    if item.get("Fill") == "true" and not _is_white(fill):
        drawing.grounds.append(box)
    if is_thin(*box):
        drawing.rules.extend(straight(box[:2], box[2:]))
        return
    for start, end in strokes:
        first, last = (drawing.to_page([matrix.point(*point)])[:2] for point in (start, end))
        drawing.rules.extend(straight(first, last))


def _strokes(data: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Straight strokes of ``M 0 0 L 10 0 C``; curves only move the pen."""
    tokens = _PATH_TOKEN.findall(data[: _MAX_TOKENS * 8])[:_MAX_TOKENS]
    pen = start = (0.0, 0.0)
    index = 0
    while index < len(tokens):
        command = tokens[index]
        count = _ARGUMENTS.get(command)
        index += 1
        values = _numbers(" ".join(tokens[index : index + count]), count) if count else None
        if command == "C":
            yield pen, start
            pen = start
        if values is None:
            continue
        index += len(values)
        target = values[-2], values[-1]
        if command == "L":
            yield pen, target
        elif command in "SM":
            start = target
        pen = target


def _deltas(value: str | None, limit: int) -> list[float]:
    """``g 3 4.2 5`` is 4.2 4.2 4.2 5. No more than ``limit`` are made, whatever the count says."""
    found: list[float] = []
    tokens = iter((value or "")[: 40 * limit + 40].split())
    for token in tokens:
        if token == "g":
            count, step = int(_number(next(tokens, None), 0.0)), _number(next(tokens, None), 0.0)
            found.extend([step] * min(max(count, 0), limit - len(found)))
        else:
            found.append(_number(token, 0.0))
        if len(found) >= limit:
            break
    return found[:limit]


def _matrix(item: etree._Element) -> Matrix:
    left, top, *_ = _numbers(item.get("Boundary"), 4) or (0.0, 0.0)
    a, b, c, d, e, f = _numbers(item.get("CTM"), 6) or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return Matrix(a, b, c, d, e + left, f + top)


def _page_box(area: etree._Element | None, default: _Box) -> _Box:
    box = next(named(area, "PhysicalBox"), None) if area is not None else None
    left, top, width, height = (_numbers(box.text, 4) if box is not None else None) or default
    return (left, top, width, height) if 0 < width < _MAX_SIDE and 0 < height < _MAX_SIDE else default


def _is_visible(item: etree._Element) -> bool:
    return (
        item.get("Visible", "true").strip().lower() not in ("false", "0")
        and _number(item.get("Alpha"), 255.0) >= _TRANSPARENT
    )


def _alpha(item: etree._Element, name: str) -> float:
    colour = next((child for child in item if local_name(child) == name), None)
    return 255.0 if colour is None else _number(colour.get("Alpha"), 255.0)


def _is_white(colour: etree._Element | None) -> bool:
    """White in RGB or grey; without a value the colour is black."""
    values = (colour.get("Value") or "").split() if colour is not None else []
    return len(values) in (1, 3) and all(_number(value, 0.0) >= _WHITE for value in values)


def _corners(box: Sequence[float]) -> list[tuple[float, float]]:
    left, top, width, height = box
    return [(left, top), (left + width, top + height)]


def _number(value: str | None, default: float) -> float:
    try:
        number = float(value or "")
    except ValueError:
        return default
    return number if math.isfinite(number) else default


def _numbers(value: str | None, count: int) -> tuple[float, ...] | None:
    try:
        numbers = tuple(map(float, (value or "").split(maxsplit=count)[:count]))
    except ValueError:
        return None
    return numbers if len(numbers) == count and all(map(math.isfinite, numbers)) else None
