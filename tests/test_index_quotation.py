"""A line copied from a file finds that file, before the many whose lines are nearly the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index import quotation as quotation_module
from index.card import Identity, entry_of
from index.chunk import chunk
from index.lexical import LexicalIndex
from index.query import Filters, understand
from index.quotation import quotation
from index.ranking import WEIGHTS
from index.retriever import Retriever
from ingest.parse import document_from_text

LINE = "首谈但不符合本地产业定位的项目，可向其他县（市、区）流转，双方按{}∶{}比例分享招商业绩"
COPIES = 40


@pytest.fixture(scope="module")
def retriever(tmp_path_factory):
    """``COPIES`` files on nothing else, and file 0, in which the line is one of many on other matters."""
    index = LexicalIndex.open(tmp_path_factory.mktemp("quotation") / "lexical", write=True)
    texts = {
        f"县{n}": f"招商项目首谈流转办法\n一、{LINE.format(7, 3)}。\n二、项目流转以县（市、区）首谈为准。\n"
        for n in range(1, COPIES)
    }
    texts["县0"] = (
        "财政奖补资金管理规程\n"
        + "".join(f"第{n}条　财政部门按季度拨付奖补资金，审计部门每年抽查第{n}批台账。\n" for n in "一二三四五六七八九")
        + f"第十条　{LINE.format(3, 7)}。\n"
    )
    documents = [
        document_from_text(text, title=text.split("\n")[0], path=f"{id_}.txt", document_id=id_)
        for id_, text in texts.items()
    ]
    index.apply([(document, chunk(document)) for document in documents], (), 1)
    cards = {d.id: entry_of(d, Identity.of(d), 1, datetime(2026, 1, 1, tzinfo=UTC)).card for d in documents}
    yield lambda weights=WEIGHTS: Retriever(index, None, None, lambda: cards, weights=weights)
    index.close()


QUOTED = [
    (LINE.format(3, 7), "as it stands there"),
    (LINE.format(3, 7)[12:], "from the middle on"),
    (LINE.format(3, 7).replace("（", "(").replace("）", ")").replace("，", ", "), "typed with other marks and a space"),
    (f"“{LINE.format(3, 7)}”是哪个文件规定的？", "with a question about it"),
    (f"请问一下。{LINE.format(3, 7)}。", "after a greeting"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why"), QUOTED, ids=[why for _, why in QUOTED])
def test_the_file_that_has_it_word_for_word_comes_first(retriever, text, why):
    hits = retriever().search(understand(text))
    assert hits[0].chunk.document_id == "县0"
    assert hits[0].legs[0] == ("exact", 1)
    assert len({hit.chunk.document_id for hit in hits}) > 5, "those that resemble it are still there"
    assert len({hit.chunk.id for hit in hits}) == len(hits)


def test_by_their_words_others_would_come_before_it(retriever):
    hits = retriever(replace(WEIGHTS, exact=0.0)).search(understand(LINE.format(3, 7)))
    assert hits[0].chunk.document_id != "县0"


def test_what_is_in_no_file_word_for_word_is_searched_by_its_words(retriever):
    hits = retriever().search(understand(LINE.format(3, 3)))
    assert hits
    assert {hit.legs[0][0] for hit in hits} == {"lexical"}


def test_a_filter_holds_for_what_is_quoted(retriever):
    hits = retriever().search(understand(LINE.format(3, 7), Filters(document_ids=("县1", "县2"))))
    assert {hit.chunk.document_id for hit in hits} == {"县1", "县2"}


def test_what_a_filter_leaves_out_takes_no_place_of_what_it_lets_through(retriever, monkeypatch):
    monkeypatch.setattr(quotation_module, "LOOKED_AT", 1)
    hits = retriever().search(understand(LINE.format(3, 7), Filters(document_ids=("县0",))))
    assert (hits[0].chunk.id, hits[0].legs[0]) == ("县0#第十条", ("exact", 1))


PARTS = [
    ("高新技术企业奖励多少？", "", "a short question quotes nothing"),
    ("", "", "nothing"),
    ("。；\n", "", "only marks"),
    ("支持企业开展技术改造和设备更新。每家最高补助100万元？", "", "each sentence is too short"),
    ("支持企业开展技术改造和设备更新项目，每家最高补助１００万元。多少？", "支持企业开展技术改造和设备更新项目，每家最高补助１００万元",
     "the longest sentence"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), PARTS, ids=[why for *_, why in PARTS])
def test_what_counts_as_a_quotation(text, expected, why):
    assert quotation(text) == expected
