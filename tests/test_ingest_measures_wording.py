"""Wording of clauses that were written, with what they say, before they were first read by rule: one thing of each."""

import json
from pathlib import Path

import pytest

from ingest.measures import read_measure
from ingest.measures.schema import to_case

COIN = {"unit": "美元", "period": None}


def neighbours():
    lines = (Path(__file__).parent / "cases" / "measure_wording.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def condition(metric, op, value, unit="", **more):
    return {"metric": metric, "op": op, "value": value, "unit": unit, **more}


BENEFITS = [
    (
        "对进口设备的企业，按进口额每1美元补贴0.05元人民币，最高300万元。",
        [{"form": "per_unit", "value": 0.05, "per": COIN, "base": "进口额", "max": 3_000_000}],
        "for each coin, and no sum of 0.05元",
    ),
    (
        "对年进出口额1000万美元以上的外贸企业，进出口增量部分每1美元奖励0.03元。",
        [{"form": "per_unit", "value": 0.03, "per": COIN, "base": "进出口增量"}],
        "what is counted stands right before the price",
    ),
    (
        "企业购买责任保险的，前两年按实际缴纳保费的50%给予补贴。",
        [{"form": "rate", "rate": 0.5, "base": "保费", "duration": {"n": 2, "unit": "年"}}],
        "the first years of one share are how long it lasts",
    ),
    (
        "年度产值增量达到5000万元的，给予20万元奖励；增量每增加5000万元，再奖励10万元。",
        [{"form": "step", "value": 200_000, "step": {"start": 50_000_000, "size": 50_000_000, "value": 100_000}}],
        "增量 is that of the first sum: one scale",
    ),
    (
        "A类、B类人才购房的，分别给予80万元、50万元补贴；租房的，分别给予每月5000元、3000元补贴。",
        [
            {"form": "tiered", "tiers": [(["A类"], 800_000), (["B类"], 500_000)]},
            {"form": "tiered", "tiers": [(["A类"], 5000), (["B类"], 3000)], "per": {"unit": "月", "period": None}},
        ],
        "names said once for two lists of sums",
    ),
    (
        "企业购买服务的，按服务费用的40%给予补贴；属于中小企业的，比例提高至50%。",
        [
            {"form": "rate", "rate": 0.4, "base": "服务费用"},
            {"form": "rate", "rate": 0.5, "base": "服务费用", "when": [condition("主体", "eq", "中小企业")]},
        ],
        "a share that is raised, with its base and for whom",
    ),
    (
        "对科技型企业，按贷款利息的40%给予贴息；知识产权质押贷款的贴息比例提高至60%。",
        [
            {"rate": 0.4, "base": "贷款利息"},
            {"rate": 0.6, "when": [condition("贷款类型", "is", "知识产权质押贷款")]},
        ],
        "for which loans it is more",
    ),
    (
        "医疗机构首次获评三级甲等、三级乙等医院的，分别奖励300万元、150万元。",
        [{"form": "tiered", "tiers": [(["三级甲等"], 3_000_000), (["三级乙等"], 1_500_000)]}],
        "a grade without the noun that only the last has",
    ),
    (
        "对投产的工业项目，城市基础设施配套费减免50%。",
        [{"form": "reduction", "rate": 0.5, "base": "城市基础设施配套费"}],
        "配套费 is a charge, nothing that is matched",
    ),
    (
        "企业购买IP的，按实际支付费用的25%给予补贴。",
        [{"form": "rate", "rate": 0.25, "base": "实际支付费用"}],
        "费用 alone says too little",
    ),
    (
        "获得提名奖的，按相应标准的50%给予奖励。",
        [{"form": "rate", "rate": 0.5, "base": "相应标准"}],
        "a share of another standard",
    ),
    (
        "对重大项目建立“一项目一专班”机制，实行并联审批，施工许可办理时限压缩至5个工作日以内。",
        [
            {
                "type": "审批便利",
                "text": "建立“一项目一专班”机制，实行并联审批，施工许可办理时限压缩至5个工作日以内",
                "duration": {"n": 5, "unit": "个工作日", "op": "le"},
            }
        ],
        "all that is set up, with how long it may take",
    ),
    (
        "对存量工业用地改造项目，不再增收土地价款，并优先安排用电、用能指标。",
        [{"type": "用地", "text": "不再增收土地价款"}, {"type": "要素保障", "text": "优先安排用电、用能指标"}],
        "two kinds of support in words",
    ),
    (
        "对高校毕业生创办企业的，给予1万元一次性创业补贴。",
        [{"type": "资金奖补", "form": "fixed", "value": 10_000, "subtype": "创业补贴"}],
        "for a firm that is founded, no 人才补贴",
    ),
    (
        "对引荐项目落户的机构，给予引荐机构20万元奖励。",
        [{"form": "fixed", "value": 200_000, "to": "引荐机构"}],
        "who gets it",
    ),
    (
        "招用毕业生的，给予用人单位最长12个月的社会保险补贴，补贴标准为单位实际缴费的100%。",
        [{"rate": 1, "to": "用人单位", "subtype": "社会保险补贴", "duration": {"n": 12, "unit": "个月", "op": "le"}}],
        "how long and to whom stand in the part before the share",
    ),
    (
        "租赁厂房的小微企业，租金按市场评估价的80%收取；税收超过50万元的，租金按60%收取。",
        [
            {"form": "pay_rate", "rate": 0.8, "base": "市场评估价"},
            {"form": "pay_rate", "rate": 0.6, "base": "市场评估价"},
        ],
        "60% of what the first is a share of",
    ),
    (
        "对充换电站，连续三年按充电量给予每千瓦时0.2元运营补贴。",
        [{"form": "per_unit", "value": 0.2, "base": "充电量", "duration": {"n": 3, "unit": "年"}}],
        "连续三年 in front of 按",
    ),
    (
        "引进的博士，享受12万元购房补贴、每月2000元生活补贴，生活补贴发放3年。",
        [
            {"type": "住房", "form": "fixed", "value": 120_000},
            {"type": "人才补贴", "form": "fixed", "value": 2000, "per": {"unit": "月", "period": None}},
        ],
        "two sums, each with its own name",
    ),
    (
        "对首次入选百强的企业，给予100万元奖励；入选后排名每提升1位，再奖励5万元。",
        [{"form": "fixed", "value": 1_000_000}, {"form": "step", "base": "排名", "step": {"size": 1, "value": 50_000}}],
        "入选后 is when, and nothing that is awarded",
    ),
    (
        "对货运企业，按新增货运周转量每万吨公里20元给予奖励。",
        [{"form": "per_unit", "value": 20, "per": {"unit": "万吨公里", "period": None}, "base": "新增货运周转量"}],
        "a unit with its own 万",
    ),
    (
        "企业为人才租赁住房的，按实际租金的50%给予补贴，每人每月最高1000元。",
        [{"type": "住房", "form": "rate_capped", "max": 1000, "cap_scope": "每人每月"}],
        "a home, with a ceiling by the month",
    ),
    (
        "对年主营业务收入超过1亿元的软件企业，给予企业核心团队20万元奖励；超过5亿元的，给予50万元奖励；超过10亿元的，给予100万元奖励。",
        [
            {"value": n * 10_000, "when": [condition("主营业务收入", "gt", above, "元")]}
            for n, above in ((20, 100_000_000), (50, 500_000_000), (100, 1_000_000_000))
        ],
        "the rows of a scale are alike, from the first on",
    ),
    (
        "按其已缴税额超过应纳税所得额15%的部分给予补贴。",
        [{"form": "unspecified"}],
        "beyond which something is paid, no share that is paid",
    ),
    (
        "对新建5G基站，室外宏站每个补贴5000元，室内微站每个补贴1000元，单个运营商年度补贴不超过300万元。",
        [
            {
                "tiers": [(["室外宏站"], 5000), (["室内微站"], 1000)],
                "per": {"unit": "个", "period": None},
                "cap_scope": "单个运营商每年",
            }
        ],
        "short names of one kind, comma by comma",
    ),
    (
        "研发费用占营业收入比例超过8%的，按研发费用的6%给予补助；比例在5%（含）至8%之间的，按研发费用的4%给予补助。",
        [
            {"rate": 0.06, "when": [condition("研发费用占比", "gt", 0.08)]},
            {"rate": 0.04, "when": [condition("研发费用占比", "ge", 0.05), condition("研发费用占比", "le", 0.08)]},
        ],
        "比例 is the share that was named before",
    ),
    (
        "大学生创业团队，免费提供不超过50平方米办公场地，期限2年，并给予1万元创业启动资金。",
        [
            {"type": "租金减免", "form": "reduction", "rate": 1, "quantity_cap": {"value": 50, "unit": "㎡"}},
            {"type": "资金奖补", "form": "fixed", "value": 10_000},
        ],
        "free of rent up to an area; 启动资金 is money for a start",
    ),
    (
        "对中小学、幼儿园教师获评特级教师、正高级教师的，分别给予3万元、2万元奖励。",
        [{"tiers": [(["特级教师"], 30_000), (["正高级教师"], 20_000)]}],
        "the list of names begins behind 获评",
    ),
    (
        "对获得CMA、CNAS资质认定的机构，分别奖励5万元、10万元。",
        [{"tiers": [(["CMA"], 50_000), (["CNAS"], 100_000)]}],
        "资质认定 is no part of the last name",
    ),
    (
        "新开门店的，每店给予5万元奖励。",
        [{"form": "per_unit", "value": 50_000, "per": {"unit": "店", "period": None}}],
        "for each shop",
    ),
    (
        "对进出口总额同比增长10%以上的企业，每增加100万美元奖励2万元人民币。",
        [{"form": "step", "base": "进出口额", "step": {"size": 1_000_000, "value": 20_000}}],
        "steps of what has to grow",
    ),
    (
        "天使投资引导基金投资初创期企业的，单个企业投资额不超过500万元。",
        [{"type": "股权基金", "form": "equity", "max": 5_000_000, "cap_scope": "单个企业"}],
        "what a fund may put into one firm",
    ),
    (
        "对首次认定为潜在独角兽企业、独角兽企业的，分别给予100万元、500万元奖励。",
        [{"tiers": [(["潜在独角兽企业"], 1_000_000), (["独角兽企业"], 5_000_000)]}],
        "在 of 潜在 is no verb: the two are not one",
    ),
    (
        "对购买人才公寓的，按购房款的10%给予补贴，每套最高15万元。",
        [{"base": "购房款", "max": 150_000, "cap_scope": "每套"}],
        "a ceiling for each flat",
    ),
    (
        "首版次软件产品，按销售额的20%给予研发企业奖励。",
        [{"form": "rate", "to": "研发企业", "subtype": None}],
        "who gets it is no name of the grant",
    ),
]
CONDITIONS = [
    (
        "对首次突破1000万美元、3000万美元的外贸进出口企业，分别奖励10万元、30万元。",
        [],
        "a threshold without a noun is one tier's: 进出口企业 says what is measured",
    ),
    (
        "年化综合费率不高于6%的，给予奖补。",
        [condition("综合费率", "le", 0.06)],
        "年化 of a rate goes without saying",
    ),
    (
        "新建标准厂房容积率提高至2.5以上的，奖励10万元。",
        [condition("标准厂房容积率", "ge", 2.5)],
        "提高至 a number without a unit",
    ),
    (
        "层高6米以上且层数4层以上的，奖励10万元。",
        [condition("层高", "ge", 6, "米"), condition("层数", "ge", 4, "层")],
        "且 is no part of a short noun",
    ),
    ("营业收入增速超过全市平均增速5个百分点以上的，奖励10万元。", [], "above a number that is not printed"),
    ("给予100万元经费；服务期未满5年离职的，退还已领取的资金。", [], "when it has to be given back"),
    (
        "给予100万元安家补贴，服务期限不少于5年，未满的按比例退回。",
        [condition("服务期限", "ge", 5, "年")],
        "what is asked for stays, next to what is given back",
    ),
    (
        "对获评示范家庭农场、且流转面积100亩以上的，奖励1万元。",
        [condition("认定", "eq", "示范家庭农场"), condition("流转面积", "ge", 100, "亩")],
        "a name that 、且 ends",
    ),
    ("按投资额的40%给予补助，待验收合格后一次性拨付。", [], "when it is paid out"),
    ("工业用地可采取弹性年期方式出让，期满经评估合格的可续期。", [], "when it is prolonged"),
    (
        "制造业中长期贷款增速超过20%的，奖励1万元。",
        [condition("制造业中长期贷款增速", "gt", 0.2)],
        "中 of 中长期 does not end what is in front",
    ),
    ("给予20万元补助；由市级升级为省级的，补足差额。", [], "a level alone is no award"),
    ("实际缴纳税收超过50万元的，奖励1万元。", [condition("税收", "gt", 500_000, "元")], "缴纳 is no part of the name"),
]
TERMS = [
    (
        "贷款发生代偿的，由省级再担保机构、担保机构、银行按2:4:4的比例分担风险。",
        "funding_split",
        None,
        "who bears a loss is no budget",
    ),
    (
        "获得支持总额不超过上年度研发费用的50%。",
        "caps",
        [{"scope": "", "op": "le", "rate": 0.5, "base": "研发费用"}],
        "上年度 says of when the base is, not that the ceiling is a yearly one",
    ),
    (
        "近三年未发生重大安全事故和环境违法行为的企业。",
        "exclude",
        ["近三年发生重大安全事故和环境违法行为"],
        "both of what must not have happened",
    ),
    (
        "对应届高校毕业生到我区专精特新“小巨人”企业就业的，给予每人每月1000元租房补贴。",
        "qualification",
        None,
        "where one works, not who gets it",
    ),
    ("每新开设1家的，给予3万元补助，每年不超过5家。", "quota", None, "the most of one who applies"),
    ("已享受“一事一议”政策的企业，不再享受本办法奖励。", "channel", None, "what is granted elsewhere"),
    (
        "对高校向本市企业转让成果的，按成交额的3%给予奖励，每项最高30万元，每年最高300万元。",
        "caps",
        [{"scope": "每年", "op": "le", "value": 3_000_000}],
        "of a university, no ceiling of a firm",
    ),
    ("对获得一等奖的选手，给予5000元奖励。", "type", ["个人"], "a person"),
    ("对承接重大应用场景项目的企业，给予1万元奖励。", "project_kind", None, "what is taken on, not what is supported"),
    ("大学生创业团队，给予1万元。", "type", ["团队"], "a team of students"),
    ("对参会人员入住本区酒店的会议，给予1万元奖励。", "industry", None, "where one stays"),
    ("对新设立的会计师事务所、律师事务所，给予1万元。", "type", ["企业"], "a firm of accountants"),
    ("对企业研究院给予50万元补助。", "type", ["企业"], "a part of a firm"),
    ("对企业通过跨境电商平台开展业务的，给予1万元补助。", "industry", None, "by what means"),
    ("对在园区内建设的充换电站，给予30万元补助。", "type", ["企业"], "where it stands"),
    ("发放贷款的，按业务发生额的0.3%给予奖补，单户机构年度最高100万元。", "cap_scope", "单户每年", "单户机构 is 单户"),
]


def tiers(benefit):
    for tier in benefit["tiers"]:
        yield [c["value"] for c in tier["when"]], tier["value"]


@pytest.mark.parametrize(("text", "expected", "reason"), BENEFITS, ids=[reason for *_, reason in BENEFITS])
def test_what_is_granted(text, expected, reason):
    found = to_case(read_measure(text))["benefits"]
    found = [{**b, "tiers": list(tiers(b))} if "tiers" in b else b for b in found]
    assert [{name: f.get(name) for name in e} for f, e in zip(found, expected, strict=True)] == expected


@pytest.mark.parametrize(("text", "expected", "reason"), CONDITIONS, ids=[reason for *_, reason in CONDITIONS])
def test_on_what_condition(text, expected, reason):
    assert to_case(read_measure(text))["conditions"] == expected


@pytest.mark.parametrize(("text", "name", "expected", "reason"), TERMS, ids=[reason for *_, reason in TERMS])
def test_on_what_terms(text, name, expected, reason):
    case = to_case(read_measure(text))
    found = {**dict(*case["benefits"][:1]), **case["beneficiary"], **case}
    assert found.get(name) == expected


def test_names_are_not_taken_from_the_scale_before_where_a_list_stands_between():
    text = "对A类、B类人才，分别给予80万元、50万元补贴；按考核、贡献、业绩情况的，分别给予3万元、2万元补贴。"
    assert [b["form"] for b in to_case(read_measure(text))["benefits"]] == ["tiered"]


def test_a_threshold_without_a_noun_is_that_of_its_tier():
    (benefit,) = to_case(read_measure(CONDITIONS[0][0]))["benefits"]
    whens = [tier["when"] for tier in benefit["tiers"]]
    assert whens == [[condition("进出口额", "gt", n, "USD", first=True)] for n in (10_000_000, 30_000_000)]


@pytest.mark.parametrize("row", neighbours(), ids=lambda row: row["reason"])
def test_neighbours_of_wordings(row):
    case, expected = to_case(read_measure(row["text"])), row["expect"]
    for benefit, said in zip(case["benefits"], expected.pop("benefits", case["benefits"]), strict=True):
        assert {name: benefit.get(name) for name in said} == said
    for name, said in expected.pop("beneficiary", {}).items():
        assert case["beneficiary"].get(name) == said
    assert {name: case.get(name) for name in expected} == expected
