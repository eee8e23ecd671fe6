"""The files in a ZIP or a TAR, one at a time in memory. Names are for people: none is ever a path on disk.

Archives are hostile input and are opened in the process of the program: what they declare is checked before anything is
unpacked, and what they hold while it is.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ingest.errors import CorruptFile, EncryptedFile, NoText, ReadError, TooLarge, UnsupportedFormat
from ingest.limits import MEGABYTE, Limits
from ingest.readers import too_large
from ingest.readers.archive import BROKEN, is_encrypted, open_archive, overlapping
from ingest.wanted import wanted

# File and what it holds, or why that cannot be had.
Member = tuple[str, bytes | ReadError]

_DAMAGED = "压缩包已损坏，无法打开"
_AGAIN = "请重新下载，或解压后上传其中的文件"
# The other methods are rare, and one of them (LZMA) lets the archive say how much memory it takes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UTF8_NAME, _UNICODE_PATH = 0x800, 0x7075
_MADE_ON_UNIX = 3
# Controls, direction overrides, and what Windows does not allow in a name.
_NOT_IN_NAMES = re.compile(r'[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff:*?"<>|]')
_NAME_LENGTH, _DEPTH = 150, 20
_BLOCK = 64 * 1024
_TAR_BLOCK, _TAR_MARK = 512, slice(257, 262)
_BROKEN_TAR = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError)


@dataclass(slots=True)
class Budget:
    """What is left for the files of one archive and of the archives inside it."""

    files: int
    size: int

    @classmethod
    def of(cls, limits: Limits) -> Budget:
        return cls(limits.archive_files, limits.archive_bytes)

    def take(self, size: int) -> bool:
        """Whether one more file of this size may be unpacked."""
        self.files -= 1
        self.size -= size
        return self.files >= 0 and self.size >= 0


def unzip(archive: bytes | BinaryIO, path: str, limits: Limits, budget: Budget) -> Iterator[Member]:
    """Files of a ZIP in the order of their names, as ``包.zip/目录/文件.pdf``; a problem with one never stops the others.

    What the system puts into archives (__MACOSX, .DS_Store, Thumbs.db) and lists are passed over as in folders.
    """
    try:
        with open_archive(archive, path) as opened:
            yield from _zip_members(opened, path, limits, budget)
    except BROKEN:
        yield path, CorruptFile(f"{_DAMAGED}：{path}", _AGAIN)
    except TooLarge as error:
        yield path, error


def _zip_members(archive: zipfile.ZipFile, path: str, limits: Limits, budget: Budget) -> Iterator[Member]:
    listed = [entry for entry in archive.infolist() if not entry.is_dir()]
    tangled = overlapping(listed)
    named = dict(zip(_unique([_shown(_zip_name(entry)) for entry in listed]), listed, strict=True))
    kept = sorted(wanted(list(named)))
    if not kept:
        yield path, NoText(f"压缩包里没有可读取的文件：{path}", "请确认压缩包是否完整")
    elif all(is_encrypted(named[name]) for name in kept):
        yield path, EncryptedFile(f"压缩包有密码：{path}", "请用密码解压后，上传其中的文件")
    else:
        for place, name in enumerate(kept):
            if not budget.take(min(named[name].file_size, limits.input_bytes)):
                yield path, _too_many(path, len(kept) - place, limits)
                return
            shown = f"{path}/{name}"
            entry = named[name]
            yield shown, _tangled(shown) if entry in tangled else _zip_content(archive, entry, shown, limits)


def _zip_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shown: str, limits: Limits) -> bytes | ReadError:
    if is_encrypted(entry):
        return EncryptedFile(f"文件有密码保护：{shown}", "请用密码解压后再上传")
    if entry.create_system == _MADE_ON_UNIX and stat.S_ISLNK(entry.external_attr >> 16):
        return _link(shown)
    if entry.file_size > limits.input_bytes:
        return TooLarge(too_large(shown, entry.file_size, limits), "请拆分文件，或压缩其中的图片后再上传")
    if entry.file_size > max(limits.ratio_floor, limits.unpack_ratio * entry.compress_size):
        return TooLarge(f"文件展开后有 {entry.file_size // MEGABYTE} MB，超过限制，未读取：{shown}", "请确认文件来源")
    if entry.compress_type not in _METHODS:
        return UnsupportedFormat(f"压缩方式不受支持，无法解压：{shown}", "请解压后上传，或用普通方式重新压缩为 ZIP")
    try:
        # zipfile stops at the declared size and compares the checksum.
        return archive.read(entry)
    except BROKEN:
        return CorruptFile(f"压缩包中的文件已损坏：{shown}", _AGAIN)


def is_tar(content: bytes) -> bool:
    """A TAR, or a GZIP with a TAR in it."""
    try:
        head = gzip.GzipFile(fileobj=io.BytesIO(content)).read(_TAR_BLOCK) if content[:2] == b"\x1f\x8b" else content
    except _BROKEN_TAR:
        return False
    return head[_TAR_MARK] == b"ustar"


def untar(content: bytes, path: str, limits: Limits, budget: Budget) -> Iterator[Member]:
    """Files of a TAR or TAR.GZ, in its own order (it can only be read from front to back); else as ``unzip``."""
    packed = io.BytesIO(content)
    plain: BinaryIO = gzip.GzipFile(fileobj=packed) if content[:2] == b"\x1f\x8b" else packed  # type: ignore[assignment]
    found = False
    names: set[str] = set()
    try:
        stream = _Forward(plain, limits)
        with tarfile.TarFile(fileobj=stream, encoding="utf-8", errors="surrogateescape") as archive:  # type: ignore[arg-type]
            for entry in archive:
                raw = entry.name.encode("utf-8", "surrogateescape")
                name = _shown(_decoded(raw))
                if entry.isdir() or not wanted([name]):
                    continue
                found = True
                if not budget.take(min(entry.size, limits.input_bytes)):
                    yield path, _too_many(path, None, limits)
                    return
                name = _unlike(name, names)
                names.add(name)
                yield f"{path}/{name}", _tar_content(archive, entry, f"{path}/{name}", limits)
    except TooLarge as error:
        yield path, TooLarge(f"{error}：{path}", error.hint)
    except _BROKEN_TAR:
        yield (
            path,
            CorruptFile(
                f"{_DAMAGED}：{path}" if not found else f"压缩包后半部分已损坏，其余文件未读取：{path}", _AGAIN
            ),
        )
    else:
        if not found:
            yield path, NoText(f"压缩包里没有可读取的文件：{path}", "请确认压缩包是否完整")


def _tar_content(archive: tarfile.TarFile, entry: tarfile.TarInfo, shown: str, limits: Limits) -> bytes | ReadError:
    if entry.issym() or entry.islnk():
        return _link(shown)
    if entry.size > limits.input_bytes:
        return TooLarge(too_large(shown, entry.size, limits), "请拆分文件，或压缩其中的图片后再上传")
    stored = archive.extractfile(entry) if entry.isreg() and not entry.issparse() else None
    if stored is None:
        return CorruptFile(f"不是普通文件：{shown}", "请解压后上传其中的文件")
    return stored.read()


class _Forward:
    """A stream that is read from front to back, no more than is allowed: tarfile believes any size in a header."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self._limits.input_bytes + _TAR_BLOCK:
            raise TooLarge("压缩包结构异常，未读取", _AGAIN)
        content = self._stream.read(size)
        self._place += len(content)
        if self._place > self._limits.archive_bytes:
            raise TooLarge(
                f"压缩包展开后超过 {self._limits.archive_bytes // MEGABYTE} MB，其余文件未读取", "请分成几个压缩包"
            )
        return content

    def tell(self) -> int:
        return self._place

    def seek(self, place: int) -> int:
        while self._place < place and self.read(min(_BLOCK, place - self._place)):
            pass
        if self._place != place:
            raise tarfile.ReadError("not a place further on")
        return place


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """UTF-8 where the entry says so or has the name in its Unicode field; else what Windows and macOS programs write."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    return _unicode_path(entry.extra, raw) or _decoded(raw)


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Info-ZIP's field 0x7075: version, checksum of the plain name, name in UTF-8."""
    place = 0
    while place + 4 <= len(extra):
        kind, size = (
            int.from_bytes(extra[place : place + 2], "little"),
            int.from_bytes(extra[place + 2 : place + 4], "little"),
        )
        value = extra[place + 4 : place + 4 + size]
        if kind == _UNICODE_PATH and int.from_bytes(value[1:5], "little") == zlib.crc32(raw):
            return value[5:].decode("utf-8", "replace")
        place += 4 + size
    return None


