"""What programs may ask, once for every face (HTTP, MCP, Gradio's API, commands), each answered with JSON-ready values.

Whatever comes in is checked here, so that no face can be given more than another; what is wrong raises PolicyError with
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
from index.query import Filters, understand
from ingest.document import Clause, PolicyDocument
from ingest.errors import NotHeld, PolicyError, SettingsError
from qa import render
from qa.answer import Answer
from qa.assistant import MAX_QUESTION, Assistant
from qa.matching.kept import offers_of
from qa.matching.match import match
from qa.matching.next_question import next_question
from qa.matching.outcome import OUTCOMES
from qa.matching.profile_json import profile_of
from qa.measure_search import comparison_of, listed, measure_meant
from qa.render.measures_plain import comparison_dict, measure_brief_dict, measure_dict

MAX_TURNS = 20  # of a conversation that is handed in; a follow-up leans on the last few
MAX_ANSWER = 20_000  # characters of an earlier answer
MAX_VALUES = 100  # of one filter
MAX_HITS = 100
MAX_FILES = 1000  # cards in one reply; ``offset`` gives the rest
MAX_BELOW = 500  # clauses under the one that was asked for
MAX_MEASURES = 500  # in one reply

FILTERS: Mapping[str, type] = {"levels": str, "regions": str, "years": int, "validity": str, "document_ids": str}

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The questions to one library. Safe for many threads, as the library is."""

    library: Library
    assistant: Assistant

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
        asked = _bounded("问题", question, MAX_QUESTION)
        if len(history) > MAX_TURNS:
            raise SettingsError(f"history 超过 {MAX_TURNS} 轮", "只需给出最近几轮")
        pairs = [(_bounded("history 中的问题", q, MAX_QUESTION), a[:MAX_ANSWER]) for q, a in history]
        return self.assistant.stream(asked, pairs, filters_given(filters), day_given(as_of))

    def search(
        self, text: str, filters: Mapping[str, Any] | None = None, limit: int = 20, as_of: str | None = None
    ) -> list[dict[str, Any]]:
        """Clauses found, best first, each with the title, number and 时效 of its file."""
        day = day_given(as_of)
        wanted = _bounded("查找内容", text, MAX_QUESTION)
        query = understand(wanted, filters_given(filters), day, max(1, min(limit, MAX_HITS)))
        return [
            {**render.hit_dict(hit), **self._file(hit.chunk.document_id, day)} for hit in self.library.search(query)
        ]

    def clause(self, file: str, clause: str, as_of: str | None = None) -> dict[str, Any]:
        """One clause of the current version in full, with what stands below it, and where it stands.

        ``file``: id, number or title; ``clause``: id, or path as printed in a citation (第四条, 二、（三）2.). Raises NotHeld.
        """
        document_id = self._document_id(file)
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
        return lineage_dict(self.library, self._document_id(file), day_given(as_of))

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
        record = self.library.measure(_bounded("措施编号", measure_id, MAX_QUESTION), day_given(as_of))
        return measure_dict(record, self.library.document(record.card.id))

    def compare(self, of: str, as_of: str | None = None) -> dict[str, Any]:
        """The measure of the number ``of``, or the one that speaks of that topic best, beside the same support of other files.
        Raises NotHeld.
        """
        day = day_given(as_of)
        record = measure_meant(self.library, _bounded("措施编号或话题", of, MAX_QUESTION), day)
        comparison = comparison_of(self.library, record, day)
        documents = self._documents(row.record for row in comparison.rows)
        return {"measure_id": record.measure.id, **comparison_dict(comparison, documents)}

    def _documents(self, records: Iterable[MeasureRecord]) -> dict[str, PolicyDocument]:
        return {id_: self.library.document(id_) for id_ in dict.fromkeys(record.card.id for record in records)}

    def _document_id(self, file: str) -> str:
        wanted = _bounded("文件", file, MAX_QUESTION)
        if any(card.id == wanted for card in self.library.documents()):
            return wanted
        found = sorted(self.library.named(wanted) or self.library.named(f"《{wanted.strip('《》')}》"))
        if not found:
            raise NotHeld(f"库内没有“{wanted[:60]}”", "请核对文号或标题；文件列表中有每份文件的编号")
        if len(found) > 1:
            raise PolicyError(f"“{wanted[:60]}”可指多份文件", f"请改用其中一个编号：{'、'.join(found[:5])}")
        return found[0]

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


def _bounded(name: str, text: str, longest: int) -> str:
    stripped = text.strip()
    if not stripped:
        raise SettingsError(f"{name}是空的", "请写出要问的内容")
    if len(stripped) > longest:
        raise SettingsError(f"{name}超过 {longest} 字（{len(stripped)} 字）", "请缩短后再试")
    return stripped


def day_given(text: str | None) -> date:
    """The day for which validity counts; today where none is given. Raises SettingsError."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise SettingsError(f"看不懂日期：{text[:40] if text else ''}", "请写成 2025-06-30 的样子") from error


def filters_given(values: Mapping[str, Any] | None) -> Filters:
    """JSON filters; a wrong name or kind is refused, not ignored: the answer would be about other files."""
    for name, value in (values or {}).items():
        kind = FILTERS.get(name)
        if kind is None or not isinstance(value, list) or not all(isinstance(v, kind) for v in value):
            raise SettingsError(f"筛选条件不正确：{name[:40]}", f"可用 {'、'.join(FILTERS)}，值都是列表")
        if len(value) > MAX_VALUES:
            raise SettingsError(f"筛选条件 {name} 超过 {MAX_VALUES} 项", "请分几次查询")
    return Filters(**{name: tuple(value) for name, value in (values or {}).items()})


def what_is_wrong(problems: Sequence[Mapping[str, Any]], skipped: int = 0) -> str:
    """The problems that pydantic found in what came in, in Chinese; the values themselves are not repeated.

    ``skipped``: first parts of a place that mean nothing to the caller (body).
    """
    return "；".join(_wrong(".".join(str(part) for part in p["loc"][skipped:])[:60] or "请求", p) for p in problems[:5])


def _wrong(place: str, problem: Mapping[str, Any]) -> str:
    context, kind = problem.get("ctx", {}), problem["type"]
    if kind == "missing":
        return f"缺少 {place}"
    if kind in ("json_invalid", "model_attributes_type"):
        return "内容不是 JSON 对象（Content-Type 须为 application/json）"
    if kind in ("less_than_equal", "greater_than_equal", "too_long"):
        bounds = (context.get(name) for name in ("le", "ge", "max_length"))
        return f"{place} 超出范围（界限 {next(b for b in bounds if b is not None)}）"
    return f"{place} 的类型或取值不对"
