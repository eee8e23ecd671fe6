"""Find the files to take in, and report on each of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.account import Account
from ingest.document import SourceFile
from ingest.errors import CorruptFile, ReadError, TooLarge
from ingest.limits import Limits
from ingest.readers import sniff, sniffing, too_large
from ingest.unpack import Budget, is_tar, untar, unzip
from ingest.wanted import is_folder_passed_over, is_passed_over

Outcome = Literal["added", "unchanged", "new_version", "conflict", "failed"]
OUTCOME_NAMES: dict[Outcome, str] = {
    "added": "新入库", "unchanged": "已在库中", "new_version": "新版本", "conflict": "文号冲突", "failed": "未能读取",
}  # fmt: skip

# What a file dialog offers. Any file may be given: its content decides what it is.
SUFFIXES = [
    f".{name}"
    for name in "pdf ofd docx docm doc wps rtf odt xlsx xls et ods csv pptx html htm mht mhtml txt md jpg jpeg png tif tiff bmp zip".split()
]
# An archive, and an archive in it.
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. ``message`` and ``hint`` as in PolicyError; ``account``: what was read of it."""

    path: str
    outcome: Outcome
    message: str = ""
    hint: str = ""
    document_id: str | None = None
    title: str | None = None
    document_number: str | None = None
    clauses: int = 0
    account: Account = Account()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader should know of a file that was read, page by page first."""
        unread, doubtful = self.account.pages_unread, self.account.page_remarks
        return tuple(filter(None, (self.account.summary, *unread, *doubtful, *self.warnings)))


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of all files, in the order in which they were read."""

    files: tuple[FileReport, ...]
    seconds: float = 0.0

    @property
    def added(self) -> tuple[FileReport, ...]:
        """Files that are new in the library: first versions and new versions."""
        return tuple(file for file in self.files if file.outcome in ("added", "new_version"))

    @property
    def unchanged(self) -> tuple[FileReport, ...]:
        return tuple(file for file in self.files if file.outcome == "unchanged")

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """Files that are not in the library: unreadable, or in conflict with another file."""
        return tuple(file for file in self.files if file.outcome in ("failed", "conflict"))


def source_file(path: str, content: bytes) -> SourceFile:
    """The same bytes make the same ``sha256``, which is the identity of a file; its media type is sniffed."""
    return SourceFile(path, hashlib.sha256(content).hexdigest(), sniff(content, path), content)


def walk(paths: Sequence[str | Path], limits: Limits = Limits()) -> Iterator[SourceFile | tuple[str, ReadError]]:
    """The given files, the files in the given folders (recursive, sorted by name) and those in archives, one at a time.

    Hidden files, README files and lists of a folder are passed over inside folders, not where named directly. A problem
    is yielded as ``(path, error)``, never raised. Paths are as given, with ``/``; those in a folder begin with the folder,
    those in an archive with the archive: ``包.zip/目录/文件.pdf``.
    """
    for given in paths:
        path = Path(given)
        name = path.as_posix()
        if not path.exists():
            yield name, ReadError(f"找不到文件：{name}", "请检查路径是否写对")
        elif path.is_dir():
            yield from _folder(path, limits)
        else:
            yield from _file(path, limits)


def _folder(folder: Path, limits: Limits) -> Iterator[SourceFile | tuple[str, ReadError]]:
    """Links to folders are not followed: they may lead in a circle."""
    problems: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not is_folder_passed_over(name, files))
        for name in sorted(files):
            if not is_passed_over(name):
                yield from _file(Path(parent, name), limits)
        yield from (
            (Path(problem.filename).as_posix(), _unreadable(Path(problem.filename), problem)) for problem in problems
        )
        problems.clear()
    yield from (
        (Path(problem.filename).as_posix(), _unreadable(Path(problem.filename), problem)) for problem in problems
    )


def _file(path: Path, limits: Limits) -> Iterator[SourceFile | tuple[str, ReadError]]:
    name = path.as_posix()
    try:
        if not path.is_file():
            yield name, CorruptFile(f"不是普通文件：{name}", "请选择文件或文件夹")
            return
        size = path.stat().st_size
        if size > limits.input_bytes:
            yield from _large_file(path, size, limits)
            return
        content = path.read_bytes()
    except OSError as error:
        yield name, _unreadable(path, error)
        return
    yield from _opened(source_file(name, content), limits, Budget.of(limits), 0)


def _large_file(path: Path, size: int, limits: Limits) -> Iterator[SourceFile | tuple[str, ReadError]]:
    """A ZIP may be larger than a file may be: it is read from disk, file by file."""
    name = path.as_posix()
    with path.open("rb") as stream:
        if sniffing.is_zip_of_files(stream):
            budget = Budget.of(limits)
            yield from _members(unzip(stream, name, limits, budget), limits, budget, 1)
        else:
            yield name, TooLarge(too_large(name, size, limits), "请拆分文件，或压缩其中的图片后再上传")


def _opened(
    source: SourceFile, limits: Limits, budget: Budget, depth: int
) -> Iterator[SourceFile | tuple[str, ReadError]]:
    """The file, or the files in it where it is an archive, itself perhaps in an archive (``depth``)."""
    if depth < _DEPTH and source.media_type == sniffing.ZIP:
        yield from _members(unzip(source.content, source.path, limits, budget), limits, budget, depth + 1)
    elif depth < _DEPTH and source.media_type in (sniffing.TAR, sniffing.GZIP) and is_tar(source.content):
        yield from _members(untar(source.content, source.path, limits, budget), limits, budget, depth + 1)
    else:
        yield source


def _members(
    members: Iterator[tuple[str, bytes | ReadError]], limits: Limits, budget: Budget, depth: int
) -> Iterator[SourceFile | tuple[str, ReadError]]:
    for name, content in members:
        if isinstance(content, bytes):
            yield from _opened(source_file(name, content), limits, budget, depth)
        else:
            yield name, content


def _unreadable(path: Path, error: OSError) -> ReadError:
    reason = "没有读取权限" if isinstance(error, PermissionError) else (error.strerror or "系统错误")
    return ReadError(f"无法读取（{reason}）：{path.as_posix()}", "请检查文件权限，或复制到本机后再试")
