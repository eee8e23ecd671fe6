"""The proof gate: what a clause says passes, however it is written; what it does not say never does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.proof import locate, prove, sentences, verbatim

RATE = "第五条　支持设备投资。对固定资产投资5000万元以上（含）的新引进制造业项目，按设备投资额的10%给予补助，单个项目最高1000万元。"
AWARD = "对首次认定的国家高新技术企业，给予一次性奖励20万元；对重新认定的，给予一次性奖励10万元。（责任单位：区科技局）"
EXCLUDED = "已享受同类政策的企业，不予重复支持。申报主体近两年未发生较大以上安全事故。"
FUND = "探索设立产业发展基金，通过股权投资等方式支持企业发展壮大。"
REPEAL = "本政策自2024年4月1日起施行，有效期至2026年12月31日。《旧政策》（清政办〔2020〕15号）同时废止。"

TRUE = [
    (RATE, "按设备投资额的10%给予补助，单个项目最高1000万元。", "verbatim part"),
    (RATE, "按设备投资额的１０％给予补助,单个项目最高1000万元", "full width figures, half-width comma"),
    (
        RATE,
        "对固定资产投资5000万元以上(含)的新引进制造业项目，按设备投资额的10%给予补助。",
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
]


@pytest.mark.parametrize(("passage", "sentence", "why"), TRUE, ids=[t[2] for t in TRUE])
def test_what_the_clause_says_passes(passage: str, sentence: str, why: str):
    verdict = prove(sentence, passage)
    assert verdict.passed, (why, verdict.failures)
    assert verdict.span.of(passage).strip()


@pytest.mark.parametrize(("passage", "sentence", "why"), FALSE, ids=[t[2] for t in FALSE])
def test_what_the_clause_does_not_say_is_stopped(passage: str, sentence: str, why: str):
    assert not prove(sentence, passage).passed, why


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
        assert "".join(span.of(RATE).split()).startswith("".join(quote.split()).rstrip("。；;，,."))


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
