"""Text → clauses: 编 章 节 条 款 项 目 and 一、（一）1.（1）①, with tables, annexes and attached policies.

``markers`` (numbers) → ``lines`` → ``numbering`` (what neighbours tell of a number) → ``parts`` (front, body, back,
annexes; ``forms`` of lines) → ``outline`` (the tree; ``lost`` numbers, ``questions`` and answers, ``closing`` paragraphs).
Linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.clauses.lines import Line, read_lines
from ingest.clauses.node import Node
from ingest.clauses.numbering import settle_numbers
from ingest.clauses.outline import Outline
from ingest.clauses.parts import Part, split_parts
from ingest.document import Clause, ClauseKind, Page, Span

__all__ = ["parse_clauses", "with_document_id"]


def parse_clauses(text: str, pages: tuple[Page, ...], document_id: str) -> tuple[Clause, ...]:
    """Ordered, disjoint clauses that cover every character of ``text`` (one paragraph or table row a line).

    Line ends and blank lines belong to the clause before them, leading ones to the first. Ids are
    ``document_id#三(二)1``, unique in the document and the same for the same text.
    """
    lines = settle_numbers(read_lines(text))
    nodes: list[Node] = []
    for part in split_parts(lines):
        _read_part(part, lines, nodes)
    return tuple(_clauses(text, lines, nodes, pages, document_id))


def with_document_id(clauses: Sequence[Clause], document_id: str) -> tuple[Clause, ...]:
    """The same clauses as clauses of the document ``document_id``."""

    def rename(clause_id: str) -> str:
        return f"{document_id}#{clause_id.rpartition('#')[2]}"

    return tuple(replace(c, id=rename(c.id), parent=rename(c.parent) if c.parent else None) for c in clauses)


def _read_part(part: Part, lines: Sequence[Line], nodes: list[Node]) -> None:
    root = None
    prefix = f"{part.label} " if part.label else ""
    if part.head > part.start:
        root = len(nodes)
        title = lines[part.start : part.head]
        node = Node(part.start, part.head, "annex" if part.kind == "annex" else "heading", part.label)
        node.heading = (title[0].first, title[-1].last)
        nodes.append(node)
    _add_each(nodes, part.head, part.body, "front", root)
    Outline(lines, nodes, root, prefix).read(part.body, part.back)
    _add_each(nodes, part.back, part.stop, "back", root)


def _add_each(nodes: list[Node], start: int, stop: int, kind: ClauseKind, root: int | None) -> None:
    nodes.extend(Node(index, index + 1, kind, parent=root) for index in range(start, stop))


def _clauses(
    text: str, lines: Sequence[Line], nodes: Sequence[Node], pages: Sequence[Page], document_id: str
) -> Iterator[Clause]:
    starts = [page.start for page in pages]
    names = _names(nodes)
    ids = [f"{document_id}#{name}" for name in names]
    depths: list[int] = []
    for node, clause_id in zip(nodes, ids, strict=True):
        line = lines[node.first_line]
        span = Span(line.start, lines[node.stop_line - 1].end)
        page = bisect_right(starts, line.first)
        depths.append(0 if node.parent is None else depths[node.parent] + 1)
        yield Clause(
            id=clause_id,
            path=node.path,
            marker=_printed_marker(node, line, text),
            heading=_heading(node, lines, text),
            text=span.of(text),
            span=span,
            page=pages[page - 1].number if page else None,
            kind=node.kind,
            parent=None if node.parent is None else ids[node.parent],
            depth=depths[-1],
            restored=node.restored,
        )


def _printed_marker(node: Node, line: Line, text: str) -> str:
    if node.marker is None:
        return node.path if node.kind == "annex" else ""
    return node.marker.label if node.restored else text[line.first : line.first + node.marker.length].strip()


def _heading(node: Node, lines: Sequence[Line], text: str) -> str:
    if node.heading is None:
        return ""
    start, end = node.heading
    heading = text[start:end]
    if node.marker is None and not node.rank:
        titles = [text[line.first : line.last] for line in lines[node.first_line : node.stop_line]]
        label = re.match(r"\s*".join(map(re.escape, node.path)), "".join(titles))
        heading = _ANNEX_NATURE.sub("", "".join(titles)[label.end() if label else 0 :])
    return heading.strip().strip("：: \u3000")


def _names(nodes: Sequence[Node]) -> list[str]:
    """Short names, unique in the document: ``三(二)1``; ``首`` front, ``尾`` back, ``段`` paragraph without a number."""
    counts: dict[str, int] = {}
    names = []
    for node in nodes:
        base = _short(node)
        count = counts[base] = counts.get(base, 0) + 1
        names.append(base if count == 1 else f"{base}_{count}")
    return names


def _short(node: Node) -> str:
    if node.kind in ("front", "back"):
        return "首" if node.kind == "front" else "尾"
    path = node.path.translate(_SHORTER).replace("第(", "(").replace(")项", ")")
    if not node.path and node.kind == "heading":
        return "题"
    is_paragraph = node.marker is None and node.kind == "body" and not node.path.endswith("款")
    return f"{path}段" if is_paragraph else path


_ANNEX_NATURE = re.compile(r"^\s*[（(](?:规范性|资料性)(?:附录)?[）)]")
_SHORTER = str.maketrans({"（": "(", "）": ")", "、": None, ".": None, " ": None})
