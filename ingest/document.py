"""The types of a policy file, from bytes to clauses, and the terms they stand for.

=====================  ==============  =====================  ==============
identifier             中文             identifier             中文
=====================  ==============  =====================  ==============
title                  标题             document_number        发文字号
issuers                发文机关         kind                   文种
issued_on              成文日期         printed_on             印发日期
published_on           发布日期         effective_on           施行日期
expires_on             有效期至         validity               时效
addressees             主送机关         annex                  附件
level                  级别             region                 地区
clause                 条款             path                   条款路径
reference              引用             relation               关系
=====================  ==============  =====================  ==============

All types are frozen. ``None`` (or an empty tuple) means *unknown*, never "no". Every offset counts characters of
``SourceText.text``, which is also ``PolicyDocument.text``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Level = Literal["state", "province", "city", "district", "zone"]
LEVEL_NAMES: dict[str, str] = {
    "state": "国家",
    "province": "省级",
    "city": "市级",
    "district": "区县级",
    "zone": "开发区",
}
NO_NUMBER, NO_LEVEL = "文号未标明", "级别未标明"  # what is shown where a file does not say

ClauseKind = Literal["front", "heading", "body", "table_row", "annex", "back"]

Relation = Literal[
    "implements",
    "based_on",
    "coordinates",
    "references",
    "issues",
    "forwards",
    "amends",
    "repeals",
    "partially_repeals",
    "extends",
    "supersedes",
    "details",
    "interprets",
]
RELATION_NAMES: dict[str, str] = {
    "implements": "贯彻落实",
    "based_on": "依据",
    "coordinates": "结合",
    "references": "参照",
    "issues": "印发",
    "forwards": "转发",
    "amends": "修改",
    "repeals": "废止",
    "partially_repeals": "部分废止",
    "extends": "延续",
    "supersedes": "替代",
    "details": "细化",
    "interprets": "解读",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters: ``text[start:end]``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was given: its name is for people, its ``sha256`` is its identity, its ``content`` is kept."""

    path: str
    sha256: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One page (from 1). ``source``: how its text was read; ``problem``: why something of it was not, in Chinese."""

    number: int
    start: int
    source: Literal["text", "ocr", "none"] = "text"
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a reader made of a file: one paragraph (or table row, cells joined by tabs) a line.

    ``pages`` is empty where the format has no pages. ``fields`` are the labelled values of a government site's
    metadata table (label without inner spaces → span of the value in ``text``): the most trusted source of metadata.
    """

    text: str
    pages: tuple[Page, ...] = ()
    fields: tuple[tuple[str, Span], ...] = ()
    warnings: tuple[str, ...] = ()

    def page_at(self, offset: int) -> int | None:
        return page_at(self.pages, offset)


def page_at(pages: tuple[Page, ...], offset: int) -> int | None:
    """Number of the page on which the character at ``offset`` stands; ``None`` where the format has no pages."""
    found = None
    for page in pages:
        if page.start > offset:
            break
        found = page.number
    return found


def book_title(title: str) -> str:
    """《title》, with 〈〉 for the titles inside it, as official style has it."""
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """发文字号. ``canonical``: ``机关代字〔YYYY〕N号`` or the form of orders and announcements; ``printed``: as it stands
    in the text. ``masked`` numbers (202x, x发) are shown and never used as a key.
    """

    code: str
    year: int | None
    serial: int | None
    canonical: str
    printed: str
    span: Span
    kind: Literal["std", "nocode", "order", "announce", "damaged"] = "std"
    masked: bool = False
    flags: tuple[str, ...] = ()
    confidence: float = 1.0

    @property
    def key(self) -> str | None:
        """Identity for joins; ``None`` where the number does not identify a document."""
        usable = not self.masked and self.serial is not None and self.kind in ("std", "order", "announce")
        return self.canonical if usable else None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says of itself. ``sources`` tells for each field where it was read: ``(field, span or None, how)``.

    ``warnings``: what of it could not be used, and why, in Chinese.
    """

    title: str | None = None
    document_number: DocumentNumber | None = None
    aliases: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    level: Level | None = None
    region: str | None = None
    kind: str | None = None
    carrier: str | None = None
    addressees: str | None = None
    issued_on: date | None = None
    printed_on: date | None = None
    published_on: date | None = None
    site_validity: str | None = None
    sources: tuple[tuple[str, Span | None, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of the clause tree, without its children: ``document.text[span] == text`` (line end included).

    ``path`` is the locator printed in a citation (``二、（三）2.``, ``第五条第二款``, ``附件1 第三条``; empty for front and
    back matter); ``marker`` the printed number (``（三）``, empty for a paragraph); ``restored``: the marker is not in
    the text, it was lost and follows from its siblings. ``parent`` is the id of the clause above.
    """

    id: str
    path: str
    marker: str
    heading: str
    text: str
    span: Span
    page: int | None
    kind: ClauseKind
    parent: str | None = None
    depth: int = 0
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """When a repeal or an extension takes effect, as far as its words say.

    ``on``: from which day (``None``: with the file that says so). ``until``: the new end, ``months``: or by how much longer.
    ``lapsed``: 宣布失效, where others say 废止.
    """

    on: date | None = None
    until: date | None = None
    months: int | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A file named in the text, and how: 《title》（numbers）. ``quote`` is ``text[span]``; ``relation`` may be unknown.

    ``alias``: the short name that the text gives it (以下简称《意见》). ``inner``: titles nested in the title. ``articles``:
    those named behind it (第五条第二款), and those that an amendment changes.
    """

    title: str | None
    numbers: tuple[DocumentNumber, ...]
    relation: Relation | None
    span: Span
    quote: str
    clause_id: str | None = None
    inner: tuple[str, ...] = ()
    inner_relation: Relation | None = None
    alias: str | None = None
    articles: tuple[str, ...] = ()
    effect: Effect = Effect()


@dataclass(frozen=True, slots=True)
class Terms:
    """When the file is in force, by its own words. ``*_span``: the words. No date found: ``None``, not "for ever"."""

    effective_on: date | None = None
    effective_basis: str = ""
    effective_span: Span | None = None
    expires_on: date | None = None
    expires_basis: str = ""
    expires_span: Span | None = None
    trial: bool = False
    open_ended: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A file, read. Laws: clauses are ordered, disjoint and cover every character of ``text``; every span of every part
    lies in ``text``; the same bytes give the same ids.
    """

    id: str
    path: str
    sha256: str
    text: str
    metadata: Metadata
    clauses: tuple[Clause, ...]
    references: tuple[Reference, ...] = ()
    terms: Terms = Terms()
    pages: tuple[Page, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title, or the file's name where the title is unknown."""
        return self.metadata.title or self.path.replace("\\", "/").rsplit("/", 1)[-1]

    def page_at(self, offset: int) -> int | None:
        return page_at(self.pages, offset)

    def read_by_ocr(self, span: Span) -> bool:
        """Some of the span stands on a page that was recognised from a picture (待核对)."""
        ends = [page.start for page in self.pages[1:]] + [len(self.text)] * bool(self.pages)
        return any(
            page.source == "ocr" and page.start < span.end and span.start < end
            for page, end in zip(self.pages, ends, strict=True)
        )
