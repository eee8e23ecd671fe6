"""The model composer: a language model words the answer, the proof gate decides what of it is shown."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.llms import LLM

from ingest.document import Span
from ingest.errors import ModelReplyInvalid, ModelUnreachable
from qa import prompts
from qa.answer import Proof, Sentence
from qa.evidence import Evidence
from qa.proof import prove

MAX_EVIDENCE = 6
MAX_CLAUSE = 1200  # characters of one clause in the prompt
BUDGET_SECONDS = 90.0
_MARKS = re.compile(r"[\[［【](\d{1,2})[\]］】]")


def generate(llm: LLM, question: str, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
    """Yields each sentence of the model's reply that the gate lets pass, as soon as its line is complete.

    One retry, with the gate's complaint, where nothing passed. Raises ModelUnreachable, ModelReplyInvalid (nothing proven).
    """
    passages = [_passage(item) for item in evidence[:MAX_EVIDENCE]]
    clauses = [(mark, _label(item), text) for mark, (item, text) in enumerate(zip(evidence, passages, strict=False), 1)]
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content=prompts.SYSTEM),
        ChatMessage(role=MessageRole.USER, content=prompts.user(question, clauses)),
    ]
    deadline = time.monotonic() + BUDGET_SECONDS
    for _ in range(2):
        reply, failures, passed = [], [], False
        for line in _lines(llm, messages, deadline):
            reply.append(line)
            sentence = _proven(line, evidence, failures)
            if sentence:
                passed = True
                yield sentence
        if passed or prompts.NO_ANSWER in "".join(reply):
            return
        messages += [
            ChatMessage(role=MessageRole.ASSISTANT, content="\n".join(reply)),
            ChatMessage(role=MessageRole.USER, content=prompts.complaint(failures or ["没有标出依据的编号"])),
        ]
    raise ModelReplyInvalid("模型的回答没有通过核对", "已改用不依赖模型的回答")


def _passage(item: Evidence) -> str:
    return "".join(part.text for part in item.parts)[:MAX_CLAUSE]


def _label(item: Evidence) -> str:
    return f"《{item.document.title}》{item.clause.path}"


def _lines(llm: LLM, messages: Sequence[ChatMessage], deadline: float) -> Iterator[str]:
    """Complete lines of the streamed reply. What an OpenAI-compatible server does wrong becomes ModelUnreachable."""
    import httpx  # both come with the integration, which is loaded only where a model is set
    import openai

    pending = ""
    try:
        for piece in llm.stream_chat(list(messages)):
            pending += piece.delta or ""
            *complete, pending = pending.split("\n")
            yield from (line for line in complete if line.strip())
            if time.monotonic() > deadline:
                raise ModelUnreachable("模型回答太慢，已停止等待", "可换用更快的模型，或检查 POLICY_LLM_URL")
    except (openai.OpenAIError, httpx.HTTPError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise ModelUnreachable(
            f"模型没有正常回答（{type(error).__name__}）", "请检查 POLICY_LLM、POLICY_LLM_URL 和 POLICY_LLM_KEY"
        ) from error
    if pending.strip():
        yield pending


def _proven(line: str, evidence: Sequence[Evidence], failures: list[str]) -> Sentence | None:
    text = re.sub(r"^\s*(?:[-*•]|\d+[.、)）])\s*", "", _MARKS.sub("", line)).strip().replace("**", "")
    if not text or text.startswith(prompts.NO_ANSWER):
        return None
    for mark in dict.fromkeys(int(m) for m in _MARKS.findall(line)):
        if not 1 <= mark <= min(len(evidence), MAX_EVIDENCE):
            failures.append(f"没有编号为{mark}的条款")
            continue
        item = evidence[mark - 1]
        for part in item.parts:
            verdict = prove(text, part.text)
            if verdict.passed:
                start = part.span.start
                span = Span(start + verdict.span.start, start + verdict.span.end)
                quote = span.of(item.document.text)
                return Sentence(
                    text, (Proof(0, item.document.id, part.id, item.document.sha256, span, quote, verdict.checks),)
                )
            failures.extend(verdict.failures)
    return None
