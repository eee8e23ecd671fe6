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
from ingest.readers import sniff, too_large

Outcome = Literal["added", "unchanged", "new_version", "conflict", "failed"]
OUTCOME_NAMES: dict[Outcome, str] = {
    "added": "新入库", "unchanged": "已在库中", "new_version": "新版本", "conflict": "文号冲突", "failed": "未能读取",
}  # fmt: skip

# Lists that describe a folder of policy files; they are no policy files.
_SKIPPED_NAMES = frozenset(("index.tsv", "manifest.csv", "thumbs.db", "desktop.ini"))


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
    """The given files and the files in the given folders (recursive, sorted by name), read one at a time.

    Hidden files, README files and lists of a folder are passed over inside folders, not where named directly. A problem
    is yielded as ``(path, error)``, never raised. Paths are as given, with ``/``; those in a folder begin with the folder.
    """
    for given in paths:
        path = Path(given)
        name = path.as_posix()
        if not path.exists():
            yield name, ReadError(f"找不到文件：{name}", "请检查路径是否写对")
        elif path.is_dir():
            yield from _folder(path, limits)
        else:
            yield _loaded(path, limits)


def _folder(folder: Path, limits: Limits) -> Iterator[SourceFile | tuple[str, ReadError]]:
    """Links to folders are not followed: they may lead in a circle."""
    problems: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _belongs_to_page(name, files))
        for name in sorted(files):
            if not _is_passed_over(name):
                yield _loaded(Path(parent, name), limits)
        yield from (
            (Path(problem.filename).as_posix(), _unreadable(Path(problem.filename), problem)) for problem in problems
        )
        problems.clear()
    yield from (
        (Path(problem.filename).as_posix(), _unreadable(Path(problem.filename), problem)) for problem in problems
    )


def _belongs_to_page(folder: str, files: Sequence[str]) -> bool:
    """通知_files beside 通知.html: the pictures and scripts of a page that a browser saved whole."""
    stem = folder.removesuffix("_files").removesuffix(".files")
    return stem != folder and (f"{stem}.html" in files or f"{stem}.htm" in files)


def _is_passed_over(name: str) -> bool:
    # ~$通知.docx is the lock file that Word leaves beside an open document.
    return name.startswith((".", "~$")) or name.lower() in _SKIPPED_NAMES or name.upper().startswith("README")


def _loaded(path: Path, limits: Limits) -> SourceFile | tuple[str, ReadError]:
    name = path.as_posix()
    try:
        if not path.is_file():
            return name, CorruptFile(f"不是普通文件：{name}", "请选择文件或文件夹")
        size = path.stat().st_size
        if size > limits.input_bytes:
            return name, TooLarge(too_large(name, size, limits), "请拆分文件，或压缩其中的图片后再上传")
        return source_file(name, path.read_bytes())
    except OSError as error:
        return name, _unreadable(path, error)


def _unreadable(path: Path, error: OSError) -> ReadError:
    reason = "没有读取权限" if isinstance(error, PermissionError) else (error.strerror or "系统错误")
    return ReadError(f"无法读取（{reason}）：{path.as_posix()}", "请检查文件权限，或复制到本机后再试")
