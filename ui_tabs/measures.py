"""The tab 支持措施: all measures with filters, a picture of them, the calendar, one measure field by field, and the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from types import MethodType
from typing import Any

import gradio as gr

from index.library import Library
from index.measures import MeasureRecord
from index.query import NO_FILTERS, Filters, understand
from ingest.document import LEVEL_NAMES, PolicyDocument
from ingest.errors import SettingsError
from ingest.measures.model import BENEFIT_TYPES
from qa import render
from qa.export_tables import comparison_table, exported_table
from qa.matching.places import regions_of
from qa.measure_fields import correctable, read_as
from qa.measure_search import ENDED, comparison_of, measure_meant
from qa.render.measures import MEASURES_SHOWN
from qa.source import Documents
from ui_tabs.site import QUIET, Site, card_box, download, readable

NO_MEASURE = '<div class="empty"><b>措施详情</b><br>点击措施名称，这里逐项显示读出的内容和出处。</div>'
NO_SOURCE = '<div class="empty"><b>依据原文</b><br>点击“出处”，这里显示对应的条款。</div>'
NOTHING_FITS, NOT_NAMED = "没有符合条件的支持措施。", "名称、文件和文号里没有这些字，按回车按意思查找。"
TAB = "measures"
SEARCHED, MAX_WANTED = 20, 100  # clauses that a search of the list adds; characters of what is searched


def listed(site: Site, wanted: str | None, level: str, region: str, kind: str, ended: bool) -> tuple[Any, ...]:
    """The list, the picture and the calendar, narrowed, also by the meaning of ``wanted``; choices of the region box."""
    return _view(site, wanted, level, region, kind, ended, by_meaning=True)


def typed(site: Site, wanted: str | None, level: str, region: str, kind: str, ended: bool) -> tuple[Any, ...]:
    """As ``listed``, while somebody is writing: by names and numbers alone."""
    return _view(site, wanted, level, region, kind, ended, by_meaning=False)


def _view(
    site: Site, wanted: str | None, level: str, region: str, kind: str, ended: bool, by_meaning: bool
) -> tuple[Any, ...]:
    filters = Filters(levels=(level,) if level else (), regions=(region,) if region else ())
    library = site.library
    records = [
        record for record in (library.measures(filters) if filters != NO_FILTERS else library.derived(granting_first))
        if (ended or record.status.state not in ENDED) and (not kind or any(b.type == kind for b in record.measure.benefits))
    ]  # fmt: skip
    if filters != NO_FILTERS:
        records = list(granting_first(records))
    words = (wanted or "").split()
    if words:
        records = [r for r in records if all(word in _names(r) for word in words)] or (
            _found(site, records, " ".join(words)) if by_meaning else []
        )
    shown = [(record, document_of(library, record)) for record in records[:MEASURES_SHOWN]]
    nothing = NOT_NAMED if words and not by_meaning else NOTHING_FITS
    return (
        render.measures_html(shown, len(records), nothing),
        render.picture_html(records),
        render.calendar_html(records, partial(document_of, library), date.today()),
        gr.Dropdown(choices=[("全部地区", ""), *((name, name) for name in regions_of(library))]),
    )


def granting_first(records: Sequence[MeasureRecord]) -> tuple[MeasureRecord, ...]:
    """范围与程序 last."""
    return tuple(sorted(records, key=lambda record: not record.measure.benefits))


def document_of(library: Library, record: MeasureRecord) -> PolicyDocument:
    """The version that the measure was read from."""
    return library.document(record.card.id, record.card.sha256)


def _found(site: Site, records: Sequence[MeasureRecord], wanted: str) -> list[MeasureRecord]:
    """Those whose clause the search finds."""
    hits = site.library.search(understand(wanted[:MAX_WANTED], limit=SEARCHED))
    ranks = {hit.chunk.clause_id: rank for rank, hit in reversed(list(enumerate(hits)))}
    return sorted((r for r in records if r.measure.clause_id in ranks), key=lambda r: ranks[r.measure.clause_id])


def _names(record: MeasureRecord) -> str:
    return f"{record.measure.name} {record.card.title} {record.card.document_number or ''}"


@readable
def show(site: Site, event: gr.EventData) -> tuple[Any, ...]:
    """The card of ``measure-ID``, its id, and the parts that can be corrected."""
    measure_id = str(event.link).removeprefix("measure-")
    return _shown(site, measure_id)


def _shown(site: Site, measure_id: str) -> tuple[Any, ...]:
    record = site.library.measure(measure_id)
    parts = [(label, path) for label, path in correctable(record.measure)]
    card = render.measure_html(record, document_of(site.library, record))
    return card, measure_id, gr.Dropdown(choices=parts, value=parts[0][1] if parts else None)


@readable
def correct(site: Site, measure_id: str, path: str | None, words: str, name: str, reason: str) -> tuple[Any, ...]:
    """Keep a correction: as ``show``, with the boxes emptied."""
    if not measure_id:
        raise SettingsError("还没有选择措施", "先在列表中点开一项")
    if path is None:
        raise SettingsError("还没有选择哪一处", "在“哪一处”里选一项再保存")
    record = site.library.measure(measure_id)
    new = read_as(path, words, record.measure, document_of(site.library, record))
    site.library.correct(measure_id, path, new, name, reason)
    if path == "":
        return (NO_MEASURE, "", gr.skip(), "", "")
    return (*_shown(site, measure_id), "", "")


@readable
def show_comparison(site: Site, event: gr.EventData) -> tuple[Any, ...]:
    """The table for ``compare-ID``, its id, the tab it stands in, and its box, which is hidden until then."""
    return _compared(site, str(event.link).removeprefix("compare-"))


@readable
def compare_topic(site: Site, topic: str) -> tuple[Any, ...]:
    """As ``show_comparison``, for the measure that speaks of the topic best."""
    if not topic.strip():
        raise SettingsError("还没有写要比对的话题", "例如：高新技术企业奖励、人才购房补贴")
    return _compared(site, measure_meant(site.library, topic[:MAX_WANTED], date.today()).measure.id)


def _compared(site: Site, measure_id: str) -> tuple[Any, ...]:
    comparison = comparison_of(site.library, site.library.measure(measure_id), date.today())
    return render.comparison_html(comparison), measure_id, gr.Tabs(selected=TAB), gr.Column(visible=True)


@readable
def export(site: Site, event: gr.EventData, measure_id: str) -> str:
    """The comparison as a file; the link is ``compared-SUFFIX``."""
    if not measure_id:
        raise SettingsError("还没有比对可以导出", "先在措施详情里点“与其他级别比对”")
    comparison = comparison_of(site.library, site.library.measure(measure_id), date.today())
    table = comparison_table(comparison, Documents(site.library))
    suffix = f".{str(event.link).removeprefix('compared-')}"
    return download(f"{table.title}{date.today():%Y%m%d}{suffix}", exported_table(table, suffix))


def tab(site: Site, bridge: gr.HTML, tabs: gr.Tabs) -> tuple[gr.HTML, Any, list[Any], list[Any]]:
    """Lays the tab out; gives its evidence box, and the handler, inputs and outputs that follow the library."""
    chosen, compared = gr.State(""), gr.State("")
    levels = [("全部级别", ""), *((name, level) for level, name in LEVEL_NAMES.items())]
    with gr.Row(elem_id="measure-filters"):
        wanted = gr.Textbox(
            placeholder="输入名称、文号筛选；按回车按意思查找",
            show_label=False,
            container=False,
            elem_id="measures-wanted",
            scale=3,
        )
        level = gr.Dropdown(levels, value="", label="级别", filterable=False, min_width=110, elem_id="measures-level")
        region = gr.Dropdown(
            [("全部地区", "")], value="", label="地区", filterable=False, min_width=110, elem_id="measures-region"
        )
        kinds = [("全部类型", ""), *((kind, kind) for kind in BENEFIT_TYPES)]
        kind = gr.Dropdown(kinds, value="", label="支持类型", filterable=False, min_width=110, elem_id="measures-kind")
        ended = gr.Checkbox(label="含已失效", min_width=110, elem_id="measures-ended")
    topic = gr.Button("按上面的话题比对各级", size="sm", elem_id="compare-topic")
    with gr.Column(visible=False, elem_id="compared") as box:
        comparison = gr.HTML(elem_id="comparison", js_on_load=None, apply_default_css=False)
        gr.HTML(
            '<p class="export">导出比对 <a href="#compared-xlsx">Excel</a><a href="#compared-docx">Word</a></p>',
            js_on_load=None, apply_default_css=False,
        )  # fmt: skip
    with gr.Row(elem_id="measures-row"):
        with gr.Column(scale=7, min_width=320):
            with gr.Accordion("图：各级支持类型", open=True):
                picture = gr.HTML(elem_id="picture", js_on_load=None, apply_default_css=False)
            with gr.Accordion("日历：申报时间与文件到期", open=False, elem_id="calendar-box"):
                calendar = gr.HTML(elem_id="calendar", js_on_load=None, apply_default_css=False)
            measures = gr.HTML(elem_id="measures", js_on_load=None, apply_default_css=False)
        with gr.Column(scale=5, min_width=320):
            details = card_box(NO_MEASURE, "measure-details")
            path, words, name, reason, save = _correction()
            source = card_box(NO_SOURCE, "measure-evidence")
    filters, shown = [wanted, level, region, kind, ended], [measures, picture, calendar, region]
    refresh = MethodType(listed, site)
    wanted.change(MethodType(typed, site), filters, shown, trigger_mode="always_last", **QUIET)
    gr.on([wanted.submit, *(box.change for box in filters[1:])], refresh, filters, shown, **QUIET)
    bridge.expand(MethodType(show, site), None, [details, chosen, path], **QUIET)
    save.click(
        MethodType(correct, site), [chosen, path, words, name, reason], [details, chosen, path, words, reason], **QUIET
    ).success(refresh, filters, shown, **QUIET)
    table = [comparison, compared, tabs, box]
    to_top = {"fn": None, "js": "() => window.scrollTo({top: 0})", **QUIET}
    bridge.apply(MethodType(show_comparison, site), None, table, **QUIET).success(**to_top)
    topic.click(MethodType(compare_topic, site), wanted, table, **QUIET).success(**to_top)
    saved = gr.Textbox(visible="hidden", show_label=False)
    bridge.collapse(MethodType(export, site), compared, saved, **QUIET).success(
        None, saved, None, js="file => window.saveFile(file)", **QUIET
    )
    return source, refresh, filters, shown


def _correction() -> tuple[gr.Dropdown, gr.Textbox, gr.Textbox, gr.Textbox, gr.Button]:
    with gr.Accordion("更正这项措施", open=False, elem_id="correct"):
        path = gr.Dropdown([], label="哪一处", elem_id="correct-path")
        words = gr.Textbox(
            label="正确的内容（照抄条款原文；留空表示去掉这一处）", elem_id="correct-words", max_length=200
        )
        with gr.Row():
            name = gr.Textbox(label="更正人", elem_id="correct-name", max_length=40, min_width=120)
            reason = gr.Textbox(label="理由", elem_id="correct-reason", max_length=200, min_width=160)
        save = gr.Button("保存更正", elem_id="correct-save")
    return path, words, name, reason, save
