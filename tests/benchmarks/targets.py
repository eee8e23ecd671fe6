"""How right the targets (目标) of whole files are: ``python -m tests.benchmarks.targets FOLDER... [--show]``.

The sheet of ``judgments/targets`` says what a person read before the output was looked at; its README says of which files. ``needed``:
``yes``, or ``may`` where people may differ whether it is a target. Every other one that is found counts as false; files that
are on no line of the sheet have none. ``--show`` prints what differs.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from pathlib import Path

from ingest.corpus import walk
from ingest.errors import PolicyError
from ingest.sandbox import Sandbox
from qa.framework.goals import find_goals

SHEET = Path(__file__).parents[1] / "judgments" / "targets" / "targets.tsv"
Row = dict[str, str]


def main() -> None:
    """Prints precision and recall of targets, and how many of their parts are as judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--show", action="store_true", help="print what differs")
    options = parser.parse_args()
    with SHEET.open(encoding="utf-8", newline="") as lines:
        sheet: dict[str, list[Row]] = defaultdict(list)
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            sheet[row["file"]].append(row)
    counts: Counter[str] = Counter()
    with Sandbox() as sandbox:
        for found in walk(options.folders):
            if isinstance(found, tuple):
                continue
            try:
                document = sandbox.parse(found)
            except PolicyError:
                continue
            said = [
                {
                    "value": read.words.value.of(document.text),
                    "comparator": "".join(span.of(document.text) for span in read.words.comparator),
                    "metric": "".join(span.of(document.text) for span in read.words.metric),
                    "period": "".join(span.of(document.text) for span in read.words.period),
                }
                for read in find_goals(document)
            ]
            wanted = sheet.get(Path(found.path).name, []) or sheet.get(found.sha256[:12], [])
            counts.update(compared(Path(found.path).name, said, wanted, options.show))
    right, found_, needed = counts["right"], counts["found"], counts["needed"]
    print(
        f"{counts['files']} files; precision {_share(right, found_ - counts['optional'])}, recall {_share(right, needed)}"
    )
    for part in ("comparator", "metric", "period"):
        print(f"  {part} {_share(counts[part], right)}")


def compared(name: str, said: list[Row], wanted: list[Row], show: bool) -> Counter[str]:
    counts: Counter[str] = Counter(files=1, needed=sum(row["needed"] == "yes" for row in wanted), found=len(said))
    left = sorted(wanted, key=lambda row: row["needed"] != "yes")
    for target in said:
        alike = [row for row in left if row["value"] == target["value"]]
        match = max(
            alike, key=lambda row: (row["metric"] in target["metric"], row["period"] in target["period"]), default=None
        )
        if match is None:
            if show:
                print(f"  {name[:24]} false: {target}")
            continue
        left.remove(match)
        if match["needed"] != "yes":
            counts["optional"] += 1
            continue
        counts["right"] += 1
        for part in ("comparator", "metric", "period"):
            agrees = match[part] in target[part]
            counts[part] += agrees
            if show and not agrees:
                print(f"  {name[:24]} {part} of {match['value']}: {target[part]!r}, not {match[part]!r}")
    for row in left:
        if show and row["needed"] == "yes":
            print(f"  {name[:24]} missed: {row}")
    return counts


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.1%}" if whole else "0/0"


if __name__ == "__main__":
    main()
