"""``python -m qa "问题" [--json]``, ``match --profile FILE.json``, ``draft --request FILE.json``, ``review FILE``, ``lineage``,
``framework``, ``glossary``, ``evaluate DIR --out answers.jsonl`` and ``mcp``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from index.evaluation.command import positive
from index.library import Library
from ingest.errors import PolicyError
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.command_line import Parser
from qa.drafting import command as draft_command
from qa.evaluation import Judged, evaluate
from qa.framework import command as framework_command
from qa.judged_answers import Compared, compare, overview, read, summary
from qa.llm import language_model
from qa.matching import command as match_command
from qa.render import answer_dict, plain_text
from qa.review import command as review_command


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, 1 where whoever reads the output has gone (``| head``), or 2 after a two-line message about a user's mistake."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        status = _run(arguments)
        sys.stdout.flush()
        return status
    except PolicyError as error:
        print(f"错误：{error}", *([f"建议：{error.hint}"] if error.hint else []), sep="\n", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered has nowhere to go
        return 1


def _run(arguments: list[str]) -> int:
    if arguments == ["mcp"]:
        return _mcp()
    command = COMMANDS.get(arguments[0]) if arguments else None
    return command(arguments[1:]) if command else _ask(arguments)


def _ask(arguments: list[str]) -> int:
    parser = Parser(
        prog="python -m qa", description=f"依据库内文件回答一个问题；另有子命令 {'、'.join((*COMMANDS, 'mcp'))}"
    )
    parser.add_argument("question", help="问题；写 - 则从标准输入读取")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    question = sys.stdin.read() if options.question == "-" else options.question
    with Library.open(settings) as library:
        answer = Assistant(library, language_model(settings)).ask(question)
    print(json.dumps(answer_dict(answer), ensure_ascii=False, indent=1) if options.json else plain_text(answer))
    return 0


def _mcp() -> int:
    from qa.mcp_server import serve  # an extra, and slow to import

    settings = Settings.from_environment()
    with Library.open(settings) as library:
        serve(library, Assistant(library, language_model(settings)))
    return 0


def _evaluate(arguments: list[str]) -> int:
    options = _evaluation_parser().parse_args(arguments)
    folder: Path = options.folder
    if options.out and not options.out.absolute().parent.is_dir():  # known before minutes of work
        raise PolicyError(f"无法写入 {options.out}：文件夹不存在", "请先建好文件夹，或换一个位置")
    if (folder / "questions.jsonl").is_file():
        _answer_all(options)
    elif any(folder.glob("queries.jsonl*")) or any(folder.glob("answers.jsonl*")):
        _compare_all(options)
    else:
        raise PolicyError(
            f"{folder} 中没有评测题",
            "须有 questions.jsonl 和 files/，或 corpus、queries、answers 三个 .jsonl 和 qrels.tsv",
        )
    return 0


def _evaluation_parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m qa evaluate", description="回答一套题目，供评分")
    parser.add_argument(
        "folder", type=Path, help="含 questions.jsonl 和 files/，或 corpus、queries、answers（.jsonl）和 qrels.tsv"
    )
    parser.add_argument("--out", type=Path, help="逐题写出 JSON 的文件")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today(), help="时效以哪一天为准（默认今天）")
    parser.add_argument("--limit", type=positive, metavar="N", help="只用前 N 个问题")
    parser.add_argument(
        "--only", default="", metavar="I/N", help="只用每 N 题中的第 I 题（从 0 数起；限有标准答案的题目）"
    )
    parser.add_argument("--json", action="store_true", help="汇总结果输出 JSON")
    return parser


def _answer_all(options: argparse.Namespace) -> None:
    """``questions.jsonl``: our answers for a scorer."""
    judged: list[Judged] = []
    with _written(options.out) as write:
        for one in evaluate(options.folder, Settings.from_environment(), options.as_of, options.limit):
            write(one.record())
            judged.append(one)
            _progress(len(judged), one.id)
    seconds = sorted(one.answer.seconds for one in judged)
    refused = sum(one.answer.abstained for one in judged)
    half = round(1000 * seconds[len(seconds) // 2], 1) if seconds else None
    length = median(len(str(one.record()["answer"])) for one in judged) if judged else None
    if options.json:
        print(json.dumps({"questions": len(judged), "refused": refused, "p50_ms": half, "length": length}))
        return
    to = f" → {options.out}" if options.out else ""
    print(
        f"{len(judged)} 题：已回答 {len(judged) - refused}，不予回答 {refused}，"
        f"中位用时 {half} 毫秒，中位字数 {length}{to}"
    )


def _compare_all(options: argparse.Namespace) -> None:
    """``queries`` and ``answers``: our answers beside the given ones and beside plain search."""
    answered = read(options.folder, options.limit, options.only)
    total = len(answered.judged.queries)
    print(f"收录 {len(answered.judged.corpus)} 篇，然后回答 {total} 题…", file=sys.stderr, flush=True)
    compared: list[Compared] = []
    with _written(options.out) as write:
        for one in compare(answered, Settings.from_environment(), options.as_of):
            write(one.record())
            compared.append(one)
            _progress(len(compared), one.id, total)
    print(json.dumps(summary(compared), ensure_ascii=False) if options.json else overview(compared))


@contextmanager
def _written(path: Path | None) -> Iterator[Callable[[dict[str, object]], None]]:
    """Writes one JSON object a line, where a file is asked for."""
    if path is None:
        yield lambda record: None
        return
    try:
        out = path.open("w", encoding="utf-8")
    except OSError as error:
        raise PolicyError(f"无法写入 {path}：{error.strerror}", "请换一个位置") from error
    with out:
        yield lambda record: print(json.dumps(record, ensure_ascii=False), file=out, flush=True)


def _progress(done: int, id_: str, total: int | None = None) -> None:
    """On a terminal in place; in a log every hundredth question."""
    count = f"{done}/{total}" if total else f"{done}"
    if sys.stderr.isatty():
        print(f"\r{count} {id_}\033[K", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done % 100 == 0 or done == total:
        print(f"已答 {count} 题", file=sys.stderr, flush=True)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "match": match_command.main,
    "draft": draft_command.main,
    "review": review_command.main,
    "lineage": partial(framework_command.main, "lineage"),
    "framework": partial(framework_command.main, "framework"),
    "glossary": partial(framework_command.main, "glossary"),
    "evaluate": _evaluate,
}

if __name__ == "__main__":
    sys.exit(main())
