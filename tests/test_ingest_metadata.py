"""Metadata: what a file says of itself, and what it does not say. Texts are of our own making."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clauses import parse_clauses
from ingest.document import Metadata, SourceFile, SourceText, Span
from ingest.errors import Classified
from ingest.metadata import find_metadata
from ingest.metadata.dates import to_date
from ingest.metadata.title import kind_of

BODY = "一、总体要求\n全面落实各项任务。\n二、重点任务\n抓好落实。"


def read(text: str, path: str = "文件.txt", title: str | None = None, **fields: str) -> Metadata:
    """Metadata of a text; ``fields`` are labels and values of a site's table, printed above the text."""
    head, spans = "", []
    for label, value in fields.items():
        start = len(head) + len(label) + 1
        spans.append((label, Span(start, start + len(value))))
        head += f"{label}：{value}\n"
    source_text = SourceText(head + text, fields=tuple(spans))
    content = source_text.text.encode("utf-8", "replace")
    source = SourceFile(path, sha256(content).hexdigest(), "text/plain", content)
    return find_metadata(source, source_text, parse_clauses(source_text.text, (), "D"), title)


def how(metadata: Metadata, field: str) -> str:
    return next(reason for name, _, reason in metadata.sources if name == field)


# ---- own number: (why, text, canonical number or None)

NUMBERS = [
    (
        "a line of its own",
        f"青禾县人民政府关于防汛的通知\n青政〔2024〕7号\n各乡镇人民政府：\n{BODY}",
        "青政〔2024〕7号",
    ),
    ("above the title", f"青政〔2024〕7号\n青禾县人民政府关于防汛的通知\n各乡镇人民政府：\n{BODY}", "青政〔2024〕7号"),
    (
        "with 签发人, as upward files print it",
        f"青政〔2024〕7号　　签发人：张三\n青禾县人民政府关于防汛的报告\n{BODY}",
        "青政〔2024〕7号",
    ),
    ("in brackets below the title", f"青禾县人民政府关于防汛的通知\n（青政〔2024〕7号）\n{BODY}", "青政〔2024〕7号"),
    (
        "in brackets with the day of issue",
        f"青禾县人民政府关于防汛的通知\n（青政〔2024〕7号　2024年5月1日）\n{BODY}",
        "青政〔2024〕7号",
    ),
    (
        "in 题注: under this number it was published",
        "青禾县冷链办法\n（2019年6月12日青禾县人民政府青政发〔2019〕34号公布　根据2022年3月1日青政发〔2022〕5号修正）\n第一条　甲甲。",
        "青政发〔2019〕34号",
    ),
    (
        "in 题注, labelled",
        f"青禾县申报指南（2025年度）\n（青禾县商务局发布，文号青商〔2025〕3号）\n{BODY}",
        "青商〔2025〕3号",
    ),
    (
        "order in 题注; the approval before it and the amendment behind it are others'",
        "外国医师管理办法\n（1991年10月4日国务院批准　国函〔1991〕66号　1991年12月6日卫生部令第17号发布　"
        "根据2003年9月2日卫医发〔2003〕57号修正）\n第一条　甲甲。",
        "卫生部令第17号",
    ),
    (
        "order on two lines",
        "国家市场监督管理总局令\n第99号\n《公平竞争审查办法》已经局务会议通过，现予公布。\n局长　张三\n2025年2月28日\n公平竞争审查办法\n第一条　甲甲。",
        "国家市场监督管理总局令第99号",
    ),
    (
        "masked numbers are shown as they are",
        f"关于提质增效的实施意见\nx发〔202x〕12号\n各乡镇党委：\n{BODY}",
        "x发〔202x〕12号",
    ),
    (
        "cited in the first sentence: not its own",
        f"为贯彻落实《关于防汛的意见》（皖政〔2021〕5号）精神，制定如下方案。\n{BODY}",
        None,
    ),
    (
        "cited at the end",
        "青禾县冷链办法\n第一条　甲甲。\n第二条　《青禾县旧办法》（青政〔2020〕9号）同时废止。",
        None,
    ),
    ("amended only under a number", "青禾县冷链办法\n（根据2022年3月1日青政发〔2022〕5号修正）\n第一条　甲甲。", None),
    (
        "behind 根据 in brackets",
        f"青禾县冷链办法\n（根据皖政〔2021〕5号制定，2022年3月1日印发）\n{BODY}",
        None,
    ),
    ("within a title", f"关于转发《皖政办〔2021〕5号文件》的通知\n各乡镇人民政府：\n{BODY}", None),
    (
        "in brackets at the end of the title's line",
        f"关于印发青禾县冷链方案的通知（合政办〔2022〕18号）\n各乡镇人民政府：\n{BODY}",
        "合政办〔2022〕18号",
    ),
    (
        "in brackets at the end of a title on two lines",
        f"青禾县人民政府关于印发《冷链方案》的\n通知（青政〔2024〕7号）\n{BODY}",
        "青政〔2024〕7号",
    ),
    ("at the end of an explanation's title: another's", f"冷链方案解读（青政〔2024〕7号）\n{BODY}", None),
    ("behind 》 at the end of a title", f"青禾县转发《冷链方案》（皖政〔2021〕5号）\n{BODY}", None),
    ("a local order under its code", "粤府令第197号\n广东省冷链办法\n第一条　甲甲。", "广东省人民政府令第197号"),
    ("a local order above the title", "安徽省人民政府令第300号\n冷链办法\n第一条　甲甲。", "安徽省人民政府令第300号"),
    (
        "a local order on two lines",
        "安徽省人民政府令\n第300号\n《冷链办法》已经通过，现予公布。\n省长　张三\n2021年3月1日\n冷链办法\n第一条　甲甲。",
        "安徽省人民政府令第300号",
    ),
    (
        "a local order below the title, without brackets",
        "冷链办法\n2021年3月1日安徽省人民政府令第300号公布\n第一条　甲甲。",
        "安徽省人民政府令第300号",
    ),
    (
        "a local order in 题注; the later one only amended it",
        "冷链办法\n（该文件于2014年1月15日以粤府令第197号公布，根据2020年5月12日粤府令第275号第一次修改）\n第一条　甲甲。",
        "广东省人民政府令第197号",
    ),
    ("nothing printed", f"青禾县人民政府关于防汛的通知\n各乡镇人民政府：\n{BODY}", None),
]


