"""Judged sets with one set of constants, the worst beside the mean; results by commit.

::

    python -m tests.benchmarks.retrieval DIR…             measure, write results/COMMIT.json and the table in README.md
    python -m tests.benchmarks.retrieval DIR… --ablation  … with the part that each leg and feature has in it
    python -m tests.benchmarks.retrieval DIR… --limit N   only look: the first N questions of each, nothing is written
    python -m tests.benchmarks.retrieval DIR… --tables T  sets from whose questions the offline embedding learned: T/0, T/1 … are
                                                          tables trained by index.static.train --without I/N, and every
                                                          question is answered with the table that has not seen it
    python -m tests.benchmarks.retrieval                  write the table in README.md anew from the results

A DIR is a judged set (see ``index.evaluation.judged``); the large ones are not part of the project. Sets of one commit may
be measured one after the other: its file keeps the others. Only a committed state has a result, and only without a model.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from index.evaluation import report
from index.evaluation.command import positive
from index.evaluation.judged import load
from index.evaluation.metrics import MAIN, METRICS, NAMES
from index.evaluation.run import SPEED, Run, evaluate
from index.evaluation.saved import provenance
from index.ranking import ABLATIONS, WEIGHTS, Weights
from index.static.embedding import StaticEmbedding
from ingest.errors import PolicyError
from ingest.settings import Settings
from tests.benchmarks import readme

RESULTS = Path(__file__).with_name("results")
NAME = "retrieval"
UNSEEN = " (unseen)"
Sets = dict[str, dict[str, Any]]  # by name, see report.summary
Result = dict[str, Any]  # saved.provenance(), and "sets"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.retrieval", description="用多套标注集评测检索效果"
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="标注集所在的文件夹")
    parser.add_argument("--ablation", action="store_true", help="逐一去掉各部分，看各自的作用")
    parser.add_argument("--limit", type=positive, metavar="N", help="每套只用前 N 个问题，不写入结果")
    parser.add_argument("--tables", type=Path, metavar="T", help="逐份留出问题时训练的向量表所在的文件夹")
    options = parser.parse_args(argv)
    absent = [folder for folder in options.folders if not folder.is_dir()]
    if absent:
        print(f"没有这些标注集文件夹，未测：{'、'.join(map(str, absent))}", file=sys.stderr)
        return 2
    try:
        origin = provenance()
        problem = unfit(origin, options.limit)
        if options.folders and problem:
            print(f"只显示，不写入结果：{problem}")
        sets = measured(options.folders, options.limit, options.ablation, options.tables)
    except PolicyError as error:
        print(error, error.hint, sep="\n", file=sys.stderr)
        return 2
    if sets:
        print("\n".join(by_set(sets)))
        if any("notices" in row for row in sets.values()):
            problem = problem or "有的部分没有参加检索，见上面的“注意”"
            print(f"结果未写入：{problem}")
        if problem:
            return 0
        print(f"结果已写入 {keep({**origin, 'sets': sets})}")
    readme.put(NAME, tables(read_results()))
    return 0


def measured(
    folders: Sequence[Path], limit: int | None = None, ablation: bool = False, tables: Path | None = None
) -> Sets:
    """The summary of each set by its name. Prints each set as soon as it is done. Raises PolicyError."""
    sets = {}
    variants = {"": WEIGHTS, **(ABLATIONS if ablation else {})}
    for folder in folders:
        judged = load(folder, limit)
        name = f"{judged.name}{UNSEEN if tables else ''}"
        runs = by_parts(folder, tables, variants) if tables else evaluate(judged, variants)
        print(f"{name}（{len(judged.corpus)} 份文件）\n{report.overview(judged, runs)}\n", flush=True)
        sets[name] = report.summary(judged, runs)
    return sets


def by_parts(folder: Path, tables: Path, variants: Mapping[str, Weights]) -> dict[str, Run]:
    """The runs of the questions of every part, each with the table in ``tables`` that has not seen them."""
    places = sorted(path for path in tables.iterdir() if path.is_dir())
    parts = []
    for number, place in enumerate(places):
        os.environ["POLICY_EMBEDDING"] = f"{StaticEmbedding.__module__}:StaticEmbedding " + json.dumps(
            {"folder": str(place.resolve())}
        )
        try:
            parts.append(evaluate(load(folder, only=f"{number}/{len(places)}"), variants))
        finally:
            del os.environ["POLICY_EMBEDDING"]
    return {
        name: Run(
            {query: outcome for part in parts for query, outcome in part[name].outcomes.items()},
            tuple(milliseconds for part in parts for milliseconds in part[name].milliseconds),
            fmean(part[name].clauses_per_second for part in parts),
            tuple(dict.fromkeys(notice for part in parts for notice in part[name].notices)),
        )
        for name in variants
    }


def unfit(origin: Mapping[str, Any], limit: int | None) -> str | None:
    """Why a result of this origin cannot be kept under the name of a commit."""
    if limit:
        return "只用了部分问题"
    if origin["commit"] is None:
        return "不在 git 工作区内，不知道是哪个版本"
    if origin["commit"].endswith("+"):
        return f"index 或 ingest 与提交 {origin['commit'][:-1]} 不同，请先提交"
    models = {origin["embedding"], origin["reranker"]} - {Settings().embedding, Settings().reranker}
    return f"用了模型 {'、'.join(models)}，结果表只收不用模型的结果" if models else None


def keep(result: Result, folder: Path = RESULTS) -> Path:
    """Writes a result to the file of its commit, beside the sets that are there already."""
    path = folder / f"{result['commit']}.json"
    known = json.loads(path.read_text("utf-8"))["sets"] if path.exists() else {}
    kept = {**result, "sets": dict(sorted({**known, **result["sets"]}.items()))}
    folder.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def read_results(folder: Path = RESULTS) -> list[Result]:
    """All results, the newest first."""
    results = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
    return sorted(results, key=lambda result: (result["date"], result["commit"]), reverse=True)


def tables(results: Sequence[Result]) -> str:
    """What README.md shows: the newest result in full, and the main figure of every commit."""
    if not results:
        return "No results yet."
    newest, machine = results[0], results[0]["machine"]
    lines = [
        f"Newest: `{newest['commit']}`, {newest['date'][:10]}, {machine['cores']} cores, Python {machine['python']}, "
        f"embedding `{newest['embedding']}`.",
        "",
        *by_set(newest["sets"]),
        *by_part(newest["sets"]),
        *by_type(newest["sets"]),
        "",
        f"{NAMES[MAIN]} by commit (mean and worst only where all sets were measured):",
        "",
        *by_commit(results),
    ]
    return "\n".join(lines)


def by_set(sets: Sets) -> Iterator[str]:
    """A line a set; the mean and the worst of each metric over the sets."""
    yield from _head("set", "documents", "questions", *NAMES.values(), "p50 ms", "p95 ms", "clauses/s")
    for name, row in sets.items():
        figures = [*(f"{row[m]:.4f}" for m in METRICS), *(f"{row[s]:.1f}" for s in SPEED)]
        yield _row(name, row["documents"], row["questions"], *figures)
    summaries: dict[str, Callable[[list[float]], float]] = {"mean": fmean, "worst": min}
    for label, of in summaries.items():
        yield _row(
            f"**{label}**", "", "", *(f"{of([row[m] for row in sets.values()]):.4f}" for m in METRICS), "", "", ""
        )


def by_part(sets: Sets) -> Iterator[str]:
    """What leaving out each part does to the main figure of each set."""
    taken = {name: row["ablation"] for name, row in sets.items() if "ablation" in row}
    if not taken:
        return
    yield from ("", f"Change of {NAMES[MAIN]} without a part (p of the paired randomisation test):", "")
    yield from _head("without", *taken)
    for part in dict.fromkeys(part for parts in taken.values() for part in parts):
        found = [parts.get(part) for parts in taken.values()]
        yield _row(part, *(f"{row[MAIN]:+z.4f} ({_p(row['p'])})" if row else "" for row in found))


def by_type(sets: Sets) -> Iterator[str]:
    """The metrics of each type of question, as the set names it or as the words of the question tell."""
    yield from ("", "By type of question:", "")
    yield from _head("set", "type", "questions", *NAMES.values())
    for name, row in sets.items():
        for kind, figures in row["types"].items():
            yield _row(name, kind, figures["questions"], *(f"{figures[m]:.4f}" for m in METRICS))


def by_commit(results: Sequence[Result]) -> Iterator[str]:
    """The main figure of every set at every commit."""
    names = sorted({name for result in results for name in result["sets"]})
    yield from _head("commit", "date", *names, "mean", "worst")
    for result in results:
        values = [result["sets"][name][MAIN] if name in result["sets"] else None for name in names]
        both = ("", "") if None in values else (f"{fmean(values):.4f}", f"{min(values):.4f}")
        cells = ("" if value is None else f"{value:.4f}" for value in values)
        yield _row(f"`{result['commit']}`", result["date"][:10], *cells, *both)


def _p(value: float) -> str:
    return "<.001" if value < 0.001 else f"{value:.3f}"


def _head(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield "|" + "---|" * len(names)


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
