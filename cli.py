"""The command ``wenhao``: add, remove, list, status, search, ask, match, measures, compare, feedback, serve. No logic of its own."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from index.query import Filters, understand
from ingest.corpus import OUTCOME_NAMES, FileReport, IngestReport
from ingest.document import LEVEL_NAMES, NO_LEVEL, NO_NUMBER, book_title
from ingest.errors import PolicyError, SettingsError
from ingest.settings import Settings

if TYPE_CHECKING:
    from index.library import Library
    from qa import export_tables

app = typer.Typer(help="文号：政策文件知识库，每句回答都有文号为证。", no_args_is_help=True, add_completion=False)
noted = typer.Typer(help="读者对回答的评价。", no_args_is_help=True)
app.add_typer(noted, name="feedback")
console = Console(highlight=False, soft_wrap=True)  # a terminal breaks long Chinese lines better than rich does
OUTCOMES = {
    "added": "已收录",
    "unchanged": "未变化",
    "new_version": "新版本",
    "conflict": "同号不同题",
    "failed": "未收录",
}

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
Levels = Annotated[
    list[str] | None, typer.Option("--level", help="只看某级别：国家、省级、市级、区县级、开发区；可重复")
]
Regions = Annotated[list[str] | None, typer.Option("--region", help="只看某地区；可重复")]
Years = Annotated[list[int] | None, typer.Option("--year", help="只看某年；可重复")]
States = Annotated[list[str] | None, typer.Option("--validity", help="只看某时效，如 有效；可重复")]


def main() -> None:
    """Entry point: a user's mistake ends in two lines and exit status 2, never in a traceback."""
    try:
        app()
    except PolicyError as error:
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(f"[bold red]错误[/]：{escape(str(error))}")
        if error.hint:
            console.print(f"建议：{escape(error.hint)}")
        sys.exit(2)


@app.command()
def add(paths: Annotated[list[Path], typer.Argument(help="文件或文件夹")], as_json: Json = False) -> None:
    """收录文件或文件夹；已收录且未变化的跳过。"""
    with _library() as library:
        report = add_with_progress(library, paths, quiet=as_json)
    if as_json:
        _print_json([asdict(file) for file in report.files])
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


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def _library() -> Library:
    from index.library import Library  # 2 s with both search engines, which --help does not need

    return Library.open(Settings.from_environment())


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
    with _library() as library:
        for document_id in documents:
            library.remove(document_id)
            console.print(f"已删除 {escape(document_id)}")


@app.command("list")
def list_files(as_json: Json = False) -> None:
    """列出库内文件。"""
    with _library() as library:
        rows = [(card, library.validity(card.id, date.today())) for card in library.documents()]
    if as_json:
        _print_json([asdict(card) | {"validity": status.state} for card, status in rows])
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
    with _library() as library:
        found = library.status()
    if as_json:
        _print_json(asdict(found))
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
    with _library() as library:
        hits = library.search(understand(text, _filters(level, region, year, validity), date.today(), limit))
        rows = [(hit, library.card(hit.chunk.document_id)) for hit in hits]
        for notice in library.notices():
            print(f"注意：{notice}", file=sys.stderr)
    if as_json:
        _print_json([asdict(hit) for hit, _ in rows])
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
    as_of: Annotated[str, typer.Option(help="时效以哪一天为准，如 2025-06-30；默认今天")] = "",
    out: Annotated[Path | None, typer.Option(help="把回答存为 .docx 或 .md 文件")] = None,
    as_json: Json = False,
) -> None:
    """依据库内文件回答问题，每句附出处。"""
    from qa.assistant import Assistant  # with qa come llama-index's types, which the other commands do not need
    from qa.llm import language_model
    from qa.render import answer_dict, plain_text

    settings = Settings.from_environment()
    text = sys.stdin.read() if question == "-" else question
    with _library() as library:
        answer = Assistant(library, language_model(settings)).ask(
            text, (), _filters(level, region, year, validity), _day(as_of)
        )
    if out:
        from qa.export import save  # python-docx, only here

        save([answer], out)
    if as_json:
        _print_json(answer_dict(answer))
    elif out:
        console.print(f"已导出 {escape(str(out))}")
    else:
        print(plain_text(answer))


@app.command()
def match(
    profile: Annotated[str, typer.Option(help="画像 JSON 文件；写 - 则从标准输入读取")],
    as_of: Annotated[str, typer.Option(help="时效以哪一天为准，如 2025-06-30；默认今天")] = "",
    out: Annotated[Path | None, typer.Option(help="把结果存为 .xlsx 或 .docx 文件")] = None,
    as_json: Json = False,
) -> None:
    """按企业或个人画像匹配支持措施：逐项条件判定，附出处和测算。"""
    from qa.export_tables import matches_table
    from qa.matching import command, profile_from_json

    day, asker = _day(as_of) or date.today(), profile_from_json(command.read(profile))
    with _library() as library:
        found = command.matched(library, asker, day)
        documents = command.documents_of(library, found)
        if out:
            _save_table(matches_table(found, documents), out, quiet=as_json)
        if as_json or not out:
            print(command.report(found, documents, as_json))


