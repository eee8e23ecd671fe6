"""时效: the term of validity that a file gives itself, and whether it is in force on a given day.

A file often speaks of other terms as well (of certificates, of qualifications, of the file it replaces). Only sentences about
the file itself count: they name it (本办法…), or say from when it applies. A date that is not known is never guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ingest.document import Relation, Span, Terms
from ingest.numerals import chinese_to_int

State = Literal["有效", "尚未施行", "已失效", "已废止", "部分失效", "已修改", "未标明"]
STATES: tuple[State, ...] = ("有效", "尚未施行", "已失效", "已废止", "部分失效", "已修改", "未标明")

_FULL_WIDTH = {0xFF10 + i: chr(0x30 + i) for i in range(10)}
_CHINESE = "一二三四五六七八九十"
_YEAR = r"(?:(?:19|20)\d{2}|[二一][〇○零九][〇○零一二三四五六七八九]{2})"
_DAY = rf"{_YEAR}[年\-./](?:\d{{1,2}}|[{_CHINESE}]{{1,2}})[月\-./](?:\d{{1,2}}|[{_CHINESE}]{{1,3}})日?"
_MONTH = rf"{_YEAR}年(?:\d{{1,2}}|[{_CHINESE}]{{1,2}})月[底末]?"
_WHEN = rf"(?:{_DAY}|{_MONTH}|{_YEAR}年?[底末]?)"
_DATE_PARTS = re.compile(
    rf"(?P<year>{_YEAR})[年\-./]?(?:(?P<month>\d{{1,2}}|[{_CHINESE}]{{1,2}})[月\-./](?:(?P<day>\d{{1,2}}|[{_CHINESE}]{{1,3}})日?)?)?[底末]?"
)
# 自2021年1月1日起实行告知承诺制 begins a measure, not the file.
_APPLIES = r"(?:正式|开始)?(?:施行|实施|执行|试行|生效|实行(?=[，,。；;、）)]|$))"
_FILE = r"(?:办法|规定|细则|规则|政策|措施|举措|意见|通知|方案|决定|公告|通告|条例|制度|规程|指南|规范|文件|规划|计划|要点|目录|标准|清单)"
_THIS_FILE = re.compile(rf"本(?:法|[^，,。；;、]{{0,12}}?{_FILE})")

_FROM_DATE = re.compile(rf"(?:自|从|于)?(?P<date>{_DAY}|{_MONTH})(?:零时|0时)?起(?:开始)?{_APPLIES}")
_FROM_EVENT = re.compile(
    rf"(?:自|从|于)(?:本[^，,。；;、]{{0,8}}?)?(?P<event>印发|发布|公布|颁布|发文|下发|签发|通过)之?日起(?:满?(?P<days>\d{{1,3}}|[{_CHINESE}]{{1,3}})日(?:之?后)?(?:起)?)?{_APPLIES}"
)
_TERM = r"(?:有效期|执行期|施行期|实施期|政策期|试行期)限?"
# The term's subject: the file, or nothing (a new part of the sentence). Not 证书有效期, 资格有效期.
_OF_FILE = rf"(?:^|[，,；;：:（(、]|期间|本[^，,。；;、]{{0,12}}|{_FILE})(?:其|的)?(?:政策)?"
_INTERVAL = re.compile(rf"{_OF_FILE}(?P<words>{_TERM}[^，,。；;]{{0,6}}?(?P<date>{_DAY})起?(?:至|到|[-—–~～]))")
_UNTIL_TERM = re.compile(
    rf"{_OF_FILE}(?P<words>{_TERM}[^。；;《]{{0,24}}?(?:至|到|为)(?P<date>(?>{_WHEN})))(?!\d|[-—–~～至])"
)
_UNTIL_STOP = re.compile(
    rf"(?P<words>(?:执行|实施|施行|有效)?至(?P<date>{_DAY}|{_MONTH}|{_YEAR}年[底末])(?:止|为止|终止|失效|有效))"
)
_FOR_TERM = re.compile(
    rf"{_OF_FILE}(?P<words>(?:{_TERM}|试行)(?:[暂定为是：:]{{0,3}}|自[^，,。；;]{{2,16}}起)"
    rf"(?P<count>\d{{1,2}}|[{_CHINESE}两]{{1,3}})(?P<unit>年|个?月))(?!\d|[底末])"
)
_FOR_PROVISIONAL = re.compile(
    rf"(?P<words>暂定(?:实施|执行|施行)?(?P<count>\d{{1,2}}|[{_CHINESE}两]{{1,3}})(?P<unit>年|个?月))"
)
_YEARS = re.compile(rf"{_OF_FILE}(?P<words>{_TERM}为?{_YEAR}年?[-—–~～至到]{{1,2}}(?P<date>{_YEAR}年))")
_FOR_EVER = re.compile("长期(?:有效|执行)")
_RELATIVE = re.compile(r"有效期与[^，,。；;]{1,24}一致|政策调整的?[^，,。；;]{0,6}从其规定")
_KEYWORDS = re.compile("期|起|至|暂定|政策调整")
_TERM_OPENS = re.compile(rf"(?:[（(]?[{_CHINESE}\d]{{1,3}}[）)、.．])?(?:政策)?{_TERM}")
# Terms of other things, which files speak of all the time.
_OTHER_TERMS = re.compile("证书|资质|资格|许可|认定|评价|备案|称号|入库|合同|协议|执照|贷款")
_TRIAL = re.compile("试行|暂行")
_SENTENCE = re.compile(r"[^。！!？?\n]+")
_OTHER_FILE = re.compile(r"[》〉](?:[（(][^（()）]{0,60}[）)])?[^，,。；;]{0,4}$")
_BOUNDARY_DAY = "boundary_day_ambiguous:"


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
        if interval := _INTERVAL.search(sentence.text):
            return _Start(sentence, interval, "区间起始", "words")
    return None


def _effective(
    start: _Start | None, issued_on: date | None, published_on: date | None
) -> tuple[date | None, list[str]]:
    if start is None:
        return None, []
    parts = start.match.groupdict()
    if "event" not in parts:
        return _day(parts["date"], last=False), []
    by_publication = parts["event"] in ("发布", "公布", "颁布")
    base = (published_on or issued_on) if by_publication else issued_on
    if base is None or parts["event"] == "通过":  # the day of a meeting, which the file may or may not print
        return None, ["start_unknown"]
    days = chinese_to_int(parts["days"]) if parts["days"] else 0
    return base + timedelta(days=days), ["start_from_issue"] * (by_publication and published_on is None)


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
    for pattern, basis in ((_UNTIL_TERM, "明示"), (_UNTIL_STOP, "明示"), (_YEARS, "年度区间")):
        match = pattern.search(sentence.text)
        if match and (on := _day(match["date"], last=True)):
            found.append(_End(sentence, match, basis, on))
    for pattern in (_FOR_TERM, _FOR_PROVISIONAL):
        if match := pattern.search(sentence.text):
            months = chinese_to_int(match["count"]) * (12 if match["unit"] == "年" else 1)
            found.append(_End(sentence, match, "期限推算", None, months))
    return min(found, key=lambda end: end.match.start("words"), default=None)


def _expiry(effective_on: date | None, end: _End | None) -> tuple[date | None, list[str]]:
    if end is None or end.months is None:
        return (end.on if end else None), []
    if effective_on is None:
        return None, ["until_needs_start"]
    anniversary = _months_later(effective_on, end.months)
    return anniversary - timedelta(days=1), [f"{_BOUNDARY_DAY}{anniversary.isoformat()}"]


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(printed: str, last: bool) -> date | None:
    """A printed date. Month or year alone: its first or its ``last`` day. None where no such day exists (2月30日)."""
    parts = _DATE_PARTS.match(printed)
    if parts is None:
        return None
    year = chinese_to_int(parts["year"].replace("○", "〇"))
    month = chinese_to_int(parts["month"]) if parts["month"] else (12 if last else 1)
    if not 1 <= month <= 12:
        return None
    length = monthrange(year, month)[1]
    day = chinese_to_int(parts["day"]) if parts["day"] else (length if last else 1)
    return date(year, month, day) if 1 <= day <= length else None


@dataclass(frozen=True, slots=True)
class Edge:
    """What another file does to this one: repeals, amends or extends it, from ``effective_on`` on (None: day not known).

    ``scope``: ``whole``, or what of it is touched. ``note``: by which file, in Chinese. ``until``: the new end of an extension.
    """

    relation: Relation
    effective_on: date | None = None
    scope: str = "whole"
    note: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """One of ``STATES``, and why, in Chinese."""

    state: State
    reason: str


_SITE_LABELS: dict[str, State] = {
    "已废止": "已废止", "废止": "已废止", "已失效": "已失效", "失效": "已失效", "全文失效": "已失效", "全文废止": "已废止",
    "尚未生效": "尚未施行", "尚未施行": "尚未施行", "部分失效": "部分失效", "部分废止": "部分失效", "部分有效": "部分失效",
    "已修改": "已修改", "已修订": "已修改", "有效": "有效", "现行有效": "有效", "继续有效": "有效",
}  # fmt: skip
_ENDED_BY_SITE = ("已废止", "已失效")


def status(terms: Terms, as_of: date, edges: Sequence[Edge] = (), site_label: str | None = None) -> Status:
    """Whether the file is in force on ``as_of``.

    Precedence: repealed as a whole → the site says it has ended → not yet in force → expired (unless extended) → partly repealed
    → amended → in force → 未标明. ``site_label``: 有效性 as the publishing site prints it; “有效” counts only where the file
    itself gives no term. Trial files (试行) do not expire by themselves: no term found means 未标明.
    """
    in_effect = tuple(edge for edge in edges if edge.effective_on is None or edge.effective_on <= as_of)
    site_state = _SITE_LABELS.get((site_label or "").strip("【】[]（）() \u3000"))
    repeal = next((edge for edge in in_effect if edge.relation == "repeals" and edge.scope == "whole"), None)
    if repeal:
        return Status("已废止", repeal.note or "已被其他文件废止")
    if site_state in _ENDED_BY_SITE:
        return Status(site_state, f"发布页标注“{site_label}”")
    if terms.effective_on and as_of < terms.effective_on:
        return Status("尚未施行", f"自{_chinese(terms.effective_on)}起施行")
    return _expired(terms, as_of, in_effect, site_state) or _in_force(terms, in_effect, site_state, site_label)


def _expired(terms: Terms, as_of: date, in_effect: Sequence[Edge], site_state: State | None) -> Status | None:
    if terms.expires_on is None or terms.open_ended or as_of <= terms.expires_on:
        return None
    extensions = [edge for edge in in_effect if edge.relation == "extends"]
    if any(edge.until and as_of <= edge.until for edge in extensions):
        return None
    reason = f"有效期至{_chinese(terms.expires_on)}（{terms.expires_basis}）"
    if any(edge.until is None for edge in extensions):
        return Status("未标明", f"{reason}，另有文件延续，但未写明延续到何时，请核实")
    if f"{_BOUNDARY_DAY}{as_of.isoformat()}" in terms.flags:
        reason += "，查询日为期满当日，是否仍适用请向制定机关核实"
    if site_state == "有效":
        reason += "，但发布页仍标注有效，请核实"
    return Status("已失效", reason)


def _in_force(terms: Terms, in_effect: Sequence[Edge], site_state: State | None, site_label: str | None) -> Status:
    until = max((edge.until for edge in in_effect if edge.relation == "extends" and edge.until), default=None)
    expires_on = max(filter(None, (terms.expires_on, until)), default=None)
    term = f"有效期至{_chinese(expires_on)}" if expires_on else "长期有效" if terms.open_ended else ""
    if until and until == expires_on:
        term = f"延期至{_chinese(until)}"
    cut = [edge for edge in in_effect if edge.relation in ("partially_repeals", "repeals") and edge.scope != "whole"]
    if cut:
        return Status("部分失效", "；".join(edge.note for edge in cut if edge.note) or "部分条款停止执行")
    amended = [edge for edge in in_effect if edge.relation == "amends"]
    if amended:
        notes = (term, *(edge.note for edge in amended), "已有修改，须用修改后的文本")
        return Status("已修改", "；".join(filter(None, notes)))
    if site_state in ("部分失效", "已修改", "尚未施行"):
        return Status(site_state, f"发布页标注“{site_label}”")
    if term:
        return Status("有效", term)
    if site_state == "有效":
        return Status("有效", f"发布页标注“{site_label}”")
    if terms.effective_on:
        return Status("未标明", "有施行日期，未见有效期，请核实")
    return Status("未标明", "未见施行日期与有效期，请核实")


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
