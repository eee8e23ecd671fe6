"""Which words of a clause an answer shows: verbatim spans of it, chosen by what the question asks. No model."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from index.analyzer import bigrams
from index.intent import answers, defines
from ingest.document import Clause, Span
from qa.evidence import ENOUGH, Evidence, share
from qa.injection import instructs
from qa.proof import sentences
from qa.question import Question, Topic

WHOLE_CLAUSE = 180  # characters; a clause up to this length is shown whole: amount, condition and cap stay together
ARTICLE = 320  # … and an article of several paragraphs up to this one
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇]+条")
WHOLE_LIST = (
    260  # … and sentences that each speak of the question as much up to this one: none of three benefits is left away
)
ALIKE = 0.9  # so much of the best sentence's mark speaks of the question as much
NEIGHBOUR = 0.6  # a sentence next to the best one is shown with it when it speaks of the question this much
PAIRS = (
    0.5  # weight of the question's pairs of characters beside its topics: they tell apart sentences with equal topics
)
CUE = 0.3  # a sentence that has what is asked for (a sum, a body, a date, a step) is before one that only names the subject
# What goes on from the sentence before it and cannot be read alone; of these a limit or an exception is never left away.
_LIMITS = re.compile(
    r"\s*(?:最高|最多|最低|上限|累计|合计|总额|单个|单户|每年|每户|同一|一次性|超过|超出|不超过|不足|低于|高于|逾期|但|不含|其中"
    r"|未达|否则|除外|期限|补贴期|补助期|已享受|不重复|与[^，。；]{2,20}不重复)"
)
_GOES_ON = re.compile(
    rf"{_LIMITS.pattern}|\s*(?:该|此|上述|前述|前款|对此|并|同时|另|再|其(?!他|余)|在此基础上|情节|数额|构成犯罪)"
)
_ITEM = re.compile(r"\s*(?:[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|[①-⑳])")
_CUES = (
    (
        re.compile("怎么办|如何办|申请|申报|办理|流程|程序|手续|步骤"),
        re.compile("申请|申报|受理|审核|办理|提交|登录|公示"),
    ),
    (re.compile("材料|资料|证件|证明"), re.compile("材料|证明|证件|身份证|复印件|提交|提供")),
    (
        re.compile("条件|资格|符合|要求|哪些企业|谁能|什么人"),
        re.compile("条件|符合|具备|具有|应当|须|[以之][上下内]|的[，,；;：:]"),
    ),
)


def article_around(item: Evidence) -> tuple[Clause, ...]:
    """The paragraphs of the article (or of the short file without articles) of which the clause is one, where they are short
    enough to be read together; else none.
    """
    number = _ARTICLE.match(item.clause.path)
    if len(item.parts) > 1 or (item.lead and item.relevance >= ENOUGH):
        return ()
    if number:
        paths = ((clause, _ARTICLE.match(clause.path)) for clause in item.document.clauses)
        clauses = [clause for clause, path in paths if path and path[0] == number[0] and clause.text.strip()]
    else:
        clauses = [clause for clause in item.document.clauses if clause.text.strip()]
    paragraphs = tuple(clause for clause in clauses if clause.kind == "body" and not instructs(clause.text))
    fits = sum(len(clause.text) for clause in clauses) <= ARTICLE and len(paragraphs) == len(clauses) > 1
    return paragraphs if fits and item.clause in paragraphs else ()


def body_span(clause: Clause, text: str) -> Span:
    """Span of the clause in ``text`` without its marker and the white space around it."""
    raw = clause.span.of(text)
    start = clause.span.start + len(raw) - len(raw.lstrip())
    marker = (
        re.match(r"[#\-\s]*" + re.escape(clause.marker) + r"[\s　]*", text[start : clause.span.end])
        if clause.marker
        else None
    )
    if marker and not clause.restored:
        start += marker.end()
    return Span(start, clause.span.start + len(raw.rstrip()))


def lead_span(lead: Clause | None, text: str) -> Span | None:
    """The last sentence of the clause above, which introduces the item; where it is not too long up to the full stop before
    it (“……的，处五年以下有期徒刑；有下列情形之一的，处五年以上有期徒刑：”), with the sentences that it goes on from.
    """
    if lead is None:
        return None
    span = body_span(lead, text)
    spans = [Span(span.start + s.start, span.start + s.end) for s in sentences(span.of(text))]
    if not spans:
        return None
    first = len(spans) - 1
    while first and spans[-1].end - spans[first - 1].start <= WHOLE_CLAUSE and _leans(spans[first - 1 :], text):
        first -= 1
    return Span(spans[first].start, spans[-1].end)


def _leans(spans: Sequence[Span], text: str) -> bool:
    """Whether the second of the sentences is not the beginning of its own, or cannot be read without the one before it."""
    return spans[0].of(text).rstrip().endswith(("；", ";")) or bool(_GOES_ON.match(spans[1].of(text)))


def best_parts(question: Question, span: Span, text: str) -> tuple[Span, ...]:
    """The sentences of a long clause that speak of the question: the best one, what it cannot be read without, and its
    neighbours while they speak of it too; before them the words that introduce them, where the clause is a list.
    """
    spans = [Span(span.start + s.start, span.start + s.end) for s in sentences(span.of(text))]
    said = [s.of(text) for s in spans]
    marks = _marks(question, said)
    first = last = max(range(len(spans)), key=lambda i: marks[i])
    while True:
        first, last = _whole(said, first, last)
        around = [i for i in (first - 1, last + 1) if 0 <= i < len(spans)]
        sizes = {i: spans[max(i, last)].end - spans[min(i, first)].start for i in around}
        alike = ALIKE * max(marks)
        grown = [i for i, size in sizes.items() if size <= (WHOLE_CLAUSE if marks[i] < alike else WHOLE_LIST)]
        best = max(grown, key=lambda i: marks[i], default=None)
        if best is None or marks[best] < NEIGHBOUR * max(marks):
            break
        first, last = min(first, best), max(last, best)
    window = trimmed(Span(spans[first].start, spans[last].end), text)
    if question.kind == "definition":
        window = _defining_part(question, window, text)
    opening = _opening(said, first)
    if opening is None:
        return (window,)
    at = spans[opening].start
    return (trimmed(Span(at, at + re.search("[：:]", said[opening]).end()), text), window)


def _marks(question: Question, said: Sequence[str]) -> list[float]:
    """How much each sentence of a clause speaks of the question. What all of them say tells none from another."""
    topics = question.focus or question.topics
    asked = set(bigrams(question.text))
    held = [asked.intersection(bigrams(text)) for text in said]
    count = Counter(pair for pairs in held for pair in pairs)
    rarity = {pair: math.log((len(said) + 1) / n) for pair, n in count.items()}
    total = sum(rarity.values()) or 1.0
    return [
        topic_share(topics, text) + PAIRS * sum(rarity[pair] for pair in pairs) / total + _cue(question, text)
        for text, pairs in zip(said, held, strict=True)
    ]


def _whole(said: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """The sentences ``first`` to ``last`` with those before that they go on from, and those after that go on from them."""
    while first > 0 and _GOES_ON.match(said[first]):
        first -= 1
    while last + 1 < len(said) and _LIMITS.match(said[last + 1]):
        last += 1
    return first, last


def _opening(said: Sequence[str], first: int) -> int | None:
    """Where the sentence ``first`` is an item of a list: the sentence that introduces the list (“标准为：（一）……；”)."""
    marker = _ITEM.match(said[first])
    if marker is None:
        return None
    opens = re.compile(f"[：:]\\s*(?:{_ITEM.pattern})?")
    return next((i for i in range(first - 1, -1, -1) if not _ITEM.match(said[i]) and opens.search(said[i])), None)


def _defining_part(question: Question, window: Span, text: str) -> Span:
    """Of an overlong sentence the part between commas that defines the term, with what it joins on to."""
    if window.end - window.start <= WHOLE_CLAUSE or not question.term:
        return window
    cuts = [
        window.start,
        *(m.end() for m in re.finditer("[，,；;]", text[: window.end]) if m.end() > window.start),
        window.end,
    ]
    for i in range(len(cuts) - 1):
        for j in (i + 1, i + 2):
            if j < len(cuts) and defines(question.term, text[cuts[i] : cuts[j]]):
                return trimmed(Span(cuts[i], cuts[j]), text)
    return window


def trimmed(span: Span, text: str) -> Span:
    """The span without the white space at its ends."""
    raw = span.of(text)
    return Span(span.start + len(raw) - len(raw.lstrip()), span.start + len(raw.rstrip()))


def _cue(question: Question, text: str) -> float:
    """Whether the sentence has what such a question asks for."""
    if question.kind == "definition" and question.term:
        return 1.0 if defines(question.term, text) else 0.0
    if question.kind in ("amount", "who", "often", "when"):
        return CUE if answers(question.kind, text) else 0.0
    return CUE if any(asks.search(question.text) and says.search(text) for asks, says in _CUES) else 0.0


def topic_share(topics: Sequence[Topic], text: str) -> float:
    """0–1: how much of the topics, by their weights, ``text`` speaks of."""
    return share([(topic, topic.weight) for topic in topics], text)
