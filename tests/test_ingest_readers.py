"""Any bytes under any name: the right reader, or one clear Chinese line and what to do next."""

import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.corpus import source_file
from ingest.errors import CorruptFile, EncryptedFile, NoText, ReadError, TooLarge, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers import read, sniff
from ingest.readers.sniffing import DOCX

POLICY = "关于印发《若干政策》的通知\n云政〔2018〕6号\n各县（区）人民政府：\n　　2018—2035年，“十四五”期间·每年安排1000万元。\n"
TIDY = (
    "关于印发《若干政策》的通知\n云政〔2018〕6号\n各县（区）人民政府：\n2018—2035年，“十四五”期间·每年安排1000万元。\n"
)


def reading(content, path="文件.txt"):
    return read(source_file(path, content))


ENCODINGS = (
    ("utf-8", POLICY.encode()),
    ("utf-8 with BOM", POLICY.encode("utf-8-sig")),
    ("gb18030", POLICY.encode("gb18030")),  # with — and ·, which Python's gb2312 does not know
    ("utf-16 with BOM", POLICY.encode("utf-16")),
    ("utf-16-le", POLICY.encode("utf-16-le")),
    ("utf-16-be", POLICY.encode("utf-16-be")),
    ("utf-32 with BOM", POLICY.encode("utf-32")),
    ("Windows line ends", POLICY.replace("\n", "\r\n").encode()),
)


@pytest.mark.parametrize("content", [row[1] for row in ENCODINGS], ids=[row[0] for row in ENCODINGS])
def test_every_usual_encoding_gives_the_same_text(content):
    assert reading(content).text == TIDY


def test_a_few_characters_of_gbk_are_enough():
    assert reading("关于补贴的通知".encode("gbk")).text == "关于补贴的通知"


def test_big5_is_not_taken_for_gb18030():
    text = "關於促進產業發展的若干政策，經市政府同意，現印發給你們，請認真組織實施。各區人民政府、市政府各部門："
    assert reading(text.encode("big5")).text == text


def test_a_file_cut_inside_a_character_is_read_with_a_warning():
    result = reading(POLICY.encode()[:-2] + b"\xe4")
    assert result.text.startswith("关于印发")
    assert any("无法识别" in warning for warning in result.warnings)


MARKDOWN = """---
title: 城镇排水条例
icon: article
date: 2014-01-01
---

::: tip
[[toc]]
:::

[1](#t1)&emsp;[2](#t2)

## 第一章&emsp;总&emsp;则{align="center"}

<p id="t1">&emsp;&emsp;<b>第一条</b>&emsp;为了**加强**管理，见[条例](https://example.org)。</p>

| 类别 | 标准 |
|:--|--:|
| 首次上规 | 20万元 |

填写：____年__月
"""


def test_markdown_loses_its_marks_and_keeps_its_words():
    result = reading(MARKDOWN.encode(), "条例.md")
    head, body = result.text.split("---\n", 2)[1:]
    assert head == "title: 城镇排水条例\nicon: article\ndate: 2014-01-01\n"
    assert [line for line in body.splitlines() if line] == [
        "第一章\u3000总则",
        "第一条\u3000为了加强管理，见条例。",
        "类别\t标准",
        "首次上规\t20万元",
        "填写：____年__月",
    ]
    assert {label: span.of(result.text) for label, span in result.fields} == {
        "标题": "城镇排水条例",
    }


def test_the_first_heading_is_the_title_where_no_front_matter_names_one():
    result = reading("# 定额管理办法（试行）\n\n第一条 为了管理。\n".encode(), "办法.md")
    assert [(label, span.of(result.text)) for label, span in result.fields] == [("标题", "定额管理办法（试行）")]


