"""The tab 起草与审查: a draft with its basis, changed paragraph by paragraph in the page, and what in it, or in an uploaded file, needs a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MethodType
from typing import Any

import gradio as gr

from ingest.corpus import SUFFIXES, source_file
from ingest.document import LEVEL_NAMES, PolicyDocument
from ingest.errors import NotHeld, PolicyError, SettingsError
from ingest.parse import document_from_text
from ingest.sandbox import Sandbox
from qa import render
from qa.answer import Citation
from qa.drafting import Draft, added, deleted, draft, draft_text, edited, request_from_json
from qa.drafting.command import content_of
from qa.drafting.model import KIND_NAMES
from qa.drafting.text import one_line
from qa.matching import profile_to_json
from qa.matching.places import regions_of
from qa.matching.understand import understand
from qa.render.drafts import draft_html
from qa.render.review import review_html, review_text
from qa.review import Review, review
from qa.source import image_of
from ui_tabs.site import QUIET, Site, asset, card_box, download, readable

TAB = "drafting"
WRITING, REVIEWING = "writing", "reviewing"  # the two parts of the tab
KEPT = 50  # earlier states of a draft that can be had back
NO_DRAFT = (
    '<div class="empty"><b>草稿</b><br>选好文种，写上支持事项，点“生成草稿”。'
    "每段都注明依据；文件里没有的数字写作【待定】或【待补依据】，不会编造。</div>"
)
NO_REVIEW = '<div class="empty"><b>审查意见</b><br>可审查生成的草稿，也可上传一份稿件。上传的文件只在审查时读取，不会入库。</div>'
NO_CARD = '<div class="empty"><b>依据原文</b><br>点击段落后的编号，这里显示对应的条款、时效和原文页面。</div>'
CHANGED = '<div class="empty">草稿已修改，请重新审查。</div>'

# The boxes of the form in their order; ``facts``, a sentence about the company, is read as in 政策匹配.
FIELDS = (
    "kind", "level", "region", "industry", "purpose", "points", "project", "company_name", "facts", "issuer", "title", "addressee",
)  # fmt: skip

Drafts = tuple[Draft, ...]  # the last is the one that is shown


def request_of(site: Site, values: Sequence[str]) -> tuple[dict[str, Any], str]:
    """What the boxes ask for, as ``request_from_json`` takes it, and what was understood of the facts."""
    given: dict[str, Any] = {name: str(value or "").strip() for name, value in zip(FIELDS, values, strict=True)}
    given["points"] = [_point(line) for line in given["points"].splitlines() if line.strip()]
    facts, told = given.pop("facts"), ""
    if facts:
        reading = understand(facts, regions_of(site.library))
        given["company"], told = profile_to_json(reading.profile) or None, render.reading_html(reading)
    return given, told


def _point(line: str) -> dict[str, str]:
    topic, _, proposed = line.replace(":", "：", 1).partition("：")
    return {"topic": topic.strip(), "proposed": proposed.strip()}


@readable
def compose(site: Site, *values: str) -> tuple[Any, ...]:
    """The draft, its states, what was understood of the facts, an empty review, its tools, and the form folded."""
    given, told = request_of(site, values)
    made = draft(site.library, request_from_json(given), date.today(), site.assistant.llm)
    return draft_html(made), (made,), told, NO_REVIEW, gr.Row(visible=True), gr.Accordion(open=False)


@readable
def change(site: Site, event: gr.EventData, drafts: Drafts) -> tuple[Any, ...]:
    """A paragraph changed, added or taken out (``act``: amend, append, drop): the draft, its states, and that the review is out of date."""
    now, block, text = _current(drafts), str(event.block), str(event.text)
    if event.act == "drop":
        new = deleted(now, block)
    elif not text.strip():
        raise SettingsError("这一段没有文字", "要去掉这一段，请点“删除”")
    elif event.act == "append":
        new = added(now, block, text, int(event.level))
    else:
        new = edited(now, block, text)
    return draft_html(new), (*drafts, new)[-KEPT:], CHANGED


@readable
def take_back(site: Site, drafts: Drafts) -> tuple[Any, ...]:
    """The state before the last change, as ``change``."""
    if len(drafts) < 2:
        raise SettingsError("没有可以撤销的修改")
    return draft_html(drafts[-2]), drafts[:-1], CHANGED


@readable
def export(suffix: str, drafts: Drafts) -> str:
    """The draft as a file for the browser to save."""
    now = _current(drafts)
    return download(f"{now.title[:60]}{suffix}", content_of(now, suffix))


def _current(drafts: Drafts) -> Draft:
    if not drafts:
        raise SettingsError("还没有草稿", "先填写要求，点“生成草稿”")
    return drafts[-1]


@readable
def show_source(site: Site, event: gr.EventData, drafts: Drafts) -> str:
    """The evidence card of ``source-MARK`` of the draft."""
    mark = str(event.link).removeprefix("source-")
    citation = next((c for c in _current(drafts).citations if str(c.mark) == mark), None)
    if citation is None:
        raise NotHeld("草稿里没有这个出处", "草稿可能已更新，请重新点击")
    document = _quoted(site, citation)
    image = image_of(site.library, site.sandbox, citation) if document else None
    return render.evidence_html(citation, document, image)


def _quoted(site: Site, citation: Citation) -> PolicyDocument | None:
    """The file, as long as it says what was quoted."""
    try:
        document = site.library.document(citation.document_id)
    except PolicyError:
        return None
    return document if citation.span.of(document.text) == citation.quote else None


@readable
def review_draft(site: Site, drafts: Drafts) -> tuple[Any, ...]:
    """Findings in the draft, each leading to its paragraph, and as text; the part of the tab in which they stand."""
    now = _current(drafts)
    document = document_from_text(draft_text(now), path=f"{now.title[:60]}.txt")
    found = review(site.library, document, date.today())
    return review_html(found, blocks_of(now, found)), review_text(found), gr.Tabs(selected=REVIEWING)


def blocks_of(made: Draft, found: Review) -> Mapping[int, str]:
    """By the number of a finding, the block in which its sentence stands."""
    texts = [(block.id, one_line(getattr(block, "text", ""))) for block in made.blocks]
    sentences = {
        number: one_line(finding.span.of(found.document.text))
        for number, finding in enumerate(found.findings, 1)
        if finding.span
    }
    places = {n: next((id_ for id_, text in texts if said in text), "") for n, said in sentences.items()}
    return {number: block for number, block in places.items() if block}


@readable
def review_upload(site: Site, path: str | None) -> tuple[Any, ...]:
    """Findings in an uploaded file, and as text; the upload box emptied. The file is read in the sandbox, and not kept."""
    if not path:
        raise SettingsError("还没有选择文件", "先选择或拖入一份稿件，再点“审查这份文件”")
    try:
        source = source_file(Path(path).name, Path(path).read_bytes())
    except OSError as error:
        raise SettingsError("文件没有传完", "请重新选择文件") from error
    with Sandbox() as sandbox:  # one of its own: a long scan must not keep the pages of others waiting
        document = sandbox.parse(source)
    found = review(site.library, document, date.today())
    Path(path).unlink(missing_ok=True)
    return review_html(found), review_text(found), None


@readable
def export_review(text: str) -> str:
    """The findings as text for the browser to save."""
    if not text:
        raise SettingsError("还没有审查意见", "先审查草稿或一份文件")
    return download(f"审查意见{date.today():%Y%m%d}.txt", text.encode())


def tab(site: Site, bridge: gr.HTML) -> gr.HTML:
    """Lays the tab out; gives its evidence box."""
    drafts, told = gr.State(()), gr.State("")
    with gr.Accordion("起草要求（不清楚的可以不填）", open=True, elem_id="draft-form") as folded:
        form = _form()
        go = gr.Button("生成草稿", variant="primary", elem_id="draft")
    understood = gr.HTML(elem_id="draft-understood", js_on_load=None, apply_default_css=False)
    with gr.Row(elem_id="draft-row"):
        with gr.Column(scale=7, min_width=320), gr.Tabs(elem_id="draft-parts", selected=WRITING) as parts:
            with gr.Tab("草稿", id=WRITING):
                with gr.Row(visible=False, elem_id="draft-tools") as tools:
                    look = gr.Button("审查本稿", elem_id="review-draft", min_width=100)
                    undo = gr.Button("撤销上一步修改", elem_id="draft-undo", min_width=130)
                    as_word = gr.Button("导出 Word（公文格式）", elem_id="draft-word", min_width=170)
                    as_text = gr.Button("导出 Markdown", elem_id="draft-markdown", min_width=130)
                box = gr.HTML(NO_DRAFT, elem_id="draft-text", js_on_load=asset("draft.js"), apply_default_css=False)
            with gr.Tab("审查意见", id=REVIEWING):
                with gr.Row(elem_id="review-upload"):
                    upload = gr.File(
                        file_types=SUFFIXES,
                        elem_id="reviewed",
                        height=150,
                        label="审查一份稿件（不入库）",
                        min_width=260,
                    )
                    with gr.Column(min_width=160):
                        check = gr.Button("审查这份文件", variant="primary", elem_id="review-file", min_width=130)
                        as_list = gr.Button("导出审查意见", elem_id="review-text", min_width=130)
                findings = gr.HTML(NO_REVIEW, elem_id="review", js_on_load=None, apply_default_css=False)
        with gr.Column(scale=5, min_width=320):
            card = card_box(NO_CARD, "draft-evidence")
    go.click(
        MethodType(compose, site), form, [box, drafts, understood, findings, tools, folded], api_visibility="private",
        show_progress="full", show_progress_on=box, concurrency_limit=4,
    )  # fmt: skip
    _edits(site, box, undo, drafts, findings)
    bridge.example_select(MethodType(show_source, site), drafts, card, trigger_mode="always_last", **QUIET)
    shown = {"api_visibility": "private", "show_progress": "full", "show_progress_on": findings}
    look.click(MethodType(review_draft, site), drafts, [findings, told, parts], **shown)
    check.click(MethodType(review_upload, site), upload, [findings, told, upload], **shown)
    saved = gr.Textbox(visible="hidden", show_label=False)
    for button, made, given in (
        (as_word, MethodType(export, ".docx"), drafts),
        (as_text, MethodType(export, ".md"), drafts),
        (as_list, export_review, told),
    ):
        button.click(made, given, saved, **QUIET).success(
            None, saved, None, js="file => window.saveFile(file)", **QUIET
        )
    return card


def _edits(site: Site, box: gr.HTML, undo: gr.Button, drafts: gr.State, findings: gr.HTML) -> None:
    """An editor that was left open is freed again where its text was refused, so that nothing written is lost."""
    shown = [box, drafts, findings]
    kept = box.edit(MethodType(change, site), drafts, shown, **QUIET)
    kept.success(None, None, None, js="() => window.draftSaved?.(true)", **QUIET)
    kept.failure(None, None, None, js="() => window.draftSaved?.(false)", **QUIET)
    undo.click(MethodType(take_back, site), drafts, shown, **QUIET)


def _form() -> list[gr.components.Component]:
    """The boxes in the order of ``FIELDS``."""
    kinds, levels = (
        [(name, kind) for kind, name in KIND_NAMES.items()],
        [(n, level) for level, n in LEVEL_NAMES.items()],
    )
    with gr.Row():
        kind = gr.Dropdown(kinds, value="measures", label="文种", elem_id="draft-kind", min_width=200, filterable=False)
        level = gr.Dropdown(
            levels, value="district", label="级别", elem_id="draft-level", min_width=90, filterable=False
        )
        region = _words("region", "地区", "如 清河区", 60)
        industry = _words("industry", "行业", "如 装备制造", 60)
    purpose = _words("purpose", "目的", "如 支持装备制造业高质量发展", 200)
    points = gr.Textbox(
        label="支持事项（每行一项；有拟定标准的写在冒号后）", lines=3, max_lines=8, max_length=3000, elem_id="draft-points",
        placeholder="设备投资补助：按设备投资额的10%给予补助，最高500万元\n研发投入\n人才引进",
    )  # fmt: skip
    with gr.Accordion("项目、企业和发文机关", open=False, elem_id="draft-more"):
        with gr.Row():
            project, company = _words("project", "项目名称", "", 100), _words("company", "企业名称", "", 60)
            issuer = _words("issuer", "发文机关", "如 清河区人民政府", 60)
        facts = _words(
            "facts", "企业情况（一句话，用于比对普惠条款）", "如 高新技术企业，去年营收1.2亿，设备投资3000万元", 500
        )
        with gr.Row():
            title, addressee = (
                _words("title", "标题", "不填则按文种自拟", 100),
                _words("addressee", "主送机关", "用于请示", 60),
            )
    return [kind, level, region, industry, purpose, points, project, company, facts, issuer, title, addressee]


def _words(name: str, label: str, example: str, most: int) -> gr.Textbox:
    return gr.Textbox(label=label, placeholder=example, max_length=most, min_width=150, elem_id=f"draft-{name}")
