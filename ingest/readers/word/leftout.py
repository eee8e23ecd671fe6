"""What of a Word file does not become text, counted, and said to the user."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ingest.readers.word.parts import MARKUP, W, is_fallback

_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_PLACE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
# A picture less than 15 mm wide or high is an icon, a rule or a dot.
_ICON_MM = 15.0
_EMU_PER_MM = 36_000
_SIDE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,10})(pt|mm|cm|in|px)?", re.IGNORECASE)
_MM = {"pt": 25.4 / 72, "mm": 1.0, "cm": 10.0, "in": 25.4, "px": 25.4 / 96, "": 25.4 / 96}


@dataclass(slots=True)
class LeftOut:
    """Counts: characters for ``hidden`` and ``deleted``, lines for ``contents``, else things."""

    hidden: int = 0
    deleted: int = 0
    contents: int = 0
    symbols: int = 0
    comments: int = 0
    pictures: int = 0
    charts: int = 0
    objects: int = 0
    parts: int = 0
    macros: bool = False

    def warnings(self) -> tuple[str, ...]:
        said = (
            (self.hidden, f"有 {self.hidden} 个字是隐藏文字（隐藏、白色或极小字号），未收入"),
            (self.deleted, f"文件带有修订痕迹：已按接受修订处理，略去被删除的 {self.deleted} 个字"),
            (self.comments, f"有 {self.comments} 条批注，不属于正文，未收入"),
            (self.contents, f"自动生成的目录（{self.contents} 行）与正文标题重复，未收入"),
            (self.pictures, f"含图片 {self.pictures} 张，其中文字未收入"),
            (self.charts, f"含图表 {self.charts} 个，其中数据未收入"),
            (self.objects, f"含嵌入对象 {self.objects} 个（公式、表格或其他文件），其中内容未收入"),
            (self.parts, f"有 {self.parts} 处插入的外部文件无法读取，未收入"),
            (self.symbols, f"有 {self.symbols} 个特殊符号无法识别，未收入"),
            (self.macros, "文件带有宏，未运行"),
        )
        return tuple(text for count, text in said if count)

    def count_drawings(self, story: etree._Element) -> None:
        """Pictures that are large enough to hold text, charts, and objects of other programs (formulas, sheets)."""
        for place in story.iter(_PLACE + "inline", _PLACE + "anchor"):
            if not is_fallback(place):
                self.pictures += next(place.iter(_PICTURE), None) is not None and _is_large(_extent(place))
                self.charts += next(place.iter(_CHART), None) is not None
        for found in story.iter(_OBJECT):
            self.objects += not is_fallback(found)
        for image in story.iter(MARKUP + "imagedata"):
            in_object = next(image.iterancestors(W + "object"), None) is not None
            if not in_object and not is_fallback(image):
                self.pictures += _is_large(_styled_size(image.getparent()))


def _extent(place: etree._Element) -> tuple[float, float]:
    extent = place.find(_PLACE + "extent")
    sides = ("", "") if extent is None else (extent.get("cx", ""), extent.get("cy", ""))
    width, height = (
        int(side) / _EMU_PER_MM if side.isascii() and side.isdigit() and len(side) < 12 else 0.0 for side in sides
    )
    return width, height


def _styled_size(shape: etree._Element) -> tuple[float, float]:
    """Size of a VML shape from its style, in millimetres."""
    sides = {name.lower(): _length(value, unit) for name, value, unit in _SIDE.findall(shape.get("style", ""))}
    return sides.get("width", 0.0), sides.get("height", 0.0)


def _length(value: str, unit: str) -> float:
    return float(value) * _MM[unit.lower()] if value.count(".") < 2 and value != "." else 0.0


def _is_large(size: tuple[float, float]) -> bool:
    return min(size) >= _ICON_MM
