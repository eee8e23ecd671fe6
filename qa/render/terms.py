"""Terms for people and programs: what each file says, with its source; the general gloss apart and marked as none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from index.general_terms import GENERAL_SOURCE
from qa.render.markup import escape, shorten
from qa.render.sources import source_dict, source_html, source_link, source_text

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from index.glossary import Entry, General
    from qa.framework.terms import FileTerms, Meaning, TermCard, Unexplained

UNDEFINED = "库内文件没有写明这一说法的含义。"
SHORT_NAME = "简称，括号前的文字是它的全称，不是定义"
USED = "用到但没有写明含义的文件"
UNEXPLAINED = "文中用到、没有写明含义的说法"
NOT_CARRIED_OVER = "各文件的说法只对该文件有效，不相互套用。"
ONLY_FIGURES = "通用解释涉及具体数字，请以文件原文为准。"
_LISTED = 500  # terms of one list


def terms_html(entries: Sequence[Entry]) -> str:
    """The list of terms; names link to ``#term-NAME``."""
    if not entries:
        return '<div class="empty">这些文件里没有找到写明含义的名词。</div>'
    rows = "".join(
        f'<tr><td class="title"><a class="file" href="#term-{quote(entry.name, safe="")}">{escape(entry.name)}</a></td>'
        f"<td>{len(entry.definitions)}</td><td>{len(entry.short_names)}</td><td>{'有' if entry.general else ''}</td></tr>"
        for entry in entries[:_LISTED]
    )
    more = f"，这里显示前 {_LISTED} 个，可用筛选缩小范围" if len(entries) > _LISTED else ""
    return (
        f'<p class="count">共 {len(entries)} 个{more}。{NOT_CARRIED_OVER}</p><table class="files terms"><thead><tr>'
        '<th scope="col">名词</th><th scope="col">写明含义（处）</th><th scope="col">用作简称（处）</th>'
        f'<th scope="col">通用解释</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def term_html(card: TermCard) -> str:
    """One term: the defining sentence of each file, short names, files that do not say, and the general gloss."""
    parts = [
        f'<article class="evidence term" tabindex="-1" aria-label="名词"><h3>{escape(card.name)}</h3>',
        "".join(map(_meaning_html, card.definitions)) or f'<p class="unstated">{UNDEFINED}</p>',
        _section(SHORT_NAME, "".join(map(_meaning_html, card.short_names))),
    ]
    if card.uses:
        more = f"<li>另有 {card.more_uses} 份</li>" if card.more_uses else ""
        uses = "".join(f"<li>{escape(shorten(use.quote, 80))} {source_html(use)}</li>" for use in card.uses)
        parts.append(_section(f"{USED}（{len(card.uses) + card.more_uses}）", f"<ul>{uses}{more}</ul>"))
    parts += [general_html(card.general), f'<p class="notice">{NOT_CARRIED_OVER}</p></article>']
    return "".join(parts)


def file_terms_html(terms: FileTerms) -> str:
    """The terms of one file: defined, short names, and used without a definition."""
    defined = "".join(map(_meaning_html, terms.definitions)) or '<p class="unstated">文中没有写明含义的名词。</p>'
    unexplained = "".join(map(_unexplained_html, terms.unexplained))
    return (
        f'<div class="terms">{defined}{_section(SHORT_NAME, "".join(map(_meaning_html, terms.short_names)))}'
        f"{_section(UNEXPLAINED, f'<ul>{unexplained}</ul>' if unexplained else '')}</div>"
    )


def general_html(general: General | None) -> str:
    """The general gloss in a box of its own, which says that it is no text of a file."""
    if general is None:
        return ""
    return (
        f'<aside class="general"><b>{_general_head(general)}</b><p>{escape(general.text or ONLY_FIGURES)}</p></aside>'
    )


def _general_head(general: General) -> str:
    return f"{GENERAL_SOURCE}{'' if general.verified or general.is_local else '（未经核对）'}"


def _meaning_html(meaning: Meaning) -> str:
    sentence = meaning.citation.quote
    at = sentence.find(meaning.meaning)
    said = meaning.meaning if at >= 0 else ""
    before, after = (sentence[:at], sentence[at + len(said) :]) if said else (sentence, "")
    items = "".join(f"<li>{escape(item.quote)} {source_link(item, '出处')}</li>" for item in meaning.items)
    return (
        f'<section class="meaning"><h4>{escape(meaning.name)}</h4>'
        f"<blockquote>{escape(before)}<mark>{escape(said)}</mark>{escape(after)}"
        f"{f'<ol>{items}</ol>' if items else ''}</blockquote>{source_html(meaning.citation)}</section>"
    )


def _unexplained_html(found: Unexplained) -> str:
    elsewhere = "、".join(escape(title) for _, title in found.defined_in)
    told = f"<small>其他文件自己的定义（不套用）：{elsewhere}</small>" if elsewhere else ""
    return f"<li><b>{escape(found.name)}</b> {source_html(found.citation)}{told}{general_html(found.general)}</li>"


def _section(head: str, body: str) -> str:
    return f"<section><h4>{head}</h4>{body}</section>" if body else ""


def terms_text(entries: Sequence[Entry]) -> str:
    """The names, each with the number of places that say what it means, or whose short name it is."""
    lines = [f"共 {len(entries)} 个。{NOT_CARRIED_OVER}"]
    for entry in entries:
        counts = (("写明含义", len(entry.definitions)), ("用作简称", len(entry.short_names)))
        lines.append(f"  {entry.name}：{'，'.join(f'{name} {count} 处' for name, count in counts if count)}")
    return "\n".join(lines)


def term_text(card: TermCard) -> str:
    """What a person reads on a terminal."""
    lines = [card.name, *(line for meaning in card.definitions for line in _meaning_text(meaning))]
    lines += [] if card.definitions else [f"  {UNDEFINED}"]
    if card.short_names:
        lines += [f"{SHORT_NAME}：", *(line for meaning in card.short_names for line in _meaning_text(meaning))]
    if card.uses:
        lines += [f"{USED}（{len(card.uses) + card.more_uses}）：", *(f"  {source_text(use)}" for use in card.uses)]
    return "\n".join([*lines, *_general_text(card.general), NOT_CARRIED_OVER])


def file_terms_text(terms: FileTerms) -> str:
    """The terms of one file on a terminal."""
    lines = [line for meaning in terms.definitions for line in _meaning_text(meaning)] or ["文中没有写明含义的名词。"]
    if terms.short_names:
        lines += [f"{SHORT_NAME}：", *(line for meaning in terms.short_names for line in _meaning_text(meaning))]
    if terms.unexplained:
        lines.append(f"{UNEXPLAINED}：")
        for found in terms.unexplained:
            elsewhere = "、".join(title for _, title in found.defined_in)
            lines += [f"  {found.name}　{found.citation.path or '正文'}", *_general_text(found.general)]
            lines += [f"    其他文件自己的定义（不套用）：{elsewhere}"] if elsewhere else []
    return "\n".join(lines)


def _meaning_text(meaning: Meaning) -> Iterator[str]:
    yield f"  {meaning.name}：{' '.join(meaning.citation.quote.split())}"
    yield from (f"    {' '.join(item.quote.split())}" for item in meaning.items)
    yield f"    —— {source_text(meaning.citation)}"


def _general_text(general: General | None) -> Iterator[str]:
    if general:
        yield f"  【{_general_head(general)}】{general.text or ONLY_FIGURES}"


def term_dict(card: TermCard) -> dict[str, Any]:
    """JSON-ready values."""
    return {
        "name": card.name,
        "definitions": [_meaning_dict(meaning) for meaning in card.definitions],
        "short_names": [_meaning_dict(meaning) for meaning in card.short_names],
        "uses": [source_dict(use) for use in card.uses],
        "more_uses": card.more_uses,
        "general": _general_dict(card.general),
    }


def file_terms_dict(terms: FileTerms) -> dict[str, Any]:
    """JSON-ready values."""
    return {
        "definitions": [_meaning_dict(meaning) for meaning in terms.definitions],
        "short_names": [_meaning_dict(meaning) for meaning in terms.short_names],
        "unexplained": [
            {
                "name": found.name,
                "source": source_dict(found.citation),
                "general": _general_dict(found.general),
                "defined_in": [{"document_id": id_, "title": title} for id_, title in found.defined_in],
            }
            for found in terms.unexplained
        ],
    }


def terms_dict(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The list as JSON-ready values."""
    return [
        {
            "name": e.name,
            "definitions": len(e.definitions),
            "short_names": len(e.short_names),
            "general": bool(e.general),
        }
        for e in entries
    ]


def _meaning_dict(meaning: Meaning) -> dict[str, Any]:
    return {
        "name": meaning.name,
        "kind": meaning.kind,
        "meaning": meaning.meaning,
        "source": source_dict(meaning.citation),
        "items": [source_dict(item) for item in meaning.items],
    }


def _general_dict(general: General | None) -> dict[str, Any] | None:
    if general is None:
        return None
    return {
        "source": GENERAL_SOURCE,
        "name": general.name,
        "text": general.text,
        "is_local": general.is_local,
        "verified": general.verified,
    }
