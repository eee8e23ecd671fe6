"""How early the search shows the clause that answers, on real files and questions judged clause by clause.

``python -m tests.benchmarks.judgments FOLDER`` takes the real files, which do not come with the project, into a library and
searches every question of ``tests/judgments/realdocs`` (see the README there for how they were made and what a grade means).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, median, quantiles
from tempfile import TemporaryDirectory

from index.chunk import Chunk
from index.evaluation import ndcg, recall, reciprocal_rank
from index.library import Library
from index.query import understand
from ingest.document import PolicyDocument
from ingest.errors import PolicyError, SettingsError
from ingest.settings import Settings

JUDGMENTS = Path(__file__).resolve().parent.parent / "judgments" / "realdocs"
USERS = {"enterprise": "企业", "drafter": "起草人员", "newcomer": "新员工"}
KINDS = {
    "colloquial": "口语",
    "number": "文号写法",
    "title": "半截题名",
    "place": "地名",
    "typo": "错别字",
    "article": "第几条",
    "definition": "含义",
    "who": "部门",
    "amount": "金额",
    "when": "时间",
    "basis": "依据",
}
METRICS = ("MRR@10", "recall@5", "P@1", "nDCG@10")
ANSWERS = 2  # the grade of a clause that answers; 1 helps, 0 only looks as if it did
DEEP = 200  # how far down an answer is looked for that is not among what the product shows
_ROW = re.compile(r"第\d+行$")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one of ``USERS``, of one of ``KINDS``; ``note``: what is peculiar to its wording."""

    id: str
    text: str
    user: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a clause, with all that stands below it, is worth for a question.

    ``file``: path below the folder; ``clause``: its id without the document's, or that of a table (its rows' without 第N行).
    """

    file: str
    clause: str
    grade: int

    def __str__(self) -> str:
        return f"{self.file}#{self.clause}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question searched. ``grades``: of the hits, best rank first, a clause that comes again counts 0.

    ``first``: what stood first; ``ranks``: of the answering clauses, as far down as ``DEEP``; ``seconds``: of the search.
    """

    question: Question
    judgments: tuple[Judgment, ...]
    grades: tuple[int, ...]
    first: str
    ranks: Mapping[Judgment, int | None]
    seconds: float

    @property
    def first_answer(self) -> int:
        """Rank of the first clause that answers; beyond ``DEEP`` where there is none."""
        return min((rank for rank in self.ranks.values() if rank), default=DEEP + 1)

    @property
    def scores(self) -> dict[str, float]:
        """``METRICS``. All but nDCG count only the clauses that answer; recall is of at most 5, so that 1 can be reached."""
        answers = [int(grade == ANSWERS) for grade in self.grades]
        values = (
            reciprocal_rank(answers, 10),
            recall(answers, min(len(self.ranks), 5), 5),
            recall(answers, 1, 1),
            ndcg(self.grades, [judgment.grade for judgment in self.judgments], 10),
        )
        return dict(zip(METRICS, values, strict=True))


