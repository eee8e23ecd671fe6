"""A judged set: a folder with a corpus, questions about it, and which documents people found relevant.

``corpus.jsonl`` (a document a line: id, title, text) and ``queries.jsonl`` (id, text, perhaps type) may end in ``.gz``;
``qrels.tsv``: query id, document id, grade.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from index.intent import Intent, intent
from ingest.errors import SettingsError

TYPES: dict[Intent, str] = {
    "amount": "金额",
    "who": "部门",
    "when": "时间",
    "definition": "含义",
    "basis": "依据",
    "other": "其他",
}


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A collection and its questions. ``corpus``: (id, title, text); ``queries``: (id, text).

    ``qrels``: query id → document id → grade (positive ones only). ``types``: query id → what kind of question it is.
    """

    corpus: tuple[tuple[str, str, str], ...]
    queries: tuple[tuple[str, str], ...]
    qrels: Mapping[str, Mapping[str, int]]
    types: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def fingerprints(self) -> tuple[str, str]:
        """Hashes of the corpus, and of the questions with their judgments. The order of documents and of grades is not in it."""
        questions = ([*query, *sorted(self.qrels[query[0]].items())] for query in self.queries)
        return _hash(sorted(self.corpus)), _hash(questions)


def _hash(rows: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()[:16]


def load(folder: Path, limit: int | None = None, *, only: str = "", without: str = "") -> JudgedSet:
    """Reads a judged set, of its queries the first ``limit`` that have a relevant document.

    ``only``: of every N queries the I-th (from 0) where it says ``I/N``, so that what learned from the others can be judged
    by them; ``without``: the others.

    The type of a question is that which its line gives, else what ``index.intent`` makes of its words.
    Raises SettingsError where a file is missing or a line is not what it should be.
    """
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for query_id, document_id, grade in _qrels(folder / "qrels.tsv"):
        if grade > 0:
            qrels[query_id][document_id] = grade
    corpus = tuple((row["id"], row.get("title") or "", row["text"]) for row in _rows(folder, "corpus", ("id", "text")))
    rows = (row for row in _rows(folder, "queries", ("id", "text")) if row["id"] in qrels)
    chosen = (row for at, row in enumerate(rows) if _in_part(only, at, True) and not _in_part(without, at, False))
    queries = {row["id"]: row for row in islice(chosen, limit)}
    if not corpus or not queries:
        raise SettingsError(f"标注集为空：{folder}", "corpus、queries、qrels 三个文件都要有内容，且编号要能对上")
    return JudgedSet(
        corpus,
        tuple((query_id, row["text"]) for query_id, row in queries.items()),
        qrels,
        {query_id: str(row.get("type") or TYPES[intent(row["text"])]) for query_id, row in queries.items()},
        folder.resolve().name,
    )


def _in_part(part: str, at: int, unnamed: bool) -> bool:
    if not part:
        return unnamed
    first, _, every = part.partition("/")
    if not (first.isdecimal() and every.isdecimal() and int(first) < int(every)):
        raise SettingsError(f"无法识别题目的分份：{part}", "应写成 I/N，例如 0/3，I 从 0 数起且小于 N")
    return at % int(every) == int(first)


def _rows(folder: Path, name: str, required: Sequence[str]) -> Iterator[dict[str, str]]:
    path = next((p for p in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz") if p.is_file()), None)
    if path is None:
        raise SettingsError(f"找不到 {folder / name}.jsonl（或 .jsonl.gz）", "请检查标注集所在的文件夹")
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line) if line.strip() else None
                if row is None:
                    continue
                if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in required):
                    raise SettingsError(f"{path} 第{number}行缺少字段 {'、'.join(required)}", "每行应是一个 JSON 对象")
                yield row
    except (OSError, EOFError, ValueError) as error:
        raise SettingsError(f"{path} 无法读取：{error}", "应为 UTF-8 编码，每行一个 JSON 对象") from error


def _qrels(path: Path) -> Iterator[tuple[str, str, int]]:
    if not path.is_file():
        raise SettingsError(f"找不到 {path}", "请检查标注集所在的文件夹")
    try:
        for line in path.read_text("utf-8").splitlines():
            query_id, document_id, grade, *_ = [*line.split("\t"), "", ""]
            if grade.strip().isdecimal():  # the first line may be a heading
                yield query_id, document_id, int(grade)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} 无法读取：{error}", "应为制表符分隔的三列：问题编号、文件编号、分级") from error
