"""Runs as text for people, and as figures for JSON."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean

from index.evaluation.compare import EQUAL, difference, differences
from index.evaluation.judged import JudgedSet
from index.evaluation.metrics import MAIN, METRICS, NAMES
from index.evaluation.run import SPEED, Outcome, Run, figures
from index.evaluation.saved import SavedRun
from index.ranking import WEIGHTS

SHOWN = 10  # questions listed on either side of a comparison
LONGEST = 80  # characters of a question that are shown
SPEED_NAMES = ("p50毫秒", "p95毫秒", "条款/秒")


def by_type(judged: JudgedSet, run: Run) -> dict[str, dict[str, float]]:
    """Number of questions and means of the metrics for each type of question, the most frequent first."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for query_id, outcome in run.outcomes.items():
        groups[judged.types.get(query_id, "")].append(outcome)
    return {
        kind: {"questions": len(group), **{name: fmean(o.scores[name] for o in group) for name in METRICS}}
        for kind, group in sorted(groups.items(), key=lambda row: (-len(row[1]), row[0]))
    }


def ablation(runs: Mapping[str, Run]) -> dict[str, dict[str, float]]:
    """What leaving out each part does: changes of the metrics, p value of that of ``MAIN``, percentiles of the time."""
    full = figures(runs[""])
    parts = {}
    for name, run in runs.items():
        if name:
            left = figures(run)
            p = difference(runs[""].values(MAIN), run.values(MAIN)).p
            changes = {metric: left[metric] - full[metric] for metric in METRICS}
            parts[name] = {**changes, "p": p, "p50_ms": left["p50_ms"], "p95_ms": left["p95_ms"]}
    return parts


def summary(judged: JudgedSet, runs: Mapping[str, Run]) -> dict[str, object]:
    """All figures of a set: of the full system (``""``), by type of question, and by the part left out where that was asked."""
    parts = {name: _rounded(row) for name, row in ablation(runs).items()}
    notices = [*runs[""].notices]
    return {
        "documents": len(judged.corpus),
        "questions": len(judged.queries),
        **_rounded(figures(runs[""])),
        "types": {kind: _rounded(row) for kind, row in by_type(judged, runs[""]).items()},
        **({"ablation": parts} if parts else {}),
        **({"notices": notices} if notices else {}),
    }


def _rounded(row: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in row.items()}


def overview(judged: JudgedSet, runs: Mapping[str, Run]) -> str:
    """The figures of the full system, below them the changes without each part; then the types of question."""
    full, parts = figures(runs[""]), ablation(runs)
    head = [f"{len(judged.queries)} 个问题", *NAMES.values(), *SPEED_NAMES]
    head += [f"p({NAMES[MAIN]})"] if parts else []
    rows = [head, ["全部", *(f"{full[m]:.4f}" for m in METRICS), *(f"{full[s]:.1f}" for s in SPEED)]]
    for name, row in parts.items():
        times = (f"{row['p50_ms']:.1f}", f"{row['p95_ms']:.1f}", "")
        rows.append([f"去掉{name}", *(f"{row[m]:+z.4f}" for m in METRICS), *times, f"{row['p']:.4f}"])
    types = [["问题类型", "问题数", *NAMES.values()]]
    for kind, row in by_type(judged, runs[""]).items():
        types.append([kind, str(row["questions"]), *(f"{row[m]:.4f}" for m in METRICS)])
    notices = "".join(f"\n注意：{notice}" for notice in runs[""].notices)
    return f"{table(rows)}{notices}\n\n{table(types)}"


def comparison(judged: JudgedSet, before: SavedRun, run: Run) -> str:
    """A line a metric, constants that changed, and the questions that gained and lost most, with the ranks of what they seek."""
    rows = [[f"与 {before.commit or '未知版本'} 比较", "之前", "现在", "变化", "胜", "负", "平", "p"]]
    for metric, d in differences(before.outcomes, run.outcomes).items():
        counts = (str(d.wins), str(d.losses), str(d.ties), f"{d.p:.4f}")
        rows.append([NAMES[metric], f"{d.before:.4f}", f"{d.after:.4f}", f"{d.change:+z.4f}", *counts])
    now = figures(run)
    for name, label in zip(SPEED, SPEED_NAMES, strict=True):
        then = before.figures[name]
        rows.append([label, f"{then:.1f}", f"{now[name]:.1f}", f"{now[name] - then:+z.1f}"])
    lines = [table(rows), f"之前：{before.date[:10]}；p：配对随机化检验（双侧）", *_constants(before)]
    return "\n".join([*lines, *_moved(judged, before.outcomes, run.outcomes)])


def _moved(judged: JudgedSet, before: Mapping[str, Outcome], now: Mapping[str, Outcome]) -> Iterator[str]:
    """The questions that gained most, and those that lost most."""
    changes = [(now[id_].scores[MAIN] - before[id_].scores[MAIN], id_, text) for id_, text in judged.queries]
    for title, sign in (("进步", 1), ("退步", -1)):
        moved = sorted((row for row in changes if row[0] * sign > EQUAL), key=lambda row: -row[0] * sign)
        yield ""
        yield f"{title}最大的问题（{NAMES[MAIN]}；相关文件：之前的名次 → 现在的名次）：{'' if moved else '无'}"
        for change, query_id, text in moved[:SHOWN]:
            yield f"{change:+.4f}  {query_id}  {' '.join(text.split())[:LONGEST]}"
            yield f"         {_ranks(before[query_id].ranks, now[query_id].ranks)}"


def _constants(before: SavedRun) -> Iterator[str]:
    """The constants that are not what they were; one of the two may lack some."""
    now = asdict(WEIGHTS)
    for name in dict.fromkeys((*before.constants, *now)):
        then, value = before.constants.get(name, "无"), now.get(name, "无")
        if then != value:
            yield f"常数 {name}：{then} → {value}"


def _ranks(before: Mapping[str, int | None], now: Mapping[str, int | None]) -> str:
    return "；".join(f"{id_}：{before.get(id_) or '未找到'} → {rank or '未找到'}" for id_, rank in now.items())


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns under each other, the first to the left, the others to the right; short rows end early."""
    columns = range(max(map(len, rows)))
    widths = [max(_width(row[column]) for row in rows if column < len(row)) for column in columns]
    lines = []
    for row in rows:
        first, *others = row
        cells = (" " * (width + 2 - _width(cell)) + cell for cell, width in zip(others, widths[1:], strict=False))
        lines.append((first + " " * (widths[0] - _width(first)) + "".join(cells)).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
