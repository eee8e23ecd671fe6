"""``wenhao feedback``: what readers thought of answers."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cli.terminal import Json, app, console, opened, print_json
from ingest.errors import SettingsError

noted = typer.Typer(help="读者对回答的评价。", no_args_is_help=True)
app.add_typer(noted, name="feedback")


@noted.command("list")
def list_feedback(as_json: Json = False) -> None:
    """列出反馈，由旧到新。"""
    from qa.feedback import VERDICT_NAMES

    with opened() as library:
        kept = library.feedback()
    if as_json:
        print_json([asdict(one) for one in kept])
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

    with opened() as library:
        rows = [json.dumps(row, ensure_ascii=False) + "\n" for row in evaluation_questions(library.feedback())]
    try:
        file.write_text("".join(rows), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"无法写入 {file}（{error.strerror}）", "请换一个文件夹或文件名") from error
    console.print(f"已导出 {len(rows)} 题 → {escape(str(file))}")


@noted.command("remove")
def remove_feedback(ids: Annotated[list[str], typer.Argument(help="反馈编号（见 wenhao feedback list）")]) -> None:
    """删除反馈；其中引用的文件原文一并删除。"""
    with opened() as library:
        for feedback_id in ids:
            library.remove_feedback(feedback_id)
            console.print(f"已删除 {escape(feedback_id)}")
