"""What the readers of paged files (PDF, OFD, pictures) have in common: pages as they were read → the text of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.document import Page, SourceText
from ingest.readers.ocr import Recognised
from ingest.readers.paragraphs import paragraphs
from ingest.readers.printed import PrintedPage

SCAN = "扫描页，没有文字层"
CURVES = "文字已转为图形"
GARBLED = "文字编码损坏（字符映射错乱）"
PICTURE = "图片"
DAMAGED = "页面已损坏，无法读取"


@dataclass(slots=True)
class PageRead:
    """What was read of a page. ``printed``: one page, or the two of a double page; without lines where unread.

    ``unread``: why its text layer is not its text (SCAN, CURVES, GARBLED), whether or not its picture could be read.
    ``pictured``: a picture on it is large enough to hold text. ``hidden``: characters that nobody can see;
    ``watermark``: slanted text; ``unmapped``: characters that mean something in their font only; ``remarks``: what else
    was not read, in Chinese.
    """

    printed: tuple[PrintedPage, ...]
    source: Literal["text", "ocr", "none"] = "text"
    problem: str | None = None
    unread: str = ""
    pictured: bool = False
    hidden: int = 0
    watermark: str = ""
    unmapped: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return self.printed[0].number

    @property
    def characters(self) -> int:
        return sum(len("".join(line.text.split())) for half in self.printed for line in half.lines)

    def take(self, recognised: Recognised) -> None:
        """What was recognised in the picture of the page becomes its text."""
        if recognised.printed or not recognised.problem:
            self.printed = recognised.printed or self.printed
            self.source, self.problem = "ocr", recognised.problem
        else:
            self.source, self.problem = "none", f"{self.unread}；{recognised.problem}"


def has_text(read: Sequence[PageRead]) -> bool:
    """Whether anything was read at all."""
    return any(page.lines for read_page in read for page in read_page.printed)


def source_text(read: Sequence[PageRead], remarks: Sequence[str] = ()) -> SourceText:
    """Paragraphs joined over all pages; what was left out is in the warnings, and ``remarks`` on the whole file."""
    printed = [half for page in read for half in page.printed]
    text, starts, left_out = paragraphs(printed)
    first_halves = dict(reversed([(half.number, start) for half, start in zip(printed, starts, strict=True)]))
    pages = tuple(Page(page.number, first_halves[page.number], page.source, page.problem) for page in read)
    return SourceText(text, pages=pages, warnings=(*_unseen(read), *left_out, *remarks))


def _unseen(read: Sequence[PageRead]) -> list[str]:
    found = [
        f"第 {page.number} 页有 {page.hidden} 个字肉眼不可见（白色、透明、极小或在页面之外），未收入"
        for page in read
        if page.hidden
    ]
    found += [
        f"第 {page.number} 页有 {page.unmapped} 个字符没有对应的文字（多为项目符号或公式符号），未收入"
        for page in read
        if page.unmapped
    ]
    found += [remark for page in read for remark in page.remarks]
    watermarked = [page for page in read if page.watermark]
    if watermarked:
        found.append(f"{len(watermarked)} 页有斜排文字（水印“{watermarked[0].watermark[:20]}”），未收入")
    return found
