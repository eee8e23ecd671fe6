"""OFD: packages built by hand, the way the programs of offices write them and the way attackers would."""

import io
import itertools
import zipfile

import pytest

from ingest.corpus import source_file
from ingest.errors import CorruptFile, NoText, ReadError, TooLarge
from ingest.limits import MEGABYTE
from ingest.parse import parse
from ingest.readers import read, sniff

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
EM = 5.0  # millimetres
LEFT = 28.0
FULL = 30  # characters of a full line


def text(content, y, x=LEFT, size=EM, attributes="", inner=""):
    steps = [size if char >= "\u2e80" else size / 2 for char in content]
    runs = " ".join(f"g {len(list(run))} {step}" for step, run in itertools.groupby(steps[:-1]))
    return (
        f'<ofd:TextObject ID="9" Font="1" Size="{size}" Boundary="{x} {y} {sum(steps)} {size}" {attributes}>{inner}'
        f'<ofd:TextCode X="0" Y="{size * 0.88}" DeltaX="{runs}">{content}</ofd:TextCode></ofd:TextObject>'
    )


def path(data, boundary="0 0 210 297", attributes="", inner=""):
    return (
        f'<ofd:PathObject ID="8" Boundary="{boundary}" {attributes}>{inner}'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def page(*objects, head=""):
    return (
        f'<ofd:Page {NS}>{head}<ofd:Content><ofd:Layer ID="2">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def document(locations, common=""):
    entries = "".join(
        f'<ofd:Page ID="{number}" BaseLoc="{location}"/>' for number, location in enumerate(locations, 10)
    )
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    return f"<ofd:Document {NS}><ofd:CommonData>{area}{common}</ofd:CommonData><ofd:Pages>{entries}</ofd:Pages></ofd:Document>"


def root(*documents):
    bodies = "".join(
        f"<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>{name}</ofd:DocRoot></ofd:DocBody>" for name in documents
    )
    return f'<ofd:OFD {NS} Version="1.0" DocType="OFD">{bodies}</ofd:OFD>'


def packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def package(*pages, common="", extra=None):
    locations = [f"Pages/Page_{index}/Content.xml" for index in range(len(pages))]
    parts = {"OFD.xml": root("Doc_0/Document.xml"), "Doc_0/Document.xml": document(locations, common)}
    parts |= {f"Doc_0/{location}": content for location, content in zip(locations, pages, strict=True)}
    return packed(parts | (extra or {}))


def reading(content):
    return read(source_file("公文.ofd", content))


def lines(content):
    return reading(content).text.splitlines()


BODY = "为深入贯彻落实党中央、国务院决策部署，促进产业高质量发展，结合本市实际，制定本政策，请认真贯彻执行。"


def test_printed_lines_become_paragraphs_and_a_paragraph_runs_on_over_the_page():
    first = page(
        text("云澜市人民政府关于促进产业发展的若干政策", 40, 60),
        text("　　" + BODY[: FULL - 2], 60),
        text(BODY[FULL - 2 :], 69),
        text("　　" + ("一、支持企业上规模。" * 4)[: FULL - 2], 78),
    )
    second = page(text("余下的奖励由区财政局兑付。", 40), text("　　二、本政策自2024年3月20日起施行。", 49))
    result = reading(package(first, second))
    assert result.text.splitlines() == [
        "云澜市人民政府关于促进产业发展的若干政策",
        BODY,
        ("一、支持企业上规模。" * 4)[: FULL - 2] + "余下的奖励由区财政局兑付。",
        "二、本政策自2024年3月20日起施行。",
    ]
    assert [(mark.number, result.text[mark.start :][:4]) for mark in result.pages] == [(1, "云澜市人"), (2, "余下的奖")]


def test_the_file_becomes_a_document_with_its_number_clauses_and_pages():
    source = source_file(
        "公文.ofd",
        package(
            page(
                text("云澜市人民政府关于促进产业发展的若干政策", 40, 60),
                text("云政〔2024〕6号", 55, 90),
                text("　　一、支持企业上规模", 70),
                text("　　首次上规的，奖励20万元。", 79),
            ),
            page(text("　　二、本政策自2024年3月20日起施行。", 40)),
        ),
    )
    assert source.media_type == "application/ofd"
    parsed = parse(source, read(source))
    assert parsed.metadata.document_number.canonical == "云政〔2024〕6号"
    assert {clause.path: clause.page for clause in parsed.clauses if clause.path in ("一、", "二、")} == {
        "一、": 1,
        "二、": 2,
    }


def test_page_order_is_that_of_the_document_not_of_the_names():
    parts = {
        "OFD.xml": root("/Doc_0/Document.xml"),
        "Doc_0/Document.xml": document(["Pages/Page_7/Content.xml", "/Doc_0/Pages/Page_1/Content.xml"]),
        "Doc_0/Pages/Page_1/Content.xml": page(text("后一页。", 40)),
        "Doc_0/Pages/Page_7/Content.xml": page(text("前一页。", 40)),
    }
    assert lines(packed(parts)) == ["前一页。", "后一页。"]


def test_a_file_of_several_documents_is_read_whole_with_its_pages_counted_on():
    parts = {
        "OFD.xml": root("Doc_0/Document.xml", "Doc_1/Document.xml"),
        "Doc_0/Document.xml": document(["P/0.xml"]),
        "Doc_1/Document.xml": document(["P/0.xml"]),
        "Doc_0/P/0.xml": page(text("正文部分。", 40)),
        "Doc_1/P/0.xml": page(text("附件部分。", 40)),
    }
    result = reading(packed(parts))
    assert result.text == "正文部分。\n附件部分。\n"
    assert [mark.number for mark in result.pages] == [1, 2]


def test_any_namespace_and_any_case_of_a_name_will_do():
    content = package(page(text("第一条内容。", 40)))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b"www.ofdspec.org/2016", b"www.ofdspec.org").replace(b"ofd:", b"")
            new.writestr(name.replace("Content", "content"), part.replace(b"xmlns:ofd", b"xmlns"))
    assert lines(target.getvalue()) == ["第一条内容。"]


def test_characters_set_one_by_one_are_a_line():
    places = (0, 1, 2, 2.5, 3, 4, 5)
    objects = [text(char, 40, LEFT + place * EM) for char, place in zip("奖励20万元。", places, strict=True)]
    assert lines(package(page(*objects))) == ["奖励20万元。"]


def test_a_matrix_scales_and_moves_text():
    scaled = text("第二行。", 40, 0, 1.0, 'CTM="5 0 0 5 28 20"')
    assert lines(package(page(scaled, text("第一行。", 40)))) == ["第一行。", "第二行。"]


def test_the_red_head_of_a_page_template_is_read():
    common = '<ofd:TemplatePage ID="77" BaseLoc="Tpls/T.xml"/>'
    body = page(text("各区人民政府：", 80), head='<ofd:Template TemplateID="77" ZOrder="Background"/>')
    content = package(body, common=common, extra={"Doc_0/Tpls/T.xml": page(text("云澜市人民政府文件", 30))})
    assert lines(content) == ["云澜市人民政府文件", "各区人民政府："]


def test_a_ruled_table_is_one_line_a_row():
    ruled = "".join(f"M 20 {y} L 180 {y} " for y in (50, 60, 70)) + "".join(
        f"M {x} 50 L {x} 70 " for x in (20, 100, 180)
    )
    cells = [
        text("类别", 52, 30), text("标准", 52, 110), text("首次上规", 62, 30), text("20万元", 62, 110)
    ]  # fmt: skip
    assert lines(package(page(text("奖励标准：", 35), *cells, path(ruled)))) == [
        "奖励标准：",
        "类别\t标准",
        "首次上规\t20万元",
    ]


WHITE = '<ofd:FillColor Value="255 255 255"/>'
UNSEEN = (
    ("switched off", {"attributes": 'Visible="false"'}),
    ("transparent", {"attributes": 'Alpha="0"'}),
    ("transparent colour", {"inner": '<ofd:FillColor Value="0 0 0" Alpha="0"/>'}),
    ("white on white", {"inner": WHITE}),
    ("beside the page", {"x": 400}),
    ("tiny", {"size": 0.5}),
)


@pytest.mark.parametrize("how", [row[1] for row in UNSEEN], ids=[row[0] for row in UNSEEN])
def test_what_nobody_can_see_is_not_read_but_reported(how):
    result = reading(package(page(text("正文。", 40), text("上限九千万元", 60, **how))))
    assert result.text == "正文。\n"
    assert any("第 1 页有 6 个字肉眼不可见" in warning for warning in result.warnings)


def test_white_text_on_a_coloured_ground_is_read():
    ground = path("M 0 0 L 100 0 L 100 20 L 0 20 C", "20 35 100 20", 'Fill="true"', '<ofd:FillColor Value="200 0 0"/>')
    assert lines(package(page(ground, text("白字标题", 40, inner=WHITE)))) == ["白字标题"]


def test_a_slanted_watermark_is_left_out_and_reported():
    slanted = text("内部资料", 100, 60, 10, 'CTM="0.7 -0.7 0.7 0.7 0 0"')
    result = reading(package(page(text("正文。", 40), slanted)))
    assert result.text == "正文。\n"
    assert any("水印“内部资料”" in warning for warning in result.warnings)


PICTURE = '<ofd:ImageObject ID="5" ResourceID="6" Boundary="0 0 210 297"/>'


def test_a_scan_has_no_text_and_a_scanned_page_is_named():
    with pytest.raises(NoText, match=r"没有可读取的文字.*共 2 页.*公文.ofd"):
        reading(package(page(PICTURE), page()))
    result = reading(package(page(text("正文。", 40)), page(PICTURE)))
    assert [mark.problem is not None for mark in result.pages] == [False, True]
    assert result.pages[1].source == "none"


def test_a_page_whose_font_lost_its_characters_is_named():
    lost = "".join(chr(0xE100 + index) for index in range(30))
    result = reading(package(page(text("正文。", 40)), page(text(lost, 40))))
    assert result.text == "正文。\n"
    assert "编码损坏" in result.pages[1].problem


@pytest.mark.parametrize(
    "location", ("../../../../etc/hostname", "/etc/hostname", "Pages/None.xml", "..\\..\\OFD.txt", "")
)
def test_a_name_is_looked_for_inside_the_package_only(location):
    parts = {
        "OFD.xml": root("Doc_0/Document.xml"),
        "Doc_0/Document.xml": document(["P/0.xml", location]),
        "Doc_0/P/0.xml": page(text("正文。", 40)),
    }
    result = reading(packed(parts))
    assert result.text == "正文。\n"
    assert [mark.problem for mark in result.pages[1:]] == (["页面内容缺失，无法读取"] if location else [])


def test_an_entry_that_would_unpack_outside_harms_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = package(page(text("正文。", 40)), extra={"../../evil.txt": "坏"})
    assert lines(content) == ["正文。"]
    assert not list(tmp_path.iterdir())


def test_one_broken_page_does_not_stop_the_others():
    result = reading(package(page(text("正文。", 40)), page(text("坏页。", 40))[:-20]))
    assert result.text == "正文。\n"
    assert result.pages[1].problem == "页面已损坏，无法读取"


def test_declared_entities_are_refused():
    bomb = '<!DOCTYPE Page [<!ENTITY a "甲甲甲甲"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    result = reading(package(page(text("正文。", 40)), bomb + page(text("&b;&f;", 40))))
    assert result.text == "正文。\n"
    assert result.pages[1].problem
    with pytest.raises(CorruptFile):
        reading(packed({"OFD.xml": bomb + root("&f;")}))


def test_a_page_listed_many_times_is_read_once():
    parts = {
        "OFD.xml": root("Doc_0/Document.xml"),
        "Doc_0/Document.xml": document(["P/0.xml"] * 1000),
        "Doc_0/P/0.xml": page(text("正文。", 40)),
    }
    assert lines(packed(parts)) == ["正文。"]


def test_a_bomb_is_refused_before_it_unpacks():
    with pytest.raises(TooLarge, match=r"展开后有 30 MB.*公文.ofd"):
        reading(package(page(text("正文。", 40)), extra={"Doc_0/Res/a.png": bytes(30 * MEGABYTE)}))


DAMAGED = (
    ("no documents", packed({"OFD.xml": root()})),
    ("a document that is not there", packed({"OFD.xml": root("Doc_0/Document.xml")})),
    ("a document without pages", package()),
    ("broken table of contents", packed({"OFD.xml": root("Doc_0/Document.xml")[:-9]})),
    ("cut short", package(page(text("正文。", 40)))[:300]),
)


@pytest.mark.parametrize("content", [row[1] for row in DAMAGED], ids=[row[0] for row in DAMAGED])
def test_a_damaged_file_is_called_damaged(content):
    assert sniff(content) == "application/ofd"
    with pytest.raises(CorruptFile, match=r"公文.ofd") as caught:
        reading(content)
    assert caught.value.hint


NONSENSE = ("", "nan nan nan nan", "1e308 1e308 1e308 1e308", "a b c d", "1", "-5 -5 0 0", "inf 0 0 0")


@pytest.mark.parametrize("numbers", NONSENSE)
def test_senseless_numbers_do_no_harm(numbers):
    """The good line is read, or a message says why not; never a crash."""
    first = numbers.split(" ")[0]
    odd = (
        f'<ofd:TextObject Boundary="{numbers}" CTM="{numbers} {numbers}" Size="{first}" HScale="{first}">'
        f'<ofd:TextCode X="{first}" Y="{first}" DeltaX="g {first} {first}" DeltaY="g 999999999999 {first}">乱</ofd:TextCode>'
        "</ofd:TextObject>"
    )
    area = f"<ofd:Area><ofd:PhysicalBox>{numbers}</ofd:PhysicalBox></ofd:Area>"
    strokes = path(f"M {numbers} L {numbers} Q 1 C B A X", numbers, f'CTM="{numbers} {numbers}"')
    content = package(page(text("正文。", 40), odd, strokes, head=area))
    try:
        assert "正文。" in reading(content).text
    except ReadError as error:
        assert isinstance(error, NoText)
