"""PPTX: the text of the slides in their order. 解读 of policies are often published as slides."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from ingest.document import Page, SourceFile, SourceText
from ingest.errors import CorruptFile, NoText
from ingest.normalize import tidy
from ingest.readers.archive import BROKEN, Package, local_name

_HINT = "请用 PowerPoint 或 WPS 打开，另存为 PDF 后再上传"
# Placeholders for the number of the slide, the date and the running foot.
_RUNNING = ("sldNum", "dt", "ftr", "hdr")


def read_slides(source: SourceFile) -> SourceText:
    """One paragraph or table row a line; the slides are the pages. Notes of the speaker and hidden slides are left out.

    Raises CorruptFile where the package or its XML is broken, NoText where no slide has text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            slides = list(_slides(Package(archive)))
    except BROKEN as error:
        raise CorruptFile(f"演示文稿已损坏，无法打开：{source.path}", _HINT) from error
    text, pages, pictures = "", [], 0
    shown = [slide for slide in slides if slide.get("show") not in ("0", "false")]
    for number, slide in enumerate(shown, start=1):
        lines = list(_lines(slide))
        images = sum(local_name(element) == "pic" for element in slide.iter())
        pictures += images
        unread = "幻灯片上只有图片，没有文字" if images and not lines else None
        pages.append(Page(number, len(text), "none" if unread else "text", unread))
        text += "".join(f"{line}\n" for line in lines)
    if not text:
        raise NoText(f"演示文稿里没有文字：{source.path}", "如果内容是图片，请换用带文字的版本")
    said = (
        (pictures, f"含图片 {pictures} 张，其中文字未收入"),
        (len(slides) - len(shown), f"有 {len(slides) - len(shown)} 张隐藏的幻灯片，未收入"),
    )
    return SourceText(text, pages=tuple(pages), warnings=tuple(words for count, words in said if count))


def _slides(package: Package) -> Iterator[etree._Element]:
    main = package.relations().by_kind.get("officeDocument", "ppt/presentation.xml")
    root, parts = package.xml(main), package.relations(main).by_id
    for entry in () if root is None else root.iter("{*}sldId"):
        identity = next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")
        slide = package.xml(parts.get(identity, ""))
        if slide is not None:
            yield slide


def _lines(element: etree._Element) -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name == "p":
            yield from filter(None, (tidy(line) for line in _text(child).split("\n")))
        elif name == "tr":
            cells = [tidy(" ".join("".join(map(_text, cell.iter("{*}p"))).split())) for cell in child.iter("{*}tc")]
            yield from ["\t".join(cells)] if any(cells) else []
        elif name != "Fallback" and not (
            name == "sp" and any(place.get("type") in _RUNNING for place in child.iter("{*}ph"))
        ):
            yield from _lines(child)


def _text(paragraph: etree._Element) -> str:
    names = ((local_name(part), part) for part in paragraph.iter())
    return "".join("\n" if name == "br" else part.text or "" for name, part in names if name in ("t", "br"))
