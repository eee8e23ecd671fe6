"""What a large library keeps of removed files, in every store: nothing; and whether they come back with the same ids.

::

    python -m tests.benchmarks.removal                      100,000 clauses, on this machine
    python -m tests.benchmarks.removal --data FOLDER        the library of ``growth --data``; what is removed is added again
    POLICY_REGISTER=… POLICY_VECTORS=… python -m tests.benchmarks.removal --data FOLDER     with servers

Counted after twenty removals: rows of every table of the register (the change log keeps the id, so that every index hears of
it), entries of the words by document, vectors by document, and searches for a line of each file. Then the files are added again
from their originals: documents, clauses and chunks must have the ids they had, and every store as much in it as before.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import sqlalchemy as sa

from index.chunk import chunk
from index.lexical import key_of
from index.library import Library
from index.query import understand
from index.register_schema import tables
from index.vectors import _mark
from ingest.document import PolicyDocument
from ingest.settings import Settings
from tests.benchmarks.made_library import clauses_of, fill

REMOVED = 20
KEPT_BY = ("changes",)  # tables that keep the id of a removed document


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.removal")
    parser.add_argument("--clauses", type=int, default=100_000, metavar="条数")
    parser.add_argument("--data", type=Path, metavar="文件夹", help="已建好的库")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        settings = replace(Settings.from_environment(), data=options.data or Path(temporary))
        if not (settings.register or settings.vectors):
            fill(settings.data, options.clauses)
        with Library.open(settings) as library:
            library.catch_up()
            wrong = 0
            for line in measure(library):
                print(line)
                wrong += line.startswith("  wrong")
    return int(wrong > 0)


def measure(library: Library) -> Iterator[str]:
    """Removes, counts, adds again and compares; a line ``  wrong: …`` for each thing that is not as it should be."""
    chosen = Random(3).sample([card.id for card in library.documents()], REMOVED)
    kept = {id_: (library.document(id_), library.original(id_)) for id_ in chosen}
    before = counts(library)
    yield f"before: {before}"
    took = []
    for id_ in chosen:
        began = time.perf_counter()
        library.remove(id_)
        took.append(time.perf_counter() - began)
    yield f"removed {REMOVED} files, {statistics.median(took):.2f} s each in the median, {max(took):.2f} at most: {counts(library)}"
    left = [line for id_, (document, _) in kept.items() for line in traces(library, id_, document)]
    yield f"rows, terms and vectors that name them: {len(left)}"
    yield from (f"  wrong: {line}" for line in left)
    for id_, (document, original) in kept.items():
        report = library.add_document(replace(document, path=original.name), original.content, original.media_type)
        again = library.document(report.document_id or id_)
        if [report.document_id, ids(again)] != [id_, ids(document)]:
            yield f"  wrong: {id_} came back as {report.document_id} or with other clauses"
    after = counts(library)
    yield f"added again: {after}"
    if after != before:
        yield "  wrong: not as much as before"
    for notice in library.notices():
        yield f"  wrong: {notice}"


def counts(library: Library) -> dict[str, int]:
    """What each store holds, all documents together."""
    words, vectors = library._follower.lexical.index, library._follower.dense.index
    assert words and vectors
    found = {"clauses": clauses_of(library), "words of documents": words._documents.count(), "vectors": vectors.count()}
    with library._register._engine.begin() as connection:
        for table in tables.sorted_tables:
            if table.name not in ("facts", *KEPT_BY):
                found[table.name] = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return found


def traces(library: Library, document_id: str, document: PolicyDocument) -> Iterator[str]:
    """What still names the document."""
    with library._register._engine.begin() as connection:
        for table in tables.sorted_tables:
            columns = [table.c[name] for name in ("document_id", "sha256") if name in table.c]
            if table.name == "documents":
                columns.append(table.c.id)
            if table.name in KEPT_BY or not columns:
                continue
            query = sa.select(sa.func.count()).where(sa.or_(*(c.in_((document_id, document.sha256)) for c in columns)))
            if rows := connection.execute(query).scalar_one():
                yield f"{document_id}: {rows} rows of {table.name}"
    words, vectors = library._follower.lexical.index, library._follower.dense.index
    assert words and vectors
    for store in (words._documents, words._clauses):
        if found := store.stored(store.one_of("document", [key_of(document_id)]), 100):
            yield f"{document_id}: {len(found)} entries of words"
    direction = [1.0] + [0.0] * (vectors._store.some(1).shape[1] - 1)
    if found := vectors._store.nearest(direction, 100, [_mark(document_id)]):
        yield f"{document_id}: {len(found)} vectors"
    line = max((clause.text for clause in document.clauses), key=len)[:60]
    if any(hit.chunk.document_id == document_id for hit in library.search(understand(line))):
        yield f"{document_id}: found by a search"


def ids(document: PolicyDocument) -> list[str]:
    """Of its clauses and its chunks."""
    return [*(clause.id for clause in document.clauses), *(part.id for part in chunk(document))]


if __name__ == "__main__":
    sys.exit(main())
