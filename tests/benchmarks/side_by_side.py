"""Wenhao beside llama-index's pipeline and Chroma: the same files added, the same kills, the same readers and writer.

::

    python -m tests.benchmarks.side_by_side                                 20,000 clauses, 20 + 10 kills, 2 minutes of readers
    python -m tests.benchmarks.side_by_side --data FOLDER --clauses 100000 --minutes 5    keep what is filled there

Both are filled with the same made files (``varied_text``), then copies of them are used: killed (-9) while files are added, at
random moments and at the moment in which Chroma's HNSW file changes on the disk, and opened again in another process; then
read by 20 readers while one writer adds (``mixed``). A file counts as acknowledged when the system's own call has said so;
what is missing, there twice, or does not open afterwards is counted. What cannot be used any more is replaced by a copy of
what was filled, and the kills go on. See ``plain_llama_index`` for the peer.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks import mixed
from tests.benchmarks.made_library import PER_FILE, write
from tests.benchmarks.systems import System, Wenhao, await_graph

try:
    from tests.benchmarks.plain_llama_index import PlainLlamaIndex
except ImportError:
    print("没有安装用于对比的组件", "请运行 pip install -c constraints.txt -e '.[bench]'", sep="\n", file=sys.stderr)
    sys.exit(2)

SYSTEMS: dict[str, Callable[[Path], System]] = {"Wenhao": Wenhao, "llama-index + Chroma": PlainLlamaIndex}
TOGETHER = 5  # files that the killed writer adds at once
FIRST, SEED = 700_000, 2
PART = 500  # files that are added at once when filling
MOST_WAIT = 120.0  # seconds for a change of the HNSW file, or for opening
RANDOM_SECONDS = (0.5, 6.0)  # after the writer has opened


@dataclass(slots=True)
class Kills:
    """What the kills did to one system. ``doubled``: files whose pieces are there twice; ``missing``: acknowledged and not there."""

    kills: int = 0
    acknowledged: int = 0
    missing: int = 0
    doubled: int = 0
    unusable: int = 0
    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.side_by_side")
    parser.add_argument("--clauses", type=int, default=20_000, metavar="条数")
    parser.add_argument("--data", type=Path, metavar="文件夹", help="两个系统建好的库留在这里，下次直接使用")
    parser.add_argument("--kills", type=int, default=20, metavar="次数", help="随机时刻")
    parser.add_argument("--aimed", type=int, default=10, metavar="次数", help="HNSW 文件写入的时刻")
    parser.add_argument("--minutes", type=float, default=2.0, metavar="分钟", help="一边添加一边检索；0 表示不测")
    parser.add_argument("--part", choices=("write", "open"), help=argparse.SUPPRESS)
    parser.add_argument("--system", choices=tuple(SYSTEMS), help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.part == "write":
        return keep_adding(options.system, options.data, options.first)
    if options.part == "open":
        return look(options.system, options.data)
    with tempfile.TemporaryDirectory() as temporary:
        place = options.data or Path(temporary)
        filled = {name: filling(name, place / str(number), options.clauses) for number, name in enumerate(SYSTEMS)}
        print("\n".join(filled_table(filled)), flush=True)
        wanted = {"at random moments": options.kills, "into the HNSW write": options.aimed}
        for aim, kills in wanted.items():
            done = {
                name: killing(name, place / str(number), kills, aim != "at random moments")
                for number, name in enumerate(SYSTEMS)
            }
            print("\n".join(kills_table(aim, done)), flush=True)
        if options.minutes:
            loads = {
                name: mixed.measure(opened, place / str(number), options.minutes)
                for number, (name, opened) in enumerate(SYSTEMS.items())
            }
            print("\n".join(mixed.table(loads)))
            for name, load in loads.items():
                print(*(f"{name}: {problem}" for problem in [*load.errors, *load.missing, *load.stale][:5]), sep="\n")
    return 0


def filling(name: str, folder: Path, clauses: int) -> tuple[int, int, float]:
    """Files and pieces of a system that is filled with the files of so many clauses, and files added a second (0: it was filled)."""
    wanted, seconds = clauses // PER_FILE, 0.0
    folder.mkdir(parents=True, exist_ok=True)
    system = SYSTEMS[name](folder)
    system.prepare()
    try:
        done = start = len(system.held())
        while done < wanted:
            with tempfile.TemporaryDirectory() as place:
                files = range(done, min(wanted, done + PART))
                write(files, Path(place))
                began = time.perf_counter()
                system.add(Path(place), lambda _: None)
                seconds += time.perf_counter() - began
            done = files.stop
        return len(system.held()), system.pieces(), (done - start) / seconds if seconds else 0.0
    finally:
        system.close()


def killing(name: str, filled: Path, kills: int, aimed: bool) -> Kills:
    """Kills writers of a copy of the filled system, and opens it after each."""
    outcome, chance = Kills(), Random(5)
    with tempfile.TemporaryDirectory(dir=filled.parent, ignore_cleanup_errors=True) as temporary:
        folder, promised = Path(temporary, "data"), set[str]()
        shutil.copytree(filled, folder)
        for number in range(kills):
            told = killed(name, folder, FIRST + number * 2000, chance, aimed)
            promised |= told
            outcome.kills += 1
            outcome.acknowledged += len(told)
            found = opened_again(name, folder)
            if isinstance(found, str):
                outcome.unusable += 1
                outcome.missing += len(promised)
                outcome.problems.append(found)
                shutil.rmtree(folder)
                shutil.copytree(filled, folder)
                promised.clear()
                continue
            outcome.seconds.append(found["seconds"])
            missing = {one for one in promised if one not in found["held"]}
            doubled = {one for one in promised if found["held"].get(one, 0) > 1}
            outcome.missing += len(missing)
            outcome.doubled += len(doubled)
            outcome.problems += [f"kill {number}: {sorted(missing)[:3]} missing"] if missing else []
            promised -= missing | doubled  # counted once
    return outcome


def killed(name: str, folder: Path, first: int, chance: Random, aimed: bool) -> set[str]:
    """The files that a writer acknowledged until it was killed."""
    command = _command("write", name, folder, "--first", str(first))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as writer:
        assert writer.stdout
        writer.stdout.readline()  # it is open
        if aimed:
            await_graph(folder, MOST_WAIT)
        else:
            time.sleep(chance.uniform(*RANDOM_SECONDS))
        writer.send_signal(signal.SIGKILL)
        return set(writer.stdout.read().split())


def opened_again(name: str, folder: Path) -> dict[str, Any] | str:
    """What is held after opening in another process, or why it cannot be used."""
    command = _command("open", name, folder)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_WAIT * 5, check=False)
    except subprocess.TimeoutExpired:
        return "does not open in time"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"ends with {done.returncode}"])[-1][:200]
    return json.loads(done.stdout)


def keep_adding(name: str, folder: Path, first: int) -> int:
    """The writer that is killed: adds folders of files and prints the names that are acknowledged."""
    system = SYSTEMS[name](folder)
    print("open", flush=True)
    for start in count(first, TOGETHER):
        with tempfile.TemporaryDirectory() as place:
            write(range(start, start + TOGETHER), Path(place), SEED)
            system.add(Path(place), lambda one: print(one, flush=True))
    return 0


def look(name: str, folder: Path) -> int:
    """Opens, searches once, and prints what is held as JSON."""
    began = time.perf_counter()
    system = SYSTEMS[name](folder)
    try:
        system.search("对新认定的高新技术企业给予一次性奖励")
        seconds = time.perf_counter() - began
        print(json.dumps({"held": system.held(), "seconds": seconds}))
    finally:
        system.close()
    return 0


def _command(part: str, name: str, folder: Path, *more: str) -> list[str]:
    command = [sys.executable, "-m", "tests.benchmarks.side_by_side", "--part", part, "--system", name]
    return [*command, "--data", str(folder), *more]


def filled_table(filled: dict[str, tuple[int, int, float]]) -> Iterator[str]:
    yield "| | files | pieces | files/s added |"
    yield "|---" * 4 + "|"
    for name, (files, pieces, rate) in filled.items():
        yield f"| {name} | {files:,} | {pieces:,} | {f'{rate:.1f}' if rate else '–'} |"
    yield ""


def kills_table(aim: str, done: dict[str, Kills]) -> Iterator[str]:
    yield f"| kills {aim} | kills | files acknowledged | missing | there twice | not usable | seconds to the next answer, median / max |"
    yield "|---" * 7 + "|"
    for name, kills in done.items():
        ordered = sorted(kills.seconds) or [0.0]
        yield (
            f"| {name} | {kills.kills} | {kills.acknowledged} | {kills.missing} | {kills.doubled} | {kills.unusable} "
            f"| {ordered[len(ordered) // 2]:.1f} / {ordered[-1]:.1f} |"
        )
    yield ""
    for name, kills in done.items():
        yield from (f"{name}: {problem}" for problem in kills.problems[:5])


if __name__ == "__main__":
    sys.exit(main())
