"""TXT and Markdown as offices have them: any encoding, pages, wrapped lines, Markdown mixed with HTML. Texts are of our own making."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.corpus import source_file
from ingest.document import SourceText
from ingest.errors import NoText, ReadError, UnsupportedFormat
from ingest.readers import read

POLICY = (
    "青禾县人民政府关于防汛工作的通知\n青政〔2024〕7号\n各乡镇人民政府：\n一、总体要求\n"
    "全面落实各项任务——确保安全·有序。\n二、重点任务\n（一）抓好落实。\n"
)


def reading(content: bytes | str, path: str = "文件.txt") -> SourceText:
    return read(source_file(path, content.encode() if isinstance(content, str) else content))


# ---- encodings: (why, bytes)

DAMAGED_BUT_WHOLE = [
    ("zero bytes that fill up the last block", POLICY.encode() + bytes(500)),
    ("the same in GB 18030", POLICY.encode("gb18030") + bytes(64)),
    ("a zero byte within", (POLICY[:9] + "\0" + POLICY[9:]).encode()),
    ("a mark of UTF-8 before GB 18030", b"\xef\xbb\xbf" + POLICY.encode("gb18030")),
    ("UTF-16 cut within a character", POLICY.encode("utf-16-le") + b"a"),
    ("UTF-16 whose 一 has its zero byte at the other place", POLICY.encode("utf-16-be")),
    ("old Macintosh and Windows line ends in one file", POLICY.replace("\n", "\r\n", 3).replace("任务\n", "任务\r").encode()),
]  # fmt: skip


@pytest.mark.parametrize("content", [row[1] for row in DAMAGED_BUT_WHOLE], ids=[row[0] for row in DAMAGED_BUT_WHOLE])
def test_what_copying_did_to_a_file_does_not_change_its_text(content: bytes):
    assert reading(content).text == POLICY


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_byte_costs_one_character_and_is_reported(encoding: str):
    content = POLICY.encode(encoding)
    end = content.index("7号".encode(encoding))
    result = reading(content[:end] + b"\xff" + content[end:])
    assert result.text.endswith(POLICY[POLICY.index("各乡镇") :])
    assert any("无法识别" in warning for warning in result.warnings)


def test_zero_bytes_throughout_are_no_text():
    with pytest.raises(UnsupportedFormat):
        reading(bytes(range(256)) * 40)


@given(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_the_encoding_does_not_change_the_text(encoding: str, repeated: int):
    assert reading((POLICY * repeated).encode(encoding)).text == POLICY * repeated


# ---- pages


def pages_of(result: SourceText) -> list[str]:
    ends = [page.start for page in result.pages[1:]] + [len(result.text)]
    return [result.text[page.start : end] for page, end in zip(result.pages, ends, strict=True)]


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("form feeds", "甲甲。\n— 1 —\n\f乙乙。\n- 2 -\n\f丙丙。\n3\n"),
        ("lines that a program put in", "===PAGE 1===\n甲甲。\n===PAGE 2===\n乙乙。\n===PAGE 3===\n丙丙。\n"),
        ("the same in Chinese", "--- 第1页 ---\n甲甲。\n--- 第2页 ---\n乙乙。\n--- 第3页 ---\n丙丙。\n"),
    ],
)
def test_pages_of_a_text_file(why: str, text: str):
    result = reading(text)
    assert pages_of(result) == ["甲甲。\n", "乙乙。\n", "丙丙。\n"], why
    assert [page.number for page in result.pages] == [1, 2, 3]


def test_an_empty_page_keeps_its_number():
    assert pages_of(reading("甲甲。\n\f\n\f丙丙。\n")) == ["甲甲。\n", "\n", "丙丙。\n"]


def test_page_marks_without_text_come_from_a_scan():
    with pytest.raises(NoText, match="只有页码标记") as refused:
        reading("===PAGE 1===\n\n===PAGE 2===\n\n")
    assert "PDF" in refused.value.hint


# ---- lines wrapped at a fixed width


def wrapped(text: str, columns: int, indent: str = "") -> str:
    """As an e-mail program or a converter of PDF wraps it; a mark of punctuation may hang over the edge."""
    lines = []
    for paragraph in text.splitlines():
        line = indent if len(paragraph) > 30 else ""
        for char in paragraph:
            width = sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line + char)
            if width > columns and char not in "，。、；：）":
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return "\n".join(lines) + "\n"


LONG = "\n".join(
    [
        "青禾县人民政府关于印发《青禾县冷链物流发展若干政策》的通知",
        "青政〔2024〕7号",
        "各乡镇人民政府，县政府各部门、各直属机构：",
        *(
            f"{number}、支持企业做大做强。对当年新建的冷库按照设备投资额的10%给予补助，单个企业最高不超过{index * 100}万元；"
            "对获得省级示范称号的企业再给予一次性奖励，所需资金由县财政统筹安排，县商务局会同县财政局负责组织申报、审核和兑现，"
            "任何单位不得截留挪用，具体办法由县商务局另行制定并公布。"
            for index, number in enumerate("一二三四五六", 1)
        ),
        "青禾县人民政府",
        "2024年5月1日",
    ]
)


@pytest.mark.parametrize("columns", [56, 72, 80])
@pytest.mark.parametrize("indent", ["", "　　"])
def test_wrapped_lines_are_joined_to_paragraphs(columns: int, indent: str):
    assert reading(wrapped(LONG, columns, indent)).text.splitlines() == LONG.splitlines()


def test_wrapped_pages_lose_their_numbers_and_join_over_the_break():
    lines = wrapped(LONG, 72).splitlines()
    pages = [
        "\n".join(lines[i : i + 12]) + f"\n\n{'— ' + str(i // 12 + 1) + ' —':^60}\n" for i in range(0, len(lines), 12)
    ]
    result = reading("\f".join(pages))
    assert result.text.splitlines() == LONG.splitlines()
    assert len(result.pages) == len(pages)


KEPT = [
    ("a paragraph a line", LONG),
    ("items of one line", "\n".join(f"{n}. 县商务局、县财政局联合印发" for n in range(1, 30))),
    ("columns made of spaces", "\n".join(f"示例企业{n:02}号    100万元    县商务局    2024年" for n in range(20))),
    ("few lines", wrapped(LONG[:120], 60)),
]


@pytest.mark.parametrize("text", [row[1] for row in KEPT], ids=[row[0] for row in KEPT])
def test_lines_that_were_not_wrapped_stay_as_they_are(text: str):
    assert reading(text).text.count("\n") == text.count("\n")


# ---- Markdown: (why, source, text)

MARKDOWN = [
    ("bold stands for a heading in copies", "**一、总体要求**\n\n***二、任务***\n", ["一、总体要求", "二、任务"]),
    ("a star between figures multiplies", "面积为5*6*7米。\n", ["面积为5*6*7米。"]),
    ("blanks to fill in are no marks", "姓名：____ 电话：________\n", ["姓名：____ 电话：________"]),
    ("an escaped number is a number", "1\\. 甲甲\n2\\. 乙乙\\*\n", ["1. 甲甲", "2. 乙乙*"]),
    ("HTML spaces and breaks", "甲甲&nbsp;乙乙<br>丙丙<br/>丁丁\n", ["甲甲 乙乙", "丙丙", "丁丁"]),
    ("HTML characters", "《甲&lt;乙&gt;丙&amp;丁》&#8212;戊\n", ["《甲<乙>丙&丁》—戊"]),
    ("a break within a cell keeps the row", "| 类别 | 标准 |\n|--|--|\n| 首次<br>上规 | 20万元\\|次 |\n", ["类别\t标准", "首次 上规\t20万元|次"]),
    ("a table without outer bars", "类别 | 标准\n--- | ---\n首次 | 20万元\n\n甲|乙\n", ["类别\t标准", "首次\t20万元", "甲|乙"]),
    ("an empty cell keeps its place", "| 合计 | | 5 |\n|--|--|--|\n", ["合计\t\t5"]),
    (
        "a table in HTML",
        "<table>\n<tr><th>类别</th><th>标准</th></tr>\n<tr><td>首次<br>上规</td>\n<td>20万元</td></tr>\n</table>\n后文。\n",
        ["类别\t标准", "首次 上规\t20万元", "后文。"],
    ),
    ("cells that are not closed", "<tr><td>首次上规<td>20万元</tr>\n", ["首次上规\t20万元"]),
    ("words beside the cells of a row", "<tr>注：<td>甲甲</td>乙乙<td>丙丙</td></tr>\n", ["注：\t甲甲 乙乙\t丙丙"]),
    ("a row without cells", "甲甲<tr>乙乙</tr>\n", ["甲甲", "乙乙"]),
    ("a quotation", "> 甲甲。\n>> 乙乙。\n", ["甲甲。", "乙乙。"]),
    ("a fence", "```\n甲甲。\n```\n", ["甲甲。"]),
    ("the name of a language behind it", "``` text-1\n甲甲。\n```\n", ["甲甲。"]),
    ("words behind it are words of the file", "```甲甲。\n乙乙。\n", ["```甲甲。", "乙乙。"]),
    ("links and pictures", "见[《办法》](https://example.org/a)。\n![徽标](logo.png)\n", ["见《办法》。"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "source", "lines"), MARKDOWN, ids=[row[0] for row in MARKDOWN])
def test_markdown_loses_its_marks_only(why: str, source: str, lines: list[str]):
    assert [line for line in reading(source, "文件.md").text.splitlines() if line] == lines


@pytest.mark.parametrize(
    "source",
    ["# 冷链办法\n\n第一条 甲。\n", "冷链办法\n====\n\n第一条 甲。\n", "---\ntitle: '冷链办法'\n---\n第一条 甲。\n"],
)
def test_the_title_field_of_markdown(source: str):
    result = reading(source, "文件.md")
    assert [(label, span.of(result.text)) for label, span in result.fields] == [("标题", "冷链办法")]


def test_the_date_of_a_page_is_not_that_of_the_file():
    assert "发布日期" not in dict(
        reading("---\ntitle: 冷链办法\ndate: 2024-01-01\n---\n第一条 甲。\n", "文件.md").fields
    )


PIECES = st.sampled_from(
    ["# ", "**", "*", "|", "---", "<br>", "<tr>", "<td>", "</td>", "</tr>", "\\", "甲", "1.", "\n", "\f", "\t", "[a](b)", "&nbsp;", "```", "> ",
     "===PAGE 1===", "　　"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["a.txt", "a.md"]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused_and_its_spans_hold(text: str, path: str):
    try:
        result = reading(text, path)
    except ReadError:
        return
    starts = [page.start for page in result.pages]
    assert starts == sorted(starts) and all(start <= len(result.text) for start in starts)
    assert all(0 <= span.start < span.end <= len(result.text) for _, span in result.fields)
    assert result.text.count("甲") == text.count("甲")