@pytest.mark.parametrize(("why", "text", "expected"), NUMBERS, ids=[case[0] for case in NUMBERS])
def test_own_number(why: str, text: str, expected: str | None):
    number = read(text).document_number
    assert (number and number.canonical) == expected
    if number:
        assert number.span.of(text) == number.printed


def test_the_sites_number_field_is_trusted_first():
    metadata = read(f"青禾县办法\n（旧编号）\n{BODY}", 发文字号="青政〔2024〕7号")
    assert metadata.document_number and metadata.document_number.canonical == "青政〔2024〕7号"
    assert how(metadata, "document_number") == "站点字段"


def test_an_empty_number_field_says_nothing():
    assert read(f"青禾县办法\n{BODY}", 发文字号="无").document_number is None


def test_a_plain_text_copy_of_the_sites_table_counts_too():
    metadata = read(f"索 引 号：Q/2024\n文　号：青政〔2024〕7号\n成文日期：2024-05-01\n青禾县办法\n{BODY}")
    assert metadata.document_number and metadata.document_number.canonical == "青政〔2024〕7号"
    assert metadata.issued_on == date(2024, 5, 1)


def test_jointly_issuing_bodies_may_each_print_a_number():
    metadata = read(
        f"关于印发冷链方案的通知\n皖发改产业〔2024〕88号　皖财建〔2024〕301号\n各市发展改革委、财政局：\n{BODY}"
    )
    assert metadata.document_number and metadata.document_number.canonical == "皖发改产业〔2024〕88号"
    assert metadata.aliases == ("皖财建〔2024〕301号",)


def test_the_file_name_is_the_last_resort_and_flagged():
    number = read(f"青禾县冷链办法\n{BODY}", "资料/青政〔2024〕7号 冷链办法.pdf").document_number
    assert number and number.canonical == "青政〔2024〕7号" and "from_filename" in number.flags


def test_the_name_of_an_explanation_tells_the_number_of_another_file():
    assert read(f"冷链办法解读\n{BODY}", "青政〔2024〕7号 政策解读.html").document_number is None


# ---- title, kind

