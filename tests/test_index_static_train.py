"""Training on a world of two topics: what belongs together comes together, and judged questions find their answers."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="needs the extra: pip install -e .[train]")

from index.evaluation import JudgedSet
from index.static import train
from index.static.embedding import Table
from index.static.features import features
from index.static.train import Questions, Texts, train_table, tune

WATER = "水库放水灌溉稻田。稻田缺水应当报告水库。水库的水位由站长记录。灌溉用水按亩收费。站长负责巡查水库。"
SCHOOL = "小学招收适龄儿童。儿童入学需要户口簿。小学的班额不得超过标准。入学报名由校长组织。校长负责招收工作。"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(train, "DIMENSION", 16)
    monkeypatch.setattr(train, "BATCH", 24)
    monkeypatch.setattr(train, "STEPS", 150)
    monkeypatch.setattr(train, "TUNING_STEPS", 60)


def cosine(table: np.ndarray, one: str, other: str) -> float:
    left, right = Table.of(table).vectors([features(one), features(other)])
    return float(left @ right)


@pytest.fixture
def learned():
    sources = [(1.0, Texts.of([WATER, SCHOOL] * 8))]
    return train_table(sources), sources


def test_sentences_of_one_text_come_together(learned):
    table, _ = learned
    assert cosine(table, "灌溉用水", "站长巡查") > cosine(table, "灌溉用水", "入学报名") + 0.3


def test_a_judged_question_finds_its_answer_though_they_share_no_word(learned):
    table, sources = learned
    asked, answer = "娃娃念书", "小学招收适龄儿童。"
    judged = JudgedSet((("甲", "小学", answer), ("乙", "水库", WATER)), (("问", asked),), {"问": {"甲": 1}})
    before = cosine(table, asked, answer)
    tune(table, sources, [Questions.of(judged)])
    assert cosine(table, asked, answer) > max(before, cosine(table, asked, WATER)) + 0.3


def test_a_text_of_one_sentence_teaches_nothing_and_is_left_out():
    texts = Texts.of([WATER, "只有一句话。"])
    assert len(texts.texts) == 2


def test_a_pair_is_two_parts_of_one_text():
    texts, random = Texts.of([WATER, SCHOOL]), np.random.default_rng(1)
    water, school = set(features(WATER)), set(features(SCHOOL))
    for _ in range(50):
        sentence, rest = texts.pair(random)
        assert len(sentence) and len(rest)
        assert set(sentence) | set(rest) <= water or set(sentence) | set(rest) <= school
