"""A draft for people: numbered paragraphs with their marks, what is to be looked at in them, tables, and the basis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qa.drafting.model import KIND_NAMES, Grid
from qa.drafting.text import numbered, one_line
from qa.render.markup import badge, escape

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.answer import Citation
    from qa.drafting.model import Draft, Origin, Paragraph, Remark

ORIGIN_NAMES: dict[Origin, str] = {
    "fixed": "固定用语",
    "given": "起草人提供",
    "source": "依据原文",
    "open": "待补充",
    "edited": "已修改",
}
REMARK_NAMES: dict[str, str] = {
    "exceeds": "超出标准",
    "contradicts": "不一致",
    "delegated": "上级授权",
    "ended": "仅供参考",
    "not_in_force": "核实时效",
    "no_basis": "缺少依据",
    "left_out": "未写入内容",
}
_HEADING = 30  # characters; a longer numbered paragraph is a clause with its heading run in
_CAREFUL = (
    "草稿供起草人参考，数字均来自所引条款或起草人填写；【待定】【待补依据】须补充，定稿前须经公平竞争审查和合法性审查。"
)


def draft_html(draft: Draft) -> str:
    """The draft with its marks as links (``#source-MARK``), remarks under their paragraphs, and the sources quoted at the end."""
    body = "".join(
        _grid_html(block) if isinstance(block, Grid) else _paragraph_html(block, marker)
        for block, marker in numbered(draft)
    )
    notices = "".join(f'<p class="notice">{escape(notice)}</p>' for notice in draft.notices)
    addressee = f'<p class="addressee">{escape(draft.addressee)}：</p>' if draft.addressee else ""
    sources = "".join(map(_source_html, draft.citations))
    return (
        f'<article class="draft" aria-label="{escape(KIND_NAMES[draft.kind])}"><p class="status">{escape(draft.status)}</p>'
        f"<h2>{escape(draft.title)}</h2>{notices}{addressee}{body}"
        f'<section class="sources"><h3>引用条款（时效以 {draft.as_of.isoformat()} 为准）</h3><ol>{sources}</ol></section>'
        f'<p class="notice">{_CAREFUL}</p></article>'
    )


def _paragraph_html(block: Paragraph, marker: str) -> str:
    tag = f"h{block.level + 2}" if block.level and len(block.text) <= _HEADING else "p"
    remarks = "".join(map(_remark_html, block.remarks))
    listed = f'<ul class="remarks">{remarks}</ul>' if remarks else ""
    return (
        f'<div class="block {block.origin} level-{block.level}" data-block="{escape(block.id)}">'
        f'<{tag}>{escape(marker)}<span class="words">{escape(one_line(block.text))}</span>{_marks_html(block.marks)}</{tag}>'
        f'<small class="origin">{ORIGIN_NAMES[block.origin]}</small>{listed}</div>'
    )


def _remark_html(remark: Remark) -> str:
    return (
        f'<li class="{remark.kind}"><b>{REMARK_NAMES[remark.kind]}</b> {escape(one_line(remark.text))}'
        f"{_marks_html(remark.marks)}</li>"
    )


def _marks_html(marks: Iterable[int]) -> str:
    return "".join(f'<a class="cite" href="#source-{mark}" aria-label="出处{mark}">[{mark}]</a>' for mark in marks)


def _grid_html(grid: Grid) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in grid.heads)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(one_line(cell))}</td>' for cell in row)}<td>{_marks_html(_of_row(grid, n))}</td></tr>"
        for n, row in enumerate(grid.rows)
    )
    return (
        f'<table class="files draft-grid" data-block="{escape(grid.id)}"><caption>{escape(grid.caption)}</caption>'
        f'<thead><tr>{heads}<th scope="col">出处</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _of_row(grid: Grid, number: int) -> tuple[int, ...]:
    return grid.row_marks[number] if number < len(grid.row_marks) else ()


def _source_html(citation: Citation) -> str:
    return (
        f'<li id="source-{citation.mark}" value="{citation.mark}">{escape(citation.label)} {badge(citation.validity)}'
        f"<blockquote>{escape(one_line(citation.quote))}</blockquote></li>"
    )


def draft_plain(draft: Draft) -> str:
    """What a person reads on a terminal: marks in brackets, remarks under their paragraphs, the sources quoted at the end."""
    parts = [f"{one_line(draft.title)}\n（{draft.status}）", *(f"提示：{notice}" for notice in draft.notices)]
    parts += [f"{draft.addressee}："] if draft.addressee else []
    for block, marker in numbered(draft):
        parts.append("\n".join(_grid_lines(block) if isinstance(block, Grid) else _lines(block, marker)))
    sources = [f"[{c.mark}] {c.label}（时效：{c.validity}）\n    “{one_line(c.quote)}”" for c in draft.citations]
    parts.append("\n".join((f"引用条款（时效以 {draft.as_of.isoformat()} 为准）", *sources)))
    return "\n\n".join((*parts, _CAREFUL))


def _lines(block: Paragraph, marker: str) -> Iterator[str]:
    yield f"{marker}{one_line(block.text)}{_marks_plain(block.marks)}"
    for remark in block.remarks:
        yield f"    ※{REMARK_NAMES[remark.kind]}：{one_line(remark.text)}{_marks_plain(remark.marks)}"


def _grid_lines(grid: Grid) -> Iterator[str]:
    yield grid.caption
    yield "　｜　".join(grid.heads)
    for number, row in enumerate(grid.rows):
        yield f"{'　｜　'.join(map(one_line, row))}{_marks_plain(_of_row(grid, number))}"


def _marks_plain(marks: Iterable[int]) -> str:
    return "".join(f"[{mark}]" for mark in marks)


def draft_markdown(draft: Draft) -> str:
    """CommonMark, in which no text of a file is markup."""
    parts = [f"# {escape(one_line(draft.title))}", f"（{escape(draft.status)}）"]
    parts += [f"{escape(one_line(draft.addressee))}："] if draft.addressee else []
    for block, marker in numbered(draft):
        if isinstance(block, Grid):
            parts += [f"**{escape(block.caption)}**", "\n".join(_markdown_rows(block))]
        else:
            heading = "#" * (block.level + 1) + " " if block.level and len(block.text) <= _HEADING else ""
            marks = escape(_marks_plain(block.marks))
            parts.append(f"{heading}{escape(marker)}{escape(one_line(block.text))}{marks}")
            parts += [
                f"> {REMARK_NAMES[r.kind]}：{escape(one_line(r.text))}{escape(_marks_plain(r.marks))}"
                for r in block.remarks
            ]
    parts.append(f"## 引用条款（时效以 {draft.as_of.isoformat()} 为准）")
    for citation in draft.citations:
        parts.append(
            f"{escape(f'[{citation.mark}]')} {escape(citation.label)}（时效：{escape(citation.validity)}）：{escape(one_line(citation.quote))}"
        )
    return "\n\n".join((*parts, _CAREFUL)) + "\n"


def _markdown_rows(grid: Grid) -> Iterator[str]:
    yield f"| {' | '.join(map(escape, grid.heads))} |"
    yield f"|{'---|' * len(grid.heads)}"
    for row in grid.rows:
        yield f"| {' | '.join(escape(one_line(cell)) for cell in row)} |"
