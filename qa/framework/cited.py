"""引用而库内未收录的文件: what the files of the library name and the library does not hold, by how many files, in what relation, where."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from index.card import Claim, key_of_title
from index.lineage import Link, level_of
from ingest.docnumber import find_numbers
from ingest.document import Level, Reference, Relation, Span
from ingest.references import issuer_in_title
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import Shelf
from qa.framework.sections import cited

SHOWN = 50
PLACES = 2  # files of one entry in which the place is shown

# Files of every place have such titles; 《…法》 and what names its place or issuer is one file wherever it is cited.
_LOCAL = re.compile("(?:政策|措施|举措|方案|意见|细则|计划|规划|指南|清单|要点|通知|办法)(?:[|].*)?$")
_PLACE = re.compile("[\u4e00-\u9fff]{2,}(?:省|市|区|县|州|自治区)|国家|国务院|中华人民共和国|全国")


@dataclass(frozen=True, slots=True)
class CitedFile:
    """``title`` and ``number`` as printed; ``relations``: in what relation so many files name it (``None``: 提及). ``places``: sentences
    of the first of these files.
    """

    title: str | None
    number: str | None
    level: Level | None
    files: int
    relations: tuple[tuple[Relation | None, int], ...]
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class CitedFiles:
    """Those named by most files first; ``total`` counts all that match."""

    files: tuple[CitedFile, ...]
    total: int


def cited_files(shelf: Shelf, wanted: str = "", limit: int = SHOWN) -> CitedFiles:
    """What is named and not held, where title or number have every word of ``wanted``."""
    named: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
    cards = shelf.library.catalogue().cards
    for source_id, claim, resolution in shelf.library.claims():
        if not resolution.document_ids and (claim.title or claim.numbers or claim.unusable):
            number, printed = next(iter(claim.numbers), None), next(iter(claim.unusable), "")
            named[_key(claim.title, number, printed, cards[source_id].region)].append((source_id, claim))
    words = wanted.split()
    matching = {key: claims for key, claims in named.items() if all(word in _searched(claims) for word in words)}
    ordered = sorted(matching.items(), key=lambda pair: (-len({id_ for id_, _ in pair[1]}), pair[0]))
    found: list[CitedFile] = []
    dropped = 0
    for key, claims in ordered:
        if len(found) == limit:
            break
        entry = _entry(shelf, key, claims)
        if entry:
            found.append(entry)
        dropped += entry is None
    return CitedFiles(tuple(found), len(ordered) - dropped)


def _entry(shelf: Shelf, key: str, claims: list[tuple[str, Claim]]) -> CitedFile | None:
    """``None`` where the texts show that the title is that of a part of the file that names it."""
    sources = list(dict.fromkeys(source_id for source_id, _ in claims))
    places = [place for source_id in sources[:PLACES] for place in _places(shelf, key, source_id)]
    if not places:
        return None
    relations: Counter[Relation | None] = Counter()
    for _, relation in {(source_id, claim.relation) for source_id, claim in claims}:
        relations[relation] += 1
    title = next((claim.title for _, claim in claims if claim.title), None)
    number = next((number for _, claim in claims for number in (*claim.numbers, *claim.unusable)), None)
    named = Reference(title, tuple(find_numbers(number or "")), None, Span(0, 0), "")
    ranked = tuple(sorted(relations.items(), key=lambda pair: (-pair[1], pair[0] or "")))
    return CitedFile(title, number, level_of(named), len(sources), ranked, tuple(places))


def _places(shelf: Shelf, key: str, source_id: str) -> list[Citation]:
    region = shelf.card(source_id).region
    for link in shelf.library.references(source_id):
        if not link.resolution.document_ids:
            usable = next((found.key for found in find_numbers(link.number or "") if found.key), None)
            if _key(link.title, usable, link.number or "", region) == key:
                return [_place(shelf, link)]
    return []


def _place(shelf: Shelf, link: Link) -> Citation:
    document, at = shelf.document(link.source_id), link.references[0].span.start
    clause = shelf.clause_at(document.id, at)
    sentence = sentence_at(at, clause, document.text)
    return cited(shelf, document.id, sentence if sentence.start <= at < sentence.end else clause.span)


def _key(title: str | None, number: str | None, printed: str, region: str | None) -> str:
    """One file: of one number; without a number that identifies it, of one title (and of one number as ``printed``), and in one place
    where other places have files of that title.
    """
    if number:
        return number
    key = key_of_title(title)
    everywhere = issuer_in_title(title or "") or _PLACE.search(title or "") or not _LOCAL.search(key)
    return f"{key}|{printed}|{'' if everywhere else region or ''}"


def _searched(claims: list[tuple[str, Claim]]) -> str:
    return "\n".join({f"{claim.title or ''}\n{''.join((*claim.numbers, *claim.unusable))}" for _, claim in claims})
