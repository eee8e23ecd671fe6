"""One file, several texts: a notice, the policy it carries, annexes, and numbering that begins again.

Every part has its own front (title, number, addressee), body and back (signature, date, notes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.clauses.back import back_start
from ingest.clauses.contents import after_contents
from ingest.clauses.forms import (
    annex,
    closes,
    ends_like_title,
    is_addressee,
    is_annex_list,
    is_annex_nature,
    is_back,
    is_bracketed,
    is_field,
    is_head_mark,
    is_note,
    is_signature,
    is_title,
    only_carries,
)
from ingest.clauses.lines import Line
from ingest.clauses.lost import before_lost_heading
from ingest.clauses.markers import Style

PartKind = Literal["document", "attached", "annex", "section"]


@dataclass(frozen=True, slots=True)
class Part:
    """Indexes of lines: title ``start:head``, front ``head:body``, body ``body:back``, back ``back:stop``.

    ``label`` is the printed label of an annex (``附件1``), else empty. The first part has no title of its own here:
    its title is in the front. ``section``: numbering begins again without any label.
    """

    kind: PartKind
    label: str
    start: int
    head: int
    body: int
    back: int
    stop: int


_CARRIED = re.compile(
    r"(?:印发|转发|批转|下发|发布|公布|颁布)(.{4,120}?)的(?:通知|公告|决定|命令|令|函)(?:\(.{0,20}\))?$"
)
_SEVERAL = re.compile("(?<=[》〉])(?:和|及|以及|与|、|,)(?=[《〈])")
_TITLE_NOISE = re.compile(r"[\s《》〈〉<>\"'“”]|^关于")
_FRONT_LINES = 40
_FRONT_TITLES = 10
_LOOK_BACK = 8
_TITLE_LINES = 3
_NAMED = ("前言", "引言", "参考文献")
_FIRST_STYLES = (Style.PART, Style.CHAPTER, Style.ARTICLE, Style.CHINESE)


def split_parts(lines: Sequence[Line]) -> list[Part]:
    """Parts that together cover every line, in order."""
    front = before_lost_heading(lines, _before_carried(lines, _front_end(lines)))
    if front == len(lines) and not any(ends_like_title(line.text) for line in lines):
        front = 0  # nothing but short lines: a fragment, not a head without a text
    heads = [Part("document", "", 0, 0, front, 0, 0), *_later_parts(lines, front)]
    parts = []
    for index, part in enumerate(heads):
        stop = heads[index + 1].start if index + 1 < len(heads) else len(lines)
        carries = index == 0 and len(heads) > 1 and heads[1].kind == "attached"
        parts.append(_finish(part, lines, stop, carries))
    return parts


def carried_title(title: str) -> str | None:
    """Title of what a folded 印发/转发 title carries, without marks and spaces; ``None`` where it carries nothing."""
    match = _CARRIED.search(title)
    return _TITLE_NOISE.sub("", match[1]) if match else None


def _finish(part: Part, lines: Sequence[Line], stop: int, carries: bool) -> Part:
    """What a notice says beyond 现印发给你们 is its text; the rest of it is front."""
    back = back_start(lines, part.body, stop)
    body = part.body
    while carries and body < back and _is_formula(lines[body]):
        body += 1
    return replace(part, body=body, back=back, stop=stop)


def _is_formula(line: Line) -> bool:
    return not line.marker and not line.is_row and (only_carries(line.text) or is_addressee(line.text))


def _front_end(lines: Sequence[Line]) -> int:
    """Index of the first line that is text: after title, number, addressee and table of contents."""
    index, titles = _after_yaml(lines), 0
    while index < min(len(lines), _FRONT_LINES):
        line = lines[index]
        if is_field(line.text) or (not line.is_row and not line.marker and is_head_mark(line.text)):
            index += 1
        elif line.marker or line.is_row or _is_named(line):
            break
        elif is_addressee(line.text) and (index or line.text.startswith("各")):
            return after_contents(lines, index + 1)
        elif len(line.text) == 1 or is_bracketed(line.text) or (is_title(line.text, 120) and titles < _FRONT_TITLES):
            titles += 1
            index += 1
        else:
            break
    return after_contents(lines, index)


def _after_yaml(lines: Sequence[Line]) -> int:
    """Index after the YAML block that some Markdown files begin with."""
    if not lines or lines[0].text != "---":
        return 0
    return next((i + 1 for i in range(1, min(len(lines), _FRONT_LINES)) if lines[i].text == "---"), 0)


def _before_carried(lines: Sequence[Line], front: int) -> int:
    """The front ends where the title of the carried policy follows at once, without the text of the notice."""
    for index in range(1, min(front, _FRONT_LINES)):
        carried = _carried_by(lines[:index])
        if carried and _is_title_line(lines[index]) and _repeats(lines, index, carried):
            return index
    return front


def _later_parts(lines: Sequence[Line], front: int) -> list[Part]:
    """Heads of the parts after the first: annexes, the policy that a notice carries, numbering that begins again."""
    found: list[Part] = []
    carried = _carried_by(lines[: min(front, _FRONT_LINES)])
    numbering = _Numbering()
    index, earliest = front, front
    signed = has_attached = False
    further: tuple[str, ...] = ()  # of several policies that the notice carries, those that have not begun
    while index < len(lines):
        line = lines[index]
        part = _annex_at(lines, index, signed) or _named_at(lines, index)
        if not part and index > 0 and (further or not has_attached):
            part = _carried_at(lines, index, further) if further else _attached_at(lines, index, signed, carried)
        if not part and (numbering.restarts(line) or _begins_after_foreword(line, found)):
            part = _section_at(lines, index, earliest)
        if part:
            if not found and part.kind == "section":
                found.extend(_opening_section(lines, front, part))
            found.append(part)
            has_attached = has_attached or part.kind == "attached"
            title = _joined(lines[part.start : part.head])
            further = tuple(t for t in further or carried if t != title) if title in carried else further
            numbering = _Numbering()
            for seen in lines[part.body : index + 1]:
                numbering.restarts(seen)
            earliest = index = max(part.body, index + 1 if part.kind == "section" else part.body)
            signed = False
            continue
        signed = not line.is_row and (closes(line.text) or (signed and (is_note(line.text) or is_back(line.text))))
        index += 1
    return found


def _named_at(lines: Sequence[Line], index: int) -> Part | None:
    """前言, 引言 and 参考文献 of standards and plans."""
    line = lines[index]
    if not _is_named(line) or not _has_text(lines, index + 1):
        return None
    return Part("section", "", index, index + 1, index + 1, 0, 0)


def _is_named(line: Line) -> bool:
    return not line.is_row and line.marker is None and line.text.replace(" ", "") in _NAMED


def _begins_after_foreword(line: Line, found: Sequence[Part]) -> bool:
    marker = line.marker
    if not marker or not found or found[-1].kind != "section" or found[-1].head == found[-1].start:
        return False
    return marker.label == "1" if marker.style is Style.DECIMAL else False


class _Numbering:
    """Tells whether a number begins the count of its level again."""

    def __init__(self) -> None:
        self._last: dict[Style, int] = {}

    def restarts(self, line: Line) -> bool:
        """True for 第一章, 第一条 or 一、 where the same level is under way; takes the line into account."""
        marker = line.marker
        if not marker or marker.style not in (*_FIRST_STYLES, Style.SECTION):
            return False
        again = marker.style in _FIRST_STYLES and marker.number == 1 and self._last.get(marker.style, 0) > 0
        for style in (Style.CHAPTER, Style.CHINESE) if marker.style is Style.PART else (Style.CHINESE,):
            if style > marker.style:
                self._last.pop(style, None)
        self._last[marker.style] = marker.number
        return again


def _annex_at(lines: Sequence[Line], index: int, signed: bool) -> Part | None:
    line = lines[index]
    if line.is_row or line.marker or not (found := annex(line.text)):
        return None
    label, title = found
    bare = not any(c.isdigit() or c in "一二三四五六七八九十" for c in label)
    if bare and line.text[len(label) :].strip().startswith(":") and (title or not signed):
        return None
    if title and _is_listed(lines, index):
        return None
    if not _has_content(lines, index + 1):
        return None
    below = index + 1
    if not title and below < len(lines) and is_annex_nature(lines[below].text):
        below += 1  # （规范性附录） between label and title
    head = index + 1 if title else max(below, _title_end(lines, below))
    return Part("annex", label, index, head, _after_head(lines, head), 0, 0)


def _is_listed(lines: Sequence[Line], index: int) -> bool:
    """附件1 …, 附件2 … one below the other are the list of annexes, not the annexes."""
    neighbours = [lines[i] for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    return any((found := annex(line.text)) is not None and bool(found[1]) for line in neighbours)


def _has_content(lines: Sequence[Line], index: int) -> bool:
    """Something follows that is not the signature and the notes of the text above."""
    while index < len(lines) and (is_back(lines[index].text) or is_note(lines[index].text)):
        index += 1
    if index >= len(lines):
        return False
    for line in lines[index : index + 4]:
        if closes(line.text):
            return False
        if line.marker or line.is_row or not is_signature(line.text):
            break
    return True


def _carried_at(lines: Sequence[Line], index: int, carried: Sequence[str]) -> Part | None:
    """A policy whose title repeats one in the notice's title."""
    line = lines[index]
    if line.is_row or line.marker or not (head := _repeats(lines, index, carried)):
        return None
    return Part("attached", "", index, head, _after_head(lines, head), 0, 0)


