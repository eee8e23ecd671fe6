"""DOCX: the numbers that Word prints, the text that a reader of the document sees."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.corpus import source_file
from ingest.errors import CorruptFile, EncryptedFile, NoText, TooLarge
from ingest.limits import MEGABYTE, Limits
from ingest.readers import read
from ingest.readers.counters import chinese, format_number

NS = nsdecls("w")


def saved(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def reading(document):
    return read(source_file("文件.docx", document if isinstance(document, bytes) else saved(document)))


def lines(document):
    return reading(document).text.splitlines()


def with_body(*paragraphs):
    """A document whose body is the given WordprocessingML."""
    document = docx.Document()
    body = document.element.body
    for xml in paragraphs:
        body.insert(len(body) - 1, parse_xml(xml.replace(">", f" {NS}>", 1)))
    return document


def paragraph(text, properties="", run_properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run_properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def numbered(text, list_id, depth=0):
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def define_list(document, list_id, levels, extra=""):
    """``levels``: (number format, printed pattern) from the outermost in."""
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        if child.get(f"{{{child.nsmap['w']}}}abstractNumId") is not None and not list_id > 1:
            numbering.remove(child)
    xml = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, (style, pattern) in enumerate(levels)
    )
    abstract = 900 + list_id
    numbering.insert(0, parse_xml(f'<w:abstractNum {NS} w:abstractNumId="{abstract}">{xml}</w:abstractNum>'))
    numbering.append(
        parse_xml(f'<w:num {NS} w:numId="{900 + list_id}"><w:abstractNumId w:val="{abstract}"/>{extra}</w:num>')
    )
    return 900 + list_id


OUTLINE = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))


def test_the_outline_of_a_policy_gets_the_numbers_that_word_prints():
    document = with_body(
        numbered("总体要求", 901), numbered("主要任务", 901), numbered("强化统筹", 901, 1), numbered("成立专班。", 901, 2),
        numbered("完善政策。", 901, 2), numbered("找准方向", 901, 1), numbered("培育产业。", 901, 2), numbered("一类", 901, 3),
        numbered("保障措施", 901), numbered("加强领导", 901, 1),
    )  # fmt: skip
    define_list(document, 1, OUTLINE)
    assert lines(document) == [
        "一、总体要求", "二、主要任务", "（一）强化统筹", "1.成立专班。", "2.完善政策。", "（二）找准方向", "1.培育产业。", "（1）一类",
        "三、保障措施", "（一）加强领导",
    ]  # fmt: skip


def test_articles_are_set_off_from_their_text():
    document = with_body(
        numbered("总则", 901), numbered("为规范资金管理，制定本办法。", 901, 1), numbered("适用范围。", 901, 1)
    )
    define_list(document, 1, (("chineseCountingThousand", "第%1章"), ("chineseCountingThousand", "第%2条")))
    assert lines(document) == ["第一章\u3000总则", "第一条\u3000为规范资金管理，制定本办法。", "第二条\u3000适用范围。"]


def test_a_list_that_starts_anew_starts_at_one():
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    document = with_body(numbered("甲", 901), numbered("乙", 901), numbered("丙", 902), numbered("丁", 902))
    define_list(document, 1, (("decimal", "%1."),))
    numbering = document.part.numbering_part.element
    numbering.append(parse_xml(f'<w:num {NS} w:numId="902"><w:abstractNumId w:val="901"/>{restart}</w:num>'))
    assert lines(document) == ["1.甲", "2.乙", "1.丙", "2.丁"]


def test_numbers_come_through_heading_styles_and_the_styles_they_are_based_on():
    document = with_body(paragraph("任务", '<w:pStyle w:val="Child"/>'), paragraph("保障", '<w:pStyle w:val="Child"/>'))
    define_list(document, 1, OUTLINE)
    styles = document.styles.element
    number = '<w:pPr><w:numPr><w:numId w:val="901"/></w:numPr></w:pPr>'
    styles.append(parse_xml(f'<w:style {NS} w:type="paragraph" w:styleId="Parent">{number}</w:style>'))
    styles.append(
        parse_xml(f'<w:style {NS} w:type="paragraph" w:styleId="Child"><w:basedOn w:val="Parent"/></w:style>')
    )
    assert lines(document) == ["一、任务", "二、保障"]


def test_a_bullet_is_no_number():
    document = with_body(numbered("要点", 901))
    define_list(document, 1, (("bullet", "●"),))
    assert lines(document) == ["要点"]


NUMBERS = (
    ("chineseCounting", 10, "十"), ("chineseCounting", 11, "十一"), ("chineseCounting", 20, "二十"), ("chineseCounting", 110, "一百一十"),
    ("chineseCounting", 205, "二百零五"), ("chineseCounting", 1010, "一千零一十"), ("ideographDigital", 20, "二〇"),
    ("chineseLegalSimplified", 13, "壹拾叁"), ("decimalEnclosedCircle", 3, "③"), ("decimalEnclosedCircle", 21, "(21)"),
    ("decimalFullWidth", 12, "１２"), ("upperRoman", 14, "XIV"), ("lowerLetter", 28, "bb"), ("decimalZero", 7, "07"),
    ("ideographTraditional", 2, "乙"), ("someday", 5, "5"), ("chineseCounting", 0, "0"),
)  # fmt: skip


@pytest.mark.parametrize(("style", "count", "printed"), NUMBERS)
def test_number_formats(style, count, printed):
    assert format_number(count, style) == printed


def test_chinese_numbers_are_all_different_and_made_of_the_right_characters():
    printed = [chinese(count) for count in range(1, 10_000)]
    assert len(set(printed)) == len(printed)
    assert set("".join(printed)) == set("零一二三四五六七八九十百千")
    assert not any("零零" in number or number.endswith("零") for number in printed)


def test_a_table_row_is_a_line_and_a_merged_cell_is_read_once():
    document = docx.Document()
    document.add_paragraph("奖励标准如下：")
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate(
        (("类别", "标准", "单位"), ("首次上规", "20万元", "区经信局"), ("", "10万元", "区财政局"))
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("表后。")
    assert lines(document) == [
        "奖励标准如下：",
        "类别\t标准\t单位",
        "首次上规\t20万元\t区经信局",
        "\t10万元\t区财政局",
        "表后。",
    ]


def test_a_frame_of_one_cell_is_not_a_table():
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "第一段。"
    cell.add_paragraph("第二段。")
    assert lines(document) == ["第一段。", "第二段。"]


def test_revisions_are_read_as_accepted():
    document = with_body(
        '<w:p><w:r><w:t>奖励</w:t></w:r><w:del><w:r><w:delText>10万元</w:delText></w:r></w:del>'
        '<w:ins><w:r><w:t>20万元</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom></w:p>'
    )  # fmt: skip
    result = reading(document)
    assert result.text == "奖励20万元\n"
    assert any("修订" in warning for warning in result.warnings)


def test_a_deleted_paragraph_end_joins_and_takes_no_number():
    document = with_body(
        numbered("前半，", 901).replace("</w:numPr>", "</w:numPr><w:rPr><w:del/></w:rPr>"), numbered("后半。", 901), numbered("下一项。", 901)
    )  # fmt: skip
    define_list(document, 1, (("decimal", "%1."),))
    assert lines(document) == ["1.前半，后半。", "2.下一项。"]


HIDDEN = (
    ("marked hidden", "<w:vanish/>"),
    ("white on white", '<w:color w:val="FFFFFF"/>'),
    ("one point high", '<w:sz w:val="2"/>'),
)


@pytest.mark.parametrize("properties", [row[1] for row in HIDDEN], ids=[row[0] for row in HIDDEN])
def test_what_nobody_can_see_is_not_read_but_reported(properties):
    result = reading(with_body(paragraph("正文。"), paragraph("补贴上限9000万元", run_properties=properties)))
    assert result.text == "正文。\n"
    assert any("隐藏" in warning and "10 个字" in warning for warning in result.warnings)


def test_hidden_switched_off_and_white_on_a_dark_ground_are_visible():
    shaded = '<w:color w:val="FFFFFF"/><w:shd w:fill="1F4E9C"/>'
    document = with_body(
        paragraph("可见。", run_properties='<w:vanish w:val="0"/>'), paragraph("表头", run_properties=shaded)
    )
    assert lines(document) == ["可见。", "表头"]


TEXT_BOX = (
    '<w:p><w:r><w:t>正文。</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:Choice><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
    "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
    "</mc:AlternateContent></w:r></w:p>"
)


def test_a_text_box_is_read_once():
    assert lines(with_body(TEXT_BOX)) == ["框内文字", "正文。"]


def test_a_generated_contents_list_is_left_out_and_other_content_controls_are_read():
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    contents = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    document = with_body(
        control.format(contents, paragraph("一、总则 1")), control.format("", paragraph("控件里的正文。"))
    )
    assert lines(document) == ["控件里的正文。"]


def test_breaks_tabs_and_links():
    document = with_body(
        "<w:p><w:r><w:t>关于印发办法</w:t><w:br/><w:t>的通知</w:t></w:r></w:p>",
        "<w:p><w:hyperlink><w:r><w:t>第一条</w:t><w:tab/><w:t>内容</w:t></w:r></w:hyperlink></w:p>",
    )
    assert lines(document) == ["关于印发办法", "的通知", "第一条 内容"]


def repacked(content, change):
    """The package with ``change(name, bytes) → bytes or None`` applied to each part."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return target.getvalue()


