"""A profile against a clause: every requirement decided by hand, with the reason; the outcome follows from them.

符合 met, 不符合 not_met, 待确认 unknown. ``名/1`` is a requirement of the first tier, ``名@1`` of the first benefit.
"""

from __future__ import annotations

import pytest

from qa.matching import Match, match, profile_of
from tests.matching_clauses import CLAUSES, TODAY, record

Y, N, U = "met", "not_met", "unknown"
HERE = {"region": "云澜市清河区"}
FIRM = {"kind": "企业", **HERE}
MAKER = {**FIRM, "industries": ["C36"]}
NEW = {**MAKER, "project_kinds": {"新引进": True}}
PERSON = {"kind": "个人", **HERE}
DOCTOR = {**PERSON, "degree": "博士"}

CASES = [
    # 1000万元以上（含）: the bound itself is enough
    ("设备补助", {**NEW, "equipment_investment": "1000万元"}, {"主体类型": Y, "行业": Y, "项目类型": Y, "设备投资额": Y}, "applies"),
    # one yuan less is not; it is near
    ("设备补助", {**NEW, "equipment_investment": 9_999_999}, {"设备投资额": N}, "nearly"),
    ("设备补助", {**NEW, "equipment_investment": 10_000_001}, {"设备投资额": Y}, "applies"),
    # half of the threshold is still near, one yuan below half is not
    ("设备补助", {**NEW, "equipment_investment": "500万元"}, {"设备投资额": N}, "nearly"),
    ("设备补助", {**NEW, "equipment_investment": 4_999_999}, {"设备投资额": N}, "does_not_apply"),
    # nothing said of the investment: open, not failed
    ("设备补助", NEW, {"设备投资额": U, "项目类型": Y}, "undecided"),
    # 总投资 is no 设备投资: it decides nothing
    ("设备补助", {**NEW, "total_investment": "5亿元"}, {"设备投资额": U}, "undecided"),
    # the kind of project is not said
    ("设备补助", {**MAKER, "equipment_investment": "3000万元"}, {"项目类型": U, "设备投资额": Y}, "undecided"),
    # said not to be newly settled
    ("设备补助", {**MAKER, "project_kinds": {"新引进": False}, "equipment_investment": "3000万元"}, {"项目类型": N}, "does_not_apply"),
    # software is not manufacturing by the classification
    ("设备补助", {**NEW, "industries": ["I65"], "equipment_investment": "3000万元"}, {"行业": N}, "does_not_apply"),
    # an industry under a word of its own has no known limits
    ("设备补助", {**NEW, "industries": ["低空经济"], "equipment_investment": "3000万元"}, {"行业": U}, "undecided"),
    # everyday words stand for a division: 汽车零部件 is 汽车制造业
    ("设备补助", {**NEW, "industries": ["汽车零部件"], "equipment_investment": "3000万元"}, {"行业": Y}, "applies"),
    # of two industries one is manufacturing
    ("设备补助", {**NEW, "industries": ["I65", "C36"], "equipment_investment": "3000万元"}, {"行业": Y}, "applies"),
    # a person is no company
    ("设备补助", {**PERSON}, {"主体类型": N}, "does_not_apply"),
    # whether an agency is also a company is not known
    ("设备补助", {**NEW, "kind": "机构", "equipment_investment": "3000万元"}, {"主体类型": U}, "undecided"),
    # nothing at all is said
    ("设备补助", {}, {"主体类型": U, "行业": U, "项目类型": U, "设备投资额": U, "适用地区": U}, "undecided"),
    # two thresholds fail: not near any more
    ("研发", {**MAKER, "rd": "150万元", "rd_share": "2%"}, {"研发费用": N, "研发费用占比": N}, "does_not_apply"),
    # 200万元以上（含） and 不低于3%: both at the bound
    ("研发", {**MAKER, "rd": "200万元", "rd_share": "3%"}, {"研发费用": Y, "研发费用占比": Y}, "applies"),
    ("研发", {**MAKER, "rd": 1_999_999, "rd_share": "3%"}, {"研发费用": N, "研发费用占比": Y}, "nearly"),
    ("研发", {**MAKER, "rd": "200万元", "rd_share": "2.99%"}, {"研发费用占比": N}, "nearly"),
    # the share follows exactly from the two figures: 300/10000 is 3 %
    ("研发", {**MAKER, "rd": "300万元", "revenue": "1亿元"}, {"研发费用占比": Y}, "applies"),
    # 300/10001 is just below
    ("研发", {**MAKER, "rd": "300万元", "revenue": "10001万元"}, {"研发费用占比": N}, "nearly"),
    # figures of different years give no share
    ("研发", {**MAKER, "rd": {"value": "300万元", "period": "当年"}, "revenue": {"value": "1亿元", "period": "上年度"}},
     {"研发费用": Y, "研发费用占比": U}, "undecided"),
    # 突破5亿元 excludes 5亿元 itself, whatever the years before
    ("上台阶", {**MAKER, "revenue": {"value": "5亿元", "peak": "4亿元"}}, {"营业收入/1": N, "营业收入/2": N, "营业收入/3": N}, "nearly"),
    # one yuan above is enough, and the years before were below
    ("上台阶", {**MAKER, "revenue": {"value": 500_000_001, "peak": "4亿元"}}, {"营业收入/1": Y, "营业收入/2": N}, "applies"),
    # above, but of the years before nothing is said: 首次 stays open
    ("上台阶", {**MAKER, "revenue": "6亿元"}, {"营业收入/1": U, "营业收入/2": N}, "undecided"),
    # it was above before: not the first time; the next tier is near
    ("上台阶", {**MAKER, "revenue": {"value": "6亿元", "peak": "5.5亿元"}}, {"营业收入/1": N, "营业收入/2": N}, "nearly"),
    # exactly 5亿元 in an earlier year was not 突破: now it is the first time
    ("上台阶", {**MAKER, "revenue": {"value": "6亿元", "peak": "5亿元"}}, {"营业收入/1": Y}, "applies"),
    # last year alone above is enough to know that it is not the first time
    ("上台阶", {**MAKER, "revenue": {"value": "6亿元", "previous": "5.2亿元"}}, {"营业收入/1": N}, "nearly"),
    # last year below says nothing of the years before it
    ("上台阶", {**MAKER, "revenue": {"value": "6亿元", "previous": "4亿元"}}, {"营业收入/1": U}, "undecided"),
    ("升规", MAKER, {"纳统": U, "行业": Y}, "undecided"),
    ("升规", {**MAKER, "statements": {"首次入规": True}}, {"纳统": Y}, "applies"),
    ("升规", {**MAKER, "statements": {"首次入规": False}}, {"纳统": N}, "does_not_apply"),
    # being 规上 does not say that it is so for the first time
    ("升规", {**MAKER, "sizes": {"规上工业": True}}, {"纳统": U}, "undecided"),
    ("专精特新", {**FIRM, "qualifications": ["小巨人"]}, {"认定/1": Y, "认定/2": U}, "applies"),
    # a 专精特新中小企业 may or may not be a 小巨人
    ("专精特新", {**FIRM, "qualifications": ["省级专精特新中小企业"]}, {"认定/1": U, "认定/2": Y}, "applies"),
    ("专精特新", FIRM, {"认定/1": U, "认定/2": U}, "undecided"),
    ("专精特新", {**FIRM, "qualifications": {"专精特新小巨人": False, "专精特新中小企业": False}}, {"认定/1": N, "认定/2": N}, "does_not_apply"),
    # all qualifications are named, and none is one of these
    ("专精特新", {**FIRM, "qualifications": ["高新技术企业"], "no_other_qualifications": True}, {"认定/1": N, "认定/2": N}, "does_not_apply"),
    # named are some, others may be held
    ("专精特新", {**FIRM, "qualifications": ["高新技术企业"]}, {"认定/1": U, "认定/2": U}, "undecided"),
    ("高企", {**FIRM, "qualifications": {"高企": "首次"}}, {"资质": Y, "认定方式@1": Y, "认定方式@2": N}, "applies"),
    ("高企", {**FIRM, "qualifications": {"国家高新技术企业": "重新"}}, {"资质": Y, "认定方式@1": N, "认定方式@2": Y}, "applies"),
    # held, but not said whether for the first time
    ("高企", {**FIRM, "qualifications": ["高新技术企业"]}, {"资质": Y, "认定方式@1": U, "认定方式@2": U}, "undecided"),
    ("高企", {**FIRM, "qualifications": {"高新技术企业": False}}, {"资质": N}, "does_not_apply"),
    # 科技型中小企业 is another qualification
    ("高企", {**FIRM, "qualifications": ["科技型中小企业"]}, {"资质": U}, "undecided"),
    ("展位", MAKER, {"行业": Y}, "applies"),
    ("展位", {**FIRM, "industries": ["E47"]}, {"行业": N}, "does_not_apply"),
    # 小微 are among 中小微, 中小 too; large ones are not
    ("贴息", {**MAKER, "scale": "小微企业", "project_kinds": ["技术改造贷款"]}, {"规模": Y, "项目类型": Y}, "applies"),
    ("贴息", {**MAKER, "scale": "大型企业"}, {"规模": N, "项目类型": U}, "does_not_apply"),
    ("贴息", {**MAKER, "scale": "大中型企业"}, {"规模": U}, "undecided"),
    ("贴息", MAKER, {"规模": U}, "undecided"),
    # one of two alternatives is enough, the year being the one that is asked for
    ("营收或融资", {**FIRM, "revenue": {"value": "1000万元", "period": "上年度"}}, {"营业收入": Y, "股权融资额": U}, "applies"),
    ("营收或融资", {**FIRM, "revenue": {"value": "1000万元", "period": "去年"}}, {"营业收入": Y}, "applies"),
    # of which year the figure is, is not said
    ("营收或融资", {**FIRM, "revenue": "1000万元"}, {"营业收入": U, "股权融资额": U}, "undecided"),
    ("营收或融资", {**FIRM, "revenue": {"value": "1000万元", "period": "当年"}}, {"营业收入": U}, "undecided"),
    # the first fails, the second is not said: open
    ("营收或融资", {**FIRM, "revenue": {"value": 9_999_999, "period": "上年度"}}, {"营业收入": N, "股权融资额": U}, "undecided"),
    # both fail by a little: one alternative needs one threshold
    ("营收或融资", {**FIRM, "revenue": {"value": 9_999_999, "period": "上年度"},
                "equity_financing": {"value": "1000万元", "period": "近两年"}}, {"营业收入": N, "股权融资额": N}, "nearly"),
    ("营收或融资", {**FIRM, "revenue": {"value": "10万元", "period": "上年度"},
                "equity_financing": {"value": "2000万元", "period": "近两年"}}, {"营业收入": N, "股权融资额": Y}, "applies"),
    # 不超过3年: the third anniversary is within, the day after is not
    ("初创", {**FIRM, "founded": "2023-03-01", "sizes": ["初创企业"], "statements": {"严重失信主体": False}},
     {"成立年限": Y, "规模": Y, "除外情形": Y}, "applies"),
    ("初创", {**FIRM, "founded": "2023-02-28", "sizes": ["初创企业"]}, {"成立年限": N}, "does_not_apply"),
    # those who are left out: only he himself says whether he is one of them
    ("初创", {**FIRM, "founded": "2025-01-01", "sizes": ["初创企业"]}, {"成立年限": Y, "除外情形": U}, "undecided"),
    ("初创", {**FIRM, "founded": "2025-01-01", "sizes": ["初创企业"], "statements": {"严重失信主体": True}}, {"除外情形": N}, "does_not_apply"),
    # a young company is not therefore a 初创企业
    ("初创", {**FIRM, "founded": "2025-01-01"}, {"规模": U}, "undecided"),
    # 50人以上（不含）: 50 is not enough
    ("就业", {**FIRM, "new_employees": 50}, {"新增就业人数": N}, "nearly"),
    ("就业", {**FIRM, "new_employees": 51}, {"新增就业人数": Y}, "applies"),
    # how many work there says nothing of how many are new
    ("就业", {**FIRM, "employees": 500}, {"新增就业人数": U}, "undecided"),
    # 不超过1%: at the bound, just above
    ("担保", {"kind": "机构", **HERE, "figures": {"担保费率": "1%"}}, {"主体类型": Y, "担保费率": Y}, "applies"),
    ("担保", {"kind": "机构", **HERE, "figures": {"担保费率": "1.01%"}}, {"担保费率": N}, "nearly"),
    ("担保", {"kind": "机构", **HERE, "figures": {"担保费率": "2.01%"}}, {"担保费率": N}, "does_not_apply"),
    ("担保", {**FIRM, "figures": {"担保费率": "1%"}}, {"主体类型": U}, "undecided"),
    # dollars against dollars; yuan are not compared with them
    ("外资", {**FIRM, "project_kinds": ["外资", "新设"], "foreign_capital": {"value": "1000万美元", "period": "当年"}},
     {"项目类型": Y, "实际到位外资": Y}, "applies"),
    ("外资", {**FIRM, "project_kinds": ["外资", "新设"], "foreign_capital": {"value": "7000万元", "period": "当年"}}, {"实际到位外资": U}, "undecided"),
    # foreign, but whether newly founded is not said
    ("外资", {**FIRM, "project_kinds": ["外资"]}, {"项目类型": U}, "undecided"),
    # an introducer may be a company: it has to say so
    ("引荐", FIRM, {"主体类型": U, "除外情形": U, "固定资产投资额": U, "项目进度": U}, "undecided"),
    ("引荐", {"kind": "引荐人", **HERE, "fixed_investment": "1亿元", "project_stage": "开工", "statements": {"公职人员": False}},
     {"主体类型": Y, "除外情形": Y, "固定资产投资额": Y, "项目进度": Y}, "applies"),
    ("引荐", {"kind": "引荐人", **HERE, "fixed_investment": 99_999_999, "project_stage": "投产", "statements": {"公职人员": False}},
     {"固定资产投资额": N, "项目进度": Y}, "nearly"),
    # filed is not begun
    ("引荐", {"kind": "引荐人", **HERE, "fixed_investment": "1亿元", "project_stage": "备案"}, {"项目进度": N}, "does_not_apply"),
    # a total investment below the threshold leaves no room for more fixed assets; above it, nothing is known
    ("引荐", {"kind": "引荐人", **HERE, "total_investment": "9000万元"}, {"固定资产投资额": N}, "does_not_apply"),
    ("引荐", {"kind": "引荐人", **HERE, "total_investment": "2亿元"}, {"固定资产投资额": U}, "undecided"),
    ("生活补贴", {**DOCTOR, "full_time": True}, {"主体类型": Y, "人员": Y, "用工方式": Y, "学历/1": Y, "学历/2": N, "学历/3": N}, "applies"),
    ("生活补贴", {**DOCTOR, "full_time": False}, {"用工方式": N}, "does_not_apply"),
    ("生活补贴", DOCTOR, {"用工方式": U}, "undecided"),
    # 大专 is in none of the three tiers
    ("生活补贴", {**PERSON, "degree": "大专", "full_time": True}, {"学历/1": N, "学历/2": N, "学历/3": N}, "does_not_apply"),
    ("生活补贴", {**PERSON, "full_time": True}, {"人员": U, "学历/1": U}, "undecided"),
    # what is for persons is not for a company
    ("生活补贴", FIRM, {"主体类型": N}, "does_not_apply"),
    # 全日制 is more than the degree
    ("安家", {**DOCTOR, "contract": "3年", "insured": "6个月"}, {"人员": U, "劳动合同期限": Y, "社保月数": Y}, "undecided"),
    ("安家", {**DOCTOR, "contract": "3年", "insured": "6个月", "statements": ["全日制博士"]}, {"人员": Y}, "applies"),
    ("安家", {**DOCTOR, "contract": "3年", "insured": 5, "statements": ["全日制博士"]}, {"社保月数": N}, "nearly"),
    # one year is twelve months
    ("安家", {**DOCTOR, "contract": "3年", "insured": "1年", "statements": ["全日制博士"]}, {"社保月数": Y}, "applies"),
    ("安家", {**PERSON, "degree": "硕士", "contract": "3年", "insured": 6}, {"人员": N}, "does_not_apply"),
    ("购房", {**PERSON, "talent_class": "B类", "statements": {"首套商品住房": True}}, {"人员": Y, "住房": Y, "人才类别/1": N, "人才类别/2": Y}, "applies"),
    # the measure lists A to C
    ("购房", {**PERSON, "talent_class": "D类", "statements": {"首套商品住房": True}}, {"人员": N, "人才类别/3": N}, "does_not_apply"),
    ("购房", {**PERSON, "talent_class": "B类"}, {"住房": U}, "undecided"),
    # 不超过45周岁: 45 is within, 46 is not
    ("年龄", {**PERSON, "age": 45, "talent_class": "D类"}, {"年龄": Y, "人才类别": Y}, "applies"),
    ("年龄", {**PERSON, "age": 46, "talent_class": "D类"}, {"年龄": N}, "does_not_apply"),
    ("年龄", {**PERSON, "talent_class": "D类"}, {"年龄": U}, "undecided"),
    # C类以上: B is above C, D is below
    ("以上", {**PERSON, "talent_class": "B类"}, {"人才类别": Y}, "applies"),
    ("以上", {**PERSON, "talent_class": "C类"}, {"人才类别": Y}, "applies"),
    ("以上", {**PERSON, "talent_class": "D类"}, {"人才类别": N}, "does_not_apply"),
]  # fmt: skip


