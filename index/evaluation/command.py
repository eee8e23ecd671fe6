"""``python -m index evaluate DIR [--ablation] [--save FILE] [--compare RUN] [--limit N] [--only I/N] [--json]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from index.evaluation.compare import differences
from index.evaluation.judged import load
from index.evaluation.report import comparison, overview, summary
from index.evaluation.run import evaluate
from index.evaluation.saved import read, save
from index.ranking import ABLATIONS, WEIGHTS
from ingest.errors import PolicyError, SettingsError


def main(argv: Sequence[str]) -> int:
    """Prints the figures. Exit code 2 with two lines on stderr where the set or a file cannot be used."""
    arguments = _parser().parse_args(argv)
    try:
        _run(arguments)
    except PolicyError as error:
        print(error, error.hint, sep="\n", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index evaluate", description="用标注集评测检索效果")
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help="含 corpus.jsonl、queries.jsonl（可为 .gz）和 qrels.tsv"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--limit", type=positive, metavar="N", help="只用前 N 个问题")
    parser.add_argument("--only", default="", metavar="I/N", help="只用每 N 题中的第 I 题（从 0 数起）")
    parser.add_argument("--ablation", action="store_true", help="逐一去掉各部分，看各自的作用")
    parser.add_argument("--save", type=Path, metavar="FILE", help="把每个问题的结果存为 JSON")
    parser.add_argument("--compare", type=Path, metavar="RUN", help="与 --save 存下的一次评测逐题比较")
    return parser


def positive(text: str) -> int:
    """An argument that counts something."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("应为正整数")
    return int(text)


def _run(arguments: argparse.Namespace) -> None:
    if arguments.save and not arguments.save.absolute().parent.is_dir():  # known before minutes of work
        raise SettingsError(f"无法写入 {arguments.save}：文件夹不存在", "请先建好文件夹，或换一个位置")
    judged = load(arguments.folder, arguments.limit, only=arguments.only)
    before = read(arguments.compare, judged) if arguments.compare else None
    runs = evaluate(judged, {"": WEIGHTS, **(ABLATIONS if arguments.ablation else {})})
    if arguments.save:
        save(arguments.save, judged, runs[""])
    if arguments.json:
        content = summary(judged, runs)
        if before:
            changes = differences(before.outcomes, runs[""].outcomes)
            content["compare"] = {metric: asdict(change) for metric, change in changes.items()}
        print(json.dumps(content, ensure_ascii=False))
        return
    print(overview(judged, runs))
    if before:
        print(f"\n{comparison(judged, before, runs[''])}")
