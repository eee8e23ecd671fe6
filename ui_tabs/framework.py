"""The tab 政策框架: the lineage of the files as a picture, one file in its parts, terms, what to read first, and a quiz.

Nothing is found before it is looked at: a view is made when its part of the tab is opened, and again when the library has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import MethodType
from typing import Any
from urllib.parse import unquote

import gradio as gr

from index.glossary import glossary
from ingest.errors import SettingsError
from qa.evidence import Shelf
from qa.export_tables import Table, excel
from qa.framework.changes import comparable, compare_files
from qa.framework.cited import cited_files
from qa.framework.explainer import explainer
from qa.framework.goals import goals
from qa.framework.graph import SHOWN, STEPS, graph, shown
from qa.framework.overview import overview
from qa.framework.quiz import quiz
from qa.framework.reading_path import reading_path
from qa.framework.responsibilities import responsibilities
from qa.framework.tables import duties_table, targets_table
from qa.framework.terms import file_terms, term_card
from qa.framework.timeline import library_timeline, timeline
from qa.render.changes import changes_html, comparable_html
from qa.render.explainer_picture import explainer_html
from qa.render.framework import (
    cited_files_html,
    events_html,
    goals_html,
    overview_html,
    reading_path_html,
    responsibilities_html,
    timeline_html,
)
from qa.render.lineage_picture import lineage_html
from qa.render.markup import shorten
from qa.render.quiz import quiz_html
from qa.render.terms import file_terms_html, term_html, terms_html
from ui_tabs.site import QUIET, SAME, Site, asset, card_box, download, readable

TAB = "framework"
LINEAGE, FILE, TERMS, ALL, QUIZ = "lineage", "file", "terms", "all", "quiz"  # the parts of the tab
LONGEST_NAME = 70  # characters of a title in a list
LONGEST_TERM = 50
NO_FILE = '<div class="empty"><b>一份文件</b><br>在上面选一份文件，或在关系图中点击它。</div>'
NO_CARD = '<div class="empty"><b>依据原文</b><br>点击图中的连线或各处的条款号，这里显示对应的原句。</div>'
UNREAD = '<div class="empty">正在读取…</div>'

Seen = dict[str, tuple[int, date]]  # by part of the tab, the state of the library that it shows
OfFile, OfLibrary = Callable[[Shelf, str], str], Callable[[Shelf], str]

FILE_VIEWS: dict[str, OfFile] = {
    "概览": lambda shelf, id_: overview_html(overview(shelf, id_)),
    "目标": lambda shelf, id_: goals_html(goals(shelf, id_)),
    "责任分工": lambda shelf, id_: responsibilities_html(responsibilities(shelf, id_)),
    "时间线": lambda shelf, id_: timeline_html(timeline(shelf, id_)),
    "一图读懂": lambda shelf, id_: explainer_html(explainer(shelf.library, id_, shelf.as_of)),
    "新旧对照": lambda shelf, id_: _likeliest(shelf, id_),
    "名词": lambda shelf, id_: file_terms_html(file_terms(shelf.library, id_, shelf.as_of)),
}
TABLE_VIEWS: dict[str, tuple[Callable[[Shelf, str], Any], Callable[[Any], Table]]] = {
    "目标": (goals, targets_table),
    "责任分工": (responsibilities, duties_table),
}
LIBRARY_VIEWS: dict[str, OfLibrary] = {
    "阅读顺序": lambda shelf: reading_path_html(reading_path(shelf)),
    "全部文件的时间线": lambda shelf: events_html(library_timeline(shelf), named=True),
    "引用而未收录的文件": lambda shelf: cited_files_html(cited_files(shelf)),
}


def _likeliest(shelf: Shelf, document_id: str) -> str:
    """What the file can be compared with, and the comparison with the first of them."""
    found = comparable(shelf.library, document_id)
    listed = comparable_html(found, document_id)
    if not found:
        return listed
    first = found[0]
    pair = (first.document_id, document_id) if first.older else (document_id, first.document_id)
    versions = (first.sha256, None) if first.older else (None, first.sha256)
    return listed + changes_html(compare_files(shelf.library, *pair, shelf.as_of, *versions))


def _is_new(site: Site, seen: Seen, part: str) -> bool:
    """Whether the part is to be made anew; notes that it is."""
    state = (site.library.status().last_change, date.today())
    known, seen[part] = seen.get(part), state
    return known != state


@readable
def open_tab(site: Site, seen: Seen, around: str, steps: int) -> tuple[Any, ...]:
    """The picture and the choices of files: ``seen``, picture, files to look around, files to look at."""
    seen = dict(seen)
    if not _is_new(site, seen, LINEAGE):
        return SAME, SAME, SAME, SAME
    files = [
        (shorten(f"{card.title}（{card.document_number or '文号未标明'}）", LONGEST_NAME), card.id)
        for card in site.library.documents()
    ]
    held = {id_ for _, id_ in files}
    around = around if around in held else ""
    everything = (f"全部文件（超过 {SHOWN} 份时，取关系最多的一份周围）", "")
    picture = _picture(site, around, steps)
    return seen, picture, gr.Dropdown(choices=[everything, *files], value=around), gr.Dropdown(choices=files)


@readable
def draw(site: Site, around: str | None, steps: int) -> str:
    """The picture of what is near a file; of the library where none is chosen."""
    return _picture(site, around or "", steps)


def _picture(site: Site, around: str, steps: int) -> str:
    today = date.today()
    return lineage_html(shown(site.library, graph(site.library, today), around or None, int(steps)))


@readable
def look(site: Site, document_id: str | None, view: str) -> str:
    """A view of one file."""
    return FILE_VIEWS[view](Shelf(site.library, date.today()), document_id) if document_id else NO_FILE


@readable
def export(site: Site, document_id: str | None, view: str) -> str:
    """The table of a view as a workbook for the browser to save."""
    if not document_id:
        raise SettingsError("还没有选择文件", "先选一份文件")
    find, made = TABLE_VIEWS[view]
    table = made(find(Shelf(site.library, date.today()), document_id))
    name = " ".join(site.library.card(document_id).title.split())[:LONGEST_NAME]
    return download(f"{table.title} {name}.xlsx", excel(table))


@readable
def study(site: Site, event: gr.EventData, view: str) -> tuple[Any, ...]:
    """The file of ``file-ID``, which was clicked on: chosen, shown, and its part of the tab."""
    document_id = site.library.card(unquote(str(event.link).removeprefix("file-"))).id
    return document_id, look(site, document_id, view), gr.Tabs(selected=FILE)


@readable
def surround(site: Site, document_id: str | None, steps: int) -> tuple[Any, ...]:
    """The file as the middle of the picture: chosen there, drawn, and the part of the tab."""
    if not document_id:
        raise SettingsError("还没有选择文件", "先选一份文件")
    return document_id, draw(site, document_id, steps), gr.Tabs(selected=LINEAGE)


@readable
def compare(site: Site, event: gr.EventData, document_id: str) -> str:
    """Two files side by side: ``changes-OLD/NEW``, of which either may be ``ID@SHA256``. The link quotes each id once more."""
    pair = str(event.link).removeprefix("changes-").split("/")
    if len(pair) != 2:
        raise SettingsError("这个比对的链接不完整", "请刷新页面后再点")
    (old, _, older), (new, _, newer) = (unquote(each).partition("@") for each in pair)
    made = compare_files(site.library, old, new, date.today(), older or None, newer or None)
    return comparable_html(comparable(site.library, document_id), document_id) + changes_html(made)


@readable
def open_terms(site: Site, seen: Seen, wanted: str) -> tuple[Any, ...]:
    """The list of terms, where the library has changed since it was made: ``seen``, list."""
    seen = dict(seen)
    return (seen, list_terms(site, wanted)) if _is_new(site, seen, TERMS) else (SAME, SAME)


@readable
def list_terms(site: Site, wanted: str) -> str:
    """Terms whose name has the words."""
    words = (wanted or "").lower().split()
    entries = glossary(site.library, as_of=date.today())
    return terms_html([entry for entry in entries if all(word in entry.name.lower() for word in words)])


@readable
def show_term(site: Site, event: gr.EventData) -> str:
    """The card of ``term-NAME``."""
    return term_html(term_card(site.library, str(event.link).removeprefix("term-"), as_of=date.today()))


@readable
def ask_term(site: Site, wanted: str) -> str:
    """The card of a term as somebody has written it, also where no file defines it."""
    if not wanted.strip():
        raise SettingsError("还没有写名词", "例如：双招双引")
    return term_html(term_card(site.library, wanted.strip()[:LONGEST_TERM], as_of=date.today()))


@readable
def open_all(site: Site, seen: Seen, view: str) -> tuple[Any, ...]:
    """A view of the library, where it has changed since: ``seen``, view."""
    seen = dict(seen)
    return (seen, overlook(site, view)) if _is_new(site, seen, ALL) else (SAME, SAME)


@readable
def overlook(site: Site, view: str) -> str:
    """A view of all files."""
    return LIBRARY_VIEWS[view](Shelf(site.library, date.today()))


@readable
def open_quiz(site: Site, seen: Seen, seed: int) -> tuple[Any, ...]:
    """Questions, where the library has changed since they were made: ``seen``, questions."""
    seen = dict(seen)
    return (seen, quiz_html(quiz(site.library, seed=seed))) if _is_new(site, seen, QUIZ) else (SAME, SAME)


@readable
def ask_others(site: Site, seed: int) -> tuple[int, str]:
    """Other questions."""
    return seed + 1, quiz_html(quiz(site.library, seed=seed + 1))


def tab(site: Site, bridge: gr.HTML, opened: gr.Tab) -> gr.HTML:
    """Lays the tab out; gives its evidence box. ``opened``: the tab itself, which loads the picture when it is chosen."""
    seen = gr.State({})
    saved = gr.Textbox(visible="hidden", show_label=False)
    with gr.Row(elem_id="framework-row"):
        with (
            gr.Column(scale=8, min_width=320),
            gr.Tabs(elem_id="framework-parts", selected=LINEAGE, overflow_behavior="wrap") as parts,
        ):
            with gr.Tab("关系图", id=LINEAGE) as of_lineage:
                around, steps, picture = _lineage_part()
            with gr.Tab("单份文件", id=FILE):
                file, view, whole, near, save = _file_part()
            with gr.Tab("名词", id=TERMS) as of_terms:
                wanted = gr.Textbox(
                    placeholder="输入名词筛选；按回车查它在各文件中的含义", show_label=False, container=False,
                    elem_id="terms-wanted", max_length=LONGEST_TERM,
                )  # fmt: skip
                terms = _shown("terms")
            with gr.Tab("全库一览", id=ALL) as of_all:
                overall = gr.Radio(
                    [*LIBRARY_VIEWS], value="阅读顺序", show_label=False, container=False, elem_id="overall"
                )
                overview_box = _shown("overall-view")
            with gr.Tab("小测验", id=QUIZ) as of_quiz:
                seed, again = gr.State(0), gr.Button("换一组题", elem_id="quiz-again", min_width=120)
                questions = _shown("quiz")
        with gr.Column(scale=4, min_width=320):
            card = card_box(NO_CARD, "framework-evidence")
    gr.on(
        [opened.select, of_lineage.select], MethodType(open_tab, site), [seen, around, steps],
        [seen, picture, around, file], **QUIET,
    )  # fmt: skip
    gr.on([around.input, steps.input], MethodType(draw, site), [around, steps], picture, **QUIET)
    gr.on([file.input, view.input], MethodType(look, site), [file, view], whole, **QUIET)
    view.change(lambda view: gr.Button(visible=view in TABLE_VIEWS), view, save, **QUIET)
    save.click(MethodType(export, site), [file, view], saved, **QUIET).success(
        None, saved, None, js="file => window.saveFile(file)", **QUIET
    )
    near.click(MethodType(surround, site), [file, steps], [around, picture, parts], **QUIET)
    bridge.retry(MethodType(study, site), view, [file, whole, parts], trigger_mode="always_last", **QUIET)
    bridge.undo(MethodType(compare, site), file, whole, **QUIET)
    bridge.tick(MethodType(show_term, site), None, card, trigger_mode="always_last", **QUIET)
    of_terms.select(MethodType(open_terms, site), [seen, wanted], [seen, terms], **QUIET)
    wanted.input(MethodType(list_terms, site), wanted, terms, trigger_mode="always_last", **QUIET)
    wanted.submit(MethodType(ask_term, site), wanted, card, **QUIET)
    of_all.select(MethodType(open_all, site), [seen, overall], [seen, overview_box], **QUIET)
    overall.input(MethodType(overlook, site), overall, overview_box, **QUIET)
    of_quiz.select(MethodType(open_quiz, site), [seen, seed], [seen, questions], **QUIET)
    again.click(MethodType(ask_others, site), seed, [seed, questions], **QUIET)
    return card


def _lineage_part() -> tuple[gr.Dropdown, gr.Radio, gr.HTML]:
    with gr.Row(elem_id="lineage-choice"):
        around = gr.Dropdown(
            [("全部文件", "")], value="", label="围绕哪份文件", elem_id="around", scale=4, min_width=200
        )
        steps = gr.Radio([1, STEPS, 3], value=STEPS, label="围绕时的步数", elem_id="steps", scale=2, min_width=230)
    return around, steps, _picture_box("lineage", UNREAD)


def _file_part() -> tuple[gr.Dropdown, gr.Radio, gr.HTML, gr.Button, gr.Button]:
    with gr.Row(elem_id="file-choice"):
        file = gr.Dropdown([], value=None, label="文件", elem_id="studied", scale=5, min_width=200)
        near = gr.Button("在关系图中查看", elem_id="near", scale=1, min_width=140)
        save = gr.Button("导出 Excel", visible=False, elem_id="save-table", scale=1, min_width=110)
    view = gr.Radio([*FILE_VIEWS], value="概览", show_label=False, container=False, elem_id="file-view")
    return file, view, _picture_box("whole", NO_FILE), near, save


def _picture_box(elem_id: str, nothing: str) -> gr.HTML:
    return gr.HTML(nothing, elem_id=elem_id, js_on_load=asset("graph.js"), apply_default_css=False)


def _shown(elem_id: str) -> gr.HTML:
    return gr.HTML(UNREAD, elem_id=elem_id, js_on_load=None, apply_default_css=False)
