"""The model composer: a language model words the answer, the proof gate decides what of it is shown."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.llms import LLM

from ingest.document import LEVEL_NAMES
from ingest.errors import ModelReplyInvalid, ModelUnreachable
from qa import prompts
from qa.answer import Sentence, Usage
from qa.evidence import Evidence, asks_history
from qa.llm import Patience, Reply
from qa.passage import topic_share
from qa.proof import sentences
from qa.question import Question
from qa.wording import judge

MAX_EVIDENCE = 6
MAX_SENTENCES = 12  # shown; the prompt asks for six
NEAR = 0.5  # a clause is given to the model when it speaks of the question this much, against the best one
BUDGET = (
    4000  # characters of evidence: with the rules it fits into the 4096 tokens that Ollama gives a model by default
)
MAX_CLAUSE = 1500  # characters of one clause
LEFT_OVER = 200  # characters of the budget that are not worth another clause
TOKENS_ASIDE = 1500  # of the model's window for rules, question and reply
TOKENS_A_CHARACTER = 1.3  # of Chinese text, with the tokenizers that are worst at it
_CAUTION = re.compile("不予|不得|除外|最高|不超过|不低于|以上|以下|有效期|截止")


class Generation:
    """One answer in a model's words. ``usage`` and ``dropped`` (lines that failed the gate for good) are known afterwards."""

    def __init__(self, llm: LLM, question: Question, evidence: Sequence[Evidence], patience: Patience) -> None:
        self.usage: Usage | None = None
        self.dropped = 0
        self._llm, self._question, self._patience = llm, question, patience
        self._given, texts = _passages(question, evidence, _budget(llm))
        clauses = [
            (mark, _label(item), text) for mark, (item, text) in enumerate(zip(self._given, texts, strict=True), 1)
        ]
        self._messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=prompts.SYSTEM),
            ChatMessage(role=MessageRole.USER, content=prompts.user(question.text, clauses)),
        ]

    def sentences(self) -> Iterator[Sentence]:
        """Each sentence that the gate lets pass, as soon as its line is complete; one retry, with the gate's complaints.

        Raises ModelUnreachable (down, slow, cut off) and ModelReplyInvalid (nothing proven).
        """
        deadline = time.monotonic() + self._patience.total
        said: set[str] = set()
        for attempt in (1, 2):
            reply: list[str] = []
            complaints: list[str] = []
            try:
                for line in self._lines(deadline):
                    reply.append(line)
                    verdict = judge(line, self._given)
                    complaints += [verdict.complaint] if verdict.complaint else []
                    new = [sentence for sentence in verdict.sentences if sentence.text not in said]
                    said.update(sentence.text for sentence in new)
                    yield from new
                    if len(said) >= MAX_SENTENCES:
                        return
            except ModelUnreachable:
                if attempt == 1 or not said:
                    raise
                return  # the first reply was whole
            self.dropped = len(complaints)
            if not complaints and (said or prompts.NO_ANSWER in "".join(reply)):
                break
            self._complain(reply, complaints or ["没有标出依据的编号"])
        if not said:
            raise ModelReplyInvalid("模型的回答没有通过核对", "已改用不依赖模型的回答")

    def _lines(self, deadline: float) -> Iterator[str]:
        reply = Reply(self._llm, self._messages, self._patience.first, deadline)
        try:
            yield from reply.lines()
        finally:
            self.usage = _sum(self.usage, reply.usage)

    def _complain(self, reply: Sequence[str], complaints: Sequence[str]) -> None:
        self._messages += [
            ChatMessage(role=MessageRole.ASSISTANT, content="\n".join(reply)),
            ChatMessage(role=MessageRole.USER, content=prompts.complaint(complaints)),
        ]


def _sum(first: Usage | None, second: Usage | None) -> Usage | None:
    """Of both tries; unknown where one of them is, and where the other try was not counted the sum would be too low."""
    if first is None or second is None:
        return second or first
    counts = zip(
        (first.prompt_tokens, first.completion_tokens), (second.prompt_tokens, second.completion_tokens), strict=True
    )
    return Usage(*(None if a is None or b is None else a + b for a, b in counts))


def _budget(llm: LLM) -> int:
    room = int((llm.metadata.context_window - TOKENS_ASIDE) / TOKENS_A_CHARACTER)
    return min(BUDGET, max(room, MAX_CLAUSE // 2))


def _passages(question: Question, evidence: Sequence[Evidence], budget: int) -> tuple[list[Evidence], list[str]]:
    """What the model is given: the clauses that answer best, those in force first of all, each at the length it deserves."""
    usable = [item for item in evidence if item.clause.kind != "back" and (item.row is None or not item.row.is_head)]
    near = NEAR * max((item.relevance for item in usable), default=0.0)
    usable = [item for item in usable if item.relevance >= near]
    if not asks_history(question):
        usable = [item for item in usable if not item.dead] or usable
    given, texts = [], []
    for item in usable[:MAX_EVIDENCE]:
        if budget < LEFT_OVER:
            break
        text = excerpt(question, _text(item), min(budget, MAX_CLAUSE))
        budget -= len(text)
        given.append(item)
        texts.append(text)
    return given, texts


def _text(item: Evidence) -> str:
    if item.row:
        return "；".join(item.row.said(item.document.text))
    return "".join(part.text for part in ((item.lead,) if item.lead else ()) + item.parts)


def _label(item: Evidence) -> str:
    facts = "，".join(filter(None, (LEVEL_NAMES.get(item.card.level or ""), item.status.state if item.dead else "")))
    return f"《{item.document.title}》{item.clause.path}{f'（{facts}）' if facts else ''}"


def excerpt(question: Question, text: str, limit: int) -> str:
    """At most about ``limit`` characters of the text: its opening and the sentences that speak of the question, in order.

    The gate proves against the whole clause all the same.
    """
    if len(text) <= limit:
        return text
    pieces = list(_pieces(text, limit // 3))
    topics = question.focus or question.topics
    worth = [topic_share(topics, piece) + 0.2 * bool(_CAUTION.search(piece)) for piece in pieces]
    worth[0] += 1.0
    if question.kind == "amount":
        worth = [mark + 0.3 * bool(re.search(r"\d", piece)) for mark, piece in zip(worth, pieces, strict=True)]
    kept: set[int] = set()
    length = 0
    for n in sorted(range(len(pieces)), key=lambda n: -worth[n]):
        if length + len(pieces[n]) <= limit:
            kept.add(n)
            length += len(pieces[n])
    gaps = (("" if n - 1 in kept or n == 0 else prompts.OMITTED) + pieces[n] for n in sorted(kept))
    return "".join(gaps) + ("" if len(pieces) - 1 in kept else prompts.OMITTED)


def _pieces(text: str, limit: int) -> Iterator[str]:
    """Sentences; of an overlong one the parts between commas, and where it has none, slices."""
    for span in sentences(text):
        sentence = span.of(text)
        parts = [sentence] if len(sentence) <= limit else re.findall(r"[^，,、]+[，,、]*|[，,、]+", sentence)
        for part in parts:
            yield from (part[at : at + limit] for at in range(0, len(part), limit))
