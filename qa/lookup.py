"""Answers that are looked up rather than searched: a file's number, its basis, its validity, whether two are one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.chunk import Hit
from index.query import Query
from ingest.docnumber import compatible, find_numbers
from ingest.document import RELATION_NAMES, Clause, DocumentNumber, PolicyDocument, Reference, Span
from qa.answer import Sentence
from qa.compose import Composed, framed, named, quoted, sentence_at
from qa.contrast import compare
from qa.counting import count
from qa.evidence import DEAD, Shelf
from qa.framework.relations import ENDS, RESTS_ON
from qa.parts import answer_parts
from qa.passage import topic_share
from qa.premise import OTHER_DATE, beyond_the_end, misdated
from qa.question import Question
from qa.reading_path import answer_reading_path
from qa.targets import KIND_OF_FILE, targets

NAMED = 0.6  # share of the question's topics in a title from which on the question means that file
MAX_FILES = 20
_FIELDS = (("issuers", re.compile(r"谁|单位|部门|机关")), ("issued_on", re.compile(r"什么时候|哪年|何时")))
_DEAD_FILES = re.compile(r"哪些(?:文件|政策)[^，。]{0,6}(?:废止|失效|作废|过期|不能用|不能引用)")
_ENDS_WHAT = re.compile(r"(?<!被)(?:废止|取代|替代|代替)了?(?:的是)?(?:哪|什么)")
_FOLLOWERS = re.compile(
    r"(?:哪些|哪几[个份]|有什么|什么)(?:下级|配套|后续|区里的?|市里的?)?(?:文件|政策|方案|办法|措施|规定|细则)"
    r"[^，。？?]{0,6}?(?:落实|贯彻|引用|依据|根据|执行|细化|修改|废止|承接)了?(?:《|这|该|本|那|省|市|区|国|[^，。？?]{4,})"
    r"|被(?:哪些|哪几[个份]|什么|哪个|谁)[^，。？?]{0,6}?(?:落实|引用|细化|修改|废止|替代)"
)
_DONE_TO_IT: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile("修改"), frozenset({"amends"})),
    (re.compile("废止|替代"), frozenset({"repeals", "partially_repeals", "supersedes"})),
    (re.compile("落实|贯彻|细化|承接|执行|依据|根据"), frozenset({"implements", "based_on", "details", "coordinates"})),
)
_OWN = re.compile(r"(?:这个|该|本|这份|此)(?:方案|政策|文件|办法|措施|通知|意见|规定|细则|指南)")
_WHOM = re.compile("负责解释|咨询电话|联系电话|业务咨询")
_MASKED_REMARK = "文号中隐去的部分（如“x”）照原文引用，系统不作补全。"


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference in the file that makes it."""

    document: PolicyDocument
    reference: Reference


def look_up(shelf: Shelf, question: Question, query: Query, hits: Sequence[Hit]) -> Composed | None:
    """The answer to a question about files themselves; ``None`` where the clauses have to say it."""
    if _FOLLOWERS.search(question.text) and (query.numbers or query.titles or not _DEAD_FILES.search(question.text)):
        named_files = targets(shelf, question, query, hits)
        return _followers(shelf, question, named_files[0]) if named_files else None
    if _DEAD_FILES.search(question.text):
        return _dead_files(shelf)
    path = answer_reading_path(shelf, question, hits)
    if path:
        return path
    of_several = compare(shelf, question, query) or answer_parts(shelf, question, query)
    if of_several:
        return of_several
    counted = count(shelf, question, query, hits)
    if counted:
        return counted
    absent = _absent_article(shelf, question, query, hits)
    if absent:
        return absent
    if _ENDS_WHAT.search(question.text) and (ending := targets(shelf, question, query, hits)):
        return _ended(shelf, question, ending[0])
    if question.kind == "same_file":
        return _same_file(shelf, question, hits)
    if question.kind not in ("identity", "basis", "validity"):
        return None
    documents = targets(shelf, question, query, hits)
    if question.kind == "identity":
        return _identity(shelf, question, documents, hits)
    if question.kind == "basis" and documents:
        return _basis(shelf, documents[0])
    # 排污许可证有效期几年 asks about a permit, and the clauses say it.
    if (
        question.kind == "validity"
        and documents
        and (query.numbers or query.titles or KIND_OF_FILE.search(question.text))
    ):
        draft = _validity(shelf, documents)
        wrong = draft is not None and misdated(question, draft.sentences)
        return replace(draft, sentences=(framed(OTHER_DATE), *draft.sentences)) if draft and wrong else draft
    return None


