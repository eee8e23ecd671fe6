"""Models of sentence-transformers from a folder: real ones, tiny, made here. Skipped where the library is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from index.embed import dimension, embed, embed_query, embedding, model_key
from index.library import Library
from index.query import Query
from index.rerank import reranker
from ingest.errors import ModelReplyInvalid, SettingsError
from ingest.settings import Settings
from tests.tiny_models import make_cross_encoder, make_embedding

pytest.importorskip("sentence_transformers", reason="needs the extra: pip install -e .[models]")

from sentence_transformers import CrossEncoder, SentenceTransformer

TEXTS = ["对首次认定的高新技术企业给予一次性奖励。", "给予房租补贴。", "对贷款给予贴息。"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedding model, a reranker and what is neither."""
    made = tmp_path_factory.mktemp("模型")
    make_embedding(made / "嵌入")
    make_embedding(made / "带提示的嵌入", prompts={"query": "一", "document": "二三"})
    make_embedding(made / "外文嵌入", characters="abcdefghijklmnopqrstuvwxyz")
    make_cross_encoder(made / "重排")
    make_cross_encoder(made / "分类", labels=3)
    CrossEncoder(str(made / "重排")).save_pretrained(str(made / "另存的重排"))
    return made


@pytest.mark.parametrize("name", ["嵌入", "带提示的嵌入"])
def test_vectors_are_those_of_the_library_with_the_prompts_that_its_makers_saved(folder, name):
    expected = SentenceTransformer(str(folder / name))
    for setting in (str(folder / name), f"huggingface:{folder / name}", os.path.relpath(folder / name)):
        model = embedding(setting)
        wanted = expected.encode_document(TEXTS, normalize_embeddings=True)
        np.testing.assert_allclose(embed(model, TEXTS), wanted, atol=1e-6)
        wanted = expected.encode_query(TEXTS[0], normalize_embeddings=True)
        np.testing.assert_allclose(embed_query(model, TEXTS[0]), wanted, atol=1e-6)
        assert dimension(model) == 32


def test_instructions_known_by_name_reach_a_model_that_saved_none(folder, tmp_path):
    shutil.copytree(folder / "嵌入", tmp_path / "bge-small-zh-v1.5")
    model = embedding(str(tmp_path / "bge-small-zh-v1.5"))
    expected = SentenceTransformer(str(folder / "嵌入"))
    asked = expected.encode("为这个句子生成表示以用于检索相关文章：房租补贴", normalize_embeddings=True)
    np.testing.assert_allclose(embed_query(model, "房租补贴"), asked, atol=1e-6)
    np.testing.assert_allclose(embed(model, TEXTS), expected.encode(TEXTS, normalize_embeddings=True), atol=1e-6)


def test_a_model_is_known_by_what_its_folder_holds(folder, tmp_path):
    key = model_key(embedding(str(folder / "嵌入")))
    moved = tmp_path / "嵌入"
    shutil.copytree(folder / "嵌入", moved)
    (moved / "README.md").write_text("moved")
    assert model_key(embedding(str(moved))) == key
    shutil.rmtree(moved)
    make_embedding(moved, seed=1)
    assert model_key(embedding(str(moved))) != key
    assert key.startswith("HuggingFaceEmbedding:嵌入@")


def test_a_model_that_knows_no_chinese_is_refused(folder):
    with pytest.raises(ModelReplyInvalid, match="不认识中文"):
        dimension(embedding(str(folder / "外文嵌入")))


