"""What a kill -9 costs a library that is being filled: nothing that was acknowledged, and how long the next start takes.

::

    python -m tests.benchmarks.faults --kills 100 --aimed 30

``--kills`` come at random moments of adding; ``--aimed`` while Chroma takes in vectors, as many while it writes its graph over in
place (every thousand vectors), and as many while tantivy commits. A kill into Chroma, and each second one at random, ends all
processes of the program at once, as when the machine goes down; the others end the program only.
After each kill the same folder is opened, and every acknowledged file must be there and found: read back, by words, by
vectors, and with all legs, and no index may hold a file that the register does not. Nobody helps with a command.
"""

from __future__ import annotations

import argparse
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from index.chunk import chunk
from index.library import Library
from index.query import Query
from ingest.settings import Settings
from tests.benchmarks.systems import await_graph
from tests.forked import Forker, forker

# Adds files, more than it lives for, and prints the id of each when it is acknowledged; ``aim`` also prints when a write begins.
WRITER = """
import sys
from pathlib import Path
from index.library import Library
from ingest.parse import document_from_text
from ingest.settings import Settings

data, first, aim = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

def told(write):
    def telling(*given, **named):
        print("begins", flush=True)
        return write(*given, **named)
    return telling

if aim == "chroma":
    from index.vectors_hosted import HostedStore
    HostedStore.add = told(HostedStore.add)
if aim == "tantivy":
    class Writer:
        def __init__(self, writer):
            self._writer = writer
            self.commit = told(writer.commit)
        def __getattr__(self, name):
            return getattr(self._writer, name)
    from index.lexical_store import Store
    opened = Store.__init__
    def opened_and_told(self, *given, **named):
        opened(self, *given, **named)
        self._writer = Writer(self._writer) if self._writer else None
    Store.__init__ = opened_and_told

with Library.open(Settings(data=data)) as library:
    for serial in range(first, first + 400):
        items = "".join(f"（{n}）对第{serial}类企业给予补贴{serial}{i}万元。\\n" for i, n in enumerate("一二三四五六七八九十"))
        text = f"支持第{serial}类企业措施\\n示政办〔2023〕{serial}号\\n各区：\\n{items}2023年5月1日\\n"
        report = library.add_document(document_from_text(text), text.encode(), "text/plain")
        print(report.document_id, flush=True)
"""

GRAPH_SECONDS = 60.0  # in which the graph is written at least once
ROUND = 20  # kills of one library; then a new one (a file number has four digits)
MOST = {
    "anywhere": 0.3,
    "chroma": 0.03,
    "graph": 0.003,
    "tantivy": 0.02,
}  # seconds from the last line that the writer printed to its end


@dataclass(slots=True)
class Outcome:
    """What the kills of one kind did. ``lost``: acknowledged files not there or not found by a leg, and what is too much."""

    kills: int = 0
    acknowledged: int = 0
    recovered: int = 0
    lost: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def killed(forked: Forker, data: Path, first: int, aim: str, chance: random.Random) -> list[str]:
    """Ids that a writer acknowledged until it was killed; its first line may stand for the start of a write."""
    writer = forked(WRITER, str(data), str(first), aim)
    said = [writer.output.readline().strip() for _ in range(chance.randint(2, 8))]
    while aim in ("chroma", "tantivy") and said[-1] != "begins":
        said.append(writer.output.readline().strip())
    if aim == "graph":
        await_graph(data, GRAPH_SECONDS)
    time.sleep(chance.uniform(0, MOST[aim]))
    whole = aim in ("chroma", "graph") or (aim == "anywhere" and chance.random() < 0.5)
    return [line for line in (*said, *writer.end(signal.SIGKILL, whole)) if line.startswith("示")]


