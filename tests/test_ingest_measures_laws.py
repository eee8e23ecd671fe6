"""Laws of measures, for any text: nothing is raised, every span lies in the text, every figure stands where it says."""

import time
from dataclasses import fields, is_dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Span
from ingest.measures import find_measures, read_measure
from ingest.measures.model import Amount, Duration
from ingest.parse import document_from_text
from tests.test_ingest_measures_clauses import rows

PIECES = (
    "对", "新引进的", "制造业", "项目", "企业", "高层次人才", "的", "，", "。", "；", "：", "\n", "、", "（", "）", "“", "”", "按", "给予", "奖励", "补助",
    "最高", "不超过", "达到", "以上", "（含）", "首次", "营业收入", "固定资产投资", "5000万元", "1亿元", "10%", "3年", "A类", "分别", "每", "每年", "3月1日",
    "至", "责任单位：", "区科技局", "一事一议", "与", "不重复享受", "追回", "或", "且", "之一", "第一条 ", "（一）", "\t", "1.", "另有规定的", "从其规定",
    "其中", "次年", "近2年", "未发生", "除外", "非", "岁", "平台", "申报", "通过",
)  # fmt: skip
CLAUSES = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def parts(value):
    """Every part of a measure that has a span."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif is_dataclass(value):
        if not isinstance(value, Span) and hasattr(value, "span"):
            yield value
        for field in fields(value):
            yield from parts(getattr(value, field.name))


def spans(value):
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from spans(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from spans(getattr(value, field.name))


@settings(max_examples=200, deadline=None)
@given(st.one_of(CLAUSES, st.text(max_size=200)))
def test_any_text_is_read_and_every_span_lies_in_it(text):
    measure = read_measure(text)
    assert all(0 <= span.start <= span.end <= len(text) for span in spans(measure))


@settings(max_examples=60, deadline=None)
@given(st.lists(CLAUSES, max_size=8).map("\n".join))
def test_any_file_is_read_and_every_span_lies_in_it(text):
    document = document_from_text("关于印发若干政策的通知\n" + text)
    for measure in find_measures(document):
        assert all(0 <= span.start <= span.end <= len(document.text) for span in spans(measure))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["reason"])
def test_the_words_at_the_span_of_a_figure_have_its_digits(row):
    """5000万元 stands where 50,000,000 was read; a word (全额, 减半, 亿) says the rest."""
    for part in parts(read_measure(row["text"])):
        if isinstance(part, Amount | Duration):
            words = part.span.of(row["text"])
            value = part.value if isinstance(part, Amount) else part.count
            printed = "".join(char for char in words if char.isdecimal() or char == ".")
            assert words
            assert ":" in words or not printed or significant(Decimal(printed)) == significant(value)  # 1:1, 4:3:3


def significant(value):
    return "".join(map(str, value.as_tuple().digits)).strip("0")


HOSTILE = (
    "对" * 20_000, "，" * 20_000, "追回" * 10_000, "1万元、" * 8_000, "对企业给予奖励；" * 3_000, "（" * 20_000, "营业收入" * 6_000,
    "引进" * 10_000 + "的，", "近2年" * 8_000, "或1亿元以上" * 4_000, "与" * 20_000, "责任单位：" * 5_000, "注册地" * 8_000,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:6])
def test_a_hostile_clause_takes_no_longer_than_its_length(text):
    """Twenty thousand characters in seconds; what stands behind them is not read."""
    start = time.process_time()
    read_measure(text)
    once = time.process_time() - start
    start = time.process_time()
    read_measure(text * 4)
    assert once < 5
    assert time.process_time() - start < 5 + 4 * once


def test_words_that_can_be_read_in_two_ways_do_not_double_the_time():
    """达到 is 达到, or 达 and 到: forty of them ended only after hours."""
    assert read_measure(f"对营业收入{'达到' * 40}吧1000万元的企业，奖励10万元。").benefits
