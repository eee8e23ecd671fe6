"""The terms that files define, to be read by eye: ``python -m tests.benchmarks.glossary FOLDER [--short] [--missed]``.

A line a term: kind, name, other forms, what it means. ``--short``: short names (以下简称) too. ``--missed``: places that look like
a definition and gave no term. A term whose sentence does not stand in its clause is counted as broken (0 is right).
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator
from pathlib import Path

from index.definitions import Term, terms_of
from ingest.corpus import walk
from ingest.document import PolicyDocument, SourceFile
from ingest.errors import PolicyError
from ingest.normalize import fold
from ingest.parse import parse
from ingest.readers import read

_CUE = re.compile(r'所称|[是系]指|指的是|[,:(]指(?![导定标引])|",即|\(即|定义为|的定义|统称|所谓')
_AROUND = 35  # characters


def main() -> None:
    """Prints the terms of every file that can be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--short", action="store_true", help="short names too")
    parser.add_argument("--missed", action="store_true", help="places that look like a definition and gave no term")
    options = parser.parse_args()
    files = characters = terms = short = broken = 0
    seconds = 0.0
    for document in documents(options.folder):
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


def documents(folder: Path) -> Iterator[PolicyDocument]:
    """The files of the folder that can be read, in this process."""
    for source in walk([folder]):
        if isinstance(source, SourceFile):
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
