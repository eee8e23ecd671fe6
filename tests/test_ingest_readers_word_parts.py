"""DOCX: notes, text boxes, controls, fields, tables and what does not become text: said, counted, never lost silently."""

import io
import re
import zipfile

import pytest

from ingest.corpus import source_file
from ingest.parse import parse
from ingest.readers import read
from tests.word_package import cell, para, part, row, run, table, word


def reading(body, **parts):
    return read(source_file("文件.docx", word(body, **parts)))


def lines(body, **parts):
    return reading(body, **parts).text.splitlines()


def note(number, text, kind="footnote"):
    return f'<w:{kind} w:id="{number}"><w:p><w:r><w:{kind}Ref/></w:r>{run(" " + text)}</w:p></w:{kind}>'


def mark(number, kind="footnote", extra=""):
    return f'<w:r><w:{kind}Reference w:id="{number}"{extra}/></w:r>'


SEPARATOR = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
NOTES = part("w:footnotes", SEPARATOR + note(1, "指经认定的企业。") + note(2, "不含税。"))


def numbered_notes(style):
    return part("w:settings", f'<w:footnotePr><w:numFmt w:val="{style}"/></w:footnotePr>')


def test_a_note_follows_its_paragraph_with_the_mark_on_both():
    body = para("第一条 上规企业", mark(1), "奖励20万元", mark(2), "。") + para("第二条 略。")
    circled = numbered_notes("decimalEnclosedCircleChinese")
    assert lines(body, footnotes=NOTES, settings=circled) == [
        "第一条 上规企业①奖励20万元②。",
        "注①：指经认定的企业。",
        "注②：不含税。",
        "第二条 略。",
    ]


def test_a_plain_figure_as_mark_does_not_run_into_the_amount_before_it():
    assert lines(para("产值超过500", mark(1), "的企业"), footnotes=NOTES) == [
        "产值超过500[注1]的企业",
        "注1：指经认定的企业。",
    ]


def test_endnotes_have_their_own_numbers_and_a_typed_mark_is_kept():
    ends = part("w:endnotes", note(7, "见附件。", "endnote"))
    typed = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
    body = para("甲", mark(1), "乙", mark(7, "endnote"), "丙", typed)
    assert lines(body, footnotes=NOTES, endnotes=ends) == [
        "甲[注1]乙[注i]丙*",
        "注1：指经认定的企业。",
        "注i：见附件。",
        "注*：不含税。",
    ]


def test_the_notes_of_a_table_stand_below_it_and_do_not_part_its_rows():
    rows = (
        row("类别", "标准"),
        row("<w:tc><w:tcPr/>" + para("首次上规", mark(1)) + "</w:tc>", "20万元"),
        row("连续上规", "10万元"),
    )
    assert lines(table(*rows) + para("表后。"), footnotes=NOTES) == [
        "类别\t标准", "首次上规[注1]\t20万元", "连续上规\t10万元", "注1：指经认定的企业。", "表后。",
    ]  # fmt: skip


def test_note_numbers_begin_again_with_the_section_and_skip_what_is_deleted():
    section = '<w:sectPr><w:footnotePr><w:numFmt w:val="upperRoman"/><w:numRestart w:val="eachSect"/></w:footnotePr></w:sectPr>'
    body = (
        para("甲", f"<w:del>{mark(2)}</w:del>", mark(1))
        + para("乙", mark(2), properties=section)
        + para("丙", mark(2))
        + section
    )
    found = lines(body, footnotes=NOTES)
    assert [line for line in found if not line.startswith("注")] == ["甲[注I]", "乙[注II]", "丙[注I]"]