def read_judgments(folder: Path = JUDGMENTS) -> dict[Question, tuple[Judgment, ...]]:
    """The questions, each with its judgments in the order of the file."""
    questions = [Question(**json.loads(line)) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    judgments: dict[str, list[Judgment]] = {question.id: [] for question in questions}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        question_id, key, grade = line.split("\t")
        file, clause = key.rsplit("#", 1)
        judgments[question_id].append(Judgment(file, clause, int(grade)))
    return {question: tuple(judgments[question.id]) for question in questions}


def documents_of(library: Library, folder: Path, files: Iterable[str]) -> dict[str, str]:
    """The document of which each file is a version (several formats of one text are one document), told by its bytes.

    Raises SettingsError where a file is absent from the folder or the library.
    """
    versions = {version.sha256: card.id for card in library.documents() for version in library.versions(card.id)}
    found: dict[str, str] = {}
    for file in files:
        path = folder / file
        document_id = versions.get(hashlib.sha256(path.read_bytes()).hexdigest()) if path.is_file() else None
        if document_id is None:
            raise SettingsError(f"标注所指的文件不在文件夹中，或未能收录：{path}", "请检查文件夹是否完整")
        found[file] = document_id
    return found


def unknown_clauses(judgments: Iterable[Judgment], document: PolicyDocument) -> list[Judgment]:
    """Judgments on clauses that the document, as it is parsed now, does not have."""
    known = {name for clause in document.clauses for name in _names(clause.id)}
    return [judgment for judgment in judgments if judgment.clause not in known]


def judgment_on(chunk: Chunk, document: PolicyDocument, judgments: Iterable[Judgment]) -> Judgment | None:
    """The judgment on what a chunk shows, of those on its document; ``None`` where nobody judged it.

    It is that of its clause, or else of the nearest clause above that has one; a chunk that holds judged clauses whole
    is worth the best of them.
    """
    by_name = {judgment.clause: judgment for judgment in judgments}
    by_id = {clause.id: clause for clause in document.clauses}
    found = []
    for clause in document.clauses if by_name else ():
        start, end = clause.span.start, clause.span.start + len(clause.text.rstrip())
        if chunk.span.start <= start and end <= chunk.span.end:
            found += [by_name[name] for name in _names(clause.id)[:1] if name in by_name]
    above = by_id.get(chunk.clause_id)
    while above is not None:
        named = [by_name[name] for name in _names(above.id) if name in by_name]
        if named:
            found.append(named[0])
            break
        above = by_id.get(above.parent or "")
    return max(found, key=lambda judgment: judgment.grade, default=None)


def _names(clause_id: str) -> tuple[str, ...]:
    """Names by which a judgment may mean the clause, the narrowest first: its own, and for a row that of its table."""
    own = clause_id.split("#", 1)[1]
    return (own, _ROW.sub("", own)) if _ROW.search(own) else (own,)


def ask(library: Library, question: Question, judgments: Sequence[Judgment], ids: Mapping[str, str]) -> Outcome:
    """Searches one question as the product does. ``ids``: documents of the judged files (see ``documents_of``)."""
    query = understand(question.text)
    started = time.perf_counter()
    hits = library.search(query)
    seconds = time.perf_counter() - started
    shown = [_judged(library, hit.chunk, judgments, ids) for hit in hits]
    answers = [judgment for judgment in judgments if judgment.grade == ANSWERS]
    deep = shown
    if not set(answers) <= set(shown):
        deep = [_judged(library, hit.chunk, judgments, ids) for hit in library.search(replace(query, limit=DEEP))]
    first = next(iter(hits), None)
    return Outcome(
        question,
        tuple(judgments),
        tuple(j.grade if j is not None and j not in shown[:rank] else 0 for rank, j in enumerate(shown)),
        _described(library, first.chunk) if first else "没有结果",
        {answer: _rank(answer, shown) or _rank(answer, deep) for answer in answers},
        seconds,
    )


def _rank(judgment: Judgment, found: Sequence[Judgment | None]) -> int | None:
    return found.index(judgment) + 1 if judgment in found else None


def _judged(library: Library, chunk: Chunk, judgments: Iterable[Judgment], ids: Mapping[str, str]) -> Judgment | None:
    ours = [judgment for judgment in judgments if ids[judgment.file] == chunk.document_id]
    return judgment_on(chunk, library.document(chunk.document_id), ours) if ours else None


def _described(library: Library, chunk: Chunk) -> str:
    return f"《{library.card(chunk.document_id).title}》{chunk.id.split('#', 1)[1]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 a judged clause does not exist (any more), 2 the folder cannot be used (two lines on stderr)."""
    options = _options(arguments)
    try:
        if not options.folder.is_dir():
            raise SettingsError(
                f"没有这个文件夹：{options.folder}",
                "真实文件不随项目提供，请给出存放它们的文件夹（标注见 tests/judgments/realdocs）",
            )
        with TemporaryDirectory() as temporary:
            settings = replace(Settings.from_environment(), data=options.data or Path(temporary))
            with Library.open(settings) as library:
                library.add([options.folder], lambda _, done, total: _progress(f"收录 {done}/{total}"))
                _progress("")
                return _run(library, options)
    except PolicyError as error:
        print(error, error.hint, sep="\n", file=sys.stderr)
        return 2


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.judgments",
        description="真实文件上的检索：逐条人工标注的问题，答案条款排在第几位",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="存放真实文件的文件夹")
    parser.add_argument("--json", type=Path, metavar="FILE", help="把指标和每题结果存为 JSON")
    parser.add_argument("--worst", type=int, default=10, metavar="N", help="列出最差的 N 题（默认 10）")
    parser.add_argument(
        "--judgments", type=Path, default=JUDGMENTS, metavar="FOLDER", help="另一套标注（queries.jsonl、qrels.tsv）"
    )
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="数据文件夹，下次可直接使用（默认用后即删）")
    return parser.parse_args(arguments)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:40}", end="" if text else "\r", file=sys.stderr, flush=True)


