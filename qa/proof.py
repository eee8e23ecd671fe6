"""The proof gate: may this sentence be shown on the strength of this passage? Code decides, no model.

A sentence passes when it stands verbatim in the passage, or when one sentence of the passage says all of it: every
figure, date, percentage and file number with the same comparator, the same negations and reservations part by part, and
nearly all of its words. One, not several: figures of neighbouring sentences belong to other cases. A sentence joined by
semicolons is proven part by part. What fails is not shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.docnumber import find_numbers
from ingest.document import Span
from ingest.normalize import fold
from ingest.numerals import Quantity, find_quantities

MIN_COVERAGE = 0.8  # share of the sentence's character pairs in the window; an added name or object falls below
ALIGNED = 0.5  # two half-sentences speak of the same thing when they share this much

# Words that turn or bound a statement. Present on one side only, the two sentences do not say the same.
GUARDS: dict[str, re.Pattern[str]] = {
    "否定": re.compile(
        r"不(?!低于|少于|超过|高于|大于|小于|足|满|断|仅|同|少|限|等|超)|未(?!来)|无(?!人机|线|废|偿)|非(?!公|常|营利|遗)"
        r"|禁止|除外|停止|取消|拒绝"
    ),
    "保留": re.compile(r"探索|拟(?=[^定])|研究|力争|争取|原则上|鼓励|优先|酌情|逐步|试点"),
    "可以": re.compile(r"可(?:以|按|予|享|申|凭|给)|(?<=[，,。；])可"),
    "期间": re.compile(
        r"每年|每月|每季度|每人|每户|逐年|一次性|累计|首次|重新|次年|当年|年度|单个|单次|单户|全额|减半"
    ),
}
_SENTENCE_END = re.compile(r"[。！？!?\n]+[”』」）)]*|[；;]")
_HALF = re.compile(r"[，,；;。：:！？!?\n]")
_STRICT = ("否定", "保留")
_FIGURE = r"[\d.零〇一二三四五六七八九十百千万亿]"
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``span``: the proving words, in the coordinates of the passage; ``checks`` passed, or ``failures`` in Chinese."""

    passed: bool
    span: Span
    checks: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


def prove(sentence: str, passage: str) -> Verdict:
    """Looks for the words of ``passage`` that say what ``sentence`` says."""
    verbatim = locate(sentence, passage)
    if verbatim:
        return Verdict(True, verbatim, ("原文",))
    parts = [_prove_part(part.of(sentence), passage) for part in sentences(sentence)]
    failed = next((part for part in parts if not part.passed), None)
    if failed or not parts:
        return failed or Verdict(False, Span(0, 0), failures=("条款中没有这样的内容",))
    hull = Span(min(part.span.start for part in parts), max(part.span.end for part in parts))
    return Verdict(True, hull, tuple(dict.fromkeys(check for part in parts for check in part.checks)))


def _prove_part(sentence: str, passage: str) -> Verdict:
    verbatim = locate(sentence, passage)
    if verbatim:
        return Verdict(True, verbatim, ("原文",))
    best = Verdict(False, Span(0, 0), failures=("条款中没有这样的内容",))
    for window in sentences(passage):
        failures = _failures(sentence, window.of(passage))
        if not failures:
            return Verdict(True, window, ("数字", "限定", "否定", "用词"))
        if best.span.end == 0 or len(failures) < len(best.failures):
            best = Verdict(False, window, failures=failures)
    return best