def _attached_at(lines: Sequence[Line], index: int, signed: bool, carried: Sequence[str]) -> Part | None:
    """The policy below a notice: its title repeats the notice's, or stands below the signature."""
    line = lines[index]
    if line.is_row or is_back(line.text) or is_note(line.text) or is_annex_list(line.text):
        return None
    if part := _carried_at(lines, index, carried):
        return part
    if not signed:
        return None
    if line.marker:
        first = line.marker.style in _FIRST_STYLES and line.marker.number == 1
        return Part("attached", "", index, index, after_contents(lines, index), 0, 0) if first else None
    if not is_title(line.text) or closes(line.text) or not _has_text(lines, index + 1):
        return None
    head = _title_end(lines, index)
    return Part("attached", "", index, head, _after_head(lines, head), 0, 0)


def _joined(lines: Sequence[Line]) -> str:
    return "".join(_TITLE_NOISE.sub("", line.text) for line in lines)


def _repeats(lines: Sequence[Line], index: int, carried: Sequence[str]) -> int | None:
    if not carried:
        return None
    joined = ""
    for end in range(index, min(index + 3, len(lines))):
        if len(lines[end].text) > 120:
            return None
        joined += _TITLE_NOISE.sub("", lines[end].text)
        if joined in carried:
            return end + 1
    return None


