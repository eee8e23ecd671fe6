"""Which of the evidence an answer shows: the best clause, and others that say as much. No model."""

from __future__ import annotations

from collections.abc import Sequence

from index.intent import defines
from ingest.normalize import fold
from qa.evidence import ENOUGH, Evidence, asks_history, explains
from qa.passage import WHOLE_CLAUSE, article_around
from qa.question import SAID, Question

CLOSE = 0.45  # a further clause is shown when it scores so little less than the best one
CLOSE_IN_HISTORY = 0.6  # … and so much less where then and now are compared
CLOSE_IN_MEANING = 1.5  # … where none has the question's words, so that one of three may be meant
ENOUGH_SHOWN = (
    120  # characters of them after which no other is shown; an answer in the question's words has its own budget
)
CLOSE_ELSEWHERE = 0.8  # … where another level of government pays for the same
MAX_POINTS = 3
MAX_LIST_POINTS = 8
MONEY_WORDS = frozenset("奖励|补贴|补助|奖补|资助|贴息|引荐奖励|购房补贴|租房补贴|住房补贴".split("|"))


def choose(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """What is shown, best first; of the levels that are compared the best of each, from the highest down."""
    limit = MAX_LIST_POINTS if question.kind == "list" else MAX_POINTS
    if question.kind == "definition" and question.term:
        evidence = [e for e in evidence if defines(question.term, e.clause.text)] or evidence
    best = evidence[0]
    chosen = _one_a_level(question, evidence)
    limit += len(chosen)
    taken = {part.id for item in chosen for part in item.parts}
    levels = {item.card.level for item in chosen}
    for item in evidence:
        close = CLOSE_IN_HISTORY if asks_history(question) else CLOSE
        if in_other_words(question, best):
            close = CLOSE_IN_MEANING
        if question.kind == "amount" and item.card.level not in levels and item.relevance >= best.relevance:
            close = CLOSE_ELSEWHERE
        if len(chosen) == limit:
            break
        if item.score < best.score - close:
            continue
        if (best.named and not item.named) or (chosen and not item.may_answer and not in_other_words(question, best)):
            continue
        if _is_another_row(question, item, best):
            continue
        inside = {part.id for part in item.parts}
        if inside & taken or (item.dead and not _may_show_dead(question, item, chosen)):
            continue
        if question.kind == "amount" and best.has_amount and not item.has_amount:
            continue
        # An explanation beside the policy itself only says it again.
        if chosen and explains(item.card):
            continue
        taken |= inside
        levels.add(item.card.level)
        chosen.append(item)
    if in_other_words(question, best):
        chosen = _few(chosen)
    kept = [item for item in chosen if not any(_rests_on(item, other) for other in chosen if other is not item)]
    return _together(kept)


def _is_another_row(question: Question, item: Evidence, best: Evidence) -> bool:
    """Whether the item is a row of the table of the best one, and lacks a word of the question that this has: 总锌 beside 总铜."""
    if not (item.row and best.row and item.row.head and item.row.head == best.row.head):
        return False
    own, other = fold(best.clause.text).lower(), fold(item.clause.text).lower()
    return any(t.weight >= 1.0 and t.match(own) >= SAID > t.match(other) for t in question.topics)


def _few(chosen: Sequence[Evidence]) -> list[Evidence]:
    """Clauses that are only near in meaning, until enough is shown: a guess is no better for being long."""
    shown = [len("".join(c.text for c in article_around(item) or item.parts)) for item in chosen[:1]]
    shown += [min(WHOLE_CLAUSE, sum(len(part.text) for part in item.parts)) for item in chosen[1:]]
    return [item for at, item in enumerate(chosen) if sum(shown[:at]) < ENOUGH_SHOWN]


def _together(chosen: Sequence[Evidence]) -> list[Evidence]:
    """Items of one list side by side, in the order of the file."""
    leads = list(dict.fromkeys(item.lead.id if item.lead else item.clause.id for item in chosen))
    return sorted(chosen, key=lambda i: (leads.index(i.lead.id if i.lead else i.clause.id), i.clause.span.start))


def _rests_on(item: Evidence, other: Evidence) -> bool:
    """A row of a list (政策清单) that names the clause ``other`` as its basis only repeats it."""
    return (
        item.clause.kind == "table_row"
        and bool(other.clause.marker)
        and other.clause.marker in item.clause.text
        and any(
            number.key == other.card.document_number
            for reference in item.document.references
            if reference.clause_id == item.clause.id
            for number in reference.numbers
        )
    )


def _one_a_level(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """“省、市、区分别怎么规定”: the best clause of each level first, from the highest level down."""
    if len(question.levels) < 2:
        return []
    about_money = any(topic.word in MONEY_WORDS for topic in question.topics) or question.kind == "amount"
    found = []
    for level in question.levels:
        of_level = [e for e in evidence if e.card.level == level and not e.dead and e.may_answer]
        of_level.sort(key=lambda e: (about_money and not e.has_amount, e.row is not None))
        best = of_level[0].document.id if of_level else ""
        # Files of one level that differ are set side by side, too.
        others = [e for e in of_level[1:] if about_money and e.has_amount and e.document.id != best and not e.row]
        found += [*of_level[:1], *others[:1]]
    return found


def _may_show_dead(question: Question, item: Evidence, chosen: Sequence[Evidence]) -> bool:
    """A repealed or expired clause is shown, with a caution, where the question asks for it or nothing in force says as much."""
    if asks_history(question) or all(other.dead for other in chosen):
        return True
    return item.has_amount and not any(other.has_amount and not other.dead for other in chosen)


def amounts_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """A clause with a figure answers 多少 before one that scores a little higher without."""
    best = evidence[0]
    near = next((e for e in evidence if e.has_amount and e.score >= best.score - CLOSE and e.may_answer), None)
    return [near, *(e for e in evidence if e is not near)] if near else list(evidence)


def in_other_words(question: Question, best: Evidence) -> bool:
    """Whether the clause is only near in meaning: it has neither most of the question's topics nor a figure of it."""
    return best.relevance < ENOUGH and not any(figure in best.about for figure in question.figures)
