"""Yes/no questions: the clause's own deciding words come first, and no word where no clause decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.verdict import CONCLUDED, is_polar

DAY = date(2026, 6, 1)

RULES = (
    "蓝天公寓的住户可以饲养猫，不得饲养蛇。",
    "养老驿站可以申请运营补贴，托育园不得申请运营补贴。",
    "本办法适用于民办学校。公办学校不适用本办法。",
    "除急诊以外，体检中心不得夜间接诊。",
    "图书馆借阅古籍，不收取押金。但是，外借珍本的，应当缴纳押金。",
    "未领取房租津贴的教师，可以申请周转房。",
    "符合下列条件的渔民，可以申请休渔补助：持有捕捞证。",
    "摄影爱好者经景区同意，可以携带无人机。",
    "探索允许夜市延长经营时间。",
    "珍贵文物包括青铜器、古字画。",
    "申领流动摊位证，无需提交户籍证明。",
    "上门服务的收费标准由物业公司公布。",
    "可以由子女代办的公证事项，按照规定收取费用。",
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    from ingest.parse import document_from_text

    articles = "".join(
        f"第{'一二三四五六七八九十'[n] if n < 10 else '十' + '一二三'[n - 10]}条 {t}\n" for n, t in enumerate(RULES)
    )
    text = f"示例街道便民事项规定\n示街〔2024〕1号\n{articles}2024年1月5日\n"
    with Library.open(Settings(data=tmp_path_factory.mktemp("rules"))) as library:
        library.add_document(document_from_text(text, path="rules.txt"), text.encode(), "text/plain")
        yield Assistant(library)


def conclusion(assistant: Assistant, question: str) -> str:
    """The deciding words that the answer begins with; empty where it draws no conclusion. Their proof stands in the clause."""
    found = [s for s in assistant.ask(question, as_of=DAY).sentences if s.proofs and s.proofs[0].checks == CONCLUDED]
    assert len(found) <= 1
    for proof in (p for sentence in found for p in sentence.proofs):
        assert proof.span.of(assistant.library.document(proof.document_id).text) == proof.quote
    return found[0].text if found else ""


DECIDED = [
    ("蓝天公寓的住户可以饲养猫吗？", "结论：可以饲养猫。", "the permission, not the prohibition beside it"),
    ("养老驿站能不能申请运营补贴？", "结论：可以申请运营补贴。", "each of two subjects has its own word"),
    ("托育园能不能申请运营补贴？", "结论：不得申请运营补贴。", "…: a denial is never taken from a neighbour"),
    ("公办学校适用这个办法吗？", "结论：不适用本办法。", "the scope denies"),
    ("体检中心可以夜间接诊吗？", "结论：不得夜间接诊，另有例外，见原文。", "除……以外 stands in front"),
    ("图书馆借阅古籍要不要交押金？", "结论：不收取押金，另有例外，见原文。", "但是 follows in the next sentence"),
    ("摄影爱好者能不能携带无人机？", "结论：符合所列条件的，可以携带无人机。", "the consent is a condition that stays open"),
    ("青铜器算不算珍贵文物？", "结论：珍贵文物包括青铜器。", "a member named by the class"),
    ("申领流动摊位证需不需要提交户籍证明？", "结论：无需提交户籍证明。", "not needed"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected", "why"), DECIDED, ids=[row[2] for row in DECIDED])
def test_the_words_that_decide_come_first(rules: Assistant, question, expected, why):
    assert conclusion(rules, question) == expected
    assert len(rules.ask(question, as_of=DAY).sentences) > 1, "the clause itself follows"


UNDECIDED = [
    ("蓝天公寓的住户不养猫可以吗？", "a negated question: which way yes goes is not guessed"),
    ("领取房租津贴的教师可以申请周转房吗？", "the clause speaks of those who have not"),
    ("夜市可以延长经营时间吗？", "探索 promises nothing"),
    ("瓷器算不算珍贵文物？", "not named: neither in nor out"),
    ("物业公司上门服务可以收费吗？", "the clause says who publishes the rates, not whether"),
    ("子女可以代办公证事项吗？", "可以……的 only says which matters"),
    ("未成年的渔民可以申请休渔补助吗？", "a word of the question that no clause has"),
    ("蓝天公寓的访客可以饲养猫吗？", "another subject"),
]


@pytest.mark.parametrize(("question", "why"), UNDECIDED, ids=[row[1] for row in UNDECIDED])
def test_no_conclusion_where_no_clause_decides(rules: Assistant, question, why):
    assert conclusion(rules, question) == "", why


@pytest.fixture(scope="module")
def samples(sample_data: Path) -> Iterator[Assistant]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Assistant(library)


SAMPLES = [
    ("公职人员能不能领招商引荐奖励？", "结论：不属于奖励对象。", "the lead of the list denies"),
    ("责任单位能不能要求企业提供可以通过数据共享取得的材料？", "结论：不得要求企业提供下列材料。", "可以 inside an item is no permission"),
    ("享受了购房补贴还可以申请人才公寓吗？", "结论：只能选择一项享受。", "one of three, though another file lets those in who have none"),
    ("人才公寓收不收租金？", "结论：所列情形下，免收租金。", "free for some and for three years only"),
    ("个体工商户适用惠企政策兑现管理办法吗？", "结论：参照本办法执行。", "applied by analogy, and said so"),
    ("A类人才有年龄限制吗？", "结论：不受年龄限制。", "not that of the other classes"),
    ("升规奖励需不需要申请？", "结论：无需申报。", "a cell of the row"),
    ("境外展会的展位费能补吗？", "结论：符合所列条件的，给予补贴。", "境内外 has 境外"),
    ("硕士研究生算不算C类人才？", "", "named in another class"),
    ("国有企业能不能享受制造业政策？", "", "no clause names them"),
    ("多人共同引荐一个项目可以都领奖励吗？", "", "the clause says that they settle it themselves"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected", "why"), SAMPLES, ids=[row[2] for row in SAMPLES])
def test_conclusions_of_the_sample_files(samples: Assistant, question, expected, why):
    assert conclusion(samples, question) == expected


def test_what_no_clause_names_is_named_in_front(rules: Assistant):
    first = rules.ask("蓝天公寓的房东可以饲养猫吗？", as_of=DAY).sentences[0]
    assert first.framed and first.text == "没有查到写明“房东”的条款，最接近的规定是："


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("可以转租吗", True),
        ("需不需要申请？", True),
        ("能不能领，领多少？", False),
        ("高企奖励是多少吗", False),
        ("可以申请补贴", False),
        ("是国家级还是省级", False),
    ],
)
def test_what_is_a_yes_no_question(text, expected):
    assert is_polar(text) is expected
