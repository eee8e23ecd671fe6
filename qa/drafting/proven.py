"""Whether a paragraph that counts as words of a file is what its cited clauses say: the last gate of a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ingest.document import Clause
from qa.answer import Citation
from qa.calculation.figures import figures
from qa.drafting.model import UNDECIDED, Paragraph
from qa.drafting.topics import OWN, core
from qa.drafting.wording import LONGEST_HEADING
from qa.evidence import Shelf
from qa.passage import topic_share
from qa.proof import prove, sentences

# What we say in front of a quote, without the file and its clause: 按照…执行： …规定： 供参考，不作依据：…（已废止）规定“
_FRAME = re.compile(
    r"(?:“一事一议”条件核对。规定：|供参考，不作依据：（[^（）]{2,6}）规定|按照执行：|规定：|授权下级制定或细化：)(?=.)"
)
_OURS = ("强化资金保障", "强化调度考核", "坚持依法依规")  # headings of the skeleton of a plan
MOST_CLAUSES, MOST_SENTENCES = 12, 20  # of one paragraph; one with more counts as not proven
_DEPARTMENTS = re.compile(r"（责任单位：([^（）]*(?:（[^（）]*）[^（）]*)*)）$")


def proven(block: Paragraph, citations: Sequence[Citation], shelf: Shelf) -> bool:
    """Every sentence stands in a clause that the paragraph cites, and every department is named there."""
    cited = [citation for citation in citations if citation.mark in block.marks]
    clauses = [(c.document_id, shelf.clause(c.document_id, c.clause_id)) for c in cited]
    if not 0 < len(clauses) <= MOST_CLAUSES:
        return False
    match = _DEPARTMENTS.search(block.text)
    names = match[1].split("、") if match else []
    every = "".join(clause.text for _, clause in clauses)
    if any(name != UNDECIDED and name not in every for name in names):
        return False
    text = block.text[: match.start()] if match else block.text
    for citation in cited:
        text = text.replace(f"{citation.source}{citation.path}", "")
    heading, text = _divided(text, block.level)
    if heading and heading not in _OURS and topic_share(core(heading), every) < OWN:
        return False
    said = list(islice(_statements(text), MOST_SENTENCES + 1))
    return len(said) <= MOST_SENTENCES and all(_stands(sentence, clauses, shelf) for sentence in said)


def _divided(text: str, level: int) -> tuple[str, str]:
    """The heading, which has no figure, and the rest. A heading that is none of ours tells of what the clause tells."""
    heading, stop, rest = text.partition("。")
    headed = level and stop and rest and len(heading) <= LONGEST_HEADING and not figures(heading)
    return (heading, rest) if headed and not _FRAME.match(text) else ("", text)


def _statements(text: str) -> Iterator[str]:
    """The sentences without our frame."""
    frame = _FRAME.match(text)
    text = text[frame.end() :] if frame else text
    yield from (span.of(text).strip("“”") for span in sentences(text))


def _stands(sentence: str, clauses: Sequence[tuple[str, Clause]], shelf: Shelf) -> bool:
    if not sentence.strip("。；;“” "):
        return True
    return any(
        prove(sentence, clause.text).passed or _is_of_row(sentence, id_, clause, shelf) for id_, clause in clauses
    )


def _is_of_row(sentence: str, document_id: str, clause: Clause, shelf: Shelf) -> bool:
    """Each part is name and value of a cell, as the table has them."""
    row = shelf.row(document_id, clause)
    if row is None:
        return False
    have = {"".join(part.split()) for part in row.said(shelf.document(document_id).text)}
    return {part for part in re.split("[；;]", sentence.rstrip("。；;")) if part} <= have
