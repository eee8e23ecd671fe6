"""What is recovered of the hard documents that ``tests.hard_documents`` makes, producer by producer.

::

    python -m tests.benchmarks.hard_documents                     20 seeds, all producers (scans: 2)
    python -m tests.benchmarks.hard_documents --seeds 50 docx pdf  only producers whose name has one of the words
    python -m tests.benchmarks.hard_documents --verbose            … and each miss
    python -m tests.benchmarks.hard_documents --write FOLDER       … and keep the files

A row a producer: recovered/expected of each kind of fact. Exit status 1 where a digital format lost one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.corpus import source_file
from ingest.document import PolicyDocument
from ingest.errors import ReadError
from ingest.parse import parse
from ingest.readers import read
from tests.hard_documents.measure import FACTS, Score, measure
from tests.hard_documents.producers import Producer, Sample, named

_SCANS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. See the module."""
    options = _parser().parse_args(arguments)
    lost = False
    print(f"{'producer':22}" + "".join(f"{fact:>13}" for fact in FACTS) + f"{'files':>7}{'pages':>7}{'seconds':>9}")
    for name, producer in named(options.names).items():
        if not producer.needs():
            print(f"{name:22}left out: its program or font is not on this machine")
            continue
        seeds = range(
            options.first,
            options.first + (options.seeds if producer.exact or producer.refusable else min(_SCANS, options.seeds)),
        )
        score, files, pages, seconds = Score(), 0, 0, 0.0
        for sample in producer.make(seeds):
            if options.write:
                _keep(sample, Path(options.write), name)
            began = time.perf_counter()
            read_score, count = examine(sample, producer)
            seconds += time.perf_counter() - began
            files, pages = files + 1, pages + count
            score.add(read_score)
            if options.verbose:
                for miss in read_score.misses:
                    print(f"    {name} seed {sample.policy.seed} {sample.policy.form}: {miss}")
        print(f"{name:22}" + "".join(_cells(score)) + f"{files:>7}{pages:>7}{seconds:>9.1f}", flush=True)
        lost = lost or (producer.exact and score.recovered != score.expected)
    return int(lost)


def examine(sample: Sample, producer: Producer) -> tuple[Score, int]:
    """Score of a sample, and the number of its pages."""
    source = source_file(sample.name, sample.content)
    try:
        document: PolicyDocument = parse(source, read(source))
    except ReadError as error:
        score = Score()
        score.note("clean", producer.refusable, f"not read: {error}")
        return score, 0
    return measure(sample.policy, document, producer.facts, producer.exact, sample.extra), len(document.pages)


def _cells(score: Score) -> Iterator[str]:
    for fact in FACTS:
        right, expected = score.recovered[fact], score.expected[fact]
        yield f"{f'{right}/{expected}' if expected else '-':>13}"


def _keep(sample: Sample, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name.replace(' ', '_')}_{sample.policy.seed}_{sample.name}").write_bytes(sample.content)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.hard_documents")
    parser.add_argument("names", nargs="*", help="words of producers' names")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--write", metavar="FOLDER")
    return parser


if __name__ == "__main__":
    sys.exit(main())
