"""Footnotes and endnotes (脚注、尾注): the mark that stands in the text and the note that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.readers.counters import format_number
from ingest.readers.word.parts import W, is_fallback, value_of

# Word's own formats of the numbers, where the file names none.
_FORMATS = {"footnote": "decimal", "endnote": "lowerRoman"}
_DELETED = (W + "del", W + "moveFrom")


@dataclass(frozen=True, slots=True)
class Note:
    """``mark`` as printed (``①``, ``1``; empty where the author typed one, which is then text); ``content``: its element."""

    mark: str
    content: etree._Element | None

    @property
    def shown(self) -> str:
        """The mark as it stands in the text: a plain figure or letter would run into the figure or word before it."""
        return f"[注{self.mark}]" if self.mark.isascii() and self.mark.isalnum() else self.mark


class Notes:
    """The notes of a document, by the reference in the text (w:footnoteReference, w:endnoteReference)."""

    def __init__(
        self, body: etree._Element, settings: etree._Element | None, parts: dict[str, etree._Element | None]
    ) -> None:
        """``parts``: footnotes.xml under ``footnote``, endnotes.xml under ``endnote``."""
        self._by_reference: dict[etree._Element, Note] = {}
        for kind, part in parts.items():
            contents = {note.get(W + "id"): note for note in (() if part is None else part.iter(W + kind))}
            for reference, mark in _marks(body, settings, kind):
                self._by_reference[reference] = Note(mark, contents.get(reference.get(W + "id")))

    def of(self, reference: etree._Element) -> Note | None:
        return self._by_reference.get(reference)


def _marks(body: etree._Element, settings: etree._Element | None, kind: str) -> Iterator[tuple[etree._Element, str]]:
    """References in order, with their marks. The properties of a section stand in its last paragraph, or at the end."""
    waiting: list[etree._Element] = []
    ending: etree._Element | None = None
    count = _Count(settings, kind)
    for element in body.iter(W + f"{kind}Reference", W + "sectPr", W + "lastRenderedPageBreak", W + "p"):
        if element.tag == W + "sectPr":
            ending = element if element.getparent().tag != W + "sectPrChange" else ending
        elif element.tag != W + "p":
            waiting.append(element)
        elif ending is not None:
            yield from count.section(waiting, ending.find(f"{W}{kind}Pr"))
            waiting, ending = [], None
    yield from count.section(waiting, None if ending is None else ending.find(f"{W}{kind}Pr"))


class _Count:
    def __init__(self, settings: etree._Element | None, kind: str) -> None:
        self._defaults = None if settings is None else settings.find(f"{W}{kind}Pr")
        self._format = _FORMATS[kind]
        self._last = 0

    def section(
        self, found: list[etree._Element], properties: etree._Element | None
    ) -> Iterator[tuple[etree._Element, str]]:
        style = self._property(properties, "numFmt") or self._format
        start = self._property(properties, "numStart") or ""
        before = int(start) - 1 if start.isascii() and start.isdigit() and len(start) < 6 else 0
        restart = self._property(properties, "numRestart")
        if restart in ("eachSect", "eachPage") or not self._last:
            self._last = before
        for element in found:
            if element.tag == W + "lastRenderedPageBreak":
                self._last = before if restart == "eachPage" else self._last
            elif element.get(W + "customMarkFollows") in ("1", "true", "on"):
                yield element, ""
            elif not _is_deleted(element):
                self._last += 1
                yield element, format_number(self._last, style)

    def _property(self, properties: etree._Element | None, name: str) -> str | None:
        for place in (properties, self._defaults):
            found = None if place is None else value_of(place.find(W + name))
            if found:
                return found
        return None


def _is_deleted(reference: etree._Element) -> bool:
    return is_fallback(reference) or any(ancestor.tag in _DELETED for ancestor in reference.iterancestors(*_DELETED))
