"""A place that no file is about: what holds everywhere answers, with a caution; what holds elsewhere never does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.library import Library
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.assistant import Assistant

LAW = (
    "国务院关于印发住房租赁条例的通知\n国发〔2024〕30号\n各省、自治区、直辖市人民政府：\n现将《住房租赁条例》印发给你们。\n"
    "国务院\n2024年3月1日\n住房租赁条例\n第一条　出租人收取押金的，押金不得超过一个月租金。\n"
    "第二条　出租人应当在交还房屋后七日内退还押金。"
)
LOCAL = (
    "清河区人民政府关于印发购车补贴办法的通知\n清政〔2024〕3号\n各有关单位：\n现将《购车补贴办法》印发给你们。\n清河区人民政府\n"
    "2024年3月1日\n购车补贴办法\n第一条　购买新能源汽车的，每辆给予购车补贴3000元。"
)

# (question, words of the answer or of the gap, a caution, why)
CASES = [
    (
        "武汉市的出租人收取押金最多多少？",
        "不得超过一个月租金",
        "库内没有武汉市的文件",
        "the state's rule holds there too",
    ),
    ("出租人收取押金最多多少？", "不得超过一个月租金", "", "no place is named"),
    ("武汉市的购车补贴每辆多少钱？", "库内没有武汉市的文件", "", "another district's money is no answer"),
    ("清河区的购车补贴每辆多少钱？", "3000元", "", "its own file is held"),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Library.open(Settings(data=tmp_path_factory.mktemp("places"))) as library:
        documents = [
            (document_from_text(text, path=f"{at}.txt"), text.encode(), "text/plain")
            for at, text in enumerate((LAW, LOCAL))
        ]
        list(library.add_documents(documents))
        yield Assistant(library)


@pytest.mark.parametrize(("question", "words", "caution", "reason"), CASES)
def test_a_place_that_no_file_is_about(assistant: Assistant, question, words, caution, reason):
    answer = assistant.ask(question)
    assert words in answer.text + answer.gap, reason
    assert ("3000元" in answer.text) == (words == "3000元")
    assert any(caution in notice for notice in answer.notices) if caution else not answer.notices


def test_a_place_is_named_without_the_words_before_it(assistant: Assistant):
    assert "没有福建省的文件" in assistant.ask("盗伐林木罪福建省标准是多少？").gap
