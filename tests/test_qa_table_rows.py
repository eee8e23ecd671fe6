"""Answers from tables: the row with the names of its columns, each word of it proven."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from index.chunk import chunk
from index.library import Library
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.evidence import Evidence, Shelf
from qa.wording import judge

DAY = date(2025, 1, 1)
TABLE = """青禾县人民政府办公室关于印发人才安居补贴标准的通知
青政办〔2024〕8号
各镇人民政府：
现将人才安居补贴标准印发给你们，自2024年4月1日起施行，有效期3年。
附表
人才安居补贴标准表
单位：万元
序号\t人才类别\t补贴标准\t\t责任单位
\t\t第一年\t第二年\t
（一）购房补贴
1\t博士研究生\t5\t3\t县人才办
2\t硕士研究生\t3\t2\t县人才办
（二）租房补贴
3\t博士研究生\t1.2\t1\t县住建局
"""
HOUSES = "（一）购房补贴；人才类别：硕士研究生；补贴标准（第一年：3，第二年：2）；责任单位：县人才办；单位：万元。"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(Settings(data=tmp_path_factory.mktemp("rows"))) as library:
        for text in (TABLE, LIMITS):
            library.add_document(document_from_text(text), text.encode(), "text/plain")
        yield library


def item(held: Library, words: str) -> Evidence:
    document = held.document("青政办〔2024〕8号")
    shelf = Shelf(held, DAY)
    clause = next(c for c in document.clauses if words in c.text)
    row = shelf.row(document.id, clause)
    return Evidence(document, held.card(document.id), clause, None, (clause,), shelf.status(document.id), 1.0, 1.0, row)


def test_the_answer_names_column_group_and_unit_and_quotes_them(held: Library):
    answer = Assistant(held).ask("硕士研究生购房补贴第二年给多少？", as_of=DAY)
    assert answer.sentences[0].text == HOUSES
    assert "没有说明数额" not in answer.text
    quotes = [citation.quote for citation in answer.citations]
    assert {"单位：万元", "（一）购房补贴"} <= set(quotes)


def test_a_row_is_found_by_the_title_of_its_group(held: Library):
    contexts = {c.text: c.context for c in chunk(held.document("青政办〔2024〕8号"))}
    assert "（二）租房补贴" in contexts["3\t博士研究生\t1.2\t1\t县住建局"]
    assert "补贴标准 第一年 第二年" in contexts["3\t博士研究生\t1.2\t1\t县住建局"].replace("责任单位 ", "")


LIMITS = """电子元件制造业水污染物排放标准
1 本标准适用于电子元件制造企业的废水排放管理，包括印制电路板、半导体器件和电子终端产品的制造。
2 印制电路板，是指在绝缘基材上按预定设计形成印制线路的成品板，其企业的废水排放限值按照本标准执行。
表1 水污染物排放限值
序号\t污染物项目\t排放限值\t\t\t\t监控位置
\t\t直接排放\t\t间接排放\t\t
\t\t印制电路板\t电子终端产品\t印制电路板\t电子终端产品\t
1\t总铜\t0.5\t\t2.0\t\t废水总排放口
2\t总锌\t1.5\t--\t1.6\t--\t废水总排放口
3\t总磷\t1.0\t\t8.0\t\t废水总排放口
"""


def test_the_row_that_is_asked_for_comes_first_and_no_other_row_of_its_table(held: Library):
    answer = Assistant(held).ask("我们是印制电路板厂，废水间接排放的总铜限值是多少？", as_of=DAY)
    assert "总铜；排放限值（直接排放：0.5，间接排放：2.0）" in answer.sentences[0].text
    assert "总锌" not in answer.text and "总磷" not in answer.text


@pytest.mark.parametrize(
    ("line", "shown", "reason"),
    [
        ("补贴标准·第一年：3[1]", "补贴标准·第一年：3；单位：万元。", "a figure is not shown without its unit"),
        (
            "补贴标准（第一年：3，第二年：2）；单位：万元[1]",
            "补贴标准（第一年：3，第二年：2）；单位：万元",
            "as it was given",
        ),
        ("补贴标准·第一年：2[1]", None, "the figure of another column"),
        ("补贴标准·第二年：3[1]", None, "the figure of another column"),
    ],
)
def test_a_model_quotes_a_row_column_by_column(held: Library, line: str, shown: str | None, reason: str):
    said = judge(line, [item(held, "硕士研究生")]).sentences
    assert [sentence.text for sentence in said] == ([shown] if shown else []), reason