def found(name: str, profile: dict[str, object]) -> Match:
    (only,) = match(profile_of(profile), [record(CLAUSES[name][1])], TODAY).current
    return only


def verdicts(result: Match) -> dict[str, str]:
    """By the name of the requirement; those of tiers and benefits with their number."""
    named = {}
    for d in result.decisions:
        where = "" if d.benefit is None else f"@{d.benefit + 1}" if d.tier is None else f"/{d.tier + 1}"
        named[f"{d.need.name}{where}"] = d.verdict
    return named


@pytest.mark.parametrize(("name", "profile", "expected", "outcome"), CASES)
def test_each_requirement_is_decided_as_by_hand(name, profile, expected, outcome):
    result = found(name, profile)
    decided = verdicts(result)
    assert {key: decided[key] for key in expected} == expected
    assert result.outcome == outcome


@pytest.mark.parametrize(("name", "profile", "expected", "outcome"), CASES)
def test_a_reason_names_the_value_and_quotes_the_clause(name, profile, expected, outcome):
    text = CLAUSES[name][0].text
    for decision in found(name, profile).decisions:
        said = decision.reason(text)
        assert {"met": "符合", "not_met": "不符合", "unknown": "待确认"}[decision.verdict] in said
        if decision.span and decision.span.end > decision.span.start:
            assert decision.span.of(text) in said


