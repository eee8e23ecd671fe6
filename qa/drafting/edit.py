"""A draft changed by a person: text, new and deleted paragraphs; its figures and its citations are checked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.library import Library
from ingest.errors import NotHeld, PolicyError
from qa.answer import Citation
from qa.drafting.basis import BASIS_HEADS, basis_grid, renumbered
from qa.drafting.figures import unfounded
from qa.drafting.model import Draft, Grid, Paragraph, Remark
from qa.drafting.text import one_line

LONGEST = 5_000  # characters of one paragraph


def edited(draft: Draft, paragraph_id: str, text: str) -> Draft:
    """With the paragraph's new text; a figure that stands in none of the clauses that it cites gets a remark. Raises NotHeld."""
    old = _paragraph(draft, paragraph_id)
    text = one_line(text[:LONGEST])
    kept = tuple(remark for remark in old.remarks if remark.kind != "no_basis")
    new = replace(old, text=text, origin="edited", proofs=(), remarks=(*kept, *_unproven(draft, text, old.marks)))
    return replace(draft, blocks=tuple(new if block is old else block for block in draft.blocks))


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
    """A draft that comes from outside: every citation as the library has it, or said not to stand there; figures looked at again."""
    gone = {citation.mark for citation in draft.citations if not _stands(citation, library)}
    blocks = (_checked(draft, block, gone) if isinstance(block, Paragraph) else block for block in draft.blocks)
    return replace(draft, blocks=tuple(blocks))


def _checked(draft: Draft, block: Paragraph, gone: set[int]) -> Paragraph:
    standing = tuple(mark for mark in block.marks if mark not in gone)
    remarks = [remark for remark in block.remarks if remark.kind != "no_basis" or not remark.marks]
    missing = tuple(mark for mark in block.marks if mark in gone)
    if missing:
        remarks.append(Remark("no_basis", "所引条款与库内现行文本不一致，须重新核对", missing))
    if block.origin in ("source", "edited"):
        found = _unproven(draft, block.text, standing)
        remarks += [remark for remark in found if remark not in remarks]
    proofs = tuple(proof for proof in block.proofs if proof.mark not in gone)
    return replace(block, remarks=tuple(remarks), proofs=proofs)


def _unproven(draft: Draft, text: str, marks: Sequence[int]) -> tuple[Remark, ...]:
    cited = [citation for citation in draft.citations if citation.mark in marks]
    missing = unfounded(text, [part for c in cited for part in (c.quote, c.source, c.path)])
    if not missing:
        return ()
    where = "所引条款" if cited else "本段没有引用条款，"
    return (Remark("no_basis", f"{where}没有写明“{'”“'.join(missing)}”，须补充依据或注明为拟定标准", tuple(marks)),)


def _stands(citation: Citation, library: Library) -> bool:
    try:
        document = library.document(citation.document_id)
    except PolicyError:
        return False
    return citation.span.of(document.text) == citation.quote


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
