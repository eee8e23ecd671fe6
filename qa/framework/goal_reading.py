"""目标 in running text: 到2025年，工业总产值达到1000亿元以上，年均增长10%左右.

What is measured, the word of comparison, the figure with its unit and until when are spans of the text: nothing is completed.
A figure is a target where its sentence sets an aim (到2025年…, 力争…, 每年新引进…, a clause headed 目标) and grants nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ingest.document import Span
from ingest.normalize import fold
from ingest.numerals import Comparator, find_quantities


@dataclass(frozen=True, slots=True)
class Words:
    """A target in the words of a text; ``metric``, ``comparator`` and ``period`` may stand in several places, or nowhere.

    ``words``: from what is measured to the end of the figure.
    """

    words: Span
    metric: tuple[Span, ...]
    comparator: tuple[Span, ...]
    value: Span
    period: tuple[Span, ...]
    operator: Comparator | None = None


@dataclass(frozen=True, slots=True)
class _Figure:
    """What may be the value of a target: a quantity, several in a list (``unit`` of all), or words (全覆盖, 逐年提升; no unit)."""

    span: Span
    operator: Comparator | None = None
    unit: str = ""


_YEAR = r"20\d\d年"
_BY_YEAR = re.compile(
    rf"(?:到|至){_YEAR}(?:\d{{1,2}}月)?[底末]?|(?:力争|争取)?{_YEAR}(?:\d{{1,2}}月)?(?:[底末]前?|前)|[“\"]?十[四五六]五[”\"]?(?:期间|末|时期)"
    rf"|{_YEAR}(?=[^起以,;。]{{0,24}}(?:达到?|不低于|不少于|超过|突破|提高到|全覆盖))"
)
_WITHIN = re.compile(
    r"(?:通过|用|利用|争取)?[一二三四五六七八九十]{1,3}年(?:内|左右|努力|(?:的)?时间)+|(?:用|利用|通过)?\d{1,2}(?:-\d)?年(?:内|左右|时间)"
)
_EACH = re.compile(r"每年|每季度|(?<![\d0-9上本当全去今明])年(?=新)")
_YEARLY = re.compile("年均|逐年")
_AIMS = re.compile(r"力争|争取|确保|目标|努力实现|预期")
_BRINGS = re.compile(r"引进|新增|培育|建成|打造|新建|设立|签约|完成|实现|招引|开工|投产|提升|提高|增加|增长|对接|培训")
# What is granted, what is asked of an applicant, what was so before: figures, but no aims.
_NO_AIM = re.compile(
    r"给予|奖励|补助|补贴|奖补|贴息|资助|罚款|处以|限额|缴费|缴纳|申报|申请|享受|领取|有效期|扣除|折旧|单个(?:企业|项目)|同一(?:企业|项目)"
    r"|以来|上年度|同期|曾|已(?:达|建成|完成|实现)|预留|预计|最高|提取|免收|租金|分别提供"
)
_ARTICLE = re.compile(r"第[^条]{1,8}条")
_VERBS = r"新引进|引进|新增|培育|建成|推动建设|推动|建设|打造|形成|设立|新建|新签约|培训|发展|认定|招引|开工|创建|吸引|集聚|完成|实现|对接|参与|锻造"
_COMPARING = (
    r"(?:总体|均|分别|总量|力争|可|要|争取|基本|至少)*(?:达到|达|不[得应]?低于|不[得应]?少于|不[得应]?小于|不超过|不高于|超过|突破|超|高于|至少|控制在|稳定在|保持在|提高[到至]"
    r"|提升[到至]|增加[到至]|增长到|降低?[到至]|下降[到至]|接近|约|近|为)"
)
_BEFORE = re.compile(rf"{_COMPARING}\Z")
_AFTER = re.compile(r"(?:\([^()]{0,6}\))?(?:及?以上|及?以下|以内|左右|上下|之内)(?:\([^()]{0,6}\))?")
_PER = re.compile(r"/(?:亩|人|年|平方米|公顷|家|天)")
_SEPARATED = re.compile(r"\s?[、和及与~至-]\s?")
_TREND = re.compile(r"逐年(?:有所)?(?:提升|提高|增加|增长|下降|降低|减少)|翻[一两二三]番|翻番|全覆盖|零增长")
_HALF = re.compile("三分之[一二]|四分之三|一半|半数")
_SEGMENT_END = re.compile(r"(?P<note>\([不均]?含[^()]{0,40}\))|[,;。:()\n\t]")
_LEADING = re.compile(
    r"^(?:[,;:、\s]|其中|并|且|使|使得|确保|力争|争取|全面|同时|实现|和|及|与|以及|到时|预计|均|推动(?!建设)|原则上|基本|再)+"
)
_TRAILING = re.compile(r"(?:力争|争取|要|均|分别|总体|至少|可|[,;:、\s])+\Z")
_BEHIND = re.compile(r"的?(?P<what>[^,;。:、()\d\n\t和及]{2,32})")
_DEPENDENT = re.compile(r"^(?:增加|提升|提高|下降|降低|占|年均|同比|增长|增速|增幅|较|比上|比重|总体)")
_SCALE = re.compile(r"(?:率|量|数|值|额|收入|规模|面积|比重|占比|比例|强度|满意度|里程|投资|总动力|水平|金额)$")
_SENTENCE_END = re.compile("[。\n\t]")
_SIGHT = 32  # characters behind a year in which 达到 makes it one until when
_DIGIT = re.compile(r"(?<!20)\d(?!\d*年)")
_LONGEST_SUBJECT = 80
_LONGEST_PART = 400  # characters back to the ； before which another 每年 stands
_AT_LEAST = re.compile(rf"(?:至少|不少于)(?=(?:{_VERBS})\Z)")
_JOINED = re.compile("[、和及与]|以及")
_PART_OF = re.compile("其中")
_FEW = re.compile("[一两二三]")
_VERB = re.compile(_VERBS)
_VERB_ENDS = re.compile(rf"(?:{_VERBS})(?:至少|约|各)?\Z")
_OF_WHAT = re.compile(r"(?!达|年均|增长|同比|占)[^,;。:、()和及与\n\t]{1,20}")
_NOT_BEHIND = re.compile("(?:年均|增长|同比|占|并|以上|以下|左右)")


def read_targets(
    text: str, aimed: bool = False, subject: Span | None = None, part: Span | None = None
) -> tuple[Words, ...]:
    """Targets of one paragraph, in order. ``aimed``: it stands below a heading that says 目标; ``subject``: what is measured
    where a sentence does not say it (the name of the row of a table); ``part``: only this part of ``text`` is read.

    >>> [(w.metric[0].of(t), w.value.of(t)) for t in ["到2025年，总产值达到90亿元以上。"] for w in read_targets(t)]
    [('总产值', '90亿元')]
    """
    flat = fold(text)
    article = bool(_ARTICLE.match(flat)) and not aimed
    found: list[Words] = []
    year: Span | None = None
    start, stop = (part.start, part.end) if part else (0, len(flat))
    for match in [*_SENTENCE_END.finditer(flat, start, stop), None]:
        within = Span(start, match.start() if match else stop)
        years = [Span(*m.span()) for m in _BY_YEAR.finditer(flat, within.start, within.end)]
        if _sets_an_aim(flat, within, aimed, article, bool(years or year)):
            found += _of_sentence(flat, within, [*([year] if year else []), *years], aimed, subject)
        year = None if match and match[0] == "\n" else years[-1] if years else year
        start = within.end + 1
    return tuple(found)


def _sets_an_aim(flat: str, within: Span, aimed: bool, article: bool, dated: bool) -> bool:
    if _NO_AIM.search(flat, within.start, within.end):
        return False
    if aimed or dated or article:
        return aimed or dated
    if _AIMS.search(flat, within.start, within.end):
        return True
    weak = any(words.search(flat, within.start, within.end) for words in (_EACH, _YEARLY, _WITHIN))
    return weak and _BRINGS.search(flat, within.start, within.end) is not None


def _of_sentence(flat: str, within: Span, years: Sequence[Span], aimed: bool, subject: Span | None) -> Iterator[Words]:
    figures = _figures(flat, within)
    often = sorted(
        (Span(*m.span()) for words in (_EACH, _WITHIN) for m in words.finditer(flat, within.start, within.end)),
        key=lambda span: span.start,
    )
    floor = within.start
    metric = whole = (subject,) if subject else ()
    for figure, following in zip_longest(figures, figures[1:]):
        if following and _qualifies(flat, figure, following):
            continue
        ahead = following.span.start if following else within.end
        listed = bool(metric) and _JOINED.match(flat, floor) is not None  # 创新平台40家、工作站10家
        words = _words(flat, floor, figure, ahead)
        floor = words.words.end
        own = words.metric
        if not own and not figure.unit and whole:  # 其中…, 且逐年有所增长: of the whole, not of its last part
            words = replace(words, metric=whole)
        elif not own or _DEPENDENT.match(own[0].of(flat)):
            words = replace(words, metric=(*(metric or _in_front(flat, within, words.words.start)), *own))
        counted = aimed and words.words.end <= max(words.value.end, *(span.end for span in words.comparator), 0)
        if words.metric and (counted or listed or _is_said_to_be(flat, words, figure)):
            metric = words.metric
            whole = whole if metric and _PART_OF.search(flat, within.start, words.words.start) else metric
            yield replace(words, period=_period(flat, within, years, often, words.value))


def _in_front(flat: str, within: Span, end: int) -> tuple[Span, ...]:
    """What the sentence is about, where only a later part of it has the figure: “双师型”教师（…），占总数一半以上."""
    start = max(within.start, flat.rfind(";", within.start, end) + 1)
    if end - start > _LONGEST_SUBJECT or _DIGIT.search(flat, start, end):
        return ()
    parts = tuple(_without_periods(flat, Span(start, end)))
    return parts


def _figures(flat: str, within: Span) -> list[_Figure]:
    """Without durations, and without 一批, 两个: numbers of no target."""
    found: list[_Figure] = []
    for quantity in find_quantities(within.of(flat)):
        span = Span(quantity.span.start + within.start, quantity.span.end + within.start)
        if quantity.kind == "duration" or (_FEW.match(span.of(flat)) and quantity.comparator is None):
            continue
        last, unit = found[-1] if found else None, quantity.unit or quantity.kind
        if last and last.unit == unit and _SEPARATED.fullmatch(flat, last.span.end, span.start):
            found[-1] = replace(
                last, span=Span(last.span.start, span.end), operator=last.operator or quantity.comparator
            )
        else:
            found.append(_Figure(span, quantity.comparator, unit))
    taken = bytearray(within.end - within.start)
    for span in (figure.span for figure in found):
        taken[span.start - within.start : span.end - within.start] = b"\1" * (span.end - span.start)
    for match in (*_TREND.finditer(flat, within.start, within.end), *_HALF.finditer(flat, within.start, within.end)):
        if not any(taken[match.start() - within.start : match.end() - within.start]):
            found.append(_Figure(Span(*match.span())))
    return sorted(found, key=lambda figure: figure.span.start)


def _qualifies(flat: str, figure: _Figure, following: _Figure) -> bool:
    """亿元以上 in 亿元以上项目不少于36个: it tells which things are counted, and is no target."""
    after = _AFTER.match(flat, figure.span.end)
    between = flat[after.end() if after else figure.span.end : following.span.start]
    return bool(figure.unit and following.unit and _OF_WHAT.fullmatch(between))


def _words(flat: str, floor: int, figure: _Figure, ahead: int) -> Words:
    """The figure with the words around it; ``floor``: end of the target before, ``ahead``: start of the figure behind."""
    breaks = _SEGMENT_END.finditer(flat, floor, figure.span.start)
    ends = [match.end() for match in breaks if match["note"] is None]
    start = ends[-1] if ends else floor
    compared = _BEFORE.search(flat[start : figure.span.start])
    named = Span(start, start + compared.start() if compared else figure.span.start)
    least = None if compared else _AT_LEAST.search(named.of(flat))
    per = _PER.match(flat, figure.span.end)
    value = Span(figure.span.start, per.end() if per else figure.span.end)
    after = _AFTER.match(flat, value.end)
    end = after.end() if after else value.end
    cut = [Span(start + least.start(), start + least.end())] if least else []
    metric = list(_without_periods(flat, named, cut))
    if not metric or (figure.unit and (not compared or _VERB_ENDS.search(metric[-1].of(flat)))):
        behind = _BEHIND.match(flat, end, ahead)
        if behind and not _NOT_BEHIND.match(behind["what"]):
            metric.append(Span(*behind.span("what")))
            end = behind.end()
    before = (_tight(flat, Span(start + compared.start(), figure.span.start)),) if compared else tuple(cut)
    comparator = (*before, *((Span(*after.span()),) if after else ()))
    first = min(span.start for span in (*metric[:1], *comparator[:1], value))
    return Words(Span(first, end), tuple(metric), comparator, value, (), figure.operator)


def _without_periods(flat: str, named: Span, others: Sequence[Span] = ()) -> Iterator[Span]:
    """What is measured, without until when (and without ``others``): 全市每年新引进项目 in two parts."""
    start = named.start
    cuts = sorted([*_periods(flat, named), *others], key=lambda span: span.start)
    for cut in [*cuts, Span(named.end, named.end)]:
        part = _tight(flat, Span(start, cut.start))
        if part.end - part.start > 1:
            yield part
        start = cut.end


def _tight(flat: str, span: Span) -> Span:
    """Without the connecting words at either end (其中, 确保, 力争)."""
    words = span.of(flat)
    leading = _LEADING.match(words)
    start = span.start + (leading.end() if leading else 0)
    trailing = _TRAILING.search(flat[start : span.end])
    return Span(start, max(start, start + trailing.start() if trailing else span.end))


def _is_said_to_be(flat: str, words: Words, figure: _Figure) -> bool:
    """Whether the figure is compared, brought about, or of something that is measured; a trend speaks for itself."""
    metric = words.metric[0].of(flat)
    return bool(not figure.unit or words.comparator or _VERB.search(metric) or _SCALE.search(metric))


def _periods(flat: str, within: Span) -> list[Span]:
    """What says until when in ``within``; what follows it may stand behind."""
    end = min(len(flat), within.end + _SIGHT)
    found = [Span(*m.span()) for words in (_BY_YEAR, _WITHIN, _EACH) for m in words.finditer(flat, within.start, end)]
    return [span for span in sorted(found, key=lambda span: span.start) if span.end <= within.end]


def _period(flat: str, within: Span, years: Sequence[Span], often: Sequence[Span], value: Span) -> tuple[Span, ...]:
    """Until when: the last year said before the figure, and 每年 or 三年内 in the same part of the sentence."""
    part = max(0, flat.rfind(";", max(0, value.start - _LONGEST_PART), value.start) + 1)
    each = _last_before(often, value.start)
    year = _last_before(years, value.start)
    if each and each.start < part:
        each = None
    if year and each and year.start < max(part, within.start):
        year = None
    return tuple(sorted(filter(None, (year, each)), key=lambda span: span.start))


def _last_before(spans: Sequence[Span], offset: int) -> Span | None:
    at = bisect_left(spans, offset, key=lambda span: span.start)
    return spans[at - 1] if at else None
