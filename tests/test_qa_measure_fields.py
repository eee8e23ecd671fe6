"""What a person corrects on the page is read from the words of the clause by code."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.library import Library
from ingest.errors import PolicyError
from ingest.parse import document_from_text
from qa.measure_fields import NOT_A_MEASURE, correctable, read_as

TEXT = """关于支持科技创新的若干政策
皖政〔2024〕30号
各市、县人民政府：
一、支持高新技术企业。对首次认定的高新技术企业，给予一次性奖励20万元，单个企业最高50万元，通过“惠企通”平台申报。（责任单位：市科技局）
2024年5月1日
"""
ID = "皖政〔2024〕30号#一"


@pytest.fixture
def held(library: Library) -> Library:
    library.add_document(document_from_text(TEXT, path="a.txt"), TEXT.encode(), "text/plain")
    library.catch_up()
    return library


def test_a_corrected_sum_is_shown_from_then_on_with_who_and_why(held):
    measure = held.measure(ID).measure
    parts = dict(correctable(measure))
    path = next(path for label, path in parts.items() if label.endswith("数额"))
    new = read_as(path, "50万元", measure, held.document("皖政〔2024〕30号"))
    held.correct(ID, path, new, "王工", "试改")
    record = held.measure(ID)
    assert record.measure.benefits[0].value.value == Decimal(500_000)
    assert [(c.name, c.reason) for c in record.corrections] == [("王工", "试改")]


@pytest.mark.parametrize(
    ("path", "words", "why"),
    [
        ("benefits.0.value", "60万元", "条款原文中没有"),  # law 1: no figure that the clause does not have
        ("benefits.0.value", "高新技术企业", "须正好有一个数值"),
        ("benefits.0.value", "20万元，单个企业最高50万元", "须正好有一个数值"),  # which of the two is not ours to guess
        ("departments", "市财政局", "条款原文中没有"),
    ],
)
def test_words_that_do_not_say_it_are_refused(held, path, words, why):
    with pytest.raises(PolicyError, match=why):
        read_as(path, words, held.measure(ID).measure, held.document("皖政〔2024〕30号"))


def test_what_is_no_measure_is_taken_away(held):
    measure = held.measure(ID).measure
    path = dict(correctable(measure))[NOT_A_MEASURE]
    held.correct(ID, path, read_as(path, "", measure, held.document("皖政〔2024〕30号")), "王工", "只是说明")
    assert ID not in {record.measure.id for record in held.measures()}
