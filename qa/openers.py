"""Questions to begin with, for an empty conversation: made from the files that are in the library, and each proven to be
answered by them, without a model. None where the library is empty.
"""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from threading import Lock
from typing import Literal

from index.card import DocumentCard
from ingest.document import Clause, PolicyDocument
from ingest.errors import PolicyError
from ingest.normalize import fold
from qa.answer import Answer
from qa.assistant import Assistant
from qa.evidence import DEAD
from qa.framework.relations import RESTS_ON
from qa.injection import instructs

Door = Literal["企业", "工作人员", "新同事"]
Files = Sequence[tuple[DocumentCard, PolicyDocument]]

A_DOOR = 2  # questions
SECONDS = 0.2  # of the start, and of a visit to the page, until all are found
TRIES = 3  # of one kind, before the next has its turn
FILES_LOOKED_AT, CLAUSES_LOOKED_AT = 20, 200  # of the newest in force, from the beginning
LONGEST_NUMBER = 24  # characters

_SUBJECT = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff()（）]{3,15}")
_VERB = re.compile("^(?:支持|鼓励|加大|加强|加快|推动|推进|促进|给予|实施|强化|落实|开展)")
_GRANT = re.compile("(?:奖励|补助|补贴|奖补|资助|贴息|补偿|津贴|扶持)$")
_SUM = re.compile(r"(?:最高|一次性|每人|每月|按)[^。；]{0,30}\d+(?:\.\d+)?\s*(?:[万亿]?元|%)")
_NAMED = re.compile(
    r"(?:^|[,。;:、]|给予|发放|享受|申领|领取)(?P<subject>[\u4e00-\u9fff]{2,8}(?:补贴|补助|津贴|奖励))的?(?:标准)?(?:为|按|最高|一次性|每)"
)
_MEANS = re.compile(
    r"所称(?:的)?[“\"]?(?P<term>[\u4e00-\u9fff]{2,10}?)[”\"]?[,，]?(?:\([^)]{1,20}\))?[,，]?(?:是指|指)"
)


@dataclass(frozen=True, slots=True)
class Opener:
    """A question that the library answers; ``door``: whom it is for."""

    door: Door
    question: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    opener: Opener
    document_id: str
    clause_id: str | None = None  # that the answer must rest on

    def proven_by(self, answer: Answer) -> bool:
        sources = [(c.document_id, c.clause_id) for c in answer.citations]
        held = (self.document_id, self.clause_id) in sources if self.clause_id else self.document_id in dict(sources)
        return held and not answer.abstained


class Openers:
    """Those of a library, looked for anew when it has changed, or the day. Safe for many threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = Assistant(assistant.library)  # without a model
        self._state: tuple[int, date] | None = None
        self._found: tuple[Opener, ...] = ()
        self._search: Iterator[Opener | None] = iter(())
        self._lock = Lock()

    def now(self) -> tuple[Opener, ...]:
        """At most two a door. A call looks for them no longer than ``SECONDS``; the next goes on from there."""
        with self._lock, suppress(PolicyError):  # a file was removed a moment ago
            until = time.monotonic() + SECONDS
            state = (self._assistant.library.status().last_change, date.today())
            if state != self._state:
                self._state, self._found, self._search = state, (), _tried(self._assistant)
            for opener in self._search:
                self._found += (opener,) if opener else ()
                if time.monotonic() > until:
                    break
        return self._found


def _tried(assistant: Assistant) -> Iterator[Opener | None]:
    """Asks one kind after the other, so that each door has a question before one has two; ``None`` for one not answered."""
    library, today = assistant.library, date.today()
    cards = (card for card in library.documents() if library.validity(card.id, today).state not in DEAD)
    files = [(card, library.document(card.id)) for card in islice(cards, FILES_LOOKED_AT)]
    waiting = deque(kind(files) for kind in (_amounts, _validity, _definitions, _bases, _days))
    taken: Counter[Door] = Counter()
    while waiting:
        candidates = waiting.popleft()
        for candidate in islice(candidates, TRIES):
            if taken[candidate.opener.door] == A_DOOR:
                break
            proven = candidate.proven_by(assistant.ask(candidate.opener.question, as_of=today))
            yield candidate.opener if proven else None
            if proven:
                taken[candidate.opener.door] += 1
                waiting.append(candidates)
                break


def _amounts(files: Files) -> Iterator[_Candidate]:
    """“设备投资怎么补助？” of a clause with such a heading that states a sum; one a file."""
    for card, document in files:
        for clause in _clauses(document):
            flat = fold(clause.text)
            named = _NAMED.search(flat)
            subject = _VERB.sub("", clause.heading or (named["subject"] if named else ""))
            if _SUBJECT.fullmatch(subject) and _SUM.search(flat):
                asks = "的标准是多少？" if _GRANT.search(subject) else "怎么补助？"
                yield _Candidate(Opener("企业", f"{subject}{asks}"), card.id, clause.id)
                break


def _definitions(files: Files) -> Iterator[_Candidate]:
    """“什么是规上工业企业？” of a clause that says what its file means by it; one a file."""
    for card, document in files:
        for clause in _clauses(document):
            found = _MEANS.search(fold(clause.text))
            if found:
                yield _Candidate(Opener("新同事", f"什么是{found['term']}？"), card.id, clause.id)
                break


def _validity(files: Files) -> Iterator[_Candidate]:
    yield from _of_numbers("工作人员", "现在还有效吗？", (card for card, _ in files))


def _bases(files: Files) -> Iterator[_Candidate]:
    resting = (card for card, document in files if any(r.relation in RESTS_ON for r in document.references))
    yield from _of_numbers("工作人员", "依据哪些文件制定？", resting)


def _days(files: Files) -> Iterator[_Candidate]:
    yield from _of_numbers("新同事", "从什么时候起施行？", (card for card, _ in files if card.effective_on))


def _of_numbers(door: Door, asks: str, cards: Iterable[DocumentCard]) -> Iterator[_Candidate]:
    for card in cards:
        if card.document_number and not card.masked and len(card.document_number) <= LONGEST_NUMBER:
            yield _Candidate(Opener(door, f"{card.document_number}{asks}"), card.id)


def _clauses(document: PolicyDocument) -> Iterator[Clause]:
    clauses = islice(document.clauses, CLAUSES_LOOKED_AT)
    return (clause for clause in clauses if clause.kind == "body" and not instructs(clause.text))
