"""The documents that were read last, kept in memory."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from index.register import Register
from ingest.document import PolicyDocument

KEPT_CHARACTERS = 10_000_000  # with their clauses some 150 MB


class RecentDocuments:
    """Current versions as they were read last. Safe for many threads."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._documents: OrderedDict[str, PolicyDocument] = OrderedDict()
        self._kept = 0  # characters of these
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
        document = self._register.document(document_id)
        with self._lock:
            if document.sha256 not in self._documents:
                self._documents[document.sha256] = document
                self._kept += len(document.text)
            while self._kept > KEPT_CHARACTERS and len(self._documents) > 1:
                self._kept -= len(self._documents.popitem(last=False)[1].text)
        return document

    def clear(self) -> None:
        with self._lock:
            self._documents.clear()
            self._kept = 0
