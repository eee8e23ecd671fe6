"""An ``Answer`` as a turn of the conversation (HTML), as plain text to paste, and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from index.chunk import Hit
from qa.answer import Answer, Citation, Sentence
from qa.render.markup import NO_NUMBER, badge, escape

NO_ANSWER = "文件没有说明"
NEAREST = "最接近的条款（仅供参考，不作依据）"

_LINK = re.compile(r"(cite|near)-(\d{1,4})-(\d{1,4})")


def answer_html(answer: Answer, turn: int, complete: bool = True) -> str:
    """One turn (from 0) of the conversation, whole or still growing; a complete one ends with the day it holds for.

    Chips link to ``#cite-TURN-MARK``, those of the nearest clauses of a refusal to ``#near-TURN-MARK``.
    """
    by_mark = {c.mark: c for c in answer.citations}
    parts = [_sentence_html(sentence, turn, by_mark) for sentence in answer.sentences]
    if answer.abstained:
        parts = [_refusal_html(answer, turn, parts)]
    if complete:
        parts += [_sources_html(answer.citations, turn, "cite", "依据")] if answer.citations else []
        parts += [f'<p class="notice">{escape(notice)}</p>' for notice in answer.notices]
        parts += [_last_line_html(answer)]
    return f'<div class="answer">{"".join(parts)}</div>'


def citation_at(answers: Sequence[Answer], link: str) -> tuple[Answer, Citation] | None:
    """What ``cite-TURN-MARK`` or ``near-TURN-MARK`` names; ``None`` where there is no such thing."""
    match = _LINK.fullmatch(link)
    if not match or int(match[2]) >= len(answers):
        return None
    answer = answers[int(match[2])]
    citations = answer.citations if match[1] == "cite" else answer.nearest
    return next(((answer, c) for c in citations if c.mark == int(match[3])), None)


def _sentence_html(sentence: Sentence, turn: int, by_mark: dict[int, Citation]) -> str:
    chips, before = [], None
    for mark in dict.fromkeys(p.mark for p in sentence.proofs if p.mark in by_mark):
        citation = by_mark[mark]
        # Side by side, chips of one file print its number once.
        label = "" if citation.document_id == before else citation.document_number or NO_NUMBER
        chips.append(_chip(citation, turn, "cite", label))
        before = citation.document_id
    return f'<p class="{"framed" if sentence.framed else "proved"}">{escape(sentence.text)}{"".join(chips)}</p>'


def _chip(citation: Citation, turn: int, kind: str, label: str) -> str:
    return (
        f'<a class="{"cite" if kind == "cite" else "cite near"}" href="#{kind}-{turn}-{citation.mark}" title="{escape(citation.label)}">'
        f"[{citation.mark}]{' ' if label else ''}{escape(label)}</a>"
    )


def _sources_html(citations: Iterable[Citation], turn: int, kind: str, title: str) -> str:
    """One row a file, with its cited clauses."""
    files: dict[str, list[Citation]] = {}
    for citation in citations:
        files.setdefault(citation.document_id, []).append(citation)
    rows = "".join(f"<li>{_file_html(cited[0])}{_places_html(cited, turn, kind)}</li>" for cited in files.values())
    return f'<div class="sources"><b>{title}</b><ul>{rows}</ul></div>'


def _file_html(citation: Citation) -> str:
    return f"{escape(citation.source)} {badge(citation.validity)}"


def _places_html(citations: Sequence[Citation], turn: int, kind: str) -> str:
    chips = "".join(
        _chip(c, turn, kind, " · ".join(filter(None, (c.path, c.page and f"第{c.page}页", c.by_ocr and "待核对"))))
        for c in citations
    )
    return f'<div class="places">{chips}</div>'


def _refusal_html(answer: Answer, turn: int, sentences: Sequence[str]) -> str:
    gap = f"<p>{escape(answer.gap)}</p>" if answer.gap else ""
    nearest = _sources_html(answer.nearest, turn, "near", NEAREST) if answer.nearest else ""
    return f'<div class="refusal"><b>{NO_ANSWER}</b>{gap}{"".join(sentences)}</div>{nearest}'


def _last_line_html(answer: Answer) -> str:
    # The text to copy rides along unseen, because the page's sanitiser removes data attributes.
    return (
        f'<p class="as-of">时效以 {answer.as_of.isoformat()} 为准'
        f'<a class="copy" href="#copy" role="button">复制（含文号）</a></p>'
        f'<span class="copy-text">{escape(plain_text(answer))}</span>'
    )


def failure_html(message: str, hint: str) -> str:
    """An error that the user can mend, in the place of an answer."""
    return f'<div class="answer"><div class="failure"><b>{escape(message)}</b><p>{escape(hint)}</p></div></div>'


def plain_text(answer: Answer) -> str:
    """The answer to paste into a letter or a chat: sentences with marks, then every source with its file number."""
    lines = [f"问：{answer.question}", ""]
    if answer.abstained:
        lines.append(f"{NO_ANSWER}{'：' + answer.gap if answer.gap else ''}")
    for sentence in answer.sentences:
        lines.append(sentence.text + "".join(f"[{m}]" for m in dict.fromkeys(p.mark for p in sentence.proofs)))
    for heading, citations in (("依据：", answer.citations), (f"{NEAREST}：", answer.nearest)):
        if citations:
            lines += ["", heading, *(f"[{c.mark}] {c.label}（时效：{c.validity}）" for c in citations)]
    if answer.notices:
        lines += ["", *answer.notices]
    return "\n".join([*lines, "", f"时效以 {answer.as_of.isoformat()} 为准"])


def answer_dict(answer: Answer) -> dict[str, Any]:
    """The answer as JSON-ready values: dates ISO, spans ``{"start", "end"}``, every citation with its ``label``.

    ``path`` is called ``clause_path`` here: Gradio's client takes any object with a ``path`` for a file to download.
    """
    values = asdict(answer)
    values["as_of"] = answer.as_of.isoformat()
    for name in ("citations", "nearest"):
        values[name] = [_citation_dict(citation) for citation in getattr(answer, name)]
    values["text"] = plain_text(answer)
    return values


def _citation_dict(citation: Citation) -> dict[str, Any]:
    values = asdict(citation)
    path = values.pop("path")
    return {**values, "clause_path": path, "label": citation.label}


def hit_dict(hit: Hit) -> dict[str, Any]:
    """A hit as JSON-ready values."""
    return asdict(hit)
