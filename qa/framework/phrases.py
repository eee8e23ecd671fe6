"""Whole phrases around words that were read from a sentence: 企业 → 港澳青年企业, 占营业收入比重不低于3% → the part from comma to comma."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.document import Span

LONGEST_NOUN, LONGEST_PART = 24, 120  # characters
_STOPS = frozenset('，。；：！？,;:!?\n\t“”"')
_OPEN, _CLOSE = "（(〔[", "）)〕]"
# What ends a noun phrase to its left; the longest first.
_BEFORE = re.compile(
    '(?:.*(?:[，。；：、,;:\\s“”"（）()的对给为向由且并或和与及被予]|鼓励|支持|推动|引导|扶持|奖励|获评|认定|引荐|组织|参加|通过|入选|招用|柔性引进|首次达到|本市|全市|我区|我市|区内|市内|符合条件))'
)
_NOUN = re.compile(
    "(?:企业|公司|项目|机构|单位|平台|载体|园区|基地|中心|团队|社会组织|合作社|农场|家庭|工厂|车间|主体|毕业生|研究生|博士后|人才|人员|青年|协会|商会|用户|居民|学生|职工|个人|农户|工作站|医院|学校|院所)"
)
_ENDS = re.compile(f"(?:{_NOUN.pattern}|者|人|户|师|生|员|装备|产品)$")


def part_of(text: str, within: Span, words: Span) -> Span:
    """The words from stop to stop around ``words``, inside ``within``; what stands in brackets is not cut."""
    start, end = words.start, words.end
    depth = 0
    while start > within.start and (depth or text[start - 1] not in _STOPS):
        depth += (text[start - 1] in _CLOSE) - (text[start - 1] in _OPEN)
        depth = max(depth, 0)
        start -= 1
    depth = 0
    while end < within.end and (depth or text[end] not in _STOPS):
        depth = max(depth + (text[end] in _OPEN) - (text[end] in _CLOSE), 0)
        end += 1
    return Span(start, end)


def nouns_of(text: str, within: Span, words: Iterable[Span]) -> Iterator[Span]:
    """Noun phrases that hold the words, each whole (新引进 … 制造业 … 项目 → 新引进的制造业项目); what is no noun is left out."""
    for joined in _joined(text, sorted(words, key=lambda span: (span.start, span.end))):
        left = max(within.start, joined.start - LONGEST_NOUN)
        before = _BEFORE.match(text, left, joined.start)
        start = before.end() if before else left
        behind = _NOUN.match(text, joined.end, within.end)
        span = Span(start, behind.end() if behind else joined.end)
        if span.end - span.start <= LONGEST_NOUN and _ENDS.search(text, span.start, span.end):
            yield span


def _joined(text: str, words: Iterable[Span]) -> Iterator[Span]:
    found: Span | None = None
    for span in words:
        if found and span.start <= found.end + 1 and text[found.end : span.start] in ("", "的"):
            found = Span(found.start, max(found.end, span.end))
            continue
        if found:
            yield found
        found = span
    if found:
        yield found
