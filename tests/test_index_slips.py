"""Slips of the input method: a word that sounds like what was typed is looked for as well, and nothing is taken away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import SLIP, understand
from index.slips import meant

SLIPS = [
    ("高薪技术企业有多少补帖", {"高新技术企业", "补贴"}, "two slips, one in a word of two characters"),
    ("专精特薪企业认定", {"专精特新", "专精特新企业"}, "a coined word"),
    ("首抬套怎么申报", {"首台套"}, "three characters"),
    ("营商环竟怎么样", {"营商环境"}, "the last character"),
    ("小围企业贷款", {"小微企业"}, "a character inside"),
    ("稳刚返还", {"稳岗返还"}, "another tone"),
    ("公祖房怎么申请", {"公租房"}, "an everyday word"),
    ("高新技术企业的补贴", set(), "nothing is wrong"),
    ("高薪招聘的企业", set(), "高薪 is a word, and nothing sounds like the rest"),
    ("老板几个月不发工资", set(), "月不 sounds like 月补, an everyday word"),
    ("运输28克小麻", set(), "克小 sounds like 科小, a short form"),
    ("最低工资标准低", set(), "标准 and 低 are two words, and no 标准地"),
    ("补铁补贴", set(), "what is meant stands in the question"),
    ("部帖", set(), "two of two characters are no slip"),
]


@pytest.mark.parametrize(("text", "words", "reason"), SLIPS, ids=[row[2] for row in SLIPS])
def test_words_that_sound_like_what_was_typed(text: str, words: set[str], reason: str):
    assert set(meant(text)) == words, reason


def test_they_are_looked_for_with_less_weight_and_the_text_stays():
    query = understand("高薪技术企业奖励")
    assert query.text == "高薪技术企业奖励"
    assert dict(query.expansions)["高新技术企业"] == SLIP < 1


@given(st.text(max_size=60) | st.text(alphabet="高薪新技术企业补帖贴首抬台套，A1 ", max_size=30))
def test_no_word_is_meant_that_is_said(text: str):
    assert all(word not in text for word in meant(text))
