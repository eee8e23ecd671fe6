"""The lineage (沿革) of a library as a graph: its files, the files that they name, and in which relation, with the sentence
that says so.

``graph`` is made from the catalogue alone, so that it is quick for thousands of files; only for those that are ``shown`` the
documents are read and the sentences cited. Nothing is kept here: a removed file leaves nothing behind.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.card import Claim, DocumentCard, key_of_title
from index.library import Library
from index.lineage import Link, Resolution, level_of
from index.query import NO_FILTERS, Filters, passing
from ingest.docnumber import find_numbers
from ingest.document import DocumentNumber, Level, Reference, Relation, Span
from ingest.errors import NotHeld
from ingest.validity import Status
from qa.answer import Citation
from qa.compose import sentence_at
from qa.evidence import Shelf
from qa.source import cite

SHOWN = 200  # files of one picture; with more, a neighbourhood is shown
SHOWN_IN_ALL = 400  # with those that are named and not held
STEPS = 2
SENTENCES = 20  # of one edge; a list names the same file in every row
STUB = "stub:"  # begins the id of a file that is named and not held
_HEAD = 40  # characters: the longest list of issuers in front of 关于

_INNER = re.compile(r"(?:印发|转发|发布|公布)[^《〈]{0,4}[《〈]")
_NO_PLACE = Span(0, 0)

Numbers = tuple[DocumentNumber, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A file. One that is not held (库内未收录) has no ``state``; ``note`` tells why it is no link. Unknown is ``None``."""

    id: str
    title: str | None
    number: str | None
    level: Level | None
    region: str | None
    year: int | None
    state: str = ""
    note: str = ""

    @property
    def held(self) -> bool:
        return not self.id.startswith(STUB)

    @property
    def short(self) -> str:
        """The subject of the title; the number, where the title is unknown."""
        return short_title(self.title) if self.title else self.number or "标题未标明"


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` names ``target`` in one relation (``None``: 提及), in the words of ``citations``."""

    source: str
    target: str
    relation: Relation | None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """``around``: the file whose neighbourhood it is; ``left_out``: files in reach that it leaves out."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    as_of: date
    around: str | None = None
    left_out: int = 0

    def node(self, node_id: str) -> Node | None:
        return next((node for node in self.nodes if node.id == node_id), None)


def graph(library: Library, as_of: date, filters: Filters = NO_FILTERS) -> Graph:
    """All files that pass, newest first, then those that they name and that are not held; edges without their sentences."""
    cards = {card.id: card for card in library.documents()}
    allowed = passing(filters, cards, lambda id_, day: library.validity(id_, day).state, as_of)
    held = {
        id_: _node(card, library.validity(id_, as_of))
        for id_, card in cards.items()
        if allowed is None or id_ in allowed
    }
    stubs: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    for source_id, claim, resolution in library.claims():
        if source_id not in held:
            continue
        number = next(iter((*claim.numbers, *claim.unusable)), None)
        target = _target(claim.title, number, bool(claim.numbers), resolution)
        if target.startswith(STUB):
            if target not in stubs:
                stubs[target] = _stub(target, claim.title, _numbers(claim), None, resolution)
        elif target not in held:
            continue
        edges.setdefault(Edge(source_id, target, claim.relation))
    return Graph((*held.values(), *stubs.values()), tuple(edges), as_of)


def shown(library: Library, whole: Graph, around: str | None = None, steps: int = STEPS) -> Graph:
    """What a picture shows, with sentences: all of it, where that is not too much; else what is near ``around`` or, where no
    file is chosen, near the one that has most to do with others. Raises NotHeld where ``around`` is not in the graph.
    """
    if around is not None and whole.node(around) is None:
        raise NotHeld("图中没有这份文件", "它可能已被移除，或被筛选条件排除")
    if around is None and sum(node.held for node in whole.nodes) <= SHOWN and len(whole.nodes) <= SHOWN_IN_ALL:
        return _read(library, whole, whole)
    return _read(library, neighbourhood(whole, around or _busiest(whole), steps), whole)


def neighbourhood(whole: Graph, document_id: str, steps: int = STEPS, limit: int = SHOWN) -> Graph:
    """The file and those at most so many steps away, whoever names whom; the nearest ``limit`` of them."""
    near: dict[str, dict[str, None]] = defaultdict(dict)
    for edge in whole.edges:
        near[edge.source][edge.target] = None
        near[edge.target][edge.source] = None
    reached = {document_id: None}
    border = [document_id]
    for _ in range(steps):
        border = [other for id_ in border for other in near[id_] if other not in reached]
        border = list(dict.fromkeys(border))
        reached.update(dict.fromkeys(border))
    kept = frozenset(list(reached)[:limit])
    return replace(_among(whole, kept), around=document_id, left_out=len(reached) - len(kept))


def short_title(title: str) -> str:
    """What the file is about, for a small label: 清河区人民政府关于印发《清河区企业上台阶奖励办法》的通知 → 清河区企业上台阶奖励办法."""
    inner = _INNER.search(title)
    if inner:
        title = title[inner.end() :].rpartition("》" if title[inner.end() - 1] == "《" else "〉")[0] or title
    issuers, about, subject = title.partition("关于")
    if about and len(issuers) <= _HEAD and len(subject) > 4:
        title = subject
    return title.removesuffix("的通知")


def _among(whole: Graph, kept: frozenset[str]) -> Graph:
    nodes = tuple(node for node in whole.nodes if node.id in kept)
    edges = tuple(edge for edge in whole.edges if edge.source in kept and edge.target in kept)
    return replace(whole, nodes=nodes, edges=edges)


def _busiest(whole: Graph) -> str:
    ends = [id_ for edge in whole.edges for id_ in {edge.source, edge.target} if not id_.startswith(STUB)]
    counts = dict.fromkeys((node.id for node in whole.nodes if node.held), 0)
    for id_ in ends:
        counts[id_] += 1
    return max(counts, key=lambda id_: counts[id_])


def _read(library: Library, view: Graph, whole: Graph) -> Graph:
    """The view with its edges as the documents' own words have them. A title that only a document's text shows to be one of
    its own parts is no edge, and no file either.
    """
    shelf = Shelf(library, view.as_of)
    nodes = {node.id: node for node in view.nodes}
    known = {node.id for node in whole.nodes}
    edges = []
    for node in view.nodes:
        for link in library.references(node.id) if node.held else ():
            numbers = tuple(find_numbers(link.number or ""))
            usable = any(number.key == link.number for number in numbers)
            target = _target(link.title, link.number, usable, link.resolution)
            if target.startswith(STUB) and target not in known:
                nodes.setdefault(target, _stub(target, link.title, numbers, link.number, link.resolution))
            if target in nodes:
                edges.append(Edge(node.id, target, link.relation, _sentences(shelf, link)))
    named = {edge.target for edge in edges}
    kept = tuple(node for node in nodes.values() if node.held or node.id in named)
    return replace(view, nodes=kept, edges=tuple(_merged(edges)))


def _merged(edges: Sequence[Edge]) -> Iterable[Edge]:
    """One edge for two files and a relation, also where one of them is spelled in two ways."""
    found: dict[tuple[str, str, Relation | None], Edge] = {}
    for edge in edges:
        key = (edge.source, edge.target, edge.relation)
        before = found.get(key)
        found[key] = replace(edge, citations=before.citations + edge.citations) if before else edge
    return found.values()


def _sentences(shelf: Shelf, link: Link) -> tuple[Citation, ...]:
    document = shelf.document(link.source_id)
    card, status = shelf.card(link.source_id), shelf.status(link.source_id)
    spans: dict[Span, bool] = {}
    for reference in link.references[:SENTENCES]:
        clause = shelf.clause_at(document.id, reference.span.start)
        found = sentence_at(reference.span.start, clause, document.text)
        # Words in front of a clause's first sentence are in none.
        span = found if found.contains(Span(reference.span.start, reference.span.start)) else clause.span
        spans.setdefault(span, clause.kind == "front")  # a head says less than the sentence that enacts it
    return tuple(cite(card, status, document, span) for span in sorted(spans, key=lambda span: spans[span]))


def _target(title: str | None, number: str | None, usable: bool, resolution: Resolution) -> str:
    """Id of the file that is meant. One that is not held is told by its number, where that identifies it, else by both."""
    if resolution.document_id:
        return resolution.document_id
    if resolution.document_ids:
        return f"{STUB}{'|'.join(resolution.document_ids)}"
    return f"{STUB}{number}" if usable else f"{STUB}{key_of_title(title)}|{number or ''}"


def _node(card: DocumentCard, status: Status) -> Node:
    return Node(
        card.id, card.title, card.document_number, card.level, card.region, card.year, status.state, status.reason
    )


def _stub(stub_id: str, title: str | None, numbers: Numbers, printed: str | None, resolution: Resolution) -> Node:
    year = next((number.year for number in numbers if not number.masked), None)
    level = level_of(Reference(title, numbers, None, _NO_PLACE, ""))
    printed = printed or next((number.key or number.printed for number in numbers), None)
    return Node(stub_id, title, printed, level, None, year, "", resolution.label)


def _numbers(claim: Claim) -> Numbers:
    return tuple(find_numbers("；".join((*claim.numbers, *claim.unusable))))
