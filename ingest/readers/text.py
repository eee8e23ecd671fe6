"""TXT and Markdown: find the encoding, keep the paragraphs."""

from __future__ import annotations

import codecs
import html
import re
from functools import cache

import charset_normalizer

from ingest.document import SourceFile, SourceText, Span
from ingest.errors import NoText, UnsupportedFormat
from ingest.normalize import tidy

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Running Chinese measured 0.83; the same bytes in a wrong decoding 0.00-0.10.
_PLAUSIBLE_SHARE = 0.4
# Characters (or bytes) that are looked at to tell one encoding from another.
_JUDGED = 50_000
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_FIELDS = {"title": "标题", "date": "发布日期"}
# Running text has 0.8 of its characters among the common hanzi, a page of names of elements 0.3, a lost map under 0.1.
_GARBLED_SHARE = 0.25
# Judging needs a sample: below this many characters beyond ASCII a page is not called garbled.
_GARBLED_SAMPLE = 20


def read_text(source: SourceFile) -> SourceText:
    """Plain text, lines as they stand. Raises NoText where nothing is left, UnsupportedFormat where no encoding fits."""
    text, warnings = _decoded(source)
    return SourceText(tidy(text), warnings=warnings)


def read_markdown(source: SourceFile) -> SourceText:
    """Markdown without its marks. The YAML front matter stays as it is; its title and date, or else the first ``#``
    heading, become the fields 标题 and 发布日期.
    """
    text, warnings = _decoded(source)
    text = text.lstrip("\n")
    front = _FRONT_MATTER.match(text)
    head = text[: front.end()] if front else ""
    body, heading = _plain_markdown(text[len(head) :])
    body = tidy(body)
    fields = _front_matter_fields(head)
    if heading and "标题" not in dict(fields):
        heading = tidy(heading)
        start = body.find(heading)
        fields = (*fields, ("标题", Span(len(head) + start, len(head) + start + len(heading))))
    return SourceText(head + body, fields=fields, warnings=warnings)


