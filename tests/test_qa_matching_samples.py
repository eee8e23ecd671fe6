"""Profiles against the sample files, read as they stand: outcome and sum worked out from the clauses by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from index.card import Identity, entry_of
from index.catalogue import Catalogue
from index.measures import MeasureRecord
from ingest.corpus import walk
from ingest.document import PolicyDocument
from ingest.measures import find_measures
from ingest.parse import parse
from ingest.readers import read
from qa.matching import Match, Offers, match, profile_of
from tests.samples import CORPUS, UNREADABLE

TODAY = date(2026, 3, 1)
FILES = ("示例06", "示例08", "示例09", "示例10", "示例13", "示例17", "示例24")

MAKER = {"kind": "企业", "region": "xx省云澜市清河区", "industries": ["C36"]}
NEW = {**MAKER, "project_kinds": {"新引进": True}}
DOCTOR = {"kind": "个人", "region": "xx省云澜市清河区", "degree": "博士", "full_time": True}


@pytest.fixture(scope="module")
def documents() -> dict[str, PolicyDocument]:
    paths = [p for p in sorted(CORPUS.iterdir()) if p.name.startswith(FILES) and p.name not in UNREADABLE]
    found = [parse(source, read(source)) for source in walk(paths)]
    return {document.id: document for document in found}


@pytest.fixture(scope="module")
def offers(documents) -> Offers:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    entries = {id_: entry_of(document, Identity.of(document), 1, now) for id_, document in documents.items()}
    states = Catalogue(entries, 1).statuses(TODAY)
    return Offers(
        [MeasureRecord(m, entries[id_].card, states[id_]) for id_, d in documents.items() for m in find_measures(d)]
    )


def found(offers: Offers, clause: str, profile: dict[str, object]) -> Match:
    results = match(profile_of(profile), offers, TODAY)
    return next(m for m in (*results.current, *results.ended) if m.record.measure.id == clause)


CASES = [
    # 年营业收入首次突破5亿元: 6 is, 5 is not; 30万元 is the first tier's sum
    ("清政〔2024〕9号#第十条", {**MAKER, "revenue": {"value": "6亿", "peak": "4亿"}}, "applies", 300_000),
    ("清政〔2024〕9号#第十条", {**MAKER, "revenue": {"value": "5亿", "peak": "4亿"}}, "nearly", None),
    ("清政〔2024〕9号#第十条", {**MAKER, "revenue": {"value": "11亿", "peak": "4亿"}}, "applies", 600_000),
    ("清政〔2024〕9号#第十条", {**MAKER, "revenue": "6亿"}, "undecided", 300_000),
    ("清政〔2024〕9号#第十条", {**MAKER, "revenue": {"value": "2亿", "peak": "1亿"}}, "does_not_apply", None),
    ("清政〔2024〕9号#第十条", {**MAKER, "industries": ["I65"], "revenue": {"value": "6亿", "peak": "4亿"}}, "does_not_apply", None),
    # 研发费用200万元以上（含）且占比不低于3%, 12 % of the increase, at most 150万元
    ("清政〔2024〕9号#第十三条", {**MAKER, "rd": {"value": "1000万", "previous": "600万"}, "rd_share": "5%"}, "applies", 480_000),
    ("清政〔2024〕9号#第十三条", {**MAKER, "rd": {"value": "200万", "previous": "100万"}, "rd_share": "3%"}, "applies", 120_000),
    ("清政〔2024〕9号#第十三条", {**MAKER, "rd": {"value": 1_999_999, "previous": "100万"}, "rd_share": "3%"}, "nearly", None),
    ("清政〔2024〕9号#第十三条", {**MAKER, "rd": {"value": "9000万", "previous": "7000万"}, "rd_share": "3%"}, "applies", 1_500_000),
    ("清政〔2024〕9号#第十三条", {**MAKER, "rd": "1000万", "rd_share": "5%"}, "applies", None),
    # 技改: 6 % of 500万元以上（含）, once it is in production
    ("清政〔2024〕9号#第八条", {**MAKER, "project_kinds": ["技改"], "equipment_investment": "500万", "project_stage": "投产"}, "applies", 300_000),
    ("清政〔2024〕9号#第八条", {**MAKER, "project_kinds": ["技改"], "equipment_investment": "500万", "project_stage": "开工"}, "does_not_apply", None),
    ("清政〔2024〕9号#第八条", {**MAKER, "project_kinds": ["技改"], "equipment_investment": "1亿", "project_stage": "投产"}, "applies", 5_000_000),
    ("清政〔2024〕9号#第八条", {**MAKER, "project_kinds": ["技改"], "equipment_investment": "3000万"}, "undecided", 1_800_000),
    # 小巨人 80万元, 省级专精特新 25万元
    ("清政〔2024〕9号#第十二条", {**MAKER, "qualifications": ["小巨人"]}, "applies", 800_000),
    ("清政〔2024〕9号#第十二条", {**MAKER, "qualifications": ["省级专精特新中小企业"]}, "applies", 250_000),
    ("清政〔2024〕9号#第十二条", MAKER, "undecided", None),
    # taking part in a fair is not said by being a manufacturer
    ("清政〔2024〕9号#第十七条", {**MAKER, "figures": {"展位费": "3万元"}}, "undecided", 15_000),
    # 一事一议: no sum
    ("清政〔2024〕9号#第七条", {**MAKER, "fixed_investment": "12亿"}, "undecided", None),
    ("清政〔2024〕9号#第七条", {**MAKER, "fixed_investment": 999_999_999}, "nearly", None),
    # 云澜市: 规上工业 500万元以上（含） 4 %; 科技型中小企业 100万元以上（含） 6 %, at most 30万元
    ("云政办〔2023〕18号#第十条", {**MAKER, "sizes": ["规上工业"], "rd": {"value": "500万", "period": "上年度"}}, "applies", 200_000),
    ("云政办〔2023〕18号#第十条", {**MAKER, "sizes": ["规上工业"], "rd": {"value": 4_999_999, "period": "上年度"}}, "nearly", None),
    ("云政办〔2023〕18号#第十条", {**MAKER, "rd": {"value": "500万", "period": "上年度"}}, "undecided", 200_000),
    # 1000元 a month for 36 months on top of the city's 1500: two clauses, two sums
    ("清办〔2023〕11号#一(一)", DOCTOR, "undecided", 36_000),
    ("云政〔2024〕6号#二7", DOCTOR, "applies", 54_000),
    ("云政〔2024〕6号#二7", {**DOCTOR, "degree": "硕士"}, "applies", 28_800),
    ("云政〔2024〕6号#二7", {**DOCTOR, "full_time": False}, "does_not_apply", None),
    ("云政〔2024〕6号#二7", MAKER, "does_not_apply", None),
    # repealed: apart, whatever it grants
    ("清政〔2022〕3号#第二条", {**MAKER, "revenue": {"value": "6亿", "peak": "4亿"}}, "applies", 200_000),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "profile", "outcome", "value"), CASES)
def test_the_sample_files(offers, clause, profile, outcome, value):
    result = found(offers, clause, profile)
    assert result.outcome == outcome
    sums: list[Decimal] = [worked.value for worked in result.amounts if worked and worked.value is not None]
    if outcome != "nearly":  # there the sum is told as what would follow
        assert sums == ([] if value is None else [Decimal(value)])


def test_repealed_files_stand_apart_and_changed_ones_say_so(offers):
    results = match(profile_of(MAKER), offers, TODAY)
    assert {m.record.card.id for m in results.ended} == {"清政〔2022〕3号"}
    changed = [m for m in results.current if m.record.card.id == "清政〔2024〕9号"]
    assert changed and all(any("修改" in notice for notice in m.notices) for m in changed)


def test_another_district_sees_nothing_of_this_one(offers):
    results = match(profile_of({**MAKER, "region": "xx省江海市东湖区"}), offers, TODAY)
    assert not results.current and results.elsewhere == len(offers)


def test_every_reason_quotes_the_file(offers, documents):
    for profile in (NEW, DOCTOR):
        for result in match(profile_of(profile), offers, TODAY).current:
            text = documents[result.record.card.id].text
            for decision in result.decisions:
                if decision.span and decision.span.end > decision.span.start:
                    assert "".join(decision.span.of(text).split()) in decision.reason(text)
            for worked in result.amounts:
                assert worked is None or worked.sentence(text).endswith("。")