def simple():
    return saved(with_body(paragraph("第一条内容。")))


def test_a_strict_file_reads_like_a_transitional_one():
    transitional, strict = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert lines(repacked(simple(), lambda name, part: part.replace(transitional, strict))) == ["第一条内容。"]


def test_a_package_with_missing_parts_is_read_as_far_as_it_goes():
    """WPS leaves relationships to parts that are not there; python-docx stops at them."""
    assert lines(
        repacked(simple(), lambda name, part: part if name in ("word/document.xml", "[Content_Types].xml") else None)
    ) == ["第一条内容。"]


def test_a_part_that_declares_entities_is_refused():
    bomb = b'<!DOCTYPE w:document [<!ENTITY a "' + b"A" * 1000 + b'"><!ENTITY x SYSTEM "file:///etc/hostname">]>'
    content = repacked(
        simple(),
        lambda name, part: (
            part.replace(b"<w:document", bomb + b"<w:document", 1).replace("第一条".encode(), "第一条&a;&x;".encode())
            if name == "word/document.xml"
            else part
        ),
    )
    with pytest.raises(CorruptFile, match=r"损坏.*文件.docx"):
        reading(content)


def zipped(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, size in parts:
            with archive.open(name, "w", force_zip64=True) as part:
                for _ in range(size // MEGABYTE):
                    part.write(bytes(MEGABYTE))
    return target.getvalue()


def test_a_bomb_is_refused_before_it_unpacks():
    with pytest.raises(TooLarge, match=r"展开后有 300 MB.*文件.docx"):
        reading(zipped([("word/document.xml", 300 * MEGABYTE)]))
    with pytest.raises(TooLarge):
        reading(
            zipped([("word/document.xml", 30 * MEGABYTE)])
        )  # a thousand times its size: no document packs like that


def test_a_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks():
    content = zipped([("word/document.xml", 300 * MEGABYTE)])
    size = (300 * MEGABYTE).to_bytes(4, "little")
    with pytest.raises(CorruptFile, match=r"损坏.*文件.docx"):
        reading(content.replace(size, (1000).to_bytes(4, "little")))


@pytest.mark.parametrize("cut", (0.3, 0.9))
def test_a_cut_file_is_called_damaged(cut):
    content = simple()
    with pytest.raises(CorruptFile, match=r"损坏.*文件.docx"):
        reading(content[: int(len(content) * cut)])


def test_broken_xml_is_called_damaged():
    with pytest.raises(CorruptFile, match=r"损坏.*文件.docx"):
        reading(repacked(simple(), lambda name, part: part[:-20] if name == "word/document.xml" else part))


def test_no_text_and_too_much_text():
    with pytest.raises(NoText, match=r"没有文字.*文件.docx"):
        reading(docx.Document())
    with pytest.raises(TooLarge, match="超过 5 字"):
        read(source_file("文件.docx", simple()), Limits(characters=5))


def test_a_password_is_asked_for():
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedFile, match=r"密码.*文件.docx"):
        reading(header)