def verbatim(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether the sentence is made of the words of the quotes and of no others: the last check of an extract."""
    return not Counter(_letters(sentence)) - Counter(_letters("".join(quotes)))


def locate(quote: str, text: str) -> Span | None:
    """Span of ``quote`` in ``text``, white space, widths and the final stop aside; ``None`` where it does not stand there."""
    wanted, _ = _squeezed(quote)
    wanted = wanted.rstrip(".。;；,，")
    have, offsets = _squeezed(text)
    at = have.find(wanted) if len(wanted) >= 2 else -1
    if at < 0 or _cuts_figure(have, at, at + len(wanted)) or _cuts_guard(have, at):
        return None
    return Span(offsets[at], offsets[at + len(wanted) - 1] + 1)


def sentences(text: str) -> Iterator[Span]:
    """Spans of the sentences of ``text``; together they hold all of its visible characters."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.end()].strip():
            yield Span(start, match.end())
        start = match.end()
    if text[start:].strip():
        yield Span(start, len(text))


def _squeezed(text: str) -> tuple[str, list[int]]:
    folded = fold(text)
    offsets = [i for i, char in enumerate(folded) if not char.isspace()]
    return "".join(folded[i] for i in offsets), offsets


def _cuts_figure(text: str, start: int, end: int) -> bool:
    """Does the cut leave half a figure (500万 out of 1500万元, 50 out of 50万元)?"""
    left = re.match(_FIGURE, text[start : start + 1]) and re.match(_FIGURE, text[start - 1 : start])
    right = re.match(_FIGURE, text[end - 1 : end]) and re.match(r"[\d.%％‰万亿千百十元]", text[end : end + 1])
    return bool(left or right)


def _cuts_guard(text: str, start: int) -> bool:
    """Does the quote begin right after a word that denies or bounds it (不|予补助, 探索|设立, 最高|500万元)?"""
    before = text[max(0, start - 4) : start]
    bounds = re.search(r"(?:不|不得|不再|不予|不超过|不低于|不少于|不高于|最高|最低|最多|至少)$", before)
    return bool(bounds) or any(m.end() == len(before) for g in _STRICT for m in GUARDS[g].finditer(before))


def _failures(sentence: str, window: str) -> tuple[str, ...]:
    missing = _missing_figures(sentence, window)
    found = [f"原文中没有“{figure}”" for figure in missing]
    found += [f"“{guard}”与原文不一致" for guard in _unequal_guards(sentence, window)]
    if coverage(sentence, window) < MIN_COVERAGE:
        found.append("有原文之外的内容")
    return tuple(found)


def _missing_figures(sentence: str, window: str) -> list[str]:
    numbers = {n.canonical for n in find_numbers(window)}
    missing = [n.printed for n in find_numbers(sentence) if n.canonical not in numbers]
    have = find_quantities(window)
    wanted = find_quantities(sentence)
    missing += [q.printed for q in wanted if not any(_same(q, other) for other in have)]
    covered = [q.span for q in wanted] + [n.span for n in find_numbers(sentence)]
    digits = set(_DIGITS.findall(fold(window)))
    for match in _DIGITS.finditer(fold(sentence)):
        inside = any(span.start <= match.start() < span.end for span in covered)
        if not inside and match.group() not in digits:
            missing.append(match.group())
    return missing


def _same(wanted: Quantity, have: Quantity) -> bool:
    return (
        wanted.kind == have.kind
        and wanted.unit == have.unit
        and abs(wanted.value - have.value) <= 1e-9 * max(1.0, abs(have.value))
        and wanted.comparator == have.comparator
    )


def _unequal_guards(sentence: str, window: str) -> list[str]:
    """Guards that stand in a part of the sentence and not in the part of the source that speaks of the same, or the reverse."""
    sources = [half for half in _HALF.split(fold(window)) if half.strip()]
    unequal = []
    for half in filter(str.strip, _HALF.split(fold(sentence))):
        near = max(sources, key=lambda source: coverage(half, source), default="")
        aligned = coverage(half, near) >= ALIGNED
        for name, pattern in GUARDS.items():
            said, source = set(pattern.findall(half)), set(pattern.findall(near if aligned else fold(window)))
            dropped = aligned and source - said and (name in _STRICT or _DIGITS.search(half))
            if said - source or dropped:
                unequal.append(name)
    return list(dict.fromkeys(unequal))


def coverage(sentence: str, window: str) -> float:
    """Share of the character pairs of ``sentence`` that stand in ``window`` (punctuation and widths aside)."""
    pairs = _pairs(sentence)
    return len(pairs & _pairs(window)) / len(pairs) if pairs else 1.0


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text)).lower()


def _pairs(text: str) -> set[str]:
    letters = _letters(text)
    return {letters[i : i + 2] for i in range(len(letters) - 1)} or ({letters} if letters else set())
