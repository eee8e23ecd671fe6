"""The offline composer: from evidence to sentences in the files' own words, conclusion first. No model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.intent import defines
from index.query import understand
from ingest.document import LEVEL_NAMES, Clause, PolicyDocument, Span, book_title
from ingest.normalize import fold
from ingest.rows import Row
from qa.answer import Proof, Sentence
from qa.calculation.sentences import calculation_sentences
from qa.choose import MAX_LIST_POINTS, MAX_POINTS, amounts_first, choose, in_other_words
from qa.evidence import ENOUGH, Evidence, Shelf, asks_history, introduces, spoken_of
from qa.gap import as_quoted, gap_of
from qa.grants import granting
from qa.passage import WHOLE_CLAUSE, article_around, best_parts, body_span, lead_span, topic_share, trimmed
from qa.premise import called_out
from qa.proof import sentences
from qa.question import Question, Topic, says
from qa.respectively import meant, pairings
from qa.verdict import conclude, is_polar, unsaid

BUDGET = 420  # characters of an answer; more is not read
A_LEVEL = 300  # … but each level that is compared has its say

IN_ITS_WORDS = 0.6  # share of the question's topics that tells an answer from a clause that is only near in meaning
SHORT = 16  # characters of a question that names one thing; of a longer story not each word need be in a file
OTHER_WORDS = "以下条款与所问意思最接近，是否适用请核对："
SHORT_LIST = 350  # characters of the items of a list, up to which none is left out
SEARCHED = 20  # clauses looked at before it is said that none has a word
EXTRACT = ("原文",)  # the checks of a proof whose sentence is the quote itself
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇]+条")


@dataclass(frozen=True, slots=True)
class Composed:
    """What a composer made: sentences with proofs, or a ``gap`` alone (then the answer abstains)."""

    sentences: tuple[Sentence, ...]
    gap: str = ""
    notices: tuple[str, ...] = ()


def framed(text: str) -> Sentence:
    """A sentence of our own fixed words, which states no fact of a file."""
    return Sentence(text, framed=True)


def quoted(document: PolicyDocument, *parts: tuple[Clause, Span]) -> Sentence:
    """A sentence made of verbatim spans, each in its clause; shown joined, without line ends."""
    proofs = tuple(
        Proof(0, document.id, clause.id, document.sha256, span, span.of(document.text), EXTRACT)
        for clause, span in parts
    )
    return Sentence("".join(shown(proof.quote) for proof in proofs), proofs)


def sentence_at(offset: int, clause: Clause, text: str) -> Span:
    """The sentence of the clause in which the character at ``offset`` stands."""
    body = body_span(clause, text)
    for part in sentences(body.of(text)):
        if body.start + part.start <= offset < body.start + part.end:
            return trimmed(Span(body.start + part.start, body.start + part.end), text)
    return body


def named(document: PolicyDocument) -> str:
    """The file as an answer names it."""
    title = document.metadata.title
    return book_title(title) if title else f"{document.title}（标题未标明）"


def shown(text: str) -> str:
    """A quote as people read it: on one line."""
    return re.sub(r"\s*\n\s*", "", text).strip()


def compose(shelf: Shelf, question: Question, evidence: Sequence[Evidence]) -> Composed:
    """The answer in the files' words. A draft without proven sentences carries the gap."""
    found = [item for item in evidence if item.clause.kind != "back" and not is_header(item) and not is_stub(item)]
    evidence = _rows_before_guesses(question, granting(question, found))
    answering = [item for item in evidence[:MAX_POINTS] if item.may_help]
    if not answering:
        return Composed((), gap_of(question, evidence[0] if evidence else None))
    unheard = _unheard(question, found)
    guessed = len(question.text) <= SHORT and in_other_words(question, answering[0])
    if guessed and not all(spoken_of(word, evidence) for word in unheard):
        return Composed((), gap_of(question, None, unheard))
    evidence = [answering[0], *(item for item in evidence if item is not answering[0])]
    if question.kind == "amount":
        evidence = amounts_first(evidence)
    chosen = choose(question, evidence)
    decided = None if in_other_words(question, chosen[0]) else conclude(question, evidence)
    if decided:
        chosen = [decided.item, *(item for item in chosen if not _overlaps(item, decided.item))]
    listed = _headings(shelf, question, chosen[0])
    points = list(listed) if listed else [*_points(question, chosen), *_amendments(shelf, chosen)]
    if decided:
        points.insert(0, decided.sentence)
    elif supposed := called_out(shelf, question, chosen, evidence):
        points.insert(0, framed(supposed))
    if in_other_words(question, chosen[0]):
        points.insert(0, framed(OTHER_WORDS))
    elif not decided and is_polar(question.text) and (missing := _nowhere(shelf, unsaid(question, chosen))):
        points.insert(0, framed(f"没有查到写明{as_quoted(missing, question.text)}的条款，最接近的规定是："))
    elif unheard:
        points.append(framed(f"库内没有查到写明{as_quoted(unheard, question.text)}的条款。"))
    points += calculation_sentences(question, chosen, points)
    absent = _absent(question, chosen) if len(question.levels) > 1 else ()
    return Composed((*points, *absent, *_remarks(question, chosen)))


