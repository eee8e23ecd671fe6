"""The page (政策问答, 文件库; the other tabs in ``ui_tabs``) and its API: handlers and layout, no knowledge of policies. Run: ``python ui.py``.

Handlers are plain functions, which Gradio runs in threads; each takes the ``Site`` first. Whatever a file says reaches
the page through ``qa.render`` only.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by Gradio's import, which else calls home; exactly this word

import json
import socket
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any

import gradio as gr
import uvicorn
from rich.progress import Progress

from index.library import Library
from index.query import Filters
from ingest.corpus import SUFFIXES, FileReport
from ingest.document import LEVEL_NAMES
from ingest.errors import PolicyError, SettingsError
from ingest.limits import Limits
from ingest.sandbox import Sandbox
from ingest.settings import Settings
from qa import api, render
from qa.answer import Answer
from qa.assistant import Assistant
from qa.export import TITLE, exported
from qa.feedback import feedback_on
from qa.llm import language_model
from qa.openers import Openers
from qa.source import page_image, quoted_document
from ui_tabs import drafting, framework, matching, measures
from ui_tabs.site import QUIET, SAME, Site, asset, download, readable, show_open, show_span

if TYPE_CHECKING:
    from fastapi import FastAPI

CORPUS = Path(__file__).with_name("corpus")
ASKING_AT_ONCE = 20  # Gradio's own default is one at a time: the second reader would wait for the first
UPLOADS_CLEARED = (3600, 3600)  # seconds; the library keeps the original, this is only Gradio's copy of an upload

LEVELS = [("全部级别", ""), *((name, level) for level, name in LEVEL_NAMES.items())]
REGIONS, YEARS = [("全部地区", "")], [("全部年份", "")]
IN_FORCE = "有效,已修改,部分失效"  # a file that was changed still holds as a whole
VALIDITY = [
    ("全部时效", ""),
    ("现行有效", IN_FORCE),
    ("现行有效或未标明", f"{IN_FORCE},未标明"),
    ("已失效或已废止", "已失效,已废止"),
]

NO_CARD = '<div class="empty"><b>依据原文</b><br>点击回答中的文号，这里显示对应的条款、时效和原文页面。</div>'
NO_FILE = '<div class="empty"><b>文件详情</b><br>点击标题，这里显示文件信息和条款目录。</div>'
WAITING = '<div class="answer"><p class="notice">正在查找依据…</p></div>'
PROGRESS = gr.Progress()  # as a default value it asks Gradio for the progress bar of the event

Turns = tuple[Answer, ...]


def converse(
    site: Site, question: str, turns: Turns, level: str = "", region: str = "", year: str = "", validity: str = ""
) -> Iterator[tuple[Any, ...]]:
    """Yield messages, question box, turns and evidence card while the answer grows."""
    if not question.strip():
        return
    asked = [*messages(turns), {"role": "user", "content": render.escape(question)}]
    history = [(turn.question, turn.text) for turn in turns]
    yield [*asked, _reply(WAITING)], "", SAME, SAME
    try:
        for answer in site.assistant.stream(question, history, filters_chosen(level, region, year, validity)):
            yield [*asked, _reply(render.answer_html(answer, len(turns), complete=False))], SAME, SAME, SAME
    except PolicyError as error:
        yield [*asked, _reply(render.failure_html(str(error), error.hint))], question, SAME, SAME
        return
    turns = (*turns, answer)
    first = next(iter(answer.citations), None)
    card = render.evidence_html(first, quoted_document(site.library, answer, first)) if first else NO_CARD
    yield messages(turns), SAME, turns, card


def ask_example(site: Site, event: gr.EventData, turns: Turns) -> Iterator[tuple[Any, ...]]:
    """Ask the question of a door, in all files."""
    yield from converse(site, str(event.link), turns)


def welcome(openers: Openers) -> gr.Chatbot:
    """The empty conversation, with questions that the library answers as it is now."""
    return gr.Chatbot(placeholder=render.welcome_html(openers.now()))


def through(event: gr.EventData) -> gr.Tabs:
    """The tab behind a door: ``door-TAB``."""
    return gr.Tabs(selected=str(event.link).removeprefix("door-"))


def new_conversation() -> tuple[list[dict[str, str]], str, Turns, str]:
    """Forget the turns."""
    return [], "", (), NO_CARD


def messages(turns: Turns) -> list[dict[str, str]]:
    """The conversation as Gradio shows it."""
    shown = []
    for number, turn in enumerate(turns):
        shown += [{"role": "user", "content": render.escape(turn.question)}, _reply(render.answer_html(turn, number))]
    return shown


def _reply(markup: str) -> dict[str, str]:
    return {"role": "assistant", "content": markup}


def filters_chosen(level: str, region: str, year: str, validity: str) -> Filters:
    """The four boxes as filters; an empty value does not narrow."""
    return Filters(
        levels=(level,) if level else (),
        regions=(region,) if region else (),
        years=(int(year),) if year else (),
        validity=tuple(filter(None, validity.split(","))),
    )


def show_source(site: Site, event: gr.EventData, turns: Turns) -> Iterator[str]:
    """The evidence card of a chip: at once, and again with the page where the file is a PDF."""
    found = render.citation_at(turns, str(event.link))
    if found is None:
        yield render.failure_html("这条回答已不在会话中", "请重新提问")
        return
    document = quoted_document(site.library, *found)
    yield render.evidence_html(found[1], document)
    image = page_image(site.library, site.sandbox, *found)
    if image is not None:
        yield render.evidence_html(found[1], document, image)


def collection(site: Site, wanted: str = "") -> tuple[Any, ...]:
    """Head of the page, list of files narrowed to ``wanted``, choices of the region and year boxes."""
    today = date.today()
    files = [(card, site.library.validity(card.id, today)) for card in site.library.documents()]
    regions = sorted({card.region for card, _ in files if card.region})
    years = sorted({card.year for card, _ in files if card.year}, reverse=True)
    return (
        render.summary_html(files, today),
        render.files_html(files, wanted),
        gr.Dropdown(choices=[*REGIONS, *((region, region) for region in regions)]),
        gr.Dropdown(choices=[*YEARS, *((f"{year}年", str(year)) for year in years)]),
    )


@readable
def add_files(site: Site, paths: list[str] | None, wanted: str, progress: gr.Progress = PROGRESS) -> tuple[Any, ...]:
    """Take uploads in: the report, an empty upload box, then ``collection``."""
    if not paths:
        raise SettingsError("还没有选择文件", "先选择或拖入文件，再点开始入库")

    def on_file(report: FileReport, done: int, total: int) -> None:
        progress((done, total), desc=f"正在入库：{Path(report.path).name}", unit="个文件")

    def on_page(path: str, done: int, pages: int) -> None:
        progress((done, pages), desc=f"正在识别扫描页：{Path(path).name}", unit="页")

    progress(0, desc="正在入库")
    return render.report_html(site.library.add(paths, on_file, on_page).files), None, *collection(site, wanted)


@readable
def show_file(site: Site, event: gr.EventData) -> str:
    """Details of the file whose title was chosen."""
    document_id = str(event.link).removeprefix("file-")
    status = site.library.validity(document_id, date.today())
    return render.file_html(site.library.card(document_id), status, site.library.document(document_id))


@readable
def remove_file(site: Site, event: gr.EventData, wanted: str) -> tuple[Any, ...]:
    """Delete a file (the page has asked for confirmation): empty details, then ``collection``."""
    site.library.remove(str(event.link).removeprefix("remove-"))
    return NO_FILE, *collection(site, wanted)


@readable
def export(event: gr.EventData, turns: Turns) -> str:
    """The conversation as a file for the browser to save: JSON of name and Base64 content; links are ``export-SUFFIX``."""
    if not turns:
        raise SettingsError("还没有可以导出的问答", "先提一个问题")
    suffix = f".{str(event.link).removeprefix('export-')}"
    return download(f"{TITLE}{date.today():%Y%m%d}{suffix}", exported(turns, suffix))


@readable
def note(site: Site, event: gr.EventData, turns: Turns, request: gr.Request) -> str:
    """Keeps a verdict on an answer: the link ``verdict-VERDICT-TURN``, which is given back once it is kept."""
    _, verdict, turn = str(event.link).split("-")
    if int(turn) >= len(turns):
        raise SettingsError("这条回答已不在会话中", "请重新提问")
    site.library.note(feedback_on(turns[int(turn)], verdict, str(event.remark), str(request.session_hash)))
    return str(event.link)


@readable
def api_ask(site: Site, question: str, filters: dict[str, Any] | None = None) -> dict[str, Any]:
    """An ``Answer`` as JSON. ``filters``: levels, regions, years, validity, document_ids, each a list."""
    return site.endpoints.ask(question, (), filters)


@readable
def api_search(
    site: Site, question: str, filters: dict[str, Any] | None = None, limit: int = 20
) -> list[dict[str, Any]]:
    """Clauses found, best first; ``filters`` as for ``ask``."""
    return site.endpoints.search(question, filters, int(limit))


@readable
def api_files(site: Site) -> list[dict[str, Any]]:
    """Every file with its 时效 as of today."""
    return site.endpoints.files()


def layout(site: Site) -> gr.Blocks:
    """The tabs, their events and the three public endpoints."""
    openers = Openers(site.assistant)
    with gr.Blocks(title="文号 · 政策文件知识库", fill_width=True, delete_cache=UPLOADS_CLEARED) as page:
        summary = gr.HTML(elem_id="summary", js_on_load=None, apply_default_css=False)
        bridge = gr.HTML(elem_id="bridge", js_on_load=asset("bridge.js"), visible="hidden")
        with gr.Tabs(overflow_behavior="wrap") as tabs:
            with gr.Tab("政策问答"):
                chat, region, year = _question_tab(site, bridge, openers)
            with gr.Tab("政策匹配", id=matching.TAB):
                match_card, form = matching.tab(site, bridge)
            with gr.Tab("支持措施", id=measures.TAB):
                measure_card, refresh, narrowing, listed = measures.tab(site, bridge, tabs)
            with gr.Tab("起草与审查", id=drafting.TAB):
                draft_card = drafting.tab(site, bridge)
            with gr.Tab("政策框架", id=framework.TAB) as of_framework:
                framework_card = framework.tab(site, bridge, of_framework)
            with gr.Tab("文件库"):
                shown = _files_tab(site, bridge, [summary, region, year])
        for opened, card_of, cards in (
            (bridge.edit, show_span, [match_card, measure_card]),
            (bridge.option_select, show_open, [draft_card, framework_card]),
        ):
            opened(MethodType(card_of, site), None, cards, trigger_mode="always_last", **QUIET)
        bridge.release(through, None, tabs, **QUIET)
        page.load(MethodType(collection, site), None, shown, **QUIET)
        summary.change(MethodType(welcome, openers), None, chat, **QUIET)
        summary.change(MethodType(matching.choices, site), None, form, **QUIET)
        summary.change(refresh, narrowing, listed, **QUIET)
        for name, endpoint in (("ask", api_ask), ("search", api_search), ("files", api_files)):
            gr.api(MethodType(endpoint, site), api_name=name, concurrency_limit=ASKING_AT_ONCE)
    return page.queue(max_size=200)


def _question_tab(site: Site, bridge: gr.HTML, openers: Openers) -> tuple[gr.Chatbot, gr.Dropdown, gr.Dropdown]:
    turns = gr.State(())
    with gr.Row(elem_id="question-row"):
        with gr.Column(scale=6, min_width=320):
            chat = gr.Chatbot(
                elem_id="chat", show_label=False, layout="panel", buttons=[], feedback_options=None, allow_tags=False,
                latex_delimiters=[], autoscroll=False, placeholder=render.welcome_html(openers.now()),
            )  # fmt: skip
            with gr.Row(elem_id="ask-row", equal_height=True):
                question = gr.Textbox(
                    elem_id="question", show_label=False, container=False, scale=8, placeholder="输入问题，按回车发送",
                    max_lines=4, max_length=500, autofocus=True,
                )  # fmt: skip
                send = gr.Button("发送", variant="primary", scale=1, min_width=80, elem_id="send")
                clear = gr.Button("新对话", scale=1, min_width=80, elem_id="new")
            with gr.Row(elem_id="filters"):
                level, region = _filter("level", "级别", LEVELS), _filter("region", "地区", REGIONS)
                year, validity = _filter("year", "年份", YEARS), _filter("validity", "时效", VALIDITY)
            gr.HTML(asset("export.html"), elem_id="export", js_on_load=None, apply_default_css=False)
        with gr.Column(scale=5, min_width=320):
            card = gr.HTML(NO_CARD, elem_id="evidence", js_on_load=asset("card.js"), apply_default_css=False)
    everything = [chat, question, turns, card]
    asking = {"outputs": everything, "concurrency_limit": ASKING_AT_ONCE, "concurrency_id": "ask", **QUIET}
    inputs = [question, turns, level, region, year, validity]
    typed = gr.on([question.submit, send.click], MethodType(converse, site), inputs, **asking)
    chosen = bridge.submit(MethodType(ask_example, site), turns, **asking)
    gr.on([clear.click, chat.clear], new_conversation, None, everything, cancels=[typed, chosen], queue=False, **QUIET)
    bridge.click(MethodType(show_source, site), turns, card, trigger_mode="always_last", **QUIET)
    saved, noted = (gr.Textbox(visible="hidden", show_label=False) for _ in range(2))
    bridge.download(export, turns, saved, **QUIET).success(
        None, saved, None, js="file => window.saveFile(file)", **QUIET
    )
    kept = bridge.like(MethodType(note, site), turns, noted, trigger_mode="multiple", **QUIET)
    kept.success(None, noted, None, js="link => window.markVerdict(link)", **QUIET)
    return chat, region, year


def _filter(name: str, label: str, choices: list[tuple[str, str]]) -> gr.Dropdown:
    return gr.Dropdown(choices, value="", label=label, elem_id=f"filter-{name}", min_width=110, filterable=False)


def _files_tab(site: Site, bridge: gr.HTML, elsewhere: list[gr.components.Component]) -> list[gr.components.Component]:
    limit = Limits().input_bytes // 2**20
    with gr.Accordion("添加文件", open=False, elem_id="add"):
        gr.HTML(f'<p class="count">PDF、图片、OFD、Word、Excel、PPTX、网页、文本和 ZIP，每个不超过 {limit} MB。</p>')
        uploads = gr.File(file_count="multiple", file_types=SUFFIXES, elem_id="uploads", height=140, show_label=False)
        add = gr.Button("开始入库", variant="primary", elem_id="add-files")
        report = gr.HTML(elem_id="report", js_on_load=None, apply_default_css=False)
    with gr.Row(elem_id="files-row"):
        with gr.Column(scale=7, min_width=320):
            wanted = gr.Textbox(
                placeholder="按文号、标题、机关查找", elem_id="wanted", show_label=False, container=False
            )
            files = gr.HTML(elem_id="files", js_on_load=None, apply_default_css=False)
        with gr.Column(scale=4, min_width=320):
            details = gr.HTML(NO_FILE, elem_id="details", js_on_load=asset("card.js"), apply_default_css=False)
    shown = [elsewhere[0], files, *elsewhere[1:]]
    taken = [report, uploads, *shown]
    add.click(MethodType(add_files, site), [uploads, wanted], taken, api_visibility="private", show_progress_on=uploads)
    wanted.change(MethodType(collection, site), wanted, shown, **QUIET)
    bridge.select(MethodType(show_file, site), None, details, **QUIET)
    bridge.delete(MethodType(remove_file, site), wanted, [details, *shown], **QUIET)
    return shown


def build(library: Library, assistant: Assistant) -> "FastAPI":
    """The web application. ``library`` must stay open while it runs."""
    site = Site(library, assistant, Sandbox())

    app = api.application(site.endpoints, json.loads(asset("headers.json")), site.sandbox)
    return gr.mount_gradio_app(
        app, layout(site), path="/", css=asset("page.css"), head=asset("head.html"),
        i18n=gr.I18n(**dict.fromkeys(("en", "zh-CN"), json.loads(asset("words.json")))),
        max_file_size=Limits().input_bytes, footer_links=[], run_history=False, show_error=False,
    )  # fmt: skip


def first_run(library: Library, corpus: Path = CORPUS) -> None:
    """Fill an empty library with the sample files, with a progress bar on the terminal."""
    if library.documents() or not corpus.is_dir():
        return
    with Progress() as bar:
        task = bar.add_task("正在建立文件库", total=None)
        report = library.add([corpus], lambda _, done, total: bar.update(task, completed=done, total=total))
    print(f"已入库 {len(report.added)} 份文件，{len(report.failed)} 份未入库。")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises SettingsError where the address cannot be had."""
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        hint = f"换一个端口：wenhao serve --port {port + 1}"
        raise SettingsError(f"{host}:{port} 已被占用，或不可用", hint) from error


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page until interrupted; an open page has 3 s to leave. Raises PolicyError where it cannot start."""
    with listen(host, port) as listener, Library.open(settings) as library:
        first_run(library)
        assistant = Assistant(library, language_model(settings))
        assistant.warm_up()
        config = uvicorn.Config(build(library, assistant), log_level="warning", timeout_graceful_shutdown=3)
        print(f"文号已启动：http://{host}:{port} （按 Ctrl+C 停止）", flush=True)
        uvicorn.Server(config).run(sockets=[listener])


def main() -> None:
    """Serve with the settings of the environment."""
    try:
        serve(Settings.from_environment())
    except PolicyError as error:
        sys.exit(f"{error}\n{error.hint}")


if __name__ == "__main__":
    main()
