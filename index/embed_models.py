"""Real models by name: local ones of sentence-transformers, Ollama, OpenAI-compatible servers, any class of llama-index."""

from __future__ import annotations

import importlib
import json
import logging
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding

from ingest.errors import SettingsError

BATCH_SECONDS = 60.0  # for a request of SERVER_BATCH texts
CONNECT_SECONDS = 5.0
SERVER_BATCH = 10  # what the strictest server known takes (DashScope)
LOCAL_BATCH = 32

# What questions and texts begin with, as the makers of a model trained it; name of the model (small letters), question, text.
_INSTRUCTIONS = (
    (r"bge-(small|base|large)-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    (r"\be5-(?!.*instruct)", "query: ", "passage: "),
    (r"qwen3-embedding", "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:", ""),
)  # fmt: skip
# What comes of a reply that is not what the protocol says, or of a model that does not fit its tokenizer.
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, RuntimeError)
# llama_index.embeddings.fastembed:FastEmbedEmbedding {"model_name": "BAAI/bge-small-zh-v1.5"}
_ANY_CLASS = re.compile(r"(\w+(?:\.\w+)+):(\w+)\s*(\{.*\})?", re.DOTALL)


def load(name: str, url: str, key: str) -> BaseEmbedding:
    """The model called ``name`` (see ``index.embed.embedding``); ``url`` and ``key`` are for one behind a server.

    Raises SettingsError for an unknown name, an integration that is not installed, or a model that does not load.
    """
    prefix, _, model = name.partition(":")
    if is_folder(name):  # before the prefix: C:\models has a colon too
        prefix, model = "huggingface", name
    other = _ANY_CLASS.fullmatch(name)
    if other is None and (prefix not in _LOADERS or not model):
        known = "、".join(("offline", *(f"{prefix}:模型名" for prefix in _LOADERS), "已有的模型文件夹"))
        raise SettingsError(f"POLICY_EMBEDDING 的值无法识别：{name}", f"可用的写法：{known}")
    try:
        return _any_class(*other.groups()) if other else _LOADERS[prefix](model, url, key)
    except loading_failures() as error:
        raise SettingsError(
            f"向量模型 {name} 无法载入：{first_line(error)}", "请检查模型名称或文件夹，或设 POLICY_EMBEDDING=offline"
        ) from error


def _integration(module: str, class_name: str) -> Callable[..., BaseEmbedding]:
    package = module.replace(".", "-").replace("_", "-") if module.startswith("llama_index.") else module
    try:
        return getattr(importlib.import_module(module), class_name)
    except ImportError as error:
        raise SettingsError(
            f"向量模型需要的组件没有安装：{package}", f"请运行 pip install {package}，或设 POLICY_EMBEDDING=offline"
        ) from error


def _huggingface(model: str, _url: str, _key: str) -> BaseEmbedding:
    kind = _integration("llama_index.embeddings.huggingface", "HuggingFaceEmbedding")
    path = local_model(model)
    scores = "ForSequenceClassification" in str(_saved(path, "config.json").get("architectures"))
    if scores and "Pooling" not in str(_saved(path, "modules.json")):
        raise SettingsError(
            f"{model} 是重排模型，不是嵌入模型", "请改设为 POLICY_RERANKER；不用模型时设 POLICY_EMBEDDING=offline"
        )
    # What its makers saved, by the names in use; llama-index's class would replace it by nothing.
    prompts = _saved(path, "config_sentence_transformers.json").get("prompts") or {}
    saved = prompts.get("query") or "", prompts.get("document") or prompts.get("passage") or ""
    query, text = saved if any(saved) else instructions(Path(model).name)
    made = kind(
        path, query_instruction=query, text_instruction=text, cache_folder=_cache(), embed_batch_size=LOCAL_BATCH
    )
    if not is_folder(model):
        made.model_name = model  # rather than a folder of the cache
    return made


def _ollama(model: str, url: str, _key: str) -> BaseEmbedding:
    kind = _integration("llama_index.embeddings.ollama", "OllamaEmbedding")
    query, text = instructions(model)
    return kind(
        model,
        url.removesuffix("/v1") or "http://127.0.0.1:11434",
        query_instruction=query,
        text_instruction=text,
        embed_batch_size=SERVER_BATCH,
        client_kwargs={"timeout": BATCH_SECONDS},
    )


