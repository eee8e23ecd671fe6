"""Old against new (旧→新): the clauses of two versions of a file, of two files, or of a file and the one that amends it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.card import DocumentCard, key_of_title
from index.library import Library
from ingest.document import RELATION_NAMES, Clause, PolicyDocument, Relation, Span
from ingest.normalize import fold
from qa.answer import Citation
from qa.evidence import Shelf
from qa.framework.alignment import MOST_EFFORT, Edit, Pair, Part, align, edits, effort, parts_of
from qa.passage import trimmed
from qa.source import cite

Change = Literal["same", "changed", "added", "removed"]
CHANGE_NAMES: dict[Change, str] = {"same": "未变", "changed": "有改动", "added": "新增", "removed": "删去"}
_REPLACES: tuple[Relation | None, ...] = ("repeals", "supersedes", "amends")
UNREADABLE = "修改文件没有写成可以逐条对应的形式（如“将第五条修改为……”），请看原文"
NOT_COMPARED = "未比对文件首尾部分（文号、主送机关、落款、版记）"
TOO_LONG = "条文过长，未逐字标出"

_ARTICLE = re.compile(
    r"第[零〇一二三四五六七八九十百千\d]+条(?:第[一二三四五六七八九十\d]+款)?(?:第?[（(][一二三四五六七八九十\d]+[）)]项?)?"
)
# 将第五条（第一款）修改为：“……”；增加一条，作为第六条：“……”；删去第七条
_INSTRUCTION = re.compile(
    r"(?P<articles>第[^。;:\"\n]{1,40}?)(?:修改为|修订为|调整为|改为|变更为)[:,]?(?=\")"
    r"|增加[^。;:\"\n]{0,30}?作为(?P<place>第[^。;:\"\n]{1,20}?)[:,]?(?=\")"
    r"|(?:删去|删除|废止|停止执行)(?P<gone>第[^。;:\"\n]{1,40}?[条款项](?!的))"
)
_ENDS_ONLY = re.compile("关于(?:废止|宣布|停止执行|清理)|(?:废止|失效)[^。]{0,12}(?:目录|决定|通知)$")
_PAIRED = {"“": "”", '"': '"', "「": "」"}
MOST_EFFORT_IN_ALL = 3_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the quote of a citation, in characters of the quote, that differs on the other side."""

    start: int
    end: int
    figure: bool


@dataclass(frozen=True, slots=True)
class FigureChange:
    """Figures that stand in each other's place, as printed (2000万元 → 1000万元); empty where there was none."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Row:
    """A clause on both sides. ``old_marks`` and ``new_marks``: what differs; ``remark``: 条次 changed, or why nothing is marked."""

    change: Change
    old: Citation | None
    new: Citation | None
    old_marks: tuple[Mark, ...] = ()
    new_marks: tuple[Mark, ...] = ()
    figures: tuple[FigureChange, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``old`` and ``new``: the files as people name them, with their validity on ``as_of``; ``notices``: what was not compared."""

    old: str
    new: str
    old_validity: str
    new_validity: str
    rows: tuple[Row, ...]
    as_of: date
    notices: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Change, int]:
        found = Counter(row.change for row in self.rows)
        return {change: found[change] for change in CHANGE_NAMES}


@dataclass(frozen=True, slots=True)
class Comparable:
    """A text that a file can be compared with. ``older``: that text is the older one. ``why``: 废止, 修改 …, or 同一文件的较早版本."""

    document_id: str
    sha256: str | None
    title: str
    why: str
    older: bool = True
    amends: bool = False


