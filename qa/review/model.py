"""What a review finds (审查意见)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ingest.document import PolicyDocument, Span
from qa.answer import Citation

# fair_competition 公平竞争 · basis 依据的效力 · number 文号 · claim 引用与原文不符 · missing 缺少要素 · conflict 与上级文件不一致 ·
# figures 正文与表格不一致
FindingKind = Literal["fair_competition", "basis", "number", "claim", "missing", "conflict", "figures"]
Severity = Literal["红", "黄", "提示"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence to look at. ``span``: in the reviewed document's text; ``None`` where something is absent from the whole.

    ``basis``: the rule's own basis as printed in its table; ``sources``: clauses of the library that it was compared with.
    ``rule``: id of the rule (FC01 …), empty for others. ``suggestion``: safer wording or the next step. Never 合法／违法.
    """

    kind: FindingKind
    severity: Severity
    name: str
    reason: str
    suggestion: str
    span: Span | None = None
    rule: str = ""
    basis: str = ""
    sources: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """``findings`` in the order of the text, those of the whole first."""

    document: PolicyDocument
    findings: tuple[Finding, ...]
    as_of: date
