"""Remake ``corpus/`` from ``tests/corpus_sources/``: ``python -m tests.make_corpus``. Not part of the test suite.

Needs LibreOffice (``soffice``) and the Noto CJK fonts: PDFs are printed from Word files, with the used glyphs embedded; the scan is
a picture of such a print. A source starts with the row of the manifest; then each line is one paragraph, its kind told by its first
sign:

``!`` 发文机关标志 · ``#`` title · ``##`` title of the attached file · ``~`` 题注 · ``@`` 文号 · ``>`` 主送机关 · ``>>`` 署名 or
成文日期 · ``^`` 附件 label · ``|`` table row · ``---`` 版记 · ``*1`` ``*3`` paragraph that Word numbers by itself (一、 or 1.) ·
else 正文. In a title ``\\`` is a line break of the printed page, set between words as the standard asks.
"""

from __future__ import annotations

import csv

from tests.corpus_makers.letter import as_word
from tests.corpus_makers.ofd import as_ofd
from tests.corpus_makers.plain import as_text, as_web_page
from tests.corpus_makers.printed import as_pdf, as_wps
from tests.corpus_makers.scan import as_scan
from tests.corpus_makers.sheet import as_sheet
from tests.corpus_makers.source import COLUMNS, CORPUS, SOURCES, Source, read_source

MAKERS = {
    "txt": as_text, "html": as_web_page, "docx": as_word, "pdf": as_pdf, "scan": as_scan, "wps": as_wps, "ofd": as_ofd,
    "xlsx": as_sheet,
}  # fmt: skip


def manifest_row(source: Source) -> dict[str, str]:
    row = {column: source.fields.get(column, "") for column in COLUMNS}
    return row | {"format": source.suffix, "encoding": source.encoding, "sample": "是"}


def main() -> None:
    sources = [read_source(path) for path in sorted(SOURCES.glob("*.md"))]
    CORPUS.mkdir(exist_ok=True)
    for source in sources:
        (CORPUS / source.fields["file"]).write_bytes(MAKERS[source.maker](source))
    with (CORPUS / "manifest.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows(manifest_row(source) for source in sources)


if __name__ == "__main__":
    main()
