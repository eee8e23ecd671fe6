"""TXT as notepads and mail programs leave it."""

from __future__ import annotations

from random import Random

from tests.hard_documents.truth import Block, Policy

INDENT = "\u3000\u3000"


def as_text(policy: Policy, encoding: str) -> bytes:
    """One paragraph a line, indented by full-width spaces, table cells parted by tabs."""
    rng = Random(policy.seed)
    blank = rng.random() < 0.5
    lines = [line for block in policy.blocks for line in _lines(block, blank)]
    ending = "\r\n" if rng.random() < 0.5 else "\n"
    return (ending.join(lines) + ending).encode(encoding)


def _lines(block: Block, blank: bool) -> list[str]:
    if block.role == "table":
        return [
            "\t".join("" if index in row.carried else cell for index, cell in enumerate(row.cells))
            for row in block.rows
        ]
    if block.role == "body":
        return [INDENT + block.printed]
    if block.role in ("title", "attached", "mark"):
        return [*(INDENT * 3 + line for line in block.lines), *[""] * blank]
    if block.role == "printed":
        return [INDENT.join(block.lines)]
    if block.role == "annexes":
        return [*[""] * blank, *(INDENT + line for line in block.lines)]
    if block.role == "annex":
        return ["", block.lines[0], "", INDENT * 4 + block.lines[1]]
    if block.role == "signature":
        return ["", *(INDENT * 8 + line for line in block.lines or (block.text,))]
    indent = {"date": INDENT * 9, "note": INDENT, "number": INDENT * 5}.get(block.role, "")
    return [indent + block.printed]
