"""Covers of standards: what they print in fixed places (GB/T 1.1). Texts are of our own making."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.metadata.cover import read_cover
from ingest.parse import document_from_text

CONTENTS = "目次\n前言......1\n1 范围......2\n前言\n为贯彻法律，制定本标准。\n1 范围\n1.1 甲甲。\n1.2 现有企业自2025年1月1日起执行表1。"


def cover(*lines: str) -> str:
    return "\n".join((*lines, CONTENTS))


PLAIN = cover(
    "ICS 13.040.40", "Z 60", "中华人民共和国国家标准", "GB 12345—2024", "代替 GB 12345-2001", "冷库大气污染物", "排放标准",
    "Emission standard of air pollutants for cold stores", "（发布稿）", "2024-05-24发布 2024-07-01实施", "生态环境部", "国家市场监督管理总局", "发布",
)  # fmt: skip


def test_a_cover_tells_all_but_a_document_number():
    document = document_from_text(PLAIN)
    metadata = document.metadata
    assert (metadata.title, metadata.kind) == ("冷库大气污染物排放标准", "标准")
    assert metadata.document_number is None and metadata.aliases == ("GB 12345-2024",)
    assert metadata.issuers == ("生态环境部", "国家市场监督管理总局")
    assert (metadata.level, metadata.region) == ("state", "全国")
    assert metadata.published_on == date(2024, 5, 24) and metadata.issued_on is None


def test_a_standard_is_in_force_from_the_day_on_its_cover_not_from_those_of_its_stages():
    terms = document_from_text(PLAIN).terms
    assert (terms.effective_on, terms.effective_basis, terms.expires_on) == (date(2024, 7, 1), "标准封面", None)
    assert terms.effective_span and terms.effective_span.of(PLAIN) == "2024-07-01"


NUMBERS = [
    ("GB 12345—2024", "GB 12345-2024"),
    ("GB12345-2024代替GB12345-2001", "GB 12345-2024"),
    ("GB/T 9704—2012", "GB/T 9704-2012"),
    ("ＧＢ１２３４５　２０２４", "GB 12345-2024"),
    ("DB 44/1837—2016", "DB44/1837-2016"),
    ("DB44/ 815-2010", "DB44/815-2010"),
    ("DB34/T 4567—2023", "DB34/T 4567-2023"),
    ("HJ 2.1—2016", "HJ 2.1-2016"),
    ("T/ABC 001—2020", "T/ABC 001-2020"),
]


@pytest.mark.parametrize(("printed", "cited"), NUMBERS)
def test_the_number_of_a_standard_as_it_is_cited(printed: str, cited: str):
    found = read_cover(
        cover("中华人民共和国国家标准", printed, "冷库排放标准", "2024-05-24发布 2024-07-01实施", "生态环境部 发布")
    )
    assert found and found.number == cited


TITLES = [
    (
        "the English title on the same line",
        ["国家标准", "GB 1-2024", "冷库安全运输规程Regulations for the safe transport"],
        "冷库安全运输规程",
    ),
    ("above the number", ["冷库排放标准", "Emission standard", "国家标准", "GB 1-2024"], "冷库排放标准"),
    ("over two lines", ["广东省地方标准", "DB44/1-2024", "冷库和冷藏车", "能效限定值"], "冷库和冷藏车能效限定值"),
    ("not the names of its issuers", ["国家标准", "GB 1-2024"], None),
]


@pytest.mark.parametrize(("why", "lines", "expected"), TITLES, ids=[case[0] for case in TITLES])
def test_the_title_of_a_standard(why: str, lines: list[str], expected: str | None):
    text = cover(*lines, "2024-05-24发布\t\t2024-07-01实施", "示例省生态环境厅", "示例省市场监督管理局", "发布")
    found = read_cover(text)
    assert found and (found.title and found.title.of(text).replace("\n", "")) == expected
    assert [span.of(text) for span in found.issuers] == ["示例省生态环境厅", "示例省市场监督管理局"]


@pytest.mark.parametrize(
    "text",
    [
        "青禾县人民政府关于执行国家标准的通知\n青政〔2024〕7号\n各乡镇：\n按照GB 12345-2024执行。",
        "冷库办法\n第一条　按照国家标准\nGB 12345-2024执行。",
        "国家标准\n第一条　甲甲。",
        "",
    ],
)
def test_a_file_that_only_cites_a_standard_has_no_cover(text: str):
    assert read_cover(text) is None


def test_a_day_that_is_none_is_not_taken():
    found = read_cover(cover("国家标准", "GB 1-2024", "冷库标准", "2024-02-30发布 2024-07-01实施"))
    assert found and found.published is None and found.effective
