"""The list of results: order, files that ended or have not begun, file-wide rules, stacking, and the next question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.document import Span
from ingest.measures.model import Measure, Stacking, Words
from qa.matching import Offers, match, next_question, profile_of
from qa.matching.requirement import question
from tests.matching_clauses import CLAUSES, TODAY, Clause, grant, record

HERE = {"region": "云澜市清河区"}
FIRM = {"kind": "企业", **HERE, "industries": ["C36"]}


def named(name: str, id_: str, **more: object):
    """The measure of a clause in a file of its own."""
    measure = replace(CLAUSES[name][1], id=f"{id_}#1", clause_id=f"{id_}#1", name=name)
    return record(measure, id_=id_, **more)


def test_results_are_sorted_by_outcome_and_then_by_sum():
    records = [named(n, n) for n in ("展位", "设备补助", "专精特新", "升规", "就业", "生活补贴")]
    profile = {
        **FIRM,
        "qualifications": ["小巨人"],
        "new_employees": 40,
        "figures": {"展位费": "3万元"},
        "equipment_investment": "3000万",
    }
    found = match(profile_of(profile), records, TODAY)
    assert [(m.record.measure.name, m.outcome) for m in found.current] == [
        ("专精特新", "applies"),  # 80万
        ("展位", "applies"),  # 1.5万
        ("就业", "nearly"),
        ("设备补助", "undecided"),  # 240万
        ("升规", "undecided"),  # 15万
        ("生活补贴", "does_not_apply"),
    ]
    assert [m.rank for m in found.of("applies")] == [800_000, 15_000]


def test_ended_and_coming_files_stand_apart():
    records = [
        named("升规", s, state=s) for s in ("有效", "已废止", "已失效", "尚未施行", "已修改", "部分失效", "未标明")
    ]
    found = match(profile_of({**FIRM, "statements": ["首次入规"]}), records, TODAY)
    assert [m.record.card.id for m in found.ended] == ["已失效", "已废止"]
    assert [m.record.card.id for m in found.coming] == ["尚未施行"]
    assert {m.record.card.id for m in found.current} == {"有效", "已修改", "部分失效", "未标明"}
    notices = {m.record.card.id: "".join(m.notices) for m in found.current}
    assert (
        "已被修改" in notices["已修改"]
        and "停止执行" in notices["部分失效"]
        and "有效期" in notices["未标明"]
        and not notices["有效"]
    )


def test_another_district_is_left_out_and_counted():
    records = [
        named("升规", "东湖", region="东湖区"),
        named("升规", "清河"),
        named("升规", "市", level="city", region="云澜市"),
    ]
    found = match(profile_of({**FIRM, "statements": ["首次入规"]}), records, TODAY)
    assert [m.record.card.id for m in found.current] == ["市", "清河"]
    assert found.elsewhere == 1


def test_without_a_city_a_city_file_stays_open_and_the_place_is_asked_for():
    found = match(
        profile_of({**FIRM, "region": "清河区", "statements": ["首次入规"]}),
        [named("升规", "市", level="city", region="云澜市")],
        TODAY,
    )
    assert [(m.outcome, m.asks) for m in found.current] == [("undecided", ("region",))]
    assert (
        next_question(found.current).text
        == "您在哪个省、哪个市、哪个区（县）？请写全（关系到1项待确认的措施，其中1项只差这一点）"
    )


def general(
    text: str = "申报主体未被列入严重失信主体名单；单个企业每年不超过2000万元；按就高不重复原则执行。",
) -> tuple[Clause, Measure]:
    c = Clause(text)
    fact = c.fact("信用", "严重失信主体", "未被列入严重失信主体名单", "not")
    cap = c.cap("单个企业每年", "不超过2000万元", 20_000_000)
    rules = {"caps": (cap,), "stacking": Stacking("就高不重复", "", c.span("就高不重复"))}
    return c, replace(c.measure(conditions=(fact,), **rules), id="升规#9", clause_id="升规#9")


@pytest.mark.parametrize(
    ("stated", "outcome"),
    # what other clauses ask of everybody is shown; only one that is known to fail keeps a measure from 适用
    [({}, "applies"), ({"严重失信主体": False}, "applies"), ({"严重失信主体": True}, "undecided")],
)
def test_what_the_file_asks_of_everybody(stated, outcome):
    clause, rule = general()
    records = [named("升规", "升规"), record(rule, id_="升规")]
    (only,) = match(profile_of({**FIRM, "statements": {"首次入规": True, **stated}}), records, TODAY).current
    assert only.outcome == outcome
    assert [d.need.name for d in only.general] == ["信用"]
    # ceilings over all of a file are stated and not applied; sums of clauses are never added
    assert only.file_caps(clause.text) == ("不超过2000万元",)
    assert only.stacking(clause.text) == "就高不重复。各条款数额不相加。"


def test_a_file_that_says_nothing_of_stacking():
    (only,) = match(profile_of(FIRM), [named("升规", "升规")], TODAY).current
    assert "文件未说明" in only.stacking(CLAUSES["升规"][0].text)


def test_words_that_became_no_field_keep_a_measure_open():
    c = Clause("对参加境内外专业展会的企业，给予2万元补贴。")
    measure = replace(
        c.measure(grant("fixed", value=c.sum("2万元", 20_000))),
        remaining=(Words("参加境内外专业展会的企业", c.span("参加境内外专业展会的企业")),),
    )
    (only,) = match(profile_of(FIRM), [record(measure)], TODAY).current
    assert (only.outcome, only.asks) == ("undecided", ("statements:参加境内外专业展会的企业",))
    said = {"statements": {"参加境内外专业展会的企业": True}}
    (only,) = match(profile_of({**FIRM, **said}), [record(measure)], TODAY).current
    assert only.outcome == "applies"
    unread = replace(measure, remaining=(), unread=(Span(0, 5),))
    (only,) = match(profile_of(FIRM), [record(unread)], TODAY).current
    assert only.outcome == "undecided"


def test_the_next_question_is_the_field_that_decides_most():
    records = [named(n, n) for n in ("设备补助", "升规", "研发", "展位", "上台阶")]
    found = match(profile_of({"kind": "企业", **HERE}), records, TODAY)
    asked = next_question(found.current)  # all five wait for the industry, 展位 for nothing else
    assert (asked.field, asked.concerns, asked.decides) == ("industries", 5, 1)
    found = match(profile_of(FIRM), records, TODAY)
    assert next_question(found.current).field in {"revenue", "statements:首次入规"}
    assert next_question(match(profile_of({"kind": "个人", **HERE}), records, TODAY).current) is None


def test_a_tier_that_is_met_asks_for_no_other():
    (only,) = match(
        profile_of({**FIRM, "qualifications": ["省级专精特新中小企业"]}), [named("专精特新", "a")], TODAY
    ).current
    assert only.asks == ()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("revenue", "营业收入是多少？"),
        ("revenue.peak", "此前各年最高营业收入是多少？"),
        ("revenue.period", "营业收入是哪一年的？"),
        ("figures:展位费", "展位费是多少？"),
        ("qualifications:瞪羚企业", "是否已认定为瞪羚企业？"),
        ("statements:开工建设", "以下情形是否属实：开工建设？"),
        ("project_stage", "项目到了哪一步（备案、开工、竣工、投产、达产）？"),
    ],
)
def test_how_a_field_is_asked_for(field, text):
    assert question(field) == text


def test_one_set_of_offers_serves_every_profile_alike():
    records = [named(n, n) for n in CLAUSES]
    offers = Offers(records)
    for profile in (FIRM, {"kind": "个人", **HERE, "degree": "博士"}, {}):
        once, again = match(profile_of(profile), records, TODAY), match(profile_of(profile), offers, TODAY)
        assert [(m.record, m.outcome, m.rank) for m in once.current] == [
            (m.record, m.outcome, m.rank) for m in again.current
        ]
    assert len(offers) == len(CLAUSES)
