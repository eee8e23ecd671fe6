"""What stands on a PDF page besides its characters: coloured grounds, pictures, and the rules of tables."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as api

from ingest.readers.matrix import UNMOVED, Matrix
from ingest.readers.tables import Rule, is_thin, straight

# From this value of the darkest of red, green and blue (0–255) a colour is white; below this alpha nothing is seen.
WHITE = 250
_TRANSPARENT = 12
_MAX_SEGMENTS = 2000
# Forms drawn inside forms, and objects looked at in one form: no real page needs more.
_MAX_DEPTH, _MAX_CHILDREN = 3, 20_000
POINTER, INT = ctypes.c_void_p, ctypes.c_int
_Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Grounds:
    """Everything on a page that is not text: the rules of tables, how many square points the largest picture covers,
    how many paths are drawn.
    """

    rules: list[Rule] = field(default_factory=list)
    picture: float = 0.0
    paths: int = 0
    _painted: list[_Box] = field(default_factory=list)

    def painted_at(self, x: float, y: float) -> bool:
        """Whether white type can be read here."""
        return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in self._painted)

    def add(self, kind: int, page_object: api.FPDF_PAGEOBJECT, matrix: Matrix, depth: int = 0) -> None:
        """Look at one object; ``matrix``: where the form that holds it stands on the page."""
        if kind == api.FPDF_PAGEOBJ_FORM:
            if depth < _MAX_DEPTH:
                inner = matrix.after(_matrix(page_object))
                for index in range(min(api.FPDFFormObj_CountObjects(page_object), _MAX_CHILDREN)):
                    child = api.FPDFFormObj_GetObject(page_object, index)
                    self.add(api.FPDFPageObj_GetType(child), child, inner, depth + 1)
            return
        left, bottom, right, top = box = matrix.box(*_bounds(page_object))
        if kind in (api.FPDF_PAGEOBJ_IMAGE, api.FPDF_PAGEOBJ_SHADING):
            self._painted.append(box)
            self.picture = max(self.picture, (right - left) * (top - bottom))
        elif kind == api.FPDF_PAGEOBJ_PATH:
            self.paths += 1
            filled, stroked = _ink(page_object)
            if filled:
                self._painted.append(box)
            if not filled and not stroked:
                return
            if is_thin(*box):
                self.rules.extend(straight((left, bottom), (right, top)))
            else:
                self.rules.extend(_strokes(page_object, matrix))


def page_grounds(page: pdfium.PdfPage) -> Grounds:
    """Look once at every object of the page that is not text."""
    found, calls, handle = Grounds(), _calls(), ctypes.cast(page.raw, POINTER)
    kinds = [calls.kind(calls.page_object(handle, index)) for index in range(api.FPDFPage_CountObjects(page))]
    for index, kind in enumerate(kinds):
        if kind != api.FPDF_PAGEOBJ_TEXT:
            found.add(kind, api.FPDFPage_GetObject(page, index), UNMOVED)
    return found


class _Calls(NamedTuple):
    page_object: Callable[[object, int], int | None]
    kind: Callable[[int | None], int]


@cache
def _calls() -> _Calls:
    return _Calls(
        page_object=unchecked(api.FPDFPage_GetObject, POINTER, POINTER, INT),
        kind=unchecked(api.FPDFPageObj_GetType, INT, POINTER),
    )


def unchecked(function: Callable[..., object], result: type, *arguments: type) -> Callable[..., object]:
    """A function of PDFium without ctypes' check of each argument, for what runs once a character: the checks take
    longer than the work.
    """
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, POINTER).value)


def is_transparent(alpha: int) -> bool:
    """So little ink that nothing is seen."""
    return alpha < _TRANSPARENT


def _bounds(page_object: api.FPDF_PAGEOBJECT) -> _Box:
    left, bottom, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    if not api.FPDFPageObj_GetBounds(page_object, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    return left.value, bottom.value, right.value, top.value


def _matrix(page_object: api.FPDF_PAGEOBJECT) -> Matrix:
    found = api.FS_MATRIX()
    if not api.FPDFPageObj_GetMatrix(page_object, found):
        return UNMOVED
    return Matrix(found.a, found.b, found.c, found.d, found.e, found.f)


def _ink(path: api.FPDF_PAGEOBJECT) -> tuple[bool, bool]:
    """Whether a path is filled, and stroked, with something other than white (text boxes often are white on white)."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not api.FPDFPath_GetDrawMode(path, mode, stroke):
        return False, True
    filled = mode.value != api.FPDF_FILLMODE_NONE and _is_seen(api.FPDFPageObj_GetFillColor, path)
    return filled, bool(stroke.value) and _is_seen(api.FPDFPageObj_GetStrokeColor, path)


def _is_seen(colour: Callable[..., int], path: api.FPDF_PAGEOBJECT) -> bool:
    red, green, blue, alpha = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    if not colour(path, red, green, blue, alpha):
        return True
    return not is_transparent(alpha.value) and min(red.value, green.value, blue.value) < WHITE


def _strokes(path: api.FPDF_PAGEOBJECT, form: Matrix) -> Iterator[Rule]:
    """The straight horizontal and vertical lines of a path."""
    count = api.FPDFPath_CountSegments(path)
    if not 1 < count <= _MAX_SEGMENTS:
        return
    matrix, x, y = form.after(_matrix(path)), ctypes.c_float(), ctypes.c_float()
    start = previous = (0.0, 0.0)
    for index in range(count):
        segment = api.FPDFPath_GetPathSegment(path, index)
        api.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.point(x.value, y.value)
        kind = api.FPDFPathSegment_GetType(segment)
        if kind == api.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == api.FPDF_SEGMENT_LINETO:
            yield from straight(previous, point)
        if api.FPDFPathSegment_GetClose(segment):
            yield from straight(point, start)
        previous = point
