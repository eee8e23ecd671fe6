"""Ask: understand → search → gather → compose → prove → answer. The same ``Answer`` for every face."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from index.chunk import Hit
from index.glossary import glossary
from index.library import Library
from index.query import Filters, Query, understand
from ingest.document import Span
from ingest.errors import ModelReplyInvalid, ModelUnreachable
from ingest.normalize import tidy
from qa.answer import Answer, Citation, Proof, Sentence
from qa.calculation.sentences import calculation_sentences, follows, is_calculated
from qa.compose import EXTRACT, Composed, cautions, compose, framed, named, renumbered
from qa.contrast import in_order, is_comparison
from qa.conversation import standalone
from qa.counting import comes_to, is_count
from qa.evidence import ENOUGH, Evidence, Shelf, gather
from qa.injection import instructs
from qa.llm import PATIENCE, Patience
from qa.lookup import look_up, whom_to_ask
from qa.matching.chat import comes_out_again, is_matched, match_answer, nothing_fits, regions_of
from qa.matching.told import story_of
from qa.passage import body_span
from qa.proof import verbatim
from qa.question import Question, analyse
from qa.refusal import missing_file, other_places, reason
from qa.subquestion import with_official_words
from qa.verdict import concludes, is_conclusion

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

CANDIDATES = 30  # clauses searched for; the composer reads them all and shows few
NOTED = 5  # of the clauses found first, those that speak to the program are mentioned
NEAREST = 2  # clauses named beside a refusal
_ASKS = re.compile(r"多少|多大|多久|多长|什么|哪|几|谁|怎么|如何|[吗呢]|(.)不\1|是否")
TOUCHES = 0.3  # relevance from which on the issuer of a file may know what the file does not say
MAX_PARTS = 4  # of a question, that are answered one by one
MAX_QUESTION = 1000  # characters


@dataclass(frozen=True, slots=True)
class _Turn:
    """Everything that one question has gathered. ``elsewhere``: the place asked about has no file of its own."""

    shelf: Shelf
    question: Question
    query: Query
    evidence: tuple[Evidence, ...]
    blank: Answer
    began: float
    elsewhere: str = ""
    stood: dict[Sentence, bool] = field(default_factory=dict)


class Assistant:
    """Answers questions from a library; ``llm`` (a llama-index LLM) may word the answers, never decide what is true."""

    def __init__(self, library: Library, llm: LLM | None = None, patience: Patience = PATIENCE) -> None:
        self.library = library
        self.llm = llm
        self.patience = patience

    def ask(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters = Filters(),
        as_of: date | None = None,
    ) -> Answer:
        """``history``: earlier (question, answer) pairs, oldest first. ``as_of``: the day for which validity counts (today)."""
        *_, answer = self.stream(question, history, filters, as_of)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters = Filters(),
        as_of: date | None = None,
    ) -> Iterator[Answer]:
        """Growing answers, each proven as far as it goes; the last is complete."""
        turn, draft, worded = self._offline(
            tidy(question).strip()[:MAX_QUESTION], history, filters, as_of or date.today()
        )
        if self.llm is not None and worded:
            yield from self._with_model(turn, draft)
            return
        for size in range(1, len(draft.sentences)):
            yield _answer(turn, draft.sentences[:size])
        yield self._finished(turn, draft)

    def warm_up(self) -> None:
        """Loads dictionaries, indexes and documents, which takes some seconds, so that the first reader does not wait for it."""
        self._offline("预热", (), Filters(), date.today())
        self.library.preload()
        glossary(self.library)

    def _offline(
        self, text: str, history: Sequence[tuple[str, str]], filters: Filters, as_of: date
    ) -> tuple[_Turn, Composed, bool]:
        """The answer without a model, and whether a model may word it (not where code looked it up or refused)."""
        began = time.perf_counter()
        shelf = Shelf(self.library, as_of)
        story = story_of(text, history, regions_of(self.library))
        fitting = match_answer(self.library, story, filters, as_of) if story else None
        whole = story if story and fitting else standalone(text, history)
        question = analyse(whole)
        query = with_official_words(understand(whole, filters, as_of, CANDIDATES), question)
        hits = self.library.search(query) if text else ()
        evidence = gather(shelf, question, hits)
        told = "".join(e.clause.text for e in evidence)
        elsewhere = other_places(whole, self.library, told)
        blank = Answer(text, whole, (), (), as_of, notices=_ignored(shelf, hits))
        turn = _Turn(shelf, question, query, evidence, blank, began, elsewhere)
        refused = reason(whole, self.library, told)
        if refused:
            return replace(turn, evidence=()), Composed((), refused), False
        if fitting:
            return turn, fitting, False
        looked_up = look_up(shelf, question, query, hits)
        if looked_up:
            return turn, looked_up, False
        missing = missing_file(query, self.library)
        if missing:
            return turn, Composed((), missing), False
        if not hits and not self.library.documents():
            return turn, Composed((), "库内还没有文件，请先收录文件。"), False
        draft = compose(shelf, question, evidence)
        # One clause may be near to a question of several parts, and answer one of them; of a follow-up only the last is asked.
        if whole == text and len(_asking(whole)) > 1 and all(e.relevance < ENOUGH for e in evidence):
            draft = self._part_by_part(turn) or draft
        strong = [(e.document.id, e.clause.id) for e in evidence[:NEAREST] if e.relevance >= ENOUGH]
        if story and (gap := nothing_fits(self.library, story, strong)):
            return turn, Composed((), gap), False
        return turn, draft, bool(draft.sentences)

    def _part_by_part(self, turn: _Turn) -> Composed | None:
        """A question of several parts that no clause answers as a whole: what the files say of each, and the gap of the rest."""
        found: dict[str, Sentence] = {}
        gaps: list[str] = []
        questions = [analyse(text) for text in _parts(turn.question.text)]
        for question in [q for q in questions if any(topic.weight >= 1.0 for topic in q.topics)][:MAX_PARTS]:
            query = with_official_words(replace(turn.query, text=question.text, expansions=()), question)
            draft = compose(turn.shelf, question, gather(turn.shelf, question, self.library.search(query)))
            found |= {sentence.text: sentence for sentence in draft.sentences}
            gaps += [draft.gap] if not draft.sentences else []
        if not any(sentence.proofs for sentence in found.values()):
            return None
        points = tuple(sentence for sentence in found.values() if not is_calculated(sentence))
        calculated = calculation_sentences(
            turn.question, _used(turn, points), points
        )  # by the whole question's figures
        return Composed((*points, *calculated, *(framed(gap) for gap in dict.fromkeys(gaps))))

    def _with_model(self, turn: _Turn, offline: Composed) -> Iterator[Answer]:
        from qa.generate import Generation  # llama-index's LLM types: 1 s, only where a model is set

        name = getattr(self.llm, "model", None) or type(self.llm).__name__
        made = Generation(self.llm, turn.question, turn.evidence, self.patience)
        sentences: list[Sentence] = []
        try:
            for sentence in made.sentences():
                sentences.append(sentence)
                yield _answer(turn, sentences)
        except (ModelUnreachable, ModelReplyInvalid) as error:
            # The whole of it: what the model has said so far may lack the point, and is in the files' words here anyway.
            notices = (*offline.notices, f"{error}，以下为不用模型的回答。")
            yield replace(self._finished(turn, replace(offline, notices=notices)), usage=made.usage)
            return
        used = _used(turn, sentences)
        sentences += calculation_sentences(turn.question, used, sentences)
        remarks = {s.text: s for s in cautions(turn.shelf, turn.question, used)}
        # What introduces the offline answer's own points (省级：) goes with them.
        gaps = [
            s for s in offline.sentences if s.framed and not s.text.startswith("注意") and not s.text.endswith("：")
        ]
        remarks = {s.text: s for s in gaps} | remarks
        notices = (f"模型另有{made.dropped}句没有通过核对，未显示。",) if made.dropped else ()
        worded = self._finished(turn, Composed((*sentences, *remarks.values()), notices=notices), model=name)
        yield replace(worded, usage=made.usage)

    def _finished(self, turn: _Turn, draft: Composed, model: str | None = None) -> Answer:
        answer = _answer(turn, draft.sentences)
        elsewhere = (
            (turn.elsewhere,) if turn.elsewhere and answer.citations else ()
        )  # a refusal is not from other files
        notices = (*turn.blank.notices, *elsewhere, *draft.notices, *self.library.notices())
        if not answer.citations:
            answer = replace(answer, abstained=True, gap=draft.gap, nearest=_nearest(turn), contact=_contact(turn))
        return replace(answer, notices=notices, model=model, seconds=time.perf_counter() - turn.began)


def _used(turn: _Turn, sentences: Sequence[Sentence]) -> list[Evidence]:
    """The evidence that the sentences cite."""
    cited = {(proof.document_id, proof.clause_id) for sentence in sentences for proof in sentence.proofs}
    return [e for e in turn.evidence if any((e.document.id, part.id) in cited for part in e.parts)]


def _ignored(shelf: Shelf, hits: Sequence[Hit]) -> tuple[str, ...]:
    """A remark where a clause that was found speaks to the program, and is therefore no evidence."""
    clauses = (
        (hit.chunk.document_id, shelf.clause(hit.chunk.document_id, hit.chunk.clause_id)) for hit in hits[:NOTED]
    )
    found = [f"{named(shelf.document(id_))}{clause.path}" for id_, clause in clauses if instructs(clause.text)]
    return (f"{found[0]}中有对问答程序下指令的文字，未作为依据。",) if found else ()


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[，,。；;？?！!]", text) if part.strip()]


def _asking(text: str) -> list[str]:
    return [part for part in _parts(text) if _ASKS.search(part)]


def stands(shelf: Shelf, question: Question, sentence: Sentence) -> bool:
    """The last gate, whoever composed: each quote stands in its clause, an extract says nothing but its quotes, and what was
    calculated, matched, concluded, counted or set in order comes out again.
    """
    for proof in sentence.proofs:
        clause = shelf.clause(proof.document_id, proof.clause_id)
        text = shelf.document(proof.document_id).text
        if not clause.span.contains(proof.span) or proof.span.of(text) != proof.quote:
            return False
    if is_matched(sentence):
        return comes_out_again(shelf.library, sentence, question.text, shelf.as_of)
    if is_calculated(sentence):
        return follows(sentence, question.text, shelf.document(sentence.proofs[0].document_id))
    for is_derived, holds in ((is_conclusion, concludes), (is_count, comes_to), (is_comparison, in_order)):
        if is_derived(sentence):
            return holds(sentence)
    extract = all(proof.checks == EXTRACT for proof in sentence.proofs)
    return sentence.framed or not extract or verbatim(sentence.text, [proof.quote for proof in sentence.proofs])


def _answer(turn: _Turn, sentences: Sequence[Sentence]) -> Answer:
    for sentence in sentences:
        if sentence not in turn.stood:  # a growing answer has each sentence many times
            turn.stood[sentence] = stands(turn.shelf, turn.question, sentence)
    numbered, proofs = renumbered([s for s in sentences if turn.stood[s]])
    return replace(turn.blank, sentences=numbered, citations=tuple(_citation(turn.shelf, proof) for proof in proofs))


def _citation(shelf: Shelf, proof: Proof) -> Citation:
    card, document = shelf.card(proof.document_id), shelf.document(proof.document_id)
    clause = shelf.clause(proof.document_id, proof.clause_id)
    status = shelf.status(proof.document_id)
    return Citation(
        mark=proof.mark,
        document_id=proof.document_id,
        clause_id=proof.clause_id,
        file=card.file,
        title=document.metadata.title,
        document_number=card.document_number,
        path=clause.path,
        page=document.page_at(proof.span.start),
        quote=proof.quote,
        span=proof.span,
        level=card.level,
        region=card.region,
        validity=status.state,
        validity_reason=status.reason,
        by_ocr=document.read_by_ocr(proof.span),
    )


def _contact(turn: _Turn) -> Citation | None:
    """Where the nearest file that says so names who explains it or answers questions."""
    near = [item.document for item in turn.evidence[:NEAREST] if item.relevance >= TOUCHES]
    for document in {document.id: document for document in near}.values():
        found = whom_to_ask(document)
        if found:
            clause, span = found
            proof = Proof(NEAREST + 1, document.id, clause.id, document.sha256, span, span.of(document.text))
            return _citation(turn.shelf, proof)
    return None


def _nearest(turn: _Turn) -> tuple[Citation, ...]:
    """The closest clauses of a refusal; they prove nothing."""
    found = []
    for mark, item in enumerate(turn.evidence[:NEAREST], 1):
        span = body_span(item.clause, item.document.text)
        span = Span(span.start, max(span.end, span.start + 1))
        proof = Proof(mark, item.document.id, item.clause.id, item.document.sha256, span, span.of(item.document.text))
        found.append(_citation(turn.shelf, proof))
    return tuple(found)
