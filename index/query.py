"""A question as the index understands it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from ingest.docnumber import find_numbers
from ingest.references import find_references
from ingest.vocabulary import table

LONGEST_QUERY = 500  # characters; a longer one is a pasted text, and its beginning says what it is about
SAME, NEAR = 0.3, 0.15  # weight of a word that means the same, and of one that is narrower or related

# Words that only make a sentence a question. They are frequent in lay questions and rare in files, so that BM25 would
# take them for the rarest words of all.
_QUESTION_WORDS = re.compile(
    "怎么办|怎么样|怎么|怎样|如何|什么样|什么|为什么|多少|哪些|哪个|哪里|哪儿|请问|咨询一下|咨询|想问一下|想问|[吗呢吧啊呀]"
)
_ARTICLE = re.compile(r"第\s?[一二三四五六七八九十百千零〇\d]{1,7}\s?条")
_SHORTEST_TITLE = 4  # 《意见》, 《办法》 name no file


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user narrowed the search to; empty tuples and ``None`` do not narrow. ``years``: of 成文日期 or the file number.

    ``validity``: accepted states in Chinese (see ``ingest.validity``). ``document_ids``: search only in these files.
    """

    levels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    validity: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """``numbers``: canonical file numbers named in the text; ``titles``: titles quoted in 《》; ``articles``: 第X条 named.

    ``expansions``: official words for the user's words, with their weight. ``as_of``: the day for which validity counts.
    """

    text: str
    filters: Filters = Filters()
    numbers: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    expansions: tuple[tuple[str, float], ...] = ()
    as_of: date | None = None
    limit: int = 20


def understand(text: str, filters: Filters = Filters(), as_of: date | None = None, limit: int = 20) -> Query:
    """The query behind a question: what it names (numbers in any spelling, 《titles》, 第X条), and official words for its own.

    省里, 我区, 去年 do not become filters: a wrong guess would hide the answer, and the words count in the search anyway.
    """
    text = text[:LONGEST_QUERY]
    references = find_references(text)
    titles = (title for reference in references for title in (reference.title, *reference.inner))
    return Query(
        text=text,
        filters=filters,
        numbers=tuple(dict.fromkeys(number.canonical for number in find_numbers(text))),
        titles=tuple(dict.fromkeys(title for title in titles if title and len(title) >= _SHORTEST_TITLE)),
        articles=tuple(dict.fromkeys("".join(found.split()) for found in _ARTICLE.findall(text))),
        expansions=tuple(_expansions(text)),
        as_of=as_of,
        limit=limit,
    )


def subject(text: str) -> str:
    """``text`` without the words that only make it a question; all of it where nothing else is left."""
    rest = _QUESTION_WORDS.sub(" ", text)
    return rest if re.search(r"\w", rest) else text


def _expansions(text: str) -> Iterator[tuple[str, float]]:
    """Official words of the thesaurus groups whose everyday words stand in the text, but for those that stand in it too.

    An official word does not expand to its synonyms: files use it as well, and 奖补, 资助, 扶持资金 beside 补贴 find everything.
    """
    found: dict[str, float] = {}
    for everyday, weight, official in _thesaurus():
        if any(word in text for word in everyday):
            for word in official:
                if word not in text:
                    found[word] = max(weight, found.get(word, 0.0))
    yield from found.items()


@cache
def _thesaurus() -> tuple[tuple[tuple[str, ...], float, tuple[str, ...]], ...]:
    """(everyday words, weight, official words) of every group. A single character stands in too many other words."""
    groups = []
    for row in table("thesaurus"):
        everyday = tuple(word for word in row["colloquial"].split("|") if len(word) > 1)
        official = (row["canonical"], *filter(None, row["official_variants"].split("|")))
        groups.append((everyday, SAME if row["relation"] == "syn" else NEAR, official))
    return tuple(groups)
