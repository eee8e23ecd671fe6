"""How a file that is handed in is read, and what its reader is told of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from index.register import Receipt, Register
from ingest.account import account
from ingest.corpus import FileReport
from ingest.document import PolicyDocument, SourceFile
from ingest.errors import PolicyError, ReadError
from ingest.measures.model import Measure
from ingest.sandbox import Sandbox

OnPage = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Read:
    """A file of a batch after reading: the document, the receipt of a file that is in the library, or what went wrong.

    ``measures``: of the document; ``None`` where they could not be read.
    """

    path: str
    result: PolicyDocument | Receipt | PolicyError
    source: SourceFile | None = None
    seconds: float = 0.0
    measures: tuple[Measure, ...] | None = None


def read(
    sandbox: Sandbox, item: SourceFile | tuple[str, ReadError], register: Register, on_page: OnPage | None
) -> Read:
    """Reads a file, unless the register has it already."""
    if isinstance(item, tuple):
        return Read(*item)
    started = time.monotonic()
    result: PolicyDocument | Receipt | PolicyError
    measures = None
    try:
        known = register.receipt_for(item.sha256)
        result = known or sandbox.parse(item, partial(on_page, item.path) if on_page else None)
        if isinstance(result, PolicyDocument):
            with suppress(ReadError):  # it is tried once more beside all else
                measures = sandbox.measures(result)
    except PolicyError as error:
        result = error
    return Read(item.path, result, item, time.monotonic() - started, measures)


def taken_in(document: PolicyDocument, receipt: Receipt) -> FileReport:
    """The report on a file that is in the library."""
    number = document.metadata.document_number
    return FileReport(
        path=document.path,
        outcome=receipt.outcome,
        message=receipt.message,
        document_id=receipt.document_id,
        title=document.title,
        document_number=(number.printed if number.masked else number.canonical) if number else None,
        clauses=len(document.clauses),
        account=account(document),
        warnings=document.warnings,
    )


def failed(path: str, error: PolicyError) -> FileReport:
    """The report on a file that is not."""
    return FileReport(path, "failed", str(error), error.hint)
