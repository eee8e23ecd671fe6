"""Which words of a long clause are shown: what belongs together stays together, and what does not speak of the question goes."""

from __future__ import annotations

from itertools import pairwise

import pytest

from index.library import Library
from ingest.document import Span
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.passage import WHOLE_CLAUSE, best_parts, lead_span
from qa.question import analyse

_PADDING = (
    "鼓励各类主体积极参与产业生态建设，加强统筹协调和宣传引导，营造良好氛围，形成工作合力，推动各项任务落到实处。"
)
_MORE = "有关单位应当密切配合，及时总结经验做法，完善工作机制，不断提升服务水平和保障能力，确保取得实效。"

# (question, clause, words that must be shown, words that must not, why)
CASES = [
    (
        "在基地就业满一年的青年有什么补贴？",
        f"{_PADDING}在基地就业满一年的青年，符合租住公寓条件但未入住公寓的，在职期间可领取每人每月1500元住房补贴，期限最长为两年。"
        "在基地就业满一年的青年，由所在企业统一申报，在职期间可领取每人每年3000元交通补贴，单个企业最多申报五人，期限最长为两年。"
        f"在基地就业满一年的青年，取得执业资格证的，一次性给予5万元就业补贴，每人仅可申请一次。{_PADDING}",
        ("1500元", "3000元", "5万元"),
        ("营造良好氛围",),
        "of three benefits that are alike none is left away",
    ),
    (
        "企业首次上市奖励多少？",
        f"{_PADDING}对首次上市的企业，给予一次性奖励300万元；最高不超过实缴募集费用的一半。{_MORE}{_PADDING}",
        ("给予一次性奖励300万元；最高不超过",),
        ("营造良好氛围",),
        "an award is never cut from its cap",
    ),
    (
        "企业购买设备的补贴最高多少？",
        f"{_PADDING}对购买设备的企业，按设备投资额的8%给予补贴。最高500万元。{_MORE}{_PADDING}",
        ("对购买设备的企业，按设备投资额的8%给予补贴。最高500万元。",),
        ("密切配合",),
        "a sentence that begins with the cap brings the sentence that says of what",
    ),
    (
        "博士生活补贴每月多少？",
        f"标准如下：（一）博士每月发放生活补贴3000元；（二）硕士每月发放生活补贴2000元；（三）本科每月发放生活补贴1000元。{_PADDING}{_MORE}{_PADDING}",
        ("标准如下：", "（一）博士每月发放生活补贴3000元"),
        ("营造良好氛围",),
        "an item by its own words",
    ),
    (
        "高级工程师的安家费多少？",
        f"发放标准为：（一）{_PADDING}院士发放安家费100万元；（二）{_MORE}博士发放安家费20万元；（三）高级工程师发放安家费8万元。{_PADDING}",
        ("发放标准为：", "（三）高级工程师发放安家费8万元"),
        ("院士", "密切配合"),
        "a later item comes with the words that introduce the list, without the items between",
    ),
    (
        "技能培训补贴如何申请？",
        f"{_PADDING}技能培训补贴用于提高职工技能水平。{_MORE}{_MORE}技能培训补贴由企业向区人社局提出申请，经审核公示后拨付。{_PADDING}",
        ("向区人社局提出申请，经审核公示后拨付",),
        ("营造良好氛围",),
        "of two sentences on the subject the one with the steps",
    ),
    (
        "应急演练由谁负责？",
        f"{_PADDING}应急演练每年举行。{_MORE}{_PADDING}应急演练由区应急管理局负责。{_MORE}",
        ("应急演练由区应急管理局负责",),
        ("营造良好氛围，形成工作合力，推动各项任务落到实处。应急演练每年",),
        "of two sentences on the subject the one with the body",
    ),
    (
        "租金补贴的条件是什么？",
        f"{_PADDING}租金补贴适用于入驻园区满一年的企业；但已享受租金减免的除外。{_MORE}{_PADDING}",
        ("租金补贴适用于入驻园区满一年的企业；但已享受租金减免的除外。",),
        ("营造良好氛围",),
        "an exception stays with its rule",
    ),
]