def _decoded(raw: bytes) -> str:
    """macOS writes UTF-8 without saying so, Chinese Windows GBK."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("gb18030", "replace")


def _shown(name: str) -> str:
    """The name as it is shown: relative, with ``/``, without anything that a path could do harm with."""
    parts = [_NOT_IN_NAMES.sub("", part).strip() for part in name.replace("\\", "/").split("/")]
    kept = [part[-_NAME_LENGTH:] for part in parts if part.strip(". ")]
    return "/".join(kept[-_DEPTH:]) or "未命名"


def _unique(names: Sequence[str]) -> list[str]:
    """The same name twice becomes 通知.pdf and 通知(2).pdf: a path identifies a file that has no number."""
    seen: dict[str, None] = {}
    for name in names:
        seen[_unlike(name, seen)] = None
    return list(seen)


def _unlike(name: str, taken: set[str] | dict[str, None]) -> str:
    stem, dot, suffix = name.rpartition(".") if "." in name.rpartition("/")[2] else (name, "", "")
    number, unlike = 1, name
    while unlike in taken:
        number += 1
        unlike = f"{stem}({number}){dot}{suffix}"
    return unlike


def _too_many(path: str, left: int | None, limits: Limits) -> TooLarge:
    rest = "其余文件" if left is None else f"其余 {left} 个文件"
    most = f"{limits.archive_files} 个文件或展开后 {limits.archive_bytes // MEGABYTE} MB"
    return TooLarge(f"压缩包超过 {most} 的限制，{rest}未读取：{path}", "请分成几个压缩包，或解压后上传")


def _tangled(shown: str) -> CorruptFile:
    return CorruptFile(f"压缩包结构异常（文件互相重叠），未读取：{shown}", "请确认文件来源，解压后再上传")


def _link(shown: str) -> CorruptFile:
    return CorruptFile(f"是指向别处的链接，不是文件：{shown}", "请上传它所指的文件")
