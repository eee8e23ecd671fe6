"""Questions judged by given answers: the corpus in a temporary library, every question put to the assistant, and how much of
the given answer stands in ours, beside plain search that shows the first passages it finds.

A folder has ``corpus``, ``queries``, ``qrels.tsv`` as for ``index.evaluation`` and ``answers.jsonl(.gz)``: id of the question
and ``answers`` (spans of the corpus) or ``answer`` (a text).
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import fmean, median, quantiles

from index.chunk import Hit
from index.evaluation import JudgedSet, fill, load
from index.evaluation.report import table
from index.library import Library
from index.query import understand
from ingest.document import Span
from ingest.errors import SettingsError
from ingest.settings import Settings
from qa.answer import Answer
from qa.assistant import Assistant
from qa.proof import sentences

PASSAGE = 150  # characters of a passage that plain search shows
BUDGETS = (150, 350)  # characters of an answer that are read; short answers are fair only against equally short ones
SYSTEMS = {"answer": "本系统回答", "top1": "检索第1段", "top3": "检索前3段"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system showed. ``inside``: a given answer stands in it; ``within``: in its first ``BUDGETS`` characters.

    ``coverage``: 0–1, share of the given answer's pairs of neighbouring characters that stand in it.
    """

    text: str
    inside: bool
    within: tuple[bool, ...]
    coverage: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A question of the set, the answers given for it, ours, and the replies by the keys of ``SYSTEMS``.

    ``right``: a document judged relevant is cited.
    """

    id: str
    kind: str
    question: str
    given: tuple[str, ...]
    answer: Answer
    right: bool
    replies: Mapping[str, Reply]

    def record(self) -> dict[str, object]:
        """One line of ``--out``."""
        replies = {
            name: {
                "text": reply.text,
                "inside": reply.inside,
                **{f"inside_{budget}": within for budget, within in zip(BUDGETS, reply.within, strict=True)},
                "coverage": round(reply.coverage, 4),
            }
            for name, reply in self.replies.items()
        }
        return {
            "id": self.id,
            "kind": self.kind,
            "question": self.question,
            "given": self.given,
            "abstained": self.answer.abstained,
            "right_document": self.right,
            "seconds": round(self.answer.seconds, 4),
            **replies,
        }


@dataclass(frozen=True, slots=True)
class AnsweredSet:
    """``given``: id of the question → the answers given for it, at least one."""

    judged: JudgedSet
    given: Mapping[str, Sequence[str]]


def read(folder: Path, limit: int | None = None, only: str = "") -> AnsweredSet:
    """The questions of the folder that have an answer, the first ``limit`` of them; ``only`` as in ``index.evaluation.load``.

    Raises SettingsError where a file is missing or a line is not what it should be.
    """
    given = _given(folder)
    judged = load(folder, only=only)
    queries = tuple(query for query in judged.queries if query[0] in given)[:limit]
    if not queries:
        raise SettingsError(f"{folder} 中没有既有问题又有答案的题目", "answers 中的 id 应与 queries 中的 id 一致")
    return AnsweredSet(replace(judged, queries=queries), given)


def compare(answered: AnsweredSet, settings: Settings, as_of: date) -> Iterator[Compared]:
    """Asks the questions one after the other, without history. Raises PolicyError where the corpus cannot be taken in."""
    judged = answered.judged
    with (
        tempfile.TemporaryDirectory(prefix="wenhao-") as data,
        Library.open(replace(settings, data=Path(data), vectors="")) as library,
    ):
        filled = fill(library, judged.corpus)
        assistant = Assistant(library)
        assistant.warm_up()
        for id_, question in judged.queries:
            given = tuple(answered.given[id_])
            answer = assistant.ask(question, as_of=as_of)
            passages = [_passage(question, hit) for hit in library.search(understand(question, limit=3))]
            shown = {"answer": answer.text, "top1": "\n".join(passages[:1]), "top3": "\n".join(passages)}
            cited = {corpus_id for c in answer.citations for corpus_id in filled.corpus_ids[c.document_id]}
            yield Compared(
                id_,
                judged.types[id_],
                question,
                given,
                answer,
                not cited.isdisjoint(judged.qrels[id_]),
                {name: reply(text, given) for name, text in shown.items()},
            )


def reply(text: str, given: Sequence[str]) -> Reply:
    """``text`` beside the given answers. Width, case, punctuation and white space do not count."""
    wanted = [letters(answer) for answer in given]
    pairs = _pairs(letters(text))
    within = tuple(_inside(text[:budget], wanted) for budget in BUDGETS)
    coverage = max(len(_pairs(answer) & pairs) / len(_pairs(answer)) for answer in wanted)
    return Reply(text, _inside(text, wanted), within, coverage)


def _inside(text: str, wanted: Sequence[str]) -> bool:
    flat = letters(text)
    return any(answer in flat for answer in wanted)


def letters(text: str) -> str:
    """The letters and figures of ``text`` in one width and case."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text)).lower()