def _openai(model: str, url: str, key: str) -> BaseEmbedding:
    if not url:
        raise SettingsError(
            f"设置了 POLICY_EMBEDDING=openai:{model}，但没有设置 POLICY_EMBEDDING_URL",
            "例如 POLICY_EMBEDDING_URL=http://127.0.0.1:8000/v1，或设 POLICY_EMBEDDING=offline",
        )
    kind = _integration("llama_index.embeddings.openai_like", "OpenAILikeEmbedding")
    return kind(
        model,
        api_base=url,
        api_key=key or "none",
        embed_batch_size=SERVER_BATCH,
        max_retries=1,
        timeout=BATCH_SECONDS,
    )


_LOADERS = {"huggingface": _huggingface, "ollama": _ollama, "openai": _openai}


def _any_class(module: str, class_name: str, options: str | None) -> BaseEmbedding:
    made: Any = _integration(module, class_name)(**json.loads(options or "{}"))
    if not isinstance(made, BaseEmbedding):
        raise ValueError(f"{class_name} 不是 llama-index 的嵌入模型")
    if made.model_name == "unknown":  # llama-index's default
        made.model_name = f"{module} {options or ''}".strip()
    return made


def sentence_transformers() -> Any:  # noqa: ANN401  a module
    """The library, with nothing to say between the lines of a command but how a download goes on."""
    library = importlib.import_module("sentence_transformers")
    transformers = importlib.import_module("transformers.utils.logging")
    transformers.set_verbosity_error()
    transformers.disable_progress_bar()
    importlib.import_module("huggingface_hub.utils").enable_progress_bars()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    return library


def is_folder(name: str) -> bool:
    """Whether a setting is the path of a folder that exists."""
    return os.path.isdir(os.path.expanduser(name))  # False where Path.is_dir raises, for what can be no path


def local_model(name: str) -> str:
    """What to load for ``name``: its folder, that of an earlier download, or the name itself, which will be downloaded.

    Raises SettingsError where ``name`` can only be a folder and is none, or where a download cannot begin: at once, while
    the libraries would try for two minutes.
    """
    if is_folder(name):
        return str(Path(name).expanduser().resolve())
    if Path(name).is_absolute() or name.startswith(("~", ".")) or "\\" in name or name.count("/") > 1:
        raise SettingsError(f"模型文件夹不存在：{name}", "请检查路径")
    hub = importlib.import_module("huggingface_hub")
    try:
        folder = Path(hub.snapshot_download(name, local_files_only=True))
        if any(path.suffix in (".safetensors", ".bin") for path in folder.iterdir()):  # they are the last to arrive
            return str(folder)
    except OSError:
        pass  # never downloaded
    try:
        hub.HfApi().model_info(name, timeout=CONNECT_SECONDS)
    except server_failures() as error:
        raise SettingsError(
            f"本机没有模型 {name}，也无法下载：{first_line(error)}", "请把模型文件夹复制到本机，再把设置改为该文件夹"
        ) from error
    return name


def _cache() -> str:
    """Where Hugging Face keeps downloads; llama-index has a place of its own, where nothing else looks."""
    return importlib.import_module("huggingface_hub.constants").HF_HUB_CACHE


def _saved(model: str, file: str) -> Any:  # noqa: ANN401  what JSON holds
    """A JSON file beside the weights; empty where there is none."""
    path = sentence_transformers().util.load_file_path(model, file, cache_folder=_cache())
    return json.loads(Path(path).read_text("utf-8")) if path else {}


def instructions(name: str) -> tuple[str, str]:
    """For a question and for a text, known by the name of the model."""
    return next(((q, t) for pattern, q, t in _INSTRUCTIONS if re.search(pattern, name.lower())), ("", ""))


def server_failures() -> tuple[type[Exception], ...]:
    """What the clients of model servers raise; only clients that were imported can have raised anything."""
    clients = (("httpx", "HTTPError"), ("httpx2", "HTTPError"), ("openai", "OpenAIError"), ("ollama", "ResponseError"))
    return (OSError, *(getattr(sys.modules[module], name) for module, name in clients if module in sys.modules))


def loading_failures() -> tuple[type[Exception], ...]:
    """What comes of loading a model from a folder that holds something else, or half of it."""
    libraries = (("safetensors", "SafetensorError"), ("pickle", "UnpicklingError"))
    known = (getattr(sys.modules[module], name) for module, name in libraries if module in sys.modules)
    return (*server_failures(), *MALFORMED, ImportError, EOFError, *known)


def first_line(error: BaseException) -> str:
    """A foreign message, short enough for one line; its type where it has none."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
