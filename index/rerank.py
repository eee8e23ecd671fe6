"""A reranker: ``(Query, hits) → hits``. A cross-encoder, on this machine or behind a server, reads question and clause together.

It reorders what the search found and never takes an answer away: what it cannot read in time keeps its order.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import httpx

from index.chunk import Hit
from index.embed_models import first_line, loading_failures, local_model, sentence_transformers
from index.patience import within
from index.query import Query
from ingest.errors import ModelReplyInvalid, ModelUnreachable, PolicyError, SettingsError
from ingest.settings import Settings

DEPTH = 50  # hits that are read
SECONDS = 5.0  # for all of them
LOCAL_PART = 4  # texts a call: a slow machine gets through some parts
SERVER_PART = 32  # what text-embeddings-inference takes
SERVER_SECONDS = 60.0
PREFIX = "huggingface:"
PROBE = ("企业认定奖励", "对首次认定的高新技术企业给予一次性奖励。")

# A question, texts and seconds → a number a text, the higher the better; numbers of several calls can be compared.
# Raises TimeoutError when the seconds are over, ModelUnreachable, ModelReplyInvalid.
Scorer = Callable[[str, Sequence[str], float], Sequence[float]]


class Reranker:
    """Puts the best ``DEPTH`` hits in the order of a scorer. ``problem``: why the last search had none or part of them read."""

    def __init__(self, score: Scorer, part: int) -> None:
        self.problem: PolicyError | None = None
        self._score = score
        self._part = part

    def __call__(self, query: Query, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """``hits`` in another order; those that were read have ``("rerank", rank)`` added to their legs.

        What the query names stays first, on at most half of the places that are shown. The scores of the places stay too:
        they fall from one to the next, and can be compared with those of another search.
        """
        named = [hit for hit in hits if any(leg == "exact" for leg, _ in hit.legs)][: max(1, query.limit // 2)]
        kept = {hit.chunk.id for hit in named}
        others = [hit for hit in hits if hit.chunk.id not in kept]
        found = self._scores(query.text, [f"{hit.chunk.context}\n{hit.chunk.text}" for hit in others[:DEPTH]])
        read = sorted(zip(found, others, strict=False), key=lambda pair: -pair[0])
        places = sorted((hit.score for _, hit in read), reverse=True)
        reordered = [
            replace(hit, score=score, legs=(*hit.legs, ("rerank", rank)))
            for rank, (score, (_, hit)) in enumerate(zip(places, read, strict=True), 1)
        ]
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate([*named, *reordered, *others[len(read) :]], 1))

    def _scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Scores of the first texts, as many as there is time for."""
        scores: list[float] = []
        deadline = time.monotonic() + SECONDS
        self.problem = None
        try:
            while len(scores) < len(texts):
                part = texts[len(scores) : len(scores) + self._part]
                scores += _checked(self._score(question, part, deadline - time.monotonic()), len(part))
        except (TimeoutError, PolicyError) as error:
            reason = error if isinstance(error, PolicyError) else ModelUnreachable("重排模型太慢", "可换用更小的模型")
            done = f"只重排了前 {len(scores)} 条" if scores else "未重排"
            self.problem = ModelUnreachable(f"{reason}，本次{done}", reason.hint)
        return scores


def reranker(settings: Settings) -> Reranker | None:
    """The reranker that ``POLICY_RERANKER`` names; ``None`` where it is empty.

    The address of a rerank server (``/rerank`` of Jina, Cohere, vLLM, Xinference, SiliconFlow, text-embeddings-inference …),
    or a folder or name of a sentence-transformers CrossEncoder, with or without ``huggingface:``.
    Raises SettingsError for a model that does not load or is no reranker. A server is not asked before the first search.
    """
    name = settings.reranker
    if not name:
        return None
    if name.startswith(("http://", "https://")):
        return Reranker(_Server(name, settings.reranker_model, settings.reranker_key), SERVER_PART)
    return Reranker(_CrossEncoder(name.removeprefix(PREFIX)), LOCAL_PART)


def _checked(scores: Sequence[float], count: int) -> list[float]:
    found = [float(score) for score in scores]
    if len(found) != count or not all(map(math.isfinite, found)):
        raise ModelReplyInvalid("重排模型给出的分数无法使用", "请检查 POLICY_RERANKER")
    return found


