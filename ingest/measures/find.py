"""The measures of a file: every clause that grants something, with the lead sentence above it, and the terms of the file.

A clause is read together with what stands above it for all items (对新引进的制造业项目：). Its sentences are measures of their
own where they name someone else. Rows of a table are read with their heads. Clauses that grant nothing but say who may apply,
up to what sum, or when, are measures of the file without a benefit, where the file grants something at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace

from ingest.document import Clause, PolicyDocument, Span
from ingest.measures.find_channels import with_channels
from ingest.measures.find_clauses import (
    explains,
    grants,
    is_about_support,
    lead_of,
    names_grant,
    of_file,
    promises,
    sets_terms,
    split,
)
from ingest.measures.find_rows import row_text
from ingest.measures.joined import join
from ingest.measures.model import Amount, Benefit, Department, Measure
from ingest.measures.read import read_measure
from ingest.measures.remaining import with_remaining
from ingest.measures.terms_departments import read_departments
from ingest.normalize import fold
from ingest.rows import Row, table_rows


def find_measures(document: PolicyDocument) -> tuple[Measure, ...]:
    """In the order of the file; spans count characters of ``document.text``."""
    if explains(document.title):
        return ()
    clauses = tuple(_outlined(document))
    by_id = {clause.id: clause for clause in clauses}
    items: dict[str, list[Clause]] = {}
    for clause in clauses:
        items.setdefault(clause.parent or "", []).append(clause)
    rows = table_rows(document)
    found: list[Measure] = []
    listed: set[str] = set()
    for clause in clauses:
        if clause.id in listed:
            continue
        if clause.kind in ("front", "back") or (clause.kind in ("heading", "annex") and clause.id in items):
            continue
        if clause.kind == "table_row":
            found.extend(_row(document, clause, rows[clause.id]))
        else:
            listing = _listing(document.text, clause, items.get(clause.id, ()))
            listed.update(item.id for item in listing)
            found.extend(_clause(document, clause, by_id, listing, clause.id in items))
    found = _believed(document, found)
    found = _with_departments(document, found, by_id)
    return tuple(with_remaining(document.text, measure) for measure in with_channels(document, found))


def _outlined(document: PolicyDocument) -> Iterator[Clause]:
    """The clauses, with numbered items below a paragraph that ends with a colon as its items."""
    leads: dict[str | None, str | None] = {}
    for clause in document.clauses:
        if clause.kind == "body" and not clause.marker:
            leads[clause.parent] = clause.id if lead_of(document.text, clause.span) else None
            yield clause
        elif clause.kind == "body" and (lead := leads.get(clause.parent)):
            yield replace(clause, parent=lead)
        else:
            yield clause


def _believed(document: PolicyDocument, found: list[Measure]) -> list[Measure]:
    """Support without a figure is also what plans and laws speak of: it counts where the file is one of support, or its
    words name who gets it and the file is no national one. Terms count where something is granted.
    """
    figured = [measure for measure in found if _has_figure(measure.benefits)]
    national = document.metadata.level == "state"
    if len(figured) < 2 and (national or not is_about_support(document.title)):
        named = not national
        found = [
            m
            for m in found
            if m in figured or not m.benefits or (named and names_grant(fold(m.span.of(document.text))))
        ]
    return found if any(measure.benefits for measure in found) else []


def _has_figure(part: object) -> bool:
    """An amount stands somewhere in it."""
    if isinstance(part, tuple):
        return any(_has_figure(item) for item in part)
    return isinstance(part, Amount) or (
        is_dataclass(part) and any(_has_figure(getattr(part, field.name)) for field in fields(part))
    )


def _row(document: PolicyDocument, clause: Clause, row: Row) -> Iterator[Measure]:
    read = row_text(document, row)
    if read is None:
        return
    measure = read.text.relocated(read_measure(read.text.text))
    if not measure.benefits:  # the column says that it grants something: its words are shown
        measure = replace(measure, benefits=(Benefit("资金奖补", "unspecified", read.standard),))
    yield replace(measure, id=clause.id, clause_id=clause.id, span=clause.span, name=read.name)


def _clause(
    document: PolicyDocument, clause: Clause, by_id: Mapping[str, Clause], listing: Sequence[Clause], has_items: bool
) -> Iterator[Measure]:
    body = _without_marker(document.text, clause)
    leads = tuple(_leads(document.text, clause, by_id))
    if listing:
        together = [body, *(_without_marker(document.text, item) for item in listing)]
        yield from _measures(document, clause, leads, together, clause.id)
        return
    if has_items and lead_of(document.text, body):
        return
    number = 0
    for part in split(document.text, body):
        identity = clause.id if number == 0 else f"{clause.id}/{number + 1}"
        for measure in _measures(document, clause, leads, [part], identity):
            number += 1
            yield measure


def _listing(text: str, clause: Clause, items: Sequence[Clause]) -> Sequence[Clause]:
    """The items of 符合下列条件之一的：…, which only list conditions; none where one of them grants something itself."""
    body = _without_marker(text, clause)
    lead = lead_of(text, body)
    if lead is None or not items or not (sets_terms(fold(lead.of(text))) or grants(fold(lead.of(text)))):
        return ()
    return () if any(grants(fold(_without_marker(text, item).of(text))) for item in items) else items


def _measures(
    document: PolicyDocument, clause: Clause, leads: Sequence[Span], parts: Sequence[Span], identity: str
) -> Iterator[Measure]:
    """The measure of ``parts``, if they are one: those of a clause, or of a list that only lists conditions."""
    joined = join(document.text, [*leads, *parts])
    own = fold("".join(part.of(document.text) for part in parts))
    flat = fold(joined.text)
    if not grants(flat) and not sets_terms(own):
        return
    measure = read_measure(joined.text)
    if _vague(measure) and (measure.stacking or measure.clawback):
        measure = replace(measure, benefits=())
    if _says_something(measure, flat if measure.benefits else own):
        yield replace(
            joined.relocated(measure),
            id=identity,
            clause_id=clause.id,
            span=parts[0] if len(parts) == 1 else Span(parts[0].start, parts[-1].end),
            lead=tuple(leads),
            name=_name(document.text, clause, parts[0]),
        )


def _says_something(measure: Measure, flat: str) -> bool:
    """It grants something, or it is about who may apply, up to what sum, when; a channel alone must be that of the file."""
    if measure.benefits and grants(flat) and (promises(flat) or not _vague(measure)):
        return True
    terms = (measure.caps, measure.stacking, measure.window, measure.platform, measure.clawback)
    said = bool(measure.conditions or measure.beneficiary.exclude or any(terms))
    return sets_terms(flat) and (said or (measure.channel is not None and of_file(flat)))


def _vague(measure: Measure) -> bool:
    return all(benefit.form == "unspecified" or benefit.type == "荣誉认定" for benefit in measure.benefits)


def _name(text: str, clause: Clause, part: Span) -> str:
    words = clause.heading or part.of(text)
    return re.split(r"[。，；：,;:\n]", words.strip())[0][:30]


def _without_marker(text: str, clause: Clause) -> Span:
    start = clause.span.start
    if clause.marker and not clause.restored and text.startswith(clause.marker, start):
        start += len(clause.marker)
    while start < clause.span.end and text[start] in " \t\n\u3000　、.":
        start += 1
    end = clause.span.end
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _leads(text: str, clause: Clause, by_id: Mapping[str, Clause]) -> Iterator[Span]:
    """From the top: the sentences of the clauses above that hold for their items."""
    above: list[Span] = []
    parent = by_id.get(clause.parent or "")
    while parent is not None:
        lead = lead_of(text, _without_marker(text, parent))
        if lead is not None:
            above.append(lead)
        parent = by_id.get(parent.parent or "")
    yield from reversed(above)


def _with_departments(
    document: PolicyDocument, measures: Sequence[Measure], by_id: Mapping[str, Clause]
) -> list[Measure]:
    """Those that are printed once: for all parts of a clause, in the heading of a section, or in a line below an item."""
    own = {measure.clause_id: measure.departments for measure in measures if measure.departments}
    below = _lines_of_departments(document)
    completed: list[Measure] = []
    for measure in measures:
        departments = measure.departments or own.get(measure.clause_id, ()) or below.get(measure.clause_id, ())
        clause = by_id[measure.clause_id]
        while not departments and clause.parent and measure.benefits:
            clause = by_id[clause.parent]
            departments = below.get(clause.id, ()) or _departments(document.text, clause.span)
        completed.append(replace(measure, departments=departments))
    return completed


def _lines_of_departments(document: PolicyDocument) -> dict[str, tuple[Department, ...]]:
    """（责任单位：…） as a paragraph of its own: of the clause before it."""
    found: dict[str, tuple[Department, ...]] = {}
    for before, clause in zip(document.clauses, document.clauses[1:], strict=False):
        words = fold(clause.text).strip(" \n(")
        if re.match(r"(?:责任|牵头)(?:单位|部门)\s?:", words) and len(words) < 120:
            departments = _departments(document.text, clause.span)
            if departments:
                found[before.id] = departments
    return found


def _departments(text: str, span: Span) -> tuple[Department, ...]:
    joined = join(text, [span])
    departments, _ = read_departments(fold(joined.text), Span(0, len(joined.text)))
    return joined.relocated(departments)
