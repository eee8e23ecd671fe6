"""Paragraphs below the last item of a part: whose are they? The item's, a heading's above it, or the document's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clauses.lines import Line
from ingest.clauses.markers import Style
from ingest.clauses.node import Node

# Regulations have no closing paragraph: what stands below their last 条 is its 款.
_REGULATION = (Style.PART, Style.CHAPTER, Style.SECTION, Style.ARTICLE)
_CLOSING = re.compile(
    "通过上述|以上|上述(?:政策|措施|规定|意见|事项|内容|任务|工作)|各[地级省市区县部有]|请|特此|专此|此复|现将|感谢|让我们|此前|未尽|联系|咨询"
    "|本(?:通知|意见|方案|措施|政策|办法|通告|公告)"
)
# 上述材料须加盖公章: speaks of the items above it, not of the document.
_OF_THE_LIST = re.compile("上述|以上(?:材料|资料|证件|人员|情形|所[列需])")
_FAREWELL = re.compile("特此(?:通知|公告|通告|函|批复|证明)|感谢(?:您|你们|各)|让我们")
# Stands below the list to which it adds.
_ASIDE = re.compile(r"\W?(?:小贴士|温馨提示|特别(?:提醒|提示|说明)|友情提示|备注|注|说明)\W*(?:$|:)")
_CONTACT = re.compile(".{0,30}(?:联系|咨询|监督|投诉|举报|服务)(?:电话|方式|人)[:、]|.{0,20}电话:")


def release_closing(nodes: list[Node], first: int, lines: Sequence[Line], root: int | None, path: str) -> None:
    """Give the plain paragraphs at the end of ``nodes[first:]`` to the clause of which they speak.

    ``root`` and ``path`` are those of the part.
    """
    trailing = len(nodes)
    while trailing > first and nodes[trailing - 1].is_plain:
        trailing -= 1
    if trailing in (first, len(nodes)):
        return
    last = nodes[trailing - 1]
    if last.marker is None or last.style in _REGULATION:
        return
    for index in range(trailing, len(nodes)):
        owner = _owner(nodes, first, trailing, index, lines)
        if owner == trailing - 1:
            continue
        for node in nodes[index:]:
            nodes[trailing - 1].children -= 1
            nodes[trailing - 1].paragraphs -= 1
            node.parent, node.path = (root, path) if owner is None else (owner, nodes[owner].path)
        if owner is not None:
            nodes[owner].paragraphs += len(nodes) - index
        return


def _owner(nodes: Sequence[Node], first: int, trailing: int, index: int, lines: Sequence[Line]) -> int | None:
    """Index of the clause to which the paragraph ``nodes[index]`` and those below it belong; ``None`` for the document."""
    last = trailing - 1
    item = nodes[last]
    text = lines[nodes[index].first_line].text
    above = lines[item.first_line].text
    if _FAREWELL.match(text):
        return None
    if _CONTACT.match(text) and (index > trailing or above.endswith("。")):
        return None
    if index > trailing or (item.title_like and not above.endswith("。")) or above.endswith(":"):
        return last  # below a bare heading the first paragraph is its text, and so are those below that
    siblings = _siblings(nodes, first, last)
    continue_alike = any(node.paragraphs for node in siblings) or (not siblings and item.title_like)
    if continue_alike and (item.title_like or not _CLOSING.match(text)):
        return last
    if _CLOSING.match(text):
        return None
    if _OF_THE_LIST.match(text) or _ASIDE.match(text):
        return item.parent
    return _ancestor_with_summary(nodes, first, last)


def _siblings(nodes: Sequence[Node], first: int, last: int) -> list[Node]:
    """The items before the last one below the same clause; all of its style where it is the only one."""
    item = nodes[last]
    alike = [node for node in nodes[first:last] if node.style is item.style]
    return [node for node in alike if node.parent == item.parent] or alike


def _ancestor_with_summary(nodes: Sequence[Node], first: int, last: int) -> int | None:
    """The nearest clause above whose siblings go on with paragraphs of their own below their items."""
    ends = {node.parent: node for node in nodes[first : last + 1]}
    at = nodes[last].parent
    while at is not None and at >= first:
        for index in range(first, at):
            sibling, end = nodes[index], ends.get(index)
            if sibling.parent == nodes[at].parent and sibling.items and end is not None and end.is_plain:
                return at
        at = nodes[at].parent
    return None