@app.command()
def measures(
    level: Levels = None,
    region: Regions = None,
    validity: States = None,
    kind: Annotated[list[str] | None, typer.Option("--type", help="只看某支持类型，如 资金奖补；可重复")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="最多显示几项")] = 50,
    as_json: Json = False,
) -> None:
    """列出从文件中读出的支持措施。"""
    from qa.measure_search import listed
    from qa.render.measures_plain import measure_brief_dict, measures_text

    with _library() as library:
        found = listed(library, _filters(level, region, None, validity), kind or (), date.today())
        shown = [(record, library.document(record.card.id)) for record in found[:limit]]
    if as_json:
        _print_json([measure_brief_dict(*each) for each in shown])
    else:
        print(measures_text(shown, len(found)))


@app.command()
def compare(
    wanted: Annotated[str, typer.Argument(help="话题（如 技术改造补助），或措施编号（见 wenhao measures）")],
    as_of: Annotated[str, typer.Option(help="时效以哪一天为准，如 2025-06-30；默认今天")] = "",
    out: Annotated[Path | None, typer.Option(help="把比对存为 .xlsx 或 .docx 文件")] = None,
    as_json: Json = False,
) -> None:
    """同类支持措施在省、市、区各文件中的规定并列，标出不同和可能冲突之处。"""
    from qa.export_tables import comparison_table
    from qa.measure_search import comparison_of, measure_meant
    from qa.render.measures_plain import comparison_dict, comparison_text

    day = _day(as_of) or date.today()
    with _library() as library:
        comparison = comparison_of(library, measure_meant(library, wanted, day), day)
        documents = {row.record.card.id: library.document(row.record.card.id) for row in comparison.rows}
    if out:
        _save_table(comparison_table(comparison, documents), out, quiet=as_json)
    if as_json:
        _print_json(comparison_dict(comparison, documents))
    elif not out:
        print(comparison_text(comparison, documents))


@noted.command("list")
def list_feedback(as_json: Json = False) -> None:
    """列出反馈，由旧到新。"""
    from qa.feedback import VERDICT_NAMES

    with _library() as library:
        kept = library.feedback()
    if as_json:
        _print_json([asdict(one) for one in kept])
        return
    for one in kept:
        when = one.at.astimezone().strftime("%Y-%m-%d %H:%M")
        console.print(f"[bold]{one.id}[/]  {VERDICT_NAMES[one.verdict]} · {when} · {escape(one.answer['question'])}")
        if one.remark:
            console.print(f"    {escape(one.remark)}")
    if not kept:
        console.print("还没有反馈。在网页的回答下方点“对”“不对”“没答全”即可留下。")


@noted.command("export")
def export_feedback(
    file: Annotated[Path, typer.Argument(help="要写出的 .jsonl 文件，可作 python -m qa evaluate 的题目")],
) -> None:
    """把反馈导出为评测题目，每行一题；“不对”“没答全”的要点留空，待人补写。"""
    from qa.feedback import evaluation_questions

    with _library() as library:
        rows = [json.dumps(row, ensure_ascii=False) + "\n" for row in evaluation_questions(library.feedback())]
    try:
        file.write_text("".join(rows), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"无法写入 {file}（{error.strerror}）", "请换一个文件夹或文件名") from error
    console.print(f"已导出 {len(rows)} 题 → {escape(str(file))}")


@noted.command("remove")
def remove_feedback(ids: Annotated[list[str], typer.Argument(help="反馈编号（见 wenhao feedback list）")]) -> None:
    """删除反馈；其中引用的文件原文一并删除。"""
    with _library() as library:
        for feedback_id in ids:
            library.remove_feedback(feedback_id)
            console.print(f"已删除 {escape(feedback_id)}")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="监听地址；默认只在本机")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 7860,
) -> None:
    """打开网页；库为空时先收录 corpus/ 中的示例文件。"""
    import ui  # gradio takes 3 s to import

    ui.serve(Settings.from_environment(), host, port)


def _save_table(table: export_tables.Table, out: Path, quiet: bool) -> None:
    from qa.export_tables import exported_table

    content = exported_table(table, out.suffix)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"无法写入 {out}（{error.strerror}）", "请换一个文件夹或文件名") from error
    if not quiet:
        console.print(f"已导出 {escape(str(out))}")


def _filters(
    level: list[str] | None, region: list[str] | None, year: list[int] | None, validity: list[str] | None
) -> Filters:
    names = {name: key for key, name in LEVEL_NAMES.items()}
    unknown = [value for value in level or () if value not in names and value not in LEVEL_NAMES]
    if unknown:
        raise SettingsError(f"没有这个级别：{'、'.join(unknown)}", f"可用：{'、'.join(names)}")
    levels = tuple(names.get(value, value) for value in level or ())
    return Filters(levels, tuple(region or ()), tuple(year or ()), tuple(validity or ()))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingsError(f"看不懂日期：{text}", "请写成 2025-06-30 的样子") from error


if __name__ == "__main__":
    main()
