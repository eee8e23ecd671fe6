"""ZIP containers and the XML in them: refused before they unpack to more than a limit, and watched while they do."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from ingest.errors import CorruptFile, EncryptedFile, TooLarge
from ingest.limits import MEGABYTE, Limits

# What a broken container or a broken part of it raises; zipfile's NotImplementedError stands for an unknown packing method
# or a version above its own, both of which flipped bytes make.
BROKEN = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError, NotImplementedError, OSError, UnicodeDecodeError, struct.error,
)  # fmt: skip
_BLOCK = 64 * 1024
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
# The directory of an archive costs a hundred times its size in memory: 4 MB are about 40,000 entries.
_MAX_DIRECTORY = 4 * MEGABYTE
_END, _END_SIZE, _COMMENT = b"PK\x05\x06", 22, 65_535
_END_64 = b"PK\x06\x06"


def open_archive(content: bytes | BinaryIO, path: str = "") -> zipfile.ZipFile:
    """An archive whose directory is of sane size. Raises one of ``BROKEN``, TooLarge."""
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    if _directory_size(stream) > _MAX_DIRECTORY:
        raise TooLarge(f"里面的文件太多，未读取：{path}", "请分成几个压缩包，或解压后上传")
    return zipfile.ZipFile(stream)


def overlapping(entries: Sequence[zipfile.ZipInfo]) -> frozenset[zipfile.ZipInfo]:
    """Entries whose bytes are also those of another entry: a small file that unpacks to a huge one is made so."""
    found: set[zipfile.ZipInfo] = set()
    reached, last = -1, None
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < reached and last is not None:
            found.update((last, entry))
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
        if end > reached:
            reached, last = end, entry
    return frozenset(found)


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    """Packed with a password."""
    return bool(entry.flag_bits & _ENCRYPTED)


def check_archive(content: bytes, path: str, limits: Limits) -> None:
    """Raises TooLarge by the sizes that the directory declares, CorruptFile where an entry holds another size than it
    declares (a lying directory is how a bomb gets past the first check), EncryptedFile for a packed password.
    """
    try:
        with open_archive(content, path) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            if total > limits.unpacked_bytes or total > max(limits.ratio_floor, limits.unpack_ratio * len(content)):
                raise TooLarge(
                    f"文件展开后有 {total // MEGABYTE} MB，超过限制，未读取：{path}",
                    "请确认文件来源；正常的公文不会这样大",
                )
            if any(map(is_encrypted, entries)):
                raise EncryptedFile(f"文件有密码保护：{path}", "请去掉密码后另存，再重新上传")
            if overlapping(entries):
                raise zipfile.BadZipFile("entries overlap")
            for entry in entries:
                with archive.open(entry) as stream:
                    # Reads in blocks: memory stays small; zipfile stops at the declared size and compares the checksum.
                    while stream.read(_BLOCK):
                        pass
    except BROKEN as error:
        raise CorruptFile(f"文件已损坏，无法打开：{path}", "请重新下载，或用原程序打开后另存再上传") from error


def _directory_size(stream: BinaryIO) -> int:
    """Bytes of the central directory, by the record at the end of the file; 0 where there is none."""
    length = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, length - _END_SIZE - _COMMENT))
    tail = stream.read()
    place = tail.rfind(_END)
    if place < 0 or place + _END_SIZE > len(tail):
        return 0
    (size,) = struct.unpack_from("<I", tail, place + 12)
    large = tail.rfind(_END_64, 0, place)
    if large >= 0 and large + 48 <= len(tail):
        (size_64,) = struct.unpack_from("<Q", tail, large + 40)
        return size_64 if size == 0xFFFFFFFF else max(size, size_64)
    return size


class Package:
    """The parts of a container, by name: without regard to case, and only those inside it. A name is never a path."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {_plain(name): name for name in archive.namelist()}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._names

    def read(self, name: str) -> bytes | None:
        """Bytes of a part, ``None`` where there is no such part. Raises one of ``BROKEN``."""
        stored = self._names.get(_plain(name))
        return None if stored is None else self._archive.read(stored)

    def xml(self, name: str) -> etree._Element | None:
        content = self.read(name)
        return None if content is None else parse_xml(content)

    def relations(self, part: str = "") -> Relations:
        """Relationships of a part of an Office package, or of the package itself. What lies outside it is left out."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        by_kind: dict[str, str] = {}
        by_id: dict[str, str] = {}
        for entry in () if root is None else root.iter("{*}Relationship"):
            if entry.get("TargetMode") == "External":
                continue
            target = entry.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            by_kind.setdefault(entry.get("Type", "").rsplit("/", 1)[-1], place)
            by_id[entry.get("Id", "")] = place
        return Relations(by_kind, by_id)


@dataclass(frozen=True, slots=True)
class Relations:
    """Names of the parts that a part names: by the last word of the relationship's type (the first of each), and by id."""

    by_kind: dict[str, str]
    by_id: dict[str, str]


def parse_xml(content: bytes) -> etree._Element:
    """Root of a part. No entity is expanded, nothing is fetched; libxml2's own limits on depth and length stay on.

    Raises one of ``BROKEN``; a document type is none of a package's business and counts as damage.
    """
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    if root.getroottree().docinfo.doctype:
        raise zipfile.BadZipFile("a part of a package may not have a document type")
    return root


def local_name(element: etree._Element) -> str:
    """Name without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
