"""Cards of terms for people: what each file says that a term means, cited; the general gloss and the files without one apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from index.definitions import Term, terms_of
from index.glossary import Definition, General, entry, files_using, used_but_undefined
from index.library import Library
from index.query import NO_FILTERS, Filters
from ingest.document import PolicyDocument, Span
from ingest.normalize import fold
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import Shelf
from qa.passage import trimmed
from qa.source import cite

USES_SHOWN = 20  # files that use a term without defining it; each is read for its sentence


@dataclass(frozen=True, slots=True)
class Meaning:
    """One sentence that defines a term. ``meaning``: the words of it that say what the term means; ``items``: the clauses that it
    introduces (下列情形：), which belong to it.
    """

    name: str
    kind: str
    meaning: str
    citation: Citation
    items: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class TermCard:
    """``definitions`` and ``short_names`` (以下简称): one for each file that says so, newest first, never made one. ``uses``: sentences
    of files that use the term and do not define it; ``more_uses``: how many such files are not shown. ``general`` is no source.
    """

    name: str
    definitions: tuple[Meaning, ...]
    short_names: tuple[Meaning, ...]
    uses: tuple[Citation, ...]
    more_uses: int
    general: General | None


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A term that a file uses without saying what it means. ``citation``: where it first stands; ``defined_in``: titles of files that
    define it, each for itself.
    """

    name: str
    citation: Citation
    general: General | None
    defined_in: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileTerms:
    """The terms of one file."""

    definitions: tuple[Meaning, ...]
    short_names: tuple[Meaning, ...]
    unexplained: tuple[Unexplained, ...]


def term_card(
    library: Library, name: str, filters: Filters = NO_FILTERS, as_of: date | None = None, shown: int = USES_SHOWN
) -> TermCard:
    """What the files of the selection say of a term; without definitions where they do not say."""
    shelf = Shelf(library, as_of or date.today())
    found = entry(library, name, filters, shelf.as_of)
    using = files_using(library, found.name, filters)
    return TermCard(
        name=found.name,
        definitions=tuple(_of(shelf, definition) for definition in found.definitions),
        short_names=tuple(_of(shelf, definition) for definition in found.short_names),
        uses=tuple(_use(shelf, card.id, found.key) for card in using[:shown]),
        more_uses=max(0, len(using) - shown),
        general=found.general,
    )


def file_terms(library: Library, document_id: str, as_of: date | None = None) -> FileTerms:
    """What one file defines, and what it uses without defining. Raises PolicyError when the document is unknown."""
    shelf = Shelf(library, as_of or date.today())
    document = shelf.document(document_id)
    found = [(term, _meaning(shelf, document, term)) for term in terms_of(document)]
    unexplained = tuple(
        Unexplained(
            name=undefined.name,
            citation=_at(shelf, document, undefined.span),
            general=undefined.general,
            defined_in=tuple((card.id, card.title) for card in undefined.defined_in),
        )
        for undefined in used_but_undefined(library, document_id)
        if undefined.span.of(document.text) == undefined.name
    )
    return FileTerms(
        definitions=tuple(meaning for term, meaning in found if not term.is_alias),
        short_names=tuple(meaning for term, meaning in found if term.is_alias),
        unexplained=unexplained,
    )


def _of(shelf: Shelf, definition: Definition) -> Meaning:
    return _meaning(shelf, shelf.library.document(definition.card.id, definition.sha256), definition.term)


def _meaning(shelf: Shelf, document: PolicyDocument, term: Term) -> Meaning:
    card, status = shelf.card(document.id), shelf.status(document.id)
    items = tuple(cite(card, status, document, trimmed(item, document.text)) for item in term.items)
    return Meaning(
        name=term.name,
        kind=term.kind,
        meaning=term.meaning.of(document.text),
        citation=cite(card, status, document, term.span),
        items=items,
    )


def _use(shelf: Shelf, document_id: str, key: str) -> Citation:
    """The sentence in which the term first stands."""
    document = shelf.document(document_id)
    at = max(0, fold(document.text).lower().find(key))
    return _at(shelf, document, Span(at, at + len(key)))


def _at(shelf: Shelf, document: PolicyDocument, span: Span) -> Citation:
    clause = shelf.clause_at(document.id, span.start)
    sentence = sentence_at(span.start, clause, document.text)
    return cite(shelf.card(document.id), shelf.status(document.id), document, sentence)
