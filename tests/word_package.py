"""DOCX packages from raw WordprocessingML: what python-docx cannot write."""

from __future__ import annotations

import io
import re
import zipfile

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def part(name: str, inner: str) -> str:
    """An XML part with the element ``name`` (``w:footnotes``) around ``inner``, all prefixes declared."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><{name} {_DECLARED}>{inner}</{name}>'


def word(body: str, **parts: str | bytes) -> bytes:
    """A package with this body. ``parts``: ``footnotes=…`` is word/footnotes.xml, related by its name with id ``footnotes``;
    a name with ``__`` instead of the dot keeps its suffix: ``chunk__html`` is word/chunk.html.
    """
    related = {name: name.replace("__", ".") if "__" in name else f"{name}.xml" for name in parts}
    kinds = {name: re.sub(r"\d|__.*", "", name) for name in parts}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kinds[name]}" Target="{target}"/>'
        for name, target in related.items()
    )
    overrides = "".join(
        f'<Override PartName="/word/{target}" ContentType="{_TYPES}.{kinds[name]}+xml"/>'
        for name, target in related.items()
        if target.endswith(".xml")
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.'
        'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "word/document.xml": part("w:document", f"<w:body>{body}</w:body>"),
        **{f"word/{related[name]}": content for name, content in parts.items()},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; plain text becomes a run."""
    inner = "".join(piece if piece.startswith("<") else run(piece) for piece in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def listed(text: str, number: int, depth: int = 0) -> str:
    """A paragraph of the list ``number``."""
    return para(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def level(depth: int, style: str, pattern: str, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{extra}<w:lvlText w:val="{pattern}"/></w:lvl>'


def lists(*abstracts: str, numbers: str = "") -> str:
    """numbering.xml: each of ``abstracts`` (levels) is the list of its place, from 1; ``numbers`` are further w:num."""
    inner = "".join(
        f'<w:abstractNum w:abstractNumId="{place}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        for place, levels in enumerate(abstracts, start=1)
    )
    inner += "".join(
        f'<w:num w:numId="{place}"><w:abstractNumId w:val="{place}"/></w:num>' for place in range(1, len(abstracts) + 1)
    )
    return part("w:numbering", inner + numbers)


def row(*cells: str, properties: str = "") -> str:
    """A table row; each cell is text, or a whole w:tc."""
    inner = "".join(cell if cell.startswith("<w:tc>") else f"<w:tc><w:tcPr/>{para(cell)}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def cell(text: str, properties: str) -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else para(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"
