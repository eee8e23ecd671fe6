"""Plain text: find the encoding, keep the paragraphs. Also what tells text from rubbish, for all readers."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import charset_normalizer

from ingest.document import Page, SourceFile, SourceText
from ingest.errors import NoText, UnsupportedFormat
from ingest.normalize import tidy
from ingest.readers.wrapped import joined_pages

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
# The last line of a page: — 3 —
_PAGE_NUMBER = re.compile(r"\n[ \t\u3000]*(?:[-—–－] ?\d{1,4} ?[-—–－]|第? ?\d{1,4} ?页?)\s*\Z")
# ===PAGE 3===, --- 第 3 页 ---: what programs put between the pages of a file that they turned into text.
_PAGE_LINE = re.compile(
    r"(?mi)^[ \t]*[=\-—*#<\[]{2,}[ \t]*(?:page|第)[ \t]*\d{1,4}[ \t]*页?(?:[ \t]*(?:of|/|共)[ \t]*\d{1,4}[ \t]*页?)?[ \t]*[=\-—*#>\]]{2,}[ \t]*$\n?"
)
# Running text has 0.8 of its characters among the common hanzi, a page of names of elements 0.3, a lost map under 0.1.
_GARBLED_SHARE = 0.25
# Judging needs a sample: below this many characters beyond ASCII a page is not called garbled.
_GARBLED_SAMPLE = 20


def read_text(source: SourceFile) -> SourceText:
    """Plain text, lines as they stand; wrapped lines joined; form feeds and page lines (``===PAGE 3===``) begin pages.

    Raises NoText where nothing is left, UnsupportedFormat where no encoding fits.
    """
    text, warnings = decoded(source)
    pages = _PAGE_LINE.sub("\f", text).split("\f")
    if len(pages) > 1 and not any(page.strip() for page in pages):
        raise NoText(f"文件里只有页码标记，没有正文：{source.path}", "它多半由扫描件转换而来，请上传原来的 PDF 或图片")
    if len(pages) > 1:
        pages = [_PAGE_NUMBER.sub("\n", page) for page in (pages if pages[0].strip() else pages[1:])]
    joined = joined_pages(pages)
    if joined:
        body, starts, left_out = joined
        return SourceText(body, _pages(starts), warnings=(*warnings, *left_out))
    tidied = [tidy(page) for page in pages]
    tidied = [page if page.endswith("\n") or not page else page + "\n" for page in tidied[:-1]] + tidied[-1:]
    return SourceText("".join(tidied), _pages([0, *accumulate(map(len, tidied[:-1]))]), warnings=warnings)


def _pages(starts: Sequence[int]) -> tuple[Page, ...]:
    """A text without page breaks has no pages."""
    return tuple(Page(number, start) for number, start in enumerate(starts, 1)) if len(starts) > 1 else ()


def decode(content: bytes, path: str) -> str:
    """Text of unknown encoding. BOM → UTF-16 by its zero bytes → strict UTF-8 → GB 18030 → charset-normalizer.

    GB 18030 contains GB 2312 and GBK (whose Python codecs lack — and ·). Big5 often decodes as GB 18030 without an
    error, into rare characters: then charset-normalizer decides. Raises UnsupportedFormat where nothing fits.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom) and encoding != "utf-8":
            return content[len(bom) :].decode(encoding, errors="replace")
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content:
        utf16 = _utf16(content)
        if utf16 is not None:
            return utf16
        content = _without_padding(content, path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        # A few broken bytes in otherwise good UTF-8 (a cut file) are not another encoding.
        if error.start > len(content) - 4 or _mostly(content, "utf-8"):
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


def decoded(source: SourceFile) -> tuple[str, tuple[str, ...]]:
    """Text with ``\\n`` as line end, and what was wrong with it. Raises NoText, UnsupportedFormat."""
    text = decode(source.content, source.path).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff\0 \t\n\u3000"):
        raise NoText(f"文件是空的：{source.path}", "请检查文件内容后重新上传")
    damaged = text.count("\ufffd")
    return text, (f"有 {damaged} 处字符无法识别，已显示为 \ufffd",) if damaged else ()


def _utf16(content: bytes) -> str | None:
    """The byte order that makes Chinese of it; ``None`` where neither does: it is something else with zero bytes in it."""
    even = content[: len(content) // 2 * 2]
    texts = [even.decode(encoding, errors="replace").rstrip("\0") for encoding in ("utf-16-le", "utf-16-be")]
    best = max(texts, key=lambda text: common_share(text[:_JUDGED].replace("\ufffd", "\U0010ffff")))
    return best if "\0" not in best and common_share(best[:_JUDGED]) >= _PLAUSIBLE_SHARE else None


def _without_padding(content: bytes, path: str) -> bytes:
    """A file filled up with zero bytes, or with a few of them in it. Many of them are no text."""
    content = content.rstrip(b"\0")
    if content.count(0) * 100 > len(content):
        raise UnsupportedFormat(f"文件内容不是文字：{path}", "请上传 PDF、DOCX、HTML、TXT 或 Markdown 文件")
    return content.replace(b"\0", b"")


def _mostly(content: bytes, encoding: str) -> bool:
    """Chinese in this encoding, but for at most one in fifty of the characters beyond ASCII, which are broken."""
    text = content[:_JUDGED].decode(encoding, errors="replace")
    beyond_ascii = sum(char > "\u007f" for char in text)
    broken = text.count("\ufffd")
    return broken * 50 <= beyond_ascii and common_share(text.replace("\ufffd", "")) >= _PLAUSIBLE_SHARE


def _legacy(content: bytes, path: str) -> str:
    if _mostly(content, "gb18030"):
        return content.decode("gb18030", errors="replace")
    best = charset_normalizer.from_bytes(content[:_JUDGED]).best()
    if best is not None:
        return content.decode(best.encoding, errors="replace")
    raise UnsupportedFormat(f"文件的文字编码无法识别：{path}", "请用记事本打开后另存为 UTF-8 编码再上传")
