"""``python -m qa review FILE [--as-of DAY] [--json]``: what in a file needs a look, on the terminal or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.library import Library
from ingest.corpus import walk
from ingest.document import PolicyDocument, SourceFile
from ingest.errors import ReadError
from ingest.sandbox import Sandbox
from ingest.settings import Settings
from qa.command_line import Parser, plain
from qa.given import day_given
from qa.render.review import review_dict, review_text
from qa.review import review


def main(arguments: Sequence[str]) -> int:
    """Exit status 0, whatever is found. Raises PolicyError for a file, a day or a table of rules that cannot be used."""
    parser = Parser(prog="python -m qa review", description="审查一份政策稿：公平竞争、依据、引用、要素、数字")
    parser.add_argument("file", help="要审查的文件，格式不限（docx、pdf、wps、txt …）")
    parser.add_argument("--as-of", help="依据的时效以哪一天为准，如 2026-03-31；默认今天")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args(arguments)
    print(reviewed(Settings.from_environment(), options.file, day_given(options.as_of), options.json))
    return 0


def reviewed(settings: Settings, place: str, day: date, as_json: bool) -> str:
    """What is to be printed of the file at ``place``. Raises PolicyError."""
    document = document_at(place)
    with Library.open(settings) as library:
        library.catch_up()
        found = review(library, document, day)
    return plain(review_dict(found)) if as_json else review_text(found)


def document_at(place: str) -> PolicyDocument:
    """The one file at ``place``, read in the sandbox. Raises ReadError."""
    found = list(walk([place]))
    if len(found) != 1:
        raise ReadError(f"{place} 不是一份文件（其中有 {len(found)} 份）", "请一次审查一份文件")
    match found[0]:
        case SourceFile() as source:
            with Sandbox() as sandbox:
                return sandbox.parse(source)
        case _, error:
            raise error
