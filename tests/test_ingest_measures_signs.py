"""A list of patterns that is asked only for those that can match must find what asking for all of them finds."""

import importlib
import pkgutil
import re

import pytest

import ingest.measures
import ingest.numerals
from ingest.document import Span
from ingest.measures.beneficiary import read_beneficiary
from ingest.measures.signs import Signs, Sought, needs, starting
from ingest.normalize import fold
from ingest.vocabulary import table
from tests.test_ingest_measures_clauses import rows

TEXTS = [fold(row["text"]) for row in rows()]
MODULES = [
    ingest.numerals,
    *(
        importlib.import_module(f"ingest.measures.{found.name}")
        for found in pkgutil.iter_modules(ingest.measures.__path__)
    ),
]
NAMED = [(f"{module.__name__}.{name}", value) for module in MODULES for name, value in vars(module).items()]
SOUGHT = [(name, value) for name, value in NAMED if isinstance(value, Sought)]
STARTING = [
    (name, value) for name, value in NAMED if isinstance(value, re.Pattern) and value.pattern.startswith("(?=[")
]
LISTS = ("beneficiaries", "metrics", "facts", "fair_competition")

NEEDS = [
    ("小(?:型)?微?企业", "小", "what may be left out is not needed"),
    ("(?:规模以上|规上)工业", "规", "one of the branches"),
    ("(?<!专精特新)中小企业", "中", "what must not stand in front is no part of it"),
    ("省级?|市级?", "市省", "either"),
    (r"[省市]级\d{1,3}家", "家", "the most telling character"),
    (r"\d+", "", "a class of characters tells nothing"),
    ("(?:企业)?", "", "it may be empty"),
]


@pytest.mark.parametrize(("pattern", "characters", "reason"), NEEDS, ids=[reason for *_, reason in NEEDS])
def test_every_match_has_one_of_the_characters(pattern, characters, reason):
    needed = needs(pattern)
    assert "".join(sorted(needed[0])) == characters if needed else characters == ""


@pytest.mark.parametrize("name", LISTS)
def test_no_row_of_a_word_list_is_passed_over(name):
    patterns = [row["pattern"] for row in table(name)]
    signs = Signs((pattern, pattern) for pattern in patterns)
    for text in TEXTS:
        assert set(signs.possible(text)) >= {pattern for pattern in patterns if re.search(pattern, text)}


@pytest.mark.parametrize("name", LISTS)
def test_a_pattern_tried_only_where_it_can_begin_finds_the_same_words(name):
    for row in table(name):
        quick, plain = starting(row["pattern"]), re.compile(row["pattern"])
        for text in TEXTS:
            assert [m.span() for m in quick.finditer(text)] == [m.span() for m in plain.finditer(text)]


def test_a_park_with_a_name_is_found_with_its_name():
    text = "对智能家电产业园给予20万元奖励。"
    (words,) = read_beneficiary(text, Span(0, len(text))).types
    assert (words.text, words.span.of(text)) == ("载体", "智能家电产业园")


@pytest.mark.parametrize("sought", [value for _, value in SOUGHT], ids=[name for name, _ in SOUGHT])
def test_what_is_sought_only_where_a_sign_stands_is_found_all_the_same(sought):
    plain = re.compile(sought.pattern)
    for text in TEXTS:
        found = [match.span() for match in plain.finditer(text)]
        assert [match.span() for match in sought.finditer(text)] == found
        assert (sought.search(text) is not None) == bool(found)


def test_a_sign_before_the_place_where_the_search_begins_is_none():
    assert Sought("小微?企业").search("小企业和大企业", 3) is None


@pytest.mark.parametrize("quick", [value for _, value in STARTING], ids=[name for name, _ in STARTING])
def test_a_pattern_of_the_reader_tried_only_where_it_can_begin_finds_the_same_words(quick):
    plain = re.compile(re.sub(r"\A\(\?=\[.*?(?<!\\)\]\)", "", quick.pattern), quick.flags)
    for text in TEXTS:
        assert [m.span() for m in quick.finditer(text)] == [m.span() for m in plain.finditer(text)]