@pytest.mark.parametrize(("question", "clause", "shown", "hidden", "reason"), CASES, ids=[c[4] for c in CASES])
def test_passage(question, clause, shown, hidden, reason):
    assert len(clause) > WHOLE_CLAUSE
    parts = best_parts(analyse(question), Span(0, len(clause)), clause)
    text = "".join(part.of(clause) for part in parts)
    assert all(words in text for words in shown)
    assert not any(words in text for words in hidden)
    assert all(a.end <= b.start for a, b in pairwise(parts))  # verbatim, in the order of the clause


def test_an_item_brings_the_paragraph_that_introduces_it_though_neither_has_a_number_above_it(tmp_path):
    """An article alone, as statutes are published: “…有下列情形之一的，不得…：” and （一）（二）… below it."""
    lead = "企业有下列情形之一的，不得申请设备更新补助："
    items = ("（一）被列入严重失信主体名单的；", "（二）同一设备已享受省级资金支持的；", "（三）设备为二手设备的。")
    with Library.open(Settings(data=tmp_path)) as library:
        document = document_from_text("\n\n".join((lead, *items)), title="某区设备更新补助办法", path="a.txt")
        library.add_documents([(document, b"a", "text/plain")])
        by_item = Assistant(library).ask("二手设备的情形如何规定？").text
        whole = Assistant(library).ask("哪些情形不得申请设备更新补助？").text
    assert lead in by_item and "设备为二手设备的" in by_item
    assert all(words in whole for words in (lead, "失信主体", "已享受省级资金", "二手设备"))


# (the clause above a list, how much of it introduces the items, why)
LEADS = [
    (
        "为支持企业发展，制定本条。对下列企业给予奖励：",
        "对下列企业给予奖励：",
        "the sentence before has its own full stop, and the items need it not",
    ),
    (
        "擅自倾倒渣土的，处五千元罚款；有下列情形之一的，处五万元罚款：",
        "擅自倾倒渣土的，处五千元罚款；有下列情形之一的，处五万元罚款：",
        "after a semicolon it does not say of whom it speaks",
    ),
    (
        "造成损失的，由保险公司赔偿。不足的部分，按照下列规定承担：",
        "造成损失的，由保险公司赔偿。不足的部分，按照下列规定承担：",
        "what is insufficient is said in the sentence before",
    ),
    (
        f"{_PADDING * 3}擅自倾倒渣土的，处五千元罚款；有下列情形之一的，处五万元罚款：",
        "擅自倾倒渣土的，处五千元罚款；有下列情形之一的，处五万元罚款：",
        "a long clause is not shown from its beginning",
    ),
]


@pytest.mark.parametrize(("above", "shown", "reason"), LEADS)
def test_a_list_is_introduced_by_words_that_can_be_read_alone(above, shown, reason):
    document = document_from_text(f"第一条　{above}\n（一）多次倾倒的；\n（二）拒不改正的。")
    lead = next(clause for clause in document.clauses if clause.text.strip().endswith("："))
    assert lead_span(lead, document.text).of(document.text) == shown, reason


def test_a_short_article_is_read_whole_where_its_words_are_other_than_the_question_s(tmp_path):
    """One item of it would hide the rule that answers: what is near in meaning may be any of its paragraphs."""
    article = (
        "租赁双方解除合同的，应当提前三十日通知对方。\n出租人有下列情形之一的，承租人可以解除合同：\n"
        "（一）房屋漏雨且出租人拒不修缮的；\n（二）出租人擅自停水停电的。\n押金应当在交还房屋后七日内退还。"
    )
    law = "第一条　本办法所称房屋，是指住宅。\n第二条　" + article + "\n第三条　本办法自2025年1月1日起施行。"
    with Library.open(Settings(data=tmp_path)) as library:
        document = document_from_text(law, title="某区房屋租赁办法", path="a.txt")
        list(library.add_documents([(document, law.encode(), "text/plain")]))
        text = Assistant(library).ask("房东断水断电，我能搬走吗，之前交的押金怎么要回来").text
    assert all(words in text for words in ("提前三十日", "拒不修缮", "擅自停水停电", "七日内退还")), text
