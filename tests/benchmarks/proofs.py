"""How many false sentences the proof gate stops and how many true ones it passes, beside plain citation highlighting.

::

    python -m tests.benchmarks.proofs [FOLDER…] [--cases 1200] [--seed 5] [--show 20] [--failures]

Reads every file of the folders (``corpus`` by default) and makes the sentences by program (``tests/paraphrases.py``).
Plain highlighting calls a sentence proven when the longest run of characters that it shares with the cited clause is more
than 35 % of it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from ingest.corpus import walk
from ingest.document import PolicyDocument
from ingest.errors import ReadError
from ingest.parse import parse
from ingest.readers import read
from qa.proof import prove
from tests.paraphrases import FALSE, HELD_OUT, TRUE, Case, falsehoods, paraphrases, statements

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
HIGHLIGHTED = 0.35  # share of the sentence


def documents(folders: Sequence[str | Path]) -> Iterator[PolicyDocument]:
    """Every file that can be read; the others are named on stderr."""
    for source in walk(folders):
        if isinstance(source, tuple):
            print(f"未读：{source[0]}（{source[1]}）", file=sys.stderr)
            continue
        try:
            yield parse(source, read(source))
        except ReadError as error:
            print(f"未读：{source.path}（{error}）", file=sys.stderr)


def highlighted(sentence: str, passage: str) -> bool:
    """Plain citation highlighting: longest common substring over 35 % of the sentence."""
    match = SequenceMatcher(None, sentence, passage, autojunk=False).find_longest_match()
    return match.size > HIGHLIGHTED * len(sentence)


def proven(sentence: str, passage: str) -> bool:
    return prove(sentence, passage).passed


def table(title: str, cases: Sequence[Case], right: bool) -> tuple[Case, ...]:
    """Prints, kind by kind, how often each way of checking is right; returns the cases that the gate gets wrong."""
    wrong = tuple(case for case in cases if proven(case.sentence, case.passage) is not right)
    counts, missed = Counter(case.kind for case in cases), Counter(case.kind for case in wrong)
    plain = Counter(case.kind for case in cases if highlighted(case.sentence, case.passage) is right)
    print(f"\n| {title} | 句数 | 核验正确 | 高亮（>35%）正确 |\n|---|---|---|---|")
    for kind, count in counts.items():
        print(f"| {kind} | {count} | {_share(count - missed[kind], count)} | {_share(plain[kind], count)} |")
    total = len(cases)
    print(f"| **合计** | {total} | {_share(total - len(wrong), total)} | {_share(sum(plain.values()), total)} |")
    return wrong


def _share(part: int, whole: int) -> str:
    return f"{part}（{100 * part / whole:.1f}%）" if whole else "0"


def _print(cases: Sequence[Case]) -> None:
    for case in cases:
        verdict = prove(case.sentence, case.passage)
        print(f"[{case.kind}] {case.sentence}\n    原句：{case.original}\n    {verdict.failures or verdict.checks}")


def _speed(cases: Sequence[Case], judge: Callable[[str, str], object] = prove) -> str:
    times = []
    for case in cases:
        began = time.thread_time()
        judge(case.sentence, case.passage)
        times.append(1000 * (time.thread_time() - began))
    times.sort()
    return f"每句（处理器时间）p50 {times[len(times) // 2]:.2f} ms，p95 {times[int(len(times) * 0.95)]:.2f} ms，最长 {times[-1]:.2f} ms"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where no false sentence passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.proofs")
    parser.add_argument("folders", nargs="*", default=[str(CORPUS)])
    parser.add_argument("--cases", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--show", type=int, default=0, help="cases of each to print")
    parser.add_argument("--failures", action="store_true", help="print what the gate got wrong")
    options = parser.parse_args(arguments)
    absent = [folder for folder in options.folders if not Path(folder).exists()]
    if absent:
        print(f"找不到：{'、'.join(absent)}")
        return 2
    pairs = statements(list(documents(options.folders)))
    print(f"{len(pairs)} 句原文")
    made = {
        ("假句", False): falsehoods(pairs, FALSE, options.cases, options.seed),
        ("假句（后加的种类）", False): falsehoods(pairs, HELD_OUT, options.cases, options.seed),
        ("真句", True): paraphrases(pairs, TRUE, options.cases, options.seed),
    }
    passed = 0
    for (title, right), cases in made.items():
        if not cases:
            continue
        print(_speed(cases))
        wrong = table(title, cases, right)
        passed += 0 if right else len(wrong)
        if options.failures:
            _print(wrong)
        _print(random.Random(options.seed).sample(cases, min(options.show, len(cases))))
    return 1 if passed else 0


if __name__ == "__main__":
    sys.exit(main())
