"""What a question asks, read without a model: its kind, the term it asks about, the articles it names, its topics."""

from __future__ import annotations

import pytest

from qa.evidence import asks_history
from qa.question import analyse


@pytest.mark.parametrize(
    ("text", "kind", "term", "why"),
    [
        ("双招双引是什么意思？", "definition", "双招双引", "X是什么意思"),
        ("建市规〔2019〕1号里什么叫转包", "definition", "转包", "什么叫X"),
        ("什么算政务新媒体，微信公众号算不算", "definition", "政务新媒体", "什么算X"),
        ("“对新引进的制造业项目给予设备投资补助”是哪个文件规定的？", "other", None, "a sentence of a file is no term"),
        ("国家职教改革方案 1+X是怎么回事", "definition", "1+X", "a formula is a name"),
        ("政府信息公开条例第16条说的是什么", "other", None, "asks for the words of an article, not for a meaning"),
        ("转企改制的规定 免几年企业所得税", "when", None, "几年 is a term, though 免几 asks for money elsewhere"),
        ("招投标投诉最晚几天内要提", "when", None, "最晚几天"),
        ("设备投资补助最高多少", "amount", None, "a sum"),
        ("人才公寓能住多久，多大", "when", None, "the first thing asked"),
        ("申报需要提交哪些材料", "list", None, "哪些"),
    ],
)
def test_what_is_asked(text, kind, term, why):
    question = analyse(text)
    assert (question.kind, question.term) == (kind, term), why


@pytest.mark.parametrize(
    ("text", "expected"), [("条例第16条", (16,)), ("第 十六 条和第三条", (16, 3)), ("管理办法", ()), ("第二章", ())]
)
def test_articles_in_either_numeral(text, expected):
    assert analyse(text).articles == expected


@pytest.mark.parametrize(
    ("text", "word", "why"),
    [
        ("外省企业迁过来给多少搬家费", "搬家费", "a compound that no dictionary has"),
        ("硕士和本科呢", "本科", "a pronoun in jieba's dictionary"),
        ("什么叫转包", "转包", "the term counts, though it is a verb"),
        ("废水总铜限值", "总铜", "two words of one letter, which no dictionary has as one"),
        ("丧葬补助金怎么领", "补助金", "a thing of its own, which 补助 is not cut out of"),
    ],
)
def test_what_an_answer_must_speak_of(text, word, why):
    assert any(topic.word == word and topic.weight >= 1.0 for topic in analyse(text).topics), why


@pytest.mark.parametrize("text", ["认定要什么条件", "找哪个部门", "补助金额"])
def test_what_any_question_may_say_is_no_subject(text):
    assert all(topic.weight < 1.0 for topic in analyse(text).topics)


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("2020年那个支持工业发展的政策现在还能引用吗", True, "a past year names a file of that year"),
        ("高企奖励2020年和现在分别是多少", True, "then and now"),
        ("原来的政策怎么规定", True, "原来"),
        ("2024年起施行的制造业政策，设备投资怎么补", False, "in force since then"),
        ("到2025年要达到什么目标", False, "a target"),
        ("2025年度申报什么时候截止", False, "the year of an application"),
        ("2025年3月要交什么材料", False, "a date"),
    ],
)
def test_whether_the_past_is_asked_for(text, expected, why):
    assert asks_history(analyse(text)) is expected, why
