"""``wenhao search`` and ``ask``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cli.terminal import (
    AsOf,
    Json,
    Levels,
    Regions,
    States,
    Years,
    app,
    console,
    day_of,
    filters_of,
    opened,
    print_json,
)
from index.query import understand
from ingest.document import NO_NUMBER, book_title
from ingest.settings import Settings


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="要找的内容、文号或标题")],
    level: Levels = None,
    region: Regions = None,
    year: Years = None,
    validity: States = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="最多显示几条")] = 10,
    as_json: Json = False,
) -> None:
    """查找条款。"""
    with opened() as library:
        hits = library.search(understand(text, filters_of(level, region, year, validity), date.today(), limit))
        rows = [(hit, library.card(hit.chunk.document_id)) for hit in hits]
        for notice in library.notices():
            print(f"注意：{notice}", file=sys.stderr)
    if as_json:
        print_json([asdict(hit) for hit, _ in rows])
        return
    for hit, card in rows:
        console.print(
            f"[bold]{hit.rank}. {escape(book_title(card.title))}（{escape(card.document_number or NO_NUMBER)}）[/]"
        )
        console.print(f"   {escape(hit.chunk.text[:160])}")
    if not rows:
        console.print("没有找到。可换一种说法，或放宽级别、地区、年份的限制。")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="问题；写 - 则从标准输入读取")],
    level: Levels = None,
    region: Regions = None,
    year: Years = None,
    validity: States = None,
    as_of: AsOf = "",
    out: Annotated[Path | None, typer.Option(help="把回答存为 .docx 或 .md 文件")] = None,
    as_json: Json = False,
) -> None:
    """依据库内文件回答问题，每句附出处。"""
    from qa.assistant import Assistant  # with qa come llama-index's types, which the other commands do not need
    from qa.llm import language_model
    from qa.render import answer_dict, plain_text

    settings = Settings.from_environment()
    text = sys.stdin.read() if question == "-" else question
    with opened() as library:
        answer = Assistant(library, language_model(settings)).ask(
            text, (), filters_of(level, region, year, validity), day_of(as_of)
        )
    if out:
        from qa.export import save  # python-docx, only here

        save([answer], out)
    if as_json:
        print_json(answer_dict(answer))
    elif out:
        console.print(f"已导出 {escape(str(out))}")
    else:
        print(plain_text(answer))
