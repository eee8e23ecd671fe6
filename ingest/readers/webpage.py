"""HTML of government sites: the article's container and the site's table of metadata; else the densest part of the page.

The metadata table (索引号, 发文字号, 成文日期, 有效性 …) is the most trusted source there is, so it is put first, one
``标签：值`` a line, with the span of every value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html
from readability.readability import Document, Unparseable

from ingest.document import SourceFile, SourceText, Span
from ingest.errors import CorruptFile, NoText
from ingest.normalize import tidy
from ingest.readers.text import decode

# Containers of the article body, best known first: gov.cn, the TRS and 大汉 publishing systems, Guangdong's and Anhui's
# unified platforms, then names that many sites share.
_CONTAINERS: tuple[tuple[str, str], ...] = (
    ("id", "UCAP-CONTENT"), ("tag", "ucapcontent"), ("id", "zoomcon"), ("id", "zoom"), ("id", "info_cont"),
    ("class", "TRS_Editor"), ("class", "TRS_UEDITOR"), ("class", "trs_editor_view"), ("class", "trs_word"),
    ("class", "pages_content"), ("class", "j-fontContent"), ("class", "article-content"), ("class", "article_content"),
    ("class", "content_article"), ("id", "ArticleContent"), ("id", "article_content"), ("id", "mainText"),
    ("class", "newsMain"), ("class", "newscontnet"), ("class", "wzcon"), ("class", "art_con"), ("class", "xxgk_content"),
    ("class", "zwgk_content"), ("class", "article_con"), ("class", "con_text"), ("id", "artibody"), ("tag", "article"),
)  # fmt: skip
# A container with less text than this is an empty shell that a script fills.
_SHELL = 10

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
_INLINE = re.compile(rf"(?<!\w)({_SPACED_LABELS})\s{{0,9}}[：:]")
# What stands behind a label that the site left empty.
_NOT_A_VALUE = re.compile(r"^[-—\s]*$|打印|字体|字号：|分享|浏览次数|浏览量|来源：|收藏|关闭")

_SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "select", "option", "button", "textarea", "input", "iframe", "object", "svg", "nav", "footer",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "ol",
        "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ucapcontent", "ul",
    }
)  # fmt: skip
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)", re.I
)
_MAX_SPAN = 100
# Characters: a longer line is text, not a list of labels.
_MAX_LINE = 1000
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)


def read_webpage(source: SourceFile) -> SourceText:
    """Raises NoText where the page has no article (a list page, a page that a script fills), CorruptFile where it is not HTML."""
    root = _parse(_decode_page(source.content, source.path), source.path)
    container = _container(root)
    if container is None:
        body, around = _readable_part(root, source.path), tuple(render(root))
    else:
        body = tuple(render(container))
        around = tuple(render(root, without=container))
    fields = _table_fields(around)
    if not fields:
        fields, body = _leading_fields(body)
    fields = {**fields, **{label: value for label, value in _head_fields(root).items() if not _has(fields, label)}}
    if not "".join(body).strip():
        raise NoText(
            f"网页里没有正文：{source.path}",
            "页面可能是栏目列表，或正文由脚本生成；请打开具体文件的页面，用浏览器“另存为”完整网页后再上传",
        )
    return _assembled(fields, body, _hidden_warning(container if container is not None else root))


def render(root: etree._Element, without: etree._Element | None = None) -> Iterator[str]:
    """Lines of an element: one a paragraph, one a table row with its cells joined by tabs. Not recursive."""
    page = _Lines(layout=_layout_tables(root))
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if element is without or _is_skipped(element):
                walker.skip_subtree()
                page.skipped = element
                continue
            page.open(element)
        elif page.skipped is element:
            page.skipped = None
        else:
            page.close(element)
        if event == "end" and element is not root:
            page.write(element.tail)
    page.flush()
    yield from page.lines


@dataclass(slots=True)
class _Row:
    """A table in progress: ``carried`` maps a column to the rows that a cell above still covers."""

    cells: list[str] = field(default_factory=list)
    carried: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Lines:
    layout: frozenset[etree._Element]
    lines: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    tables: list[_Row] = field(default_factory=list)
    skipped: etree._Element | None = None

    def open(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "table" and element not in self.layout:
            self.flush()
            self.tables.append(_Row())
        elif tag in ("td", "th") and self._is_cell(element):
            self._take_text()
        elif tag == "dd" and self.text[-1:] == ["\t"]:
            pass  # <dt>文号</dt><dd>云政〔2024〕6号</dd> is a row of two cells
        elif tag == "br" or tag in _BLOCKS or tag in ("td", "th"):
            self.flush()
        self.write(element.text)

    def close(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "table" and element not in self.layout:
            self.flush()
            self._end_row()
            self.tables.pop()
        elif tag in ("td", "th") and self._is_cell(element):
            self._end_cell(element)
        elif tag == "tr" and self.tables:
            self._end_row()
        elif tag == "dt":
            self.text.append("\t")
        elif tag in _BLOCKS or tag in ("td", "th"):
            self.flush()

    def write(self, text: str | None) -> None:
        if text:
            self.text.append(re.sub(r"[ \t\r\n\f]+", " ", text))

    def flush(self) -> None:
        """End of a paragraph. Inside a table cell it is only a space: a row stays one line."""
        if self.tables:
            self.text.append(" ")
            return
        line = self._take_text()
        if line:
            self.lines.append(line)

    def _take_text(self) -> str:
        line = re.sub(r" {2,}", " ", "".join(self.text)).strip(" ")
        self.text.clear()
        return line

    def _is_cell(self, element: etree._Element) -> bool:
        return bool(self.tables) and element.getparent() is not None

    def _end_cell(self, element: etree._Element) -> None:
        row = self.tables[-1]
        self._fill_carried(row)
        rows_down = _span(element.get("rowspan"))
        for _ in range(_span(element.get("colspan"))):
            if rows_down > 1:
                row.carried[len(row.cells)] = rows_down
            row.cells.append("")
        row.cells[-_span(element.get("colspan"))] = tidy(self._take_text()).replace("\t", " ")

    def _fill_carried(self, row: _Row) -> None:
        while row.carried.get(len(row.cells), 0) > 0 and len(row.cells) < _MAX_SPAN:
            row.cells.append("")

    def _end_row(self) -> None:
        row = self.tables[-1]
        self._fill_carried(row)
        line = "\t".join(row.cells).rstrip("\t")
        if line.strip():
            self.lines.append(line)
        row.cells = []
        row.carried = {column: left - 1 for column, left in row.carried.items() if left > 1}


def _is_skipped(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in _SKIPPED:
        return True
    # A script reveals the <body> of some sites; without scripts the page would be empty.
    if element.tag in ("html", "body"):
        return False
    return "hidden" in element.attrib or bool(_HIDDEN_STYLE.search(element.get("style", "")))


def _layout_tables(root: etree._Element) -> frozenset[etree._Element]:
    """Tables that only place things on the page: they hold another table, or no row has two cells."""
    return frozenset(
        table
        for table in root.iter("table")
        if table.find(".//table") is not None or all(len(row) < 2 for row in table.iter("tr"))
    )


def _span(value: str | None) -> int:
    return min(int(value), _MAX_SPAN) if value and value.isascii() and value.isdigit() and int(value[:4]) > 0 else 1


def _parse(text: str, path: str) -> etree._Element:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(text.replace("\0", "").encode("utf-8", errors="ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise CorruptFile(f"网页内容无法解析：{path}", "请用浏览器打开后“另存为”网页再上传") from error


def _decode_page(content: bytes, path: str) -> str:
    """The declared charset, if the bytes agree; sites declare gb2312 and write GBK, so both are read as GB 18030."""
    declared = _DECLARED.search(content[:4096])
    name = declared[1].decode("ascii", errors="ignore").lower() if declared else ""
    if name in ("gb2312", "gbk", "gb18030", "x-gbk"):
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            pass
    elif name == "big5":
        return content.decode("big5hkscs", errors="replace")
    return decode(content, path)


def _container(root: etree._Element) -> etree._Element | None:
    candidates: dict[tuple[str, str], list[etree._Element]] = {}
    for element in root.iter(etree.Element):
        names = (("class", name) for name in element.get("class", "").split())
        for key in (("tag", element.tag), ("id", element.get("id", "")), *names):
            candidates.setdefault(key, []).append(element)
    for key in _CONTAINERS:
        found = [element for element in candidates.get(key, ()) if _length(element) >= _SHELL]
        if found:
            return max(found, key=_length)
    return None


def _length(element: etree._Element) -> int:
    return sum(len(line) for line in render(element))


def _readable_part(root: etree._Element, path: str) -> tuple[str, ...]:
    try:
        summary = Document(html.tostring(root, encoding="unicode")).summary(html_partial=True)
    except (Unparseable, etree.LxmlError):
        return ()
    return tuple(render(_parse(summary, path))) if summary.strip() else ()


def _table_fields(lines: tuple[str, ...]) -> dict[str, str]:
    """Labels and values, from rows of cells and from lines ``标签：值 标签：值``. The first value of a label counts."""
    fields: dict[str, str] = {}
    for line in lines:
        for label, value in _pairs(line):
            fields.setdefault(label, value)
    return fields


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    cells = [cell.strip() for cell in line.split("\t")]
    for cell, following in zip(cells, [*cells[1:], ""], strict=True):
        label = _label(cell)
        if label and not _label(following) and _is_value(label, following):
            yield label, tidy(following)
        elif not label and len(cell) <= _MAX_LINE:
            yield from _inline_pairs(cell)


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
    bare = re.sub(r"[\s：:]", "", cell) if len(cell) <= 40 else ""
    return bare if bare in _LABELS else None


def _is_value(label: str, value: str) -> bool:
    if not value or len(value) > 500 or _NOT_A_VALUE.search(value[:40]):
        return False
    return not label.endswith(_DATED) or bool(re.search(r"\d{4}|[〇○零一二三四五六七八九]{4}", value))


def _leading_fields(body: tuple[str, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The metadata table where it stands inside the article: rows of labels above the first other line."""
    rows = 0
    for line in body:
        if not ("\t" in line and _label(line.split("\t")[0])):
            break
        rows += 1
    return (_table_fields(body[:rows]), body[rows:]) if rows >= 2 else ({}, body)


