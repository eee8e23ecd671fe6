"""时效: the term of validity that a file gives itself, and whether it is in force on a given day.

A file often speaks of other terms as well (of certificates, of qualifications, of the file it replaces). Only sentences about
the file itself count: they name it (本办法…), or say from when it applies. A date that is not known is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.document import Span, Terms
from ingest.numerals import chinese_to_int
from ingest.validity.dates import CHINESE, DAY, MONTH, WHEN, YEAR, months_later, to_day
from ingest.validity.status import BOUNDARY_DAY

_FULL_WIDTH = {0xFF10 + i: chr(0x30 + i) for i in range(10)}
# 自2021年1月1日起实行告知承诺制 begins a measure, not the file.
_APPLIES = r"(?:(?:正式|开始)?(?:施行|实施|执行|试行|生效|实行(?=[，,。；;、）)]|$))|(?=有效期|[\d一二三四五六七八九十]{1,2}年内有效))"
_FILE = r"(?:办法|规定|细则|规则|政策|措施|举措|意见|通知|方案|决定|公告|通告|条例|制度|规程|指南|规范|文件|规划|计划|要点|目录|标准|清单)"
_THIS_FILE = re.compile(rf"上述(?:政策|措施)|本(?:法|[^，,。；;、]{{0,12}}?{_FILE})")

_FROM_DATE = re.compile(rf"(?:自|从|于)?(?P<date>{DAY}|{MONTH})(?:零时|0时)?起(?:开始)?{_APPLIES}")
_FROM_EVENT = re.compile(
    rf"(?:自|从|于)(?:本[^，,。；;、]{{0,8}}?)?(?P<event>印发|发布|公布|颁布|发文|下发|签发|通过)之?日起(?:满?(?P<count>\d{{1,3}}|[{CHINESE}]{{1,3}})(?P<unit>个?工作日|[日天]|个?月)(?:之?后)?(?:起)?)?{_APPLIES}"
)
_TERM = r"(?:有效期|执行期|施行期|实施期|政策期|试行期)限?"
# The term's subject: the file, or nothing (a new part of the sentence). Not 证书有效期, 资格有效期.
_OF_FILE = rf"(?:^|[，,；;：:（(、]|期间|本[^，,。；;、]{{0,12}}|{_FILE})(?:其|的)?(?:政策)?"
_INTERVAL = re.compile(rf"{_OF_FILE}(?P<words>{_TERM}[^，,。；;]{{0,6}}?(?P<date>{DAY})起?(?:至|到|[-—–~～]))")
# 自2024年7月1日起至2026年6月30日止执行
_BOTH_ENDS = re.compile(rf"(?P<words>自(?P<date>{DAY})起?(?:至|到){DAY}(?:止|期间)?(?:执行|施行|实施|有效|试行))")
_UNTIL_TERM = re.compile(
    rf"{_OF_FILE}(?P<words>{_TERM}[^。；;《]{{0,24}}?(?:至|到|为)(?P<date>(?>{WHEN})))(?!\d|[-—–~～至])"
)
# Without 止 only where the words begin a part of the sentence: 原政策执行至… is about another file.
_STOP_DAY = rf"(?P<date>{DAY}|{MONTH}|{YEAR}年[底末])"
_UNTIL_STOP = re.compile(
    rf"(?P<words>(?:执行|实施|施行|有效)?(?:截[止至])?[至到]{_STOP_DAY}(?:止|为止|终止|失效|有效))"
)
_UNTIL_DAY = re.compile(
    rf"(?:^|[，,；;]|暂定|本[^，,。；;、]{{0,12}}?{_FILE})"
    rf"(?P<words>(?:(?:执行|实施|施行|有效)(?:期限)?(?:截[止至])?[至到]|截[止至][至到]?){_STOP_DAY})"
)
_ENDS_ON = re.compile(rf"[，,；;](?P<words>(?:至|于)?(?P<date>{DAY})(?:自动|自行)?(?:终止|失效|废止))")
_COUNT = rf"(?P<count>\d{{1,2}}|[{CHINESE}两]{{1,3}})(?:[（(][\d{CHINESE}两]{{1,3}}[）)])?(?P<unit>年|个?月)"
_FOR_TERM = re.compile(
    rf"{_OF_FILE}(?P<words>(?:{_TERM}|试行)(?:[暂定为是：:]{{0,3}}|自[^，,。；;]{{2,16}}起)"
    rf"{_COUNT})(?!\d|[底末])"
)
_FOR_PROVISIONAL = re.compile(rf"(?P<words>暂定(?:实施|执行|施行)?{_COUNT})")
_FOR_YEARS = re.compile(rf"(?:^|[，,；;]|起)(?P<words>{_COUNT}内有效)")
_YEARS = re.compile(rf"{_OF_FILE}(?P<words>{_TERM}为?{YEAR}年?[-—–~～至到]{{1,2}}(?P<date>{YEAR}年))")
_DATED_ENDS = (
    (_UNTIL_TERM, "明示"), (_UNTIL_STOP, "明示"), (_UNTIL_DAY, "明示"), (_ENDS_ON, "明示"), (_YEARS, "年度区间"),
)  # fmt: skip
_FOR_EVER = re.compile("长期(?:有效|执行)")
_RELATIVE = re.compile(
    r"有效期与[^，,。；;]{1,24}(?:一致|相同|同步)|与[^，,。；;]{1,24}有效期(?:一致|相同|同步)|政策调整的?[^，,。；;]{0,6}从其规定"
)
_KEYWORDS = re.compile("期|起|至|暂定|政策调整|截止|终止|失效|内有效")
_TERM_OPENS = re.compile(rf"(?:[（(]?[{CHINESE}\d]{{1,3}}[）)、.．])?(?:政策)?{_TERM}")
# Terms of other things, which files speak of all the time.
_OTHER_TERMS = re.compile("证书|资质|资格|许可|认定|评价|备案|称号|入库|合同|协议|执照|贷款")
_TRIAL = re.compile("试行|暂行")
_SENTENCE = re.compile(r"[^。！!？?\n]+")
_OTHER_FILE = re.compile(r"[》〉](?:[（(][^（()）]{0,60}[）)])?[^，,。；;]{0,4}$")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence without its spaces, and where it stands. ``names_file``: it speaks of the file by name (本办法)."""

    text: str
    start: int
    original: str

    @property
    def names_file(self) -> bool:
        return _THIS_FILE.search(self.text) is not None

    def span(self, match: re.Match[str], group: str | int) -> Span:
        places = [index for index, char in enumerate(self.original) if not char.isspace()]
        return Span(self.start + places[match.start(group)], self.start + places[match.end(group) - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Start:
    """Words that say from when the file applies."""

    sentence: _Sentence
    match: re.Match[str]
    basis: str
    group: str | int = 0

    @property
    def span(self) -> Span:
        return self.sentence.span(self.match, self.group)


@dataclass(frozen=True, slots=True)
class _End:
    """Words that say until when: a date, or months from the start on."""

    sentence: _Sentence
    match: re.Match[str]
    basis: str
    on: date | None
    months: int | None = None

    @property
    def span(self) -> Span:
        return self.sentence.span(self.match, "words")


def find_terms(text: str, title: str = "", issued_on: date | None = None, published_on: date | None = None) -> Terms:
    """The term that the file gives itself. Spans are spans of ``text``; time grows with its length only.

    ``issued_on``: the day that 印发之日 means (印发日期, else 成文日期). Flags: ``start_unknown`` (自印发之日起, but that day is not
    known), ``start_from_issue`` (自发布之日起, taken from the day of issue), ``until_needs_start``, ``boundary_day_ambiguous:DATE``
    (有效期3年: whether the anniversary itself belongs to it is handled differently), ``relative_term``, ``no_expiry_found``.
    """
    sentences = tuple(_term_sentences(text))
    starts = [_start(sentence) for sentence in sentences]
    own = [_is_own(sentence, start) for sentence, start in zip(sentences, starts, strict=True)]
    start = _best_start(sentences, starts)
    end = _best_end(sentences, starts, own)
    effective_on, start_flags = _effective(start, issued_on, published_on)
    expires_on, end_flags = _expiry(effective_on, end)
    open_ended = any(is_own and _FOR_EVER.search(s.text) for s, is_own in zip(sentences, own, strict=True))
    flags = [*start_flags, *end_flags]
    if any(_RELATIVE.search(sentence.text) for sentence in sentences):
        flags.append("relative_term")
    if effective_on and not end and not open_ended:
        flags.append("no_expiry_found")
    return Terms(
        effective_on=effective_on,
        effective_basis=start.basis if start else "",
        effective_span=start.span if start else None,
        expires_on=expires_on,
        expires_basis=end.basis if end else "",
        expires_span=end.span if end else None,
        trial=_TRIAL.search(title) is not None,
        open_ended=open_ended,
        flags=tuple(flags),
    )


def _term_sentences(text: str) -> Iterator[_Sentence]:
    for match in _SENTENCE.finditer(text):
        squeezed = "".join(match[0].split()).translate(_FULL_WIDTH)
        if _KEYWORDS.search(squeezed):
            yield _Sentence(squeezed, match.start(), match[0])


def _is_own(sentence: _Sentence, start: _Start | None) -> bool:
    """The sentence may state the term of the file itself: it says from when, names the file, or is nothing but a term."""
    if start is not None:
        return True
    return not _OTHER_TERMS.search(sentence.text) and (
        sentence.names_file or _TERM_OPENS.match(sentence.text) is not None
    )


def _start(sentence: _Sentence) -> _Start | None:
    """The last “from when” of the sentence whose subject is not another file (《条例》自…起施行)."""
    found: _Start | None = None
    for pattern in (_FROM_EVENT, _FROM_DATE):
        for match in pattern.finditer(sentence.text):
            if not _OTHER_FILE.search(sentence.text, max(0, match.start() - 80), match.start()):
                found = _Start(sentence, match, "明示日期" if pattern is _FROM_DATE else f"{match['event']}之日")
    return found


def _best_start(sentences: Sequence[_Sentence], starts: Sequence[_Start | None]) -> _Start | None:
    """The last that names the file, else the last at all (附则 stands at the end), else the start of an interval."""
    found = [start for start in starts if start]
    if found:
        return max(enumerate(found), key=lambda item: (item[1].sentence.names_file, item[0]))[1]
    for sentence in reversed(sentences):
        if interval := _BOTH_ENDS.search(sentence.text) or _INTERVAL.search(sentence.text):
            return _Start(sentence, interval, "区间起始", "words")
    return None


def _effective(
    start: _Start | None, issued_on: date | None, published_on: date | None
) -> tuple[date | None, list[str]]:
    if start is None:
        return None, []
    parts = start.match.groupdict()
    if "event" not in parts:
        return to_day(parts["date"], last=False), []
    by_publication = parts["event"] in ("发布", "公布", "颁布")
    base = (published_on or issued_on) if by_publication else issued_on
    if base is None or parts["event"] == "通过":  # the day of a meeting, which the file may or may not print
        return None, ["start_unknown"]
    flags = ["start_from_issue"] * (by_publication and published_on is None)
    count, unit = chinese_to_int(parts["count"]) if parts["count"] else 0, parts["unit"] or "日"
    if "工作" in unit:  # depends on the holidays of that year
        return None, ["start_unknown"]
    return months_later(base, count) if unit.endswith("月") else base + timedelta(days=count), flags


def _best_end(sentences: Sequence[_Sentence], starts: Sequence[_Start | None], own: Sequence[bool]) -> _End | None:
    """The last end in a sentence that also says from when or names the file, else the last sentence that is only a term."""
    fallback: _End | None = None
    for sentence, start, is_own in reversed(tuple(zip(sentences, starts, own, strict=True))):
        end = _end(sentence) if is_own else None
        if end and (start or sentence.names_file):
            return end
        fallback = fallback or end
    return fallback


def _end(sentence: _Sentence) -> _End | None:
    """The first words that say until when; where two readings begin at one place, a date is surer than a length of time."""
    found: list[_End] = []
    for pattern, basis in _DATED_ENDS:
        match = pattern.search(sentence.text)
        if match and (on := to_day(match["date"], last=True)):
            found.append(_End(sentence, match, basis, on))
    for pattern in (_FOR_TERM, _FOR_PROVISIONAL, _FOR_YEARS):
        if match := pattern.search(sentence.text):
            months = chinese_to_int(match["count"]) * (12 if match["unit"] == "年" else 1)
            found.append(_End(sentence, match, "期限推算", None, months))
    return min(found, key=lambda end: end.match.start("words"), default=None)


def _expiry(effective_on: date | None, end: _End | None) -> tuple[date | None, list[str]]:
    if end is None or end.months is None:
        return (end.on if end else None), []
    if effective_on is None:
        return None, ["until_needs_start"]
    anniversary = months_later(effective_on, end.months)
    return anniversary - timedelta(days=1), [f"{BOUNDARY_DAY}{anniversary.isoformat()}"]
