"""Whole phrases around the words that a reader of measures took from a sentence."""

from __future__ import annotations

import time

import pytest

from ingest.document import Span
from qa.framework.phrases import nouns_of, part_of

# sentence, the word that was read, the part that is shown
PARTS = [
    # a second condition of the same part is not a fragment
    ("对研发费用200万元以上（含）且占比不低于3%的企业，给予补助。", "占比不低于3%", "对研发费用200万元以上（含）且占比不低于3%的企业"),
    # a stop in brackets does not cut
    ("其中属于节能环保（含新能源，新材料）首位产业的，比例提高。", "属于节能环保", "其中属于节能环保（含新能源，新材料）首位产业的"),
    # cells of a row are parts
    ("1\t租赁厂房的新项目\t最高12元", "新项目", "租赁厂房的新项目"),
]  # fmt: skip

# sentence, words that were read, noun phrases
NOUNS = [
    ("对新引进的制造业项目，给予补助。", ("新引进", "制造业"), ["新引进的制造业项目"]),
    ("在天河区注册的港澳青年企业，给予奖励。", ("企业",), ["港澳青年企业"]),
    ("对成功引荐项目的社会化引荐人，给予奖励。", ("引荐人",), ["社会化引荐人"]),
    # a word that is no one: nobody is named
    ("引荐固定资产投资1亿元以上项目的，给予奖励。", ("引荐",), []),
    ("推行工业用地出让。", ("工业",), []),
    ("企业组织新录用员工参加培训的，给予补贴。", ("企业",), ["企业"]),
]  # fmt: skip


def span_of(sentence: str, words: str) -> Span:
    return Span(sentence.index(words), sentence.index(words) + len(words))


@pytest.mark.parametrize(("sentence", "words", "expected"), PARTS)
def test_a_condition_is_shown_from_stop_to_stop(sentence, words, expected):
    assert part_of(sentence, Span(0, len(sentence)), span_of(sentence, words)).of(sentence) == expected


@pytest.mark.parametrize(("sentence", "words", "expected"), NOUNS)
def test_whom_a_measure_is_for_is_a_whole_noun_phrase_or_nothing(sentence, words, expected):
    spans = [span_of(sentence, word) for word in words]
    assert [span.of(sentence) for span in nouns_of(sentence, Span(0, len(sentence)), spans)] == expected


def test_brackets_without_end_take_linear_time():
    def seconds(count: int) -> float:
        text = "（" * count + "企业" + "）" * count
        started = time.thread_time()
        part_of(text, Span(0, len(text)), Span(count, count + 2))
        list(nouns_of(text, Span(0, len(text)), [Span(count, count + 2)]))
        return time.thread_time() - started

    assert min(seconds(40_000) for _ in range(3)) < 3 * min(seconds(20_000) for _ in range(3)) + 0.1
