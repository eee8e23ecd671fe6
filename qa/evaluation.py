"""Answer judged questions from a folder: ``questions.jsonl`` and ``files/`` → one JSON object a question."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index.library import Library
from ingest.errors import PolicyError
from ingest.settings import Settings
from qa.answer import Answer
from qa.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Judged:
    """A question of the set and our answer to it."""

    id: str
    kind: str
    question: str
    answer: Answer

    def record(self) -> dict[str, object]:
        """The form that a scorer reads: id, answer, abstained, citations[{file, document_number, title, path, quote}]."""
        answer = self.answer
        text = answer.text if not answer.abstained else "\n".join(filter(None, (answer.text, answer.gap)))
        citations = [
            {"file": c.file, "document_number": c.document_number, "title": c.title, "path": c.path, "quote": c.quote}
            for c in answer.citations
        ]
        return {
            "id": self.id,
            "question": self.question,
            "answer": text,
            "abstained": answer.abstained,
            "citations": citations,
        }


def evaluate(folder: Path, settings: Settings, as_of: date, limit: int | None = None) -> Iterator[Judged]:
    """Asks every question in a temporary knowledge base made of ``folder/files``.

    A question that leans on the one before it (“硕士和本科呢？”) gets it as history; a file that cannot be read is named on
    stderr and left out. Raises PolicyError for a bad folder.
    """
    questions = _questions(folder / "questions.jsonl")[:limit]
    if not (folder / "files").is_dir():
        raise PolicyError(f"找不到文件夹：{folder / 'files'}", "评测文件夹须有 questions.jsonl 和 files/")
    with (
        tempfile.TemporaryDirectory(prefix="wenhao-") as data,
        Library.open(replace(settings, data=Path(data))) as library,
    ):
        for failed in library.add([folder / "files"]).failed:
            print(f"未能读取，跳过：{failed.message}", file=sys.stderr)
        assistant = Assistant(library)
        history: list[tuple[str, str]] = []
        for row in questions:
            answer = assistant.ask(row["q"], history[-1:], as_of=as_of)
            history.append((row["q"], answer.text))
            yield Judged(row["id"], row.get("kind", ""), row["q"], answer)


def _questions(path: Path) -> list[dict[str, str]]:
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError as error:
        raise PolicyError(f"找不到 {path}", "评测文件夹须有 questions.jsonl 和 files/") from error
    except json.JSONDecodeError as error:
        raise PolicyError(f"{path} 不是每行一个 JSON 对象（第{error.lineno}行附近）", "请检查该文件") from error
    if any(not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("id", "q")) for row in rows):
        raise PolicyError(f"{path} 中有问题缺少 id 或 q", "请检查该文件")
    return rows
