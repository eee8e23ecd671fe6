"""What the commands share: the application, options that many take, the library, and how results are printed and saved."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from index.query import Filters
from ingest.document import LEVEL_NAMES
from ingest.errors import SettingsError
from ingest.settings import Settings

if TYPE_CHECKING:
    from index.library import Library
    from qa import export_tables

app = typer.Typer(help="文号：政策文件知识库，每句回答都有文号为证。", no_args_is_help=True, add_completion=False)
console = Console(highlight=False, soft_wrap=True)  # a terminal breaks long Chinese lines better than rich does

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Levels = Annotated[
    list[str] | None, typer.Option("--level", help="只看某级别：国家、省级、市级、区县级、开发区；可重复")
]
Regions = Annotated[list[str] | None, typer.Option("--region", help="只看某地区；可重复")]
Years = Annotated[list[int] | None, typer.Option("--year", help="只看某年；可重复")]
States = Annotated[list[str] | None, typer.Option("--validity", help="只看某时效，如 有效；可重复")]
AsOf = Annotated[str, typer.Option(help="时效以哪一天为准，如 2025-06-30；默认今天")]


def print_json(value: object) -> None:
    """JSON for people to look at; a day as text."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def opened() -> Library:
    """The library of the settings. Raises PolicyError."""
    from index.library import Library  # 2 s with both search engines, which --help does not need

    return Library.open(Settings.from_environment())


def save_table(table: export_tables.Table, out: Path, quiet: bool) -> None:
    """As Excel or Word. Raises SettingsError where the file cannot be written."""
    from qa.export_tables import exported_table

    content = exported_table(table, out.suffix)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"无法写入 {out}（{error.strerror}）", "请换一个文件夹或文件名") from error
    if not quiet:
        console.print(f"已导出 {escape(str(out))}")


def filters_of(
    level: list[str] | None, region: list[str] | None, year: list[int] | None, validity: list[str] | None
) -> Filters:
    """Raises SettingsError for a level that is none."""
    names = {name: key for key, name in LEVEL_NAMES.items()}
    unknown = [value for value in level or () if value not in names and value not in LEVEL_NAMES]
    if unknown:
        raise SettingsError(f"没有这个级别：{'、'.join(unknown)}", f"可用：{'、'.join(names)}")
    levels = tuple(names.get(value, value) for value in level or ())
    return Filters(levels, tuple(region or ()), tuple(year or ()), tuple(validity or ()))


def day_of(text: str) -> date | None:
    """``None`` where none is given. Raises SettingsError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingsError(f"看不懂日期：{text}", "请写成 2025-06-30 的样子") from error
