"""Recognition of page pictures (the only home of RapidOCR; the optional extra ``wenhao[ocr]``).

One picture → printed lines with positions in points, which ``ingest.readers.paragraphs`` joins like printed text. The
models (PP-OCRv6) lie in RapidOCR's wheel; nothing is ever fetched. Each line is recognised alone: its text does not
depend on its neighbours, two are read at a time, and the memory stays small.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ingest.errors import ReadError
from ingest.limits import Limits, allow_memory_for_recognition
from ingest.readers.ocr_layout import Boxes, TextLine, printed_pages, skew, turned_boxes, writes_sideways
from ingest.readers.ocr_marks import full_width_marks
from ingest.readers.ocr_picture import (
    Picture,
    cut_out,
    is_blank,
    opencv,
    quarter_turned,
    resized,
    ruling_lines,
    straightened,
    without_seals,
)
from ingest.readers.printed import PrintedPage

if TYPE_CHECKING:
    from rapidocr import RapidOCR

# Pixels along the longer side: of the picture that is recognised, of the copy in which lines are looked for. A page
# larger than A4 gets more, within these bounds.
LONG_SIDE, MAX_PIXELS = 2520, 12_000_000
_DETECTION, _MIN_DETECTED, _MAX_DETECTED = 0.55, 1386, 2016
_THREADS = 2
# Radians: what is less askew is read as it is; what leans more against the page is a watermark.
_LEVEL, _OBLIQUE = 0.004, 0.2
# A line with a lower mean certainty is not text. One with a letter, digit or hanzi below the second wants a look: of
# the lines of real scans that were read wrongly nearly all have one, of the others one in fifty.
_NOT_TEXT, _DOUBTFUL = 0.5, 0.75
# Height of a box in widths from which it holds a vertical line; between 1 and this stands a single character.
_VERTICAL = 2.2
# Lines by which a page is judged to stand on its head, and how much of each (in heights).
_JUDGED, _JUDGED_PART = 9, 4

NOT_INSTALLED = "没有安装识别组件；请运行 pip install 'wenhao[ocr]' 后重新收入"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read of a picture: one printed page, two (left, right) of a sheet that holds two; none if unread.

    ``problem``: what of it was not or not surely read, in Chinese.
    """

    printed: tuple[PrintedPage, ...]
    problem: str | None = None


@functools.cache
def available() -> bool:
    """The extra is installed and works on this machine (OpenCV may miss a library of the system)."""
    # onnxruntime (1.32, perhaps before) would report its use to mobile.events.data.microsoft.com (seen with strace); read by its import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        opencv()
        import onnxruntime  # noqa: F401
        import rapidocr  # noqa: F401
    except ImportError:
        return False
    return True


class Recogniser:
    """Recognises the pages of one file, as long as its limits allow.

    ``progress(pages done, pages in all)`` is called before and after each page that is recognised.
    """

    def __init__(self, limits: Limits = Limits(), progress: Callable[[int, int], None] | None = None) -> None:
        self._limits = limits
        self._progress = progress or (lambda done, pages: None)
        self._spent = 0.0

    def page(self, draw: Callable[[], Image.Image], number: int, pages: int, size: tuple[float, float]) -> Recognised:
        """Read page ``number`` of ``pages``; ``draw`` is called if it can be. ``size``: width, height in points.

        A page that cannot be drawn (``draw`` raises ReadError) or read does not raise: ``problem`` says why.
        """
        if not available():
            return Recognised((), NOT_INSTALLED)
        if self._spent >= self._limits.ocr_seconds:
            minutes = f"{self._limits.ocr_seconds / 60:g} 分钟"
            return Recognised((), f"一个文件最多用 {minutes}识别，此页未识别；请拆分文件后再收入")
        self._progress(number - 1, pages)
        started = time.monotonic()
        try:
            return recognise(draw(), number, size, self._limits.ocr_page_seconds)
        except MemoryError:
            return Recognised((), "识别需要的内存超过限制，此页未识别")
        except ReadError as error:
            return Recognised((), str(error))
        finally:
            self._spent += time.monotonic() - started
            self._progress(number, pages)


def recognise(image: Image.Image, number: int, size: tuple[float, float], seconds: float = 60.0) -> Recognised:
    """Read one picture of a page, whichever way it lies. ``size``: its width and height in points."""
    picture = without_seals(np.asarray(image.convert("RGB")))
    per_pixel = max(size) / max(picture.shape[:2])
    try:
        boxes = _detected(picture)
        if not len(boxes):
            return Recognised((), None if is_blank(image) else "页面上没有识别出文字")
        picture, boxes = _upright(picture, boxes)
        angle = skew(boxes)
        picture, boxes, leaning = _levelled(picture, boxes, angle)
        lines, unread = _read_lines(picture, boxes, time.monotonic() + seconds)
        rules = ruling_lines(picture)
    except _failures() as error:
        return Recognised((), "识别时内存不足，此页未识别" if "alloc" in str(error) else "识别出错，此页未识别")
    certain = [line for line in lines if line.score >= _NOT_TEXT]
    height, width = picture.shape[:2]
    printed = printed_pages(number, certain, rules, (width, height), per_pixel)
    doubtful = sum(line.weakest < _DOUBTFUL for line in certain)
    problems = (
        f"识别不清 {doubtful} 行，请对照原件" * bool(doubtful),
        f"{len(lines) - len(certain)} 处无法辨认，未收入" * (len(lines) > len(certain)),
        f"{leaning} 处斜排文字（可能是水印）未收入" * bool(leaning),
        f"识别超过 {seconds:g} 秒，余下 {unread} 行未识别" * bool(unread),
    )
    return Recognised(printed if certain else (), "；".join(filter(None, problems)) or None)