# what is done to the folder of a model, by its name
DAMAGES: dict[str, Callable[[Path], object]] = {
    "half of the weights": lambda model: os.truncate(model / "model.safetensors", 500),
    "no weights": lambda model: (model / "model.safetensors").unlink(),
    "other weights": lambda model: (model / "model.safetensors").write_bytes(os.urandom(3000)),
    "no configuration": lambda model: (model / "config.json").unlink(),
    "half of a configuration": lambda model: (model / "config.json").write_text('{"model_type": "be'),
    "no object": lambda model: (model / "config.json").write_text("[]"),
    "no tokenizer that can be read": lambda model: (model / "tokenizer.json").write_text('{"a": 1}'),
    "nothing": lambda model: [shutil.rmtree(model), model.mkdir()],
    "something else": lambda model: [shutil.rmtree(model), model.mkdir(), (model / "a.txt").write_text("一")],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_is_explained(folder, tmp_path, damage):
    for kind in ("嵌入", "重排"):
        shutil.copytree(folder / kind, tmp_path / kind)
        DAMAGES[damage](tmp_path / kind)
    with pytest.raises(SettingsError, match="嵌入") as caught:
        embedding(str(tmp_path / "嵌入"))
    assert caught.value.hint and len(str(caught.value).splitlines()) == 1
    with pytest.raises(SettingsError, match="重排") as caught:
        reranker(Settings(reranker=str(tmp_path / "重排")))
    assert caught.value.hint and len(str(caught.value).splitlines()) == 1


# setting, folder, what the message says: each loads without an error, and its numbers would be noise
MISTAKEN = [
    ("embedding", "重排", "是重排模型，不是嵌入模型"),
    ("embedding", "另存的重排", "是重排模型，不是嵌入模型"),
    ("reranker", "嵌入", "没有打分层"),
    ("reranker", "分类", "把文字分为 3 类"),
]


@pytest.mark.parametrize(("setting", "name", "message"), MISTAKEN)
def test_a_model_of_another_kind_is_refused(folder, setting, name, message):
    with pytest.raises(SettingsError, match=message) as caught:
        if setting == "embedding":
            embedding(str(folder / name))
        else:
            reranker(Settings(reranker=str(folder / name)))
    assert caught.value.hint


def test_a_name_that_is_not_on_this_machine_fails_without_network(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    for load in (lambda: embedding("huggingface:某处/某模型"), lambda: reranker(Settings(reranker="nobody/nothing"))):
        with pytest.raises(SettingsError) as caught:
            load()
        assert caught.value.hint
    with pytest.raises(SettingsError, match="不存在"):
        reranker(Settings(reranker="/没有/这个/文件夹"))


@pytest.mark.parametrize("name", ["重排", "另存的重排"])
def test_a_reranker_from_a_folder_orders_as_the_library_does(folder, settings, policy, name):
    with Library.open(replace(settings, reranker=str(folder / name))) as library:
        library.add_documents(policy(n, f"给予第{n}类企业房租补贴。", "给予贷款贴息。") for n in range(1, 5))
        query = Query("房租补贴", limit=10)
        found = library.search(query)
        assert library.notices() == ()
    pairs = [(query.text, f"{hit.chunk.context}\n{hit.chunk.text}") for hit in found]
    scores = CrossEncoder(str(folder / "重排")).predict(pairs)
    assert len(found) == 10
    assert all(better >= worse - 1e-6 for better, worse in pairwise(scores))
    assert [dict(hit.legs)["rerank"] for hit in found] == list(range(1, 11))


def test_a_library_changes_to_a_model_from_a_folder_and_back(folder, settings, policy):
    with Library.open(settings) as library:
        library.add_documents([policy(1, "给予房租补贴。"), policy(2, "给予贷款贴息。")])
    real = replace(settings, embedding=str(folder / "嵌入"))
    with Library.open(real) as library:
        (notice,) = library.notices()
        assert "嵌入@" in notice and "python -m index rebuild" in notice
        hits = library.search(Query("房租补贴"))
        assert hits[0].chunk.document_id == "示政办〔2023〕1号"
        assert {name for hit in hits for name, _ in hit.legs} == {"lexical"}
        library.rebuild()
        assert library.notices() == ()
        library.add_document(*policy(3, "给予用电补贴。"))
        assert {name for hit in library.search(Query("用电补贴")) for name, _ in hit.legs} == {"lexical", "dense"}
    with Library.open(settings) as library:
        assert "python -m index rebuild" in "".join(library.notices())
