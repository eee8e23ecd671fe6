"""The assistant as a llama-index query engine: whatever takes one (router, tool, agent) gets proven answers."""

from __future__ import annotations

import asyncio
from datetime import date

from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from index.query import Filters
from qa.answer import Answer, Citation
from qa.assistant import Assistant
from qa.render import answer_dict, body_text
from qa.source import quoted_document, quoted_version


class PolicyQueryEngine(CustomQueryEngine):
    """``PolicyQueryEngine(assistant).query("…")`` → ``Response``.

    Its ``source_nodes`` are the cited clauses (none for a refusal), its metadata says whether it ``abstained`` and holds
    the whole ``answer`` as JSON-ready values, with every proof. Raises PolicyError where the library cannot be read.
    """

    assistant: Assistant
    filters: Filters
    as_of: date | None

    def __init__(self, assistant: Assistant, filters: Filters = Filters(), as_of: date | None = None) -> None:
        super().__init__(assistant=assistant, filters=filters, as_of=as_of)

    def custom_query(self, query_str: str) -> Response:
        answer = self.assistant.ask(query_str, filters=self.filters, as_of=self.as_of)
        nodes = [NodeWithScore(node=self._node(answer, citation)) for citation in answer.citations]
        return Response(
            response=body_text(answer),
            source_nodes=nodes,
            metadata={"abstained": answer.abstained, "answer": answer_dict(answer)},
        )

    async def acustom_query(self, query_str: str) -> Response:
        return await asyncio.to_thread(self.custom_query, query_str)

    def _node(self, answer: Answer, citation: Citation) -> TextNode:
        """The cited clause in full; only the quote where its version was removed meanwhile."""
        document = quoted_document(self.assistant.library, answer, citation)
        clause = next((c for c in document.clauses if c.id == citation.clause_id), None) if document else None
        metadata = {
            "mark": citation.mark,
            "label": citation.label,
            "title": citation.title,
            "document_number": citation.document_number,
            "path": citation.path,
            "page": citation.page,
            "file": citation.file,
            "quote": citation.quote,
            "validity": citation.validity,
            "sha256": quoted_version(answer, citation),
        }
        hidden = [key for key in metadata if key != "label"]  # what a model is shown beside the text
        return TextNode(
            id_=f"{citation.clause_id}[{citation.mark}]",
            text=clause.text.strip() if clause else citation.quote,
            metadata=metadata,
            excluded_embed_metadata_keys=hidden,
            excluded_llm_metadata_keys=hidden,
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=citation.document_id)},
        )
