"""What the review says of real files: ``python -m tests.benchmarks.review_real PATH... [--show N] [--rule FC01] [--seed 0] [--all]``.

Findings per 1,000 sentences, by rule. The files are read against an empty library, so that bases, claims and conflicts are left
out unless ``--all`` is given. PATH: a folder of files, or a corpus of texts (``.jsonl.gz`` with ``title`` and ``text``). PDF and pictures
are passed over: their scans take minutes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from index.library import Library
from ingest.corpus import walk
from ingest.document import PolicyDocument
from ingest.errors import PolicyError
from ingest.measures.fair_competition import sentences
from ingest.normalize import fold
from ingest.parse import document_from_text
from ingest.sandbox import Sandbox
from ingest.settings import Settings
from qa.review import Finding, review

KINDS = (".html", ".htm", ".md", ".txt", ".docx", ".doc", ".wps")
OWN = ("fair_competition", "missing", "figures")  # need no library


def main() -> None:
    """Prints a table, and with ``--show`` as many findings drawn at random."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N findings drawn at random")
    parser.add_argument("--rule", default="", help="only this rule or kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true", help="also what needs a library")
    options = parser.parse_args()
    absent = [path for path in options.paths if not path.exists()]
    if absent:
        print(f"absent: {', '.join(map(str, absent))}; nothing is measured on these")
    documents = list(documents_in([path for path in options.paths if path.exists()]))
    if not documents:
        print("no file could be read")
        return
    with tempfile.TemporaryDirectory() as folder, Library.open(Settings(data=Path(folder))) as library:
        found = [
            (document, finding)
            for document in documents
            for finding in review(library, document, date.today()).findings
            if options.all or finding.kind in OWN
        ]
    total = sum(1 for document in documents for _ in sentences(fold(document.text)))
    print_table(found, len(documents), total)
    chosen = [pair for pair in found if options.rule in ("", pair[1].rule, pair[1].kind)]
    for document, finding in random.Random(options.seed).sample(chosen, min(options.show, len(chosen))):
        sentence = " ".join(finding.span.of(document.text).split()) if finding.span else "—"
        print(f"\n{finding.rule or finding.kind} {finding.severity} {finding.name} · {document.title[:50]}")
        print(f"  {sentence[:300]}\n  {finding.reason[:300]}")


def documents_in(paths: Sequence[Path]) -> Iterator[PolicyDocument]:
    """What can be read of the folders and corpora, each text once."""
    seen: set[str] = set()
    with Sandbox() as sandbox:
        for path in paths:
            if path.name.endswith(".jsonl.gz"):
                with gzip.open(path, "rt", encoding="utf-8") as lines:
                    for row in map(json.loads, lines):
                        yield document_from_text(row["text"], title=row["title"] or None, path=row["id"])
                continue
            for source in walk([path]):
                if isinstance(source, tuple) or not source.path.endswith(KINDS):
                    continue
                try:
                    document = sandbox.parse(source)
                except PolicyError as error:
                    print(error)
                    continue
                key = "".join(document.text.split())
                if key not in seen:
                    seen.add(key)
                    yield document


def print_table(found: Sequence[tuple[PolicyDocument, Finding]], files: int, total: int) -> None:
    """One line a rule, the most frequent first."""
    counts = Counter((finding.rule or finding.kind, finding.severity, finding.name) for _, finding in found)
    touched = Counter(rule for rule, _ in {(f.rule or f.kind, document.id) for document, f in found})
    print(
        f"{files} files, {total} sentences, {len(found)} findings, {1000 * len(found) / total:.2f} per 1,000 sentences"
    )
    for (rule, severity, name), count in counts.most_common():
        print(f"{rule:18}{severity}\t{count:5}\t{1000 * count / total:6.2f}\t{touched[rule]:4} files\t{name}")


if __name__ == "__main__":
    main()
