"""The measures of a whole file: items under a lead sentence, tables, terms of the file, and what is no measure."""

import pytest

from ingest.corpus import walk
from ingest.measures import find_measures
from ingest.measures.schema import to_case
from ingest.parse import document_from_text, parse
from ingest.readers import read
from tests.samples import CORPUS, UNREADABLE

HEAD = "清河区人民政府关于印发促进产业发展若干政策的通知\n各有关单位：\n"


def measures(body, title=HEAD):
    document = document_from_text(title + body)
    return document, find_measures(document)


def granted(body):
    return [m for m in measures(body)[1] if m.benefits]


def sample(name):
    """The sample, read and parsed."""
    file = next(path for path in CORPUS.iterdir() if path.name.startswith(name))
    if file.name in UNREADABLE:
        pytest.skip("cannot be read on this machine")
    (source,) = walk([file])
    return parse(source, read(source))


def test_an_item_is_read_with_the_lead_sentence_above_it():
    document, found = measures(
        "一、支持项目落地\n对新引进的制造业项目，给予以下支持：\n（一）固定资产投资5000万元以上的，一次性奖励50万元。\n（二）按设备投资额的10%给予补助，最高500万元。\n"
    )
    first, second = [measure for measure in found if measure.benefits]
    assert [words.text for words in first.beneficiary.industry] == ["制造业"]
    assert [words.text for words in second.beneficiary.project_kind] == ["新引进"]
    assert [c.metric for c in first.conditions] == ["固定资产投资额"]
    assert "对新引进的制造业项目" in first.lead[0].of(document.text)
    assert first.span.of(document.text).startswith("固定资产投资5000万元以上")


def test_a_list_of_conditions_is_one_measure_and_one_of_them_is_enough():
    _, found = measures(
        "第一条 对符合下列条件之一的企业，一次性奖励20万元：\n（一）上年度营业收入1亿元以上；\n（二）上年度研发费用500万元以上。\n"
    )
    (measure,) = [m for m in found if m.benefits]
    assert measure.logic == "or"
    assert [(c.metric, c.alternative) for c in measure.conditions] == [("营业收入", 1), ("研发费用", 2)]


def test_sentences_about_others_are_measures_of_their_own():
    found = granted(
        "第一条 对获评国家级工业设计中心的企业，奖励100万元；对为区内企业服务的检验检测机构，按服务额的10%给予补助。（责任单位：区经信局）\n"
    )
    assert [measure.id.rpartition("#")[2] for measure in found] == ["第一条", "第一条/2"]
    assert [[words.text for words in measure.beneficiary.types] for measure in found] == [["企业"], ["机构"]]
    assert {d.name for measure in found for d in measure.departments} == {"区经信局"}


def test_a_branch_for_the_same_beneficiary_stays_in_the_measure():
    (measure,) = granted("第一条 对首次认定的国家高新技术企业，一次性奖励20万元；对重新认定的，一次性奖励10万元。\n")
    assert [[c.words for c in benefit.when] for benefit in measure.benefits] == [["首次认定"], ["重新认定"]]


def test_departments_in_a_line_below_an_item_are_its_departments():
    (measure,) = granted("第一条 对瞪羚企业，一次性奖励20万元。\n责任单位：区科技局、区财政局\n")
    assert [d.name for d in measure.departments] == ["区科技局", "区财政局"]


def test_departments_in_the_heading_of_a_section_are_those_of_its_items():
    found = granted(
        "一、支持科技创新（责任单位：区科技局）\n（一）对瞪羚企业，一次性奖励20万元。\n（二）对独角兽企业，一次性奖励100万元。\n"
    )
    assert [[d.name for d in measure.departments] for measure in found] == [["区科技局"], ["区科技局"]]


TERMS = [
    ("单个企业每年享受本政策资金合计不超过2000万元。", "caps"),
    ("本政策与市级同类政策不重复享受。", "stacking"),
    ("企业通过“清企通”平台申报，申报时间为每年3月1日至3月31日。", "window"),
    ("对弄虚作假骗取资金的，追回已拨付资金。", "clawback"),
]


