"""Name → llama-index embedding; the offline default needs no model, no network and no download.

The offline embedding (``index.static``) is small and comes with the package. A real model is a name away
(``POLICY_EMBEDDING``): a folder or name of sentence-transformers, Ollama, any OpenAI-compatible server, or any other
llama-index embedding by its class.
"""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray

from index.embed_models import MALFORMED, first_line, instructions, load, server_failures
from index.patience import within
from index.static.embedding import StaticEmbedding
from ingest.errors import ModelReplyInvalid, ModelUnreachable

T = TypeVar("T")

OFFLINE = "offline"

OPEN_SECONDS = 20.0  # a server may have to load its model first
QUERY_SECONDS = 3.0  # an answer never waits longer for the vector of its question
# Of one length and about different things: a model without Chinese words gives both the same vector.
PROBES = ("对首次认定的高新技术企业给予一次性奖励", "城乡居民凭户口簿到社区卫生院接种疫苗。")
SAME = 0.9999  # cosine
SAMPLE = 1 << 16  # bytes


def embedding(name: str, url: str = "", key: str = "") -> BaseEmbedding:
    """The embedding called ``name``; ``url`` and ``key`` are for one behind a server.

    ``offline``; ``huggingface:folder or name``, or just an existing folder; ``ollama:name``; ``openai:name`` of any
    OpenAI-compatible server; ``module:Class {"argument": …}``, any other llama-index embedding.
    Raises SettingsError for an unknown name, an integration that is not installed, or a model that does not load.
    """
    return StaticEmbedding() if name == OFFLINE else load(name, url, key)


def dimension(model: BaseEmbedding) -> int:
    """Length of the vectors of ``model``, after trying it out.

    Raises ModelUnreachable when it does not answer, ModelReplyInvalid when its vectors tell nothing apart.
    """
    try:
        made = _within(OPEN_SECONDS, model, partial(_rows, model, PROBES))
    except TimeoutError as error:
        raise _unreachable(model, error) from error
    if not made.any(axis=1).all():
        raise _invalid(model, "向量全是 0")
    first, second = made / np.linalg.norm(made, axis=1, keepdims=True)
    if first @ second > SAME:
        raise _invalid(model, "不同的句子得到同样的向量，可能不认识中文")
    _state(model).length = made.shape[1]
    return made.shape[1]


def embed(model: BaseEmbedding, texts: Sequence[str]) -> NDArray[np.float32]:
    """One row a text, float32, never all zeros. Raises ModelUnreachable when a model behind a network does not answer,
    ModelReplyInvalid when what it answers is not one vector of numbers a text, each as long as ``dimension`` found.
    """
    if not texts:
        return np.empty((0, _state(model).length or 0), np.float32)
    made = _rows(model, texts)
    if _state(model).length not in (None, made.shape[1]):
        raise _invalid(model, f"向量原有 {_state(model).length} 维，现在是 {made.shape[1]} 维，模型可能已更换")
    # A text without a known word points nowhere in particular; the zero vector has no cosine.
    made[~made.any(axis=1), 0] = 1.0
    return made


def _rows(model: BaseEmbedding, texts: Sequence[str]) -> NDArray[np.float32]:
    _, instruction = _instructions_left(model)
    try:
        given = [instruction + text for text in texts]
        if isinstance(model, StaticEmbedding):
            return model.vectors(given)  # without llama-index's log of calls, which takes longer than some of them
        made = np.asarray(model.get_text_embedding_batch(given), dtype=np.float32)
    except server_failures() as error:
        raise _unreachable(model, error) from error
    except MALFORMED as error:
        raise _invalid(model, first_line(error)) from error
    if len(made) != len(texts):
        raise _invalid(model, f"{len(texts)} 段文字得到 {len(made)} 个向量")
    if made.ndim != 2 or not made.shape[1] or not np.isfinite(made).all():
        raise _invalid(model, "向量长短不一，或含有无效的数")
    return made


def embed_query(model: BaseEmbedding, text: str) -> list[float]:
    """The vector of a question. Raises ModelUnreachable when there is none within ``QUERY_SECONDS``; ``unanswered`` then tells
    why, until the model answers again.
    """
    instruction, _ = _instructions_left(model)
    state = _state(model)
    try:
        ask = model.query_vector if isinstance(model, StaticEmbedding) else model.get_query_embedding
        made = np.asarray(_within(QUERY_SECONDS, model, partial(ask, instruction + text)), np.float32)
        if made.ndim != 1 or not np.isfinite(made).all() or made.size != (state.length or made.size or 1):
            raise ValueError("向量的长度不对，或含有无效的数")
    except (*server_failures(), *MALFORMED) as error:
        state.unanswered = _unreachable(model, error)
        raise state.unanswered from error
    state.unanswered = None
    if not made.any():
        raise ModelUnreachable("问题里没有向量模型认识的字", "请换一种说法")
    return made.tolist()


def unanswered(model: BaseEmbedding) -> ModelUnreachable | None:
    """Why the last question got no vector; ``None`` when it got one."""
    return _state(model).unanswered


def model_key(model: BaseEmbedding) -> str:
    """What tells vectors of one model from those of another; of a folder its content counts, not where it is."""
    folder = Path(model.model_name)
    name = f"{folder.name}@{_digest(folder)}" if folder.is_absolute() and folder.is_dir() else model.model_name
    return f"{model.class_name()}:{name}"


def _within(seconds: float, model: BaseEmbedding, call: Callable[[], T]) -> T:
    """A model on this machine is waited for: a process that ends while torch computes in another thread is aborted."""
    return call() if model.class_name() in _LOCAL else within(seconds, model, call)


_LOCAL = ("StaticEmbedding", "HuggingFaceEmbedding")


@dataclass
class _State:
    """What is known of a model: the length of its vectors, and why its last question got none."""

    length: int | None = None
    unanswered: ModelUnreachable | None = None


_states: dict[int, _State] = {}  # by id(); llama-index's models can neither be keys nor take another attribute


def _state(model: BaseEmbedding) -> _State:
    if id(model) not in _states:
        weakref.finalize(model, _states.pop, id(model), None)
    return _states.setdefault(id(model), _State())


def _unreachable(model: BaseEmbedding, error: BaseException) -> ModelUnreachable:
    where = getattr(model, "api_base", "") or getattr(model, "base_url", "")
    name = f"{Path(model.model_name).name}{f'（{where}）' if where else ''}"
    message = f"向量模型 {name}没有应答：{'连接不上' if 'Connect' in type(error).__name__ else first_line(error)}"
    return ModelUnreachable(message, "文字检索不受影响；请检查模型服务是否已启动，以及 POLICY_EMBEDDING_URL")


def _invalid(model: BaseEmbedding, reason: str) -> ModelReplyInvalid:
    message = f"向量模型 {Path(model.model_name).name} 的结果无法使用：{reason}"
    return ModelReplyInvalid(message, "请换用检索用的中文嵌入模型，或设 POLICY_EMBEDDING=offline")


def _instructions_left(model: BaseEmbedding) -> tuple[str, str]:
    """What is left to us: some integrations have a place for instructions and were given them when they were made."""
    return ("", "") if hasattr(model, "query_instruction") else instructions(model.model_name)


def _digest(folder: Path) -> str:
    """What a model's folder holds: small files whole, of large ones the size and 16 samples (training moves all weights)."""
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".json", ".txt", ".model", ".safetensors", ".bin")):
        size = path.stat().st_size
        found.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            for start in range(0, size, max(1, size // 16, SAMPLE)):
                file.seek(start)
                found.update(file.read(SAMPLE))
    return found.hexdigest()[:12]
