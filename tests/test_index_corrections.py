"""Corrections: what a person changes in a measure stands in the clause, stays with its version, and goes with the file."""

from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal

import pytest

from index import register_measures
from index.corrections import Correction, decode_at, overlay, places_on, put, value_at
from index.library import Library
from index.measures import MeasureRecord
from index.register import Register
from index.register_codec import encode
from index.register_engine import writing
from ingest.document import PolicyDocument, Span
from ingest.errors import NotHeld, PolicyError
from ingest.measures.model import (
    Amount,
    Benefit,
    Department,
    Duration,
    Measure,
    Tier,
    Window,
    YearShare,
)
from ingest.parse import document_from_text
from ingest.settings import Settings

ID = "示政办〔2023〕7号"
CLAUSE = (
    "（一）对首次纳统的企业，给予20万元奖励，次年再给予10万元；按设备投资额的8%补助，最高不超过500万元，"
    "前三年全额返还、后两年减半，每年3月1日至6月底申报。"
)
TEXT = f"示例区支持制造业若干政策\n{ID}\n各乡镇：\n一、支持企业\n{CLAUSE}\n（二）单个企业每年最高800万元。\n2023年5月10日\n"
WHO, WHY = "张三", "对照原文核对"


def file(text: str = TEXT) -> tuple[PolicyDocument, bytes, str]:
    return document_from_text(text, path="a.txt"), text.encode(), "text/plain"


