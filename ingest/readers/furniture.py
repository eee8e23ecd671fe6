"""What is printed on page after page and is no text: page numbers, running heads, watermarks."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.printed import Line, PrintedPage

_PAGE_NUMBER = re.compile(
    r"[\s—\-–－―·•.]*(?:\d{1,4}|[IVXivx]{1,6}|[Ⅰ-Ⅻ]{1,2})[\s—\-–－―·•.]*|第?\s*\d{1,4}\s*页?\s*[,，/／共]{1,2}\s*共?\s*\d{1,4}\s*页?|第\s*\d{1,4}\s*页"
)
# Page furniture stands in these parts of the page height.
_HEAD_ZONE, _FOOT_ZONE = 0.88, 0.12
# A line at the same place of this share of the pages is a running head; of these pages, a watermark.
_HEAD_SHARE = 1 / 3
# A running head is set smaller than the text.
_SMALL = 0.9
# Characters of a wording that is not repeated by chance.
_TELLING = 4
_MARK_PAGES, _MARK_SHARE = 4, 0.8
_NUMBER = re.compile(r"[〔\[［(（【]\d{4}[〕\]］)）】]\s*\d+\s*号")
# Heads named in the report, characters of each.
_REPORTED, _QUOTED = 5, 30


def without_furniture(pages: Sequence[PrintedPage]) -> tuple[list[PrintedPage], list[str]]:
    """The pages without it, and what was left out, in Chinese. Page numbers go without a word.

    The first page keeps its running head, which may be the title, unless that is smaller than the text and no 文号.
    """
    small = _SMALL * statistics.median([line.size for page in pages for line in page.lines if not line.row] or [0.0])
    heads, marks = _running_heads(pages, small), _watermarks(pages)
    removed: Counter[str] = Counter()
    kept: list[PrintedPage] = []
    for page in pages:
        lines = []
        for line in page.lines:
            key, margin = _key(line), _in_margin(line, page)
            head = _head_key(line, page, small)
            stays = page.number == pages[0].number and (line.size >= small or _NUMBER.search(line.text))
            is_head = margin and head in heads and not stays
            if is_head or key in marks:
                removed[head if is_head else key] += 1
            elif not (margin and _PAGE_NUMBER.fullmatch(line.text.strip())):
                lines.append(line)
        kept.append(replace(page, lines=tuple(lines)))
    words = heads | marks
    return kept, [
        f"每页重复的{'水印' if key in marks else '页眉页脚'}“{words[key][:_QUOTED]}”未收入（{count} 页）"
        for key, count in removed.most_common(_REPORTED)
    ]


def _running_heads(pages: Sequence[PrintedPage], small: float) -> dict[str, str]:
    """Lines at the top or bottom that come back on a third of the pages (odd and even pages may differ): at least three
    times, twice where their type is smaller than ``small``. By their key, the wording of one of them.
    """
    seen: Counter[str] = Counter()
    found: dict[str, Line] = {}
    for page in pages:
        heads = {_head_key(line, page, small): line for line in page.lines if _in_margin(line, page)}
        heads = {key: line for key, line in heads.items() if not _PAGE_NUMBER.fullmatch(line.text.strip())}
        seen.update(heads.keys())
        found.update(heads)
    share = len(pages) * _HEAD_SHARE
    return {
        key: line.text for key, line in found.items() if seen[key] >= max(2 if line.size < small else 3, share)
    }  # fmt: skip


def _watermarks(pages: Sequence[PrintedPage]) -> dict[str, str]:
    """The same words at the same place of nearly every page, printed across the text of one of them."""
    if len(pages) < _MARK_PAGES:
        return {}
    found = [{_key(line): line for line in page.lines if not line.row and not _in_margin(line, page)} for page in pages]
    seen = Counter(key for lines in found for key in lines)
    needed = max(_MARK_PAGES, len(pages) * _MARK_SHARE)
    return {
        key: next(lines[key].text for lines in found if key in lines)
        for key, count in seen.items()
        if count >= needed
        and any(
            key in lines and any(_overlap(lines[key], line) for line in page.lines if line is not lines[key])
            for lines, page in zip(found, pages, strict=True)
        )
    }


def _overlap(line: Line, other: Line) -> bool:
    return (
        min(line.right, other.right) - max(line.left, other.left) > other.size
        and min(line.top, other.top) - max(line.bottom, other.bottom) > 0.3 * (other.top - other.bottom)
    )  # fmt: skip


def _key(line: Line) -> str:
    """Place and wording without digits: 第 3 页 and 第 4 页 are the same head."""
    return f"{round(line.bottom / 4)}:{_wording(line)}"


def _wording(line: Line) -> str:
    return re.sub(r"[0-9\s]+", "", line.text)


def _head_key(line: Line, page: PrintedPage, small: float) -> str:
    """Small print in the margin is known by its wording alone: on scans that lie askew, its place differs."""
    wording = _wording(line)
    above = line.bottom > page.height / 2
    return f"{above}:{wording}" if line.size < small and len(wording) >= _TELLING else _key(line)


def _in_margin(line: Line, page: PrintedPage) -> bool:
    middle = (line.bottom + line.top) / 2 / page.height if page.height else 0.5
    return not line.row and (middle > _HEAD_ZONE or middle < _FOOT_ZONE)
