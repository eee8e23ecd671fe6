"""Verdicts of readers on answers, in the register: 对, 不对, 没答全."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from index.register_schema import feedback

Verdict = Literal["right", "wrong", "missing"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Feedback:
    """``answer``: the whole answer as JSON-ready values, so that it can be made again from the versions it quotes.

    ``id`` stands for one reader's view of one answer: a second verdict takes the place of the first. ``at`` is UTC.
    """

    id: str
    verdict: Verdict
    remark: str
    answer: dict[str, Any]
    at: datetime


def write(connection: Connection, noted: Feedback) -> None:
    """Keeps the verdict, in place of an earlier one with its id."""
    connection.execute(feedback.delete().where(feedback.c.id == noted.id))
    row = {"id": noted.id, "verdict": noted.verdict, "remark": noted.remark}
    at = noted.at.astimezone(UTC).isoformat(timespec="microseconds")
    connection.execute(feedback.insert().values(**row, answer=json.dumps(noted.answer, ensure_ascii=False), at=at))


def read(connection: Connection) -> tuple[Feedback, ...]:
    """Oldest first."""
    rows = connection.execute(sa.select(feedback).order_by(feedback.c.at, feedback.c.id))
    return tuple(Feedback(r.id, r.verdict, r.remark, json.loads(r.answer), datetime.fromisoformat(r.at)) for r in rows)


def delete(connection: Connection, feedback_id: str) -> bool:
    """Whether there was one."""
    return bool(connection.execute(feedback.delete().where(feedback.c.id == feedback_id)).rowcount)


def forget(connection: Connection, document_id: str) -> None:
    """Deletes the verdicts on answers that quote the document: a removed file leaves none of its words behind."""
    for row in connection.execute(sa.select(feedback.c.id, feedback.c.answer)).all():
        answer = json.loads(row.answer)
        quoted = [*answer["citations"], *answer["nearest"], answer.get("contact") or {}]
        if any(citation.get("document_id") == document_id for citation in quoted):
            delete(connection, row.id)
