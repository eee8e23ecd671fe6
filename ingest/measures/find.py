"""The measures of a file: every clause that grants something, with the lead sentence above it, and the terms of the file.

A clause is read together with what stands above it for all items (对新引进的制造业项目：). Its sentences are measures of their
own where they name someone else. Rows of a table are read with their heads. Clauses that grant nothing but say who may apply,
up to what sum, or when, are measures of the file without a benefit, where the file grants something at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.document import Clause, PolicyDocument, Span
from ingest.measures.beneficiary import read_beneficiary
from ingest.measures.find_channels import with_channels
from ingest.measures.find_clauses import (
    delegates,
    explains,
    grants,
    heads_terms,
    is_about_support,
    is_call,
    lists_eligible,
    names_grant,
    names_support,
    of_file,
    promised,
    promises,
    raises,
    says_figure,
    says_who,
    sets_terms,
    split,
)
from ingest.measures.find_departments import with_departments
from ingest.measures.find_file import File
from ingest.measures.find_rows import RowText, row_text, with_subject
from ingest.measures.joined import Joined, field_names, join, parts_of
from ingest.measures.model import Amount, Beneficiary, Benefit, Measure
from ingest.measures.read import opening, read_measure, read_support
from ingest.measures.remaining import with_remaining
from ingest.normalize import fold
from ingest.rows import table_rows


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words that may be a measure. ``flat``: with those of its ``leads``, folded; ``own``: without. ``row`` of a table."""

    id: str
    clause: Clause
    flat: str
    own: str
    parts: tuple[Span, ...] = ()
    leads: tuple[Span, ...] = ()
    row: RowText | None = None


def find_measures(document: PolicyDocument) -> tuple[Measure, ...]:
    """In the order of the file; spans count characters of ``document.text``."""
    if explains(document.title):
        return ()
    file = File(document)
    if not names_support(file.flat):
        return ()
    found = with_departments(file, _believed(file, tuple(_candidates(file))))
    return tuple(with_remaining(document.text, measure) for measure in with_channels(document, found))


def _believed(file: File, candidates: Sequence[_Candidate]) -> list[Measure]:
    """Support without a figure is also what plans and laws speak of: it counts where the file is one of support, or its
    words name who gets it and the file is no national one. Terms count where something is granted.
    """
    found: dict[str, Measure | None] = {}

    def read(chosen: Iterable[_Candidate]) -> None:
        for each in chosen:
            if each.id not in found:
                found[each.id] = _measure(file, each)

    read(each for each in candidates if each.row or says_figure(each.flat))
    figured = {key for key, measure in found.items() if measure and _has_figure(measure.benefits)}
    national = file.document.metadata.level == "state"
    trusted = len(figured) >= 2 or (not national and is_about_support(file.document.title))
    named = {each.id for each in candidates if trusted or (not national and names_grant(each.own))}
    read(each for each in candidates if each.id in named and grants(each.flat))
    kept = [m for key, m in found.items() if m and m.benefits and (key in figured or key in named)]
    if not kept and (national or not is_call(file.document.title)):
        return []
    read(each for each in candidates if sets_terms(each.flat))
    kept_ids = {measure.id for measure in kept}
    ordered = [found.get(each.id) for each in candidates]
    return _numbered(m for m in ordered if m is not None and (m.id in kept_ids or not m.benefits))


def _numbered(measures: Iterable[Measure]) -> list[Measure]:
    """The first measure of a clause has its id, further ones ``/2``, ``/3``."""
    counted: Counter[str] = Counter()
    numbered: list[Measure] = []
    for measure in measures:
        counted[measure.clause_id] += 1
        number = counted[measure.clause_id]
        identity = measure.clause_id if number == 1 else f"{measure.clause_id}/{number}"
        numbered.append(measure if measure.id == identity else replace(measure, id=identity))
    return numbered


def _candidates(file: File) -> Iterator[_Candidate]:
    rows = table_rows(file.document) if any(clause.kind == "table_row" for clause in file.clauses) else {}
    listed: set[str] = set()
    for clause in file.clauses:
        if clause.id in listed:
            continue
        if clause.kind in ("front", "back"):
            continue
        if clause.kind in ("heading", "annex") and clause.id in file.items:
            if eligible := _eligible(file, clause):
                listed.update(item.id for item in file.items[clause.id])
                yield eligible
            continue
        if clause.kind == "table_row":
            row = row_text(file.document, rows[clause.id])
            if row is not None:
                yield _Candidate(clause.id, clause, "", "", row=row)
            continue
        listing = _listing(file, clause)
        listed.update(item.id for item in listing)
        yield from _of_clause(file, clause, listing)


def _eligible(file: File, clause: Clause) -> _Candidate | None:
    """The items below a heading that says who may apply."""
    body, items = file.body(clause), file.items[clause.id]
    parts = tuple(file.body(item) for item in items)
    if not lists_eligible(body.of(file.flat)) or any(item.kind != "body" or item.id in file.items for item in items):
        return None
    if any(grants(part.of(file.flat)) for part in parts):
        return None
    words = f"{body.of(file.flat)}:{file.flat_of(parts)}"
    return _Candidate(clause.id, clause, words, words, (body, *parts))


def _has_figure(part: object) -> bool:
    """An amount stands somewhere in it."""
    return isinstance(part, Amount) or any(map(_has_figure, parts_of(part)))


