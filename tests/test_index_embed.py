"""The offline embedding by its definition, and names that lead to models."""

from __future__ import annotations

import httpx
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.embed import dimension, embed, embedding, model_key
from index.static.embedding import StaticEmbedding
from ingest.errors import ModelUnreachable, SettingsError

SENTENCE = "对首次认定的高新技术企业，给予20万元一次性奖励。"


def test_the_default_needs_nothing():
    model = embedding("offline")
    assert embed(model, [SENTENCE, ""]).shape == (2, dimension(model))
    assert embed(model, []).shape[0] == 0


# name, what the message must name
UNUSABLE = [
    ("llama_index.embeddings.nobody_has_this:Embedding", "llama-index-embeddings-nobody-has-this"),
    ("llama_index.core.embeddings.mock_embed_model:NoClass", "NoClass"),
    ("llama_index.core.embeddings.mock_embed_model:MockEmbedding", "embed_dim"),
    ("ingest.settings:Settings", "Settings"),
    ("/no/such/folder", "/no/such/folder"),
    ("openai:text-embedding-3-small", "POLICY_EMBEDDING_URL"),
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
    own = StaticEmbedding()
    assert model_key(own) != model_key(StaticEmbedding(model_name="static-160-0"))
    assert model_key(own) != model_key(RemoteEmbedding(model_name=own.model_name, address=""))