TITLES = [
    ("one line", f"青禾县人民政府关于防汛的通知\n青政〔2024〕7号\n{BODY}", "青禾县人民政府关于防汛的通知"),
    (
        "broken within words",
        f"青禾县人民政府关于加快现代\n农业和冷链物流发展的若干\n意见\n青政〔2024〕7号\n{BODY}",
        "青禾县人民政府关于加快现代农业和冷链物流发展的若干意见",
    ),
    (
        "a line ends like a title by chance",
        f"青禾县人民政府关于印发冷链实施方案\n的通知\n青政〔2024〕7号\n{BODY}",
        "青禾县人民政府关于印发冷链实施方案的通知",
    ),
    (
        "an ending within the title",
        f"青禾县人民政府关于推行公示制度\n审核制度的指导意见\n青政〔2024〕7号\n{BODY}",
        "青禾县人民政府关于推行公示制度审核制度的指导意见",
    ),
    (
        "head marks are no title",
        f"000001\n特急\n青禾县人民政府文件\n青政〔2024〕7号\n青禾县人民政府关于防汛的通知\n{BODY}",
        "青禾县人民政府关于防汛的通知",
    ),
    ("a title may end like a head mark", f"关于受理人才公寓申请的公告\n{BODY}", "关于受理人才公寓申请的公告"),
    (
        "the carrier's title beats the name put above it",
        f"# 冷链办法\n青禾县商务局关于印发《冷链办法》的通知\n青商〔2024〕7号\n{BODY}",
        "青禾县商务局关于印发《冷链办法》的通知",
    ),
    (
        "the attached title below a number is not joined",
        "青禾县关于印发《冷链政策》的通知\n青政〔2020〕1号\n\n冷链政策\n第一条　甲甲。",
        "青禾县关于印发《冷链政策》的通知",
    ),
    (
        "without the number at its end",
        f"关于印发青禾县冷链方案的通知（青政〔2024〕7号）\n各乡镇人民政府：\n{BODY}",
        "关于印发青禾县冷链方案的通知",
    ),
    (
        "the number of a standard and of the one it replaces are no title",
        "中华人民共和国国家标准\nGB 12345—2020\n代替 GB 12345-2001\n冷库能效标准\n（发布稿）\n1 范围\n1.1 甲甲。",
        "冷库能效标准",
    ),
    (
        "both on one line, with a slash in the local number",
        "ICS 13.040\nDB 44/815-2020代替DB44/ 815-2010\n冷库排放标准\nEmission standard\n1 范围\n1.1 甲甲。",
        "冷库排放标准",
    ),
    ("nothing but a standard's number", "国家标准\nGB 12345—2020代替GB12345-2001\n1 范围\n1.1 甲甲。", None),
    (
        "an order that publishes a policy has the policy's title",
        "安徽省人民政府令\n第300号\n《冷链办法》已经通过，现予公布。\n省长　张三\n2021年3月1日\n冷链办法\n第一条　甲甲。",
        "冷链办法",
    ),
    ("nothing but text", f"为贯彻落实上级精神，制定如下方案。\n{BODY}", None),
]


@pytest.mark.parametrize(("why", "text", "expected"), TITLES, ids=[case[0] for case in TITLES])
def test_title(why: str, text: str, expected: str | None):
    assert read(text).title == expected


def test_the_sites_title_field_without_its_marks():
    assert read(BODY, 标题="【已失效】青禾县冷链办法").title == "青禾县冷链办法"


def test_the_caller_may_know_the_title():
    metadata = read(BODY, title="青禾县人民政府关于冷链的若干政策")
    assert (metadata.title, metadata.kind, metadata.issuers) == (
        "青禾县人民政府关于冷链的若干政策",
        "若干政策",
        ("青禾县人民政府",),
    )


@pytest.mark.parametrize(
    ("title", "kind", "carrier"),
    [
        ("某县关于印发《冷链若干政策（试行）》的通知", "若干政策", "通知"),
        ("某县关于印发冷链物流发展行动计划（2024—2026年）的通知", "行动计划", "通知"),
        ("某办公厅转发某局关于印发〈冷链实施方案〉的通知的通知", "实施方案", "通知"),
        ("某县关于加快冷链发展的实施意见", "实施意见", None),
        ("某县冷链管理办法", "办法", None),
        ("某县惠企政策申报指南（2025年度）", "申报指南", None),
        ("某办公室关于某建议的复函", "复函", None),
        ("冷链企业注意了", None, None),
    ],
)
def test_kind_is_that_of_the_innermost_title(title: str, kind: str | None, carrier: str | None):
    assert kind_of(title) == (kind, carrier)


def test_an_untitled_text_names_its_kind_itself():
    metadata = read(f"为贯彻落实上级精神，结合我区实际，制定如下方案。\n{BODY}")
    assert (metadata.title, metadata.kind) == (None, "方案")