def comparable(library: Library, document_id: str) -> tuple[Comparable, ...]:
    """Earlier versions of a file, the files that it replaces or amends, those that replace or amend it, and other editions of its
    title; likeliest first. Raises PolicyError when the document is unknown.
    """
    card = library.card(document_id)
    found: dict[tuple[str, str | None], Comparable] = {}
    for version in reversed(library.versions(document_id)):
        if version.sha256 != card.sha256:
            key = document_id, version.sha256
            found[key] = Comparable(
                *key, card.title, f"同一文件的较早版本（{version.added_at.date().isoformat()}入库）"
            )
    for link in library.references(document_id):
        other = link.resolution.document_id
        if other and link.relation in _REPLACES and not _ENDS_ONLY.search(card.title):
            found.setdefault((other, None), _linked(library.card(other), link.relation, True))
    for link in library.cited_by(document_id):
        source = library.card(link.source_id)
        if link.relation in _REPLACES and not _ENDS_ONLY.search(source.title):
            found.setdefault((source.id, None), _linked(source, link.relation, False))
    own = _subject(card)
    for other_card in library.documents():
        if own and other_card.id != document_id and _subject(other_card) == own:
            older = (other_card.issued_on or date.min) <= (card.issued_on or date.min)
            edition = Comparable(other_card.id, None, other_card.title, "题名相同的文件", older)
            found.setdefault((other_card.id, None), edition)
    return tuple(found.values())


def _subject(card: DocumentCard) -> str:
    """The title without what tells its editions apart (2024年版, 试行)."""
    return re.sub(r"(?:19|20)\d\d(?:年度?)?版?", "", key_of_title(card.title).partition("|")[0])


def _linked(other: DocumentCard, relation: Relation | None, older: bool) -> Comparable:
    name = RELATION_NAMES[relation or "references"]
    why = f"本文件{name}该文件" if older else f"该文件{name}本文件"
    return Comparable(other.id, None, other.title, why, older, relation == "amends")


def compare_files(
    library: Library,
    old_id: str,
    new_id: str,
    as_of: date | None = None,
    old_sha256: str | None = None,
    new_sha256: str | None = None,
) -> Comparison:
    """The clauses of two files, or of two versions of one. Where the new file amends the old one, only what it changes.

    Raises PolicyError when a document is unknown.
    """
    shelf = Shelf(library, as_of or date.today())
    old, new = library.document(old_id, old_sha256), library.document(new_id, new_sha256)
    if _amends(library, old_id, new_id):
        pairs = tuple(_amendments(old, new))
        notices = ["只列出修改文件写明改动的条款"] if pairs else [UNREADABLE]
    else:
        pairs = align(parts_of(old), parts_of(new))
        notices = [NOT_COMPARED]
    if old_id == new_id:
        notices.append("同一文件的两个版本，时效以当前版本为准")
    return Comparison(
        old=_name(shelf, old),
        new=_name(shelf, new),
        old_validity=shelf.status(old_id).state,
        new_validity=shelf.status(new_id).state,
        rows=tuple(_rows(shelf, pairs)),
        as_of=shelf.as_of,
        notices=tuple(notices),
    )


def _name(shelf: Shelf, document: PolicyDocument) -> str:
    whole = Span(0, len(document.text))
    first = next((c.span for c in document.clauses if c.text.strip()), whole)
    return cite(shelf.card(document.id), shelf.status(document.id), document, first).source


def _amends(library: Library, old_id: str, new_id: str) -> bool:
    return any(
        link.relation == "amends" and link.resolution.document_id == old_id for link in library.references(new_id)
    )


def _amendments(old: PolicyDocument, new: PolicyDocument) -> Iterator[Pair]:
    """What the sentences of an amending file change: 将第五条修改为“…”, 增加一条作为第六条, 删去第七条."""
    parts = parts_of(old)
    for at, clause in enumerate(new.clauses):
        for match in _INSTRUCTION.finditer(fold(clause.text)):
            named = match["articles"] or match["place"] or match["gone"]
            said = [] if match["gone"] else _quoted(new, at, clause.span.start + match.end(), named)
            paths = [] if match["place"] else [name.replace(" ", "") for name in _ARTICLE.findall(named)]
            meant = [part for part in parts if any(_is_within(part, path) for path in paths)]
            yield from align(meant, said)


