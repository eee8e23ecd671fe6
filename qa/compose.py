"""The offline composer: from evidence to sentences in the files' own words, conclusion first. No model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.intent import defines
from ingest.document import Clause, PolicyDocument, Span, book_title
from ingest.normalize import fold
from ingest.rows import Row
from qa.answer import Proof, Sentence
from qa.evidence import Evidence, Shelf, asks_history, explains, introduces, share
from qa.proof import sentences
from qa.question import Question, Topic

ENOUGH = 0.5  # share of the question's topics that the best clause must speak of; below it the files do not say
CLOSE = 0.84  # a further clause is shown when it scores this share of the best one
CLOSE_IN_HISTORY = 0.7  # … and this share where then and now are compared
MAX_POINTS = 3
MAX_LIST_POINTS = 8
WHOLE_CLAUSE = 180  # characters; a clause up to this length is shown whole: amount, condition and cap stay together
NEIGHBOUR = 0.6  # a sentence next to the best one is shown with it when it speaks of the question this much
BUDGET = 420  # characters of an answer; more is not read

LONGEST_GAP = 20  # characters of a word that a gap names
EXTRACT = ("原文",)  # the checks of a proof whose sentence is the quote itself
MONEY_WORDS = frozenset("奖励|补贴|补助|奖补|资助|贴息|引荐奖励|购房补贴|租房补贴|住房补贴".split("|"))
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇]+条")


@dataclass(frozen=True, slots=True)
class Draft:
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


def named(document: PolicyDocument) -> str:
    """The file as an answer names it."""
    title = document.metadata.title
    return book_title(title) if title else f"{document.title}（标题未标明）"


def shown(text: str) -> str:
    """A quote as people read it: on one line."""
    return re.sub(r"\s*\n\s*", "", text).strip()


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


def compose(shelf: Shelf, question: Question, evidence: Sequence[Evidence]) -> Draft:
    """The answer in the files' words. A draft without proven sentences carries the gap."""
    evidence = [item for item in evidence if item.clause.kind != "back" and not _is_header(item)]
    best = evidence[0] if evidence else None
    if best is None or best.relevance < ENOUGH:
        return Draft((), gap_of(question, best))
    if question.kind == "amount":
        evidence = _amounts_first(evidence)
    chosen = _choose(question, evidence)
    listed = _headings(shelf, question, chosen[0])
    points = list(listed) if listed else [*_points(question, chosen), *_amendments(shelf, chosen)]
    return Draft((*points, *_remarks(question, chosen)))


def gap_of(question: Question, best: Evidence | None) -> str:
    """Names what is missing; no figure in it."""
    words = [topic.word for topic in question.topics if topic.weight >= 1.0]
    missing = [w for w in words if best is None or w not in fold("".join(p.text for p in best.parts)).lower()]
    about = "、".join(f"“{_as_asked(word, question.text)}”" for word in (missing or words)[:3])
    return f"库内文件没有说明{about}。" if about else "库内文件没有说明这个问题。"


def _as_asked(word: str, text: str) -> str:
    """The word in the spelling of the question (topics are folded to lower case, one character to one)."""
    at = fold(text).lower().find(word)
    return text[at : at + len(word)][:LONGEST_GAP] if at >= 0 else word[:LONGEST_GAP]


