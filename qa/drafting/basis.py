"""The basis of a draft (依据表): each file that it cites, and its citations in the order in which they are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import LEVEL_NAMES, book_title
from qa.answer import NO_NUMBER, Citation
from qa.drafting.model import Draft, Grid, Paragraph
from qa.drafting.provisions import COMING
from qa.evidence import DEAD

BASIS_HEADS = ("序号", "文件", "文号", "级别", "时效", "引用条款", "用途")
_UNSTATED = "未标明"
_ACT = re.compile(r"》（(?P<number>[^（）]{4,40}号)）(?P<what>(?:修改|停止执行)[^；]{1,40})?")
_ISSUED = re.compile(r".{2,80}印发[《〈](?P<what>[^《》〈〉]{4,80})[》〉]的?通知")


def basis_grid(draft: Draft) -> Grid:
    """依据表: each file that the draft cites, with the clauses used. Files that have ended are listed for reference, in a list of
    bases only: a policy rests on none of them.
    """
    by_file: dict[str, list[Citation]] = {}
    for citation in draft.citations:
        if draft.kind == "basis_list" or _usable(citation):
            by_file.setdefault(citation.document_id, []).append(citation)
    order = list(LEVEL_NAMES)
    files = sorted(by_file.values(), key=lambda c: (not _usable(c[0]), order.index(c[0].level) if c[0].level else 9))
    rows = tuple(_basis_row(number, citations) for number, citations in enumerate(files, 1))
    marks = tuple(tuple(c.mark for c in citations) for citations in files)
    return Grid("basis", "政策依据表", BASIS_HEADS, rows, marks)


def _basis_row(number: int, citations: Sequence[Citation]) -> tuple[str, ...]:
    first = citations[0]
    paths = "；".join(dict.fromkeys(place_in_table(c) or "全文" for c in citations))
    return (
        str(number), first.title or f"{first.file}（标题未标明）", first.document_number or _UNSTATED,
        f"{LEVEL_NAMES.get(first.level or '', f'级别{_UNSTATED}')} {first.region or f'地区{_UNSTATED}'}", _state(first), paths,
        "依据" if _usable(first) else "供参考，不作依据",
    )  # fmt: skip


def _state(citation: Citation) -> str:
    """已修改（清政〔2025〕5号修改第五条）: the state with what changed it, where a file did."""
    act = _ACT.search(citation.validity_reason)
    if act is None or citation.validity not in (*DEAD, "已修改", "部分失效"):
        return citation.validity
    return f"{citation.validity}（{act['number']}{act['what'] or ''}）"


def _usable(citation: Citation) -> bool:
    return citation.validity not in DEAD and citation.validity != COMING


def place_in_table(citation: Citation) -> str:
    """二、（三） as it is, 一、 without its stop, behind which nothing follows in a cell."""
    return citation.path.removesuffix("、")


def short_name(citation: Citation) -> str:
    """The file as a narrow column names it: 《…若干政策》（清政〔2024〕9号） of 《…关于印发〈…若干政策〉的通知》."""
    issued = _ISSUED.fullmatch(citation.title or "")
    return f"{book_title(issued['what'])}（{citation.document_number or NO_NUMBER}）" if issued else citation.source


def renumbered(draft: Draft) -> Draft:
    """Without citations that nothing names; the others from 1 in the order in which the text names them, then those that only
    remarks name.
    """
    said = [mark for block in draft.blocks for mark in marks_in_text(block)]
    remarked = [m for b in draft.blocks if isinstance(b, Paragraph) for remark in b.remarks for m in remark.marks]
    used = list(dict.fromkeys((*said, *remarked)))
    new = {old: number for number, old in enumerate(used, 1)}
    by_mark = {citation.mark: citation for citation in draft.citations}
    citations = tuple(replace(by_mark[old], mark=number) for old, number in new.items())
    return replace(draft, blocks=tuple(_with(block, new) for block in draft.blocks), citations=citations)


def marks_in_text(block: Paragraph | Grid) -> Iterator[int]:
    """Those of what is sent on, without its remarks."""
    if isinstance(block, Grid):
        yield from (mark for marks in block.row_marks for mark in marks)
        return
    yield from block.marks
    yield from (proof.mark for proof in block.proofs)


def _with(block: Paragraph | Grid, new: dict[int, int]) -> Paragraph | Grid:
    def of(marks: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(new[mark] for mark in marks)

    if isinstance(block, Grid):
        return replace(block, row_marks=tuple(map(of, block.row_marks)))
    proofs = tuple(replace(proof, mark=new[proof.mark]) for proof in block.proofs)
    remarks = tuple(replace(remark, marks=of(remark.marks)) for remark in block.remarks)
    return replace(block, marks=of(block.marks), proofs=proofs, remarks=remarks)
