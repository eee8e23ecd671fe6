"""The proof gate: what a clause says passes, however it is written; what it does not say never does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.proof import locate, prove, sentences, verbatim
from tests.benchmarks.proofs import CORPUS, documents
from tests.paraphrases import FALSE as FALSEHOODS
from tests.paraphrases import HELD_OUT, falsehoods, letters, paraphrases, statements
from tests.paraphrases import TRUE as PARAPHRASES

RATE = "第五条　支持设备投资。对固定资产投资5000万元以上（含）的新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。"
AWARD = "对首次认定的国家高新技术企业，给予一次性奖励20万元；对重新认定的，给予一次性奖励10万元。（责任单位：区科技局）"
EXCLUDED = "已享受同类政策的企业，不予重复支持。申报主体近两年未发生较大以上安全事故。"
TIERS = "（一）国家级企业。给予500万元奖励。（二）省级企业。给予200万元奖励，按50%预拨。"
COMMAS = "对国家级企业，给予500万元奖励，对省级企业，给予200万元奖励，最长3年。"
LADDER = "对国家级企业，年营收5亿元以上的，免费提供厂房，给予50万元补助，但亏损的除外。"
LISTED = "有下列情形之一的，不予支持：\n1.近三年发生安全事故；\n2.未按期报送2024年统计数据。"
AGENCIES = "区科技局负责受理，区财政局负责审核，并在10个工作日内拨付（责任单位：区科技局）。应当提交申请，接受检查。"
PLAN = "《清河区“十四五”产业规划》提出三五年内培育5—10家企业，投资强度不低于-5℃冷库标准。"
FAQ = "问：企业迁入后可以领取80万元吗？答：例如，某企业投资3000万元，可得300万元；原政策规定：给予500万元，现调整为300万元。"
FUND = "探索设立产业发展基金，通过股权投资等方式支持企业发展壮大。"
REPEAL = "本政策自2024年4月1日起施行，有效期至2026年12月31日。《旧政策》（清政办〔2020〕15号）同时废止。"

TRUE = [
    (RATE, "按设备投资额的10%给予补助，单个项目最高1000万元。", "verbatim part"),
    (RATE, "按设备投资额的１０％给予补助,单个项目最高1000万元", "full width figures, half-width comma"),
    (
        RATE,
        "对固定资产投资5000万元以上(含)的新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。",
        "brackets of another width",
    ),
    (
        RATE,
        "对固定资产投资5000万元以上（含）的新引进制造业项目，单个项目最高1000万元。",
        "a half left out, nothing changed",
    ),
    (RATE, "单个项目最高1,000万元，按设备投资额的10%给予补助。", "thousands separator, halves in another order"),
    (AWARD, "对重新认定的，给予一次性奖励10万元。", "second half of a sentence"),
    (AWARD, "对首次认定的国家高新技术企业，给予一次性奖励二十万元。", "Chinese numerals"),
    (EXCLUDED, "已享受同类政策的企业，不予重复支持。", "negation kept"),
    (FUND, "探索设立产业发展基金", "reservation kept"),
    (REPEAL, "有效期至2026年12月31日", "date"),
    (REPEAL, "《旧政策》（清政办[2020]15号）同时废止", "file number with other brackets"),
    (
        RATE,
        "根据文件规定，按设备投资额的百分之十给予补助，单个项目最高0.1亿元！",
        "our frame, another unit, another stop",
    ),
    (
        RATE,
        "对固定资产投资5000万元以上（含）的新引进制造业项目按设备投资额的10%给予补助，单个项目最高1000万元",
        "comma gone",
    ),
    (REPEAL, "《旧政策》同时废止", "a file number in brackets left out"),
    (REPEAL, "本政策自二〇二四年四月一日起施行，有效期至二〇二六年十二月三十一日。", "a date in numerals"),
    (
        AWARD,
        "对重新认定的，给予一次性奖励10万元；对首次认定的国家高新技术企业，给予一次性奖励20万元。",
        "whole items turned about",
    ),
    (TIERS, "国家级企业。给予500万元奖励。", "a heading with what follows it"),
    (TIERS, "（二）省级企业：给予200万元奖励，按50%预拨。", "colon for stop"),
    (COMMAS, "对国家级企业，给予500万元奖励，对省级企业，给予200万元奖励，最长3年。", "whole"),
    (LISTED, "有下列情形之一的，不予支持：1.近三年发生安全事故", "an item with the lead of its list"),
    (AGENCIES, "区财政局负责审核，并在十个工作日内拨付", "a later subject with its verbs"),
    ("（五）不少于 20 人的，培训约50名。", "不少于20人的，培训约 50 名", "the number of the paragraph is no condition"),
    (PLAN, '《清河区"十四五"产业规划》提出三五年内培育5-10家企业，投资强度不低于-5℃冷库标准', "quotes and dashes"),
]

FALSE = [
    (RATE, "按设备投资额的15%给予补助，单个项目最高1000万元。", "another rate"),
    (RATE, "按设备投资额的10%给予补助，单个项目最高5000万元。", "a figure of the clause in the wrong place"),
    (RATE, "按设备投资额的10%给予补助，单个项目最高1000亿元。", "万 turned into 亿"),
    (RATE, "按设备投资额的10%给予补助，单个项目补助1000万元。", "最高 dropped"),
    (RATE, "按设备投资额的10%给予补助，单个项目不低于1000万元。", "cap turned into a floor"),
    (RATE, "对固定资产投资5000万元以下的新引进制造业项目，按设备投资额的10%给予补助。", "以上 turned into 以下"),
    (RATE, "00万元以上（含）的新引进制造业项目", "half a figure"),
    (RATE, "单个项目最高100", "a figure cut inside"),
    (RATE, "按设备投资额的10%给予补助，另给予每人500元补贴。", "an invented benefit"),
    (AWARD, "对首次认定的国家高新技术企业，给予奖励20万元。", "一次性 dropped next to its figure"),
    (AWARD, "对首次认定的国家高新技术企业，每年给予奖励20万元。", "一次性 turned into 每年"),
    (AWARD, "对重新认定的，给予一次性奖励20万元。", "the figure of the other half"),
    (EXCLUDED, "已享受同类政策的企业，予以重复支持。", "negation dropped"),
    (EXCLUDED, "予重复支持", "quote that begins after its negation"),
    (EXCLUDED, "申报主体近两年发生较大以上安全事故。", "未 dropped"),
    (FUND, "设立产业发展基金，通过股权投资等方式支持企业发展壮大。", "探索 dropped"),
    (REPEAL, "有效期至2027年12月31日。", "another year"),
    (REPEAL, "《旧政策》（清政办〔2020〕51号）同时废止。", "another file number"),
    (REPEAL, "《旧政策》继续有效。", "opposite statement"),
    (FUND, "对科技企业给予信用贷款。", "unrelated"),
    (
        RATE,
        "对固定资产投资5000万元以上（含）的新引进制造业项目，按设备投资额的10%给予补助。",
        "the cap behind it dropped",
    ),
    (
        RATE,
        "对固定资产投资5000万元以上的新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。",
        "（含） dropped",
    ),
    (
        RATE,
        "对新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。",
        "condition within the phrase dropped",
    ),
    (RATE, "新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。", "begins within the phrase for whom"),
    (RATE, "按设备投资额的10%给予补助，单个项目最高1，000亿元。", "a comma in a figure hides another unit"),
    (RATE, "按设备投资额的10‰给予补助，单个项目最高1000万元。", "% turned into ‰"),
    (RATE, "按设备投资额的10个百分点给予补助，单个项目最高1000万元。", "% turned into points"),
    (RATE, "按设备投资额的10%给予补助，单个项目最高1000万美元。", "another currency"),
    (RATE, "按设备投资额的10%给予补助，单个项目最高1\u0336000万元。", "a figure struck through"),
    (RATE, "\u202e按设备投资额的10%给予补助，单个项目最高1000万元。", "a mark that turns the line about"),
    (RATE, "按设备投资额的10%给予补助，单个项目最高约1000万元。", "约 added"),
    (AWARD, "奖励20万元", "begins behind 一次性"),
    (AWARD, "给予一次性奖励10万元", "for whom is left out where others get another amount"),
    (AWARD, "对首次认定的国家高新技术企业；给予一次性奖励10万元。", "two items joined by a semicolon"),
    (
        AWARD,
        "对首次认定的国家高新技术企业，给予一次性奖励20万元；给予一次性奖励10万元。",
        "a second amount without its subject",
    ),
    (AWARD, "对首次认定的国家高新技术企业，给予一次性奖励20万元（责任单位：区商务局）", "another department"),
    (AWARD, "根据《某办法》，对重新认定的，给予一次性奖励10万元。", "a frame that names a file is a claim"),
    (TIERS, "国家级企业。给予200万元奖励，按50%预拨。", "the heading of another item"),
    (TIERS, "给予200万元奖励，按50%预拨。", "its heading left out where another item has another amount"),
    (TIERS, "国家级企业：给予200万元奖励，按50%预拨。", "the same with a colon"),
    (COMMAS, "对国家级企业，给予200万元奖励，最长3年。", "subject and amount of two items parted by commas only"),
    (COMMAS, "对省级企业，给予500万元奖励，对国家级企业，给予200万元奖励，最长3年。", "amounts changed about"),
    (COMMAS, "给予500万元奖励", "an amount without its subject, commas only"),
    (LADDER, "年营收5亿元以上的，免费提供厂房，给予50万元补助，但亏损的除外。", "the first of two conditions dropped"),
    (LADDER, "对国家级企业，免费提供厂房，给予50万元补助，但亏损的除外。", "the second of two conditions dropped"),
    (LADDER, "年营收5亿元以上的，免费提供厂房", "a condition dropped, no figure promised"),
    (LADDER, "对国家级企业，年营收5亿元以上的，免费提供厂房，给予50万元补助。", "exception dropped"),
    (EXCLUDED, "不予重复支持", "for whom is left out of a denial"),
    (EXCLUDED, "已享受同类政策的企业，不，予重复支持。", "a comma behind 不"),
    (LISTED, "近三年发生安全事故", "an item without the lead that denies"),
    (LISTED, "有下列情形之一的，予以支持：1.近三年发生安全事故", "the lead turned about"),
    (AGENCIES, "区科技局负责受理，并在10个工作日内拨付", "a subject in between dropped"),
    (AGENCIES, "区财政局负责受理", "two bodies changed about"),
    (AGENCIES, "接受检查", "begins behind 应当"),
    (PLAN, "《产业规划》提出三五年内培育5—10家企业", "a part of a title as a title"),
    (PLAN, "《清河区“十五”产业规划》提出三五年内培育5—10家企业，投资强度不低于-5℃冷库标准。", "十四五 is no 十五"),
    (PLAN, "《清河区“十四五”产业规划》提出35年内培育5—10家企业，投资强度不低于-5℃冷库标准。", "三五年 is no 35年"),
    (PLAN, "《清河区“十四五”产业规划》提出三五年内培育5、10家企业，投资强度不低于-5℃冷库标准。", "a range is no list"),
    (PLAN, "《清河区“十四五”产业规划》提出三五年内培育5—10家企业，投资强度不低于5℃冷库标准。", "minus dropped"),
    (FAQ, "企业迁入后可以领取80万元", "a question is no statement"),
    (FAQ, "某企业投资3000万元，可得300万元", "an example without 例如"),
    (FAQ, "给予500万元", "what was so before"),
]


@pytest.mark.parametrize(("passage", "sentence", "why"), TRUE, ids=[t[2] for t in TRUE])
def test_what_the_clause_says_passes(passage: str, sentence: str, why: str):
    verdict = prove(sentence, passage)
    assert verdict.passed, (why, verdict.failures)
    assert verdict.span.of(passage).strip()


@pytest.mark.parametrize(("passage", "sentence", "why"), FALSE, ids=[t[2] for t in FALSE])
def test_what_the_clause_does_not_say_is_stopped(passage: str, sentence: str, why: str):
    assert not prove(sentence, passage).passed, why


def test_what_is_refused_for_what_it_leaves_out_says_how_to_say_it_whole():
    verdict = prove("给予一次性奖励10万元。", AWARD)
    assert verdict.repair
    whole = verdict.repair.of(AWARD)
    assert whole.startswith("对重新认定的，给予一次性奖励10万元")
    assert prove(whole, AWARD).passed


@pytest.fixture(scope="module")
def clauses() -> list[tuple[str, str]]:
    """True sentences of our own files, with their clauses."""
    files = [p for p in sorted(CORPUS.iterdir()) if p.suffix in (".txt", ".html", ".docx", ".xlsx", ".wps", ".ofd")]
    return statements(list(documents(files)))


def test_no_false_sentence_made_from_a_true_one_passes(clauses):
    cases = falsehoods(clauses, FALSEHOODS | HELD_OUT, wanted=500, seed=5)
    assert len(cases) >= 400
    assert not [case for case in cases if prove(case.sentence, case.passage).passed]


def test_true_sentences_written_another_way_pass(clauses):
    cases = paraphrases(clauses, PARAPHRASES, wanted=450, seed=5)
    assert len(cases) >= 400
    refused = [case for case in cases if not prove(case.sentence, case.passage).passed]
    assert len(refused) <= 0.05 * len(cases), refused


@given(st.text(alphabet="甲乙丙给予补助50万元。；\n 　", max_size=60))
def test_sentences_hold_every_visible_character_once(text: str):
    spans = list(sentences(text))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(st.integers(0, 60), st.integers(2, 30))
def test_a_located_quote_is_the_same_words(start: int, length: int):
    quote = RATE[start : start + length]
    span = locate(quote, RATE)
    if span:
        assert letters(span.of(RATE)) == letters(quote)


@pytest.mark.parametrize(
    ("sentence", "quotes", "expected", "why"),
    [
        ("名称：升规奖励；标准：15万元。", ("名称\t标准", "升规奖励\t15万元"), True, "a row with its header"),
        ("名称：升规奖励；标准：16万元。", ("名称\t标准", "升规奖励\t15万元"), False, "another figure"),
        ("不予补助。", ("给予补助。",), False, "a word that no quote has"),
        ("", (), True, "nothing says nothing"),
    ],
)
def test_an_extract_has_only_the_words_of_its_quotes(sentence, quotes, expected, why):
    assert verbatim(sentence, quotes) is expected, why
