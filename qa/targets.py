"""Which files of the library a question is about: named by number or title, else those whose title, kind, level and year fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.chunk import Hit
from index.query import Query
from ingest.docnumber import find_numbers
from ingest.document import PolicyDocument
from qa.evidence import DEAD, Shelf, asks_history, explains
from qa.passage import topic_share
from qa.question import Question
from qa.refusal import is_named

# 方案 asks for a 方案, 区里 for a district's file, 2020年 for one of that year.
KIND_FITS, LEVEL_FITS, YEAR_FITS = 0.3, 0.2, 0.3
FOUND_FITS = 0.3  # the search found a clause of it first
FITS = 0.25
DEAD_FITS = 0.3  # unless a year or 原来 is named, the file in force is meant
EXPLANATION_FITS = 0.3  # an explanation or amendment repeats the title of the policy that is meant
KIND_OF_FILE = re.compile(r"方案|办法|措施|意见|细则|指南|规划|条例|规定|通知|政策")
_AMENDING = re.compile(r"关于(?:修改|废止|调整)")
_CURRENT = re.compile("现在|目前|现行|正在")


def targets(shelf: Shelf, question: Question, query: Query, hits: Sequence[Hit]) -> list[PolicyDocument]:
    """The files that the question means: named by number or title; else those whose title, kind, level and year fit best."""
    numbers = {number.canonical for number in find_numbers(question.text)}
    cards = shelf.library.documents()
    if query.filters.document_ids:
        cards = tuple(card for card in cards if card.id in query.filters.document_ids)
    found = [c for c in cards if c.document_number in numbers or (query.titles and is_named(query.titles, c.title))]
    if found:
        return [shelf.document(card.id) for card in found[:3]]
    order = {document_id: rank for rank, document_id in enumerate(dict.fromkeys(hit.chunk.document_id for hit in hits))}
    kind = KIND_OF_FILE.search(question.text)
    year = re.search(r"(20\d\d)\s*年", question.text)
    # 什么时候到期 may be asked of a file that has expired, 现在执行的 is not.
    may_be_dead = asks_history(question) or (question.kind == "validity" and not _CURRENT.search(question.text))
    marked = []
    for card in cards:
        fit = topic_share(question.topics, card.title)
        fit += KIND_FITS * bool(kind and (kind.group() in (card.kind or "") or kind.group() in card.title[-12:]))
        fit += LEVEL_FITS * (card.level in question.levels) + YEAR_FITS * bool(year and card.year == int(year.group(1)))
        fit += FOUND_FITS / (1 + order[card.id]) if card.id in order else 0.0
        fit -= EXPLANATION_FITS * (explains(card) or bool(_AMENDING.search(card.title)))
        if fit >= FITS and not may_be_dead:  # no other is taken; the status of every file of a library takes a second
            fit -= DEAD_FITS * (shelf.status(card.id).state in DEAD)
        marked.append((fit, card))
    top = max((fit for fit, _ in marked), default=0.0)
    return [shelf.document(card.id) for fit, card in marked if fit >= top - 1e-9 and fit >= FITS][:3]
