"""A question: what it names is recognised in any spelling, everyday words get their official ones, and nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import LONGEST_QUERY, NEAR, SAME, Filters, subject, understand

NUMBERS = [
    ("皖政办[2023] 12 号说了什么", ("皖政办〔2023〕12号",)),
    ("皖政办〔2023〕12号和皖政【2024】5号的区别", ("皖政办〔2023〕12号", "皖政〔2024〕5号")),
    ("皖发〔202x〕12号", ("皖发〔202x〕12号",)),
    ("皖发[202X]12号", ("皖发〔202x〕12号",)),
    ("给予12万元补助", ()),
]


@pytest.mark.parametrize(("text", "numbers"), NUMBERS)
def test_file_numbers_are_read_in_any_spelling_and_never_completed(text: str, numbers: tuple[str, ...]):
    assert tuple(n.replace("X", "x") for n in understand(text).numbers) == numbers


TITLES = [
    ("《示例区若干政策》第五条怎么规定", ("示例区若干政策",), ("第五条",)),
    ("《关于印发〈人才安居办法〉的通知》", ("关于印发〈人才安居办法〉的通知", "人才安居办法"), ()),
    ("《意见》里怎么说", (), ()),
    ("第 12 条和第二十一条", (), ("第12条", "第二十一条")),
    ("第一次申报有什么条件", (), ()),
]


@pytest.mark.parametrize(("text", "titles", "articles"), TITLES)
def test_titles_and_articles_are_read(text: str, titles: tuple[str, ...], articles: tuple[str, ...]):
    query = understand(text)
    assert (query.titles, query.articles) == (titles, articles)


def test_everyday_words_bring_official_ones_with_a_low_weight():
    expansions = dict(understand("招人有没有钱拿").expansions)
    assert expansions["人才引进"] == SAME
    assert all(weight in (SAME, NEAR) for weight in expansions.values())
    assert NEAR < SAME < 1


def test_official_words_bring_none_and_words_of_the_question_are_not_repeated():
    assert understand("研发费用补贴标准").expansions == ()
    assert "人才引进" not in dict(understand("招人，人才引进").expansions)


def test_level_words_do_not_narrow_the_search():
    assert understand("我区和省里2023年的奖励").filters == Filters()


def test_filters_day_and_limit_are_passed_on():
    filters, day = Filters(levels=("city",), years=(2024,)), date(2024, 5, 1)
    query = understand("奖励", filters, day, 7)
    assert (query.filters, query.as_of, query.limit) == (filters, day, 7)


SUBJECTS = [
    ("请问研发补助怎么申请呢？", {"研发补助", "申请"}),
    ("怎么办？", {"怎么办"}),
    ("", set()),
]


@pytest.mark.parametrize(("text", "left"), SUBJECTS)
def test_words_that_only_ask_are_dropped_unless_nothing_else_is_there(text: str, left: set[str]):
    assert {part.strip("？") for part in subject(text).split()} - {""} == left


@given(st.text(alphabet="第一二0９条〔〕《》〈〉政发办号2x补贴小巨人 \n\t", max_size=80) | st.text(max_size=80))
def test_any_text_is_understood(text: str):
    query = understand(text)
    assert query.text == text
    assert all(number for number in query.numbers)


def test_a_pasted_file_is_cut():
    assert len(understand("补贴政策" * 100_000).text) == LONGEST_QUERY
