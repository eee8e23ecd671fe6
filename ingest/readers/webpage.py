"""HTML of government sites: the article's container and the site's table of metadata; else the densest part of the page.

The metadata table (索引号, 发文字号, 成文日期, 有效性 …) is the most trusted source there is, so it is put first, one
``标签：值`` a line, with the span of every value.
"""

from __future__ import annotations

import re

from lxml import etree, html
from readability.readability import Document, Unparseable

from ingest.document import SourceFile, SourceText, Span
from ingest.errors import CorruptFile, NoText
from ingest.normalize import tidy
from ingest.readers.text import decode
from ingest.readers.webpage_account import account
from ingest.readers.webpage_fields import leading_fields, table_fields, with_head_fields, with_validity_mark
from ingest.readers.webpage_lines import render

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
_DEEP = 200

# What sites print around the article inside its container.
_FURNITURE = re.compile(
    r"(?:【?(?:打印(?:本页|正文)?|关闭(?:窗口|本页)?|收藏|分享|我要纠错|返回顶部|大 ?中 ?小)】?[ |｜]*){1,8}"
    r"|分享(?:到|至)?[：:]?.{0,30}|字体[：:]?.{0,20}|字号[：:]?.{0,20}|扫一扫.{0,30}|上一[篇条页][：:].{0,120}|下一[篇条页][：:].{0,120}"
    r"|当前位置[：:].{0,120}|您(?:当前|现在)?的?(?:所在)?位置[：:是].{0,120}|浏览(?:次数|量)[：:].{0,20}|相关(?:附件|链接|文档|稿件|新闻|解读)[：:]?"
)
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)


def read_webpage(source: SourceFile) -> SourceText:
    """Raises NoText where the page has no article (a list page, a page that a script fills), CorruptFile where it is not HTML."""
    root = _parse(_decode_page(source.content, source.path), source.path)
    container = _container(root)
    article = _readable_part(root, source.path) if container is None else container
    body = tuple(render(article)) if article is not None else ()
    around = tuple(render(root, without=container))
    fields = table_fields(around)
    if not fields:
        fields, body = leading_fields(body)
    fields = with_validity_mark(with_head_fields(fields, root))
    body = _without_furniture(body)
    if not "".join(body).strip():
        raise NoText(
            f"网页里没有正文：{source.path}",
            "页面可能是栏目列表，或正文由脚本生成、嵌在框架里；请打开具体文件的页面，用浏览器“另存为”完整网页后再上传",
        )
    return _assembled(fields, body, account(root, root if article is None else article))


def _parse(text: str, path: str) -> etree._Element:
    # Old pages leave <font> after <font> open. Below 256 levels libxml2 would drop the rest of the page, unless it is told
    # that pages may be huge (then 2,048).
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = html.document_fromstring(text.replace("\0", "").encode("utf-8", errors="ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise CorruptFile(f"网页内容无法解析：{path}", "请用浏览器打开后“另存为”网页再上传") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise CorruptFile(f"网页结构嵌套过深，无法读全：{path}", "请用浏览器打开，把正文复制到 Word 后上传")
    return root


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


def _readable_part(root: etree._Element, path: str) -> etree._Element | None:
    """What readability takes for the article; the whole page where it is so deep that readability would lose some of it."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEP:
            return root
    try:
        summary = Document(html.tostring(root, encoding="unicode")).summary(html_partial=True)
    except (Unparseable, etree.LxmlError):
        return None
    return _parse(summary, path) if summary.strip() else None


def _without_furniture(body: tuple[str, ...]) -> tuple[str, ...]:
    """The lines without what the site printed above and below them for its readers' convenience."""
    start, stop = 0, len(body)
    while start < stop and _FURNITURE.fullmatch(body[start].strip()):
        start += 1
    while stop > start and _FURNITURE.fullmatch(body[stop - 1].strip()):
        stop -= 1
    return body[start:stop]


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
