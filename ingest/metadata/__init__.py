"""What a file says of itself: title, number, issuers, level, region, kind, dates, each with where it was read.

``secrecy`` refuses classified files; ``head`` collects the lines that tell (``cover``: those of a standard); ``title``, ``number``,
``issuer``, ``place`` and ``dates`` are decision lists over them that end with *unknown*: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.clauses.forms import is_addressee
from ingest.document import Clause, Metadata, SourceFile, SourceText, Span
from ingest.metadata.cover import read_cover
from ingest.metadata.dates import (
    COVER,
    FoundDate,
    date_in,
    date_remarks,
    find_issued,
    find_printed,
    find_published,
)
from ingest.metadata.head import EFFECTIVE_FIELDS, EXPIRY_FIELDS, VALIDITY_FIELDS, Head, read_head
from ingest.metadata.issuer import Issuers, find_issuers
from ingest.metadata.number import BY_FILE_NAME, OwnNumber, find_own_number
from ingest.metadata.place import Place, find_place
from ingest.metadata.secrecy import refuse_classified
from ingest.metadata.title import Title, find_title

__all__ = ["cover_date", "find_metadata", "site_dates"]


def find_metadata(
    source: SourceFile, text: SourceText, clauses: Sequence[Clause], title: str | None = None
) -> Metadata:
    """Metadata of a file; ``title`` is a title that the caller knows and the text may lack.

    Raises Classified where a line of the head is a 密级 mark (``秘密★1年``): such files may not be taken in.
    """
    refuse_classified(source.path, text.text)
    head = read_head(text, clauses)
    found_title = find_title(head, title)
    own = find_own_number(head, source.path)
    number = own.number if own else None
    issuers = find_issuers(head, found_title, number)
    place = find_place(head, found_title, issuers.names, issuers.span, number)
    addressees = next((s for s in head.front if is_addressee(head.fold(s))), None)
    validity = _site_validity(head, found_title)
    dates = {"issued_on": find_issued(head), "printed_on": find_printed(head), "published_on": find_published(head)}
    return Metadata(
        title=found_title.text,
        document_number=number,
        aliases=_aliases(head, own),
        issuers=issuers.names,
        level=place.level if place else None,
        region=place.region if place else None,
        kind=found_title.kind,
        carrier=found_title.carrier,
        addressees=addressees.of(text.text).rstrip("：:") if addressees else None,
        site_validity=validity[0] if validity else None,
        sources=(
            *_sources(head, found_title, own, issuers, place),
            *((name, found.span, found.how) for name, found in dates.items() if found),
            *([("addressees", addressees, "主送机关行")] if addressees else []),
            *([("site_validity", *validity[1:])] if validity else []),
        ),
        warnings=tuple(dict.fromkeys(date_remarks(head))),
        **{name: found.value for name, found in dates.items() if found},
    )


def site_dates(text: SourceText, clauses: Sequence[Clause]) -> tuple[FoundDate | None, FoundDate | None]:
    """施行日期 and 失效日期 of the site's table."""
    head = read_head(text, clauses)

    def first(labels: Sequence[str]) -> FoundDate | None:
        dates = (date_in(head, f.span, f"站点字段“{f.label}”") for f in head.labelled(*labels))
        return next(filter(None, dates), None)

    return first(EFFECTIVE_FIELDS), first(EXPIRY_FIELDS)


def cover_date(text: SourceText) -> FoundDate | None:
    """实施日期 on the cover of a standard; the text of one speaks of many other days (stages of limits, phases of plants)."""
    cover = read_cover(text.text)
    return FoundDate(*cover.effective, COVER) if cover and cover.effective else None


def _aliases(head: Head, own: OwnNumber | None) -> tuple[str, ...]:
    """Further numbers of a joint issue; the number of a standard (GB 11806-2019), which is no 发文字号."""
    further = [number.canonical for number in own.aliases] if own else []
    return tuple(dict.fromkeys([*further, *([head.cover.number] if head.cover else [])]))


def _site_validity(head: Head, title: Title) -> tuple[str, Span | None, str] | None:
    """有效性 of the site's table, else the mark that the site put to the title: 【已失效】."""
    field = next(head.labelled(*VALIDITY_FIELDS), None)
    if field:
        return field.span.of(head.text).strip(), field.span, f"站点字段“{field.label}”"
    return (title.status, title.span, "标题标注") if title.status else None


def _sources(
    head: Head, title: Title, own: OwnNumber | None, issuers: Issuers, place: Place | None
) -> Iterator[tuple[str, Span | None, str]]:
    """Where each field was read. What the text does not print (file name, caller) has no span."""
    if title.text:
        yield "title", title.span, title.how
    if title.kind:
        yield "kind", title.span, title.how
    if title.carrier:
        yield "carrier", title.span, title.how
    if own:
        yield "document_number", own.number.span if own.how != BY_FILE_NAME else None, own.how
    if own and own.aliases:
        yield "aliases", Span(own.aliases[0].span.start, own.aliases[-1].span.end), own.how
    if head.cover:
        yield "aliases", head.cover.number_span, COVER
    if issuers.names:
        yield "issuers", issuers.span, issuers.how
    if place:
        yield "level", place.span, place.how
    if place and place.region:
        yield "region", place.span, place.how
