"""What readers thought of an answer (对, 不对, 没答全), kept in the register and exported as evaluation questions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from index.register_feedback import VERDICTS, Feedback, Verdict
from ingest.errors import SettingsError
from qa.answer import Answer
from qa.render import answer_dict

VERDICT_NAMES: dict[Verdict, str] = {"right": "对", "wrong": "不对", "missing": "没答全"}
MAX_REMARK = 500  # characters


def feedback_on(answer: Answer, verdict: str, remark: str, reader: str) -> Feedback:
    """``reader``: whoever it is that may think again, such as a session of the page. Raises SettingsError."""
    if verdict not in VERDICTS:
        raise SettingsError(f"没有这种评价：{verdict[:20]}", f"可用 {'、'.join(VERDICTS)}")
    kept = answer_dict(answer)
    key = "\n".join((reader, kept["as_of"], kept["text"]))
    return Feedback(
        id=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        verdict=verdict,
        remark=remark.strip()[:MAX_REMARK],
        answer=kept,
        at=datetime.now(UTC),
    )


def versions_of(feedback: Feedback) -> dict[str, str]:
    """Document id → sha256 of the version that the answer quotes."""
    proofs = (proof for sentence in feedback.answer["sentences"] for proof in sentence["proofs"])
    return {proof["document_id"]: proof["sha256"] for proof in proofs}


def evaluation_questions(noted: tuple[Feedback, ...]) -> Iterator[dict[str, Any]]:
    """One row a verdict, as ``python -m qa evaluate`` reads it.

    An answer found right gives its own sentences as key points and its files. One found wrong or incomplete says nothing
    of what would be right: ``key_points`` stays empty, ``note`` holds the remark, and ``review`` asks a person to fill in.
    """
    for feedback in noted:
        answer, right = feedback.answer, feedback.verdict == "right"
        proven = [sentence["text"] for sentence in answer["sentences"] if sentence["proofs"]]
        cited = answer["citations"] if right else []
        yield {
            "id": f"F{feedback.id}",
            "q": answer["standalone"] or answer["question"],
            "type": "反馈",
            "kind": "refuse" if right and answer["abstained"] else "answerable",
            "docs": list(dict.fromkeys(PurePath(c["file"].replace("\\", "/")).stem for c in cited)),
            "key_points": proven if right else [],
            "must_cite": list(dict.fromkeys(c["document_number"] for c in cited if c["document_number"])),
            "note": feedback.remark,
            "review": not right,
            "verdict": feedback.verdict,
            "asked": answer["question"],
            "answered": answer["text"],
            "as_of": answer["as_of"],
            "versions": versions_of(feedback),
            "at": feedback.at.isoformat(timespec="seconds"),
        }
