"""The index folders: which process may write them, and how they are thrown away.

Their owner is the process that holds the lock on a file in the data folder. Chroma's folder has a lock of its own, because the
process that works on it may outlive a killed owner for a moment.

The lock is the operating system's, so it is free the moment its holder dies, however it dies. Two writers, or a writer
and an older reader, corrupt Chroma without any error (measured).
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from ingest.errors import RegisterError, SettingsError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

KNOCK_SECONDS = 0.05
_LOCKED_BYTE = 1 << 20  # far behind the text: on Windows a locked range cannot be read by others


class OwnerLock:
    """The lock and the pid of its holder. ``left_open``: the owner before us died without giving the lock back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.left_open = False
        self.term = 0  # how often the lock was taken
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def acquire(self) -> bool:
        """Takes the lock unless another process, or another library of this one, has it. Does not wait."""
        if self.held:
            return True
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise SettingsError(
                f"数据文件夹无法写入：{self.path.parent}（{error.strerror}）", "请检查文件夹权限，或更换 POLICY_DATA"
            ) from error
        if not _lock(descriptor):
            os.close(descriptor)
            return False
        self.left_open = bool(os.read(descriptor, 32).strip())
        self._write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        self.term += 1
        return True

    def wait(self, seconds: float) -> bool:
        """``acquire``, tried for so long: the holder may be about to end."""
        latest = time.monotonic() + seconds
        while not (taken := self.acquire()) and time.monotonic() < latest:
            time.sleep(KNOCK_SECONDS)
        return taken

    def confirm(self, term: int) -> bool:
        """Whether the lock is held since ``term``; the system takes it from nobody."""
        return self.held and term == self.term

    def release(self) -> None:
        """Gives the lock back and notes that everything was closed in order."""
        if self._descriptor is not None:
            self._write(self._descriptor, b"")
            os.close(self._descriptor)
            self._descriptor = None

    def abandon(self) -> None:
        """Gives the lock back, but leaves our mark: the next owner will look twice at the folders."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @staticmethod
    def _write(descriptor: int, text: bytes) -> None:
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, text)


def lock_of(folder: Path) -> Path:
    """The file that is locked by the process that works on ``folder``."""
    return folder.with_name(f"{folder.name}.lock")


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def discard_folder(folder: Path) -> None:
    """Deletes a folder, or the file in its place. Raises RegisterError when the system refuses."""
    aside = folder.with_name(f"{folder.name}.old")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        if folder.is_dir():
            folder.rename(aside)  # at once, so that a half deleted folder is never opened
        else:
            folder.unlink(missing_ok=True)
        shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise RegisterError(
            f"旧索引无法删除：{folder}（{error.strerror}）", "请关闭占用该文件夹的程序，或手工删除它"
        ) from error