def _rows_before_guesses(question: Question, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """Where the clause found first is only near in meaning and a row of a table has the question's words (a row of names and
    figures is near to no sentence): that, and what its file says more.
    """
    if not evidence or not in_other_words(question, evidence[0]):
        return evidence
    rows = [item for item in evidence if item.row and not item.dead and item.relevance >= IN_ITS_WORDS]
    heavy = [topic for topic in question.topics if topic.weight >= 1.0]
    best = next((item for item in rows if any(says(topic.word, _label(item)) for topic in heavy)), None)
    if best is None:
        return evidence
    of_the_file = [e for e in evidence if e.document.id == best.document.id and e.relevance >= ENOUGH]
    return [best, *(e for e in of_the_file if e is not best)]


def _label(item: Evidence) -> str:
    """What a row is about, folded: its first cell that is no number of the list."""
    pairs = item.row.pairs(item.document.text) if item.row else ()
    return fold(next((value for name, value in pairs if name and name != "序号"), "")).lower()


def _unheard(question: Question, evidence: Sequence[Evidence]) -> list[str]:
    """What the question names and nothing that was found speaks of, where another thing that it names is spoken of."""
    heavy = [topic for topic in question.topics if topic.weight >= 1.0]
    unheard = [topic.word for topic in heavy if not _spoken_of(topic, evidence)]
    return unheard if len(unheard) < len(heavy) else []


def _nowhere(shelf: Shelf, words: Sequence[str]) -> list[str]:
    """Those of the words that no clause of the library has: only of them may be said that nothing was found."""
    found = {word: shelf.library.search(understand(word, as_of=shelf.as_of, limit=SEARCHED)) for word in words}
    return [word for word, hits in found.items() if not any(says(word, fold(hit.chunk.text).lower()) for hit in hits)]


def _overlaps(item: Evidence, other: Evidence) -> bool:
    return bool({part.id for part in item.parts} & {part.id for part in other.parts})


def _headings(shelf: Shelf, question: Question, best: Evidence) -> tuple[Sentence, ...]:
    """“有哪几种”: the headings below a heading that the question names, from the whole file and not from the hits."""
    if question.kind != "list":
        return ()
    for clause in (best.clause, *shelf.ancestors(best.document.id, best.clause)):
        children = [
            c for c in shelf.children(best.document.id, clause.id) if c.heading and c.kind in ("body", "heading")
        ]
        if (
            len(children) >= 2
            and clause.path
            and clause.heading
            and topic_share(question.topics, clause.heading) >= 0.5
        ):
            return tuple(_heading_sentence(best.document, child) for child in children)
    return ()


def _heading_sentence(document: PolicyDocument, clause: Clause) -> Sentence:
    span = body_span(clause, document.text)
    at = document.text.find(clause.heading, span.start, span.end)
    return quoted(document, (clause, Span(at, at + len(clause.heading)) if at >= 0 else span))


def _points(question: Question, chosen: Sequence[Evidence]) -> Iterator[Sentence]:
    used = 0
    budget = max(BUDGET, A_LEVEL * len(question.levels))
    grouped = len(question.levels) > 1 or (asks_history(question) and len({i.document.id for i in chosen}) > 1)
    shown_ids: set[str] = set()
    led: set[str] = set()
    for item in chosen:
        if item.clause.id in shown_ids:
            continue
        if item.lead and item.lead.id in led:  # said once is enough
            item = replace(item, lead=None)
        led.update(filter(None, [item.lead and item.lead.id]))
        whole = article_around(item) if item is chosen[0] else ()
        shown_ids.update(clause.id for clause in whole)
        if item.row:
            said = [_row(item, item.row)]
        elif whole:
            said = [quoted(item.document, (c, body_span(c, item.document.text))) for c in whole]
        else:
            said = list(_sentences_of(question, item))
        said[:0] = () if item.row else _of_one(question, item)
        for sentence in said:
            if used and used + len(sentence.text) > budget:
                return
            used += len(sentence.text)
            yield replace(sentence, group=_group(question, item, chosen)) if grouped else sentence


def said_of(question: Question, item: Evidence) -> list[Sentence]:
    """What one clause says to the question, by itself; of parallel lists (分别) only the half that is meant."""
    if item.row:
        return [_row(item, item.row)]
    return list(_of_one(question, item)) or list(_sentences_of(question, item))


def _group(question: Question, item: Evidence, chosen: Sequence[Evidence]) -> str:
    """What a comparison sets side by side: levels of government, of which two places are told apart; or files and whether
    they are in force.
    """
    if len(question.levels) > 1:
        level = LEVEL_NAMES[item.card.level] if item.card.level else "级别未标明"
        places = {other.card.region for other in chosen if other.card.level == item.card.level}
        return f"{level}（{item.card.region or '地区未标明'}）" if len(places) > 1 else level
    return f"{item.card.document_number or named(item.document)}（{item.status.state}）"


def _absent(question: Question, chosen: Sequence[Evidence]) -> Iterator[Sentence]:
    """The levels compared of which no file speaks."""
    held = {item.card.level for item in chosen}
    for level in question.levels:
        if level not in held:
            yield replace(framed("库内没有查到这一级文件的规定。"), group=LEVEL_NAMES[level])


def _of_one(question: Question, item: Evidence) -> Iterator[Sentence]:
    """What the clause says of one item of a list joined by 分别, before the clause itself: the conclusion for who asks about it."""
    text = item.document.text
    words = [topic.word for topic in question.focus or question.topics]
    for part in item.parts:
        span = body_span(part, text)
        for pairing in pairings(span.of(text)):
            whole = trimmed(Span(span.start + pairing.sentence.start, span.start + pairing.sentence.end), text)
            for kept in meant(pairing, span.of(text), re.split("[；;]", question.text)[-1], words):
                sentence = quoted(item.document, (part, whole))
                yield replace(sentence, text=shown(pairing.only(kept, span.of(text))))


def is_header(item: Evidence) -> bool:
    """Whether the clause is the head of a table, which says nothing by itself."""
    return item.row is not None and item.row.is_head


def is_stub(item: Evidence) -> bool:
    """“下列材料：” with nothing below it."""
    return len(item.parts) == 1 and introduces(item.clause)


def _row(item: Evidence, row: Row) -> Sentence:
    """A table row with the names of its columns (事项名称：企业升规奖励；兑现标准：15万元)."""
    document, clause = item.document, item.clause
    above = ((cell.clause, cell.span) for cell in row.above(clause))
    text = "；".join(row.said(document.text))
    # The row first: it is what the reader wants to see, not the head of the table.
    plain = quoted(document, (clause, body_span(clause, document.text)), *above)
    return replace(plain, text=f"{text}。" if text else shown(clause.text))


def _sentences_of(question: Question, item: Evidence) -> Iterator[Sentence]:
    text = item.document.text
    if len(item.parts) > 1:
        yield from _introduced(question, item)
        return
    span = body_span(item.clause, text)
    long = span.end - span.start > WHOLE_CLAUSE
    parts = [(item.clause, part) for part in (best_parts(question, span, text) if long else (span,))]
    lead = lead_span(item.lead, text)
    if item.lead and lead:
        parts.insert(0, (item.lead, lead))
    yield quoted(item.document, *parts)


def _introduced(question: Question, item: Evidence) -> Iterator[Sentence]:
    """A clause that opens a list: its lead sentence, then the items that speak of the question (all, where none stands out)."""
    text = item.document.text
    items = [part for part in item.parts[1:] if part.kind != "heading" and not introduces(part)]
    marked = [(topic_share(question.topics, part.text), part) for part in items]
    top = max((share for share, _ in marked), default=0.0)
    whole = question.kind == "list" or sum(len(part.text) for part in items) <= SHORT_LIST
    wanted = [part for share, part in marked if whole or share >= 0.7 * top] if top else items
    if introduces(item.clause):
        yield quoted(item.document, (item.clause, lead_span(item.clause, text) or body_span(item.clause, text)))
    for part in wanted[:MAX_LIST_POINTS]:
        span = body_span(part, text)
        if span.end > span.start:
            long = span.end - span.start > WHOLE_CLAUSE
            spans = best_parts(question, span, text) if long else (span,)
            yield quoted(item.document, *((part, s) for s in spans))
    if introduces(item.clause) and len(wanted[:MAX_LIST_POINTS]) < len(items):
        yield framed("以上是节选，其余各项见原文。")


def cautions(shelf: Shelf, question: Question, chosen: Sequence[Evidence]) -> tuple[Sentence, ...]:
    """What has to stand beside these clauses, whoever words them: later changes, no amount stated, a repealed file."""
    return (*_amendments(shelf, chosen), *_remarks(question, chosen))


def _amendments(shelf: Shelf, chosen: Sequence[Evidence]) -> Iterator[Sentence]:
    """Where another file changes a 条 that is shown: its words about that 条, so that the old text never stands alone."""
    shown_ids = {part.id for item in chosen for part in item.parts}
    for item in chosen:
        article = _ARTICLE.match(item.clause.path)
        if item.status.state not in ("已修改", "部分失效") or not article:
            continue
        for other_id in dict.fromkeys(other for other, _ in shelf.library.claims_on(item.document.id)):
            other = shelf.document(other_id)
            for clause in other.clauses:
                stopped = _stops(other, clause, item, article.group())
                if clause.kind != "body" or clause.id in shown_ids:
                    continue
                if stopped or article.group() in clause.text[:40]:
                    shown_ids.add(clause.id)
                    yield framed(f"注意：{article.group()}已由{named(other)}{'停止执行' if stopped else '修改'}：")
                    yield quoted(other, (clause, body_span(clause, other.text)))


def _stops(other: PolicyDocument, clause: Clause, item: Evidence, article: str) -> bool:
    """Whether ``clause`` of another file says that the 条 is no longer carried out."""
    return any(
        reference.clause_id == clause.id
        and reference.relation == "partially_repeals"
        and article in reference.articles
        and item.card.document_number in (number.canonical for number in reference.numbers)
        for reference in other.references
    )


def _remarks(question: Question, chosen: Sequence[Evidence]) -> Iterator[Sentence]:
    """What the files leave open, in fixed words."""
    if question.kind == "amount" and not any(item.has_amount for item in chosen):
        yield framed("以上条款未列明具体金额或标准，文件没有说明数额。")
    if question.kind == "definition" and question.term:
        mentions = [item for item in chosen if fold(question.term).lower() in fold(item.clause.text).lower()]
        if mentions and not any(defines(question.term, item.clause.text) for item in mentions):
            yield framed(f"文件提到“{question.term}”，但未列举或说明其具体内容。")
    dead = [item for item in chosen if item.dead]
    if dead:
        titles = "、".join(dict.fromkeys(f"{named(item.document)}（{item.status.state}）" for item in dead))
        yield framed(f"注意：{titles}，只供了解沿革，不能作为现在申请的依据。")


def _spoken_of(topic: Topic, chosen: Sequence[Evidence]) -> bool:
    return any(item.speaks_of(topic) for item in chosen)


def renumbered(drafted: Sequence[Sentence]) -> tuple[tuple[Sentence, ...], tuple[Proof, ...]]:
    """Gives every distinct proof its mark, from 1 in order of use: (sentences, proofs by mark)."""
    marks: dict[tuple[str, str, Span], Proof] = {}
    result = []
    for sentence in drafted:
        proofs = []
        for proof in sentence.proofs:
            key = (proof.document_id, proof.clause_id, proof.span)
            marks.setdefault(key, replace(proof, mark=len(marks) + 1))
            proofs.append(replace(proof, mark=marks[key].mark))
        result.append(replace(sentence, proofs=tuple(proofs)))
    return tuple(result), tuple(marks.values())
