"""A draft changed by a person: text, new and deleted paragraphs; its figures and its citations are checked again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.library import Library
from ingest.errors import NotHeld, PolicyError
from qa.answer import Citation
from qa.drafting.against import BAN, FIGURES, against_all
from qa.drafting.basis import BASIS_HEADS, basis_grid, renumbered
from qa.drafting.cells import unfounded_cells
from qa.drafting.figures import unfounded
from qa.drafting.model import Draft, Grid, Paragraph, Remark
from qa.drafting.proven import proven
from qa.drafting.text import one_line
from qa.evidence import Shelf
from qa.injection import instructs
from qa.source import cite

LONGEST = 5_000  # characters of one paragraph
_UNVERIFIED = "未核实"  # 时效 of what does not stand in the library
_OF_WORDS = ("所引条款", "本段", FIGURES, BAN)  # how remarks begin that are made from the words of a paragraph
_COMPARED = re.compile("拟定：“([^”]+)”；原文：")


def edited(draft: Draft, paragraph_id: str, text: str) -> Draft:
    """With the paragraph's new text; a figure that stands in none of the clauses that it cites gets a remark, and so does what is
    above or against one of them. Raises NotHeld.
    """
    old = _paragraph(draft, paragraph_id)
    text = one_line(text[:LONGEST])
    kept = tuple(_kept(old, text))
    remarks = (*kept, *_against(draft, old, text, kept), *_unproven(draft, text, old.marks))
    new = replace(old, text=text, origin="edited", proofs=(), remarks=remarks)
    return replace(draft, blocks=tuple(new if block is old else block for block in draft.blocks))


def _kept(old: Paragraph, text: str) -> Iterator[Remark]:
    """What does not depend on the words (of the files, of the company), and comparisons of what still stands in them."""
    for remark in old.remarks:
        compared = _COMPARED.search(remark.text)
        if not remark.text.startswith(_OF_WORDS) or (compared and compared[1].rstrip("。；") in text):
            yield remark


def _against(draft: Draft, old: Paragraph, text: str, kept: Sequence[Remark]) -> Iterator[Remark]:
    """The words of a clause against those that it cites or was held against, except where they are held against one another."""
    if not old.level:
        return
    compared = [remark for remark in old.remarks if remark.kind in ("exceeds", "contradicts")]
    told = {mark for remark in kept if remark in compared for mark in remark.marks}
    marks = {*old.marks, *(mark for remark in compared for mark in remark.marks)} - told
    heading, _, rest = text.partition("（责任单位：")[0].partition("。")
    words = rest if rest.strip() else heading
    cited = [citation for citation in draft.citations if citation.mark in marks]
    yield from against_all(words, "" if words is heading else heading, cited, draft.citations)


def added(draft: Draft, after: str | None, text: str, level: int = 0) -> Draft:
    """With a new paragraph behind the block ``after`` (``None``: at the beginning). Raises NotHeld."""
    if not 0 <= level <= 4:
        raise NotHeld(f"没有第{level}级标题", "正文为 0，标题为 1 至 4")
    taken = {block.id for block in draft.blocks}
    number = next(n for n in range(1, len(taken) + 2) if f"n{n}" not in taken)
    text = one_line(text[:LONGEST])
    new = Paragraph(f"n{number}", text, level, "edited", remarks=_unproven(draft, text, ()))
    at = 0 if after is None else draft.blocks.index(_block(draft, after)) + 1
    return replace(draft, blocks=(*draft.blocks[:at], new, *draft.blocks[at:]))


def deleted(draft: Draft, block_id: str) -> Draft:
    """Without the paragraph or table, and without citations that nothing names any more. Raises NotHeld."""
    gone = _block(draft, block_id)
    rest = renumbered(replace(draft, blocks=tuple(block for block in draft.blocks if block is not gone)))
    table = basis_grid(rest)
    return replace(rest, blocks=tuple(replace(table, id=b.id) if _is_basis(b) else b for b in rest.blocks))


def checked(draft: Draft, library: Library) -> Draft:
    """A draft that comes from outside: every citation and the table of files made anew from the library, every paragraph that
    counts as words of a file proven again, figures looked at again; what does not stand is said.
    """
    shelf = Shelf(library, draft.as_of)
    told = [_cited(citation, shelf) for citation in draft.citations]
    draft = replace(draft, citations=tuple(citation for citation, _ in told))
    gone = {citation.mark for citation, stands in told if not stands}
    blocks = [_checked(draft, block, gone, shelf) if isinstance(block, Paragraph) else block for block in draft.blocks]
    draft = replace(draft, blocks=tuple(blocks))
    table = basis_grid(draft)
    tables = [block for block in blocks if isinstance(block, Grid) and not _is_basis(block)]
    notices = [notice for grid in tables for notice in unfounded_cells(draft, grid, gone)]
    blocks = [replace(table, id=block.id) if _is_basis(block) else block for block in blocks]
    return replace(draft, blocks=tuple(blocks), notices=tuple(dict.fromkeys((*draft.notices, *notices))))


def _cited(citation: Citation, shelf: Shelf) -> tuple[Citation, bool]:
    """As the library has it; as it came where its words do not stand there."""
    try:
        document = shelf.document(citation.document_id)
        made = cite(shelf.card(document.id), shelf.status(document.id), document, citation.span, citation.mark)
    except (PolicyError, ValueError):
        return replace(citation, validity=_UNVERIFIED), False
    stands = made.quote == citation.quote and not instructs(made.quote)
    return (made, True) if stands else (replace(citation, validity=_UNVERIFIED), False)


def _checked(draft: Draft, block: Paragraph, gone: set[int], shelf: Shelf) -> Paragraph:
    standing = tuple(mark for mark in block.marks if mark not in gone)
    kept = tuple(_kept(block, block.text))
    remarks = [*kept]
    missing = tuple(mark for mark in block.marks if mark in gone)
    if missing:
        remarks.append(Remark("no_basis", "所引条款与库内现行文本不一致，须重新核对", missing))
    origin, proofs = block.origin, tuple(proof for proof in block.proofs if proof.mark not in gone)
    if origin == "source" and not proven(replace(block, marks=standing), draft.citations, shelf):
        origin, proofs = "edited", ()
        remarks.append(Remark("no_basis", "本段文字与所引条款不一致，须逐字核对", standing))
    if origin != "given":
        remarks += _unproven(draft, block.text, standing)
    if origin in ("given", "edited"):
        remarks += _against(draft, block, block.text, kept)
    return replace(block, origin=origin, remarks=tuple(dict.fromkeys(remarks)), proofs=proofs)


def _unproven(draft: Draft, text: str, marks: Sequence[int]) -> tuple[Remark, ...]:
    cited = [citation for citation in draft.citations if citation.mark in marks]
    missing = unfounded(text, [part for c in cited for part in (c.quote, c.source, c.path)])
    if not missing:
        return ()
    where = "所引条款" if cited else "本段没有引用条款，"
    return (Remark("no_basis", f"{where}没有写明“{'”“'.join(missing)}”，须补充依据或注明为拟定标准", tuple(marks)),)


def _is_basis(block: Paragraph | Grid) -> bool:
    return isinstance(block, Grid) and block.heads == BASIS_HEADS


def _paragraph(draft: Draft, block_id: str) -> Paragraph:
    found = _block(draft, block_id)
    if not isinstance(found, Paragraph):
        raise NotHeld(f"“{block_id[:20]}”是表格，不能按段落修改")
    return found


def _block(draft: Draft, block_id: str) -> Paragraph | Grid:
    found = next((block for block in draft.blocks if block.id == block_id), None)
    if found is None:
        raise NotHeld(f"草稿中没有编号为“{block_id[:20]}”的段落", "草稿可能已更新，请刷新")
    return found
