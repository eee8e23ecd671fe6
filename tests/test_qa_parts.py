"""A question of several kinds: each part under its heading from a clause that has what it asks, the rest named as missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.parts import kinds_asked

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def assistant(sample_data: Path) -> Iterator[Assistant]:
    with Library.open(Settings(data=sample_data)) as library:
        yield Assistant(library)


KINDS = [
    ("租房补贴归谁管，几天办完？", ("责任单位", "办理时限"), "two kinds about one thing"),
    ("技术改造奖多少、什么时候申报？", ("数额", "申报时间"), "joined by 、"),
    ("首台套补助谁能报、去哪报？", ("对象", "申办渠道"), "everyday words"),
    ("租房补贴什么时候到账，要交什么材料？", ("办理时限", "材料"), "什么时候到账 is a term of handling"),
    ("人才公寓多大，怎么申请，找哪个部门？", ("面积", "申办渠道", "责任单位"), "three"),
    ("人才公寓能住多久，租房补贴能领多久？", ("期限", "期限"), "one kind, two things"),
    ("无废城市试点选多少个城市，试点到什么时候？", ("数量", "截止时间"), "how many, and until when"),
    ("租房补贴几个工作日办完，要什么材料？", ("办理时限", "材料"), "几个工作日 counts no things"),
    ("创业担保贷款额度多少，利率多少？", (), "one kind of one thing"),
    ("我们设备投了3000万元，能补多少？", (), "a figure told, one thing asked"),
    ("归谁管，几天办完？", (), "no thing named"),
    ("博士来工作每个月给多少；期限多长？", (), "made whole from the conversation: the last part alone is asked"),
]


@pytest.mark.parametrize(("text", "expected", "why"), KINDS, ids=[row[2] for row in KINDS])
def test_the_kinds_of_a_question(text, expected, why):
    assert kinds_asked(text) == expected


INTERNS = """青禾县就业见习基地管理办法
第一条 见习基地连续两年每年接收见习人员超过50人、留用率60%以上的，可申请认定为见习示范基地，并按200元/人的标准给予补贴，最高不超过5万元。
第二条 见习示范基地由县人才中心受理、初核，符合认定条件的单位报县人力资源社会保障局复核，公示无异议的，正式认定为见习示范基地。
"""


def test_the_condition_of_an_amount_is_said_where_the_amount_is(library: Library, tmp_path: Path):
    file = tmp_path / "见习.txt"
    file.write_text(INTERNS, encoding="utf-8")
    library.add([file])
    answer = Assistant(library).ask("认定见习示范基地要什么条件，能补多少钱？", as_of=DAY)
    assert [citation.path for citation in answer.citations] == ["第一条"], (
        "第二条 only mentions that there are conditions"
    )


ANSWERED = [
    ("租房补贴归谁管，几天办完？", {"责任单位": "区住房城乡建设局", "办理时限": "没有查到"}, "36个月 is how long it is paid, not how long it takes"),
    ("技术改造奖多少、什么时候申报？", {"数额": "6%", "申报时间": "申报时间"}, "two clauses"),
    ("引荐奖励给多少，哪些人不能领？", {"数额": "1.5‰", "不能享受的": "公职人员及其配偶、子女"}, "who is left out"),
    ("人才公寓多大，怎么申请，找哪个部门？", {"面积、责任单位": "120平方米", "申办渠道": "没有查到"}, "what one clause has stands once"),
    ("人才认定要多久，证书有效期几年？", {"人才认定期限": "5个工作日", "证书期限": "有效期5年"}, "two things are told apart by name"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected", "why"), ANSWERED, ids=[row[2] for row in ANSWERED])
def test_each_part_has_its_own_answer_or_gap(assistant: Assistant, question, expected, why):
    answer = assistant.ask(question, as_of=DAY)
    said = {
        s.group: "".join(o.text for o in answer.sentences if o.group == s.group) for s in answer.sentences if s.group
    }
    assert set(said) == set(expected)
    assert all(words in said[heading] for heading, words in expected.items())
    gaps = [s for s in answer.sentences if "没有查到" in s.text]
    assert all(s.framed and not any(letter.isdigit() for letter in s.text) for s in gaps)
