"""What a new colleague reads first: from the references between the files, each step with the sentence that links it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.reading_path import NO_ORDER

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def assistant(sample_data: Path) -> Iterator[Assistant]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Assistant(library)


@pytest.mark.parametrize(
    "question",
    [
        "我刚来，先看哪些文件？",
        "新员工应该按什么顺序看这些文件？",
        "我是新来的，从哪份文件看起？",
        "刚入职，招商工作要先了解哪些政策文件？",
    ],
)
def test_the_newest_plan_comes_first_then_what_it_rests_on(assistant: Assistant, question):
    answer = assistant.ask(question, as_of=DAY)
    steps: dict[str, str] = {}
    for sentence in answer.sentences:
        steps[sentence.group] = steps.get(sentence.group, "") + sentence.text
    assert [step[0] for step in steps] == ["一", "二", "三", "四", "五"]
    plan, above, policies, guides, past = steps.values()
    assert "为贯彻落实" in above.split("（贯彻落实")[0], "a relation stands behind the sentence that states it"
    assert "提质扩量工作方案" in plan and "为贯彻落实" in plan, "with the sentence in which it names them"
    assert all(
        number in above for number in ("皖发〔202x〕12号", "厅〔202x〕21号", "x办发〔202x〕21号", "x发〔202x〕12号")
    )
    assert "促进制造业高质量发展若干政策" in policies and "支持制造业发展若干政策" not in policies.split("根据")[0]
    assert "招商引荐奖励实施细则" in guides and "第六条规定，制定本细则" in guides
    assert "清政〔2021〕7号" in past and "同时废止" in past


def test_every_reason_is_a_sentence_of_the_file(assistant: Assistant):
    answer = assistant.ask("我刚来，先看哪些文件？", as_of=DAY)
    for sentence in answer.sentences:
        for proof in sentence.proofs:
            assert proof.span.of(assistant.library.document(proof.document_id).text) == proof.quote
    assert sum(bool(sentence.proofs) for sentence in answer.sentences) >= 4


@pytest.mark.parametrize("question", ["新员工岗前技能培训补贴多少？", "新引进的博士先看什么条件？", "先申报哪些政策？"])
def test_other_questions_about_newcomers_are_not_taken_for_it(assistant: Assistant, question):
    answer = assistant.ask(question, as_of=DAY)
    assert not any(sentence.group.startswith("一、") for sentence in answer.sentences)


def test_without_links_there_is_no_order(library: Library, policy):
    library.add_document(*policy(12, "给予奖励。"))
    answer = Assistant(library).ask("我刚来，先看哪些文件？", as_of=DAY)
    assert answer.abstained and answer.gap == NO_ORDER
