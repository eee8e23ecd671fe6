"""CSV and TSV: lists of policies (政策清单) exported from a spreadsheet, one row a line."""

from __future__ import annotations

import csv
import io
from collections import Counter

from ingest.document import SourceFile, SourceText
from ingest.errors import UnsupportedFormat
from ingest.normalize import tidy
from ingest.readers.text import decode

_DELIMITERS = ("\t", ",", ";", "|")
# Notes above and below a list are rows of another width.
_REGULAR = 0.8


def read_delimited(source: SourceFile) -> SourceText:
    """Cells joined by tabs; a row with one text is a line of its own. Raises UnsupportedFormat where it is no table."""
    text = decode(source.content, source.path)
    for delimiter in _DELIMITERS:
        rows = _rows(text, delimiter)
        if rows:
            return SourceText("".join(f"{line}\n" for line in map(_line, rows) if line))
    raise UnsupportedFormat(
        f"不是整齐的表格，无法按行读取：{source.path}", "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传"
    )


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Rows with text; empty where the delimiter does not make a table of at least two columns."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error:
        return []
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if rows else (0, 0)
    return rows if width > 1 and count >= _REGULAR * len(rows) else []


def _line(row: list[str]) -> str:
    cells = [tidy(" ".join(cell.split())) for cell in row]
    filled = [cell for cell in cells if cell]
    return filled[0] if len(filled) == 1 else "\t".join(cells).rstrip("\t")
