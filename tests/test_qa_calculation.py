"""What a rule comes to for the asker's figures: exact, held against the ceiling, and nothing where it cannot be known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.assistant import Assistant
from qa.calculation import calculate, limit, sound

EQUIPMENT = "支持设备投资。对固定资产投资5000万元以上（含）的新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。"
RESEARCH = "对研发费用占营业收入比重达3%以上且研发费用同比正增长的规上工业企业，按当年研发费用增加额的10%给予补助，单个企业年度补助最高200万元。"
FIRST_SET = (
    "对经认定的首台（套）重大技术装备，按单台（套）实际销售价格的15%给予研制单位补助，最高300万元；"
    "投保首台（套）保险的，按实缴保费的80%给予补贴，最长3年。"
)
REVENUE = (
    "对年营业收入首次突破1亿元、5亿元、10亿元的规上工业企业，分别给予50万元、100万元、200万元一次性奖励；"
    "已享受低档奖励后晋档的，按差额补足。（责任单位：区经信局）"
)
REPORT = "对举报重大事故隐患的，奖励金额按照行政处罚金额的15%计算，最低奖励3000元，最高不超过30万元。"
REVENUE_PLAIN = "对年营业收入首次突破1亿元、5亿元的企业，分别给予50万元、100万元奖励。"
REACHED = "年营业收入1亿元以上的，奖励50万元。"
GRADUATES = (
    "对新引进并全职工作的博士、硕士、本科毕业生，分别按每人每月1500元、1000元、600元给予生活补贴，最长发放36个月。"
)
HIRED = "企业招用毕业年度高校毕业生，签订1年以上劳动合同并缴纳社会保险满6个月的，按每人1000元给予一次性吸纳就业补贴。"
HOMES = "高层次人才在本区购买首套商品住房的，按购房款的50%给予补贴，A类最高150万元、B类最高100万元、C类最高60万元。"
BANDS = "企业当年研发费用较上年增量在100万元至500万元（含）的部分，按5%补助；超过500万元的部分，按8%补助，合计不超过150万元。"
CAPITAL = (
    "综合型总部企业落户的，实缴注册资本1亿元以上至5亿元的部分奖励1%，5亿元以上至10亿元的部分奖励2%，"
    "10亿元以上的部分奖励3%，最高5000万元，分三年按40%、30%、30%兑付。"
)
STEPS = "企业年产值达到10亿元的奖励50万元，在此基础上每增加1亿元再奖励5万元，最高不超过200万元。"
RENT = "场地租金补贴实行退坡机制，第一年按100%、第二年按70%、第三年按40%补贴，每年最高100万元。"
POWER = "对用电量同比增长10%以上的规上工业企业，按新增用电量每千瓦时0.1元给予补贴，每户最高50万元。"
SOLAR = "光伏项目并网后，按实际发电量每千瓦时0.15元给予补贴，连续补贴2年，同一项目累计不超过60万元。"
SAVING = "对实施节能改造且年节能量达到500吨标准煤以上的项目，按每吨标准煤300元给予奖励，最高100万元。"
FITTING = "对入驻区级以上孵化载体的初创企业，按每平方米300元给予一次性装修补贴，补贴面积不超过500平方米。"
STANDARDS = "主导制定国际标准、国家标准、行业标准的，每项分别奖励50万元、30万元、10万元，同一企业每年不超过3项。"
FAIRS = "企业参加境内外重点展会的，按展位费的50%给予补贴，单次最高3万元，每年累计不超过10万元。"
JOBS = "对当年新增就业50人以上（不含）的企业，按每新增1人500元给予奖励，每户最高10万元。"
GROWTH = "对首次纳入规模以上工业统计库的企业，给予一次性奖励20万元；纳统次年产值增速不低于10%的，再给予10万元奖励。"
SERVICE = "对首次纳入规模以上服务业统计的企业奖励15万元；次年起年营业收入增速达到20%（含）以上的，每年再奖励5万元，最多奖励2年。"
CONTRACT = "对吸纳高校院所科技成果并在本区转化的企业，按技术合同实际支付额的百分之十给予补助，最高壹佰万元。"
RENT_BY_AREA = "租赁面积2000平方米以内部分，前三年租金全额补贴，后两年减半补贴，补贴单价每月每平方米不超过30元。"
FOREIGN = "对当年实际到位外资超过1000万美元的项目，按实际到位外资额的2%给予奖励，最高500万元人民币。"
BROKER = "对成功引荐亿元以上项目落户并开工建设的社会化引荐人（非公职人员），按实际到位固定资产投资额的1‰给予奖励，最高50万元。"
MATCHING = "对获得国家科技计划资助的项目，按国拨资金的50%给予配套，单个项目最高100万元。"
ONE_TO_ONE = "对获得省级资金支持的项目，按1:1给予配套，最高200万元。"
MONTHLY = "高校毕业生灵活就业的，按每人每月300元标准给予补贴，补贴期限最长不超过3年。"
SMALL_FIRMS = "招用3人以下的按每人2000元给予补贴；招用4人以上的每增加1人给予3000元补贴，总额最高不超过3万元。"
FELLOWS = "博士后设站单位每新招收1名博士后，给予20万元科研资助。"
LATER_CAP = "对企业新购设备的，按设备投资额的20%给予补助。单个企业最高500万元。"
TESTING = "对企业送检的，按实际发生检测费用的30%给予补贴，最高20万元。"

# (question, clause, result in 元 or None where no sum may be given, words that the answer has, why)
CASES = [
    ("我们设备投了3000万，能补多少？", EQUIPMENT, "3000000", "3000万元×10%＝300万元，未超过上限1000万元", "rate below the ceiling"),
    ("买设备花了1.2亿，能补多少？", EQUIPMENT, "10000000", "1.2亿元×10%＝1200万元，超过上限1000万元", "rate above the ceiling"),
    ("设备投资1亿元能补多少", EQUIPMENT, "10000000", "正好等于上限1000万元", "exactly the ceiling"),
    ("我们买了3000万的设备，能补多少？", EQUIPMENT, "3000000", "300万元", "the meaning stands behind the figure"),
    ("设备投资3000w能补多少", EQUIPMENT, "3000000", "300万元", "everyday spelling 3000w"),
    ("设备花了三千万，能拿多少补贴？", EQUIPMENT, "3000000", "300万元", "Chinese numerals"),
    ("总投资1亿元，能补多少？", EQUIPMENT, None, "还需说明：设备投资额", "总投资 is not 设备投资"),
    ("研发费用3000万，能补多少？", EQUIPMENT, None, "还需说明：设备投资额", "研发费用 is not 设备投资"),
    ("投了3000万，能补多少？", EQUIPMENT, None, "还需说明：设备投资额", "投 alone does not say into what"),
    ("总投资1亿元，其中设备投资3000万元，能补多少？", EQUIPMENT, "3000000", "3000万元×10%", "the right one of two figures"),
    ("设备投了3000多万，能补多少？", EQUIPMENT, None, "须是准确数", "多 is no exact figure"),
    ("设备投资3000万以上能补多少？", EQUIPMENT, None, "须是准确数", "以上 is no exact figure"),
    ("设备投资3000万还是5000万，能补多少？", EQUIPMENT, None, "须是准确数", "two figures, neither may be chosen"),
    ("固定资产投资4000万，设备投了3000万，能补多少？", EQUIPMENT, None, "不低于5000万元，不能按该条测算", "a bound not met"),
    ("固定资产投资5000万，设备投了3000万，能补多少？", EQUIPMENT, "3000000", "已符合", "以上 includes the bound"),
    ("固定资产投资4999.99万，设备投了3000万，能补多少？", EQUIPMENT, None, "不符合", "just below the bound"),
    ("我们研发费用增加了2000万元，能补多少？", RESEARCH, "2000000", "正好等于上限200万元", "increase, not the whole"),
    ("研发费用1000万能补多少", RESEARCH, None, "还需说明：当年研发费用增加额", "the whole is not the increase"),
    ("研发费用从1000万增加到1500万，能补多少", RESEARCH, "500000", "1500万元－1000万元＝500万元", "increase from two figures"),
    ("研发投入占营收4%，研发费用增加500万，补多少？", RESEARCH, "500000", "研发占比4%（要求不低于3%）已符合", "a share held against its bound"),
    ("研发投入占营收2%，研发费用增加500万，补多少？", RESEARCH, None, "不能按该条测算", "the share is too small"),
    ("首台套设备卖了2000万元，奖励多少？", FIRST_SET, "3000000", "2000万元×15%＝300万元", "sold for: a price"),
    ("首台套保费交了50万，补多少？", FIRST_SET, "400000", "50万元×80%＝40万元", "the other rule of the clause"),
    ("首台套卖了1000万，保费交了50万，补多少？", FIRST_SET, None, "", "two rules match: never added up"),
    ("营收6亿能拿多少", REVENUE, "1000000", "按“突破5亿元”一档，为100万元", "highest tier that is met"),
    ("营收突破5亿奖励多少", REVENUE, "1000000", "100万元", "突破 said by the asker too"),
    ("营收5亿元奖励多少", REVENUE, "500000", "正好5亿元不算“突破5亿元”", "突破 does not include its bound"),
    ("年营收首次到1个亿奖励多少？", REVENUE, None, "突破1亿元的为50万元", "exactly the lowest bound"),
    ("营业收入8000万能拿多少", REVENUE, None, "不在条款所列的档次内", "below the lowest tier"),
    ("营收从1亿做到5亿，奖励怎么算？", REVENUE, "500000", "100万元－50万元＝50万元", "the difference is made up"),
    ("营收从1亿做到5亿，奖励怎么算？", REVENUE_PLAIN, None, "", "no word about the difference in the clause"),
    ("年营业收入1亿元奖励多少", REACHED, "500000", "50万元", "以上 includes its bound"),
    ("年营业收入9999万元奖励多少", REACHED, None, "不在条款所列的档次内", "one below it"),
    ("招了3个硕士，干了2年，能补多少？", GRADUATES, "72000", "1000元×3人×24个月＝7.2万元", "years as months"),
    ("2名博士待满4年能拿多少", GRADUATES, "108000", "36个月（所给48个月，超出部分不计）", "at most 36 months"),
    ("招了3个硕士每个月补多少？", GRADUATES, "3000", "3000元（每月）", "a month, no months needed"),
    ("招了3个人能补多少", GRADUATES, None, "属于哪一类（博士、硕士、本科毕业生）", "which class is not said"),
    ("招了3个硕士能补多少", GRADUATES, None, "还需说明：月数", "how long is not said"),
    ("招了20个大学生，补多少", HIRED, "20000", "每人1000元×20人＝2万元", "price for each"),
    ("B类人才，房款150万，补多少", HOMES, "750000", "未超过上限100万元（B类最高100万元）", "ceiling of the class"),
    ("B类人才买房花了300万，能补多少？", HOMES, "1000000", "按100万元计", "above the ceiling of the class"),
    ("买房300万能补多少？", HOMES, None, "属于哪一类（A类、B类、C类）", "ceiling by class, class not said"),
    ("研发费用比上年增加了800万，能补多少？", BANDS, "440000", "20万元＋24万元＝44万元", "marginal bands, not the whole at one rate"),
    ("研发费用增加500万补多少", BANDS, "200000", "20万元", "the end of a band"),
    ("研发费用增加80万补多少", BANDS, None, "没有计入补助的部分", "below the first band"),
    ("研发费用增量5000万补多少", BANDS, "1500000", "超过上限150万元", "bands above the ceiling"),
    ("实缴资本12亿能拿多少奖励？", CAPITAL, "20000000", "400万元＋1000万元＋600万元＝2000万元", "three bands; shares of payment are no rates"),
    ("产值12.5亿奖多少", STEPS, "600000", "5万元×2＝60万元", "whole steps only"),
    ("产值10亿奖多少", STEPS, "500000", "50万元", "no step yet"),
    ("产值9亿奖多少", STEPS, None, "未达到条款要求的10亿元", "below the start"),
    ("产值60亿奖多少", STEPS, "2000000", "按200万元计", "steps above the ceiling"),
    ("第二年，年租金100万，补多少", RENT, "700000", "100万元×70%＝70万元", "share of the year named"),
    ("租金150万补多少", RENT, None, "每年的租金、第几年", "neither year nor period said"),
    ("用电增加了200万度，补多少", POWER, "200000", "200万千瓦时＝20万元", "度 is 千瓦时; increase"),
    ("用了200万度电，补多少", POWER, None, "新增用电量", "all power is not the increase"),
    ("发电100万度补多少", SOLAR, "150000", "15万元", "price by unit"),
    ("节能800吨标准煤能拿多少", SAVING, "240000", "300元×800吨＝24万元", "the bound by the same figure"),
    ("年节能量400吨奖多少", SAVING, None, "不低于500吨", "below the bound"),
    ("装修了600平，能补多少", FITTING, "150000", "500平方米（所给600平方米，超出部分不计）", "at most 500 ㎡"),
    ("主导制定国家标准2项，奖多少？", STANDARDS, "600000", "每项30万元×2项＝60万元", "one of three names"),
    ("主导制定5项行业标准奖多少", STANDARDS, "300000", "超出部分不计", "at most three a year"),
    ("展位费8万补多少", FAIRS, "30000", "超过上限3万元（单次最高3万元）", "the lower of two ceilings"),
    ("参加4次展会，展位费共8万补多少", FAIRS, None, "每次（台、项）各是多少", "ceiling for one, several asked of"),
    ("今年新招了60人，补多少", JOBS, "30000", "500元×60人＝3万元", "each new one"),
    ("新招了50人，补多少", JOBS, None, "要求的超过50人", "以上（不含） excludes its bound"),
    ("入规次年产值增长10%，能拿多少", GROWTH, "100000", "10万元", "不低于 includes its bound"),
    ("产值增速9.9%，奖多少？", GROWTH, None, "", "just below, and another reward of the clause has no bound"),
    ("营收增长25%，连续2年，能奖多少", SERVICE, "100000", "5万元×2年＝10万元", "each year"),
    ("技术合同额500万，能补多少", CONTRACT, "500000", "500万元×百分之十＝50万元", "numerals of the clause"),
    ("我介绍的项目固定资产投资到位3亿，能拿多少？", BROKER, "300000", "3亿元×1‰＝30万元", "permille"),
    ("拿到国拨资金100万，能配套多少？", MATCHING, "500000", "100万元×50%＝50万元", "share of another grant"),
    ("省级资金拿了150万，能配套多少？", ONE_TO_ONE, "1500000", "150万元", "1:1"),
    ("招了2名博士后补多少", FELLOWS, "400000", "20万元×2人＝40万元", "每新招收1名"),
    ("设备投资3000万，能补多少", LATER_CAP, "5000000", "超过上限500万元", "the ceiling stands in the next sentence"),
    ("检测费花了10万，能补多少？", TESTING, "30000", "10万元×30%＝3万元", "a base that no list knows"),
    ("招了2个大学生，干了4年，能补多少", MONTHLY, "21600", "36个月（所给48个月，超出部分不计）", "at most three years of months"),
    ("招用3个人补多少", SMALL_FIRMS, "6000", "每人2000元×3人", "within the first tier"),
    ("招用5个人补多少", SMALL_FIRMS, None, "", "每增加1人 is on top of the first tier: not each of five"),
    # Nothing may be calculated.
    ("营收6亿，要提多少", "（三）营业收入超过1亿元至10亿元的部分，按照0.5%提取；", None, "", "a duty, and one band of a list"),
    ("营收6亿，奖多少", "（三）营业收入超过1亿元至10亿元的部分，给予0.5%奖励；", None, "", "one band: the others stand elsewhere"),
    ("面积60平，补多少", "补贴标准为建筑面积每平方米37元，各项系数见附件2，计算公式为：", None, "", "by a formula that is elsewhere"),
    ("干了2年能拿多少", "满负荷运行后每年可实现经济效益4200多万元。", None, "", "nothing is granted"),
    ("研发费用增加500万，能补多少", "对瞪羚企业，按研发费用增加额的3%—15%分档给予补助，最高400万元，具体分档由实施细则明确。", None, "", "a range"),
    ("设备投资3000万能补多少", "对重大项目，最高给予500万元支持。", None, "", "only a ceiling"),
    ("设备投资3000万能补多少", "按不超过设备投资额的20%给予补助。", None, "", "at most a share: no rate"),
    ("设备投资3000万能补多少", "按设备投资额的一定比例给予补助，具体由区政府研究确定。", None, "", "left to a decision"),
    ("总投资12亿能补多少", "对总投资10亿元以上的重大产业项目，可采取“一事一议”方式给予支持。", None, "", "case by case"),
    ("贷款1000万能贴息多少", "给予不超过2个百分点、最长3年的贷款贴息，年度贴息额最高60万元。", None, "", "points of interest"),
    ("高管年薪80万奖多少", "对年薪50万元以上的企业高管，按其缴纳个人所得税区级留成部分的80%给予奖励。", None, "", "a share of taxes"),
    ("租了1500平，租金100万，能补多少", RENT_BY_AREA, None, "", "a ceiling for each ㎡"),
    ("招了30人补多少", "每10人奖励1万元。", None, "", "for every ten is not for each"),
    ("到位外资2000万美元奖多少", FOREIGN, None, "须是人民币金额", "two currencies"),
    ("能补多少？", EQUIPMENT, None, "", "no figure of the asker"),
    ("设备投了3000万，什么时候能申报？", EQUIPMENT, None, "", "no sum is asked for"),
    ("企业被罚了150万元，能拿多少奖金？", REPORT, "225000", "行政处罚金额150万元×15%＝22.5万元，未超过上限30万元", "a share of a fine"),
    ("企业被罚了300万元，能拿多少奖金？", REPORT, "300000", "按30万元计", "a share of a fine above the ceiling"),
    ("企业被罚了1万元，能拿多少奖金？", REPORT, None, "", "below what is paid at least, which the clause says itself"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "clause", "result", "words", "why"), CASES, ids=[f"{c[0]}-{c[4]}" for c in CASES])
def test_a_rule_comes_to_what_a_clerk_would_work_out(question, clause, result, words, why):
    calculation = calculate(question, clause)
    if result is None and not words:
        assert calculation is None, why
        return
    assert calculation is not None, why
    assert calculation.result == (None if result is None else Decimal(result)), why
    assert words in calculation.text(clause)
    assert sound(calculation, question, clause)


def test_what_is_assumed_is_said_in_the_words_of_the_clause():
    question = "设备投了3000万，能补多少？"
    calculation = calculate(question, EQUIPMENT)
    assert [span.of(EQUIPMENT) for span in calculation.conditions] == [
        "固定资产投资5000万元以上（含）的新引进制造业项目"
    ]
    assert calculation.text(EQUIPMENT).endswith("以主管部门审核为准。")
    assert {(term.source, term.printed) for term in calculation.terms} == {
        ("question", "3000万"),
        ("clause", "10%"),
        ("clause", "1000万元"),
    }


def test_a_calculation_that_was_tampered_with_is_not_sound():
    question = "设备投了3000万，能补多少？"
    whole = calculate(question, EQUIPMENT)
    step, term = whole.steps[0], whole.terms[0]
    forged = [
        replace(whole, result=Decimal(3_000_001)),
        replace(whole, formula=whole.formula.replace("300万元", "310万元", 1)),
        replace(whole, steps=(replace(step, result=step.result + 1),)),
        replace(whole, terms=(replace(term, value=term.value * 10), *whole.terms[1:])),
        replace(whole, ceiling=Decimal(20_000_000)),
        replace(whole, conditions=()),
    ]
    assert [sound(each, question, EQUIPMENT) for each in forged] == [False] * len(forged)
    assert not sound(whole, "设备投了4000万，能补多少？", EQUIPMENT)
    assert not sound(whole, question, EQUIPMENT.replace("10%", "12%"))


def test_a_ceiling_of_the_whole_file_is_a_share_of_the_askers_figure():
    clause = "单个项目补助总额不超过设备投资额的20%，单个企业年度享受本政策资金合计不超过2000万元。"
    question = "我们买设备投了3000万元，能补多少？"
    ceiling = limit(question, clause)
    assert ceiling.result == 6_000_000 and sound(ceiling, question, clause)
    assert limit("研发费用增加了3000万元，能补多少？", clause) is None


SUMS = st.integers(min_value=1, max_value=10**6).map(lambda tenths: Decimal(tenths) / 10)  # 0.1 to 100,000 万元


@settings(max_examples=120, deadline=None)
@given(SUMS, SUMS)
def test_more_is_never_less_and_no_ceiling_is_passed(one, other):
    for clause, metric, most in (
        (EQUIPMENT, "设备投资", 10**7),
        (BANDS, "研发费用增加", 1_500_000),
        (STEPS, "产值", 2_000_000),
    ):
        results = []
        for amount in sorted((one, other)):
            question = f"{metric}{amount}万元，能补多少？"
            calculation = calculate(question, clause)
            assert calculation is not None and sound(calculation, question, clause)
            results.append(calculation.result or Decimal(0))
        assert results[0] <= results[1] <= most


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=10**7))
def test_the_rate_is_exact_to_the_last_digit(fen):
    amount = Decimal(fen) / 100
    calculation = calculate(f"检测费花了{amount}元，能补多少？", TESTING)
    assert calculation.result == min(amount * 3 / 10, Decimal(200_000))


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=9000), st.sampled_from([("以上", True), ("以上（不含）", False)]))
def test_the_bound_itself_counts_only_where_the_clause_includes_it(bound, words):
    clause = f"年营业收入{bound}万元{words[0]}的，奖励50万元。"
    results = [
        calculate(f"年营业收入{bound + step}万元奖励多少", clause).result for step in (-1, 0, 1) if bound + step > 0
    ]
    assert results[-2:] == [Decimal(500_000) if words[1] else None, Decimal(500_000)]


def test_an_answer_quotes_the_rule_and_then_works_it_out(library, policy):
    library.add_document(
        *policy(1, EQUIPMENT, "单个项目补助总额不超过设备投资额的20%。", title="关于支持设备投资的若干政策")
    )
    answer = Assistant(library).ask("我们设备投了3000万元，能补多少？", as_of=date(2024, 1, 1))
    texts = [sentence.text for sentence in answer.sentences]
    worked_out = next(i for i, text in enumerate(texts) if text.startswith("测算："))
    assert any("按设备投资额的10%给予补助" in text for text in texts[:worked_out])
    assert any("3000万元×20%＝600万元，上述测算未超过" in text for text in texts[worked_out:])
    assert all(sentence.proofs for sentence in answer.sentences[worked_out:])


def test_an_expired_clause_is_never_calculated_by(library, policy):
    library.add_document(*policy(1, EQUIPMENT, "本政策有效期至2023年12月31日。", title="关于支持设备投资的若干政策"))
    answer = Assistant(library).ask("我们设备投了3000万元，能补多少？", as_of=date(2025, 1, 1))
    assert not any("测算" in sentence.text for sentence in answer.sentences)