def _head_fields(root: etree._Element) -> dict[str, str]:
    """ArticleTitle and PubDate (the meta tags that the government site standard prescribes), else the page's <title>."""
    metas = {meta.get("name", "").lower(): tidy(meta.get("content", "")) for meta in root.iter("meta")}
    fields = {"标题": metas.get("articletitle", "") or _page_title(root), "发布日期": metas.get("pubdate", "")}
    return {label: value for label, value in fields.items() if _is_value(label, value)}


def _page_title(root: etree._Element) -> str:
    """关于…的通知_部门文件_中国政府网 → the first part; the name of a site is not a title."""
    title = re.split(r"[_|]|\s[-—–]+\s|-(?=[^-]*(?:网|政府|门户|平台)[^-]*$)", tidy(root.findtext(".//title") or ""))[
        0
    ].strip()
    return "" if re.search(r"(?:网|网站|门户|平台|首页)$", title) else title


def _has(fields: dict[str, str], label: str) -> bool:
    same = {
        "标题": ("标题", "名称", "文件名称", "信息名称"),
        "发布日期": ("发布日期", "发布时间", "公开日期", "公布日期"),
    }
    return any(name in fields for name in same[label])


def _hidden_warning(root: etree._Element) -> tuple[str, ...]:
    concealed = [
        element for element in root.iter(etree.Element) if element.tag not in _SKIPPED and _is_skipped(element)
    ]
    hidden = sum(len(re.sub(r"\s", "", "".join(element.itertext()))) for element in concealed)
    return (f"有 {hidden} 个字在网页上不可见，未收入",) if hidden else ()


def _assembled(fields: dict[str, str], body: tuple[str, ...], warnings: tuple[str, ...]) -> SourceText:
    parts, spans, offset = [], [], 0
    for label, value in fields.items():
        value = value.replace("\n", " ").replace("\t", " ")
        line = f"{label}：{value}\n"
        spans.append((label, Span(offset + len(label) + 1, offset + len(line) - 1)))
        parts.append(line)
        offset += len(line)
    if parts:
        parts.append("\n")
    lines = (tidy(line) for line in body)
    parts.append("".join(f"{line}\n" for line in lines if line))
    return SourceText("".join(parts), fields=tuple(spans), warnings=warnings)
