"""A proposed clause in the words of its sources: each sentence passes the proof gate, or it is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.document import Clause, Span
from qa.answer import Proof
from qa.drafting.provisions import Provision, delegates
from qa.drafting.sources import Sources
from qa.passage import trimmed
from qa.proof import prove, sentences

WHOLE_CLAUSE = 260  # characters; of a longer clause only the sentence that is meant is taken
LONGEST_HEADING = 24  # characters; a longer first statement is no heading

# What points to another place of the same file says nothing outside of it.
_POINTS_ELSEWHERE = re.compile(
    r"附件|附表|第[一二三四五六七八九十百〇零\d]+[章节条款项]|前[一二两三四]?[章节款条项]|本(?:办法|细则|规则|指南|规定|通知|意见|措施|方案)|《[^》]{2,12}》第"
)
_DEPARTMENTS = re.compile(
    r"[（(](?:责任单位|牵头单位|责任部门|牵头部门)[：:][^（）()]{1,200}[）)]|[（(][^（）()]{2,60}(?:负责|牵头|配合)[）)]"
)
_HANGS = re.compile("其他|其中|上述|该|由|并|是指|所称|以上")  # speaks of what stands before it
_SUBJECT = re.compile(
    "企业|个人|单位|申报|申请|项目|责任|具体|资金|支持|同一"
)  # what a sentence may begin with when its opening is left out
_NAME = re.compile(r"(?P<name>(?![对凡])[^，。；：,;:\d]{2,24})。")


@dataclass(frozen=True, slots=True)
class Worded:
    """``heading`` without its stop; ``text``: the rest; ``departments`` as the source prints them, of its own level; ``left_out``:
    sentences of the source that point elsewhere in it and so are no part of the text.
    """

    heading: str
    text: str
    departments: tuple[str, ...]
    proofs: tuple[Proof, ...]
    marks: tuple[int, ...]
    left_out: tuple[str, ...] = ()


def worded(provision: Provision, sources: Sources, topic: str, own: bool, policy: bool = False) -> Worded:
    """``own``: the provision is of the drafting body's level, so that its departments are those of the draft; ``policy``: the
    draft calls itself 本政策 as its source does.
    """
    if provision.row:
        return _row(provision, sources)
    words = provision.words
    named = _NAME.match(words)
    name = named["name"] if named else provision.clause.heading
    heading = name if 2 <= len(name) <= LONGEST_HEADING and not name.startswith(("对", "凡")) else topic
    parts, proofs, left_out = [], [], []
    for at, span in enumerate(provision.spans):
        start = named.end() if named and at == 0 else 0
        for text, proof in _kept(provision, span, start, sources, own, policy):
            if proof:
                parts.append(text)
                proofs.append(proof)
            else:
                left_out.append(text)
    marks = tuple(dict.fromkeys(proof.mark for proof in proofs)) or (basis(provision, sources),)
    names = tuple(dict.fromkeys(d.name for d in provision.record.measure.departments)) if own else ()
    return Worded(heading, closed("".join(parts)), names, tuple(proofs), marks, tuple(left_out))


def _row(provision: Provision, sources: Sources) -> Worded:
    """A row of a table: its name, and what the columns behind the name say."""
    document, (span,) = provision.document, provision.spans
    said = provision.row.said(document.text) if provision.row else ()
    name = provision.record.measure.name
    at = next((n for n, part in enumerate(said) if part.endswith(f"：{name}")), -1)
    proof = sources.proof(document.id, span, span, ("原文",))
    text = "；".join("".join(part.split()) for part in said[at + 1 :])
    return Worded(name, closed(text), (), (proof,), (proof.mark,))


def basis(provision: Provision, sources: Sources) -> int:
    """Mark of the citation of the provision's own words."""
    return sources.mark(provision.document.id, provision.spans[-1])


def _kept(
    provision: Provision, span: Span, start: int, sources: Sources, own: bool, policy: bool
) -> Iterator[tuple[str, Proof | None]]:
    """The sentences that may stand outside of their file, each with its proof; those that may not without one. Departments are
    said apart.
    """
    document = provision.document
    words = without_departments(span.of(document.text))
    for found in sentences(words[start:]):
        text = "".join(found.of(words[start:]).split())
        if not text.strip("。；;"):
            continue
        if _POINTS_ELSEWHERE.search(text) or ("本政策" in text and not policy):
            yield text, None
            continue
        if not own and delegates(text):  # said to the drafting body, not by it
            continue
        at = Span(span.start + start + found.start, span.start + start + found.end)
        verdict = prove(text, provision.clause.text if provision.clause.span.contains(span) else words)
        if verdict.passed:
            yield text, sources.proof(document.id, span, at, verdict.checks)


def adopted(
    document_id: str, span: Span, pattern: re.Pattern[str], sources: Sources, whole: bool = False
) -> Worded | None:
    """A sentence that the pattern finds, for a fixed part of the draft; ``whole``: with the others of its clause that may stand
    outside of their file. ``None`` where that sentence itself may not.
    """
    document = sources.shelf.document(document_id)
    clause = sources.shelf.clause_at(document_id, span.start)
    words = without_departments(clause.text)
    parts, proofs = [], []
    short = whole and len(words) <= WHOLE_CLAUSE
    for found in sentences(words) if short else (_shifted(span, -clause.span.start),):
        said = found.of(words)
        text = _without_opening(said, clause)
        if text:
            at = trimmed(_shifted(found, clause.span.start), document.text)
            parts.append(text)
            proofs.append(sources.proof(document_id, at, at, ("原文",)))
    text = "".join(parts)
    if not pattern.search(text):
        return None
    return Worded(clause.heading, closed(text), (), tuple(proofs), tuple(dict.fromkeys(proof.mark for proof in proofs)))


def _without_opening(said: str, clause: Clause) -> str:
    """The sentence, or what follows its first parts where these point elsewhere; empty: not usable."""
    words = "".join(said.split()).removeprefix("".join(clause.marker.split()))
    name = f"{clause.heading}。"
    words = "" if words == name else words.removeprefix(name)
    pieces = re.split(r"(?<=[，；])", words)
    for first in range(len(pieces)):
        text = "".join(pieces[first:])
        unusable = not text.strip("。；") or _POINTS_ELSEWHERE.search(text) or _HANGS.match(text)
        unusable = unusable or (first and not _SUBJECT.match(text))
        if not unusable and prove(text, clause.text).passed:
            return text
    return ""


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def without_departments(text: str) -> str:
    """The text, as long as before, with the departments in brackets blanked out."""
    return _DEPARTMENTS.sub(lambda match: " " * len(match[0]), text)


def closed(text: str) -> str:
    """With a full stop at its end."""
    text = text.strip().rstrip("；;，,、")
    return text if not text or text.endswith(("。", "！", "？", "）", "】")) else f"{text}。"
