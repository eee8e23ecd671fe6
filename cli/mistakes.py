"""What typer says of a wrong command line, in Chinese."""

from __future__ import annotations

import re

import typer

from ingest.errors import SettingsError

UsageError = typer.BadParameter.__mro__[1]  # typer has it, and gives it no public name
_SAYS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"No such command '(.*?)'"), "没有命令 {}"),
    (re.compile(r"No such option:? '?(.*?)'?(?:\.| |$)"), "没有选项 {}"),
    (re.compile(r"Missing (?:argument|option|parameter):? '?(.*?)'?(?:\.| |$)"), "缺少 {}"),
    (re.compile(r"Got unexpected extra argument\(?s?\)? \((.*?)\)"), "多余的内容 {}"),
    (re.compile(r"Option '(.*?)' requires"), "选项 {} 后面缺少内容"),
    (re.compile(r"Invalid value for '(.*?)'"), "{} 的取值不对"),
)


def in_chinese(error: typer.BadParameter) -> SettingsError:
    """The error with the name of what is wrong, and where to look it up."""
    said = " ".join(error.format_message().split())
    found = (form.format(*match.groups()) for pattern, form in _SAYS if (match := pattern.search(said)))
    usage = error.ctx.command_path if error.ctx else "wenhao"
    return SettingsError(next(found, "命令不正确"), f"用法见 {usage} --help")
