"""OFD (GB/T 33190): the smallest package that shows the same pages; one text object a printed line, rules as paths."""

from __future__ import annotations

import io
import zipfile
from html import escape
from itertools import groupby
from random import Random

from tests.hard_documents.paper import HEIGHT, WIDTH, Habits, Ink, Sheet, lay_out
from tests.hard_documents.truth import Policy

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_MM = 25.4 / 72
_COLOURS = {"black": "0 0 0", "red": "230 0 0", "white": "255 255 255", "grey": "200 200 200"}
_WIDE = "—…“”‘’·×"


def as_ofd(policy: Policy) -> bytes:
    """The policy on paper, with the sentence that nobody can see in white, transparent or switched off."""
    rng = Random(policy.seed)
    sheets = lay_out(policy, width, Habits.of(rng))
    hidden = rng.choice(("white", "transparent", "off"))
    parts = {"OFD.xml": _root(), "Doc_0/Document.xml": _document(len(sheets)), "Doc_0/PublicRes.xml": _fonts()}
    for number, sheet in enumerate(sheets):
        secret = _text(Ink(policy.secret, 120, 400), hidden)
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = _page(sheet, secret)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + part)
    return target.getvalue()


def width(text: str, size: float) -> float:
    """Chinese characters are one em wide, others half an em."""
    return sum(_step(char, size) for char in text)


def _step(char: str, size: float) -> float:
    return size if char >= "\u2e80" or char in _WIDE else size / 2


def _root() -> str:
    return (
        f'<ofd:OFD {_SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:Creator>WPS</ofd:Creator></ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )


def _document(pages: int) -> str:
    entries = "".join(f'<ofd:Page ID="{100 + n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(pages))
    return (
        f"<ofd:Document {_SPACE}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        f"</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{entries}</ofd:Pages></ofd:Document>"
    )


def _fonts() -> str:
    return f'<ofd:Res {_SPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>'


def _page(sheet: Sheet, secret: str) -> str:
    texts = "".join(map(_text, sheet.inks))
    rules = "".join(_rule(*rule) for rule in sheet.rules)
    return (
        f'<ofd:Page {_SPACE}><ofd:Content><ofd:Layer ID="2">{rules}{secret}{texts}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def _text(ink: Ink, hidden: str = "") -> str:
    size = ink.size * _MM
    steps = [round(_step(char, size) + ink.spread * _MM, 3) for char in ink.text[:-1]]
    runs = " ".join(f"g {len(list(run))} {step}" for step, run in groupby(steps))
    box = f"{ink.x * _MM:.3f} {(HEIGHT - ink.y) * _MM - size * 0.88:.3f} {sum(steps) + size:.3f} {size:.3f}"
    off = {"transparent": ' Alpha="0"', "off": ' Visible="false"'}.get(hidden, "")
    colour = _COLOURS["white" if hidden == "white" else ink.colour]
    return (
        f'<ofd:TextObject ID="9" Font="1" Size="{size:.3f}" Boundary="{box}"{off}><ofd:FillColor Value="{colour}"/>'
        f'<ofd:TextCode X="0" Y="{size * 0.88:.3f}" DeltaX="{runs}">{escape(ink.text, quote=False)}</ofd:TextCode></ofd:TextObject>'
    )


def _rule(x: float, y: float, other_x: float, other_y: float, colour: str) -> str:
    box = f"0 0 {WIDTH * _MM:.3f} {HEIGHT * _MM:.3f}"
    points = (x * _MM, (HEIGHT - y) * _MM, other_x * _MM, (HEIGHT - other_y) * _MM)
    return (
        f'<ofd:PathObject ID="8" Boundary="{box}" LineWidth="0.35"><ofd:StrokeColor Value="{_COLOURS[colour]}"/>'
        "<ofd:AbbreviatedData>M {:.3f} {:.3f} L {:.3f} {:.3f}</ofd:AbbreviatedData></ofd:PathObject>".format(*points)
    )