def _measure(file: File, candidate: _Candidate) -> Measure | None:
    return _of_row(file, candidate, candidate.row) if candidate.row else _of_parts(file, candidate)


def _of_row(file: File, candidate: _Candidate, row: RowText) -> Measure:
    measure = with_subject(file.text, row, row.text.relocated(read_measure(row.text.text)))
    if not measure.benefits:  # the column says that it grants something: its words are shown
        measure = replace(measure, benefits=(Benefit("资金奖补", "unspecified", row.standard),))
    clause = candidate.clause
    return replace(measure, id=clause.id, clause_id=clause.id, span=clause.span, name=row.name)


def _of_clause(file: File, clause: Clause, listing: Sequence[Clause]) -> Iterator[_Candidate]:
    """A clause and the list of its conditions, or each part of it that is about someone else."""
    body = file.body(clause)
    if clause.id in file.items and not listing and file.lead(clause):
        return
    head = () if (leads := file.leads(clause)) else _terms_head(file, clause)
    leads = leads or head
    above = file.flat_of(leads)
    together = [(body, *(file.body(item) for item in listing))] if listing else [(p,) for p in split(file.flat, body)]
    for number, parts in enumerate(together, 1):
        own = file.flat_of((*head, *parts))
        flat = own if head else above + own
        if sets_terms(own) or grants(flat):
            identity = clause.id if number == 1 else f"{clause.id}/{number}"
            yield _Candidate(identity, clause, flat, own, parts, leads)


def _terms_head(file: File, clause: Clause) -> tuple[Span, ...]:
    """申报时间, the heading above: its items do not say again that they are about applying."""
    head = next(file.above(clause), None)
    if head is None or head.kind != "heading":
        return ()
    body = file.body(head)
    return (body,) if heads_terms(body.of(file.flat)) else ()


def _listing(file: File, clause: Clause) -> Sequence[Clause]:
    """The items of 符合下列条件之一的：…, which only list conditions; none where one of them grants something itself."""
    items = file.items.get(clause.id, ())
    lead = file.lead(clause) if items else None
    if lead is None or not (sets_terms(lead.of(file.flat)) or grants(lead.of(file.flat))):
        return ()
    return () if any(grants(file.body(item).of(file.flat)) for item in items) else items


def _of_parts(file: File, candidate: _Candidate) -> Measure | None:
    """The measure of a clause, if it is one, or of a list that only lists conditions."""
    parts = candidate.parts
    heads = [*candidate.leads, *([parts[0]] if candidate.clause.kind == "heading" else [])]
    said: list[Span | str] = []
    for head in heads:
        said.extend([head] if head.of(file.flat).endswith(":") else [head, "："])
    said.extend(part for part in parts if part not in heads)
    joined = join(file.text, said)
    flat = "".join(part.of(file.flat) if isinstance(part, Span) else ":" for part in said)
    granting = grants(candidate.flat)
    words = (raises(flat) or promised(flat)) if granting else None
    if granting and not words and not sets_terms(candidate.own):
        measure = read_support(joined.text, flat)
    else:
        terms_only = not granting and not says_figure(candidate.flat)
        measure = read_measure(joined.text, flat, terms_only=terms_only)
    if measure is None:
        return None
    if candidate.clause.kind == "heading":
        measure = replace(measure, beneficiary=_any_of(joined))
    if not granting:
        measure = replace(measure, benefits=())
    elif not measure.benefits and words:
        measure = replace(measure, benefits=(Benefit("资金奖补", "unspecified", words),))
    if _vague(measure) and (measure.stacking or measure.clawback):
        measure = replace(measure, benefits=())
    if not _says_something(measure, candidate.flat if measure.benefits else candidate.own):
        return None
    return joined.relocated(
        measure,
        id=candidate.id,
        clause_id=candidate.clause.id,
        span=parts[0] if len(parts) == 1 else Span(parts[0].start, parts[-1].end),
        lead=candidate.leads,
        name=opening(candidate.clause.heading or parts[0].of(file.text)),
    )


def _any_of(joined: Joined) -> Beneficiary:
    """Those of each item of a list of who may apply."""
    flat = fold(joined.text)
    items = [Span(start, start + piece.end - piece.start) for start, piece in joined.pieces[1:]]
    each = [read_beneficiary(flat, item) for item in items]
    groups = {
        name: tuple({words.text: words for one in each for words in getattr(one, name)}.values())
        for name in field_names(Beneficiary)
    }
    said = tuple(words for words in groups["types"] if words.span.start < words.span.end)
    return Beneficiary(**groups | {"types": said or groups["types"]})


def _says_something(measure: Measure, flat: str) -> bool:
    """It grants something, or it is about who may apply, up to what sum, when; a channel alone must be that of the file."""
    if measure.benefits and grants(flat) and (promises(flat) or promised(flat) or not _vague(measure)):
        return _has_figure(measure.benefits) or not delegates(flat)
    who = measure.beneficiary
    terms = (
        measure.caps, measure.stacking, measure.window, measure.platform, measure.clawback, measure.funding_split
    )  # fmt: skip
    named = says_who(flat) and (who.qualification or who.size or who.person)
    said = bool(measure.conditions or who.exclude or named or any(terms))
    return sets_terms(flat) and (said or (measure.channel is not None and of_file(flat)))


def _vague(measure: Measure) -> bool:
    return all(benefit.form == "unspecified" or benefit.type == "荣誉认定" for benefit in measure.benefits)
