"""A page drawn with reportlab the way an office program draws it: what the tests of the PDF reader read."""

from __future__ import annotations

import io

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.corpus import source_file
from ingest.limits import Limits
from ingest.readers import read

FONT, SIZE, LEADING, LEFT, TOP, COLUMNS = "STSong-Light", 16, 28, 79, 720, 28
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

OPENING = (
    "为深入贯彻落实省委、省政府关于推动新兴产业高质量发展的决策部署，进一步优化营商环境，激发各类经营主体活力，结合我区实际，"
    "制定本政策。"
)
# Common hanzi in the order of GB 2312: no character twice, so that every quote has one place.
HANZI = "".join(bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xB8) for cell in range(0xA1, 0xFF))
LONG = "（一）" + "".join(HANZI[start : start + 17] + "，" for start in range(0, 646, 17)) + "具体办法另行制定。"


class Paper:
    """A page drawn the way an office program draws it: 28 characters a line, indented first lines, page numbers."""

    def __init__(self):
        self.target = io.BytesIO()
        self.canvas = Canvas(self.target, pagesize=(595, 842))
        self.page, self.y = 1, TOP
        self.drawn = {}

    def text(self, x, y, text, size=SIZE, **canvas_state):
        self.canvas.setFont(FONT, size)
        drawn = self.canvas.beginText(x, y)
        drawn.setTextRenderMode(canvas_state.get("mode", 0))
        self.canvas.setFillGray(canvas_state.get("gray", 0))
        drawn.textOut(text)
        self.canvas.drawText(drawn)
        self.canvas.setFillGray(0)

    def line(self, text, x=LEFT, size=SIZE):
        self.drawn[self.page] = self.drawn.get(self.page, "") + text
        self.text(x, self.y, text, size)
        self.y -= LEADING

    def centred(self, text, size=22):
        self.line(text, (595 - len(text) * size) / 2, size)

    def paragraph(self, text):
        rest, room, x = text, COLUMNS - 2, LEFT + 2 * SIZE
        while rest:
            if self.y < 120:
                self.turn()
            cut = room
            while rest[cut : cut + 1] in "，。、；：）" and rest[cut : cut + 1]:
                cut -= 1  # a line may not begin with these
            self.line(rest[:cut], x)
            rest, room, x = rest[cut:], COLUMNS, LEFT

    def number(self):
        self.text(270, 60, f"— {self.page} —", 14)

    def turn(self):
        self.number()
        self.canvas.showPage()
        self.page, self.y = self.page + 1, TOP

    def scan(self):
        picture = Image.new("RGB", (60, 80), "white")
        picture.putpixel((3, 3), (0, 0, 0))
        self.canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)

    def bytes(self):
        self.canvas.save()
        return self.target.getvalue()


def reading(paper):
    """What the reader makes of it, by the text layer alone: nothing is recognised from pictures."""
    content = paper if isinstance(paper, bytes) else paper.bytes()
    return read(source_file("文件.pdf", content), Limits(ocr_seconds=0))


def lines(paper):
    return reading(paper).text.splitlines()
