"""Lists of files and what is done to all of them: 附件“废止的文件目录”, “下列文件予以废止：”, “以下文件继续有效：”.

A list begins at a line that says so and ends at the next such line, at an annex mark, at a sign of the same rank
(一、… 二、…) or at a line of prose. In it the first file of every line or row is listed; others in the row are reasons.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from ingest.docnumber import find_numbers
from ingest.document import Effect, Reference, Relation, Span
from ingest.references.titles import in_one_line
from ingest.validity.dates import WHEN, to_day

_FILES = "(?:文件|规章|法规|规定|办法|政策|措施|制度|通知|目录)"
# In this order: 部分条款停止执行 is no repeal, 修改和废止 leaves it to the row.
_VERBS: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    (
        "partially_repeals",
        re.compile(
            "部分(?:条款|内容|规定)[^，,。；;]{0,8}(?:停止执行|废止|失效)"
            "|(?:停止执行|废止|失效)的?(?:部分)?(?:条款|内容)|停止执行部分"
        ),
    ),
    ("repeals", re.compile("废止|失效|作废|停止执行|不再执行")),
    ("extends", re.compile("继续有效|继续执行|继续实施|现行有效|保留|延长|延续")),
    ("amends", re.compile("修改|修订|修正")),
)
_LAPSED = re.compile("失效")
_ENDED = re.compile("废止|作废|停止执行|不再执行")
_NOT_DONE = re.compile("[拟将未不]予?(?:废止|失效|修[改订])|建议|征求意见|审查|清理(?:范围|对象)")
_MARKER = re.compile(
    r"\s*(?:(?P<han>[一二三四五六七八九十百]{1,4}、)|(?P<bracketed>[（(][一二三四五六七八九十百]{1,4}[）)])|(?P<digit>\d{1,3}(?:[.．、]|(?=\t)|\s))"
    r"|(?P<paren>[（(]\d{1,3}[）)])|(?P<circle>[①-⑳])|(?P<article>第[一二三四五六七八九十百]{1,5}条))?\s*"
)
_ANY_VERB = "(?:废止|失效|作废|停止执行|不再执行|继续有效|继续执行|继续实施|现行有效|保留|延长|延续|修改|修订|修正)"
# The verb governs the files: 废止下列文件, 下列文件予以废止. Not: 需要延续的，应当提交以下文件.
_INTRODUCES = re.compile(
    rf"{_ANY_VERB}(?:了)?(?:下列|以下|如下|下述)[^。，；]{{0,30}}{_FILES}"
    rf"|(?:下列|以下|如下|下述)[^。，；]{{0,30}}{_FILES}[^。；]{{0,40}}{_ANY_VERB}[^。；，]{{0,16}}[：:。]?$"
)
_COUNT = r"(?:\s?[（(][^（()）]{0,20}[）)])?"
_TABLE = "(?:目录|清单|名单|一览表|汇总表)"
_HEADS = re.compile(
    rf"[^，。：:]{{0,30}}(?:{_ANY_VERB}[^，。：:]{{0,30}}|清理(?:结果|意见|情况)?){_TABLE}{_COUNT}[：:]?"
    rf"|(?:决定|予以|宣布)*{_ANY_VERB}(?:部分条款)?的[^，。：:]{{0,20}}(?:文件|规章|法规|政策){_COUNT}[：:]?"
)
_ANNEX = re.compile(r"\s*附\s?[件表录]")
_LONGEST_LINE = 160
_TITLE = re.compile(
    "(?:关于.{2,}|.{4,}(?:通知|意见|决定|公告|通告|批复|函|办法|规定|方案|措施|政策|细则|规则|规程|条例|规划|计划|纲要|指南|制度|标准|要点|目录))"
    r"(?:[（(](?:试行|暂行|[^（()）]{0,8}修[订正改][^（()）]{0,4}|\d{4}年?版?)[）)])?"
)
_TITLE_END = re.compile(r"\s*[（(\[]\s*$")
_END_OF_NOTE = re.compile(r"[^（()）\n]{0,40}[）)]")


@dataclass(frozen=True, slots=True)
class FileList:
    """Lines that list files. ``relation`` is None where every row says itself what becomes of its file."""

    span: Span
    relation: Relation | None
    effect: Effect


def find_lists(text: str) -> tuple[FileList, ...]:
    """Lists of files in the text, in order, disjoint."""
    found: list[FileList] = []
    opened: FileList | None = None
    rank: str | None = None
    for line in _lines(text):
        words = line.of(text)
        if not words.strip():
            continue
        started = _opening(words)
        if opened and (started or _ends(words, rank)):
            found.append(replace(opened, span=Span(opened.span.start, line.start)))
            opened = None
        if started:
            opened, rank = replace(started, span=Span(line.end, line.end)), _rank(words)
    if opened:
        found.append(replace(opened, span=Span(opened.span.start, len(text))))
    return tuple(found)


def listed(text: str, lists: Sequence[FileList]) -> list[Reference]:
    """Files of the lists that stand there without 书名号 around the whole title: in a row's cells, or behind a number."""
    found: list[Reference] = []
    for files in lists:
        for line in _lines(text, files.span):
            words = line.of(text)
            reference = _in_cells(text, line) if "\t" in words else _in_item(text, line)
            if reference:
                found.append(reference)
    return found


def list_at(lists: Sequence[FileList], offset: int) -> FileList | None:
    """The list in which the character at ``offset`` stands."""
    index = bisect_right(lists, offset, key=lambda files: files.span.start) - 1
    return lists[index] if index >= 0 and offset < lists[index].span.end else None


