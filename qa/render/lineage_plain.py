"""The lineage graph for terminals and programs: files, and who names whom in what relation, with the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.document import LEVEL_NAMES, NO_LEVEL, NO_NUMBER, RELATION_NAMES
from qa.render.sources import source_dict

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.framework.graph import Edge, Graph, Node

NOT_HELD = "库内未收录"
_LEVELS = (*LEVEL_NAMES, None)


def graph_text(graph: Graph) -> str:
    """The files by level, each with the files that it names."""
    held = sum(node.held for node in graph.nodes)
    lines = [
        f"文件 {held} 份，引用而未收录的 {len(graph.nodes) - held} 份，关系 {len(graph.edges)} 条"
        f"（时效以 {graph.as_of.isoformat()} 为准）"
    ]
    lines += [f"另有 {graph.left_out} 份有关的文件未列出。"] if graph.left_out else []
    for level in _LEVELS:
        nodes = [node for node in graph.nodes if node.held and node.level == level]
        if nodes:
            lines += ["", f"{LEVEL_NAMES[level] if level else NO_LEVEL}：", *_files(graph, nodes)]
    return "\n".join(lines)


def _files(graph: Graph, nodes: list[Node]) -> Iterator[str]:
    names = {node.id: node for node in graph.nodes}
    for node in sorted(nodes, key=lambda node: -(node.year or 0)):
        yield f"  {_named(node)}〔{node.state}〕"
        yield from (f"    {_edge(edge, names)}" for edge in graph.edges if edge.source == node.id)


def _edge(edge: Edge, names: dict[str, Node]) -> str:
    target = names[edge.target]
    paths = "；".join(dict.fromkeys(citation.path for citation in edge.citations if citation.path))
    where = f"（{paths}）" if paths else ""
    state = f"〔{target.state}〕" if target.held else f"〔{target.note or NOT_HELD}〕"
    return f"{relation_name(edge)} → {_named(target)}{state}{where}"


def _named(node: Node) -> str:
    return f"{' '.join(node.short.split())}（{node.number or NO_NUMBER}）"


def relation_name(edge: Edge) -> str:
    """提及 where the sentence does not say more."""
    return RELATION_NAMES[edge.relation] if edge.relation else "提及"


def graph_dict(graph: Graph) -> dict[str, Any]:
    """``around`` is null for all files; ``relation`` of an edge is null for a bare mention."""
    return {
        "as_of": graph.as_of.isoformat(),
        "around": graph.around,
        "left_out": graph.left_out,
        "nodes": [
            {
                "id": node.id,
                "held": node.held,
                "title": node.title,
                "number": node.number,
                "level": node.level,
                "region": node.region,
                "year": node.year,
                "validity": node.state or None,
                "note": node.note,
            }
            for node in graph.nodes
        ],
        "edges": [
            {
                "from": edge.source,
                "to": edge.target,
                "relation": edge.relation,
                "name": relation_name(edge),
                "sources": [source_dict(citation) for citation in edge.citations],
            }
            for edge in graph.edges
        ],
    }
