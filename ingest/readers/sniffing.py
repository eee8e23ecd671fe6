"""What a file is, from its first bytes and its inner names; the suffix only decides between kinds of plain text."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from pathlib import PurePosixPath

from ingest.errors import UnsupportedFormat
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
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODF = "application/vnd.oasis.opendocument"
OFD = "application/ofd"
ZIP = "application/zip"
RTF = "application/rtf"
MHTML = "multipart/related"
IMAGE = "image/*"
ARCHIVE = "application/x-archive"
UNKNOWN = "application/octet-stream"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n", IMAGE), (b"\xff\xd8\xff", IMAGE), (b"GIF8", IMAGE), (b"II*\0", IMAGE), (b"MM\0*", IMAGE),
    (b"Rar!\x1a\x07", ARCHIVE), (b"7z\xbc\xaf\x27\x1c", ARCHIVE), (b"\x1f\x8b\x08", ARCHIVE),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams inside an OLE file, stored as UTF-16.
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE), ("WordDocument", DOC), ("Workbook", XLS), ("Book\0", XLS), ("PowerPoint Document", PPT),
)  # fmt: skip
_ZIP_ENTRIES = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX), ("OFD.xml", OFD))
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,4000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|table|article|section)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml")
_MARKDOWN_SUFFIXES = (".md", ".markdown")
_HEAD, _TYPE_HEAD = 8192, 120


def sniff(content: bytes, path: str = "") -> str:
    """Media type of a file. ``application/octet-stream`` where it is none of the known ones."""
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(content)
    if content.startswith(_OLE):
        return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in content), UNKNOWN)
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    return _text_kind(content, path)


def suffix_of(path: str) -> str:
    """``a\\b/通知.DOCX`` → ``.docx``."""
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def _zip_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        # The directory at the end is lost (a cut file); the entry names stand before each entry as well.
        names = [name for name, _ in _ZIP_ENTRIES if name.encode() in content]
    for prefix, kind in _ZIP_ENTRIES:
        if any(name.startswith(prefix) for name in names):
            return kind
    # OpenDocument: the type is the content of the first entry, which is never compressed.
    return next((kind for kind in (ODT, ODF) if kind.encode() in content[:_TYPE_HEAD]), ZIP)


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
    if re.match(r"\s*(?:MIME-Version:|From: <Saved by)", head):
        return MHTML
    return MARKDOWN if suffix in _MARKDOWN_SUFFIXES else PLAIN


def _looks_binary(head: str) -> bool:
    controls = sum(char < " " and char not in "\t\n\r\f\x1a" for char in head)
    return controls * 100 > len(head)