def _choose(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    limit = MAX_LIST_POINTS if question.kind == "list" else MAX_POINTS
    if question.kind == "definition" and question.term:
        evidence = [e for e in evidence if defines(question.term, e.clause.text)] or evidence
    best = evidence[0]
    chosen = _one_a_level(question, evidence)
    limit += len(chosen)
    taken = {part.id for item in chosen for part in item.parts}
    for item in evidence:
        if item.score < (CLOSE_IN_HISTORY if asks_history(question) else CLOSE) * best.score or len(chosen) == limit:
            break
        inside = {part.id for part in item.parts}
        if inside & taken or (item.dead and not _may_show_dead(question, item, chosen)):
            continue
        if question.kind == "amount" and best.has_amount and not item.has_amount:
            continue
        # An explanation beside the policy itself only says it again.
        if (chosen and explains(item.card)) or any(_rests_on(item, other) for other in chosen):
            continue
        taken |= inside
        chosen.append(item)
    return chosen


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
        of_level = [e for e in evidence if e.card.level == level and not e.dead and e.relevance >= ENOUGH]
        of_level.sort(key=lambda e: about_money and not e.has_amount)
        found += of_level[:1]
    return found


def _may_show_dead(question: Question, item: Evidence, chosen: Sequence[Evidence]) -> bool:
    """A repealed or expired clause is shown, with a caution, where the question asks for it or nothing in force says as much."""
    if asks_history(question) or all(other.dead for other in chosen):
        return True
    return item.has_amount and not any(other.has_amount and not other.dead for other in chosen)


def _amounts_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """A clause with a figure answers 多少 before one that scores a little higher without."""
    best = evidence[0]
    near = next((e for e in evidence if e.has_amount and e.score >= 0.85 * best.score and e.relevance >= ENOUGH), None)
    return [near, *(e for e in evidence if e is not near)] if near else list(evidence)


def _headings(shelf: Shelf, question: Question, best: Evidence) -> tuple[Sentence, ...]:
    """“有哪几种”: the headings below a heading that the question names, from the whole file and not from the hits."""
    if question.kind != "list":
        return ()
    for clause in (best.clause, *shelf.ancestors(best.document.id, best.clause)):
        children = [
            c for c in shelf.children(best.document.id, clause.id) if c.heading and c.kind in ("body", "heading")
        ]
        if len(children) >= 2 and clause.path and clause.heading and _share(question.topics, clause.heading) >= 0.5:
            return tuple(_heading_sentence(best.document, child) for child in children)
    return ()


def _heading_sentence(document: PolicyDocument, clause: Clause) -> Sentence:
    span = body_span(clause, document.text)
    at = document.text.find(clause.heading, span.start, span.end)
    return quoted(document, (clause, Span(at, at + len(clause.heading)) if at >= 0 else span))


def _share(topics: Sequence[Topic], text: str) -> float:
    return share([(topic, topic.weight) for topic in topics], text)


def _points(question: Question, chosen: Sequence[Evidence]) -> Iterator[Sentence]:
    used = 0
    budget = BUDGET * max(1.0, len(question.levels) / 2)  # each level that is compared has its say
    for item in chosen:
        for sentence in [_row(item, item.row)] if item.row else _sentences_of(question, item):
            if used and used + len(sentence.text) > budget:
                return
            used += len(sentence.text)
            yield sentence


def _is_header(item: Evidence) -> bool:
    return item.row is not None and not item.row.head


def _row(item: Evidence, row: Row) -> Sentence:
    """A table row with its header cells (事项名称：企业升规奖励；兑现标准：15万元); the plain row where they do not pair."""
    document, clause = item.document, item.clause
    plain = quoted(document, (clause, body_span(clause, document.text)))
    if len(row.head) != len(row.cells):
        return plain
    shared = [(cell.clause, cell.span) for cell in (*row.head[:1], *row.taken_over(clause))]
    head = row.head[0].clause
    shared[0] = (head, body_span(head, document.text))
    pairs = (
        (name.span.of(document.text), cell.span.of(document.text))
        for name, cell in zip(row.head, row.cells, strict=True)
    )
    text = "；".join(f"{name}：{value}" for name, value in pairs if value and name != "序号")
    # The row first: it is what the reader wants to see, not the head of the table.
    return replace(plain, text=f"{text}。", proofs=(*plain.proofs, *quoted(document, *shared).proofs))


def _sentences_of(question: Question, item: Evidence) -> Iterator[Sentence]:
    text = item.document.text
    if len(item.parts) > 1:
        yield from _introduced(question, item)
        return
    span = body_span(item.clause, text)
    if span.end - span.start > WHOLE_CLAUSE:
        span = _best_window(question, span, text)
    lead = _lead_span(item.lead, text)
    parts = ((item.lead, lead), (item.clause, span)) if item.lead and lead else ((item.clause, span),)
    yield quoted(item.document, *parts)


def _introduced(question: Question, item: Evidence) -> Iterator[Sentence]:
    """A clause that opens a list: its lead sentence, then the items that speak of the question (all, where none stands out)."""
    text = item.document.text
    items = [part for part in item.parts[1:] if part.kind != "heading"]
    marked = [(_share(question.topics, part.text), part) for part in items]
    top = max((share for share, _ in marked), default=0.0)
    wanted = [part for share, part in marked if question.kind == "list" or share >= 0.7 * top] if top else items
    if introduces(item.clause):
        yield quoted(item.document, (item.clause, _lead_span(item.clause, text) or body_span(item.clause, text)))
    for part in wanted[:MAX_LIST_POINTS]:
        span = body_span(part, text)
        if span.end > span.start:
            yield quoted(
                item.document,
                (part, span if span.end - span.start <= WHOLE_CLAUSE else _best_window(question, span, text)),
            )


def _lead_span(lead: Clause | None, text: str) -> Span | None:
    """The last sentence of the clause above, which introduces the item."""
    if lead is None:
        return None
    span = body_span(lead, text)
    last = list(sentences(span.of(text)))
    return Span(span.start + last[-1].start, span.start + last[-1].end) if last else None


def _best_window(question: Question, span: Span, text: str) -> Span:
    """The sentences of a long clause that speak of the question: the best one, and its neighbours while they do too."""
    spans = [Span(span.start + s.start, span.start + s.end) for s in sentences(span.of(text))]
    topics = question.focus or question.topics
    marks = [_share(topics, s.of(text)) + _cue(question, s.of(text)) for s in spans]
    first = last = max(range(len(spans)), key=lambda i: marks[i])
    while True:
        around = [i for i in (first - 1, last + 1) if 0 <= i < len(spans)]
        grown = [i for i in around if spans[max(i, last)].end - spans[min(i, first)].start <= WHOLE_CLAUSE]
        best = max(grown, key=lambda i: marks[i], default=None)
        if best is None or marks[best] < NEIGHBOUR * max(marks):
            break
        first, last = min(first, best), max(last, best)
    window = trimmed(Span(spans[first].start, spans[last].end), text)
    return _defining_part(question, window, text) if question.kind == "definition" else window


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
    if question.kind == "definition" and question.term:
        return 1.0 if defines(question.term, text) else 0.0
    if question.kind == "amount":
        return 0.3 if re.search(r"\d", text) else 0.0
    if question.kind == "who":
        return 0.3 if re.search(r"负责|牵头|组长|局|部门", text) else 0.0
    return 0.0


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


def renumbered(drafted: Sequence[Sentence]) -> tuple[tuple[Sentence, ...], tuple[Proof, ...]]:
    """Gives every distinct proof its mark, from 1 in order of use: (sentences, proofs by mark)."""
    marks: dict[tuple[str, str, Span], Proof] = {}
    result = []
    for sentence in drafted:
        proofs = []
        for proof in sentence.proofs:
            key = (proof.document_id, proof.clause_id, proof.span)
            marks.setdefault(key, replace(proof, mark=len(marks) + 1))
            proofs.append(marks[key])
        result.append(replace(sentence, proofs=tuple(proofs)))
    return tuple(result), tuple(marks.values())
