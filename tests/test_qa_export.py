"""An exported conversation says what the page said, and what a file says stays text in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.library import Library
from ingest.corpus import source_file
from ingest.errors import SettingsError
from ingest.readers import read
from qa.answer import Answer, Sentence
from qa.assistant import Assistant
from qa.export import escaped, exported, lines_of, markdown, word

AS_OF = date(2026, 6, 1)
HOSTILE = "<script>alert(1)</script> ![图](http://evil.example/a.png) [链](http://evil.example) **粗** $x$ {=1+1} www.evil.example =SUM(A1)"
RENDERERS = [MarkdownIt("commonmark"), MarkdownIt("js-default", {"linkify": False, "html": True})]


@pytest.fixture
def turns(library: Library, policy: Callable[..., tuple]) -> list[Answer]:
    """An answer, and a refusal."""
    library.add_document(*policy(7, "对首次认定的高新技术企业，一次性奖励30万元。", title="示例区支持创新若干措施"))
    assistant = Assistant(library)
    return [assistant.ask("高新技术企业奖励多少？", as_of=AS_OF), assistant.ask("高龄津贴每月发多少钱？", as_of=AS_OF)]


@pytest.mark.parametrize("suffix", [".md", ".docx"])
def test_every_turn_is_there_with_its_sources(turns: list[Answer], suffix: str):
    text = shown(exported(turns, suffix), suffix)
    answered, refused = turns
    assert answered.citations and refused.abstained
    for expected in (
        "问：高新技术企业奖励多少？",
        "一次性奖励30万元。[1]",
        f"[1] {answered.citations[0].label}（时效：{answered.citations[0].validity}）",
        "示政办〔2023〕7号",
        f"“{answered.citations[0].quote.strip()}”",
        "问：高龄津贴每月发多少钱？",
        f"文件没有说明：{refused.gap}",
        "时效以 2026-06-01 为准",
    ):
        assert expected in text


def shown(content: bytes, suffix: str) -> str:
    """What a person reads: of the Word file, as our own reader reads it."""
    if suffix == ".docx":
        return read(source_file("问答.docx", content)).text
    return without_tags(RENDERERS[0].render(content.decode()))


def without_tags(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_nothing_of_a_hostile_file_is_active_in_word(turns: list[Answer]):
    evil = replace(turns[0], question=HOSTILE, sentences=(Sentence(HOSTILE + "\x00\x0b\ud800", framed=True),))
    with zipfile.ZipFile(BytesIO(word([evil]))) as package:
        body = package.read("word/document.xml").decode()
        relations = package.read("word/_rels/document.xml.rels").decode()
    assert "evil.example" in body and "evil.example" not in relations
    assert not re.search(r"<w:(?:fldChar|instrText|fldSimple|hyperlink|drawing|object|pict)\b", body)


def test_nothing_of_a_hostile_file_is_active_in_markdown(turns: list[Answer]):
    citation = replace(turns[0].citations[0], title=HOSTILE, quote=HOSTILE)
    evil = replace(
        turns[0],
        question=HOSTILE,
        sentences=(Sentence(HOSTILE, framed=True),),
        citations=(citation,),
        notices=(HOSTILE,),
    )
    for renderer in RENDERERS:
        html = renderer.render(markdown([evil]).decode())
        assert not re.search(r"<(?!/?(?:h1|h2|h3|p|blockquote|br|strong)\b)", html)
        assert unescape(html).count("<script>alert(1)</script>") == 5  # question, answer, label, quote, notice


ROWS = [
    ("1. 设备投资", "a numbered list"),
    ("1) 设备投资", "another numbered list"),
    ("- 项", "a list"),
    ("+ 项", "a list"),
    ("=====", "an underline of a heading"),
    ("-----", "a rule"),
    ("# 题", "a heading"),
    ("> 引", "a quote"),
    ("\t缩进", "code"),
    ("| 甲 | 乙 |", "a table"),
    ("[1]: http://evil.example", "the definition of a mark as a link"),
    ("见[1](http://evil.example)", "a mark as a link"),
    ("\\*不是转义", "a backslash"),
    ("&lt;b&gt; &#60;", "entities"),
    ("a@evil.example https://evil.example", "addresses"),
]


@pytest.mark.parametrize(("line", "why"), ROWS, ids=[row[1] for row in ROWS])
def test_a_line_is_shown_as_it_is(line: str, why: str):
    for renderer in RENDERERS:
        assert renderer.render(escaped(line)).startswith("<p>")
        assert without_tags(renderer.render(escaped(line))).strip() == line.replace("\t", " ").strip()
        assert "href" not in renderer.render(f"{escaped('见[1]。')}\n\n{escaped(line)}")


@given(st.text(st.sampled_from("1.)-+=#>*_`[]()<>!&;\\|~$:/@ 甲a0\"'^{}"), max_size=20))
def test_any_line_is_shown_as_it_is(line: str):
    html = RENDERERS[0].render(f"甲\n\n{escaped(line)}\n")
    assert re.fullmatch(r"(?:<p>[^<]*</p>\s*){1,2}", html)
    assert " ".join(without_tags(html).split()) == " ".join(f"甲 {line}".split())


def test_the_export_has_the_lines_of_the_answer_in_order(turns: list[Answer]):
    kinds = [line.kind for line in lines_of(turns[0])]
    assert kinds == ["question", "answer", "heading", "source", "quote", "remark"]
    assert [line.kind for line in lines_of(turns[1])][:2] == ["question", "refusal"]


def test_an_unknown_format_is_refused(turns: list[Answer]):
    with pytest.raises(SettingsError, match=r"不能导出为 \.pdf"):
        exported(turns, ".pdf")
