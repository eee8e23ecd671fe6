"""Models behind servers: what is sent, what comes of bad replies, and a library whose model changes, fails and comes back."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from index import embed as embed_module
from index.embed import PROBES, dimension, embed, embed_query, embedding, model_key, unanswered
from index.embed_models import instructions
from index.library import Library
from index.patience import within
from index.query import Query
from ingest.errors import ModelReplyInvalid, ModelUnreachable, SettingsError
from ingest.settings import Settings
from tests.embedding_server import DIMENSION, ModelHost, model_host, vector

TEXTS = [f"对第{n}类企业给予房租补贴。" for n in range(1, 24)]


@pytest.fixture
def host():
    with model_host() as started:
        yield started


@pytest.fixture
def model(host: ModelHost):
    return embedding("openai:测试模型", f"{host.address}/v1", "密钥".encode().hex())


def by_definition(texts: list[str]) -> np.ndarray:
    return np.array([vector(text) for text in texts], dtype=np.float32)


def test_an_openai_compatible_server_is_asked_in_small_batches_and_with_the_key(host, model):
    np.testing.assert_array_equal(embed(model, TEXTS), by_definition(TEXTS))
    assert embed_query(model, "房租补贴") == vector("房租补贴")
    assert [len(body["input"]) for _, body in host.requests] == [10, 10, 3, 1]  # DashScope refuses more than 10
    assert {path for path, _ in host.requests} == {"/v1/embeddings"}
    assert {body["model"] for _, body in host.requests} == {"测试模型"}
    assert {headers["Authorization"] for headers in host.headers} == {f"Bearer {'密钥'.encode().hex()}"}


@pytest.mark.parametrize("suffix", ["", "/v1"])  # the address of its chat models ends in /v1
def test_ollama_is_asked_at_its_own_address(host, suffix):
    pytest.importorskip("llama_index.embeddings.ollama", reason="needs the extra: pip install -e .[models]")
    model = embedding("ollama:bge-m3", f"{host.address}{suffix}")
    np.testing.assert_array_equal(embed(model, TEXTS), by_definition(TEXTS))
    assert embed_query(model, "房租补贴") == vector("房租补贴")
    assert {path for path, _ in host.requests} == {"/api/embed"}
    assert model_key(model) == "OllamaEmbedding:bge-m3"


def test_any_other_class_of_llama_index_is_named_with_its_arguments():
    name = 'llama_index.core.embeddings.mock_embed_model:MockEmbedding {"embed_dim": 8}'
    assert embed(embedding(name), ["企业"]).shape == (1, 8)
    assert model_key(embedding(name)) != model_key(embedding(name.replace("8", "9")))


# name of a model, what its makers put before a question, and before a text
INSTRUCTED = [
    ("bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""),
    ("BAAI/bge-large-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""),
    # one model for many languages, trained without
    ("bge-m3", "", ""),
    ("intfloat/multilingual-e5-base", "query: ", "passage: "),
    # of another family in spite of its name
    ("multilingual-e5-large-instruct", "", ""),
    ("Qwen/Qwen3-Embedding-0.6B", "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:", ""),
    ("text-embedding-v4", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "question", "text"), INSTRUCTED)
def test_instructions_are_known_by_the_name_of_the_model(name, question, text):
    assert instructions(name) == (question, text)


@pytest.mark.parametrize("kind", ["openai", "ollama"])
def test_instructions_are_sent_once(host, kind):
    pytest.importorskip(f"llama_index.embeddings.{kind}", reason="needs the extra: pip install -e .[models]")
    model = embedding(f"{kind}:multilingual-e5-base", f"{host.address}/v1")
    embed(model, ["给予补贴。"])
    embed_query(model, "补贴多少")
    assert host.texts() == ["passage: 给予补贴。", "query: 补贴多少"]


def reply(*rows: object) -> str:
    data = [{"object": "embedding", "index": at, "embedding": row} for at, row in enumerate(rows)]
    return json.dumps({"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}})


# what the server does when two texts are to be embedded, the error, what its message names
BAD_REPLIES = [
    # not started yet behind its proxy, wrong key, wrong path or model
    (401, ModelUnreachable, "401"),
    (404, ModelUnreachable, "404"),
    ("<html>登录</html>", ModelReplyInvalid, "结果无法使用"),
    ("{}", ModelReplyInvalid, "结果无法使用"),
    (reply([1.0, 2.0]), ModelReplyInvalid, "2 段文字得到 1 个向量"),
    (reply([1.0, 2.0], [1.0]), ModelReplyInvalid, "结果无法使用"),
    (reply([1.0, 2.0], [1.0, float("nan")]), ModelReplyInvalid, "无效的数"),
    (reply([1.0, 2.0], [1.0, None]), ModelReplyInvalid, "结果无法使用"),
    (reply([], []), ModelReplyInvalid, "长短不一"),
    (reply(1.0, 2.0), ModelReplyInvalid, "结果无法使用"),
]


@pytest.mark.parametrize(("fault", "error", "named"), BAD_REPLIES, ids=[str(row[0])[:40] for row in BAD_REPLIES])
def test_a_reply_that_is_no_vectors_is_explained(host, model, fault, error, named):
    host.fault = fault
    with pytest.raises(error, match=named) as caught:
        embed(model, TEXTS[:2])
    assert "测试模型" in str(caught.value) and caught.value.hint
    assert len(str(caught.value).splitlines()) == 1


# vectors of the two probes, what the message names
TELL_NOTHING_APART = [
    (reply([0.0, 0.0], [1.0, 0.0]), "全是 0"),
    # words that the tokenizer does not know are all the same to it
    (reply([0.6, 0.8], [0.6, 0.8]), "不认识中文"),
    (reply([0.3, 0.4], [0.6, 0.8]), "不认识中文"),
]


@pytest.mark.parametrize(("fault", "named"), TELL_NOTHING_APART)
def test_a_model_that_tells_nothing_apart_is_refused(host, model, fault, named):
    assert dimension(model) == DIMENSION
    assert host.texts() == list(PROBES)
    host.fault = fault
    with pytest.raises(ModelReplyInvalid, match=named):
        dimension(model)


@pytest.mark.parametrize(
    "fault", [row[0] for row in BAD_REPLIES[:4]] + [reply([float("nan")]), reply([]), reply([1.0])]
)
def test_a_question_without_a_vector_is_reported_until_the_model_answers_again(host, model, fault):
    dimension(model)
    host.fault = fault
    with pytest.raises(ModelUnreachable, match="测试模型"):
        embed_query(model, "房租补贴")
    assert isinstance(unanswered(model), ModelUnreachable)
    host.fault = None
    assert embed_query(model, "房租补贴") == vector("房租补贴")
    assert unanswered(model) is None


def test_a_server_that_comes_to_hold_another_model_is_noticed(host, model):
    assert dimension(model) == DIMENSION
    host.dimension = 2 * DIMENSION
    with pytest.raises(ModelReplyInvalid, match=f"原有 {DIMENSION} 维，现在是 {2 * DIMENSION} 维"):
        embed(model, TEXTS)
    with pytest.raises(ModelUnreachable, match="长度不对"):
        embed_query(model, "房租补贴")


def test_a_text_without_a_direction_is_no_zero_vector(host, model):
    """The index would divide by its length; a question of this kind is simply not looked up."""
    host.fault = reply([0.0, 0.0], [0.6, 0.8])
    np.testing.assert_allclose(embed(model, TEXTS[:2]), [[1, 0], [0.6, 0.8]])
    host.fault = reply([0.0, 0.0])
    with pytest.raises(ModelUnreachable):
        embed_query(model, "？")
    assert unanswered(model) is None


def test_a_question_waits_no_longer_for_a_server_that_hangs(host, model, monkeypatch):
    monkeypatch.setattr(embed_module, "QUERY_SECONDS", 0.1)
    host.fault = "hang"
    for reason in ("秒内没有应答", "上一次请求仍未返回"):
        with pytest.raises(ModelUnreachable, match=reason):
            embed_query(model, "房租补贴")


def test_while_a_call_is_overdue_none_is_begun():
    slow, returned = object(), threading.Event()
    begun: list[int] = []

    def call() -> None:
        begun.append(1)
        returned.wait()

    for _ in range(3):
        with pytest.raises(TimeoutError):
            within(0.0, slow, call)
    assert within(60, object(), lambda: "others are asked") == "others are asked"
    returned.set()
    while True:  # until the call has returned
        with suppress(TimeoutError):
            assert within(60, slow, lambda: len(begun)) == 1
            break


def test_what_a_call_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        within(60, object(), lambda: 1 / 0)
    with pytest.raises(KeyboardInterrupt):  # as a panic of a Rust library, no Exception
        within(60, object(), partial(_raise, KeyboardInterrupt()))


def _raise(error: BaseException) -> None:
    raise error


def test_the_openai_protocol_is_never_spoken_to_a_server_that_was_not_named():
    with pytest.raises(SettingsError, match="POLICY_EMBEDDING_URL"):
        embedding("openai:text-embedding-3-small")


# variables, what the message names
CONTRADICTIONS = [
    ({"POLICY_EMBEDDING": "openai:bge-m3", "POLICY_EMBEDDING_URL": "127.0.0.1:8000"}, "POLICY_EMBEDDING_URL"),
    ({"POLICY_EMBEDDING_URL": "http://127.0.0.1:8000/v1"}, "POLICY_EMBEDDING"),
]


@pytest.mark.parametrize(("environ", "named"), CONTRADICTIONS)
def test_settings_that_contradict_each_other_are_explained(environ, named):
    with pytest.raises(SettingsError, match=named) as caught:
        Settings.from_environment(environ)
    assert caught.value.hint


def test_keys_are_read_and_not_shown():
    names = ("POLICY_EMBEDDING_KEY", "POLICY_RERANKER_KEY", "POLICY_LLM_KEY")
    settings = Settings.from_environment(dict.fromkeys(names, "机密"))
    assert (settings.embedding_key, settings.reranker_key, settings.llm_key) == ("机密",) * 3
    assert "机密" not in repr(settings)


def served(settings: Settings, host: ModelHost, name: str = "甲") -> Settings:
    return replace(settings, embedding=f"openai:{name}", embedding_url=f"{host.address}/v1")


def clauses(host: ModelHost, model: str) -> list[str]:
    """What the model was asked to embed beside the questions and the texts that try it out."""
    return [text for text in host.texts(model) if text not in (*PROBES, "房租补贴")]


def legs(library: Library, text: str) -> set[str]:
    return {name for hit in library.search(Query(text)) for name, _ in hit.legs}


def found(library: Library, text: str) -> str:
    return library.search(Query(text))[0].chunk.document_id


def test_a_library_opens_without_its_model_and_makes_the_vectors_later(settings, host, policy, monkeypatch):
    monkeypatch.setattr("index.follow.RETRY_SECONDS", 0.0)
    host.fault = 401
    with Library.open(served(settings, host)) as library:
        library.add_documents([policy(1, "给予房租补贴。"), policy(2, "给予贷款贴息。")])
        (notice,) = library.notices()
        assert "甲" in notice and "401" in notice and "文字检索不受影响" in notice
        assert found(library, "房租补贴") == "示政办〔2023〕1号"
        host.fault = None
        library.catch_up()
        assert library.notices() == ()
        assert legs(library, "房租补贴") == {"lexical", "dense"}
        # gone again: the words answer, and one line says so
        host.fault = 401
        assert found(library, "房租补贴") == "示政办〔2023〕1号"
        (notice,) = library.notices()
        assert "甲" in notice and "没有应答" in notice


def test_vectors_of_two_models_are_not_mixed_and_each_text_is_embedded_once(settings, host, policy):
    first, second = served(settings, host, "甲"), served(settings, host, "乙")
    with Library.open(first) as library:
        library.add_documents([policy(1, "给予房租补贴。"), policy(2, "给予贷款贴息。")])
        assert library.notices() == ()
    with Library.open(second) as library:
        (notice,) = library.notices()
        assert "甲" in notice and "乙" in notice and "rebuild" in notice
        assert legs(library, "房租补贴") == {"lexical"}
        library.add_document(*policy(3, "给予用电补贴。"))
        assert not clauses(host, "乙")
        library.rebuild()
        assert library.notices() == ()
        assert legs(library, "房租补贴") == {"lexical", "dense"}
    with Library.open(first) as library:
        assert "rebuild" in "".join(library.notices())
        library.rebuild()
        assert library.notices() == ()
    assert sorted(clauses(host, "甲")) == sorted(clauses(host, "乙"))
    assert {text[:11] for text in clauses(host, "甲")} == {f"关于支持第{n}类企业的若" for n in (1, 2, 3)}
