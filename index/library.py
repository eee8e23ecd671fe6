"""The library: the one object behind which the register, both indexes and the search stand."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Self

from index.card import Claim, DocumentCard, Entry, Identity, entry_of
from index.catalogue import Catalogue
from index.chunk import Hit
from index.correction_check import correction_of
from index.corrections import WHOLE, Correction, Standing
from index.current import CurrentCatalogue
from index.follow import Follower, Progress
from index.intake import OnPage, Read, failed, read, taken_in
from index.lexical import key_of
from index.library_status import LibraryStatus
from index.lineage import Lineage, Link, Resolution
from index.measures import MeasureRecord, MeasureShelf, Records, T
from index.measures_reading import MeasureReading
from index.memory import tune
from index.query import NO_FILTERS, Filters, Query, passing, understand
from index.ranking import WEIGHTS, Weights
from index.recent import RecentDocuments
from index.register import Original, Receipt, Register, Version, unknown_document
from index.register_failures import described
from index.register_feedback import Feedback
from index.rerank import DEPTH, Reranker, reranker
from index.retriever import NAMED, Retriever
from index.right_of_way import give_way, rest, searching, serve
from ingest.ahead import Readers
from ingest.corpus import FileReport, IngestReport, walk
from ingest.document import PolicyDocument, SourceFile
from ingest.errors import NotHeld, PolicyError, RegisterBusy, RegisterError, SettingsError
from ingest.measures import find_measures
from ingest.measures.model import Measure
from ingest.settings import Settings
from ingest.validity import Status

OnFile = Callable[[FileReport, int, int], None]

FREE_BYTES = 100_000_000  # below this nothing is taken in: the indexes need room too


class Library:
    """Documents in, answers out. Safe for many threads; several processes may open the same folder, or the same PostgreSQL
    register with a folder each.

    Every method raises RegisterError or RegisterBusy when the register cannot be read or written.
    """

    def __init__(self, settings: Settings, register: Register, reranking: Reranker | None = None) -> None:
        self.settings = settings
        self._reranking = reranking
        self._register = register
        self._readers = Readers()
        self._follower = Follower(register, settings)
        self._reading = MeasureReading(register, self._follower.keeps)
        self._shelf = MeasureShelf(register)
        self._recent = RecentDocuments(register)
        self._now = CurrentCatalogue(register, self._recent)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Opens the data folder, creating it where absent, and heals its indexes.

        Raises SettingsError when the folder or the reranker cannot be used, RegisterError when the register cannot.
        """
        tune()
        reranking = reranker(settings)
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"数据文件夹无法使用：{settings.data}（{error.strerror}）",
                "请更换 POLICY_DATA，或检查该路径是否已被文件占用、是否可写",
            ) from error
        library = cls(settings, Register.open(settings.register or settings.data / "register.sqlite"), reranking)
        try:
            library._follower.start()
        except PolicyError:
            library.close()
            raise
        library._reading.start()
        return library

    def close(self) -> None:
        self._readers.close()
        self._reading.close()
        self._follower.close()
        self._register.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(
        self, paths: Sequence[str | Path], on_file: OnFile | None = None, on_page: OnPage | None = None
    ) -> IngestReport:
        """Takes in files and folders, one transaction a file; a file that cannot be read is reported and passed over.

        Each file is in the library when ``on_file(report, done, total)`` hears of it, and searchable when this returns.
        ``on_page(path, done, pages)`` hears of each page of a scan while it is recognised, in one of the reading threads.
        """
        began = started = time.monotonic()
        reports: list[FileReport] = []
        total = sum(1 for _ in walk(paths))  # reading twice costs little beside parsing
        with self._follower.filling():
            for found in self._readers.in_order(
                walk(paths), lambda sandbox, item: read(sandbox, item, self._register, on_page)
            ):
                give_way()
                reports.append(self._report(found))
                if on_file:
                    on_file(reports[-1], len(reports), max(total, len(reports)))
                rest(time.monotonic() - began)
                began = time.monotonic()
        self._follower.catch_up()
        return IngestReport(files=tuple(reports), seconds=time.monotonic() - started)

    def add_document(self, document: PolicyDocument, content: bytes, media_type: str) -> FileReport:
        """Takes in one file that was read already; it is searchable when this returns."""
        return self.add_documents([(document, content, media_type)])[0]

    def add_documents(self, documents: Iterable[tuple[PolicyDocument, bytes, str]]) -> tuple[FileReport, ...]:
        """As ``add_document``; the indexes follow once, at the end."""
        reports = tuple(self._take_in(d, content, kind, find_measures(d)) for d, content, kind in documents)
        self._follower.catch_up()
        return reports

    def remove(self, document_id: str) -> None:
        """Removes a document, all its versions, originals, words and vectors. Raises PolicyError when it is unknown.

        The bytes in an SQLite register are overwritten at once; PostgreSQL gives up those of its files with VACUUM. The index
        files give up theirs when they are next merged, or at once with ``rebuild``.
        """
        self._register.remove(document_id)
        self._now.changed()
        self._now()  # the catalogue lets it go
        self._follower.catch_up()
        self._shelf.forget(document_id)

    def documents(self) -> tuple[DocumentCard, ...]:
        """Current versions, newest issue first."""
        return tuple(self._now().cards.values())

    def card(self, document_id: str) -> DocumentCard:
        """Raises PolicyError when the document is unknown."""
        return self._now.entry(document_id).card

    def document(self, document_id: str, sha256: str | None = None) -> PolicyDocument:
        """The current version, or the one with ``sha256``. Raises PolicyError when there is none."""
        current = self._now.entry(document_id).card.sha256
        if sha256 is not None and sha256 != current:
            return self._register.document(document_id, sha256)
        return self._recent.document(document_id, current)

    def made_of(self, document_id: str, make: Callable[[PolicyDocument], T]) -> T:
        """``make`` of the current version, made once until it changes or goes. Raises PolicyError when the document is unknown."""
        return self._recent.made_of(document_id, self._now.entry(document_id).card.sha256, make)

    def preload(self) -> None:
        """Reads the newest documents, as many as are kept in memory, and all measures, so that nobody waits for them later."""
        for document_id in self._now().cards:
            if self._recent.half_full:
                break
            with suppress(PolicyError):  # removed a moment ago
                self.document(document_id)
        self.measures()
        serve()
        self.search(understand("政策"))  # begins to read the vectors too

    def original(self, document_id: str, sha256: str | None = None) -> Original:
        """The file as it was given. Raises PolicyError when there is none."""
        return self._register.original(document_id, sha256)

    def versions(self, document_id: str) -> tuple[Version, ...]:
        """All versions of a document, oldest first. Raises PolicyError when it is unknown."""
        return self._register.versions(document_id)

    def validity(self, document_id: str, as_of: date) -> Status:
        """By the document's own terms and by what other documents of the library do to it.

        Raises PolicyError when the document is unknown.
        """
        if (status := self._now().statuses(as_of).get(document_id)) is None:
            raise unknown_document(document_id)
        return status

    def claims_on(self, document_id: str) -> tuple[tuple[str, Claim], ...]:
        """Which other documents repeal, amend or extend this one, and in what words."""
        return self._now().claims_on(document_id)

    def catalogue(self) -> Catalogue:
        """Cards, claims and lineage after the register's last change, for what is asked of many days or of all files."""
        return self._now()

    def references(self, document_id: str) -> tuple[Link, ...]:
        """Files that the document names, each with the document of the library that it means, if any.

        Raises PolicyError when the document is unknown.
        """
        catalogue = self._now()
        document = self.document(document_id)
        return catalogue.lineage.links(document, document_id) if document_id in catalogue.entries else ()

    def lineage_with(self, document: PolicyDocument) -> tuple[Entry, Lineage]:
        """The entry of a document that need not be held, and the lineage of the library with it (in place of one of its id)."""
        entry = entry_of(document, Identity.of(document), 1, datetime.now(UTC))
        return entry, Lineage({**self._now().entries, document.id: entry})

    def cited_by(self, document_id: str, limit: int = 200) -> tuple[Link, ...]:
        """Links of other documents that mean this one and no other; of the ``limit`` newest documents that have any.

        Raises PolicyError when the document is unknown.
        """
        catalogue = self._now()
        self._now.entry(document_id)
        naming = {source_id for source_id, _ in catalogue.lineage.named_by(document_id)}
        newest = [id_ for id_ in catalogue.cards if id_ in naming][:limit]
        links = (link for id_ in newest for link in self.references(id_))
        return tuple(link for link in links if link.resolution.document_id == document_id)

    def claims(self) -> tuple[tuple[str, Claim, Resolution], ...]:
        """What every document says of other files, without the places: (id of the document, its claim, which file it means)."""
        return self._now().lineage.claims

    def measures(self, filters: Filters = NO_FILTERS, as_of: date | None = None) -> tuple[MeasureRecord, ...]:
        """支持措施 of current versions as corrected by people, newest document first; ``as_of``: day of the validity, else today."""
        return tuple(chain.from_iterable(self._measures(filters, as_of).values()))

    def measure(self, measure_id: str, as_of: date | None = None) -> MeasureRecord:
        """Raises NotHeld where there is none of that id."""
        document_id = measure_id.rpartition("#")[0]
        records = self._measures(Filters(document_ids=(document_id,)), as_of).get(document_id, ())
        found = next((record for record in records if record.measure.id == measure_id), None)
        if found is None:
            raise NotHeld(f"库内没有编号为“{measure_id[:60]}”的支持措施", "文件可能已更新或移除，请刷新页面")
        return found

    def derived(self, make: Callable[[tuple[MeasureRecord, ...]], T], as_of: date | None = None) -> T:
        """``make`` of all measures as they are on the day, made once until any of them changes or a file goes."""
        while True:
            if (made := self._shelf.derived(self._now(), as_of or date.today(), make)) is not None:
                return made
            self._now.look_again()

    def correct(self, measure_id: str, path: str, new: object, name: str, reason: str) -> Correction:
        """Keeps what ``name`` changed in a measure for as long as the file is there; ``path`` as in ``index.corrections``.

        ``new``: of the type that stands at the path; its figures stand in the clause. ``None`` for the whole: it is no measure;
        a measure under an id that is not there: one that was overlooked. Raises PolicyError where it cannot be kept.
        """
        document_id = measure_id.rpartition("#")[0]
        noted = self.corrections(document_id)
        records = self._measures(Filters(document_ids=(document_id,)), None)[document_id]
        shown = next((record.measure for record in records if record.measure.id == measure_id), None)
        if shown is None and (path != WHOLE or getattr(new, "id", None) != measure_id):
            self.measure(measure_id)
        correction = correction_of(shown, self.document(document_id), path, new, name, reason)
        self._register.correct(correction, max((known.id for known, _ in noted), default=0))
        return correction

    def corrections(self, document_id: str) -> tuple[tuple[Correction, Standing], ...]:
        """Corrections of all versions, oldest first, with what became of them. Raises PolicyError when the document is unknown."""
        self._now.entry(document_id)
        while (found := self._shelf.standing(self._now(), document_id)) is None:
            self._now.look_again()
        return found

    def search(self, query: Query, weights: Weights = WEIGHTS) -> tuple[Hit, ...]:
        """Ranked chunks of current versions. Where a leg or the reranker does not answer the rest does; ``notices`` tells.

        ``weights``: other than the default only to measure what a part of the evidence is worth.
        """
        lexical, dense = self._follower.lexical.index, self._follower.dense
        if lexical is None:
            return ()
        with searching():
            catalogue = self._now()
            retriever = Retriever(
                lexical, dense.index, dense.model, lambda: catalogue.cards, catalogue.state, weights, catalogue.narrowed
            )
            found = retriever.search(replace(query, limit=max(query.limit, DEPTH)) if self._reranking else query)
            # A document removed a moment ago may still be in an index.
            hits = tuple(hit for hit in found if hit.chunk.document_id in catalogue.cards)
            return self._reranking(query, hits)[: query.limit] if self._reranking else hits

    def named(self, text: str) -> frozenset[str]:
        """Ids of the files that ``text`` names, by number or title in any spelling."""
        if (lexical := self._follower.lexical.index) is None:
            return frozenset()
        query = understand(text)
        keys = set(lexical.named(query.numbers, query.titles, NAMED, query.parts, query.mentions))
        return frozenset(id_ for id_ in self._now().cards if key_of(id_) in keys)

    def note(self, feedback: Feedback) -> None:
        """Keeps a reader's verdict on an answer; a second one with the same id takes its place."""
        self._register.note(feedback)

    def feedback(self) -> tuple[Feedback, ...]:
        """Verdicts of readers, oldest first. They stay when the files that they are about are removed."""
        return self._register.feedback()

    def remove_feedback(self, feedback_id: str) -> None:
        """Raises NotHeld where there is none of that id."""
        self._register.remove_feedback(feedback_id)

    def status(self) -> LibraryStatus:
        """Counts, and how complete the indexes are."""
        cards = self.documents()
        return LibraryStatus(
            folder=self.settings.data,
            documents=len(cards),
            clauses=sum(card.clauses for card in cards),
            last_change=self._now().change,
            owner=self._follower.owner,
            register=described(self._register.place),
            embedding=self.settings.embedding,
            vectors=self.settings.vectors,
            legs=self._follower.status(),
        )

    def notices(self) -> tuple[str, ...]:
        """One-line Chinese remarks about what the search has to do without; empty when all is well."""
        slow = self._reranking.problem if self._reranking else None
        remarks = (self._reading.notice(), f"{slow}。{slow.hint}" if slow else "")
        return (*self._follower.notices(), *filter(None, remarks))

    def catch_up(self, on_progress: Progress | None = None) -> None:
        """Returns when both indexes and the measures have everything the register has, or have a problem."""
        self._follower.catch_up()
        self._reading.catch_up(on_progress)

    def move_register(self, address: str, on_table: Callable[[str, int], None]) -> None:
        """Copies the SQLite register to PostgreSQL; ``on_table(name, rows)``. Raises PolicyError where that is not possible."""
        if not self._follower.owner:
            raise RegisterBusy("另一个程序正在使用数据文件夹，登记库没有移动", "请先关闭问答页面或另一个正在运行的命令")
        self._register.move(address, on_table)

    def rebuild(self, on_progress: Progress | None = None) -> None:
        """Builds both indexes anew; ``on_progress(name, done, total)``. Raises PolicyError when that fails."""
        self._follower.rebuild(on_progress)

    def _report(self, given: Read) -> FileReport:
        match given.result, given.source:
            case PolicyDocument() as document, SourceFile() as source:
                report = self._take_in(document, source.content, source.media_type, given.measures)
            case Receipt() as known, _:
                report = replace(taken_in(self._register.document(known.document_id), known), path=given.path)
                if report.account.pages_unread:
                    report = replace(report, hint="有的页当时没有读出；如已补装识别组件，请先删除此文件再重新添加")
            case error, _:
                report = failed(given.path, error)
        return replace(report, seconds=report.seconds + given.seconds)

    def _take_in(
        self, document: PolicyDocument, content: bytes, media_type: str, measures: tuple[Measure, ...] | None
    ) -> FileReport:
        started = time.monotonic()
        try:
            if shutil.disk_usage(self.settings.data).free < FREE_BYTES + 3 * len(content):
                raise RegisterError("磁盘空间不足，文件没有收录", "请清理磁盘后重试；此前已收录的文件不受影响")
            receipt = self._register.add(document, content, media_type, measures)
            self._now.changed()
        except PolicyError as error:
            return failed(document.path, error)
        return replace(taken_in(document, receipt), seconds=time.monotonic() - started)

    def _measures(self, filters: Filters, as_of: date | None) -> Records:
        """By document id, newest document first."""
        day = as_of or date.today()
        while True:
            catalogue = self._now()
            allowed = passing(filters, catalogue.cards, catalogue.state, day)
            if (records := self._shelf.records(catalogue, day, allowed)) is not None:
                return records
            self._now.look_again()
