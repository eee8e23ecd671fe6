"""How a measure, its place and its source are called on the page, in tables and on the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.document import LEVEL_NAMES, NO_LEVEL, NO_NUMBER, PolicyDocument, Span, book_title
from ingest.measures.model import Measure

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from index.card import DocumentCard

# 将第十七条修改为：“固定资产投资补助。…”: the amendment is called by what it grants.
_REPLACES = re.compile(r"将.{1,24}修改为[:：]?[“\"]?(?P<name>[^。；;\n”\"]{2,30})[。；;]")


def called(measure: Measure, text: str) -> str:
    """The name of a measure; ``text``: of the version that it was read from."""
    new = _REPLACES.match(measure.span.of(text))
    return new["name"] if new else measure.name


def place_of(card: DocumentCard) -> str:
    """省级 xx省, as far as the file says."""
    return " ".join(filter(None, (LEVEL_NAMES.get(card.level or ""), card.region))) or NO_LEVEL


def path_of(document: PolicyDocument, span: Span) -> str:
    """Locator of the clause in which the span begins."""
    return next((c.path for c in document.clauses if c.span.start <= span.start < c.span.end), "")


def source_of(card: DocumentCard, document: PolicyDocument, span: Span) -> str:
    """《题名》（文号）第四条."""
    return f"{book_title(card.title)}（{card.document_number or NO_NUMBER}）{path_of(document, span)}"
