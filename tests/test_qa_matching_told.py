"""Who asks for his own support in the chat, what he has said so far, and which questions are left to be answered from clauses."""

from __future__ import annotations

import time

import pytest

from qa.matching.told import read_story, story_of

REGIONS = ("xx省", "云澜市", "清河区")
FIRST = "我们是做汽车零部件的，去年营收1.2亿，设备投了3000万，能拿什么？"

# (question, why it is one for matching)
ASKED = [
    (FIRST, "of oneself, with figures"),
    ("我是博士，35岁，在清河区全职工作，能享受哪些补贴？", "a person"),
    ("公司刚认定高新技术企业，在云澜市，有什么奖励可以拿", "公司 without 我们"),
    ("我司做食品加工，清河区，去年营收3000万，员工80人，能申请啥补贴？", "spoken words"),
    ("做动力电池的企业，总投资5亿，落户清河区能享受哪些政策", "a company that somebody describes"),
    ("我们是高企，做医疗器械，今年设备投资2000万", "half a sentence: facts, and no question"),
    ("能给我匹配一下政策吗，我们做锂电池，总投资12亿元", "asks for matching by name"),
    ("我们是新引进的制造业项目，设备投资3000万，总投资2亿，清河区，能拿多少钱？", "how much, with enough said"),
    ("我是企业，营收一个亿，有哪些政策可以享收", "a slip of the pen"),
]
# (question, why it is not)
NOT_ASKED = [
    ("我们公司能拿什么？", "nothing is said of the company"),
    ("设备投资3000万能补多少？", "by one clause, which is found"),
    ("研发费用补助的比例和最高金额是多少？", "of a clause"),
    ("什么是双招双引？", "a term"),
    ("我们公司去年研发投入500万，今年800万，有什么研发补助？", "the support is named"),
    ("我们企业贷款1000万做技改，能不能贴息？", "of one support"),
    ("规模以上工业企业研发费用500万元以上可以申报哪些政策？", "of all such companies: a bound, no figure of one"),
    ("区里有哪些人才政策？", "of the files"),
    ("新引进的制造业项目，设备投资3000万元，区里怎么补？", "of a project, by its clause"),
]


@pytest.mark.parametrize(("question", "why"), ASKED, ids=[row[1] for row in ASKED])
def test_who_asks_for_his_own_support_is_heard(question: str, why: str):
    assert story_of(question, (), REGIONS) == question


@pytest.mark.parametrize(("question", "why"), NOT_ASKED, ids=[row[1] for row in NOT_ASKED])
def test_other_questions_are_left_alone(question: str, why: str):
    assert story_of(question, (), REGIONS) is None


# (turns, what is known in the end: field of the profile and how it is shown, why)
TOLD = [
    (
        (FIRST, "那如果营收2亿呢？"),
        {"revenue": "上年度2亿元", "equipment_investment": "3000万元"},
        "another figure, same year",
    ),
    ((FIRST, "我们在云澜市"), {"region": "云澜市", "revenue": "上年度1.2亿元"}, "a fact more"),
    ((FIRST, "清河区", "云澜市的，xx省"), {"region": "xx省云澜市清河区"}, "two halves of a place"),
    (
        (FIRST, "我们在云澜市", "改成轴承呢"),
        {"industries": "轴承，通用设备制造业（C34）"},
        "another trade in its place",
    ),
    (("我们做饲料，去年营收4.9亿，在清河区，能拿什么", "如果是5.1亿呢"), {"revenue": "上年度5.1亿元"}, "a bare figure"),
    (("我是本科毕业生，在清河区全职工作，能拿啥补贴", "我是硕士"), {"degree": "硕士"}, "corrects himself"),
    ((FIRST, "谢谢", "我们在清河区"), {"region": "清河区"}, "thanks end nothing"),
]


@pytest.mark.parametrize(("turns", "known", "why"), TOLD, ids=[row[2] for row in TOLD])
def test_what_was_said_before_is_kept_and_what_is_said_later_counts(turns, known, why):
    story = story_of(turns[-1], [(turn, "") for turn in turns[:-1]], REGIONS)
    assert story is not None
    understood = {each.field: each.value for each in read_story(story, REGIONS).understood}
    assert {field: understood.get(field) for field in known} == known


# (sentence, field, value, why)
UNDERSTOOD = [
    (
        "我们同时做汽车零部件和软件开发",
        "industries",
        "汽车零部件，汽车制造业（C36）、软件开发，软件和信息技术服务业（I65）",
        "two trades",
    ),
    ("我们在云澜市清河区做轴承", "region", "云澜市清河区", "two names that make one place"),
    ("我们在广州市天河区做软件", "region", "广州市天河区", "a place of which the library has no file"),
    ("我们去年研发费用600万，占营收5%", "rd_share", "5%", "a share of the revenue, not a revenue"),
    ("我是硕士，签了3年劳动合同", "contract", "3年", "a contract"),
]


@pytest.mark.parametrize(("said", "field", "value", "why"), UNDERSTOOD, ids=[row[3] for row in UNDERSTOOD])
def test_what_is_said_is_understood(said, field, value, why):
    assert (field, value) in {(each.field, each.value) for each in read_story(said, REGIONS).understood}


def test_one_shop_is_no_number():
    assert read_story("我在云澜市开了一家餐饮店，新上一条线", REGIONS).unused == ()


# (what the answer asked back, the reply, field, value)
REPLIES = [
    ("营业收入是多少？", "1.2亿", "revenue", "1.2亿元"),
    ("是否已认定为高新技术企业？", "是的", "qualifications:高新技术企业", "高新技术企业"),
    ("是否已认定为高新技术企业？", "没有", "qualifications:高新技术企业", "不是高新技术企业"),
    ("主要从事什么行业？", "汽车零部件", "industries", "汽车零部件，汽车制造业（C36）"),
    ("按划型标准属于大型、中型、小型还是微型企业？", "中型", "scale", "中型企业"),
    ("您在哪个省、哪个市、哪个区（县）？请写全", "清河区", "region", "清河区"),
]


@pytest.mark.parametrize(("asked", "reply", "field", "value"), REPLIES, ids=[f"{row[0]}{row[1]}" for row in REPLIES])
def test_a_short_reply_answers_what_was_asked_back(asked, reply, field, value):
    before = ("我们做五金，设备投了800万，能拿什么？", f"……\n要确认更多，请补充：{asked}\n……")
    story = story_of(reply, [before], REGIONS)
    assert story is not None
    assert (field, value) in {(each.field, each.value) for each in read_story(story, REGIONS).understood}


@pytest.mark.parametrize("other", ["技术改造补助怎么申请？", "什么是双招双引？", "今天天气怎么样？"])
def test_another_question_ends_the_story(other: str):
    assert story_of(other, [(FIRST, "")], REGIONS) is None
    assert story_of("期限多长？", [(FIRST, ""), (other, "")], REGIONS) is None


def test_a_reply_after_another_question_is_none_to_the_first():
    assert story_of("我们在云澜市", [(FIRST, ""), ("什么是双招双引？", "")], REGIONS) is None


def test_a_long_text_is_read_in_a_moment():
    began = time.thread_time()
    story_of("我们做" + "汽车零部件、" * 150 + "能拿什么", [("我们" * 500, "请补充：" * 400)] * 8, REGIONS)
    assert time.thread_time() - began < 2
