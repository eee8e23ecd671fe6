"""Settings: one frozen dataclass, filled from ``POLICY_*`` environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ingest.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and which models are used. Every default works without network, key or download.

    data: ``POLICY_DATA``, the one folder that holds everything.
    register: ``POLICY_REGISTER``, empty = an SQLite file in ``data``; ``postgresql+psycopg://user:password@host/database``.
    vectors: ``POLICY_VECTORS``, empty = Chroma in ``data``; ``http://host:port`` = a Chroma server,
    ``milvus://host:port`` = Milvus (``milvus://host:port/database``; ``milvus:///folder.db`` = Milvus Lite, one process).
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
    register: str = field(default="", repr=False)  # may hold a password
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

        register = value("POLICY_REGISTER")
        if register and not register.startswith("postgresql+psycopg://"):
            raise SettingsError(
                "POLICY_REGISTER 的值无法识别",
                "留空表示使用数据文件夹中的 SQLite；或写成 postgresql+psycopg://用户:口令@主机:5432/库名",
            )
        vectors = value("POLICY_VECTORS")
        if vectors and not (_is_address(vectors) or _is_milvus(vectors)):
            raise SettingsError(
                f"POLICY_VECTORS 的值无法识别：{vectors}",
                "留空表示使用本机 Chroma；或写成 http://主机:端口、milvus://主机:端口、milvus:///绝对路径.db",
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
            register=register,
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


def _is_milvus(text: str) -> bool:
    """``milvus://`` with a host, or with the absolute path of a folder that ends in ``.db``."""
    try:
        address = urlsplit(text)
        host = bool(address.hostname) and address.port != 0 and "@" not in address.netloc
    except ValueError:  # a port that is no number
        return False
    folder = not address.netloc and len(address.path) > len("/.db")
    return address.scheme == "milvus" and (folder if text.endswith(".db") else host)
