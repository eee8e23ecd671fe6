"""引用与原文: what a sentence says that a held file gives must stand in the clause that it names.

Figures are compared by value (5000万元 is 0.5亿元). Facts of a project (总投资3亿元, 测算, 本项目) are the drafter's own and stand in no
file. Where no clause is named the figure has to stand somewhere in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.card import VALIDITY_RELATIONS
from ingest.document import Clause, PolicyDocument, Reference, Span, book_title
from ingest.normalize import fold
from ingest.numerals import chinese_to_int
from qa.proof.tokens import tokenize
from qa.proof.words import coverage
from qa.review.model import Finding
from qa.review.reviewed import Reviewed

_NUMERAL = "[一二三四五六七八九十百零〇0-9]{1,6}"
_PLACES = re.compile(rf"第[(]?({_NUMERAL})[)]?[条项]|(?<![\d.])(\d{{1,3}})[.](?!\d)")
_ARTICLE = re.compile(rf"第({_NUMERAL})条")
_ITEM = re.compile(r"(\d{1,3})[.、]?")
_BRACKETED = re.compile(rf"\(({_NUMERAL})\)")
_QUOTE = re.compile(r'(?:规定|明确|提出|要求)[:,]?"([^"]{8,400})"')
# What a file grants or asks for …
_CLAIMS = re.compile(
    r"最[高低多少]|不(?:低于|超过|少于|高于)|上限|封顶|给予|予以|奖励|奖补|补[助贴]|资助|贴息|减[免半按]|标准|比例|期限|以[上下内]|达到|超过|按(?:照)?[^,]{0,16}的"
)
# … and what is only of the project or of the applicant.
_OWN = re.compile(
    r"测算|预计|合计(?!不超过|最高)|共计|约(?!定)|总投资(?!\D{0,6}(?:以上|不低于|达到|超过))|本项目|该项目|本次|该(?:企业|公司)|我公司|公司|乙方|甲方|投资方|截至|已(?:完成|实现|到位|投资)"
)
_KINDS = ("money", "percent", "points", "fold", "area", "duration")
_REACH = 420  # characters that a quotation may go on behind the sentence it begins in
_LONGEST_QUOTE = 160
MOST_CLAIMS = 300  # places of a file at which the files it names are looked up


@dataclass(frozen=True, slots=True)
class _Claim:
    """``words``: what follows the reference in its sentence; ``places``: numbers of the clauses that are named."""

    document_id: str
    reference: Reference
    sentence: Span
    words: Span
    places: tuple[int, ...]


def claim_findings(reviewed: Reviewed) -> Iterator[Finding]:
    """Figures, quotations and clause numbers that the cited file does not have."""
    for claim in islice(_claims(reviewed), MOST_CLAIMS):
        document = reviewed.shelf.document(claim.document_id)
        clauses = clauses_at(document, claim.places)
        if claim.places and not clauses:
            if numbered := _numbers(document):
                yield _no_such_clause(reviewed, claim, max(numbered))
            continue
        yield from _quotations(reviewed, claim, clauses or document.clauses)
        yield from _figures(reviewed, claim, document, clauses)


def _claims(reviewed: Reviewed) -> Iterator[_Claim]:
    flat = reviewed.flat
    starts = sorted({*(reference.span.start for reference in reviewed.document.references), len(flat)})
    for link in reviewed.links:
        document_id = link.resolution.document_id
        if document_id is None or link.relation in (*VALIDITY_RELATIONS, "issues"):
            continue
        for reference in link.references:
            sentence = reviewed.sentence(reference.span)
            following = starts[bisect_right(starts, reference.span.start)]
            words = Span(reference.span.end, max(reference.span.end, min(sentence.end, following)))
            yield _Claim(document_id, reference, sentence, words, places_in(words.of(flat)))


def places_in(said: str) -> tuple[int, ...]:
    """Numbers of the clauses that folded words behind a title name, up to the comma: 第五条、第（六）项规定."""
    return tuple(chinese_to_int(a or b) for a, b in _PLACES.findall(re.split("[,:\t]", said, maxsplit=1)[0]))


def clauses_at(document: PolicyDocument, numbers: Sequence[int]) -> tuple[Clause, ...]:
    """The clauses of these numbers (第四条, or 7., （七） where a file counts its items through), with what stands below them."""
    numbered = _numbers(document)
    named = [clause for number in numbers for clause in numbered.get(number, ())]
    heads = {clause.id for clause in named}
    onward = tuple(f"{clause.path}第" for clause in named if clause.path)  # 第四条第二款 goes on 第四条
    found: list[Clause] = []
    for clause in document.clauses if named else ():
        if clause.id in heads or clause.parent in heads or clause.path.startswith(onward):
            heads.add(clause.id)
            found.append(clause)
    return tuple(found)


def _numbers(document: PolicyDocument) -> dict[int, list[Clause]]:
    for pattern in (_ARTICLE, _ITEM, _BRACKETED):
        found: dict[int, list[Clause]] = {}
        for clause in document.clauses:
            match = pattern.fullmatch(fold(clause.marker)) if clause.marker else None
            if match:
                found.setdefault(chinese_to_int(match[1]), []).append(clause)
        once = all(len(clauses) == 1 for clauses in found.values())
        if len(found) > 1 and (pattern is _ARTICLE or once):
            return found
    return {}


def _no_such_clause(reviewed: Reviewed, claim: _Claim, last: int) -> Finding:
    document = reviewed.shelf.document(claim.document_id)
    named = "、".join(f"第{number}条" for number in claim.places)
    return Finding(
        kind="claim",
        severity="红",
        name="所引条款不存在",
        reason=f"稿中引用{book_title(document.title)}{named}，库内该文件最后一条为第{last}条",
        suggestion="对照原文更正条款号",
        span=claim.sentence,
        sources=(reviewed.cite_clause(claim.document_id, _numbers(document)[last][0]),),
    )


def _quotations(reviewed: Reviewed, claim: _Claim, clauses: Sequence[Clause]) -> Iterator[Finding]:
    text = reviewed.document.text
    for match in _QUOTE.finditer(reviewed.flat, claim.words.start, claim.words.end + _REACH):
        if match.start() >= claim.words.end:
            break
        quoted = Span(*match.span(1)).of(text)
        letters = _letters(quoted)
        if any(letters in _letters(clause.text) for clause in clauses):
            continue
        nearest = max(clauses, key=lambda clause: coverage(quoted, clause.text))
        yield _differs(reviewed, claim, f"引文“{_short(quoted)}”", nearest)


def _figures(
    reviewed: Reviewed, claim: _Claim, document: PolicyDocument, clauses: Sequence[Clause]
) -> Iterator[Finding]:
    wanted = dict(_claimed(claim.words.of(reviewed.document.text)))
    if not wanted:
        return
    own = reviewed.keys(claim.document_id)
    said = [own[clause.id] for clause in clauses or document.clauses]
    for source_id, act in reviewed.library.claims_on(claim.document_id):
        if act.relation == "amends":
            said += reviewed.keys(source_id).values()
    have = frozenset().union(*said)
    wrong = [printed for key, printed in wanted.items() if key not in have]
    if not wrong:
        return
    elsewhere = frozenset().union(*own.values()) if clauses else have
    words = claim.words.of(reviewed.document.text)
    nearest = max(clauses or document.clauses, key=lambda clause: coverage(words, clause.text))
    other = all(key in elsewhere for key, printed in wanted.items() if printed in wrong)
    yield _differs(reviewed, claim, "、".join(f"“{printed}”" for printed in wrong), nearest, elsewhere=other)


def _claimed(words: str) -> Iterator[tuple[str, str]]:
    """Figures that the words say the file gives: (key, as printed)."""
    flat = fold(words)
    start = 0
    for segment in re.split("[,:]", flat):
        if _CLAIMS.search(segment) and not _OWN.search(segment):
            part = words[start : start + len(segment)]
            tokens = tokenize(part)
            for key, span, kind in zip(tokens.keys, tokens.spans, tokens.figures, strict=True):
                if kind in _KINDS:
                    yield key, span.of(part)
        start += len(segment) + 1


def _differs(reviewed: Reviewed, claim: _Claim, what: str, clause: Clause, elsewhere: bool = False) -> Finding:
    document = reviewed.shelf.document(claim.document_id)
    where = f"{book_title(document.title)}{clause.path}"
    found = "在该文件的其他条款中，不在所引条款" if elsewhere else "在所引文件中没有找到"
    return Finding(
        kind="claim",
        severity="黄" if elsewhere or not claim.places else "红",
        name="引用与原文不符",
        reason=f"{what}{found}。稿中：“{_short(claim.sentence.of(reviewed.document.text))}”；原文（{where}）：“{_short(clause.text)}”",
        suggestion="照原文更正，或改写为本稿自定的标准并另列依据",
        span=claim.sentence,
        sources=(reviewed.cite_clause(claim.document_id, clause),),
    )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_QUOTE else f"{words[: _LONGEST_QUOTE - 1]}…"
