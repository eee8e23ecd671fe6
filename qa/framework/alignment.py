"""Which clause of the new text is which of the old one: by the same words, else by heading, number and alike words.

Time grows with the number of clauses, not with its square: only clauses that share rare pairs of characters are compared.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from ingest.document import Clause, PolicyDocument, Span
from ingest.normalize import fold
from qa.passage import body_span
from qa.proof.tokens import Tokens, tokenize

ALIKE = 0.38  # share of common pairs from which on two clauses are versions of one: by editions of real files, .40 is, .34 is not
ALIKE_SAME_HEADING = 0.25
HEADING, PLACE = 0.25, 0.05
SHARED_BY = 40  # clauses; a pair of characters that more of them have tells none from another
CANDIDATES = 8
MOST_EFFORT = 200_000  # pairs of equal words in two texts; with more they are not compared word by word
_SPACE = re.compile(r"[\s,。;:、()\"'《》〈〉\[\]·.-]+")
_NUMERALS = re.compile(r"[第零〇一二三四五六七八九十百千\d]+[条章节款项]?")


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the old text (absolute span; empty where words were added) and the words that stand in their place in the new one.

    ``old_figures`` and ``new_figures``: the numbers, sums, shares and terms among them.
    """

    old: Span
    new: Span
    old_figures: tuple[Span, ...]
    new_figures: tuple[Span, ...]


@dataclass(frozen=True)
class Part:
    """A text that is compared: of a clause without its number, or words of a clause that are to become one."""

    document: PolicyDocument
    clause: Clause
    span: Span
    path: str
    heading: str = ""

    @property
    def words(self) -> str:
        return self.span.of(self.document.text)

    @cached_property
    def key(self) -> str:
        return _SPACE.sub("", fold(self.words))

    @cached_property
    def pairs(self) -> Counter[str]:
        return Counter(self.key[at : at + 2] for at in range(len(self.key) - 1))

    @cached_property
    def place(self) -> str:
        return _NUMERALS.sub("", self.heading) or self.path


Pair = tuple[Part | None, Part | None]


def parts_of(document: PolicyDocument) -> tuple[Part, ...]:
    """The clauses of a file that say something, in order, without what stands before and behind the text (front and back matter)."""
    found = []
    for clause in document.clauses:
        span = body_span(clause, document.text)
        if clause.kind not in ("front", "back") and span.end > span.start:
            found.append(Part(document, clause, span, clause.path, clause.heading))
    return tuple(found)


def align(old: Sequence[Part], new: Sequence[Part]) -> tuple[Pair, ...]:
    """Pairs in the order of the new text; a part that has gone stands where it stood, a part of either side in one pair only."""
    partner: dict[int, int] = {}
    _pair_equal(old, new, partner)
    taken = set(partner.values())
    free_old = [i for i in range(len(old)) if i not in taken]
    scored = sorted(_scored(old, new, free_old, [j for j in range(len(new)) if j not in partner]), reverse=True)
    for _, negative_j, negative_i in scored:
        j, i = -negative_j, -negative_i
        if j not in partner and i not in taken:
            partner[j] = i
            taken.add(i)
    return tuple(_in_order(old, new, partner))


def _pair_equal(old: Sequence[Part], new: Sequence[Part], partner: dict[int, int]) -> None:
    """The same words in the same place first, then the same words anywhere, from top to bottom."""
    taken: set[int] = set()
    for keys in (lambda part: (part.key, part.path), lambda part: (part.key, "")):
        waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i in reversed(range(len(old))):
            if i not in taken:
                waiting[keys(old[i])].append(i)
        for j, part in enumerate(new):
            if j not in partner and waiting.get(keys(part)):
                partner[j] = waiting[keys(part)].pop()
                taken.add(partner[j])


