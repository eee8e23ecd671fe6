"""A run as a JSON file: where it comes from, what it was measured on, and each question's scores."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.evaluation.judged import JudgedSet
from index.evaluation.metrics import METRICS
from index.evaluation.run import SPEED, Outcome, Run, figures
from index.ranking import WEIGHTS
from ingest.errors import SettingsError
from ingest.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SEARCH = ("index", "ingest")  # the folders whose code decides what a search finds


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run read back. ``constants``: those of ``Weights`` then; ``figures``: as ``run.figures``."""

    commit: str | None
    date: str
    constants: Mapping[str, float]
    figures: Mapping[str, float]
    outcomes: Mapping[str, Outcome]


def commit(root: Path = ROOT) -> str | None:
    """Short hash of the checkout that runs, with ``+`` where the code of the search differs; ``None`` outside a checkout."""
    if not (root / ".git").exists():
        return None
    try:
        head = _git(root, "rev-parse", "--short", "HEAD")
        return head + ("+" if _git(root, "status", "--porcelain", "--", *SEARCH) else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.strip()


def provenance() -> dict[str, object]:
    """What a figure means nothing without: commit, date, constants, models, machine. Raises SettingsError."""
    settings = Settings.from_environment()
    return {
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "constants": asdict(WEIGHTS),
        "embedding": settings.embedding,
        "reranker": settings.reranker,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
    }


def save(path: Path, judged: JudgedSet, run: Run) -> None:
    """Writes the run. Raises SettingsError where the file cannot be written."""
    corpus, questions = judged.fingerprints()
    content = {
        "set": judged.name,
        "corpus": corpus,
        "questions": questions,
        **provenance(),
        "figures": figures(run),
        "queries": {query_id: asdict(outcome) for query_id, outcome in run.outcomes.items()},
    }
    try:
        path.write_text(json.dumps(content, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise SettingsError(f"无法写入 {path}：{error.strerror}", "请换一个可写的位置") from error


def read(path: Path, judged: JudgedSet) -> SavedRun:
    """Reads a run of this judged set. Raises SettingsError where it is none, or one of another set or other questions."""
    try:
        content = json.loads(path.read_text("utf-8"))
        found = tuple(str(content[key]) for key in ("set", "corpus", "questions"))
        outcomes = {
            query_id: Outcome({name: float(row["scores"][name]) for name in METRICS}, tuple(row["top"]), row["ranks"])
            for query_id, row in content["queries"].items()
        }
        measured = {name: float(content["figures"][name]) for name in (*METRICS, *SPEED)}
        saved = SavedRun(content["commit"], str(content["date"]), dict(content["constants"]), measured, outcomes)
    except FileNotFoundError as error:
        raise SettingsError(f"找不到 {path}", "请给出 --save 写出的文件") from error
    except OSError as error:
        raise SettingsError(f"无法读取 {path}：{error.strerror}", "请给出 --save 写出的文件") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{path} 不是评测记录，或已损坏", "请给出 --save 写出的文件") from error
    corpus, questions = judged.fingerprints()
    if found[1] != corpus:
        raise SettingsError(
            f"{path} 是在另一套标注集（{found[0]}）上测的，文件与 {judged.name} 不同", "请用同一套标注集重新 --save"
        )
    if found[2] != questions or outcomes.keys() != {query_id for query_id, _ in judged.queries}:
        raise SettingsError(
            f"{path} 测的不是这 {len(judged.queries)} 个问题，或标注改过", "请用同一套标注和相同的 --limit 重新 --save"
        )
    return saved
