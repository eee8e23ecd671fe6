"""Chinese numerals and quantities: what a policy promises, as numbers that can be compared."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numerals import chinese_to_int, find_quantities, find_values


def rows():
    with open(Path(__file__).parent / "cases" / "numeral_cases.tsv", encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def expected(cell):
    parts = [quantity.split(":") for quantity in cell.split(" | ")]
    return [(kind, float(value), unit, operator) for kind, value, unit, operator in parts]


@pytest.mark.parametrize(("name", "text", "cell"), rows(), ids=lambda value: value if value.startswith("A") else "")
def test_case_table(name, text, cell):
    found = [(q.kind, q.value, q.unit, "~" if q.approximate else q.comparator or "") for q in find_quantities(text)]
    assert found == expected(cell)


QUANTITIES = [
    ("三至五万元", [30000, 50000]),  # the unit and 万 are said once, for both
    ("分别奖励五十、三十、二十万元", [500000, 300000, 200000]),  # 五十、 is no heading here
    ("5万—10万人", [50000, 100000]),  # people, though 5万 alone would be money
    ("奖励5万，再奖10万", [50000, 100000]),  # 元 left unsaid
    ("2亿5千万元", [250000000]),
    ("20.15万元", [201500]),  # exactly: no binary rounding
    ("百分之零点五", [0.005]),
    ("3000万人民币", [30000000]),
    ("千万元以上", [10000000]),
    ("十年内", [10]),
    ("10,000,000元", [10000000]),
    ("单个项目补助不超过实际投入的30%", [0.3]),
]


@pytest.mark.parametrize(("text", "values"), QUANTITIES)
def test_values(text, values):
    assert [quantity.value for quantity in find_quantities(text)] == values


COMPARATORS = [
    ("500万元以上", "ge"),  # 民法典第1259条: 以上 includes the number
    ("超过500万元", "gt"),
    ("超过500万元（含500万元）", "ge"),  # the text's own word wins
    ("500万元（不含）以上", "gt"),
    ("不超过500万元", "le"),  # not 超过
    ("不得超过500万元", "le"),  # nor this
    ("不应低于500万元", "ge"),
    ("未达到500万元", "lt"),  # not 达到
    ("达到500万元", "ge"),
    ("最高给予企业500万元", "le"),
    ("500万元", None),
]


@pytest.mark.parametrize(("text", "comparator"), COMPARATORS)
def test_comparators(text, comparator):
    assert find_quantities(text)[0].comparator == comparator


NOT_QUANTITIES = [
    "2021年12月3日", "二〇二一年七月二日", "每月15日前报送", "第3、5条", "皖政〔2021〕12号", "一次性", "一事一议", "同一项目",
    "十四五", "单位：亿元", "千万不要", "10万册图书", "1+1+N", "91340100MA2N000000", "%E4%BD%A0",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_QUANTITIES)
def test_dates_ordinals_and_phrases_are_no_quantities(text):
    assert find_quantities(text) == ()


def test_about():
    assert [q.approximate for q in find_quantities("约300万元，50余万元，3年左右")] == [True, True, True]
    assert [q.approximate for q in find_quantities("最近5年，节约5%")] == [False, False]


NUMERALS = {
    "十": 10, "十二": 12, "二十": 20, "一百零五": 105, "一百二": 120, "三万五": 35000, "一千零一": 1001, "两百": 200,
    "一亿五千万": 150000000, "三万亿": 3 * 10**12, "壹佰万": 1000000, "二〇二一": 2021, "二○二一": 2021, "783": 783, "百": 100,
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMERALS.items())
def test_numerals(text, value):
    assert chinese_to_int(text) == value


@pytest.mark.parametrize("text", ["", "甲", "十甲", "1.5", "-1", "一" * 10_000])
def test_what_is_no_numeral_is_refused(text):
    with pytest.raises(ValueError, match="not a numeral"):
        chinese_to_int(text)


def spoken(number):
    """Oracle: write a number below 10,000 as it is said."""
    words, zero = "", False
    for digit, unit in zip(f"{number:04d}", ("千", "百", "十", ""), strict=True):
        if digit == "0":
            zero = bool(words)
        else:
            words += "零" * zero + "零一二三四五六七八九"[int(digit)] + unit
            zero = False
    return words


@given(st.integers(1, 9999))
def test_every_number_below_ten_thousand_reads_as_it_is_said(number):
    assert chinese_to_int(spoken(number)) == number
    assert chinese_to_int(f"{spoken(number)}万") == number * 10**4


ALPHABET = st.sampled_from(
    "0123456789,.%‰一二两十百千万亿零〇点分之第年月日元人个家至到-—、，和超过不低于以上含（）() \n折成余多约"
)


@given(st.text(ALPHABET, max_size=60))
def test_values_are_those_of_the_quantities(text):
    assert find_values(text) == [(quantity.value, quantity.unit) for quantity in find_quantities(text)]


@given(st.text(ALPHABET, max_size=60))
def test_spans_are_ordered_disjoint_and_hold_what_is_printed(text):
    end = 0
    for quantity in find_quantities(text):
        assert end <= quantity.span.start < quantity.span.end <= len(text)
        assert quantity.printed == quantity.span.of(text)
        assert 0 <= quantity.value < float("inf")
        end = quantity.span.end


@pytest.mark.parametrize(
    "piece", ["1", "1,", "1.1", "一", "亿", "第1", "百分之", "20、", "5万", "不超过5万元", " 1", "2亿5", "〔"]
)
def test_hostile_text_is_read_to_its_end(piece):
    assert find_quantities(piece * (50_000 // len(piece)) + "。\n最高500万元")[-1].value == 5000000
