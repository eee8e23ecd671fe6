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


LIST = "附件：奖补标准表\n序号\t类别\t支持事项\t奖补标准\t上限\t兑现方式\n"
ROWS = [
    (
        "国家级农业产业化龙头企业认定\t一次性100万元\t100万元",
        "认定 eq 国家级农业产业化龙头企业",
        "a title that has to be awarded",
    ),
    ("农产品地理标志登记\t每个20万元\t20万元", "认定 eq 农产品地理标志登记", "what is registered"),
    (
        "接入省级农产品质量追溯平台\t一次性2万元\t2万元",
        "支持事项 is 接入省级农产品质量追溯平台",
        "what is done, though a level stands in it",
    ),
    (
        "新建冷藏保鲜库（库容200立方米以上）\t每立方米150元\t30万元",
        "库容 ge 200；支持事项 is 新建冷藏保鲜库（库容200立方米以上）",
        "and how large it is",
    ),
    (
        "首次获得绿色食品认证\t每个产品2万元\t10万元",
        "认证 eq 绿色食品认证",
        "read from the words themselves: not said twice",
    ),
]


@pytest.mark.parametrize(("row", "conditions", "reason"), ROWS, ids=[reason for *_, reason in ROWS])
def test_what_a_row_is_for_is_its_name_and_a_condition(row, conditions, reason):
    """Nobody gets 100万元 for being a company."""
    document, found = measures(f"{LIST}1\t经营主体\t{row}\t免申即享\n")
    (measure,) = [m for m in found if m.benefits]
    said = {f"{c.metric} {c.op} {c.amount.value if c.amount else c.words}" for c in measure.conditions}
    assert said == set(conditions.split("；"))
    assert measure.name == row.partition("\t")[0]
    assert all(c.span.of(document.text) for c in measure.conditions)


def test_a_body_that_is_said_once_for_the_rest_of_the_file_has_to_do_with_what_stands_below():
    """（…以下均含各镇街，不再列出）: not with what stands above."""
    found = granted(
        "第一条 对瞪羚企业，一次性奖励20万元。（责任单位：区科技局）\n"
        "第二条 对独角兽企业，一次性奖励100万元。（区科技局牵头，区财政局配合。以下均需各镇街落实，不再列出）\n"
        "第三条 对雏鹰企业，一次性奖励5万元。（责任单位：区科技局）\n"
    )
    assert [[(d.name, d.role) for d in m.departments][1:] for m in found] == [
        [],
        [("区财政局", "配合")],
        [("各镇街", "责任")],
    ]


def test_items_below_申领对象_say_who_may_apply():
    _, found = measures(
        "一、申报对象\n（一）上年度营业收入2000万元以上的企业。\n（二）已经入库的科技型中小企业。\n二、支持标准\n对符合条件的，一次性奖励10万元。\n"
    )
    who = found[0]
    assert [c.metric for c in who.conditions] == ["营业收入"]
    assert [words.text for words in who.beneficiary.qualification] == ["科技型中小企业"]


def test_a_date_below_申报时间_is_the_window():
    _, found = measures(
        "一、支持标准\n对瞪羚企业，一次性奖励20万元。\n二、申报时间\n（一）第一批：2025年4月1日至4月30日。\n"
    )
    assert [(m.window.start, m.window.end) for m in found if m.window] == [("2025-04-01", "2025-04-30")]


def test_a_notice_that_pays_out_what_another_file_grants_has_terms():
    """The grant is in the 办法; when and where to apply is here."""
    found = find_measures(sample("示例20"))
    assert [m.window.end for m in found if m.window] == ["2026-11-30"]
    assert [m.platform.text for m in found if m.platform] == ["云企通"]
    assert ["科技型中小企业"] in [[words.text for words in m.beneficiary.qualification] for m in found]


def test_what_a_detailed_rule_excludes_is_no_grant_and_its_terms_stay():
    """下列利息不予贴息：已经由上级财政全额贴息的利息 was read as a full subsidy."""
    found = find_measures(sample("示例21"))
    assert [m.clause_id.partition("#")[2] for m in found] == ["第八条", "第十条"] and not any(m.benefits for m in found)


def test_a_clause_that_also_defines_what_it_says_still_grants():
    (measure,) = granted("第一条 对瞪羚企业，一次性奖励20万元。本政策所称瞪羚企业，是指经认定的高成长企业。\n")
    assert float(measure.benefits[0].value.value) == 200_000


def test_a_grant_in_a_form_that_is_not_read_is_still_a_measure():
    """Its words are shown: rewards for cities, 住房、子女就学等保障."""
    shown = {}
    for name, clause in (("示例02", "四(一)"), ("示例03", "二(三)1")):
        document = sample(name)
        (measure,) = [m for m in find_measures(document) if m.clause_id.endswith(f"#{clause}")]
        shown[clause] = " ".join(benefit.span.of(document.text) for benefit in measure.benefits)
    assert "3000万元" in shown["四(一)"]
    assert "子女就学等保障" in shown["二(三)1"]


def test_what_is_added_to_other_clauses_is_a_measure_with_its_condition():
    (measure,) = [m for m in find_measures(sample("示例10")) if m.clause_id.endswith("第十二条")]
    assert [(c.metric, float(c.amount.value)) for c in measure.conditions] == [("研发费用增速", 0.2)]
    assert measure.benefits[0].form == "unspecified"


NO_MEASURES = [
    ("支持各市通过购房补贴、租房补贴、人才公寓等方式解决人才住房问题，具体标准由各地制定。", "left to others"),
    ("研究设立产业投资基金，通过股权投资、贷款贴息等方式支持项目落地。", "what is to be decided later"),
    ("见习单位应当每月向见习人员提供不低于最低工资标准80%的生活补贴。", "a duty of an employer"),
    ("申请家庭未享受购房优惠政策。", "what must not have been had"),
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