def _pairs(flat: str) -> set[str]:
    return {flat[i : i + 2] for i in range(len(flat) - 1)} or {flat}


def _passage(question: str, hit: Hit) -> str:
    """Of a found clause about ``PASSAGE`` characters: whole sentences, those next to each other that share most with the question."""
    text, asked = hit.chunk.text, _pairs(letters(question))
    spans = list(sentences(text)) or [Span(0, len(text))]
    pieces = []
    for first, span in enumerate(spans):
        end = max((s.end for s in spans[first:] if s.end - span.start <= PASSAGE), default=span.end)
        pieces.append(text[span.start : end])
    return max(pieces, key=lambda piece: len(_pairs(letters(piece)) & asked))


def _given(folder: Path) -> dict[str, list[str]]:
    path = next((p for p in (folder / "answers.jsonl", folder / "answers.jsonl.gz") if p.is_file()), None)
    if path is None:
        raise SettingsError(f"找不到 {folder / 'answers'}.jsonl（或 .jsonl.gz）", "每行应有 id 和 answers（或 answer）")
    opened = gzip.open if path.suffix == ".gz" else open
    given: dict[str, list[str]] = defaultdict(list)
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    id_, texts = _answers(json.loads(line), f"{path} 第{number}行")
                    given[id_] += texts
    except (OSError, EOFError, ValueError) as error:
        raise SettingsError(f"{path} 无法读取：{error}", "应为 UTF-8 编码，每行一个 JSON 对象") from error
    return given


def _answers(row: object, where: str) -> tuple[str, list[str]]:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise SettingsError(f"{where}缺少字段 id", "每行应是一个 JSON 对象，有 id 和 answers（或 answer）")
    texts = row.get("answers", [row.get("answer")])
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and letters(t) for t in texts):
        raise SettingsError(f"{where}没有可用的答案", "answers 应为非空文字的列表，或 answer 应为一段文字")
    return row["id"], texts


def summary(compared: Sequence[Compared]) -> dict[str, object]:
    """Shares, 0–1, and lengths, in characters, of each system; of ours also refusals and seconds; then by kind of question."""
    kinds: dict[str, list[Compared]] = defaultdict(list)
    for one in compared:
        kinds[one.kind].append(one)
    ordered = sorted(kinds.items(), key=lambda row: (-len(row[1]), row[0]))
    return {**_figures(compared), "kinds": {kind: _figures(group) for kind, group in ordered}}


def _figures(group: Sequence[Compared]) -> dict[str, object]:
    seconds = [one.answer.seconds for one in group]
    percentiles = quantiles([*seconds, *seconds], n=20, method="inclusive")  # doubled: two values are needed at least
    return {
        "questions": len(group),
        "given_length": median(len(max(one.given, key=len)) for one in group),
        "refused": round(fmean(one.answer.abstained for one in group), 4),
        "right_document": round(fmean(one.right for one in group), 4),
        "p50_ms": round(1000 * percentiles[9], 1),
        "p95_ms": round(1000 * percentiles[18], 1),
        **{name: _figures_of([one.replies[name] for one in group]) for name in SYSTEMS},
    }


def _figures_of(replies: Sequence[Reply]) -> dict[str, float]:
    within = {f"inside_{budget}": fmean(r.within[at] for r in replies) for at, budget in enumerate(BUDGETS)}
    means = {"inside": fmean(r.inside for r in replies), **within, "coverage": fmean(r.coverage for r in replies)}
    return {**{k: round(v, 4) for k, v in means.items()}, "length": median(len(r.text) for r in replies)}


def overview(compared: Sequence[Compared]) -> str:
    """The figures as text: all questions beside plain search, then ours by kind of question."""
    whole = summary(compared)
    columns = ("答案在内", *(f"{budget}字内" for budget in BUDGETS), "覆盖率", "中位字数")
    systems = [[f"{len(compared)} 题", *columns]]
    systems += [[label, *_cells(whole[name])] for name, label in SYSTEMS.items()]
    kinds = [["问题类型", "题数", *columns, "标准答案字数", "引对文件", "不予回答", "p50毫秒", "p95毫秒"]]
    for kind, row in [("全部", whole), *whole["kinds"].items()]:
        times = (f"{row['p50_ms']:.0f}", f"{row['p95_ms']:.0f}")
        shares = (f"{100 * row['right_document']:.1f}%", f"{100 * row['refused']:.1f}%")
        given = f"{row['given_length']:.0f}"
        kinds.append([kind, str(row["questions"]), *_cells(row["answer"]), given, *shares, *times])
    return f"{table(systems)}\n\n{table(kinds)}"


def _cells(row: Mapping[str, float]) -> list[str]:
    return [f"{value:.0f}" if name == "length" else f"{100 * value:.1f}%" for name, value in row.items()]
