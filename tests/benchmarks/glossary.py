"""The terms that files define: ``python -m tests.benchmarks.glossary FOLDER... [--judged] [--short] [--missed]``.

``--judged``: precision and recall on the files of the sheet of ``judgments/glossary``, whose README says how it was made, and what
differs. Without it the terms are printed, to be read by eye.

A line a term: kind, name, other forms, what it means. ``--short``: short names (以下简称) too. ``--missed``: places that look like
a definition and gave no term. A term whose sentence does not stand in its clause is counted as broken (0 is right).
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.definitions import Term, terms_of
from index.term_names import key_of_name
from ingest.corpus import walk
from ingest.document import PolicyDocument, SourceFile
from ingest.errors import PolicyError
from ingest.normalize import fold
from ingest.parse import parse
from ingest.readers import read

_CUE = re.compile(r'所称|[是系]指|指的是|[,:(]指(?![导定标引])|",即|\(即|定义为|的定义|统称|所谓')
_AROUND = 35  # characters
SHEETS = Path(__file__).parents[1] / "judgments" / "glossary"
Row = dict[str, Any]


def main() -> None:
    """Prints the terms of every file that can be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--judged", action="store_true", help="count on the judged files")
    parser.add_argument("--short", action="store_true", help="short names too")
    parser.add_argument("--missed", action="store_true", help="places that look like a definition and gave no term")
    options = parser.parse_args()
    if options.judged:
        for sheet in sorted(SHEETS.glob("*.jsonl")):
            judged(sheet, options.folders)
        return
    files = characters = terms = short = broken = 0
    seconds = 0.0
    for document in documents(options.folders):
        started = time.perf_counter()
        found = terms_of(document)
        seconds += time.perf_counter() - started
        files, characters = files + 1, characters + len(document.text)
        terms += sum(not term.is_alias for term in found)
        short += sum(term.is_alias for term in found)
        broken += sum(not stands(document, term) for term in found)
        shown = [term for term in found if options.short or not term.is_alias]
        missed = list(places_missed(document, found)) if options.missed else []
        if shown or missed:
            print(f"## {document.path}")
        for term in shown:
            said = " ".join(term.meaning.of(document.text).split())
            print(
                f"  {term.kind}\t{term.name}\t{'、'.join(term.variants)}\t{said[:80]}{f' +{len(term.items)}' * bool(term.items)}"
            )
        for place in missed:
            print(f"  ?\t{place}")
    print(
        f"{files} files, {characters} characters: {terms} terms, {short} short names, {broken} broken, {seconds:.2f} s"
    )


def judged(sheet: Path, folders: Sequence[Path]) -> None:
    """Prints how many of the judged terms are found, how many of those found are judged ones, and what differs."""
    wanted: dict[str, list[Row]] = defaultdict(list)
    for line in sheet.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted[row["file"]] += [row] if row["term"] else []
    counts: Counter[str] = Counter()
    for document in documents(folders, wanted):
        counts["files"] += 1
        left = wanted[Path(document.path).name].copy()
        counts["needed"] += sum(row["needed"] == "yes" for row in left)
        for term in terms_of(document):
            match = next((row for row in left if _is(term, row)), None)
            if match:
                left.remove(match)
                counts[match["needed"]] += 1
                if (match["is"] == "short") != term.is_alias:
                    print(f"  as another kind: {document.path} {term.kind} {term.name}")
            else:
                counts["false"] += 1
                print(f"  false: {document.path} {term.kind} {term.name}: {term.meaning.of(document.text)[:60]}")
        for row in left:
            if row["needed"] == "yes":
                print(f"  missed: {document.path} {row['term']}")
    right = counts["yes"]
    found = right + counts["false"]
    print(
        f"{sheet.name}: {counts['files']} files; precision {right}/{found}, recall {right}/{counts['needed']}"
        f" (and {counts['may']} that may be one)"
    )


def _is(term: Term, row: Row) -> bool:
    """Whether the term is the judged one; another reading of the file may move it by some characters."""
    names = map(key_of_name, (term.name, *term.variants))
    return key_of_name(row["term"]) in names and abs(term.name_span.start - row["span"][0]) < _AROUND


def documents(folders: Sequence[Path], only: Mapping[str, object] | None = None) -> Iterator[PolicyDocument]:
    """The files of the folders that can be read, in this process; of ``only`` these names."""
    for source in walk(folders):
        if isinstance(source, SourceFile) and (only is None or Path(source.path).name in only):
            try:
                yield parse(source, read(source))
            except PolicyError as error:
                print(f"## {source.path}: {error}")


def stands(document: PolicyDocument, term: Term) -> bool:
    """Whether the defining sentence stands in its clause and holds the meaning."""
    clause = next((c for c in document.clauses if c.id == term.clause_id), None)
    return clause is not None and clause.span.contains(term.span) and term.span.contains(term.meaning)


def places_missed(document: PolicyDocument, found: tuple[Term, ...]) -> Iterator[str]:
    for match in _CUE.finditer(fold(document.text)):
        if not any(term.span.start <= match.start() < term.span.end for term in found):
            around = document.text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
            yield around.replace("\n", "⏎")


if __name__ == "__main__":
    main()
