"""Lines of one part → nodes of the clause tree, with the paths that citations print."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.clauses.closing import release_closing
from ingest.clauses.forms import footnote
from ingest.clauses.lines import Line
from ingest.clauses.lost import lost_first_heading
from ingest.clauses.markers import Marker, Style, numbered
from ingest.clauses.node import Node
from ingest.clauses.questions import answer_end, question_in

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
# 第一条 【适用范围】…, 第一条（适用范围）…
_BRACKETED_HEADING = re.compile(r"\[([\u4e00-\u9fff、]{2,20})\] *(?=\S)|\(([\u4e00-\u9fff、]{2,12})\) *(?=\S)")
# A sentence that lays something down is text even where it stands alone on its line: 十二、本通知自2019年7月1日起实施。
_LAYS_DOWN = re.compile(
    r"应当|应[在于按由自]|须|不得|可以|予以|给予|由.{1,30}(?:负责|制定|公布|确定)|自\d|\d ?(?:年|月|日|%|元|项)|的,|,[并且]|有效期|表 ?[\dA-Z]"
)
# 注意事项:, 温馨提示: a list below it that begins again at 1 is its own.
_LABEL_LIMIT = 15
_SAME_WORDS = 4
_NOTE_ROW = re.compile("注|备注|说明|合计|总计|小计|.{40}|.*。$")


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
        self._group: int | None = None
        self._lists_hold_articles = False
        self._first_items: dict[tuple[int | None, Style | None], int] = {}
        self._last_items: dict[tuple[int | None, Style], int] = {}
        self._next_markers: list[Marker | None] = []
        self._start = 0

    def read(self, start: int, stop: int) -> None:
        """Append a node for every line ``start:stop``."""
        self._start = start
        self._lists_hold_articles = self._chinese_before_articles(start, stop)
        self._next_markers = self._markers_below(start, stop)
        lost_heading = lost_first_heading(self._lines, start, stop)
        index = start
        while index < stop:
            line = self._lines[index]
            after = index + 1
            if line.is_row:
                self._add_row(index)
                index = after
                continue
            self._in_table = False
            if answered := answer_end(self._lines, index, stop):
                self._add_question(index, answered)
                after = answered
            elif line.marker:
                self._add_item(index, line.marker)
            elif restored := numbered(Style.CHINESE, 1, 0) if index == lost_heading else self._lost_number(index, stop):
                self._add_item(index, restored, restored=True)
            else:
                self._add_paragraph(index)
            index = after
        release_closing(self._nodes, self._first, self._lines, self._root, self._prefix.strip())
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

    def _add_question(self, index: int, stop: int) -> None:
        """A question with its answer; lists below it are parts of the answer."""
        line = self._lines[index]
        if line.marker:
            self._add_item(index, line.marker)
        else:
            self._close_down_to(Style.CHINESE + 5)
            above = self._parent()
            node = Node(index, stop, "body", above.path if above else self._prefix.strip(), parent=self._parent_index())
            node.rank = (above.rank if above else Style.CHINESE) + 5
            self._open.append(self._append(node))
        node = self._nodes[self._open[-1]]
        node.stop_line, node.title_like = stop, False
        asked = question_in(line)
        node.heading = (line.first + asked[0], line.first + asked[1]) if asked else None

    def _add_item(self, index: int, marker: Marker, restored: bool = False) -> None:
        rank = self._rank(marker)
        self._close_down_to(rank)
        self._hold_second_list(marker)
        node = Node(index, index + 1, "body", self._item_path(marker), marker, None, self._parent_index(), restored)
        node.rank, node.style = rank, marker.style
        self._read_heading(node, 0 if restored else marker.length)
        if parent := self._parent():
            parent.items += 1
            parent.rich = parent.rich or node.run_in
        node.article_paragraphs = 1 if self._lines[index].content else 0
        self._last_items[node.parent, marker.style] = len(self._nodes)
        self._first_items.setdefault((node.parent, marker.style), len(self._nodes))
        self._open.append(self._append(node))

    def _hold_second_list(self, marker: Marker) -> None:
        """A list that begins again at 1 below ``注意事项:`` is that label's, not a second list of the clause above."""
        if marker.number != 1 or marker.style not in _LISTS or len(self._nodes) == self._first:
            return
        label, above = self._nodes[-1], self._parent_index()
        text = self._lines[label.first_line].text.rstrip(":")
        last = self._last_items.get((above, marker.style))
        if last is None or not label.is_plain or len(text) > _LABEL_LIMIT or re.search("[。;,]", text):
            return
        if label.parent not in (above, last):
            return
        if label.parent == last:
            self._nodes[last].children -= 1
            self._nodes[last].paragraphs -= 1
        self._close_down_to(self._rank(marker) - 1)  # the label of the list before
        parent = self._parent()
        label.parent, label.kind, label.rank = self._parent_index(), "heading", self._rank(marker) - 1
        label.path = (parent.path if parent else self._prefix) + text
        first = self._lines[label.first_line].first
        label.heading = (first, first + len(text))
        self._open.append(len(self._nodes) - 1)

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
        if parent and marker.style is Style.DIGIT and parent.path.endswith("）项"):
            return f"第{marker.number}目"
        return marker.label

    def _read_heading(self, node: Node, skip: int) -> None:
        """Run-in heading: up to the first 。 when that is at most 40 characters and more text follows."""
        line = self._lines[node.first_line]
        content = line.text[skip:]
        base = line.first + skip
        if named := _BRACKETED_HEADING.match(content):
            group = 1 if named[1] else 2
            node.heading, node.run_in = (base + named.start(group), base + named.end(group)), True
            return
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
        if label := footnote(self._lines[index].text):
            self._add_footnote(index, label)
            return
        article = next((i for i in reversed(self._open) if self._nodes[i].style is Style.ARTICLE), None)
        if article is not None and self._list_goes_on(index, article):
            parent = self._parent()
        elif article is not None and not self._continues_item(parent):
            self._add_article_paragraph(index, article)
            return
        if article is None and parent and (self._follows_list(index, parent) or self._follows_steps(index, parent)):
            self._open.pop()
            parent = self._parent()
        if parent:
            parent.paragraphs += 1
            if len(self._open) > 1:
                self._nodes[self._open[-2]].rich = True
        path = parent.path if parent else self._prefix.strip()
        self._append(Node(index, index + 1, "body", path, None, None, self._parent_index()))

    def _add_footnote(self, index: int, label: str) -> None:
        """A note is no 款 of the article and no paragraph of the item that it stands below."""
        parent = self._parent()
        above = parent.path if parent else self._prefix.strip()
        node = Node(index, index + 1, "body", f"{above} {label}".strip(), parent=self._parent_index())
        node.rank = _PARAGRAPH_RANK
        self._nodes.append(node)

    def _follows_list(self, index: int, item: Node) -> bool:
        """The paragraph stands below the last of several items that are one sentence each: it speaks of them all.

        Or it introduces a second list in the words of the first: 个人申请条件: …… 企业申请条件:
        """
        above = self._nodes[self._open[-2]] if len(self._open) > 1 else None
        following = self._next_markers[index - self._start]
        if not above or not following or item.style not in _LISTS or item.run_in or item.children:
            return False
        line = self._lines[item.first_line].text
        is_sentence = not line.endswith(":") and (not item.title_like or line.endswith("。"))
        if not is_sentence or above.items < 2:
            return False
        return (self._rank(following) < item.rank and not above.rich) or self._introduces_like(index, item)

    def _introduces_like(self, index: int, item: Node) -> bool:
        first = self._first_items[item.parent, item.style]
        lead = self._lines[self._nodes[first].first_line - 1].text if first else ""
        text = self._lines[index].text
        return text.endswith(":") and len(text) > _SAME_WORDS and text[-_SAME_WORDS:] == lead[-_SAME_WORDS:]

    def _follows_steps(self, index: int, item: Node) -> bool:
        """温馨提示 below the last of several steps."""
        text = self._lines[index].text
        step = self._lines[item.first_line].text
        is_label = len(text) <= _LABEL_LIMIT and not re.search("[。;,:]", text)
        return item.style is Style.STEP and step.endswith("。") and is_label

    def _list_goes_on(self, index: int, article: int) -> bool:
        """The paragraph stands between （六） and （七） of an article: it belongs to （六）, and so do the numbers below it."""
        following = self._next_markers[index - self._start]
        if following is None or following.number < 2:
            return False
        for at in range(len(self._open) - 1, self._open.index(article), -1):
            marker = self._nodes[self._open[at]].marker
            if marker and (marker.style, marker.number + 1) == (following.style, following.number):
                del self._open[at + 1 :]
                return True
        return False

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
            self._group = None
        self._row += 1
        tables = parent.tables if parent else self._root_tables
        above = parent.path if parent else self._prefix.strip()
        locator = f"表{tables if tables > 1 else ''}第{self._row}行"
        node = Node(index, index + 1, "table_row", f"{above} {locator}".strip(), None, None, self._parent_index())
        text = self._lines[index].text
        if "\t" in text:
            node.parent = self._parent_index() if self._group is None else self._group
        self._append(node)
        if "\t" not in text:
            self._group = None if _NOTE_ROW.match(text) else len(self._nodes) - 1

    def _settle_headings(self) -> None:
        """A numbered line with nothing but a title is a heading if something stands below it, else an item."""
        for node in self._nodes[self._first :]:
            if node.style in _CONTAINERS:
                node.kind = "heading"
            elif node.title_like and self._is_sentence(node):
                node.heading = None
            elif node.title_like and node.children:
                node.kind = "heading"

    def _is_sentence(self, node: Node) -> bool:
        """Ends with 。 and is no title that happens to be printed with one (（一）指导思想。)."""
        text = self._lines[node.first_line].content
        if not text.endswith("。"):
            return False
        is_title = len(text) <= _RUN_IN_LIMIT + 1 and not _LAYS_DOWN.search(text)
        return node.style is Style.ARTICLE or not node.children or not is_title


def _chinese(number: int) -> str:
    return numbered(Style.CHINESE, number, 0).label[:-1]
