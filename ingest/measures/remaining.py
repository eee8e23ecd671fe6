"""What the words in front of a grant say of whom or what it is for, beyond the fields: 参加境内外专业展会的制造业企业.

A measure whose beneficiary is read as 企业 is not for every company. Words that became no field are kept as they stand, so that
nobody is told that it applies to him before they are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import Span
from ingest.measures.joined import field_names, parts_of
from ingest.measures.model import Amount, Measure, Words

_READ = tuple(name for name in field_names(Measure) if name not in ("span", "lead", "remaining", "unread"))
_LEAST = 4  # characters that say something, beside those of every clause
_LONGEST = 80  # of what is kept of one part: more is no requirement but a text
_SENTENCE = re.compile(r"[^。；;\n]+")
_PART = re.compile(r"[^，,：:]+")
_CELL = re.compile(r"[^\t\n]+")
_EVERYWHERE = re.compile(
    r"符合条件|经[^，。]{0,6}(?:认定|评审|批准)|一次性|单个|实际|情况|首次|其中|社会化|成功|引荐|落户|签订|劳动合同|缴纳|社会保险|获[评批得]|认定|评定"
    r"|国家级|[我本全]?[区市省县](?:内|级)?|上一?年度?|年度?|当年|属于|达到|以上|以下|企业|公司|单位|机构|项目|主体|申报|财政|额度|最高"
    r"|给予|分别|按照?|标准|奖励|补[助贴]|资助|支持|鼓励|[对于的且并或者以及和与、等在由将为是新已可（）()\s\d.%％“”\"]"
)
_NO_REQUIREMENT = re.compile(r"自[^，]{1,12}之?日起|.*以内的?部分")
_DENIES = re.compile("未|没有|除外")  # a short word that turns the rest around: 未达到规模以上标准的
_GRADED = re.compile(
    r"国家级|省级|市级|\dA级|星级|示范"
)  # a title of some grade is meant, though its noun reads like an industry
_ONE_GRADE = frozenset(
    "专精特新小巨人 专精特新中小企业 高新技术企业 科技型中小企业 创新型中小企业".split()
)  # granted at one level only
_OPENING = re.compile(r"\s*(?:对于?|其中)?\s*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBERED = re.compile(r"[\d.、()（）\s]*")


def with_remaining(text: str, measure: Measure) -> Measure:
    """The measure with its ``remaining`` words; ``text``: what its spans count in."""
    if not measure.benefits:
        return measure
    read = _Read(_spans(measure), measure)
    granted = [benefit.span for benefit in measure.benefits]
    row = "\t" in measure.span.of(text)
    found = _cells(text, measure, read) if row else _parts(text, measure, read, granted)
    remaining = tuple(Words(" ".join(span.of(text).split())[:_LONGEST], span) for span in found)
    return replace(measure, remaining=remaining) if remaining else measure


def _spans(measure: Measure) -> list[Span]:
    """Every span of every field, without those of the measure as a whole."""
    found: list[Span] = []
    _collect(tuple(getattr(measure, name) for name in _READ), found)
    return found


def _collect(part: object, found: list[Span]) -> None:
    for one in parts_of(part):
        if isinstance(one, Span):
            found.append(one)
        else:
            _collect(one, found)


def _parts(text: str, measure: Measure, read: _Read, granted: Sequence[Span]) -> Iterator[Span]:
    """Parts between commas in front of what a sentence grants; those of leads, which grant nothing themselves, whole."""
    for within in (*measure.lead, measure.span):
        for sentence in _SENTENCE.finditer(text, within.start, within.end):
            inside = [span.start for span in granted if sentence.start() <= span.start < sentence.end()]
            if not inside and within is measure.span:
                continue
            for part in _PART.finditer(text, sentence.start(), min(inside, default=sentence.end())):
                span = Span(*part.span())
                if _says(text, span, read):
                    yield _trimmed(text, span)


def _cells(text: str, measure: Measure, read: _Read) -> Iterator[Span]:
    """The last cell of a row in front of its sums, which says for what: not the row's number, nor its group. That it names a kind of
    applicant says little of it (农民合作社示范社认定).
    """
    start = min(
        (amount.span.start for benefit in measure.benefits for amount in _amounts(benefit)), default=measure.span.end
    )
    cells = [Span(*cell.span()) for cell in _CELL.finditer(text, measure.span.start, measure.span.end)]
    named = [cell for cell in cells if cell.end <= start and not _NUMBERED.fullmatch(cell.of(text))]
    yield from (cell for cell in named[-1:] if _says(text, cell, read, sorts=False))


def _amounts(part: object) -> Iterator[Amount]:
    """Sums and shares of a benefit, not the thresholds of its conditions."""
    for name in field_names(type(part)):
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Amount):
                yield one
            elif name != "when":
                yield from _amounts(one)


class _Read:
    """Which words became fields. ``sorts``: those that only say what sort of applicant it is."""

    def __init__(self, spans: Sequence[Span], measure: Measure) -> None:
        who = measure.beneficiary
        self.spans = spans
        self.sorts = {words.span for words in (*who.types, *who.industry)}
        self.qualified = any(words.text in _ONE_GRADE for words in who.qualification)

    def rest(self, text: str, part: Span, sorts: bool) -> str:
        """The part with all that was read blanked out; ``sorts``: those too."""
        letters = list(part.of(text))
        for span in self.spans:
            if span.start < part.end and part.start < span.end and (sorts or span not in self.sorts):
                start, end = max(span.start, part.start), min(span.end, part.end)
                letters[start - part.start : end - part.start] = "、" * (end - start)
        return "".join(letters)


def _says(text: str, part: Span, read: _Read, sorts: bool = True) -> bool:
    """Whether enough of the part was read as no field."""
    if _NO_REQUIREMENT.fullmatch(part.of(text)):
        return False
    graded = not read.qualified and _GRADED.search(text, part.start, part.end)
    if graded and _GRADED.search(read.rest(text, part, sorts=False)):
        return True
    left = _EVERYWHERE.sub("", read.rest(text, part, sorts))
    return len(_HAN.findall(left)) >= _LEAST or bool(_DENIES.search(left))


def _trimmed(text: str, part: Span) -> Span:
    opening = _OPENING.match(text, part.start, part.end)
    return Span(opening.end() if opening else part.start, part.end)
