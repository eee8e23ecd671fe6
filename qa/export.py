"""A conversation as a file to keep or to send: Markdown and Word. What a file says is text there, whatever it looks like.

Every turn: question, answer with marks (a refusal says so), numbered sources with file number, path, page and the quoted
words, remarks, and the day for which validity counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from ingest.errors import SettingsError
from qa.answer import Answer, Citation
from qa.render import refusal_text, sentence_text
from qa.render.answers import CONTACT, NEAREST

TITLE = "政策问答记录"
Kind = Literal["question", "answer", "refusal", "heading", "source", "quote", "remark"]


class Line(NamedTuple):
    """A paragraph of the export. ``text`` may have line breaks."""

    kind: Kind
    text: str


def lines_of(answer: Answer) -> Iterator[Line]:
    """One turn, the same for every format."""
    yield Line("question", f"问：{answer.question}")
    if answer.abstained:
        yield Line("refusal", refusal_text(answer))
    for sentence in answer.sentences:
        yield Line("answer", sentence_text(sentence))
    for heading, citations in (("依据", answer.citations), (NEAREST, answer.nearest)):
        if citations:
            yield Line("heading", heading)
            yield from _sources(citations)
    if answer.contact:
        yield Line("source", f"{CONTACT}：{answer.contact.quote}（{answer.contact.label}）")
    model = [f"本回答由模型（{answer.model}）组织语言，逐句核对后显示。"] if answer.model else []
    yield Line("remark", "\n".join([*answer.notices, *model, f"时效以 {answer.as_of.isoformat()} 为准"]))


def _sources(citations: Sequence[Citation]) -> Iterator[Line]:
    for citation in citations:
        yield Line("source", f"[{citation.mark}] {citation.label}（时效：{citation.validity}）")
        yield Line("quote", f"“{citation.quote.strip()}”")


def markdown(answers: Sequence[Answer]) -> bytes:
    """CommonMark, UTF-8. No text of a file becomes markup (see ``escaped``)."""
    shapes: Mapping[Kind, str] = {
        "question": "## {}", "answer": "{}", "refusal": "**{}**", "heading": "### {}", "source": "{}", "quote": "> {}",
        "remark": "{}",
    }  # fmt: skip
    parts = [f"# {TITLE}"]
    for answer in answers:
        for kind, text in lines_of(answer):
            separator = {"quote": "\\\n> ", "question": " "}.get(kind, "\\\n")
            rows = [escaped(row) for row in text.splitlines() if row.strip()]
            parts.append(shapes[kind].format(separator.join(rows)))
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


# Characters that can begin or end markup anywhere; as entities they are text in every dialect (math, templates, HTML, links).
# A mark ([1]) is none of these: what would make it a link, a bracket or colon behind it, is.
_ACTIVE = re.compile(r"\[\d{1,4}\](?!:)|[&<>\[\]{}()$`\\*_~|#@^]|!(?=\[)|(?<=:)//|(?<=[Ww]{3})\.")
# What makes a list, a heading line or a rule, and only as the first of a line.
_FIRST = re.compile(r"^([-+=]|\d+(?=[.]))")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]"
    r"|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"  # unseen: without width, or turning the direction
)


def escaped(line: str) -> str:
    """One line of document text as Markdown source that shows exactly this text, without the space around it."""
    clean = _CONTROL.sub("", line.replace("\t", " ")).strip(" ")
    inert = _ACTIVE.sub(lambda m: m[0] if m[0].endswith("]") and len(m[0]) > 1 else _entities(m[0]), clean)
    first = _FIRST.match(inert)
    if first is None:
        return inert
    rest = inert[first.end() :]
    if first[0].isdigit():
        return f"{first[0]}&#46;{rest[1:]}"
    return f"&#{ord(first[0])};{rest}"


def _entities(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


_PROPERTY = 255  # characters of a property of a Word file


def word(answers: Sequence[Answer]) -> bytes:
    """A .docx of plain paragraphs in named styles; no fields, links or pictures."""
    document = new_document(TITLE)
    set_up(document.styles, document.sections[0])
    document.add_heading(printable(TITLE), 0)
    for answer in answers:
        for kind, text in lines_of(answer):
            _SHAPES[kind](document.add_paragraph(printable(text), style=_STYLES[kind]))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_STYLES: Mapping[Kind, str] = {
    "question": "Heading 1", "answer": "Normal", "refusal": "Normal", "heading": "Heading 2", "source": "Normal",
    "quote": "Quote", "remark": "Normal",
}  # fmt: skip


def _plain(_: Paragraph) -> None:
    return


def _bold(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.bold = True


def _small(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x55, 0x60, 0x6F)


_SHAPES: Mapping[Kind, Callable[[Paragraph], None]] = {
    "question": _plain, "answer": _plain, "refusal": _bold, "heading": _plain, "source": _plain, "quote": _plain,
    "remark": _small,
}  # fmt: skip


def new_document(title: str) -> WordDocument:
    """An empty document of ours: Chinese (“”—… are then set in the Chinese font), without what python-docx's template says of itself
    and the preview of its first page.
    """
    document = Document()
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    document.settings.element.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    about = document.core_properties
    about.author, about.last_modified_by, about.comments = "文号", "文号", ""
    about.title = printable(title)[:_PROPERTY]
    about.created = about.modified = datetime.now(UTC)
    package = document.part.package
    for preview in [rel for rel in package.rels.values() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del package.rels[preview.rId]
    return document


def set_up(styles: Mapping[str, ParagraphStyle], page: Section) -> None:
    """A4, and Chinese fonts, which Word takes from another attribute than Latin ones, sizes and space."""
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    looks = {"Title": 20, "Heading 1": 13, "Heading 2": 11, "Normal": 11, "Quote": 10}
    for name, size in looks.items():
        style = styles[name]
        serif = name in ("Normal", "Quote")
        set_fonts(style, *(("Times New Roman", "宋体") if serif else ("Arial", "黑体")))
        style.font.size, style.font.italic = Pt(size), False
        style.font.color.rgb = RGBColor(0x1A, 0x1F, 0x29)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.line_spacing = 1.3
    styles["Heading 1"].paragraph_format.space_before = Pt(16)
    styles["Quote"].paragraph_format.left_indent = Cm(0.7)


def set_fonts(style: ParagraphStyle, latin: str, chinese: str) -> None:
    """Fonts of a style by name."""
    style.font.name = latin
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win
    fonts.set(qn("w:eastAsia"), chinese)


def printable(text: str) -> str:
    """Without control characters, which XML cannot hold, and without those that nobody sees."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


FORMATS: Mapping[str, Callable[[Sequence[Answer]], bytes]] = {".docx": word, ".md": markdown}


def exported(answers: Sequence[Answer], suffix: str) -> bytes:
    """Content of a file with that suffix. Raises SettingsError for an unknown one."""
    make = FORMATS.get(suffix.lower())
    if make is None:
        raise SettingsError(f"不能导出为 {suffix or '无后缀的文件'}", f"可用 {'、'.join(FORMATS)}")
    return make(answers)


def save(answers: Sequence[Answer], path: Path) -> None:
    """Writes the file. Raises SettingsError where its suffix is unknown or the place cannot be written."""
    content = exported(answers, path.suffix)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"无法写入 {path}（{error.strerror}）", "请换一个文件夹或文件名") from error
