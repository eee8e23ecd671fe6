"""成文日期, 印发日期, 发布日期, each with the span where it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.clauses.forms import DATE, closes, is_bracketed
from ingest.document import Span
from ingest.metadata.head import ISSUED_FIELDS, PRINTED_FIELDS, PUBLISHED_FIELDS, Head
from ingest.numerals import chinese_to_int

_PRINTED = re.compile(rf"({DATE}) ?印发")
# Of the dates before 公布 the nearest: (1991年10月4日国务院批准 … 1991年12月6日卫生部令第17号发布).
_BEFORE_VERB = rf"({DATE})(?:(?!{DATE})[^;。]){{0,120}}?"
_PUBLISHED_IN_NOTE = re.compile(rf"{_BEFORE_VERB}(?:公布|发布|颁布)")
_ISSUED_IN_NOTE = re.compile(rf"{_BEFORE_VERB}(?:公布|发布|颁布|印发|下发)")
# A regulation that a meeting passed: the day of the meeting (条例第九条: 会议通过…的日期).
_PASSED_IN_NOTE = re.compile(rf"{_BEFORE_VERB}会议(?:审议)?通过")
_NOTE_LINE = re.compile(rf"\(?.{{0,8}}{DATE}")
_MASK = re.compile("[xX×*]")
_ANY_DATE = re.compile(rf"{DATE}|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}")
_PARTS = re.compile(r"(.{4}) ?[年/.-] ?(.{1,3}?) ?[月/.-] ?(.{1,3}?)(?: ?日|$)")
# (农经发〔2011〕13号 2011年11月21日): the only date of a short note is the date of issue.
_SHORT_NOTE = 60
_OF_SOMETHING_ELSE = re.compile("废止|失效|修[正订改]|[施实]行|实施|根据|有效|截至|通过")
NOTE, COVER = "标题下题注", "标准封面"
_YEAR_DIGITS = str.maketrans("〇零Oo一二三四五六七八九", "0000123456789")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date, where it stands, and how it was recognised."""

    value: date
    span: Span
    how: str


def find_issued(head: Head) -> FoundDate | None:
    """成文日期: site field → date below the signature → date in 题注 (2017年3月7日…令第5号公布)."""
    return (
        next(_in_fields(head, ISSUED_FIELDS), None)
        or next(_below_signature(head), None)
        or next(_in_note(head, _ISSUED_IN_NOTE, _PASSED_IN_NOTE), None)
        or next(_only_date_of_note(head), None)
    )


def find_printed(head: Head) -> FoundDate | None:
    """印发日期 of 版记: may be later than 成文日期, and 自印发之日起 counts from it."""
    matches = (_PRINTED.search(head.folded, span.start, span.end) for span in head.closing)
    found = (_found(head, match.start(1), match.end(1), "版记") for match in matches if match)
    return next(filter(None, found), None) or next(_in_fields(head, PRINTED_FIELDS), None)


def find_published(head: Head) -> FoundDate | None:
    """发布日期: cover of a standard → site field → 题注 of an order or regulation."""
    if head.cover and head.cover.published:
        return FoundDate(*head.cover.published, COVER)
    return next(_in_fields(head, PUBLISHED_FIELDS), None) or next(_in_note(head, _PUBLISHED_IN_NOTE), None)


def date_remarks(head: Head) -> Iterator[str]:
    """What a reader should check: dates that are masked or no day of the calendar, and a site's 成文日期 that is not the signature's."""
    places = [span for span in head.closing if closes(head.fold(span))]
    places += [f.span for f in head.labelled(*ISSUED_FIELDS, *PRINTED_FIELDS, *PUBLISHED_FIELDS)]
    for span in places:
        match = _ANY_DATE.search(head.folded, span.start, span.end)
        if match and to_date(match[0]) is None:
            printed = head.text[match.start() : match.end()]
            why = "日期含占位符，按未标明处理" if _MASK.search(match[0]) else "日历上没有这一天，按未标明处理"
            yield f"{why}：{printed}"
    field, signed = next(_in_fields(head, ISSUED_FIELDS), None), next(_below_signature(head), None)
    if field and signed and field.value != signed.value:
        yield f"成文日期不一致，以发布页为准：发布页 {field.span.of(head.text)}，落款 {signed.span.of(head.text)}"


def to_date(folded: str) -> date | None:
    """``2024年3月10日``, ``二〇二一年七月二日``, ``2024-03-10`` → date; ``None`` for what is no day of the calendar."""
    match = _PARTS.match(folded)
    if not match:
        return None
    try:
        return date(int(match[1].translate(_YEAR_DIGITS)), _integer(match[2]), _integer(match[3]))
    except ValueError:
        return None


def _integer(printed: str) -> int:
    return int(printed) if printed.isdigit() else chinese_to_int(printed)


def _found(head: Head, start: int, end: int, how: str) -> FoundDate | None:
    value = to_date(head.folded[start:end])
    return FoundDate(value, Span(start, end), how) if value else None


def date_in(head: Head, span: Span, how: str) -> FoundDate | None:
    """First date within a span."""
    match = _ANY_DATE.search(head.folded, span.start, span.end)
    return _found(head, match.start(), match.end(), how) if match else None


def _in_fields(head: Head, labels: Sequence[str]) -> Iterator[FoundDate]:
    for field in head.labelled(*labels):
        if found := date_in(head, field.span, f"站点字段“{field.label}”"):
            yield found


def _below_signature(head: Head) -> Iterator[FoundDate]:
    for span in head.closing:
        if closes(head.fold(span)) and (found := date_in(head, span, "落款")):
            yield found


def _in_note(head: Head, *forms: re.Pattern[str]) -> Iterator[FoundDate]:
    """By the first form that 题注 has: a line in brackets, or one that begins with the date."""
    for form in forms:
        for span in head.above:
            line = head.fold(span)
            if not (is_bracketed(line) or (_NOTE_LINE.match(line) and "。" not in line)):
                continue
            match = form.search(head.folded, span.start, span.end)
            if match and (found := _found(head, match.start(1), match.end(1), NOTE)):
                yield found


def _only_date_of_note(head: Head) -> Iterator[FoundDate]:
    for span in head.above:
        line = head.fold(span)
        is_short = is_bracketed(line) and len(line) <= _SHORT_NOTE and not _OF_SOMETHING_ELSE.search(line)
        if is_short and (found := date_in(head, span, NOTE)):
            yield found
