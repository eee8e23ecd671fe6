"""Number formats of spreadsheet cells: what a reader of the sheet sees of a stored number (0.2 is shown as 20%)."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from decimal import Decimal

# ECMA-376 part 1, 18.8.30: formats that stand in no file. 27–36 and 50–58 are dates in Chinese editions.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "yyyy/m/d", 16: "m/d", 17: "yyyy/m",
    18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "yyyy/m", 28: "m/d", 29: "m/d", 30: "yyyy/m/d",
    31: "yyyy/m/d", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy/m", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 45: "h:mm:ss", 46: "h:mm:ss", 47: "h:mm:ss", 50: "yyyy/m", 51: "m/d", 52: "yyyy/m", 53: "m/d", 54: "m/d",
    55: "h:mm", 56: "h:mm:ss", 57: "yyyy/m", 58: "m/d",
}  # fmt: skip
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_NUMBER = re.compile(r"(?P<before>[^#0?]*)(?P<digits>[#0?,]*[#0?])(?:\.(?P<decimals>[0#?]+))?(?P<after>.*)", re.DOTALL)
# Plain characters that may stand around a number without quotes.
_UNQUOTED = re.compile(r"[-+ ()%￥¥$:/\u3000-\u9fff\uff00-\uffef]*")
# The last day of the calendar of Excel, 9999-12-31.
_LAST_DAY = 2958466
# Excel takes 1900 for a leap year: day 60 does not exist.
_LEAP_MISTAKE = 60


def format_code(number: int, custom: dict[int, str]) -> str:
    """The pattern of a format; ``General`` where it is unknown."""
    return custom.get(number) or _BUILT_IN.get(number, "General")


def shown(value: float, code: str, epoch_1904: bool = False) -> str:
    """A stored number as the sheet shows it: dates in Chinese style, as precise as the format; percentages, decimals,
    thousands and the unit that a format adds (``0"万元"``). A format that is not understood shows the plain number.
    """
    section = code.split(";")[0]
    bare = _LITERAL.sub("", section)
    if re.search(r"[ymdhs]", bare, re.IGNORECASE) and not re.search(r"general|[#0?]", bare, re.IGNORECASE):
        return _date(value, bare.lower(), epoch_1904) or plain(value)
    return _number(value, section) or plain(value)


def plain(value: float) -> str:
    """The number with the 15 digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3."""
    if not math.isfinite(value):
        return ""
    text = format(Decimal(format(value, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(value: float, pattern: str, epoch_1904: bool) -> str:
    if not 0 <= value < _LAST_DAY:
        return ""
    day = value if epoch_1904 or value >= _LEAP_MISTAKE else value + 1
    moment = (datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)) + timedelta(seconds=round(day * 86400))
    # An m beside h or s counts minutes.
    months = re.search(r"m", re.sub(r"h+\W*m+|m+\W*s+", "", pattern))
    parts = [f"{moment.year}年"] if "y" in pattern else []
    parts += [f"{moment.month}月"] if months else []
    parts += [f"{moment.day}日"] if "d" in pattern else []
    if "h" in pattern or "s" in pattern:
        parts.append(f"{' ' if parts else ''}{moment:%H:%M}")
    return "".join(parts)


def _number(value: float, section: str) -> str:
    """Empty where the format is General or beyond this reading."""
    # Quoted text must not look like digits of the pattern while that is taken apart.
    quoted: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quoted.append(match[1] or match[2] or "")
        return chr(0xE000 + len(quoted) - 1)

    found = _NUMBER.fullmatch(_LITERAL.sub(keep, section))
    if not found or not math.isfinite(value):
        return ""
    before, after = found["before"], found["after"]
    if not all(_UNQUOTED.fullmatch(re.sub(r"[\ue000-\uf8ff]", "", part)) for part in (before, after)):
        return ""
    scaled = Decimal(format(value, ".15g")) * (100 if "%" in after else 1)
    decimals = found["decimals"] or ""
    text = f"{scaled:{',' if ',' in found['digits'] else ''}.{min(len(decimals), 15)}f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    whole = f"{before}{text.removesuffix('.')}{after}"
    return re.sub(r"[\ue000-\uf8ff]", lambda mark: quoted[ord(mark[0]) - 0xE000], whole).strip()
