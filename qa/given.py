"""What comes in from programs and command lines, checked: texts, days, filters, files. What is wrong raises PolicyError with a
Chinese message and hint, never a guess at what was meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from index.library import Library
from index.query import Filters
from ingest.errors import NotHeld, PolicyError, SettingsError

MAX_NAME = 1000  # characters that name a file, a term or a measure
MAX_VALUES = 100  # of one filter

FILTERS: Mapping[str, type] = {"levels": str, "regions": str, "years": int, "validity": str, "document_ids": str}


def document_meant(library: Library, file: str) -> str:
    """Id of the file of that id, number or title. Raises NotHeld, and PolicyError where it may be several."""
    wanted = bounded("文件", file, MAX_NAME)
    if any(card.id == wanted for card in library.documents()):
        return wanted
    found = sorted(library.named(wanted) or library.named(f"《{wanted.strip('《》')}》"))
    if not found:
        raise NotHeld(f"库内没有“{wanted[:60]}”", "请核对文号或标题；文件列表中有每份文件的编号")
    if len(found) > 1:
        raise PolicyError(f"“{wanted[:60]}”可指多份文件", f"请改用其中一个编号：{'、'.join(found[:5])}")
    return found[0]


def bounded(name: str, text: str, longest: int) -> str:
    """The text without white space around it. Raises SettingsError where it is empty or too long."""
    stripped = text.strip()
    if not stripped:
        raise SettingsError(f"{name}是空的", "请写出要问的内容")
    if len(stripped) > longest:
        raise SettingsError(f"{name}超过 {longest} 字（{len(stripped)} 字）", "请缩短后再试")
    return stripped


def day_given(text: str | None) -> date:
    """The day for which validity counts; today where none is given. Raises SettingsError."""
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError as error:
        raise SettingsError(f"看不懂日期：{text[:40] if text else ''}", "请写成 2025-06-30 的样子") from error


def filters_given(values: Mapping[str, Any] | None) -> Filters:
    """JSON filters; a wrong name or kind is refused, not ignored: the answer would be about other files."""
    for name, value in (values or {}).items():
        kind = FILTERS.get(name)
        if kind is None or not isinstance(value, list) or not all(isinstance(v, kind) for v in value):
            raise SettingsError(f"筛选条件不正确：{name[:40]}", f"可用 {'、'.join(FILTERS)}，值都是列表")
        if len(value) > MAX_VALUES:
            raise SettingsError(f"筛选条件 {name} 超过 {MAX_VALUES} 项", "请分几次查询")
    return Filters(**{name: tuple(value) for name, value in (values or {}).items()})


def what_is_wrong(problems: Sequence[Mapping[str, Any]], skipped: int = 0) -> str:
    """The problems that pydantic found in what came in, in Chinese; the values themselves are not repeated.

    ``skipped``: first parts of a place that mean nothing to the caller (body).
    """
    return "；".join(_wrong(".".join(str(part) for part in p["loc"][skipped:])[:60] or "请求", p) for p in problems[:5])


def _wrong(place: str, problem: Mapping[str, Any]) -> str:
    context, kind = problem.get("ctx", {}), problem["type"]
    if kind == "missing":
        return f"缺少 {place}"
    if kind in ("json_invalid", "model_attributes_type"):
        return "内容不是 JSON 对象（Content-Type 须为 application/json）"
    if kind in ("less_than_equal", "greater_than_equal", "too_long"):
        bounds = (context.get(name) for name in ("le", "ge", "max_length"))
        return f"{place} 超出范围（界限 {next(b for b in bounds if b is not None)}）"
    return f"{place} 的类型或取值不对"
