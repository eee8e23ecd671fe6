"""A drafter's words held against a cited clause: other figures, what the clause forbids. Each remark has both texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.document import LEVEL_NAMES
from ingest.measures import read_measure
from ingest.measures.model import Measure
from qa.answer import Citation
from qa.drafting.figures import differences, forbidden
from qa.drafting.model import Remark
from qa.drafting.text import one_line

FIGURES, BAN = "拟定", "拟定内容可能"  # how the remarks begin, by which those of an older text are known


def figures_against(proposed: str, measure: Measure, text: str, cited: Citation, own: bool) -> Iterator[Remark]:
    """Where the figures are above those of the measure in ``text``, or other than those of the body's ``own`` level. ``cited``:
    the clause of the measure.
    """
    found = [each for each in differences(proposed, measure, text) if own or each.more]
    if not found:
        return
    said = "、".join(f"{each.sort}{each.own}" for each in found)
    stated = "、".join(f"{each.sort}{each.theirs}" for each in found)
    how = "与本级现行规定不同" if own else "高于上级文件"
    texts = f"拟定：“{one_line(proposed)}”；原文：“{one_line(cited.quote)}”"
    kind = "exceeds" if any(each.more for each in found) else "contradicts"
    yield Remark(kind, f"{FIGURES}{said}，{cited.source}{cited.path}为{stated}，{how}。{texts}", (cited.mark,))


def ban_against(wanted: str, subject: str, clause: str, cited: Citation) -> Iterator[Remark]:
    """Where the words ask for what a sentence of the clause forbids."""
    ban = forbidden(wanted, clause, subject)
    if ban:
        texts = f"拟定：“{one_line(wanted)}”；原文：“{one_line(ban.of(clause))}”"
        yield Remark("contradicts", f"{BAN}与{cited.source}{cited.path}不一致。{texts}", (cited.mark,))


def against_all(words: str, heading: str, cited: Iterable[Citation], every: Iterable[Citation]) -> Iterator[Remark]:
    """As both, for words that a person changed, from the quotes alone. ``every``: the citations of the draft, the lowest level of
    which is taken for the body's own.
    """
    levels = list(LEVEL_NAMES)
    own = max((levels.index(c.level) for c in every if c.level), default=len(levels))
    for citation in cited:
        level = levels.index(citation.level) if citation.level else len(levels)
        yield from figures_against(words, read_measure(citation.quote), citation.quote, citation, level == own)
        yield from ban_against(words, heading, citation.quote, citation)
