"""How right the measures of whole files are: ``python -m tests.benchmarks.measures_judged FOLDER... [--show]``.

The sheets of ``judgments/measures`` say what a person read in clauses before the output was looked at; its README says how they were
drawn. ``is``: measure (something is granted), terms (of the file: who, when, what goes together), none. Figures are those of what is
granted; conditions those in words or with a figure; ``window``, ``stacking`` … must be there, ``exclude`` is who is left out. Files
that no folder has are passed over.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.corpus import walk
from ingest.document import PolicyDocument
from ingest.errors import PolicyError
from ingest.measures import find_measures
from ingest.measures.model import Measure
from ingest.measures.schema import condition, number
from ingest.sandbox import Sandbox
from tests.benchmarks.measures import amounts_of

SHEETS = Path(__file__).parents[1] / "judgments" / "measures"
_TERMS = ("stacking", "channel", "platform", "window", "clawback")


def main() -> None:
    """Prints precision and recall of measures, and how many fields are as judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--show", action="store_true", help="print what differs")
    options = parser.parse_args()
    sheets = {path.stem: rows(path) for path in sorted(SHEETS.glob("*.tsv"))}
    names = {row["file"] for sheet in sheets.values() for row in sheet}
    documents: dict[str, PolicyDocument] = {}
    with Sandbox() as sandbox:
        for item in walk(options.folders):
            if not isinstance(item, tuple) and Path(item.path).name in names:
                try:
                    documents[Path(item.path).name] = sandbox.parse(item)
                except PolicyError as error:
                    print(error)
    for name, sheet in sheets.items():
        print(f"{name}:")
        for line in report(sheet, documents, options.show):
            print(f"  {line}")


def rows(sheet: Path) -> list[dict[str, str]]:
    with sheet.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def report(wanted: Sequence[Mapping[str, str]], documents: Mapping[str, PolicyDocument], show: bool) -> Iterator[str]:
    counts: Counter[str] = Counter()
    found = {name: find_measures(document) for name, document in documents.items()}
    for row in wanted:
        if row["file"] not in documents:
            continue
        clause, _, part = row["clause"].partition("/")
        here = [m for m in found[row["file"]] if m.clause_id.rpartition("#")[2] == clause]
        if part and row["is"] != "none":
            here = [m for m in here if m.id.endswith("/" + part)]
        got = "measure" if any(m.benefits for m in here) else "terms" if here else "none"
        counts[f"{row['is']} read as {got}"] += 1
        wrong = [] if got == row["is"] else [f"is {row['is']}, read as {got}"]
        if got == row["is"] != "none":
            for field, ok, said in fields(row, here):
                counts[f"{field} of {row['is']}"] += 1
                counts[f"{field} right of {row['is']}"] += ok
                wrong.extend([] if ok else [f"{field}: {row[field]} | read {said}"])
        if wrong and show:
            yield f"{row['number']} {row['file'][:24]} {row['clause']}: {'; '.join(wrong)}"
    right = counts["measure read as measure"]
    read = sum(count for name, count in counts.items() if name.endswith("as measure"))
    said = sum(count for name, count in counts.items() if name.startswith("measure read"))
    yield f"measures: precision {right}/{read}, recall {right}/{said}"
    yield from (f"{name}: {count}" for name, count in sorted(counts.items()))


def fields(row: Mapping[str, str], here: Sequence[Measure]) -> Iterator[tuple[str, bool, str]]:
    """Each judged field of a clause: whether it was read so, and what was read."""
    if row["is"] == "measure":
        forms = [benefit.form for measure in here for benefit in measure.benefits]
        yield "forms", Counter(forms) == Counter(row["forms"].split()), " ".join(forms)
        figures = sorted({figure for measure in here for figure in _figures(measure)})
        judged = {float(figure.rstrip("年个月")) for figure in row["figures"].split()}
        yield "figures", judged == set(figures), " ".join(f"{figure:g}" for figure in figures)
    said = {words for measure in here for words in _conditions(measure)}
    judged_conditions = set(filter(None, row["conditions and terms"].split("；")))
    yield "conditions and terms", judged_conditions == said, "；".join(sorted(said))


def _figures(measure: Measure) -> Iterator[float]:
    """Of what is granted, not of its conditions."""
    for benefit in measure.benefits:
        own = {amount.span for tier in benefit.tiers for c in tier.when for amount in amounts_of(c)}
        own |= {amount.span for c in benefit.when for amount in amounts_of(c)}
        yield from (float(amount.value) for amount in amounts_of(benefit) if amount.span not in own)
        durations = [benefit.duration, *(tier.duration for tier in benefit.tiers)]
        yield from (float(duration.count) for duration in durations if duration)
    yield from (float(cap.limit.value) for cap in measure.caps)


def _conditions(measure: Measure) -> Iterator[str]:
    for each in measure.conditions:
        value = f"{number(each.amount.value)}" if each.amount else str(condition(each)["value"])
        yield f"{each.metric} {each.op} {value}"
    yield from (term for term in _TERMS if getattr(measure, term))
    if measure.beneficiary.exclude:
        yield "exclude"


if __name__ == "__main__":
    main()