def test_a_note_is_cited_below_its_clause_and_moves_neither_the_paragraphs_nor_the_head():
    circled = numbered_notes("decimalEnclosedCircleChinese")
    body = para("云澜市促进产业发展办法", mark(2)) + para("云政〔2024〕6号") + para("各区人民政府：")
    body += para("第一条　上规企业", mark(1), "奖励20万元。") + para("前款企业限云澜市内。") + para("第二条　略。")
    source = source_file("办法.docx", word(body, footnotes=NOTES, settings=circled))
    document = parse(source, read(source))
    assert document.title == "云澜市促进产业发展办法"
    assert document.metadata.document_number.canonical == "云政〔2024〕6号"
    assert [(clause.path, clause.text[:3]) for clause in document.clauses if clause.path] == [
        ("第一条", "第一条"), ("第一条 注①", "注①："), ("第一条 注②", "注②："), ("第一条第二款", "前款企"), ("第二条", "第二条"),
    ]  # fmt: skip


def test_comments_are_not_text_but_are_counted():
    comments = part("w:comments", '<w:comment w:id="1">' + para("这里要改") + "</w:comment>")
    result = reading(para("正文。", '<w:r><w:commentReference w:id="1"/></w:r>'), comments=comments)
    assert result.text == "正文。\n"
    assert result.warnings == ("有 1 条批注，不属于正文，未收入",)


def shape(text, top, left, base="paragraph"):
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:positionH relativeFrom="column">'
        f'<wp:posOffset>{left}</wp:posOffset></wp:positionH><wp:positionV relativeFrom="{base}"><wp:posOffset>{top}</wp:posOffset>'
        f"</wp:positionV><wps:wsp><wps:txbx><w:txbxContent>{para(text)}</w:txbxContent></wps:txbx></wps:wsp></wp:anchor></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{para(text)}</w:txbxContent></v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_text_boxes_are_read_once_from_the_top_down_and_those_below_their_paragraph_after_it():
    boxes = shape("三", 2_000_000, 0), shape("二", 50_000, 3_000_000), shape("一", 0, 0)
    assert lines(para("流程：", *boxes)) == ["一", "二", "流程：", "三"]


def test_a_table_in_a_text_box_keeps_its_rows():
    inner = table(row("类别", "标准"), row("甲", "1万元")) + "<w:p/>"
    box = (
        f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    assert lines(para("正文。", box)) == ["类别\t标准", "甲\t1万元", "正文。"]


def control(content, properties=""):
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def test_content_controls_around_words_paragraphs_rows_and_cells():
    chosen = control(run("高新技术企业"), '<w:dropDownList><w:listItem w:value="高新技术企业"/></w:dropDownList>')
    box = control(run("☑"), '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>')
    empty = control(run("单击此处输入文字。"), "<w:showingPlcHdr/>")
    body = para("类型：", chosen, " 是", box, empty) + control(para("一段。"))
    body += table(control(row("类别", control("<w:tc><w:tcPr/>" + para("标准") + "</w:tc>"))), row("甲", "乙"))
    assert lines(body) == ["类型：高新技术企业 是☑", "一段。", "类别\t标准", "甲\t乙"]


DELETED_END = "<w:rPr><w:del/></w:rPr>"
REVISED = (
    ("a word that was moved is read where it went", para("甲", f"<w:moveFrom>{run('乙')}</w:moveFrom>", "丙", f"<w:moveTo>{run('乙')}</w:moveTo>"), ["甲丙乙"]),
    ("a row that was deleted", table(row("甲", "乙"), row("丙", "丁", properties="<w:del/>"), row("戊", "己", properties="<w:ins/>")), ["甲\t乙", "戊\t己"]),
    ("a cell that was deleted", table(row("甲", cell("乙", "<w:cellDel/>"), "丙")), ["甲\t\t丙"]),
    ("inserted and deleted again", para("甲", "<w:ins><w:del><w:r><w:delText>乙</w:delText></w:r></w:del></w:ins>"), ["甲"]),
    ("a format that was changed", para('<w:r><w:rPr><w:b/><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>甲</w:t></w:r>'), ["甲"]),
    ("the end of a paragraph that was moved away", para("前，", properties="<w:rPr><w:moveFrom/></w:rPr>") + para("后。"), ["前，后。"]),
    ("a deleted end runs on to the cell's end", table(row(cell(para("甲", properties=DELETED_END), ""), "乙")) + para("丙"), ["甲\t乙", "丙"]),
)  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in REVISED], ids=[row[0] for row in REVISED])
def test_revisions(body, expected):
    assert lines(body) == expected


