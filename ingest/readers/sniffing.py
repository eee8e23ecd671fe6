"""What a file is, from its first bytes and its inner names; the suffix only decides between kinds of plain text."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import PurePosixPath
from typing import BinaryIO

from ingest.errors import ReadError, UnsupportedFormat
from ingest.readers.archive import BROKEN, open_archive
from ingest.readers.ole import OLE_MAGIC, has_password, streams_of
from ingest.readers.text import decode

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"

ENCRYPTED_OFFICE = "application/x-encrypted-office"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODF = "application/vnd.oasis.opendocument"
OFD = "application/ofd"
ZIP = "application/zip"
RTF = "application/rtf"
MHTML = "multipart/related"
CSV = "text/csv"
WORD_XML = "application/x-word-xml"
IMAGE = "image/*"
HEIC = "image/heic"
TAR = "application/x-tar"
GZIP = "application/gzip"
ARCHIVE = "application/x-archive"
UNKNOWN = "application/octet-stream"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n", IMAGE), (b"\xff\xd8\xff", IMAGE), (b"GIF8", IMAGE), (b"II*\0", IMAGE), (b"MM\0*", IMAGE),
    (b"Rar!\x1a\x07", ARCHIVE), (b"7z\xbc\xaf\x27\x1c", ARCHIVE), (b"\x1f\x8b\x08", GZIP),
    (b"BZh", ARCHIVE), (b"\xfd7zXZ\0", ARCHIVE),
)  # fmt: skip
# Streams at the top level of an OLE file; deeper ones belong to files inserted in it.
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE), ("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("PowerPoint Document", PPT),
)  # fmt: skip
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_MARK = slice(257, 262)
# The main part of each kind of package, and the folder of its parts.
_ZIP_PARTS = {
    "word/document.xml": DOCX,
    "xl/workbook.bin": XLSB,
    "xl/workbook.xml": XLSX,
    "ppt/presentation.xml": PPTX,
    "OFD.xml": OFD,
}
_ZIP_FOLDERS = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX), ("OFD.xml", OFD))
# Word 2003 XML, and a whole DOCX as one XML file.
_WORD_XML = re.compile(r'\s*<\?xml[^>]*>\s*(?:<\?mso-application\s+progid="Word\.Document"\?>|<pkg:package\b)')
_MAIL_HEAD = re.compile(
    r"(?:[A-Za-z-]{2,40}:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version:|Content-Type:\s*multipart/related)",
    re.IGNORECASE,
)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,4000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|table|article|section)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml")
_MARKDOWN_SUFFIXES = (".md", ".markdown")
_TABLE_SUFFIXES = (".csv", ".tsv")
_HEAD, _TYPE_HEAD = 8192, 120


def sniff(content: bytes, path: str = "") -> str:
    """Media type of a file. ``application/octet-stream`` where it is none of the known ones."""
    if content.startswith(_ZIP_MAGIC):
        return _zip_kind(content)
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(OLE_MAGIC):
        return _ole_kind(content)
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[8:12] == b"WEBP" or (content.startswith(b"BM") and content[6:10] == bytes(4)):
        return IMAGE
    if content[4:8] == b"ftyp" and content[8:11] in (b"hei", b"hev", b"mif", b"avi"):
        return HEIC
    if content[_TAR_MARK] == b"ustar":
        return TAR
    return _text_kind(content, path)


def suffix_of(path: str) -> str:
    """``a\\b/通知.DOCX`` → ``.docx``."""
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def _ole_kind(content: bytes) -> str:
    streams = streams_of(content)
    if not streams:  # a cut file: the names of its streams, stored as UTF-16
        return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in content), UNKNOWN)
    kind = next((kind for name, kind in _OLE_STREAMS if name in streams), UNKNOWN)
    return ENCRYPTED_OFFICE if kind in (DOC, XLS) and has_password(streams) else kind


def is_zip_of_files(stream: BinaryIO) -> bool:
    """Whether a file that is too large to be read is an archive, not one of the packages that are archives inside."""
    head = stream.read(_TYPE_HEAD)
    try:
        return head.startswith(_ZIP_MAGIC) and (_package_kind(stream) or _other_zip_kind(head)) == ZIP
    except (*BROKEN, ReadError):
        return False


def _zip_kind(content: bytes) -> str:
    try:
        return _package_kind(io.BytesIO(content)) or _other_zip_kind(content)
    except (*BROKEN, ReadError):
        # The directory at the end is lost (a cut file); the entry names stand before each entry as well.
        return next((kind for folder, kind in _ZIP_FOLDERS if folder.encode() in content), _other_zip_kind(content))


def _package_kind(stream: BinaryIO) -> str | None:
    with open_archive(stream) as archive:
        names = [name.replace("\\", "/") for name in archive.namelist()]
    main = next((_ZIP_PARTS[name] for name in names if name in _ZIP_PARTS), None)
    if main is None and "[Content_Types].xml" in names:  # an archive of files may have a folder named word
        main = next((kind for folder, kind in _ZIP_FOLDERS if any(name.startswith(folder) for name in names)), None)
    return main


def _other_zip_kind(content: bytes) -> str:
    """OpenDocument: the type is the content of the first entry, which is never compressed."""
    head = content[:_TYPE_HEAD]
    return next((kind for kind in (ODT, ODS, ODF) if kind.encode() in head), ZIP)


def _text_kind(content: bytes, path: str) -> str:
    suffix = suffix_of(path)
    # Tags and controls are ASCII in every encoding but UTF-16; only there does the head need decoding.
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:_HEAD]
    try:
        head = (
            decode(content[:_HEAD], path) if utf16 else content[:_HEAD].removeprefix(codecs.BOM_UTF8).decode("latin-1")
        )
    except UnsupportedFormat:
        return UNKNOWN
    if _looks_binary(head):
        return UNKNOWN
    if suffix not in _MARKDOWN_SUFFIXES and _HTML_START.match(head):
        return HTML
    if suffix in _HTML_SUFFIXES and re.search(r"</?[a-zA-Z][^<>]*>", head):
        return HTML
    if _WORD_XML.match(head):
        return WORD_XML
    if _MAIL_HEAD.match(head.lstrip().replace("\r\n", "\n")):
        return MHTML
    if suffix in _TABLE_SUFFIXES:
        return CSV
    return MARKDOWN if suffix in _MARKDOWN_SUFFIXES else PLAIN


def _looks_binary(head: str) -> bool:
    controls = sum(char < " " and char not in "\t\n\r\f\x1a" for char in head)
    return controls * 100 > len(head)
