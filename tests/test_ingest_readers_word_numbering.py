"""DOCX: automatic numbers, against the rules of Word's formats and against what LibreOffice prints."""

import random
import subprocess

import pytest

from ingest.corpus import source_file
from ingest.readers import office, read
from tests.word_package import cell, level, listed, lists, para, part, row, run, table, word

OUTLINE = (
    level(0, "chineseCounting", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimalEnclosedCircle", "%4")
)
RESTARTED = (
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def items(*depths):
    return "".join(listed("项", 1, depth) for depth in depths)


def labels(body, numbering, **parts):
    text = read(source_file("文件.docx", word(body, numbering=numbering, **parts))).text
    return [line.removesuffix("项") for line in text.splitlines()]


CHAPTER, LEGAL = level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>")
THROUGH = level(1, "chineseCounting", "第%2条", '<w:lvlRestart w:val="0"/>')
SELDOM = level(1, "decimal", "(%2)") + level(2, "decimal", "%3)", '<w:lvlRestart w:val="1"/>')
DECIMAL = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2") + level(2, "decimal", "%1.%2.%3")
HIDDEN = level(0, "decimal", "%1.", "<w:rPr><w:vanish/></w:rPr>")
NUMBERED = (
    ("numbers of several levels", (0, 1, 1, 2, 0, 1), DECIMAL, "1 1.1 1.2 1.2.1 2 2.1"),
    ("legal style: the level above in Arabic digits", (0, 1), CHAPTER + LEGAL, "第一章 1.1"),
    ("articles that run through the chapters", (0, 1, 1, 0, 1), CHAPTER + THROUGH, "第一章 第一条 第二条 第二章 第三条"),
    ("restarted only by the outermost level", (0, 1, 2, 1, 2, 0, 2), level(0, "decimal", "%1.") + SELDOM, "1. (1) 1) (2) 2) 2. 1)"),
    ("a level passed over counts as begun", (1, 0), OUTLINE, "（一） 二、"),
    ("words without a number", (0, 1), level(0, "none", "附%1：") + level(1, "decimal", "%2."), "附： 1."),
    ("a hidden number is counted", (0, 0, 1), HIDDEN + level(1, "decimal", "%1.%2"), "项 项 2.1"),
    ("a bullet in the number below it", (0, 1), level(0, "bullet", "●") + level(1, "decimal", "%1%2)"), "项 1)"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("depths", "levels", "printed"), [row[1:] for row in NUMBERED], ids=[row[0] for row in NUMBERED]
)
def test_the_rules_of_levels(depths, levels, printed):
    assert [label.strip() or "项" for label in labels(items(*depths), lists(levels))] == printed.split()


def test_a_number_without_punctuation_is_set_off_unless_the_file_says_not_to():
    assert labels(items(0), lists(level(0, "decimal", "%1"))) == ["1 "]
    assert labels(items(0), lists(level(0, "decimal", "%1", '<w:suff w:val="nothing"/>'))) == ["1"]


def test_a_number_before_a_figure_does_not_become_a_decimal():
    body = listed("5亿元以上的项目，", 1, 2) + listed("2024年底前完成。", 1, 2)
    assert labels(body, lists(OUTLINE)) == ["1. 5亿元以上的项目，", "2. 2024年底前完成。"]


def test_cells_are_counted_and_paragraphs_that_nobody_sees_are_not():
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    deleted = para(
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>", properties=numbered + "<w:rPr><w:del/></w:rPr>"
    )
    hidden = para(run("藏", "<w:vanish/>"), properties=numbered + "<w:rPr><w:vanish/></w:rPr>")
    cells = table(row(cell(listed("甲", 1), ""), cell(listed("乙", 1), "")))
    body = listed("首", 1) + deleted + cells + hidden + listed("", 1) + listed("尾", 1)
    assert labels(body, lists(OUTLINE)) == ["一、首", "二、甲\t三、乙", "五、尾"], "Word counts an empty paragraph"


def test_numbers_of_list_styles_and_of_the_default_style():
    linked = part(
        "w:numbering",
        f'<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum><w:abstractNum w:abstractNumId="2">{OUTLINE}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>',
    )
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = listed("项", 1) + para("默认") + listed("无", 0)
    assert labels(body, linked, styles=part("w:styles", styles)) == ["一、", "（一）默认", "无"]


def test_a_run_in_heading_keeps_its_number():
    heading = listed("总则。", 1).replace("</w:numPr>", "</w:numPr><w:rPr><w:vanish/><w:specVanish/></w:rPr>")
    assert labels(heading + para("为了规范。") + listed("适用。", 1), lists(OUTLINE)) == [
        "一、总则。为了规范。",
        "二、适用。",
    ]


# LibreOffice and Word print these alike; of the others (isLgl, lvlRestart) LibreOffice 7.4 knows nothing.
SAME_FORMATS = (
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "chineseLegalSimplified", "decimal", "decimalZero",
    "decimalFullWidth", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter",
)  # fmt: skip


def random_outlines():
    """Outlines in three lists that share their counters; the third begins at 1 where it is first used."""
    chosen = random.Random(20240310)
    for _ in range(12):
        yield "".join(listed("项", chosen.choice((1, 1, 1, 2, 3)), chosen.choice((0, 1, 2, 2, 3))) for _ in range(25))


@pytest.mark.skipif(office.find_program() is None, reason="LibreOffice, whose numbers are compared, is not installed")
def test_libreoffice_prints_the_same_numbers(tmp_path):
    files = {f"o{index}": (body, lists(OUTLINE, numbers=RESTARTED)) for index, body in enumerate(random_outlines())}
    files |= {style: (items(*[0] * 111), lists(level(0, style, "%1、"))) for style in SAME_FORMATS}
    default = part("w:styles", '<w:style w:type="paragraph" w:default="1" w:styleId="a"/>')
    for name, (body, numbering) in files.items():
        (tmp_path / f"{name}.docx").write_bytes(word(body, numbering=numbering, styles=default))
    command = [
        office.find_program(),
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
    ]
    given = [str(tmp_path / f"{name}.docx") for name in files]
    subprocess.run(
        [*command, "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), *given], capture_output=True, timeout=120
    )
    for name, (body, numbering) in files.items():
        printed = (tmp_path / f"{name}.txt").read_text(encoding="utf-8-sig").split("\n")
        expected = [line.replace(" ", "").removesuffix("项") for line in printed if line.strip()]
        assert labels(body, numbering) == expected, name
