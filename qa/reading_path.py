"""“我刚来，先看哪些文件” in the chat: the reading path of the framework in sentences, each file and each link in a file's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.chunk import Hit
from ingest.document import LEVEL_NAMES, RELATION_NAMES
from ingest.normalize import fold
from qa.answer import Citation, Sentence
from qa.compose import Composed, framed, named, quoted
from qa.evidence import Shelf
from qa.framework.reading_path import PathFile, Step, StepKind, reading_path
from qa.passage import topic_share
from qa.question import Question

ABOUT = 0.5  # share of the question's topics in a title
NO_ORDER = "库内没有写明所依据文件、且未废止或失效的方案（级别未标明的不计），排不出阅读先后。"
NO_ORDER_ON_TOPIC = (
    "与所问内容有关的文件中，没有写明所依据文件、且未废止或失效的方案（级别未标明的不计），排不出阅读先后。"
)
# What the sentences below a heading prove stands in them; the heading states nothing of a file.
HEADINGS: dict[StepKind, str] = {
    "plan": "一、先看方案",
    "above": "二、再看方案提到的这些文件",
    "policies": "三、政策措施",
    "guides": "四、指南和细则",
    "past": "五、只供了解沿革",
}
_NEWCOMER = r"刚来|新来|刚到|刚入职|新入职|新员工|新同事|新人|刚调|刚接手|入门|刚开始"
_READS = r"[看读学]|了解|熟悉|入手"
_ASKS = re.compile(
    rf"(?:{_NEWCOMER})[^。；]{{0,24}}(?:{_READS})[^。；]{{0,12}}(?:文件|政策|顺序|哪)|(?:{_NEWCOMER})[^。；]{{0,16}}(?:哪[些几份个]|什么)(?:文件|政策)"
    rf"|(?:什么|怎样的?)顺序(?:{_READS})|先(?:{_READS})(?:哪|什么)[^。；]{{0,4}}(?:文件|政策)|从哪[份个]?(?:文件|政策)?(?:{_READS})(?:起|手)"
)
_ABOUT_THE_ASKER = frozenset("员工|新人|同事|顺序|文件|政策|工作|入职|入门".split("|"))


def answer_reading_path(shelf: Shelf, question: Question, hits: Sequence[Hit]) -> Composed | None:
    """``None`` where something else is asked. A subject narrows it to files that are about it by their title or by a clause."""
    if not _ASKS.search(fold(question.text)):
        return None
    topics = [t for t in question.topics if t.weight >= 1.0 and t.word not in _ABOUT_THE_ASKER]
    among = None
    if topics:
        found = {hit.chunk.document_id for hit in hits}
        about = (card.id for card in shelf.library.documents() if topic_share(topics, card.title) >= ABOUT)
        among = found.union(about)
    steps = reading_path(shelf, among)
    if not steps:
        return Composed((), NO_ORDER_ON_TOPIC if topics else NO_ORDER)
    return Composed(tuple(sentence for step in steps for sentence in _of_step(shelf, step)))


def _of_step(shelf: Shelf, step: Step) -> Iterator[Sentence]:
    said: set[Citation] = set()  # one sentence often names several of the files
    for file in step.files:
        for sentence in _of_file(shelf, step.kind, file, said):
            yield replace(sentence, group=HEADINGS[step.kind])


def _of_file(shelf: Shelf, kind: StepKind, file: PathFile, said: set[Citation]) -> Iterator[Sentence]:
    """Where the relation is told, the sentence that states it stands before it."""
    if kind == "past":
        yield from (_quote(shelf, citation) for citation in file.links)
    elif kind == "above" and file.named:
        yield from (_quote(shelf, citation) for citation in file.links if citation not in said)
        said.update(file.links)
        yield _quote(shelf, file.named)
        yield framed(f"（{_how(file)}）")
    elif file.document_id:
        yield framed(
            f"{named(shelf.document(file.document_id))}（时效{file.status.state if file.status else '未标明'}）。"
        )
        yield from (_quote(shelf, citation) for citation in file.links)


def _how(file: PathFile) -> str:
    """The relation only where a sentence states it; the level of a file that is held."""
    relation = RELATION_NAMES[file.relation] if file.relation and file.links else "提及"
    if file.document_id is None:
        return f"{relation}，{file.resolution}"
    return f"{relation}，{LEVEL_NAMES[file.level] if file.level else '级别未标明'}，库内已收录"


def _quote(shelf: Shelf, citation: Citation) -> Sentence:
    document = shelf.document(citation.document_id)
    return quoted(document, (shelf.clause(document.id, citation.clause_id), citation.span))
