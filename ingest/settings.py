"""Settings: one frozen dataclass, filled from ``POLICY_*`` environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and which models are used. Every default works without network, key or download.

    data: ``POLICY_DATA``, the one folder that holds everything.
    vectors: ``POLICY_VECTORS``, empty = Chroma in ``data``; ``http://host:port`` = a Chroma server.
    embedding, embedding_url, embedding_key: ``POLICY_EMBEDDING``, ``offline`` or the name of a llama-index embedding (see
    ``index.embed``); ``POLICY_EMBEDDING_URL``, ``POLICY_EMBEDDING_KEY`` for one behind a server.
    reranker, reranker_model, reranker_key: ``POLICY_RERANKER``, empty = none, a cross-encoder or the address of a rerank
    server (see ``index.rerank``); ``POLICY_RERANKER_MODEL``, ``POLICY_RERANKER_KEY`` for such a server.
    llm, llm_url, llm_key: ``POLICY_LLM`` (model name, empty = no model), ``POLICY_LLM_URL`` (any OpenAI-compatible
    address), ``POLICY_LLM_KEY``.
    review_rules: ``POLICY_REVIEW_RULES``, empty = the built-in rules of fair competition review; a table that takes their place
    (see ``ingest.measures.fair_competition``), read when a draft is reviewed.
    """

    data: Path = Path("data")
    vectors: str = ""
    embedding: str = "offline"
    embedding_url: str = ""
    embedding_key: str = field(default="", repr=False)
    reranker: str = ""
    reranker_model: str = ""
    reranker_key: str = field(default="", repr=False)
    llm: str = ""
    llm_url: str = ""
    llm_key: str = field(default="", repr=False)
    review_rules: Path | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Raises SettingsError where a value cannot be used."""

        def value(name: str) -> str:
            return environ.get(name, "").strip()

        vectors = value("POLICY_VECTORS")
        if vectors and not _is_address(vectors):
            raise SettingsError(
                f"POLICY_VECTORS 的值无法识别：{vectors}", "留空表示使用本机 Chroma；或写成 http://主机:端口"
            )
        embedding, embedding_url = value("POLICY_EMBEDDING"), value("POLICY_EMBEDDING_URL")
        if embedding_url and not (embedding and _is_address(embedding_url)):
            raise SettingsError(
                "设置了 POLICY_EMBEDDING_URL，但它不是网址，或 POLICY_EMBEDDING 为空",
                "例如 POLICY_EMBEDDING=openai:bge-m3、POLICY_EMBEDDING_URL=http://127.0.0.1:8000/v1",
            )
        llm, llm_url = value("POLICY_LLM"), value("POLICY_LLM_URL")
        if llm and not _is_address(llm_url):
            raise SettingsError(
                "设置了 POLICY_LLM，但 POLICY_LLM_URL 为空或不是网址", "例如 POLICY_LLM_URL=http://127.0.0.1:11434/v1"
            )
        rules = value("POLICY_REVIEW_RULES")
        if rules and not Path(rules).is_file():
            raise SettingsError(
                f"POLICY_REVIEW_RULES 指向的规则表不存在：{rules}", "请核对文件名；留空则用自带的公平竞争审查规则"
            )
        return cls(
            data=Path(value("POLICY_DATA") or "data"),
            vectors=vectors.rstrip("/"),
            embedding=embedding or "offline",
            embedding_url=embedding_url.rstrip("/"),
            embedding_key=value("POLICY_EMBEDDING_KEY"),
            reranker=value("POLICY_RERANKER"),
            reranker_model=value("POLICY_RERANKER_MODEL"),
            reranker_key=value("POLICY_RERANKER_KEY"),
            llm=llm,
            llm_url=llm_url,
            llm_key=value("POLICY_LLM_KEY"),
            review_rules=Path(rules) if rules else None,
        )


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))
