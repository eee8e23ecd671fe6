"""沿革: which document of the library a file means when it names another, and who names whom.

A file is recognised by its number. Where the number is absent, masked or damaged, by its title, if nothing contradicts:
version marks, the numbers as far as they can be read, the body that the title names, the place. Two titles that differ in a
word that tells files apart (十大新兴产业, 主导产业) are two files, however alike they are. What cannot be found is 库内未收录;
since nothing of this is stored, it becomes a link as soon as the file is taken in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Literal

from index.card import UNTITLED, VALIDITY_RELATIONS, Claim, Entry, claims_of, key_of_title
from ingest.docnumber import compatible, find_numbers, issuer_of
from ingest.document import DocumentNumber, Level, PolicyDocument, Reference, Relation
from ingest.metadata.issuer import split_names
from ingest.metadata.place import place_of
from ingest.references import issuer_in_title

Basis = Literal["按文号", "按标题"]

ALIKE = 0.95  # Dice over the titles' bigrams from which on a slip of the pen is possible
# Words that tell no file from another; a difference in anything else does.
_GLUE = re.compile("以及|有关|相关|关于|[的了和与及暨等或]")
_KIND_ONLY = re.compile(
    "(?:若干|实施|管理|工作|具体|暂行|试行)*(?:通知|意见|决定|办法|规定|方案|措施|政策|细则|规则|条例|规划|计划|指南|目录|清单|标准)?"
)
_CARRIER = re.compile("(?:印发|转发|批转|发布|公布)[^《》]{0,4}《")
_CARRIED = re.compile("《([^《》]{4,})》")
_ANNEX_MARK = re.compile(r"^\s*(?:附件[0-9一二三四五六七八九十]{0,3}\s?[：:]?)?\s*(?:\d{1,2}[.．、])?")
_LINE = 40  # characters of a title's first line
_STATE_NAME = "中华人民共和国"
_NOT_IN_NAMES = str.maketrans({"×": "x", "X": "x", " ": None, "\u3000": None})
_PLACES = re.compile("[^省市区县州盟旗]+[省市区县州盟旗]")


@dataclass(frozen=True, slots=True)
class Resolution:
    """Documents that a reference can mean: one is a link, several are candidates that nothing tells apart, none: 库内未收录."""

    document_ids: tuple[str, ...] = ()
    basis: Basis | None = None
    remark: str = ""

    @property
    def document_id(self) -> str | None:
        return self.document_ids[0] if len(self.document_ids) == 1 else None

    @property
    def label(self) -> str:
        """How it was found, in Chinese."""
        if len(self.document_ids) > 1:
            return f"库内有 {len(self.document_ids)} 份，未能确定是哪一份"
        return self.basis or "库内未收录"


ABSENT = Resolution()


@dataclass(frozen=True, slots=True)
class Link:
    """A document names another file in one relation; ``references`` are the places. ``number`` is as printed where masked."""

    source_id: str
    relation: Relation | None
    title: str | None
    number: str | None
    level: Level | None
    resolution: Resolution
    references: tuple[Reference, ...]


class Lineage:
    """Resolves references within a snapshot of the register's entries. Time grows with the number of entries only."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries

    def resolve(self, claim: Claim, source_id: str) -> Resolution:
        """Which document the claim of ``source_id`` is about; never that document itself."""
        return self._by_numbers(claim, source_id) or self._by_titles(claim, source_id) or ABSENT

    def links(self, document: PolicyDocument, document_id: str) -> tuple[Link, ...]:
        """Files that the document names, in order of first mention; without itself and the parts that it carries."""
        carried = _carried_titles(document.text)
        grouped: dict[object, list[tuple[Claim, Reference]]] = defaultdict(list)
        for claim, reference in claims_of(document):
            part = reference.relation not in VALIDITY_RELATIONS and "".join((reference.title or "").split()) in carried
            if part or self.is_own(claim, document_id):
                continue
            resolution = self.resolve(claim, document_id)
            file = resolution.document_ids or claim.numbers or claim.unusable or claim.title_key
            grouped[reference.relation, file].append((claim, reference))
        return tuple(self._link(document_id, members) for members in grouped.values())

    def _link(self, source_id: str, members: Sequence[tuple[Claim, Reference]]) -> Link:
        claim, reference = members[0]
        return Link(
            source_id=source_id,
            relation=reference.relation,
            title=reference.title,
            number=next(iter((*claim.numbers, *claim.unusable)), None),
            level=level_of(reference),
            resolution=self.resolve(claim, source_id),
            references=tuple(reference for _, reference in members),
        )

    def named_by(self, document_id: str) -> tuple[tuple[str, Claim], ...]:
        """Which other documents name this one and no other: (id, claim)."""
        return tuple(self._named.get(document_id, ()))

    @cached_property
    def _named(self) -> dict[str, list[tuple[str, Claim]]]:
        found: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
        for source_id, claim, resolution in self.claims:
            if resolution.document_id:
                found[resolution.document_id].append((source_id, claim))
        return dict(found)

    @cached_property
    def claims(self) -> tuple[tuple[str, Claim, Resolution], ...]:
        """What every document says of other files, and which it means: (id of the document, its claim, resolution)."""
        claims = ((id_, claim) for id_, entry in self._entries.items() for claim in entry.claims)
        return tuple((id_, claim, self.resolve(claim, id_)) for id_, claim in claims if not self.is_own(claim, id_))

    def of_title(self, title: str) -> tuple[str, ...]:
        """Documents that bear the title, whatever their numbers."""
        key = key_of_title(title)
        if key == UNTITLED or _KIND_ONLY.fullmatch(key.partition("|")[0]):
            return ()
        return tuple(dict.fromkeys((*self._titled.get(_bare(key), ()), *self._alike(key))))

    def is_own(self, claim: Claim, source_id: str) -> bool:
        """A title that the document bears itself, unless it ends or changes the file of that title: its earlier edition."""
        named = not claim.numbers and claim.relation not in VALIDITY_RELATIONS
        return named and claim.title_key != UNTITLED and claim.title_key in self._keys[source_id]

    def _by_numbers(self, claim: Claim, source_id: str) -> Resolution | None:
        found = (id_ for number in claim.numbers for id_ in self._numbered.get(number, ()) if id_ != source_id)
        ids = tuple(dict.fromkeys(found))
        if len(ids) > 1 and claim.title_key != UNTITLED:
            ids = tuple(id_ for id_ in ids if claim.title_key in self._keys[id_]) or ids
        if not ids:
            return None
        doubtful = len(ids) == 1 and not self._titles_agree(claim, ids[0])
        return Resolution(ids, "按文号", "文号相同而题名不同，请核对" if doubtful else "")

    def _titles_agree(self, claim: Claim, document_id: str) -> bool:
        keys = self._keys[document_id]
        cited = claim.title_key
        return (
            cited == UNTITLED
            or not keys
            or any(cited in key or key in cited or _dice(cited, key) > 0.5 for key in keys)
        )

    def _by_titles(self, claim: Claim, source_id: str) -> Resolution | None:
        """Documents of the cited title; where there is none, of one that differs from it in nothing that matters."""
        if claim.title_key == UNTITLED or _KIND_ONLY.fullmatch(claim.title_key.partition("|")[0]):
            return None
        for candidates in (self._titled.get(_bare(claim.title_key), ()), self._alike(claim.title_key)):
            ids = tuple(id_ for id_ in self._earlier(candidates, source_id) if self._agrees(claim, id_, source_id))
            if ids:
                return Resolution(ids, "按标题")
        return None

    def _earlier(self, ids: Iterable[str], source_id: str) -> tuple[str, ...]:
        """Without the document itself, and without those issued after it: a title then means an earlier file of that name."""
        source = self._entries[source_id].card.issued_on or date.max
        return tuple(
            id_
            for id_ in dict.fromkeys(ids)
            if id_ != source_id and (self._entries[id_].card.issued_on or date.min) <= source
        )

    def _agrees(self, claim: Claim, document_id: str, source_id: str) -> bool:
        entry, source = self._entries[document_id], self._entries[source_id]
        organ = issuer_in_title(claim.title or "")
        if organ and not _same_organ(organ, entry):
            return False
        return _numbers_agree(claim, entry) and (bool(organ) or _place_agrees(claim, entry, source))

    @cached_property
    def _keys(self) -> dict[str, tuple[str, ...]]:
        return {document_id: _keys_of(entry) for document_id, entry in self._entries.items()}

    @cached_property
    def _numbered(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for document_id, entry in self._entries.items():
            for number in entry.numbers:
                found[number].append(document_id)
        return dict(found)

    @cached_property
    def _titled(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for document_id, keys in self._keys.items():
            for key in keys:
                found[_bare(key)].append(document_id)
        return dict(found)

    @cached_property
    def _without_glue(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in self._titled:
            found[_GLUE.sub("", key)].append(key)
        return dict(found)

    def _alike(self, key: str) -> tuple[str, ...]:
        """Documents whose title differs from the cited one by a slip: in glue words only, and hardly."""
        cited = _bare(key)
        near = (title for title in self._without_glue.get(_GLUE.sub("", cited), ()) if _dice(cited, title) >= ALIKE)
        return tuple(id_ for title in near for id_ in self._titled[title])


def _carried_titles(text: str) -> frozenset[str]:
    """Lines that may be the titles of parts and annexes of the text itself, also where one runs over two lines."""
    lines = ["".join(_ANNEX_MARK.sub("", line, count=1).split()) for line in text.splitlines()]
    return frozenset((*lines, *(a + b for a, b in pairwise(lines) if len(a) < _LINE)))


def level_of(reference: Reference) -> Level | None:
    """Level of the body that issued the cited file, by the code of its number, else by the name its title begins with."""
    levels = {issuer.level for number in reference.numbers for issuer in issuer_of(number)}
    if len(levels) == 1:
        return levels.pop()
    names = split_names(issuer_in_title(reference.title or ""))
    place = place_of(names[0]) if names else None
    return place.level if place else None


def _keys_of(entry: Entry) -> tuple[str, ...]:
    """Keys of the document's title, and of the titles that it carries (关于印发《甲》和《乙》的通知)."""
    title = entry.card.title
    carried = map(key_of_title, _CARRIED.findall(title) if _CARRIER.search(title) else ())
    return tuple(dict.fromkeys(filter(None, (entry.title_key, *carried))))


def _bare(key: str) -> str:
    """《环境保护法》 is what everybody calls the 《中华人民共和国环境保护法》."""
    return key.removeprefix(_STATE_NAME)


def _bigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _dice(a: str, b: str) -> float:
    first, second = _bigrams(a), _bigrams(b)
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0


def _same_organ(cited: str, entry: Entry) -> bool:
    """The body named in the cited title issued the document; 省政府办公厅 may stand for 安徽省人民政府办公厅."""
    names = entry.card.issuers or split_names(issuer_in_title(entry.card.title))
    if not names:
        place = place_of(cited)
        return place is None or entry.card.level is None or place.level == entry.card.level
    return any(_is_short_for(a, b) for a in split_names(cited) or (cited,) for b in names)


def _is_short_for(a: str, b: str) -> bool:
    a, b = (_short(name) for name in (a, b))
    if not a or not b or a[-1] != b[-1]:
        return False
    shorter, longer = sorted((a, b), key=len)
    characters = iter(longer)
    return all(character in characters for character in shorter)


def _short(name: str) -> str:
    name = re.sub("等.{1,6}(?:部门|单位)$", "", name.translate(_NOT_IN_NAMES)).removeprefix("中共")
    return name.replace("人民政府", "政府").replace("委员会", "委").casefold()


def _numbers_agree(claim: Claim, entry: Entry) -> bool:
    """No number of the one contradicts the number of the other. A number that cannot be read in full proves nothing."""
    cited = [number for words in (*claim.numbers, *claim.unusable) for number in find_numbers(words)]
    if not cited:
        return True
    own = [number for words in _printed(entry) for number in find_numbers(words)]
    if own:
        return any(compatible(a, b) != "no" for a in cited for b in own)
    return all(_level_agrees(number, entry) for number in cited)


def _printed(entry: Entry) -> tuple[str, ...]:
    if entry.numbers:
        return entry.numbers
    return (entry.card.document_number,) if entry.card.document_number and entry.card.masked else ()


def _level_agrees(number: DocumentNumber, entry: Entry) -> bool:
    levels = {issuer.level for issuer in issuer_of(number)}
    return not levels or entry.card.level is None or entry.card.level in levels


def _place_agrees(claim: Claim, entry: Entry, source: Entry) -> bool:
    """A title that names no place is that of a file of one's own place, or of one above: never of the city next door."""
    here, there = source.card, entry.card
    if here.level != there.level or not here.region or not there.region:
        return True
    same = here.region.endswith(there.region) or there.region.endswith(here.region)
    return same or any(place[:-1] in claim.title_key for place in _PLACES.findall(there.region) if len(place) > 2)
