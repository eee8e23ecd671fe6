"""What a file says of itself: title, number, issuers, level, region, kind, dates, each with where it was read.

``head`` collects the lines that tell; ``title``, ``number``, ``issuer`` and ``dates`` are decision lists over them that
end with *unknown*: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ingest.clauses.forms import CLASSIFIED, is_addressee
from ingest.document import Clause, Metadata, SourceFile, SourceText, Span
from ingest.errors import Classified
from ingest.metadata.dates import FoundDate, date_in, find_issued, find_printed, find_published
from ingest.metadata.head import EFFECTIVE_FIELDS, EXPIRY_FIELDS, VALIDITY_FIELDS, read_head
from ingest.metadata.issuer import Issuers, Place, find_issuers, find_place
from ingest.metadata.number import OwnNumber, find_own_number
from ingest.metadata.title import Title, find_title
from ingest.normalize import fold

__all__ = ["find_metadata", "site_dates"]

_HEAD_LINES = 15

Sources = list[tuple[str, Span | None, str]]


def find_metadata(
    source: SourceFile, text: SourceText, clauses: Sequence[Clause], title: str | None = None
) -> Metadata:
    """Metadata of a file; ``title`` is a title that the caller knows and the text may lack.

    Raises Classified where a line of the head is a 密级 mark (``秘密★1年``): such files may not be taken in.
    """
    _refuse_classified(source.path, text.text)
    head = read_head(text, clauses)
    found_title = find_title(head, title)
    own = find_own_number(head, source.path)
    number = own.number if own else None
    issuers = find_issuers(head, found_title.text, number)
    place = find_place(head, found_title.text, issuers.names, number)
    addressees = next((s for s in head.front if is_addressee(head.fold(s))), None)
    validity = next(head.labelled(*VALIDITY_FIELDS), None)
    dates = (find_issued(head), find_printed(head), find_published(head))
    sources = _sources(found_title, own, issuers, place, dates)
    if addressees:
        sources.append(("addressees", addressees, "主送机关行"))
    if validity:
        sources.append(("site_validity", validity.span, f"站点字段“{validity.label}”"))
    return Metadata(
        title=found_title.text,
        document_number=number,
        aliases=tuple(n.canonical for n in own.aliases) if own else (),
        issuers=issuers.names,
        level=place.level if place else None,
        region=place.region if place else None,
        kind=found_title.kind,
        carrier=found_title.carrier,
        addressees=addressees.of(text.text).rstrip("：:") if addressees else None,
        issued_on=_value(dates[0]),
        printed_on=_value(dates[1]),
        published_on=_value(dates[2]),
        site_validity=validity.span.of(text.text).strip() if validity else None,
        sources=tuple(sources),
    )


def site_dates(text: SourceText, clauses: Sequence[Clause]) -> tuple[FoundDate | None, FoundDate | None]:
    """施行日期 and 失效日期 of the site's table."""
    head = read_head(text, clauses)

    def first(labels: Sequence[str]) -> FoundDate | None:
        dates = (date_in(head, f.span, f"站点字段“{f.label}”") for f in head.labelled(*labels))
        return next(filter(None, dates), None)

    return first(EFFECTIVE_FIELDS), first(EXPIRY_FIELDS)


def _value(found: FoundDate | None) -> date | None:
    return found.value if found else None


def _sources(
    title: Title,
    own: OwnNumber | None,
    issuers: Issuers,
    place: Place | None,
    dates: tuple[FoundDate | None, FoundDate | None, FoundDate | None],
) -> Sources:
    sources: Sources = []
    if title.text or title.kind:
        sources.append(("title" if title.text else "kind", title.span, title.how))
    if own:
        in_text = own.how != "文件名"
        sources.append(("document_number", own.number.span if in_text else None, own.how))
    if issuers.names:
        sources.append(("issuers", issuers.span, issuers.how))
    if place:
        sources.append(("level", None, place.how))
    for name, found in zip(("issued_on", "printed_on", "published_on"), dates, strict=True):
        if found:
            sources.append((name, found.span, found.how))
    return sources


def _refuse_classified(path: str, text: str) -> None:
    """密级 stands in the first lines, alone on its line."""
    seen = 0
    for line in fold(text[:4000]).split("\n"):
        line = line.strip()
        if line and CLASSIFIED.fullmatch(line):
            raise Classified(
                f"文件带有密级标志“{line}”，不能收录：{path}",
                "涉密文件不得存入本系统；如果标志有误，请先由保密部门确认并更换文件",
            )
        seen += bool(line)
        if seen >= _HEAD_LINES:
            return
