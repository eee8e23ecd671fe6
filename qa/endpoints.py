"""What programs may ask, once for every face (HTTP, MCP, Gradio's API, commands), each answered with JSON-ready values.

Whatever comes in is checked (``qa.given``), so that no face can be given more than another; what is wrong raises PolicyError with
a Chinese message and hint, never a guess at what was meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from index.library import Library
from index.lineage_report import lineage_dict
from index.measures import MeasureRecord
from index.query import understand
from ingest.document import Clause, PolicyDocument
from ingest.errors import NotHeld, SettingsError
from qa import render
from qa.answer import Answer
from qa.assistant import MAX_QUESTION, Assistant
from qa.endpoints_drafting import DraftingEndpoints
from qa.endpoints_framework import FrameworkEndpoints
from qa.given import bounded, day_given, document_meant, filters_given
from qa.matching.kept import offers_of
from qa.matching.match import match
from qa.matching.next_question import next_question
from qa.matching.outcome import OUTCOMES
from qa.matching.profile_json import profile_of
from qa.measure_search import comparison_of, listed, measure_meant
from qa.render.measures_plain import comparison_dict, measure_brief_dict, measure_dict

MAX_TURNS = 20  # of a conversation that is handed in; a follow-up leans on the last few
MAX_ANSWER = 20_000  # characters of an earlier answer
MAX_HITS = 100
MAX_FILES = 1000  # cards in one reply; ``offset`` gives the rest
MAX_BELOW = 500  # clauses under the one that was asked for
MAX_MEASURES = 500  # in one reply

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The questions to one library. Safe for many threads, as the library is."""

    library: Library
    assistant: Assistant

    @property
    def drafting(self) -> DraftingEndpoints:
        """Drafts and their review."""
        return DraftingEndpoints(self.library, self.assistant.llm)

    @property
    def framework(self) -> FrameworkEndpoints:
        """Views of files and of the library."""
        return FrameworkEndpoints(self.library)

    def ask(
        self, question: str, history: Pairs = (), filters: Mapping[str, Any] | None = None, as_of: str | None = None
    ) -> dict[str, Any]:
        """An ``Answer``. ``history``: earlier (question, answer) pairs, oldest first; ``as_of``: ISO day (today)."""
        *_, answer = self.stream(question, history, filters, as_of)
        return render.answer_dict(answer)

    def stream(
        self, question: str, history: Pairs = (), filters: Mapping[str, Any] | None = None, as_of: str | None = None
    ) -> Iterator[Answer]:
        """Growing answers; the last is complete. What was handed in wrongly is told at once, not at the first ``next``."""
        asked = bounded("问题", question, MAX_QUESTION)
        if len(history) > MAX_TURNS:
            raise SettingsError(f"history 超过 {MAX_TURNS} 轮", "只需给出最近几轮")
        pairs = [(bounded("history 中的问题", q, MAX_QUESTION), a[:MAX_ANSWER]) for q, a in history]
        return self.assistant.stream(asked, pairs, filters_given(filters), day_given(as_of))

    def search(
        self, text: str, filters: Mapping[str, Any] | None = None, limit: int = 20, as_of: str | None = None
    ) -> list[dict[str, Any]]:
        """Clauses found, best first, each with the title, number and 时效 of its file."""
        day = day_given(as_of)
        wanted = bounded("查找内容", text, MAX_QUESTION)
        query = understand(wanted, filters_given(filters), day, max(1, min(limit, MAX_HITS)))
        return [
            {**render.hit_dict(hit), **self._file(hit.chunk.document_id, day)} for hit in self.library.search(query)
        ]

    def clause(self, file: str, clause: str, as_of: str | None = None) -> dict[str, Any]:
        """One clause of the current version in full, with what stands below it, and where it stands.

        ``file``: id, number or title; ``clause``: id, or path as printed in a citation (第四条, 二、（三）2.). Raises NotHeld.
        """
        document_id = document_meant(self.library, file)
        document = self.library.document(document_id)
        wanted = "".join(clause.split())
        found = next((c for c in document.clauses if wanted and wanted in (c.id, "".join(c.path.split()))), None)
        if found is None:
            raise NotHeld(
                f"{document.title}中没有“{clause[:60]}”", "请写出处中的编号，如 第四条、二、（三）2.；或条款的 id"
            )
        return {
            **self._file(document_id, day_given(as_of)),
            "document_id": document_id,
            "sha256": document.sha256,
            "level": self.library.card(document_id).level,
            "clause": _clause_dict(found),
            "below": [_clause_dict(c) for c in render.clauses_below(document, found)[:MAX_BELOW]],
            "by_ocr": document.read_by_ocr(found.span),
        }

    def files(self, offset: int = 0, limit: int = MAX_FILES) -> list[dict[str, Any]]:
        """Files, newest issue first, each with its 时效 as of today; at most ``limit`` from ``offset`` on."""
        first, today = max(0, offset), date.today()
        cards = self.library.documents()[first : first + max(1, min(limit, MAX_FILES))]
        return [render.card_dict(card, self.library.validity(card.id, today)) for card in cards]

    def lineage(self, file: str, as_of: str | None = None) -> dict[str, Any]:
        """Which files it carries out, amends or repeals, and which do so to it. ``file`` as for ``clause``. Raises NotHeld."""
        return lineage_dict(self.library, document_meant(self.library, file), day_given(as_of))

    def match(
        self,
        profile: Mapping[str, Any],
        as_of: str | None = None,
        filters: Mapping[str, Any] | None = None,
        limit: int = MAX_MEASURES,
    ) -> dict[str, Any]:
        """Every measure decided for a profile (as ``qa.matching.profile_json``), those that apply first; ``counts`` are of all, the
        lists hold at most ``limit`` each. Raises ProfileError.
        """
        day, most = day_given(as_of), max(1, min(limit, MAX_MEASURES))
        found = match(profile_of(profile), offers_of(self.library, day, filters_given(filters)), day)
        part = replace(found, current=found.current[:most], ended=found.ended[:most], coming=found.coming[:most])
        documents = self._documents(m.record for m in (*part.current, *part.ended, *part.coming))
        counts = {outcome: len(found.of(outcome)) for outcome in OUTCOMES}
        return {"counts": counts, **render.matches_dict(part, next_question(found.current), documents)}

    def measures(
        self,
        filters: Mapping[str, Any] | None = None,
        types: Sequence[str] = (),
        offset: int = 0,
        limit: int = MAX_MEASURES,
        as_of: str | None = None,
    ) -> dict[str, Any]:
        """``total`` and ``measures`` from ``offset`` on, newest file first; ``types``: one of them has to be granted."""
        records = listed(self.library, filters_given(filters), types, day_given(as_of))
        first = max(0, offset)
        shown = records[first : first + max(1, min(limit, MAX_MEASURES))]
        documents = self._documents(shown)
        return {
            "total": len(records),
            "measures": [measure_brief_dict(record, documents[record.card.id]) for record in shown],
        }

    def measure(self, measure_id: str, as_of: str | None = None) -> dict[str, Any]:
        """One measure with all that was read of it, each part with its words and where they stand. Raises NotHeld."""
        record = self.library.measure(bounded("措施编号", measure_id, MAX_QUESTION), day_given(as_of))
        return measure_dict(record, self.library.document(record.card.id))

    def compare(self, of: str, as_of: str | None = None) -> dict[str, Any]:
        """The measure of the number ``of``, or the one that speaks of that topic best, beside the same support of other files.
        Raises NotHeld.
        """
        day = day_given(as_of)
        record = measure_meant(self.library, bounded("措施编号或话题", of, MAX_QUESTION), day)
        comparison = comparison_of(self.library, record, day)
        documents = self._documents(row.record for row in comparison.rows)
        return {"measure_id": record.measure.id, **comparison_dict(comparison, documents)}

    def _documents(self, records: Iterable[MeasureRecord]) -> dict[str, PolicyDocument]:
        return {id_: self.library.document(id_) for id_ in dict.fromkeys(record.card.id for record in records)}

    def _file(self, document_id: str, as_of: date) -> dict[str, Any]:
        card = self.library.card(document_id)
        state = self.library.validity(document_id, as_of).state
        return {"title": card.title, "document_number": card.document_number, "validity": state}


def _clause_dict(clause: Clause) -> dict[str, Any]:
    """As in ``answer_dict``, the path is called ``clause_path``."""
    return {
        "id": clause.id,
        "clause_path": clause.path,
        "text": clause.text,
        "span": {"start": clause.span.start, "end": clause.span.end},
        "page": clause.page,
    }