@pytest.mark.parametrize(
    ("name", "profile", "need", "said"),
    [
        (
            "设备补助",
            {**NEW, "equipment_investment": "800万元"},
            "设备投资额",
            "所填设备投资额800万元，不符合“1000万元”，还差200万元",
        ),
        (
            "上台阶",
            {**MAKER, "revenue": {"value": "5亿元", "peak": "4亿元"}},
            "营业收入/1",
            "所填营业收入5亿元，不符合“5亿元”，正好等于该数，须高于它",
        ),
        (
            "担保",
            {"kind": "机构", "figures": {"担保费率": "1.5%"}},
            "担保费率",
            "所填担保费率1.5%，不符合“1%”，超出0.5%",
        ),
        (
            "设备补助",
            {**NEW, "region": "xx省"},
            "适用地区",
            "所在地xx省，条款要求“适用于清河区”，待确认，所填没有写明属于哪个区（县）",
        ),
        ("就业", FIRM, "新增就业人数", "未填新增就业人数，条款要求“50人”，待确认"),
        ("生活补贴", {**DOCTOR, "full_time": True}, "用工方式", "所填全职工作，符合“全职”"),
    ],
)
def test_the_words_of_a_reason(name, profile, need, said):
    result = found(name, profile)
    index = list(verdicts(result)).index(need)
    assert result.decisions[index].reason(CLAUSES[name][0].text) == said


def test_the_gap_of_a_measure_that_nearly_applies():
    result = found("设备补助", {**NEW, "equipment_investment": "800万元"})
    assert (result.gap.need.name, result.gap.held.gap) == ("设备投资额", 2_000_000)