@functools.cache
def _engine() -> RapidOCR:
    """The models, loaded with the first page. Paths are given: without them RapidOCR may look for models on the net."""
    allow_memory_for_recognition()
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": MAX_PIXELS,
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            # Single characters (前　言) score low; what is no text after all is sorted out when it is read.
            "Det.box_thresh": 0.3,
            "Det.limit_type": "max",
            "Det.limit_side_len": _MAX_DETECTED,
            "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "Rec.rec_batch_num": 1,
        }
    )


def _failures() -> tuple[type[Exception], ...]:
    """What the libraries raise when a picture is too much for them."""
    from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError

    return (ONNXRuntimeError, opencv().error)


def _detected(picture: Picture) -> Boxes:
    """Boxes of text lines: arrays of four corners (upper left, upper right, lower right, lower left)."""
    from rapidocr.main import RapidOCRError

    longest = max(picture.shape[:2])
    side = min(max(longest * _DETECTION, _MIN_DETECTED), _MAX_DETECTED)
    scale = min(1.0, side / longest)
    try:
        _, found = _engine().detect_and_crop(resized(picture, scale), {})
    except RapidOCRError:
        return np.empty((0, 4, 2))
    return np.asarray(found.boxes, dtype=np.float64) / scale


def _upright(picture: Picture, boxes: Boxes) -> tuple[Picture, Boxes]:
    if writes_sideways(boxes):
        picture, matrix = quarter_turned(picture, 1)
        boxes = turned_boxes(boxes, matrix, 1)
    if _on_its_head(picture, boxes):
        picture, matrix = quarter_turned(picture, 2)
        boxes = turned_boxes(boxes, matrix, 2)
    return picture, boxes


def _on_its_head(picture: Picture, boxes: Boxes) -> bool:
    """The classifier of RapidOCR looks at the longest lines; they vote."""
    widths = np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1)
    longest = np.argsort(-widths, kind="stable")[:_JUDGED]
    parts = [(crop := cut_out(picture, boxes[index]))[:, : crop.shape[0] * _JUDGED_PART] for index in longest]
    _, judged = _engine().cls_and_rotate(parts)
    return sum(score if label == "180" else -score for label, score in judged.cls_res) > 0


def _levelled(picture: Picture, boxes: Boxes, angle: float) -> tuple[Picture, Boxes, int]:
    """Lines made level; those that lean against the others are counted and left out."""
    directions = boxes[:, 1] - boxes[:, 0]
    heights = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
    leaning = np.abs(np.arctan2(directions[:, 1], directions[:, 0]) - angle) > _OBLIQUE
    leaning &= np.linalg.norm(directions, axis=1) > 2 * heights
    boxes = boxes[~leaning]
    if abs(angle) > _LEVEL:
        picture, matrix = straightened(picture, angle)
        boxes = turned_boxes(boxes, matrix, 0)
    return picture, boxes, int(leaning.sum())


def _read_lines(picture: Picture, boxes: Boxes, deadline: float) -> tuple[list[TextLine], int]:
    """The lines, and how many of them there was no time for."""

    def read(box: Boxes) -> TextLine | None:
        return _read_line(picture, box) if time.monotonic() < deadline else None

    engine = _engine()
    engine.recognize_txt([np.full((48, 48, 3), 255, np.uint8)])  # loads the model once, before the threads need it
    with ThreadPoolExecutor(_THREADS) as threads:
        read_lines = list(threads.map(read, boxes))
    lines = [line for line in read_lines if line is not None]
    return [line for line in lines if line.text], len(read_lines) - len(lines)


def _read_line(picture: Picture, box: Boxes) -> TextLine:
    crop = cut_out(picture, box)
    height, width = crop.shape[:2]
    if height < _VERTICAL * width:
        return _text_of(crop, box, False)
    return max(
        (_text_of(crop, box, False), _text_of(np.ascontiguousarray(np.rot90(crop)), box, True)),
        key=lambda line: line.score,
    )


def _text_of(crop: Picture, box: Boxes, vertical: bool) -> TextLine:
    found = _engine().recognize_txt([crop])
    info = found.word_results[0]
    columns = [column for word in info.word_cols for column in word]
    places = tuple((column + 0.5) / info.line_txt_len for column in columns)
    # One certainty a character, spaces among them.
    sure = [conf for char, conf in zip(found.txts[0], info.confs, strict=False) if char.isalnum()]
    text = full_width_marks(found.txts[0], places)
    return TextLine(text, float(found.scores[0]), min(sure, default=1.0), places, box, vertical)
