"""Automatic numbers as programs print them: 一 （二） 3 ④ Ⅴ, by the names of the formats in Word (w:numFmt)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "零一二三四五六七八九"
_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def format_number(count: int, style: str) -> str:
    """A counter in one of Word's number formats (w:numFmt); unknown formats print Arabic digits."""
    if style in ("none", "bullet"):
        return ""
    printer = _PRINTERS.get(style)
    return printer(count) if printer and 0 < count < 10_000 else str(count)


def chinese(count: int) -> str:
    """12 → 十二, 105 → 一百零五, 1..9999."""
    printed, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = count // unit % 10
        if digit:
            printed += ("零" if zero and printed else "") + _DIGITS[digit] + name
        zero = not digit
    return printed.removeprefix("一") if 10 <= count < 20 else printed


def _roman(count: int) -> str:
    printed = ""
    for value, letters in _ROMAN:
        printed += letters * (count // value)
        count %= value
    return printed


def _letters(count: int) -> str:
    """Word prints Z, then AA, BB, CC."""
    return chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _circled(count: int) -> str:
    return chr(0x2460 + count - 1) if count <= 20 else f"({count})"


def _by_digit(count: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(count))


_PRINTERS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
        ),
        chinese,
    ),
    "ideographDigital": _by_digit,
    "chineseLegalSimplified": lambda count: ("一" * (10 <= count < 20) + chinese(count)).translate(_FORMAL),
    "ideographTraditional": lambda count: _STEMS[count - 1] if count <= len(_STEMS) else str(count),
    "ideographZodiac": lambda count: _BRANCHES[count - 1] if count <= len(_BRANCHES) else str(count),
    "decimalZero": lambda count: f"{count:02d}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda count: f"({count})",
    "decimalEnclosedFullstop": lambda count: f"{count}.",
    "decimalFullWidth": lambda count: "".join(chr(0xFF10 + int(digit)) for digit in str(count)),
    "decimalFullWidth2": lambda count: "".join(chr(0xFF10 + int(digit)) for digit in str(count)),
    "chicago": lambda count: "*†‡§"[(count - 1) % 4] * ((count - 1) // 4 + 1),
    "upperLetter": _letters,
    "lowerLetter": lambda count: _letters(count).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda count: _roman(count).lower(),
}
