"""Which format the indexes have. Those of another format, or of another register, are not believed and built again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from index.register import Register
from ingest.errors import SettingsError

FORMAT = 3  # to be raised whenever chunk(), the analyzer or what a leg stores changes


class FormatNote(Protocol):
    """A note of the format that was written last."""

    def current(self) -> bool:
        """Whether what stands there was written in today's format, for this register."""

    def write(self) -> None:
        """Notes that from now on it is."""


class FolderNote:
    """The note on the indexes in a data folder, in a file beside them."""

    def __init__(self, folder: Path, identity: str) -> None:
        self._path = folder / "indexes.json"
        self._ours = {"register": identity, "format": FORMAT}

    def current(self) -> bool:
        """``False`` too where there is no note, or garbage: who knows what the folders hold."""
        try:
            return json.loads(self._path.read_text("utf-8")) == self._ours
        except (OSError, ValueError):
            return False

    def write(self) -> None:
        """Raises SettingsError where the folder cannot be written."""
        try:
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(self._ours), "utf-8")
            fresh.replace(self._path)
        except OSError as error:
            raise SettingsError(f"数据文件夹无法写入：{error.strerror}", "请检查磁盘空间和文件夹权限") from error


class ServerNote:
    """The note on the vectors that a server holds, in the register: processes with a data folder each share them."""

    def __init__(self, register: Register, address: str) -> None:
        self._register = register
        self._name = f"format of {address}"

    def current(self) -> bool:
        return self._register.fact(self._name) == str(FORMAT)

    def write(self) -> None:
        self._register.note_fact(self._name, str(FORMAT))
