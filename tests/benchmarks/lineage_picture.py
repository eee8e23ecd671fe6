"""How long the lineage takes to draw, cold and again, and how large its SVG is.

::

    python -m tests.benchmarks.lineage_picture                     libraries of 10, 200 and 2,000 files
    python -m tests.benchmarks.lineage_picture --files 200         as many as you say
    python -m tests.benchmarks.lineage_picture --data FOLDER       keep the libraries there; the next call draws them at once
    python -m tests.benchmarks.lineage_picture --pictures FOLDER   also keep the pictures

Files are those of ``varied_text``; each names files of higher levels, old files that the library lacks, and now and then one
that it repeals or amends. One file in fifty is named by all the others of its place. *Cold* is the first picture after the
library was opened, with the documents read from disk; *again* the same picture once more; *other* that around another file; in brackets
the time of the processor, which does not grow when the machine has other work.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

from index.library import Library
from ingest.document import PolicyDocument
from ingest.parse import document_from_text
from ingest.settings import Settings
from qa.framework.graph import Graph, graph, shown
from qa.render.lineage_picture import lineage_svg
from tests.benchmarks import varied_text

AS_OF = date(2026, 6, 1)
_NO_TITLES = str.maketrans("《》", "“”")
PART = 50  # files taken in at once
LOOKED_BACK = 400  # files among which a file chooses those that it names
CLAUSES = 10  # of a file: filling the library takes long enough


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.lineage_picture")
    parser.add_argument("--files", nargs="+", type=int, default=[10, 200, 2000], metavar="份数")
    parser.add_argument("--data", type=Path, metavar="文件夹", help="建好的库留在这里，下次直接使用")
    parser.add_argument("--pictures", type=Path, metavar="文件夹", help="图存到这里")
    options = parser.parse_args(arguments)
    print(f"建库 {sum(options.files):,} 份文件，约需 {sum(options.files) / 350:.0f} 分钟；--data 里建好的直接使用。")
    print(
        "| files | edges | shown: files | edges | cold s | again s | other s | SVG KB |\n|---|---|---|---|---|---|---|---|"
    )
    for count in options.files:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (options.data or Path(temporary)) / f"lineage{count}"
            fill(folder, count)
            print(measure(folder, options.pictures))
    return 0


def fill(folder: Path, count: int) -> None:
    """Takes in made files until the library has so many; goes on where an earlier call was stopped."""
    with Library.open(Settings(data=folder)) as library:
        waiting = islice(documents(), len(library.documents()), count)
        while part := list(islice(waiting, PART)):
            library.add_documents((document, document.text.encode(), "text/plain") for document in part)


def measure(folder: Path, pictures: Path | None) -> str:
    """One row of the table."""
    with Library.open(Settings(data=folder)) as library:
        cards = library.documents()
        whole, drawn, cold = _drawn(library, None)
        _, _, again = _drawn(library, None)
        _, _, other = _drawn(library, cards[len(cards) // 2].id)
    view, picture = drawn
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        (pictures / f"lineage{len(cards)}.svg").write_text(picture, encoding="utf-8")
    return (
        f"| {len(cards):,} | {len(whole.edges):,} | {len(view.nodes)} | {len(view.edges)} | {cold} | {again} | {other} | "
        f"{len(picture.encode()) / 1000:.0f} |"
    )


def _drawn(library: Library, around: str | None) -> tuple[Graph, tuple[Graph, str], str]:
    began, worked = time.perf_counter(), time.process_time()
    whole = graph(library, AS_OF)
    view = shown(library, whole, around)
    picture = lineage_svg(view)
    return whole, (view, picture), f"{time.perf_counter() - began:.2f} ({time.process_time() - worked:.2f})"


def documents() -> Iterator[PolicyDocument]:
    """Files without end, each naming some of those before it."""
    named: list[str] = []
    serial = 0
    while True:
        title, number, addressees, *body = varied_text.text(7, serial).splitlines()
        # The titles in the moulds are those of the sample files.
        body = [line.translate(_NO_TITLES) for line in (*body[:CLAUSES], *body[-3:])]
        rng = Random(f"lineage {serial}")
        body[-2:-2] = list(_endings(rng, named))
        text = "\n".join((title, number, addressees, _basis(rng, named), *body)) + "\n"
        yield document_from_text(text, path=f"{serial}.txt")
        named.append(f"《{title}》（{number}）")
        serial += 1


def _basis(rng: Random, named: Sequence[str]) -> str:
    """The paragraph that names what the file rests on: the hub of its fifty, some others, some that no library holds."""
    chosen = rng.sample(named[-LOOKED_BACK:], min(len(named), rng.randrange(0, 3)))
    if named:
        chosen.append(named[len(named) // 50 * 50 - 1 if len(named) > 50 else 0])
    if rng.random() < 0.3:
        chosen.append(
            f"《关于推进第{rng.randrange(40)}批重点改革的意见》（国发〔{rng.randrange(2010, 2020)}〕{rng.randrange(90)}号）"
        )
    files = "、".join(dict.fromkeys(chosen))
    return (
        f"为{rng.choice(('贯彻落实', '落实'))}{files}精神，结合实际，制定本文件。"
        if files
        else "结合实际，制定本文件。"
    )


def _endings(rng: Random, named: Sequence[str]) -> Iterator[str]:
    if named and rng.random() < 0.15:
        yield f"本文件施行后，{rng.choice(named[-LOOKED_BACK:])}同时废止。"
    if named and rng.random() < 0.1:
        yield f"按照{rng.choice(named[-LOOKED_BACK:])}的规定执行。"


if __name__ == "__main__":
    sys.exit(main())
