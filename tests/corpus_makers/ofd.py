"""OFD (GB/T 33190), laid out by GB/T 9704 without any office program: lines of 28 characters, 22 to the page.

Each printed line is one TextObject with the step from character to character, as the OFD programs of offices write it. Fonts are
named, not embedded; seals are pictures. Lengths are millimetres from the upper left corner of the page.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from tests.corpus_makers.letter import frozen_zip
from tests.corpus_makers.seal import SIZE, seal
from tests.corpus_makers.source import HEADING, Line, Source, blocks

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
FONTS = ("方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312")
TITLE, BODY, FIRST, SECOND = range(1, 5)  # font ids
LEFT, TOP, WIDTH, ROWS = 28.0, 37.0, 156.0, 22
LINE = 225 / ROWS
EM, TITLE_EM, TABLE_EM, FOOT_EM = 16 * 25.4 / 72, 22 * 25.4 / 72, 12 * 25.4 / 72, 14 * 25.4 / 72
STEP = WIDTH / 28
NOT_FIRST = set("，。；：、！？）》〉”〕%")
RED = "230 0 18"
SEAL_PIXELS = 300
ASCENT = 0.88


@dataclass(slots=True)
class Page:
    objects: list[str] = field(default_factory=list)
    y: float = TOP


class Layout:
    """Sets the lines of a source one under the other."""

    def __init__(self, source: Source) -> None:
        self.pages = [Page()]
        self.ids = itertools.count(100)
        self.offices = source.signatories
        previous = ""
        for kind, lines in blocks(source.lines):
            self._table(lines) if kind == "table" else self._paragraph(kind, lines[0].text, previous)
            previous = kind
        for number, page in enumerate(self.pages, 1):
            text = f"— {number} —"
            page.objects.append(self._text(text, LEFT + WIDTH - 25, 266.0, BODY, FOOT_EM, FOOT_EM))

    def _paragraph(self, kind: str, text: str, previous: str) -> None:
        if kind == "mark":
            self.page.y += 22
            self._centred(text, TITLE, min(15.0, WIDTH / len(text) - 1), RED)
            self.page.y += 24
        elif kind == "number":
            self._centred(text, BODY, EM)
            self.page.y += LINE
            if previous == "mark":
                self.page.objects.append(self._path(((LEFT, self.page.y), (LEFT + WIDTH, self.page.y)), RED, 0.7))
                self.page.y += LINE * 1.5
        elif kind == "title":
            for part in text.split("\\"):
                self._centred(part, TITLE, TITLE_EM)
                self.page.y += 12
            self.page.y += LINE / 2
        elif kind == "signature":
            self._signature(text, previous)
        else:
            self._lines(kind, text)

    @property
    def page(self) -> Page:
        return self.pages[-1]

    def _room(self, height: float) -> None:
        if self.page.y + height > TOP + ROWS * LINE + 0.1:
            self.pages.append(Page())

    def _lines(self, kind: str, text: str) -> None:
        heading = HEADING.match(text) if kind == "body" else None
        is_sentence = heading is not None and heading[0] == text and text.endswith("。")
        cut = heading.end() if heading and not is_sentence else 0
        font = SECOND if text.startswith("（") else FIRST
        done = 0
        indent = 0 if kind == "addressees" else 2
        for line in wrapped(text, 28.0, indent):
            self._room(LINE)
            x = LEFT + (indent * STEP if done == 0 else 0)
            head = line[: max(0, cut - done)]
            for part, face in ((head, font), (line[len(head) :], BODY)):
                if part:
                    self.page.objects.append(self._text(part, x, self.page.y, face, EM, STEP))
                    x += units(part) * STEP
            done += len(line)
            self.page.y += LINE

    def _signature(self, text: str, previous: str) -> None:
        """Offices that issue jointly sign side by side, each under its seal; the last seal lies on the date as well."""
        if previous != "signature":
            self.page.y += LINE
            self._room(LINE * 5)
        share = WIDTH / len(self.offices)
        place = self.offices.index(text) if text in self.offices else len(self.offices) - 1
        middle = LEFT + share * (place + 0.5)
        self.page.objects.append(self._text(text, middle - units(text) * STEP / 2, self.page.y, BODY, EM, STEP))
        if text in self.offices:
            box = f"{middle - SIZE / 2:.2f} {self.page.y - SIZE * 0.36:.2f} {SIZE} {SIZE}"
            self.page.objects.append(
                f'<ofd:ImageObject ID="{next(self.ids)}" ResourceID="{11 + place}" Boundary="{box}" '
                f'CTM="{SIZE} 0 0 {SIZE} 0 0"/>'
            )
        if text not in self.offices[:-1]:
            self.page.y += LINE if text in self.offices else LINE * 2

    def _centred(self, text: str, font: int, size: float, colour: str = "") -> None:
        x = LEFT + (WIDTH - units(text) * size) / 2
        self.page.objects.append(self._text(text, x, self.page.y, font, size, size, colour))

    def _table(self, lines: list[Line]) -> None:
        count = len(lines[0].cells)
        edges = [LEFT + WIDTH * share for share in (0.0, 0.26, 0.6, 1.0)]
        assert len(edges) == count + 1
        row_height = TABLE_EM * 2
        for line in lines:
            self._room(row_height)
            top, bottom = self.page.y, self.page.y + row_height
            for place, text in enumerate(line.cells):
                face = FIRST if line is lines[0] else BODY
                x = edges[place] + 1.5
                self.page.objects.append(self._text(text, x, top + TABLE_EM / 2, face, TABLE_EM, TABLE_EM))
            for y in (top, bottom):
                self.page.objects.append(self._path(((edges[0], y), (edges[-1], y))))
            for x in edges:
                self.page.objects.append(self._path(((x, top), (x, bottom))))
            self.page.y = bottom
        self.page.y += LINE / 3

    def _text(self, text: str, x: float, y: float, font: int, size: float, step: float, colour: str = "") -> str:
        steps = [step * units(char) for char in text]
        runs = " ".join(f"g {len(list(group))} {value:.3f}" for value, group in itertools.groupby(steps[:-1]))
        delta = f' DeltaX="{runs}"' if runs else ""
        fill = f'<ofd:FillColor Value="{colour}"/>' if colour else ""
        return (
            f'<ofd:TextObject ID="{next(self.ids)}" Boundary="{x:.2f} {y:.2f} {sum(steps):.2f} {size * 1.2:.2f}" '
            f'Font="{font}" Size="{size:.3f}">{fill}<ofd:TextCode X="0" Y="{size * ASCENT:.3f}"{delta}>{escape(text)}'
            "</ofd:TextCode></ofd:TextObject>"
        )

    def _path(self, points: tuple[tuple[float, float], ...], colour: str = "0 0 0", width: float = 0.2) -> str:
        data = " ".join(f"{'M' if place == 0 else 'L'} {x:.2f} {y:.2f}" for place, (x, y) in enumerate(points))
        return (
            f'<ofd:PathObject ID="{next(self.ids)}" Boundary="0 0 210 297" LineWidth="{width}">'
            f'<ofd:StrokeColor Value="{colour}"/><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'
        )


def units(text: str) -> float:
    """Width in characters: letters and digits are half as wide."""
    return sum(0.5 if char < "\u2000" and char not in "×%" else 1.0 for char in text)


def wrapped(text: str, width: float, indent: float) -> Iterator[str]:
    """Lines of at most ``width`` characters: no number is parted, no line begins with a closing sign."""
    line, room = "", width - indent
    for word in _words(text):
        if units(line) + units(word) > room:
            yield line
            line, room = "", width
        line += word
    if line:
        yield line


def _words(text: str) -> Iterator[str]:
    """Characters, with the closing signs behind them; numbers whole."""
    word = ""
    for char in text:
        if word and char not in NOT_FIRST and not (word[-1].isascii() and char.isascii()):
            yield word
            word = ""
        word += char
    yield word


def as_ofd(source: Source) -> bytes:
    layout = Layout(source)
    pages = [f"Pages/Page_{number}/Content.xml" for number in range(len(layout.pages))]
    parts: dict[str, str | bytes] = {
        "OFD.xml": _root(source.fields["title"]),
        "Doc_0/Document.xml": _document(pages),
        "Doc_0/PublicRes.xml": _fonts(),
        "Doc_0/DocumentRes.xml": _pictures(len(layout.offices)),
    }
    for location, page in zip(pages, layout.pages, strict=True):
        parts[f"Doc_0/{location}"] = (
            f'<ofd:Page {SPACE}><ofd:Content><ofd:Layer ID="90" Type="Body">{"".join(page.objects)}</ofd:Layer>'
            "</ofd:Content></ofd:Page>"
        )
    for number, office in enumerate(layout.offices, 1):
        picture = io.BytesIO()
        seal(office, SEAL_PIXELS).quantize(32).save(picture, "PNG")
        parts[f"Doc_0/Res/seal_{number}.png"] = picture.getvalue()
    return _packed(parts)


def _packed(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, HEAD + content if isinstance(content, str) else content)
    return frozen_zip(buffer.getvalue())


def _root(title: str) -> str:
    return (
        f'<ofd:OFD {SPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>00000000000000000000000000000020</ofd:DocID><ofd:Title>{escape(title)}</ofd:Title>"
        "<ofd:Author>示例</ofd:Author><ofd:CreationDate>2026-01-01</ofd:CreationDate></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )


def _document(pages: list[str]) -> str:
    entries = "".join(f'<ofd:Page ID="{number}" BaseLoc="{location}"/>' for number, location in enumerate(pages, 50))
    return (
        f"<ofd:Document {SPACE}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        f"<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{entries}</ofd:Pages></ofd:Document>"
    )


def _fonts() -> str:
    fonts = "".join(f'<ofd:Font ID="{number}" FontName="{name}"/>' for number, name in enumerate(FONTS, 1))
    return f'<ofd:Res {SPACE} BaseLoc="Res"><ofd:Fonts>{fonts}</ofd:Fonts></ofd:Res>'


def _pictures(count: int) -> str:
    media = "".join(
        f'<ofd:MultiMedia ID="{10 + number}" Type="Image" Format="PNG"><ofd:MediaFile>seal_{number}.png</ofd:MediaFile></ofd:MultiMedia>'
        for number in range(1, count + 1)
    )
    return f'<ofd:Res {SPACE} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>'
