"""An ``Answer`` as a turn of the conversation (HTML), as plain text to paste, and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from index.chunk import Hit
from qa.answer import Answer, Citation, Sentence, Usage
from qa.render.markup import NO_NUMBER, badge, escape

NO_ANSWER = "文件没有说明"
NEAREST = "最接近的条款（仅供参考，不作依据）"
CONTACT = "可咨询（文件原文）"

_LINK = re.compile(r"(cite|near)-(\d{1,4})-(\d{1,4})")


def answer_html(answer: Answer, turn: int, complete: bool = True) -> str:
    """One turn (from 0) of the conversation, whole or still growing; a complete one ends with the day it holds for.

    Chips link to ``#cite-TURN-MARK``, those of the nearest clauses of a refusal to ``#near-TURN-MARK``.
    """
    by_mark = {c.mark: c for c in answer.citations}
    parts = [
        _group_html(group, "".join(_sentence_html(sentence, turn, by_mark) for sentence in said))
        for group, said in groupby(answer.sentences, key=lambda sentence: sentence.group)
    ]
    if answer.abstained:
        parts = [_refusal_html(answer, turn, parts)]
    if complete:
        parts += [_sources_html(answer.citations, turn, "cite", "依据")] if answer.citations else []
        parts += [f'<p class="notice">{escape(notice)}</p>' for notice in answer.notices]
        parts += [f'<p class="notice">{escape(line)}</p>' for line in (model_text(answer),) if line]
        parts += [_last_line_html(answer, turn)]
    return f'<div class="answer">{"".join(parts)}</div>'


def citation_at(answers: Sequence[Answer], link: str) -> tuple[Answer, Citation] | None:
    """What ``cite-TURN-MARK`` or ``near-TURN-MARK`` names; ``None`` where there is no such thing."""
    match = _LINK.fullmatch(link)
    if not match or int(match[2]) >= len(answers):
        return None
    answer = answers[int(match[2])]
    near = (*answer.nearest, *filter(None, [answer.contact]))
    citations = answer.citations if match[1] == "cite" else near
    return next(((answer, c) for c in citations if c.mark == int(match[3])), None)


def _group_html(group: str, said: str) -> str:
    """What a comparison says of one level or file, beside its name."""
    return f'<div class="compared"><b>{escape(group)}</b><div>{said}</div></div>' if group else said


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
    if answer.contact:
        chip = _chip(answer.contact, turn, "near", answer.contact.document_number or NO_NUMBER)
        nearest += f'<p class="contact">{CONTACT}：{escape(answer.contact.quote)}{chip}</p>'
    return f'<div class="refusal"><b>{NO_ANSWER}</b>{gap}{"".join(sentences)}</div>{nearest}'


def _last_line_html(answer: Answer, turn: int) -> str:
    verdicts = "".join(
        f'<a class="verdict" href="#verdict-{verdict}-{turn}" role="button">{name}</a>'
        for verdict, name in (("right", "对"), ("wrong", "不对"), ("missing", "没答全"))
    )
    # The text to copy rides along unseen, because the page's sanitiser removes data attributes.
    return (
        f'<p class="as-of">时效以 {answer.as_of.isoformat()} 为准'
        f'<a class="copy" href="#copy" role="button">复制（含文号）</a>'
        f'<span class="verdicts"><span role="status">这条回答</span>{verdicts}</span></p>'
        f'<span class="copy-text">{escape(plain_text(answer))}</span>'
    )


def failure_html(message: str, hint: str) -> str:
    """An error that the user can mend, in the place of an answer."""
    return f'<div class="answer"><div class="failure"><b>{escape(message)}</b><p>{escape(hint)}</p></div></div>'


def refusal_text(answer: Answer) -> str:
    """That the files do not say, and what is missing."""
    return f"{NO_ANSWER}{'：' + answer.gap if answer.gap else ''}"


def sentence_text(sentence: Sentence) -> str:
    """The sentence with its marks, in a comparison after what it speaks of: ``市级：……最高200万元。[1][2]``."""
    return (
        f"{sentence.group}：" * bool(sentence.group)
        + sentence.text
        + "".join(f"[{m}]" for m in dict.fromkeys(p.mark for p in sentence.proofs))
    )


def body_text(answer: Answer) -> str:
    """What the answer says, with marks, without its sources."""
    said = [refusal_text(answer)] if answer.abstained else []
    return "\n".join([*said, *map(sentence_text, answer.sentences)])


def plain_text(answer: Answer) -> str:
    """The answer to paste into a letter or a chat: sentences with marks, then every source with its file number."""
    lines = [f"问：{answer.question}", "", body_text(answer)]
    for heading, citations in (("依据：", answer.citations), (f"{NEAREST}：", answer.nearest)):
        if citations:
            lines += ["", heading, *(f"[{c.mark}] {c.label}（时效：{c.validity}）" for c in citations)]
    if answer.contact:
        lines += ["", f"{CONTACT}：{answer.contact.quote}[{answer.contact.mark}] {answer.contact.label}"]
    if answer.notices:
        lines += ["", *answer.notices]
    return "\n".join([*lines, "", *filter(None, [model_text(answer)]), f"时效以 {answer.as_of.isoformat()} 为准"])


def model_text(answer: Answer) -> str:
    """Which model worded the answer, how long it took, and the tokens that its server counted; empty without a model."""
    if answer.model is None and answer.usage is None:
        return ""
    counts = answer.usage or Usage()
    told = [
        f"{name} {count}"
        for name, count in (("输入", counts.prompt_tokens), ("输出", counts.completion_tokens))
        if count is not None
    ]
    by = f"由模型 {answer.model} 组织语句，逐句核对" if answer.model else "模型的回答未采用"
    return f"{by}；用时 {answer.seconds:.1f} 秒；词元：{'、'.join(told) or '服务器未报告'}"


def answer_dict(answer: Answer) -> dict[str, Any]:
    """The answer as JSON-ready values: dates ISO, spans ``{"start", "end"}``, every citation with its ``label``.

    ``path`` is called ``clause_path`` here: Gradio's client takes any object with a ``path`` for a file to download.
    """
    values = asdict(answer)
    values["as_of"] = answer.as_of.isoformat()
    for name in ("citations", "nearest"):
        values[name] = [_citation_dict(citation) for citation in getattr(answer, name)]
    values["contact"] = _citation_dict(answer.contact) if answer.contact else None
    values["text"] = plain_text(answer)
    return values


def _citation_dict(citation: Citation) -> dict[str, Any]:
    values = asdict(citation)
    path = values.pop("path")
    return {**values, "clause_path": path, "label": citation.label}


def hit_dict(hit: Hit) -> dict[str, Any]:
    """A hit as JSON-ready values."""
    return asdict(hit)
