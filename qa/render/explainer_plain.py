"""一图读懂 for terminals and programs: the same lines as the picture, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ingest.document import NO_NUMBER, book_title
from qa.render.sources import source_dict

if TYPE_CHECKING:  # only names of types: rendering must not load the search engines
    from qa.framework.explainer import Basis, Explainer, Quoted

UNSTATED = "文中没有写明"


def explainer_text(told: Explainer) -> str:
    """A heading for each question that a reader has, below it the words of the file."""
    card = told.card
    lines = [f"{book_title(told.title or card.title)}（{card.document_number or NO_NUMBER}）〔{told.status.state}〕"]
    lines += [f"{told.status.state}：{told.status.reason}"] if told.status.reason else []
    lines += _part("依据", map(_basis, told.bases))
    lines += _part("要达到什么", map(_line, told.aims)) if told.aims else []
    lines += _part("支持谁", map(_line, told.who))
    grants = [
        f"{grant.heading}{'：' * bool(grant.heading)}{_line(quoted)}"
        for grant in told.grants
        for quoted in grant.benefits
    ]
    lines += _part("给什么、给多少", grants)
    if told.contents:
        lines += _part("内容", map(_line, told.contents))
    lines += _part("条件", map(_line, told.conditions))
    times = [quoted for quoted in (told.starts, told.ends) if quoted]
    lines += _part("施行和有效期", dict.fromkeys(map(_line, times)))
    lines += _part("申报时间", map(_line, told.windows))
    lines += _part("责任单位", map(_line, told.departments))
    lines += _part("解释", map(_line, (told.interpreter,) if told.interpreter else ()))
    return "\n".join([*lines, f"时效以 {told.as_of.isoformat()} 为准"])


def _part(name: str, lines: Iterable[str]) -> Iterator[str]:
    found = [f"  · {line}" for line in lines]
    yield f"{name}：{'' if found else UNSTATED}"
    yield from found


def _line(quoted: Quoted) -> str:
    path = f" {quoted.citation.path}" if quoted.citation.path else ""
    return f"{' '.join(quoted.text.split())}{path}"


def _basis(basis: Basis) -> str:
    named = "".join((book_title(basis.title) if basis.title else "", f"（{basis.number}）" if basis.number else ""))
    return f"{basis.relation}{named}"


def explainer_dict(told: Explainer) -> dict[str, Any]:
    """JSON-ready values; null or empty where the file does not say."""
    return {
        "as_of": told.as_of.isoformat(),
        "bases": [
            {"relation": b.relation, "title": b.title, "number": b.number, "source": source_dict(b.citation)}
            for b in told.bases
        ],
        "aims": _quotes(told.aims),
        "who": _quotes(told.who),
        "grants": [{"name": grant.name, "benefits": _quotes(grant.benefits)} for grant in told.grants],
        "contents": _quotes(told.contents),
        "conditions": _quotes(told.conditions),
        "starts": _quote(told.starts),
        "ends": _quote(told.ends),
        "windows": _quotes(told.windows),
        "departments": _quotes(told.departments),
        "interpreter": _quote(told.interpreter),
    }


def _quotes(quotes: Sequence[Quoted]) -> list[dict[str, Any]]:
    return [{"text": quoted.text, "source": source_dict(quoted.citation)} for quoted in quotes]


def _quote(quoted: Quoted | None) -> dict[str, Any] | None:
    return _quotes([quoted])[0] if quoted else None
