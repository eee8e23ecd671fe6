"""PDF drawn with reportlab: embedded or standard fonts, whole lines or one text operation a character, watermark, hidden text."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from random import Random

from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.hard_documents.paper import HEIGHT, WIDTH, Habits, Ink, Sheet, lay_out
from tests.hard_documents.truth import Policy

_COLOURS = {"black": (0, 0, 0), "red": (0.9, 0, 0), "white": (1, 1, 1), "grey": (0.8, 0.8, 0.8)}
_TRUETYPE = Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
STANDARD = "STSong-Light"


@dataclass(frozen=True, slots=True)
class Type:
    """``chinese`` and ``latin``: names of fonts; an embedded font for Chinese lacks the digits, as on many machines."""

    chinese: str
    latin: str

    def runs(self, text: str) -> list[tuple[str, str]]:
        """Font and text of each part of a line."""
        return [(name, "".join(chars)) for name, chars in groupby(text, self._font)]

    def _font(self, char: str) -> str:
        for name in (self.chinese, self.latin):
            if name == STANDARD or ord(char) in pdfmetrics.getFont(name).face.charToGlyph:
                return name
        return STANDARD

    def width(self, text: str, size: float) -> float:
        return sum(pdfmetrics.stringWidth(part, name, size) for name, part in self.runs(text))


@cache
def type_of(embedded: bool) -> Type:
    """Registered fonts; embedded ones only where this machine has them."""
    pdfmetrics.registerFont(UnicodeCIDFont(STANDARD))
    if not (embedded and _TRUETYPE.exists()):
        return Type(STANDARD, STANDARD)
    pdfmetrics.registerFont(TTFont("Chinese", str(_TRUETYPE)))
    pdfmetrics.registerFont(TTFont("Latin", "Vera.ttf"))
    return Type("Chinese", "Latin")


def can_embed() -> bool:
    return _TRUETYPE.exists()


def as_pdf(policy: Policy, embedded: bool | None = None, hidden: bool = True, pages: int | None = None) -> bytes:
    """The policy on paper. ``hidden``: with the sentence that nobody can see, and a watermark on some seeds."""
    rng = Random(policy.seed)
    face = type_of(rng.random() < 0.5 if embedded is None else embedded)
    one_by_one = rng.random() < 0.4
    watermark = rng.random() < 0.3
    sheets = lay_out(policy, face.width, Habits.of(rng))[:pages]
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(WIDTH, HEIGHT))
    for sheet in sheets:
        if hidden:
            _hide(canvas, policy, face, rng)
        _draw(canvas, sheet, face, one_by_one)
        if hidden and watermark:
            _watermark(canvas, face.chinese)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def without_map(content: bytes) -> bytes:
    """The same pages with fonts that lost the map from shapes to characters (ToUnicode)."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page in writer.pages:
        for reference in page["/Resources"]["/Font"].values():
            reference.get_object().pop("/ToUnicode", None)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _draw(canvas: Canvas, sheet: Sheet, face: Type, one_by_one: bool) -> None:
    for x, y, other_x, other_y, colour in sheet.rules:
        canvas.setStrokeColorRGB(*_COLOURS[colour])
        canvas.line(x, y, other_x, other_y)
    for ink in sheet.inks:
        _write(canvas, ink, face, one_by_one)


def _write(canvas: Canvas, ink: Ink, face: Type, one_by_one: bool) -> None:
    canvas.setFillColorRGB(*_COLOURS[ink.colour])
    x = ink.x
    for name, run in face.runs(ink.text):
        canvas.setFont(name, ink.size)
        for part in run if one_by_one else (run,):
            canvas.drawString(x, ink.y, part, charSpace=0 if one_by_one else ink.spread)
            x += face.width(part, ink.size) + ink.spread * len(part)


def _hide(canvas: Canvas, policy: Policy, face: Type, rng: Random) -> None:
    """The sentence white, tiny, without ink, or beside the page."""
    way = rng.choice(("white", "tiny", "no ink", "outside"))
    text = canvas.beginText(700 if way == "outside" else 100, rng.randrange(200, 700))
    size = 1 if way == "tiny" else 16
    text.setFillGray(1 if way == "white" else 0)
    text.setTextRenderMode(3 if way == "no ink" else 0)
    for name, run in face.runs(policy.secret):
        text.setFont(name, size)
        text.textOut(run)
    text.setTextRenderMode(0)
    canvas.drawText(text)


def _watermark(canvas: Canvas, name: str) -> None:
    canvas.saveState()
    canvas.setFillGray(0.85)
    canvas.setFont(name, 60)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(45)
    canvas.drawCentredString(0, 0, "内部资料")
    canvas.restoreState()