def zipped(*names):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "内容")
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
ODF = b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument"
WORD_2003 = '<?xml version="1.0"?>\r\n<?mso-application progid="Word.Document"?><w:wordDocument>通知</w:wordDocument>'
REFUSED = (
    # (name, content, error, words of the message): what goes wrong with files in an office
    ("空.txt", b"", NoText, "空的"),
    ("空白.docx", b" \r\n\0\0", NoText, "空的"),
    ("英文.txt", b"no Chinese at all", NoText, "没有中文"),
    ("通知.docx", "其实是文字".encode(), CorruptFile, "内容却不是 Word"),
    ("通知.pdf", "其实是文字".encode(), CorruptFile, "内容却不是 PDF"),
    ("通知.docx", b"PK\x03\x04" + b"word/document.xml", CorruptFile, "损坏"),
    ("通知.pdf", b"%PDF-1.7\n", CorruptFile, "损坏"),
    ("加密.docx", OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedFile, "密码"),
    ("清单.xlsx", zipped("xl/workbook.xml"), CorruptFile, "Excel"),
    ("截断.doc", OLE, UnsupportedFormat, "无法识别"),
    ("图.odg", ODF + b".graphics", UnsupportedFormat, "OpenDocument"),
    ("课件.pptx", zipped("ppt/presentation.xml"), CorruptFile, "演示文稿"),
    ("课件.ppt", OLE + "PowerPoint Document".encode("utf-16-le"), UnsupportedFormat, "演示文稿"),
    ("公文.ofd", zipped("OFD.xml"), CorruptFile, "OFD"),
    ("公文.docx", zipped("OFD.xml"), CorruptFile, "OFD"),  # the suffix is only a claim
    ("全部.zip", zipped("a.txt"), UnsupportedFormat, "压缩包"),
    ("全部.rar", b"Rar!\x1a\x07\0", UnsupportedFormat, "RAR"),
    ("全部.7z", b"7z\xbc\xaf\x27\x1c", UnsupportedFormat, "7Z"),
    ("通知.gz", b"\x1f\x8b\x08\0", UnsupportedFormat, ".gz"),
    ("照片.jpg", b"\xff\xd8\xff\xe0", CorruptFile, "图片已损坏"),
    ("照片.pdf", b"\x89PNG\r\n\x1a\n", CorruptFile, "图片已损坏"),
    ("网页.mht", b"MIME-Version: 1.0\r\n", CorruptFile, "没有网页"),
    ("清单.csv", "一段有，逗号的话，不是表格。".encode(), UnsupportedFormat, "表格"),
    ("通知.xml", WORD_2003.encode(), UnsupportedFormat, "Word XML"),
    ("通知.doc", WORD_2003.encode(), UnsupportedFormat, "Word XML"),
    ("程序", b"\x7fELF\x02\x01\x01" + bytes(200), UnsupportedFormat, "无法识别"),
    ("数据.json", '{"标题": "不是公文"}'.encode(), UnsupportedFormat, "不是政策文件"),
)


@pytest.mark.parametrize(("path", "content", "error", "words"), REFUSED, ids=[f"{row[0]}-{row[3]}" for row in REFUSED])
def test_a_file_that_cannot_be_read_says_what_happened_to_which_file_and_what_to_do(path, content, error, words):
    with pytest.raises(ReadError) as caught:
        reading(content, path)
    assert type(caught.value) is error
    assert words in str(caught.value)
    assert path in str(caught.value)
    assert re.search(r"[\u4e00-\u9fff]", caught.value.hint), "what to do next"
    assert "\n" not in str(caught.value)


def test_a_file_over_the_limit_is_not_opened():
    with pytest.raises(TooLarge, match=r"超过.*文件.txt"):
        read(source_file("文件.txt", POLICY.encode()), Limits(input_bytes=10))


SNIFFED = (
    ("全部.zip", zipped("通知.docx", "word/附件.pdf"), "application/zip"),
    ("a.zip", zipped("[Content_Types].xml", "word/document2.xml"), DOCX),
    ("a.docx", zipped("word\\document.xml"), DOCX),
    (
        "a.xlsb",
        zipped("[Content_Types].xml", "xl/workbook.bin"),
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    ),
    ("a.zip", zipped("%PDF-1.4"), "application/zip"),
    ("a.csv", "名称,标准".encode("gb18030"), "text/csv"),
    (
        "a.mht",
        b"From: =?gb2312?B?08kgV2luZG93cw==?=\r\nSubject: x\r\nContent-Type: multipart/related;\r\n",
        "multipart/related",
    ),
    ("a.txt", "主题: 通知\nContent-Type: 附件".encode(), "text/plain"),
    ("a.docx", b"\n%PDF-1.4", "application/pdf"),
    ("a.txt", b"<!DOCTYPE html><html>", "text/html"),
    ("a.doc", "\ufeff<html>通知".encode("utf-16-le"), "text/html"),
    ("a.html", "<p>第一条</p>".encode(), "text/html"),
    ("a.md", "<div>第一条</div>".encode(), "text/markdown"),
    ("a.txt", "第一条 <p> 标签".encode(), "text/plain"),
    ("a\\b\\通知.MD", "第一条".encode(), "text/markdown"),
    ("", "第一条".encode("gb18030"), "text/plain"),
)


@pytest.mark.parametrize(("path", "content", "expected"), SNIFFED)
def test_the_type_is_what_the_content_is(path, content, expected):
    assert sniff(content, path) == expected


SUFFIXES = st.sampled_from(("", ".txt", ".md", ".html", ".docx", ".pdf", ".doc"))
HEADS = st.sampled_from(
    (b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"---\n", b"\xff\xfe", OLE[:8], "第一条".encode())
)


@settings(deadline=None)
@given(HEADS, st.binary(max_size=400), SUFFIXES)
def test_whatever_the_bytes_the_answer_is_a_text_or_a_read_error(head, tail, suffix):
    try:
        result = reading(head + tail, "文件" + suffix)
    except ReadError as error:
        assert re.search(r"[\u4e00-\u9fff]", str(error))
        return
    assert re.search(r"[\u3400-\u9fff]", result.text)
    assert all(0 <= span.start <= span.end <= len(result.text) for _, span in result.fields)
    result.text.encode()
