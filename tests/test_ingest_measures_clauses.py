"""Who a clause supports, on what conditions and on what terms: real wording, read by hand before it was read by rule."""

import csv
import json
from pathlib import Path

import pytest

from ingest.document import Span
from ingest.measures import read_measure
from ingest.measures.conditions import read_conditions
from ingest.measures.schema import to_case
from ingest.normalize import fold

TABLE = Path(__file__).parent / "cases" / "measure_clauses.tsv"


def rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def said(case):
    """Beneficiary, conditions and terms of a case in the notation of the table."""
    who = {f"{group}={name}" for group, names in case["beneficiary"].items() for name in names}
    return (
        who,
        {condition(c) for c in case["conditions"]},
        {name: term(name, case[name]) for name in TERMS if name in case},
    )


def condition(c):
    value = f"{c['value']:g}" if isinstance(c["value"], float) else c["value"]
    marks = (
        f" @{c['period']}" if "period" in c else "",
        " 首次" if "first" in c else "",
        f" #{c['alt']}" if "alt" in c else "",
    )
    return f"{c['metric']} {c['op']} {value}{c['unit']}{''.join(marks)}"


TERMS = (
    "stacking",
    "channel",
    "platform",
    "dept",
    "apply_window",
    "clawback",
    "funding_split",
    "quota",
    "discretion",
    "risk_flags",
)


def term(name, value):
    match name:
        case "stacking":
            return f"{value['rule']}：{value['scope']}"
        case "dept":
            return "、".join(f"{d['name']}/{d['role']}" for d in value)
        case "apply_window":
            return f"{value.get('year', '')}{value.get('start', '')}~{value.get('end', '')}"
        case "risk_flags":
            return "、".join(value)
        case "discretion":
            return "是" if value else ""
    return value


def expected(row):
    who = {
        f"{group}={name}"
        for part in filter(None, row["beneficiary"].split("；"))
        for group, _, names in [part.partition("=")]
        for name in names.split("、")
    }
    terms = dict(part.split("=", 1) for part in filter(None, row["terms"].split("；")))
    return who, set(filter(None, row["conditions"].split("；"))), terms


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["reason"])
def test_clause_table(row):
    assert said(to_case(read_measure(row["text"]))) == expected(row)


THRESHOLDS = [
    ("亿元以上项目", "总投资 ge 100000000元"),  # 亿 alone is one of them
    ("营业收入在2000万元（含）至1亿元（不含）之间", "营业收入 ge 20000000元；营业收入 lt 100000000元"),
    ("担保费率不得超过1%", "担保费率 le 0.01"),  # not 超过
    ("从业人员不应少于20人", "职工人数 ge 20人"),
    ("近三年累计研发投入5000万元以上", "研发费用 ge 50000000元 @近三年"),
    ("较上年增长10%以上", ""),  # of what is not said
    ("奖励金额不超过设备投资额的20%", ""),  # a share that is granted, not one that is required
    ("最高不超过500万元", ""),
    ("每户不超过10万元", ""),
    ("未发生3人以上死亡事故", ""),  # what must not be is no number that must be reached
    ("主导产品销售收入1000万元以上", "主导产品销售收入 ge 10000000元"),  # not that of the enterprise
]


@pytest.mark.parametrize(("text", "conditions"), THRESHOLDS)
def test_thresholds(text, conditions):
    found = read_conditions(fold(text), Span(0, len(text)))
    shown = {
        f"{c.metric} {c.op} {c.amount.value:f}{c.amount.unit}{f' @{c.period}' if c.period else ''}"
        for c in found
        if c.amount
    }
    assert shown == set(filter(None, conditions.split("；")))


def test_a_threshold_stated_again_is_the_alternative_of_the_first():
    """营业收入不足1000万元的，应…: one of the two is enough, and 不足 is no condition of its own."""
    text = "申报企业上年度营业收入应在1000万元以上；营业收入不足1000万元的，近2年新增股权融资总额应达到2000万元以上。"
    measure = read_measure(text)
    assert measure.logic == "or"
    assert [(c.metric, c.op, c.alternative) for c in measure.conditions] == [
        ("营业收入", "ge", 1),
        ("股权融资额", "ge", 2),
    ]


def test_a_figure_that_became_nothing_is_shown_as_unread():
    text = "对新引进的制造业项目，自备案之日起24个月内完成设备投资1000万元以上的，按设备投资额的8%给予补助。"
    unread = [span.of(text) for span in read_measure(text).unread]
    assert len(unread) == 1
    assert "24个月" in unread[0]


def test_names_are_those_that_are_printed():
    """Brackets and quotes as in the file, though they are matched in a folded copy."""
    measure = read_measure("对获评“中华老字号”称号的企业，奖励10万元。（责任单位：区发展改革委（区数据局））")
    assert [c.words for c in measure.conditions] == ["“中华老字号”"]
    assert [d.name for d in measure.departments] == ["区发展改革委（区数据局）"]


def test_a_case_is_plain_data_with_whole_numbers_where_they_are_whole():
    case = to_case(read_measure("对营业收入1亿元以上的企业，按研发费用的2.5%给予补助，最高50万元。"))
    assert json.loads(json.dumps(case, ensure_ascii=False)) == case
    assert repr(case["conditions"][0]["value"]) == "100000000"
