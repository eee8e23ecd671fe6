"""Name → llama-index embedding; the offline default needs no model, no network and no download.

The offline embedding adds no knowledge to the words: it is a second, fuzzier way to compare them. A real model is a name
away (``POLICY_EMBEDDING``).
"""

from __future__ import annotations

import hashlib
import importlib
import math
import sys
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray

from index.analyzer import bigrams, words
from ingest.errors import ModelUnreachable, SettingsError

OFFLINE = "offline"

# prefix → package to install, module, class, name of the model argument
_INTEGRATIONS: dict[str, tuple[str, str, str, str]] = {
    "huggingface": ("llama-index-embeddings-huggingface", "llama_index.embeddings.huggingface", "HuggingFaceEmbedding", "model_name"),
    "ollama": ("llama-index-embeddings-ollama", "llama_index.embeddings.ollama", "OllamaEmbedding", "model_name"),
    "openai": ("llama-index-embeddings-openai", "llama_index.embeddings.openai", "OpenAIEmbedding", "model"),
}  # fmt: skip


def embedding(name: str) -> BaseEmbedding:
    """The embedding called ``name``: ``offline``, ``huggingface:<path or name>``, ``ollama:<name>``, ``openai:<name>``.

    Raises SettingsError for an unknown name, an integration that is not installed, or a model that does not load.
    """
    if name == OFFLINE:
        return HashedEmbedding()
    prefix, _, model = name.partition(":")
    if prefix not in _INTEGRATIONS or not model:
        known = "、".join((OFFLINE, *(f"{prefix}:模型名" for prefix in _INTEGRATIONS)))
        raise SettingsError(f"POLICY_EMBEDDING 的值无法识别：{name}", f"可用的写法：{known}")
    package, module, class_name, argument = _INTEGRATIONS[prefix]
    try:
        kind = getattr(importlib.import_module(module), class_name)
    except ImportError as error:
        raise SettingsError(
            f"向量模型 {name} 需要的组件没有安装：{package}",
            f"请运行 pip install {package}，或设 POLICY_EMBEDDING=offline",
        ) from error
    try:
        return kind(**{argument: model})
    except (ValueError, OSError, RuntimeError) as error:
        raise SettingsError(
            f"向量模型 {name} 无法载入：{error}", "请检查模型名称或路径，或设 POLICY_EMBEDDING=offline"
        ) from error


def embed(model: BaseEmbedding, texts: Sequence[str]) -> NDArray[np.float32]:
    """One row a text, float32. Raises ModelUnreachable when a model behind a network does not answer."""
    try:
        return np.asarray(model.get_text_embedding_batch(list(texts)), dtype=np.float32)
    except _failures() as error:
        raise ModelUnreachable(f"向量模型 {model.model_name} 没有应答：{error}", "请检查模型服务是否已启动") from error


def embed_query(model: BaseEmbedding, text: str) -> list[float]:
    """The vector of a question. Raises ModelUnreachable when a model behind a network does not answer."""
    try:
        return list(model.get_query_embedding(text))
    except _failures() as error:
        raise ModelUnreachable(f"向量模型 {model.model_name} 没有应答：{error}", "请检查模型服务是否已启动") from error


def model_key(model: BaseEmbedding) -> str:
    """What tells vectors of one model from those of another."""
    return f"{model.class_name()}:{model.model_name}"


def _failures() -> tuple[type[Exception], ...]:
    """What the clients of model servers raise; only clients that were imported can have raised anything."""
    clients = (("httpx", "HTTPError"), ("openai", "OpenAIError"), ("ollama", "ResponseError"))
    return (OSError, *(getattr(sys.modules[module], name) for module, name in clients if module in sys.modules))


class HashedEmbedding(BaseEmbedding):
    """Words and character pairs, hashed to signed dimensions, damped by 1 + log(count), of length 1.

    The same text gives the same vector on every machine. A change of the recipe needs another ``model_name``.
    """

    model_name: str = "hashed-384-1"
    dimension: int = 384
    embed_batch_size: int = 512

    @classmethod
    def class_name(cls) -> str:
        return "HashedEmbedding"

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 a text, float32."""
        columns: list[int] = []
        weights: list[float] = []
        sizes: list[int] = []
        for text in texts:
            before = len(columns)
            for feature, weight in _features(text):
                column, sign = _place(feature)
                columns.append(column % self.dimension)
                weights.append(sign * weight)
            sizes.append(len(columns) - before)
        cells = np.repeat(np.arange(len(texts)), sizes) * self.dimension + np.asarray(columns, dtype=np.int64)
        total = np.bincount(cells, weights, minlength=len(texts) * self.dimension)
        rows = total.reshape(len(texts), self.dimension).astype(np.float32)
        # Chroma has no cosine for the zero vector: a text without words points nowhere in particular.
        rows[~rows.any(axis=1), 0] = 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _features(text: str) -> list[tuple[str, float]]:
    """Weighted tokens of a text. A word says more than two neighbouring characters."""
    found: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for line in text.split("\n"):
        line_words, line_pairs = _tokens(line)
        found.update(line_words)
        pairs.update(line_pairs)
    weighted = ((found, 1.0), (pairs, 0.5))
    return [(token, weight * (1.0 + math.log(n))) for counts, weight in weighted for token, n in counts.items()]


@lru_cache(maxsize=4096)
def _tokens(line: str) -> tuple[list[str], list[str]]:
    """Words and pairs of a line; the chunks of a document share the line that says where they stand."""
    return words(line), bigrams(line)


@lru_cache(maxsize=1 << 18)
def _place(feature: str) -> tuple[int, float]:
    digest = int.from_bytes(hashlib.blake2b(feature.encode("utf-8", "replace"), digest_size=8).digest(), "little")
    return digest >> 1, 1.0 if digest & 1 else -1.0