def faults_of(library: Library, acknowledged: set[str]) -> list[str]:
    """What is wrong with the library, one line each."""
    cards = {card.id for card in library.documents()}
    vectors = _vectors(library)
    wrong = [f"{id_}: not held" for id_ in sorted(acknowledged - cards)]
    wrong += [f"told: {notice}" for notice in library.notices()]
    for id_ in sorted(cards):
        if library.document(id_).text.encode() != library.original(id_).content:
            wrong.append(f"{id_}: not as it was given")
        serial = id_.removeprefix("示政办〔2023〕").removesuffix("号")
        hits = library.search(Query(f"对第{serial}类企业给予补贴{serial}0万元", limit=20))
        legs = {leg for hit in hits if hit.chunk.document_id == id_ for leg, _ in hit.legs}
        if "dense" not in legs and vectors[id_] == len(chunk(library.document(id_))) + 1:
            print(
                f"{id_}: its vectors are there, the graph leads to none of them among thousands alike", file=sys.stderr
            )
            legs.add("dense")
        wrong += [f"{id_}: not found by {leg}" for leg in ("lexical", "dense") if leg not in legs]
        wrong += [f"{hit.chunk.document_id}: an orphan" for hit in hits if hit.chunk.document_id not in cards]
    return wrong


def _vectors(library: Library) -> Counter[str]:
    """How many there are of each document, its chunks and itself as a whole. Read and not searched for: of texts that differ in
    figures only, a graph (HNSW) that was never killed does not lead to all (of 750 files of these, to 265 wholly).
    """
    index = library._follower.dense.index
    assert index
    return Counter(id_.partition("#")[0] for ids, _, _ in index._store.pages() for id_ in ids)


def tried(forked: Forker, aim: str, kills: int, chance: random.Random) -> Outcome:
    """Kills, opens and looks, as often as asked."""
    outcome = Outcome()
    for start in track(range(0, kills, ROUND), f"kills: {aim}", console=Console(stderr=True)):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            settings, acknowledged = Settings(data=Path(name)), set()
            for number in range(start, min(start + ROUND, kills)):
                told = killed(forked, settings.data, (number - start) * 400 + 1, aim, chance)
                acknowledged.update(told)
                began = time.perf_counter()
                with Library.open(settings) as library:
                    library.catch_up()
                    outcome.seconds.append(time.perf_counter() - began)
                    wrong = faults_of(library, acknowledged)
                outcome.kills += 1
                outcome.acknowledged += len(told)
                outcome.recovered += not wrong
                outcome.lost += wrong
    return outcome


def shown(outcomes: dict[str, Outcome]) -> Table:
    table = Table(
        "killed", "kills", "files acknowledged", "recovered", "faults", "seconds to recover: median", "p95", "max"
    )
    for aim, outcome in outcomes.items():
        ordered = sorted(outcome.seconds)
        p95 = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
        figures = (statistics.median(ordered), p95, ordered[-1])
        counts = (outcome.kills, outcome.acknowledged, outcome.recovered, len(outcome.lost))
        table.add_row(aim, *map(str, counts), *(f"{seconds:.2f}" for seconds in figures))
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 where every start recovered everything by itself."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100, help="at random moments")
    parser.add_argument(
        "--aimed",
        type=int,
        default=30,
        help="into an add of Chroma, a write of its graph, and a commit of tantivy each",
    )
    parser.add_argument("--seed", type=int, default=9)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    wanted = {"anywhere": options.kills, **dict.fromkeys(("chroma", "graph", "tantivy"), options.aimed)}
    with forker() as forked:
        outcomes: dict[str, Outcome] = {}
        for aim in (aim for aim, kills in wanted.items() if kills > 0):
            outcomes[aim] = tried(forked, aim, wanted[aim], chance)
            Console(width=120).print(shown({aim: outcomes[aim]}))  # at once: the next aim may take ten minutes
            print(*(f"{aim}: {line}" for line in outcomes[aim].lost[:20]), sep="\n", flush=True)
    return int(any(outcome.lost for outcome in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main())
