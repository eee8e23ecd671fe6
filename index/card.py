"""What the register tells of a document without reading its text, and by what a document is recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from ingest.clauses import with_document_id
from ingest.document import Effect, Level, PolicyDocument, Reference, Relation, Terms
from ingest.references import title_key

UNTITLED = ""
VALIDITY_RELATIONS: tuple[Relation | None, ...] = ("repeals", "partially_repeals", "amends", "extends", "supersedes")
NO_EFFECT = Effect()


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """What lists and filters need of a document's current version, without its text.

    ``document_number``: canonical, or as printed where it is ``masked``. ``year``: of the number, else of 成文日期.
    ``clauses``, ``pages``, ``versions`` are counts. ``added_at`` is UTC, of the current version.
    """

    id: str
    sha256: str
    file: str
    title: str
    document_number: str | None
    masked: bool
    issuers: tuple[str, ...]
    level: Level | None
    region: str | None
    year: int | None
    kind: str | None
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    clauses: int
    pages: int
    versions: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A document says of another file what it does to it, or only names it (``relation`` None).

    The file is told by ``numbers`` (keys), else by ``title_key``; ``unusable`` are numbers that identify nothing (masked,
    damaged), as printed. ``articles``: those that are meant; ``effect``: from when and until when.
    """

    relation: Relation | None
    numbers: tuple[str, ...]
    title_key: str
    quote: str
    title: str | None = None
    unusable: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    effect: Effect = NO_EFFECT


_NOTHING = Claim(None, (), UNTITLED, "")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register tells of a document without reading its text: the card, and what validity is computed from.

    ``numbers`` are the keys by which other files may name it (own number and 联合发文 aliases); a masked one is none.
    """

    card: DocumentCard
    terms: Terms
    site_validity: str | None
    numbers: tuple[str, ...]
    title_key: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a file is recognised: as the same document, or as the same words."""

    path: str
    number: str | None
    title: str
    content: str

    @classmethod
    def of(cls, document: PolicyDocument) -> Identity:
        number = document.metadata.document_number
        # A number that only the file's name tells may be that of another file: an explanation is often named so.
        printed = number is not None and "from_filename" not in number.flags
        words = "".join(document.text.split())
        return cls(
            path=document.path,
            number=number.key if number and printed else None,
            title=key_of_title(document.metadata.title),
            content=hashlib.sha256(words.encode()).hexdigest(),
        )


def entry_of(document: PolicyDocument, identity: Identity, ordinal: int, added_at: datetime) -> Entry:
    """The entry of ``document`` as the ``ordinal``-th version of its id."""
    metadata, number = document.metadata, document.metadata.document_number
    year = number.year if number and number.year else metadata.issued_on.year if metadata.issued_on else None
    card = DocumentCard(
        id=document.id,
        sha256=document.sha256,
        file=file_name(document.path),
        title=document.title,
        document_number=(number.printed if number.masked else number.canonical) if number else None,
        masked=bool(number and number.masked),
        issuers=metadata.issuers,
        level=metadata.level,
        region=metadata.region,
        year=year,
        kind=metadata.kind,
        issued_on=metadata.issued_on,
        effective_on=document.terms.effective_on,
        expires_on=document.terms.expires_on,
        clauses=len(document.clauses),
        pages=len(document.pages),
        versions=ordinal,
        added_at=added_at,
    )
    numbers = tuple(dict.fromkeys(key for key in (identity.number, *metadata.aliases) if key))
    return Entry(card, document.terms, metadata.site_validity, numbers, identity.title, _claims(document))


def claim_of(reference: Reference) -> Claim:
    """What the reference says, without where it stands."""
    return Claim(
        relation=reference.relation,
        numbers=tuple(number.key for number in reference.numbers if number.key),
        title_key=key_of_title(reference.title),
        quote=reference.quote,
        title=reference.title,
        unusable=tuple(number.printed for number in reference.numbers if not number.key),
        articles=reference.articles,
        effect=reference.effect,
    )


def claims_of(document: PolicyDocument) -> Iterator[tuple[Claim, Reference]]:
    """The claim that each reference makes. A title that stands without its number has the number that it had above."""
    own = key_of_title(document.metadata.title)  # its earlier edition has a number, it has another
    numbered: dict[str, Claim] = {UNTITLED: _NOTHING, own: _NOTHING}
    for reference in document.references:
        claim = claim_of(reference)
        known = numbered.setdefault(claim.title_key, claim) if claim.numbers else numbered.get(claim.title_key)
        if known and known.numbers and not claim.unusable:
            claim = replace(claim, numbers=claim.numbers or known.numbers)
        yield claim, reference


def _claims(document: PolicyDocument) -> tuple[Claim, ...]:
    """One claim for each file and relation: the first, with the articles and days of all."""
    found: dict[object, Claim] = {}
    for claim, _ in claims_of(document):
        key = (claim.relation, claim.title_key, claim.numbers, claim.unusable)
        first = found.get(key, claim)
        found[key] = replace(
            first,
            articles=tuple(dict.fromkeys((*first.articles, *claim.articles))),
            effect=first.effect if first.effect != NO_EFFECT else claim.effect,
        )
    return tuple(found.values())


def key_of_title(title: str | None) -> str:
    """Title key as one string, for comparison; ``UNTITLED`` where the title is unknown, which equals no other title."""
    if not title:
        return UNTITLED
    subject, marks = title_key(title)
    return "|".join((subject, *marks))


def with_id(document: PolicyDocument, document_id: str) -> PolicyDocument:
    """The same document under another id, with its clauses and references renamed accordingly."""
    if document.id == document_id:
        return document
    clauses = with_document_id(document.clauses, document_id)
    new_ids = {old.id: new.id for old, new in zip(document.clauses, clauses, strict=True)}
    references = tuple(replace(r, clause_id=new_ids.get(r.clause_id or "")) for r in document.references)
    return replace(document, id=document_id, clauses=clauses, references=references)


def file_name(path: str) -> str:
    """The last part of a path written for any system."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]
