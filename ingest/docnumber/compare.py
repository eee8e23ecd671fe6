"""Compare two file numbers of which one may be masked, and look up who issues under a code."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from ingest.docnumber.lexicon import MASKS, Issuer, issuers
from ingest.document import DocumentNumber

_MASK = re.compile(rf"[{re.escape(MASKS)}]+")
_SERIES = "办政府委函规秘"  # a placeholder hides the place, never the series: x发 is not 皖政发


def compatible(a: DocumentNumber, b: DocumentNumber) -> Literal["same", "compatible", "no"]:
    """Whether two numbers can name one document.

    ``same`` only for complete numbers. ``compatible``: one is masked, damaged or lacks its code, and nothing contradicts;
    necessary for identity, never enough: title and issuer must agree as well.
    """
    if a.key and b.key:
        return "same" if a.key == b.key else "no"
    serials_agree = a.serial == b.serial or a.serial is None or b.serial is None
    agree = serials_agree and _years_agree(a, b) and _codes_agree(a.code, b.code)
    return "compatible" if agree else "no"


def _codes_agree(a: str, b: str) -> bool:
    return not a or not b or a == b or bool(_pattern(a).fullmatch(b) or _pattern(b).fullmatch(a))


def _pattern(code: str) -> re.Pattern[str]:
    """A run of placeholders stands for one or two characters, or as many as it has."""
    parts: list[str] = []
    position = 0
    for mask in _MASK.finditer(code):
        hidden = f"[^{_SERIES}]" if mask.end() < len(code) else "."
        parts += [re.escape(code[position : mask.start()]), f"{hidden}{{1,{max(2, len(mask[0]))}}}"]
        position = mask.end()
    return re.compile("".join([*parts, re.escape(code[position:])]))


def _years_agree(a: DocumentNumber, b: DocumentNumber) -> bool:
    return all(p == q or "x" in (p, q) for p, q in zip(_shown_year(a), _shown_year(b), strict=True))


def _shown_year(number: DocumentNumber) -> str:
    """Four characters, ``x`` for an unknown one."""
    if number.year is not None:
        return str(number.year)
    printed = re.search("〔(.{0,4})〕", number.canonical)
    return (printed[1] if printed else "").replace(" ", "x").ljust(4, "x")


def issuer_of(number: DocumentNumber) -> tuple[Issuer, ...]:
    """Bodies that use the number's code. Empty: unknown (a masked code is never guessed). Several: title or signature decides.

    The code of an order or announcement is its issuer's name: the row of that body, under this code.
    """
    if number.code in issuers():
        return issuers()[number.code]
    names = set(re.sub("(?:令|公告|通告)$", "", number.code).split())
    rows = {row.name: row for rows in issuers().values() for row in rows if row.name in names}
    return tuple(replace(row, code=number.code, ambiguous=(), verified=True) for row in rows.values())