def _absent_article(shelf: Shelf, question: Question, query: Query, hits: Sequence[Hit]) -> Composed | None:
    """“第三十条” of a file that ends before."""
    if not question.articles or not (query.numbers or query.titles or KIND_OF_FILE.search(question.text)):
        return None
    documents = targets(shelf, question, query, hits)
    last = beyond_the_end(question, documents[0]) if len(documents) == 1 else ""
    return Composed((), f"{named(documents[0])}没有所问的这一条，全文到{last}为止。") if last else None


def whom_to_ask(document: PolicyDocument) -> tuple[Clause, Span] | None:
    """The last sentence of the file that names who explains it or answers questions, and its clause."""
    for clause in reversed(document.clauses):
        found = _WHOM.search(clause.text)
        if found:
            return clause, sentence_at(clause.span.start + found.start(), clause, document.text)
    return None


def _cited(shelf: Shelf, hits: Sequence[Hit]) -> Iterator[Cited]:
    for document_id in dict.fromkeys(hit.chunk.document_id for hit in hits):
        document = shelf.document(document_id)
        for reference in document.references:
            yield Cited(document, reference)


def _quote(shelf: Shelf, cited: Cited) -> Sentence:
    clause = shelf.clause_at(cited.document.id, cited.reference.span.start)
    end = min(cited.reference.span.end, clause.span.end)
    return quoted(cited.document, (clause, Span(cited.reference.span.start, end)))


def _own_number(document: PolicyDocument, shelf: Shelf) -> Sentence | None:
    number = document.metadata.document_number
    if number is None:
        return None
    return quoted(document, (shelf.clause_at(document.id, number.span.start), number.span))


def _identity(
    shelf: Shelf, question: Question, documents: Sequence[PolicyDocument], hits: Sequence[Hit]
) -> Composed | None:
    asked = next((field for field, pattern in _FIELDS if pattern.search(question.text)), None)
    if asked:
        return _field(shelf, documents[0], asked) if documents else None
    own = bool(_OWN.search(question.text))
    if not own:
        cited = _best_cited(question, list(_cited(shelf, hits)))
        if cited and (
            not documents
            or topic_share(question.topics, documents[0].title)
            < topic_share(question.topics, cited.reference.title or "")
        ):
            remark = (framed(_MASKED_REMARK),) if any(n.masked for n in cited.reference.numbers) else ()
            return Composed((_quote(shelf, cited), *remark))
    if not documents:
        return None
    document = documents[0]
    sentence = _own_number(document, shelf)
    if sentence is None:
        return Composed(
            (),
            f"{named(document)}没有写明自身的发文字号，文件未标明自身文号；文中出现的文号都是它引用的文件的。",
        )
    return Composed((sentence,))


def _field(shelf: Shelf, document: PolicyDocument, name: str) -> Composed | None:
    """What the file prints of its issuers or its date, at the place where it was read, else where it first stands."""
    span = next((span for field, span, _ in document.metadata.sources if field == name and span), None)
    issuer = next(iter(document.metadata.issuers), "")
    if span is None and name == "issuers" and issuer and issuer in document.text:
        start = document.text.index(issuer)
        span = Span(start, start + len(issuer))
    if span is None:
        return Composed((), f"{named(document)}没有写明{'发文机关' if name == 'issuers' else '成文日期'}。")
    return Composed(
        (framed(f"{named(document)}："), quoted(document, (shelf.clause_at(document.id, span.start), span)))
    )


