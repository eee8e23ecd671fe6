"""Numbers that only the lines around them explain: ``1 总则`` above ``1.1``, ``1.3人户家庭`` as item 1, ``a.`` and ``b.``"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.clauses.forms import is_contents_entry
from ingest.clauses.lines import Line
from ingest.clauses.markers import Marker, Style, decimal, numbered, printed_marker

# 1 总则, 2. 组织体系: level 1 of decimal numbering, recognised by the 1.1 that follows.
_CHAPTER_OF_DECIMALS = re.compile(r"(\d{1,2})(?:[.、] *| +)(?=\S)")
_CHAPTER_LIMIT = 30
_FIRST_CHAPTER = re.compile("1 (?:适用)?范围")
_BARE_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})(?: +(?=[\dA-Z]\S*[\u4e00-\u9fff])|$)")
_DIGIT_BEFORE_NUMBER = re.compile(r"(\d{1,2})\.(?=\d)")
# Lines: the second item of a list stands no further below the first.
_REACH = 60
_GLUED_STYLES = (Style.CHINESE, Style.CHINESE_BRACKETED)


def settle_numbers(lines: list[Line]) -> list[Line]:
    """The same lines, with the numbers that follow from their neighbours and without those that these contradict."""
    lines = [replace(line, marker=None) if line.marker and is_contents_entry(line.text) else line for line in lines]
    return _settle_glued(_settle_letters(_settle_digits(_settle_decimals(_number_decimal_chapters(lines)))))


def _settle_glued(lines: list[Line]) -> list[Line]:
    """``（六）甲。（七）乙。`` on one line is item （六） where （五） stands above: the copy lost a line end, it is no list in a sentence."""
    last: dict[Style, int] = {}
    for index, line in enumerate(lines):
        marker = line.marker
        printed = None if marker or line.is_row else printed_marker(line.text)
        if printed and printed.style in _GLUED_STYLES and last.get(printed.style) == printed.number - 1:
            marker = printed
            lines[index] = replace(line, marker=marker)
        if marker:
            last = {style: number for style, number in last.items() if style < marker.style}
            last[marker.style] = marker.number
    return lines


def _number_decimal_chapters(lines: list[Line]) -> list[Line]:
    """Give ``1 总则`` its number where ``1.1 …`` is the next number, and ``2 范围`` where it comes next in order."""
    first_parts = _next_first_parts(lines)
    candidates: dict[int, re.Match[str]] = {}
    last = 0
    for index, line in enumerate(lines):
        match = _chapter_of_decimals(line)
        if not match:
            continue
        candidates[index] = match
        number = int(match[1])
        if (
            first_parts[index] == number
            or _FIRST_CHAPTER.fullmatch(line.text)
            or (last and number == last + 1 and " " in match[0] and "." not in match[0])
        ):
            chain = [index] if last else _chapters_before(index, candidates)
            for at in chain:
                lines[at] = replace(lines[at], marker=decimal(candidates[at][1], candidates[at].end()))
            last = number
    return lines


def _settle_decimals(lines: list[Line]) -> list[Line]:
    """``4.2 10t/h以上…``, ``7.8.1 B(U)型…``, and ``3.2`` alone above its term: what stands behind the number does not tell that it is
    one, but it comes next in order.
    """
    last: list[int] = []
    for index, line in enumerate(lines):
        match = None if line.marker or line.is_row else _BARE_DECIMAL.match(line.text)
        if match and last and [int(part) for part in match[1].split(".")] in _successors(last):
            lines[index] = replace(line, marker=decimal(match[1], match.end()))
        marker = lines[index].marker
        if marker and _is_decimal(marker):
            last = [int(part) for part in marker.label.split(".")]
    return lines


def _successors(last: Sequence[int]) -> list[list[int]]:
    """What may follow 4.1: 4.1.1, 4.2, 5.1 (chapter 5 may have no number)."""
    return [[*last, 1], *([*last[:k], last[k] + 1] for k in range(1, len(last))), [last[0] + 1, 1]]


def _chapter_of_decimals(line: Line) -> re.Match[str] | None:
    if (
        line.is_row
        or not 0 < len(line.text) <= _CHAPTER_LIMIT
        or line.text[-1] in "。;:,"
        or is_contents_entry(line.text)
    ):
        return None
    return _CHAPTER_OF_DECIMALS.match(line.text)


def _chapters_before(index: int, candidates: dict[int, re.Match[str]]) -> list[int]:
    """``3 术语`` with 3.1 below it, and above it ``2 规范性引用文件`` and ``1 范围``, if they are all there."""
    chain = [index]
    wanted = int(candidates[index][1]) - 1
    for at in sorted(candidates, reverse=True):
        match = candidates[at]
        if wanted and at < index and int(match[1]) == wanted and " " in match[0] and "." not in match[0]:
            chain.append(at)
            wanted -= 1
    return chain if not wanted else [index]


def _next_first_parts(lines: Sequence[Line]) -> list[int | None]:
    """For each line: n where the next number below it is ``n.1``."""
    result: list[int | None] = [None] * len(lines)
    following: int | None = None
    for index in range(len(lines) - 1, -1, -1):
        result[index] = following
        marker = lines[index].marker
        if marker:
            is_first = _is_decimal(marker) and marker.label.count(".") == 1 and marker.number == 1
            following = int(marker.label.split(".")[0]) if is_first else None
    return result


def _settle_digits(lines: list[Line]) -> list[Line]:
    """``1.3人户``, ``2.2人户``: items 1 and 2 whose text begins with a number, where no 1.2 or 1.4 says otherwise."""
    numbers = _digits_before_numbers(lines)
    last = 0
    for index, line in enumerate(lines):
        number = numbers[index]
        if number is None:
            if line.marker and line.marker.rank <= Style.DIGIT:
                last = line.marker.number if line.marker.style is Style.DIGIT else 0
        elif (last and number == last + 1) or (number == 1 and _next_digit(lines, numbers, index) == 2):
            lines[index] = replace(line, marker=numbered(Style.DIGIT, number, len(str(number)) + 1))
            last = number
    return lines


def _digits_before_numbers(lines: Sequence[Line]) -> list[int | None]:
    """For each line: n where it begins ``n.`` and another digit, and is not one of a run of decimals."""
    decimals = [line.marker if line.marker and _is_decimal(line.marker) else None for line in lines]
    before = _nearest(decimals)
    after = _nearest(decimals[::-1])[::-1]
    found: list[int | None] = []
    for index, line in enumerate(lines):
        may_be = not line.is_row and (line.marker is None or line.marker.label.count(".") == 1)
        match = _DIGIT_BEFORE_NUMBER.match(line.text) if may_be else None
        mark = decimals[index]
        if match and mark is not None and _in_run(mark, before[index], after[index]):
            match = None
        found.append(int(match[1]) if match and (mark is not None or line.marker is None) else None)
    return found


def _is_decimal(marker: Marker) -> bool:
    """3.1, not A.1 of an annex."""
    return marker.style is Style.DECIMAL and marker.label[0].isdigit()


def _nearest(markers: Sequence[Marker | None]) -> list[Marker | None]:
    """For each place: the last marker before it."""
    result: list[Marker | None] = []
    last: Marker | None = None
    for marker in markers:
        result.append(last)
        last = marker or last
    return result


def _in_run(marker: Marker, before: Marker | None, after: Marker | None) -> bool:
    """Decimal 2.3 has 2.2 before it, or 2.4 or 2.3.1 after it; 2.1 begins a run unless 3.2 comes next."""
    parts = [int(part) for part in marker.label.split(".")]
    above = [int(part) for part in before.label.split(".")] if before else []
    below = [int(part) for part in after.label.split(".")] if after else []
    if parts[-1] == 1 and not (below and below[0] == parts[0] + 1 and below[1:2] not in ([], [1])):
        return True
    if above[:2] == [parts[0], parts[1] - 1]:
        return True
    return below[:2] == [parts[0], parts[1] + 1] or below[: len(parts)] == parts


def _next_digit(lines: Sequence[Line], numbers: Sequence[int | None], index: int) -> int | None:
    """The next number of a list of digits below a line, before a number of a higher level."""
    for at in range(index + 1, min(len(lines), index + _REACH)):
        marker = lines[at].marker
        if numbers[at] is not None:
            return numbers[at]
        if marker and marker.rank <= Style.DIGIT:
            return marker.number if marker.style is Style.DIGIT else None
    return None


def _settle_letters(lines: list[Line]) -> list[Line]:
    """``a.`` is an item where ``b.`` follows, ``b.`` where ``a.`` stands above; A.等级 alone is a word."""
    last = 0
    for index, line in enumerate(lines):
        marker = line.marker
        if not marker or marker.style is not Style.LETTER:
            last = 0 if marker and marker.rank < Style.LETTER else last
        elif marker.number == last + 1 and (last or _next_letter(lines, index) == 2):
            last = marker.number
        else:
            lines[index] = replace(line, marker=None)
    return lines


def _next_letter(lines: Sequence[Line], index: int) -> int | None:
    for at in range(index + 1, min(len(lines), index + _REACH)):
        marker = lines[at].marker
        if marker and marker.rank <= Style.LETTER:
            return marker.number if marker.style is Style.LETTER else None
    return None
