"""One part of a question asked by itself, with the filters and the day of the whole."""

from __future__ import annotations

import re
from dataclasses import replace

from index.analyzer import tagged
from index.query import Query, understand
from ingest.normalize import fold
from qa.compose import is_header, is_stub
from qa.evidence import Evidence, Shelf, gather
from qa.grants import granting
from qa.question import Question, analyse, says

OFFICIAL_WEIGHT = 0.3  # of an official word in the search, beside the question's own


def ask_alone(
    shelf: Shelf, query: Query, text: str, document_ids: tuple[str, ...] = ()
) -> tuple[Question, tuple[Evidence, ...]]:
    """The part as a question, and the clauses that speak of it, best first; of the files ``document_ids`` only, where named."""
    question = analyse(text)
    filters = replace(query.filters, document_ids=document_ids) if document_ids else query.filters
    part = understand(text, filters, query.as_of, query.limit)
    found = granting(question, gather(shelf, question, shelf.library.search(with_official_words(part, question))))
    return question, tuple(e for e in found if e.clause.kind != "back" and not is_header(e) and not is_stub(e))


def names(name: str, own: str, about: str) -> bool:
    """Whether a clause is about the thing: its own words (flat) have the name, or the last word of it, and its headings or
    the title of its file (folded) the others.
    """
    plain = flat(name)
    if plain in own:
        return True
    letters = re.findall(r"[a-z0-9]+类?", plain)
    words = [word for word, _ in tagged(plain) if len(word) > 1 and not word.isascii()]
    around = f"{about}\n{flat(about)}"
    said = all(says(word, around) for word in words) and all(letter in own for letter in letters)
    return said and bool(words) and says(words[-1], own) and len(own) > len(plain)


def flat(text: str) -> str:
    """Folded, without punctuation, in which files and questions differ: 首台（套）, “小巨人”."""
    return re.sub(r"[\W_]", "", fold(text).lower())


def with_official_words(query: Query, question: Question) -> Query:
    """The other official words for each topic (高企 → 高新技术企业) as well, which a mere search does better without."""
    official = {form: OFFICIAL_WEIGHT * weight for topic in question.topics for form, weight in topic.forms[1:]}
    return replace(query, expansions=tuple((official | dict(query.expansions)).items()))
