"""How much is given: a clause that gives something answers, a target that only names the same subject does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.grants import asked_support
from qa.question import Question, analyse
from tests.linear import assert_linear

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def samples(sample_data: Path) -> Iterator[Assistant]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Assistant(library)


# (question, words of the gap, why)
REFUSED = [
    ("高新技术企业认定奖励多少钱？", "“高新技术企业”的奖励", "only a target names them, and how many there are to be"),
    ("认定为高新技术企业能拿多少奖励？", "“高新技术企业”的奖励", "the subject before the word for the sum"),
    ("首次认定的国家高新技术企业奖励额度是多少？", "“国家高新技术企业奖励”", "a longer name; 额度 for the sum"),
    ("我们刚通过高新技术企业认定，能奖多少钱？", "“高新技术企业”的奖励", "a verb for the award"),
    ("新认定高新技术企业给多少钱？", "“高新技术企业”的支持", "no word for the support at all"),
    ("高企认定补贴标准是多少？", "“高企”的补贴", "a short name that no file has: not the nearest 补贴标准 instead"),
    ("省级绿色工厂奖励多少钱？", "“省级绿色工厂奖励”", "built with support, of which no sum is named"),
    ("生命健康产业资助额度多少？", "“生命健康产业”的资助", "an industry with an output to be reached"),
    ("高新技术企业的奖励是多少？", "“高新技术企业”的奖励", "是 before the word for the sum"),
    ("独角兽企业奖励多少钱？", "“独角兽企业奖励”", "no file has the name; the awards of others are not its own"),
    ("企业上市补贴多少？", "上市补贴", "as before, with a general word in front"),
]


@pytest.mark.parametrize(("question", "gap", "why"), REFUSED, ids=[row[0] for row in REFUSED])
def test_where_nothing_is_given_the_sum_is_named_as_missing(samples: Assistant, question, gap, why):
    answer = samples.ask(question, as_of=DAY)
    assert answer.abstained and not answer.citations, why
    assert gap in answer.gap and answer.gap.endswith("数额或标准。"), why


# (question, words of the answer, why)
ANSWERED = [
    (
        "专精特新小巨人企业奖励多少钱？",
        "80万元一次性奖励",
        "the target that counts the same companies is not in the way",
    ),
    ("绿色食品认证奖励多少？", "每个产品2万元", "a row of a table, with 奖补标准 in its head only"),
    ("省级科技企业孵化器补助标准是多少？", "50万元一次性补助", "标准 for the sum"),
    ("科技创新券额度多少", "最高20万元", "抵用: no word for an award"),
    ("企业升规能拿多少奖励？", "15万元一次性奖励", "the verb before the sum"),
    ("年营业收入首次突破50亿元奖励多少？", "200万元", "a condition with figures beside the grant"),
    ("贷款贴息比例是多少？", "按照《制造业政策》第九条执行", "given without a sum in the clause itself"),
    ("招商引资奖励多少钱？", "具体奖励标准由各地制定", "given, and left to others how much"),
    ("重大项目补贴多少？", "由区政府常务会议研究确定", "the sum is decided case by case"),
]


@pytest.mark.parametrize(("question", "words", "why"), ANSWERED, ids=[row[0] for row in ANSWERED])
def test_what_is_given_is_answered(samples: Assistant, question, words, why):
    answer = samples.ask(question, as_of=DAY)
    assert not answer.abstained and words in answer.text, why
    assert "到2025年" not in answer.text, why


def test_the_new_subject_of_a_follow_up_needs_its_own_grant(samples: Assistant):
    first = samples.ask("专精特新小巨人企业奖励多少钱？", as_of=DAY)
    second = samples.ask("高新技术企业呢？", [(first.question, first.text)], as_of=DAY)
    assert second.abstained and "“高新技术企业”" in second.gap


@pytest.mark.parametrize(
    "question", ["高新技术企业和专精特新中小企业的奖励有什么区别？", "高新技术企业和专精特新中小企业奖励哪个高？"]
)
def test_a_side_of_a_comparison_needs_its_own_grant(samples: Assistant, question: str):
    answer = samples.ask(question, as_of=DAY)
    assert "25万元一次性奖励" in answer.text and "没有查到写明“高新技术企业”" in answer.text
    assert "1.2万家" not in answer.text


def test_one_part_of_a_question_of_several_needs_its_own_grant(samples: Assistant):
    answer = samples.ask("高新技术企业奖励多少钱，找谁申请？", as_of=DAY)
    assert answer.abstained and "“高新技术企业奖励”" in answer.gap


PLAN = (
    "清河区人民政府关于印发创新发展行动方案的通知\n清政〔2024〕5号\n各有关单位：\n现将《创新发展行动方案》印发给你们。\n清河区人民政府\n"
    "2024年3月1日\n创新发展行动方案\n第一条　到2025年，高新技术企业达到500家，产值突破300亿元。对新建的院士工作站，给予50万元补助。\n"
    "第二条　全区现有瞪羚企业86家，营业收入合计120亿元。\n第三条　2023年5月起开展雏鹰企业培育。\n"
    "第四条　到2025年，科技领军企业达到20家；对新认定的科技领军企业，给予40万元一次性奖励。"
)
# (question, words of the answer, or nothing where it is refused, why)
PLANNED = [
    ("高新技术企业奖励多少钱？", "", "another sentence of the clause gives, to another"),
    ("院士工作站补助多少钱？", "50万元补助", "the same clause for whom it gives"),
    ("瞪羚企业奖励多少？", "", "a count and a turnover"),
    ("雏鹰企业补贴标准是多少？", "", "a date"),
    ("科技领军企业奖励多少？", "40万元一次性奖励", "a target and a grant in one sentence"),
]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Library.open(Settings(data=tmp_path_factory.mktemp("plan"))) as library:
        list(library.add_documents([(document_from_text(PLAN, path="plan.txt"), PLAN.encode(), "text/plain")]))
        yield Assistant(library)


@pytest.mark.parametrize(("question", "words", "why"), PLANNED, ids=[row[2] for row in PLANNED])
def test_a_figure_that_gives_nothing_is_no_sum(planned: Assistant, question, words, why):
    answer = planned.ask(question, as_of=DAY)
    assert answer.abstained == (not words), why
    assert words in answer.text, why


def test_what_a_file_names_without_giving_it_anything_is_not_said_to_be_nowhere(samples: Assistant):
    """The subject of the question before goes on; a target names these companies: only no award for them is there."""
    first = samples.ask("高新技术企业认定奖励多少钱？", as_of=DAY)
    second = samples.ask("那设备投资补助比例是多少？", [(first.question, first.text)], as_of=DAY)
    assert "8%" in second.text
    assert "没有查到" not in second.text


@pytest.mark.parametrize(
    ("question", "support"),
    [
        ("升规奖励多少钱？", "奖励"),
        ("升规能拿多少补贴？", "补贴"),
        ("购房补贴的上限是多少？", "补贴"),
        ("设备投资能补多少？", "补贴"),
        ("设备投资给多少钱？", "支持"),
        ("升规奖励多少钱？；上市呢？", "奖励"),
        ("升规奖励多少钱？；厂房押金最多多少？", None),
        ("补贴需要投资多少？", None),
        ("奖励多少家企业？", None),
        ("补贴多少个月？", None),
        ("押金最多多少？", None),
        ("到2025年产值达到多少亿元？", None),
        ("升规有奖励吗？", None),
    ],
)
def test_the_sum_of_a_support_is_told_from_other_sums(question: str, support: str | None):
    assert asked_support(analyse(question)) == support


def test_a_long_question_is_read_in_linear_time():
    assert_linear(lambda text: asked_support(Question(text, "amount", ())), "奖励给企业多" * 2000)
