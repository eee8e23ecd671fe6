"""A question as the index understands it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from index.card import DocumentCard
from index.partnumbers import PartNumber, find_part_numbers
from index.slips import meant
from index.titles import Mention, find_mentions
from ingest.docnumber import find_numbers
from ingest.document import Level
from ingest.references import find_references
from ingest.vocabulary import table

LONGEST_QUERY = 500  # characters; a longer one is a pasted text, and its beginning says what it is about
SAME, NEAR = 0.3, 0.15  # weight of a word that means the same, and of one that is narrower or related
SLIP = 0.5  # … and of one that sounds like what was typed

# Words that only make a sentence a question. They are frequent in lay questions and rare in files, so that BM25 would
# take them for the rarest words of all.
_QUESTION_WORDS = re.compile(
    "怎么办|怎么样|(?:怎么|如何|有何|有什么)规定|怎么|怎样|如何|什么样|什么|为什么|多少|多久|多长时间|哪些|哪个|哪家|哪里|哪儿|分别|到底|究竟"
    "|能不能|可不可以|是不是|要不要|行不行|会不会|算不算|有没有|是否|请问|麻烦|您好|你好|咨询一下|咨询|想问一下|想问|一下|[吗呢吧啊呀]"
)
_ARTICLE = re.compile(r"第\s?[一二三四五六七八九十百千零〇\d]{1,7}\s?条")
_SHORTEST_TITLE = 4  # 《意见》, 《办法》 name no file

_ALL: tuple[Level, ...] = ("state", "province", "city", "district")
REGIONS: Literal["regions"] = "regions"
_LEVEL = r"(?:国家|中央|国务院|部委|(?<!各)省|(?<![各城上超门股集])市|区县|县区|(?<![各市地小社园山库辖])区|(?<!各)县)"
_WHERE = "(?:里|上面|上|这边|那边|级层面|层面|级|)"
# 省、市、区; 国家和省; 市里和区里. What follows or stands before makes it a place (合肥市、芜湖市) or an office (省市场监管局).
_ENUMERATED = re.compile(
    rf"{_LEVEL}{_WHERE}(?:(?:[、，,/和与跟及]|以及|还是){_LEVEL}{_WHERE}(?![场区长委]))+|(?:国家)?省市[区县]|[市省][区县市](?=[两三]级|联动|叠加)"
)
_LEVEL_SAID = re.compile(
    rf"{_LEVEL}(?:里|级政策|级文件|级层面|层面|上面|这边|那边)|[我全本]{_LEVEL}|国家(?=有|的|规定|对|给)"
    r"|(?:(?<![\u4e00-\u9fff])|(?<=[和跟与比]))[省市区县](?=有|是|给|呢|的|政策)"
)
_LEVEL_CHARACTERS: tuple[tuple[Level, str], ...] = (
    ("state", "国央部"), ("province", "省"), ("city", "市"), ("district", "区县")
)  # fmt: skip
_EVERY_LEVEL = re.compile(
    r"各级(?!人民|政府|党|财政|部门|领导|机关|组织|各|行政|主管|地方|医|学|教)|[三四]级(?:政策|对比|比较|分别|文件|政府分|之间|各)|上下级|逐级"
)
_EVERYWHERE = re.compile(
    r"(?<!全国)各(?:地市|地|市|省|区|县)(?![区级、]|人民|政府|各|有关|部门)|不同(?:地区|地方|城市|省|市|区|县)|哪个(?:省|市|区|县|城市|地方)"
)


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


NO_FILTERS = Filters()


def passing(
    filters: Filters, cards: Mapping[str, DocumentCard], state: Callable[[str, date], str] | None, as_of: date
) -> frozenset[str] | None:
    """Ids of the documents that pass on the day; ``None`` where nothing is filtered. ``state``: of a document on a day."""
    if filters == NO_FILTERS:
        return None
    found = list(cards.values())
    for field, accepted in (
        ("id", filters.document_ids),
        ("level", filters.levels),
        ("region", filters.regions),
        ("year", filters.years),
    ):
        if accepted:
            among = frozenset(accepted)
            found = [card for card in found if getattr(card, field) in among]
    if filters.validity and state is not None:
        found = [card for card in found if state(card.id, as_of) in filters.validity]
    return frozenset(card.id for card in found)


# By filter and day: ids of the documents that pass, and their keys in the indexes.
Narrowed = dict[tuple[Filters, date], tuple[frozenset[str], frozenset[int]]]


@dataclass(frozen=True, slots=True)
class Query:
    """``numbers``: canonical file numbers named in the text; ``titles``: titles quoted in 《》; ``articles``: 第X条 named.

    ``parts`` and ``mentions``: what may be part of a file number, or a title that is not quoted; the library tells.

    ``expansions``: official words for the user's words, with their weight. ``as_of``: the day for which validity counts.
    ``compares``: the levels that it sets side by side, or ``REGIONS`` where it asks about places without naming them.
    """

    text: str
    filters: Filters = Filters()
    numbers: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    parts: tuple[PartNumber, ...] = ()
    mentions: tuple[Mention, ...] = ()
    articles: tuple[str, ...] = ()
    expansions: tuple[tuple[str, float], ...] = ()
    as_of: date | None = None
    compares: tuple[Level | Literal["regions"], ...] = ()
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
        parts=find_part_numbers(text),
        mentions=find_mentions(text),
        articles=tuple(dict.fromkeys("".join(found.split()) for found in _ARTICLE.findall(text))),
        expansions=tuple(_expansions(text)),
        as_of=as_of,
        compares=compared(text),
        limit=limit,
    )


def compared(text: str) -> tuple[Level | Literal["regions"], ...]:
    """The levels of government that ``text`` sets side by side (省里有，市里呢); ``REGIONS`` for 各地, 哪个市; nothing for one level."""
    if _EVERYWHERE.search(text):
        return (REGIONS,)
    if _EVERY_LEVEL.search(text):
        return _ALL
    said = "".join(found[0] for pattern in (_ENUMERATED, _LEVEL_SAID) for found in pattern.finditer(text))
    levels = tuple(level for level, characters in _LEVEL_CHARACTERS if set(characters) & set(said))
    return levels if len(levels) > 1 else ()


def subject(text: str) -> str:
    """``text`` without the words that only make it a question; all of it where nothing else is left."""
    rest = _QUESTION_WORDS.sub(" ", text)
    return rest if re.search(r"\w", rest) else text


def _expansions(text: str) -> Iterator[tuple[str, float]]:
    """Official words of the thesaurus groups whose everyday words stand in the text, and words of which slips do; but for those
    that stand in it too.

    An official word does not expand to its synonyms: files use it as well, and 奖补, 资助, 扶持资金 beside 补贴 find everything.
    """
    found: dict[str, float] = {}
    for everyday, weight, official in _thesaurus():
        if any(word in text for word in everyday):
            for word in official:
                if word not in text:
                    found[word] = max(weight, found.get(word, 0.0))
    for word in meant(text):
        found[word] = max(SLIP, found.get(word, 0.0))
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
