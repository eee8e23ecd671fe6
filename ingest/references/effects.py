"""Which articles of a file are meant, and from when and until when what is done to it holds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import Effect, Reference, Span
from ingest.numerals import chinese_to_int
from ingest.references.relations import ARTICLE, ARTICLES
from ingest.validity.dates import WHEN, to_day

_REACH = 120
_ARTICLES_BEHIND = re.compile(rf"(?:[^\S\t\n]?中?的?|\t(?={ARTICLES}(?:[\t\n]|\Z)))({ARTICLES})")
_ARTICLE = re.compile(ARTICLE)
_SENTENCE_END = re.compile("[。；;\n\t]")
# 将第五条修改为：, 第八条第二款中的“5%”修改为“8%”, 删去第十条, 增加一条，作为第六条
_CHANGED = re.compile(
    rf"({ARTICLES})(?:中|规定)?[^。；;《\n]{{0,40}}?(?:(?:修[订改]|改)(?:为|成|如下)|删[去除]|予以修[订改])"
    rf"|删[去除](?:原)?({ARTICLES})|(?:增加|新增)[^。；;《\n]{{0,12}}[，,]?作为({ARTICLES})"
)
# 2014年10月1日起施行的《…》: since when the other file applied, not since when it is repealed.
_FROM = re.compile(rf"自({WHEN})(?:零时)?起(?!(?:施行|实施|执行|试行)的)")
_UNTIL = re.compile(rf"(?:至|到)({WHEN})")
_LONGER = re.compile("延长|延续|顺延|延期|继续")
_LONGER_BY = re.compile(
    r"(?:延长|延续|顺延|延期)(?:有效期|执行|实施)?(?P<count>\d{1,2}|[一二三四五六七八九十两]{1,3})(?P<unit>年|个?月)"
)
_EXTENDED_LATER = re.compile(rf"有效期(?:限)?(?:均|统一|相应)?(?:延长|延续|顺延)[^。；;\n]{{0,4}}(?:至|到)({WHEN})")
_ENDED_OR_LAPSED = re.compile("(?P<ended>废止|停止执行|作废|不再执行)|失效")
_ENDS = ("repeals", "partially_repeals")


def with_effects(text: str, references: Sequence[Reference]) -> Iterator[Reference]:
    """The references with their articles and days. Time grows with the length of the text only."""
    changed = _changed_articles(text, references)
    later = tuple(_EXTENDED_LATER.finditer(text))
    for index, reference in enumerate(references):
        behind = _ARTICLES_BEHIND.match(text, reference.span.end, reference.span.end + _REACH)
        articles = (*(_ARTICLE.findall(behind[1]) if behind else ()), *changed.get(index, ()))
        effect = reference.effect
        if reference.relation == "extends":
            effect = _extension(text, reference, later)
        elif reference.relation in _ENDS:
            effect = _end(text, reference)
        yield replace(reference, articles=tuple(dict.fromkeys(articles)), effect=effect)


def _changed_articles(text: str, references: Sequence[Reference]) -> dict[int, list[str]]:
    """Articles that the lines below 作如下修改 change, by the index of the amended reference above them."""
    amended = [index for index, reference in enumerate(references) if reference.relation == "amends"]
    starts = [references[index].span.end for index in amended]
    found: dict[int, list[str]] = defaultdict(list)
    for match in _CHANGED.finditer(text, starts[0]) if starts else ():
        words = next(filter(None, match.groups()))
        found[amended[bisect_right(starts, match.start()) - 1]] += _ARTICLE.findall(words)
    return found


def _sentence(text: str, span: Span) -> Span:
    """The sentence around a reference, as far as it can matter."""
    front = [match.end() for match in _SENTENCE_END.finditer(text, max(0, span.start - _REACH), span.start)]
    end = _SENTENCE_END.search(text, span.end, span.end + _REACH)
    start = front[-1] if front else max(0, span.start - _REACH)
    return Span(start, end.start() if end else min(len(text), span.end + _REACH))


def _end(text: str, reference: Reference) -> Effect:
    """From which day: the day behind it in the sentence, else the last in front; else that of the list."""
    sentence = _sentence(text, reference.span)
    behind = _FROM.search(text, reference.span.end, sentence.end)
    front = tuple(_FROM.finditer(text, sentence.start, reference.span.start))
    day = behind or (front[-1] if front else None)
    verb = _ENDED_OR_LAPSED.search(text, reference.span.end, sentence.end)
    return replace(
        reference.effect,
        on=to_day(day[1], last=False) if day else reference.effect.on,
        lapsed=not verb["ended"] if verb else reference.effect.lapsed,
    )


def _extension(text: str, reference: Reference, later: Sequence[re.Match[str]]) -> Effect:
    """Until when, or by how much; where its sentence says neither, the next sentence that extends without naming a file."""
    sentence = _sentence(text, reference.span)
    verb = _LONGER.search(text, reference.span.end, sentence.end)
    until = _UNTIL.search(text, verb.end() if verb else reference.span.end, sentence.end)
    longer = _LONGER_BY.search(text, reference.span.end, sentence.end)
    if until:
        return replace(reference.effect, until=to_day(until[1], last=True))
    if longer:
        return replace(reference.effect, months=chinese_to_int(longer["count"]) * (12 if longer["unit"] == "年" else 1))
    if reference.effect.until is None:
        following = next((match for match in later if match.start() >= sentence.end), None)
        return replace(reference.effect, until=to_day(following[1], last=True) if following else None)
    return reference.effect
