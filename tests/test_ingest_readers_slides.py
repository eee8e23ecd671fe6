"""PPTX: the slides in the order in which they are shown."""

import io
import zipfile

import pytest

from ingest.corpus import source_file
from ingest.errors import CorruptFile, NoText
from ingest.readers import read

NAMES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'

MAIN = f'<Relationships {RELATIONS}><Relationship Id="x" Type="t/officeDocument" Target="ppt/presentation.xml"/></Relationships>'


def shape(*paragraphs, kind=""):
    place = f'<p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>' if kind else ""
    return f"<p:sp>{place}<p:txBody>{''.join(f'<a:p><a:r><a:t>{text}</a:t></a:r></a:p>' for text in paragraphs)}</p:txBody></p:sp>"


def table(*rows):
    cells = (
        "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{cell}</a:t></a:r></a:p></a:txBody></a:tc>" for cell in row)
        for row in rows
    )
    return f"<p:graphicFrame><a:tbl>{''.join(f'<a:tr>{row}</a:tr>' for row in cells)}</a:tbl></p:graphicFrame>"


def slides(*contents, order=None):
    """``contents``: shapes of each slide; ``order``: in which the presentation lists them."""
    order = order or range(len(contents))
    links = "".join(
        f'<Relationship Id="r{n}" Type="t/slide" Target="slides/slide{n}.xml"/>' for n in range(len(contents))
    )
    listed = "".join(f'<p:sldId id="{256 + n}" r:id="r{n}"/>' for n in order)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            MAIN,
        )
        archive.writestr(
            "ppt/presentation.xml", f"<p:presentation {NAMES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
        )
        archive.writestr("ppt/_rels/presentation.xml.rels", f"<Relationships {RELATIONS}>{links}</Relationships>")
        for number, content in enumerate(contents):
            show = ' show="0"' if content.startswith("!") else ""
            archive.writestr(
                f"ppt/slides/slide{number}.xml",
                f"<p:sld {NAMES}{show}><p:spTree>{content.lstrip('!')}</p:spTree></p:sld>",
            )
    return target.getvalue()


def reading(content):
    return read(source_file("解读.pptx", content))


def test_slides_are_pages_in_the_order_of_the_presentation():
    result = reading(
        slides(
            shape("二、标准") + table(("类别", "标准"), ("上规", "20万元")),
            shape("一、背景", "为了发展。"),
            order=(1, 0),
        )
    )
    assert result.text == "一、背景\n为了发展。\n二、标准\n类别\t标准\n上规\t20万元\n"
    assert [(page.number, result.text[page.start :][:2]) for page in result.pages] == [(1, "一、"), (2, "二、")]


def test_numbers_and_feet_of_slides_are_no_text_and_what_is_left_out_is_said():
    result = reading(
        slides(shape("政策解读") + shape("1", kind="sldNum") + shape("某办", kind="ftr"), "!" + shape("藏"), "<p:pic/>")
    )
    assert result.text == "政策解读\n"
    assert result.warnings == ("含图片 1 张，其中文字未收入", "有 1 张隐藏的幻灯片，未收入")
    assert (result.pages[1].source, result.pages[1].problem) == ("none", "幻灯片上只有图片，没有文字")


def test_nothing_to_read_and_nothing_that_can_be_read():
    with pytest.raises(NoText, match=r"没有文字.*解读.pptx"):
        reading(slides("<p:pic/>"))
    with pytest.raises(CorruptFile, match=r"损坏.*解读.pptx"):
        reading(slides("<p:pic>"))
