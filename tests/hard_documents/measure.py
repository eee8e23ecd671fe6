"""Compare what was read with what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from ingest.document import Clause, PolicyDocument
from tests.hard_documents.truth import Block, Policy, Row

FACTS = (
    "number", "title", "issuers", "addressees", "issued_on", "printed_on", "published_on", "effective_on", "expires_on", "references", "texts", "markers",
    "paths", "rows", "printed", "clean",
)  # fmt: skip
_ALIKE = 0.94
# A site's navigation and labels come besides.
_WRITTEN = 0.6


@dataclass(slots=True)
class Score:
    """Recovered and expected facts by kind; ``misses`` tells each that is missing, wrong or too much."""

    recovered: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def note(self, fact: str, right: bool, told: str) -> None:
        self.expected[fact] += 1
        self.recovered[fact] += right
        if not right:
            self.misses.append(f"{fact}: {told}")

    def add(self, other: Score) -> None:
        self.recovered += other.recovered
        self.expected += other.expected
        self.misses += other.misses


def measure(
    policy: Policy,
    document: PolicyDocument,
    facts: Iterable[str] = FACTS,
    exact: bool = True,
    extra: Sequence[str] = (),
) -> Score:
    """Score of one file. ``facts``: those that the file's format can carry; ``exact`` False: texts may differ a little (OCR);
    ``extra``: text that may be read besides.

    Every fact counts once, the texts, markers and paths once a clause, rows once a row. ``printed``: front and back matter
    that is found in the text; ``clean``: no clause or row that nobody wrote, no hidden sentence, no garbage.
    """
    score = Score()
    wanted = frozenset(facts)
    for fact, right, told in (*_of_file(policy, document), *_references(policy, document, exact)):
        if fact in wanted:
            score.note(fact, right, told)
    _compare_clauses(policy, document, score, wanted, exact, extra)
    if "printed" in wanted:
        _compare_printed(policy, document, score, exact)
    return score


def squeezed(text: str) -> str:
    return "".join(text.split())


def _of_file(policy: Policy, document: PolicyDocument) -> Iterator[tuple[str, bool, str]]:
    metadata, terms = document.metadata, document.terms
    number = metadata.document_number
    pairs = (
        ("number", policy.number, number.canonical if number else None),
        ("title", policy.title, metadata.title),
        ("addressees", policy.addressees, metadata.addressees),
    )
    for fact, expected, found in pairs:
        if expected is not None:
            yield fact, squeezed(expected) == squeezed(found or ""), f"{found} ≠ {expected}"
    yield "issuers", policy.issuers == metadata.issuers, f"{metadata.issuers} ≠ {policy.issuers}"
    dates = (
        ("issued_on", policy.issued_on, metadata.issued_on),
        ("printed_on", policy.printed_on, metadata.printed_on),
        ("published_on", policy.published_on, metadata.published_on),
        ("effective_on", policy.effective_on, terms.effective_on),
        ("expires_on", policy.expires_on, terms.expires_on),
    )
    for fact, expected, found in dates:
        if expected is not None or found is not None:
            yield fact, expected == found, f"{found} ≠ {expected}"


def _references(policy: Policy, document: PolicyDocument, exact: bool) -> Iterator[tuple[str, bool, str]]:
    found = {
        (squeezed(r.title or ""), squeezed(number.canonical), r.relation)
        for r in document.references
        for number in r.numbers
    }
    for citation in policy.citations:
        expected = (squeezed(citation.title or ""), citation.number, citation.relation)
        near = [entry for entry in found if entry[1] == citation.number]
        right = expected in found or (
            not exact and any(entry[2] == expected[2] and _alike(entry[0], expected[0]) for entry in near)
        )
        yield "references", right, f"{near} ≠ {expected}"


def _compare_clauses(
    policy: Policy,
    document: PolicyDocument,
    score: Score,
    wanted: frozenset[str],
    exact: bool,
    extra: Sequence[str],
) -> None:
    unused = [clause for clause in document.clauses if clause.kind not in ("front", "back")]
    for block in policy.clauses():
        text = squeezed("".join(block.lines) or block.printed)
        clause = _take(unused, text, block.path or "", exact)
        if "texts" in wanted:
            score.note("texts", clause is not None, text[:70])
        if clause is None:
            continue
        if "paths" in wanted:
            score.note("paths", _same_path(clause, block), f"{clause.path!r} ≠ {block.path!r}: {text[:40]}")
        if "markers" in wanted:
            marked = squeezed(clause.marker) == squeezed(block.marker)
            score.note("markers", marked, f"{clause.marker!r} ≠ {block.marker!r}: {text[:40]}")
    if "rows" in wanted:
        for prefix, row in policy.rows():
            found = next((c for c in unused if _is_row(c, row, prefix, exact)), None)
            if found:
                unused.remove(found)
            score.note("rows", found is not None, f"{prefix} {' | '.join(row.cells)}")
    if "clean" in wanted and exact:
        for clause in (clause for clause in unused if squeezed(clause.text) not in extra):
            score.note("clean", False, f"nobody wrote [{clause.kind} {clause.path}] {clause.text.strip()[:70]}")
    if "clean" in wanted:
        score.note("clean", policy.secret not in squeezed(document.text), f"hidden sentence read: {policy.secret}")
        share = _written_share(policy, document)
        score.note("clean", share >= _WRITTEN, f"only {share:.0%} of the text was written so: {document.text[:60]!r}")


def _written_share(policy: Policy, document: PolicyDocument) -> float:
    """Share of the pairs of neighbouring characters read that stand in the truth: garbage has none."""
    parts = [
        line for block in policy.blocks for line in (*_parts(block), *(c for row in block.rows for c in row.cells))
    ]
    written = {pair for part in parts for pair in pairwise(squeezed(part))}
    found = list(pairwise(squeezed(document.text)))
    return sum(pair in written for pair in found) / len(found)


def _same_path(clause: Clause, block: Block) -> bool:
    return squeezed(clause.path) == squeezed(block.path or "")


def _take(unused: list[Clause], text: str, path: str, exact: bool) -> Clause | None:
    """The clause of this text; of several the one with this path. Taken out of ``unused``."""
    same = [clause for clause in unused if clause.kind != "table_row" and _is_text(clause.text, text, exact)]
    same.sort(key=lambda clause: squeezed(clause.path) != squeezed(path))
    if same:
        unused.remove(same[0])
    return same[0] if same else None


def _is_text(found: str, text: str, exact: bool) -> bool:
    found = squeezed(found)
    if exact:
        return found == text
    if abs(len(found) - len(text)) > 0.1 * len(text) + 2:
        return False
    return _alike(found, text)


def _alike(found: str, text: str) -> bool:
    matcher = SequenceMatcher(None, found, text, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _is_row(clause: Clause, row: Row, prefix: str, exact: bool) -> bool:
    """All cells in their columns; a cell merged with the one above may be empty or hold the text of that cell again."""
    if clause.kind != "table_row" or not squeezed(clause.path).startswith(prefix):
        return False
    cells = [squeezed(cell) for cell in clause.text.rstrip("\n").split("\t")]
    cells += [""] * (len(row.cells) - len(cells))
    if not exact:
        return _alike("".join(cells), squeezed("".join(row.cells)))
    return len(cells) == len(row.cells) and all(
        cell == squeezed(expected) or (column in row.carried and not cell)
        for column, (cell, expected) in enumerate(zip(cells, row.cells, strict=True))
    )


def _compare_printed(policy: Policy, document: PolicyDocument, score: Score, exact: bool) -> None:
    """Parts that are no clauses stand in the text all the same."""
    text = squeezed(document.text)
    for block in policy.blocks:
        if block.path is None:
            for line in _parts(block):
                score.note(
                    "printed", line in text or (not exact and _roughly_in(line, document)), f"{block.role} {line}"
                )


def _parts(block: Block) -> Sequence[str]:
    return [squeezed(line) for line in (block.lines or (block.printed,))]


def _roughly_in(line: str, document: PolicyDocument) -> bool:
    return any(_alike(squeezed(found), line) for found in document.text.split("\n"))