def _scored(
    old: Sequence[Part], new: Sequence[Part], free_old: Sequence[int], free_new: Sequence[int]
) -> Iterator[tuple[float, int, int]]:
    """(likeness, -j, -i) of parts that may be versions of one; at equal likeness the upper ones come first when sorted downwards."""
    holders: dict[str, list[int]] = defaultdict(list)
    for i in free_old:
        for pair in old[i].pairs:
            holders[pair].append(i)
    headed: dict[str, list[int]] = defaultdict(list)
    for i in free_old:
        headed[old[i].place].append(i)
    spread = Counter(pair for part in (*old, *new) for pair in part.pairs)
    weights = {pair: (2 / max(2, count)) ** 0.5 for pair, count in spread.items()}
    for j in free_new:
        shared = Counter(
            i for pair in new[j].pairs if len(holders.get(pair, ())) <= SHARED_BY for i in holders.get(pair, ())
        )
        near = [i for i, _ in shared.most_common(CANDIDATES)]
        for i in dict.fromkeys((*near, *headed.get(new[j].place, ())[:CANDIDATES])):
            likeness = _likeness(old[i], new[j], weights)
            same_heading = bool(new[j].heading) and old[i].place == new[j].place
            if likeness >= (ALIKE_SAME_HEADING if same_heading else ALIKE) and _same_kind(old[i], new[j]):
                yield likeness + HEADING * same_heading + PLACE * (old[i].path == new[j].path), -j, -i


def _same_kind(one: Part, other: Part) -> bool:
    return (one.clause.kind == "table_row") == (other.clause.kind == "table_row")


def _likeness(one: Part, other: Part, weights: Mapping[str, float]) -> float:
    """Dice over pairs of characters; what many clauses say (给予一次性奖励) tells none from another, and counts little."""
    total = sum(weights[pair] * count for part in (one, other) for pair, count in part.pairs.items())
    common = sum(weights[pair] * count for pair, count in (one.pairs & other.pairs).items())
    return 2 * common / total if total else 0.0


def _in_order(old: Sequence[Part], new: Sequence[Part], partner: dict[int, int]) -> Iterator[Pair]:
    kept = set(partner.values())
    gone = [i for i in range(len(old)) if i not in kept]
    at = 0
    reached = -1
    for j, part in enumerate(new):
        i = partner.get(j)
        if i is not None:
            reached = max(reached, i)
            while at < len(gone) and gone[at] < reached:
                yield old[gone[at]], None
                at += 1
        yield (None if i is None else old[i]), part
    yield from ((old[i], None) for i in gone[at:])


def effort(old: Part, new: Part) -> int:
    """What ``edits`` costs."""
    before, after = Counter(tokenize(old.words).keys), Counter(tokenize(new.words).keys)
    return sum(count * after[key] for key, count in before.items())


def edits(old: Part, new: Part) -> tuple[Edit, ...]:
    """What differs, word by word, with figures read by value. To be asked where the ``effort`` is small."""
    before, after = tokenize(old.words), tokenize(new.words)
    codes = SequenceMatcher(None, before.keys, after.keys, autojunk=False).get_opcodes()
    found: list[tuple[int, int, int, int]] = []
    for tag, i1, i2, j1, j2 in codes:
        if tag == "equal":
            continue
        if found and i1 - found[-1][1] == 1 and j1 - found[-1][3] == 1 and not _is_figure(before, i1 - 1):
            found[-1] = found[-1][0], i2, found[-1][2], j2  # one character that two changes have between them
        else:
            found.append((i1, i2, j1, j2))
    return tuple(
        Edit(
            _span(before, i1, i2, old.span.start),
            _span(after, j1, j2, new.span.start),
            tuple(_span(before, i, i + 1, old.span.start) for i in range(i1, i2) if _is_figure(before, i)),
            tuple(_span(after, j, j + 1, new.span.start) for j in range(j1, j2) if _is_figure(after, j)),
        )
        for i1, i2, j1, j2 in found
    )


def _is_figure(tokens: Tokens, at: int) -> bool:
    return bool(tokens.figures[at]) or bool(re.fullmatch(r"n\d[\d.]*", tokens.keys[at]))


def _span(tokens: Tokens, first: int, stop: int, offset: int) -> Span:
    if first < stop:
        return Span(offset + tokens.spans[first].start, offset + tokens.spans[stop - 1].end)
    at = tokens.spans[first].start if first < len(tokens.spans) else len(tokens.text)
    return Span(offset + at, offset + at)
