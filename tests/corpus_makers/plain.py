"""TXT, and HTML as the portals of a city and a district lay it out."""

from __future__ import annotations

import html
from string import Template

from tests.corpus_makers.source import CHAPTER, HEADING, SOURCES, Line, Source, blocks


def as_text(source: Source) -> bytes:
    indent = {"body": "　　", "signature": "　" * 20}
    before = {"attached": "\n\n", "annex": "\n\n"}
    after = {"title": "\n\n", "number": "\n\n", "attached": "\n\n"}
    parts = (
        before.get(line.kind, "") + indent.get(line.kind, "") + line.text.replace("\\", "") + after.get(line.kind, "\n")
        for line in source.lines
    )
    return "".join(parts).encode(source.encoding)


def as_web_page(source: Source) -> bytes:
    layout = Template((SOURCES / f"layout_{source.fields['layout']}.html").read_text("utf-8"))
    values = {"document_number": "无", "validity": "—"} | source.fields
    values = {name: html.escape(value) for name, value in values.items()}
    values["charset"] = "gb2312" if source.encoding == "gb18030" else "utf-8"  # sites say gb2312 and mean its superset
    values["issuers"] = "、".join(source.signatories) or "清河区经济和信息化局"
    # the layout prints the title; a district page does not repeat it in the text
    lines = [line for line in source.lines if line.kind != "title" or source.fields["layout"] == "city"]
    values["content"] = "\n".join(web_block(kind, members) for kind, members in blocks(lines))
    return layout.substitute(values).encode(source.encoding)


def web_block(kind: str, lines: list[Line]) -> str:
    if kind == "table":
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in line.cells) for line in lines)
        return "<table border='1'>" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    align = {"title": "center", "attached": "center", "number": "center", "signature": "right"}.get(kind, "")
    text = html.escape(lines[0].text.replace("\\", ""), quote=False)
    if kind in ("title", "attached") or CHAPTER.match(text):
        align, text = "center", f"<strong>{text}</strong>"
    elif heading := HEADING.match(text):
        text = f"<strong>{heading[0]}</strong>{text[heading.end() :]}"
    style = f"text-align: {align}" if align else "" if kind == "addressees" else "text-indent: 2em"
    return f'<p style="{style}">{text}</p>'
