"""The offline embedding by its definition, and names that lead to models."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.analyzer import bigrams, words
from index.embed import HashedEmbedding, embed, embedding, model_key
from ingest.errors import ModelUnreachable, SettingsError

SENTENCE = "对首次认定的高新技术企业，给予20万元一次性奖励。"


def by_definition(text: str) -> np.ndarray:
    """The oracle: one feature after the other."""
    vector = np.zeros(384)
    for tokens, weight in ((words(text), 1.0), (bigrams(text), 0.5)):
        for token, count in Counter(tokens).items():
            number = int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "little")
            vector[(number >> 1) % 384] += (1 if number & 1 else -1) * weight * (1 + math.log(count))
    if not vector.any():
        vector[0] = 1
    return vector / np.linalg.norm(vector)


chinese = st.text(alphabet="对企业给予奖励补贴万元年度认定高新技术，。；（）0123456789 abc", max_size=60)


@given(st.lists(chinese, max_size=5))
def test_vectors_are_what_the_definition_says(texts):
    made = HashedEmbedding().vectors(texts)
    assert made.shape == (len(texts), 384)
    assert made.dtype == np.float32
    for row, text in zip(made, texts, strict=True):
        np.testing.assert_allclose(row, by_definition(text), atol=1e-5)


@given(st.text())
def test_every_text_has_a_direction(text):
    """Empty, punctuation only, foreign, surrogates aside: Chroma has no cosine for a zero vector."""
    assert np.linalg.norm(HashedEmbedding().vectors([text])[0]) == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vector_alone_in_company_and_as_a_question():
    model = HashedEmbedding()
    alone = model.get_text_embedding(SENTENCE)
    assert model.get_text_embedding_batch(["别的", SENTENCE, "再一个"] * 400)[1] == alone
    assert model.get_query_embedding(SENTENCE) == alone
    with ThreadPoolExecutor(1) as other:  # a browser test before this one leaves a running loop in this thread
        assert other.submit(asyncio.run, model.aget_query_embedding(SENTENCE)).result() == alone


def test_another_process_makes_the_same_vector():
    code = f"from index.embed import HashedEmbedding; print(HashedEmbedding().get_text_embedding({SENTENCE!r}))"
    environment = {"PYTHONHASHSEED": "12345", "PATH": ""}
    output = subprocess.check_output([sys.executable, "-c", code], cwd=Path(__file__).parent.parent, env=environment)
    assert json.loads(output) == HashedEmbedding().get_text_embedding(SENTENCE)


# a question, the text it means, one that it does not mean
NEARER = [
    ("高新技术企业认定奖励", SENTENCE, "对新引进的外贸企业，给予房租补贴。"),
    ("企业房租怎么补贴", "对新引进的外贸企业，给予房租补贴。", SENTENCE),
    ("皖政办[2023]12号", "根据皖政办〔2023〕12号文件规定执行。", "根据皖政办〔2022〕18号文件规定执行。"),
]


@pytest.mark.parametrize(("question", "meant", "other"), NEARER)
def test_a_question_is_nearer_to_the_text_with_its_words(question, meant, other):
    query, good, bad = HashedEmbedding().vectors([question, meant, other])
    assert query @ good > query @ bad


def test_the_default_needs_nothing():
    model = embedding("offline")
    assert embed(model, [SENTENCE, ""]).shape == (2, 384)
    assert embed(model, []).shape[0] == 0


# name, what the message must name
UNUSABLE = [
    ("huggingface:BAAI/bge-small-zh-v1.5", "llama-index-embeddings-huggingface"),
    ("ollama:bge-m3", "llama-index-embeddings-ollama"),
    ("openai:text-embedding-3-small", "llama-index-embeddings-openai"),
    ("bge-m3", "bge-m3"),
    ("ollama:", "ollama:"),
    ("ftp:model", "ftp:model"),
]


@pytest.mark.parametrize(("name", "named"), UNUSABLE)
def test_a_name_that_leads_nowhere_is_explained(name, named):
    with pytest.raises(SettingsError, match=named) as caught:
        embedding(name)
    assert "offline" in caught.value.hint


class RemoteEmbedding(BaseEmbedding):
    """An embedding behind a server, as llama-index integrations are."""

    address: str

    def _get_text_embedding(self, text: str) -> list[float]:
        return httpx.post(self.address, json={"input": text}).json()

    _get_query_embedding = _get_text_embedding

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def test_a_model_server_that_is_down_is_reported():
    model = RemoteEmbedding(model_name="远方的模型", address="http://127.0.0.1:9/embed")
    with pytest.raises(ModelUnreachable, match="远方的模型") as caught:
        embed(model, [SENTENCE])
    assert caught.value.hint


def test_models_are_told_apart():
    assert model_key(HashedEmbedding()) != model_key(HashedEmbedding(model_name="hashed-384-2"))
    assert model_key(HashedEmbedding()) != model_key(RemoteEmbedding(model_name="hashed-384-1", address=""))