class _CrossEncoder:
    """A model on this machine."""

    def __init__(self, name: str) -> None:
        try:
            kind = sentence_transformers().CrossEncoder
        except ImportError as error:
            raise SettingsError(
                f"重排模型 {name} 需要的组件没有安装：sentence-transformers",
                "请运行 pip install sentence-transformers，或清空 POLICY_RERANKER",
            ) from error
        self._lock = threading.Lock()  # a tokenizer is not for two threads at once
        try:
            self._model = kind(local_model(name))
            unfit = self._unfit()
        except loading_failures() as error:
            raise SettingsError(
                f"重排模型 {name} 无法载入：{first_line(error)}", "请检查模型名称或文件夹，或清空 POLICY_RERANKER"
            ) from error
        if unfit:
            raise SettingsError(
                f"{name} 不能用作重排模型：{unfit}", "请换用 CrossEncoder 类的模型，或清空 POLICY_RERANKER"
            )

    def __call__(self, question: str, texts: Sequence[str], seconds: float) -> Sequence[float]:
        # Not in a thread that may be left behind: a process that ends while torch computes is aborted.
        if seconds <= 0 or not self._lock.acquire(timeout=seconds):
            raise TimeoutError
        try:
            return self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        finally:
            self._lock.release()

    def _unfit(self) -> str:
        """Why the model's numbers say nothing. A model without a scoring layer is given one of random weights."""
        if self._model.num_labels != 1:
            return f"它把文字分为 {self._model.num_labels} 类"
        kinds = self._model.config.architectures or [""]
        if len(self._model) == 1 and not kinds[0].endswith(("ForSequenceClassification", "ForCausalLM")):
            return f"它没有打分层（{kinds[0]}）"
        return "" if math.isfinite(self(PROBE[0], PROBE[1:], SECONDS)[0]) else "它给出的分数不是数"


class _Server:
    """``POST …/rerank`` in the protocol of Jina and Cohere, or in that of text-embeddings-inference where it refuses the first."""

    def __init__(self, address: str, model: str, key: str) -> None:
        base = address.rstrip("/")
        self.address = base if base.rpartition("/")[2].startswith("rerank") else f"{base}/rerank"
        self._model = {"model": model} if model else {}
        self._is_tei = False
        try:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            self._client = httpx.Client(timeout=SERVER_SECONDS, headers=headers)
            if not httpx.URL(self.address).host:
                raise ValueError
        except (httpx.InvalidURL, ValueError) as error:  # the latter also for a key that no header can carry
            raise SettingsError(
                f"POLICY_RERANKER 的网址或 POLICY_RERANKER_KEY 无法使用：{address}",
                "例如 POLICY_RERANKER=http://127.0.0.1:8000/v1/rerank",
            ) from error

    def __call__(self, question: str, texts: Sequence[str], seconds: float) -> list[float]:
        return within(seconds, self, partial(self._ask, question, texts))

    def _ask(self, question: str, texts: Sequence[str]) -> list[float]:
        documents = {**self._model, "query": question, "documents": list(texts), "top_n": len(texts)}
        tei = {"query": question, "texts": list(texts), "truncate": True}
        reply = self._post(tei if self._is_tei else documents)
        if reply.status_code in (400, 422) and not self._is_tei:
            second = self._post(tei)
            if second.is_success:
                self._is_tei, reply = True, second
        if not reply.is_success:
            raise ModelUnreachable(
                f"重排服务 {self.address} 返回 HTTP {reply.status_code}",
                "请检查 POLICY_RERANKER（如应以 /v1/rerank 结尾）、POLICY_RERANKER_MODEL 和 POLICY_RERANKER_KEY",
            )
        return _relevance(reply, len(texts))

    def _post(self, body: dict[str, object]) -> httpx.Response:
        try:
            return self._client.post(self.address, json=body)
        except (httpx.HTTPError, UnicodeError) as error:  # the latter: a host name like a..b
            raise ModelUnreachable(
                f"重排服务 {self.address} 没有应答（{type(error).__name__}）",
                "请检查服务是否已启动，以及 POLICY_RERANKER",
            ) from error


def _relevance(reply: httpx.Response, count: int) -> list[float]:
    """``{"results": [{"index", "relevance_score"}]}``, or ``[{"index", "score"}]``, best first → scores in the order asked."""
    try:
        found = reply.json()
        rows = found if isinstance(found, list) else found.get("results") or found["data"]
        scores = {row["index"]: row["relevance_score"] if "relevance_score" in row else row["score"] for row in rows}
        return [float(scores[at]) for at in range(count)]
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise ModelReplyInvalid(
            "重排服务的回复无法识别", "请检查 POLICY_RERANKER 是否为重排接口（以 /rerank 结尾）"
        ) from error
