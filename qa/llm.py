"""The language model of the settings, as a llama-index ``LLM``; without one the product works offline. How it is listened to."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import ModelUnreachable
from ingest.settings import Settings
from qa.answer import Usage

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM

TIMEOUT_SECONDS = 60.0  # for connecting and between two pieces of a reply; a local model on a CPU may need most of it
MAX_REPLY = 12_000  # characters, with what a reasoning model thinks aloud; more is a model that does not stop
LISTENER = "model-reply"
_STATUS = {
    401: "密钥不被接受",
    403: "密钥没有权限",
    404: "没有这个模型或地址",
    429: "请求过多或额度已用完",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a reader waits for a model: for its first word, and for the whole answer with the second try."""

    first: float = 60.0
    total: float = 90.0


PATIENCE = Patience()


def language_model(settings: Settings) -> LLM | None:
    """The OpenAI-compatible model named by ``POLICY_LLM`` (DeepSeek, Qwen, Ollama, vLLM …), or ``None``."""
    if not settings.llm:
        return None
    from llama_index.llms.openai_like import OpenAILike  # 1 s to import, and only where a model is set

    return OpenAILike(
        model=settings.llm,
        api_base=settings.llm_url,
        api_key=settings.llm_key or "none",
        is_chat_model=True,
        timeout=TIMEOUT_SECONDS,
        max_retries=0,
        temperature=0.0,
        context_window=16_000,
        additional_kwargs={"stream_options": {"include_usage": True}},
    )


class Reply:
    """One streamed reply: ``lines()`` as each is completed, and afterwards ``usage`` as the model's server counted it.

    Any llama-index LLM will do. It is heard in a thread of its own, because an integration may block for as long as it likes
    and raise what it likes; the reader waits no longer than ``first`` seconds for the first word and until ``deadline``
    (``time.monotonic``) for the last. A thread left behind ends with the next piece that its model sends.
    """

    def __init__(self, llm: LLM, messages: Sequence[ChatMessage], first: float, deadline: float) -> None:
        self.usage: Usage | None = None
        self._llm, self._messages = llm, list(messages)
        self._first, self._deadline = min(time.monotonic() + first, deadline), deadline
        self._pieces: queue.SimpleQueue[ChatResponse | BaseException | None] = queue.SimpleQueue()
        self._left = threading.Event()

    def lines(self) -> Iterator[str]:
        """Complete lines, without what a reasoning model thinks (``<think>…</think>``).

        Raises ModelUnreachable when the model fails, is too slow, does not stop, or is cut off. A line that was not completed
        is never yielded.
        """
        threading.Thread(target=self._listen, name=LISTENER, daemon=True).start()
        pending, length, finish = "", 0, None
        try:
            while piece := self._next(spoken=length > 0):
                self.usage = _usage(piece) or self.usage
                finish = _finish(piece, finish)
                delta = piece.delta or ""
                pending, length = pending + delta, length + len(delta)
                if length > MAX_REPLY:
                    raise ModelUnreachable("模型的回答没完没了，已停止接收", "请检查 POLICY_LLM 所指的模型")
                *complete, pending = _spoken(pending).split("\n")
                yield from (line for line in complete if line.strip())
        finally:
            self._left.set()
        if finish in ("", "length"):
            raise ModelUnreachable("模型的回答中途断了", "请检查 POLICY_LLM_URL 所指的服务")
        if pending.strip() and not pending.lstrip().startswith("<think>"):
            yield pending

    def _next(self, spoken: bool) -> ChatResponse | None:
        limit = self._deadline if spoken else self._first
        too_slow = ModelUnreachable("模型回答太慢，已停止等待", "可换用更快的模型，或检查 POLICY_LLM_URL")
        try:
            piece = self._pieces.get(timeout=max(0.0, limit - time.monotonic()))
        except queue.Empty:
            raise too_slow from None
        if isinstance(piece, BaseException):
            raise ModelUnreachable(_failure(piece), "请检查 POLICY_LLM、POLICY_LLM_URL 和 POLICY_LLM_KEY") from piece
        if piece is not None and time.monotonic() > limit:
            raise too_slow
        return piece

    def _listen(self) -> None:
        """Hands the pieces to the reader, then the end or the failure.

        What a model's server or the network can do is foreseen. Any other error, of an integration or of our own, ends this
        thread with its traceback in the log, and the reader is told all the same: nothing is caught that is not understood.
        """
        failure: BaseException | None = None
        try:
            for piece in self._llm.stream_chat(self._messages):
                if self._left.is_set():
                    return
                self._pieces.put(piece)
        except _foreseen() as error:
            failure = error
        finally:
            self._pieces.put(failure or sys.exception())


def _foreseen() -> tuple[type[Exception], ...]:
    """What a call of a model is documented to raise: refused, cut off, too slow, not JSON, not what the protocol says."""
    from httpx import HTTPError  # 0.1 s, and only where a model is set
    from openai import OpenAIError

    return (OpenAIError, HTTPError, OSError, ValueError)


def _spoken(text: str) -> str:
    """The text without finished thoughts; an unfinished one is kept on one line, until its end is known."""
    start = text.find("<think>")
    end = text.find("</think>", start)
    if start < 0:
        return text
    return text[:start] + (text[start:].replace("\n", " ") if end < 0 else _spoken(text[end + len("</think>") :]))


def _usage(piece: ChatResponse) -> Usage | None:
    """Tokens as counted by the server, where llama-index's integration passes them on. Never an estimate of ours."""
    raw = piece.raw
    told = raw.get("usage") if isinstance(raw, dict) else getattr(raw, "usage", None)
    told = told or piece.additional_kwargs
    counts = [
        told.get(name) if isinstance(told, dict) else getattr(told, name, None)
        for name in ("prompt_tokens", "completion_tokens")
    ]
    counts = [count if isinstance(count, int) and count >= 0 else None for count in counts]
    return Usage(*counts) if any(count is not None for count in counts) else None


def _finish(piece: ChatResponse, before: str | None) -> str | None:
    """Why the reply ended, where the protocol says so: ``""`` until it does; ``None`` for a model that never tells."""
    raw = piece.raw
    choices = raw.get("choices") if isinstance(raw, dict) else getattr(raw, "choices", None)
    if not choices:
        return before
    reason = choices[0].get("finish_reason") if isinstance(choices[0], dict) else choices[0].finish_reason
    return reason or before or ""


def _failure(error: BaseException) -> str:
    status = getattr(error, "status_code", None)
    if status in _STATUS:
        return f"模型没有回答：{_STATUS[status]}（{status}）"
    return f"模型没有正常回答（{status or type(error).__name__}）"
