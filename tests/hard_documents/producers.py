"""All producers by name: what makes the files, and which facts its format can carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.readers import ocr
from tests.hard_documents import drawn_pdf, ofd, office, plain, scan, sheet, web, word
from tests.hard_documents.compose import compose
from tests.hard_documents.measure import FACTS
from tests.hard_documents.truth import Block, Policy


@dataclass(frozen=True, slots=True)
class Sample:
    """A file and its truth. ``extra``: text that the producer added and that may be read."""

    policy: Policy
    name: str
    content: bytes
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Producer:
    """``make``: samples of seeds. ``needs`` tells whether its program is there. ``exact``: the text must come back exactly;
    ``refusable``: the file may be refused, never read wrongly.
    """

    make: Callable[[Sequence[int]], Iterator[Sample]]
    facts: tuple[str, ...] = FACTS
    needs: Callable[[], bool] = lambda: True
    exact: bool = True
    refusable: bool = False


def _each(
    suffix: str, write: Callable[[Policy], bytes], extra: tuple[str, ...] = ()
) -> Callable[..., Iterator[Sample]]:
    def make(seeds: Sequence[int]) -> Iterator[Sample]:
        for policy in map(compose, seeds):
            yield Sample(policy, f"{policy.form}.{suffix}", write(policy), extra)

    return make


_HALF = str.maketrans("（），；：", "(),;:")


def _half_width(policy: Policy) -> Policy:
    """The same text typed with half-width brackets, commas and colons, as in many drafts. Paths do not change."""

    def narrow(block: Block) -> Block:
        rows = tuple(replace(row, cells=tuple(cell.translate(_HALF) for cell in row.cells)) for row in block.rows)
        lines = tuple(line.translate(_HALF) for line in block.lines)
        marker = block.marker.translate(_HALF)
        return replace(block, text=block.text.translate(_HALF), marker=marker, lines=lines, rows=rows)

    cited = tuple(replace(citation, title=(citation.title or "").translate(_HALF)) for citation in policy.citations)
    return replace(
        policy,
        blocks=tuple(map(narrow, policy.blocks)),
        title=policy.title.translate(_HALF),
        addressees=policy.addressees and policy.addressees.translate(_HALF),
        citations=cited,
    )


def _narrow(seeds: Sequence[int]) -> Iterator[Sample]:
    for policy in map(_half_width, map(compose, seeds)):
        yield Sample(policy, f"{policy.form}.txt", plain.as_text(policy, "utf-8"))


def _site(
    write: Callable[[Policy], bytes], shown: Callable[[Policy], Policy] = web.published
) -> Callable[..., Iterator[Sample]]:
    def make(seeds: Sequence[int]) -> Iterator[Sample]:
        for policy in map(compose, seeds):
            yield Sample(shown(policy), f"{policy.form}.html", write(policy))

    return make


def _converted(suffix: str, write: Callable[[Policy], bytes], shown: str = "") -> Callable[..., Iterator[Sample]]:
    def make(seeds: Sequence[int]) -> Iterator[Sample]:
        policies = [compose(seed) for seed in seeds]
        files = office.converted({f"f{policy.seed}": write(policy) for policy in policies}, suffix)
        for policy in policies:
            yield Sample(policy, f"{policy.form}.{shown or suffix}", files[f"f{policy.seed}"])

    return make


def _printed(seeds: Sequence[int]) -> Iterator[Sample]:
    policies = [compose(seed) for seed in seeds]
    files = office.printed({f"f{policy.seed}": web.for_print(policy) for policy in policies})
    for policy in policies:
        yield Sample(policy, f"{policy.form}.pdf", files[f"f{policy.seed}"])


def _listed(seeds: Sequence[int]) -> Iterator[Sample]:
    for seed in seeds:
        policy, content = sheet.listing(seed)
        yield Sample(policy, "政策清单.xlsx", content)


def _unmapped(policy: Policy) -> bytes:
    return drawn_pdf.without_map(drawn_pdf.as_pdf(policy, embedded=True, hidden=False, pages=1))


def _typed(policy: Policy) -> bytes:
    return word.as_docx(policy)


def _automatic(policy: Policy) -> bytes:
    return word.as_docx(policy, "automatic")


def _separate(policy: Policy) -> bytes:
    return word.as_docx(policy, "separate")


_NOT_ON_SITE = tuple(fact for fact in FACTS if fact not in ("printed_on", "printed"))
_OF_SCAN = (
    "number",
    "title",
    "issuers",
    "issued_on",
    "printed_on",
    "references",
    "texts",
    "markers",
    "paths",
    "rows",
    "clean",
)

PRODUCERS: Mapping[str, Producer] = {
    "txt gb18030": Producer(_each("txt", lambda policy: plain.as_text(policy, "gb18030"))),
    "txt utf-16": Producer(_each("txt", lambda policy: plain.as_text(policy, "utf-16"))),
    "txt half width": Producer(_narrow),
    "docx typed": Producer(_each("docx", _typed)),
    "docx automatic": Producer(_each("docx", _automatic)),
    "docx separate": Producer(_each("docx", _separate)),
    "docx mixed": Producer(_each("docx", lambda policy: word.as_docx(policy, "mixed"))),
    "docx hard": Producer(_each("docx", lambda policy: word.as_docx(policy, hard=True), (word.FOOTNOTE,))),
    "docx hard automatic": Producer(
        _each("docx", lambda policy: word.as_docx(policy, "automatic", hard=True), (word.FOOTNOTE,))
    ),
    "html table site": Producer(_site(web.as_table_site, web.without_imprint), _NOT_ON_SITE),
    "html list site": Producer(_site(web.as_list_site)),
    "xlsx": Producer(_listed, ("title", "references", "rows", "clean")),
    "ofd": Producer(_each("ofd", ofd.as_ofd)),
    "pdf drawn": Producer(_each("pdf", drawn_pdf.as_pdf)),
    "pdf libreoffice": Producer(_converted("pdf", _typed), needs=office.has_office),
    "pdf libreoffice auto": Producer(_converted("pdf", _separate), needs=office.has_office),
    "pdf chromium": Producer(_printed, needs=office.has_browser),
    "doc": Producer(_converted("doc", _separate), needs=office.has_office),
    "wps": Producer(_converted("doc", _typed, "wps"), needs=office.has_office),
    "rtf": Producer(_converted("rtf", _typed), needs=office.has_office),
    "odt": Producer(_converted("odt", _separate), needs=office.has_office),
    "pdf without map": Producer(_each("pdf", _unmapped), ("clean",), drawn_pdf.can_embed, exact=False, refusable=True),
    "scan": Producer(_each("pdf", scan.as_scan), _OF_SCAN, lambda: scan.has_font() and ocr.available(), exact=False),
}


def named(names: Iterable[str]) -> dict[str, Producer]:
    """Producers whose name contains one of the words; all of them where there is none."""
    words = tuple(names)
    return {name: found for name, found in PRODUCERS.items() if not words or any(word in name for word in words)}
