"""``wenhao draft`` and ``review``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import AsOf, Json, app, day_of
from ingest.settings import Settings


@app.command()
def draft(
    request: Annotated[str, typer.Option(help="起草要求 JSON 文件；写 - 则从标准输入读取")],
    out: Annotated[Path | None, typer.Option(help="存为 .docx、.md 或 .txt 文件")] = None,
    as_json: Json = False,
) -> None:
    """按要求起草政策文稿：逐段注明依据，没有依据的数字写作【待定】。"""
    from qa.drafting.command import drafted  # with the search engines, as below

    print(drafted(Settings.from_environment(), request, out, as_json))


@app.command()
def review(
    file: Annotated[str, typer.Argument(help="要审查的文稿，格式不限（docx、pdf、wps、txt …）")],
    as_of: AsOf = "",
    as_json: Json = False,
) -> None:
    """审查文稿：公平竞争、依据时效、文号、引用、要素、与上级文件、数字；只提示，不下结论。"""
    from qa.review.command import reviewed

    print(reviewed(Settings.from_environment(), file, day_of(as_of) or date.today(), as_json))
