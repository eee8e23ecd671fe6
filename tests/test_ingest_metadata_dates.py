"""成文日期, 印发日期, 发布日期: read where they are printed, unknown where they are not. Texts are of our own making."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.corpus import source_file
from ingest.document import Metadata, PolicyDocument
from ingest.parse import document_from_text, parse
from ingest.readers import read as read_file

BODY = "一、总体要求\n全面落实各项任务。\n二、重点任务\n抓好落实。"
ARTICLES = "第一条　甲甲。\n第二条　本办法自发布之日起施行。"
TENTH = date(2024, 3, 10)


def reading(text: str, path: str = "文件.txt") -> PolicyDocument:
    """As a file, so that the reader has tidied it."""
    source = source_file(path, text.encode())
    return parse(source, read_file(source))


def signed(day: str) -> PolicyDocument:
    return reading(
        f"青禾县人民政府关于防汛的通知\n青政〔2024〕7号\n各乡镇人民政府：\n{BODY}\n青禾县人民政府\n{day}\n（此件公开发布）\n"
    )


def dates(metadata: Metadata) -> tuple[date | None, date | None, date | None]:
    return metadata.issued_on, metadata.printed_on, metadata.published_on


@pytest.mark.parametrize(
    "day",
    [
        "2024年3月10日", "2024年03月10日", "二〇二四年三月十日", "二○二四年三月十日", "二零二四年三月十日", "二O二四年三月十日", "2024-03-10", "2024.3.10",
        "2024/3/10", "２０２４年３月１０日", "2024 年 3 月 10 日", "2024年  3月 10日", "（2024年3月10日）",
    ],
)  # fmt: skip
def test_the_day_below_the_signature(day: str):
    document = signed(day)
    assert dates(document.metadata) == (TENTH, None, None)
    assert document.metadata.issuers == ("青禾县人民政府",)
    assert [c.kind for c in document.clauses if c.text.startswith("青禾县人民政府\n")] == ["back"]


@pytest.mark.parametrize(
    ("day", "remark"),
    [
        ("2024年2月30日", "日历上没有这一天，按未标明处理：2024年2月30日"),
        ("2023年13月1日", "日历上没有这一天，按未标明处理：2023年13月1日"),
        ("202x年x月x日", "日期含占位符，按未标明处理：202x年x月x日"),
        ("××××年×月×日", "日期含占位符，按未标明处理：××××年×月×日"),
    ],
)
def test_a_day_that_is_none_stays_unknown_and_is_reported(day: str, remark: str):
    document = signed(day)
    assert dates(document.metadata) == (None, None, None)
    assert remark in document.warnings


@pytest.mark.parametrize("day", ["2024年3月", "二〇二四年三月", "２０２４年３月"])
def test_a_month_is_no_day(day: str):
    assert dates(signed(day).metadata) == (None, None, None)


def test_the_day_of_printing_may_stand_in_a_table():
    text = f"关于防汛的通知\n各乡镇：\n{BODY}\n青禾县人民政府\n2024年3月10日\n抄送：县委办公室。\n青禾县人民政府办公室\t2024年3月15日印发\n"
    assert dates(reading(text).metadata) == (TENTH, date(2024, 3, 15), None)


NOTES = [
    ("published", "2024年3月10日青禾县人民政府令第5号公布", (TENTH, None, TENTH)),
    ("published, then amended", "2024年3月10日青禾县人民政府令第5号发布　根据2025年1月1日《决定》修订", (TENTH, None, TENTH)),
    ("issued only: 印发 is no 发布", "2024年3月10日青政发〔2024〕5号印发", (TENTH, None, None)),
    ("number and day of issue", "青政发〔2024〕5号　2024年3月10日", (TENTH, None, None)),
    ("passed by a congress", "2024年3月10日青禾县第十届人民代表大会第三次会议通过", (TENTH, None, None)),
    ("passed, then published", "2024年3月1日县政府第10次常务会议通过　2024年3月10日公布　自2024年5月1日起施行", (TENTH, None, TENTH)),
    ("only the day of coming into force", "自2024年3月10日起施行", (None, None, None)),
    ("only the day of its repeal", "2024年3月10日废止", (None, None, None)),
    ("only an amendment", "根据2024年3月10日《决定》修正", (None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("why", "note", "expected"), NOTES, ids=[case[0] for case in NOTES])
def test_the_note_below_the_title(why: str, note: str, expected: tuple[date | None, ...]):
    assert dates(document_from_text(f"青禾县冷链办法\n（{note}）\n{ARTICLES}").metadata) == expected


def test_a_note_may_stand_without_brackets():
    text = f"青禾县冷链办法\n2024年3月10日青禾县人民政府令第5号公布\n{ARTICLES}"
    assert dates(document_from_text(text).metadata) == (TENTH, None, TENTH)


def test_the_date_of_a_page_is_not_taken_for_that_of_publication():
    front = "---\ntitle: 冷链办法\ndate: 2017-07-16\nauthor: 原环境保护部等\n---\n"
    document = reading(
        f"{front}（1998年11月29日国务院令第253号发布　根据2017年7月16日《决定》修订）\n\n{ARTICLES}", "a.md"
    )
    assert dates(document.metadata) == (date(1998, 11, 29), None, date(1998, 11, 29))
    assert document.terms.effective_on == date(1998, 11, 29)
    undated = reading(f"{front}{ARTICLES}", "a.md")
    assert dates(undated.metadata) == (None, None, None) and undated.terms.effective_on is None
    assert undated.metadata.issuers == ("环境保护部",)


def test_a_site_that_contradicts_the_signature_is_reported():
    text = f"成文日期：2024-03-01\n青禾县人民政府关于防汛的通知\n各乡镇：\n{BODY}\n青禾县人民政府\n2024年3月10日\n"
    document = reading(text)
    assert document.metadata.issued_on == date(2024, 3, 1)
    assert [w for w in document.warnings if "成文日期不一致" in w and "2024年3月10日" in w]
