"""Document text as inert markup.

Documents are hostile input. ``escape`` turns every ASCII punctuation mark and line break into a numeric entity, so that
what it returns can neither become HTML nor Markdown (``1.``, ``*``, ``$…$``, links) nor a template (``{{…}}``, ``${…}``).
The pieces put together in this package contain no line break: in Markdown each is one HTML block, which nothing ends early.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from ingest.document import NO_NUMBER, Span

__all__ = ["NO_NUMBER", "badge", "escape", "marked", "original_link", "shorten"]

STATE_COLOURS = {
    "有效": "good",
    "尚未施行": "soon",
    "已修改": "warn",
    "部分失效": "warn",
    "已失效": "bad",
    "已废止": "bad",
}

_ACTIVE = re.compile(r"[!-/:-@\[-`{-~\n\t]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def escape(text: str) -> str:
    """Document text as HTML or Markdown source that shows exactly this text, in one line of source, and does nothing."""
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", _CONTROL.sub("", text))


def badge(state: str) -> str:
    """The 时效 of a file as a coloured word."""
    word = "时效未标明" if state == "未标明" else state
    return f'<span class="badge {STATE_COLOURS.get(state, "unknown")}">{escape(word)}</span>'


def marked(text: str, region: Span, quote: Span) -> str:
    """``region`` of ``text``, stripped at both ends and escaped, with the part of it that is in ``quote`` in <mark>."""
    inner = region.of(text)
    start = region.start + len(inner) - len(inner.lstrip())
    end = max(start, region.end - len(inner) + len(inner.rstrip()))
    left, right = min(max(quote.start, start), end), min(max(quote.end, start), end)
    if left >= right:
        return escape(text[start:end])
    return f"{escape(text[start:left])}<mark>{escape(text[left:right])}</mark>{escape(text[right:end])}"


def shorten(text: str, length: int) -> str:
    """At most ``length`` characters; a cut is shown as …"""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def original_link(document_id: str) -> str:
    """Link to the stored file on the page's server."""
    return f'<a class="original" href="/original/{quote(document_id, safe="")}" target="_blank" rel="noopener">打开原文件</a>'
