"""Pages of two government sites, and a page for printing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from html import escape
from random import Random
from string import Template

from tests.hard_documents.truth import CHAPTER, Block, Policy, Row

_NAVIGATION = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li><li><a href="/bsfw">办事服务</a></li></ul></div>'
_RELATED = '<div class="related"><h3>相关解读</h3><ul><li><a href="1.html">一图读懂：产业扶持政策（最高补贴1234万元）</a></li></ul></div>'
_FOOTER = '<div class="footer"><p>主办：市人民政府办公室　承办：市数据局</p><p>网站标识码：1234567890</p></div>'
_SITE = Template(
    '<!DOCTYPE html><html><head><meta charset="$charset"><title>$title_栖川市人民政府门户网站</title>$meta<style>p{text-indent:2em}</style></head>'
    f"<body>{_NAVIGATION}$table<h1>$title</h1><div class='tools'>字体：[大 中 小]　打印　浏览次数：321</div>"
    f'<div $container>$content</div><div style="display:none">$secret</div>{_RELATED}{_FOOTER}<script>var a="$secret";</script></body></html>'.replace(
        "$title_", "${title}_"
    )
)

_PRINT = """
* { print-color-adjust: exact; -webkit-print-color-adjust: exact }
@page { size: A4; margin: 37mm 26mm 35mm 28mm }
body { font: 16pt/28pt 'Noto Serif CJK SC', serif; margin: 0 }
p { margin: 0; text-indent: 2em; text-align: justify }
table { border-collapse: collapse; width: 100%; font-size: 12pt; line-height: 17pt }
td { border: 1px solid #000; padding: 3px }
thead { display: table-header-group }
p.c { text-align: center; text-indent: 0 }
p.r { text-align: right; text-indent: 0; padding-right: 4em }
p.l { text-indent: 0 }
.t { font-size: 22pt; line-height: 34pt }
.m { color: #e00; font-size: 30pt; line-height: 44pt }
.n { page-break-before: always }
"""


def published(policy: Policy) -> Policy:
    """The policy as the site shows it: with a day of publication."""
    return replace(policy, published_on=policy.issued_on + timedelta(days=5))


def without_imprint(policy: Policy) -> Policy:
    """As a site shows it that leaves 版记 away: 自印发之日起 counts from 成文日期, the only day that is known."""
    from_printing = policy.printed_on is not None and policy.effective_on == policy.printed_on
    effective_on = policy.issued_on if from_printing else policy.effective_on
    return replace(published(policy), printed_on=None, effective_on=effective_on)


def as_table_site(policy: Policy, encoding: str = "utf-8") -> bytes:
    """A table of labels above the text, labels spaced out; the text in #zoom, the red head left away."""
    rows = _fields(policy, spaced=True)
    pairs = [rows[index : index + 2] for index in range(0, len(rows), 2)]
    cells = "".join(
        "<tr>" + "".join(f"<td><b>{label}：</b></td><td>{value}</td>" for label, value in pair) + "</tr>"
        for pair in pairs
    )
    left_out = ("mark", "copies", "printed", "copy_number", "urgency")
    return _page(policy, f"<table class='xxgk'>{cells}</table>", 'id="zoom"', "", encoding, left_out)


def as_list_site(policy: Policy, encoding: str = "gb18030") -> bytes:
    """Labels in a list, the whole file with its red head in .TRS_Editor, nested spans and &nbsp; for indents."""
    items = "".join(f"<li><span>{label}</span><em>{value}</em></li>" for label, value in _fields(policy, spaced=False))
    meta = f'<meta name="ArticleTitle" content="{policy.title}"><meta name="PubDate" content="{published(policy).published_on}">'
    return _page(policy, f"<div class='info'><ul>{items}</ul></div>", 'class="TRS_Editor"', meta, encoding, ())


def for_print(policy: Policy) -> str:
    """The file alone, to be printed by a browser; the hidden sentence is white and of no size."""
    hidden = f'<p style="color:#fff;font-size:9pt;margin:0">{policy.secret}</p>'
    content = "".join(_blocks(policy, (), nested=False))
    return f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><style>{_PRINT}</style></head><body>{content}{hidden}</body></html>'


def _fields(policy: Policy, spaced: bool) -> list[tuple[str, str]]:
    shown = published(policy)
    fields = [
        ("索引号", f"0148{policy.seed:05d}/2024-000{policy.seed % 90 + 10}"),
        ("主题分类", "工业、交通 / 其他"),
        ("发布机构", "、".join(policy.issuers)),
        ("成文日期", f"{policy.issued_on.year}年{policy.issued_on.month:02d}月{policy.issued_on.day:02d}日"),
        ("标题", policy.title),
        ("发文字号", policy.number or "无"),
        ("发布日期", str(shown.published_on)),
        ("有效性", "有效"),
    ]
    if spaced:
        return [(" ".join(label) if len(label) < 4 else label, value) for label, value in fields]
    return [(f"{label}：", value) for label, value in fields]


def _page(policy: Policy, table: str, container: str, meta: str, encoding: str, left_out: Sequence[str]) -> bytes:
    content = "\n".join(_blocks(policy, left_out, nested=not left_out))
    charset = "gb2312" if encoding == "gb18030" else encoding  # what such sites say
    page = _SITE.substitute(
        charset=charset,
        title=policy.title,
        meta=meta,
        table=table,
        container=container,
        content=content,
        secret=policy.secret,
    )
    return page.encode(encoding)


def _blocks(policy: Policy, left_out: Sequence[str], nested: bool) -> Iterator[str]:
    rng = Random(policy.seed)
    for block in policy.blocks:
        if block.role in left_out:
            continue
        if block.role == "table":
            yield _table(block.rows)
        else:
            yield from _paragraphs(block, nested, rng)


def _paragraphs(block: Block, nested: bool, rng: Random) -> Iterator[str]:
    if block.role in ("title", "attached", "mark"):
        style = {"mark": "c m", "attached": "c t n"}.get(block.role, "c t")
        if rng.random() < 0.5:
            yield f'<p class="{style}" align="center"><strong>{"<br>".join(block.lines)}</strong></p>'
        else:
            yield from (f'<p class="{style}" align="center"><b>{line}</b></p>' for line in block.lines)
        return
    if block.role == "annex":
        yield f'<p class="l n">{block.lines[0]}</p><p class="c t" align="center">{block.lines[1]}</p>'
        return
    if block.role == "printed":
        yield f'<p class="l">{"　　".join(block.lines)}</p>'
        return
    if block.role == "signature":
        yield from (f'<p class="r" align="right">{line}</p>' for line in block.lines or (block.text,))
        return
    if block.role == "annexes":
        yield from (f"<p>{line}</p>" for line in block.lines)
        return
    style = {"number": "c", "date": "r", "body": "", "note": ""}.get(block.role, "l")
    style = "c" if block.level == CHAPTER else style
    text = escape(block.printed, quote=False)
    if nested and block.role == "body":
        half = len(block.marker) + len(block.text) // 2
        text = f"&nbsp;&nbsp;&nbsp; <span style='font-family:仿宋'>{text[:half]}<span lang='EN-US'>{text[half:]}</span></span>"
    yield f'<p class="{style}">{text}</p>' if style else f"<p>{text}</p>"


def _table(rows: Sequence[Row]) -> str:
    lines = []
    for number, row in enumerate(rows):
        cells = "".join(
            f"<td{_rowspan(rows, number, column)}>{escape(text, quote=False)}</td>"
            for column, text in enumerate(row.cells)
            if column not in row.carried
        )
        lines.append(f"<tr>{cells}</tr>")
    return f"<table border='1'><thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody></table>"


def _rowspan(rows: Sequence[Row], number: int, column: int) -> str:
    span = 1
    while number + span < len(rows) and column in rows[number + span].carried:
        span += 1
    return f' rowspan="{span}"' if span > 1 else ""
