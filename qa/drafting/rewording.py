"""A model rewords the proposed clauses; the proof gate decides, clause by clause, what of it is used."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.llms import LLM

from ingest.errors import ModelUnreachable
from qa import prompts
from qa.answer import Citation, Proof, Sentence
from qa.calculation.figures import figures
from qa.drafting.model import Draft, Paragraph
from qa.drafting.wording import without_departments
from qa.evidence import Evidence, Shelf
from qa.llm import PATIENCE, Patience, Reply
from qa.wording import judge

KEPT, UNPROVEN, SILENT = (
    "模型改写了{}条拟定条款，逐句核对后采用",
    "模型改写的{}条没有通过核对，仍用原文措辞",
    "模型没有回答，拟定条款仍用原文措辞",
)


def reworded(draft: Draft, shelf: Shelf, llm: LLM, patience: Patience = PATIENCE) -> Draft:
    """With the clauses that the model words and the gate lets pass; the others stay as they are, and the notices say so."""
    deadline = time.monotonic() + patience.total
    blocks, kept, dropped, silent = list(draft.blocks), 0, 0, False
    for at, block in enumerate(blocks):
        if silent or not isinstance(block, Paragraph) or not _may_be_reworded(block):
            continue
        try:
            new = _reworded(draft, block, shelf, llm, patience.first, deadline)
        except ModelUnreachable:
            silent = True
            continue
        blocks[at], kept, dropped = new or block, kept + bool(new), dropped + (new is None)
    counts = ((KEPT, kept), (UNPROVEN, dropped))
    notices = [words.format(count) for words, count in counts if count] + ([SILENT] if silent else [])
    return replace(draft, blocks=tuple(blocks), notices=(*draft.notices, *notices))


def _may_be_reworded(block: Paragraph) -> bool:
    return (
        block.level == 2 and bool(block.proofs) and "（责任单位：" in block.text and block.origin in ("source", "open")
    )


def _reworded(
    draft: Draft, block: Paragraph, shelf: Shelf, llm: LLM, first: float, deadline: float
) -> Paragraph | None:
    heading, _, rest = block.text.partition("。")
    statement, _, departments = rest.rpartition("（责任单位：")
    cited = [c for c in draft.citations if c.mark in {proof.mark for proof in block.proofs}]
    evidence = [_evidence(shelf, citation) for citation in cited]
    passages = [(number, c.label, c.quote) for number, c in enumerate(cited, 1)]
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content=prompts.DRAFTING),
        ChatMessage(role=MessageRole.USER, content=prompts.user(f"把“{heading}”写成一条政策条款", passages)),
    ]
    sentences: list[Sentence] = []
    for line in Reply(llm, messages, first, deadline).lines():
        verdict = judge(line, evidence)
        if verdict.complaint:
            return None
        sentences += verdict.sentences
    text = "".join(sentence.text for sentence in sentences)
    if not text or not _complete(text, statement):
        return None
    proofs = tuple(_marked(cited, proof) for sentence in sentences for proof in sentence.proofs)
    return replace(block, text=f"{heading}。{text}（责任单位：{departments}", proofs=proofs)


def _complete(text: str, statement: str) -> bool:
    """Whether no figure of the statement was left away."""
    said = [(figure.kind, figure.value) for figure in figures(text)]
    return all((figure.kind, figure.value) in said for figure in figures(statement))


def _evidence(shelf: Shelf, citation: Citation) -> Evidence:
    document, clause = shelf.document(citation.document_id), shelf.clause(citation.document_id, citation.clause_id)
    part = replace(clause, text=without_departments(citation.quote), span=citation.span)
    return Evidence(document, shelf.card(document.id), part, None, (part,), shelf.status(document.id), 1.0, 1.0)


def _marked(cited: Sequence[Citation], proof: Proof) -> Proof:
    """Under the mark of the citation in whose words it stands."""
    mark = next(c.mark for c in cited if c.document_id == proof.document_id and c.span.contains(proof.span))
    return replace(proof, mark=mark)