# ---- issuers (more in test_ingest_metadata_issuer.py)


def test_the_page_of_another_office_does_not_change_the_issuer():
    metadata = read(f"{BODY}", 发布机构="青禾县东山街道办事处", 名称="青禾县人民政府关于防汛的通知")
    assert metadata.issuers == ("青禾县人民政府",)


def test_what_is_not_said_stays_unknown():
    metadata = read("为做好有关工作，制定以下安排。\n一、目标\n建成5个冷库。")
    assert metadata == replace(Metadata(), sources=metadata.sources)


# ---- dates, addressees, mark of secrecy


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2024年3月10日", date(2024, 3, 10)),
        ("2024年03月10日", date(2024, 3, 10)),
        ("二〇二一年七月二日", date(2021, 7, 2)),
        ("一九九六年十二月二十五日", date(1996, 12, 25)),
        ("2024-03-10", date(2024, 3, 10)),
        ("2024年2月30日", None),
        ("202x年7月8日", None),
    ],
)
def test_dates(printed: str, expected: date | None):
    assert to_date(printed) == expected


def test_issue_printing_and_publication_are_three_dates():
    text = (
        f"青禾县人民政府关于防汛的通知\n青政〔2024〕7号\n各乡镇人民政府：\n{BODY}\n青禾县人民政府\n2024年5月1日\n（此件公开发布）\n"
        "抄送：县委办公室。\n青禾县人民政府办公室　2024年5月6日印发"
    )
    metadata = read(text, 发布日期="2024-05-09")
    assert (metadata.issued_on, metadata.printed_on, metadata.published_on) == (
        date(2024, 5, 1),
        date(2024, 5, 6),
        date(2024, 5, 9),
    )
    assert metadata.addressees == "各乡镇人民政府"


def test_the_notices_date_counts_not_that_of_an_annex():
    text = (
        "青禾县人民政府办公室关于印发《冷链办法》的通知\n青政办〔2024〕1号\n各乡镇人民政府：\n现印发给你们。\n青禾县人民政府办公室\n2024年5月1日\n"
        "冷链办法\n第一条　甲甲。\n附件1\n承诺书\n本单位承诺如实申报。\n某某公司\n2025年1月1日"
    )
    assert read(text).issued_on == date(2024, 5, 1)


def test_of_the_dates_in_a_note_that_of_publication_counts():
    text = (
        "冷链办法\n（1991年10月4日国务院批准　1991年12月6日卫生部令第17号发布　自1992年1月1日起施行）\n第一条　甲甲。"
    )
    assert read(text).issued_on == read(text).published_on == date(1991, 12, 6)


def test_the_sites_word_on_validity_is_kept():
    assert read(BODY, 有效性="已废止").site_validity == "已废止"


@pytest.mark.parametrize("mark", ["秘密★1年", "机密", "绝密★长期", "秘 密 ★ 3年"])
def test_a_classified_file_is_refused(mark: str):
    with pytest.raises(Classified, match="密级标志") as refused:
        read(f"000012\n{mark}\n青禾县人民政府文件\n青政〔2024〕7号\n{BODY}")
    assert refused.value.hint


def test_a_sentence_about_secrets_is_no_mark():
    assert read(f"青禾县商业秘密保护办法\n{BODY}").title == "青禾县商业秘密保护办法"


# ---- laws

LINES = st.sampled_from(
    [
        "青禾县人民政府关于防汛的通知", "关于印发《冷链办法》的", "通知", "青政〔2024〕7号", "（青政〔2024〕7号）", "各乡镇人民政府：",
        "为落实《意见》（皖政〔2021〕5号），制定本办法。",
        "2024年5月1日", "青禾县人民政府", "文号：青政〔2024〕9号", "成文日期：2024-05-01", "第一条　甲甲。", "抄送：某某。", "第99号", "国务院令", "", "甲\t乙",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=14).map("\n".join))
def test_every_source_is_a_span_of_the_text_and_reading_is_repeatable(text: str):
    metadata = read(text)
    assert metadata == read(text)
    for _, span, reason in metadata.sources:
        assert reason
        assert span is None or (0 <= span.start < span.end <= len(text))
    number = metadata.document_number
    assert number is None or number.span.of(text) == number.printed
    assert "皖政〔2021〕5号" not in (number and number.canonical, *metadata.aliases)
