"""A draft as a Word file: what stands in it, what our own reader makes of it, and that nothing in it is active."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ingest.corpus import source_file
from ingest.document import PolicyDocument
from ingest.parse import parse
from ingest.readers import read
from qa.drafting.model import Draft, Grid, Paragraph
from qa.word import heading_end, typed_numbers, word
from qa.word_text import width_of
from qa.word_title import title_width
from tests.drafts import EVERY_BLOCK, HOSTILE, REQUEST, citation, printed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_back(content: bytes) -> PolicyDocument:
    source = source_file("稿件.docx", content)
    return parse(source, read(source))


@pytest.fixture(scope="module")
def exported() -> bytes:
    return word(EVERY_BLOCK)


def test_our_reader_reads_every_block_back(exported: bytes):
    assert read_back(exported).text == printed(EVERY_BLOCK)


def test_the_clauses_are_those_of_the_draft(exported: bytes):
    document = read_back(exported)
    assert [(c.path, c.heading) for c in document.clauses if c.marker and c.kind != "annex"] == [
        ("一、", "支持对象"),
        ("二、", "支持措施"),
        ("二、（一）", "支持企业提质"),
        ("二、（二）", ""),
        ("二、（三）", "申报材料"),
        ("二、（三）1.", ""),
        ("二、（三）2.", ""),
        ("二、（三）2.（1）", ""),
        ("二、（三）2.（2）", ""),
        ("三、", "附则"),
        ("三、（一）", ""),
    ]
    assert document.metadata.title == "清河区支持低空经济发展若干措施（征求意见稿）"
    assert document.metadata.document_number is None, "the number of a cited file is not that of the draft"
    assert [c.heading for c in document.clauses if c.kind == "annex"] == ["依据条款原文表"]


def test_a_request_has_its_addressee(exported: bytes):
    document = read_back(word(REQUEST))
    assert document.text == printed(REQUEST)
    assert "附件" not in document.text, "nothing is cited"


TEXTS = st.text(
    st.sampled_from("企业奖励30万元一、（1.）“”—【待定】<>&[]{}:：；，\n\t \x00\x0b\u202e\u200b\ud800"), max_size=24
)
SENTENCES = TEXTS.map(lambda text: f"{text}元。")
MARKS = st.lists(st.integers(1, 9), max_size=2).map(tuple)
PARAGRAPHS = st.builds(Paragraph, st.just("p"), SENTENCES, st.integers(0, 4), marks=MARKS)
ROWS = st.tuples(SENTENCES, TEXTS, SENTENCES)
GRIDS = st.builds(
    Grid, st.just("t"), TEXTS, ROWS, st.lists(ROWS, max_size=2).map(tuple), st.lists(MARKS, max_size=2).map(tuple)
)


@settings(max_examples=15, deadline=None)
@given(st.lists(PARAGRAPHS | GRIDS, max_size=5))
def test_any_draft_is_read_back_as_it_is_printed(blocks: list[Paragraph | Grid]):
    draft = Draft("plan", "低空经济实施方案", tuple(blocks), (), date(2026, 6, 1))
    assert read(source_file("稿件.docx", word(draft))).text == printed(draft)


def test_nothing_in_the_text_is_active():
    draft = replace(
        REQUEST,
        title=HOSTILE,
        addressee=HOSTILE,
        status=HOSTILE,
        blocks=(Paragraph("p", HOSTILE, 1, marks=(1,)), Grid("t", HOSTILE, (HOSTILE, "乙"), ((HOSTILE, HOSTILE),))),
        citations=(citation(1, HOSTILE, title=HOSTILE, path=HOSTILE),),
    )
    content = word(draft)
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}
    active = re.compile(r"<w:(?:fldChar|instrText|hyperlink|drawing|object|pict|altChunk)\b|TargetMode=.External")
    assert not [name for name, part in parts.items() if active.search(part)]
    fields = {name: re.findall('<w:fldSimple w:instr="([^"]*)"', part) for name, part in parts.items()}
    assert {name: found for name, found in fields.items() if found} == {
        "word/footer1.xml": [" PAGE "],
        "word/footer2.xml": [" PAGE "],
    }
    assert read_back(content).text.count('HYPERLINK "http://evil.example" {PAGE} &lt; ]]> =1+1') == 11


def test_what_is_open_is_highlighted_and_remarks_stay_out(exported: bytes):
    document = Document(BytesIO(exported))
    cells = [p for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    bright = [
        run.text
        for paragraph in (*document.paragraphs, *cells)
        for run in paragraph.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]
    assert bright == ["【待定】", "【待补依据】", "【待定】"]
    assert not re.search("高于市级标准|按现行文件起草", read_back(exported).text)


def test_marks_are_raised(exported: bytes):
    first = Document(BytesIO(exported)).paragraphs[3]
    assert [(run.text, run.font.superscript) for run in first.runs] == [
        ("为支持低空经济发展，制定本措施", None),
        ("[1]", True),
        ("。", None),
    ]


PLACES = [
    ("给予奖励。", "给予奖励[1]。", "behind the full stop it would begin a sentence"),
    (
        "给予奖励。（责任单位：区财政局）",
        "给予奖励[1]。（责任单位：区财政局）",
        "the department belongs to the sentence",
    ),
    ("规定“予以奖励。”", "规定“予以奖励。”[1]", "a quotation stays as it is"),
    ("《若干政策》二、（有效）", "《若干政策》二、（有效）[1]", "the number of a clause is no end"),
    ("包括以下内容：", "包括以下内容[1]：", "it still introduces a list"),
]


@pytest.mark.parametrize(("text", "shown", "why"), PLACES, ids=[row[2] for row in PLACES])
def test_where_a_mark_stands(text: str, shown: str, why: str):
    draft = replace(REQUEST, blocks=(Paragraph("p", text, marks=(1,)),))
    assert Document(BytesIO(word(draft))).paragraphs[-1].text == shown


def test_a_heading_is_seen_in_the_navigation_and_a_numbered_sentence_is_not(exported: bytes):
    headings = [p for p in Document(BytesIO(exported)).paragraphs if p.style.name.startswith("Heading")]
    hidden = [p.text for p in headings if (level := p._p.pPr.outlineLvl) is not None and level.val == 9]
    assert [p.style.name for p in headings] == [f"Heading {n}" for n in (1, 1, 2, 2, 2, 3, 3, 4, 4, 1, 2)]
    assert not {"支持对象", "申报材料"} & set(hidden)
    assert "对通过重新认定的企业给予【待定】万元奖励。" in hidden


def test_the_title_of_a_heading_is_in_the_font_of_its_level_and_the_rest_in_that_of_the_text(exported: bytes):
    run_in = next(p for p in Document(BytesIO(exported)).paragraphs if p.text.startswith("支持企业提质"))
    fonts = [(run.text[:4], run._r.rPr.rFonts.get(f"{W}eastAsia")) for run in run_in.runs if not run.font.superscript]
    assert fonts == [("支持企业", None), ("对首次认", "仿宋_GB2312"), ("。（责任", "仿宋_GB2312")]


HEADINGS = [
    ("支持对象", "支持对象", "a title"),
    ("支持企业提质。对企业奖励30万元。", "支持企业提质。", "a title that runs on"),
    ("对企业奖励30万元。", "", "one sentence is a provision"),
    ("对企业奖励30万元。（责任单位：区科技局）", "", "one sentence and its department"),
    ("营业执照；", "", "an item of a list"),
    ("包括以下内容：", "", "it introduces a list"),
    ("各" * 41 + "。后文。", "", "too long for a title"),
]


@pytest.mark.parametrize(("text", "heading", "why"), HEADINGS, ids=[row[2] for row in HEADINGS])
def test_heading_end(text: str, heading: str, why: str):
    assert text[: heading_end(text)] == heading


NUMBERS = [
    ([1, 2, 2, 1, 2, 3, 4], ["", "", "", "", "", "", ""], "in order: Word counts"),
    ([1, 3, 3, 1, 3], ["", "", "", "", ""], "a level left out is no trouble"),
    ([2, 1, 2], ["", "一、", "（一）"], "Word would go on with 二、, and with （二） below it"),
    ([1, 3, 2, 2, 1, 2], ["", "", "（一）", "（二）", "", ""], "only until the next 一、 begins the count anew"),
]


@pytest.mark.parametrize(("levels", "typed", "why"), NUMBERS, ids=[row[2] for row in NUMBERS])
def test_numbers_that_word_would_count_otherwise_are_typed(levels: list[int], typed: list[str], why: str):
    assert typed_numbers(levels) == typed


TITLES = [
    ("清河区支持低空经济发展若干措施", "one line"),
    ("关于恒远公司年产三万吨生物基材料项目有关扶持事项的请示", "two"),
    ("清河区关于支持低空经济产业集聚发展和应用场景建设进一步扩大有效投资促进高质量发展的若干政策措施", "three"),
]


@pytest.mark.parametrize(("title", "why"), TITLES, ids=[row[1] for row in TITLES])
def test_a_long_title_is_set_in_lines_of_like_length(title: str, why: str):
    width = int(title_width(title, 20.1)) or 20
    lines = [title[i : i + width] for i in range(0, len(title), width)]
    assert len(lines) == -(-len(title) // 20), "no more lines than needed"
    assert width_of(lines[-1]) >= width / 3
    assert not any(word in lines[0][-1] + "".join(lines[1:2])[:1] for word in ("材料", "集聚", "发展", "场景", "扶持"))


# ECMA-376: the order of what this export writes. Word refuses a file, or drops the property, where it is another.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr tabs spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike color spacing w kern position sz szCs highlight u vertAlign lang",
    "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat rsid pPr rPr tblPr tblStylePr",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "numbering": "abstractNum num",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge shd vAlign",
    "sectPr": "headerReference footerReference pgSz pgMar cols docGrid",
}


def test_elements_stand_in_the_order_of_the_schema(exported: bytes):
    with zipfile.ZipFile(BytesIO(exported)) as package:
        parts = [
            name
            for name in package.namelist()
            if re.fullmatch(r"word/(?:document|styles|numbering|footer\d)\.xml", name)
        ]
        roots = [etree.fromstring(package.read(name)) for name in parts]
    assert len(roots) == 5
    for name, order in ORDER.items():
        ranks = {W + child: rank for rank, child in enumerate(order.split())}
        for element in (found for root in roots for found in root.iter(W + name)):
            children = [ranks.get(child.tag, -1) for child in element if child.tag in ranks or name != "style"]
            assert children == sorted(children) and -1 not in children, etree.tostring(element)