def test_merged_cells_are_read_once_and_every_text_stands_in_the_column_of_its_header():
    rows = (
        row(cell("类别", '<w:vMerge w:val="restart"/>'), cell("标准", '<w:gridSpan w:val="2"/>'), "单位"),
        row(cell("藏", "<w:vMerge/>"), "市级", "区级", "元"),
        row("甲", cell("同等", '<w:gridSpan w:val="2"/>'), "万元"),
        row("乙", "丙", properties='<w:gridBefore w:val="2"/>'),
    )
    result = reading(table(*rows))
    assert result.text.splitlines() == [
        "类别\t标准\t\t单位", "\t市级\t区级\t元", "甲\t同等\t\t万元", "\t\t乙\t丙",
    ]  # fmt: skip
    assert any("隐藏" in warning for warning in result.warnings), "藏 stands in the covered part of a merged cell"


def test_columns_in_which_no_cell_begins_are_no_columns():
    """Word cuts the grid where any two rows differ; a table of two columns may have a grid of ten."""
    wide = '<w:gridSpan w:val="5"/>'
    assert lines(table(row(cell("甲", wide), cell("乙", wide)), row(cell("丙", wide), cell("丁", wide)))) == [
        "甲\t乙",
        "丙\t丁",
    ]


def test_a_table_in_a_cell_and_a_hidden_row():
    inner = table(row("内一", "内二"))
    rows = row("<w:tc><w:tcPr/>" + inner + "<w:p/></w:tc>", "外"), row("暗", "藏", properties="<w:hidden/>")
    assert lines(table(*rows)) == ["内一 内二\t外"]


def field(instruction, *result, form=""):
    parts = [
        f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>',
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>",
    ]
    if result:
        parts += ['<w:r><w:fldChar w:fldCharType="separate"/></w:r>', *(run(text) for text in result)]
    return "".join([*parts, '<w:r><w:fldChar w:fldCharType="end"/></w:r>'])


BOX = '<w:ffData><w:checkBox><w:default w:val="0"/>{}</w:checkBox></w:ffData>'
LIST = '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="省级"/><w:listEntry w:val="市级"/></w:ddList></w:ffData>'
FIELDS = (
    ("a link shows its text", field('HYPERLINK "http://example.org"', "云澜市政府网"), "云澜市政府网"),
    ("a reference shows what it refers to", field("REF _Ref1 \\h", "第三条"), "第三条"),
    ("a nested field in an instruction is not text", field(f"IF </w:instrText></w:r>{field('PAGE', '5')}<w:r><w:instrText> > 3", "甲"), "甲"),
    ("a number in a circle", field("eq \\o\\ac(○,12)"), "⑫"),
    ("a symbol", field('SYMBOL 168 \\f "Wingdings" \\s 10'), "□"),
    ("a box that is checked", field("FORMCHECKBOX", form=BOX.format("<w:checked/>")), "☑"),
    ("a box that is not", field("FORMCHECKBOX", form=BOX.format("")), "☐"),
    ("a chosen entry", field("FORMDROPDOWN", form=LIST), "市级"),
    ("a simple field", '<w:fldSimple w:instr="SEQ 表">' + run("2") + "</w:fldSimple>", "2"),
    ("a field without an end", '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>', ""),
)  # fmt: skip


@pytest.mark.parametrize(("xml", "shown"), [row[1:] for row in FIELDS], ids=[row[0] for row in FIELDS])
def test_a_field_is_what_it_shows(xml, shown):
    assert lines(para("见", xml, "。") + para("下一段。"))[-1] == "下一段。"
    assert lines(para("见", xml) + para("下一段。"))[0] == f"见{shown}"


