"""Markdown: the words without the marks. Collections of policies mix it with HTML and VuePress containers (::: tip)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from ingest.document import SourceFile, SourceText, Span
from ingest.normalize import tidy
from ingest.readers.text import decoded
from ingest.readers.wrapped import unwrapped

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE_FIELD = re.compile(r"(?m)^title[ \t]*:[ \t]*(['\"]?)([^\n]{1,300}?)\1[ \t]{0,9}$")

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_ATTRIBUTES = re.compile(r"\{[^{}\n]*=[^{}\n]*\}[ \t]*$")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)")
_NOISE = re.compile(r":::.*|@tab\b.*|\[\[toc\]\]|\*{3,}|(?:```|~~~)[ -~]*", re.IGNORECASE)
_CONTENTS = re.compile(r":{3,} ?details +目录")
_UNDERLINE = re.compile("={3,}")
_QUOTE = re.compile(r"(?:> ?)+")
# Not __: forms print ____ for a blank to fill in. A star between digits multiplies.
_EMPHASIS = re.compile(
    r"(?<![\\*])(\*{2,3})(?=[^\s*])([^*\n]+)(?<=\S)\1|(?<![\\*\w])\*(?=[^\s*])([^*\n]+)(?<=\S)\*(?![*\w])"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_CELL_END = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>|</p>\s*(?=<p\b)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>|<!--[^\n]{0,2000}?-->")
_ROW = re.compile(r"<tr\b[^<>]*>((?:(?!</?tr\b).){0,20000}?)</tr\s*>\s*", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"<t[dh]\b[^<>]*>", re.IGNORECASE)
_CELL_CLOSED = re.compile(r"</t[dh]\s*>", re.IGNORECASE)


def read_markdown(source: SourceFile) -> SourceText:
    """Markdown without its marks. The YAML front matter stays as it is; its title, or else the first heading of the highest
    level, becomes the field 标题. Its ``date`` may be that of the page, of an amendment or of 施行: it tells nothing of the file.
    """
    text, warnings = decoded(source)
    text = text.lstrip("\n")
    front = _FRONT_MATTER.match(text)
    head = text[: front.end()] if front else ""
    body, heading = _plain(text[len(head) :])
    body = unwrapped(tidy(body))
    fields: tuple[tuple[str, Span], ...] = ()
    if named := _TITLE_FIELD.search(head):
        fields = (("标题", Span(*named.span(2))),)
    elif heading and (start := body.find(heading := tidy(heading))) >= 0:
        fields = (("标题", Span(len(head) + start, len(head) + start + len(heading))),)
    return SourceText(head + body, fields=fields, warnings=warnings)


def _plain(text: str) -> tuple[str, str | None]:
    """The text without marks, and the first top-level heading."""
    raw_lines = [line.strip() for line in _ROW.sub(_row_of_html, text).replace("|\n\n|", "|\n|").split("\n")]
    raw_lines = _without_contents(raw_lines)
    rows = _rows(raw_lines)
    lines: list[str] = []
    heading: str | None = None
    for index, raw in enumerate(raw_lines):
        if index in rows:
            lines.append(_row(raw))
        elif _UNDERLINE.fullmatch(raw):
            heading = heading or (lines[-1] if lines else None)
        elif not _is_noise(raw):
            level, words = _heading(raw)
            found = [_unmarked(part) for part in _BREAK.sub("\n", words).split("\n")]
            heading = heading or (found[0].strip() if level == 1 else None)
            lines += found
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n", heading


def _without_contents(lines: list[str]) -> list[str]:
    """Without the container of links to the chapters and articles below (``::: details 目录``), which ends at ``:::``."""
    start = next((i for i, line in enumerate(lines) if _CONTENTS.match(line)), None)
    end = (
        next((i for i, line in enumerate(lines[start:], start) if not line.strip(":") and line), None)
        if start is not None
        else None
    )
    return lines if start is None or end is None else lines[:start] + lines[end + 1 :]


def _is_noise(line: str) -> bool:
    only_links = _LINK.search(line) and not re.search(r"\w", _LINK.sub("", _untagged(line)))
    return bool(_NOISE.fullmatch(line) or _is_rule(line) or only_links)


def _heading(line: str) -> tuple[int, str]:
    match = _HEADING.fullmatch(line)
    return (
        (len(match[1]), _ATTRIBUTES.sub("", match[2]).rstrip(" \t#"))
        if match
        else (0, _QUOTE.sub("", line, count=1) if line[:1] == ">" else line)
    )


def _rows(lines: Sequence[str]) -> set[int]:
    """Indexes of table rows: between bars, or (without outer bars) beside the rule below the head of a table."""
    found = {i for i, line in enumerate(lines) if len(line) > 1 and line[0] == line[-1] == "|" and not _is_rule(line)}
    for index, line in enumerate(lines):
        if index and "|" in line and _is_rule(line) and "|" in lines[index - 1]:
            found.add(index - 1)
            found.update(_while_bars(lines, index + 1))
    return found


def _while_bars(lines: Sequence[str], index: int) -> Iterator[int]:
    while index < len(lines) and "|" in lines[index]:
        yield index
        index += 1


def _row(line: str) -> str:
    inner = line.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return "\t".join(" ".join(_unmarked(_BREAK.sub(" ", cell)).split()) for cell in _CELL_END.split(inner))


def _row_of_html(row: re.Match[str]) -> str:
    """As a row between bars, so that it is read like one. A cell need not be closed, and words before the first are one."""
    ahead, *cells = (
        " ".join(_untagged(_BREAK.sub(" ", cell)).split()) for cell in _CELL.split(_CELL_CLOSED.sub(" ", row[1]))
    )
    cells = [cell.replace("|", "\\|") for cell in ([ahead] if ahead else []) + cells]
    return f"\n| {' | '.join(cells)} |\n"


def _is_rule(line: str) -> bool:
    """A line across the page, or the one between the head of a table and its rows: ``|:--|--:|``."""
    return "--" in line and not line.strip("|:- \t")


def _unmarked(words: str) -> str:
    words = _EMPHASIS.sub(lambda mark: mark[2] or mark[3], _untagged(_LINK.sub(r"\1", words)))
    return _ESCAPE.sub(r"\1", words)


def _untagged(line: str) -> str:
    return html.unescape(_TAG.sub("", line)).replace("\n", " ")
