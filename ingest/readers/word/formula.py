"""Formulas (Office Math) on one line: ``补贴=(投入-退税)×50%``, ``a/b``, ``x^2``, ``√(x)``."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_BETWEEN = {M + "sSup": "^", M + "sSub": "_", M + "f": "/", M + "limLow": "_", M + "limUpp": "^"}


def linear(formula: etree._Element) -> str:
    """The formula as it would be typed; brackets are added where a fraction or a power needs them."""
    return _joined(formula)


def _joined(elements: Iterable[etree._Element]) -> str:
    return "".join(map(_element, elements))


def _element(element: etree._Element) -> str:
    tag = element.tag
    if tag == M + "t":
        return element.text or ""
    if not isinstance(tag, str) or (tag.startswith(M) and tag.endswith("Pr")):
        return ""
    parts = [
        _joined(child)
        for child in element
        if child.tag in (M + "e", M + "num", M + "den", M + "sup", M + "sub", M + "lim")
    ]
    if tag in _BETWEEN and len(parts) == 2:
        if tag == M + "f" and _value(element, "fPr/m:type", "bar") == "noBar":
            return f"({parts[0]} {parts[1]})"
        return f"{_bracketed(parts[0])}{_BETWEEN[tag]}{_bracketed(parts[1])}"
    if tag == M + "sSubSup" and len(parts) == 3:
        return f"{_bracketed(parts[0])}_{_bracketed(parts[1])}^{_bracketed(parts[2])}"
    if tag == M + "rad":
        degree = _joined(element.iterfind(M + "deg"))
        return f"{degree}√{_bracketed(''.join(parts))}"
    if tag == M + "nary":
        lower, upper = (_joined(element.iterfind(M + name)) for name in ("sub", "sup"))
        body = _joined(element.iterfind(M + "e"))
        limits = (f"_{_bracketed(lower)}" if lower else "") + (f"^{_bracketed(upper)}" if upper else "")
        return f"{_value(element, 'naryPr/m:chr', '∫')}{limits} {body}"
    if tag == M + "d":
        first, between, last = (
            _value(element, f"dPr/m:{name}", default)
            for name, default in (("begChr", "("), ("sepChr", "|"), ("endChr", ")"))
        )
        return f"{first}{between.join(parts)}{last}"
    if tag == M + "m":
        return "; ".join(" ".join(_joined(cell) for cell in row) for row in element.iterfind(M + "mr"))
    if tag == M + "eqArr":
        return "; ".join(parts)
    return _joined(element)


def _bracketed(text: str) -> str:
    is_one = (
        len(text) == 1 or text.replace(".", "").isalnum() or (text.startswith("(") and text.find(")") == len(text) - 1)
    )
    return text if is_one else f"({text})"


def _value(element: etree._Element, path: str, default: str) -> str:
    found = element.find(f"m:{path}", {"m": M[1:-1]})
    return default if found is None else found.get(M + "val", default)