def _best_cited(question: Question, cited: Sequence[Cited]) -> Cited | None:
    marked = [(topic_share(question.topics, c.reference.title or ""), c) for c in cited if c.reference.numbers]
    level = next(
        (word for word in ("省", "市", "区", "国") if f"{word}里" in question.text or f"{word}两办" in question.text),
        "",
    )
    marked = [(share + (0.2 if level and level in (c.reference.title or "") else 0.0), c) for share, c in marked]
    best = max(marked, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= NAMED else None


def _basis(shelf: Shelf, document: PolicyDocument) -> Composed | None:
    """The files that the document says it rests on, by relation, each in its own words."""
    found = [r for r in document.references if r.relation in RESTS_ON and _in_opening(shelf, document, r)]
    if not found:
        found = [r for r in document.references if r.relation in RESTS_ON]
    found = list({tuple(n.canonical for n in r.numbers) or r.title: r for r in reversed(found)}.values())[::-1]
    if not found:
        return Composed((), f"{named(document)}没有写明依据的上级文件。")
    result: list[Sentence] = []
    for relation in dict.fromkeys(r.relation for r in found):
        group = [r for r in found if r.relation == relation]
        result.append(framed(f"{RELATION_NAMES[relation or 'references']}的文件："))
        result.extend(_quote(shelf, Cited(document, r)) for r in group)
    if any(n.masked for r in found for n in r.numbers):
        result.append(framed(_MASKED_REMARK))
    return Composed(tuple(result))


def _ended(shelf: Shelf, question: Question, document: PolicyDocument) -> Composed:
    """The sentences in which the document puts an end to others; before them its basis, where that is asked, too."""
    basis = _basis(shelf, document) if question.kind == "basis" else None
    said = basis.sentences or (framed(basis.gap),) if basis else ()
    ends: dict[Span, Sentence] = {}
    for reference in document.references:
        if reference.relation in ENDS:
            clause = shelf.clause_at(document.id, reference.span.start)
            whole = sentence_at(reference.span.start, clause, document.text)
            ends.setdefault(whole, quoted(document, (clause, whole)))
    gap = f"{named(document)}没有写明废止或替代哪份文件。"
    if not (ends or said):
        return Composed((), gap)
    return Composed((*said, *((framed("废止或替代的文件："), *ends.values()) if ends else (framed(gap),))))


def _followers(shelf: Shelf, question: Question, document: PolicyDocument) -> Composed:
    """The held files that name this one, by what they do to it (or only what is asked for), each in its own words."""
    links = shelf.library.cited_by(document.id, MAX_FILES)
    asked, verb = next(((kinds, m) for p, kinds in _DONE_TO_IT if (m := p.search(question.text))), (None, None))
    links = tuple(link for link in links if asked is None or link.relation in asked)
    if not links:
        return Composed((), f"库内没有文件{verb.group() if verb else '引用'}{named(document)}。")
    result: list[Sentence] = []
    for relation in dict.fromkeys(link.relation for link in links):
        for link in (link for link in links if link.relation == relation):
            other, at = shelf.document(link.source_id), link.references[0].span.start
            clause = shelf.clause_at(other.id, at)
            sentence = quoted(other, (clause, sentence_at(at, clause, other.text)))
            result.append(replace(sentence, group=f"{RELATION_NAMES[relation or 'references']}：{named(other)}"))
    return Composed((framed(f"引用{named(document)}的文件："), *result))


def _in_opening(shelf: Shelf, document: PolicyDocument, reference: Reference) -> bool:
    """Whether the reference stands where a file names its basis: before the first numbered clause, or in 第一条."""
    if shelf.clause_at(document.id, reference.span.start).marker == "第一条":
        return True
    first = next((c for c in document.clauses if c.marker and c.kind in ("body", "heading")), None)
    return first is None or reference.span.start < first.span.end


def _validity(shelf: Shelf, documents: Sequence[PolicyDocument]) -> Composed | None:
    result: list[Sentence] = []
    for document in documents:
        status = shelf.status(document.id)
        words = list(_term_sentences(shelf, document)) + list(_repealing(shelf, document))
        result.append(framed(f"{named(document)}：{status.state}。"))
        result.extend(words)
        if not words:
            result.append(framed("文件未标明施行日期和有效期，请向发文机关核实。"))
    return Composed(tuple(result))


def _dead_files(shelf: Shelf) -> Composed | None:
    """Every repealed or expired file of the library, with the words that end it; from the register, not from the search."""
    ids = [card.id for card in shelf.library.documents() if shelf.status(card.id).state in DEAD]
    if not ids:
        return Composed((), "库内没有已废止或已失效的文件。")
    return _validity(shelf, [shelf.document(document_id) for document_id in ids[:MAX_FILES]])


def _term_sentences(shelf: Shelf, document: PolicyDocument) -> Iterator[Sentence]:
    found: dict[Span, Sentence] = {}
    for span in filter(None, (document.terms.effective_span, document.terms.expires_span)):
        clause = shelf.clause_at(document.id, span.start)
        whole = sentence_at(span.start, clause, document.text)
        found.setdefault(whole, quoted(document, (clause, whole)))
    yield from found.values()


def _repealing(shelf: Shelf, document: PolicyDocument) -> Iterator[Sentence]:
    """The sentence of each other file that repeals, amends or extends this one; its title, which says so too, is not one."""
    told: set[str] = set()
    for other_id, claim in shelf.library.claims_on(document.id):
        other = shelf.document(other_id)
        for reference in other.references:
            if other_id in told or (reference.relation, reference.quote) != (claim.relation, claim.quote):
                continue
            clause = shelf.clause_at(other_id, reference.span.start)
            if clause.kind != "front":
                told.add(other_id)
                yield quoted(other, (clause, sentence_at(reference.span.start, clause, other.text)))


def _same_file(shelf: Shelf, question: Question, hits: Sequence[Hit]) -> Composed | None:
    """Whether two numbers name one file: by issuer code, year, serial and title; never by serial alone."""
    numbers = find_numbers(question.text)
    if len(numbers) < 2:
        return None
    first, second = (_where(shelf, number, hits) for number in numbers[:2])
    missing = "、".join(n.printed for n, found in zip(numbers, (first, second), strict=False) if found is None)
    if first is None or second is None:
        return Composed((), f"库内文件没有提到 {missing}，无法比较。")
    relation, same_title = compatible(numbers[0], numbers[1]), first[1] == second[1]
    if relation == "same" and same_title:
        verdict = "是同一份文件："
    elif relation != "no" and same_title:
        verdict = "标题相同，文号有隐去的部分，不能断定是不是同一份文件："
    else:
        differing = [
            *(["机关代字"] if relation == "no" and numbers[0].code != numbers[1].code else []),
            *([] if same_title else ["标题"]),
        ]
        verdict = f"不是同一份文件，{'、'.join(differing) or '文号'}不同："
    remark = (framed(_MASKED_REMARK),) if any(n.masked for n in numbers) else ()
    return Composed((framed(verdict), first[0], second[0], *remark))


def _where(shelf: Shelf, number: DocumentNumber, hits: Sequence[Hit]) -> tuple[Sentence, str] | None:
    for cited in _cited(shelf, hits):
        if any(n.canonical == number.canonical for n in cited.reference.numbers):
            return _quote(shelf, cited), cited.reference.title or ""
    for card in shelf.library.documents():
        if card.document_number == number.canonical:
            document = shelf.document(card.id)
            own = _own_number(document, shelf)
            return (own, document.title) if own else None
    return None
