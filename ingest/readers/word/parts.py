"""The parts of a DOCX package, found by relationship where there is one, and the names of its elements."""

from __future__ import annotations

import posixpath

from lxml import etree

from ingest.readers.archive import Package, parse_xml

_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MARKUP = "{urn:schemas-microsoft-com:vml}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
FALLBACK = COMPATIBILITY + "Fallback"
# ISO 29500 "strict" files use other namespace names for the same elements.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/math": _OFFICE + b"math",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": _OFFICE + b"relationships",
    **{
        b"http://purl.oclc.org/ooxml/drawingml/" + name: b"http://schemas.openxmlformats.org/drawingml/2006/" + name
        for name in (b"main", b"wordprocessingDrawing", b"picture", b"diagram", b"chart")
    },
}


def value_of(element: etree._Element | None) -> str | None:
    """``w:val`` of an element that may be missing."""
    return None if element is None else element.get(W + "val")


def is_on(element: etree._Element | None) -> bool:
    """A switch such as ``w:vanish``: present, and not set to off."""
    return element is not None and element.get(W + "val") not in ("0", "false", "off", "none")


def chosen(alternatives: etree._Element) -> etree._Element | None:
    """The branch of an mc:AlternateContent that is read: Word stores most drawings twice, the second time for old programs."""
    choice = alternatives.find(COMPATIBILITY + "Choice")
    return choice if choice is not None else alternatives.find(FALLBACK)


def is_fallback(element: etree._Element) -> bool:
    """Inside the branch of an mc:AlternateContent that is not read."""
    return any(
        ancestor.tag == FALLBACK and chosen(ancestor.getparent()) is not ancestor
        for ancestor in element.iterancestors(FALLBACK)
    )


class Parts:
    """Parts by the name that relationships of the main part give them. Everything raises one of ``archive.BROKEN``."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.main = package.relations().by_kind.get("officeDocument", "word/document.xml")
        self._folder = posixpath.dirname(self.main)
        relations = package.relations(self.main)
        self._kinds, self._targets = relations.by_kind, relations.by_id

    def document(self) -> etree._Element | None:
        return self._xml(self.main)

    def related(self, kind: str) -> etree._Element | None:
        """The part of a kind (``numbering``, ``styles``, ``footnotes``): by relationship, else by its usual name."""
        root = self._xml(self._kinds[kind]) if kind in self._kinds else None
        return root if root is not None else self._xml(posixpath.join(self._folder, f"{kind}.xml"))

    def target(self, relationship: str | None) -> tuple[str, bytes] | None:
        """Name and bytes of the part that a relationship of the main part points to."""
        name = self._targets.get(relationship or "")
        content = self._package.read(name) if name else None
        return (name, content) if name and content is not None else None

    def target_xml(self, relationship: str | None) -> etree._Element | None:
        name = self._targets.get(relationship or "")
        return self._xml(name) if name else None

    @property
    def has_macros(self) -> bool:
        return posixpath.join(self._folder, "vbaProject.bin") in self._package

    def _xml(self, name: str) -> etree._Element | None:
        content = self._package.read(name)
        if content is None:
            return None
        if b"http://purl.oclc.org/ooxml/" in content:
            for strict, transitional in _STRICT.items():
                content = content.replace(strict, transitional)
        return parse_xml(content)