def test_a_generated_contents_list_is_left_out_and_said():
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    entry = para('<w:hyperlink w:anchor="_Toc1">', run("二、保障"), "</w:hyperlink>", field("PAGEREF _Toc1", "2"))
    result = reading(para(begin + run("一、总则 1")) + entry + para(end) + para("一、总则"))
    assert result.text == "一、总则\n"
    assert result.warnings == ("自动生成的目录（2 行）与正文标题重复，未收入",)
    unended = reading(para(begin + run("一、总则 1")) + entry + para("一、总则"))
    assert "一、总则\n" in unended.text, "without its end it must not swallow the text"


MATH = "<m:r><m:t>{}</m:t></m:r>".format
PRINTED = (
    ("a box of Wingdings", '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>是</w:t></w:r>', "□是"),
    ("a tick", '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "√"),
    ("a checked box", '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>', "☑"),
    ("a circled number", '<w:r><w:sym w:font="Wingdings" w:char="F083"/></w:r>', "③"),
    ("at least", '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "≥"),
    ("of a font of letters", '<w:r><w:sym w:font="宋体" w:char="25CB"/></w:r>', "○"),
    ("typed in Wingdings", '<w:r><w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr><w:t>þ市</w:t></w:r>', "☑市"),
    ("emoji", '<w:r><mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx w16se:font="Segoe UI Emoji" w16se:char="2611"/></mc:Choice>'
     "<mc:Fallback><w:t>☑</w:t></mc:Fallback></mc:AlternateContent></w:r>", "☑"),
    ("a soft hyphen", "<w:r><w:t>甲</w:t><w:softHyphen/><w:t>乙</w:t></w:r>", "甲乙"),
    ("pinyin above", "<w:r><w:ruby><w:rubyPr/><w:rt>" + run("tuán") + "</w:rt><w:rubyBase>" + run("湍") + "</w:rubyBase></w:ruby></w:r>", "湍"),
    ("smart tags", '<w:smartTag w:element="date"><w:smartTagPr/>' + run("5月") + "</w:smartTag>", "5月"),
    ("a fraction", f"<m:oMath>{MATH('额=')}<m:f><m:num>{MATH('甲+乙')}</m:num><m:den>{MATH('2')}</m:den></m:f></m:oMath>", "额=(甲+乙)/2"),
    ("brackets", f"<m:oMath><m:d><m:e>{MATH('甲-乙')}</m:e></m:d>{MATH('×50%')}</m:oMath>", "(甲-乙)×50%"),
    ("a power", f"<m:oMath><m:sSup><m:e>{MATH('x')}</m:e><m:sup>{MATH('n+1')}</m:sup></m:sSup></m:oMath>", "x^(n+1)"),
)  # fmt: skip


@pytest.mark.parametrize(("xml", "shown"), [row[1:] for row in PRINTED], ids=[row[0] for row in PRINTED])
def test_what_is_printed_is_text(xml, shown):
    assert lines(para("见", xml)) == [f"见{shown}"]


def test_a_symbol_that_is_not_known_is_said():
    result = reading(para("甲", '<w:r><w:sym w:font="MyFont" w:char="F0A8"/></w:r>'))
    assert result.warnings == ("有 1 个特殊符号无法识别，未收入",)


def picture(width, height):
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{width * 36000}" cy="{height * 36000}"/><a:graphic><a:graphicData><pic:pic>'
        '<pic:blipFill><a:blip r:embed="x"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def test_pictures_charts_and_objects_are_counted():
    chart = '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><c:chart r:id="x"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    sheet = '<w:r><w:object><v:shape style="width:200pt;height:100pt"><v:imagedata/></v:shape><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
    old = '<w:r><w:pict><v:shape style="width:200pt;height:100pt"><v:imagedata/></v:shape></w:pict></w:r>'
    body = para("正文。", picture(100, 80), picture(8, 8), picture(150, 2), chart, sheet, old)
    assert reading(body).warnings == (
        "含图片 2 张，其中文字未收入",
        "含图表 1 个，其中数据未收入",
        "含嵌入对象 1 个（公式、表格或其他文件），其中内容未收入",
    )


def test_the_words_of_a_diagram_are_read():
    model = part(
        "dgm:dataModel",
        "<dgm:ptLst>"
        + "".join(f"<dgm:pt><dgm:t><a:p><a:r><a:t>{t}</a:t></a:r></a:p></dgm:t></dgm:pt>" for t in ("申报", "审核"))
        + "</dgm:ptLst>",
    )
    drawing = '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><dgm:relIds r:dm="diagramData"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    assert lines(para("流程：", drawing), diagramData=model) == ["流程：", "申报", "审核"]


def test_an_inserted_page_is_read_and_one_that_cannot_be_is_said():
    page = "<html><body><div><p>插入的第一段，说明申报条件。</p><table><tr><td>甲</td><td>1</td></tr></table></div></body></html>".encode()
    body = para("前。") + '<w:altChunk r:id="chunk__html"/><w:altChunk r:id="missing"/>' + para("后。")
    result = reading(body, chunk__html=page)
    assert result.text.splitlines() == ["前。", "插入的第一段，说明申报条件。", "甲\t1", "后。"]
    assert result.warnings == ("有 1 处插入的外部文件无法读取，未收入",)


SECTION = '<w:sectPr><w:headerReference w:type="{}" r:id="header1"/>{}</w:sectPr>'
HEADERS = (
    ("the head of the first page", SECTION.format("first", "<w:titlePg/>"), ("云澜市人民政府文件", "云政〔2024〕6号"),
     ["云澜市人民政府文件", "云政〔2024〕6号", "正文。"]),
    ("a mark of secrecy", SECTION.format("default", ""), ("机密★1年",), ["机密★1年", "正文。"]),
    ("a running title is no text", SECTION.format("default", ""), ("云澜市若干政策汇编",), ["正文。"]),
    ("what the body says already", SECTION.format("default", ""), ("正文。", "云政〔2024〕6号"), ["云政〔2024〕6号", "正文。"]),
    ("the first page has no head of its own", SECTION.format("default", "<w:titlePg/>"), ("云政〔2024〕6号",), ["正文。"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("section", "header", "expected"), [row[1:] for row in HEADERS], ids=[row[0] for row in HEADERS]
)
def test_the_red_head_may_stand_in_the_header_of_the_first_page(section, header, expected):
    assert lines(para("正文。") + section, header1=part("w:hdr", "".join(map(para, header)))) == expected


def test_hidden_by_its_style_and_white_in_a_coloured_shape():
    styles = part("w:styles", '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>')
    assert reading(para("甲", run("藏", '<w:rStyle w:val="H"/>')), styles=styles).text == "甲\n"
    white = run("白字", '<w:color w:val="FFFFFF"/>')
    shape = f"<wps:wsp><wps:spPr><a:solidFill/></wps:spPr><wps:txbx><w:txbxContent><w:p>{white}</w:p></w:txbxContent></wps:txbx></wps:wsp>"
    box = f"<w:r><w:drawing><wp:anchor>{shape}</wp:anchor></w:drawing></w:r>"
    assert lines(para("甲", box)) == ["白字", "甲"]


def test_a_hidden_paragraph_end_lets_the_text_run_on():
    heading = para("总则。", properties="<w:rPr><w:vanish/><w:specVanish/></w:rPr>")
    assert lines(heading + para("为了规范管理。")) == ["总则。为了规范管理。"]


def test_macros_are_said_not_run():
    assert reading(para("正文。"), vbaProject__bin=b"Attribute VB_Name").warnings == ("文件带有宏，未运行",)


def test_a_strict_package_with_pictures_and_notes():
    body = para("甲", mark(1), picture(50, 50))
    content = word(body, footnotes=NOTES)
    strict = read(source_file("严格.docx", to_strict(content)))
    assert strict == read(source_file("文件.docx", content))


TRANSITIONAL = re.compile(
    "http://schemas.openxmlformats.org/([a-zA-Z]+)/2006/(main|relationships|math|wordprocessingDrawing|picture)"
)


def to_strict(content):
    """The package with the namespaces of ISO 29500 strict."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(
                name, text if name.startswith("[") else TRANSITIONAL.sub(r"http://purl.oclc.org/ooxml/\1/\2", text)
            )
    return target.getvalue()
