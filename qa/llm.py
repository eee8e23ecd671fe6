"""The language model of the settings, as a llama-index ``LLM``; without one the product works offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.settings import Settings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

TIMEOUT_SECONDS = 60.0  # for connecting and between two pieces of a reply; a local model on a CPU may need most of it


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
    )
