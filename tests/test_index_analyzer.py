"""Terms are what people type: policy words whole, file numbers and amounts in one spelling, nothing lost to width or case."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jieba import Tokenizer

from index import analyzer
from index.analyzer import bigrams, dictionary_words, number_term, tagged, unigrams, words
from ingest.docnumber import find_numbers

WHOLE = ["双招双引", "专精特新", "高新技术企业", "首台套", "免申即享", "亩均论英雄"]


@pytest.mark.parametrize("word", WHOLE)
def test_policy_words_stay_whole(word: str):
    assert word in words(f"支持{word}工作")


def test_the_parts_of_a_long_word_are_found_too():
    assert {"高新技术企业", "高新", "技术", "企业"} <= set(words("高新技术企业"))


@pytest.fixture(scope="module")
def jieba_itself() -> Tokenizer:
    tokenizer = Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for line in files("ingest.vocabulary").joinpath("jieba_userdict.txt").read_text("utf-8").splitlines():
        word, frequency, _ = line.split(" ")
        tokenizer.add_word(word, int(frequency))
    return tokenizer


@settings(deadline=None)  # the first sentence loads the dictionary
@given(
    st.lists(
        st.sampled_from(
            [
                "企业",
                "中华人民共和国",
                "高新技术企业认定",
                "的一是",
                "abc-1",
                "〇",
                "龘",
                "𠀀",
                "，",
                "\n",
                "十",
                "t恤",
                " ",
                "5g",
                "%",
            ]
        )
    )
)
def test_sentences_are_cut_exactly_as_jieba_cuts_them(jieba_itself: Tokenizer, pieces: list[str]):
    sentence = "".join(pieces)
    theirs = [word for word in jieba_itself.cut_for_search(sentence, HMM=False) if word[0].isalnum()]
    assert list(dictionary_words(sentence)) == theirs
    whole = [word for word in jieba_itself.cut(sentence, HMM=False) if word[0].isalnum()]
    assert [word for word, _ in tagged(sentence)] == whole


NUMBERS = [
    ("皖政办[2023] 12 号", "brackets and spaces of a web page"),
    ("皖政办〔2023〕12号", "as the rules print it"),
    ("皖政办【2023】第12号", "the wrong brackets and 第"),
]


@pytest.mark.parametrize(("printed", "reason"), NUMBERS, ids=[n[1] for n in NUMBERS])
def test_a_file_number_is_one_term_however_it_is_printed(printed: str, reason: str):
    terms = words(f"根据《意见》（{printed}）精神")
    assert "皖政办〔2023〕12号" in terms
    assert not {"2023", "12", "皖"} & set(terms)


def test_a_masked_number_is_a_term_as_printed():
    (number,) = find_numbers("（皖发〔202x〕12号）")
    assert number_term(number.canonical) in words("按照（皖发〔202X〕12号）要求")


SAME_AMOUNTS = [
    ("500万元", "五百万元", "5000000cny"),
    ("1,000万元", "1000万元", "10000000cny"),
    ("３０％", "百分之三十", "0.3"),
    ("2亿元", "200000000元", "200000000cny"),
]


@pytest.mark.parametrize(("one", "other", "term"), SAME_AMOUNTS)
def test_one_amount_in_two_spellings_is_one_term(one: str, other: str, term: str):
    assert term in words(f"给予{one}补助")
    assert term in words(f"给予{other}补助")


def test_width_and_case_do_not_matter():
    assert words("ＡＩ产业５Ｇ") == words("ai产业5g")
    assert bigrams("ＡＩ产业") == ["ai", "产业"]


def test_pairs_do_not_cross_punctuation():
    assert bigrams("人才、住房") == ["人才", "住房"]
    assert bigrams("人") == ["人"]
    assert unigrams("人才2024年") == ["人", "才", "2024", "年"]


@given(st.text(max_size=200))
def test_no_term_is_empty_has_space_or_is_endless(text: str):
    for terms in (words(text), bigrams(text), unigrams(text)):
        assert all(term and not any(c.isspace() for c in term) for term in terms)
        assert all(len(term) <= max(analyzer.LONGEST_TERM, 60) for term in terms)


@given(st.text(alphabet="政府补贴企业一二三〔〕2024号", max_size=60))
def test_every_chinese_character_is_found_by_itself(text: str):
    assert [c for c in text if "\u4e00" <= c <= "\u9fff"] == [t for t in unigrams(text) if not t.isascii()]


def test_a_long_run_of_unknown_characters_is_cut():
    assert words("龘" * 100_000) == ["龘"] * 100_000  # with jieba's hidden Markov model this takes hours


def test_loading_prints_nothing_and_leaves_no_file(tmp_path):
    code = "from index.analyzer import words; words('双招双引')"
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", code],
        env={"PATH": "", "TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert list(tmp_path.iterdir()) == []
