"""``wenhao add``, ``remove``, ``list``, ``status`` and ``serve``: what the library holds, and its page."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.terminal import Json, app, console, opened, print_json
from ingest.corpus import OUTCOME_NAMES, FileReport, IngestReport
from ingest.document import LEVEL_NAMES, NO_LEVEL, NO_NUMBER, book_title
from ingest.settings import Settings

if TYPE_CHECKING:
    from index.library import Library


@app.command()
def add(paths: Annotated[list[Path], typer.Argument(help="文件或文件夹")], as_json: Json = False) -> None:
    """收录文件或文件夹；已收录且未变化的跳过。"""
    with opened() as library:
        report = add_with_progress(library, paths, quiet=as_json)
    if as_json:
        print_json([asdict(file) for file in report.files])
    else:
        _print_report(report)
    if report.files and len(report.failed) == len(report.files):
        raise typer.Exit(1)


def add_with_progress(library: Library, paths: list[Path], quiet: bool = False) -> IngestReport:
    """Adds with a progress bar on the terminal."""
    columns = (
        TextColumn("收录"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, disable=quiet, transient=True) as progress:
        task = progress.add_task("", total=None)

        def step(report: FileReport, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, description=escape(Path(report.path).name[:30]))

        def page(path: str, done: int, pages: int) -> None:
            progress.update(
                task, description=escape(f"{Path(path).name[:30]} 识别第 {min(done + 1, pages)}/{pages} 页")
            )

        return library.add(paths, step, page)


def _print_report(report: IngestReport) -> None:
    for file in report.files:
        style = (
            "red" if file.outcome == "failed" else "yellow" if file.warnings or file.outcome == "conflict" else "green"
        )
        number = f"（{file.document_number}）" if file.document_number else ""
        console.print(
            f"[{style}]{OUTCOME_NAMES[file.outcome]}[/] {escape(file.path)} {escape(f'《{file.title}》{number}') if file.title else ''}"
        )
        notes = [
            file.message if file.outcome != "added" else "",
            *([f"建议：{file.hint}"] if file.hint else []),
            *file.remarks,
        ]
        for note in filter(None, notes):
            console.print(f"    {escape(note)}")
    done = len(report.files) - len(report.failed)
    clauses = sum(file.clauses for file in report.files)
    console.print(
        f"共 {len(report.files)} 个文件：{done} 个在库，{len(report.failed)} 个未收录；{clauses} 条条款，用时 {report.seconds:.1f} 秒。"
    )


@app.command()
def remove(documents: Annotated[list[str], typer.Argument(help="文件编号（见 wenhao list），即文号或短码")]) -> None:
    """从库中删除文件及其全部版本、索引和向量。"""
    with opened() as library:
        for document_id in documents:
            library.remove(document_id)
            console.print(f"已删除 {escape(document_id)}")


@app.command("list")
def list_files(as_json: Json = False) -> None:
    """列出库内文件。"""
    with opened() as library:
        rows = [(card, library.validity(card.id, date.today())) for card in library.documents()]
    if as_json:
        print_json([asdict(card) | {"validity": status.state} for card, status in rows])
        return
    for card, status in rows:
        number = "" if card.id == card.document_number else f"（{card.document_number or NO_NUMBER}）"
        facts = (
            status.state,
            LEVEL_NAMES.get(card.level or "", NO_LEVEL),
            card.region or "地区未标明",
            f"{card.clauses} 条",
        )
        console.print(f"[bold]{escape(card.id)}[/]{escape(number)}  {' · '.join(map(escape, facts))}")
        console.print(f"    {escape(book_title(card.title))}")


@app.command()
def status(as_json: Json = False) -> None:
    """库与各索引的状态。"""
    with opened() as library:
        found = library.status()
    if as_json:
        print_json(asdict(found))
        return
    table = Table(show_header=False)
    table.add_column()
    table.add_column(overflow="fold")  # a Chinese sentence is one word to rich, which would cut it
    table.add_row("数据文件夹", escape(str(found.folder)))
    table.add_row("文件、条款", f"{found.documents} 个文件，{found.clauses} 条条款，最后变更 {found.last_change}")
    table.add_row("嵌入模型", escape(found.embedding))
    table.add_row("向量库", escape(found.vectors or "本机 Chroma"))
    table.add_row("索引由谁维护", "本进程" if found.owner else "另一个进程")
    for leg in found.legs:
        behind = f"落后 {leg.behind} 项变更" if leg.behind else "已跟上"
        table.add_row(leg.name, escape(f"{leg.problem}。{leg.hint}" if leg.problem else behind))
    console.print(table)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="监听地址；默认只在本机")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 7860,
) -> None:
    """打开网页；库为空时先收录 corpus/ 中的示例文件。"""
    import ui  # gradio takes 3 s to import

    ui.serve(Settings.from_environment(), host, port)
