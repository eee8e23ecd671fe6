"""What the handlers of every tab work with."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import gradio as gr

from index.card import DocumentCard
from index.library import Library
from ingest.document import PolicyDocument, Span
from ingest.errors import NotHeld, PolicyError, SettingsError
from ingest.sandbox import Sandbox
from ingest.validity import Status
from qa import render
from qa.answer import Citation
from qa.assistant import Assistant
from qa.endpoints import Endpoints
from qa.render.sources import check_of
from qa.source import cite, image_of

SAME = gr.skip()  # leaves a component as it is
QUIET = {"api_visibility": "private", "show_progress": "hidden"}  # of an event: no bar, no endpoint of its own

OLDER = "库内已有这份文件的新版本；这里显示的是所引用的旧版本，请以新版本为准。"
_SPAN = re.compile(r"span-(?P<start>\d{1,9})-(?P<end>\d{1,9})-(?P<version>[0-9a-f]{12})-(?P<document>.{1,200})")
_OPEN = re.compile(r"open-(?P<document>.{1,200})-(?P<start>\d{1,9})-(?P<end>\d{1,9})-(?P<check>[0-9a-f]{8})")

P, R = ParamSpec("P"), TypeVar("R")


@dataclass(frozen=True, slots=True)
class Site:
    """The library, who answers from it, and where pages are drawn."""

    library: Library
    assistant: Assistant
    sandbox: Sandbox

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(self.library, self.assistant)


def readable(handler: Callable[P, R]) -> Callable[P, R]:
    """Errors that the user can mend become a message on the page or in the API's reply, without a traceback in the log."""

    @wraps(handler)
    def guarded(*args: P.args, **named: P.kwargs) -> R:
        try:
            return handler(*args, **named)
        except PolicyError as error:
            text = f"{error}。{error.hint}" if error.hint else str(error)
            raise gr.Error(html.escape(text, quote=False), title="未完成", print_exception=False) from error

    return guarded


@cache
def asset(name: str) -> str:
    """Text of a file in ``ui_assets``."""
    return Path(__file__).parents[1].joinpath("ui_assets", name).read_text(encoding="utf-8").strip()


def download(name: str, content: bytes) -> str:
    """A file for the browser to save (``window.saveFile``): nothing of it stays on the server's disk."""
    return json.dumps({"name": name, "content": base64.b64encode(content).decode("ascii")})


def card_box(nothing: str, elem_id: str) -> gr.HTML:
    """A box for cards; ``nothing`` stands in it at first."""
    return gr.HTML(
        nothing, elem_id=elem_id, elem_classes="card-box", js_on_load=asset("card.js"), apply_default_css=False
    )


@readable
def show_span(site: Site, event: gr.EventData) -> tuple[str, str]:
    """The evidence card of ``span-START-END-VERSION-DOCUMENT``, for the box of either tab; of an older version it is said so.
    Raises gr.Error where the file, the version or the place is gone.
    """
    link = _SPAN.fullmatch(str(event.link))
    if link is None:
        raise SettingsError("这个出处的链接不完整", "请刷新页面后再点")
    library, card = site.library, site.library.card(link["document"])
    kept = next((v for v in library.versions(card.id) if v.sha256.startswith(link["version"])), None)
    if kept is None:
        raise NotHeld("出处所在的版本已不在库中", "请刷新页面，查看现在的版本")
    shown = _evidence(site, card, library.document(card.id, kept.sha256), Span(int(link["start"]), int(link["end"])))
    return shown, shown


@readable
def show_open(site: Site, event: gr.EventData) -> tuple[str, str]:
    """As ``show_span``, of ``open-DOCUMENT-START-END-CHECK``: in the newest version in which the cited words stand there."""
    link = _OPEN.fullmatch(str(event.link))
    if link is None:
        raise SettingsError("这个出处的链接不完整", "请刷新页面后再点")
    library, card = site.library, site.library.card(link["document"])
    span = Span(int(link["start"]), int(link["end"]))
    versions = (card.sha256, *(version.sha256 for version in reversed(library.versions(card.id))))
    for document in (library.document(card.id, sha256) for sha256 in dict.fromkeys(versions)):
        if check_of(span.of(document.text)) == link["check"]:
            shown = _evidence(site, card, document, span)
            return shown, shown
    raise NotHeld("出处所在的版本已不在库中", "请刷新页面，查看现在的版本")


def _evidence(site: Site, card: DocumentCard, document: PolicyDocument, span: Span) -> str:
    citation = _cited(card, site.library.validity(card.id, date.today()), document, span)
    image = image_of(site.library, site.sandbox, citation, document.sha256)
    shown = render.evidence_html(citation, document, image)
    older = f'<p class="notice">{OLDER}</p>' if document.sha256 != card.sha256 else ""
    return f"{older}{shown}"


def _cited(card: DocumentCard, status: Status, document: PolicyDocument, span: Span) -> Citation:
    """Words that go on into the items below their clause are cited as of that clause."""
    clause = next((c for c in document.clauses if c.span.start <= span.start < c.span.end), None)
    reach = max((c.span.end for c in (clause, *render.clauses_below(document, clause))), default=0) if clause else 0
    if clause is None or not span.start < span.end <= reach:
        raise NotHeld("文件里没有这处原文", "请刷新页面后再点")
    begun = cite(card, status, document, Span(span.start, min(span.end, clause.span.end)))
    return replace(begun, span=span, quote=span.of(document.text))
