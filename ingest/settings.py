"""Settings: one frozen dataclass, filled from ``POLICY_*`` environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and which models are used. Every default works without network, key or download.

    data: ``POLICY_DATA``, the one folder that holds everything.
    vectors: ``POLICY_VECTORS``, empty = Chroma in ``data``; ``http://host:port`` = a Chroma server.
    embedding: ``POLICY_EMBEDDING``, ``offline`` or the name of a llama-index embedding (see ``index.embed``).
    llm, llm_url, llm_key: ``POLICY_LLM`` (model name, empty = no model), ``POLICY_LLM_URL`` (any OpenAI-compatible
    address), ``POLICY_LLM_KEY``.
    """

    data: Path = Path("data")
    vectors: str = ""
    embedding: str = "offline"
    llm: str = ""
    llm_url: str = ""
    llm_key: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Raises SettingsError where a value cannot be used."""
        vectors = environ.get("POLICY_VECTORS", "").strip()
        if vectors and not vectors.startswith(("http://", "https://")):
            raise SettingsError(
                f"POLICY_VECTORS 的值无法识别：{vectors}", "留空表示使用本机 Chroma；或写成 http://主机:端口"
            )
        llm, url = environ.get("POLICY_LLM", "").strip(), environ.get("POLICY_LLM_URL", "").strip()
        if llm and not url.startswith(("http://", "https://")):
            raise SettingsError(
                "设置了 POLICY_LLM，但 POLICY_LLM_URL 为空或不是网址", "例如 POLICY_LLM_URL=http://127.0.0.1:11434/v1"
            )
        return cls(
            data=Path(environ.get("POLICY_DATA", "").strip() or "data"),
            vectors=vectors.rstrip("/"),
            embedding=environ.get("POLICY_EMBEDDING", "").strip() or "offline",
            llm=llm,
            llm_url=url,
            llm_key=environ.get("POLICY_LLM_KEY", "").strip(),
        )
