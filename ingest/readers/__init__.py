"""Bytes → text, one module a format. The type is sniffed from the content; a suffix is only somebody's claim."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, EncryptedFile, NoText, ReadError, TooLarge, UnsupportedFormat
from ingest.limits import MEGABYTE, Limits
from ingest.readers import sniffing
from ingest.readers.archive import check_archive
from ingest.readers.ofd import read_ofd
from ingest.readers.office import read_office
from ingest.readers.pdf import read_pdf
from ingest.readers.sheet import read_sheet
from ingest.readers.sniffing import sniff, suffix_of
from ingest.readers.text import read_markdown, read_text
from ingest.readers.webpage import read_webpage
from ingest.readers.word import read_word

__all__ = ["READERS", "read", "sniff"]

READERS: dict[str, Callable[[SourceFile], SourceText]] = {
    sniffing.PDF: read_pdf,
    sniffing.DOCX: read_word,
    sniffing.OFD: read_ofd,
    sniffing.XLSX: read_sheet,
    sniffing.DOC: read_office,
    sniffing.RTF: read_office,
    sniffing.ODT: read_office,
    sniffing.HTML: read_webpage,
    sniffing.MARKDOWN: read_markdown,
    sniffing.PLAIN: read_text,
}

_PACKAGES = (sniffing.DOCX, sniffing.OFD, sniffing.XLSX, sniffing.ODT)
_REFUSED: dict[str, tuple[str, str]] = {
    sniffing.ODF: ("暂不支持 OpenDocument 表格和演示文稿", "请另存为 .xlsx 或 PDF 后再上传"),
    sniffing.XLS: ("暂不支持旧版 Excel 文件（.xls）", "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传"),
    sniffing.PPT: ("暂不支持演示文稿（.ppt）", "请另存为 PDF 后再上传"),
    sniffing.PPTX: ("暂不支持演示文稿（.pptx）", "请另存为 PDF 后再上传"),
    sniffing.ZIP: ("暂不支持压缩包", "请解压后上传其中的文件，或直接选择解压后的文件夹"),
    sniffing.ARCHIVE: ("暂不支持压缩包", "请解压后上传其中的文件，或直接选择解压后的文件夹"),
    sniffing.IMAGE: ("暂不支持图片文件，没有可读取的文字", "请换用带文字的 PDF 或 Word 版本"),
    sniffing.MHTML: ("暂不支持 MHTML 网页存档", "请用浏览器打开后另存为“网页，仅 HTML”再上传"),
}
# Text under one of these suffixes is a broken download or a renamed file, not a text file.
_BINARY_SUFFIXES = {
    ".docx": "Word", ".doc": "Word", ".wps": "WPS", ".pdf": "PDF", ".xls": "Excel", ".xlsx": "Excel", ".ofd": "OFD",
    ".ppt": "PowerPoint", ".pptx": "PowerPoint", ".rtf": "RTF", ".zip": "压缩",
}  # fmt: skip

_HANZI = re.compile(r"[\u3400-\u9fff]")
# Text, but never the text of a policy file.
_NOT_PROSE = frozenset(
    (".json", ".jsonl", ".csv", ".tsv", ".xml", ".js", ".css", ".py", ".sql", ".log", ".yaml", ".yml", ".ini")
)


def read(source: SourceFile, limits: Limits = Limits()) -> SourceText:
    """Text of a file, by its content. Same bytes, same text.

    Raises NoText (empty, or a scan), UnsupportedFormat (no reader, or not what its name says), EncryptedFile,
    CorruptFile, TooLarge (over ``limits``). Memory and time are bounded only in ``ingest.sandbox``.
    """
    if not source.content.strip(b"\0 \t\r\n"):
        raise NoText(f"文件是空的：{source.path}", "请检查文件是否下载完整，再重新上传")
    if len(source.content) > limits.input_bytes:
        raise TooLarge(too_large(source.path, len(source.content), limits), "请拆分文件，或压缩其中的图片后再上传")
    kind = sniff(source.content, source.path)
    reader = READERS.get(kind)
    if reader is None:
        raise _refusal(kind, source.path)
    suffix = suffix_of(source.path)
    if kind in (sniffing.PLAIN, sniffing.MARKDOWN) and suffix in _BINARY_SUFFIXES:
        name = _BINARY_SUFFIXES[suffix]
        raise CorruptFile(
            f"文件名是 {suffix}，内容却不是 {name} 文件：{source.path}", "请重新下载，或确认文件没有被改过名字"
        )
    if kind == sniffing.PLAIN and suffix in _NOT_PROSE:
        raise UnsupportedFormat(
            f"不是政策文件的类型（{suffix}）：{source.path}", "请上传 PDF、OFD、DOCX、XLSX、HTML、TXT 或 Markdown 文件"
        )
    if kind in _PACKAGES:
        check_archive(source.content, source.path, limits)
    try:
        text = reader(source)
    except RecursionError as error:
        raise CorruptFile(f"文件结构嵌套过深，无法读取：{source.path}", "请用原程序打开后另存再上传") from error
    if not _HANZI.search(text.text):
        raise NoText(f"文件里没有中文文字：{source.path}", "请确认文件内容；扫描件需要先转换为带文字的版本")
    if len(text.text) > limits.characters:
        raise TooLarge(f"文字超过 {limits.characters} 字，未收入：{source.path}", "请拆分文件后再上传")
    return text


def too_large(path: str, size: int, limits: Limits) -> str:
    """The message for a file over the size limit, the same wherever it is noticed."""
    return f"文件有 {size // MEGABYTE} MB，超过 {limits.input_bytes // MEGABYTE} MB 的限制：{path}"


def _refusal(kind: str, path: str) -> ReadError:
    if kind == sniffing.ENCRYPTED_OFFICE:
        return EncryptedFile(f"文件有密码保护：{path}", "请去掉密码后另存，再重新上传")
    if kind in _REFUSED:
        message, hint = _REFUSED[kind]
        return UnsupportedFormat(f"{message}：{path}", hint)
    return UnsupportedFormat(f"无法识别的文件类型：{path}", "请上传 PDF、OFD、DOCX、XLSX、HTML、TXT 或 Markdown 文件")
