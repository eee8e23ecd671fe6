"""“我们是做汽车零部件的，去年营收1.2亿，设备投了3000万，能拿什么？”: what was understood, and the measures that fit, as an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice

from index.library import Library
from index.measures import MeasureRecord
from index.query import Filters
from ingest.document import LEVEL_NAMES, PolicyDocument, Span
from ingest.measures.model import Measure
from qa.answer import Sentence
from qa.calculation.figures import figures
from qa.calculation.formula import MONTHS, operate
from qa.compose import Composed, framed, quoted, sentence_at
from qa.injection import instructs
from qa.matching.amount import Worked
from qa.matching.asker import Asker
from qa.matching.doubles import amended, echoes, origins_of, repeats, same
from qa.matching.kept import offers_of
from qa.matching.match import Decision, Match, Matches, match
from qa.matching.next_question import NextQuestion, next_question
from qa.matching.outcome import OUTCOMES
from qa.matching.places import line_of, regions_of
from qa.matching.requirement import threshold
from qa.matching.told import AGAIN, pages_before, read_story
from qa.matching.understand import Reading
from qa.measure_words import called
from qa.passage import trimmed
from qa.render.matches import OUTCOME_WORDS

MATCHED = (
    "匹配",
)  # the checks of a proof whose sentence follows from the measure of that span and the asker's own words
SHOWN = 5  # measures of an answer; the rest is counted
LOOKED_AT = 60  # of the best, of which the doubles are taken out
LEAST = 3
BUDGET = 900  # characters; a measure that would go beyond it is not shown, but for the first three
OPEN_SHOWN = 5  # of the points to be confirmed
WHOLE = 220  # characters of a measure up to which it is shown whole; of a longer one the sentences that grant
LONGEST_WORDS = 24  # characters of a clause's words that name such a point
NOTHING_FITS = "库内现行文件中没有查到与您所说情况直接相关的支持措施。可补充行业、规模、资质、投资或研发等情况再问。"


def match_answer(library: Library, story: str, filters: Filters, as_of: date) -> Composed | None:
    """The measures for what ``story`` (see ``told``) says of the asker; ``None`` where none has to do with it."""
    reading = read_story(story, regions_of(library))
    found = match(reading.profile, offers_of(library, as_of, filters), as_of)
    own = {figure.value for figure in Asker(reading.profile, as_of).figures.values()}
    fits = (_fitting(each, own) for each in found.current)
    fitting = sorted((each for each in fits if each), key=lambda each: each.order)
    if not fitting:
        return None
    distinct = tuple(_distinct(library, fitting[:LOOKED_AT], found))
    pages = _pages(library, distinct)
    shown = next(islice(pages, pages_before(story), None), ())
    if not shown:
        return Composed((), "与您所说情况有关的支持措施，前面已经列出；补充更多情况后可以再问。")
    ask = next_question([each.match for each in fitting]) or next_question(found.current)
    wanted = _asked(ask, reading) if ask else ""
    closing = [framed(f"要确认更多，请补充：{wanted}")] if wanted else []
    closing.append(framed("全部措施和每项条件，可在“政策匹配”中逐项核对；各项数额不相加，以主管部门审核为准。"))
    unused = tuple(f"没有采用“{each.words}”：{each.why}。" for each in reading.unused)
    return Composed((framed(_summary(reading, (*distinct, *fitting[LOOKED_AT:]))), *shown, *closing), notices=unused)


def nothing_fits(library: Library, story: str, found: Sequence[tuple[str, str]]) -> str:
    """What is said where no measure has to do with the story; empty where one of the clauses ``found`` for it (document, clause)
    grants something: the asker may have said of himself what only that clause knows.
    """
    if AGAIN in story:
        return NOTHING_FITS
    if all(each.field in ("kind", "region") for each in read_story(story, regions_of(library)).understood):
        return ""
    granting = {
        record.measure.clause_id
        for document_id in {document_id for document_id, _ in found}
        for record in library.measures(Filters(document_ids=(document_id,)))
        if record.measure.benefits and not repeats(record, library.document(document_id).text)
    }
    return "" if any(clause_id in granting for _, clause_id in found) else NOTHING_FITS


def _pages(library: Library, distinct: Sequence[_Fitting]) -> Iterator[tuple[Sentence, ...]]:
    """Sentences of up to ``SHOWN`` measures at a time."""
    page: list[Sentence] = []
    count = 0
    for each in distinct:
        sentences = tuple(_sentences(each.match, library.document(each.match.record.card.id)))
        if not sentences or any(instructs(proof.quote) for s in sentences for proof in s.proofs):
            continue
        if count == SHOWN or (count >= LEAST and sum(len(s.text) for s in (*page, *sentences)) > BUDGET):
            yield tuple(page)
            page, count = [], 0
        page += sentences
        count += 1
    if page:
        yield tuple(page)


def is_matched(sentence: Sentence) -> bool:
    """Whether matching made the sentence (and no model may reword it)."""
    return any(proof.checks == MATCHED for proof in sentence.proofs)


def comes_out_again(library: Library, sentence: Sentence, story: str, as_of: date) -> bool:
    """Whether a sentence made by matching comes out again, word for word and with the same sources, from the measures of the
    file that it cites and from what the asker said, and every figure in it stands in those sources, was said by him, or is
    worked out from such figures.
    """
    ids = {proof.document_id for proof in sentence.proofs}
    if len(ids) != 1 or any(proof.checks != MATCHED for proof in sentence.proofs):
        return False
    (document_id,) = ids
    document = library.document(document_id)
    places = {(proof.clause_id, proof.span) for proof in sentence.proofs}
    clauses = {clause_id for clause_id, _ in places}
    records = library.measures(Filters(document_ids=(document_id,)), as_of)
    meant = [
        r for r in records if r.measure.clause_id in clauses or not r.measure.benefits
    ]  # those that grant nothing bind all
    profile = read_story(story, regions_of(library)).profile
    said = {f.value for f in figures(story)} | {f.value for f in Asker(profile, as_of).figures.values()}
    return any(
        again.text == sentence.text
        and {(proof.clause_id, proof.span) for proof in again.proofs} == places
        and figures_stand(again, said, each)
        for each in match(profile, meant, as_of).current
        for again in _sentences(each, document)
    )


def figures_stand(sentence: Sentence, said: Set[Decimal], found: Match) -> bool:
    """Nothing is taken from the matching but the steps of a calculation, each of which is done again, from figures that were
    said or stand in the clause; 12 months are a year.
    """
    stated = {f.value for proof in sentence.proofs for f in figures(proof.quote)} | set(_stated(found.record.measure))
    known = {*said, *stated, *(abs(a - b) for a in said for b in stated), Decimal(0), MONTHS}  # 还差1000万元
    for worked in filter(None, found.amounts):
        for step in worked.steps:
            if step.left in known and step.right in known and operate(step.op, step.left, step.right) == step:
                known.add(step.result)
    return {f.value for f in figures(sentence.text)} <= known


def _stated(measure: Measure) -> Iterator[Decimal]:
    """Figures that were read of the words of the clause, also those that no digit says: 全额, 前三年, 半年."""
    for benefit in measure.benefits:
        yield from _numbers(benefit)
        for share in benefit.schedule:
            yield Decimal(share.last - share.first + 1)
    yield from _numbers((measure.caps, measure.conditions))


def _numbers(part: object) -> Iterator[Decimal]:
    if isinstance(part, Decimal):
        yield part
    elif isinstance(part, int) and not isinstance(part, bool):
        yield Decimal(part)
    elif isinstance(part, tuple):
        for each in part:
            yield from _numbers(each)
    elif is_dataclass(part) and not isinstance(part, Span):
        for field in fields(part):
            yield from _numbers(getattr(part, field.name))


@dataclass(frozen=True, slots=True)
class _Fitting:
    """A measure that has to do with what was said. ``order``: outcome; whether it is for another sort of applicant or a place that
    was not named; how much of what was said meets it or is counted by it; how little is open.
    """

    match: Match
    order: tuple[int, bool, bool, int, int, Decimal]


def _fitting(found: Match, figures_given: Set[Decimal]) -> _Fitting | None:
    """``None`` where nothing that was said speaks for it: it would be shown to everybody."""
    if found.outcome == "does_not_apply":
        return None
    own = [d for d in found.decisions if d.need.sort not in ("place", "type")]
    meant = len({d.need for d in own if d.verdict == "met" or d.held.likely or d.held.near})
    steps = (step for worked in filter(None, found.amounts) for step in worked.steps)
    meant += any({step.left, step.right} & figures_given for step in steps)
    if not meant:
        return None
    type_open = any(d.need.sort == "type" and d.verdict == "unknown" for d in found.decisions)
    away = found.reached is None
    return _Fitting(found, (OUTCOMES.index(found.outcome), type_open, away, -meant, found.waiting, -found.rank))


def _distinct(library: Library, fitting: Sequence[_Fitting], found: Matches) -> Iterator[_Fitting]:
    """Without clauses that another file has put in other words since, rows of a list that name the clause they repeat, and the
    same support told twice in one place. What only repeats a clause that is not there comes last of its outcome and place.
    """
    origins = origins_of(each.record for each in found.current)
    documents = {each.match.record.card.id: library.document(each.match.record.card.id) for each in fitting}
    again = [repeats(each.match.record, documents[each.match.record.card.id].text) for each in fitting]
    originals = [each.match.record for each, told in zip(fitting, again, strict=True) if not told]
    ordered = sorted(zip(fitting, again, strict=True), key=lambda pair: (pair[0].order[:3], pair[1]))
    kept: list[MeasureRecord] = []
    for each, told in ordered:
        record = each.match.record
        document = documents[record.card.id]
        left = echoes(record, document.text, origins, originals) if told else amended(library, record, document)
        if not left and not any(same(record, other) for other in kept):
            kept.append(record)
            yield each


def _summary(reading: Reading, fitting: Sequence[_Fitting]) -> str:
    said = "；".join(f"{each.label}：{each.value}" for each in reading.understood if each.field != "kind")
    kind = f"{reading.profile.kind}；" if reading.profile.kind else ""
    counts = [(word, sum(f.match.outcome == outcome for f in fitting)) for outcome, word in OUTCOME_WORDS.items()]
    told = "、".join(f"{word}{count}项" for word, count in counts if count)
    return f"按您说的情况（{kind}{said}），库内现行支持措施与之有关的{f'：{told}' if told else ''}，最相关的是："


def _asked(ask: NextQuestion, reading: Reading) -> str:
    region = reading.profile.region
    if ask.field == "region" and region:
        own = line_of(region)
        wanted = [] if own.local else [f"您在{region}哪个{'' if own.city else '市、'}区（县）"]
        above = [name for name, known in (("省", own.province), ("市", own.city or not own.local)) if not known]
        wanted += [f"{region}属于{'、'.join(f'哪个{name}' for name in above)}"] if above else []
        return f"{'，'.join(wanted)}？" if wanted else ""  # as much as can be said of a place was said
    if ask.field.startswith(("statements:", "figures:")):
        return ""  # these are words of a clause, which nothing proves here
    return f"{ask.text.partition('（关系')[0].removesuffix('？')}？"


def _sentences(found: Match, document: PolicyDocument) -> Iterator[Sentence]:
    """Outcome, name and what is not met or open; the words of the clause; the sum."""
    measure, text = found.record.measure, document.text
    clause = next((c for c in document.clauses if c.id == measure.clause_id), None)
    if clause is None:
        return
    span = trimmed(measure.span, text)
    if not clause.span.contains(span) or span.end <= span.start:
        return
    leads = [
        (c, lead) for lead in measure.lead for c in document.clauses if c.span.contains(lead) and c.kind != "heading"
    ]
    whole = quoted(document, *leads[-1:], (clause, span))
    proofs = tuple(replace(proof, checks=MATCHED) for proof in whole.proofs)
    yield Sentence(_headline(found, text), proofs)
    granting = sorted({sentence_at(benefit.span.start, clause, text) for benefit in measure.benefits}, key=_start)
    yield whole if len(whole.text) <= WHOLE else quoted(document, *((clause, part) for part in granting))
    yield from (Sentence(line, proofs) for line in worked_words(found, text))


def _start(span: Span) -> int:
    return span.start


def _headline(found: Match, text: str) -> str:
    measure, card = found.record.measure, found.record.card
    place = card.region or LEVEL_NAMES.get(card.level or "", "")
    said = f"{OUTCOME_WORDS[found.outcome]}：{called(measure, text)}{f'（{place}）' if place else ''}"
    gap = found.gap if found.outcome == "nearly" else None
    waiting = list(dict.fromkeys(_open(found, text)))
    if gap:
        said += f"。{gap.reason(text)}"
    if waiting:
        said += f"。还须确认：{'、'.join(waiting[:OPEN_SHOWN])}{'等' if len(waiting) > OPEN_SHOWN else ''}"
    return f"{said}。"


def _open(found: Match, text: str) -> Iterator[str]:
    """What is not known, each point in few words; of another benefit or tier than the one that is met nothing is."""
    parts: dict[tuple[int | None, int | None], list[Decision]] = {}
    for decision in found.decisions:
        parts.setdefault((decision.benefit, decision.tier), []).append(decision)
    settled = any(key != (None, None) and all(d.verdict == "met" for d in part) for key, part in parts.items())
    for (benefit, tier), part in parts.items():
        if benefit is not None and (settled or found.outcome != "undecided"):
            continue
        for decision in part:
            if decision.held.likely:
                asks_year = decision.held.asks.endswith(".period")
                yield f"{decision.need.name}{'是哪一年的' if asks_year else '是否首次达到'}"
            elif decision.verdict == "unknown":
                yield decision.need.name if tier is not None else _point(decision, found, text)
    yield from (decision.need.name for decision in found.general if decision.verdict == "unknown")


def _point(decision: Decision, found: Match, text: str) -> str:
    need = decision.need
    if need.sort == "place":
        return f"在{found.record.card.region}" if found.record.card.region else "适用地区"
    if need.sort == "type":
        return f"属于{'、'.join(need.options)}"
    if need.sort == "figure":
        return threshold(need)
    if need.sort == "unread":
        return "条款其他要求"
    words = decision.quote(text).strip("，。、；：,;: ") if decision.span else ""
    return f"“{words}”" if 1 < len(words) <= LONGEST_WORDS and not re.search("[“”《》]", words) else need.name


def worked_words(found: Match, text: str) -> Iterator[str]:
    """The sums by figures of the asker's own, and the tier that is his; a sum for some only is said to be so."""
    for index, worked in enumerate(found.amounts):
        if worked is None or worked.value is None or not (worked.steps or worked.tier is not None):
            continue
        asked = [d for d in found.decisions if (d.benefit, d.tier, d.verdict) == (index, None, "unknown")]
        terms = "、".join(dict.fromkeys(_point(decision, found, text) for decision in asked))
        yield f"{f'如符合{terms}，' if terms and len(found.amounts) > 1 else ''}{_short(worked, text)}"


def _short(worked: Worked, text: str) -> str:
    return f"{worked.sentence(text).removesuffix('，以主管部门审核为准。')}。"
