"""What the commands of ``python -m qa`` share: arguments refused in Chinese, files read and written."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import NoReturn

from ingest.errors import SettingsError

# What argparse says, and how it is put here.
_SAYS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"the following arguments are required: (.+)"), "缺少参数 {}"),
    (re.compile(r"unrecognized arguments: (.+)"), "多余的参数 {}"),
    (re.compile(r"argument (\S+): expected .*"), "参数 {} 后面缺少内容"),
    (re.compile(r"argument (\S+): .*"), "参数 {} 的取值不对"),
)


class Parser(argparse.ArgumentParser):
    """Says in Chinese, and in two lines, what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        """Raises SettingsError."""
        said = (form.format(*match.groups()) for pattern, form in _SAYS if (match := pattern.fullmatch(message)))
        raise SettingsError(next(said, "参数不正确"), f"用法见 {self.prog} --help")


def read(place: str, what: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``. ``what``: its name in a message. Raises SettingsError."""
    if place == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(place).read_bytes()
    except OSError as error:
        raise SettingsError(f"无法读取{what} {place}（{error.strerror}）", "请核对文件名") from error


def write(target: Path, content: bytes) -> None:
    """Raises SettingsError where the file cannot be written."""
    try:
        target.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"无法写入 {target}（{error.strerror}）", "请换一个文件夹或文件名") from error


def plain(value: object) -> str:
    """JSON for people to look at."""
    return json.dumps(value, ensure_ascii=False, indent=1)
