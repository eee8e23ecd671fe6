"""``python -m qa framework|lineage|glossary``: views of a file or of the library, its picture, its terms; as text, JSON or a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from index.glossary import glossary
from index.library import Library
from index.lineage_report import described, lineage_dict
from ingest.errors import SettingsError
from ingest.settings import Settings
from qa.command_line import Parser, plain, write
from qa.endpoints_framework import FrameworkEndpoints, view_named
from qa.evidence import Shelf
from qa.export_tables import excel
from qa.framework.graph import graph, shown
from qa.framework.tables import TABLES
from qa.framework.terms import term_card
from qa.framework.views import FILE_PARTS, LIBRARY_PARTS, Wanted
from qa.given import MAX_NAME, bounded, day_given, document_meant
from qa.render.explainer_picture import explainer_svg
from qa.render.lineage_plain import graph_text
from qa.render.terms import term_text, terms_text

FILE_HELP = "文件编号、文号或标题"
DAY_HELP = "时效以哪一天为准，如 2025-06-30；默认今天"


def main(name: str, arguments: Sequence[str]) -> int:
    """Exit status 0. Raises PolicyError for a file or part that is none, or a file that cannot be written."""
    return {"framework": _framework, "lineage": _lineage, "glossary": _glossary}[name](arguments)


def _framework(arguments: Sequence[str]) -> int:
    parser = _parser("framework", f"看懂一份文件：{FILE_PARTS}；不写文件则看全库：{LIBRARY_PARTS}")
    parser.add_argument("file", nargs="?", help=FILE_HELP)
    parser.add_argument("--part", default="", help="看哪个部分")
    parser.add_argument("--with", dest="other", default="", help="新旧对照：与哪份文件比对；默认是它修改、替代的文件")
    parser.add_argument("--seed", type=int, default=0, help="自测：换一个数就换一套题")
    parser.add_argument("--out", type=Path, help="存为文件：一图读懂 .svg，关键目标和责任单位 .xlsx，其余 .txt")
    options = parser.parse_args(arguments)
    wanted = Wanted(options.other, options.seed)
    settings, day = Settings.from_environment(), day_given(options.as_of)
    print(viewed(settings, options.file, options.part, wanted, day, options.out, options.json))
    return 0


def _lineage(arguments: Sequence[str]) -> int:
    parser = _parser("lineage", "文件脉络：引用、修改、废止了哪些文件，又被哪些文件引用、修改、废止；不写文件则看全库")
    parser.add_argument("file", nargs="?", help=FILE_HELP)
    parser.add_argument("--out", type=Path, help="把沿革图存为 .svg 文件")
    options = parser.parse_args(arguments)
    print(traced(Settings.from_environment(), options.file, day_given(options.as_of), options.out, options.json))
    return 0


def _glossary(arguments: Sequence[str]) -> int:
    parser = _parser("glossary", "名词：各文件自己写明的含义；不写名词则列出全部")
    parser.add_argument("term", nargs="?", help="名词，如 双招双引")
    options = parser.parse_args(arguments)
    print(explained(Settings.from_environment(), options.term, day_given(options.as_of), options.json))
    return 0


def _parser(name: str, description: str) -> Parser:
    parser = Parser(prog=f"python -m qa {name}", description=description)
    parser.add_argument("--as-of", help=DAY_HELP)
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    return parser


def viewed(
    settings: Settings, file: str | None, part: str, wanted: Wanted, day: date, target: Path | None, as_json: bool
) -> str:
    """What is to be printed of a view of the file, or of the library; with ``target`` it is written there. Raises PolicyError."""
    name, view = view_named(file, part)
    _check(target, {"explainer": (".svg", ".txt"), **dict.fromkeys(TABLES, (".xlsx", ".txt"))}.get(name, (".txt",)))
    with Library.open(settings) as library:
        library.catch_up()
        id_ = document_meant(library, file) if file else ""
        shelf = Shelf(library, day)
        found = view.find(shelf, id_, wanted)
        if target:
            made: dict[str, Callable[[], bytes]] = {
                ".svg": lambda: explainer_svg(found, linked=False).encode(),
                ".xlsx": lambda: excel(TABLES[name](found)),
                ".txt": lambda: f"{view.text(found)}\n".encode(),
            }
            write(target, made[target.suffix.lower()]())
        if as_json:
            return plain(FrameworkEndpoints(library).view_dict(shelf, id_, name, view, found))
    return f"已导出 {target}" if target else view.text(found)


def traced(settings: Settings, file: str | None, day: date, target: Path | None, as_json: bool) -> str:
    """What is to be printed of the lineage of a file, or of the library; its picture is written to ``target``. Raises PolicyError."""
    _check(target, (".svg",))
    with Library.open(settings) as library:
        library.catch_up()
        if target:
            write(target, FrameworkEndpoints(library).lineage_picture(file, as_of=day.isoformat()).encode())
        if file and (as_json or not target):
            id_ = document_meant(library, file)
            return plain(lineage_dict(library, id_, day)) if as_json else "\n".join(described(library, id_, day, False))
        if as_json:
            return plain(FrameworkEndpoints(library).graph(as_of=day.isoformat()))
        return f"已导出 {target}" if target else graph_text(shown(library, graph(library, day)))


def explained(settings: Settings, term: str | None, day: date, as_json: bool) -> str:
    """What is to be printed of a term, or the list of all. Raises PolicyError."""
    with Library.open(settings) as library:
        library.catch_up()
        if as_json:
            return plain(FrameworkEndpoints(library).glossary(term, as_of=day.isoformat()))
        if term is None:
            return terms_text(glossary(library, as_of=day))
        return term_text(term_card(library, bounded("名词", term, MAX_NAME), as_of=day))


def _check(target: Path | None, suffixes: Sequence[str]) -> None:
    """Known before the work. Raises SettingsError."""
    if target and target.suffix.lower() not in suffixes:
        raise SettingsError(f"不能导出为 {target.suffix or '无后缀的文件'}", f"可用 {'、'.join(suffixes)}")