def span_of(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def amount(value: str, words: str, unit: str = "元", text: str = TEXT) -> Amount:
    return Amount(Decimal(value), unit, span_of(words, text))


def measure_in(text: str = TEXT) -> Measure:
    """As the rules may have read it: the amounts of both grants are right, the rest they have not found."""
    document = document_from_text(text, path="a.txt")
    clause = next(clause for clause in document.clauses if "纳统" in clause.text)
    first, second = amount("200000", "20万元", text=text), amount("100000", "10万元", text=text)
    benefits = (
        Benefit("资金奖补", "fixed", first.span, value=first),
        Benefit("资金奖补", "fixed", second.span, value=second),
    )
    whole = Span(clause.span.start, clause.span.start + len(clause.text.rstrip()))
    return Measure(clause.id, clause.id, "首次纳统", whole, benefits=benefits)


def read_as(library: Library, *measures: Measure) -> None:
    """The rules, in whatever version they are, read these measures of the file."""
    with writing(library._register._engine) as connection:
        register_measures.write(connection, library.document(ID), measures)


@pytest.fixture
def held(library: Library) -> Library:
    library.add_document(*file())
    read_as(library, measure_in())
    return library


def the(library: Library) -> MeasureRecord:
    (record,) = library.measures()
    return record


MEASURE_ID = measure_in().id
CAP = amount("5000000", "500万元")


def test_a_correction_is_shown_with_who_when_and_why(held):
    before = the(held).measure
    made = held.correct(MEASURE_ID, "benefits.0.max", CAP, f" {WHO} ", WHY)
    after = the(held)
    assert after.measure == replace(before, benefits=(replace(before.benefits[0], max=CAP), before.benefits[1]))
    (shown,) = after.corrections
    assert replace(shown, id=0) == made
    assert (shown.name, shown.reason, shown.old, shown.path) == (WHO, WHY, "null", "benefits.0.max")
    assert shown.at.tzinfo is not None and shown.at.utcoffset().total_seconds() == 0
    assert held.measure(MEASURE_ID) == after
    assert held.corrections(ID) == ((shown, "applied"),)


def test_corrections_are_only_ever_added_and_the_last_one_counts(held):
    held.correct(MEASURE_ID, "benefits.0.max", CAP, WHO, WHY)
    held.correct(MEASURE_ID, "benefits.0.max", None, "李四", "500万元是另一项的上限")
    assert the(held).measure == measure_in()
    assert [c.name for c in the(held).corrections] == [WHO, "李四"]
    assert [standing for _, standing in held.corrections(ID)] == ["applied", "applied"]


def test_it_survives_closing_reindexing_and_reading_again(settings):
    with Library.open(settings) as library:
        library.add_document(*file())
        read_as(library, measure_in())
        library.correct(MEASURE_ID, "benefits.1.once", True, WHO, WHY)
        corrected = the(library)
        library.rebuild()
        assert the(library) == corrected
    with Library.open(settings) as library:
        assert the(library) == corrected
        read_as(library, measure_in())
        assert the(library) == corrected


def test_better_rules_that_count_differently_do_not_move_it_to_another_part(held):
    """The rules find one more grant in front: what was number 1 is number 2, by its words."""
    held.correct(MEASURE_ID, "benefits.1.once", True, WHO, WHY)
    before = measure_in()
    front = Benefit("荣誉认定", "in_kind", span_of("首次纳统"), text="首次纳统")
    read_as(held, replace(before, benefits=(front, *before.benefits)))
    assert [benefit.once for benefit in the(held).measure.benefits] == [False, False, True]


def test_where_the_part_is_gone_nothing_is_changed_and_it_waits_to_be_checked(held):
    held.correct(MEASURE_ID, "benefits.1.once", True, WHO, WHY)
    read_as(held, replace(measure_in(), benefits=measure_in().benefits[:1]))
    record = the(held)
    assert record.measure == replace(measure_in(), benefits=measure_in().benefits[:1])
    assert record.corrections == () and [c.path for c in record.to_check] == ["benefits.1.once"]
    assert [standing for _, standing in held.corrections(ID)] == ["place_lost"]


def test_a_new_version_shows_it_to_be_checked_and_does_not_apply_it(held):
    held.correct(MEASURE_ID, "benefits.0.max", CAP, WHO, WHY)
    changed = TEXT.replace("20万元", "25万元").replace("500万元", "600万元")
    held.add_document(*file(changed))
    again = replace(measure_in(), name="新版")
    read_as(held, again)
    record = the(held)
    assert record.measure == again and record.corrections == ()
    assert [(c.name, c.new) for c in record.to_check] == [(WHO, encode(CAP))]
    assert [standing for _, standing in held.corrections(ID)] == ["earlier_version"]


def test_a_measure_may_be_taken_out_and_brought_back(held):
    held.correct(MEASURE_ID, "", None, WHO, "这是程序性规定，不是支持措施")
    assert held.measures() == ()
    assert [standing for _, standing in held.corrections(ID)] == ["applied"]
    with pytest.raises(NotHeld):
        held.correct(MEASURE_ID, "name", "别的", WHO, WHY)
    again = replace(measure_in(), id=f"{MEASURE_ID}/p1")
    held.correct(again.id, "", again, WHO, "确为支持措施")
    assert the(held).measure == again


def test_a_measure_that_the_rules_overlooked_can_be_added(held):
    clause = next(clause for clause in held.document(ID).clauses if "800万元" in clause.text)
    words = span_of("单个企业每年最高800万元")
    benefit = Benefit("资金奖补", "upto", words, max=amount("8000000", "800万元"))
    added = Measure(f"{clause.id}/p1", clause.id, "年度上限", words, benefits=(benefit,))
    held.correct(added.id, "", added, WHO, "遗漏")
    assert [record.measure for record in held.measures()] == [measure_in(), added]
    # the rules learn to find it: it is not there twice
    read_as(held, measure_in(), replace(added, id=clause.id, name="另名"))
    assert [record.measure.name for record in held.measures()] == ["首次纳统", "年度上限"]


def test_removing_the_file_removes_its_corrections(held):
    held.correct(MEASURE_ID, "benefits.0.max", CAP, "绝不外传之姓名", "绝不外传之理由")
    held.remove(ID)
    assert held.measures() == ()
    stored = b"".join(path.read_bytes() for path in held.settings.data.glob("register.sqlite*"))
    assert "绝不外传".encode() not in stored
    held.add_document(*file())
    read_as(held, measure_in())
    assert the(held).measure == measure_in() and held.corrections(ID) == ()


# path, new value, a part of what the person is told
REFUSED = [
    # a figure that the clause does not have, wherever it points
    ("benefits.0.value", amount("250000", "20万元"), "20万元”中读不到数值 250000"),
    # the figure of another clause is not one of this
    ("benefits.0.max", amount("8000000", "800万元"), "不在该条款内"),
    # 8% is a rate of 0.08, no sum and no other rate
    ("benefits.0.rate", amount("0.8", "8%", ""), "读不到数值 0.8"),
    ("benefits.0.rate", amount("0.92", "8%", ""), "读不到数值 0.92"),
    # dollars are not yuan
    ("benefits.0.value", amount("200000", "20万元", "USD"), "读不到数值"),
    # no words at all
    ("benefits.0.value", Amount(Decimal(200000), "元", Span(99_000, 99_010)), "不在文件内"),
    ("benefits.0.value", Amount(Decimal(200000), "元", Span(5, 4)), "不在文件内"),
    ("benefits.0.value", Amount(Decimal(200000), "元", Span(5, 5)), "不在该条款内"),
    ("benefits.0.value", Amount(Decimal(200000), "元", Span(50, 50)), "读不到"),
    ("benefits.0.duration", Duration(Decimal(4), "年", span_of("前三年")), "读不到数值 4年"),
    ("benefits.0.schedule", (YearShare(1, 4, amount("1", "全额返还", "")),), "没有“4”"),
    ("benefits.0.payout_equal", 7, "没有“7”"),
    # a part of a figure is held to the words of the figure
    ("benefits.0.value.value", Decimal(250000), "读不到数值 250000"),
    ("benefits.0.value.unit", "USD", "读不到数值"),
    ("benefits.0.value.unit", "人", "读不到数值"),
    ("benefits.0.value.span", span_of("10万元"), "读不到数值 200000"),
    ("benefits.0.value", amount("20", "20万元", "人"), "读不到数值 20"),
    ("window", Window("03-01", "07-31", span_of("3月1日至6月底")), "读不到申报时间 07-31"),
    ("window", Window("3月1日", "", span_of("3月1日至6月底")), "写法不对"),
    # nor may a figure come in by way of words
    ("name", "最高奖励900万元", "没有“900”"),
    ("benefits.0.text", "奖励九百万元", "没有“九百万元”"),
    # the same as before
    ("benefits.0.value", amount("200000", "20万元"), "没有可更正"),
    # not what can stand there
    ("benefits.0.span", None, "格式不对"),
    ("benefits.0", None, "格式不对"),
    ("benefits.0.form", "随便", "格式不对"),
    ("benefits.0.once", "是", "格式不对"),
    ("benefits.0.value", Decimal(200000), "格式不对"),
    ("benefits.0.value", Amount(Decimal("NaN"), "元", span_of("20万元")), "格式不对"),
    ("benefits", [measure_in().benefits[0]], "格式不对"),
    ("name", "零\u200b宽", "不可见"),
    ("name", "长" * 1001, "过长"),
    # no such place
    ("benefits.7.max", CAP, "没有“benefits.7.max”"),
    ("benefits.0.amount", CAP, "没有“benefits.0.amount”"),
    ("id", "另一编号", "没有“id”"),
    ("benefits.0.max.value", Decimal(1), "没有“benefits.0.max.value”"),
    ("__class__", "x", "没有“__class__”"),
    ("", replace(measure_in(), clause_id=f"{ID}#x"), "编号"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "new", "told"), REFUSED)
def test_what_cannot_be_kept_is_refused_in_words(refusing, path, new, told):
    with pytest.raises(PolicyError, match=told) as caught:
        refusing.correct(MEASURE_ID, path, new, WHO, WHY)
    assert caught.value.hint
    assert the(refusing).measure == measure_in() and refusing.corrections(ID) == ()


@pytest.fixture(scope="module")
def refusing(tmp_path_factory):
    """One library for all that is refused."""
    with Library.open(Settings(data=tmp_path_factory.mktemp("corrections"))) as library:
        library.add_document(*file())
        read_as(library, measure_in())
        yield library


@pytest.mark.parametrize(("name", "reason", "told"), [("", WHY, "姓名"), ("\n ", WHY, "姓名"), ("名" * 41, WHY, "姓名"),
                                                      (WHO, "  ", "理由"), (WHO, "因" * 501, "理由")])  # fmt: skip
def test_nobody_corrects_without_name_and_reason(refusing, name, reason, told):
    with pytest.raises(PolicyError, match=told):
        refusing.correct(MEASURE_ID, "benefits.0.max", CAP, name, reason)


# path, new value: each figure stands in the clause as it is read by people
KEPT = [
    ("benefits.0.rate", amount("0.08", "8%", "")),
    ("benefits.0.rate", amount("0.08", "按设备投资额的8%补助", "")),
    ("benefits.0.duration", Duration(Decimal(3), "年", span_of("前三年"))),
    (
        "benefits.0.schedule",
        (YearShare(1, 3, amount("1", "全额返还", "")), YearShare(4, 5, amount("0.5", "减半", ""))),
    ),
    ("benefits.0.tiers", (Tier(value=amount("200000", "20万元"), max=CAP),)),
    ("benefits.0.form", "upto"),
    ("benefits.0.value", amount("100000", "10万元")),
    ("window", Window("03-01", "06-30", span_of("每年3月1日至6月底"), "每年")),
    ("departments", (Department("乡镇", "责任", span_of("乡镇")),)),
    ("name", "首次纳统奖励20万元"),
    ("logic", "or"),
    ("benefits", ()),
    ("", replace(measure_in(), name="整条重写", caps=())),
]  # fmt: skip


@pytest.mark.parametrize(("path", "new"), KEPT)
def test_what_stands_in_the_clause_is_kept_as_it_was_given(held, path, new):
    held.correct(MEASURE_ID, path, new, WHO, WHY)
    assert value_at(the(held).measure, path) == new


def test_a_cell_counts_in_the_unit_of_its_column(library):
    text = f"示例区奖补标准表\n{ID}\n一、对纳统企业给予奖励，标准见下（单位：万元）：首次20，连续两年30。\n二、其他。\n"
    library.add_document(*file(text))
    clause = next(clause for clause in library.document(ID).clauses if "万元" in clause.text)
    twenty = Span(text.index("20，"), text.index("20，") + 2)
    benefit = Benefit("资金奖补", "fixed", twenty)
    read_as(
        library,
        Measure(clause.id, clause.id, "奖励", Span(clause.span.start, clause.span.end - 1), benefits=(benefit,)),
    )
    with pytest.raises(PolicyError, match="读不到"):
        library.correct(clause.id, "benefits.0.value", Amount(Decimal(300000), "元", twenty), WHO, WHY)
    library.correct(clause.id, "benefits.0.value", Amount(Decimal(200000), "元", twenty), WHO, WHY)
    assert the(library).measure.benefits[0].value.value == 200000


def test_two_people_do_not_overwrite_each_other_unseen(held):
    """What was corrected on another screen since, or a file that changed, has to be looked at first."""
    made = held.correct(MEASURE_ID, "benefits.0.max", CAP, WHO, WHY)
    with pytest.raises(PolicyError, match="刚被他人更正") as caught:
        held._register.correct(replace(made, new="null"), after=0)
    assert "刷新" in caught.value.hint
    held.add_document(*file(TEXT.replace("20万元", "25万元")))
    with pytest.raises(PolicyError, match="新版本"):
        held._register.correct(made, after=1)


def test_another_reader_of_the_folder_sees_it_at_once(held):
    with Library.open(held.settings) as reader:
        assert the(reader).corrections == ()
        held.correct(MEASURE_ID, "benefits.0.max", CAP, WHO, WHY)
        assert the(reader) == the(held)
        assert the(reader).measure.benefits[0].max == CAP


def test_a_correction_that_no_longer_fits_the_model_is_kept_to_be_checked(held):
    """The fields of a measure change with the program."""
    held.correct(MEASURE_ID, "benefits.0.max", CAP, WHO, WHY)
    ((kept, _),) = held.corrections(ID)
    for changed in (replace(kept, path="benefits.0.ceiling"), replace(kept, new='{"sum":1}'), replace(kept, new="[")):
        shown = overlay([measure_in()], held.card(ID).sha256, [changed])
        assert shown.measures[0].measure == measure_in()
        assert shown.standing == ((changed, "place_lost"),)


def test_the_places_on_a_path_find_the_part_again():
    measure = measure_in()
    assert places_on(measure, "name") == (measure.span,)
    assert places_on(measure, "benefits.1.value") == (measure.span, span_of("10万元"))
    assert put(measure, "benefits.1.value", None).benefits[1].value is None
    assert decode_at("benefits.1.value", encode(CAP)) == CAP


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from index.corrections import Correction
from index.register import Register
from ingest.document import Span
register = Register.open(Path(sys.argv[1]))
(entry,) = register.entries().values()
at = datetime(2026, 1, 1, tzinfo=UTC)
for number in range(9):
    register.correct(Correction(entry.card.sha256, "m", "name", (Span(0, 1),), "1", str(number), "甲", "乙", at), number)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_it_survives_a_kill(tmp_path, forked):
    path = tmp_path / "register.sqlite"
    register = Register.open(path)
    register.add(*file())
    register.close()
    assert forked(KILLED, str(path)).rest() == []
    register = Register.open(path)
    assert [c.new for c in register.measures().corrections[ID]] == [str(number) for number in range(9)]
    assert all(isinstance(c, Correction) for c in register.measures().corrections[ID])
    register.close()
