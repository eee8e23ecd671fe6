"""``wenhao lineage``, ``framework`` and ``glossary``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import AsOf, Json, app, day_of
from ingest.settings import Settings

File = Annotated[str | None, typer.Argument(help="文件编号、文号或标题；不写则看全库")]


@app.command()
def lineage(
    file: File = None,
    out: Annotated[Path | None, typer.Option(help="把沿革图存为 .svg 文件")] = None,
    as_of: AsOf = "",
    as_json: Json = False,
) -> None:
    """文件脉络：引用、修改、废止了哪些文件，又被哪些文件引用、修改、废止。"""
    from qa.framework.command import traced  # with the search engines, as below

    print(traced(Settings.from_environment(), file, day_of(as_of) or date.today(), out, as_json))


@app.command()
def framework(
    file: File = None,
    part: Annotated[
        str,
        typer.Option(
            help="文件：overview 概览、targets 关键目标、responsibilities 责任单位、timeline 时间线、terms 名词、"
            "explainer 一图读懂、changes 新旧对照、quiz 自测；全库：path 阅读顺序、timeline、cited 引用而未收录、quiz"
        ),
    ] = "",
    other: Annotated[str, typer.Option("--with", help="新旧对照：与哪份文件比对；默认是它修改、替代的文件")] = "",
    seed: Annotated[int, typer.Option(help="自测：换一个数就换一套题")] = 0,
    out: Annotated[Path | None, typer.Option(help="存为文件：一图读懂 .svg，其余 .txt")] = None,
    as_of: AsOf = "",
    as_json: Json = False,
) -> None:
    """看懂一份文件：概览、目标、责任单位、时间线、名词、一图读懂、新旧对照、自测；不写文件则给出阅读顺序。"""
    from qa.framework.command import viewed
    from qa.framework.views import Wanted

    wanted = Wanted(other, seed)
    print(viewed(Settings.from_environment(), file, part, wanted, day_of(as_of) or date.today(), out, as_json))


@app.command()
def glossary(
    term: Annotated[str | None, typer.Argument(help="名词，如 双招双引；不写则列出全部")] = None,
    as_of: AsOf = "",
    as_json: Json = False,
) -> None:
    """名词：各文件自己写明的含义，不相互套用。"""
    from qa.framework.command import explained

    print(explained(Settings.from_environment(), term, day_of(as_of) or date.today(), as_json))
