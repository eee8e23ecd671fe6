"""Whether a file is in force on a given day: by its own terms, and by what other files do to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ingest.document import Relation, Terms

State = Literal["有效", "尚未施行", "已失效", "已废止", "部分失效", "已修改", "未标明"]
STATES: tuple[State, ...] = ("有效", "尚未施行", "已失效", "已废止", "部分失效", "已修改", "未标明")
BOUNDARY_DAY = "boundary_day_ambiguous:"


@dataclass(frozen=True, slots=True)
class Edge:
    """What another file does to this one: repeals, amends or extends it, from ``effective_on`` on (None: day not known).

    ``scope``: ``whole``, or what of it is touched. ``note``: by which file, in Chinese. ``until``: the new end of an extension.
    ``articles``: those that are ended or changed. ``lapsed``: 宣布失效 rather than 废止.
    """

    relation: Relation
    effective_on: date | None = None
    scope: str = "whole"
    note: str = ""
    until: date | None = None
    articles: tuple[str, ...] = ()
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """One of ``STATES``, and why, in Chinese."""

    state: State
    reason: str


_SITE_LABELS: dict[str, State] = {
    "已废止": "已废止", "废止": "已废止", "已失效": "已失效", "失效": "已失效", "全文失效": "已失效", "全文废止": "已废止",
    "尚未生效": "尚未施行", "尚未施行": "尚未施行", "部分失效": "部分失效", "部分废止": "部分失效", "部分有效": "部分失效",
    "已修改": "已修改", "已修订": "已修改", "有效": "有效", "现行有效": "有效", "继续有效": "有效",
}  # fmt: skip
_ENDED_BY_SITE = ("已废止", "已失效")


def status(terms: Terms, as_of: date, edges: Sequence[Edge] = (), site_label: str | None = None) -> Status:
    """Whether the file is in force on ``as_of``.

    Precedence: repealed as a whole → the site says it has ended → not yet in force → expired (unless extended) → partly repealed
    → amended → in force → 未标明. ``site_label``: 有效性 as the publishing site prints it; “有效” counts only where the file
    itself gives no term. Trial files (试行) do not expire by themselves: no term found means 未标明. A repeal still to come and a
    file that says it replaces this one (替代, without 废止) are told in the reason.
    """
    in_effect = tuple(edge for edge in edges if edge.effective_on is None or edge.effective_on <= as_of)
    site_state = _SITE_LABELS.get((site_label or "").strip("【】[]（）() \u3000"))
    repeals = [edge for edge in in_effect if edge.relation == "repeals" and edge.scope == "whole"]
    if repeals:
        return _repealed(min(repeals, key=lambda edge: edge.effective_on or date.min))
    if site_state in _ENDED_BY_SITE:
        return Status(site_state, f"发布页标注“{site_label}”")
    if terms.effective_on and as_of < terms.effective_on:
        return Status("尚未施行", f"自{_chinese(terms.effective_on)}起施行")
    found = _expired(terms, as_of, in_effect, site_state)
    if found is None:
        found = _in_force(terms, in_effect, site_state, site_label)
    remarks = () if found.state == "已失效" else tuple(_remarks(edges, as_of))
    return Status(found.state, "；".join((found.reason, *remarks)))


def _repealed(edge: Edge) -> Status:
    if edge.lapsed:
        return Status("已失效", f"{edge.note or '其他文件'}宣布失效")
    return Status("已废止", edge.note or "已被其他文件废止")


def _remarks(edges: Sequence[Edge], as_of: date) -> Iterator[str]:
    for edge in edges:
        begun = edge.effective_on is None or edge.effective_on <= as_of
        if edge.relation == "repeals" and edge.scope == "whole" and edge.effective_on and not begun:
            yield f"自{_chinese(edge.effective_on)}起由{edge.note or '其他文件'}{'宣布失效' if edge.lapsed else '废止'}"
        if edge.relation == "supersedes" and begun:
            yield f"{edge.note or '另有文件'}写明替代本文件，请核实"


def _extended(terms: Terms, in_effect: Sequence[Edge]) -> date | None:
    """The end that the file gives itself, or a later one that another file gives it."""
    later = (edge.until for edge in in_effect if edge.relation == "extends")
    return max(filter(None, (terms.expires_on, *later)), default=None)


def _expired(terms: Terms, as_of: date, in_effect: Sequence[Edge], site_state: State | None) -> Status | None:
    expires_on = _extended(terms, in_effect)
    if expires_on is None or terms.open_ended or as_of <= expires_on:
        return None
    longer = expires_on != terms.expires_on
    reason = f"延期至{_chinese(expires_on)}" if longer else f"有效期至{_chinese(expires_on)}（{terms.expires_basis}）"
    if any(edge.relation == "extends" and edge.until is None for edge in in_effect):
        return Status("未标明", f"{reason}，另有文件延续，但未写明延续到何时，请核实")
    if not longer and f"{BOUNDARY_DAY}{as_of.isoformat()}" in terms.flags:
        reason += "，查询日为期满当日，是否仍适用请向制定机关核实"
    if site_state == "有效":
        reason += "，但发布页仍标注有效，请核实"
    return Status("已失效", reason)


def _in_force(terms: Terms, in_effect: Sequence[Edge], site_state: State | None, site_label: str | None) -> Status:
    term = _term(terms, in_effect)
    cut = [edge for edge in in_effect if edge.relation in ("partially_repeals", "repeals") and edge.scope != "whole"]
    if cut:
        notes = [_told(edge, "停止执行") for edge in cut if edge.note]
        return Status("部分失效", "；".join(notes) or "部分条款停止执行")
    amended = [edge for edge in in_effect if edge.relation == "amends"]
    if amended:
        notes = (term, *(_told(edge, "修改") for edge in amended), "已有修改，须用修改后的文本")
        return Status("已修改", "；".join(filter(None, notes)))
    if site_state in ("部分失效", "已修改", "尚未施行"):
        return Status(site_state, f"发布页标注“{site_label}”")
    if term:
        return Status("有效", term)
    if site_state == "有效":
        return Status("有效", f"发布页标注“{site_label}”")
    if terms.effective_on:
        return Status("未标明", "有施行日期，未见有效期，请核实")
    return Status("未标明", "未见施行日期与有效期，请核实")


def _term(terms: Terms, in_effect: Sequence[Edge]) -> str:
    """Until when the file is in force, in Chinese; empty where nothing says."""
    expires_on = _extended(terms, in_effect)
    if expires_on:
        return f"{'有效期' if expires_on == terms.expires_on else '延期'}至{_chinese(expires_on)}"
    if terms.open_ended:
        return "长期有效"
    kept = next((edge for edge in in_effect if edge.relation == "extends"), None)
    return f"{kept.note or '其他文件'}写明继续有效" if kept else ""


def _told(edge: Edge, verb: str) -> str:
    return f"{edge.note}{verb}{'、'.join(edge.articles)}" if edge.articles else edge.note


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
