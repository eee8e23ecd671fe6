"""How right the relations between files are: ``python -m tests.benchmarks.relations FOLDER... [--show] [--cases FILE] [--plan FILE]``.

The sheets of ``judgments/relations`` say what a person read at places of real files before the output was looked at; the README there
says how they were drawn. Real files do not come with the project: those that no folder has are passed over. ``--cases``: sentences
with what is expected of them; ``--plan``: a file whose edges are printed.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.card import Identity, entry_of
from index.lineage import Lineage
from ingest.corpus import walk
from ingest.document import PolicyDocument
from ingest.errors import PolicyError
from ingest.parse import document_from_text
from ingest.references import find_references
from ingest.sandbox import Sandbox

SHEETS = Path(__file__).parents[1] / "judgments" / "relations"
ONLY_NAMED, NO_FILE = "-", "no"


@dataclass(frozen=True, slots=True)
class Place:
    """Where ``before`` + ``quote`` stands for the ``occurrence``-th time, and what a person read of ``quote``.

    ``expected``: a relation, ``-`` for a file that is only named, ``no`` where no other file is named; several where people
    may differ.
    """

    file: str
    before: str
    quote: str
    occurrence: int
    expected: tuple[str, ...]

    def found(self, document: PolicyDocument) -> str | None:
        """What the product says of it; ``None`` where the words are not there."""
        at = -1
        for _ in range(self.occurrence):
            at = document.text.find(self.before + self.quote, at + 1)
        if at < 0:
            return None
        start = at + len(self.before)
        reference = next((r for r in document.references if r.span.start <= start < r.span.end), None)
        return NO_FILE if reference is None else reference.relation or ONLY_NAMED


def main() -> None:
    """Prints precision and recall of citations and of their relations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--show", action="store_true", help="print what differs")
    parser.add_argument("--cases", type=Path, help="JSON lines: text, cites")
    parser.add_argument("--plan", type=Path, help="a plain text file")
    options = parser.parse_args()
    if options.cases:
        measure_cases(options.cases, options.show)
    if options.plan:
        print_edges(options.plan)
    sheets = {sheet: tuple(places(sheet)) for sheet in sorted(SHEETS.glob("*.tsv"))}
    wanted = frozenset(place.file for sheet in sheets.values() for place in sheet)
    held = {document.sha256[:12]: document for document in documents(options.folders, wanted)}
    for sheet, drawn in sheets.items():
        print(f"{sheet.stem}: {judged(drawn, held, options.show)}")


def places(sheet: Path) -> Iterator[Place]:
    with sheet.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            expected = tuple(row["is"].split("/"))
            yield Place(row["file"], row["before"], row["quote"], int(row["occurrence"]), expected)


def documents(folders: Sequence[str], wanted: frozenset[str]) -> Iterator[PolicyDocument]:
    with Sandbox() as sandbox:
        for found in walk(folders):
            if isinstance(found, tuple) or found.sha256[:12] not in wanted:
                continue
            try:
                yield sandbox.parse(found)
            except PolicyError as error:
                print(f"{found.path}: {error}")


def judged(sheet: Sequence[Place], held: Mapping[str, PolicyDocument], show: bool) -> str:
    """Precision and recall; a place that people may read without a relation is not asked to have one."""
    count: Counter[str] = Counter()
    for place in sheet:
        said = place.found(held[place.file]) if place.file in held else None
        if said is None:
            count["passed over"] += 1
            continue
        right, cites, says = said in place.expected, NO_FILE not in place.expected, said not in (ONLY_NAMED, NO_FILE)
        related = cites and ONLY_NAMED not in place.expected
        count["places"] += 1
        count["named"] += cites
        count["found"] += said != NO_FILE
        count["named and found"] += cites and said != NO_FILE
        count["said"] += says
        count["said and right"] += says and right
        count["related"] += related
        count["related and right"] += related and right
        if show and not right:
            print(f"  {place.file} {place.before}｜{place.quote}: {said}, not {'/'.join(place.expected)}")
    return (
        f"{count['places']} places (passed over {count['passed over']}); citations: precision "
        f"{_share(count['named and found'], count['found'])}, recall {_share(count['named and found'], count['named'])}; "
        f"relations: precision {_share(count['said and right'], count['said'])}, "
        f"recall {_share(count['related and right'], count['related'])}"
    )


def measure_cases(file: Path, show: bool) -> None:
    """Prints precision and recall of (title, relation) over the sentences of ``file``."""
    expected, said, right = 0, 0, 0
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        want = Counter((cite["title"], cite["rel"]) for cite in case["cites"])
        have = Counter((r.title, r.relation) for r in find_references(case["text"]) if r.title)
        expected, said, right = expected + want.total(), said + have.total(), right + (want & have).total()
        if show and want != have:
            print(f"  {case['id']}: {dict(have)}, not {dict(want)}")
    print(f"{file.stem}: precision {_share(right, said)}, recall {_share(right, expected)}")


def print_edges(file: Path) -> None:
    """Prints the files that one file names, each once: two that were merged would be one line."""
    document = document_from_text(file.read_text("utf-8"), path=file.name)
    entry = entry_of(document, Identity.of(document), 1, datetime.now(UTC))
    links = Lineage({document.id: entry}).links(document, document.id)
    print(f"{file.stem}: {len(links)} edges, own number {entry.card.document_number}")
    for link in links:
        print(f"  {link.relation}\t{link.number}\t{link.resolution.label}\t{link.title}")


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.1%}" if whole else "0/0"


if __name__ == "__main__":
    main()