def _has_text(lines: Sequence[Line], index: int) -> bool:
    return any(line.marker or "。" in line.text for line in lines[index : index + 6])


def _section_at(lines: Sequence[Line], index: int, earliest: int) -> Part:
    """Part whose numbering begins again at ``index``; its title is the nearest title-like line above, if any."""
    at = index - 1
    while at > earliest and index - at <= _LOOK_BACK and not lines[at].marker and not lines[at].is_row:
        if is_title(lines[at].text, 50) and not is_note(lines[at].text) and not is_back(lines[at].text):
            return Part("section", "", at, at + 1, at + 1, 0, 0)
        at -= 1
    return Part("section", "", index, index, index, 0, 0)


def _opening_section(lines: Sequence[Line], front: int, second: Part) -> Iterator[Part]:
    """The first of several sections has a title like the second's: 面向单位的政策, 面向个人的政策."""
    at = next((i for i in range(front, second.start) if lines[i].marker), front) - 1
    if at < front or second.head == second.start or not is_title(lines[at].text, 50):
        return
    if not lines[at].is_row and lines[at].text[-2:] == lines[second.start].text[-2:]:
        yield Part("section", "", at, at + 1, at + 1, 0, 0)


def _title_end(lines: Sequence[Line], index: int) -> int:
    """Index after a title at ``index``: one line, or up to three where only the last has the ending of a title."""
    end = index
    while end < min(index + _TITLE_LINES, len(lines)) and _is_title_line(lines[end]):
        end += 1
        if ends_like_title(lines[end - 1].text) and not _continues(lines, end):
            return end
    return min(end, index + 1)


def _continues(lines: Sequence[Line], index: int) -> bool:
    return index < len(lines) and lines[index].text.startswith(("的", "和", "及", "与", "》"))


def _is_title_line(line: Line) -> bool:
    return not line.marker and not line.is_row and is_title(line.text) and not is_bracketed(line.text)


def _after_head(lines: Sequence[Line], index: int) -> int:
    """Index after the 题注, addressee and table of contents below a title."""
    while index < len(lines) and not lines[index].is_row and not lines[index].marker:
        text = lines[index].text
        if not (is_bracketed(text) or is_field(text) or is_addressee(text)):
            break
        index += 1
    return after_contents(lines, index)


def _carried_by(front: Sequence[Line]) -> tuple[str, ...]:
    titles = [line.text for line in front if _is_title_line(line) and not is_field(line.text)]
    for start in range(len(titles)):
        for end in range(start + 1, min(start + 5, len(titles) + 1)):
            if match := _CARRIED.search("".join(titles[start:end])):
                return tuple(_TITLE_NOISE.sub("", title) for title in _SEVERAL.split(match[1]))
    return ()
