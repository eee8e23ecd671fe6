"""A draft as plain text with printed markers, which the reader of files takes back to the same clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.normalize import fold
from qa.drafting.model import Draft, Grid, Paragraph

_CHINESE = "零一二三四五六七八九十"
_OPENS_LIKE_A_MARKER = re.compile(
    r"[（(]?(?:[一二三四五六七八九十百]{1,4}|\d{1,3})[、.．）)]|第[一二三四五六七八九十百〇零\d]{1,5}[编章节条]|[①-⑳]|附件"
)


def numbered(draft: Draft) -> Iterator[tuple[Paragraph | Grid, str]]:
    """Each block with its printed marker: 一、（一）1.（1）, counted anew under each heading above; empty for body text and tables."""
    counts = [0, 0, 0, 0]
    for block in draft.blocks:
        if isinstance(block, Grid) or block.level == 0:
            yield block, ""
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (4 - block.level)
        yield block, marker(block.level, counts[block.level - 1])


def marker(level: int, number: int) -> str:
    """``marker(2, 12)`` is （十二）."""
    return {1: f"{chinese(number)}、", 2: f"（{chinese(number)}）", 3: f"{number}.", 4: f"（{number}）"}[level]


def chinese(number: int) -> str:
    """1–99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _CHINESE[ones]
    return f"{_CHINESE[tens] if tens > 1 else ''}十{_CHINESE[ones] if ones else ''}"


def one_line(text: str) -> str:
    """Without line breaks and tabs; a break between Latin words stays a space."""
    return re.sub(r"\s+", lambda m: " " if _latin(text, m.start(), m.end()) else "", text.strip())


def _latin(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1].isascii() and text[end].isascii()


def draft_text(draft: Draft) -> str:
    """Title, addressee, then a line for each paragraph and each row of a table, whose cells are joined by tabs."""
    lines = [one_line(draft.title), f"（{draft.status}）", ""]
    if draft.addressee:
        lines.append(f"{one_line(draft.addressee)}：")
    for block, printed in numbered(draft):
        if isinstance(block, Grid):
            lines.append(one_line(block.caption))
            lines += ["\t".join(one_line(cell) or "—" for cell in row) for row in (block.heads, *block.rows)]
        else:
            lines.append(f"{printed}{body(block)}")
    return "\n".join(lines) + "\n"


def body(paragraph: Paragraph) -> str:
    """Its words in one line; what looks like a marker at its beginning is told apart from one."""
    text = one_line(paragraph.text)
    return f"“{text}”" if _OPENS_LIKE_A_MARKER.match(fold(text)) else text
