"""The file's own 发文字号, as against the numbers that it cites: a decision list that ends with *unknown*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.clauses.forms import DATE, ends_like_title, is_bracketed
from ingest.docnumber import find_numbers
from ingest.document import DocumentNumber, Span
from ingest.metadata.head import NUMBER_FIELDS, TITLE_FIELDS, Head
from ingest.normalize import fold

# 上行文 has 签发人 on the line of the number.
_BESIDE_NUMBER = re.compile(
    rf"(?:发文字号|文件编号|文号|编号)?[\s:、,;()]*(?:{DATE})?[\s()]*(?:签发人:.{{0,20}}|(?:公布|发布|颁布)[\s()]*)?"
)
_AROUND_LAST = re.compile(r"[\s()]*(?:[\[(]已?(?:失效|废止|修改|修订)[\])])?")
_ISSUED_UNDER = re.compile(r"(?:文件?|令)?(?:公布|发布|印发|颁布|下发)")
_LABELLED = re.compile(r"文号[\s:为是]*$")
_ORDER_NUMBER = re.compile(r"\(?(?:\d{4} ?年 ?)?第 ?[\d一二三四五六七八九十百零〇]{1,6} ?号\)?")
_ORDER_LINES = 6
_NUMBER_LINE = 120
BY_FILE_NAME = "文件名"
_SEGMENT_START = re.compile(r"[;。]|  |根据")
# The file name of such a page carries the number of the file that it explains.
_ABOUT_ANOTHER_FILE = re.compile("解读|问答|图解|图说|起草说明|新闻")


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """``aliases``: further numbers of the same document (joint issue); ``how``: where they were read."""

    number: DocumentNumber
    aliases: tuple[DocumentNumber, ...]
    how: str


def find_own_number(head: Head, path: str) -> OwnNumber | None:
    """Site field → a line that is only a number → an order's two lines → the end of the title's line (…的通知(…号))
    → 题注 below the title → file name → None.

    A number within a sentence, behind 》 or behind 根据 is a citation and never the file's own.
    """
    for how, numbers in (
        ("站点字段", _in_field(head)),
        ("文号行", _on_own_line(head)),
        ("令号行", _of_order(head)),
        ("标题行末", _behind_title(head)),
        ("标题下题注", _in_brackets(head)),
        (BY_FILE_NAME, _in_file_name(path)),
    ):
        if found := list(numbers):
            return OwnNumber(found[0], tuple(n for n in found[1:] if n.canonical != found[0].canonical), how)
    return None


def split_title(text: str) -> tuple[str, DocumentNumber] | None:
    """A title with its number in brackets (or behind a space) at its end, parted. An explanation's title ends with others'."""
    numbers = find_numbers(text)
    if not numbers or not _AROUND_LAST.fullmatch(fold(text[numbers[-1].span.end :])):
        return None
    before = fold(text[: numbers[-1].span.start])
    title = before.rstrip(" (\u3000")
    if title == before or not ends_like_title(title) or _ABOUT_ANOTHER_FILE.search(title):
        return None
    return text[: len(title)], numbers[-1]


def numbers_in(head: Head, span: Span) -> list[DocumentNumber]:
    """Numbers within a span, with their spans in the text."""
    return [
        replace(n, span=Span(span.start + n.span.start, span.start + n.span.end))
        for n in find_numbers(span.of(head.text))
    ]


def is_number_line(head: Head, span: Span) -> bool:
    """The line holds numbers and nothing else."""
    numbers = numbers_in(head, span) if span.end - span.start <= _NUMBER_LINE else []
    return bool(numbers) and _is_only_numbers(head, span, numbers)


def _in_field(head: Head) -> Iterator[DocumentNumber]:
    for field in head.labelled(*NUMBER_FIELDS):
        if found := numbers_in(head, field.span):
            yield from found
            return


def _on_own_line(head: Head) -> Iterator[DocumentNumber]:
    """The first such line, and those right below it: jointly issuing bodies may each print a number."""
    began = False
    for span in head.above:
        if is_number_line(head, span):
            began = True
            yield from numbers_in(head, span)
        elif began:
            return


def _is_only_numbers(head: Head, span: Span, numbers: list[DocumentNumber]) -> bool:
    if is_bracketed(head.fold(span)) and len(numbers) > 1:
        return False
    position = span.start
    for number in numbers:
        if not _BESIDE_NUMBER.fullmatch(head.folded, position, number.span.start):
            return False
        position = number.span.end
    return _BESIDE_NUMBER.fullmatch(head.folded, position, span.end) is not None


def _of_order(head: Head) -> Iterator[DocumentNumber]:
    number = order_number(head)
    if number:
        yield number


def order_number(head: Head) -> DocumentNumber | None:
    """``国家市场监督管理总局令`` above ``第99号``; names, 公告 and ``2017年第27号`` may each have a line."""
    for index, span in enumerate(head.above):
        if not _ORDER_NUMBER.fullmatch(head.fold(span)):
            continue
        start = head.above[max(0, index - _ORDER_LINES)].start
        lines = head.text[start : span.end].replace("\n", " ")
        for number in find_numbers(lines):
            if number.kind in ("order", "announce") and start + number.span.end >= span.end - 1:
                place = Span(start + number.span.start, start + number.span.end)
                return replace(number, span=place, printed=place.of(head.text))
    return None


def _behind_title(head: Head) -> Iterator[DocumentNumber]:
    for span in (*(field.span for field in head.labelled(*TITLE_FIELDS)), *head.above):
        if parted := split_title(span.of(head.text)):
            at = parted[1].span
            yield replace(parted[1], span=Span(span.start + at.start, span.start + at.end))
            return


def _in_brackets(head: Head) -> Iterator[DocumentNumber]:
    """(1998年6月12日交通部交公路发〔1998〕349号公布 …), (农经发〔2011〕13号 2011年11月21日), (…局发布,文号…3号)."""
    for span in head.above:
        if not is_bracketed(head.fold(span)):
            continue
        for numbers in _neighbours(head, numbers_in(head, span)):
            if _names_itself(head, span, Span(numbers[0].span.start, numbers[-1].span.end)):
                yield from numbers
                return


def _neighbours(head: Head, numbers: list[DocumentNumber]) -> list[list[DocumentNumber]]:
    """Numbers with nothing but 、 between them belong together: two bodies that issue jointly."""
    groups: list[list[DocumentNumber]] = []
    for number in numbers:
        if groups and not head.folded[groups[-1][-1].span.end : number.span.start].strip("、, "):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _names_itself(head: Head, span: Span, numbers: Span) -> bool:
    before = head.folded[span.start : numbers.start]
    after = head.folded[numbers.end : span.end]
    if _LABELLED.search(before):
        return True
    if not re.sub(rf"{DATE}|[\s(),;]", "", before + after):
        return True
    starts = [match.end() for match in _SEGMENT_START.finditer(before)]
    cites = bool(starts) and before[: starts[-1]].endswith("根据")
    return not cites and _ISSUED_UNDER.match(after.lstrip()) is not None


def _in_file_name(path: str) -> Iterator[DocumentNumber]:
    name = path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if _ABOUT_ANOTHER_FILE.search(name):
        return
    for number in find_numbers(name)[:1]:
        flags = (*number.flags, "from_filename")
        yield replace(number, span=Span(0, 0), flags=flags, confidence=min(number.confidence, 0.6))