@pytest.mark.parametrize(("text", "field"), TERMS)
def test_terms_of_the_file_are_measures_without_a_benefit(text, field):
    found = [m for m in measures(f"第一条 对瞪羚企业，一次性奖励20万元。\n第二条 {text}\n")[1] if not m.benefits]
    assert [bool(getattr(measure, field)) for measure in found] == [True]


def test_a_channel_said_elsewhere_is_that_of_the_article():
    """第十一条实行免申即享，其他条款实行申报制: as the file has it, for each article."""
    document = sample("示例06")
    found = {m.clause_id.rpartition("#")[2]: m.channel for m in find_measures(document) if m.benefits}
    assert {found[f"第{number}条"].text for number in ("十一", "十二", "十五")} == {"免申即享"}
    assert found["第八条"].text == "申报制"
    assert "其他条款实行申报制" in found["第八条"].span.of(document.text)
    assert found["第七条"].text == "一事一议"  # its own words


NO_MEASURES = [
    ("本办法所称研发费用补助，是指对企业研发费用给予的后补助。", "a definition"),
    ("到2027年，力争规上工业企业达到500家，产值增速达到10%。", "a target"),
    ("依法给予处分；情节严重的，处5万元以上10万元以下罚款。", "a penalty"),
    ("区财政每年安排专项资金1.2亿元，纳入年度预算管理。", "a budget"),
    ("推动产业链上下游企业加强协作，建设10个公共服务平台。", "a task"),
    ("不得对特定企业给予没有法律依据的差异化补贴。", "what is forbidden"),
    ("对工作成效显著的部门，给予通报表扬。", "praise for authorities"),
]


@pytest.mark.parametrize(("text", "kind"), NO_MEASURES, ids=[kind for _, kind in NO_MEASURES])
def test_what_grants_nothing_is_no_measure(text, kind):
    assert not granted(f"第一条 对瞪羚企业，一次性奖励20万元。\n第二条 {text}\n")[1:]


def test_an_explanation_of_a_policy_grants_nothing_itself():
    assert measures("一、补助多少？\n对瞪羚企业，一次性奖励20万元。\n", "《若干政策》解读\n")[1] == ()


def test_a_plan_without_sums_grants_nothing():
    """国务院 plans speak of support; what is granted is in the files that carry them out."""
    body = "一、加强政策支持\n加大财政支持力度，鼓励各地结合实际对相关企业给予适当奖励。\n"
    assert measures(body, "国务院关于推进现代物流发展的指导意见\n")[1] == ()


def test_rows_of_a_list_are_read_with_their_heads():
    found = {measure.name: measure for measure in find_measures(sample("示例22"))}
    assert len(found) == 28  # every row but the head
    capped = found["技术改造补助"]
    assert [(c.metric, c.op, int(c.amount.value)) for c in capped.conditions] == [("设备投资额", "ge", 5_000_000)]
    assert (float(capped.benefits[0].rate.value), int(capped.benefits[0].max.value)) == (0.06, 5_000_000)
    assert [d.name for d in capped.departments] == ["区经济和信息化局"]
    assert found["企业升规奖励"].channel.text == "免申即享"
    assert found["重大项目“一事一议”"].benefits[0].form in ("unspecified", "case_by_case")


def test_a_policy_file_gives_all_its_articles():
    found = find_measures(sample("示例06"))
    assert [m.clause_id.rpartition("#")[2] for m in found if m.benefits] == [
        f"第{number}条" for number in "四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十".split()
    ]
    ceilings = next(to_case(m)["caps"] for m in found if m.clause_id.endswith("第二十三条"))
    assert ceilings == [
        {"scope": "单个项目", "op": "le", "rate": 0.2, "base": "设备投资额"},
        {"scope": "单个企业每年", "op": "le", "value": 20_000_000},
    ]