def _run(library: Library, options: argparse.Namespace) -> int:
    judged = read_judgments(options.judgments)
    every = [judgment for judgments in judged.values() for judgment in judgments]
    ids = documents_of(library, options.folder, dict.fromkeys(judgment.file for judgment in every))
    unknown = [
        judgment
        for file, document_id in ids.items()
        for judgment in unknown_clauses((j for j in every if j.file == file), library.document(document_id))
    ]
    library.search(understand(next(iter(judged)).text))  # the first search loads dictionaries and models
    outcomes = [ask(library, question, judgments, ids) for question, judgments in judged.items()]
    print(_report(outcomes, len(library.documents())))
    worst = sorted(outcomes, key=lambda outcome: (-outcome.first_answer, outcome.question.id))[: options.worst]
    if worst:
        print("\n".join([f"\n最差的 {len(worst)} 题", *(line for outcome in worst for line in _explained(outcome))]))
    if options.json:
        content = _as_json(outcomes, len(library.documents()))
        options.json.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for judgment in dict.fromkeys(unknown):
        print(f"标注的条款在当前的解析结果里不存在：{judgment}", file=sys.stderr)
    return int(bool(unknown))


def _explained(outcome: Outcome) -> Iterable[str]:
    question = outcome.question
    yield f"{question.id}（{USERS[question.user]}，{KINDS[question.kind]}：{question.note}）{question.text}"
    yield f"    首位：{outcome.first}"
    for judgment, rank in outcome.ranks.items():
        yield f"    {f'第 {rank} 位' if rank else f'{DEEP} 位以内没有'}：{judgment}"


def _report(outcomes: Sequence[Outcome], documents: int) -> str:
    times = _latency(outcomes)
    lines = [
        f"{len(outcomes)} 题，{documents} 个文件；检索 p50 {times['p50']:.1f} 毫秒，p95 {times['p95']:.1f} 毫秒",
        "  ".join((*METRICS, "题数", "")),
        _row("全部", outcomes),
    ]
    for names, of in _GROUPS:
        lines += [_row(names[name], group) for name, group in _grouped(outcomes, of).items()]
    return "\n".join(lines)


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    figures = (f"{value:.3f}".center(len(metric)) for metric, value in _means(outcomes).items())
    return "  ".join((*figures, f"{len(outcomes):4}", name))


def _as_json(outcomes: Sequence[Outcome], documents: int) -> dict[str, object]:
    by_user, by_kind = (
        {name: {"questions": len(group), **_means(group)} for name, group in _grouped(outcomes, of).items()}
        for _, of in _GROUPS
    )
    return {
        "questions": len(outcomes),
        "documents": documents,
        "metrics": _means(outcomes),
        "milliseconds": _latency(outcomes),
        "by_user": by_user,
        "by_kind": by_kind,
        "results": {
            o.question.id: {**o.scores, "first": o.first, "ranks": {str(j): rank for j, rank in o.ranks.items()}}
            for o in outcomes
        },
    }


def _means(outcomes: Sequence[Outcome]) -> dict[str, float]:
    return {metric: round(fmean(outcome.scores[metric] for outcome in outcomes), 4) for metric in METRICS}


def _latency(outcomes: Sequence[Outcome]) -> dict[str, float]:
    times = [outcome.seconds * 1000 for outcome in outcomes]
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return {"p50": round(median(times), 1), "p95": round(p95, 1)}


_GROUPS: tuple[tuple[Mapping[str, str], Callable[[Question], str]], ...] = (
    (USERS, lambda question: question.user),
    (KINDS, lambda question: question.kind),
)


def _grouped(outcomes: Sequence[Outcome], of: Callable[[Question], str]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(of(outcome.question), []).append(outcome)
    return groups


if __name__ == "__main__":
    sys.exit(main())
