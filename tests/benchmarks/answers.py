"""How long an offline answer takes in a large library, alone and for many readers at once.

::

    python -m tests.benchmarks.answers                     100,000 clauses
    python -m tests.benchmarks.answers --data FOLDER       the libraries of ``scale --data``, searched at once
    python -m tests.benchmarks.answers --data FOLDER --write   … and write the table in README.md

The library and the questions are those of ``scale``. Times are of whole answers after a warm-up, beside the search alone.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.library import Library
from index.query import understand
from ingest.settings import Settings
from qa.assistant import CANDIDATES, Assistant
from tests.benchmarks import readme
from tests.benchmarks.made_library import fill
from tests.benchmarks.scale import AS_OF, _contents, _folder, _questions

READERS = 20  # who ask at the same moment


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.answers")
    parser.add_argument("--clauses", type=int, default=100_000, metavar="条数")
    parser.add_argument("--data", type=Path, metavar="文件夹", help="建好的库留在这里，下次直接使用")
    parser.add_argument("--questions", type=int, default=200, metavar="个数")
    parser.add_argument("--write", action="store_true", help="结果写入 tests/benchmarks/README.md")
    options = parser.parse_args(arguments)
    with _folder(options.data, options.clauses) as folder:
        fill(folder, options.clauses)
        table = "\n".join(measure(folder, options.questions))
    print(table)
    if options.write:
        readme.put("answers", table)
    return 0


def measure(folder: Path, questions: int) -> Iterator[str]:
    """What answers cost, in Markdown."""
    with Library.open(Settings(data=folder)) as library:
        library.catch_up()
        assistant = Assistant(library)
        assistant.warm_up()
        asked = _questions(questions)
        yield f"{_contents(library)}; {questions} questions.\n"
        yield "| | p50 ms | p95 ms | max ms |"
        yield "|---|---|---|---|"

        def search(text: str) -> None:
            library.search(understand(text, as_of=AS_OF, limit=CANDIDATES))

        def first(text: str) -> None:
            next(assistant.stream(text, as_of=AS_OF))

        def answer(text: str) -> None:
            assistant.ask(text, as_of=AS_OF)

        for name, call in (("the search alone", search), ("first words", first), ("whole answer", answer)):
            yield _row(name, [_milliseconds(call, text) for text in asked])
        with ThreadPoolExecutor(READERS) as readers:
            yield _row(
                f"whole answer, {READERS} readers at once", list(readers.map(lambda t: _milliseconds(answer, t), asked))
            )
        abstained = sum(assistant.ask(text, as_of=AS_OF).abstained for text in asked)
        yield f"\n{abstained} of the {questions} answers are refusals."


def _milliseconds(call: Callable[[str], None], text: str) -> float:
    began = time.perf_counter()
    call(text)
    return 1000 * (time.perf_counter() - began)


def _row(name: str, times: Sequence[float]) -> str:
    return (
        f"| {name} | {statistics.median(times):.1f} | {statistics.quantiles(times, n=20)[-1]:.1f} | {max(times):.1f} |"
    )


if __name__ == "__main__":
    raise SystemExit(main())
