"""``python -m qa "问题" [--json]`` and ``python -m qa evaluate DIR --out answers.jsonl``."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from index.library import Library
from ingest.errors import PolicyError
from ingest.settings import Settings
from qa.assistant import Assistant
from qa.evaluation import Judged, evaluate
from qa.llm import language_model
from qa.render import answer_dict, plain_text


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0, or 2 after a two-line message about a user's mistake."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["evaluate"]:
            return _evaluate(arguments[1:])
        return _ask(arguments)
    except PolicyError as error:
        print(f"错误：{error}", *([f"建议：{error.hint}"] if error.hint else []), sep="\n", file=sys.stderr)
        return 2


def _ask(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m qa", description="依据库内文件回答一个问题；另有 evaluate 子命令")
    parser.add_argument("question", help="问题；写 - 则从标准输入读取")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    question = sys.stdin.read() if options.question == "-" else options.question
    with Library.open(settings) as library:
        answer = Assistant(library, language_model(settings)).ask(question)
    print(json.dumps(answer_dict(answer), ensure_ascii=False, indent=1) if options.json else plain_text(answer))
    return 0


def _evaluate(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m qa evaluate", description="回答一套题目，供评分")
    parser.add_argument("folder", type=Path, help="含 questions.jsonl 和 files/ 的文件夹")
    parser.add_argument("--out", type=Path, required=True, help="逐题写出 JSON 的文件")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today(), help="时效以哪一天为准（默认今天）")
    options = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    seconds: list[float] = []
    with options.out.open("w", encoding="utf-8") as out:
        for judged in evaluate(options.folder, Settings.from_environment(), options.as_of, _progress):
            out.write(json.dumps(judged.record(), ensure_ascii=False) + "\n")
            counts["不予回答" if judged.answer.abstained else "已回答"] += 1
            seconds.append(judged.answer.seconds)
    seconds.sort()
    half = f"，中位用时 {1000 * seconds[len(seconds) // 2]:.0f} 毫秒" if seconds else ""
    print(
        f"{sum(counts.values())} 题："
        + "，".join(f"{name} {n}" for name, n in counts.items())
        + f"{half} → {options.out}"
    )
    return 0


def _progress(judged: Judged, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total} {judged.id}", end="" if done < total else "\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
