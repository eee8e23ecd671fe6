"""Characters of symbol fonts (w:sym, or text set in Wingdings) → the characters that they look like."""

from __future__ import annotations

from functools import cache

# In each font: characters as printed, from the code in hexadecimal before them on. Boxes and ticks are given in the
# shape in which Chinese forms type them (□ √ ×).
_FONTS = {
    "wingdings": (
        (0x28, "☎✆✉"), (0x45, "☜☞☝☟"), (0x4A, "☺"), (0x6C, "●○■□□□□◆◆◆❖◆☒"), (0x7D, "“”"), (0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩"),
        (0x8B, "⓿❶❷❸❹❺❻❼❽❾❿"), (0x9E, "·•"), (0xA1, "○○○◉◎"), (0xA7, "▪□"), (0xAA, "✦★✶"), (0xB5, "☆☆"), (0xD8, "➢"),
        (0xDF, "←→↑↓↖↗↙↘←→↑↓"), (0xEF, "⇦⇨⇧⇩"), (0xFB, "×√☒☑"),
    ),
    "wingdings 2": (
        (0x4F, "×√☒☑☒☒"), (0x69, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"), (0x96, "•●●"), (0xA2, "■□□"),
    ),
    "webdings": ((0x61, "√"), (0x63, "□"), (0x67, "■"), (0x6E, "●"), (0x72, "×")),
    "symbol": (
        (0x41, "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"), (0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"), (0x22, "∀"), (0x24, "∃"), (0x40, "≅"),
        (0xA2, "′≤⁄∞"), (0xAB, "↔←↑→↓°±″≥×∝∂•÷≠≡≈…"), (0xC7, "∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"), (0xE5, "∑"), (0xF2, "∫"),
    ),
}  # fmt: skip
_PRIVATE = range(0xF000, 0xF100)


def is_symbol_font(font: str) -> bool:
    """Whether the font shows other things than letters for the codes of letters."""
    return font.lower() in _FONTS


def symbol(font: str, code: int) -> str | None:
    """What the character looks like; ``None`` where that is not known. Fonts keep their symbols at F000–F0FF too."""
    low = code - _PRIVATE.start if code in _PRIVATE else code
    if is_symbol_font(font) and low < 0x100:
        return _table(font.lower()).get(low) or (chr(low) if font.lower() == "symbol" and 0x20 <= low < 0x40 else None)
    is_private = 0xE000 <= code <= 0xF8FF
    return None if is_private or not 0x20 <= code <= 0x10FFFF else chr(code)


def in_symbol_font(font: str, text: str) -> str:
    """Text typed in a symbol font; characters that the font does not have (Chinese) are set in another one, and stay."""
    return "".join(symbol(font, ord(char)) or char for char in text)


@cache
def _table(font: str) -> dict[int, str]:
    return {start + place: char for start, chars in _FONTS[font] for place, char in enumerate(chars)}
