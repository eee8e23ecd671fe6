"""The metadata of a government web page: its table of labels, in the layouts that sites use, and its meta tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from ingest.normalize import tidy

_LABELS = frozenset(
    {
        "索引号", "信息分类", "组配分类", "分类", "主题分类", "体裁分类", "服务对象", "发文机关", "发文单位", "发布机构",
        "发布机关", "发布单位", "制发机关", "制定机关", "成文日期", "生成日期", "制发日期", "发文日期", "印发日期",
        "公开日期", "发布日期", "发布时间", "公布日期", "标题", "名称", "文件名称", "信息名称", "发文字号", "文号",
        "文件编号", "规范性文件统一编号", "统一编号", "登记号", "有效性", "时效性", "时效", "有效状态", "文件状态", "效力状态",
        "效力", "施行日期", "实施日期", "生效日期", "失效日期", "废止日期", "有效期", "有效期至", "关键词", "主题词",
        "内容概述", "公文种类", "文种", "公开方式", "公开形式", "公开范围",
    }
)  # fmt: skip
_DATED = ("日期", "时间")
_SPACED_LABELS = "|".join(r"\s{0,9}".join(label) for label in sorted(_LABELS, key=len, reverse=True))
_INLINE = re.compile(rf"(?<!\w)(?:[【\[])?({_SPACED_LABELS})(?:[】\]])?\s{{0,9}}[：:】]")
# What stands behind a label that the site left empty.
_NOT_A_VALUE = re.compile(r"^[-—\s]*$|打印|字体|字号：|分享|浏览次数|浏览量|来源：|收藏|关闭")
# Characters: a longer line is text, not a list of labels.
_MAX_LINE = 1000
# 【已失效】关于…的通知: what the site says of the file, not a part of its title.
_VALIDITY_MARK = re.compile(
    r"^\s*[【\[（(]\s*((?:已|全文|部分)?(?:失效|废止|有效|修改|修订)|现行有效|继续有效)\s*[】\]）)]\s*"
    r"|\s*[【\[（(]\s*((?:已|全文)(?:失效|废止)|失效|废止)\s*[】\]）)]\s*$"
)
_TITLE_LABELS = ("标题", "名称", "文件名称", "信息名称")
_VALIDITY_LABELS = ("有效性", "时效性", "时效", "有效状态", "文件状态", "效力状态", "效力")
_STATE_LIMIT = 10
_SAME = {
    "标题": _TITLE_LABELS,
    "发布日期": ("发布日期", "发布时间", "公开日期", "公布日期"),
}


def table_fields(lines: Sequence[str]) -> dict[str, str]:
    """Labels and values, from rows of cells, from lines ``标签：值 标签：值``, and from a label and its value on two lines.

    The first value of a label counts.
    """
    fields: dict[str, str] = {}
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        for label, value in (*_pairs(line), *_stacked(line, following)):
            fields.setdefault(label, value)
    return fields


def leading_fields(body: tuple[str, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The metadata table where it stands inside the article: rows of labels above the first other line."""
    rows = 0
    for line in body:
        if not ("\t" in line and _label(line.split("\t")[0])):
            break
        rows += 1
    return (table_fields(body[:rows]), body[rows:]) if rows >= 2 else ({}, body)


def with_head_fields(fields: dict[str, str], root: etree._Element) -> dict[str, str]:
    """The fields, and ArticleTitle and PubDate (meta tags of the government site standard) or <title> where these lack."""
    metas = {meta.get("name", "").lower(): tidy(meta.get("content", "")) for meta in root.iter("meta")}
    head = {"标题": metas.get("articletitle", "") or _page_title(root), "发布日期": metas.get("pubdate", "")}
    missing = {
        label: value
        for label, value in head.items()
        if _is_value(label, value) and not any(name in fields for name in _SAME[label])
    }
    return {**fields, **missing}


def with_validity_mark(fields: dict[str, str]) -> dict[str, str]:
    """A title without ``【已失效】``; what this says is the field 有效性 unless the table has one."""
    for label in _TITLE_LABELS:
        mark = _VALIDITY_MARK.search(fields.get(label, ""))
        if mark:
            title = (fields[label][: mark.start()] + fields[label][mark.end() :]).strip()
            fields = {**fields, label: title}
            if not any(name in fields for name in _VALIDITY_LABELS):
                fields["有效性"] = mark[1] or mark[2]
    return fields


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    cells = [cell.strip() for cell in line.split("\t")]
    for cell, following in zip(cells, [*cells[1:], ""], strict=True):
        label = _label(cell)
        if label and not _label(following) and _is_value(label, following):
            yield label, tidy(following)
        elif not label and len(cell) <= _MAX_LINE:
            yield from _inline_pairs(cell)


def _stacked(line: str, following: str) -> Iterator[tuple[str, str]]:
    """A label with its colon, the value on the next line."""
    label = _label(line) if line.rstrip().endswith(("：", ":")) and "\t" not in line else None
    if label and "\t" not in following and not _label(following) and not _INLINE.search(following):
        value = tidy(following)
        if _is_value(label, value) and (label not in _VALIDITY_LABELS or len(value) <= _STATE_LIMIT):
            yield label, value


def _inline_pairs(cell: str) -> Iterator[tuple[str, str]]:
    found = list(_INLINE.finditer(cell))
    for match, following in zip(found, [*found[1:], None], strict=False):
        label = re.sub(r"\s", "", match[1])
        value = tidy(cell[match.end() : following.start() if following else len(cell)])
        # Further words on the line belong to the page, not to the value: 发布日期：2024-09-12 浏览次数：-
        value = re.split(r"\s{2,}|\s+(?=\S+[：:])", value)[0].strip()
        if _is_value(label, value):
            yield label, value


def _label(cell: str) -> str | None:
    bare = re.sub(r"[\s：:【】\[\]]", "", cell) if len(cell) <= 40 else ""
    return bare if bare in _LABELS else None


def _is_value(label: str, value: str) -> bool:
    if not value or len(value) > 500 or _NOT_A_VALUE.search(value[:40]):
        return False
    return not label.endswith(_DATED) or bool(re.search(r"\d{4}|[〇○零一二三四五六七八九]{4}", value))


def _page_title(root: etree._Element) -> str:
    """关于…的通知_部门文件_中国政府网 → the first part; the name of a site is not a title."""
    whole = tidy(root.findtext(".//title") or "")
    title = re.split(r"[_|]|\s[-—–]+\s|-(?=[^-]*(?:网|政府|门户|平台)[^-]*$)", whole)[0].strip()
    return "" if re.search(r"(?:网|网站|门户|平台|首页)$", title) else title
