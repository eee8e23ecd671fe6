"""Recognition (OCR): scans, photographs and pages with a broken character map, read as a reader of the page sees them."""

import io
import zipfile
import zlib

import pypdf
import pytest
from PIL import Image
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.corpus import source_file
from ingest.errors import CorruptFile, NoText, ReadError, TooLarge
from ingest.limits import MEGABYTE, Limits
from ingest.readers import read
from ingest.readers.ocr import available
from ingest.sandbox import Sandbox
from tests.scanned import EM, HEIGHT, LEFT, WIDTH, Scan, as_file, has_font

pytestmark = pytest.mark.skipif(
    not (available() and has_font()), reason="needs the extra [ocr] and a Chinese font (fonts-noto-cjk)"
)

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
OPENING = "为贯彻落实市委、市政府关于推动新兴产业高质量发展的决策部署，激发经营主体活力，结合本区实际，制定本政策。"
AWARD = "（一）对首次上规模的企业，给予一次性奖励20万元；年产值达到5000万元以上的，再奖励30万元。"
TERM = "本政策自2024年4月1日起施行，有效期至2026年12月31日。"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as opened:
        yield opened


def reading(content, path="扫描.pdf", **limits):
    return read(source_file(path, content), Limits(**limits))


def lines(content, path="扫描.pdf"):
    return reading(content, path).text.splitlines()


def notice():
    """Two pages: red head, number, title, clauses; the seal over issuer and date."""
    first = Scan()
    first.red_head("云澜市清河区人民政府文件")
    first.centred("清政〔2024〕6号")
    first.red_rule()
    first.centred("云澜市清河区人民政府关于印发", 44)
    first.centred("促进产业发展若干政策的通知", 44)
    first.line("各镇人民政府，区政府各部门：")
    first.paragraph(OPENING)
    first.line("一、支持企业上规模", LEFT + 2 * EM)
    first.paragraph(AWARD)
    second = Scan()
    second.line("二、附则", LEFT + 2 * EM)
    second.paragraph(TERM)
    second.y += 120
    second.line("云澜市清河区人民政府", 700)
    second.line("2024年3月12日", 760)
    second.seal(860, 420, "云澜市清河区人民政府")
    second.y = HEIGHT - 160
    second.centred("— 2 —", 28)
    return first, second


def test_a_scan_with_red_head_seal_and_skew_becomes_a_document_with_its_facts(sandbox):
    first, second = notice()
    seen = []
    document = sandbox.parse(
        source_file("通知.pdf", as_file("PDF", first.photographed(2.0), second.photographed(-1.5))),
        lambda done, pages: seen.append((done, pages)),
    )
    assert document.metadata.title == "云澜市清河区人民政府关于印发促进产业发展若干政策的通知"
    assert document.metadata.document_number.canonical == "清政〔2024〕6号"
    assert document.metadata.issued_on.isoformat() == "2024-03-12", "the date under the seal"
    assert document.terms.expires_on.isoformat() == "2026-12-31"
    assert "云澜市清河区人民政府文件" in document.text, "the red head is no seal"
    assert OPENING in document.text.splitlines()
    assert [clause.marker for clause in document.clauses if clause.marker] == ["一、", "（一）", "二、"]
    assert "— 2 —" not in document.text
    assert [page.source for page in document.pages] == ["ocr", "ocr"]
    assert all(document.read_by_ocr(clause.span) for clause in document.clauses)
    assert seen == [(0, 2), (1, 2), (1, 2), (2, 2)]


@pytest.mark.parametrize("degrees", (90, 180, 270))
def test_a_page_lying_on_its_side_or_head_is_read_in_right_order(degrees):
    sheet = Scan(WIDTH, 900)
    sheet.centred("关于支持企业上规模的通知", 44)
    sheet.paragraph(AWARD)
    turned = sheet.photographed().rotate(degrees, expand=True)
    assert lines(as_file("PNG", turned), "照片.png") == ["关于支持企业上规模的通知", AWARD]


