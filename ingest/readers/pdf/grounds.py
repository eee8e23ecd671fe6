"""What stands on a PDF page besides its characters: coloured grounds, pictures, and the rules of tables."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as api

from ingest.readers.tables import Rule, is_thin, straight

# From this value of the darkest of red, green and blue (0–255) a colour is white; below this alpha nothing is seen.
WHITE = 250
_TRANSPARENT = 12
_MAX_SEGMENTS = 2000


@dataclass(slots=True)
class Grounds:
    """Everything on a page that is not text: what white text can stand on, the rules of tables, how much is picture."""

    painted: list[tuple[float, float, float, float]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    picture: float = 0.0
    paths: int = 0


def page_grounds(page: pdfium.PdfPage) -> Grounds:
    """Look once at every object of the page that is not text."""
    found = Grounds()
    for index in range(api.FPDFPage_CountObjects(page)):
        page_object = api.FPDFPage_GetObject(page, index)
        kind = api.FPDFPageObj_GetType(page_object)
        if kind == api.FPDF_PAGEOBJ_TEXT:
            continue
        left, bottom, right, top = bounds = _bounds(page_object)
        if kind in (api.FPDF_PAGEOBJ_IMAGE, api.FPDF_PAGEOBJ_SHADING):
            found.painted.append(bounds)
            found.picture = max(found.picture, (right - left) * (top - bottom))
        elif kind == api.FPDF_PAGEOBJ_PATH:
            found.paths += 1
            if _is_painted(page_object):
                found.painted.append(bounds)
            found.rules.extend(_rules(page_object, bounds))
        elif kind == api.FPDF_PAGEOBJ_FORM:
            found.picture = max(found.picture, _picture_in_form(page_object, bounds))
    return found


def _bounds(page_object: api.FPDF_PAGEOBJECT) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not api.FPDFPageObj_GetBounds(page_object, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    return left.value, bottom.value, right.value, top.value


def _is_painted(path: api.FPDF_PAGEOBJECT) -> bool:
    """Filled with something other than white: a ground on which white letters can be read."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not api.FPDFPath_GetDrawMode(path, mode, stroke) or mode.value == api.FPDF_FILLMODE_NONE:
        return False
    red, green, blue, alpha = fill_colour(path)
    return not is_transparent(alpha) and min(red, green, blue) < WHITE


def _rules(path: api.FPDF_PAGEOBJECT, bounds: tuple[float, float, float, float]) -> Iterator[Rule]:
    """The straight horizontal and vertical lines of a path; a thin box counts as the line it looks like."""
    left, bottom, right, top = bounds
    if is_thin(*bounds):
        yield from straight((left, bottom), (right, top))
        return
    count = api.FPDFPath_CountSegments(path)
    if not 1 < count <= _MAX_SEGMENTS:
        return
    matrix = api.FS_MATRIX()
    api.FPDFPageObj_GetMatrix(path, matrix)
    start = previous = (0.0, 0.0)
    for index in range(count):
        segment = api.FPDFPath_GetPathSegment(path, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        api.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = api.FPDFPathSegment_GetType(segment)
        if kind == api.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == api.FPDF_SEGMENT_LINETO:
            yield from straight(previous, point)
        if api.FPDFPathSegment_GetClose(segment):
            yield from straight(point, start)
        previous = point


def _picture_in_form(form: api.FPDF_PAGEOBJECT, bounds: tuple[float, float, float, float]) -> float:
    """Scanning programs wrap the picture in a form; its bounds on the page are then those of the form."""
    left, bottom, right, top = bounds
    children = (api.FPDFFormObj_GetObject(form, index) for index in range(min(api.FPDFFormObj_CountObjects(form), 50)))
    has_picture = any(api.FPDFPageObj_GetType(child) == api.FPDF_PAGEOBJ_IMAGE for child in children)
    return (right - left) * (top - bottom) if has_picture else 0.0


def fill_colour(page_object: api.FPDF_PAGEOBJECT) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha, 0–255; black where the file sets none."""
    red, green, blue, alpha = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    if not api.FPDFPageObj_GetFillColor(page_object, red, green, blue, alpha):
        return 0, 0, 0, 255
    return red.value, green.value, blue.value, alpha.value


def is_transparent(alpha: int) -> bool:
    """So little ink that nothing is seen."""
    return alpha < _TRANSPARENT
