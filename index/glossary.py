"""The terms of the library: which file defines what, each definition with its file, clause and validity.

Definitions of two files are never made one: “1+1+N” means in each district what its own file says. The general glossary
(通用解释，非文件原文) stands apart, and says nothing of a term whose meaning is local.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from index.card import DocumentCard
from index.definitions import Term, terms_of
from index.general_terms import General, by_key, general_of
from index.query import NO_FILTERS, Filters, passing
from index.term_names import are_bounds, key_of_name
from ingest.document import PolicyDocument, Span
from ingest.normalize import fold
from ingest.validity import Status

if TYPE_CHECKING:
    from index.library import Library

_OF_PAPERS = frozenset(("文件", "代字"))  # 发文字号, 规范性文件: words about files, in every one
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # keeps the length, which lower() does not always
_SHORTEST_USED = 3  # characters; 企业 or 生产, defined by some file for itself, is everywhere and means nothing by it


@dataclass(frozen=True, slots=True)
class Definition:
    """A term as one file defines it, with the file's card and its validity on the day; read in the version with ``sha256``."""

    term: Term
    card: DocumentCard
    status: Status
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is known of a term. ``definitions`` and ``short_names`` (以下简称): one for each sentence that says so, newest file
    first. ``name``: as the newest file prints it.
    """

    name: str
    definitions: tuple[Definition, ...] = ()
    short_names: tuple[Definition, ...] = ()
    general: General | None = None

    @property
    def key(self) -> str:
        return key_of_name(self.name)


@dataclass(frozen=True, slots=True)
class Undefined:
    """A term that a file uses and does not define; ``name`` as it stands there, first at ``span``. ``defined_in``: files that
    define it, each for itself.
    """

    name: str
    span: Span
    general: General | None
    defined_in: tuple[DocumentCard, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """What is kept of a file: its terms, and its folded text in small, to look for the terms of other files."""

    sha256: str
    terms: tuple[Term, ...]
    packed: bytes

    @property
    def plain(self) -> str:
        return zlib.decompress(self.packed).decode("utf-8")


def glossary(library: Library, filters: Filters = NO_FILTERS, as_of: date | None = None) -> tuple[Entry, ...]:
    """Every term that a file of the selection defines or gives a short name, in the order of the names."""
    grouped: dict[str, list[Definition]] = defaultdict(list)
    for card, status in _selected(library, filters, as_of):
        read = _read(library, card)
        for term in read.terms:
            grouped[key_of_name(term.name)].append(Definition(term, card, status, read.sha256))
    return tuple(_entry(grouped[key], key) for key in sorted(grouped))


def entry(library: Library, name: str, filters: Filters = NO_FILTERS, as_of: date | None = None) -> Entry:
    """What the files of the selection say that ``name`` means; without any definition where they do not say."""
    key = key_of_name(name)
    found = [
        Definition(term, card, status, read.sha256)
        for card, status in _selected(library, filters, as_of)
        for read in (_read(library, card),)
        for term in read.terms
        if key in _keys(term)
    ]
    return _entry(found, key) if found else Entry(name, general=general_of(name))


def used_but_undefined(library: Library, document_id: str) -> tuple[Undefined, ...]:
    """Terms of the general glossary, and terms that other files define, which stand in the file without a definition.

    Raises PolicyError when the document is unknown.
    """
    own = library.made_of(document_id, _read_document)
    defined = {key for term in own.terms for key in _keys(term)}
    elsewhere: dict[str, dict[str, DocumentCard]] = defaultdict(dict)
    for card in library.documents():
        for term in _read(library, card).terms if card.id != document_id else ():
            if not term.is_alias and not are_bounds(fold(term.name)):
                elsewhere[key_of_name(term.name)][card.id] = card
    general = by_key()
    text, plain = library.document(document_id).text, own.plain
    found: dict[str, Undefined] = {}
    for key in sorted(general.keys() | elsewhere.keys(), key=len, reverse=True):
        at = plain.find(key) if len(key) >= _SHORTEST_USED else -1
        row = general.get(key)
        same = {key, key_of_name(row.name)} if row else {key}
        if at < 0 or same & defined or (row and (row.kind in _OF_PAPERS or key_of_name(row.text).startswith(key))):
            continue
        span = Span(at, at + len(key))
        group = key_of_name(row.name) if row else key
        if not any(known.span.contains(span) for known in found.values()) and group not in found:
            cards = {id_: card for name in same for id_, card in elsewhere.get(name, {}).items()}
            found[group] = Undefined(span.of(text), span, row, tuple(cards.values()))
    return tuple(sorted(found.values(), key=lambda undefined: undefined.span.start))


def files_using(library: Library, name: str, filters: Filters = NO_FILTERS) -> tuple[DocumentCard, ...]:
    """Files in which the term stands and which do not define it, newest first."""
    key = key_of_name(name)
    found = []
    for card, _ in _selected(library, filters, None):
        read = _read(library, card)
        if key and not any(key in _keys(term) for term in read.terms) and key in read.plain:
            found.append(card)
    return tuple(found)


def _selected(library: Library, filters: Filters, as_of: date | None) -> Iterator[tuple[DocumentCard, Status]]:
    """Cards of the selection with their validity on the day, newest first."""
    day = as_of or date.today()
    cards = {card.id: card for card in library.documents()}
    allowed = passing(filters, cards, lambda id_, on: library.validity(id_, on).state, day)
    for card in cards.values():
        if allowed is None or card.id in allowed:
            yield card, library.validity(card.id, day)


def _read(library: Library, card: DocumentCard) -> _Read:
    return library.made_of(card.id, _read_document)


def _read_document(document: PolicyDocument) -> _Read:
    plain = fold(document.text)
    small = plain.lower()
    if len(small) != len(plain):
        small = plain.translate(_LOWER)
    return _Read(document.sha256, terms_of(document, plain), zlib.compress(small.encode("utf-8"), 1))


def _keys(term: Term) -> frozenset[str]:
    return frozenset(map(key_of_name, (term.name, *term.variants)))


def _entry(found: list[Definition], key: str) -> Entry:
    name = next((d.term.name for d in found if key_of_name(d.term.name) == key), found[0].term.name)
    return Entry(
        name=name,
        definitions=tuple(d for d in found if not d.term.is_alias),
        short_names=tuple(d for d in found if d.term.is_alias),
        general=general_of(name),
    )
