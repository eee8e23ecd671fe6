"""What the handlers of every tab work with."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import gradio as gr

from index.library import Library
from ingest.document import Span
from ingest.errors import PolicyError
from ingest.sandbox import Sandbox
from qa import render
from qa.assistant import Assistant
from qa.endpoints import Endpoints
from qa.source import cite, image_of

SAME = gr.skip()  # leaves a component as it is
QUIET = {"api_visibility": "private", "show_progress": "hidden"}  # of an event: no bar, no endpoint of its own

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
    """The evidence card of ``span-START-END-MEASURE``, for the box of either tab. Raises gr.Error where the file is gone."""
    _, start, end, measure_id = str(event.link).split("-", 3)
    record = site.library.measure(measure_id)
    citation = cite(record.card, record.status, site.library.document(record.card.id), Span(int(start), int(end)))
    image = image_of(site.library, site.sandbox, citation)
    card = render.evidence_html(citation, site.library.document(record.card.id), image)
    return card, card