def articles_changed(amending: PolicyDocument) -> tuple[str, ...]:
    """Articles of other files that the instructions of an amending file change or delete."""
    named = (m["articles"] or m["gone"] or "" for c in amending.clauses for m in _INSTRUCTION.finditer(fold(c.text)))
    return tuple(dict.fromkeys(article.replace(" ", "") for words in named for article in _ARTICLE.findall(words)))


def _is_within(part: Part, article: str) -> bool:
    """Whether the part is the article (第五条, 第五条第二款), or a paragraph or item of it."""
    path = fold(part.path).replace(" ", "")
    return path == article or (path.startswith(article) and path[len(article)] in "第(")


def _quoted(document: PolicyDocument, at: int, opening: int, place: str) -> list[Part]:
    """The words between the quotation marks that open at ``opening`` in the clause ``at``; these may close in a later clause."""
    text, opens = document.text, document.text[opening]
    closes, depth, start = _PAIRED.get(opens, opens), 0, opening + 1
    found: list[Part] = []
    for clause in document.clauses[at:]:
        first, stop = max(start, clause.span.start), clause.span.end
        for offset in range(first, stop):
            if text[offset] == closes and depth == 0:
                return [*found, *_part(document, clause, Span(first, offset), place)]
            depth += (text[offset] == opens != closes) - (text[offset] == closes)
        found += _part(document, clause, Span(first, stop), place)
    return found[:1]  # they never close: what stands in the clause itself


def _part(document: PolicyDocument, clause: Clause, span: Span, place: str) -> list[Part]:
    words = trimmed(span, document.text)
    return [Part(document, clause, words, place)] if words.end > words.start else []


def _rows(shelf: Shelf, pairs: Sequence[Pair]) -> Iterator[Row]:
    left = MOST_EFFORT_IN_ALL
    for old, new in pairs:
        cited = _cited(shelf, old), _cited(shelf, new)
        if old is None or new is None:
            yield Row("removed" if new is None else "added", *cited)
            continue
        moved = f"条次由“{old.path}”变为“{new.path}”" if old.path != new.path and old.path and new.path else ""
        if old.key == new.key:
            yield Row("same", *cited, remark=moved)
            continue
        cost = effort(old, new)
        left -= cost
        if cost > MOST_EFFORT or left < 0:
            yield Row("changed", *cited, remark="；".join(filter(None, (moved, TOO_LONG))))
            continue
        yield _changed(old, new, edits(old, new), cited, moved)


def _changed(
    old: Part, new: Part, found: Sequence[Edit], cited: tuple[Citation | None, Citation | None], moved: str
) -> Row:
    if not found:  # 0.5亿元 has become 5000万元
        return Row("same", *cited, remark="；".join(filter(None, (moved, "写法不同，数值和文字相同"))))
    return Row(
        "changed",
        *cited,
        old_marks=_marks([(e.old, bool(e.old_figures)) for e in found], old.span),
        new_marks=_marks([(e.new, bool(e.new_figures)) for e in found], new.span),
        figures=tuple(change for e in found for change in _figures(old, new, e)),
        remark=moved,
    )


def _figures(old: Part, new: Part, edit: Edit) -> Iterator[FigureChange]:
    before = [span.of(old.document.text) for span in edit.old_figures]
    after = [span.of(new.document.text) for span in edit.new_figures]
    if len(before) == len(after):
        yield from map(FigureChange, before, after)
    else:
        yield FigureChange("、".join(before), "、".join(after))


def _marks(spans: Sequence[tuple[Span, bool]], within: Span) -> tuple[Mark, ...]:
    return tuple(
        Mark(span.start - within.start, span.end - within.start, figure)
        for span, figure in spans
        if span.end > span.start
    )


def _cited(shelf: Shelf, part: Part | None) -> Citation | None:
    if part is None:
        return None
    id_ = part.document.id
    return cite(shelf.card(id_), shelf.status(id_), part.document, part.span)