def heads_its_line(text: str, files: FileList, start: int) -> bool:
    """Nothing but a marker, or cells of other kinds, stands before ``start`` on its line of the list."""
    begin = max(files.span.start, text.rfind("\n", 0, start) + 1)
    before = text[begin:start]
    return _MARKER.fullmatch(before.rpartition("\t")[2]) is not None and not _file_before(before)


def verdict(text: str, files: FileList, at: int) -> tuple[Relation | None, Effect]:
    """What becomes of the file listed at ``at``: by its row, where a cell is nothing but the verb, else by the list."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    cells = text[start : end if end >= 0 else len(text)].split("\t")
    for cell in cells if len(cells) > 1 else ():
        relation = _relation_of(cell.strip()) if len(cell.strip()) <= 6 else None
        if relation:
            return relation, replace(files.effect, lapsed=bool(_LAPSED.search(cell)))
    return (files.relation, files.effect) if files.relation else (None, Effect())


def _file_before(before: str) -> bool:
    return "《" in before or any(_TITLE.fullmatch(cell.strip()) for cell in before.split("\t"))


def _lines(text: str, within: Span | None = None) -> Iterator[Span]:
    start, stop = (within.start, within.end) if within else (0, len(text))
    while start < stop:
        end = text.find("\n", start, stop)
        end = stop if end < 0 else end + 1
        yield Span(start, end)
        start = end


def _opening(line: str) -> FileList | None:
    """The list that a line announces, if any."""
    words = line.strip()
    if len(words) > _LONGEST_LINE or "\t" in words or "《" in words or _NOT_DONE.search(words):
        return None
    if not _INTRODUCES.search(words) and not _HEADS.fullmatch(_MARKER.sub("", words, count=1)):
        return None
    last = re.split("[。；;]", words.rstrip("：:。"))[-1]
    relations = [relation for relation, verb in _VERBS if verb.search(last)]
    if not relations:
        return FileList(Span(0, 0), None, Effect())
    mixed = len({relation.removeprefix("partially_") for relation in relations}) > 1
    until = re.search(f"(?:至|到)({WHEN})", last) if relations[0] == "extends" else None
    effect = Effect(
        on=_from_day(last),
        until=to_day(until[1], last=True) if until else None,
        lapsed=bool(_LAPSED.search(last)) and not _ENDED.search(last),
    )
    return FileList(Span(0, 0), None if mixed else relations[0], effect)


def _from_day(words: str) -> date | None:
    begins = re.search(rf"自({WHEN})起", words)
    return to_day(begins[1], last=False) if begins else None


@cache
def _relation_of(words: str) -> Relation | None:
    return (
        next((relation for relation, verb in _VERBS if verb.search(words)), None)
        if not _NOT_DONE.search(words)
        else None
    )


def _rank(line: str) -> str | None:
    match = _MARKER.match(line)
    return match.lastgroup if match else None


def _ends(line: str, rank: str | None) -> bool:
    """A line that is no member of a list of files whose announcement has the marker ``rank``."""
    own = _rank(line)
    if _ANNEX.match(line) or own == "article" or (own is not None and own == rank):
        return True
    member = own is not None or "\t" in line or line.strip().startswith(("《", "关于")) or find_numbers(line)
    return not member and ("。" in line or len(line.strip()) > _LONGEST_LINE)


def _in_cells(text: str, row: Span) -> Reference | None:
    """A row with a cell that is a title, its number in the title's cell or in one of its own."""
    title: Span | None = None
    for cell in _cells(text, row):
        words = cell.of(text)
        if title is None:
            inner = words.removeprefix("《").removesuffix("》")
            if _TITLE.fullmatch(inner) and not (words.startswith("《") and words.endswith("》") and "》" not in inner):
                title = cell
            elif words.startswith("《") or (reference := _in_item(text, cell)) is None:
                continue
            else:
                return reference
        elif numbers := find_numbers(words):
            if numbers[0].span == Span(0, len(words)):
                return _reference(text, title, Span(title.start, cell.end))
            break
    return _reference(text, title, title) if title else None


def _cells(text: str, row: Span) -> Iterator[Span]:
    start = row.start
    for cell in row.of(text).rstrip("\n").split("\t"):
        left = len(cell) - len(cell.lstrip())
        yield Span(start + left, start + left + len(cell.strip()))
        start += len(cell) + 1


def _in_item(text: str, line: Span) -> Reference | None:
    """1. 关于印发《办法》的通知（皖政办〔2015〕12号）: everything before the bracket with the number is the title."""
    words = line.of(text)
    marker = _MARKER.match(words)
    start = marker.end() if marker else 0
    if words.startswith("《", start):
        return None
    numbers = find_numbers(words)
    end = numbers[0].span.start if numbers else len(words.rstrip("；;。\n "))
    title = words[start:end]
    if numbers and (opened := _TITLE_END.search(title)):
        title = title[: opened.start()]
    if not _TITLE.fullmatch(title.strip()) or len(title) > _LONGEST_LINE:
        return None
    stop = line.start + start + len(title.rstrip())
    whole = stop
    if numbers:
        closed = _END_OF_NOTE.match(words, numbers[0].span.end)
        whole = line.start + (closed.end() if closed else numbers[0].span.end)
    return _reference(text, Span(line.start + start, stop), Span(line.start + start, whole))


def _reference(text: str, title: Span, whole: Span) -> Reference:
    numbers = tuple(
        replace(number, span=Span(number.span.start + title.end, number.span.end + title.end))
        for number in find_numbers(text[title.end : whole.end])
    )
    return Reference(in_one_line(title.of(text)), numbers, None, whole, whole.of(text))
