"""The cover of a standard (GB, DB, HJ …): its number, title, dates of publication and of coming into force, and issuers.

GB/T 1.1 fixes what stands there: ``中华人民共和国国家标准``, ``GB 11806—2019``, ``2019-02-15 发布  2019-04-01 实施``, then the
issuing bodies and 发布.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.document import Span
from ingest.normalize import fold

_COVER = 3000  # characters
_CONTENTS = re.compile(r"(?m)^[ \t]*(?:目 ?[次录]|前 ?言)[ \t]*$")
_KIND = re.compile(r"(?m)^[ \t]*[\u4e00-\u9fff ]{0,16}(?:国家|地方|行业|团体|企业)标准[A-Z0-9]{0,6}[ \t]*$")
_NUMBER = re.compile(
    r"(?m)^[ \t]*([A-Z]{1,5} ?(?:\d{2}(?= ?/))?(?: ?/ ?[A-Z]{0,4})? ?\d{1,6}(?:\.\d{1,3})?)[ \-]{1,3}((?:19|20)\d\d)"
    r"(?= *(?:\(.{1,20}\) *)?(?:部分)?(?:代替|\t|\n|$))"
)
_DAY = r"((?:19|20)\d\d)[ \-./年]{1,3}(\d{1,2})[ \-./月]{1,3}(\d{1,2})日? ?"
_DATES = re.compile(rf"{_DAY}发 ?布\s{{0,12}}{_DAY}实 ?施")
_PUBLISHED = re.compile(r"发 {0,9}布")
_NOT_A_TITLE = re.compile("标准$|发 ?布|实 ?施|本电子版|出版|^代替|^备案号|^[A-Z]{2,5} ?\\d|^中华人民共和国$")
_HANZI_LINE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9、,()《》\-·. ]{2,60}")
# 放射性物品安全运输规程Regulations for the safe transport…: the English title runs on behind the Chinese one.
_ENGLISH_BEHIND = re.compile(r"[A-Z][a-z]+ [a-z]{2,}.*$")
_ISSUER_LINES = 5


@dataclass(frozen=True, slots=True)
class Cover:
    """Spans of what the cover prints; ``number`` as standards are cited (``GB 11806-2019``); ``issuers``: lines with names."""

    number: str
    number_span: Span
    title: Span | None
    published: tuple[date, Span] | None
    effective: tuple[date, Span] | None
    issuers: tuple[Span, ...]


def read_cover(text: str) -> Cover | None:
    """``None`` where the first page is no cover of a standard."""
    folded = fold(text[:_COVER])
    contents = _CONTENTS.search(folded)
    end = contents.start() if contents else len(folded)
    kind, number = _KIND.search(folded, 0, end), _NUMBER.search(folded, 0, end)
    dates = _DATES.search(folded, 0, end)
    if number is None or kind is None:
        return None
    first, last = (_day(dates, 1), _day(dates, 4)) if dates else (None, None)
    below = dates.end() if dates else end
    return Cover(
        _as_cited(number[1], number[2]),
        Span(number.start(1), number.end(2)),
        _title(folded, dates.start() if dates else end, (kind, number)),
        first,
        last,
        tuple(_issuer_lines(folded, below, end)),
    )


def _as_cited(number: str, year: str) -> str:
    """``GB11806`` → ``GB 11806-2019``, ``DB 44/ 815`` → ``DB44/815-2010``."""
    number = re.sub(r" ?/ ?", "/", number.strip())
    number = re.sub(r"^([A-Z]+) (?=\d\d/)", r"\1", number)
    return f"{re.sub('(?<=[A-Z]) ?(?=[0-9.]+$)', ' ', number)}-{year}"


def _day(dates: re.Match[str], group: int) -> tuple[date, Span] | None:
    year, month, day = (int(dates[group + i]) for i in range(3))
    try:
        return date(year, month, day), Span(dates.start(group), dates.end(group + 2))
    except ValueError:
        return None


def _lines(folded: str, start: int, end: int) -> list[Span]:
    """Lines and cells of rows, without the space around them."""
    found = []
    for match in re.finditer(r"[^\n\t]+", folded[start:end]):
        words = match[0].strip()
        if words:
            at = start + match.start() + match[0].index(words[0])
            found.append(Span(at, at + len(words)))
    return found


def _title(folded: str, end: int, marks: Sequence[re.Match[str]]) -> Span | None:
    """The first run of lines in Chinese that are nothing else; of a line that goes on in English, its beginning."""
    found: list[Span] = []
    for span in _lines(folded, 0, end):
        line = span.of(folded)
        chinese = _ENGLISH_BEHIND.sub("", line).strip(" (")
        is_mark = any(mark.start() <= span.end and span.start < mark.end() for mark in marks)
        if not is_mark and not _is_other(chinese) and _HANZI_LINE.fullmatch(chinese):
            found.append(Span(span.start, span.start + len(chinese)))
            if chinese != line:
                break
        elif found:
            break
    return Span(found[0].start, found[-1].end) if found else None


def _is_other(line: str) -> bool:
    """Not of the title; 国家标准 is the kind, 排放标准 the end of a title."""
    return _NOT_A_TITLE.search(line) is not None and not re.search("[^家方业体]标准$", line)


def _issuer_lines(folded: str, start: int, end: int) -> list[Span]:
    """Lines between the dates and the contents, around 发布."""
    spans = []
    for span in _lines(folded, start, end)[:_ISSUER_LINES]:
        name = _PUBLISHED.sub("", span.of(folded)).strip()
        if name and re.search("[部局厅会院署府]$", name):
            at = folded.index(name, span.start)
            spans.append(Span(at, at + len(name)))
        elif name not in ("发", "布", ""):
            break
    return spans
