"""Measures matched to a profile for terminals and programs: plain text and JSON-ready values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ingest.document import LEVEL_NAMES, PolicyDocument
from ingest.measures.model import FORM_NAMES
from qa.measure_words import called, source_of
from qa.render.matches import OUTCOME_WORDS, SIGNS, headline

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa import source
    from qa.matching import Decision, Match, Matches, NextQuestion
    from qa.matching.amount import Worked

    Documents = Mapping[str, PolicyDocument] | source.Documents


def matches_text(matches: Matches, following: NextQuestion | None, documents: Documents) -> str:
    """What a person reads on a terminal: those that apply, nearly apply or are open, each with decisions and source."""
    lines = [f"{word} {len(matches.of(outcome))} 项" for outcome, word in OUTCOME_WORDS.items()]
    parts = ["，".join(lines) + f"（时效以 {matches.as_of.isoformat()} 为准）"]
    if following:
        parts.append(f"下一个最有用的问题：{following.text}")
    for match in matches.current:
        if match.outcome != "does_not_apply":
            parts.append("\n".join(_match_lines(match, documents[match.record.card.id])))
    if matches.retold:
        parts.append(f"另有 {len(matches.retold)} 项是清单、解读等对上列条款的转述，未重复列出。")
    if matches.ended or matches.coming:
        parts.append(f"未列入：已失效或已废止的 {len(matches.ended)} 项，尚未施行的 {len(matches.coming)} 项。")
    if matches.elsewhere:
        parts.append(f"另有 {matches.elsewhere} 项属于其他地区。")
    parts.append("各项数额分别测算，不相加；最终以主管部门审核为准。")
    return "\n\n".join(parts)


def _match_lines(match: Match, document: PolicyDocument) -> Iterator[str]:
    measure, text = match.record.measure, document.text
    yield f"【{OUTCOME_WORDS[match.outcome]}】{called(measure, text)}  {headline(match)}"
    yield f"  出处：{source_of(match.record.card, document, measure.span)}"
    for decision in (*match.decisions, *match.general):
        yield f"  {SIGNS[decision.verdict]} {decision.need.name}：{decision.reason(text)}"
    for benefit in measure.benefits:
        yield f"  标准：{' '.join(benefit.span.of(text).split())}"
    for worked in filter(None, match.amounts):
        yield f"  {worked.sentence(text)}"
    yield f"  叠加：{match.stacking(text)}"
    for notice in match.notices:
        yield f"  提示：{notice}"


def matches_dict(matches: Matches, following: NextQuestion | None, documents: Documents) -> dict[str, Any]:
    """All groups. ``amount`` and ``most`` are in 元 as exact decimal text; ``null``: not known."""

    def group(found: tuple[Match, ...]) -> list[dict[str, Any]]:
        return [match_dict(match, documents[match.record.card.id]) for match in found]

    return {
        "as_of": matches.as_of.isoformat(),
        "matches": group(matches.current),
        "retold": group(matches.retold),
        "not_yet_in_force": group(matches.coming),
        "ended": group(matches.ended),
        "elsewhere": matches.elsewhere,
        "next_question": {"field": following.field, "text": following.text} if following else None,
    }


def match_dict(match: Match, document: PolicyDocument) -> dict[str, Any]:
    """One measure with every decision; spans count characters of the file's text."""
    record, text = match.record, document.text
    return {
        "measure_id": record.measure.id,
        "name": called(record.measure, text),
        "outcome": match.outcome,
        "source": source_of(record.card, document, record.measure.span),
        "document_id": record.card.id,
        "clause_id": record.measure.clause_id,
        "sha256": document.sha256,
        "level": record.card.level,
        "level_name": LEVEL_NAMES.get(record.card.level or ""),
        "region": record.card.region,
        "validity": record.status.state,
        "decisions": [_decision_dict(d, text) for d in (*match.decisions, *match.general)],
        "benefits": [
            {"type": b.type, "form": b.form, "form_name": FORM_NAMES[b.form], "quote": b.span.of(text).strip(), "amount": _worked_dict(w, text)}
            for b, w in zip(record.measure.benefits, match.amounts, strict=True)
        ],
        "stacking": match.stacking(text),
        "file_caps": list(match.file_caps(text)),
        "window": record.measure.window.span.of(text).strip() if record.measure.window else None,
        "departments": list(dict.fromkeys(d.name for d in record.measure.departments)),
        "notices": list(match.notices),
    }  # fmt: skip


def _decision_dict(decision: Decision, text: str) -> dict[str, Any]:
    span = decision.span
    return {
        "name": decision.need.name,
        "verdict": decision.verdict,
        "reason": decision.reason(text),
        "asks": decision.held.asks or None,
        "span": {"start": span.start, "end": span.end} if span else None,
    }


def _worked_dict(worked: Worked | None, text: str) -> dict[str, Any] | None:
    if worked is None:
        return None
    return {
        "value": None if worked.value is None else str(worked.value),
        "most": None if worked.most is None else str(worked.most),
        "per": worked.per or None,
        "formula": worked.formula(text),
        "assumed": list(worked.assumed),
        "missing": list(worked.missing),
        "sentence": worked.sentence(text),
    }
