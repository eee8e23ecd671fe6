"""Where a text names a file: a title with its numbers, a number alone, a title without 书名号. Relations are still open."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from ingest.docnumber import find_numbers
from ingest.document import DocumentNumber, Reference, Relation, Span
from ingest.references.titles import MARK, Title, find_titles, in_one_line, is_form

_NOTE = re.compile(r"\s?[（(](?:[^（()）\n]|[（(][^（()）\n]{0,20}[）)]){0,80}[）)]")
_ALIAS = re.compile(
    r"(?:简称|统称)\s?(?:为|：)?\s?(?:[“\"‘「]?《?(?P<quoted>[^“”\"‘’「」《》（）()，,；;]{2,30})[》”\"’」]"
    r"|(?P<plain>[^“”\"‘’「」《》（）()，,；;]{2,20})[）)]\Z)"
)
_BEFORE_ALIAS = re.compile(r"(?:简称|统称)\s?为?\s?[“\"‘「]?\Z")
_NUMBER_THEN_TITLE = re.compile(r"\s{0,2}(?:文件|文)?\s{0,2}")
_KIND = "(?:通知|意见|决定|公告|通告|批复|函|办法|规定|方案|措施|政策)"
_UNMARKED_TITLE = re.compile(rf"关于[^。；;\n《》（()）]{{4,80}}{_KIND}\s?[（(]\s?\Z")
_CARRIER_BEFORE = re.compile(r"关于[^。；;，,、\n《》（()）]{0,30}\Z")
_CARRIER_AFTER = re.compile(rf"[^。；;，,\n《》（()）]{{0,20}}的{_KIND}(?=\s?[（(])")
_STANDARD = re.compile(r"\s?[（(][A-Z]{2,4}[ /T]{0,3}\d")  # 《危险货物品名表》（GB12268） is no form
_END_OF_NOTE = re.compile(r"[^（()）\n]{0,40}[）)]")
# The file's own number: a line of its own, perhaps with a label or with 签发人 behind.
_OWN_LINE_BEFORE = re.compile(
    r"(?:\A|\n)[^\S\n]*[（(\[【]?\s?(?:(?:发\s?文\s?字\s?号|文\s?号|文件编号)\s?[:：]?)?[^\S\n]*\Z"
)
_OWN_LINE_AFTER = re.compile(r"[^\S\n]*[）)\]】]?[^\S\n]*(?:签发人[^\n]*)?(?:\n|\Z)")
_NEXT_ON_LINE = re.compile(r"[^\S\n]{0,8}[、，,]?[^\S\n]{0,8}")

_WRAPPERS: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    ("issues", re.compile("印发|发布")),
    ("forwards", re.compile("转发|批转")),
    ("repeals", re.compile("废止")),
    ("amends", re.compile("修[订改]")),
    ("extends", re.compile("延长|延续|继续")),
    ("details", re.compile("实施|贯彻落实|落实")),
)
_DETAILS = re.compile("实施细则|实施办法|实施意见|实施方案|操作规程|申报指南")


def cited(text: str, listed: Sequence[Reference]) -> list[Reference]:
    """Citations in order, with disjoint spans. ``listed``: those that stand in a list of files, which come first."""
    numbers = find_numbers(text)
    starts = [number.span.start for number in numbers]
    titled: list[Reference] = []
    for title in find_titles(text):
        if _BEFORE_ALIAS.search(text, max(0, title.span.start - 8), title.span.start):
            if titled and titled[-1].alias is None:
                titled[-1] = replace(titled[-1], alias=title.text)
            continue
        floor = titled[-1].span.end if titled else 0
        reference = _titled(text, title, numbers, starts, floor)
        if reference.numbers or not is_form(title.text) or _STANDARD.match(text, title.span.end):
            titled.append(reference)
    used = {number.span.start for reference in titled for number in reference.numbers}
    used |= _own_numbers(text, numbers)
    alone = [_untitled(text, number) for number in numbers if number.span.start not in used]
    return _disjoint(listed, sorted([*titled, *alone], key=lambda reference: reference.span.start))


def _disjoint(first: Sequence[Reference], others: Iterable[Reference]) -> list[Reference]:
    """All of ``first``, and of the others in order what no earlier one covers."""
    starts = [reference.span.start for reference in first]
    kept: list[Reference] = []
    end = 0
    for reference in others:
        below = bisect_left(starts, reference.span.end) - 1
        covered = below >= 0 and first[below].span.end > reference.span.start
        if reference.span.start >= end and not covered:
            kept.append(reference)
            end = reference.span.end
    return sorted([*first, *kept], key=lambda reference: reference.span.start)


def _titled(text: str, title: Title, numbers: Sequence[DocumentNumber], starts: Sequence[int], floor: int) -> Reference:
    """《题名》（文号，以下简称《简称》）, 《题名》文号 (in the next cell, too), or 文号《题名》; what stands before ``floor`` is taken."""
    start, end = title.span.start, title.span.end
    if carrier := _carrier(text, title, floor):
        title, start, end = carrier, carrier.span.start, carrier.span.end
    own: tuple[DocumentNumber, ...] = ()
    alias = None
    while note := _NOTE.match(text, end):
        inside = tuple(numbers[bisect_left(starts, note.start()) : bisect_left(starts, note.end())])
        named = _ALIAS.search(note[0])
        if not inside and not named and not MARK.fullmatch(note[0].strip()):
            break
        alias = named["quoted"] or named["plain"] if named else alias
        own, end = (*own, *inside), note.end()
    after = bisect_left(starts, end)
    if not own and after < len(numbers) and text[end : starts[after]] in ("", " ", "\t"):
        own, end = (numbers[after],), numbers[after].span.end
    before = bisect_left(starts, start) - 1
    if (
        not own
        and before >= 0
        and starts[before] >= floor
        and _NUMBER_THEN_TITLE.fullmatch(text, numbers[before].span.end, start)
    ):
        own, start = (numbers[before],), starts[before]
    span = Span(start, end)
    inner = tuple(in_one_line(text[part.start + 1 : part.end - 1]) for part in title.inner)
    return Reference(title.text, own, None, span, span.of(text), None, inner, _inner_relation(text, title), alias)


def _carrier(text: str, title: Title, floor: int) -> Title | None:
    """关于印发《办法》的通知（文号） without 书名号 around it: the number is that of the 通知, so that is the title."""
    after = _CARRIER_AFTER.match(text, title.span.end)
    if after is None or not find_numbers(text[after.end() : after.end() + 60]):
        return None
    before = _CARRIER_BEFORE.search(text, max(floor, title.span.start - 40), title.span.start)
    if before is None:
        return None
    span = Span(before.start(), after.end())
    return Title(span, in_one_line(span.of(text)), (title.span,))


def _inner_relation(text: str, title: Title) -> Relation | None:
    """What the outer file does to the inner: 关于印发〈…〉的通知, 〈…〉实施细则."""
    if not title.inner:
        return None
    first = title.inner[0]
    before = text[title.span.start : first.start]
    relation = next((relation for relation, words in _WRAPPERS if words.search(before)), None)
    return relation or ("details" if _DETAILS.search(text, first.end, title.span.end) else None)


def _untitled(text: str, number: DocumentNumber) -> Reference:
    """按照皖政〔2021〕5号文件, or a title without 《》: 关于印发…的通知(皖政办〔2021〕5号)."""
    span = number.span
    title = _UNMARKED_TITLE.search(text, max(0, span.start - 100), span.start)
    note_end = _END_OF_NOTE.match(text, span.end)
    if title is None or note_end is None:
        return Reference(None, (number,), None, span, span.of(text))
    span = Span(title.start(), note_end.end())
    return Reference(title[0].rstrip("（( \t"), (number,), None, span, span.of(text))


def _own_numbers(text: str, numbers: Sequence[DocumentNumber]) -> set[int]:
    """Starts of the numbers that fill their line, alone or with those of a joint issue: the file's own, not citations."""
    own: set[int] = set()
    line: list[DocumentNumber] = []
    for number, following in zip_longest(numbers, numbers[1:]):
        line.append(number)
        if following and _NEXT_ON_LINE.fullmatch(text, number.span.end, following.span.start):
            continue
        start, end = line[0].span.start, number.span.end
        before, after = text[max(0, start - 30) : start], text[end : end + 60]
        if _OWN_LINE_BEFORE.search(before) and _OWN_LINE_AFTER.match(after):
            own.update(member.span.start for member in line)
        line = []
    return own


def with_full_names(references: Iterable[Reference]) -> Iterator[Reference]:
    """Mentions by a short name, with title and numbers of the latest definition above."""
    defined: dict[str, Reference] = {}
    for reference in references:
        full = defined.get(reference.title or "") if not reference.numbers and not reference.alias else None
        if full:
            yield replace(reference, title=full.title, numbers=full.numbers, alias=full.alias)
            continue
        if reference.alias:
            defined[reference.alias] = reference
        yield reference
