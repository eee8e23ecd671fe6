"""Bytes → text, one module a format. The type is sniffed from the content; a suffix is only somebody's claim."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.document import SourceFile, SourceText
from ingest.errors import CorruptFile, EncryptedFile, NoText, ReadError, TooLarge, UnsupportedFormat
from ingest.limits import MEGABYTE, Limits
from ingest.readers import sniffing
from ingest.readers.archive import check_archive
from ingest.readers.delimited import read_delimited
from ingest.readers.markdown import read_markdown
from ingest.readers.mhtml import read_mhtml
from ingest.readers.ocr import Recogniser
from ingest.readers.ofd import read_ofd
from ingest.readers.office import read_office
from ingest.readers.pdf import read_pdf
from ingest.readers.picture import read_picture
from ingest.readers.sheet import read_sheet
from ingest.readers.slides import read_slides
from ingest.readers.sniffing import sniff, suffix_of
from ingest.readers.text import read_text
from ingest.readers.webpage import read_webpage
from ingest.readers.word import read_word

__all__ = ["READERS", "read", "sniff"]

READERS: dict[str, Callable[[SourceFile], SourceText]] = {
    sniffing.DOCX: read_word,
    sniffing.XLSX: read_sheet,
    sniffing.DOC: read_office,
    sniffing.RTF: read_office,
    sniffing.ODT: read_office,
    sniffing.XLS: read_office,
    sniffing.XLSB: read_office,
    sniffing.ODS: read_office,
    sniffing.CSV: read_delimited,
    sniffing.PPTX: read_slides,
    sniffing.HTML: read_webpage,
    sniffing.MHTML: read_mhtml,
    sniffing.MARKDOWN: read_markdown,
    sniffing.PLAIN: read_text,
}

# Formats whose pages may be pictures.
_PICTURED: dict[str, Callable[[SourceFile, Recogniser], SourceText]] = {
    sniffing.PDF: read_pdf,
    sniffing.OFD: read_ofd,
    sniffing.IMAGE: read_picture,
}

ACCEPTED = "PDF、图片、OFD、Word（docx、doc、wps、rtf、odt）、Excel（xlsx、xls、et、csv）、PPTX、网页、TXT、Markdown 文件或 ZIP 压缩包"

_PACKAGES = (sniffing.DOCX, sniffing.OFD, sniffing.XLSX, sniffing.ODT, sniffing.ODS, sniffing.XLSB, sniffing.PPTX)
_REFUSED: dict[str, tuple[str, str]] = {
    sniffing.ODF: ("暂不支持 OpenDocument 演示文稿和图形", "请另存为 PDF 后再上传"),
    sniffing.HEIC: ("暂不支持 HEIC 图片（苹果手机的照片格式）", "请另存为 JPG 后再上传"),
    # LibreOffice reads these, but with what was deleted and without the numbers.
    sniffing.WORD_XML: ("暂不支持 Word XML 文档", "请用 Word 或 WPS 打开，另存为 .docx 后再上传"),
    sniffing.PPT: ("暂不支持旧版演示文稿（.ppt）", "请另存为 .pptx 或 PDF 后再上传"),
    sniffing.ZIP: ("压缩包里的压缩包只展开一层，这一个未读取", "请解压后上传其中的文件"),
    sniffing.TAR: ("压缩包里的压缩包只展开一层，这一个未读取", "请解压后上传其中的文件"),
    sniffing.GZIP: ("暂不支持这种压缩文件（.gz）", "请解压后上传其中的文件，或改用 ZIP"),
    sniffing.ARCHIVE: ("暂不支持 RAR、7Z 等压缩包", "请改用 ZIP，或解压后直接选择文件夹"),
}
# Text under one of these suffixes is a broken download or a renamed file, not a text file.
_BINARY_SUFFIXES = {
    ".docx": "Word", ".doc": "Word", ".wps": "WPS", ".pdf": "PDF", ".xls": "Excel", ".xlsx": "Excel", ".ofd": "OFD",
    ".ppt": "PowerPoint", ".pptx": "PowerPoint", ".rtf": "RTF", ".zip": "压缩", ".et": "WPS 表格", ".odt": "ODT", ".ods": "ODS",
    ".docm": "Word", ".xlsm": "Excel",
}  # fmt: skip

_HANZI = re.compile(r"[\u3400-\u9fff]")
# Text, but never the text of a policy file.
_NOT_PROSE = frozenset((".json", ".jsonl", ".xml", ".js", ".css", ".py", ".sql", ".log", ".yaml", ".yml", ".ini"))


def read(
    source: SourceFile, limits: Limits = Limits(), progress: Callable[[int, int], None] | None = None
) -> SourceText:
    """Text of a file, by its content. Same bytes, same text.

    Raises NoText (empty, or a scan), UnsupportedFormat (no reader, or not what its name says), EncryptedFile,
    CorruptFile, TooLarge (over ``limits``). Memory and time are bounded only in ``ingest.sandbox``.
    """
    if not source.content.strip(b"\0 \t\r\n"):
        raise NoText(f"文件是空的：{source.path}", "请检查文件是否下载完整，再重新上传")
    if len(source.content) > limits.input_bytes:
        raise TooLarge(too_large(source.path, len(source.content), limits), "请拆分文件，或压缩其中的图片后再上传")
    kind = sniff(source.content, source.path)
    if kind not in READERS and kind not in _PICTURED:
        raise _refusal(kind, source.path)
    suffix = suffix_of(source.path)
    if kind in (sniffing.PLAIN, sniffing.MARKDOWN) and suffix in _BINARY_SUFFIXES:
        name = _BINARY_SUFFIXES[suffix]
        raise CorruptFile(
            f"文件名是 {suffix}，内容却不是 {name} 文件：{source.path}", "请重新下载，或确认文件没有被改过名字"
        )
    if kind == sniffing.PLAIN and suffix in _NOT_PROSE:
        raise UnsupportedFormat(f"不是政策文件的类型（{suffix}）：{source.path}", f"请上传 {ACCEPTED}")
    if kind in _PACKAGES:
        check_archive(source.content, source.path, limits)
    try:
        text = READERS[kind](source) if kind in READERS else _PICTURED[kind](source, Recogniser(limits, progress))
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
    return UnsupportedFormat(f"无法识别的文件类型：{path}", f"请上传 {ACCEPTED}")
