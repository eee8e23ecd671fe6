"""The documents that were read last, and what was made of documents, kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from threading import Lock
from typing import Any, TypeVar

from index.register import Register
from ingest.document import PolicyDocument

T = TypeVar("T")

KEPT_CHARACTERS = 10_000_000  # with their clauses some 150 MB


class RecentDocuments:
    """Current versions as they were read last. Safe for many threads."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._documents: OrderedDict[str, PolicyDocument] = OrderedDict()
        self._kept = 0  # characters of these
        self._made: dict[str, tuple[str, dict[Callable[..., Any], Any]]] = {}  # by id: sha256 and what was made of it
        self._forgotten = 0  # times; what was read before one of them is not kept after it
        self._lock = Lock()

    @property
    def half_full(self) -> bool:
        return self._kept > KEPT_CHARACTERS // 2

    def document(self, document_id: str, current: str) -> PolicyDocument:
        """The current version, whose sha256 is ``current`` or by now another. Raises PolicyError when there is none."""
        with self._lock:
            if current in self._documents:
                self._documents.move_to_end(current)
                return self._documents[current]
            forgotten = self._forgotten
        document = self._register.document(document_id)
        with self._lock:
            if document.sha256 not in self._documents and forgotten == self._forgotten:
                self._documents[document.sha256] = document
                self._kept += len(document.text)
            while self._kept > KEPT_CHARACTERS and len(self._documents) > 1:
                self._kept -= len(self._documents.popitem(last=False)[1].text)
        return document

    def made_of(self, document_id: str, current: str, make: Callable[[PolicyDocument], T]) -> T:
        """``make`` of the current version, made once for it. Raises PolicyError when there is none."""
        with self._lock:
            sha256, made = self._made.get(document_id, ("", {}))
            if sha256 == current and make in made:
                return made[make]
            forgotten = self._forgotten
        document = self.document(document_id, current)
        found = make(document)
        with self._lock:
            if forgotten == self._forgotten:
                known = self._made.get(document_id)
                if known is None or known[0] != document.sha256:
                    known = self._made[document_id] = document.sha256, {}
                known[1][make] = found
        return found

    def forget(self, document_ids: Collection[str]) -> None:
        """Nothing that was read of documents that changed or went stays in memory."""
        with self._lock:
            self._forgotten += 1
            for document_id in document_ids:
                self._made.pop(document_id, None)
            gone = [sha256 for sha256, document in self._documents.items() if document.id in document_ids]
            for sha256 in gone:
                self._kept -= len(self._documents.pop(sha256).text)
