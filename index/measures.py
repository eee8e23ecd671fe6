"""The measures (支持措施) of the library in memory: each decoded once, with its file, its validity and its corrections."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from threading import Lock
from typing import Any, TypeVar

from index.card import DocumentCard
from index.catalogue import Catalogue
from index.corrections import Correction, Overlay, Standing, overlay
from index.register import Register
from index.register_codec import decode
from index.register_measures import NOTHING_READ
from ingest.measures.model import Measure
from ingest.validity import Status

MANY = 100  # files; what was decoded of so many at once is not looked through for garbage, half a second each time

Records = Mapping[str, tuple["MeasureRecord", ...]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MeasureRecord:
    """A measure as it is shown: with the corrections of people applied (who, when, why), the card of its file, and the file's
    validity on the day. ``to_check``: corrections that name it and were not applied, being of an earlier version or of words
    that newer rules read differently.
    """

    measure: Measure
    card: DocumentCard
    status: Status
    corrections: tuple[Correction, ...] = ()
    to_check: tuple[Correction, ...] = ()


class MeasureShelf:
    """What the register holds of measures. Rows that are new to it are read again; those of a document are decoded when it is
    asked for. Safe for many threads.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._mark = NOTHING_READ
        self._rows: dict[str, tuple[str, str]] = {}  # sha256 and JSON, of documents that nobody has asked for
        self._read: dict[str, tuple[str, tuple[Measure, ...]]] = {}
        self._corrections: dict[str, tuple[Correction, ...]] = {}
        self._overlays: dict[str, Overlay] = {}
        self._records: dict[str, tuple[MeasureRecord, ...]] = {}
        self._day = date.min  # of these
        self._derived: dict[Callable[..., Any], Any] = {}  # made of these; another dictionary for another state
        self._lock = Lock()

    def records(self, catalogue: Catalogue, as_of: date, allowed: frozenset[str] | None = None) -> Records | None:
        """Records by document id, newest document first, of the ``allowed`` ones (``None``: of all). ``None`` where the register
        has gone on since the catalogue was made.
        """
        with self._lock:
            return self._shown(catalogue, as_of, allowed)

    def derived(self, catalogue: Catalogue, as_of: date, make: Callable[[tuple[MeasureRecord, ...]], T]) -> T | None:
        """``make`` of all records, made once for a state of them; ``None`` as for ``records``."""
        with self._lock:
            found = self._shown(catalogue, as_of, None)
            if found is None:
                return None
            kept = self._derived
        if make not in kept:
            kept[make] = make(tuple(chain.from_iterable(found.values())))
        return kept[make]

    def forget(self, document_id: str) -> None:
        """Nothing that was read of a removed document stays in memory."""
        with self._lock:
            for kept in (self._rows, self._read, self._corrections, self._overlays, self._records):
                kept.pop(document_id, None)
            self._derived = {}

    def _shown(self, catalogue: Catalogue, as_of: date, allowed: frozenset[str] | None) -> Records | None:
        if not self._agrees(catalogue):
            return None
        if as_of != self._day:
            self._records, self._day, self._derived = {}, as_of, {}
        wanted = [card for id_, card in catalogue.cards.items() if allowed is None or id_ in allowed]
        self._decode(card.id for card in wanted)
        states = catalogue.statuses(as_of)
        for card in wanted:
            if card.id not in self._records:
                shown = self._overlay(card).measures
                self._records[card.id] = tuple(
                    MeasureRecord(c.measure, card, states[card.id], c.corrections, c.to_check) for c in shown
                )
        return {card.id: self._records[card.id] for card in wanted}

    def standing(self, catalogue: Catalogue, document_id: str) -> tuple[tuple[Correction, Standing], ...] | None:
        """All corrections of a document with what became of them, oldest first; ``None`` as for ``records``."""
        with self._lock:
            if not self._agrees(catalogue):
                return None
            self._decode([document_id])
            return self._overlay(catalogue.entries[document_id].card).standing

    def _agrees(self, catalogue: Catalogue) -> bool:
        """Reads what is new; whether that and the catalogue are of one moment."""
        if self._register.measures_mark() != self._mark:
            self._read_new()
        if self._mark.change != catalogue.change:
            return False
        for removed in (self._rows.keys() | self._read.keys()) - catalogue.entries.keys():
            self._rows.pop(removed, None)
            self._read.pop(removed, None)
        return True

    def _read_new(self) -> None:
        new, before = self._register.measures(self._mark), self._corrections
        either = new.corrections.keys() | before.keys()
        changed = {id_ for id_ in either if new.corrections.get(id_) != before.get(id_)}
        for document_id, sha256, text in new.found:
            self._rows[document_id] = sha256, text
            self._read.pop(document_id, None)
            changed.add(document_id)
        if new.mark.change != self._mark.change:  # one file more may change the validity of any other
            self._overlays, self._records = {}, {}
        for document_id in changed:
            self._overlays.pop(document_id, None)
            self._records.pop(document_id, None)
        self._corrections, self._mark, self._derived = new.corrections, new.mark, {}

    def _decode(self, document_ids: Iterable[str]) -> None:
        waiting = [id_ for id_ in document_ids if id_ in self._rows]
        if not waiting:
            return
        with no_collection():
            for document_id in waiting:
                sha256, text = self._rows.pop(document_id)
                self._read[document_id] = sha256, decode(tuple[Measure, ...], text)
        if len(waiting) >= MANY:
            gc.freeze()

    def _overlay(self, card: DocumentCard) -> Overlay:
        found = self._overlays.get(card.id)
        if found is None:
            sha256, measures = self._read.get(card.id, ("", ()))
            # Those of another version than the current one are about to be read.
            measures = measures if sha256 == card.sha256 else ()
            found = overlay(measures, card.sha256, self._corrections.get(card.id, ()))
            self._overlays[card.id] = found
        return found


@contextmanager
def no_collection() -> Iterator[None]:
    """A million small objects that all stay: looking for garbage among them takes as long as making them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
