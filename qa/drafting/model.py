"""The draft (稿件) as every face, the review and the Word export see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.answer import Citation, Proof

DraftKind = Literal["measures", "plan", "individual", "request", "agreement", "basis_list"]
KIND_NAMES: dict[str, str] = {
    "measures": "若干政策措施",
    "plan": "实施方案",
    "individual": "个性化扶持政策（一企一策）建议稿",
    "request": "一事一议请示",
    "agreement": "投资协议扶持条款",
    "basis_list": "政策依据清单",
}

# fixed: our own words, which state no fact of a file; given: the drafter's own; source: worded from the cited clauses;
# open: 【待定】 or 【待补依据】 stands in it; edited: changed by a person since.
Origin = Literal["fixed", "given", "source", "open", "edited"]
UNDECIDED, NO_BASIS = "【待定】", "【待补依据】"


@dataclass(frozen=True, slots=True)
class Remark:
    """What the drafter should look at in a paragraph (exceeds a higher file, delegated to this level …), with the texts it compares."""

    kind: Literal["exceeds", "contradicts", "delegated", "ended", "not_in_force", "no_basis", "left_out"]
    text: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``level`` 0: body text; 1–4: heading of 一、（一）1.（1）, whose number is set when it is shown. ``id`` is stable while the
    draft is edited. ``marks`` name ``Draft.citations``; a figure of a ``source`` paragraph stands in one of ``proofs``.
    """

    id: str
    text: str
    level: int = 0
    origin: Origin = "fixed"
    marks: tuple[int, ...] = ()
    proofs: tuple[Proof, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: ``rows`` of as many cells as ``heads``; ``row_marks[i]``: citations of row i."""

    id: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_marks: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """``status``: the words that stand centred below the title (征求意见稿, 建议稿). ``citations`` are numbered from 1, each with its validity on
    ``as_of``. ``addressee``: 主送机关 of a 请示. ``notices``: remarks on how it was made.
    """

    kind: DraftKind
    title: str
    blocks: tuple[Paragraph | Grid, ...]
    citations: tuple[Citation, ...]
    as_of: date
    status: str = "征求意见稿"
    addressee: str = ""
    notices: tuple[str, ...] = ()