def test_a_file_of_print_and_scan_is_read_page_by_page():
    sheet = Scan(WIDTH, 600)
    sheet.paragraph(TERM)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for row, start in enumerate(range(0, len(OPENING), 26)):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(90, 700 - row * 28, OPENING[start : start + 26])
    canvas.showPage()
    canvas.drawImage(ImageReader(sheet.photographed(1)), 0, 400, 595, 288)
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(400, 30, "扫描全能王创建")  # what a scanning program adds does not make it a text
    canvas.showPage()
    canvas.drawImage(ImageReader(Image.new("RGB", (300, 400), "white")), 0, 0, 595, 842)
    canvas.save()
    result = reading(target.getvalue())
    assert [(page.source, page.problem) for page in result.pages] == [("text", None), ("ocr", None), ("ocr", None)]
    assert TERM in result.text[result.pages[1].start :]


def test_text_in_a_picture_on_a_page_of_text_is_told():
    sheet = Scan(WIDTH, 400)
    sheet.paragraph(AWARD)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    for row in range(4):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(90, 700 - row * 28, OPENING[:26])
    canvas.drawImage(ImageReader(sheet.photographed()), 20, 200, 555, 250)
    canvas.save()
    page = reading(target.getvalue()).pages[0]
    assert page.source == "text"
    assert "图片里约有" in page.problem


