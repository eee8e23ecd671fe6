"""ZIP containers and the XML in them: refused before they unpack to more than a limit, and watched while they do."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from ingest.errors import CorruptFile, EncryptedFile, TooLarge
from ingest.limits import MEGABYTE, Limits

# What a broken container or a broken part of it raises.
BROKEN = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError, NotImplementedError, OSError)
_BLOCK = 64 * 1024
_ENCRYPTED = 0x1


def check_archive(content: bytes, path: str, limits: Limits) -> None:
    """Raises TooLarge by the sizes that the directory declares, CorruptFile where an entry holds another size than it
    declares (a lying directory is how a bomb gets past the first check), EncryptedFile for a packed password.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            if total > limits.unpacked_bytes or total > max(limits.ratio_floor, limits.unpack_ratio * len(content)):
                raise TooLarge(
                    f"文件展开后有 {total // MEGABYTE} MB，超过限制，未读取：{path}",
                    "请确认文件来源；正常的公文不会这样大",
                )
            if any(entry.flag_bits & _ENCRYPTED for entry in entries):
                raise EncryptedFile(f"文件有密码保护：{path}", "请去掉密码后另存，再重新上传")
            for entry in entries:
                with archive.open(entry) as stream:
                    # Reads in blocks: memory stays small; zipfile stops at the declared size and compares the checksum.
                    while stream.read(_BLOCK):
                        pass
    except BROKEN as error:
        raise CorruptFile(f"文件已损坏，无法打开：{path}", "请重新下载，或用原程序打开后另存再上传") from error


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
