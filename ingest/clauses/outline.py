"""Lines of one part → nodes of the clause tree, with the paths that citations print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.clauses.lines import Line
from ingest.clauses.lost import lost_first_heading
from ingest.clauses.markers import Marker, Style, numbered
from ingest.document import ClauseKind

# 款: below the article it is a paragraph of, above the items it introduces.
_PARAGRAPH_RANK = Style.ARTICLE + 5
_CONTAINERS = (Style.PART, Style.CHAPTER, Style.SECTION)
_SELF_LOCATING = (Style.ARTICLE, Style.DECIMAL)
_LISTS = (Style.CHINESE_BRACKETED, Style.DIGIT, Style.DIGIT_BRACKETED, Style.CIRCLED)
_RESTORABLE = (Style.CHINESE_BRACKETED, Style.DIGIT, Style.DIGIT_BRACKETED)

_RUN_IN_LIMIT = 40
_HEADING_LIMIT = 60
# What follows the first sentence may be only its 责任单位.
_NO_TEXT = re.compile(r"\s*(?:\([^()]*\))?\s*")
_ITEM_ENDS = tuple(";:,、")
_CLOSING = re.compile(
    "通过上述|以上|上述|各[地级省市区县部有]|请|特此|让我们|此前|未尽|本(?:通知|意见|方案|措施|政策|办法)|联系"
)


@dataclass(slots=True)
class Node:
    """A clause in the making. ``parent`` is an index in the list of nodes. ``title_like``: its line may be a heading;
    ``items``: numbered children; ``rich``: one of these has a run-in heading or further paragraphs.
    """

    first_line: int
    stop_line: int
    kind: ClauseKind
    path: str = ""
    marker: Marker | None = None
    heading: tuple[int, int] | None = None
    parent: int | None = None
    restored: bool = False
    title_like: bool = False
    run_in: bool = False
    children: int = 0
    paragraphs: int = 0
    items: int = 0
    rich: bool = False
    tables: int = 0
    rank: int = 0
    article_paragraphs: int = 0
    style: Style | None = field(default=None)


class Outline:
    """Builds the nodes of a part's body. ``root`` is the index of the part's title node, ``prefix`` its annex label."""

    def __init__(self, lines: Sequence[Line], nodes: list[Node], root: int | None, prefix: str) -> None:
        self._lines = lines
        self._nodes = nodes
        self._root = root
        self._prefix = prefix
        self._open: list[int] = []
        self._first = len(nodes)
        self._in_table = False
        self._root_tables = 0
        self._row = 0
        self._lists_hold_articles = False
        self._next_markers: list[Marker | None] = []
        self._start = 0

    def read(self, start: int, stop: int) -> None:
        """Append a node for every line ``start:stop``."""
        self._start = start
        self._lists_hold_articles = self._chinese_before_articles(start, stop)
        self._next_markers = self._markers_below(start, stop)
        lost_heading = lost_first_heading(self._lines, start, stop)
        for index in range(start, stop):
            line = self._lines[index]
            if line.is_row:
                self._add_row(index)
                continue
            self._in_table = False
            if line.marker:
                self._add_item(index, line.marker)
            elif restored := numbered(Style.CHINESE, 1, 0) if index == lost_heading else self._lost_number(index, stop):
                self._add_item(index, restored, restored=True)
            else:
                self._add_paragraph(index)
        self._release_closing()
        self._settle_headings()

    def _chinese_before_articles(self, start: int, stop: int) -> bool:
        """一、 plays the part of a chapter where it precedes 第一条."""
        styles = [m.style for line in self._lines[start:stop] if (m := line.marker)]
        if Style.ARTICLE not in styles or Style.CHINESE not in styles:
            return False
        return styles.index(Style.CHINESE) < styles.index(Style.ARTICLE)

    def _markers_below(self, start: int, stop: int) -> list[Marker | None]:
        """For each line of the body: the number that comes next below it."""
        below: list[Marker | None] = []
        following: Marker | None = None
        for line in reversed(self._lines[start:stop]):
            below.append(following)
            following = line.marker or following
        return below[::-1]

    def _rank(self, marker: Marker) -> int:
        if marker.style is Style.CHINESE and self._lists_hold_articles:
            return Style.SECTION + 5
        return marker.rank

    def _parent(self) -> Node | None:
        return self._nodes[self._open[-1]] if self._open else None

    def _parent_index(self) -> int | None:
        return self._open[-1] if self._open else self._root

    def _append(self, node: Node) -> int:
        if self._open:
            self._nodes[self._open[-1]].children += 1
        self._nodes.append(node)
        return len(self._nodes) - 1

    def _close_down_to(self, rank: int) -> None:
        while self._open and self._nodes[self._open[-1]].rank >= rank:
            self._open.pop()

    def _add_item(self, index: int, marker: Marker, restored: bool = False) -> None:
        rank = self._rank(marker)
        self._close_down_to(rank)
        node = Node(index, index + 1, "body", self._item_path(marker), marker, None, self._parent_index(), restored)
        node.rank, node.style = rank, marker.style
        self._read_heading(node, 0 if restored else marker.length)
        if parent := self._parent():
            parent.items += 1
            parent.rich = parent.rich or node.run_in
        node.article_paragraphs = 1 if self._lines[index].content else 0
        self._open.append(self._append(node))

    def _item_path(self, marker: Marker) -> str:
        if marker.style in _SELF_LOCATING:
            return self._prefix + marker.label
        parent = self._parent()
        above = parent.path if parent else self._prefix
        return above + self._component(marker, parent)

    def _component(self, marker: Marker, parent: Node | None) -> str:
        """项 and 目 are named as such below an article: 第五条第二款第（一）项."""
        if parent and marker.style is Style.CHINESE_BRACKETED and parent.rank in (Style.ARTICLE, _PARAGRAPH_RANK):
            return f"第{marker.label}项"
        if parent and marker.style is Style.DIGIT and parent.path.endswith("项"):
            return f"第{marker.number}目"
        return marker.label

    def _read_heading(self, node: Node, skip: int) -> None:
        """Run-in heading: up to the first 。 when that is at most 40 characters and more text follows."""
        line = self._lines[node.first_line]
        content = line.text[skip:]
        base = line.first + skip
        stop = content.find("。")
        if 0 < stop <= _RUN_IN_LIMIT and not _NO_TEXT.fullmatch(content, stop + 1):
            node.heading, node.run_in = (base, base + stop), True
        elif content and len(content) <= _HEADING_LIMIT and stop in (-1, len(content) - 1):
            node.title_like = not content.endswith(_ITEM_ENDS) and ":" not in content
            if node.title_like:
                node.heading = (base, base + len(content.rstrip("。")))

    def _lost_number(self, index: int, stop: int) -> Marker | None:
        """Number 1 that the paragraph lost: it is the first child of an item, and the next line is number 2."""
        following = self._lines[index + 1].marker if index + 1 < stop else None
        parent = self._parent()
        if not following or not parent or following.number != 2 or following.style not in _RESTORABLE:
            return None
        if parent.children or self._rank(following) <= parent.rank or parent.rank == _PARAGRAPH_RANK:
            return None
        return numbered(following.style, 1, 0)

    def _add_paragraph(self, index: int) -> None:
        parent = self._parent()
        article = next((i for i in reversed(self._open) if self._nodes[i].style is Style.ARTICLE), None)
        if article is not None and not self._continues_item(parent):
            self._add_article_paragraph(index, article)
            return
        if article is None and parent and self._follows_list(index, parent):
            self._open.pop()
            parent = self._parent()
        if parent:
            parent.paragraphs += 1
            if len(self._open) > 1:
                self._nodes[self._open[-2]].rich = True
        path = parent.path if parent else self._prefix.strip()
        self._append(Node(index, index + 1, "body", path, None, None, self._parent_index()))

    def _follows_list(self, index: int, item: Node) -> bool:
        """The paragraph stands below the last of several items that are one sentence each: it speaks of them all."""
        above = self._nodes[self._open[-2]] if len(self._open) > 1 else None
        following = self._next_markers[index - self._start]
        if not above or not following or item.style not in _LISTS or item.run_in or item.children:
            return False
        line = self._lines[item.first_line].text
        is_sentence = not line.endswith(":") and (not item.title_like or line.endswith("。"))
        return is_sentence and self._rank(following) < item.rank and above.items > 1 and not above.rich

    def _continues_item(self, parent: Node | None) -> bool:
        """A paragraph below an item that ends with a colon belongs to the item; below any other item it is a 款."""
        if not parent or parent.rank <= _PARAGRAPH_RANK:
            return False
        return self._lines[parent.first_line].text.endswith(":")

    def _add_article_paragraph(self, index: int, article: int) -> None:
        """款: the paragraph on the article's own line is the first and has the article's path."""
        self._close_down_to(_PARAGRAPH_RANK)
        node = self._nodes[article]
        node.article_paragraphs += 1
        number = node.article_paragraphs
        path = node.path if number == 1 else f"{node.path}第{_chinese(number)}款"
        paragraph = Node(index, index + 1, "body", path, None, None, article)
        paragraph.rank = _PARAGRAPH_RANK
        self._open.append(self._append(paragraph))

    def _add_row(self, index: int) -> None:
        parent = self._parent()
        if not self._in_table:
            self._in_table, self._row = True, 0
            if parent:
                parent.tables += 1
            else:
                self._root_tables += 1
        self._row += 1
        tables = parent.tables if parent else self._root_tables
        above = parent.path if parent else self._prefix.strip()
        locator = f"表{tables if tables > 1 else ''}第{self._row}行"
        self._append(
            Node(index, index + 1, "table_row", f"{above} {locator}".strip(), None, None, self._parent_index())
        )

    def _release_closing(self) -> None:
        """Closing paragraphs below the last item belong to the document, not to that item."""
        trailing = len(self._nodes)
        while trailing > self._first and self._is_plain(self._nodes[trailing - 1]):
            trailing -= 1
        closing = self._nodes[trailing:]
        if not closing or trailing == self._first:
            return
        last = self._nodes[trailing - 1]
        if last.marker is None or last.style in (*_CONTAINERS, Style.ARTICLE) or not self._closes(last, trailing):
            return
        for node in closing:
            node.path, node.parent = self._prefix.strip(), self._root
        last.children -= len(closing)
        last.paragraphs -= len(closing)

    def _is_plain(self, node: Node) -> bool:
        return node.marker is None and node.kind == "body" and node.rank == 0

    def _closes(self, last: Node, trailing: int) -> bool:
        line = self._lines[last.first_line].text
        if last.title_like and not line.endswith("。"):
            return False
        siblings_continue = any(n.paragraphs and n.style is last.style for n in self._nodes[self._first : trailing - 1])
        first = self._lines[self._nodes[trailing].first_line].text
        if last.title_like:
            return not siblings_continue
        return not siblings_continue or _CLOSING.match(first) is not None

    def _settle_headings(self) -> None:
        """A numbered line with nothing but a title is a heading if something stands below it, else an item."""
        for node in self._nodes[self._first :]:
            is_sentence = node.title_like and self._lines[node.first_line].text.endswith("。")
            if node.style in _CONTAINERS:
                node.kind = "heading"
            elif is_sentence and (node.style is Style.ARTICLE or not node.children):
                node.heading = None
            elif node.title_like and node.children:
                node.kind = "heading"


def _chinese(number: int) -> str:
    return numbered(Style.CHINESE, number, 0).label[:-1]
