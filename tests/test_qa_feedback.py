"""Verdicts of readers: kept for good, changed by the same reader only, exported as questions for evaluation."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.library import Library
from index.register import Register
from ingest.errors import NotHeld, SettingsError
from ingest.settings import Settings
from qa.answer import Answer
from qa.assistant import Assistant
from qa.evaluation import evaluate
from qa.feedback import evaluation_questions, feedback_on, versions_of
from tests.forked import Forker

AS_OF = date(2026, 6, 1)
TITLE = "示例区支持创新若干措施"


@pytest.fixture
def answers(library: Library, policy: Callable[..., tuple]) -> tuple[Answer, Answer]:
    """An answer and a refusal."""
    library.add_document(*policy(7, "对首次认定的高新技术企业，一次性奖励30万元。", title=TITLE, path="创新措施.txt"))
    assistant = Assistant(library)
    return assistant.ask("首次认定的高新技术企业奖励多少？", as_of=AS_OF), assistant.ask(
        "高龄津贴每月发多少钱？", as_of=AS_OF
    )


def test_a_reader_may_think_again_and_another_may_differ(library: Library, answers):
    for verdict, remark, reader in (("right", "", "甲"), ("wrong", "漏了条件", "甲"), ("right", "", "乙")):
        library.note(feedback_on(answers[0], verdict, remark, reader))
    assert [(f.verdict, f.remark) for f in library.feedback()] == [("wrong", "漏了条件"), ("right", "")]
    library.remove_feedback(library.feedback()[0].id)
    assert [f.verdict for f in library.feedback()] == ["right"]
    with pytest.raises(NotHeld):
        library.remove_feedback("无此编号")


def test_it_tells_the_version_it_is_about_and_goes_with_the_file(library: Library, answers):
    (card,) = library.documents()
    library.note(feedback_on(answers[0], "right", "", "甲"))
    (kept,) = library.feedback()
    assert versions_of(kept) == {card.id: card.sha256}
    (proof,) = kept.answer["sentences"][0]["proofs"]
    assert proof["quote"] in "对首次认定的高新技术企业，一次性奖励30万元。" and proof["span"]["start"] > 0
    library.remove(card.id)
    assert library.feedback() == (), "its words are the file's, of which nothing may be left"


def test_an_unknown_verdict_is_refused(answers):
    with pytest.raises(SettingsError, match="没有这种评价"):
        feedback_on(answers[0], "maybe", "", "甲")


def test_the_export_is_a_set_of_questions(library: Library, answers, settings: Settings, tmp_path: Path):
    answer, refusal = answers
    for given, verdict in ((answer, "right"), (answer, "missing"), (refusal, "right"), (refusal, "wrong")):
        library.note(feedback_on(given, verdict, "备注", verdict))
    rows = list(evaluation_questions(library.feedback()))
    shape = [(r["kind"], r["docs"], bool(r["key_points"]), r["must_cite"], r["review"]) for r in rows]
    assert shape == [
        ("answerable", ["创新措施"], True, ["示政办〔2023〕7号"], False),
        ("answerable", [], False, [], True),
        ("refuse", [], False, [], False),
        ("answerable", [], False, [], True),
    ]
    assert rows[0]["q"] == answer.question and rows[0]["note"] == "备注" and rows[0]["as_of"] == "2026-06-01"

    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "创新措施.txt").write_bytes(library.original("示政办〔2023〕7号").content)
    exported = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "questions.jsonl").write_text(exported, encoding="utf-8")
    judged = list(evaluate(tmp_path, settings, AS_OF))
    assert [one.id for one in judged] == [row["id"] for row in rows]
    assert judged[0].answer.citations[0].document_number == "示政办〔2023〕7号" and judged[2].answer.abstained


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from index.register import Register
from qa.answer import Answer
from qa.feedback import feedback_on
register = Register.open(Path(sys.argv[1]))
register.note(feedback_on(Answer("问", "问", (), (), date(2026, 6, 1)), "right", "", "甲"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_it_survives_a_kill(tmp_path: Path, forked: Forker):
    path = tmp_path / "register.sqlite"
    assert forked(KILLED, str(path)).rest() == []
    register = Register.open(path)
    assert [f.answer["question"] for f in register.feedback()] == ["问"]
    register.close()


def test_a_register_of_the_first_version_is_given_the_table(tmp_path: Path, policy: Callable[..., tuple], answers):
    path = tmp_path / "old.sqlite"
    register = Register.open(path)
    register.add(*policy(7, "奖励30万元。"))
    register.close()
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE feedback")
        raw.execute("PRAGMA user_version = 1")
    raw.close()
    for _ in range(2):
        register = Register.open(path)
        register.note(feedback_on(answers[0], "right", "", "甲"))
        assert len(register.feedback()) == 1 and len(register.entries()) == 1
        register.close()
