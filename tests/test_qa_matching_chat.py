"""A company or a person tells of itself in the chat, or in a file for the command line, and is shown what fits."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from index.query import Filters
from ingest.settings import Settings
from qa.matching.chat import match_answer

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def samples(sample_data: Path):
    with Library.open(Settings(data=sample_data)) as library:
        library.catch_up()
        yield library


def answer(library: Library, question: str):
    return match_answer(library, question, Filters(), TODAY)


def test_what_was_understood_is_shown_first_and_every_extract_is_verbatim(samples):
    draft = answer(samples, "我们是做汽车零部件的，去年营收1.2亿，设备投了3000万，能拿什么？")
    first = draft.sentences[0].text
    for words in ("汽车零部件", "上年度1.2亿元", "设备投资额：3000万元", "待确认"):
        assert words in first
    for sentence in draft.sentences:
        for proof in sentence.proofs:
            document = samples.document(proof.document_id)
            assert proof.span.of(document.text) == proof.quote
    assert any("3000万元×8%＝240万元" in s.text and s.proofs for s in draft.sentences), "第四条: 8% of the equipment"


def test_a_person_is_shown_talent_measures_and_no_support_for_companies(samples):
    draft = answer(samples, "我是博士，在xx省云澜市清河区全职工作，能享受哪些补贴？")
    words = "".join(s.text for s in draft.sentences)
    assert "人才生活补贴" in words
    assert "技术改造" not in words


@pytest.mark.parametrize(
    "question",
    [
        "我们公司能拿什么？",  # nothing is said of the company
        "设备投资3000万能补多少？",  # a calculation by one clause, which the composer answers
        "研发费用补助的比例和最高金额是多少？",
        "什么是双招双引？",
    ],
)
def test_other_questions_are_left_to_the_composer(samples, question):
    assert answer(samples, question) is None


def run(data: Path, profile: object, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa", "match", "--profile", "-", *options],
        input=json.dumps(profile, ensure_ascii=False),
        capture_output=True,
        text=True,
        timeout=120,
        env={"POLICY_DATA": str(data), "PATH": "/usr/bin:/bin"},
        check=False,
    )


def test_the_command_prints_decisions_with_their_sources(sample_data):
    profile = {"kind": "企业", "region": "xx省云澜市清河区", "industries": ["C36"], "设备投资额": "3000万"}
    done = run(sample_data, profile, "--json", "--as-of", "2026-03-01")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    by_id = {each["measure_id"]: each for each in found["matches"]}
    article = by_id["清政〔2024〕9号#第四条"]
    assert article["benefits"][0]["amount"]["value"] == "2400000"
    assert article["source"].endswith("（清政〔2024〕9号）第四条")
    assert {d["verdict"] for d in article["decisions"]} == {"met", "unknown"}, "whether the project is new is not said"


def test_a_wrong_profile_is_refused_in_two_lines(sample_data):
    done = run(sample_data, {"营业收入": "约1亿"})
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("错误：营业收入")
    assert "Traceback" not in done.stderr
