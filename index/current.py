"""The catalogue as it is now, whoever has changed the register."""

from __future__ import annotations

import time
from threading import Lock

from index.card import Entry
from index.catalogue import Catalogue
from index.recent import RecentDocuments
from index.register import Register, unknown_document

FRESH_SECONDS = 0.2  # one question looks at the catalogue forty times


class CurrentCatalogue:
    """Follows the register's change log and forgets what was read of documents that changed. Safe for many threads."""

    def __init__(self, register: Register, recent: RecentDocuments) -> None:
        self._register = register
        self._recent = recent
        self._catalogue = Catalogue({}, 0)
        self._looked, self._writes = 0.0, 0  # when the register was asked for its last change; changes made here
        self._lock = Lock()

    def __call__(self) -> Catalogue:
        """The catalogue after the register's last change: its own at once, one of another process a moment later."""
        now, writes = time.monotonic(), self._writes
        if now < self._looked + FRESH_SECONDS:
            return self._catalogue
        last = self._register.last_change()
        with self._lock:
            if self._catalogue.change != last:
                changes = self._register.changes(self._catalogue.change)
                changed = {change.document_id for change in changes}
                self._recent.forget(changed)
                entries = {id_: entry for id_, entry in self._catalogue.entries.items() if id_ not in changed}
                entries.update(self._register.entries(c.document_id for c in changes if c.kind == "put"))
                self._catalogue = Catalogue(entries, changes[-1].id if changes else last)
            if self._writes == writes:
                self._looked = now
            return self._catalogue

    def entry(self, document_id: str) -> Entry:
        """Raises PolicyError when the document is unknown."""
        entry = self().entries.get(document_id)
        if entry is None:
            raise unknown_document(document_id)
        return entry

    def look_again(self) -> None:
        """Asks the register anew the next time."""
        with self._lock:
            self._looked = 0.0

    def changed(self) -> None:
        """The register was written to here."""
        with self._lock:
            self._writes += 1
            self._looked = 0.0
