"""The form of a profile: its boxes, and what is in them as plain values for ``qa.matching.profile_of``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import gradio as gr

from index.measures import MeasureRecord
from ingest.measures.model import Words
from qa.calculation.figures import shown as shown_figure
from qa.matching.industries import choices as industry_choices
from qa.matching.profile import DEGREES, FIGURES, LABELS, SCALES, STAGES, TALENT_CLASSES

# What most measures ask for; the rest is folded. Figures of a year are asked for 上年度, which is what files count by.
FIRST = ("revenue", "total_investment", "fixed_investment", "equipment_investment", "rd", "employees")
PERSONAL = ("contract", "insured", "salary")
LAST_YEAR = (
    "revenue",
    "output",
    "rd",
    "revenue_growth",
    "output_growth",
    "rd_growth",
    "rd_increase",
    "rd_share",
    "exports",
)
FOLDED = tuple(name for name in FIGURES if name not in (*FIRST, *PERSONAL))
SIZES = ("规上工业", "规上服务业", "限上批发", "限上零售", "初创企业")
YES = {"是": True, "否": False}
_TRAITS = ("qualifications", "sizes", "project_kinds", "statements")
_EXAMPLES = {"元": "如 1.2亿、3000万元", "": "如 12%", "人": "如 120", "件": "如 5", "年": "如 3", "个月": "如 12"}

# In the order of the boxes; ``Form.values`` come in this order.
NAMES = (
    "kind", "region", "industries", "scale", "sizes", "qualifications", "project_kinds", "project_stage", "founded", *FIRST, *FOLDED,
    "degree", "titles", "age", "talent_class", "full_time", *PERSONAL,
)  # fmt: skip


def boxes() -> list[gr.components.Component]:
    """The boxes, laid out where this is called, in the order of ``NAMES``."""
    made: dict[str, gr.components.Component] = {}
    with gr.Row():
        made["kind"] = gr.Radio(["企业", "个人"], value="企业", label="我是", elem_id="profile-kind", min_width=150)
        made["region"] = _list("region", "所在地（区县或市）", [])
        made["industries"] = _list("industries", "行业", [(label, code) for code, label in industry_choices()], True)
        made["scale"] = _list("scale", "规模", list(SCALES))
    with gr.Row():
        made["sizes"] = _list("sizes", "规上限上", list(SIZES), True)
        made["qualifications"] = _list("qualifications", "已有资质", [], True)
        made["project_kinds"] = _list("project_kinds", "项目类型", [], True)
    with gr.Row():
        made.update({name: _figure(name) for name in FIRST})
    with gr.Accordion("更多情况（企业）", open=False), gr.Row():
        made["project_stage"] = _list("project_stage", LABELS["project_stage"], list(STAGES))
        made["founded"] = gr.Textbox(label=LABELS["founded"], placeholder="如 2020-05-18", min_width=150)
        made.update({name: _figure(name) for name in FOLDED})
    with gr.Accordion("个人情况（人才政策）", open=False, elem_id="person-boxes"), gr.Row():
        made["degree"] = _list("degree", LABELS["degree"], list(DEGREES))
        made["titles"] = gr.Textbox(label="职称或职业资格", placeholder="如 高级工程师", min_width=150)
        made["age"] = gr.Textbox(label=LABELS["age"], placeholder="如 35", min_width=150)
        made["talent_class"] = _list("talent_class", LABELS["talent_class"], list(TALENT_CLASSES))
        made["full_time"] = _list("full_time", "是否全职", list(YES))
        made.update({name: _figure(name) for name in PERSONAL})
    return [made[name] for name in NAMES]


def _list(name: str, label: str, choices: Sequence[Any], several: bool = False) -> gr.Dropdown:
    return gr.Dropdown(
        choices, value=[] if several else "", label=label, multiselect=several, allow_custom_value=True, min_width=150,
        elem_id=f"profile-{name}",
    )  # fmt: skip


def _figure(name: str) -> gr.Textbox:
    label = f"上年度{LABELS[name]}" if name in LAST_YEAR else LABELS[name]
    return gr.Textbox(
        label=label,
        placeholder=_EXAMPLES.get(FIGURES[name], ""),
        min_width=150,
        max_length=40,
        elem_id=f"profile-{name}",
    )


Choices = tuple[list[str], list[str], list[str]]


def terms_of(records: Sequence[MeasureRecord]) -> Choices:
    """Regions, qualifications and project kinds that the files of the library speak of, the commonest terms first."""
    who = [record.measure.beneficiary for record in records]
    return (
        sorted({record.card.region for record in records if record.card.region}),
        _terms(words for each in who for words in each.qualification),
        _terms(words for each in who for words in each.project_kind),
    )


def choices_of(terms: Choices) -> tuple[gr.Dropdown, gr.Dropdown, gr.Dropdown]:
    """Choices of region, qualifications and project kinds."""
    region, qualifications, kinds = (gr.Dropdown(choices=each) for each in terms)
    return region, qualifications, kinds


def _terms(words: Iterable[Words]) -> list[str]:
    found = Counter(each.text for each in words)
    return sorted(found, key=lambda term: (-found[term], term))


def given(values: Sequence[Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in, and ``answers`` to further questions by field, as plain values."""
    filled: dict[str, Any] = {}
    for name, value in zip(NAMES, values, strict=True):
        if value in (None, "", []):
            continue
        filled[name] = {"value": value, "period": "上年度"} if name in LAST_YEAR else value
    for asked, answer in answers.items():
        _answer(filled, asked, answer.strip())
    return filled


def _answer(filled: dict[str, Any], asked: str, answer: str) -> None:
    name, _, rest = asked.partition(":")
    own, _, part = name.partition(".")
    if part == "period" and own in filled:
        value = filled[own]
        filled[own] = {**(value if isinstance(value, dict) else {"value": value}), "period": answer}
    elif name in _TRAITS and rest:
        held = filled.get(name, {})
        held = held if isinstance(held, dict) else dict.fromkeys(held, True)
        filled[name] = {**held, rest: YES.get(answer, answer)}
    elif name == "figures":
        filled["figures"] = {**filled.get("figures", {}), rest: answer}
    elif answer:
        filled[own] = {"value": answer, "period": "上年度"} if own in LAST_YEAR else answer


def beyond_boxes(profile: Mapping[str, Any]) -> dict[str, str]:
    """What of a profile in its JSON form no box can hold, as answers: another year, 不是, 首次, 重新, other figures."""
    answers: dict[str, str] = {}
    for name, value in profile.items():
        if name in _TRAITS:
            words = {False: "否", True: "是"}
            states = {term: words.get(state, state) for term, state in value.items()}
            answers |= {f"{name}:{t}": s for t, s in states.items() if s != "是" or name == "statements"}
        elif name == "figures":
            answers |= {f"figures:{words}": f"{each['value']}{each.get('unit', '')}" for words, each in value.items()}
        elif name in LAST_YEAR and value.get("period") != "上年度":
            answers[f"{name}.period"] = value.get("period", "")
    return answers


def updates(profile: Mapping[str, Any]) -> list[Any]:
    """The boxes filled with a profile in its JSON form."""
    filled = []
    for name in NAMES:
        value = profile.get(name)
        if isinstance(value, dict) and "value" in value:
            value = shown_figure(Decimal(value["value"]), value.get("unit", ""))
        elif isinstance(value, dict):
            value = [term for term, held in value.items() if held]
        filled.append(gr.skip() if value in (None, "", [], {}) else gr.update(value=value))
    return filled
