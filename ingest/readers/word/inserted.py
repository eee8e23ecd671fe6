"""Text that stands in other parts of the package: inserted pages and texts (w:altChunk), diagrams (SmartArt)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

from ingest.errors import ReadError
from ingest.normalize import tidy
from ingest.readers.mhtml import pages_of
from ingest.readers.sniffing import HTML, MHTML, PLAIN
from ingest.readers.text import decode
from ingest.readers.webpage_lines import render

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def inserted_lines(kind: str, content: bytes) -> list[str] | None:
    """Lines of a page or a text that Word shows as part of the document; ``None`` where it is of another kind."""
    pages = pages_of(content) if kind == MHTML else [content]
    try:
        if kind == PLAIN:
            return decode(content, "").splitlines()
        return [*render(html.document_fromstring(decode(pages[0], "")))] if kind in (HTML, MHTML) and pages else None
    except (ReadError, etree.ParserError, ValueError):
        return None


def diagram_lines(model: etree._Element | None) -> Iterator[str]:
    """Texts of the shapes of a diagram, one a line, in the order in which they were written."""
    for point in () if model is None else model.iter(_DIAGRAM + "pt"):
        for paragraph in point.iter(_DRAWING + "p"):
            text = tidy("".join(run.text or "" for run in paragraph.iter(_DRAWING + "t")))
            if text.strip():
                yield text
