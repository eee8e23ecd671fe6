"""Chunk ⇄ llama-index ``TextNode``, without loss."""

from __future__ import annotations

from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

from index.chunk import Chunk
from ingest.document import Span


def to_node(chunk: Chunk) -> TextNode:
    """A node with the chunk's id and text; where it stands is metadata that no model is shown."""
    metadata = {
        "document_id": chunk.document_id,
        "clause_id": chunk.clause_id,
        "context": chunk.context,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "page": chunk.page,
    }
    hidden = [key for key in metadata if key != "context"]
    return TextNode(
        id_=chunk.id,
        text=chunk.text,
        metadata=metadata,
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=hidden,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=chunk.document_id)},
    )


def from_node(node: TextNode) -> Chunk:
    """The chunk that ``to_node`` made the node of. Raises KeyError for a node that it did not make."""
    about = node.metadata
    return Chunk(
        id=node.node_id,
        document_id=about["document_id"],
        clause_id=about["clause_id"],
        text=node.text,
        context=about["context"],
        span=Span(about["start"], about["end"]),
        page=about["page"],
    )
