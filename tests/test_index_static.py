"""The offline embedding by its definition, what it knows, and that training teaches a table what goes together."""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import sys
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import analyzer
from index.analyzer import bigrams, dictionary_words
from index.static.embedding import FOLDER, StaticEmbedding, Table
from index.static.features import ROWS, _row_of_word, features, forget

SENTENCE = "对首次认定的高新技术企业，给予20万元一次性奖励。"
ROOT = Path(__file__).parent.parent
MEBIBYTES = 1 << 20


def by_definition(text: str) -> np.ndarray:
    """The oracle: one feature after the other."""
    table = Table.load(FOLDER)
    tokens = [f"w:{word}" for line in text.split("\n") for word in dictionary_words(line)]
    tokens += [f"b:{pair}" for line in text.split("\n") for pair in bigrams(line)]
    total = np.zeros(table.rows.shape[1])
    for row, count in Counter(zlib.crc32(token.encode()) % len(table.rows) for token in tokens).items():
        total += (1 + math.log(count)) * table.rows[row].astype(float) * float(table.scales[row])
    return total / np.linalg.norm(total)


chinese = st.text(alphabet="对企业给予奖励补贴万元年度认定高新技术，。；（）0123456789 abc\n", max_size=60)


@settings(deadline=None)  # the first text loads the dictionary
@given(st.lists(chinese.filter(lambda text: any(c.isalnum() for c in text)), max_size=5))
def test_vectors_are_what_the_definition_says(texts):
    made = StaticEmbedding().vectors(texts)
    assert made.shape == (len(texts), 160)
    assert made.dtype == np.float32
    for row, text in zip(made, texts, strict=True):
        np.testing.assert_allclose(row, by_definition(text), atol=1e-5)


@settings(deadline=None)  # the first text loads the dictionary
@given(st.lists(st.sampled_from([*"企业奖〇𠀀㐀豈é，Ａ\n ", "ab1", "5" * 50, "高新技术"]), max_size=20).map("".join))
def test_the_row_of_a_word_or_pair_is_its_checksum(text):
    tokens = []
    for line in text.split("\n"):
        tokens += [f"w:{word}" for word in dictionary_words(line)] + [f"b:{pair}" for pair in bigrams(line)]
    assert features(text).tolist() == [zlib.crc32(token.encode()) % ROWS for token in tokens]


def test_what_a_text_spells_in_letters_and_digits_is_not_remembered():
    features("secret4711企业")
    forget()
    for remembered in (_row_of_word, analyzer._terms_of_word):
        assert "企业" in remembered
        assert not any(word.isascii() for word in remembered)
    assert analyzer._of_line.cache_info().currsize == analyzer._of_block.cache_info().currsize == 0


@settings(deadline=None)  # the first text loads the dictionary
@given(st.text())
def test_every_text_has_a_direction(text):
    """Empty, punctuation only, foreign: Chroma has no cosine for a zero vector."""
    assert np.linalg.norm(StaticEmbedding().vectors([text])[0]) == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vector_alone_in_company_and_as_a_question():
    model = StaticEmbedding()
    alone = model.get_text_embedding(SENTENCE)
    assert model.get_text_embedding_batch(["别的", SENTENCE, "再一个"] * 400)[1] == alone
    assert model.get_query_embedding(SENTENCE) == alone
    with ThreadPoolExecutor(1) as other:  # a browser test before this one leaves a running loop in this thread
        assert other.submit(asyncio.run, model.aget_query_embedding(SENTENCE)).result() == alone


def test_words_that_only_ask_do_not_turn_a_question():
    model = StaticEmbedding()
    assert model.get_query_embedding("请问厂房租金补贴多少呢？") == model.get_query_embedding("厂房租金补贴")


def test_another_process_makes_the_same_vector():
    code = f"from index.static.embedding import StaticEmbedding as S; print(S().get_text_embedding({SENTENCE!r}))"
    environment = {"PYTHONHASHSEED": "12345", "PATH": ""}
    output = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=environment)
    assert json.loads(output) == StaticEmbedding().get_text_embedding(SENTENCE)


def test_the_weights_are_small_and_say_where_they_come_from():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 25 * MEBIBYTES
    assert (FOLDER.parent / "DATA.md").is_file()


# a question, the text it means, one with more of its words that it does not mean
MEANT = [
    ("老板拖着工资不发", "用人单位应当按时足额支付劳动报酬。", "老旧小区不供暖的，由住建部门负责改造。"),
    ("老板欠薪不给", "用人单位应当按时足额支付劳动者工资。", "老旧小区不给水的，由住建部门负责改造。"),
    (
        "被公司开除有没有补偿",
        "用人单位解除劳动合同的，应当向劳动者支付经济补偿。",
        "有限责任公司的名称应当标明公司字样。",
    ),
    ("离婚孩子归谁", "父母离婚后，不满两周岁的子女由母亲直接抚养。", "归档材料由谁负责的，由办公室登记。"),
]


@pytest.mark.parametrize(("question", "meant", "other"), MEANT, ids=[row[0] for row in MEANT])
def test_a_question_is_nearer_to_what_it_means_than_to_what_shares_its_words(question, meant, other):
    query, good, bad = StaticEmbedding().vectors([question, meant, other])
    assert query @ good > query @ bad


def test_rounding_to_bytes_keeps_the_directions():
    rows = np.random.default_rng(5).normal(size=(200, 32)).astype(np.float32) * np.geomspace(1e-3, 10, 200)[:, None]
    table = Table.of(rows.astype(np.float32))
    back = table.rows * table.scales[:, None].astype(np.float32)
    cosines = (rows * back).sum(1) / np.linalg.norm(rows, axis=1) / np.linalg.norm(back, axis=1)
    assert cosines.min() > 0.999


def test_a_table_on_disk_is_the_table_in_memory(tmp_path):
    table = Table.of(np.arange(64, dtype=np.float32).reshape(8, 8))
    table.save(tmp_path)
    again = Table.load(tmp_path)
    np.testing.assert_array_equal(again.rows, table.rows)
    np.testing.assert_array_equal(again.scales, table.scales)