def decode(content: bytes, path: str) -> str:
    """Text of unknown encoding. BOM → UTF-16 by its zero bytes → strict UTF-8 → GB 18030 → charset-normalizer.

    GB 18030 contains GB 2312 and GBK (whose Python codecs lack — and ·). Big5 often decodes as GB 18030 without an
    error, into rare characters: then charset-normalizer decides. Raises UnsupportedFormat where nothing fits.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, errors="replace")
    if b"\0" in content[:4096]:
        return _utf16(content, path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        # A few broken bytes in otherwise good UTF-8 (a cut file) are not another encoding.
        if error.start > len(content) - 4 or _mostly_utf8(content):
            return content.decode("utf-8", errors="replace")
    return _legacy(content, path)


def common_share(text: str) -> float:
    """Share of the 3,755 commonest hanzi (GB 2312 level 1) among the characters beyond ASCII; 1.0 where there is none.

    Punctuation and full-width forms count as neither. Good text 0.8-1.0; text decoded by a wrong table below 0.1.
    """
    counted = [char for char in text if char > "\u007f" and not _is_neutral(char)]
    if not counted:
        return 1.0
    common = common_hanzi()
    return sum(char in common for char in counted) / len(counted)


# Old Founder (方正) fonts in PDF: hanzi are right, but 。is mapped to 遥, ，to 袁, 、to 尧, digits to 员圆猿源.
_FOUNDER_MARKS, _REAL_MARKS = frozenset("尧遥袁曰渊冤叶曳院"), frozenset("，。、；：（）《》")


def is_founder_garbage(text: str) -> bool:
    """Chinese whose punctuation came out as rare hanzi: more of those than of real marks, and one in fifty characters."""
    false_marks = sum(char in _FOUNDER_MARKS for char in text)
    return false_marks * 50 > len(text) and false_marks > sum(char in _REAL_MARKS for char in text)


def is_garbled(text: str) -> bool:
    """Whether the text of a page is rubbish, because its font lost the map from shapes to characters."""
    beyond_ascii = sum(char > "\u007f" for char in text)
    # Tables of figures are mostly ASCII; what little Chinese they have (chemical elements) is rare by nature.
    if beyond_ascii >= _GARBLED_SAMPLE and beyond_ascii * 4 > len(text):
        return common_share(text) < _GARBLED_SHARE or is_founder_garbage(text)
    # A font without any mapping may come out as control characters.
    return sum(char < " " or char == "\ufffd" for char in text) * 4 > len(text)


@cache
def common_hanzi() -> frozenset[str]:
    """The 3,755 hanzi of GB 2312 level 1 (rows 16-55)."""
    rows = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    return frozenset(row.decode("gb2312", errors="ignore") for row in rows) - {""}


def _is_neutral(char: str) -> bool:
    return "\u2000" <= char <= "\u2bff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef"


def _decoded(source: SourceFile) -> tuple[str, tuple[str, ...]]:
    text = decode(source.content, source.path).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff\0 \t\n\u3000"):
        raise NoText(f"文件是空的：{source.path}", "请检查文件内容后重新上传")
    damaged = text.count("\ufffd")
    return text, (f"有 {damaged} 处字符无法识别，已显示为 \ufffd",) if damaged else ()


def _utf16(content: bytes, path: str) -> str:
    even, odd = content[0:4096:2].count(0), content[1:4096:2].count(0)
    encoding = "utf-16-le" if odd >= even else "utf-16-be"
    try:
        text = content[: len(content) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UnsupportedFormat(f"文件内容不是文字：{path}", "请上传 PDF、DOCX、HTML、TXT 或 Markdown 文件")
    return text


def _mostly_utf8(content: bytes) -> bool:
    """Whether at most one character in a hundred of the (many) non-ASCII characters is broken."""
    text = content[:_JUDGED].decode("utf-8", errors="replace")
    beyond_ascii = sum(char > "\u007f" for char in text)
    return text.count("\ufffd") * 100 <= beyond_ascii


def _legacy(content: bytes, path: str) -> str:
    try:
        chinese = content.decode("gb18030")
    except UnicodeDecodeError:
        chinese = None
    if chinese is not None and common_share(chinese[:_JUDGED]) >= _PLAUSIBLE_SHARE:
        return chinese
    best = charset_normalizer.from_bytes(content[:_JUDGED]).best()
    if best is not None:
        return content.decode(best.encoding, errors="replace")
    if chinese is not None:
        return chinese
    raise UnsupportedFormat(f"文件的文字编码无法识别：{path}", "请用记事本打开后另存为 UTF-8 编码再上传")


# Markdown of policy collections carries HTML (<p id="t1">, &emsp;), VuePress containers (::: tip) and link lists.
_MD_HEADING = re.compile(r"^#{1,6}[ \t]+(.*)$")
_MD_ATTRIBUTES = re.compile(r"\{[^{}\n]*=[^{}\n]*\}[ \t]*$")
_MD_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)")
_MD_NOISE = re.compile(r"^(?::::.*|@tab\b.*|\[\[toc\]\]|\*{3,})$", re.IGNORECASE)
_MD_EMPHASIS = re.compile(r"\*\*([^*\n]+)\*\*")  # not __: forms print ____ for a blank to fill in
_HTML_BREAK = re.compile(r"<br\s*/?>|</p>\s*(?=<p\b)", re.IGNORECASE)
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>|<!--[^\n]{0,2000}?-->")


def _plain_markdown(text: str) -> tuple[str, str | None]:
    """The text without marks, and the first top-level heading."""
    lines, first_heading = [], None
    for raw in _HTML_BREAK.sub("\n", text).split("\n"):
        line = raw.strip()
        if (
            _MD_NOISE.match(line)
            or _is_rule(line)
            or (_MD_LINK.search(line) and not re.search(r"\w", _MD_LINK.sub("", _unescaped(line))))
        ):
            continue
        heading = _MD_HEADING.match(line)
        if heading:
            line = _MD_ATTRIBUTES.sub("", heading[1]).rstrip(" \t#")
        line = _MD_EMPHASIS.sub(r"\1", _unescaped(_MD_LINK.sub(r"\1", line)))
        if heading and raw.lstrip().startswith("# ") and first_heading is None:
            first_heading = line.strip() or None
        if line.startswith("|") and line.endswith("|") and len(line) > 1:
            line = "\t".join(cell.strip() for cell in line[1:-1].split("|"))
        lines.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n", first_heading


def _is_rule(line: str) -> bool:
    """A line across the page, or the one between the head of a table and its rows: ``|:--|--:|``."""
    return "--" in line and not line.strip("|:- \t")


def _unescaped(line: str) -> str:
    return html.unescape(_HTML_TAG.sub("", line)).replace("\n", " ")


def _front_matter_fields(head: str) -> tuple[tuple[str, Span], ...]:
    """``title: 城镇排水条例`` → ("标题", span of the value). Only plain top-level scalars; this is not a YAML parser."""
    fields = []
    for match in re.finditer(r"(?m)^(title|date)[ \t]*:[ \t]*(['\"]?)([^\n]{0,300}?)\2[ \t]{0,9}$", head):
        label = _FRONT_MATTER_FIELDS[match[1]]
        if match[3] and label not in dict(fields):
            fields.append((label, Span(match.start(3), match.end(3))))
    return tuple(fields)