def with_broken_map(content):
    """Each character of the page is called by a wrong name: what is copied from it is rubbish, what is seen is right."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    stream = DecodedStreamObject()
    ranges = "".join(f"<{high:02X}00> <{high:02X}FF> <7280>\n" for high in range(0x30, 0xA0))
    stream.set_data(
        b"/CIDInit /ProcSet findresource begin begincmap /CMapName /X def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"112 beginbfrange %b endbfrange\nendcmap end" % ranges.encode()
    )
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        font.get_object()[NameObject("/ToUnicode")] = writer._add_object(stream)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_page_with_a_broken_character_map_is_read_from_its_picture():
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 400))
    for row, text in enumerate((f"　　{OPENING[:26]}", OPENING[26:])):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(70, 300 - row * 28, text)
    canvas.save()
    result = reading(with_broken_map(target.getvalue()))
    assert result.text == OPENING + "\n"
    assert result.pages[0].source == "ocr"


def test_the_left_page_of_a_double_sheet_comes_first():
    sheet = Scan(2400, 900)
    for x, text in ((LEFT, OPENING), (1300, AWARD)):
        sheet.y = 200
        for start in range(0, len(text), 26):
            sheet.line(text[start : start + 26], x)
    text = "".join(lines(as_file("PNG", sheet.photographed(0.5)), "双页.png"))
    assert text == OPENING + AWARD


def test_a_ruled_table_becomes_rows_also_when_it_lies_askew():
    sheet = Scan(WIDTH, 700)
    sheet.line("附表：奖励标准")
    rows = [["类型", "条件", "奖励"], ["规上企业", "首次上规", "20万元"], ["", "连续三年", "30万元"]]
    sheet.table(rows)
    assert lines(as_file("JPEG", sheet.photographed(1.5)), "附表.jpg") == [
        "附表：奖励标准",
        *("\t".join(row) for row in rows),
    ]


def test_each_page_of_a_tiff_is_a_page_and_an_unreadable_line_is_told():
    first, second = Scan(WIDTH, 500), Scan(WIDTH, 500)
    first.paragraph(TERM)
    second.paragraph(OPENING)
    blurred = second.photographed().reduce(5).resize((WIDTH, 500))
    result = reading(as_file("TIFF", first.photographed(), blurred), "通知.tif")
    assert result.text.startswith(TERM)
    assert [page.number for page in result.pages] == [1, 2]
    assert result.pages[0].problem is None
    assert "请对照原件" in result.pages[1].problem or "无法辨认" in result.pages[1].problem


def test_a_page_of_an_ofd_that_is_only_a_picture_is_recognised():
    sheet = Scan(WIDTH, 500)
    sheet.paragraph(TERM)
    namespace = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "OFD.xml": f"<ofd:OFD {namespace}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {namespace}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 85"
        "</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
        '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/DocumentRes.xml": f'<ofd:Res {namespace} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image">'
        "<ofd:MediaFile>scan.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>",
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {namespace}><ofd:Content><ofd:Layer ID="2"><ofd:ImageObject ID="3" '
        'Boundary="0 0 210 85" CTM="210 0 0 85 0 0" ResourceID="7"/></ofd:Layer></ofd:Content></ofd:Page>',
        "Doc_0/Res/scan.jpg": as_file("JPEG", sheet.photographed(-1)),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    result = reading(target.getvalue(), "公文.ofd")
    assert (result.text, result.pages[0].source) == (TERM + "\n", "ocr")


def test_the_same_picture_gives_the_same_text_and_time_is_bounded_page_by_page():
    sheet = Scan(WIDTH, 500)
    sheet.paragraph(OPENING)
    content = as_file("PDF", sheet.photographed(3))
    assert reading(content) == reading(content)
    with pytest.raises(NoText) as caught:
        reading(content, ocr_seconds=0)
    assert "请换用更清晰的扫描件" in caught.value.hint
    with pytest.raises(NoText):
        reading(content, ocr_page_seconds=0)


def test_a_sheet_as_wide_as_a_pdf_allows_costs_no_more_memory_than_another(sandbox):
    sheet = Scan(WIDTH, 500)
    sheet.paragraph(TERM)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(14400, 14400))
    canvas.drawImage(ImageReader(sheet.photographed()), 0, 8000, 14400, 5800)
    canvas.save()
    assert sandbox.parse(source_file("巨幅.pdf", target.getvalue())).text == TERM + "\n"


class Stopped(Exception):
    pass


def test_a_caller_who_stops_in_the_middle_gets_the_next_file_and_not_the_rest_of_this_one(sandbox):
    def stop(done, pages):
        raise Stopped

    first, second = notice()
    with pytest.raises(Stopped):
        sandbox.parse(source_file("通知.pdf", as_file("PDF", first.picture, second.picture)), stop)
    assert sandbox.parse(source_file("好.txt", TERM.encode())).text == TERM


def test_recognition_has_time_and_memory_of_its_own_and_the_next_file_is_read():
    sheet = Scan(WIDTH, 500)
    sheet.paragraph(OPENING)
    content = as_file("PDF", *(sheet.photographed(degrees) for degrees in (1, -1)))
    with Sandbox(Limits(seconds=3)) as quick:
        assert [page.source for page in quick.parse(source_file("两页.pdf", content)).pages] == ["ocr"] * 2
    with Sandbox(Limits(memory_bytes=500 * MEGABYTE, ocr_memory_bytes=0)) as narrow:
        with pytest.raises(ReadError, match=r"两页.pdf"):
            narrow.parse(source_file("两页.pdf", content))
        assert narrow.parse(source_file("好.txt", TERM.encode())).text == TERM


def huge_png():
    """Declares 40,000 × 40,000 pixels and has none."""
    head = bytearray(as_file("PNG", Image.new("L", (8, 8))))
    head[16:24] = (40_000).to_bytes(4, "big") * 2
    head[29:33] = zlib.crc32(head[12:29]).to_bytes(4, "big")
    return bytes(head)


@pytest.mark.parametrize(
    ("path", "content", "error"),
    (
        ("截断.jpg", lambda: as_file("JPEG", Scan().picture)[:9000], NoText),
        ("头.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), CorruptFile),
        ("炸弹.png", huge_png, TooLarge),
        ("白纸.png", lambda: as_file("PNG", Image.new("RGB", (400, 500), "white")), NoText),
        ("透明.png", lambda: as_file("PNG", Image.new("RGBA", (400, 500))), NoText),
        ("灰度.tif", lambda: as_file("TIFF", Image.new("I;16", (400, 500))), NoText),
    ),
)
def test_a_picture_without_text_or_with_a_trap_ends_in_a_clear_message(path, content, error):
    with pytest.raises(error, match=path) as caught:
        reading(content(), path)
    assert caught.value.hint
