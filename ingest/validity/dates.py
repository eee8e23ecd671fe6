"""Days, months and years as files print them, and the day that they mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from ingest.numerals import chinese_to_int

CHINESE = "一二三四五六七八九十"
YEAR = r"(?:(?:19|20)\d{2}|[二一][〇○零九][〇○零一二三四五六七八九]{2})"
DAY = rf"{YEAR}[年\-./](?:\d{{1,2}}|[{CHINESE}]{{1,2}})[月\-./](?:\d{{1,2}}|[{CHINESE}]{{1,3}})日?"
MONTH = rf"{YEAR}年(?:\d{{1,2}}|[{CHINESE}]{{1,2}})月[底末]?"
WHEN = rf"(?:{DAY}|{MONTH}|{YEAR}年?[底末]?)"
_PARTS = re.compile(
    rf"(?P<year>{YEAR})[年\-./]?(?:(?P<month>\d{{1,2}}|[{CHINESE}]{{1,2}})[月\-./](?:(?P<day>\d{{1,2}}|[{CHINESE}]{{1,3}})日?)?)?[底末]?"
)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def to_day(printed: str, last: bool) -> date | None:
    """A printed date. Month or year alone: its first or its ``last`` day. None where no such day exists (2月30日)."""
    parts = _PARTS.match(printed)
    if parts is None:
        return None
    year = chinese_to_int(parts["year"].replace("○", "〇"))
    month = chinese_to_int(parts["month"]) if parts["month"] else (12 if last else 1)
    if not 1 <= month <= 12:
        return None
    length = monthrange(year, month)[1]
    day = chinese_to_int(parts["day"]) if parts["day"] else (length if last else 1)
    return date(year, month, day) if 1 <= day <= length else None
