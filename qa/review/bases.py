"""依据: every file that the draft names, looked up in the library: in force on the day, and under the number that is printed?"""

from __future__ import annotations

from collections.abc import Iterator

from index.card import VALIDITY_RELATIONS, key_of_title
from index.lineage import Link
from ingest.docnumber import find_numbers
from ingest.document import Span, book_title
from ingest.validity import Status
from qa.answer import Citation
from qa.review.model import Finding, FindingKind, Severity
from qa.review.reviewed import Reviewed

_ENDED = ("已失效", "已废止")
_LIMITED: dict[str, tuple[Severity, str]] = {
    "尚未施行": ("黄", "核对该文件的施行日期；施行前不宜作为依据"),
    "部分失效": ("黄", "核对所引条款是否仍有效"),
    "已修改": ("提示", "引用修改后的条文，并注明修改文件"),
}


def basis_findings(reviewed: Reviewed) -> Iterator[Finding]:
    """Of each file that is named, at the first place."""
    seen: set[object] = set()
    for link in reviewed.links:
        numbers = tuple(number.canonical for reference in link.references for number in reference.numbers)
        file = (link.resolution.document_ids or key_of_title(link.title), numbers[:1])
        if file in seen or link.relation == "issues":
            continue
        seen.add(file)
        yield from _number_findings(reviewed, link)
        yield from _validity_findings(reviewed, link)


def _validity_findings(reviewed: Reviewed, link: Link) -> Iterator[Finding]:
    document_id = link.resolution.document_id
    if document_id is None or link.relation in VALIDITY_RELATIONS:
        return
    status = reviewed.shelf.status(document_id)
    if status.state in _ENDED:
        yield _finding(
            reviewed, link, "basis", "红", f"所引文件{status.state}", f"以{reviewed.as_of.isoformat()}为准，{_ended_by(status)}",
            "改引现行有效的文件；确需提及旧文件的，写明其已失效", _source(reviewed, document_id),
        )  # fmt: skip
    elif status.state in _LIMITED:
        severity, suggestion = _LIMITED[status.state]
        yield _finding(
            reviewed, link, "basis", severity, f"所引文件{status.state}", f"以{reviewed.as_of.isoformat()}为准，{status.reason}",
            suggestion, _source(reviewed, document_id),
        )  # fmt: skip


def _ended_by(status: Status) -> str:
    """由《…》（清政〔2024〕9号）废止, where the reason only names the file that did it."""
    named = status.state == "已废止" and status.reason.startswith("《")
    return f"由{status.reason}废止" if named and "废止" not in status.reason.rpartition("》")[2] else status.reason


def _number_findings(reviewed: Reviewed, link: Link) -> Iterator[Finding]:
    resolution, document_id = link.resolution, link.resolution.document_id
    printed = next((number for reference in link.references for number in reference.numbers), None)
    masked = printed is not None and printed.key is None
    if masked and printed is not None:
        held = reviewed.shelf.card(document_id).document_number if document_id else None
        known = f"库内该文件的文号为{held}" if held and not reviewed.shelf.card(document_id or "").masked else ""
        yield _finding(
            reviewed, link, "number", "黄", "文号不完整", f"文号“{printed.printed}”有缺字或代替符号，不能确认是哪一份文件",
            f"{known or '查到原文后'}，补全文号" if known else "查到原文后补全文号", _source(reviewed, document_id),
        )  # fmt: skip
    if document_id:
        yield from _held_number(reviewed, link, document_id)
    elif resolution.document_ids:
        sources = tuple(c for id_ in resolution.document_ids[:3] for c in _source(reviewed, id_))
        yield _finding(
            reviewed, link, "number", "提示", "所引文件不唯一", resolution.label, "写全题名和文号", sources
        )  # fmt: skip
    else:
        yield from _not_found(reviewed, link)


def _held_number(reviewed: Reviewed, link: Link, document_id: str) -> Iterator[Finding]:
    """The file was found: is it the one that the title names, and is its number printed?"""
    card = reviewed.shelf.card(document_id)
    if link.title and link.resolution.basis == "按文号" and not _bears(reviewed, document_id, link.title):
        others = [id_ for id_ in reviewed.lineage.of_title(link.title) if id_ != reviewed.document.id]
        known = "、".join(filter(None, (reviewed.shelf.card(id_).document_number for id_ in others[:3])))
        severity: Severity = "红" if others or link.resolution.remark else "黄"
        yield _finding(
            reviewed, link, "number", severity, "文号与题名对不上",
            f"库内文号为{card.document_number}的是{book_title(card.title)}" + (f"；该题名的文件文号为{known}" if known else ""),
            "对照原文更正题名或文号", _source(reviewed, document_id),
        )  # fmt: skip
    elif link.number is None and card.document_number and not card.masked and link.relation not in VALIDITY_RELATIONS:
        yield _finding(
            reviewed, link, "number", "提示", "未写文号", f"该文件的文号为{card.document_number}", "首次引用时写全题名和文号",
            _source(reviewed, document_id),
        )  # fmt: skip


def _not_found(reviewed: Reviewed, link: Link) -> Iterator[Finding]:
    """No file of that number, or none of that title: a held file of the title under another number is a slip, or another file."""
    cited = next((number for reference in link.references for number in reference.numbers), None)
    for document_id in reviewed.lineage.of_title(link.title or ""):
        card = reviewed.shelf.card(document_id) if document_id != reviewed.document.id else None
        if card and card.document_number and cited is not None:
            held = next(iter(find_numbers(card.document_number)), None)
            year = held is not None and held.year != cited.year
            yield _finding(
                reviewed, link, "number", "黄" if year else "红", "文号与库内文件不一致",
                f"稿中写作{cited.printed}，库内同题名文件的文号为{card.document_number}",
                "对照原文核对文号；确属另一份文件的，先收录再引用", _source(reviewed, document_id),
            )  # fmt: skip
            return
    if link.title or cited:
        yield _finding(
            reviewed, link, "basis", "提示", "库内未收录", "库内没有这份文件，其文号、时效和内容未能核对",
            "收录该文件后再核对，或人工核对原文",
        )  # fmt: skip


def _bears(reviewed: Reviewed, document_id: str, title: str) -> bool:
    """The document has the cited title, or one of which it is a part."""
    cited, own = key_of_title(title), key_of_title(reviewed.shelf.card(document_id).title)
    return document_id in reviewed.lineage.of_title(title) or not own or cited in own or own in cited


def _source(reviewed: Reviewed, document_id: str | None) -> tuple[Citation, ...]:
    """Where the file gives its number, else its first words."""
    if document_id is None:
        return ()
    document = reviewed.shelf.document(document_id)
    number = document.metadata.document_number
    clauses = document.clauses
    clause = next((c for c in clauses if number and c.span.contains(number.span)), clauses[0] if clauses else None)
    return (reviewed.cite_clause(document_id, clause),) if clause and clause.text.strip() else ()


def _finding(
    reviewed: Reviewed, link: Link, kind: FindingKind, severity: Severity, name: str, reason: str, suggestion: str,
    sources: tuple[Citation, ...] = (),
) -> Finding:  # fmt: skip
    reference = link.references[0]
    named = f"{book_title(link.title)}：" if link.title else f"{reference.quote}："
    span = Span(reference.span.start, reference.span.end)
    return Finding(kind, severity, name, f"{named}{reason}", suggestion, reviewed.sentence(span), sources=sources)
