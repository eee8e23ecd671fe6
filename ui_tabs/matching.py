"""The tab 政策匹配: a form, the measures that apply, nearly apply or are open, and their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import MethodType
from typing import Any

import gradio as gr

from ingest.errors import SettingsError
from qa import render
from qa.export_tables import exported_table, matches_table
from qa.matching import Matches, next_question, profile_of, profile_to_json
from qa.matching.kept import matched
from qa.matching.places import regions_of
from qa.matching.understand import understand
from qa.source import Documents
from ui_tabs.profile_form import NAMES, beyond_boxes, boxes, choices_of, given, terms_of, updates
from ui_tabs.site import QUIET, SAME, Site, card_box, download, readable

NOTHING = '<div class="empty"><b>依据原文</b><br>点击“出处”，这里显示对应的条款和原文页面。</div>'
BEFORE = '<div class="empty"><b>匹配结果</b><br>填写上面任意几项后点“开始匹配”。没有填的，对应条件显示为“待确认”，不会替您猜测。</div>'
TAB = "matching"
KEPT = "wenhao-profile"  # in the reader's own browser, if he wants it

FORGET = f"keep => {{ if (!keep) localStorage.removeItem('{KEPT}'); return null; }}"

Answers = dict[str, str]


def found_for(site: Site, profile: dict[str, Any]) -> Matches:
    """The measures of the library for a profile in its JSON form. Raises PolicyError."""
    return matched(site.library, profile_of(profile), date.today())


@readable
def run(site: Site, answers: Answers, keep: bool, *values: Any) -> tuple[Any, ...]:  # noqa: ANN401 - values of boxes
    """Result, the next question with an empty answer, the profile, what the browser keeps, and the form folded."""
    profile = given(values, answers)
    if set(profile) <= {"kind"}:
        raise SettingsError("还没有填写情况", "至少填一项，例如所在地、行业或上年度营业收入")
    found = found_for(site, profile)
    following = next_question(found.current)
    asked = following.field if following else ""
    label = f"补充一项：{following.text}" if following else ""
    return (
        render.matches_html(found, Documents(site.library)),
        gr.update(visible=bool(asked)),
        gr.update(value="", label=label),
        asked,
        profile,
        profile_to_json(profile_of(profile)) if keep else None,
        gr.Accordion(open=False),
    )


@readable
def answer(site: Site, answers: Answers, asked: str, said: str, keep: bool, *values: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """As ``run``, after the answer to the next question."""
    if not said.strip():
        raise SettingsError("还没有填写回答", "不清楚的可以不答，直接看待确认的条件")
    answers = {**answers, asked: said}
    return (answers, *run(site, answers, keep, *values))


@readable
def read_sentence(site: Site, sentence: str) -> tuple[Any, ...]:
    """Fill the boxes from a sentence: what was understood, other answers, then the boxes."""
    if not sentence.strip():
        raise SettingsError("还没有写一句话介绍", "例如：我们做汽车零部件，去年营收1.2亿，设备投了3000万")
    regions = regions_of(site.library)
    reading = understand(sentence, regions)
    profile = profile_to_json(reading.profile)
    others = beyond_boxes(profile)
    return (render.reading_html(reading), others, *updates(profile))


def recall(kept: dict[str, Any] | None, keep: bool) -> list[Any]:
    """The tick, other answers and the boxes as the browser kept them; a form that is being kept already stays as it is."""
    if keep or not kept:
        return [SAME] * (2 + len(NAMES))
    return [True, beyond_boxes(kept), *updates(kept)]


@readable
def export(site: Site, event: gr.EventData, profile: dict[str, Any]) -> str:
    """The result as a file; the link is ``matched-SUFFIX``."""
    if not profile:
        raise SettingsError("还没有可以导出的匹配结果", "先填写情况并开始匹配")
    found = found_for(site, profile)
    suffix = f".{str(event.link).removeprefix('matched-')}"
    table = matches_table(found, Documents(site.library))
    return download(f"{table.title}{date.today():%Y%m%d}{suffix}", exported_table(table, suffix))


def choices(site: Site) -> Sequence[gr.Dropdown]:
    """Choices of the lists that follow the library."""
    return choices_of(site.library.derived(terms_of))


def tab(site: Site, bridge: gr.HTML) -> tuple[gr.HTML, list[gr.components.Component]]:
    """Lays the tab out; gives its evidence box, and the lists whose choices follow the library (see ``choices``)."""
    answers, asked, profile = gr.State({}), gr.State(""), gr.State({})
    kept = gr.BrowserState(None, storage_key=KEPT, secret=KEPT)
    with gr.Row(elem_id="sentence-row", equal_height=True):
        sentence = gr.Textbox(
            elem_id="sentence", show_label=False, container=False, scale=8, max_lines=3, max_length=500,
            placeholder="用一句话介绍，如：我们做汽车零部件，去年营收1.2亿，设备投了3000万",
        )  # fmt: skip
        read = gr.Button("识别填表", scale=1, min_width=110, elem_id="read-sentence")
    understood = gr.HTML(elem_id="understood", js_on_load=None, apply_default_css=False)
    with gr.Accordion("填写情况（不清楚的可以不填）", open=True, elem_id="profile") as folded:
        form = boxes()
    with gr.Row(elem_id="match-go", equal_height=True):
        go = gr.Button("开始匹配", variant="primary", elem_id="match", scale=2, min_width=120)
        keep = gr.Checkbox(label="把填写的内容保存在本浏览器（不会上传保存）", elem_id="keep-profile", scale=3)
    with gr.Row(visible=False, elem_id="next-row", equal_height=True) as following:
        said = gr.Textbox(
            elem_id="next-answer", scale=8, max_length=100, placeholder="填写后按回车；是否类问题填“是”或“否”"
        )
        reply = gr.Button("补充并重新匹配", scale=2, min_width=120, elem_id="next-send")
    with gr.Row(elem_id="match-row"):
        with gr.Column(scale=6, min_width=320):
            result = gr.HTML(BEFORE, elem_id="matches", js_on_load=None, apply_default_css=False)
            gr.HTML(
                '<p class="export">导出结果 <a href="#matched-xlsx">Excel</a><a href="#matched-docx">Word</a></p>',
                js_on_load=None, apply_default_css=False,
            )  # fmt: skip
        with gr.Column(scale=5, min_width=320):
            card = card_box(NOTHING, "match-evidence")
    shown = [result, following, said, asked, profile, kept, folded]
    go.click(MethodType(run, site), [answers, keep, *form], shown, **QUIET)
    gr.on(
        [reply.click, said.submit],
        MethodType(answer, site),
        [answers, asked, said, keep, *form],
        [answers, *shown],
        **QUIET,
    )
    gr.on(
        [read.click, sentence.submit], MethodType(read_sentence, site), sentence, [understood, answers, *form], **QUIET
    ).success(MethodType(run, site), [answers, keep, *form], shown, **QUIET)
    saved = gr.Textbox(visible="hidden", show_label=False)
    bridge.copy(MethodType(export, site), profile, saved, **QUIET).success(
        None, saved, None, js="file => window.saveFile(file)", **QUIET
    )
    # The browser gives what it kept when the tab is first shown, not when the page is loaded, and writes nothing for None.
    kept.change(recall, [kept, keep], [keep, answers, *form], **QUIET)
    keep.input(None, keep, kept, js=FORGET, **QUIET)
    names = ("region", "qualifications", "project_kinds")
    return card, [box for box in form if box.elem_id in {f"profile-{name}" for name in names}]
