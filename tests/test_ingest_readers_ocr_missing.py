"""Without the extra [ocr]: everything else is read, and each page that is not says so and what to install."""

import io

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.corpus import source_file
from ingest.errors import NoText
from ingest.sandbox import Sandbox

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
OPENING = "为贯彻落实市委、市政府关于推动新兴产业高质量发展的决策部署，制定本政策。"
INSTALL = "pip install 'wenhao[ocr]'"
GARBLED = (
    # decoded through a wrong table: rare hanzi
    "犔犐犆犓犝犌犜犕犖犗犘犙犚犛犟犠犡犢犣犤犥犦犧犨犩犪犫犬犭犮",
    # an old Founder font: hanzi right, marks and digits wrong. Looks like Chinese, and 圆园员怨 is 2019
    "本标准适用于填埋场建设尧运行和封场后的管理遥新设立的企业袁按照叶固体废物法曳执行遥圆园员怨年起袁现有企业尧机构停止受理遥",
)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """A child for which RapidOCR is not installed."""
    folder = tmp_path_factory.mktemp("hidden")
    folder.joinpath("rapidocr.py").write_text("raise ImportError('not installed')\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        with Sandbox() as opened:
            opened.parse(source_file("起.txt", OPENING.encode()))
            yield opened


class Paper:
    def __init__(self):
        self.target = io.BytesIO()
        self.canvas = Canvas(self.target, pagesize=(595, 842))

    def text(self, text):
        self.canvas.setFont("STSong-Light", 16)
        for row, start in enumerate(range(0, len(text), 26)):
            self.canvas.drawString(90, 700 - row * 28, text[start : start + 26])

    def scan(self):
        picture = Image.new("RGB", (600, 800), "white")
        ImageDraw.Draw(picture).rectangle((100, 100, 400, 140), fill="black")
        self.canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)

    def curves(self):
        """As many outlines as a page of letters has."""
        for place in range(200):
            x, y = 90 + place % 20 * 20, 700 - place // 20 * 30
            outline = self.canvas.beginPath()
            outline.moveTo(x, y)
            outline.curveTo(x + 4, y + 9, x + 9, y + 9, x + 12, y)
            self.canvas.drawPath(outline, fill=1)

    def bytes(self):
        self.canvas.save()
        return self.target.getvalue()


def pages_after_text(draw):
    """A page of text, and one drawn by ``draw``."""
    paper = Paper()
    paper.text(OPENING)
    paper.canvas.showPage()
    draw(paper)
    return paper.bytes()


@pytest.mark.parametrize(
    ("draw", "reason"),
    (
        (Paper.scan, "扫描页"),
        (lambda paper: (paper.scan(), paper.text("已归档")), "扫描页"),  # a stamp does not make it a text
        (Paper.curves, "文字已转为图形"),
        (lambda paper: paper.text(GARBLED[0] * 3), "文字编码损坏"),
        (lambda paper: paper.text(GARBLED[1] * 2), "文字编码损坏"),
    ),
    ids=("scan", "scan with a stamp", "curves", "wrong table", "Founder font"),
)
def test_a_page_that_needs_recognition_is_named_and_the_others_are_read(sandbox, draw, reason):
    document = sandbox.parse(source_file("文件.pdf", pages_after_text(draw)))
    assert document.text == OPENING + "\n", "nothing garbled is taken in"
    assert [page.source for page in document.pages] == ["text", "none"]
    assert reason in document.pages[1].problem and INSTALL in document.pages[1].problem


def test_a_blank_page_is_no_loss(sandbox):
    document = sandbox.parse(
        source_file("文件.pdf", pages_after_text(lambda paper: paper.canvas.rect(0, 0, 9, 9, stroke=0)))
    )
    assert [page.problem for page in document.pages] == [None, None]


@pytest.mark.parametrize(
    ("path", "content"),
    (
        ("扫描.pdf", lambda: (paper := Paper()).scan() or paper.bytes()),
        ("乱码.pdf", lambda: (paper := Paper()).text(GARBLED[0] * 3) or paper.bytes()),
        ("照片.png", lambda: _png()),
    ),
)
def test_a_file_of_nothing_else_is_refused_with_the_way_to_read_it(sandbox, path, content):
    with pytest.raises(NoText, match=path) as caught:
        sandbox.parse(source_file(path, content()))
    assert INSTALL in f"{caught.value}{caught.value.hint}"


def _png():
    target = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(target, "PNG")
    return target.getvalue()
